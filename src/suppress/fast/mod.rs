#![doc = include_str!("manual.md")]

mod build;
mod improve;
mod program;
mod store;
mod warm;

use crate::attack::Contradiction;
use crate::model::CellId;

use super::ground::Ground;
use super::{Pattern, Problem};
use store::Store;

/// Up to so many cells that can move, programs are asked where local search finds nothing.
const PATIENT: usize = 2_000;
/// Rounds of improvement: some in any case, some per secondary cell.
const ROUNDS: (usize, usize) = (500, 2);

/// Finds a safe pattern.
///
/// # Errors
/// When the system contradicts itself.
pub fn run(problem: &Problem) -> Result<Pattern, Contradiction> {
    let ground = Ground::new(problem);
    let patient = problem.candidates().count() <= PATIENT;
    let mut store = Store::new(&ground);
    let complete = build::construct(&mut store) && build::clean(&mut store, patient) && {
        let rounds = ROUNDS.0 + ROUNDS.1 * store.secondary().len();
        improve::improve(&mut store, rounds, 1, false) && build::clean(&mut store, patient)
    };
    Ok(pattern(&store, !complete))
}

/// What the store holds, as a method's answer.
fn pattern(store: &Store, limit_reached: bool) -> Pattern {
    let ground = store.ground;
    let problem = ground.problem;
    let reason = "no choice of withheld cells hides it: what must stay published gives it away";
    let mut failed: Vec<(CellId, String)> = (0..ground.needs.len())
        .filter(|&n| store.hopeless[n])
        .map(|n| (problem.demands[ground.demand_of[n]].cell, reason.to_owned()))
        .collect();
    failed.sort_unstable();
    failed.dedup_by_key(|f| f.0);
    let known = problem.system.cells.len();
    Pattern {
        withheld: store.withheld[..known].to_vec(),
        bound: 0,
        failed,
        limit_reached,
        witnesses: (store.moves.iter().filter(|m| !m.is_empty()))
            .map(|m| m.iter().copied().filter(|t| t.0 < known).collect())
            .collect(),
    }
}
