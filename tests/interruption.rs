//! A limit in the middle of the work gives a pattern that the attack proves, or an outcome that says that a limit was
//! reached; never an unproved pattern, and never "this can't be hidden" for want of time.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use tabsafe::attack::{Attack, targets};
use tabsafe::model::{CellId, Harm, Protection, Verdict};
use tabsafe::pipeline::{Options, instance_attacker, protect_instance, run};
use tabsafe::policy::{Plan, Policy};
use tabsafe::solve::{Answer, Effort, Highs, Program, Row, Session, Solver, Status};
use tabsafe::spec::Spec;
use tabsafe::suppress::Problem;

use crate::random::{Rng, side_by_side};
use crate::worlds::{World, protect};

/// Systems of each sort.
const SEEDS: u64 = 60;
/// Moments at which the time of one system runs out.
const MOMENTS: usize = 12;
const METHODS: [&str; 2] = ["fast", "optimal"];

/// A clock that says "time enough" so many times, and then that none is left.
struct Clock {
    left: AtomicUsize,
    asked: AtomicUsize,
}

impl Clock {
    fn new(left: usize) -> Clock {
        Clock { left: AtomicUsize::new(left), asked: AtomicUsize::new(0) }
    }

    fn tell(&self) -> Option<f64> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let enough = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)).is_ok();
        Some(if enough { 1e6 } else { 0.0 })
    }
}

/// A solver whose answers stop after so many, as they do when its time is over.
struct Tired {
    left: Arc<AtomicUsize>,
}

impl Tired {
    fn after(answers: usize) -> Tired {
        Tired { left: Arc::new(AtomicUsize::new(answers)) }
    }
}

struct TiredSession {
    inner: Box<dyn Session>,
    left: Arc<AtomicUsize>,
}

impl Solver for Tired {
    fn open(&self, program: &Program, effort: Effort) -> Box<dyn Session> {
        Box::new(TiredSession { inner: Highs.open(program, effort), left: Arc::clone(&self.left) })
    }
}

impl Session for TiredSession {
    fn set_cost(&mut self, column: usize, cost: f64) {
        self.inner.set_cost(column, cost);
    }

    fn set_bounds(&mut self, column: usize, lo: f64, hi: f64) {
        self.inner.set_bounds(column, lo, hi);
    }

    fn add_row(&mut self, row: &Row) {
        self.inner.add_row(row);
    }

    fn solve(&mut self) -> Answer {
        let answer = self.inner.solve();
        match self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)) {
            Ok(_) => answer,
            Err(_) => Answer { status: Status::Stopped, columns: vec![], bound: f64::NEG_INFINITY, ..answer },
        }
    }
}

/// A pattern is proved, or a limit was reached, or what it calls hopeless is. Whether it is proved.
fn proved_or_told(world: &World, problem: &Problem, protection: &Protection, what: &str) -> bool {
    let audit = world.audit(&protection.treatments, &problem.demands, &protection.witnesses);
    if protection.failed.is_empty() && audit.verdict == Verdict::Safe {
        return true;
    }
    if protection.limit_reached {
        return false;
    }
    let everything: Vec<bool> =
        (0..problem.primary.len()).map(|c| problem.primary[c] || problem.candidate[c]).collect();
    let open = world.problem().unmet(&everything).expect("the truth fits what is published");
    let beyond = |cell: CellId| open.iter().any(|&d| problem.demands[d].cell == cell);
    assert!(!protection.failed.is_empty(), "{what}: not proved, and no limit is told");
    assert!(protection.failed.iter().all(|f| beyond(f.0)), "{what}: {:?} for want of time", protection.failed);
    false
}

/// What a check says of each world.
fn over_worlds<T: Send>(check: impl Fn(World) -> T + Sync + Send) -> Vec<T> {
    let worlds = (0..SEEDS).into_par_iter().flat_map_iter(|seed| [counts(seed), magnitudes(seed)]);
    side_by_side(|| worlds.map(check).collect())
}

/// Counts. Those kinds of protection that ask for tables far from each other are another matter (see `invariants`).
fn counts(seed: u64) -> World {
    World::counts((seed + 9_000) * 5 + [0, 1, 2, 4][seed as usize % 4])
}

/// Magnitudes without sliding levels, for the same reason.
fn magnitudes(seed: u64) -> World {
    let mut world = World::magnitudes(seed + 9_000);
    for finding in &mut world.findings {
        if let Harm::Levels { spread, .. } = &mut finding.harm {
            *spread = 0;
        }
    }
    world
}

