//! Intruders from within, counted out: each record, or each pair of records, knows what it alone is behind.

use std::collections::BTreeSet;

use rayon::prelude::*;
use tabsafe::attack::{Attacker, ProtectionKind};
use tabsafe::link::Details;
use tabsafe::model::{CellId, Protection, System, Treatment, Verdict};
use tabsafe::suppress::{Problem, suppress};

use super::costs;
use crate::brute;
use crate::random::{Case, Rng, side_by_side};
use crate::worlds::World;

/// Seeds; steps of one enumeration.
const SEEDS: u64 = 1_000;
const STEPS: usize = 60_000;

/// The records of a case, as combinations of leaves.
fn records(case: &Case) -> Vec<usize> {
    (0..case.groups.len()).flat_map(|g| (0..case.groups.records[g]).map(move |_| g)).collect()
}

/// The printed cells that nobody but these records is behind.
fn known(case: &Case, system: &System, coalition: &[usize]) -> BTreeSet<CellId> {
    let inside = |c: CellId| {
        let set = brute::of_coords(case, system, c);
        coalition.iter().filter(|&&g| set >> g & 1 == 1).count() as i64
    };
    let printed = |c: &CellId| system.cells[*c].places.iter().any(|p| p.shown);
    (0..system.cells.len()).filter(printed).filter(|&c| system.value(c) > 0 && inside(c) == system.value(c)).collect()
}

/// Whether some coalition of so many records finds an unsafe count out, by enumeration; `None` if that takes too long.
fn found_out(
    case: &Case,
    system: &System,
    unsafe_cells: &[CellId],
    treatments: &[Treatment],
    size: usize,
) -> Option<bool> {
    let all = records(case);
    let mut coalitions: BTreeSet<Vec<usize>> = all.iter().map(|&g| vec![g]).collect();
    if size == 2 {
        let pairs = (0..all.len()).flat_map(|i| (i + 1..all.len()).map(move |j| (i, j)));
        coalitions.extend(pairs.map(|(i, j)| vec![all[i], all[j]]));
    }
    let knowledge: BTreeSet<BTreeSet<CellId>> = coalitions.iter().map(|c| known(case, system, c)).collect();
    for knows in knowledge {
        let mut seen = treatments.to_vec();
        knows.iter().for_each(|&c| seen[c] = Treatment::Publish);
        let others: Vec<CellId> = unsafe_cells.iter().copied().filter(|c| !knows.contains(c)).collect();
        let truth = brute::truth(case, system, &seen, &others, STEPS)?;
        if others.iter().any(|c| !truth.unbounded.contains(c) && truth.values[c].len() < 2) {
            return Some(true);
        }
    }
    Some(false)
}

struct Asked {
    safe: bool,
    expect: Option<bool>,
}

fn ask(seed: u64, size: usize) -> Option<Asked> {
    let case = Case::small(seed);
    let system = case.system_with(Details { insiders: size, ..Details::default() });
    let findings = case.findings(&system);
    let attacker = Attacker { own_contribution: true, coalition: size as u32, ..Attacker::default() };
    // every unsafe cell is printed, so that what is known can be said by publishing it
    if findings.is_empty() || findings.iter().any(|f| system.cells[f.cell].places.iter().all(|p| !p.shown)) {
        return None;
    }
    let world = World {
        name: format!("insiders, seed {seed}"),
        findings,
        system,
        kind: ProtectionKind::Exact,
        attacker,
        costs: costs(seed),
        forced: Vec::new(),
        case: None,
    };
    let mut rng = Rng(seed);
    let problem = world.problem();
    let unsafe_cells: Vec<CellId> = world.findings.iter().map(|f| f.cell).collect();
    let chosen = seed.is_multiple_of(3);
    let (treatments, hints) = if chosen {
        let mut withheld = problem.primary.clone();
        problem.candidates().for_each(|c| withheld[c] |= rng.chance(50));
        (problem.treatments(&withheld), Vec::new())
    } else {
        let Protection { treatments, failed, witnesses, .. } = protect(&problem, seed);
        if !failed.is_empty() {
            return None;
        }
        (treatments, witnesses)
    };
    let audit = world.audit(&treatments, &problem.demands, &hints);
    assert!(chosen || audit.verdict == Verdict::Safe, "seed {seed}: {:?}", audit.leaks);
    let from_outside =
        brute::truth(&case, &world.system, &treatments, &unsafe_cells, STEPS).map(|t| t.hides(&problem.demands));
    let expect = match from_outside {
        Some(false) => Some(false),
        _ => found_out(&case, &world.system, &unsafe_cells, &treatments, size).map(|found| !found),
    };
    Some(Asked { safe: audit.verdict == Verdict::Safe, expect })
}

fn protect(problem: &Problem, seed: u64) -> Protection {
    suppress(problem, if seed % 5 == 1 { "optimal" } else { "fast" }).expect("the truth fits what is published")
}

/// No record, and no two records together, work out an unsafe count of others in what is called safe; and where it is not
/// called safe they (or outsiders) do.
#[test]
fn insiders_learn_no_other_cell() {
    for size in [1, 2] {
        let asked: Vec<(u64, Asked)> =
            side_by_side(|| (0..SEEDS).into_par_iter().filter_map(|seed| Some((seed, ask(seed, size)?))).collect());
        let mut seen = [0, 0, 0];
        for (seed, a) in asked {
            match a.expect {
                None => seen[2] += 1,
                Some(expect) => {
                    assert_eq!(a.safe, expect, "seed {seed}, {size} together");
                    seen[usize::from(expect)] += 1;
                }
            }
        }
        eprintln!("{size} together: {} unsafe, {} safe, {} too large", seen[0], seen[1], seen[2]);
        assert!(seen[0] >= 100 && seen[1] >= 200, "{size} together: {seen:?}");
    }
}
