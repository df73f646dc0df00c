//! Patterns that no whole moves make: an intruder who takes values for amounts is kept out by tables in fractions as well,
//! which methods do not look for. Here the attack itself says which cells are needed.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::attack::{Contradiction, Met};
use crate::model::{CellId, Demand};

use super::pattern::GIVEN_AWAY;
use super::{Pattern, Problem};

/// Cells that could be withheld in the largest systems that are completed so: the attack is asked about each of them.
const MOST: usize = 300;

/// A pattern that meets every demand that can be met in fractions, where a method came to no end with whole moves: of all
/// cells that may be withheld, those are published again, the dearest first, without which the attack still finds all of
/// them met. Other patterns are left as they are.
///
/// # Errors
/// When the system contradicts itself.
pub(super) fn complete(problem: &Problem, pattern: Pattern) -> Result<Pattern, Contradiction> {
    let unfinished = pattern.limit_reached || !pattern.failed.is_empty();
    if problem.attacker.integers || !unfinished || problem.candidates().count() > MOST || problem.out_of_time() {
        return Ok(pattern);
    }
    let most: Vec<bool> = problem.primary.iter().zip(&problem.candidate).map(|(p, c)| *p || *c).collect();
    let proofs = problem.prove(&most, &problem.demands)?;
    if proofs.iter().any(|p| p.met == Met::Open) {
        return Ok(pattern);
    }
    let of = |met: Met| proofs.iter().zip(&problem.demands).filter(move |(p, _)| p.met == met).map(|(_, d)| d);
    let failed: BTreeSet<CellId> = of(Met::No).map(|d| d.cell).collect();
    let asked: Vec<Demand> = of(Met::Yes).cloned().collect();
    let (withheld, limit_reached) = least(problem, most, &pattern.withheld, &asked)?;
    let failed = failed.into_iter().map(|cell| (cell, GIVEN_AWAY.to_owned())).collect();
    Ok(Pattern { withheld, failed, limit_reached, ..pattern })
}

/// A set of withheld cells within `most` that meets these demands, none of which could be published; and whether a limit
/// ended the search. Cells of a pattern that is nearly enough are the last to be published.
fn least(
    problem: &Problem,
    most: Vec<bool>,
    nearly: &[bool],
    asked: &[Demand],
) -> Result<(Vec<bool>, bool), Contradiction> {
    let met = |set: &[bool]| Ok(problem.prove(set, asked)?.iter().all(|p| p.met == Met::Yes));
    if met(nearly)? {
        return Ok((nearly.to_vec(), false));
    }
    let mut set = most;
    let mut order: Vec<CellId> = problem.candidates().collect();
    order.sort_by_key(|&c| (nearly[c], Reverse(problem.cost[c]), c));
    for (done, &cell) in order.iter().enumerate() {
        if problem.out_of_time() {
            return Ok((set, true));
        }
        problem.tell_steps("withheld cells reconsidered", done, order.len());
        set[cell] = false;
        set[cell] = !met(&set)?;
    }
    Ok((set, false))
}
