//! Policies on top of others: what they take over, what they change, and what stays locked.

use std::fs;

use tabsafe::policy::{Plan, Policy, PolicyError};
use tabsafe::rules::spelling;

/// A policy on top of the one with locks, which stands beside it.
fn on_top(rest: &str) -> Result<Policy, PolicyError> {
    let folder = tempfile::tempdir().expect("a folder");
    let base = crate::cli::scene::root().join("tests/policies/extended/locked.toml");
    fs::copy(base, folder.path().join("locked.toml")).expect("copied");
    let file = folder.path().join("ours.toml");
    let text = format!(
        "id = \"ours\"\ntitle = \"T\"\nversion = \"1\"\nevidence = \"generic\"\nextends = \"locked.toml\"\n{rest}"
    );
    fs::write(&file, text).expect("written");
    Policy::load(&file.to_string_lossy())
}

fn rules(policy: &Policy) -> Vec<String> {
    policy.rules.iter().map(|r| spelling(&*r.rule)).collect()
}

/// What is not said is as in the extended policy, with the line there; what is said replaces it; the changes are told.
#[test]
fn taken_over_and_changed() {
    let policy = on_top("").expect("holds");
    assert_eq!(rules(&policy), ["threshold(minimum=5,zero=withhold-if-needed,on=records)"]);
    assert!(policy.rules[0].line.ends_with("locked.toml:9"), "{}", policy.rules[0].line);
    assert!(policy.second_person && !policy.attacker.zeros_published);
    assert_eq!((policy.notes.len(), policy.banned.len()), (1, 1));
    let base = policy.base.as_ref().expect("a base");
    assert_eq!((base.id.as_str(), base.version.as_str(), base.changes.len()), ("locked", "3", 0));

    let policy = on_top(
        "notes = [\"Small counts are withheld.\", \"By us.\"]\n[threshold]\nminimum = 7\n[p-percent]\np = 10\n[suppress]\ncost = \"log\"\n\
         [markers]\n[banned]\nvariables = [\"beat\"]\nreason = \"small areas\"\n",
    )
    .expect("holds");
    assert_eq!(
        rules(&policy),
        ["threshold(minimum=7,zero=withhold-if-needed,on=records)", "p-percent(p=10,coalition=1)"]
    );
    assert!(policy.rules[0].line.ends_with("ours.toml:7"), "{}", policy.rules[0].line);
    assert!(matches!(&policy.plan, Plan::Suppress(plan) if plan.method == "auto"));
    let changes: Vec<String> = policy.base.iter().flat_map(|b| &b.changes).map(|c| c.to_string()).collect();
    for change in [
        "threshold.minimum: 7, was 5",
        "p-percent.p: 10, new",
        "suppress.cost: \"log\", was \"counts\"",
        "notes: [\"Small counts are withheld.\", \"By us.\"], was [\"Small counts are withheld.\"]",
    ] {
        assert!(changes.iter().any(|c| c == change), "{change} is not in {changes:?}");
    }
    assert_eq!(policy.banned.iter().flat_map(|b| &b.variables).collect::<Vec<_>>(), ["school", "beat"]);
}

/// What is locked can be tightened in each way that there is.
#[test]
fn tightened() {
    for rest in [
        "[threshold]\nminimum = 6\n",
        "[threshold]\nzero = \"unsafe\"\n",
        "[threshold]\non = \"persons\"\n",
        "[[threshold]]\nminimum = 5\nzero = \"unsafe\"\n[[threshold]]\nminimum = 20\non = \"persons\"\nzero = \"unsafe\"\n",
        "[suppress]\nprotection = \"above\"\n",
        "[suppress]\nkeep-totals = true\n",
        "notes = [\"More.\", \"Small counts are withheld.\"]\n",
        "[approval]\nsecond-person = true\n",
    ] {
        if let Err(error) = on_top(rest) {
            panic!("{rest}\n{error}");
        }
    }
}

/// What is locked stays locked for those who extend further, and a lock can be added.
#[test]
fn locks_are_handed_on() {
    let policy = on_top("locked = [\"suppress.cost\"]\n").expect("holds");
    let locks: Vec<(&str, &str)> = policy.locks.iter().map(|l| (l.key.as_str(), l.by.as_str())).collect();
    assert_eq!(locks.len(), 7);
    assert!(locks.contains(&("threshold", "locked")) && locks.contains(&("suppress.cost", "ours")));
}

/// A second person is asked for by the extended policy as well, and what it accepts of the lint is accepted.
#[test]
fn approval_is_taken_over() {
    let exception = format!(
        "[[exception]]\nrelease = \"R\"\nrule = \"threshold\"\nband = \"1-4\"\ndefinition = \"{}\"\napproved-by = \"A\"\nreason = \"B\"\n\
         until = \"2026-06-30\"\n",
        "0".repeat(64)
    );
    let told = on_top(&exception).map_or_else(|error| error.to_string(), |_| String::new());
    assert!(told.contains("the policy asks for a second person, and the exception names none"), "{told}");
    let policy = on_top(&format!("{exception}second = \"C\"\n")).expect("holds");
    assert_eq!(policy.exceptions.iter().filter_map(|e| e.second.as_deref()).collect::<Vec<_>>(), ["C"]);
}

/// An effective form has the fingerprint of what it came from, and names what is changed.
#[test]
fn effective() {
    let policy = on_top("[threshold]\nminimum = 9\n").expect("holds");
    let text = policy.effective();
    assert!(text.contains("# It extends locked (version 3) and changes:\n#   threshold.minimum: 9, was 5\n"), "{text}");
    let again = Policy::from_text("again.toml", &text).expect("the effective form is a policy");
    assert_eq!(again.fingerprint, policy.fingerprint);
    assert_eq!(again.locks.len(), policy.locks.len());
    let other = on_top("[threshold]\nminimum = 10\n").expect("holds");
    assert_ne!(other.fingerprint, policy.fingerprint);
}
