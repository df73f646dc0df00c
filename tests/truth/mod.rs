//! The truth of releases, written a second time: worlds from seeds over the whole language of the specification, what is
//! released of them, and what a reader can work out from that and no more.
//!
//! Nothing here uses the product's linking, rules or attack: `kinds` makes the kinds of units that are possible, `printed` runs
//! the product and takes its figures as statements, `reader` adds what follows without being told, `groups` names groups whose
//! true number is unsafe (`truths` holds the rules), `walk` and `solver` say what is possible of them, `judge` puts it together.
//! `cases` are releases that once leaked.
//!
//! By hand, for many seeds: `TABSAFE_TRUTH_FROM=0 TABSAFE_TRUTH_COUNT=1000000 cargo test --release --test all
//! truth::by_hand -- --ignored --nocapture`; `TABSAFE_TRUTH_ONLY` and `TABSAFE_TRUTH_WITHOUT` are lists of features,
//! `TABSAFE_TRUTH_UNJUDGED` of groups that are not looked at (`union`, `difference-narrow`), `TABSAFE_TRUTH_SHOW` says how many leaks of each sort are printed,
//! `TABSAFE_TRUTH_THREADS` how many releases are made side by side.

mod algebra;
mod bits;
mod cases;
mod generator;
mod groups;
mod judge;
mod kinds;
mod printed;
mod reader;
mod shrink;
mod solver;
mod sql;
mod truths;
mod walk;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use self::generator::Allowed;
use self::judge::{Judged, Leak, judge};
use self::printed::{Came, as_text, came, write_data};
use self::world::World;

/// Room for one release at a time.
const STACK: usize = 64 << 20;

/// Releases of every run of the tests, more than 20,000: of records and sums, and of persons, which take longer. From, how many,
/// and the features that are left out.
const RUNS: [(u64, u64, &[&str]); 2] =
    [(0, 18_500, &["persons", "persons-beside-records"]), (20_000, 1_600, &["records", "sums", "sums-beside-counts"])];

/// Seeds of these whose releases leak still: 7032, 13664 and 14655 by sums beside counts that cross them, 12272 by a zero that is unsafe
/// (nobody in a category that one table lists and another leaves out), 21077, 21161 and 21534 by persons beside records. Each is
/// printed as long as it does.
const OPEN: &[u64] = &[7_032, 12_272, 13_664, 14_655, 21_077, 21_161, 21_534];

/// Sorts of leaks that are not looked for in the tests yet: beginnings of their labels.
const NOT_JUDGED_YET: &[&str] = &[];

/// What came of one world.
struct One {
    seed: u64,
    features: BTreeSet<&'static str>,
    verdict: &'static str,
    /// For a refusal or a fault, what was said.
    said: String,
    leaks: Vec<Leak>,
    /// How many unsafe groups were judged.
    groups: usize,
    /// Seconds in the product and in the judging.
    seconds: [f64; 2],
}

fn one(seed: u64, allowed: &Allowed) -> One {
    one_of(&generator::world(seed, allowed), seed, allowed)
}

fn one_of(world: &World, seed: u64, allowed: &Allowed) -> One {
    let folder = tempfile::tempdir().expect("a folder");
    write_data(world, folder.path());
    let began = Instant::now();
    let came = came(folder.path(), &world.spec(), &world.policy.text());
    let ran = began.elapsed().as_secs_f64();
    let mut one = One {
        seed,
        features: world.features.clone(),
        verdict: "",
        said: String::new(),
        leaks: Vec::new(),
        groups: 0,
        seconds: [0.0; 2],
    };
    one.verdict = match came {
        Came::Released(outcome) => {
            let release = outcome.release.as_ref().expect("a release");
            match judge(world, release, seed) {
                Judged::Leaks(leaks, groups) => {
                    one.leaks = leaks;
                    one.groups = groups;
                    if one.leaks.is_empty() { "safe" } else { "leak" }
                }
                Judged::TooLarge => "too-large",
            }
        }
        Came::Unsafe => "unsafe",
        Came::Inconclusive => "inconclusive",
        Came::Refused(code, said) => {
            one.said = said;
            if code == 3 { "refused-3" } else { "refused-2" }
        }
        Came::Internal(said) => {
            one.said = said;
            "fault"
        }
    };
    one.leaks.retain(|l| !allowed.unjudged.iter().any(|u| l.label.starts_with(u)));
    if one.verdict == "leak" && one.leaks.is_empty() {
        one.verdict = "safe";
    }
    one.seconds = [ran, began.elapsed().as_secs_f64() - ran];
    one
}

