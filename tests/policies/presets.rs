//! Every policy that ships: it holds, nothing speaks against it or somebody says why that does not matter, its examples come
//! out as they say, and a release under it works.

use std::collections::BTreeSet;

use tabsafe::pipeline::{Options, try_examples};
use tabsafe::policy::{PRESETS, Policy, lint};
use tabsafe::solve::Highs;

use crate::cli::decent;
use crate::cli::scene::Scene;

/// The policies, by name.
fn all() -> impl Iterator<Item = (&'static str, Policy)> {
    PRESETS.iter().map(|p| (p.name, p.load().unwrap_or_else(|error| panic!("{error}"))))
}

/// What examples are tried with.
fn options() -> Options<'static> {
    Options::new(&Highs)
}

/// Every policy that ships has examples, and each comes out as it says.
#[test]
fn examples_hold() {
    for (name, policy) in all() {
        let tried = try_examples(&policy, &options()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!tried.is_empty(), "{name} has no examples");
        for example in tried {
            assert!(example.differences.is_empty(), "{}: {}: {:?}", example.line, example.name, example.differences);
        }
    }
}

/// An example that does not come out as it says is told, with the cell and what is there instead.
#[test]
fn examples_can_fail() {
    let policy = Policy::from_text(
        "p.toml",
        "id = \"p\"\ntitle = \"T\"\nversion = \"1\"\nevidence = \"generic\"\n[threshold]\nminimum = 5\n[suppress]\n\
         [[example]]\nname = \"numbers\"\ncounts = [[3, 12, 9], [20, 30, 8]]\nexpect = [[\"shown\", 12, \"?\"], [\"withheld\", 31, \"?\"]]\n\
         [[example]]\nname = \"rules\"\ncounts = [[3, 12], [20, 30]]\nexpect = [[\"safe\", \"unsafe\"], [\"?\", \"?\"]]\n\
         [[example]]\nname = \"refused\"\ncounts = [[30, 12], [20, 30]]\nrefused = true\n",
    );
    let tried = try_examples(&policy.expect("a policy"), &options()).expect("they run");
    let lines: Vec<&str> = tried.iter().map(|t| t.line.as_str()).collect();
    assert_eq!(lines, ["p.toml:8", "p.toml:12", "p.toml:16"]);
    assert_eq!(tried[0].differences[0], "row 1, column 1: expected shown, but it is withheld");
    assert!(tried[0].differences.iter().any(|d| d.starts_with("row 2, column 2: expected 31, but it is ")));
    assert_eq!(
        tried[1].differences,
        [
            "row 1, column 1: expected to be safe, but a rule calls it unsafe",
            "row 1, column 2: expected to be unsafe, but no rule says so"
        ]
    );
    assert_eq!(tried[2].differences, ["the release was to be refused, but it is safe"]);
}

/// Nothing speaks against a policy that ships, or it carries the reason why that does not matter.
#[test]
fn lint_is_silent() {
    for (name, policy) in all() {
        let warnings = lint::lint(&policy, Some("2026-01-01"));
        assert!(warnings.is_empty(), "{name}:\n{warnings}");
    }
}

/// A policy that carries an authority's name says whose rule it is, where it stands and what it is for; a generic one
/// carries none.
#[test]
fn evidence_is_given() {
    for (name, policy) in all() {
        let generic = policy.evidence == "generic";
        assert_eq!(generic, policy.publisher.is_none(), "{name}: publisher");
        assert_eq!(generic, policy.source.is_none(), "{name}: source");
        assert!(generic || policy.scope.is_some(), "{name}: scope");
        assert!(generic || policy.source.as_ref().is_some_and(|s| s.starts_with("https://")), "{name}: an address");
        let named = name.starts_with("generic-") || name.starts_with("business-") || name.starts_with("police-");
        assert_eq!(generic, named, "{name}: the name says whether it is somebody's rule");
    }
    let words: BTreeSet<String> = all().map(|(_, policy)| policy.evidence).collect();
    assert!(words.len() >= 3, "{words:?}");
}

/// The effective form of each policy is a policy with the same effect.
#[test]
fn effective_forms_are_policies() {
    for (name, policy) in all() {
        let text = policy.effective();
        let again = Policy::from_text(&format!("{name}.toml"), &text).unwrap_or_else(|e| panic!("{name}: {e}\n{text}"));
        assert_eq!(again.fingerprint, policy.fingerprint, "{name}:\n{text}");
    }
}

/// A release of the police example under every policy ends with a verdict and never with a fault; a refused one writes nothing.
#[test]
fn the_police_example_under_every_policy() {
    let scene = Scene::shipped();
    let mut released = 0;
    for preset in PRESETS {
        let name = preset.name;
        let key = "TABSAFE_KEY=0123456789abcdef0123456789abcdef";
        let ran = scene.run(&format!(
            "{key} tabsafe release examples/police-foi/release.toml --policy {name} --out {name} --report {name}.json"
        ));
        assert!([0, 1].contains(&ran.exit), "{name}: {}", ran.text());
        decent(name, &ran);
        let report = scene.read(&format!("{name}.json"));
        assert!(report.contains(&format!("\"id\": \"{name}\"")), "{name}");
        assert_eq!(ran.exit == 0, scene.path().join(name).join("release.csv").exists(), "{name}");
        released += usize::from(ran.exit == 0);
    }
    assert!(released > PRESETS.len() / 2, "{released} of {} release the example", PRESETS.len());
}
