//! Cell suppression instances in JJ format: losses known from elsewhere, and the commands on them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use tabsafe::model::{CellId, Treatment, Verdict};
use tabsafe::pipeline::{InstanceOutcome, Options, audit_instance, instance_attacker, protect_instance};
use tabsafe::solve::Highs;
use tempfile::TempDir;

/// Rows of the hand-made table; the totals follow from them.
const ROWS: [[i64; 3]; 3] = [[10, 20, 30], [40, 5, 15], [25, 35, 45]];
/// Its unsafe cell, in the middle.
const MIDDLE: CellId = 5;
/// Those that protect it at least loss: the rest of the rectangle with the first row and the last column.
const RECTANGLE: [CellId; 3] = [1, 2, 6];

/// The hand-made table: cell 4 · row + column, totals last. `change` may replace what follows the index, value and cost.
fn table(change: impl Fn(CellId) -> Option<&'static str>) -> String {
    let value = |r: usize, c: usize| -> i64 {
        let rows = if r < 3 { r..r + 1 } else { 0..3 };
        rows.flat_map(|r| if c < 3 { ROWS[r][c..=c].to_vec() } else { ROWS[r].to_vec() }).sum()
    };
    let mut text = "0\n16\n".to_owned();
    for cell in 0..16 {
        let value = value(cell / 4, cell % 4);
        let usual = if cell == MIDDLE { "u 0 1000 5 5 0" } else { "s 0 1000 0 0 0" };
        text += &format!("{cell} {value} {value} {}\n", change(cell).unwrap_or(usual));
    }
    text += "8\n";
    for r in 0..4 {
        text += &format!("0 4 : {} (1) {} (1) {} (1) {} (-1)\n", 4 * r, 4 * r + 1, 4 * r + 2, 4 * r + 3);
    }
    for c in 0..4 {
        text += &format!("0 4 : {} (-1) {} (1) {} (1) {} (1)\n", 12 + c, c, 4 + c, 8 + c);
    }
    text
}

/// A folder with the table in it.
fn folder(text: &str) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("table.jj");
    fs::write(&path, text).expect("written");
    (dir, path)
}

fn with_options<T>(run: impl FnOnce(&Options) -> T) -> T {
    run(&Options::new(&Highs))
}

fn protect(path: &Path, method: &str) -> InstanceOutcome {
    with_options(|o| protect_instance(path, instance_attacker(), method, o)).expect("an instance")
}

fn audit(text: &[u8]) -> InstanceOutcome {
    let (_dir, path) = folder(&String::from_utf8_lossy(text));
    with_options(|o| audit_instance(&path, instance_attacker(), o)).expect("an instance")
}

fn secondary(outcome: &InstanceOutcome) -> Vec<CellId> {
    let treatments = &outcome.protection.treatments;
    (0..treatments.len()).filter(|&c| treatments[c] == Treatment::Withhold { primary: false }).collect()
}

/// The least loss of the hand-made table, found and proven; the pattern that is written is the one that is audited.
fn check(text: &str, loss: i64, cells: &[CellId]) {
    let (_dir, path) = folder(text);
    let outcome = protect(&path, "optimal");
    assert_eq!((outcome.verdict(), outcome.protection.loss), (Verdict::Safe, loss));
    assert!(outcome.protection.proven_optimal());
    assert_eq!(secondary(&outcome), cells);
    let again = audit(&outcome.pattern());
    assert_eq!((again.verdict(), again.protection.loss, secondary(&again)), (Verdict::Safe, loss, cells.to_vec()));
    let fast = protect(&path, "fast");
    assert!(fast.verdict() == Verdict::Safe && fast.protection.loss >= loss, "nothing beats the optimum");
}

/// Whoever withholds 5 needs another cell of its row, of its column, and one where those cross another row and
/// column: of the four rectangles of inner cells the one with 15, 20 and 30 loses least.
#[test]
fn the_cheapest_rectangle() {
    check(&table(|_| None), 65, &RECTANGLE);
}

