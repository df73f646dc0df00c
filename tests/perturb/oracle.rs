//! Noise on random linked tables, and the attack on it, against enumeration of every table that fits.

use rayon::prelude::*;
use tabsafe::model::{Modulus, RecordKeys, System, Treatment};
use tabsafe::parameter::{arguments, call};
use tabsafe::perturb::{Folder, Perturbed, Work, apply, find};
use tabsafe::secret::Key;

use crate::random::{Case, side_by_side};
use crate::rounding::judge;

/// Methods with little noise, so that something can be found out.
const METHODS: [&str; 4] = [
    "cell-key(d=1,variance=0.5)",
    "cell-key(d=2,variance=1)",
    "cell-key(d=3,variance=3,js=1)",
    "cell-key(d=2,variance=1,show-from=3)",
];

fn perturbed(system: &System, text: &str) -> Perturbed {
    let key = Key::from_bytes(b"a key for tests, of no use to anybody").expect("a key");
    let call = call(text).expect("a call");
    let entry = find(call.name).expect("a method");
    let given = arguments(&call, entry.parameters).expect("arguments");
    let method = entry.build(&given, &Folder::default()).expect("a method");
    let none = vec![false; system.cells.len()];
    apply(&*method, &Work { system, key: Some(&key), unsafe_cells: &none, release: "" }).expect("noise")
}

/// Groups of records get keys as if their records had been hashed.
fn with_keys(case: &mut Case, seed: u64) {
    let key = Key::from_bytes(b"another key for tests, of no use to anybody").expect("a key");
    let one = |g: usize| {
        let hash = key.hash(&[&seed.to_le_bytes(), &g.to_le_bytes()]);
        hash.iter().take(16).fold(0u128, |n, &byte| n << 8 | u128::from(byte))
    };
    let groups = (0..case.groups.len()).map(|g| if case.groups.records[g] > 0 { one(g) } else { 0 }).collect();
    case.groups.keys = Some(RecordKeys { modulus: Modulus::FULL, groups, persons: Vec::new() });
}

/// What stands in a cell allows its true value; and cells of the same group, which have the same key and count, stand the
/// same.
#[test]
fn what_holds_for_noise() {
    side_by_side(|| {
        (0..60u64).into_par_iter().for_each(|seed| {
            let mut case = Case::new(seed + 11_000);
            with_keys(&mut case, seed);
            let system = case.system();
            let keys = system.keys.as_ref().expect("keys");
            for method in METHODS {
                let what = format!("{method}, seed {seed}");
                let treatments = perturbed(&system, method).protection.treatments;
                let mut seen = std::collections::HashMap::new();
                for (c, treatment) in treatments.iter().enumerate().filter(|(_, t)| **t != Treatment::Hide) {
                    let value = system.value(c);
                    assert!(treatment.stands_for().is_some_and(|s| s.contains(value)), "{what}");
                    assert_eq!(seen.entry((keys.cells[c], value)).or_insert(*treatment), treatment, "{what}");
                }
            }
        });
    });
}

/// The attack on perturbed tables knows as much as an intruder who writes down every table that fits them: its verdict, and the
/// ends of every interval that it calls exact.
#[test]
fn the_attack_knows_every_table() {
    let tally = side_by_side(|| {
        let seeds = (0..120u64).into_par_iter().map(|seed| {
            let mut case = Case::small(seed + 52_000);
            with_keys(&mut case, seed);
            let system = case.system();
            let method = METHODS[seed as usize % METHODS.len()];
            let made = perturbed(&system, method);
            judge(&case, &system, &made.protection, &format!("{method}, seed {seed}"))
        });
        seeds.reduce(|| [0; 3], |a, b| [a[0] + b[0], a[1] + b[1], a[2] + b[2]])
    });
    assert!(tally[0] >= 30 && tally[1] >= 8 && tally[2] <= 30, "{tally:?}");
}
