//! Construction and clean-up.

use std::cmp::Reverse;

use crate::model::CellId;
use crate::witness::{Answer, Goal, Move};

use super::super::ground::Need;
use super::store::Store;
use super::warm::{Over, Shut, Warm};

/// With more cells in a component, times needs, programs look at the neighbourhood of a need only.
const WHOLE_WORK: usize = 5_000_000;
/// The largest neighbourhood that is looked at for a need of which a move is known.
const NEAR: usize = 2_000;

/// Programs of a construction.
struct Means {
    /// Over all candidates, once one was needed.
    priced: Option<Warm>,
    /// The largest neighbourhood that is looked at where that is too large.
    most: usize,
}

/// Gives every need a witness, withholding what it takes. Of counts those that ask most of a cell come first: a move that
/// reaches far also reaches nearer. Returns whether it came to the end, within the time limit and those of single searches.
pub(super) fn construct(store: &mut Store) -> bool {
    let mut order: Vec<usize> = (0..store.needs.len()).collect();
    let needs = &store.needs;
    let value = |n: usize| store.ground.problem.truth.get(needs[n].target).copied().unwrap_or(0);
    // amounts: the order of Fischetti and Salazar, small levels first
    match store.ground.amounts() {
        true => order.sort_by_key(|&n| (needs[n].goal.distance(), needs[n].target, n)),
        false => order.sort_by_key(|&n| (Reverse(value(n)), needs[n].target, Reverse(needs[n].goal.distance()), n)),
    }
    let mut means = Means { priced: None, most: usize::MAX };
    let mut complete = true;
    let total = order.len();
    for (done, need) in order.into_iter().enumerate() {
        store.ground.problem.tell_steps("needs met", done, total);
        if !store.moves[need].is_empty() || store.hopeless[need] {
            continue;
        }
        if store.ground.problem.out_of_time() {
            return false;
        }
        let mut answer = meet(store, need, &mut means);
        if matches!(answer, Answer::Impossible) {
            answer = meet_from_both_sides(store, need, &mut means);
        }
        match answer {
            Answer::Met(_) => {}
            // no more time for what is in vain mostly: the attack will tell whether others serve it
            Answer::Unknown => (complete, means.most) = (false, NEAR),
            Answer::Impossible => store.hopeless[need] = true,
        }
    }
    store.drop_unused();
    complete
}

/// Gives needs witnesses over cells that are withheld already, where there are any.
pub(super) fn settle(store: &mut Store) {
    let mut warm = Warm::new(store, Over::Withheld);
    for need in 0..store.needs.len() {
        if !store.moves[need].is_empty() || store.ground.problem.out_of_time() {
            continue;
        }
        let found = match store.find(need, true, i64::MAX) {
            Some(found) => Answer::Met(found.cells),
            None => warm.ask(store, need),
        };
        take(store, need, found);
    }
}

/// Gives a need a witness: found by local search, by the warm program over all candidates, or by whole ones where that one
/// ends in fractions or is too large.
fn meet(store: &mut Store, need: usize, means: &mut Means) -> Answer {
    let local = store.find(need, false, i64::MAX);
    if let Some(found) = local.as_ref().filter(|_| !store.splits(need)) {
        return take(store, need, Answer::Met(found.cells.clone()));
    }
    let (program, whole) = by_programs(store, need, means);
    let found = match (local, program) {
        (Some(local), Answer::Met(cells)) if store.price(&cells) < local.price => Answer::Met(cells),
        (Some(local), _) => Answer::Met(local.cells),
        (None, Answer::Unknown) => match store.seed(need) {
            Some(seed) => Answer::Met(seed),
            None if whole => Answer::Unknown,
            None => store.least_cost(need, false, true, means.most),
        },
        (None, answer) => answer,
    };
    take(store, need, found)
}

/// A cheap move by programs: over the whole component, or where that is large over the neighbourhood of the need; and whether
/// whole programs over neighbourhoods were asked.
fn by_programs(store: &mut Store, need: usize, means: &mut Means) -> (Answer, bool) {
    let warm = means.priced.get_or_insert_with(|| Warm::new(store, Over::Priced));
    if warm.size(store, need).saturating_mul(store.needs.len()) <= WHOLE_WORK {
        return (warm.ask(store, need), false);
    }
    let whole = !store.splits(need);
    let most = if store.seed(need).is_some() { NEAR } else { means.most };
    (store.least_cost(need, false, whole, most), whole)
}

