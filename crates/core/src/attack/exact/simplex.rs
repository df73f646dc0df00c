//! The simplex method in fractions, for cells with bounds on both sides: always from a table to a better one.
//!
//! A *dictionary* gives some cells (the basis) by the differences of the others. A step moves one of the others as far as its
//! own bounds and those of the basis allow, and swaps it with the cell that ended the step. Cells may stand between their
//! bounds outside the basis, so that it starts from any table. After steps of length 0 the first cell that helps is taken
//! (Bland, Mathematics of Operations Research 2, 1977), which ends in every case.

use std::collections::BTreeMap;

use super::super::reduce::Component;
use super::{Ratio, sum};

/// Steps of length 0 after which the first cell that helps is taken.
const MOST_STILL: usize = 20;

/// Relations whose right-hand sides play no part, and bounds.
pub(super) struct Space {
    pub rows: Vec<Vec<(usize, Ratio)>>,
    pub lo: Vec<Option<Ratio>>,
    pub hi: Vec<Option<Ratio>>,
}

/// How a push ended.
pub(super) enum Outcome {
    /// The cell can go no further.
    Optimal,
    /// It came as far as was asked for.
    Far,
    /// It can go on for ever along this way.
    Endless(BTreeMap<usize, Ratio>),
    /// A limit ended the work.
    Stopped,
}

/// A cell of the basis: its differences follow from those of others.
struct Basic {
    cell: usize,
    terms: BTreeMap<usize, Ratio>,
}

/// A table and a dictionary.
pub(super) struct Simplex {
    lo: Vec<Option<Ratio>>,
    hi: Vec<Option<Ratio>>,
    values: Vec<Ratio>,
    basics: Vec<Basic>,
    /// Per cell, its place in the basis.
    place: Vec<Option<usize>>,
}

/// A step: the cell that moves, upwards or not, how far, and the place in the basis that ends it, if one does.
struct Step {
    cell: usize,
    up: bool,
    far: Ratio,
    leaves: Option<usize>,
}

impl Simplex {
    /// From a table that fits; `None` if the dictionary takes more work.
    pub fn new(space: Space, values: Vec<Ratio>, work: &mut u64) -> Option<Self> {
        let n = values.len();
        let mut simplex = Simplex { lo: space.lo, hi: space.hi, values, basics: Vec::new(), place: vec![None; n] };
        let mut rows = space.rows;
        rows.sort_by_key(Vec::len);
        for row in rows {
            simplex.take_in(row, work)?;
        }
        Some(simplex)
    }

    /// Adds a relation to the dictionary.
    fn take_in(&mut self, row: Vec<(usize, Ratio)>, work: &mut u64) -> Option<()> {
        let mut terms: BTreeMap<usize, Ratio> = BTreeMap::new();
        for (c, k) in row {
            match self.place[c] {
                Some(at) => {
                    *work = work.checked_sub(self.basics[at].terms.len() as u64 + 1)?;
                    add(&mut terms, &self.basics[at].terms, &k);
                }
                None => add(&mut terms, &BTreeMap::from([(c, Ratio::ONE)]), &k),
            }
        }
        // a cell between its bounds comes first: those outside the basis then mostly stand at one
        let between = |c: usize| {
            self.room(c, true).is_none_or(|r| !r.is_zero()) && self.room(c, false).is_none_or(|r| !r.is_zero())
        };
        let unit = |k: &Ratio| *k == Ratio::ONE || *k == Ratio::NEG_ONE;
        let Some((&cell, own)) = terms.iter().min_by_key(|(c, k)| (!between(**c), !unit(k), **c)) else {
            return Some(());
        };
        let own = -own.clone();
        let terms = terms.into_iter().filter(|t| t.0 != cell).map(|(c, k)| (c, k / &own)).collect();
        self.place[cell] = Some(self.basics.len());
        self.basics.push(Basic { cell, terms });
        self.substitute(self.basics.len() - 1, cell, work)
    }