/// Where the 30 must be published, or the 15 can't move as far as the level asks, the rectangle with 40, 20 and 10 is next.
#[test]
fn the_next_rectangle() {
    check(&table(|c| (c == 2).then_some("z 0 1000 0 0 0")), 70, &[0, 1, 4]);
    check(&table(|c| (c == 6).then_some("s 11 19 0 0 0")), 70, &[0, 1, 4]);
}

/// A cell whose bounds leave as much as the level asks is as good as any other: 15 may be from 10 to 20.
#[test]
fn bounds_that_are_just_wide_enough() {
    check(&table(|c| (c == 6).then_some("s 10 20 0 0 0")), 65, &RECTANGLE);
}

/// A sliding level is met by what is possible on both sides together: the 15 may move by 4 down and 4 up.
#[test]
fn sliding_levels() {
    let with = |middle: &'static str| {
        table(move |c| match c {
            MIDDLE => Some(middle),
            6 => Some("s 11 19 0 0 0"),
            _ => None,
        })
    };
    check(&with("u 0 1000 0 0 8"), 65, &RECTANGLE);
    check(&with("u 0 1000 0 0 9"), 70, &[0, 1, 4]);
}

/// Where only that rectangle may be withheld, its two tables, 4 below and 4 above, are enough for a sliding level of 8.
#[test]
fn sliding_levels_from_both_sides() {
    let text = table(|c| match c {
        MIDDLE => Some("u 0 1000 0 0 8"),
        6 => Some("s 11 19 0 0 0"),
        1 | 2 => None,
        _ => Some("z 0 1000 0 0 0"),
    });
    check(&text, 65, &RECTANGLE);
}

/// A zero that may be anything up to 9 moves like any other cell: here it is the cheapest corner.
#[test]
fn zeros_with_room() {
    let text = "0\n9\n0 0 0 s 0 9 0 0 0\n1 7 7 s 0 99 0 0 0\n2 7 7 s 0 99 0 0 0\n\
        3 7 7 s 0 99 0 0 0\n4 3 3 u 0 99 0 3 0\n5 10 10 s 0 99 0 0 0\n\
        6 7 7 s 0 99 0 0 0\n7 10 10 s 0 99 0 0 0\n8 17 17 s 0 99 0 0 0\n\
        6\n0 3 : 0 (1) 1 (1) 2 (-1)\n0 3 : 3 (1) 4 (1) 5 (-1)\n0 3 : 6 (1) 7 (1) 8 (-1)\n\
        0 3 : 0 (1) 3 (1) 6 (-1)\n0 3 : 1 (1) 4 (1) 7 (-1)\n0 3 : 2 (1) 5 (1) 8 (-1)\n";
    check(text, 14, &[0, 1, 3]);
    assert_eq!(audit(text.as_bytes()).verdict(), Verdict::Unsafe, "a primary cell alone can be worked out");
}

/// A cell that is never printed is nobody's to publish and protects as a withheld one does.
#[test]
fn hidden_cells() {
    check(&table(|c| RECTANGLE.contains(&c).then_some("h 0 1000 0 0 0")), 0, &[]);
}

/// Secondary cells of a file are published again where others protect at less loss.
#[test]
fn a_pattern_is_not_kept() {
    check(&table(|c| [4, 8, 9].contains(&c).then_some("m 0 1000 0 0 0")), 65, &RECTANGLE);
}

/// A published instance: the loss proven to be the least is the one known, its pattern meets every level, and whichever
/// of its cells is published instead, the audit tells.
#[test]
fn targus() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/csplib/TARGUS.jj");
    let outcome = protect(&path, "optimal");
    assert_eq!((outcome.verdict(), outcome.protection.loss), (Verdict::Safe, 2_033_155));
    assert!(outcome.protection.proven_optimal());
    let again = audit(&outcome.pattern());
    assert_eq!((again.verdict(), again.audit.cells.len()), (Verdict::Safe, 13));
    assert!(again.audit.cells.iter().all(|c| c.protected));
    for (found, finding) in again.audit.cells.iter().zip(&again.findings) {
        let cell = again.jj.cells[finding.cell];
        let (lo, hi) = (found.interval.lo.expect("bounded"), found.interval.hi.expect("bounded"));
        assert!(lo <= cell.value - cell.lower && hi >= cell.value + cell.upper, "cell {}", finding.cell);
    }
    let chosen = secondary(&outcome);
    assert_eq!(chosen.len(), 8);
    for published in chosen.iter().copied() {
        let less = outcome.jj.with_pattern(|c| c != published && chosen.contains(&c));
        let found = audit(&less);
        assert_eq!(found.verdict(), Verdict::Unsafe, "without cell {published}");
        assert!(!found.audit.leaks.is_empty() && found.audit.cells.iter().any(|c| !c.protected));
    }
}

