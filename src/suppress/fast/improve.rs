//! Improvement: a small part of the pattern is torn down and built again, and kept if it costs no more.
//!
//! Large-neighbourhood search (Shaw, CP 1998) on the store of witnesses. The number of rounds depends on the size of the
//! problem only, and chance on a fixed seed, so the result is the same on every machine.

use crate::model::CellId;
use crate::witness::{Answer, Chance, Found, Move};

use super::build::try_without;
use super::store::{SCALE, Store, priced};
use super::warm::{Over, Warm};

/// Rounds without gain after which it ends: some in any case, some per secondary cell.
const IDLE: (usize, usize) = (60, 12);
/// Cells torn down in one round, at most.
const RUIN: usize = 6;
/// Needs built again in one round, at most; a cell that serves more is left alone.
const MOST_NEEDS: usize = 60;
/// Problems of up to so many needs are torn down by large shares as well, once in so many rounds.
const WIDE_NEEDS: usize = 600;
const WIDE_EVERY: usize = 8;

/// Improves the pattern in a number of rounds; `patient`: programs are asked where local search finds nothing. Returns
/// whether it came to the end within the time limit.
pub(super) fn improve(store: &mut Store, rounds: usize, seed: u64, patient: bool) -> bool {
    let mut chance = Chance(seed);
    let mut programs = Programs { patient, priced: None, shut: None };
    let mut cells = store.secondary();
    let (first, mut least, mut since) = (store.loss, store.loss, 0);
    let problem = store.ground.problem;
    for round in 0..rounds {
        problem.tell_steps("rounds of improvement", round, rounds);
        if store.loss < least {
            problem.tell_standing(Some(store.secondary().len()), first, store.loss, 0);
        }
        since = if store.loss < least { 0 } else { since + 1 };
        least = least.min(store.loss);
        if since > IDLE.0 + IDLE.1 * cells.len() {
            break;
        }
        if store.ground.problem.out_of_time() {
            return false;
        }
        if round % cells.len().max(1) == 0 {
            cells = store.secondary();
        }
        let Some(&cell) = cells.get(chance.below(cells.len())) else { return true };
        if store.withheld[cell] {
            rebuild(store, cell, &mut chance, &mut programs);
        }
    }
    true
}

/// Programs that are asked where local search finds nothing.
struct Programs {
    patient: bool,
    priced: Option<Warm>,
    shut: Option<Warm>,
}

/// Tears down some secondary cells around one, and builds their needs again.
fn rebuild(store: &mut Store, cell: CellId, chance: &mut Chance, programs: &mut Programs) {
    let before = store.loss;
    // amounts go many ways at once: few small ruins are rebuilt otherwise than they were
    let amounts = programs.patient && store.ground.amounts();
    let wide = amounts && store.needs.len() <= WIDE_NEEDS && chance.below(WIDE_EVERY) == 0;
    let ruined = if wide { share(store, cell, chance) } else { around(store, cell, chance) };
    let mut needs: Vec<u32> = ruined.iter().flat_map(|&c| store.users[c].iter().copied()).collect();
    needs.sort_unstable();
    needs.dedup();
    if !wide && needs.len() > MOST_NEEDS {
        return;
    }
    store.mark();
    for &c in &ruined {
        store.publish(c);
        // dearer for this round, so that another way is tried
        store.open_price[c] = store.open_price[c].saturating_add(chance.below(SCALE as usize * 2) as i64);
    }
    store.open_price[cell] = store.open_price[cell].saturating_mul(3);
    needs.iter().for_each(|&n| store.adopt(n as usize, Move::new()));
    chance.shuffle(&mut needs);
    let built = needs.iter().all(|&n| build(store, n as usize, before, programs));
    for &c in &ruined {
        if !store.withheld[c] {
            store.reprice(c);
        }
    }
    if built {
        tidy(store, programs);
    }
    if built && store.loss <= before { store.keep() } else { store.undo() }
}

/// Gives a need a witness again, unless the pattern gets dearer than it may.
fn build(store: &mut Store, need: usize, most: i64, programs: &mut Programs) -> bool {
    if !store.moves[need].is_empty() {
        return true;
    }
    let left = most.saturating_sub(store.loss).saturating_add(1).saturating_mul(SCALE * 2);
    let mut found = store.find(need, false, left);
    if programs.patient && (found.is_none() || store.splits(need)) {
        let priced = programs.priced.get_or_insert_with(|| Warm::new(store, Over::Priced));
        if let Answer::Met(cells) = priced.ask(store, need) {
            let price = store.price(&cells);
            if found.as_ref().is_none_or(|f| price < f.price) {
                found = Some(Found { cells, price });
            }
        }
    }
    let Some(Found { cells, .. }) = found else { return false };
    store.adopt(need, cells.clone());
    store.share(&cells);
    true
}

/// Publishes what the round made superfluous.
fn tidy(store: &mut Store, programs: &mut Programs) {
    store.newly_unused().into_iter().for_each(|c| store.publish(c));
    let mut fresh = store.newly_withheld();
    fresh.sort_by_key(|&c| (std::cmp::Reverse(store.ground.problem.cost[c]), c));
    if programs.patient && programs.shut.is_none() {
        programs.shut = Some(Warm::new(store, Over::Candidates));
    }
    for c in fresh {
        if store.withheld[c] {
            try_without(store, c, &mut programs.shut);
        }
    }
    store.newly_unused().into_iter().for_each(|c| store.publish(c));
}

/// A secondary cell, and some others that stand in the same witnesses.
fn around(store: &Store, cell: CellId, chance: &mut Chance) -> Vec<CellId> {
    let mut near: Vec<CellId> = (store.users[cell].iter())
        .flat_map(|&n| store.moves[n as usize].iter().map(|t| t.0))
        .filter(|&c| c != cell && store.withheld[c] && !store.ground.open[c])
        .collect();
    near.sort_unstable();
    near.dedup();
    chance.shuffle(&mut near);
    near.truncate(chance.below(RUIN));
    near.push(cell);
    near
}

/// A secondary cell, and a tenth to six tenths of the others.
fn share(store: &Store, cell: CellId, chance: &mut Chance) -> Vec<CellId> {
    let mut cells = store.secondary();
    chance.shuffle(&mut cells);
    cells.truncate(cells.len() * (10 + chance.below(50)) / 100);
    cells.retain(|&c| c != cell);
    cells.push(cell);
    cells
}

/// Lowers the prices of the cells that a fractional choice wants, the more or less by chance.
pub(super) fn guide(store: &mut Store, x: &[f64], seed: u64) {
    let mut chance = Chance(seed);
    let ground = store.ground;
    for c in ground.problem.candidates() {
        let price = priced(ground.problem.cost[c]) as f64;
        // between a half and one and a half from the second start on
        let blur = if seed == 0 { 1.0 } else { 0.5 + chance.below(1_000) as f64 / 1_000.0 };
        store.base_price[c] = ((price * (1.0 - 0.98 * x[c]) * blur) as i64).max(1);
        store.reprice(c);
    }
}
