#![doc = include_str!("manual.md")]

mod build;
mod improve;
mod known;
mod store;
mod warm;
mod wide;

use crate::attack::Contradiction;
use crate::model::CellId;
use crate::witness::Move;

use super::complete::complete;
use super::ground::Ground;
use super::master::least;
use super::pattern::GIVEN_AWAY;
use super::{Pattern, Problem};
use store::Store;
use warm::most_cells;

/// How much is done for a good pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Care {
    /// Local search only, and few rounds of improvement.
    Quick,
    /// Programs are asked where local search finds nothing, and rounds are many.
    Patient,
}

/// Cells of the largest systems for which a lower bound is worked out.
const MOST_BOUNDED: usize = 20_000;
/// Systems with fewer candidates are cleaned with patience in any case: it costs next to nothing.
const SMALL: usize = 300;

impl Care {
    /// Whether programs are asked in clean-up.
    fn is_patient(self, ground: &Ground) -> bool {
        self == Care::Patient || ground.problem.candidates().count() < SMALL
    }

    /// Rounds of improvement: some in any case, some per secondary cell.
    fn rounds(self, secondary: usize) -> usize {
        match self {
            Care::Quick => 300 + secondary / 2,
            Care::Patient => 1_000 + 20 * secondary,
        }
    }
}

/// Finds a safe pattern quickly.
///
/// # Errors
/// When the system contradicts itself.
pub fn run(problem: &Problem) -> Result<Pattern, Contradiction> {
    let ground = Ground::new(problem);
    complete(problem, Search::start(&ground, Care::Quick, None, 1).bounded())
}

/// Finds a good safe pattern.
///
/// # Errors
/// When the system contradicts itself.
pub fn run_thorough(problem: &Problem) -> Result<Pattern, Contradiction> {
    let ground = Ground::new(problem);
    complete(problem, Search::start(&ground, Care::Patient, None, 1).bounded())
}

/// Improves a pattern by all means that suit it. Whether it came to the end within the time limit.
fn improve(store: &mut Store, care: Care, seed: u64) -> bool {
    let (amounts, secondary) = (store.ground.amounts(), store.hidden);
    if care == Care::Quick {
        return improve::improve(store, care.rounds(secondary), seed, false, false);
    }
    // of amounts a few cells torn down are built again as they were
    if !amounts && !improve::improve(store, care.rounds(secondary), seed, true, false) {
        return false;
    }
    store.ground.cells() > most_cells(store.ground) || wide::improve(store, seed)
}

/// A pattern that can still be improved.
pub(super) struct Search<'g> {
    store: Store<'g>,
    care: Care,
    /// Whether a limit ended the construction.
    cut_short: bool,
}

impl<'g> Search<'g> {
    /// Constructs, cleans and improves a pattern. `guide` is a fractional choice of cells and a seed: cells that it wants are
    /// cheaper, the more or less by chance.
    pub fn start(ground: &'g Ground<'g>, care: Care, guide: Option<(&[f64], u64)>, seed: u64) -> Self {
        let mut store = Store::new(ground);
        if let Some((x, chance)) = guide {
            improve::guide(&mut store, x, chance);
        }
        Search::finish(store, care, care.is_patient(ground), seed)
    }

    /// Makes a pattern of a choice of cells that is safe, or nearly so: others are added only where they are needed.
    pub fn from(ground: &'g Ground<'g>, x: &[f64], seed: u64) -> Self {
        let mut store = Store::new(ground);
        for c in ground.problem.candidates().filter(|&c| x[c] > 0.5) {
            store.withhold(c);
        }
        build::settle(&mut store);
        Search::finish(store, Care::Quick, true, seed)
    }

    fn finish(mut store: Store<'g>, care: Care, patient: bool, seed: u64) -> Self {
        let constructed = build::construct(&mut store);
        if constructed && build::clean(&mut store, patient) {
            let _ = improve(&mut store, care, seed) && build::clean(&mut store, patient);
        }
        Search { store, care, cut_short: !constructed }
    }

    /// Improves it in so many rounds per secondary cell, or until it is told to stop.
    pub fn improve(&mut self, rounds: usize, seed: u64, stop: &dyn Fn() -> bool) {
        self.store.true_prices();
        let patient = self.care.is_patient(self.store.ground);
        let batch = self.store.hidden.max(20);
        for round in 0..rounds as u64 {
            let before = self.store.loss;
            if stop() || !improve::improve(&mut self.store, batch, seed + round, true, patient) {
                break;
            }
            if self.store.loss < before && !build::clean(&mut self.store, patient) {
                break;
            }
        }
    }

    /// Whether every need has a witness.
    pub fn is_complete(&self) -> bool {
        !self.cut_short && !self.store.hopeless.iter().any(|&h| h)
    }

    /// The cost of the secondary cells.
    pub fn loss(&self) -> i64 {
        self.store.loss
    }

    /// The pattern, with the bound that follows from single relations and from what failed attempts have told.
    fn bounded(&self) -> Pattern {
        let ground = self.store.ground;
        let patient = self.care.is_patient(ground) && ground.cells() <= MOST_BOUNDED;
        let told = patient && self.is_complete() && self.loss() > 0;
        self.pattern(if told { least(ground, self.store.known.cuts()) } else { 0 })
    }

    /// The pattern, as a method's answer with a lower bound of the loss.
    pub fn pattern(&self, bound: i64) -> Pattern {
        let (store, ground) = (&self.store, self.store.ground);
        let problem = ground.problem;
        let mut failed: Vec<(CellId, String)> = (0..ground.needs.len())
            .filter(|&n| store.hopeless[n])
            .map(|n| (problem.demands[ground.demand_of[n]].cell, GIVEN_AWAY.to_owned()))
            .collect();
        failed.sort_unstable();
        failed.dedup_by_key(|f| f.0);
        let known = problem.system.cells.len();
        let own = |m: &Move| m.iter().copied().filter(|t| t.0 < known).collect();
        Pattern {
            withheld: store.withheld[..known].to_vec(),
            bound,
            failed,
            limit_reached: self.cut_short,
            witnesses: store.moves.iter().filter(|m| !m.is_empty()).map(own).collect(),
        }
    }
}
