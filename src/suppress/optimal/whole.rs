//! Cuts for demands that only whole-number tables break.

use std::collections::BTreeSet;

use crate::attack::{Contradiction, Met};
use crate::model::CellId;

use super::super::Problem;
use super::cuts::Cut;

/// The pattern of a choice.
pub(super) fn pattern(problem: &Problem, x: &[f64]) -> Vec<bool> {
    (0..problem.primary.len()).map(|c| problem.primary[c] || (problem.candidate[c] && x[c] > 0.5)).collect()
}

/// At least one cell outside a largest set that surely leaves the demand unmet; `None` if a limit ended the search for that.
pub(super) fn cut(problem: &Problem, withheld: &[bool], demand: usize) -> Result<Option<Cut>, Contradiction> {
    let mut set = withheld.to_vec();
    let surely_unmet = problem.prove(&set, std::slice::from_ref(&problem.demands[demand]))?;
    if surely_unmet.iter().any(|p| p.met != Met::No) {
        return Ok(None);
    }
    let outside: Vec<CellId> = problem.candidates().filter(|&c| !set[c]).collect();
    let mut needed = BTreeSet::new();
    grow(problem, &mut set, &outside, demand, &mut needed)?;
    Ok(Some(Cut { terms: needed.into_iter().map(|c| (c, 1.0)).collect(), level: 1.0 }))
}

/// Adds as many of `cells` to the set as leave the demand unmet; the others are `needed`.
fn grow(
    problem: &Problem,
    set: &mut [bool],
    cells: &[CellId],
    demand: usize,
    needed: &mut BTreeSet<CellId>,
) -> Result<(), Contradiction> {
    if cells.is_empty() {
        return Ok(());
    }
    cells.iter().for_each(|&c| set[c] = true);
    let proofs = problem.prove(set, std::slice::from_ref(&problem.demands[demand]))?;
    // what a limit left open counts as met: the set stays smaller, and the cut valid
    if proofs.iter().any(|p| p.met == Met::No) {
        return Ok(());
    }
    cells.iter().for_each(|&c| set[c] = false);
    if let [only] = cells {
        needed.insert(*only);
        return Ok(());
    }
    let (left, right) = cells.split_at(cells.len() / 2);
    grow(problem, set, left, demand, needed)?;
    grow(problem, set, right, demand, needed)
}
