//! The registries: what help, manuals and lists follow from.

use std::collections::BTreeSet;

use tabsafe::perturb::PERTURBATIONS;
use tabsafe::policy::PRESETS;
use tabsafe::read::READERS;
use tabsafe::round::ROUNDINGS;
use tabsafe::rules::RULES;
use tabsafe::suppress::METHODS;
use tabsafe::write::WRITERS;

use crate::cli::scene::Scene;

/// The headings of a rule's manual, of a method's (with or without a formula), of a format's, and of others.
const RULE: &[&str] = &["What it protects", "Formula", "Parameters", "Worked example", "Limits", "Source"];
const METHOD: &[&str] = &["What it does", "Steps", "Complexity", "Limits", "Source"];
const FORMAT: &[&str] = &["What it is", "What stands where", "What is not in it", "Source"];
const ARGUS: &[&str] =
    &["What it is", "What is read", "What is answered otherwise", "What is written", "Limits", "Source"];
const ROUNDING: &[&str] = &["What it does", "Formula", "Parameters", "Worked example", "Limits", "Source"];

/// Those of a method that adds noise.
const NOISE: &[&str] =
    &["What it does", "Formula", "Parameters", "Worked example", "What an intruder can infer", "Limits", "Source"];

/// Every entry with a manual: its name, the manual, the headings that it must have.
fn manuals() -> Vec<(&'static str, &'static str, &'static [&'static str])> {
    let rules = RULES.iter().map(|r| (r.name, r.manual, RULE));
    let methods = METHODS.iter().map(|m| (m.name, m.manual, METHOD));
    let rounding = ROUNDINGS.iter().map(|r| (r.page, r.manual, ROUNDING));
    let noise = PERTURBATIONS.into_iter().map(|p| (p.name, p.manual, NOISE));
    let formats = tabsafe::write::MANUALS.iter().map(|(name, manual)| (*name, *manual, FORMAT));
    let argus = [("argus", tabsafe::argus::MANUAL, ARGUS)];
    rules.chain(methods).chain(rounding).chain(noise).chain(formats).chain(argus).collect()
}

/// Names are unique within a registry; those whose order no manual gives are sorted. Small letters, digits and hyphens
/// can be typed anywhere; the names of input formats are shown, not typed.
#[test]
fn names_are_unique_and_plain() {
    let sorted = [
        ("rules", RULES.iter().map(|r| r.name).collect::<Vec<_>>()),
        ("methods", METHODS.iter().map(|m| m.name).collect()),
        ("roundings", ROUNDINGS.iter().map(|r| r.name).collect()),
        ("perturbations", PERTURBATIONS.iter().map(|p| p.name).collect()),
        ("policies", PRESETS.iter().map(|p| p.name).collect()),
    ];
    for (registry, names) in &sorted {
        assert!(names.windows(2).all(|w| w[0] < w[1]), "{registry} are sorted, each once: {names:?}");
    }
    let writers: Vec<&str> = WRITERS.iter().map(|w| w.name).collect();
    for name in sorted.iter().flat_map(|(_, names)| names).chain(&writers) {
        assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{name}");
    }
    let readers = READERS.iter().map(|r| r.name).collect::<BTreeSet<_>>();
    assert_eq!(readers.len(), READERS.len(), "readers, each once");
    assert_eq!(writers.iter().collect::<BTreeSet<_>>().len(), writers.len(), "writers, each once");
    let taken: Vec<&str> = READERS.iter().flat_map(|r| r.extensions.iter().copied()).collect();
    assert_eq!(taken.iter().collect::<BTreeSet<_>>().len(), taken.len(), "an extension means one format: {taken:?}");
    let written: BTreeSet<&str> = WRITERS.iter().map(|w| w.extension).collect();
    assert_eq!(written.len(), WRITERS.len(), "files of one release have different names");
}

/// Every manual has its headings, all of them, in order, each with something below it.
#[test]
fn manuals_have_their_headings() {
    for (name, manual, headings) in manuals() {
        let found = manual.lines().filter_map(|l| l.strip_prefix("## "));
        let found: Vec<&str> = found.filter(|h| headings.contains(h) || *h != "Formula").collect();
        assert_eq!(found, headings, "{name}");
        for section in manual.split("\n## ").skip(1) {
            assert!(section.lines().skip(1).any(|l| !l.trim().is_empty()), "{name}: {section}");
        }
    }
}

/// `tabsafe explain` lists every entry with its summary, shows its whole manual, and names every format and sign.
#[test]
fn everything_is_explained() {
    let scene = Scene::empty();
    let explain = |name: &str| {
        let ran = scene.run(&format!("tabsafe explain {name}"));
        assert_eq!(ran.exit, 0, "{name}: {}", ran.stderr);
        ran.stdout
    };
    let list = explain("");
    let listed: Vec<&str> = list.lines().filter_map(|l| l.split_whitespace().next()).collect();
    assert!(listed.windows(2).all(|w| w[0] < w[1]), "the list is sorted:\n{list}");
    for (name, manual, _) in manuals() {
        assert!(listed.contains(&name), "{name} is not in the list:\n{list}");
        assert!(explain(name).contains(manual.trim()), "{name}: the page is not the manual");
    }
    let summaries = RULES.iter().map(|r| r.summary).chain(METHODS.iter().map(|m| m.summary));
    let summaries = summaries.chain(ROUNDINGS.iter().map(|r| r.summary));
    let summaries = summaries.chain(PERTURBATIONS.into_iter().map(|p| p.summary));
    for summary in summaries {
        assert!(list.contains(summary), "`{summary}` is not in the list:\n{list}");
        assert!(summary.ends_with('.'), "{summary}");
    }
    let formats = explain("formats");
    for text in READERS.iter().flat_map(|r| [r.name, r.about]).chain(WRITERS.iter().flat_map(|w| [w.name, w.summary])) {
        assert!(formats.contains(text), "`{text}` is not in\n{formats}");
    }
    let markers = explain("markers");
    for (word, _) in tabsafe::read::MEANINGS {
        assert!(markers.contains(word), "`{word}` is not in\n{markers}");
    }
}

/// The help of the command line names every writer, and `--method` every method.
#[test]
fn help_names_every_entry() {
    let scene = Scene::empty();
    let release = scene.run("tabsafe release --help").stdout;
    WRITERS.iter().for_each(|w| assert!(release.contains(w.name), "{} is not in\n{release}", w.name));
    let wrong = scene.run("tabsafe protect x.csv --by a --threshold 5 --method none");
    METHODS.iter().for_each(|m| assert!(wrong.stderr.contains(m.name), "{} is not in\n{}", m.name, wrong.stderr));
}
