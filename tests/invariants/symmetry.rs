//! What must not change a result.

use rayon::prelude::*;
use tabsafe::model::{Block, Cell, CellId, Finding, Harm, Interval, Relation, System, Verdict};

use crate::random::{Rng, side_by_side};
use crate::worlds::{World, protect};

/// Systems of each sort for the comparisons that take several runs.
const SEEDS: u64 = 60;

/// Adds up what a check of each seed counts.
fn over_seeds(seeds: u64, check: impl Fn(u64) -> usize + Sync + Send) -> usize {
    side_by_side(|| (0..seeds).into_par_iter().map(check).sum())
}

/// The same bytes with 1, 2 and 8 threads: what is withheld, the witnesses, and all that the attack tells.
#[test]
fn number_of_threads() {
    let run = |threads: usize| -> Vec<String> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let one = |world: World, method: &str| {
            let problem = world.problem();
            let protection = protect(&problem, method);
            let audit = world.audit(&protection.treatments, &problem.demands, &protection.witnesses);
            format!("{}, {method}: {protection:?} {audit:?}", world.name)
        };
        let of = |seed: u64| {
            let method = if seed.is_multiple_of(3) { "optimal" } else { "fast" };
            [one(World::counts(seed), method), one(World::magnitudes(seed), method)]
        };
        pool.install(|| (0..SEEDS).flat_map(of).collect())
    };
    let alone = run(1);
    for threads in [2, 8] {
        for (a, b) in alone.iter().zip(run(threads)) {
            assert_eq!(*a, b, "{threads} threads");
        }
    }
}

/// A world with its cells in another order, and its relations in another order.
fn permuted(world: &World, rng: &mut Rng) -> World {
    let n = world.system.cells.len();
    let mut to: Vec<CellId> = (0..n).collect();
    (1..n).for_each(|i| to.swap(i, rng.below(i + 1)));
    let mut from = vec![0; n];
    to.iter().enumerate().for_each(|(old, &new)| from[new] = old);
    let mut relations: Vec<Relation> = (world.system.relations.iter())
        .map(|r| Relation { terms: r.terms.iter().map(|&(c, k)| (to[c], k)).collect(), constant: r.constant })
        .collect();
    (1..relations.len()).for_each(|i| relations.swap(i, rng.below(i + 1)));
    let block = |b: &Block| Block { dims: b.dims.clone(), cells: b.cells.iter().map(|&c| to[c]).collect() };
    World {
        name: format!("{}, in another order", world.name),
        system: System {
            measures: world.system.measures.clone(),
            cells: from.iter().map(|&c| world.system.cells[c].clone()).collect(),
            relations,
            blocks: world.system.blocks.iter().map(block).collect(),
            prior: from.iter().map(|&c| world.system.prior[c]).collect(),
            ..System::default()
        },
        findings: world.findings.iter().map(|f| Finding { cell: to[f.cell], ..f.clone() }).collect(),
        forced: world.forced.iter().map(|&c| to[c]).collect(),
        case: None,
        ..*world
    }
}

/// A world with all its values, bounds and levels `by` times as large.
fn scaled(world: &World, by: i64) -> World {
    let times = |i: &Interval| Interval { lo: i.lo.map(|b| b * by), hi: i.hi.map(|b| b * by) };
    let harm = |harm: Harm| match harm {
        Harm::Levels { lower, upper, spread } => {
            Harm::Levels { lower: lower * by, upper: upper * by, spread: spread * by }
        }
        other => other,
    };
    World {
        name: format!("{}, times {by}", world.name),
        system: System {
            cells: world.system.cells.iter().map(|c| Cell { value: c.value * by, ..c.clone() }).collect(),
            prior: world.system.prior.iter().map(times).collect(),
            ..world.system.clone()
        },
        findings: world.findings.iter().map(|f| Finding { harm: harm(f.harm), ..f.clone() }).collect(),
        forced: world.forced.clone(),
        case: None,
        ..*world
    }
}

/// The order of cells and relations changes neither whether all can be hidden nor the least loss.
#[test]
fn order_of_cells() {
    let hidden: usize = over_seeds(2 * SEEDS, |seed| {
        let world = World::magnitudes(seed);
        let other = permuted(&world, &mut Rng(seed));
        let [a, b] = [&world, &other].map(|w| protect(&w.problem(), "optimal"));
        assert_eq!(a.failed.is_empty(), b.failed.is_empty(), "{}", other.name);
        if a.failed.is_empty() {
            assert_eq!(a.loss, b.loss, "{}", other.name);
        }
        usize::from(a.failed.is_empty() && a.loss > 0)
    });
    assert!(hidden > 30, "only {hidden} had something to lose");
}

/// Seven times the values, bounds and levels lose seven times as much in a two-way table.
#[test]
fn scale_of_values() {
    let hidden: usize = over_seeds(3 * SEEDS, |i| {
        let mut world = World::magnitudes(4 * i);
        // an empty cell costs 1 whatever the scale
        let empty: Vec<CellId> = (0..world.system.cells.len()).filter(|&c| world.system.value(c) == 0).collect();
        world.findings.retain(|f| !empty.contains(&f.cell));
        world.forced.extend(empty);
        let other = scaled(&world, 7);
        let [a, b] = [&world, &other].map(|w| protect(&w.problem(), "optimal"));
        assert_eq!(a.failed.is_empty(), b.failed.is_empty(), "{}", other.name);
        if a.failed.is_empty() {
            assert_eq!(a.loss * 7, b.loss, "{}", other.name);
        }
        usize::from(a.failed.is_empty() && a.loss > 0)
    });
    assert!(hidden > 30, "only {hidden} had something to lose");
}

/// Amounts of a thousand million are hidden, or found beyond that, as small ones are; and the attack agrees.
#[test]
fn large_amounts() {
    assert!(hidden_at(1_000_003) > 60);
}

/// The same for amounts of a hundred thousand million, which JJ files may hold.
#[test]
fn very_large_amounts() {
    assert!(hidden_at(100_000_007) > 60);
}

/// How many patterns of magnitudes that are `by` times as large could be hidden.
fn hidden_at(by: i64) -> usize {
    over_seeds(2 * SEEDS, |seed| {
        let small = World::magnitudes(seed);
        let large = scaled(&small, by);
        let mut hidden = 0;
        for method in ["fast", "optimal"] {
            let problem = large.problem();
            let protection = protect(&problem, method);
            let what = format!("{}, {method}", large.name);
            if protect(&small.problem(), method).failed.is_empty() {
                assert_eq!(protection.failed, [], "{what}");
            }
            if protection.failed.is_empty() {
                let audit = large.audit(&protection.treatments, &problem.demands, &[]);
                assert_eq!(audit.verdict, Verdict::Safe, "{what}");
                hidden += 1;
            }
        }
        hidden
    })
}

/// A search that puts a large amount together from smaller moves does not creep towards it unit by unit: here it did, for
/// hours.
#[test]
fn no_creeping() {
    let world = scaled(&World::magnitudes(42), 100_000_007);
    let problem = world.problem();
    let protection = protect(&problem, "fast");
    assert!(protection.failed.len() + protection.witnesses.len() > 0, "it comes to an end");
}
