//! The smallest sum and difference of lines that gives what no line gives by itself.

use crate::model::{CellId, Interval};

use super::{Form, Step, Steps, Told};

/// The most lines that are combined.
const MOST_LINES: usize = 6;
/// The most combinations that are tried.
const MOST_TRIED: usize = 60_000;
/// The most figures that stand in them together: a line of a large table holds thousands.
const MOST_FIGURES: usize = 4_000_000;
/// The same for all figures of a draft.
pub(super) const MOST_WORK: usize = 40_000_000;

/// What is looked for.
struct Wanted {
    cell: CellId,
    /// 0: the lower bound, 1: the upper.
    side: usize,
    bound: Option<i64>,
    tried: usize,
    figures: usize,
}

impl Steps<'_> {
    /// Tells the combinations that give what was learned, each side by itself; `false` where none is found.
    pub(super) fn combine(&self, cell: CellId, learned: Interval, told: &mut Told, steps: &mut Vec<Step>) -> bool {
        let known = &self.domain;
        let mut forms: Vec<Form> = Vec::new();
        for (side, bound, have) in [(0, learned.lo, known[cell].lo), (1, learned.hi, known[cell].hi)] {
            if bound == have {
                continue;
            }
            match self.search(Wanted { cell, side, bound, tried: 0, figures: 0 }) {
                Some(form) if forms.iter().any(|f| f.lines == form.lines) => {}
                Some(form) => forms.push(form),
                None => return false,
            }
        }
        for form in forms {
            // what single lines gave first
            for &other in form.printed.keys().chain(form.open.keys()).filter(|c| **c != cell) {
                if self.exactly[other].is_some() {
                    self.replay_exact(other, told, steps);
                } else if self.public.domain[other] != known[other] {
                    self.replay(other, self.rounds.len(), [true, true], told, steps);
                }
            }
            steps.push(self.step(cell, &form, known, learned));
        }
        true
    }

    /// Fewer lines before more.
    fn search(&self, mut wanted: Wanted) -> Option<Form> {
        for depth in 1..=MOST_LINES {
            for &r in self.users.get(wanted.cell)? {
                let form = self.solved_for(r, wanted.cell, &self.domain);
                if let Some(found) = self.deepen(form, depth, &mut wanted) {
                    return Some(found);
                }
            }
            if self.is_enough(&wanted) {
                return None;
            }
        }
        None
    }

    /// Whether no more is to be tried.
    fn is_enough(&self, wanted: &Wanted) -> bool {
        wanted.tried > MOST_TRIED || wanted.figures > MOST_FIGURES || self.work.get() > MOST_WORK
    }

    fn deepen(&self, form: Form, depth: usize, wanted: &mut Wanted) -> Option<Form> {
        let figures = form.open.len() + form.printed.len();
        wanted.tried += 1;
        wanted.figures += figures;
        self.work.set(self.work.get() + figures);
        if self.is_enough(wanted) {
            return None;
        }
        if self.reaches(&form, wanted) {
            return Some(form);
        }
        if form.lines.len() >= depth {
            return None;
        }
        let own = wanted.cell;
        for (&open, &k) in form.open.iter().filter(|(c, _)| **c != own) {
            for &r in &self.users[open] {
                let own = self.coefficient(r, open);
                if own == 0 || k % own != 0 || form.lines.contains(&r) {
                    continue;
                }
                let mut next = form.clone();
                self.add(&mut next, r, -k / own, &self.domain);
                if let Some(found) = self.deepen(next, depth, wanted) {
                    return Some(found);
                }
            }
        }
        None
    }

    /// Whether a form gives the bound that is looked for.
    fn reaches(&self, form: &Form, wanted: &Wanted) -> bool {
        let Some(bounds) = self.bounds(form, wanted.cell) else { return false };
        match (wanted.side, wanted.bound) {
            (0, Some(bound)) => bounds.lo.is_some_and(|lo| lo >= bound),
            (1, Some(bound)) => bounds.hi.is_some_and(|hi| hi <= bound),
            _ => false,
        }
    }

    /// What a form leaves of a cell.
    fn bounds(&self, form: &Form, cell: CellId) -> Option<Interval> {
        let own = *form.open.get(&cell)?;
        let printed = form.printed.iter().map(|(c, k)| k.saturating_mul(self.domain[*c].lo.unwrap_or(0)));
        let value = printed.fold(form.constant, i64::saturating_add);
        let (mut lo, mut hi) = (Some(value), Some(value));
        for (c, &k) in form.open.iter().filter(|(c, _)| **c != cell) {
            let d = self.domain[*c];
            let (least, most) = if k > 0 { (d.lo, d.hi) } else { (d.hi, d.lo) };
            hi = hi.zip(least).map(|(h, l)| h.saturating_sub(k.saturating_mul(l)));
            lo = lo.zip(most).map(|(l, m)| l.saturating_sub(k.saturating_mul(m)));
        }
        // own·cell lies within: rounded inwards
        let divide = |n: i64, up: bool| if up { -(-n).div_euclid(own.abs()) } else { n.div_euclid(own.abs()) };
        Some(match own {
            1.. => Interval { lo: lo.map(|l| divide(l, true)), hi: hi.map(|h| divide(h, false)) },
            _ => Interval { lo: hi.map(|h| divide(-h, true)), hi: lo.map(|l| divide(-l, false)) },
        })
    }
}
