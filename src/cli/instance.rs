//! `protect` and `audit` of a cell suppression instance in JJ format.
//!
//! The file holds every true value, and so does the pattern that is written: neither is for publication.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tabsafe::attack::{Attacker, CellAudit};
use tabsafe::model::{Bounds, CellId, Decimal, Treatment, Verdict};
use tabsafe::pipeline::{InstanceOutcome, audit_instance, instance_attacker, protect_instance};
use tabsafe::release::{Facts, Figure};
use tabsafe::suppress;
use tabsafe::write::{Item, Reporting, Stage, layout, report_item};

use super::args::{AuditArgs, ProtectArgs};
use super::exit;
use super::fault::Fault;
use super::release::watched;
use super::reports::Reports;
use super::session::Session;
use super::show::CONFIDENTIAL;

/// Cells that the human form spells out.
const LINES: usize = 40;

/// Why nothing was written, for those who did not ask for what is confidential.
const REFUSED: &str =
    "not every primary cell reaches its levels; no pattern was written: --verbose says which (confidential)\n";

/// Whether a file is an instance, by its name.
pub fn is_jj(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("jj"))
}

/// Chooses the secondary cells of an instance.
pub fn protect(args: &ProtectArgs, session: &Session) -> Result<u8, Fault> {
    refuse(&[
        ("--by", !args.by.is_empty()),
        ("--count", args.count.is_some()),
        ("--value", args.value.is_some()),
        ("--contributor", args.contributor.is_some()),
        ("--id", args.id.is_some()),
        ("--record-key", args.record_key.is_some()),
        ("--hierarchy", !args.hierarchy.is_empty()),
        ("--threshold", args.threshold.is_some()),
        ("--rule", !args.rule.is_empty()),
        ("--policy", args.policy.is_some()),
        ("--protection", args.protection.is_some()),
        ("--cost", args.cost.is_some()),
        ("--keep", !args.keep.is_empty()),
        ("--never-withhold", !args.never_withhold.is_empty()),
        ("--key", args.key.is_some()),
        ("--last", args.last.is_some()),
        ("--attacker", !args.attacker.is_empty()),
        ("--table", !args.table.is_empty()),
        ("--format", args.format.is_some()),
    ])?;
    let method = method(args.method.as_deref())?;
    let piped = args.out.as_deref() == Some(Path::new("-"));
    let out = args.out.as_deref().filter(|_| !piped);
    let reports = Reports::of(&args.report, args.since.as_deref())?;
    let stage = Stage::open(out.into_iter().chain(reports.paths.iter().map(PathBuf::as_path)))?;
    stage.keep(&std::iter::once(&args.data).chain(&args.since).cloned().collect::<Vec<_>>())?;
    let outcome = watched(args.time_limit, session, |options| {
        protect_instance(&args.data, instance_attacker(), method, options)
    })?;
    let verdict = outcome.verdict();
    let safe = verdict == Verdict::Safe;
    let summary = summary(&outcome);
    // the page gives the word itself
    let result = layout::capital(summary.split_once(": ").map_or(summary.as_str(), |(_, rest)| rest));
    let (facts, said) = (facts(&outcome), [("Verdict".to_owned(), result)]);
    let reporting = Reporting { facts: &facts, said: &said, since: reports.since.as_ref() };
    let pattern = outcome.pattern();
    let mut items = Vec::new();
    if let Some(path) = out.filter(|_| safe) {
        items.push(Item::confidential(path.to_owned(), |to: &mut dyn std::io::Write| to.write_all(&pattern)));
    }
    items.extend(reports.paths.iter().map(|path| report_item(path, &reporting)));
    let written = session.writing(|| stage.commit(items, &|| session.stopped()))?;
    if piped && safe {
        session.put(&pattern)?;
    } else {
        match session.verbose {
            true => session.say(&format!("{CONFIDENTIAL}\n{summary}")),
            false => session.say(&in_short(&outcome)),
        }
        written.iter().for_each(|path| session.say(&format!("{}: CONFIDENTIAL, holds true values\n", path.display())));
    }
    // how many levels reach beyond bounds
    outcome.warnings.iter().filter(|_| session.verbose).for_each(|w| session.warn(&format!("warning: {w}\n")));
    if !safe {
        session.error(&if session.verbose { failures(&outcome) } else { REFUSED.to_owned() });
    }
    Ok(exit::of(verdict))
}

/// Attacks the pattern of an instance.
pub fn audit(args: &AuditArgs, session: &Session) -> Result<u8, Fault> {
    refuse(&[
        ("--by", !args.by.is_empty()),
        ("--count", args.count.is_some()),
        ("--value", args.value.is_some()),
        ("--hierarchy", !args.hierarchy.is_empty()),
        ("--marker", !args.marker.is_empty()),
    ])?;
    let mut attacker: Attacker = instance_attacker();
    for text in &args.attacker {
        attacker.set(text).map_err(|e| Fault::usage(e.to_string()))?;
    }
    let outcome = watched(None, session, |options| audit_instance(&args.table, attacker, options))?;
    outcome.warnings.iter().for_each(|w| session.error(&format!("warning: {w}\n")));
    let told = if args.format == "json" { to_json(&outcome) } else { to_text(&outcome, session.verbose) };
    session.put(told.as_bytes())?;
    Ok(exit::of(outcome.verdict()))
}