fn tabsafe(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tabsafe")).args(args).output().expect("it runs")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// The exit code and both streams.
fn said(output: &Output) -> (Option<i32>, String, String) {
    let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), words(&output.stdout), words(&output.stderr))
}

/// `protect` writes the pattern and the report, both for the owner alone, and `audit` finds that pattern safe.
#[test]
fn commands() {
    let (dir, path) = folder(&table(|_| None));
    let (out, report) = (dir.path().join("out.jj"), dir.path().join("report.json"));
    let done = tabsafe(&["protect", text(&path), "--out", text(&out), "--report", text(&report)]);
    let expect = format!(
        "safe: 4 of 16 cells withheld\n{}: CONFIDENTIAL, holds true values\n{}: CONFIDENTIAL, holds true values\n",
        out.display(),
        report.display()
    );
    assert_eq!(said(&done), (Some(0), expect, String::new()));
    let pattern = |c: CellId| RECTANGLE.contains(&c).then_some("x 0 1000 0 0 0");
    assert_eq!(fs::read_to_string(&out).expect("written"), table(pattern));
    assert_eq!(said(&tabsafe(&["protect", text(&path), "--out", "-"])), (Some(0), table(pattern), String::new()));
    let report: Value = serde_json::from_slice(&fs::read(&report).expect("written")).expect("JSON");
    let summary = &report["summary"];
    for (key, value) in [
        ("cells", json!(16)),
        ("primaries", json!(1)),
        ("secondaries", json!(3)),
        ("secondary_value", json!(65)),
        ("loss", json!(65)),
        ("bound", json!(65)),
        ("gap", json!(0.0)),
        ("proven_optimal", json!(true)),
        ("method", json!("optimal")),
        ("verdict", json!("safe")),
    ] {
        assert_eq!(summary[key], value, "{key}");
    }
    assert!(summary["seconds"]["read"].is_f64());
    let middle = &report["cells"][MIDDLE];
    assert_eq!(
        (&middle["by"], &middle["rule"], &middle["true"]),
        (&json!({"cell": MIDDLE}), &json!("given"), &json!(5))
    );
    assert_eq!((&middle["lo"], &middle["hi"], &middle["protected"]), (&json!(0), &json!(20), &json!(true)));
    assert_eq!(report["findings"][0]["policy"], format!("{}:8", path.display()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&out).expect("there").permissions().mode() & 0o077, 0);
    }
    let audit = tabsafe(&["audit", text(&out), "--format", "json"]);
    let found: Value = serde_json::from_slice(&audit.stdout).expect("JSON");
    let expect = json!({
        "cells": [{"by": {"cell": MIDDLE}, "lo": 0, "hi": 20, "exact": false, "protected": true}],
        "summary": {"withheld": 4, "exact": 0, "too_narrow": 0, "verdict": "safe"},
    });
    assert_eq!((audit.status.code(), found), (Some(0), expect));
}

/// Levels that are not met end with 1: the cell is named, and what is left of its value only on request.
#[test]
fn audit_of_a_leak() {
    let (_dir, path) = folder(&table(|c| (c == 6).then_some("x 0 1000 0 0 0")));
    let human = said(&tabsafe(&["audit", text(&path)]));
    let expect = "unsafe: 0 of 1 primary cells reach their levels (secondary cells: 1)\n  \
        cell 5 (line 8) can be worked out\n  --verbose shows how (confidential)\n";
    assert_eq!(human, (Some(1), expect.to_owned(), String::new()));
    let (code, told, _) = said(&tabsafe(&["audit", text(&path), "--verbose"]));
    assert_eq!(code, Some(1));
    assert!(told.contains("cell 5: 60 (cell 13) - 20 (cell 1) - 35 (cell 9) = 5"), "{told}");
    let json = tabsafe(&["audit", text(&path), "--format", "json"]);
    let found: Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!(found["summary"], json!({"withheld": 2, "exact": 1, "too_narrow": 0, "verdict": "unsafe"}));
}