/// The clock runs out at the n-th time that it is asked, for many n.
#[test]
fn at_any_moment() {
    let all: Vec<(usize, usize)> = over_worlds(|world| {
        let (mut proved, mut stopped) = (0, 0);
        for method in METHODS {
            let clock = Clock::new(usize::MAX);
            let endless = || clock.tell();
            let whole = protect(&world.problem_with(&Highs, &endless), method);
            assert!(!whole.limit_reached, "{}, {method}: there was time enough", world.name);
            let moments = clock.asked.load(Ordering::Relaxed);
            for n in (0..moments).step_by(moments / MOMENTS + 1) {
                let clock = Clock::new(n);
                let told = || clock.tell();
                let problem = world.problem_with(&Highs, &told);
                let protection = protect(&problem, method);
                let what = format!("{}, {method}, {n} of {moments} times", world.name);
                match proved_or_told(&world, &problem, &protection, &what) {
                    true => proved += 1,
                    false => stopped += usize::from(protection.limit_reached),
                }
            }
        }
        (proved, stopped)
    });
    let (proved, stopped) = (all.iter().map(|a| a.0).sum::<usize>(), all.iter().map(|a| a.1).sum::<usize>());
    assert!(proved > 200 && stopped > 100, "both must occur: {proved} {stopped}");
}

/// The solver gives up at its n-th answer, for many n: no pattern is called safe that is not.
#[test]
fn in_the_solver() {
    let (stopped, _) = tired(|_, _| true);
    assert!(stopped > 20, "only {stopped} were stopped");
}

/// And nothing is called beyond protection because the solver gave up.
#[test]
fn in_the_solver_without_false_despair() {
    let (_, despaired) =
        tired(|protection, beyond| protection.limit_reached || protection.failed.iter().all(|f| beyond(f.0)));
    assert!(despaired.is_empty(), "{}", despaired.join("\n"));
}

/// How many patterns a solver that gives up left without proof, and those of them that `honest` does not hold for. It is told
/// which cells are beyond protection.
fn tired(honest: impl Fn(&Protection, &dyn Fn(CellId) -> bool) -> bool + Sync) -> (usize, Vec<String>) {
    let of_world = |world: World| {
        let (mut stopped, mut dishonest) = (0, Vec::new());
        let well = world.problem();
        let everything: Vec<bool> = (0..well.primary.len()).map(|c| well.primary[c] || well.candidate[c]).collect();
        let open = well.unmet(&everything).expect("the truth fits what is published");
        let beyond = |cell: CellId| open.iter().any(|&d| well.demands[d].cell == cell);
        for (method, n) in METHODS.into_iter().flat_map(|m| [0, 1, 2, 3, 5, 8, 13, 21, 34].map(|n| (m, n))) {
            // the demands are posed with a solver that is well
            let tired = Tired::after(n);
            let mut problem = world.problem();
            problem.solver = &tired;
            let protection = protect(&problem, method);
            let audit = world.audit(&protection.treatments, &problem.demands, &protection.witnesses);
            let safe = audit.verdict == Verdict::Safe;
            let what = format!("{}, {method}, {n} answers", world.name);
            let told = protection.limit_reached || !protection.failed.is_empty();
            assert!(safe || told, "{what}: not safe, and it does not say so");
            stopped += usize::from(!safe);
            if !honest(&protection, &beyond) {
                dishonest.push(format!("{what}: {:?}", protection.failed));
            }
        }
        (stopped, dishonest)
    };
    let all: Vec<(usize, Vec<String>)> = over_worlds(of_world);
    (all.iter().map(|a| a.0).sum(), all.into_iter().flat_map(|a| a.1).collect())
}

/// An attack without the truth, whose solver gives up, never says "safe" of what leaks.
#[test]
fn in_the_attack() {
    let open: usize = tired_attacks(|told, truth| told == truth || told != Verdict::Safe);
    assert!(open > 20, "only {open} were left open");
}

/// Nor "unsafe" of what does not leak.
#[test]
fn in_the_attack_without_false_alarm() {
    tired_attacks(|told, truth| told == truth || told == Verdict::Inconclusive);
}

/// Attacks patterns by chance with solvers that give up; `honest` is asked about each verdict and the one of a solver that is
/// well. How many were left open.
fn tired_attacks(honest: impl Fn(Verdict, Verdict) -> bool + Sync + Send) -> usize {
    let open = over_worlds(|world| {
        let problem = world.problem();
        let mut rng = Rng(world.system.cells.len() as u64);
        let mut chosen = problem.primary.clone();
        problem.candidates().for_each(|c| chosen[c] |= rng.chance(50));
        let treatments = problem.treatments(&chosen);
        let truth = world.audit(&treatments, &problem.demands, &[]).verdict;
        let name = |c: CellId| world.system.words(c);
        let public = world.attacker.view(&world.system, &treatments);
        let asked = targets(&world.system, &treatments, &problem.demands);
        let mut open = 0;
        for n in [0, 1, 2, 4, 8, 16] {
            let tired = Tired::after(n);
            let attack = Attack { whole: world.attacker.integers, ..Attack::new(&tired, &name) };
            let audit = attack.run(&public, &problem.demands, &asked, None).expect("it fits");
            let what = format!("{}, {n} answers: {:?}, not {truth:?}", world.name, audit.verdict);
            assert!(honest(audit.verdict, truth), "{what}");
            open += usize::from(audit.verdict == Verdict::Inconclusive);
        }
        open
    });
    open.iter().sum()
}

