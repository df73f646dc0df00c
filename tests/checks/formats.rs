//! The six police tables in every format: the same findings at the same cells, and remedies written in the format of the
//! draft.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use tabsafe::check::{DRAFT_WRITERS, Draft, Options, Outcome, Verdict, check, in_place};
use tabsafe::draft;
use tabsafe::policy::Policy;
use tabsafe::solve::Highs;

use super::checked;

/// Every file that holds the six tables.
const FILES: &[&str] = &[
    "police.tsv",
    "police.csv",
    "police.txt",
    "police-bars.txt",
    "police-boxes.txt",
    "police.md",
    "police.html",
    "police.docx",
    "police.pdf",
    "police-one.xlsx",
    "police-six.xlsx",
    "police-one.xls",
    "police-six.xls",
    "police-one.ods",
    "police-six.ods",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/drafts")
}

fn read(name: &str, bytes: Vec<u8>) -> Draft {
    let document = draft::read(name, bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
    Draft { name: name.to_owned(), document }
}

fn policy() -> Policy {
    Policy::load("police-foi").expect("a policy that ships")
}

/// Tables, labels and codes of all findings.
fn findings(outcome: &Outcome) -> BTreeSet<(String, String, String, &'static str)> {
    let spot = |s: &tabsafe::check::Spot, code| {
        let table = s.table.and_then(|t| outcome.tables.get(t)).map(|t| t.name.to_uppercase()).unwrap_or_default();
        // what breaks a label over lines is no part of it
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        (table, words(&s.row), words(&s.column), code)
    };
    let in_tables = outcome.findings.iter().filter(|f| f.code.name != "number-in-text");
    in_tables.flat_map(|f| f.spots.iter().map(move |s| spot(s, f.code.name))).collect()
}

/// Small numbers that sentences tell.
fn sentences(outcome: &Outcome) -> Vec<&str> {
    outcome.findings.iter().filter(|f| f.code.name == "number-in-text").map(|f| f.reason.as_str()).collect()
}

/// All files but the tables alone carry this note on a label.
const NOTE: &str = "\"One case of 2013\" tells a count of 1";

/// Every remedy in the file of the draft: what is read of it is safe but for the sentence that a person must change; and with
/// the first one, a line that holds no changed figure is as it was.
#[test]
fn remedies_keep_the_file() {
    let policy = policy();
    for name in FILES.iter().filter(|n| !n.ends_with(".pdf") && !n.ends_with(".xls")) {
        let bytes = std::fs::read(folder().join(name)).expect("a draft");
        let draft = read(name, bytes.clone());
        let outcome = check(std::slice::from_ref(&draft), &Options::new(&policy, &Highs));
        let kinds: Vec<&str> = outcome.remedies.iter().map(|r| r.kind).collect();
        assert!(kinds.contains(&"withhold") && kinds.contains(&"merge"), "{name}: {kinds:?}");
        for remedy in &outcome.remedies {
            let name = format!("{name}, {}", remedy.kind);
            assert!(!remedy.changes.is_empty(), "{name}: names what it changes");
            // tables that stand side by side share their rows: such a sheet is written anew, and that is said
            if draft.name.contains("-one.") && !remedy.cuts.is_empty() {
                continue;
            }
            let after = &remedy.drafts[0].document;
            let changed = in_place(&draft.name, &bytes, &draft.document, after, &remedy.cuts)
                .unwrap_or_else(|| panic!("{name}: not in place"));
            assert_ne!(changed, bytes, "{name}");
            let again = check(
                &[read(&draft.name, changed.clone())],
                &Options { remedies: false, ..Options::new(&policy, &Highs) },
            );
            let left: Vec<&str> =
                again.findings.iter().map(|f| f.code.name).filter(|c| *c != "number-in-text").collect();
            assert!(left.is_empty(), "{name}: {left:?}");
            if let (Ok(old), Ok(new), "withhold") =
                (std::str::from_utf8(&bytes), std::str::from_utf8(&changed), remedy.kind)
            {
                lines_stay(&name, old, new);
            }
        }
    }
}

/// Lines without a changed figure are as they were.
fn lines_stay(name: &str, old: &str, new: &str) {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    assert_eq!(old.len(), new.len(), "{name}: lines");
    let same = old.iter().zip(&new).filter(|(a, b)| a == b).count();
    let marked = new.iter().filter(|l| l.contains("[c]") || l.contains("\\[c\\]")).count();
    assert!(same + marked >= old.len(), "{name}: {same} of {} lines stay", old.len());
}

/// From each format the same 64 findings, and the same tables linked.
#[test]
fn the_same_from_every_format() {
    let policy = policy();
    let first = checked(&[read(FILES[0], std::fs::read(folder().join(FILES[0])).expect("a draft"))], &policy);
    let expected = findings(&first);
    assert_eq!((first.findings.len(), expected.len()), (64, 64));
    let mut faults = Vec::new();
    for name in FILES {
        let outcome = checked(&[read(name, std::fs::read(folder().join(name)).expect("a draft"))], &policy);
        let found = findings(&outcome);
        let linked: Vec<usize> = outcome.tables.iter().map(|t| t.linked.len()).collect();
        let alone = ["police.tsv", "police.csv"].contains(name);
        assert_eq!(sentences(&outcome), if alone { &[][..] } else { &[NOTE][..] }, "{name}");
        if found != expected || linked != [5; 6] || outcome.verdict != Verdict::Unsafe {
            let (less, more): (Vec<_>, Vec<_>) =
                (expected.difference(&found).take(4).collect(), found.difference(&expected).take(4).collect());
            faults.push(format!("{name}: {} {linked:?} without {less:?} with {more:?}", outcome.verdict.word()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Whatever hides behind a sheet is attacked like the rest, and told.
#[test]
fn what_a_file_hides() {
    for name in ["hidden.xlsx", "hidden.xls", "hidden.ods"] {
        let outcome = checked(&[read(name, std::fs::read(folder().join(name)).expect("a draft"))], &policy());
        let hidden = outcome.findings.iter().filter(|f| f.code.name == "hidden-content").count();
        assert!(hidden > 0 && outcome.verdict != Verdict::Safe, "{name}: {:?}", outcome.findings);
    }
}

/// A remedy, written in each format and read again, is safe, but for the sentence that only a person can change.
#[test]
fn remedies_in_every_format() {
    let policy = policy();
    let options = Options {
        policy: &policy,
        layout: None,
        markers: Default::default(),
        accept_inferred: false,
        answers: Default::default(),
        accept: &[],
        remedies: true,
        solver: &Highs,
    };
    for name in ["police.tsv", "police-six.xlsx", "police-one.ods"] {
        let outcome = check(&[read(name, std::fs::read(folder().join(name)).expect("a draft"))], &options);
        let remedy = outcome.remedies.first().expect("a remedy");
        for writer in DRAFT_WRITERS {
            for extension in writer.extensions {
                let bytes = (writer.write)(&remedy.drafts[0].document).expect("a file");
                let again = checked(&[read(&format!("fixed.{extension}"), bytes)], &policy);
                let left: Vec<&str> = again.findings.iter().map(|f| f.reason.as_str()).collect();
                assert!(left.iter().all(|l| *l == NOTE), "{name} as {extension}: {left:?}");
                assert_eq!((again.tables.len(), again.withheld), (6, 70), "{name} as {extension}");
            }
        }
    }
}
