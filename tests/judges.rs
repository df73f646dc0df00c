//! Judges that share nothing agree about any pattern: the attack alone, the attack with tables handed in by a method (good
//! ones and false ones), elimination over a prime field, and enumeration.

use rayon::prelude::*;
use tabsafe::attack::Audit;
use tabsafe::model::{CellId, Treatment, Verdict};

use crate::brute;
use crate::random::{Rng, side_by_side};
use crate::rank;
use crate::worlds::{World, protect, withheld};

const SEEDS: u64 = 500;
/// Steps of the enumeration of one pattern; a larger one is skipped.
const STEPS: usize = 200_000;

/// What came of some patterns.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    checked: usize,
    safe: usize,
    skipped: usize,
    determined: usize,
}

impl Tally {
    fn add(self, other: Tally) -> Tally {
        Tally {
            checked: self.checked + other.checked,
            safe: self.safe + other.safe,
            skipped: self.skipped + other.skipped,
            determined: self.determined + other.determined,
        }
    }
}

/// What an audit says of each cell, but for the tables it shows.
fn told(audit: &Audit) -> String {
    let cells = audit.cells.iter().map(|c| (c.cell, c.interval, c.protected));
    let leaks = audit.leaks.iter().map(|l| (l.cell, l.learned));
    format!("{:?} {:?} {:?}", audit.verdict, cells.collect::<Vec<_>>(), leaks.collect::<Vec<_>>())
}

/// Moves that are none: good ones with a cell changed, left out or added, and cells that do not exist.
fn false_moves(good: &[Vec<(CellId, i64)>], cells: usize, rng: &mut Rng) -> Vec<Vec<(CellId, i64)>> {
    let spoil = |m: &Vec<(CellId, i64)>| {
        let mut m = m.clone();
        let at = rng.below(m.len());
        match rng.below(5) {
            0 => m[at].1 += 1,
            1 => drop(m.remove(at)),
            2 => m.push((rng.below(cells), 1)),
            3 => m.push((cells + rng.below(3), -1)),
            _ => m.iter_mut().for_each(|t| t.1 *= 1_000_000),
        }
        m
    };
    let mut all: Vec<Vec<(CellId, i64)>> = good.iter().map(spoil).collect();
    all.push(vec![]);
    all.push(vec![(0, 1)]);
    all
}

/// All judges on a pattern.
fn judge(world: &World, treatments: &[Treatment], hints: &[Vec<(CellId, i64)>], what: &str) -> Tally {
    let problem = world.problem();
    let audit = world.audit(treatments, &problem.demands, &[]);
    let alone = told(&audit);
    assert_eq!(told(&world.audit(treatments, &problem.demands, hints)), alone, "{what}: good tables change nothing");
    let wrong = false_moves(hints, world.system.cells.len(), &mut Rng(hints.len() as u64));
    assert_eq!(told(&world.audit(treatments, &problem.demands, &wrong)), alone, "{what}: false tables change nothing");

    let published = |c: CellId| treatments[c] == Treatment::Publish;
    let determined = rank::determined(&world.system.relations, |c| !published(c));
    for cell in &audit.cells {
        let known = determined.binary_search(&cell.cell).is_ok();
        let exact = cell.interval.value() == Some(world.system.value(cell.cell));
        assert!(exact || !known, "{what}: cell {} follows from sums alone", cell.cell);
        assert!(!(known && cell.protected && problem.demands.iter().any(|d| d.cell == cell.cell)), "{what}");
    }
    let determined = determined.len();
    let safe = usize::from(audit.verdict == Verdict::Safe);
    let Some(case) = &world.case else { return Tally { checked: 1, safe, determined, ..Tally::default() } };
    let cells: Vec<CellId> = audit.cells.iter().map(|c| c.cell).collect();
    let Some(truth) = brute::truth(case, &world.system, treatments, &cells, STEPS) else {
        return Tally { skipped: 1, ..Tally::default() };
    };
    let expect = if truth.hides(&problem.demands) { Verdict::Safe } else { Verdict::Unsafe };
    assert_eq!(audit.verdict, expect, "{what}: the verdict");
    for found in &audit.cells {
        assert_eq!(found.interval, truth.interval(found.cell), "{what}: the interval of cell {}", found.cell);
    }
    Tally { checked: 1, safe, determined, ..Tally::default() }
}

/// The pattern of the fast method, with its tables, and the same pattern with one secondary cell published.
fn of_method(world: &World, seed: u64) -> Tally {
    let problem = world.problem();
    let protection = protect(&problem, "fast");
    let tally = judge(world, &protection.treatments, &protection.witnesses, &world.name);
    let mut less = withheld(&protection);
    let secondary: Vec<CellId> = problem.candidates().filter(|&c| less[c]).collect();
    if secondary.is_empty() {
        return tally;
    }
    let cell = secondary[Rng(seed).below(secondary.len())];
    less[cell] = false;
    let what = format!("{}, without cell {cell}", world.name);
    tally.add(judge(world, &problem.treatments(&less), &protection.witnesses, &what))
}

/// Cells withheld by chance, with the tables of the fast method, most of which do not fit.
fn by_chance(world: &World, seed: u64) -> Tally {
    let problem = world.problem();
    let mut rng = Rng(seed ^ 0x6a75_6467);
    let percent = [15, 35, 60][rng.below(3)];
    let mut chosen = problem.primary.clone();
    problem.candidates().for_each(|c| chosen[c] |= rng.chance(percent));
    let hints = protect(&problem, "fast").witnesses;
    judge(world, &problem.treatments(&chosen), &hints, &format!("{}, by chance", world.name))
}

fn all(run: impl Fn(&World, u64) -> Tally + Sync) -> Tally {
    let worlds = (0..SEEDS).into_par_iter().flat_map_iter(|seed| [(true, seed), (false, seed)]);
    let one = |(counts, seed): (bool, u64)| {
        let world = if counts { World::counts(seed + 7_000) } else { World::magnitudes(seed + 7_000) };
        run(&world, seed)
    };
    let tally = side_by_side(|| worlds.map(one).reduce(Tally::default, Tally::add));
    eprintln!("{tally:?}");
    assert!(tally.skipped * 10 <= tally.checked, "too many systems were too large to be enumerated: {tally:?}");
    tally
}

/// On the patterns of a method, and on those that lack one cell.
#[test]
fn judges_agree_on_patterns_of_a_method() {
    let tally = all(of_method);
    assert!(tally.safe >= 500 && tally.checked - tally.safe >= 300, "both must occur: {tally:?}");
}

/// On patterns by chance.
#[test]
fn judges_agree_on_patterns_by_chance() {
    let tally = all(by_chance);
    assert!(tally.safe >= 100 && tally.determined >= 500, "both must occur: {tally:?}");
}
