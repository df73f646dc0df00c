//! First the arithmetic that needs no solver: what follows from one relation at a time, and what falls apart.
//!
//! 1. Propagation: in `Σ kᵢxᵢ = c` each cell is bounded by what the others leave for it; repeated until nothing changes.
//!    Bounds are rounded to whole numbers: inwards where cells are known to be whole, outwards where they are not
//!    ([`Rounding`]). They never cut off a value that fits.
//! 2. Substitution of cells with one value left, and removal of relations that are then satisfied.
//! 3. Components: cells that no remaining relation ties together are attacked apart.
//!
//! Sums are taken in 128 bits. Values have 64 bits, and a relation whose coefficients together could carry a sum
//! beyond 128 is refused ([`MOST_WEIGHT`]): none overflows, and no relation is left out.

use std::collections::VecDeque;

use crate::model::{CellId, Interval, Relation};

use super::Public;

/// What is left of the problem.
#[derive(Debug)]
pub(crate) struct Reduced {
    /// Per cell, bounds after propagation.
    pub domain: Vec<Interval>,
    /// Per cell, the relations that gave its lower and upper bound; `None` where it was so from the start.
    pub why: Vec<[Option<usize>; 2]>,
    /// The independent parts.
    pub components: Vec<Component>,
    /// Per cell, its component and position in it, unless it is fixed.
    pub home: Vec<Option<(usize, usize)>>,
}

/// Cells that hang together.
#[derive(Clone, Debug)]
pub(crate) struct Component {
    /// The cells, in rising order.
    pub cells: Vec<CellId>,
    /// Relations in positions of `cells`.
    pub rows: Vec<Vec<(usize, i64)>>,
    /// Their right-hand sides: what fixed cells contribute can go beyond 64 bits.
    pub constants: Vec<i128>,
    /// For each row, the relation it came from.
    pub origin: Vec<usize>,
    /// Bounds of the cells.
    pub domain: Vec<Interval>,
}

/// A relation that no values can satisfy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// Index of the relation.
    pub relation: usize,
}

/// How a bound that is no whole number becomes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rounding {
    /// Cells are whole: the next whole number within.
    Inwards,
    /// Cells may be fractions: the next whole number outside, so that none is cut off.
    Outwards,
}

impl Rounding {
    /// How bounds are rounded where cells are known to be whole, or are not.
    pub fn of(whole: bool) -> Self {
        if whole { Rounding::Inwards } else { Rounding::Outwards }
    }
}

/// The largest sum of the coefficients of a relation, signs aside: with values of 64 bits, sums fit into 128.
const MOST_WEIGHT: u128 = 1 << 62;

/// How often, on average, a relation may be looked at again. Only slows down convergence that creeps by one.
const VISITS_PER_RELATION: usize = 64;

/// Reduces a problem.
///
/// # Errors
/// A relation that no values satisfy, or whose sums would not fit into 128 bits.
pub(crate) fn reduce(public: &Public, rounding: Rounding) -> Result<Reduced, Contradiction> {
    let weight = |r: &Relation| r.terms.iter().map(|t| u128::from(t.1.unsigned_abs())).sum::<u128>();
    if let Some(relation) = public.relations.iter().position(|r| weight(r) > MOST_WEIGHT) {
        return Err(Contradiction { relation });
    }
    let mut domain = public.domain.clone();
    let mut why = vec![[None, None]; domain.len()];
    propagate(public, rounding, &mut domain, &mut why)?;
    let (components, home) = components(public, &domain);
    Ok(Reduced { domain, why, components, home })
}