/// Refuses arguments that say what the file says itself.
fn refuse(given: &[(&str, bool)]) -> Result<(), Fault> {
    let given: Vec<&str> = given.iter().filter(|g| g.1).map(|g| g.0).collect();
    if given.is_empty() {
        return Ok(());
    }
    Err(Fault::usage(format!("{} can't be used with a JJ file", given.join(", ")))
        .help("a JJ file brings cells, costs, protection levels and relations of its own"))
}

/// The method that was asked for, `auto` without one.
pub fn method(name: Option<&str>) -> Result<&str, Fault> {
    match name {
        None => Ok("auto"),
        Some(name) if suppress::names().contains(&name) => Ok(name),
        Some(name) => Err(Fault::usage(format!("there is no method \"{name}\""))
            .help(format!("there are: {}", suppress::names().join(", ")))),
    }
}

fn facts(outcome: &InstanceOutcome) -> Facts<'_> {
    Facts {
        system: &outcome.system,
        findings: &outcome.findings,
        protection: &outcome.protection,
        audit: &outcome.audit,
        header: &outcome.header,
        seconds: &outcome.seconds,
        warnings: &outcome.warnings,
        by_table: false,
        cost_decimals: outcome.jj.cost_decimals,
    }
}

/// The number of primary (secondary) cells.
fn withheld(outcome: &InstanceOutcome, primary: bool) -> usize {
    outcome.protection.treatments.iter().filter(|t| **t == Treatment::Withhold { primary }).count()
}

/// What was done, in a line; which cells are primary and what the choice cost is confidential.
fn in_short(outcome: &InstanceOutcome) -> String {
    let gone = withheld(outcome, true) + withheld(outcome, false);
    match outcome.verdict() {
        // the pattern that was tried is published nowhere
        verdict if verdict != Verdict::Safe => format!("{}\n", verdict.word()),
        verdict => format!("{}: {gone} of {} cells withheld\n", verdict.word(), outcome.system.cells.len()),
    }
}

/// The same with what is confidential.
fn summary(outcome: &InstanceOutcome) -> String {
    let protection = &outcome.protection;
    let cost = |value| Figure { value, decimals: outcome.jj.cost_decimals };
    let proof = match protection.proven_optimal() {
        true => "proven to be the least".to_owned(),
        false => format!("at least {} is needed", cost(protection.bound)),
    };
    format!(
        "{}: {} primary and {} secondary of {} cells withheld by the method \"{}\"; loss {}, {proof}\n",
        outcome.verdict().word(),
        withheld(outcome, true),
        withheld(outcome, false),
        outcome.system.cells.len(),
        protection.method,
        cost(protection.loss),
    )
}

/// Why nothing was written.
fn failures(outcome: &InstanceOutcome) -> String {
    let missed = outcome.audit.cells.iter().filter(|c| !c.protected).count();
    let mut text = format!("primary cells below their levels: {missed}; no pattern was written\n");
    for (cell, reason) in outcome.protection.failed.iter().take(LINES) {
        text.push_str(&format!("  {}: {reason}\n", outcome.system.words(*cell)));
    }
    text
}

/// Whether a value can be worked out.
fn exact(cell: &CellAudit) -> bool {
    cell.exact && cell.bounds.single
}

fn to_json(outcome: &InstanceOutcome) -> String {
    let figure =
        |end: Option<Decimal>| end.map(|d| Figure { value: d.digits, decimals: outcome.jj.decimals + d.places });
    let cells: Vec<Value> = (outcome.audit.cells.iter())
        .map(|c| {
            let Bounds { lo, hi, .. } = c.bounds;
            json!({"by": {"cell": c.cell}, "lo": figure(lo), "hi": figure(hi), "exact": exact(c), "protected": c.protected})
        })
        .collect();
    let summary = json!({
        "withheld": withheld(outcome, true) + withheld(outcome, false),
        "exact": outcome.audit.cells.iter().filter(|c| exact(c)).count(),
        "too_narrow": outcome.audit.cells.iter().filter(|c| !c.protected && !exact(c)).count(),
        "verdict": outcome.verdict().word(),
    });
    format!("{}\n", json!({"cells": cells, "summary": summary}))
}

/// The primary cells that do not reach their levels; only with `verbose` what can be worked out about them.
fn to_text(outcome: &InstanceOutcome, verbose: bool) -> String {
    let audit = &outcome.audit;
    let missed: Vec<&CellAudit> = audit.cells.iter().filter(|c| !c.protected).collect();
    let primaries = withheld(outcome, true);
    let mut text = format!(
        "{}: {} of {primaries} primary cells reach their levels (secondary cells: {})\n",
        outcome.verdict().word(),
        primaries.saturating_sub(missed.len()),
        withheld(outcome, false),
    );
    for cell in missed.iter().take(LINES) {
        let line = outcome.jj.cells.get(cell.cell).map_or(0, |c| c.line);
        let what = if exact(cell) { "can be worked out" } else { "can be worked out too closely" };
        text.push_str(&format!("  cell {} (line {line}) {what}\n", cell.cell));
        if verbose {
            text.push_str(&format!("    {}\n", learned(outcome, cell.cell)));
        }
    }
    if missed.len() > LINES {
        text.push_str(&format!("  and {} more: --format json lists all\n", missed.len() - LINES));
    }
    if !(missed.is_empty() || verbose) {
        text.push_str("  --verbose shows how (confidential)\n");
    }
    text
}

/// The arithmetic of a leak, in units of the last decimal.
fn learned(outcome: &InstanceOutcome, cell: CellId) -> String {
    let leak = outcome.audit.leaks.iter().find(|l| l.cell == cell);
    leak.map_or_else(|| "a limit ended the search".to_owned(), |l| l.derivation.clone())
}