/// Everything about the smallest world made from one that fails in a way, for people.
fn told(seed: u64, allowed: &Allowed, fails: &dyn Fn(&One) -> bool) -> String {
    let world = shrink::smaller(generator::world(seed, allowed), &|w| fails(&one_of(w, seed, allowed)));
    let leaks = one_of(&world, seed, allowed).leaks;
    let words = leaks.iter().map(|l| format!("{}: {}\n", l.label, l.words)).collect::<String>();
    words + &in_full(&world)
}

fn in_full(world: &World) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    write_data(world, folder.path());
    let mut text = format!("{}\n--- policy\n{}\n--- data\n{}", world.spec(), world.policy.text(), world.csv());
    if let Came::Released(outcome) = came(folder.path(), &world.spec(), &world.policy.text()) {
        text += &format!("--- released\n{}", as_text(outcome.release.as_ref().expect("a release")));
    }
    text
}

/// Whether a world leaks in the way that a line of the tally names.
fn leaks_so(one: &One, label: &str) -> bool {
    one.leaks.iter().any(|l| label.ends_with(&format!(": {}", l.label)))
}

/// Features from an environment variable, separated by commas.
fn listed(name: &str) -> Option<BTreeSet<String>> {
    let text = std::env::var(name).ok()?;
    Some(text.split(',').map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()).collect())
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(usual)
}

/// How often what came of worlds, for each feature.
#[derive(Default)]
struct Tally {
    verdicts: BTreeMap<&'static str, usize>,
    by_feature: BTreeMap<&'static str, BTreeMap<&'static str, usize>>,
    /// Per sort of leak the seeds, and features of the first.
    leaks: BTreeMap<String, Vec<(u64, String)>>,
    refusals: BTreeMap<String, Vec<u64>>,
    groups: usize,
    seconds: [f64; 2],
    /// The longest runs of the product.
    slow: Vec<(f64, u64)>,
}

/// Releases that are named because they took longest.
const SLOW: usize = 8;

impl Tally {
    fn add(mut self, one: One) -> Tally {
        self.seconds = [0, 1].map(|i| self.seconds[i] + one.seconds[i]);
        *self.verdicts.entry(one.verdict).or_default() += 1;
        self.groups += one.groups;
        self.slow.push((one.seconds[0], one.seed));
        for feature in &one.features {
            *self.by_feature.entry(feature).or_default().entry(one.verdict).or_default() += 1;
        }
        let labels: BTreeMap<&String, &String> = one.leaks.iter().rev().map(|l| (&l.label, &l.words)).collect();
        for (label, words) in labels {
            let mode = generator::MODES.iter().find(|m| one.features.contains(m.0)).map_or("", |m| m.0);
            let round = if one.features.iter().any(|f| f.starts_with("round-")) { ", rounded" } else { "" };
            let zero = one.features.iter().find(|f| f.starts_with("zero-")).copied().unwrap_or_default();
            self.leaks.entry(format!("{mode}{round}, {zero}: {label}")).or_default().push((one.seed, words.clone()));
        }
        if !one.said.is_empty() {
            let said = one.said.lines().next().unwrap_or_default();
            // whatever the cell
            let said = said.find(" is printed, ").map_or(said, |at| &said[at..]);
            let what = format!("{}: {said}", one.verdict);
            self.refusals.entry(what).or_default().push(one.seed);
        }
        self
    }

    fn join(mut self, other: Tally) -> Tally {
        self.groups += other.groups;
        self.slow.extend(other.slow);
        self.seconds = [0, 1].map(|i| self.seconds[i] + other.seconds[i]);
        other.verdicts.into_iter().for_each(|(v, n)| *self.verdicts.entry(v).or_default() += n);
        for (feature, verdicts) in other.by_feature {
            let own = self.by_feature.entry(feature).or_default();
            verdicts.into_iter().for_each(|(v, n)| *own.entry(v).or_default() += n);
        }
        other.leaks.into_iter().for_each(|(l, seeds)| self.leaks.entry(l).or_default().extend(seeds));
        other.refusals.into_iter().for_each(|(l, seeds)| self.refusals.entry(l).or_default().extend(seeds));
        self
    }

    /// The same whatever the threads.
    fn sorted(mut self) -> Tally {
        self.leaks.values_mut().for_each(|seeds| seeds.sort());
        self.refusals.values_mut().for_each(|seeds| seeds.sort());
        self.slow.sort_by(|a, b| b.0.total_cmp(&a.0));
        self
    }

