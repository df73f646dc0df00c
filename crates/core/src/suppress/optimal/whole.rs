//! Cuts for demands that only whole-number tables break.

use crate::attack::{Contradiction, Met};
use crate::model::CellId;

use super::super::Problem;
use super::super::blocking::largest_unmet;
use super::super::cuts::Cut;

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
    let needed = largest_unmet(problem, &mut set, &outside, &problem.demands[demand])?;
    Ok(Some(Cut { terms: needed.into_iter().map(|c| (c, 1.0)).collect(), level: 1.0 }))
}
