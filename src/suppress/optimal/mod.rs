#![doc = include_str!("manual.md")]

mod cuts;
mod master;

use std::collections::BTreeSet;

use crate::attack::Contradiction;
use crate::model::CellId;

use super::deviation::Room;
use super::{Pattern, Problem, fast};
use cuts::{Cut, Separator};
use master::Master;

/// Rounds of the linear relaxation.
const LINEAR_ROUNDS: usize = 60;
/// Rounds of the whole program.
const WHOLE_ROUNDS: usize = 2_000;

/// Finds the pattern of least loss.
///
/// # Errors
/// When the system contradicts itself.
pub fn run(problem: &Problem) -> Result<Pattern, Contradiction> {
    let heuristic = fast::run(problem)?;
    if !heuristic.failed.is_empty() || problem.demands.is_empty() {
        // nothing, or nothing that could be enough: there is no optimum to look for
        let bound = if problem.demands.is_empty() { 0 } else { heuristic.bound };
        return Ok(Pattern { bound, ..heuristic });
    }
    let room = Room::new(problem);
    let mut master = Master::new(problem);
    let mut separator = Separator::new(problem, &room);
    relax(problem, &mut master, &mut separator);
    let mut bound = 0;
    for _ in 0..WHOLE_ROUNDS {
        if problem.out_of_time() {
            break;
        }
        let Some(chosen) = master.solve_whole((problem.time_left)()) else { break };
        bound = chosen.bound.max(bound);
        if !chosen.complete {
            break;
        }
        let cuts = separator.cuts(&chosen.x);
        if !cuts.is_empty() {
            cuts.into_iter().for_each(|cut| master.add(cut));
            continue;
        }
        let withheld: Vec<bool> = (0..problem.primary.len()).map(|c| problem.primary[c] || chosen.x[c] > 0.5).collect();
        let unmet = problem.unmet(&withheld)?;
        if unmet.is_empty() {
            let bound = problem.loss(&withheld);
            return Ok(Pattern { bound, withheld, failed: vec![], limit_reached: false, witnesses: vec![] });
        }
        for d in unmet {
            master.add(whole_cut(problem, &withheld, d)?);
        }
    }
    let bound = bound.min(problem.loss(&heuristic.withheld));
    Ok(Pattern { bound, limit_reached: heuristic.limit_reached, ..heuristic })
}

/// Cuts from the linear relaxation, while they come and help.
fn relax(problem: &Problem, master: &mut Master, separator: &mut Separator) {
    for _ in 0..LINEAR_ROUNDS {
        if problem.out_of_time() {
            return;
        }
        let Some(x) = master.solve_linear() else { return };
        let cuts = separator.cuts(&x);
        if cuts.is_empty() {
            return;
        }
        cuts.into_iter().for_each(|cut| master.add(cut));
    }
}

/// At least one cell outside a largest set that leaves the demand unmet.
fn whole_cut(problem: &Problem, withheld: &[bool], demand: usize) -> Result<Cut, Contradiction> {
    let mut set = withheld.to_vec();
    let outside: Vec<CellId> = problem.candidates().filter(|&c| !set[c]).collect();
    let mut needed = BTreeSet::new();
    grow(problem, &mut set, &outside, demand, &mut needed)?;
    Ok(Cut { terms: needed.into_iter().map(|c| (c, 1.0)).collect(), level: 1.0 })
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
    if proofs.iter().any(|p| p.met != crate::attack::Met::Yes) {
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
