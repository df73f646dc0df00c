//! The choice by a key: what it promises against an intruder who has the program, counted out; the same bytes from the same
//! key; and a key that was drawn, given back.

use rayon::prelude::*;

use tabsafe::attack::{Attacker, ProtectionKind};
use tabsafe::link::{Details, link};
use tabsafe::model::{Axis, Choice, Dimension, Entry, Finding, Groups, Harm, Measure, Protection, Role, Severity};
use tabsafe::model::{Space, System, Table};
use tabsafe::policy::{Plan, Policy};
use tabsafe::secret::Key;
use tabsafe::solve::Highs;
use tabsafe::suppress::keyed::pattern;
use tabsafe::suppress::{CostModel, METHODS, Problem, Secret, suppress, suppress_by};

use crate::cli::scene::Scene;
use crate::random::{Rng, side_by_side};

/// Counts below this are unsafe.
const MINIMUM: i64 = 5;

fn key(number: u64) -> Key {
    Key::from_bytes(format!("a key for tests, of no use to anybody: {number}").as_bytes()).expect("long enough")
}

/// A table of three rows and three columns with its totals, which are all published.
struct Square([i64; 9]);

impl Square {
    /// Small counts with an unsafe one among them, and no unsafe total.
    fn new(seed: u64) -> Square {
        let mut rng = Rng(seed);
        loop {
            let counts: [i64; 9] = std::array::from_fn(|_| [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 0][rng.below(11)]);
            let few = (0..9).filter(|&i| is_unsafe(counts[i])).count();
            let totals = (0..3).flat_map(|i| [[3 * i, 3 * i + 1, 3 * i + 2], [i, i + 3, i + 6]]);
            let large = totals.into_iter().all(|sum| sum.iter().map(|&i| counts[i]).sum::<i64>() >= MINIMUM);
            if (1..=3).contains(&few) && large {
                return Square(counts);
            }
        }
    }

    fn system(&self) -> System {
        let dims = (0..2).map(|d| Dimension::new(format!("d{d}"), 3)).collect();
        let table = Table {
            id: "1".to_owned(),
            title: "Table 1".to_owned(),
            measure: 0,
            axes: (0..2).map(axis).collect(),
            scope: Vec::new(),
            scope_name: String::new(),
            notes: Vec::new(),
        };
        let mut groups = Groups { leaf: vec![Vec::new(); 2], ..Groups::default() };
        for (i, &n) in self.0.iter().enumerate().filter(|(_, n)| **n > 0) {
            groups.leaf[0].push(i as u32 / 3);
            groups.leaf[1].push(i as u32 % 3);
            groups.records.push(n);
        }
        link(Space { dims }, vec![Measure::Records], vec![table], &groups, Details::default())
    }

    /// Every table with the same totals and the same published cells in which withheld counts are 1 or more.
    fn fits(&self, withheld: &[bool; 9]) -> Vec<[i64; 9]> {
        let mut all = Vec::new();
        extend(&self.0, withheld, &mut [0; 9], 0, &mut all);
        all
    }
}

fn extend(truth: &[i64; 9], withheld: &[bool; 9], table: &mut [i64; 9], at: usize, all: &mut Vec<[i64; 9]>) {
    let sum = |of: &[i64; 9], cells: [usize; 3]| cells.iter().map(|&i| of[i]).sum::<i64>();
    let row = |r: usize| [3 * r, 3 * r + 1, 3 * r + 2];
    if at > 0 && at.is_multiple_of(3) && sum(table, row(at / 3 - 1)) != sum(truth, row(at / 3 - 1)) {
        return;
    }
    if at == 9 {
        let right = (0..3).all(|c| sum(table, [c, c + 3, c + 6]) == sum(truth, [c, c + 3, c + 6]));
        if right {
            all.push(*table);
        }
        return;
    }
    let values = if withheld[at] { 1..=sum(truth, row(at / 3)) } else { truth[at]..=truth[at] };
    for value in values {
        table[at] = value;
        extend(truth, withheld, table, at + 1, all);
    }
}

