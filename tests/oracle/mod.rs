//! The truth by enumeration against what the library says, on thousands of small random linked systems.

mod insiders;

use rayon::prelude::*;
use tabsafe::attack::{Attack, Attacker, Audit, ProtectionKind, targets};
use tabsafe::model::{Demand, Finding, Interval, System, Treatment, Verdict, Want};
use tabsafe::solve::Highs;
use tabsafe::suppress::{CostModel, Problem, suppress};

use crate::brute;
use crate::random::{Case, Rng, side_by_side};

/// Seeds of the attack alone.
const SEEDS: u64 = 2_400;
/// Seeds that are protected, and how many of them must come to a release. One in `LARGE` is as large as those of the attack, one
/// in `OPTIMAL` goes to the exact method.
const PROTECTED: u64 = 15_000;
const RELEASES: usize = 10_000;
const LARGE: u64 = 6;
const OPTIMAL: u64 = 15;
/// Steps of the enumeration of one release; a larger one is skipped.
const STEPS: usize = 300_000;

/// Costs for the tests: the value, totals dearer on odd seeds.
pub fn costs(seed: u64) -> CostModel {
    CostModel { of_value: |v| v, total_factor: 1 + (seed % 2) as i64 * 2, keep_totals: seed % 7 == 6 }
}

/// A problem with the attacker and the protection of the command line manual.
pub fn problem<'a>(system: &'a System, findings: &[Finding], seed: u64) -> Problem<'a> {
    let costs = costs(seed);
    let problem = Problem::new(system, findings, ProtectionKind::Band, Attacker::default(), costs, &Highs, &|| None);
    problem.expect("the truth fits what is published")
}

/// What the library's own attack says of a release.
pub fn audit(system: &System, treatments: &[Treatment], demands: &[Demand]) -> Audit {
    let truth: Vec<i64> = system.cells.iter().map(|c| c.value).collect();
    let public = Attacker::default().view(system, treatments);
    let name = |c: usize| system.words(c);
    let attack = Attack { blocks: &system.blocks, ..Attack::new(&Highs, &name) };
    let asked = targets(system, treatments, demands);
    attack.run(&public, demands, &asked, Some(&truth)).expect("the truth fits what is published")
}

/// What came of one or many checks.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    checked: usize,
    skipped: usize,
    safe: usize,
    unsafe_: usize,
}

impl Tally {
    fn add(self, other: Tally) -> Tally {
        Tally {
            checked: self.checked + other.checked,
            skipped: self.skipped + other.skipped,
            safe: self.safe + other.safe,
            unsafe_: self.unsafe_ + other.unsafe_,
        }
    }
}

/// The attack and the enumeration agree about one set of treatments: the verdict, and each interval.
fn check(seed: u64, case: &Case, system: &System, demands: &[Demand], treatments: &[Treatment]) -> Tally {
    let audit = audit(system, treatments, demands);
    asks_enough(seed, case, system, demands);
    let cells = targets(system, treatments, demands);
    let Some(truth) = brute::truth(case, system, treatments, &cells, STEPS) else {
        return Tally { skipped: 1, ..Tally::default() };
    };
    let expect = if truth.hides(demands) { Verdict::Safe } else { Verdict::Unsafe };
    assert_eq!(audit.verdict, expect, "seed {seed}: the verdict");
    for found in &audit.cells {
        let name = system.words(found.cell);
        assert_eq!(found.interval, truth.interval(found.cell), "seed {seed}: the interval of {name}");
        let own: Vec<Demand> = demands.iter().filter(|d| d.cell == found.cell).cloned().collect();
        let hides = truth.hides(&own);
        assert_eq!(found.protected, hides, "seed {seed}: whether {name} is protected");
    }
    let safe = usize::from(expect == Verdict::Safe);
    Tally { checked: 1, safe, unsafe_: 1 - safe, ..Tally::default() }
}

/// Whatever is withheld, a count may as well be higher than it is, so no demand from the true value upwards is dropped.
fn asks_enough(seed: u64, case: &Case, system: &System, demands: &[Demand]) {
    for cell in demands.iter().map(|d| d.cell) {
        let asked = |v: i64| demands.iter().any(|d| d.cell == cell && d.want == Want::Within(Interval::exactly(v)));
        let kept = (system.value(cell)..case.threshold).all(asked);
        assert!(kept, "seed {seed}: every value from the true one upwards is asked for {}", system.words(cell));
    }
}

/// Adds up what `run` finds about the seeds, on all processors.
fn over_seeds(seeds: u64, run: impl Fn(u64) -> Tally + Sync + Send) -> Tally {
    side_by_side(|| (0..seeds).into_par_iter().map(run).reduce(Tally::default, Tally::add))
}

fn enough(tally: Tally) {
    let all = tally.checked + tally.skipped;
    assert!(tally.checked * 5 >= all * 4, "too many systems were too large to be enumerated: {tally:?}");
    eprintln!("{tally:?}");
}

/// A release that the attack calls safe hides every unsafe cell in truth; 0 of at least 10,000 leak.
#[test]
fn no_release_leaks() {
    let tally = over_seeds(PROTECTED, |seed| {
        let case = if seed % LARGE == 0 { Case::new(seed) } else { Case::small(seed) };
        let system = case.system();
        let findings = case.findings(&system);
        let problem = problem(&system, &findings, seed);
        let method = if seed % OPTIMAL == 0 { "optimal" } else { "fast" };
        let protection = suppress(&problem, method).expect("the truth fits what is published");
        if findings.is_empty() || !protection.failed.is_empty() {
            return Tally::default();
        }
        let tally = check(seed, &case, &system, &problem.demands, &protection.treatments);
        assert!(!protection.limit_reached, "seed {seed}: {method} does not come to an end");
        assert_eq!(tally.unsafe_, 0, "seed {seed}: {method} says that it has hidden everything");
        tally
    });
    enough(tally);
    assert!(tally.safe >= RELEASES, "only {tally:?}");
}

/// Where only the unsafe cells are withheld, the attack finds exactly the leaks that there are.
#[test]
fn leaks_of_primary_suppression_are_found() {
    let tally = over_seeds(SEEDS, |seed| {
        let case = Case::new(seed);
        let system = case.system();
        let problem = problem(&system, &case.findings(&system), seed);
        check(seed, &case, &system, &problem.demands, &problem.treatments(&problem.primary))
    });
    enough(tally);
    assert!(tally.safe >= 100 && tally.unsafe_ >= 1_000, "both must occur: {tally:?}");
}

/// The same where other cells are withheld at random as well.
#[test]
fn leaks_of_random_suppression_are_found() {
    let tally = over_seeds(SEEDS / 2, |seed| {
        let seed = seed + 1_000_000;
        let case = Case::new(seed);
        let system = case.system();
        let problem = problem(&system, &case.findings(&system), seed);
        let mut rng = Rng(seed);
        let percent = [10, 30, 60][rng.below(3)];
        let mut withheld = problem.primary.clone();
        problem.candidates().for_each(|c| withheld[c] |= rng.chance(percent));
        check(seed, &case, &system, &problem.demands, &problem.treatments(&withheld))
    });
    enough(tally);
    assert!(tally.safe >= 100 && tally.unsafe_ >= 200, "both must occur: {tally:?}");
}