/// A whole instance: the verdict is "safe" and proved, or "inconclusive"; never "unsafe".
#[test]
fn of_an_instance() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/csplib/TARGUS.jj");
    let protect = |method: &str, n: usize| {
        let clock = Clock::new(n);
        let told = || clock.tell();
        let options = Options { time_left: &told, ..Options::new(&Highs) };
        let outcome = protect_instance(&path, instance_attacker(), method, &options).expect("an instance");
        (outcome, clock.asked.load(Ordering::Relaxed))
    };
    for method in METHODS {
        let moments = protect(method, usize::MAX).1;
        let mut seen = [0, 0];
        for n in (0..moments).step_by(moments / 25 + 1) {
            let (outcome, _) = protect(method, n);
            match outcome.verdict() {
                Verdict::Safe => assert!(outcome.audit.cells.iter().all(|c| c.protected), "{method}, {n}"),
                verdict => assert_eq!(verdict, Verdict::Inconclusive, "{method}, {n} of {moments}"),
            }
            seen[usize::from(outcome.verdict() == Verdict::Safe)] += 1;
        }
        assert!(seen[0] > 0 && seen[1] > 0, "{method}: both must occur: {seen:?}");
    }
}

/// Two linked tables of a few records, and where they stand.
fn records() -> (tempfile::TempDir, Spec) {
    let dir = tempfile::tempdir().expect("a folder");
    let mut data = "region,sex,age\n".to_owned();
    for (i, count) in [4, 1, 9, 2, 7, 3, 12, 5, 1, 8, 6, 2].into_iter().enumerate() {
        let line = format!("r{},s{},a{}\n", i % 3, i / 3 % 2, i / 6);
        data += &line.repeat(count);
    }
    fs::write(dir.path().join("data.csv"), data).expect("written");
    let variable =
        |name: &str| format!("[variables.{name}]\nlabel = \"{name}\"\ncolumn = \"{name}\"\nmissing = \"error\"\n");
    let table = |rows: &str, columns: &str| {
        format!("[[tables]]\ntitle = \"{rows} by {columns}\"\nrows = [\"{rows}\"]\ncolumns = [\"{columns}\"]\n")
    };
    let text = format!(
        "title = \"T\"\n[input]\nfile = \"data.csv\"\n{}{}{}{}{}",
        variable("region"),
        variable("sex"),
        variable("age"),
        table("region", "sex"),
        table("region", "age"),
    );
    let path = dir.path().join("release.toml");
    fs::write(&path, &text).expect("written");
    let spec = Spec::load(&path).unwrap_or_else(|faults| panic!("a specification: {faults:?}"));
    (dir, spec)
}

/// A run of the pipeline on records, and how often its clock was asked.
fn of_records(spec: &Spec, method: &str, n: usize) -> (tabsafe::pipeline::Outcome, usize) {
    let mut policy = Policy::from_threshold(5).expect("a policy");
    if let Plan::Suppress(plan) = &mut policy.plan {
        plan.method = method.to_owned();
    }
    let clock = Clock::new(n);
    let told = || clock.tell();
    let options = Options { time_left: &told, ..Options::new(&Highs) };
    let outcome = run(spec, &policy, &options).unwrap_or_else(|e| panic!("a run: {e}"));
    (outcome, clock.asked.load(Ordering::Relaxed))
}

/// Tables from records: a release is made only where everything is proved, whenever the time runs out.
#[test]
fn of_a_release() {
    let (_dir, spec) = records();
    for method in METHODS {
        let (whole, moments) = of_records(&spec, method, usize::MAX);
        assert!(whole.release.is_ok() && moments > 3, "{method}: with time enough there is a release");
        let mut refused = 0;
        for n in 0..moments.min(60) {
            let (outcome, _) = of_records(&spec, method, n);
            let proved = outcome.audit.verdict == Verdict::Safe && outcome.audit.cells.iter().all(|c| c.protected);
            assert_eq!(outcome.release.is_ok(), proved && outcome.protection.failed.is_empty(), "{method}, {n}");
            refused += usize::from(outcome.release.is_err());
        }
        assert!(refused > 0, "{method}: a search without any time finds nothing");
    }
}

/// What a limit left undone is told as such, not as unsafe: exit code 4 and not 1.
#[test]
fn of_a_release_is_inconclusive() {
    let (_dir, spec) = records();
    for method in METHODS {
        let (outcome, _) = of_records(&spec, method, 0);
        assert!(outcome.protection.limit_reached, "{method}");
        let refusal = outcome.release.expect_err("nothing is released");
        assert_eq!(refusal, tabsafe::release::Refusal::NotSafe(Verdict::Inconclusive), "{method}");
    }
}