fn is_unsafe(count: i64) -> bool {
    (1..MINIMUM).contains(&count)
}

fn axis(dim: usize) -> Axis {
    let entry = |code: String, leaves: Vec<u32>, level| Entry {
        label: code.clone(),
        code,
        note: None,
        leaves,
        level,
        total: level == 0,
        shown: true,
    };
    let own = (0..3).map(|n: u32| entry(n.to_string(), vec![n], 1));
    let name = format!("v{dim}");
    let entries = own.chain([entry("Total".to_owned(), vec![0, 1, 2], 0)]).collect();
    Axis { variable: name.clone(), label: name, role: Role::Row, dim, entries, sensitive: false.into() }
}

fn problem(system: &System) -> Problem<'_> {
    let finding = |cell| Finding {
        cell,
        rule: "threshold",
        reason: String::new(),
        harm: Harm::Small { lo: 1, hi: MINIMUM - 1 },
        policy_line: String::new(),
        severity: Severity::Unsafe,
    };
    let findings: Vec<Finding> = (0..system.cells.len()).filter(|&c| is_unsafe(system.value(c))).map(finding).collect();
    let costs = CostModel { of_value: |v| v.max(1), total_factor: 1, keep_totals: true };
    Problem::new(system, &findings, ProtectionKind::Band, Attacker::default(), costs, &Highs, &|| None)
        .expect("the truth fits what is published")
}

fn withheld(system: &System, found: &Protection) -> [bool; 9] {
    std::array::from_fn(|i| system.cell_at(0, &[i / 3, i % 3]).is_some_and(|c| found.is_withheld(c)))
}

/// Whether each unsafe cell of a table can be anything from 1 to 4 in some of these tables.
fn is_hidden(table: &[i64; 9], among: &[[i64; 9]]) -> bool {
    let free = |i: usize| (1..MINIMUM).all(|v| among.iter().any(|t| t[i] == v));
    (0..9).filter(|&i| is_unsafe(table[i])).all(free)
}

/// Of every table and key the pattern hides what it must. Where it is called closed, the truth is among the tables that an
/// intruder who has the program must take for possible: those that fit, less those whose unsafe cells would not be hidden
/// among the rest, again and again until there is none of these.
#[test]
fn closed_patterns_are_closed() {
    let one = |seed: u64| {
        let square = Square::new(seed);
        let system = square.system();
        let problem = problem(&system);
        let method = METHODS[seed as usize % METHODS.len()].name;
        let (found, closed) = pattern(&problem, method, &key(seed)).expect("the truth fits what is published");
        if !found.failed.is_empty() {
            return (0, 0);
        }
        let mut possible = square.fits(&withheld(&system, &found));
        assert!(is_hidden(&square.0, &possible), "seed {seed}: {:?}", square.0);
        loop {
            let rest: Vec<[i64; 9]> = possible.iter().filter(|t| is_hidden(t, &possible)).copied().collect();
            if rest.len() == possible.len() {
                break;
            }
            possible = rest;
        }
        assert!(!closed || possible.contains(&square.0), "seed {seed}: called closed, and is not: {:?}", square.0);
        (1, usize::from(closed))
    };
    let all: Vec<(usize, usize)> = side_by_side(|| (0..160).into_par_iter().map(one).collect());
    let (made, closed) = all.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    eprintln!("{closed} of {made} patterns are closed");
    assert!(made >= 120 && closed * 10 >= made * 8, "{closed} of {made} patterns are closed");
}