    /// Replaces a cell in all of the dictionary by what gives it.
    fn substitute(&mut self, by: usize, cell: usize, work: &mut u64) -> Option<()> {
        let given = std::mem::take(&mut self.basics[by].terms);
        for (at, basic) in self.basics.iter_mut().enumerate() {
            if at != by
                && let Some(k) = basic.terms.remove(&cell)
            {
                *work = work.checked_sub(given.len() as u64 + 1)?;
                add(&mut basic.terms, &given, &k);
            }
        }
        self.basics[by].terms = given;
        Some(())
    }

    /// Where every cell stands.
    pub fn values(&self) -> &[Ratio] {
        &self.values
    }

    /// The cells of the basis.
    pub fn basis(&self) -> Vec<usize> {
        self.basics.iter().map(|b| b.cell).collect()
    }

    /// How far a cell can go by its own bounds.
    fn room(&self, cell: usize, up: bool) -> Option<Ratio> {
        match up {
            true => self.hi[cell].as_ref().map(|hi| hi - &self.values[cell]),
            false => self.lo[cell].as_ref().map(|lo| &self.values[cell] - lo),
        }
    }

    /// Moves a cell as far down (`sign` 1) or up (-1) as it goes, or as far as `far`.
    pub fn push(
        &mut self,
        cell: usize,
        sign: i64,
        far: Option<&Ratio>,
        work: &mut u64,
        stop: &dyn Fn() -> bool,
    ) -> Outcome {
        let up = sign < 0;
        let beyond = |v: &Ratio| far.is_some_and(|far| if up { v >= far } else { v <= far });
        if beyond(&self.values[cell]) {
            return Outcome::Far;
        }
        let bound = if up { &mut self.hi[cell] } else { &mut self.lo[cell] };
        let tight = |end: &Option<Ratio>| end.as_ref().is_some_and(|end| !beyond(end));
        let own = bound.clone();
        if far.is_some() && !tight(bound) {
            *bound = far.cloned();
        }
        let outcome = self.go(cell, up, &beyond, work, stop);
        *(if up { &mut self.hi[cell] } else { &mut self.lo[cell] }) = own;
        outcome
    }

    fn go(
        &mut self,
        cell: usize,
        up: bool,
        beyond: &dyn Fn(&Ratio) -> bool,
        work: &mut u64,
        stop: &dyn Fn() -> bool,
    ) -> Outcome {
        let mut still = 0;
        loop {
            if beyond(&self.values[cell]) {
                return Outcome::Far;
            }
            if stop() {
                return Outcome::Stopped;
            }
            let Some((moves, direction)) = self.entering(cell, up, still > MOST_STILL) else { return Outcome::Optimal };
            let Some(step) = self.longest(moves, direction) else {
                return Outcome::Endless(self.way(moves, direction));
            };
            still = if step.far.is_zero() { still + 1 } else { 0 };
            if self.make(&step, work).is_none() {
                *work = 0;
                return Outcome::Stopped;
            }
        }
    }

    /// A cell outside the basis that moves the target when it moves (upwards or not); the one that moves it most, or the first.
    fn entering(&self, target: usize, up: bool, first: bool) -> Option<(usize, bool)> {
        let own = BTreeMap::from([(target, Ratio::ONE)]);
        let terms = self.place[target].map_or(&own, |at| &self.basics[at].terms);
        let helps = |(c, k): (&usize, &Ratio)| {
            let direction = (*k > Ratio::ZERO) == up;
            self.room(*c, direction).is_none_or(|room| !room.is_zero()).then(|| (*c, direction, size(k)))
        };
        let mut helping = terms.iter().filter_map(helps);
        let best = match first {
            true => helping.next(),
            false => helping.reduce(|best, other| if other.2 > best.2 { other } else { best }),
        };
        best.map(|(c, direction, _)| (c, direction))
    }

    /// The longest step of a cell; `None` if nothing ends it.
    fn longest(&self, cell: usize, up: bool) -> Option<Step> {
        let mut step = self.room(cell, up).map(|far| Step { cell, up, far, leaves: None });
        for (at, basic) in self.basics.iter().enumerate() {
            let Some(k) = basic.terms.get(&cell) else { continue };
            let Some(room) = self.room(basic.cell, (*k > Ratio::ZERO) == up) else { continue };
            let far = room / size(k);
            let sooner = step.as_ref().is_none_or(|s| {
                let earlier = |other: usize| basic.cell < self.basics[other].cell;
                far < s.far || (far == s.far && s.leaves.is_some_and(earlier))
            });
            if sooner {
                step = Some(Step { cell, up, far, leaves: Some(at) });
            }
        }
        step
    }