fn propagate(
    public: &Public,
    rounding: Rounding,
    domain: &mut [Interval],
    why: &mut [[Option<usize>; 2]],
) -> Result<(), Contradiction> {
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); domain.len()];
    for (r, relation) in public.relations.iter().enumerate() {
        relation.terms.iter().for_each(|&(c, _)| users[c].push(r));
    }
    let mut queue: VecDeque<usize> = (0..public.relations.len()).collect();
    let mut queued = vec![true; public.relations.len()];
    let mut budget = VISITS_PER_RELATION * public.relations.len().max(1);
    while let Some(r) = queue.pop_front() {
        queued[r] = false;
        if budget == 0 {
            break;
        }
        budget -= 1;
        for (cell, narrowed) in narrowed(&public.relations[r].terms, public.relations[r].constant, domain, rounding) {
            if narrowed.is_empty() {
                return Err(Contradiction { relation: r });
            }
            for (side, changed) in
                [narrowed.lo != domain[cell].lo, narrowed.hi != domain[cell].hi].into_iter().enumerate()
            {
                if changed {
                    why[cell][side] = Some(r);
                }
            }
            domain[cell] = narrowed;
            for &u in &users[cell] {
                if !std::mem::replace(&mut queued[u], true) {
                    queue.push_back(u);
                }
            }
        }
    }
    match (public.relations.iter()).position(|rel| !satisfiable(&rel.terms, rel.constant, domain)) {
        Some(relation) => Err(Contradiction { relation }),
        None => Ok(()),
    }
}

/// Whether a relation of fixed cells holds.
fn satisfiable(terms: &[(CellId, i64)], constant: i64, domain: &[Interval]) -> bool {
    let (low, high) = range(terms, domain);
    let c = i128::from(constant);
    (low.open > 0 || low.sum <= c) && (high.open > 0 || high.sum >= c)
}

/// One end of the range of a linear form: a finite part, and how many terms have no bound on that side.
#[derive(Clone, Copy, Default)]
struct End {
    sum: i128,
    open: usize,
}

impl End {
    fn add(&mut self, bound: Option<i128>) {
        match bound {
            Some(b) => self.sum += b,
            None => self.open += 1,
        }
    }

    /// The end without one of its terms.
    fn without(self, bound: Option<i128>) -> Option<i128> {
        match bound {
            Some(b) => (self.open == 0).then(|| self.sum - b),
            None => (self.open == 1).then_some(self.sum),
        }
    }
}

/// The ends of `k·x` for `x` in `d`.
fn term_ends(k: i64, d: Interval) -> (Option<i128>, Option<i128>) {
    let times = |b: Option<i64>| b.map(|b| i128::from(k) * i128::from(b));
    if k > 0 { (times(d.lo), times(d.hi)) } else { (times(d.hi), times(d.lo)) }
}

fn range(terms: &[(CellId, i64)], domain: &[Interval]) -> (End, End) {
    let (mut low, mut high) = (End::default(), End::default());
    for &(cell, k) in terms {
        let (l, h) = term_ends(k, domain[cell]);
        low.add(l);
        high.add(h);
    }
    (low, high)
}

/// The whole cells of a relation whose bounds it narrows, with the new bounds.
pub fn tighten(terms: &[(CellId, i64)], constant: i64, domain: &[Interval]) -> Vec<(CellId, Interval)> {
    narrowed(terms, constant, domain, Rounding::Inwards)
}

/// The cells of a relation whose bounds it narrows, with the new bounds.
fn narrowed(
    terms: &[(CellId, i64)],
    constant: i64,
    domain: &[Interval],
    rounding: Rounding,
) -> Vec<(CellId, Interval)> {
    let (low, high) = range(terms, domain);
    if low.open > 1 && high.open > 1 {
        return Vec::new();
    }
    let mut changed = Vec::new();
    for &(cell, k) in terms.iter().filter(|&&(_, k)| k != 0) {
        let (l, h) = term_ends(k, domain[cell]);
        // k·x = constant - (the others)
        let at_most = low.without(l).map(|others| i128::from(constant) - others);
        let at_least = high.without(h).map(|others| i128::from(constant) - others);
        let (below, above): (Division, Division) = match rounding {
            Rounding::Inwards => (ceil_div, floor_div),
            Rounding::Outwards => (floor_div, ceil_div),
        };
        let (least, most) = if k > 0 { (at_least, at_most) } else { (at_most, at_least) };
        let narrowed = domain[cell]
            .meet(Interval { lo: least.and_then(|b| fit(below(b, k))), hi: most.and_then(|b| fit(above(b, k))) });
        if narrowed != domain[cell] {
            changed.push((cell, narrowed));
        }
    }
    changed
}

