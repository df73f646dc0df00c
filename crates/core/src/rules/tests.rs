//! The registry's own invariants.

use super::{RULES, find, parse_rule};

/// The headings of a manual, in this order.
const HEADINGS: [&str; 6] = ["What it protects", "Formula", "Parameters", "Worked example", "Limits", "Source"];

/// Names are unique and sorted, so that lists of them are.
#[test]
fn names() {
    let names: Vec<&str> = RULES.iter().map(|r| r.name).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(names, sorted);
    assert!(names.iter().all(|n| find(n).is_some_and(|r| r.name == *n)));
    assert!(find("Threshold").is_none());
}

/// Every manual has the headings, all of them, in order, each with something below it.
#[test]
fn manuals() {
    for rule in RULES {
        let found: Vec<&str> = rule.manual.lines().filter_map(|l| l.strip_prefix("## ")).collect();
        assert_eq!(found, HEADINGS, "{}", rule.name);
        for section in rule.manual.split("\n## ").skip(1) {
            assert!(section.lines().skip(1).any(|l| !l.trim().is_empty()), "{}: {section}", rule.name);
        }
        assert!(rule.summary.ends_with('.') && !rule.title.is_empty(), "{}", rule.name);
    }
}

/// The manual lists the parameters of the registry, all of them, in the same order.
#[test]
fn parameters_in_manual_and_registry() {
    for rule in RULES {
        let section = rule.manual.split("\n## ").find(|s| s.starts_with("Parameters")).unwrap_or_default();
        let listed: Vec<&str> =
            (section.lines().filter_map(|l| l.strip_prefix("- `"))).filter_map(|l| l.split('`').next()).collect();
        let registered: Vec<&str> = rule.parameters.iter().map(|p| p.name).collect();
        assert_eq!(listed, registered, "{}", rule.name);
        assert!(rule.parameters.iter().all(|p| !p.meaning.is_empty() && !p.meaning.ends_with('.')), "{}", rule.name);
    }
}

/// Every rule says its name and parameters as the registry has them, and its defaults are allowed.
#[test]
fn rules_know_their_entry() {
    let texts = [
        "denominator(20,population=people)",
        "differencing(10)",
        "dominance(2,85)",
        "group-disclosure(share=90)",
        "p-percent(10)",
        "prior-posterior(10,50)",
        "request(70)",
        "threshold(5,within=area,population=people,population-below=9,uncertainty=20)",
    ];
    assert_eq!(texts.len(), RULES.len());
    for (entry, text) in RULES.iter().zip(texts) {
        let rule = parse_rule(text).expect("a rule");
        assert_eq!(rule.name(), entry.name);
        let names: Vec<&str> = rule.parameters().iter().map(|p| p.0).collect();
        assert_eq!(names, entry.parameters.iter().map(|p| p.name).collect::<Vec<_>>());
        assert!(entry.tightens.iter().all(|t| names.contains(&t.0)), "{}", entry.name);
    }
}

/// A stricter parameter is one that calls more cells unsafe; what can't be compared is not stricter.
#[test]
fn stricter() {
    let allows = |rule: &str, parameter: &str, old: &str, new: &str| {
        find(rule).and_then(|r| r.tightens(parameter)).is_some_and(|t| t.allows(old, new))
    };
    assert!(allows("threshold", "minimum", "5", "10") && !allows("threshold", "minimum", "10", "5"));
    assert!(allows("threshold", "zero", "show", "unsafe") && !allows("threshold", "zero", "unsafe", "show"));
    assert!(allows("threshold", "on", "records", "persons") && !allows("threshold", "on", "persons", "contributors"));
    assert!(allows("dominance", "k", "85", "84.5") && !allows("dominance", "k", "84.5", "85"));
    assert!(allows("group-disclosure", "min-margin", "3", "3"));
    assert!(!allows("threshold", "within", "none", "area"));
}
