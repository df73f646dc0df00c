//! The rounding in terms of the finest cells: every total is a sum of them, with bounds of its own and a price.

use std::collections::{BTreeMap, HashMap};

use super::model::{Model, Place};

/// A sum of atoms: what is counted is how many multiples it goes up from a fixed value.
#[derive(Clone, Debug)]
pub(super) struct Form {
    /// The place whose steps it gives; none for a condition that two breakdowns of a total agree.
    pub place: Option<usize>,
    /// The least and the most that it may be.
    pub bounds: (i64, i64),
    /// Its atoms with their coefficients.
    pub atoms: Vec<(usize, i64)>,
    /// What is added to the sum of the atoms.
    pub constant: i64,
}

/// The problem over atoms. An atom is a place that is no total; its steps are free within its bounds.
#[derive(Debug, Default)]
pub(super) struct Forms {
    /// The place of each atom.
    pub atoms: Vec<usize>,
    /// Every total, and every condition.
    pub forms: Vec<Form>,
    /// Per atom, the forms it is in, with its coefficient.
    pub of_atom: Vec<Vec<(usize, i64)>>,
}

/// A sum of atoms and a constant.
type Sum = (BTreeMap<usize, i64>, i64);

impl Forms {
    /// The problem of a model; `None` where its totals go round in a circle.
    pub fn new(model: &Model) -> Option<Forms> {
        let mut rows_of: HashMap<usize, Vec<usize>> = HashMap::new();
        for (r, row) in model.rows.iter().enumerate() {
            if let Some(&(total, -1)) = row.first() {
                rows_of.entry(total).or_default().push(r);
            }
        }
        let mut forms =
            Forms { atoms: (0..model.places.len()).filter(|p| !rows_of.contains_key(p)).collect(), ..Forms::default() };
        let atom_of: HashMap<usize, usize> = forms.atoms.iter().enumerate().map(|(a, &p)| (p, a)).collect();
        let mut known = Known::default();
        let mut sums: Vec<Option<Sum>> = vec![None; model.places.len()];
        for order in in_order(model, &rows_of)? {
            let sum = match (atom_of.get(&order), rows_of.get(&order)) {
                (Some(&atom), _) => (BTreeMap::from([(atom, 1)]), 0),
                (None, Some(rows)) => {
                    let first = add_up(model, *rows.first()?, &sums)?;
                    for &other in rows.iter().skip(1) {
                        let mut differs = add_up(model, other, &sums)?;
                        first.0.iter().for_each(|(&a, &k)| *differs.0.entry(a).or_default() -= k);
                        forms.condition(differs, first.1, &mut known);
                    }
                    forms.push(Some(order), bounds(&model.places[order]), &first);
                    first
                }
                (None, None) => return None,
            };
            sums[order] = Some(sum);
        }
        forms.of_atom = vec![Vec::new(); forms.atoms.len()];
        for (f, form) in forms.forms.iter().enumerate() {
            form.atoms.iter().for_each(|&(a, k)| forms.of_atom[a].push((f, k)));
        }
        Some(forms)
    }

    /// That two breakdowns agree, unless they do in any case or if those found before do: a condition that follows from others
    /// would only make each step across them dearer.
    fn condition(&mut self, mut differs: Sum, constant: i64, known: &mut Known) {
        differs.0.retain(|_, k| *k != 0);
        differs.1 -= constant;
        if known.adds(&differs.0) {
            self.push(None, (0, 0), &differs);
        }
    }

    fn push(&mut self, place: Option<usize>, bounds: (i64, i64), sum: &Sum) {
        let atoms = sum.0.iter().map(|(&a, &k)| (a, k)).collect();
        self.forms.push(Form { place, bounds, atoms, constant: sum.1 });
    }
}

/// Conditions so far, by elimination modulo a prime: each with an atom that no later one has.
#[derive(Default)]
struct Known(Vec<(usize, BTreeMap<usize, i64>)>);

impl Known {
    /// A prime below 2^31.
    const PRIME: i64 = 2_147_483_647;

    /// Takes a condition in; whether it does not follow from those before.
    fn adds(&mut self, condition: &BTreeMap<usize, i64>) -> bool {
        let mut rest: BTreeMap<usize, i64> =
            condition.iter().map(|(&a, k)| (a, k.rem_euclid(Self::PRIME))).filter(|(_, k)| *k != 0).collect();
        for (atom, row) in &self.0 {
            if let Some(&times) = rest.get(atom) {
                for (&a, &k) in row {
                    let left = rest.entry(a).or_default();
                    *left = (*left - times * k % Self::PRIME).rem_euclid(Self::PRIME);
                }
                rest.retain(|_, k| *k != 0);
            }
        }
        let Some((&atom, &first)) = rest.iter().next() else { return false };
        // scaled so that its own atom counts once: by Fermat, k^(p-2) is 1/k
        let (mut inverse, mut power, mut left) = (1, first, Self::PRIME - 2);
        while left > 0 {
            if left & 1 == 1 {
                inverse = inverse * power % Self::PRIME;
            }
            power = power * power % Self::PRIME;
            left >>= 1;
        }
        rest.values_mut().for_each(|k| *k = *k * inverse % Self::PRIME);
        self.0.push((atom, rest));
        true
    }
}

fn bounds(place: &Place) -> (i64, i64) {
    (place.least, place.most)
}

/// The places, parts before their totals.
fn in_order(model: &Model, rows_of: &HashMap<usize, Vec<usize>>) -> Option<Vec<usize>> {
    let mut order = Vec::with_capacity(model.places.len());
    // 0: not seen, 1: its parts are being looked at, 2: done
    let mut state = vec![0u8; model.places.len()];
    for start in 0..model.places.len() {
        let mut stack = vec![(start, false)];
        while let Some((place, parts_done)) = stack.pop() {
            match (state[place], parts_done) {
                (_, true) => {
                    state[place] = 2;
                    order.push(place);
                }
                (0, false) => {
                    state[place] = 1;
                    stack.push((place, true));
                    let rows = rows_of.get(&place).into_iter().flatten();
                    for &(part, _) in rows.flat_map(|&r| model.rows[r].iter().skip(1)) {
                        match state[part] {
                            0 => stack.push((part, false)),
                            1 => return None,
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
    }
    Some(order)
}

/// What a row makes of its total, in atoms.
fn add_up(model: &Model, row: usize, sums: &[Option<Sum>]) -> Option<Sum> {
    let mut sum: Sum = (BTreeMap::new(), -*model.wanted.get(row)?);
    for &(part, k) in model.rows[row].iter().skip(1) {
        let (atoms, constant) = sums[part].as_ref()?;
        atoms.iter().for_each(|(&a, &c)| *sum.0.entry(a).or_default() += c * k);
        sum.1 += constant * k;
    }
    Some(sum)
}
