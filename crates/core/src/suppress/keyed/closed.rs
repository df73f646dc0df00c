//! Whether every table that the policy promises could have given the pattern.
//!
//! A policy promises that an unsafe cell can be any value of its band. The promise is empty where each table with such a value
//! would have been protected by another pattern: whoever has the program puts the tables that fit through it. A pattern is
//! *closed* if there is a set F of its cells, all unsafe ones among them, such that for each cell of F and each value of its
//! band some table fits in which the cells outside F are no unsafe values. In each of these tables only cells of F are
//! unsafe, and they have the same witnesses: the pattern is safe and closed there too, and some key gives it.
//!
//! The union of two such sets is one as well, so there is a largest: it is found from above, by leaving out what fails.

use std::collections::{BTreeMap, BTreeSet};

use crate::attack::{Contradiction, Met, Proof};
use crate::model::{CellId, Demand, Interval, Treatment, Want};

use super::super::Problem;
use super::Bands;

/// With more safe cells, only those near what the rules hide are looked at.
const MOST_SAFE: usize = 400;

/// Safe cells that stand in the way of a closed pattern; empty if it is closed.
///
/// # Errors
/// When the system contradicts itself.
pub(super) fn blockers(problem: &Problem, bands: &Bands, withheld: &[bool]) -> Result<Vec<CellId>, Contradiction> {
    let promised: Vec<Demand> = problem.demands.iter().filter(|d| is_promise(d)).cloned().collect();
    let safe: Vec<(CellId, i64)> = (0..withheld.len())
        .filter(|&c| withheld[c])
        .filter_map(|c| Some((c, bands.of(problem, c)?.1)))
        .filter(|&(c, top)| problem.truth[c] > top)
        .collect();
    if promised.is_empty() || safe.is_empty() {
        return Ok(Vec::new());
    }
    let look = Look { problem, withheld, safe: &safe };
    // mostly no safe cell need become unsafe
    let mut failing = unmet(&look.prove(&BTreeSet::new(), &promised)?);
    if failing.is_empty() {
        return Ok(Vec::new());
    }
    let near = |s: &&(CellId, i64)| safe.len() <= MOST_SAFE || bands.is_near(problem, s.0);
    let mut inside: BTreeSet<CellId> = safe.iter().filter(near).map(|s| s.0).collect();
    let asked = bands.demands(problem, &inside)?;
    loop {
        let own = unmet(&look.prove(&inside, &promised)?);
        if own.is_empty() {
            let all: Vec<Demand> = asked.iter().filter(|d| inside.contains(&d.cell)).cloned().collect();
            let lost: BTreeSet<CellId> =
                unmet(&look.prove(&inside, &all)?).into_iter().filter_map(|i| all.get(i)).map(|d| d.cell).collect();
            if lost.is_empty() {
                return Ok(Vec::new());
            }
            inside.retain(|c| !lost.contains(c));
            continue;
        }
        failing = own;
        break;
    }
    let hard: Vec<Demand> = failing.into_iter().filter_map(|i| promised.get(i).cloned()).collect();
    look.fallen(&inside, &hard)
}

/// Whether a demand is for one value of one cell.
fn is_promise(demand: &Demand) -> bool {
    let one = matches!(demand.want, Want::Within(bounds) if bounds.value().is_some());
    one && demand.knows.is_empty() && matches!(demand.form[..], [(_, 1)])
}

fn unmet(proofs: &[Proof]) -> Vec<usize> {
    (0..proofs.len()).filter(|&i| proofs[i].met != Met::Yes).collect()
}

/// A pattern that is looked at.
struct Look<'l, 'a> {
    problem: &'l Problem<'a>,
    withheld: &'l [bool],
    /// Safe cells that are withheld, each with the largest value that would be unsafe.
    safe: &'l [(CellId, i64)],
}

impl Look<'_, '_> {
    /// The attack, where safe cells outside `inside` stay safe.
    fn prove(&self, inside: &BTreeSet<CellId>, demands: &[Demand]) -> Result<Vec<Proof>, Contradiction> {
        let mut treatments = self.problem.treatments(self.withheld);
        for &(cell, top) in self.safe.iter().filter(|s| !inside.contains(&s.0)) {
            treatments[cell] = Treatment::Band { within: Interval::at_least(top.saturating_add(1)) };
        }
        self.problem.prove_under(&treatments, demands)
    }

    /// The safe cells outside `inside` that become unsafe in tables that meet these demands.
    fn fallen(&self, inside: &BTreeSet<CellId>, demands: &[Demand]) -> Result<Vec<CellId>, Contradiction> {
        let all: BTreeSet<CellId> = self.safe.iter().map(|s| s.0).collect();
        let proofs = self.prove(&all, demands)?;
        let outside: BTreeMap<CellId, i64> = self.safe.iter().filter(|s| !inside.contains(&s.0)).copied().collect();
        let mut fallen = BTreeSet::new();
        for &(cell, by) in proofs.iter().flat_map(|p| &p.tables).flat_map(|table| table.iter()) {
            if outside.get(&cell).is_some_and(|&top| self.problem.truth[cell].saturating_add(by) <= top) {
                fallen.insert(cell);
            }
        }
        if fallen.is_empty() {
            // whichever it is: the smallest of them
            fallen.extend(outside.keys().copied().min_by_key(|&c| (self.problem.truth[c], c)));
        }
        Ok(fallen.into_iter().collect())
    }
}
