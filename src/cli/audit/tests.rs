//! The audit as people and programs see it.

use std::path::Path;

use super::*;
use crate::cli::exit;

/// The command's arguments for a table of `r` by `s`.
fn args(table: &Path, by: &[&str], more: impl FnOnce(&mut AuditArgs)) -> AuditArgs {
    let mut args = AuditArgs {
        table: table.to_owned(),
        by: by.iter().map(|b| (*b).to_owned()).collect(),
        count: Some("n".to_owned()),
        value: None,
        hierarchy: Vec::new(),
        total: Vec::new(),
        marker: vec!["x=withheld".to_owned()],
        threshold: None,
        rounded: None,
        perturbed: None,
        attacker: Vec::new(),
        format: "human".to_owned(),
    };
    more(&mut args);
    args
}

/// What is told about a table, and the verdict.
fn told(text: &str, by: &[&str], json: bool, more: impl FnOnce(&mut AuditArgs)) -> Result<String, Fault> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.csv");
    std::fs::write(&path, text).expect("the table");
    let args = args(&path, by, more);
    let input = Data::open(&path, &Session::plain())?;
    let found = audit(&args, &input, &Highs)?;
    let judged = found.judged();
    let verdict = verdict_of(&judged);
    if json {
        return Ok(to_json(&judged, &found, verdict));
    }
    let leaks: Vec<CellId> = judged.iter().filter(|j| !j.protected).map(|j| j.cell.cell).collect();
    let derivations = found.audit.derivations(&leaks, &Highs)?;
    Ok(human::text(&human::View {
        audit: &found.audit,
        derivations: &derivations,
        judged: &judged,
        by: &found.by,
        decimals: found.decimals,
        threshold: found.threshold,
        replaced: super::replaced(&args),
        verdict,
        all: false,
    }))
}

/// A leak is told with its arithmetic, and what to do next.
#[test]
fn a_leak_with_its_arithmetic() {
    insta::assert_snapshot!(told("r,n\na,9\nb,x\nc,2\nTotal,12\n", &["r"], false, |_| ()).expect("told"), @r"
    UNSAFE: of 1 withheld cell, 1 can be worked out.

      r b is exactly 1:
        r b: 12 (the grand total) - 9 (r a) - 2 (r c) = 1

    Next: withhold at least one more figure in each sum above and audit again; or let tabsafe choose the
    fewest: tabsafe protect DATA --by r --threshold 5
    ");
}

/// What follows from two sums is told once, by the first of them.
#[test]
fn a_leak_is_told_once() {
    let text = "r,s,n\na,f,x\na,m,2\nb,f,7\nb,m,8\na,Total,5\nb,Total,15\nTotal,f,10\nTotal,m,10\nTotal,Total,20\n";
    let human = told(text, &["r", "s"], false, |_| ()).expect("told");
    assert_eq!(human.matches(" = 3").count(), 1, "{human}");
}

/// A protected cell is told with two tables that both fit.
#[test]
fn a_protected_cell_with_two_tables() {
    let text = "r,s,n\na,f,x\na,m,x\nb,f,x\nb,m,x\na,Total,6\nb,Total,5\nTotal,f,6\nTotal,m,5\nTotal,Total,11\n";
    insta::assert_snapshot!(told(text, &["r", "s"], false, |_| ()).expect("told"), @r"
    SAFE: none of the 4 withheld cells can be worked out.

      r a, s f can be 2 to 5; two tables that fit all that is published:
                  one  other
        r a, s f    2      5
        r a, s m    4      1
        r b, s f    4      1
        r b, s m    1      4

      3 more are protected: --verbose shows them, --format json lists them

    Next: these tables may go out as far as withheld figures are concerned. Other tables of the same
    records can still give them away: put all of them in one file, a variable that a table does not use
    at its total, and audit it again.
    ");
}

/// Magnitudes are shown with their decimals, on both forms.
#[test]
fn magnitudes_have_decimals() {
    let text = "r,v\na,9.50\nb,x\nTotal,12.25\n";
    let value = |args: &mut AuditArgs| (args.count, args.value) = (None, Some("v".to_owned()));
    let human = told(text, &["r"], false, value).expect("told");
    assert!(human.contains("  r b is exactly 2.75:\n    (in units of 0.01) r b: 1225"), "{human}");
    let json = told(text, &["r"], true, value).expect("told");
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let cell = json!({"by": {"r": "b"}, "lo": 2.75, "hi": 2.75, "exact": true, "protected": false});
    assert_eq!(json["cells"], json!([cell]));
}

/// The JSON form holds what the manual says and nothing else.
#[test]
fn json() {
    let text = told("r,n\na,9\nb,x\nc,x\nTotal,12\n", &["r"], true, |_| ()).expect("told");
    let value: Value = serde_json::from_str(&text).expect("JSON");
    let expect = json!({
        "cells": [
            {"by": {"r": "b"}, "lo": 1, "hi": 2, "exact": false, "protected": false},
            {"by": {"r": "c"}, "lo": 1, "hi": 2, "exact": false, "protected": false},
        ],
        "summary": {"withheld": 2, "exact": 0, "too_narrow": 2, "verdict": "unsafe"},
    });
    assert_eq!(value, expect);
    let open = told("r,n\na,9\nb,x\nc,x\nTotal,x\n", &["r"], true, |_| ()).expect("told");
    assert!(open.contains("\"hi\":null"), "no upper end is null: {open}");
}

/// What an intruder is said to know has an effect, or is refused with the reason.
#[test]
fn attackers() {
    let text = "r,n\na,9\nb,x\nc,x\nTotal,11\n";
    let lo = |more: &str| {
        let told = told(text, &["r"], true, |args| args.attacker = vec![more.to_owned()]);
        told.map(|t| t.contains("\"lo\":0")).map_err(|f| (f.code, f.message))
    };
    assert_eq!(lo("zeros-published=true"), Ok(false));
    assert_eq!(lo("zeros-published=false"), Ok(true));
    assert_eq!(lo("integers=false"), Ok(false));
    for key in ["prior=10", "coalition=2"] {
        let (code, message) = lo(key).expect_err("refused");
        assert_eq!(code, exit::USAGE);
        assert!(message.contains("has no effect on an audit"), "{message}");
    }
    let hierarchy = told(text, &["r"], true, |args| args.hierarchy = vec!["q=q.hrc".to_owned()]).expect_err("refused");
    assert_eq!(hierarchy.message, "--hierarchy is given for \"q\", which --by does not name");
}