/// Makes an answer the witness of a need, and of others that it serves.
fn take(store: &mut Store, need: usize, found: Answer) -> Answer {
    if let Answer::Met(cells) = &found {
        store.adopt(need, cells.clone());
        store.share(cells);
    }
    found
}

/// A spread that no single table reaches may be reached by two, one above and one below the truth.
fn meet_from_both_sides(store: &mut Store, need: usize, means: &mut Means) -> Answer {
    let Need { target, goal: Goal::Either(width), .. } = store.needs[need] else { return Answer::Impossible };
    let (up, down) = (store.ground.up[target].min(width - 1), store.ground.down[target].min(width - 1));
    if up < 1 || down < 1 || up < width - down {
        return Answer::Impossible;
    }
    let mut splits: Vec<i64> = [width / 2, width - down, up, width / 4, width - width / 4].to_vec();
    splits.retain(|&u| (width - down..=up).contains(&u));
    splits.dedup();
    let mut last = Answer::Impossible;
    for u in splits {
        store.halve(need, u, width - u);
        let other = store.needs.len() - 1;
        last = meet(store, need, means);
        if matches!(last, Answer::Met(_)) {
            last = meet(store, other, means);
            if matches!(last, Answer::Met(_)) {
                return last;
            }
        }
        store.unhalve(need, width);
    }
    last
}

/// Publishes secondary cells again that turn out not to be needed, the dearest first; `patient`: programs are asked
/// where local search finds nothing. Returns whether it came to the end.
pub(super) fn clean(store: &mut Store, patient: bool) -> bool {
    let mut order = store.secondary();
    store.dearest_first(&mut order);
    let mut warm = patient.then(|| Shut::new(store, Over::Withheld));
    let total = order.len();
    for (done, cell) in order.into_iter().enumerate() {
        store.ground.problem.tell_steps("withheld cells reconsidered", done, total);
        if store.ground.problem.out_of_time() {
            return false;
        }
        if store.withheld[cell] {
            try_without(store, cell, &mut warm);
        }
    }
    store.drop_unused();
    true
}

/// Publishes a cell if every need whose witness moves it has another one, found by local search or by `shut` programs.
pub(super) fn try_without<'g>(store: &mut Store<'g>, cell: CellId, shut: &mut Option<Shut<'g>>) -> bool {
    store.publish(cell);
    if store.known.needs(cell, &store.withheld) {
        store.withhold(cell);
        return false;
    }
    let mut users = store.hardest_first(cell);
    users.reverse();
    while let Some(need) = users.pop() {
        let Some(cells) = another(store, need, shut) else {
            store.failures[need] += 1;
            store.withhold(cell);
            return false;
        };
        // of use whether or not the cell can be published in the end, and mostly to others as well
        users.retain(|&other| match store.serves(&cells, other) {
            Some(serves) => {
                store.adopt(other, serves);
                false
            }
            None => true,
        });
        store.adopt(need, cells);
    }
    true
}

/// Another witness for a need, over withheld cells only.
fn another<'g>(store: &mut Store<'g>, need: usize, shut: &mut Option<Shut<'g>>) -> Option<Move> {
    // amounts go many ways at once, which only programs see
    let local = shut.is_none() || !store.splits(need);
    if let Some(found) = local.then(|| store.find(need, true, i64::MAX)).flatten() {
        return Some(found.cells);
    }
    match shut.as_mut()?.ask(store, need) {
        Answer::Met(cells) => Some(cells),
        Answer::Impossible => None,
        // fractions: for counts whole programs can tell; amounts rarely need it
        Answer::Unknown if store.ground.problem.attacker.integers => {
            match store.least_cost(need, true, true, usize::MAX) {
                Answer::Met(cells) => Some(cells),
                Answer::Impossible | Answer::Unknown => None,
            }
        }
        Answer::Unknown => None,
    }
}
