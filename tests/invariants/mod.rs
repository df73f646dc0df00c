//! What holds for every system and every method: the invariants of the method's mathematics, over random linked counts
//! and random magnitudes with levels.
//!
//! - `patterns`: what is withheld, with which proof, at what loss.
//! - `intervals`: what the attack says of a pattern.
//! - `groups`: demands on differences of cells.
//! - `symmetry`: what must not change a result.

mod groups;
mod intervals;
mod patterns;
mod symmetry;

use std::sync::OnceLock;

use rayon::prelude::*;
use tabsafe::model::Protection;

use crate::random::side_by_side;
use crate::worlds::{World, protect};

/// Worlds of each sort.
const COUNTS: u64 = 300;
const MAGNITUDES: u64 = 200;

/// A world, and what the methods made of it: `fast`, then `optimal`.
struct Done {
    seed: u64,
    world: World,
    protections: [Protection; 2],
}

/// Every world, protected once for all tests.
fn done() -> &'static [Done] {
    static DONE: OnceLock<Vec<Done>> = OnceLock::new();
    DONE.get_or_init(|| {
        let counts = (0..COUNTS).into_par_iter().map(|seed| (seed, World::counts(seed)));
        let magnitudes = (0..MAGNITUDES).into_par_iter().map(|seed| (seed, World::magnitudes(seed)));
        let protected = |(seed, world): (u64, World)| {
            let problem = world.problem();
            let protections = ["fast", "optimal"].map(|method| protect(&problem, method));
            drop(problem);
            Done { seed, world, protections }
        };
        side_by_side(|| counts.chain(magnitudes).map(protected).collect())
    })
}

/// Runs a check on every world and adds up what it counts.
fn over_worlds(run: impl Fn(&Done) -> usize + Sync + Send) -> usize {
    side_by_side(|| done().par_iter().map(run).sum())
}
