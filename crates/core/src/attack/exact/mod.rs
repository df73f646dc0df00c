//! Proofs in exact fractions: how far a cell can go when values are not known to be whole.
//!
//! What a solver says only guides. Two things count, and both are checked here in rational arithmetic:
//!
//! 1. A *point*: values in fractions that satisfy every bound and relation of a component ([`Point::checked`]).
//! 2. A *certificate*: multipliers of the relations, whose weighted sum says that no table goes beyond a value
//!    ([`certificate::bound`]; weak duality, Neumaier and Shcherbina, Mathematical Programming 99, 2004).
//!
//! Where both meet, an end is known exactly. Both are first made of the answer of a solver: the cells that it leaves between
//! their bounds are worked out exactly from the relations (`linear`), and likewise the multipliers. Where that fails (its
//! tolerances were of weight, or there are several corners), a simplex method of our own goes on in fractions (`simplex`).
//! What neither settles within a fixed amount of work stays open.

mod certificate;
mod linear;
mod simplex;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::reduce::Component;
use linear::Equation;
use simplex::{Outcome, Simplex, Space};

/// A fraction of any size.
pub(crate) type Ratio = dashu_ratio::RBig;

/// What fractions add up to.
fn sum(of: impl Iterator<Item = Ratio>) -> Ratio {
    of.fold(Ratio::ZERO, |sum, x| sum + x)
}

/// Terms written in all exact work on one component, at most. The amount, not the time, is limited: the same everywhere.
const WORK: u64 = 30_000_000;
/// Terms written to work out one guess of a solver, at most.
const GUESS: u64 = 2_000_000;
/// How near a solver's number is taken to be to a bound, or to a simple fraction.
const NEAR: f64 = 1e-7;

/// Values of the cells of a component that satisfy every bound and relation exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Point(Vec<Ratio>);

impl Point {
    /// These values, if they are a table of the component.
    pub fn checked(part: &Component, values: Vec<Ratio>) -> Option<Point> {
        certificate::fits(part, &values).then_some(Point(values))
    }

    /// The value of each cell.
    pub fn values(&self) -> &[Ratio] {
        &self.0
    }

    /// The value of a cell.
    pub fn at(&self, cell: usize) -> &Ratio {
        &self.0[cell]
    }

    /// The point between two where a cell has this value, which lies between those that it has in them: also a table.
    pub fn between(part: &Component, one: &Point, other: &Point, cell: usize, value: &Ratio) -> Option<Point> {
        let far = other.at(cell) - one.at(cell);
        if far.is_zero() {
            return Some(one.clone());
        }
        let share = (value - one.at(cell)) / far;
        let mixed = one.0.iter().zip(&other.0).map(|(a, b)| if a == b { a.clone() } else { a + (b - a) * &share });
        Point::checked(part, mixed.collect())
    }
}

/// What is proved about one end of a cell.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reach {
    /// The table that goes farthest.
    pub inner: Option<Arc<Point>>,
    /// No table goes beyond this.
    pub outer: Option<Ratio>,
    /// The relations of the component that prove it.
    pub proof: Vec<usize>,
    /// Whether the cell can go on for ever.
    pub endless: bool,
}

impl Reach {
    /// Whether nothing is left to be found: both proofs meet, or one says enough about how far is asked for.
    pub fn settled(&self, cell: usize, sign: i64, far: Option<&Ratio>) -> bool {
        let inner = self.inner.as_ref().map(|p| p.at(cell));
        let reaches = |far: &Ratio| inner.is_some_and(|v| !before(v, far, sign));
        let known = matches!((inner, &self.outer), (Some(inner), Some(outer)) if inner == outer);
        known
            || match far {
                Some(far) => reaches(far) || self.ends_before(far, sign),
                None => self.endless,
            }
    }

    /// Whether it is proved that no table goes so far.
    pub fn ends_before(&self, far: &Ratio, sign: i64) -> bool {
        self.outer.as_ref().is_some_and(|v| before(v, far, sign))
    }

    /// The table that goes farthest, if that is so far.
    pub fn as_far(&self, cell: usize, far: &Ratio, sign: i64) -> Option<&Arc<Point>> {
        self.inner.as_ref().filter(|p| !before(p.at(cell), far, sign))
    }

    fn take_point(&mut self, point: Point, cell: usize, sign: i64) {
        if self.inner.as_ref().is_none_or(|known| before(known.at(cell), point.at(cell), sign)) {
            self.inner = Some(Arc::new(point));
        }
    }

    fn take_bound(&mut self, bound: Ratio, proof: Vec<usize>, sign: i64) {
        if self.outer.as_ref().is_none_or(|known| before(&bound, known, sign)) {
            (self.outer, self.proof) = (Some(bound), proof);
        }
    }
}

/// Whether a value comes before another on the way down (`sign` 1) or up (-1).
fn before(value: &Ratio, other: &Ratio, sign: i64) -> bool {
    if sign > 0 { value > other } else { value < other }
}

/// What a solver says about the smallest or largest value of a cell.
pub(crate) struct Guide<'a> {
    /// Where its answer differs from these values, and by how much.
    pub base: &'a [i64],
    pub moved: &'a [f64],
    /// Its multipliers of the relations.
    pub multipliers: &'a [f64],
}

/// Exact work on one component.
pub(crate) struct Exact<'a> {
    part: &'a Component,
    /// Per cell, its relations and coefficients.
    columns: Vec<Vec<(usize, i64)>>,
    start: Start,
    simplex: Option<Simplex>,
    known: BTreeMap<(usize, i64), Reach>,
    left: u64,
}

/// A table to start from.
enum Start {
    NotSought,
    Known(Arc<Point>),
    /// None was found, or there is none.
    None,
}

