//! Drafts from seeds in which a relation or a hiding place is planted, and their twins without, in every format that is text.
//!
//! - `page`: a draft as lines and tables, typed in each format; `words`: the labels it is made of.
//! - `kinds`: what is planted.
//! - `truth`: what follows, by enumeration. Shares no code with the library.
//!
//! What must hold: no draft from which a small count follows is called safe, none without is called unsafe, and few of the
//! latter end in a question.

mod kinds;
mod page;
mod truth;
mod words;

use std::collections::BTreeMap;
use std::sync::Mutex;

use rayon::prelude::*;
use tabsafe::check::{Draft, Options, Verdict, check};
use tabsafe::policy::Policy;
use tabsafe::solve::Highs;

use crate::random::{Rng, side_by_side};
use kinds::KINDS;
use page::FORMATS;

/// How many drafts are made in every run; `TABSAFE_PLANTED` asks for another number.
const DRAFTS: u64 = 10_000;
/// Sound drafts of a hundred that may end in a question.
const ASKED: usize = 5;

/// How the drafts of a kind were judged.
#[derive(Default)]
struct Tally {
    leaks: usize,
    missed: Vec<String>,
    sound: usize,
    asked: Vec<String>,
    invented: Vec<String>,
}

/// No planted leak is safe, no sound draft unsafe, and few are asked about.
#[test]
fn nothing_planted_passes() {
    let made = std::env::var("TABSAFE_PLANTED").ok().and_then(|n| n.parse().ok()).unwrap_or(DRAFTS);
    let only = std::env::var("TABSAFE_PLANTED_KIND").ok();
    let tallies: Mutex<BTreeMap<&str, Tally>> = Mutex::default();
    side_by_side(|| {
        (0..made).into_par_iter().for_each(|seed| one(seed, only.as_deref(), &tallies));
    });
    let tallies = tallies.into_inner().expect("no worker failed");
    let report: Vec<String> = tallies.iter().map(|(name, t)| line(name, t)).collect();
    let (sound, asked) = tallies.values().fold((0, 0), |(s, a), t| (s + t.sound, a + t.asked.len()));
    let wrong = tallies.iter().any(|(_, t)| !t.missed.is_empty() || !t.invented.is_empty());
    let often = |t: &Tally| t.asked.len() * 100 > t.sound * ASKED;
    let words = format!("{asked} of {sound} sound drafts are asked about\n{}", report.join("\n"));
    assert!(!wrong && asked * 100 <= sound * ASKED && !tallies.values().any(often), "{words}");
    println!("{words}");
}

/// Figures of a kind, with an example of each fault.
fn line(name: &str, tally: &Tally) -> String {
    let first = |what: &str, all: &[String]| all.iter().min().map(|e| format!("\n  {what}: {e}")).unwrap_or_default();
    format!(
        "{name}: {} leaks, {} called safe; {} sound, {} called unsafe, {} asked about{}{}{}",
        tally.leaks,
        tally.missed.len(),
        tally.sound,
        tally.invented.len(),
        tally.asked.len(),
        first("called safe", &tally.missed),
        first("called unsafe", &tally.invented),
        first("asked about", &tally.asked),
    )
}

fn one(seed: u64, only: Option<&str>, tallies: &Mutex<BTreeMap<&'static str, Tally>>) {
    let kind = &KINDS[seed as usize % KINDS.len()];
    if only.is_some_and(|o| o != kind.name) {
        return;
    }
    let mut rng = Rng(seed.wrapping_mul(0xD1B5_4A32_D192_ED03));
    let leak = rng.chance(50);
    let format = FORMATS[rng.below(FORMATS.len())];
    let (page, truth) = (kind.make)(&mut rng, leak);
    let Some(leaks) = truth.leaks() else { return };
    let text = page.typed(format);
    let (verdict, said) = judged(&format!("draft.{format}"), &text, text.contains('*') && kind.name != "legend");
    let example = || format!("seed {seed}, {format}, {}\n{text}\n{said}", verdict.word());
    let mut all = tallies.lock().expect("no worker failed");
    let tally = all.entry(kind.name).or_default();
    match leaks {
        true => tally.leaks += 1,
        false => tally.sound += 1,
    }
    match (leaks, verdict) {
        (true, Verdict::Safe) => tally.missed.push(example()),
        (false, Verdict::Unsafe) => tally.invented.push(example()),
        (false, Verdict::Question | Verdict::NotUnderstood | Verdict::Inconclusive) => tally.asked.push(example()),
        _ => {}
    }
}

/// The verdict on a text, and what was found; `*` is declared as the sign of withheld figures where the draft has it.
fn judged(name: &str, text: &str, sign: bool) -> (Verdict, String) {
    let document = tabsafe::draft::read(name, text.as_bytes().to_vec()).expect("a text");
    let policy = Policy::with_rules(&["threshold(5)"]).expect("a policy");
    let markers = sign.then(|| tabsafe::read::parse_marker("*=withheld").expect("a marker"));
    let options = Options {
        policy: &policy,
        layout: None,
        markers: markers.into_iter().collect(),
        accept_inferred: false,
        accept: &[],
        answers: Default::default(),
        remedies: false,
        solver: &Highs,
    };
    let outcome = check(&[Draft { name: name.to_owned(), document }], &options);
    let findings = outcome.findings.iter().map(|f| format!("  {}: {}", f.code.name, f.reason));
    let questions = outcome.questions.iter().map(|q| format!("  {}: {}", q.id, q.asks));
    let assumed = outcome.assumptions.iter().map(|a| format!("  assumed: {a}"));
    (outcome.verdict, findings.chain(questions).chain(assumed).collect::<Vec<_>>().join("\n"))
}
