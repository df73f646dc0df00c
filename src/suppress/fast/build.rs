//! Construction and clean-up.

use std::cmp::Reverse;

use crate::model::CellId;
use crate::witness::Move;

use super::program;
use super::store::Store;

/// Gives every need a witness, withholding what it takes. Needs that ask most of a cell come first: a move that reaches far
/// also reaches nearer. Returns whether it came to the end within the time limit.
pub(super) fn construct(store: &mut Store) -> bool {
    let mut order: Vec<usize> = (0..store.ground.needs.len()).collect();
    let needs = &store.ground.needs;
    let value = |n: usize| store.ground.problem.truth.get(needs[n].target).copied().unwrap_or(0);
    order.sort_by_key(|&n| (Reverse(value(n)), needs[n].target, Reverse(needs[n].goal.distance()), n));
    for need in order {
        if !store.moves[need].is_empty() {
            continue;
        }
        if store.ground.problem.out_of_time() {
            return false;
        }
        match meet(store, need) {
            Some(cells) => {
                store.adopt(need, cells.clone());
                store.share(&cells);
            }
            None => store.hopeless[need] = true,
        }
    }
    store.drop_unused();
    true
}

/// A cheap move for a need.
fn meet(store: &mut Store, need: usize) -> Option<Move> {
    let found = store.find(need, false, i64::MAX);
    found.map(|f| f.cells).or_else(|| program::least_cost(store, need, false))
}

/// Publishes secondary cells again that turn out not to be needed, the dearest first. Returns whether it came to the end.
pub(super) fn clean(store: &mut Store) -> bool {
    let mut order = store.secondary();
    order.sort_by_key(|&c| (Reverse(store.ground.problem.cost[c]), c));
    for cell in order {
        if store.ground.problem.out_of_time() {
            return false;
        }
        if store.withheld[cell] {
            try_without(store, cell, true);
        }
    }
    store.drop_unused();
    true
}

/// Publishes a cell if every need whose witness moves it has another one; `patient`: also by programs.
pub(super) fn try_without(store: &mut Store, cell: CellId, patient: bool) -> bool {
    store.publish(cell);
    let users = store.users[cell].clone();
    let mut fresh: Vec<(usize, Move)> = Vec::with_capacity(users.len());
    for need in users {
        let need = need as usize;
        let found = store.find(need, true, i64::MAX).map(|f| f.cells);
        match found.or_else(|| if patient { program::least_cost(store, need, true) } else { None }) {
            Some(cells) => fresh.push((need, cells)),
            None => {
                store.withhold(cell);
                return false;
            }
        }
    }
    fresh.into_iter().for_each(|(need, cells)| store.adopt(need, cells));
    true
}
