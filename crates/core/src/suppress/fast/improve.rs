//! Improvement: a small part of the pattern is torn down and built again, and kept if it costs no more.
//!
//! Large-neighbourhood search (Shaw, CP 1998) on the store of witnesses. The number of rounds depends on the size of the
//! problem only, and chance on a fixed seed, so the result is the same on every machine.

use crate::model::CellId;
use crate::witness::{Answer, Chance, Found, Move};

use super::build::try_without;
use super::store::{SCALE, Store, priced};
use super::warm::{Over, Shut, Warm};

/// Rounds without gain after which it ends: some in any case, some per secondary cell.
const IDLE: (usize, usize) = (60, 12);
/// How often in that time it goes back to the best pattern.
const RETURNS: usize = 4;
/// By so many average cells more than the best a pattern may lose to be gone on from.
const MOST_SLACK: i128 = 3;
/// Cells torn down in one round, at most.
const RUIN: usize = 6;
/// Needs built again in one round, at most; a cell that serves more is left alone.
const MOST_NEEDS: usize = 60;

/// Improves the pattern in a number of rounds. Returns whether it came to the end within the time limit.
///
/// If it may `wander`, it goes on from somewhat worse patterns as well, the worse the longer nothing better was found, and
/// returns to the best one after a while (record-to-record travel: Dueck, Journal of Computational Physics 104, 1993).
/// `patient`: programs are asked where local search finds nothing.
pub(super) fn improve(store: &mut Store, rounds: usize, seed: u64, wander: bool, patient: bool) -> bool {
    let mut chance = Chance(seed);
    let mut programs = Programs::new(patient);
    let mut cells = store.secondary();
    let (first, mut least, mut since) = (store.loss, store.standing(), 0);
    let problem = store.ground.problem;
    store.record();
    let mut ended = true;
    for round in 0..rounds {
        problem.tell_steps("rounds of improvement", round, rounds);
        let idle = IDLE.0 + IDLE.1 * cells.len();
        if since > idle {
            break;
        }
        if problem.out_of_time() {
            ended = false;
            break;
        }
        if round % cells.len().max(1) == 0 {
            cells = store.secondary();
        }
        let Some(&cell) = cells.get(chance.below(cells.len())) else { break };
        if store.withheld[cell] {
            let ruined = around(store, cell, &mut chance);
            let most = if wander { allowed(least.0, cells.len(), since, idle / RETURNS) } else { least.0 };
            rebuild(store, &ruined, most, &mut chance, &mut programs);
        }
        since += 1;
        if store.loss < least.0 {
            problem.tell_standing(Some(store.hidden), first, store.loss, 0);
            since = 0;
        }
        if store.standing() <= least {
            least = store.standing();
            store.record();
        } else if since % (idle / RETURNS).max(1) == 0 {
            store.undo_all();
        }
    }
    store.undo_all();
    store.keep();
    ended
}

/// The loss up to which a pattern is accepted when so many rounds have brought nothing better than `least` with so many
/// cells; `span` rounds lead from nothing more to the most.
fn allowed(least: i64, cells: usize, since: usize, span: usize) -> i64 {
    let phase = (since % span.max(1)) as i128;
    let slack = i128::from(least) * MOST_SLACK * phase / (cells.max(1) * span.max(1)) as i128;
    least.saturating_add(i64::try_from(slack).unwrap_or(i64::MAX))
}

/// Programs that are asked where local search finds nothing.
pub(super) struct Programs<'g> {
    patient: bool,
    priced: Option<Warm>,
    shut: Option<Shut<'g>>,
}

impl Programs<'_> {
    /// None of them is made yet; none will be, unless the search is `patient`.
    pub fn new(patient: bool) -> Self {
        Programs { patient, priced: None, shut: None }
    }
}

/// Publishes secondary cells, builds their needs again, and keeps the result if it loses no more than `most`. The first of the
/// cells is to be avoided.
fn rebuild<'g>(store: &mut Store<'g>, ruined: &[CellId], most: i64, chance: &mut Chance, programs: &mut Programs<'g>) {
    let mut needs = needs_of(store, ruined);
    if needs.len() > MOST_NEEDS {
        return;
    }
    store.mark();
    for &c in ruined {
        store.publish(c);
        // dearer for this round, so that another way is tried
        store.open_price[c] = store.open_price[c].saturating_add(chance.below(SCALE as usize * 2) as i64);
    }
    store.open_price[ruined[0]] = store.open_price[ruined[0]].saturating_mul(3);
    let built = build_again(store, &mut needs, most, chance, programs);
    for &c in ruined {
        if !store.withheld[c] {
            store.reprice(c);
        }
    }
    if built {
        tidy(store, most, programs);
    }
    if !built || store.loss > most {
        store.undo();
    }
}

/// The needs whose witnesses move any of these cells.
pub(super) fn needs_of(store: &Store, cells: &[CellId]) -> Vec<u32> {
    let mut needs: Vec<u32> = cells.iter().flat_map(|&c| store.users[c].iter().copied()).collect();
    needs.sort_unstable();
    needs.dedup();
    needs
}

/// Takes these needs their witnesses and gives them others, in an order by chance, where a pattern of the loss `most` is the
/// one to be beaten. Whether all have one.
pub(super) fn build_again<'g>(
    store: &mut Store<'g>,
    needs: &mut [u32],
    most: i64,
    chance: &mut Chance,
    programs: &mut Programs<'g>,
) -> bool {
    needs.iter().for_each(|&n| store.adopt(n as usize, Move::new()));
    chance.shuffle(needs);
    let problem = store.ground.problem;
    needs.iter().all(|&n| !problem.out_of_time() && build(store, n as usize, most, programs))
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
fn tidy<'g>(store: &mut Store<'g>, most: i64, programs: &mut Programs<'g>) {
    store.newly_unused().into_iter().for_each(|c| store.publish(c));
    let mut fresh = store.newly_withheld();
    store.dearest_first(&mut fresh);
    if programs.patient && programs.shut.is_none() {
        programs.shut = Some(Shut::new(store, Over::Candidates));
    }
    publish_again(store, fresh, most, &mut programs.shut);
}

/// Publishes these cells again, one by one, if they are not needed; ends as soon as the loss can't come down to `most`.
pub(super) fn publish_again<'g>(store: &mut Store<'g>, fresh: Vec<CellId>, most: i64, shut: &mut Option<Shut<'g>>) {
    let problem = store.ground.problem;
    let mut could_go = fresh.iter().map(|&c| problem.cost[c]).fold(0, i64::saturating_add);
    for c in fresh {
        if store.loss.saturating_sub(could_go) > most || problem.out_of_time() {
            return;
        }
        could_go -= problem.cost[c];
        if store.withheld[c] {
            try_without(store, c, shut);
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
    near.insert(0, cell);
    near
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
