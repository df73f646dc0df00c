//! Rounding of random linked tables, and what it gives away, against enumeration of every table that fits.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use tabsafe::attack::{Attack, Attacker, Observation, Promise, ProtectionKind, Scope, demands, targets};
use tabsafe::model::{CellId, Demand, Exposure, Interval, Protection, Relation, System, Treatment, Verdict, Want};
use tabsafe::round::{RoundError, Work, parse_rounding};
use tabsafe::secret::Key;
use tabsafe::solve::Highs;

use crate::blind;
use crate::brute::{Joint, of_table};
use crate::random::{Case, side_by_side};

/// Every method, as a policy spells it.
const METHODS: [&str; 12] = [
    "conventional(5)",
    "conventional(4,even)",
    "down(3)",
    "random(3)",
    "fixed-random(5)",
    "midpoint(4)",
    "graduated(3<5 4,random)",
    "label-bands(hi=4,shown=3,base=3)",
    "label-bands(2)",
    "controlled(3,2)",
    "small-count(3)",
    "small-count(3,all)",
];

fn rounded(case: &Case, system: &System, method: &str, release: &str) -> Result<Protection, RoundError> {
    let key = Key::from_bytes(b"a key for tests, of no use to anybody").expect("a key");
    let method = parse_rounding(method).expect("a method");
    let work =
        Work { system, groups: Some(&case.groups), key: Some(&key), release, solver: &Highs, time_left: &|| None };
    method.round(&work)
}

fn shown(system: &System) -> impl Iterator<Item = CellId> + use<'_> {
    (0..system.cells.len()).filter(|&c| system.cells[c].exposure == Exposure::Shown)
}

/// What is published of a cell as a number.
fn number(system: &System, treatments: &[Treatment], cell: CellId) -> Option<i64> {
    match treatments[cell] {
        Treatment::Publish => Some(system.value(cell)),
        Treatment::Replace { by, .. } => Some(by),
        _ => None,
    }
}

/// Under every method, what stands in a printed cell allows its true value, nothing else has a value, and the same input gives
/// the same again. What is said to be additive is; small counts are never published where a method promises that.
#[test]
fn what_holds_for_every_method() {
    side_by_side(|| {
        (0..60u64).into_par_iter().for_each(|seed| {
            let case = Case::new(seed + 7_000);
            let system = case.system();
            for method in METHODS {
                let what = format!("{method}, seed {seed}");
                let protection = rounded(&case, &system, method, "a").unwrap_or_else(|e| panic!("{what}: {e}"));
                let again = rounded(&case, &system, method, "a").expect("rounds");
                assert_eq!(protection.treatments, again.treatments, "{what}");
                for (c, treatment) in protection.treatments.iter().enumerate() {
                    let seen = system.cells[c].exposure == Exposure::Shown;
                    assert_eq!(*treatment == Treatment::Hide, !seen, "{what}");
                    assert!(treatment.stands_for().is_none_or(|s| s.contains(system.value(c))), "{what}, cell {c}");
                }
                if method.starts_with("controlled") || method.starts_with("small") {
                    let printed = |r: &&Relation| r.terms.iter().all(|t| system.cells[t.0].exposure == Exposure::Shown);
                    let value = |c| number(&system, &protection.treatments, c).expect("a number");
                    assert!(system.relations.iter().filter(printed).all(|r| r.holds(value)), "{what}");
                }
                if method.starts_with("small") {
                    let small = |c| number(&system, &protection.treatments, c).is_some_and(|v| (1..3).contains(&v));
                    assert!(!shown(&system).any(small), "{what}");
                }
            }
        });
    });
}

/// The attack on what is rounded knows as much as an intruder who writes down every table that fits: its verdict, and the
/// ends of every interval that it calls exact.
#[test]
fn the_attack_knows_every_table() {
    let tally = side_by_side(|| {
        let seeds = (0..150u64).into_par_iter().map(|seed| {
            let case = Case::small(seed + 31_000);
            let system = case.system();
            let method = METHODS[seed as usize % METHODS.len()];
            let Ok(protection) = rounded(&case, &system, method, "a") else { return [0; 3] };
            judge(&case, &system, &protection, &format!("{method}, seed {seed}"))
        });
        seeds.reduce(|| [0; 3], |a, b| [a[0] + b[0], a[1] + b[1], a[2] + b[2]])
    });
    // enough of both verdicts, and few too large to enumerate
    assert!(tally[0] >= 20 && tally[1] >= 20 && tally[2] <= 30, "{tally:?}");
}

