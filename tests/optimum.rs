//! The exact method against exhaustive search, and what the fast one promises.

use rayon::prelude::*;
use tabsafe::model::{CellId, Protection};
use tabsafe::suppress::{Problem, suppress};

use crate::brute;
use crate::oracle::problem;
use crate::random::{Case, side_by_side};

/// Seeds, and how many of them must be small enough and have something to hide, or nothing that hides it.
const SEEDS: u64 = 1_000;
const ENOUGH: usize = 40;
/// The most cells that could be withheld.
const CANDIDATES: usize = 12;
const STEPS: usize = 2_000_000;

/// Whether a pattern hides every unsafe cell, by enumeration; `None` if the system is too large for that.
pub fn is_safe(case: &Case, problem: &Problem, withheld: &[bool]) -> Option<bool> {
    let mut cells: Vec<CellId> = problem.demands.iter().map(|d| d.cell).collect();
    cells.dedup();
    let truth = brute::truth(case, problem.system, &problem.treatments(withheld), &cells, STEPS)?;
    Some(truth.hides(&problem.demands))
}

/// The least loss of all patterns that are safe, if one is; `None` if the system is too large to know.
fn least_loss(case: &Case, problem: &Problem) -> Option<Option<i64>> {
    let candidates: Vec<CellId> = problem.candidates().collect();
    let pattern = |chosen: usize| {
        let mut withheld = problem.primary.clone();
        candidates.iter().enumerate().for_each(|(i, &c)| withheld[c] |= chosen >> i & 1 == 1);
        withheld
    };
    let mut all: Vec<(i64, usize)> = (0..1 << candidates.len()).map(|p| (problem.loss(&pattern(p)), p)).collect();
    all.sort_unstable();
    for (loss, p) in all {
        if is_safe(case, problem, &pattern(p))? {
            return Some(Some(loss));
        }
    }
    Some(None)
}

pub fn withheld(protection: &Protection) -> Vec<bool> {
    (0..protection.treatments.len()).map(|c| protection.is_withheld(c)).collect()
}

/// On every tiny system: `optimal` loses what exhaustive search loses and says so, `fast` never less, and cannot
/// publish one more cell.
#[test]
fn optimal_is_optimal_and_fast_is_thin() {
    let outcomes: Vec<Option<Solved>> =
        side_by_side(|| (0..SEEDS).into_par_iter().map(|seed| solve(seed + 5_000_000)).collect());
    let count = |which: Solved| outcomes.iter().filter(|o| **o == Some(which)).count();
    let (solved, hopeless) = (count(Solved::Protected), count(Solved::Hopeless));
    eprintln!("{solved} systems solved exhaustively, {hopeless} found beyond protection");
    assert!(solved >= ENOUGH && hopeless >= ENOUGH, "only {solved} and {hopeless} systems are small enough");
}

/// How a system that is small enough ends.
#[derive(Clone, Copy, PartialEq)]
enum Solved {
    Protected,
    Hopeless,
}

/// Checks the system of a seed; `None` where it is too large or there is nothing to choose.
fn solve(seed: u64) -> Option<Solved> {
    let case = Case::new(seed);
    let system = case.system();
    let problem = problem(&system, &case.findings(&system), seed);
    let candidates = problem.candidates().count();
    if problem.demands.is_empty() || candidates == 0 || candidates > CANDIDATES {
        return None;
    }
    let optimal = suppress(&problem, "optimal").expect("the truth fits what is published");
    let fast = suppress(&problem, "fast").expect("the truth fits what is published");
    let Some(least) = least_loss(&case, &problem)? else {
        assert!(!optimal.failed.is_empty() && !fast.failed.is_empty(), "seed {seed}: nothing is safe, and it says so");
        return Some(Solved::Hopeless);
    };
    assert_eq!((optimal.failed.len(), optimal.loss), (0, least), "seed {seed}: the least loss");
    assert!(optimal.proven_optimal(), "seed {seed}: {optimal:?}");
    assert!(is_safe(&case, &problem, &withheld(&optimal))?, "seed {seed}: the optimum is safe");
    assert_eq!(fast.failed.len(), 0, "seed {seed}: fast finds a pattern where there is one");
    assert!(fast.loss >= least, "seed {seed}: nothing beats the optimum");
    let spare = spare(&case, &problem, &withheld(&fast))?;
    assert_eq!(spare, [""; 0], "seed {seed}: fast withholds these for nothing");
    Some(Solved::Protected)
}

/// The secondary cells of a pattern that each could be published alone, by enumeration; `None` if that is too large.
fn spare(case: &Case, problem: &Problem, pattern: &[bool]) -> Option<Vec<String>> {
    let mut spare = Vec::new();
    for cell in problem.candidates().filter(|&c| pattern[c]) {
        let mut less = pattern.to_vec();
        less[cell] = false;
        if is_safe(case, problem, &less)? {
            spare.push(problem.system.words(cell));
        }
    }
    Some(spare)
}

/// Systems in which `fast` keeps a cell that it could publish: two of seven thousand that were tried.
#[test]
#[ignore = "fast: the clean-up misses whole-number tables that its local search and its linear programs do not come upon"]
fn fast_is_thin_here_too() {
    for seed in [6_005_129, 6_005_850] {
        let case = Case::new(seed);
        let system = case.system();
        let problem = problem(&system, &case.findings(&system), seed);
        let fast = suppress(&problem, "fast").expect("the truth fits what is published");
        let pattern = withheld(&fast);
        let spare = spare(&case, &problem, &pattern).expect("it is small");
        let cells: Vec<_> =
            (0..system.cells.len()).map(|c| (c, system.words(c), system.value(c), pattern[c])).collect();
        assert_eq!(spare, [""; 0], "seed {seed}: {cells:?} {:?} {:?}", fast.witnesses, problem.demands);
    }
}
