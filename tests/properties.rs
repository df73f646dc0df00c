//! What must not change a result, and what may change it in one direction only.

use rayon::prelude::*;
use tabsafe::model::{CellId, Groups, Interval, Protection, System, Treatment};
use tabsafe::suppress::suppress;

use crate::oracle::{audit, problem};
use crate::random::{Case, Rng, side_by_side};

const SEEDS: u64 = 150;

/// Runs a check on every seed.
fn over_seeds(check: impl Fn(u64) + Sync + Send) {
    side_by_side(|| (0..SEEDS).into_par_iter().for_each(check));
}

fn protect(case: &Case, system: &System, seed: u64, method: &str) -> Protection {
    let problem = problem(system, &case.findings(system), seed);
    suppress(&problem, method).expect("the truth fits what is published")
}

/// Everything about a protection that could differ.
fn told(protection: &Protection) -> String {
    // the reasons speak of cells by their names
    let failed = protection.failed.iter().map(|f| (f.0, String::new())).collect();
    format!("{:?}", Protection { failed, ..protection.clone() })
}

/// The records one by one, in another order.
fn shuffled(groups: &Groups, rng: &mut Rng) -> Groups {
    let count = |g: usize| groups.records[g] as usize;
    let mut order: Vec<usize> = (0..groups.len()).flat_map(|g| std::iter::repeat_n(g, count(g))).collect();
    (1..order.len()).for_each(|i| order.swap(i, rng.below(i + 1)));
    Groups {
        leaf: groups.leaf.iter().map(|column| order.iter().map(|&g| column[g]).collect()).collect(),
        records: vec![1; order.len()],
        ..Groups::default()
    }
}

/// The order of the records, and how they are grouped, change nothing.
#[test]
fn order_of_records() {
    over_seeds(|seed| {
        let mut case = Case::new(seed);
        let before = told(&protect(&case, &case.system(), seed, "auto"));
        case.groups = shuffled(&case.groups, &mut Rng(seed));
        assert_eq!(told(&protect(&case, &case.system(), seed, "auto")), before, "seed {seed}");
    });
}

/// Names of variables and categories change nothing.
#[test]
fn names() {
    over_seeds(|seed| {
        let mut case = Case::new(seed);
        let before = told(&protect(&case, &case.system(), seed, "auto"));
        for axis in case.tables.iter_mut().flat_map(|t| &mut t.axes) {
            axis.label = format!("{} of another name", axis.label);
            for (i, entry) in axis.entries.iter_mut().enumerate() {
                entry.label = format!("{}-{i}", 97 - i);
                entry.code = entry.label.clone();
            }
        }
        assert_eq!(told(&protect(&case, &case.system(), seed, "auto")), before, "seed {seed}");
    });
}

/// The number of threads changes nothing, in what is withheld and in what the attack tells.
#[test]
fn number_of_threads() {
    let run = |threads: usize| -> Vec<String> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let one = |seed: u64| {
            let case = Case::new(seed);
            let system = case.system();
            let problem = problem(&system, &case.findings(&system), seed);
            let method = if seed.is_multiple_of(2) { "optimal" } else { "fast" };
            let protection = suppress(&problem, method).expect("the truth fits what is published");
            format!("{protection:?} {:?}", audit(&system, &protection.treatments, &problem.demands))
        };
        pool.install(|| (0..SEEDS / 3).map(one).collect())
    };
    let alone = run(1);
    for threads in [2, 8] {
        for (seed, (a, b)) in alone.iter().zip(run(threads)).enumerate() {
            assert_eq!(*a, b, "seed {seed}, {threads} threads");
        }
    }
}

fn intervals(system: &System, treatments: &[Treatment]) -> Vec<(CellId, Interval)> {
    audit(system, treatments, &[]).cells.iter().map(|c| (c.cell, c.interval)).collect()
}

/// To publish one more cell never widens what an intruder must think possible.
#[test]
fn publishing_never_widens() {
    over_seeds(|seed| {
        let case = Case::new(seed);
        let system = case.system();
        let mut treatments = protect(&case, &system, seed, "fast").treatments;
        let mut before = intervals(&system, &treatments);
        while let Some((cell, _)) = before.first().copied() {
            treatments[cell] = Treatment::Publish;
            let after = intervals(&system, &treatments);
            for &(c, narrow) in &after {
                let wide = before.iter().find(|b| b.0 == c).map(|b| b.1);
                assert_eq!(wide.map(|w| w.meet(narrow)), Some(narrow), "seed {seed}: {}", system.words(c));
            }
            before = after;
        }
    });
}
