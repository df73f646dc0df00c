#![doc = include_str!("manual.md")]

use std::collections::BTreeSet;

use crate::attack::{Contradiction, Met, Proof};
use crate::model::{CellId, Demand, Want};
use crate::solve::{Column, Effort, Program, Row, Status};

use super::deviation::{Room, distance};
use super::{Pattern, Problem};

/// How often the construction may start over from what the attack still finds.
const ROUNDS: usize = 40;

/// Finds a safe pattern.
///
/// # Errors
/// When the system contradicts itself.
pub fn run(problem: &Problem) -> Result<Pattern, Contradiction> {
    let room = Room::new(problem);
    let mut withheld = problem.primary.clone();
    let mut hopeless: BTreeSet<usize> = BTreeSet::new();
    let mut limit_reached = false;
    for round in 0..ROUNDS {
        let mut unmet = problem.unmet(&withheld)?;
        unmet.retain(|d| !hopeless.contains(d));
        if unmet.is_empty() {
            break;
        }
        limit_reached = round + 1 == ROUNDS || problem.out_of_time();
        if limit_reached {
            break;
        }
        for d in unmet {
            if problem.out_of_time() {
                break;
            }
            match least_cost_move(problem, &room, &withheld, d, round > 0) {
                Some(moved) => moved.into_iter().for_each(|c| withheld[c] = true),
                None if problem.out_of_time() => break,
                None => drop(hopeless.insert(d)),
            }
        }
    }
    if !limit_reached {
        thin_out(problem, &mut withheld, &hopeless)?;
    }
    let failed = explain(problem, &hopeless);
    Ok(Pattern { withheld, bound: 0, failed, limit_reached })
}

/// What is said about demands that no pattern meets.
pub(super) fn explain(problem: &Problem, hopeless: &BTreeSet<usize>) -> Vec<(CellId, String)> {
    let cells: BTreeSet<CellId> = hopeless.iter().map(|&d| problem.demands[d].cell).collect();
    let reason = "no choice of withheld cells hides it: what must stay published gives it away";
    cells.into_iter().map(|c| (c, reason.to_owned())).collect()
}

/// The published cells that the cheapest alternative table for a demand would move; `None` if there is no such table.
fn least_cost_move(problem: &Problem, room: &Room, withheld: &[bool], d: usize, whole: bool) -> Option<Vec<CellId>> {
    let demand = &problem.demands[d];
    let directions: Vec<(i64, i64)> = match demand.want {
        Want::Within(bounds) => vec![distance(bounds, value(problem, demand))],
        Want::Spread(width) => vec![(width, 0), (0, width)],
    };
    let target = room.forms[d];
    let found = directions.into_iter().filter_map(|(up, down)| {
        let mut program = moves(problem, room, withheld, whole);
        let n = room.free.len();
        (program.columns[target].lo, program.columns[target + n].lo) = (up as f64, down as f64);
        // a move both ways at once would be no move
        let opposite = if up > 0 { target + n } else { target };
        program.columns[opposite].hi = 0.0;
        let answer = problem.solver.solve(&program, Effort { seconds: (problem.time_left)(), ..problem.effort });
        (answer.status == Status::Optimal || !answer.columns.is_empty()).then_some((answer.objective, answer.columns))
    });
    let (_, y) = found.min_by(|a, b| a.0.total_cmp(&b.0))?;
    let n = room.free.len();
    Some(problem.candidates().filter(|&c| !withheld[c] && y[c] + y[c + n] > 1e-7).collect())
}

fn value(problem: &Problem, demand: &Demand) -> i64 {
    demand.form.iter().map(|&(c, k)| k * problem.truth[c]).sum()
}

/// Columns: upward, then downward moves of every cell; cost per unit for cells that are still published.
fn moves(problem: &Problem, room: &Room, withheld: &[bool], whole: bool) -> Program {
    let n = room.free.len();
    let column = |c: usize, bound: Option<i64>| {
        let free = room.open[c] || withheld[c];
        let movable = free || problem.candidate[c];
        // a small cost keeps moves short where they are free
        let cost = if free { 1e-4 } else { problem.cost[c] as f64 };
        let hi = if movable { bound.map_or(f64::INFINITY, |b| b as f64) } else { 0.0 };
        Column { cost, lo: 0.0, hi, whole }
    };
    let up = (0..n).map(|c| column(c, room.free[c].1));
    let down = (0..n).map(|c| column(c, room.free[c].0));
    let rows = room.relations.iter().map(|r| Row {
        lo: 0.0,
        hi: 0.0,
        terms: r.terms.iter().flat_map(|&(c, k)| [(c, k as f64), (c + n, -k as f64)]).collect(),
    });
    Program { columns: up.chain(down).collect(), rows: rows.collect() }
}

/// Publishes secondary cells again that turn out not to be needed, the dearest first.
pub(super) fn thin_out(
    problem: &Problem,
    withheld: &mut [bool],
    hopeless: &BTreeSet<usize>,
) -> Result<(), Contradiction> {
    let mut proofs = problem.prove(withheld, &problem.demands)?;
    let mut secondary: Vec<CellId> = problem.candidates().filter(|&c| withheld[c]).collect();
    secondary.sort_by_key(|&c| (std::cmp::Reverse(problem.cost[c]), c));
    for cell in secondary {
        if problem.out_of_time() {
            return Ok(());
        }
        withheld[cell] = false;
        let users: Vec<usize> = (0..proofs.len())
            .filter(|d| !hopeless.contains(d) && moves_cell(&proofs[*d], cell, problem.truth[cell]))
            .collect();
        let demands: Vec<Demand> = users.iter().map(|&d| problem.demands[d].clone()).collect();
        let fresh = problem.prove(withheld, &demands)?;
        if fresh.iter().all(|p| p.met == Met::Yes) {
            users.into_iter().zip(fresh).for_each(|(d, p)| proofs[d] = p);
        } else {
            withheld[cell] = true;
        }
    }
    Ok(())
}

/// Whether a proof rests on a table in which the cell has another value than in truth.
fn moves_cell(proof: &Proof, cell: CellId, truth: i64) -> bool {
    (proof.tables.iter()).any(|t| t.0.binary_search_by_key(&cell, |&(c, _)| c).is_ok_and(|at| t.0[at].1 != truth))
}