impl<'a> Exact<'a> {
    /// Work on a component; `table` is one that fits, if one is known.
    pub fn new(part: &'a Component, table: Option<&[i64]>) -> Self {
        let mut columns = vec![Vec::new(); part.cells.len()];
        for (r, row) in part.rows.iter().enumerate() {
            row.iter().for_each(|&(c, k)| columns[c].push((r, k)));
        }
        let point = table.and_then(|t| Point::checked(part, t.iter().map(|&v| Ratio::from(v)).collect()));
        let start = point.map_or(Start::NotSought, |p| Start::Known(Arc::new(p)));
        Exact { part, columns, start, simplex: None, known: BTreeMap::new(), left: WORK }
    }

    /// What is known about an end of a cell by now.
    pub fn known(&self, cell: usize, sign: i64) -> Reach {
        self.known.get(&(cell, sign)).cloned().unwrap_or_default()
    }

    /// How far a cell can go down (`sign` 1) or up (-1), at least as far as it takes to tell whether it can go `far`.
    /// `guide` is what a solver says, `stop` is asked between steps.
    pub fn reach(
        &mut self,
        (cell, sign): (usize, i64),
        far: Option<&Ratio>,
        guide: Option<&Guide>,
        stop: &dyn Fn() -> bool,
    ) -> Reach {
        let mut reach = self.known(cell, sign);
        if !reach.settled(cell, sign, far)
            && let Some(guide) = guide
        {
            self.follow(guide, (cell, sign), far, &mut reach);
        }
        if !reach.settled(cell, sign, far) {
            self.work_out((cell, sign), far, stop, &mut reach);
        }
        self.known.insert((cell, sign), reach.clone());
        reach
    }

    /// Makes a point and a certificate of what a solver says.
    fn follow(&mut self, guide: &Guide, (cell, sign): (usize, i64), far: Option<&Ratio>, reach: &mut Reach) {
        let Some(stands) = linear::stands(self.part, guide, cell, far) else { return };
        let mut work = GUESS.min(self.left);
        let before = work;
        if let Some(point) = linear::point(self.part, guide, &stands, &mut work) {
            if matches!(self.start, Start::NotSought) {
                self.start = Start::Known(Arc::new(point.clone()));
            }
            reach.take_point(point, cell, sign);
        }
        let between: Vec<usize> = (0..stands.len()).filter(|&c| stands[c].is_none()).collect();
        let guess = |r: usize| guide.multipliers.get(r).map_or(Ratio::ZERO, |&y| linear::simple(y));
        self.certify(&between, (cell, sign), &guess, &mut work, reach);
        self.left -= before - work;
    }

    /// Multipliers that cancel the coefficients of these cells, and what they prove.
    fn certify(
        &self,
        between: &[usize],
        (cell, sign): (usize, i64),
        guess: &dyn Fn(usize) -> Ratio,
        work: &mut u64,
        reach: &mut Reach,
    ) {
        let equation = |&c: &usize| Equation {
            terms: self.columns[c].iter().map(|&(r, k)| (r, Ratio::from(k))).collect(),
            rest: if c == cell { Ratio::from(sign) } else { Ratio::ZERO },
        };
        let equations = between.iter().map(equation).collect();
        let Some(multipliers) = linear::solve(equations, self.part.rows.len(), guess, work) else { return };
        if let Some(bound) = certificate::bound(self.part, cell, sign, &multipliers) {
            let used = (0..multipliers.len()).filter(|&r| !multipliers[r].is_zero()).collect();
            reach.take_bound(bound, used, sign);
        }
    }

    /// Goes on in fractions from a table that is known.
    fn work_out(
        &mut self,
        (cell, sign): (usize, i64),
        far: Option<&Ratio>,
        stop: &dyn Fn() -> bool,
        reach: &mut Reach,
    ) {
        let Some(mut simplex) = self.simplex.take().or_else(|| self.open(stop)) else { return };
        let outcome = simplex.push(cell, sign, far, &mut self.left, stop);
        if let Some(point) = Point::checked(self.part, simplex.values().to_vec()) {
            reach.take_point(point, cell, sign);
        }
        match outcome {
            Outcome::Optimal => {
                let mut work = self.left;
                self.certify(&simplex.basis(), (cell, sign), &|_| Ratio::ZERO, &mut work, reach);
                self.left = work;
            }
            Outcome::Endless(way) => reach.endless |= certificate::endless(self.part, cell, sign, &way),
            Outcome::Far | Outcome::Stopped => {}
        }
        // a dictionary that was left half done is of no use
        self.simplex = (self.left > 0).then_some(simplex);
    }

    /// Some table in fractions.
    pub fn table(&mut self, stop: &dyn Fn() -> bool) -> Option<Arc<Point>> {
        if matches!(self.start, Start::NotSought) {
            let found = simplex::feasible(self.part, &mut self.left, stop);
            let point = found.and_then(|values| Point::checked(self.part, values));
            self.start = point.map_or(Start::None, |p| Start::Known(Arc::new(p)));
        }
        match &self.start {
            Start::Known(point) => Some(Arc::clone(point)),
            Start::NotSought | Start::None => None,
        }
    }

    fn open(&mut self, stop: &dyn Fn() -> bool) -> Option<Simplex> {
        let point = self.table(stop)?;
        let end = |b: Option<i64>| b.map(Ratio::from);
        let rows = self.part.rows.iter().map(|row| row.iter().map(|&(c, k)| (c, Ratio::from(k))).collect()).collect();
        let space = Space {
            rows,
            lo: self.part.domain.iter().map(|d| end(d.lo)).collect(),
            hi: self.part.domain.iter().map(|d| end(d.hi)).collect(),
        };
        Simplex::new(space, point.values().to_vec(), &mut self.left)
    }
}
