//! Why nothing hides a cell: the published cells that stand in the way.

use std::collections::BTreeSet;

use crate::attack::{Contradiction, Met};
use crate::model::{CellId, Demand, Exposure};

use super::Problem;

/// What is said of the published cells in the way of a cell.
pub const MUST_STAY: &str = "must be published";
/// Cells named for one that can't be hidden, at most.
const MOST_NAMED: usize = 5;
/// Cells for which those that block them are looked for.
const MOST_EXPLAINED: usize = 20;

/// The cells that can't be hidden, each with the reason: which cells that must be published give it away.
pub(super) fn explain(
    problem: &Problem,
    failed: Vec<(CellId, String)>,
) -> Result<Vec<(CellId, String)>, Contradiction> {
    if let Some(narrow) = problem.system.narrow.as_ref().filter(|_| !failed.is_empty()) {
        let why = format!("it is not known whether any choice of withheld cells hides it: {}", narrow.why.join("; "));
        return Ok(failed.into_iter().map(|(cell, _)| (cell, why.clone())).collect());
    }
    let mut told = Vec::with_capacity(failed.len());
    for (at, (cell, reason)) in failed.into_iter().enumerate() {
        let blocking = if at < MOST_EXPLAINED && !problem.out_of_time() { blocking(problem, cell)? } else { None };
        told.push((cell, blocking.map_or(reason, |cells| in_words(problem, &cells))));
    }
    Ok(told)
}

/// Cells that must be published and of which each has to be withheld or the demands on a cell stay unmet; none if they stay
/// so whatever is withheld, `None` if a limit ended the search.
fn blocking(problem: &Problem, cell: CellId) -> Result<Option<BTreeSet<CellId>>, Contradiction> {
    let mut set: Vec<bool> = (0..problem.primary.len()).map(|c| problem.primary[c] || problem.candidate[c]).collect();
    let could = |c: &CellId| {
        problem.system.cells[*c].exposure == Exposure::Shown && problem.attacker.can_be_withheld(problem.system, *c)
    };
    let mut kept: Vec<CellId> = (0..set.len()).filter(|&c| !set[c]).filter(could).collect();
    // those nearest to the cell come last, so that they are named rather than others that stand for them
    let near: BTreeSet<CellId> = (problem.system.relations.iter())
        .filter(|r| r.terms.iter().any(|t| t.0 == cell))
        .flat_map(|r| r.terms.iter().map(|t| t.0))
        .collect();
    kept.sort_by_key(|c| near.contains(c));
    let demands: Vec<Demand> = problem.demands.iter().filter(|d| d.cell == cell).cloned().collect();
    let proofs = problem.prove(&set, &demands)?;
    let Some(unmet) = proofs.iter().position(|p| p.met == Met::No) else { return Ok(None) };
    largest_unmet(problem, &mut set, &kept, &demands[unmet]).map(Some)
}

fn in_words(problem: &Problem, cells: &BTreeSet<CellId>) -> String {
    let named: Vec<String> =
        cells.iter().take(MOST_NAMED).map(|&c| format!("\"{}\"", problem.system.words(c))).collect();
    let more = match cells.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    match cells.len() {
        0 => "it can be worked out whatever else is withheld".to_owned(),
        1 => format!("no choice of withheld cells hides it while this one {MUST_STAY}: {}", named[0]),
        _ => format!("no choice of withheld cells hides it while these {MUST_STAY}: {}{more}", named.join(", ")),
    }
}

/// Adds as many of `cells` to a set of withheld ones as surely leave a demand unmet, and returns the others.
pub(super) fn largest_unmet(
    problem: &Problem,
    set: &mut [bool],
    cells: &[CellId],
    demand: &Demand,
) -> Result<BTreeSet<CellId>, Contradiction> {
    let mut needed = BTreeSet::new();
    grow(problem, set, cells, demand, &mut needed)?;
    Ok(needed)
}

fn grow(
    problem: &Problem,
    set: &mut [bool],
    cells: &[CellId],
    demand: &Demand,
    needed: &mut BTreeSet<CellId>,
) -> Result<(), Contradiction> {
    if cells.is_empty() {
        return Ok(());
    }
    cells.iter().for_each(|&c| set[c] = true);
    let proofs = problem.prove(set, std::slice::from_ref(demand))?;
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
