//! The exact method against exhaustive search, and what the fast one promises.

use rayon::prelude::*;
use tabsafe::model::{CellId, Protection};
use tabsafe::suppress::{Problem, suppress};

use crate::brute;
use crate::oracle::problem;
use crate::random::Case;

/// Seeds, and how many of them must be small enough and have something to hide.
const SEEDS: u64 = 3_000;
const SOLVED: usize = 100;
/// The most cells that could be withheld.
const CANDIDATES: usize = 12;
const STEPS: usize = 2_000_000;

/// Whether a pattern hides every unsafe cell, by enumeration.
fn is_safe(seed: u64, case: &Case, problem: &Problem, withheld: &[bool]) -> bool {
    let mut cells: Vec<CellId> = problem.demands.iter().map(|d| d.cell).collect();
    cells.dedup();
    brute::truth(case, problem.system, &problem.treatments(withheld), &cells, STEPS)
        .unwrap_or_else(|| panic!("seed {seed}: too large to be enumerated"))
        .hides(&cells, case.threshold)
}

/// The least loss of all patterns that are safe.
fn least_loss(seed: u64, case: &Case, problem: &Problem) -> Option<i64> {
    let candidates: Vec<CellId> = problem.candidates().collect();
    let pattern = |chosen: usize| {
        let mut withheld = problem.primary.clone();
        candidates.iter().enumerate().for_each(|(i, &c)| withheld[c] |= chosen >> i & 1 == 1);
        withheld
    };
    let mut all: Vec<(i64, usize)> = (0..1 << candidates.len()).map(|p| (problem.loss(&pattern(p)), p)).collect();
    all.sort_unstable();
    all.into_iter().find(|&(_, p)| is_safe(seed, case, problem, &pattern(p))).map(|(loss, _)| loss)
}

fn withheld(protection: &Protection) -> Vec<bool> {
    (0..protection.treatments.len()).map(|c| protection.is_withheld(c)).collect()
}

/// On every tiny system: `optimal` loses what exhaustive search loses and says so, `fast` never less, and cannot
/// publish one more cell.
#[test]
fn optimal_is_optimal_and_fast_is_thin() {
    let solved: usize = (0..SEEDS).into_par_iter().map(|seed| usize::from(solve(seed + 5_000_000))).sum();
    eprintln!("{solved} systems solved exhaustively");
    assert!(solved >= SOLVED, "only {solved} systems are small enough");
}

/// Whether the system of a seed is small enough and can be protected.
fn solve(seed: u64) -> bool {
    let case = Case::new(seed);
    let system = case.system();
    let problem = problem(&system, &case.findings(&system), seed);
    let candidates = problem.candidates().count();
    if problem.demands.is_empty() || candidates == 0 || candidates > CANDIDATES {
        return false;
    }
    let optimal = suppress(&problem, "optimal").expect("the truth fits what is published");
    let fast = suppress(&problem, "fast").expect("the truth fits what is published");
    let least = least_loss(seed, &case, &problem);
    let Some(least) = least else {
        assert!(!optimal.failed.is_empty() && !fast.failed.is_empty(), "seed {seed}: nothing is safe, and it says so");
        return false;
    };
    assert_eq!((optimal.failed.len(), optimal.loss), (0, least), "seed {seed}: the least loss");
    assert!(optimal.proven_optimal(), "seed {seed}: {optimal:?}");
    assert!(is_safe(seed, &case, &problem, &withheld(&optimal)), "seed {seed}: the optimum is safe");
    assert_eq!(fast.failed.len(), 0, "seed {seed}: fast finds a pattern where there is one");
    assert!(fast.loss >= least, "seed {seed}: nothing beats the optimum");
    let pattern = withheld(&fast);
    for cell in problem.candidates().filter(|&c| pattern[c]) {
        let mut less = pattern.clone();
        less[cell] = false;
        assert!(!is_safe(seed, &case, &problem, &less), "seed {seed}: fast withholds {} for nothing", system.words(cell));
    }
    true
}