/// The same key gives the same pattern whatever the number of threads, other keys give others; the loss is that of the costs
/// asked for, never below the bound, and the choice is told.
#[test]
fn what_a_pattern_follows_from() {
    let square = Square([3, 14, 22, 11, 25, 9, 16, 8, 31]);
    let system = square.system();
    let problem = problem(&system);
    let by = |number: u64| {
        let key = key(number);
        suppress_by(&problem, "optimal", Some(Secret { key: &key, drawn: None })).expect("it fits")
    };
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool");
    let plain = suppress(&problem, "optimal").expect("it fits");
    assert!(plain.proven_optimal() && plain.choice == Choice::Cheapest);
    let mut patterns = Vec::new();
    for number in 0..12 {
        let found = by(number);
        assert_eq!(found.treatments, alone.install(|| by(number)).treatments, "key {number}");
        let secondary: i64 = problem.candidates().filter(|&c| found.is_withheld(c)).map(|c| system.value(c)).sum();
        assert_eq!((found.loss, found.bound), (secondary, plain.loss.min(secondary)), "key {number}");
        assert!(
            matches!(found.choice, Choice::Keyed { drawn: None, cheapest: Some(least), .. } if least == plain.loss)
        );
        patterns.push(withheld(&system, &found));
    }
    patterns.sort_unstable();
    patterns.dedup();
    assert!(patterns.len() > 2, "12 keys give {} patterns", patterns.len());
}

/// Without a key one is drawn for each run; the confidential report keeps it, nothing else has it, and given back it makes the
/// same release again.
#[test]
fn a_drawn_key_given_back() {
    let scene = Scene::empty();
    let rows: String =
        (0..48).map(|i| format!("{},{},{}\n", i / 6, i % 6, [2, 14, 9, 30, 7, 21, 3, 11][i * i % 8])).collect();
    scene.write("d.csv", format!("r,c,n\n{rows}").as_bytes());
    let protect =
        |more: &str| scene.run(&format!("tabsafe protect d.csv --by r,c --count n --policy generic-lt5 {more}"));
    let first = protect("--out first.csv --report first.json --report first.html");
    assert_eq!(first.exit, 0, "{}", first.stderr);
    let report: serde_json::Value = serde_json::from_str(&scene.read("first.json")).expect("JSON");
    let drawn = report["choice"]["key"].as_str().expect("the report keeps the key").to_owned();
    assert!(drawn.len() == 64 && scene.read("first.html").contains(&drawn));
    assert!(
        !first.stdout.contains(&drawn) && !first.stderr.contains(&drawn) && !scene.read("first.csv").contains(&drawn)
    );
    scene.write("key", drawn.as_bytes());
    assert_eq!(protect("--key key --out second.csv --report second.json").exit, 0);
    assert_eq!(scene.read("second.csv"), scene.read("first.csv"));
    let report: serde_json::Value = serde_json::from_str(&scene.read("second.json")).expect("JSON");
    assert_eq!((report["choice"]["by"].as_str(), report["choice"].get("key")), (Some("key"), None));
}

/// A policy says `keyed` or `cheapest`; a key alone says `keyed`; what it extends counts where it says nothing; a key for a
/// choice that takes none is a fault.
#[test]
fn what_policies_say() {
    let with = |suppress: &str| {
        let head = "id = \"own\"\ntitle = \"Ours\"\nversion = \"1\"\nevidence = \"generic\"\n";
        Policy::from_text("own.toml", &format!("{head}{suppress}\n"))
    };
    let plan = |text: &str| match with(text).unwrap_or_else(|e| panic!("{text}: {e}")).plan {
        Plan::Suppress(plan) => (plan.keyed, plan.key.is_some()),
        Plan::Round(_) | Plan::Perturb(_) => panic!("{text}: another plan"),
    };
    let rule = "[threshold]\nminimum = 5\n[suppress]\n";
    assert_eq!(plan(rule), (false, false));
    assert_eq!(plan(&format!("{rule}choice = \"keyed\"")), (true, false));
    assert_eq!(plan(&format!("{rule}key-env = \"K\"")), (true, true));
    assert_eq!(plan("extends = \"police-foi\""), (true, false));
    assert_eq!(plan("extends = \"police-foi\"\n[suppress]\nchoice = \"cheapest\""), (false, false));
    let fault = |text: &str| with(&format!("{rule}{text}")).map_or_else(|e| e.to_string(), |_| "none".to_owned());
    assert!(fault("choice = \"cheapest\"\nkey-file = \"k\"").contains("takes no key"));
    assert!(fault("key-env = \"K\"\nkey-file = \"k\"").contains("not in both"));
    assert!(fault("choice = \"key\"").contains("`choice` can't be `key`"));
}