/// A bound that 64 bits hold. No cell is given a bound beyond them: the relation that says so stays in its component, where
/// programs take it into account, so nothing that it says is lost.
fn fit(bound: i128) -> Option<i64> {
    i64::try_from(bound).ok()
}

/// A division that ends in a whole number.
type Division = fn(i128, i64) -> i128;

fn floor_div(a: i128, k: i64) -> i128 {
    let k = i128::from(k);
    let q = a / k;
    if a % k != 0 && (a < 0) != (k < 0) { q - 1 } else { q }
}

fn ceil_div(a: i128, k: i64) -> i128 {
    -floor_div(-a, k)
}

/// Splits the cells with more than one value left into parts that no relation ties together.
fn components(public: &Public, domain: &[Interval]) -> (Vec<Component>, Vec<Option<(usize, usize)>>) {
    let open = |c: CellId| domain[c].value().is_none();
    let mut parent: Vec<usize> = (0..domain.len()).collect();
    for relation in &public.relations {
        let mut cells = relation.terms.iter().map(|&(c, _)| c).filter(|&c| open(c));
        if let Some(first) = cells.next() {
            for other in cells {
                let (a, b) = (find(&mut parent, first), find(&mut parent, other));
                parent[a.max(b)] = a.min(b);
            }
        }
    }
    let mut number = vec![None; domain.len()];
    let mut home = vec![None; domain.len()];
    let mut parts: Vec<Component> = Vec::new();
    for cell in (0..domain.len()).filter(|&c| open(c)) {
        let root = find(&mut parent, cell);
        let part = *number[root].get_or_insert_with(|| {
            parts.push(Component { cells: vec![], rows: vec![], constants: vec![], origin: vec![], domain: vec![] });
            parts.len() - 1
        });
        home[cell] = Some((part, parts[part].cells.len()));
        parts[part].cells.push(cell);
        parts[part].domain.push(domain[cell]);
    }
    for (r, relation) in public.relations.iter().enumerate() {
        let mut row = Vec::new();
        let mut constant = i128::from(relation.constant);
        let mut part = None;
        for &(cell, k) in &relation.terms {
            match home[cell] {
                Some((p, position)) => {
                    part = Some(p);
                    row.push((position, k));
                }
                None => constant -= i128::from(k) * i128::from(domain[cell].lo.unwrap_or(0)),
            }
        }
        if let Some(p) = part {
            parts[p].rows.push(row);
            parts[p].constants.push(constant);
            parts[p].origin.push(r);
        }
    }
    parts.iter_mut().for_each(drop_repeated_rows);
    (parts, home)
}

/// Rows that say the same are kept once.
fn drop_repeated_rows(part: &mut Component) {
    let mut seen = std::collections::HashSet::new();
    let keep: Vec<bool> = (0..part.rows.len())
        .map(|r| {
            let mut row = part.rows[r].clone();
            row.sort_unstable();
            let sign = row.first().map_or(1, |&(_, k)| k.signum());
            row.iter_mut().for_each(|t| t.1 *= sign);
            seen.insert((row, part.constants[r] * i128::from(sign)))
        })
        .collect();
    let mut flags = keep.iter();
    part.rows.retain(|_| flags.next() == Some(&true));
    let mut flags = keep.iter();
    part.constants.retain(|_| flags.next() == Some(&true));
    let mut flags = keep.iter();
    part.origin.retain(|_| flags.next() == Some(&true));
}

fn find(parent: &mut [usize], mut x: usize) -> usize {
    while parent[x] != x {
        parent[x] = parent[parent[x]];
        x = parent[x];
    }
    x
}