/// Whether the attack says of a protection what enumeration says: safe, unsafe, skipped.
pub fn judge(case: &Case, system: &System, protection: &Protection, what: &str) -> [usize; 3] {
    let attacker = Attacker { zeros_published: false, ..Attacker::default() };
    let findings: Vec<_> =
        case.findings(system).into_iter().filter(|f| system.cells[f.cell].exposure == Exposure::Shown).collect();
    let wanted = demands(system, &findings, ProtectionKind::Band, &attacker, &protection.treatments);
    let name = |c: CellId| system.words(c);
    let attack = Attack { blocks: &system.blocks, exact_cells: usize::MAX, ..Attack::new(&Highs, &name) };
    let truth: Vec<i64> = system.cells.iter().map(|c| c.value).collect();
    let public = attacker.view(system, &protection.treatments);
    let asked: Vec<CellId> = targets(system, &protection.treatments, &wanted)
        .into_iter()
        .chain(shown(system))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let audit = attack.run(&public, &wanted, &asked, Some(&truth)).expect("the truth fits");
    let Some(values) = enumerate(case, system, &protection.treatments, 400_000) else { return [0, 0, 1] };
    for cell in audit.cells.iter().filter(|c| c.exact) {
        let Some(found) = values.get(&cell.cell) else { continue };
        let ends = Interval { lo: found.first().copied(), hi: found.last().copied() };
        assert_eq!(cell.interval, ends, "{what}: {}", system.words(cell.cell));
    }
    let met = |d: &Demand| {
        let found = &values[&d.cell];
        match d.want {
            Want::Within(bounds) => found.iter().any(|&v| bounds.contains(v)),
            Want::Spread(width) => found.last().zip(found.first()).is_some_and(|(hi, lo)| hi - lo >= width),
        }
    };
    let safe = wanted.iter().all(met);
    assert_eq!(audit.verdict == Verdict::Safe, safe, "{what}: {:?}", audit.leaks);
    if safe {
        no_reader_is_sure(case, system, &attacker, protection, what);
    }
    if safe { [1, 0, 0] } else { [0, 1, 0] }
}

/// Nobody without the truth can tell that a printed figure is a count that the policy hides.
fn no_reader_is_sure(case: &Case, system: &System, attacker: &Attacker, protection: &Protection, what: &str) {
    let mut seen = blind::observations(system, attacker, &protection.treatments);
    for seen in &mut seen {
        if let Observation::NotShown { judged, .. } = seen {
            *judged = false;
        }
    }
    let promise = Promise { band: Some((1, case.threshold - 1)), kind: ProtectionKind::Band, least: 0 };
    let leaks = blind::audit(system, &seen, promise, Scope::SurelyHidden).1;
    let told: Vec<String> = leaks.iter().map(|l| format!("{}: {}", system.words(l.cell), l.learned)).collect();
    assert!(told.is_empty(), "{what}: the attack says safe, a reader finds {told:?}");
}

/// The possible values of every printed cell; `None` if that takes too many steps.
fn enumerate(
    case: &Case,
    system: &System,
    treatments: &[Treatment],
    steps: usize,
) -> Option<BTreeMap<CellId, BTreeSet<i64>>> {
    let mut cells: BTreeMap<CellId, Joint> = BTreeMap::new();
    for (t, table) in case.tables.iter().enumerate() {
        for position in 0..table.len() {
            let at = table.entries_at(position);
            if let Some(id) = system.grids[t][position].filter(|_| table.is_shown(&at)) {
                cells.insert(id, of_table(case, table, &at));
            }
        }
    }
    let bounds: Vec<(i64, i64)> = (cells.keys())
        .map(|&c| match treatments[c].stands_for() {
            Some(told) => (told.lo.unwrap_or(0), told.hi.unwrap_or(i64::MAX)),
            None => (system.value(c), system.value(c)),
        })
        .collect();
    // combinations of leaves that no cell tells apart are counted together
    let mut seen = BTreeSet::new();
    let member = |g: usize| -> Vec<bool> { cells.values().map(|set| set >> g & 1 == 1).collect() };
    let classes: Vec<Vec<usize>> = (0..case.groups.len())
        .map(member)
        .filter(|m| m.contains(&true) && seen.insert(m.clone()))
        .map(|m| (0..m.len()).filter(|&i| m[i]).collect())
        .collect();
    let mut search =
        Search { found: vec![BTreeSet::new(); bounds.len()], has: vec![0; bounds.len()], bounds, classes, steps };
    search.assign(0);
    (search.steps > 0).then(|| cells.into_keys().zip(search.found).collect())
}

struct Search {
    bounds: Vec<(i64, i64)>,
    has: Vec<i64>,
    classes: Vec<Vec<usize>>,
    found: Vec<BTreeSet<i64>>,
    steps: usize,
}

impl Search {
    fn assign(&mut self, class: usize) {
        if self.steps == 0 {
            return;
        }
        self.steps -= 1;
        if class == self.classes.len() {
            if self.has.iter().zip(&self.bounds).all(|(has, b)| *has >= b.0) {
                self.found.iter_mut().zip(&self.has).for_each(|(found, &has)| _ = found.insert(has));
            }
            return;
        }
        let cells = self.classes[class].clone();
        let most = cells.iter().map(|&c| self.bounds[c].1 - self.has[c]).min().unwrap_or(0);
        // a cell that ends with this class must have enough
        let last = |c: &&usize| !self.classes[class + 1..].iter().any(|later| later.contains(c));
        let least = cells.iter().filter(last).map(|&c| self.bounds[c].0 - self.has[c]).max().unwrap_or(0).max(0);
        for value in least..=most {
            cells.iter().for_each(|&c| self.has[c] += value);
            self.assign(class + 1);
            cells.iter().for_each(|&c| self.has[c] -= value);
        }
    }
}