    fn print(&self) {
        const VERDICTS: [&str; 8] =
            ["safe", "leak", "unsafe", "inconclusive", "refused-2", "refused-3", "fault", "too-large"];
        let line = |name: &str, of: &BTreeMap<&str, usize>| {
            let all: usize = of.values().sum();
            let cells = VERDICTS.map(|v| format!("{:>13}", of.get(v).copied().unwrap_or_default()));
            eprintln!("{name:<24}{all:>9}{}", cells.concat());
        };
        eprintln!("{:<24}{:>9}{}", "", "all", VERDICTS.map(|v| format!("{v:>13}")).concat());
        line("all", &self.verdicts);
        self.by_feature.iter().for_each(|(feature, of)| line(feature, of));
        let [ran, judged] = self.seconds;
        eprintln!("groups judged: {}; {ran:.0} seconds in the product, {judged:.0} in the judging", self.groups);
        let slow: Vec<String> = self.slow.iter().take(SLOW).map(|(s, seed)| format!("{seed}: {s:.1} s")).collect();
        eprintln!("longest: {}", slow.join(", "));
        for (what, seeds) in &self.refusals {
            eprintln!("{:>7} {what} (seed {})", seeds.len(), seeds[0]);
        }
        for (label, seeds) in &self.leaks {
            let first: Vec<u64> = seeds.iter().map(|s| s.0).take(8).collect();
            let words: String = seeds[0].1.chars().take(300).collect();
            eprintln!("{:>7} {label} {first:?}\n        {words}", seeds.len());
        }
    }
}

/// Threads of their own: in a worker of the pool that the product uses, one release would begin in the middle of another, and
/// another in that, until the stack is full.
fn over(from: u64, count: u64, allowed: &Allowed) -> Tally {
    let next = AtomicU64::new(from);
    let work = || {
        let mut tally = Tally::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= from + count {
                return tally;
            }
            tally = tally.add(one(seed, allowed));
        }
    };
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let threads = number("TABSAFE_TRUTH_THREADS", threads as u64).max(1);
    std::thread::scope(|scope| {
        let start = |_| std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).expect("a thread");
        let running: Vec<_> = (0..threads).map(start).collect();
        let done = running.into_iter().map(|t| t.join().unwrap_or_else(|panic| resume_unwind(panic)));
        done.fold(Tally::default(), Tally::join).sorted()
    })
}

/// No release gives away what its policy hides, and none ends in a fault of the program.
#[test]
fn no_release_gives_away_what_its_policy_hides() {
    let set = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect();
    for (from, seeds, without) in RUNS {
        let allowed = Allowed { only: None, without: set(without), unjudged: set(NOT_JUDGED_YET) };
        let began = Instant::now();
        let mut tally = over(from, seeds, &allowed);
        eprintln!("{seeds} releases from seed {from} in {:.0} seconds", began.elapsed().as_secs_f64());
        tally.print();
        tally.leaks.retain(|_, found| {
            found.retain(|(seed, _)| !OPEN.contains(seed));
            !found.is_empty()
        });
        let count = |verdict: &str| tally.verdicts.get(verdict).copied().unwrap_or_default();
        if let Some((label, found)) = tally.leaks.iter().next() {
            let (seed, words) = &found[0];
            panic!("seed {seed}: {label}: {words}\nsmaller: {}", told(*seed, &allowed, &|one| leaks_so(one, label)));
        }
        if let Some((what, found)) = tally.refusals.iter().find(|r| r.0.starts_with("fault")) {
            panic!("seed {}: {what}\n{}", found[0], told(found[0], &allowed, &|one| one.verdict == "fault"));
        }
        assert!(count("safe") * 2 >= seeds as usize, "too few releases were made");
        assert!(count("too-large") * 20 <= seeds as usize, "too many releases were not judged");
    }
}

/// The same for as many worlds as wanted, with what came of them for each feature.
#[test]
#[ignore = "by hand: as many worlds as the environment says"]
fn by_hand() {
    let allowed = Allowed {
        only: listed("TABSAFE_TRUTH_ONLY"),
        without: listed("TABSAFE_TRUTH_WITHOUT").unwrap_or_default(),
        unjudged: listed("TABSAFE_TRUTH_UNJUDGED").unwrap_or_default(),
    };
    let (from, count) = (number("TABSAFE_TRUTH_FROM", 0), number("TABSAFE_TRUTH_COUNT", 100_000));
    let tally = over(from, count, &allowed);
    let shown = number("TABSAFE_TRUTH_SHOW", 0) as usize;
    for (what, seeds) in tally.refusals.iter().filter(|r| r.0.starts_with("fault")) {
        for seed in seeds.iter().take(shown) {
            eprintln!("=== seed {seed}: {what}\nsmaller: {}", told(*seed, &allowed, &|one| one.verdict == "fault"));
        }
    }
    for (label, seeds) in &tally.leaks {
        for (seed, words) in seeds.iter().take(shown) {
            let smaller = told(*seed, &allowed, &|one| leaks_so(one, label));
            eprintln!("=== seed {seed}: {label}: {words}\nsmaller: {smaller}");
        }
    }
    tally.print();
}
