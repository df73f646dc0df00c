//! A walk over roundings by small steps, for tables that are too large for a whole program.
//!
//! A step moves one atom by one multiple, or two atoms of one total so that the total stays as it is. A step is taken if the price does
//! not grow by more than a limit that falls to zero ("threshold accepting"). The price is the distance to the truth, and for
//! each total out of its bounds a fine that grows while it stays there. All of it is whole numbers and counted work, so that
//! the same table gives the same rounding on every machine.

use super::forms::Forms;
use super::model::Model;

/// Steps tried per atom on the way down,
const STEPS: usize = 600;
/// but no more than so many in all, and not fewer than a tenth per atom.
const MOST_STEPS: usize = 1_500_000;
/// How often the walk begins again with higher fines.
const ROUNDS: usize = 12;
/// Stretches of a walk with the same limit.
const STRETCHES: usize = 30;

/// A walk.
pub(super) struct Walk<'a> {
    model: &'a Model,
    forms: &'a Forms,
    /// Steps of each atom.
    at: Vec<i64>,
    /// Value of each form.
    value: Vec<i64>,
    /// The fine for each multiple that a form is out of its bounds.
    fine: Vec<i64>,
    /// How much dearer a step may be at first, in percent of the base.
    heat: i64,
    random: u64,
}

impl<'a> Walk<'a> {
    /// Begins at the given steps of the places, as far as they are allowed.
    pub fn new(model: &'a Model, forms: &'a Forms, start: impl Fn(usize) -> i64, heat: i64) -> Self {
        let at = forms.atoms.iter().map(|&p| start(p).clamp(model.places[p].least, model.places[p].most)).collect();
        let base = model.places.iter().map(|p| p.base).max().unwrap_or(1);
        let fine = vec![base.saturating_mul(2); forms.forms.len()];
        let mut walk = Walk { model, forms, at, value: Vec::new(), fine, heat, random: 0x0bad_5eed };
        let value = |f: &super::forms::Form| f.constant + f.atoms.iter().map(|&(a, k)| k * walk.at[a]).sum::<i64>();
        walk.value = forms.forms.iter().map(value).collect();
        walk
    }

    /// Walks until every form is within its bounds; the steps of the places. `stop` ends it.
    pub fn run(mut self, stop: &dyn Fn() -> bool) -> Option<Vec<i64>> {
        let free: Vec<usize> = (0..self.at.len()).filter(|&a| self.can_move(a, 1) || self.can_move(a, -1)).collect();
        let base = self.model.places.iter().map(|p| p.base).max().unwrap_or(1);
        let tried = (free.len() * STEPS).min(MOST_STEPS.max(free.len() * STEPS / 10));
        for _ in 0..ROUNDS {
            for stretch in (0..STRETCHES as i64).rev() {
                let limit = base.saturating_mul(stretch * self.heat) / (100 * STRETCHES as i64);
                for _ in 0..tried / STRETCHES {
                    self.step(&free, limit);
                }
                if stop() {
                    break;
                }
            }
            (0..free.len() * 4).for_each(|_| self.step(&free, 0));
            let broken: Vec<usize> = (0..self.value.len()).filter(|&f| self.outside(f, self.value[f]) > 0).collect();
            if broken.is_empty() {
                self.settle(&free);
                return Some(self.steps());
            }
            if stop() || free.is_empty() {
                return None;
            }
            broken.into_iter().for_each(|f| self.fine[f] = self.fine[f].saturating_add(base));
        }
        None
    }

    /// Takes every single step that helps, in turn, until none does.
    fn settle(&mut self, free: &[usize]) {
        let mut helped = true;
        while helped {
            helped = false;
            for &atom in free {
                for by in [1, -1] {
                    if self.can_move(atom, by) && self.change(&[(atom, by)]) < 0 {
                        self.take(&[(atom, by)]);
                        helped = true;
                    }
                }
            }
        }
    }

    /// Tries one random step.
    fn step(&mut self, free: &[usize], limit: i64) {
        if free.is_empty() {
            return;
        }
        let atom = free[self.below(free.len())];
        let by = match (self.can_move(atom, 1), self.can_move(atom, -1)) {
            (true, true) => 1 - 2 * (self.below(2) as i64),
            (true, false) => 1,
            _ => -1,
        };
        let mut moves = [(atom, by), (atom, 0)];
        let forms = &self.forms.of_atom[atom];
        let pair = !forms.is_empty() && self.below(2) == 0;
        if pair {
            let (form, own) = self.forms.of_atom[atom][self.below(self.forms.of_atom[atom].len())];
            let members = &self.forms.forms[form].atoms;
            let (other, its) = members[self.below(members.len())];
            // so that the form stays as it is
            let back = -by * own.signum() * its.signum();
            if other == atom || !self.can_move(other, back) {
                return;
            }
            moves[1] = (other, back);
        }
        let moves = if pair { &moves[..] } else { &moves[..1] };
        if self.change(moves) <= limit {
            self.take(moves);
        }
    }

    fn can_move(&self, atom: usize, by: i64) -> bool {
        let place = &self.model.places[self.forms.atoms[atom]];
        (place.least..=place.most).contains(&(self.at[atom] + by))
    }

    /// By how much the price changes.
    fn change(&mut self, moves: &[(usize, i64)]) -> i64 {
        let mut change = 0;
        for &(atom, by) in moves {
            let place = &self.model.places[self.forms.atoms[atom]];
            change += place.distance(self.at[atom] + by) - place.distance(self.at[atom]);
            let forms = self.forms;
            for &(form, k) in &forms.of_atom[atom] {
                change -= self.price(form, self.value[form]);
                self.value[form] += k * by;
                change += self.price(form, self.value[form]);
            }
        }
        // back again: only the difference was asked for
        for &(atom, by) in moves {
            let forms = self.forms;
            forms.of_atom[atom].iter().for_each(|&(form, k)| self.value[form] -= k * by);
        }
        change
    }

    fn take(&mut self, moves: &[(usize, i64)]) {
        for &(atom, by) in moves {
            self.at[atom] += by;
            let forms = self.forms;
            forms.of_atom[atom].iter().for_each(|&(form, k)| self.value[form] += k * by);
        }
    }

    /// How far a value is out of the bounds of a form.
    fn outside(&self, form: usize, value: i64) -> i64 {
        let (least, most) = self.forms.forms[form].bounds;
        (least - value).max(value - most).max(0)
    }

    fn price(&self, form: usize, value: i64) -> i64 {
        let distance = self.forms.forms[form].place.map_or(0, |p| self.model.places[p].distance(value));
        distance.saturating_add(self.fine[form].saturating_mul(self.outside(form, value)))
    }

    /// The steps of each place.
    fn steps(&self) -> Vec<i64> {
        let mut steps = vec![0; self.model.places.len()];
        self.forms.atoms.iter().zip(&self.at).for_each(|(&p, &s)| steps[p] = s);
        for (form, &value) in self.forms.forms.iter().zip(&self.value) {
            if let Some(place) = form.place {
                steps[place] = value;
            }
        }
        steps
    }

    /// SplitMix64: it only spreads the search, no secret hangs on it.
    fn below(&mut self, n: usize) -> usize {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n.max(1) as u64) as usize
    }
}