/// What nothing can protect ends with 1, and no pattern is written.
#[test]
fn nothing_helps() {
    let (dir, path) = folder(&table(|c| (c != MIDDLE).then_some("z 0 1000 0 0 0")));
    let out = dir.path().join("out.jj");
    let (code, told, error) = said(&tabsafe(&["protect", text(&path), "--out", text(&out), "--verbose"]));
    assert_eq!((code, out.exists()), (Some(1), false));
    let told = told.strip_prefix("CONFIDENTIAL: --verbose shows what the public files do not\n").unwrap_or_default();
    assert!(told.starts_with("unsafe: 1 primary and 0 secondary of 16 cells withheld"), "{told}");
    assert!(error.contains("cell 5: no choice of withheld cells hides it"), "{error}");
}

/// A time limit that ends the search before there is a safe pattern ends with 4, and no pattern is written.
#[test]
fn no_time() {
    let (dir, path) = folder(&table(|_| None));
    let out = dir.path().join("out.jj");
    let (code, told, error) =
        said(&tabsafe(&["protect", text(&path), "--time-limit", "0", "--out", text(&out), "--verbose"]));
    assert_eq!((code, out.exists()), (Some(4), false), "{told}{error}");
    assert!(told.contains("\ninconclusive: ") && error.contains("no pattern was written"), "{told}{error}");
}

/// Arguments that the file makes meaningless are refused with 2, a file that contradicts itself with 3; other data
/// still need `--by`.
#[test]
fn refusals() {
    let (dir, path) = folder(&table(|_| None));
    let (code, _, error) = said(&tabsafe(&["protect", text(&path), "--by", "a", "--threshold", "5"]));
    assert_eq!(code, Some(2));
    assert!(error.starts_with("error: --by, --threshold can't be used with a JJ file\n"), "{error}");
    let (code, _, error) = said(&tabsafe(&["audit", text(&path), "--by", "a", "--count", "n"]));
    assert_eq!((code, error.starts_with("error: --by, --count can't be used")), (Some(2), true), "{error}");
    let (code, _, error) = said(&tabsafe(&["protect", text(&path), "--method", "best"]));
    assert_eq!((code, error.contains("there are: auto, fast, optimal")), (Some(2), true), "{error}");
    let (code, _, error) = said(&tabsafe(&["protect", text(&path), "--out", text(&path)]));
    assert_eq!((code, error.contains("table.jj")), (Some(2), true), "{error}");
    let csv = dir.path().join("a.csv");
    let (code, _, error) = said(&tabsafe(&["protect", text(&csv), "--threshold", "5"]));
    assert_eq!((code, error.starts_with("error: --by is missing")), (Some(2), true), "{error}");
    let (code, _, error) = said(&tabsafe(&["audit", text(&csv), "--by", "a"]));
    assert_eq!((code, error.starts_with("error: --count or --value is missing")), (Some(2), true), "{error}");
    fs::write(&path, table(|_| None).replacen("\n5 5 5 u", "\n5 6 5 u", 1)).expect("written");
    let (code, _, error) = said(&tabsafe(&["audit", text(&path)]));
    assert_eq!(code, Some(3));
    assert!(error.contains("the values do not satisfy 2 of 8 relations\n"), "{error}");
    assert!(error.contains("table.jj:21: off by 1\n") && error.contains("table.jj:25: off by 1\n"), "{error}");
    let (code, _, error) = said(&tabsafe(&["protect", text(&dir.path().join("none.jj"))]));
    assert_eq!((code, error.contains("none.jj: can't be read: there is no such file")), (Some(3), true), "{error}");
}
