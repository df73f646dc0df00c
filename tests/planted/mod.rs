//! Drafts from seeds in which a relation or a hiding place is planted, and their twins without, in every format that is read.
//!
//! - `page`: a draft as lines and tables, typed in each format; `words`: the labels it is made of.
//! - `kinds`: relations that are planted; `hidden`: what a file holds in places that its page does not show.
//! - `xlsx`, `docx`, `pptx`, `odf`, `pdf`, `web`, `columns`: files written by hand, and the places that they have; `office`: what
//!   office files share.
//! - `truth`: what follows, by enumeration. Shares no code with the library.
//!
//! What must hold: no draft from which a small count follows is called safe, none without is called unsafe, and few of the
//! latter end in a question.

mod columns;
mod docx;
mod hidden;
mod kinds;
mod odf;
mod office;
mod page;
mod pdf;
mod pptx;
mod truth;
mod web;
mod words;
mod xlsx;

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
    let tallies: Mutex<BTreeMap<String, Tally>> = Mutex::default();
    side_by_side(|| {
        (0..made).into_par_iter().for_each(|seed| one(seed, only.as_deref(), &tallies));
    });
    let tallies = tallies.into_inner().expect("no worker failed");
    let report: Vec<String> = tallies.iter().map(|(name, t)| line(name, t)).collect();
    let (sound, asked) = tallies.values().fold((0, 0), |(s, a), t| (s + t.sound, a + t.asked.len()));
    let wrong = tallies.iter().any(|(_, t)| !t.missed.is_empty() || !t.invented.is_empty());
    // a kind with few sound drafts may have one that is asked about
    let often = |t: &Tally| t.asked.len() > 1 + t.sound * ASKED / 100;
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

/// The draft of a seed: its kind, and what it is made of.
fn made(seed: u64) -> (String, &'static str, kinds::Made) {
    let places = hidden::places();
    let kind = seed as usize % (KINDS.len() + places.len());
    let mut rng = Rng(seed.wrapping_mul(0xD1B5_4A32_D192_ED03));
    let leak = rng.chance(50);
    let format = FORMATS[rng.below(FORMATS.len())];
    match KINDS.get(kind) {
        Some(kind) => (kind.name.to_owned(), format, (kind.make)(&mut rng, leak)),
        None => {
            let place = places[kind - KINDS.len()];
            (format!("{} {}", place.0, place.1), place.0, hidden::planted(&mut rng, leak, place))
        }
    }
}

fn one(seed: u64, only: Option<&str>, tallies: &Mutex<BTreeMap<String, Tally>>) {
    let (kind, format, (page, truth)) = made(seed);
    if only.is_some_and(|o| !kind.contains(o)) {
        return;
    }
    let Some(leaks) = truth.leaks() else { return };
    let text = page.text(if FORMATS[..4].contains(&format) { format } else { "txt" });
    let bytes = page.typed(format);
    if let Ok(folder) = std::env::var("TABSAFE_PLANTED_KEEP") {
        let name =
            format!("{folder}/{}-{seed}-{}.{format}", kind.replace(' ', "-"), if leaks { "leak" } else { "sound" });
        std::fs::write(name, &bytes).expect("a folder");
    }
    let (verdict, said) = judged(&format!("draft.{format}"), bytes, text.contains('*') && kind != "legend");
    let held = page.held.as_ref().map(|h| h.text.as_str()).unwrap_or_default();
    let example = || format!("seed {seed}, {format}, {}\n{text}{held}\n{said}", verdict.word());
    let mut all = tallies.lock().expect("no worker failed");
    let tally = all.entry(kind).or_default();
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

/// The verdict on a file, and what was found; `*` is declared as the sign of withheld figures where the draft has it.
fn judged(name: &str, bytes: Vec<u8>, sign: bool) -> (Verdict, String) {
    let document = tabsafe::draft::read(name, bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
    let policy = Policy::with_rules(&["threshold(5)"]).expect("a policy");
    let blank = ["arrow", "arrows", "parquet"].contains(&document.format);
    let markers = [(sign && !blank, "*=withheld"), (blank, "=withheld")];
    let markers = markers.iter().filter(|m| m.0).map(|m| tabsafe::read::parse_marker(m.1).expect("a marker"));
    let options = Options {
        policy: &policy,
        layout: None,
        markers: markers.collect(),
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
