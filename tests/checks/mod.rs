//! Drafts made from seeds, and what `check` says of them.
//!
//! - `world`: cases of which everything is known, the tables about them, and what is withheld in them.
//! - `rates`: rates and means beside them, and which counts they leave.
//! - `truth`: what an intruder can work out, by trying every set of whole numbers. Shares no code with the library.
//! - `typed`: the tables as an author may type them: orders, labels, headers, totals, signs.
//! - `formats`: the six tables in every format give the same findings.
//! - `stop`: what a check says that is stopped.
//! - `police`: the six tables of a real answer, as published, hidden by hand, and protected.

mod formats;
mod police;
mod rates;
mod stop;
mod truth;
mod typed;
mod world;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use tabsafe::check::{Draft, Options, Outcome, Verdict, check};
use tabsafe::policy::Policy;
use tabsafe::solve::Highs;

use crate::random::side_by_side;
use truth::Told;
use world::World;

/// How many drafts are made.
const DRAFTS: u64 = 3_600;

fn policy() -> Policy {
    Policy::with_rules(&["threshold(5)"]).expect("a policy")
}

/// What `check` says, the sign `*` being declared.
fn checked(drafts: &[Draft], policy: &Policy) -> Outcome {
    let withheld = tabsafe::read::parse_marker("*=withheld").expect("a marker");
    let zero = tabsafe::read::parse_marker("-=zero").expect("a marker");
    let options = Options {
        policy,
        layout: None,
        markers: [withheld, zero].into_iter().collect(),
        accept_inferred: false,
        answers: Default::default(),
        accept: &[],
        remedies: false,
        solver: &Highs,
    };
    check(drafts, &options)
}

/// What became of one draft.
#[derive(Debug, Default)]
struct Counted {
    made: AtomicUsize,
    safe: AtomicUsize,
    planted: AtomicUsize,
    rates: AtomicUsize,
    by_rates: AtomicUsize,
    leaks: AtomicUsize,
    unclear: AtomicUsize,
}

/// On thousands of random drafts: every figure that enumeration shows to leak is told, and none that does not; every small
/// printed count is told; a draft that is safe is called so.
#[test]
fn drafts_against_enumeration() {
    let counted = Counted::default();
    let wrong: Mutex<Vec<String>> = Mutex::new(Vec::new());
    side_by_side(|| {
        (0..DRAFTS).into_par_iter().for_each(|seed| {
            if let Some(fault) = one(seed, &counted) {
                wrong.lock().expect("no worker failed").push(fault);
            }
        });
    });
    let mut wrong = wrong.into_inner().expect("no worker failed");
    wrong.sort();
    let number = |n: &AtomicUsize| n.load(Ordering::Relaxed);
    let (made, safe, planted) = (number(&counted.made), number(&counted.safe), number(&counted.planted));
    assert!(
        wrong.is_empty(),
        "{} of {made} drafts\n{}",
        wrong.len(),
        wrong.iter().take(5).cloned().collect::<Vec<_>>().join("\n\n")
    );
    assert!(made >= 2_000, "only {made} drafts could be counted out");
    assert!(safe >= 300 && planted >= 400, "{safe} safe drafts, {planted} with a planted leak");
    let (rates, by_rates) = (number(&counted.rates), number(&counted.by_rates));
    assert!(
        rates >= 300 && by_rates >= 100,
        "{rates} drafts with rates or means, {by_rates} of which leak by them alone"
    );
    let (leaks, unclear) = (number(&counted.leaks), number(&counted.unclear));
    assert!(
        unclear * 10 < leaks,
        "{unclear} figures whose judgement depends on what no rule can hide, beside {leaks} leaks"
    );
}

/// Checks one draft; what is wrong with the answer, if anything is.
fn one(seed: u64, counted: &Counted) -> Option<String> {
    let world = World::new(seed)?;
    let told = truth::told(&world)?;
    let policy = policy();
    let draft = typed::draft(&world, seed);
    let outcome = checked(std::slice::from_ref(&draft), &policy);
    counted.made.fetch_add(1, Ordering::Relaxed);
    let fault = |what: String| Some(format!("seed {seed}: {what}\n{}\n{}", typed::text(&draft), findings(&outcome)));
    if outcome.verdict == Verdict::NotUnderstood || outcome.verdict == Verdict::Inconclusive {
        return fault(format!("verdict {}", outcome.verdict.word()));
    }
    let spots = typed::spots(&outcome);
    let small: BTreeSet<typed::Spot> = spots.iter().filter(|s| s.0 == "small-count").map(|s| s.1).collect();
    let derived: BTreeSet<typed::Spot> = spots.iter().filter(|s| s.0 == "derivable").map(|s| s.1).collect();
    let expected = |want: fn(&Told) -> bool| -> BTreeSet<typed::Spot> {
        told.iter().filter(|t| want(t)).flat_map(|t| typed::places(&world, seed, t.cell)).collect()
    };
    let must_small = expected(|t| t.small);
    if small != must_small {
        return fault(format!("small counts {small:?}, expected {must_small:?}"));
    }
    let (must, may) = (expected(|t| t.leaks == Some(true)), expected(|t| t.leaks.is_none()));
    let missed: Vec<_> = must.difference(&derived).collect();
    let invented: Vec<_> = derived.iter().filter(|d| !must.contains(d) && !may.contains(d)).collect();
    if !missed.is_empty() || !invented.is_empty() {
        return fault(format!("missed {missed:?}, invented {invented:?}"));
    }
    let unprinted = outcome.findings.iter().any(|f| f.code.name == "derivable" && f.spots.is_empty());
    if unprinted != world.rest_leaks(&told) {
        return fault(format!("a figure that no table prints is told: {unprinted}"));
    }
    let leaks = told.iter().filter(|t| t.leaks == Some(true)).count();
    let safe = must_small.is_empty() && must.is_empty() && may.is_empty() && !unprinted;
    if safe && outcome.verdict != Verdict::Safe {
        return fault("a safe draft is refused".to_owned());
    }
    counted.safe.fetch_add(usize::from(safe), Ordering::Relaxed);
    counted.planted.fetch_add(usize::from(world.planted && leaks > 0), Ordering::Relaxed);
    if world.rates.is_some() {
        counted.rates.fetch_add(1, Ordering::Relaxed);
        let without = truth::told(&World { rates: None, ..world.clone() })?;
        let others = without.iter().filter(|t| t.leaks == Some(true)).count();
        counted.by_rates.fetch_add(usize::from(leaks > others), Ordering::Relaxed);
    }
    counted.leaks.fetch_add(leaks, Ordering::Relaxed);
    counted.unclear.fetch_add(told.iter().filter(|t| t.leaks.is_none()).count(), Ordering::Relaxed);
    None
}

fn findings(outcome: &Outcome) -> String {
    let line = |f: &tabsafe::check::Finding| {
        let steps: Vec<String> = f.steps.iter().map(tabsafe::check::Step::sentence).collect();
        let place = f.spots.first().map(|s| format!("{:?} {} / {}", s.table, s.row, s.column)).unwrap_or_default();
        format!("{} {place}: {} {}", f.code.name, f.reason, steps.join("; "))
    };
    let found: Vec<String> = outcome.findings.iter().map(line).chain(outcome.assumptions.iter().cloned()).collect();
    found.join("\n")
}