    /// The way along which a cell moves.
    fn way(&self, cell: usize, up: bool) -> BTreeMap<usize, Ratio> {
        let one = if up { Ratio::ONE } else { Ratio::NEG_ONE };
        let basics = self.basics.iter().filter_map(|b| Some((b.cell, b.terms.get(&cell)? * &one)));
        basics.chain([(cell, one.clone())]).collect()
    }

    fn make(&mut self, step: &Step, work: &mut u64) -> Option<()> {
        if !step.far.is_zero() {
            for (c, by) in self.way(step.cell, step.up) {
                self.values[c] += by * &step.far;
            }
        }
        let Some(at) = step.leaves else { return Some(()) };
        let leaving = self.basics[at].cell;
        let mut terms = std::mem::take(&mut self.basics[at].terms);
        let own = terms.remove(&step.cell)?;
        // leaving = own·entering + others: entering = leaving / own - others / own
        terms.values_mut().for_each(|k| *k = -&*k / &own);
        terms.insert(leaving, Ratio::ONE / own);
        self.basics[at] = Basic { cell: step.cell, terms };
        (self.place[leaving], self.place[step.cell]) = (None, Some(at));
        self.substitute(at, step.cell, work)
    }
}

/// The size of a number without its sign.
fn size(k: &Ratio) -> Ratio {
    if *k < Ratio::ZERO { -k } else { k.clone() }
}

/// Adds `times` what some terms come to.
fn add(terms: &mut BTreeMap<usize, Ratio>, more: &BTreeMap<usize, Ratio>, times: &Ratio) {
    for (&c, k) in more {
        let entry = terms.entry(c).or_insert(Ratio::ZERO);
        *entry += k * times;
        if entry.is_zero() {
            terms.remove(&c);
        }
    }
}

/// Some values that satisfy every bound and relation; `None` if there are none, or it takes more work.
///
/// Each relation gets a cell of its own that makes up for what it lacks; the sum of these cells is then brought down to 0.
pub(super) fn feasible(part: &Component, work: &mut u64, stop: &dyn Fn() -> bool) -> Option<Vec<Ratio>> {
    let n = part.cells.len();
    let at = |c: usize| Ratio::from(part.domain[c].lo.or(part.domain[c].hi).unwrap_or(0));
    let mut values: Vec<Ratio> = (0..n).map(at).collect();
    let end = |b: Option<i64>| b.map(Ratio::from);
    let mut lo: Vec<Option<Ratio>> = part.domain.iter().map(|d| end(d.lo)).collect();
    let mut hi: Vec<Option<Ratio>> = part.domain.iter().map(|d| end(d.hi)).collect();
    let mut rows = Vec::new();
    let mut missing = Vec::new();
    for (row, &constant) in part.rows.iter().zip(&part.constants) {
        let held = sum(row.iter().map(|&(c, k)| Ratio::from(k) * &values[c]));
        let lacks = Ratio::from(constant) - held;
        let mut terms: Vec<(usize, Ratio)> = row.iter().map(|&(c, k)| (c, Ratio::from(k))).collect();
        terms.push((values.len(), if lacks < Ratio::ZERO { Ratio::NEG_ONE } else { Ratio::ONE }));
        missing.push((values.len(), Ratio::ONE));
        values.push(size(&lacks));
        rows.push(terms);
    }
    let total = values.len();
    values.push(sum(values[n..].iter().cloned()));
    lo.resize(total + 1, Some(Ratio::ZERO));
    hi.resize(total + 1, None);
    missing.push((total, Ratio::NEG_ONE));
    rows.push(missing);
    let mut simplex = Simplex::new(Space { rows, lo, hi }, values, work)?;
    let outcome = simplex.push(total, 1, Some(&Ratio::ZERO), work, stop);
    matches!(outcome, Outcome::Far).then(|| simplex.values[..n].to_vec())
}
