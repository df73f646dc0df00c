//! Improvement by large shares: they are torn down and built again at changed prices.
//!
//! Amounts split over many cells, so that a few cells torn down are built again as they were; and counts come to rest where a
//! few cells bring nothing more. Some shares are tried side by side and the best result is the next pattern: what was learned
//! from failures is kept from all of them.

use std::cmp::Reverse;

use rayon::prelude::*;

use crate::model::CellId;
use crate::witness::Chance;

use super::improve::{Programs, build_again, needs_of, publish_again};
use super::store::Store;
use super::warm::{Over, Shut};

/// Shares that are tried side by side, whatever the number of threads.
const TRIES: u64 = 4;
/// Generations for amounts, and those without gain after which it ends.
const AMOUNTS: (usize, usize) = (400, 120);
/// Generations for counts, which local search has improved already: this by the number of secondary cells, at least, at most.
const COUNTS: (usize, usize, usize) = (6_000, 8, 40);
/// Generations without gain after which it goes back to the best pattern.
const RETURN: usize = 30;
/// By how much more, in thousandths, a pattern may lose than the best, for each generation without gain.
const SLACK: i128 = 1;
/// How many of these generations pass before a worse pattern is accepted.
const PATIENCE: usize = 8;
/// Prices and costs are made dearer by chance by up to so many thousandths.
const BLUR: usize = 300;
/// The shares that are torn down, in percent: the smallest, and what its doubles may come to.
const SHARES: (usize, usize) = (6, 96);

/// Improves the pattern in generations, their number by its size. Returns whether it came to the end within the time limit.
///
/// The longer nothing better is found, the worse a pattern may be that the search goes on from (record-to-record travel:
/// Dueck, Journal of Computational Physics 104, 1993); after a while it returns to the best one.
pub(super) fn improve(store: &mut Store, seed: u64) -> bool {
    let problem = store.ground.problem;
    let (generations, most_idle) = if store.ground.amounts() {
        AMOUNTS
    } else {
        let generations = (COUNTS.0 / store.hidden.max(1)).clamp(COUNTS.1, COUNTS.2);
        (generations, generations / 2)
    };
    let (first, mut since) = (store.loss, 0);
    let mut now = store.clone();
    for generation in 0..generations as u64 {
        problem.tell_steps("rounds of improvement", generation as usize, generations);
        if since > most_idle || now.hidden == 0 {
            break;
        }
        if problem.out_of_time() {
            return false;
        }
        let most = allowed(store.loss, since);
        let anew = generation == 0 || (since > 0 && since % RETURN == 0);
        let one = |t| torn(&now, anew, most, &mut Chance(seed.wrapping_add((generation * TRIES + t) << 32)));
        let tries: Vec<Option<Store>> = (0..TRIES).into_par_iter().map(one).collect();
        go_on(&mut now, most, tries.into_iter().flatten().collect());
        since += 1;
        let (better, cheaper) = (now.standing() < store.standing(), now.loss < store.loss);
        if better {
            *store = now.clone();
        }
        if cheaper {
            since = 0;
            problem.tell_standing(Some(store.hidden), first, store.loss, 0);
        } else if since % RETURN == 0 {
            now.go_to(store.clone());
        }
    }
    true
}

/// The loss up to which a pattern is accepted when so many generations have brought nothing better.
fn allowed(best: i64, since: usize) -> i64 {
    let slack = i128::from(best) * (since % RETURN).saturating_sub(PATIENCE) as i128 * SLACK / 1_000;
    best.saturating_add(slack as i64)
}

/// The pattern with a share of it (all of it, if `anew`) torn down and built again; `None` if that was not possible.
fn torn<'g>(base: &Store<'g>, anew: bool, most: i64, chance: &mut Chance) -> Option<Store<'g>> {
    let mut store = base.clone();
    let mut programs = Programs::new(true);
    let before = store.loss;
    let ruined = if anew { store.secondary() } else { share(&store, chance) };
    let mut needs = needs_of(&store, &ruined);
    for c in store.ground.problem.candidates() {
        // some ways are preferred by chance
        store.scale_price(c, blurred(1_000, chance));
    }
    store.record();
    for &c in &ruined {
        store.publish(c);
        store.scale_price(c, blurred(1_000, chance));
    }
    if !build_again(&mut store, &mut needs, before, chance, &mut programs) {
        return None;
    }
    store.true_prices();
    let mut fresh: Vec<(i64, CellId)> =
        store.newly_withheld().into_iter().map(|c| (blurred(store.ground.problem.cost[c], chance), c)).collect();
    fresh.sort_unstable_by_key(|&f| Reverse(f));
    let mut shut = Some(Shut::new(&store, Over::Withheld));
    publish_again(&mut store, fresh.into_iter().map(|f| f.1).collect(), most, &mut shut);
    store.keep();
    Some(store)
}

/// A cost, or somewhat more.
fn blurred(cost: i64, chance: &mut Chance) -> i64 {
    (i128::from(cost) * (1_000 + chance.below(BLUR) as i128) / 1_000) as i64
}

/// Secondary cells by chance.
fn share(store: &Store, chance: &mut Chance) -> Vec<CellId> {
    let mut cells = store.secondary();
    chance.shuffle(&mut cells);
    // small shares as often as large ones
    let octaves = (SHARES.1 / SHARES.0).ilog2() as usize;
    let percent = SHARES.0 << chance.below(octaves + 1);
    cells.truncate((cells.len() * percent).div_ceil(100));
    cells
}

/// Goes on from the best of the patterns, if it loses little enough, and keeps what all of them learned.
fn go_on<'g>(now: &mut Store<'g>, most: i64, tries: Vec<Store<'g>>) {
    let known = now.known.cuts().len();
    let learned: Vec<_> = tries.iter().flat_map(|t| t.known.cuts()[known..].iter().cloned()).collect();
    // the same pattern again leads nowhere
    let other = |t: &Store| t.loss <= most && (t.loss <= now.loss || t.withheld != now.withheld);
    if let Some(best) = tries.into_iter().filter(other).min_by_key(Store::standing) {
        now.go_to(best);
    }
    now.known.learn(learned);
}
