//! `tabsafe audit`: what can an intruder work out of a published table?

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use tabsafe::attack::{Attacker, CellAudit};
use tabsafe::model::Verdict;
use tabsafe::pipeline::{PublishedAudit, PublishedVariable, audit_published};
use tabsafe::read::{parse_marker, read_hierarchy, read_published};
use tabsafe::solve::{Highs, Stoppable};

use super::args::AuditArgs;
use super::exit;
use super::fault::{Fault, each_once};
use super::hierarchy;
use super::session::Session;

/// Findings that the human form spells out.
const LINES: usize = 40;

/// Runs the command.
pub fn run(args: &AuditArgs, session: &Session) -> Result<u8, Fault> {
    each_once("--by", &args.by)?;
    let mut attacker = Attacker::default();
    for text in &args.attacker {
        attacker.set(text).map_err(|e| Fault::usage(e.to_string()))?;
    }
    let markers: BTreeMap<_, _> = args.marker.iter().map(|m| parse_marker(m)).collect::<Result<_, _>>()?;
    let column = args.count.as_deref().or(args.value.as_deref()).unwrap_or("count");
    let cells = read_published(&args.table, &args.by, column, &markers)?;
    let variables: Result<Vec<PublishedVariable>, Fault> = args.by.iter().map(|name| variable(name, args)).collect();
    let solver = Stoppable { solver: &Highs, stop: session.stop() };
    let found = audit_published(&variables?, &args.total, &cells, attacker, &solver);
    if session.stopped() {
        return Err(Fault::interrupted());
    }
    let found = found?;
    let judged: Vec<Judged> = found.audit.cells.iter().filter_map(|c| judge(c, &found, args.threshold)).collect();
    let verdict = if judged.iter().any(|j| !j.protected) { Verdict::Unsafe } else { Verdict::Safe };
    session.say(&if args.format == "json" {
        to_json(&judged, args, verdict)
    } else {
        to_text(&judged, &found, args, verdict)
    });
    Ok(exit::of(verdict))
}

fn variable(name: &str, args: &AuditArgs) -> Result<PublishedVariable, Fault> {
    let levels = match hierarchy::file(&args.hierarchy, &args.by, name)? {
        Some(file) => Some(read_hierarchy(file)?),
        None => None,
    };
    Ok(PublishedVariable { name: name.to_owned(), levels })
}

/// A withheld cell and what is left of its possible values.
struct Judged<'a> {
    codes: &'a [String],
    cell: &'a CellAudit,
    protected: bool,
}

/// A cell is exact when one value is left, and narrow when it is surely small and the small counts that withholding
/// could hide are not all possible.
fn judge<'a>(cell: &'a CellAudit, found: &'a PublishedAudit, threshold: i64) -> Option<Judged<'a>> {
    let codes = &found.withheld.iter().find(|w| w.0 == cell.cell)?.1;
    let (lo, hi) = (cell.interval.lo.unwrap_or(0), cell.interval.hi.unwrap_or(i64::MAX));
    let least = found.least_known.cells.iter().find(|c| c.cell == cell.cell).and_then(|c| c.interval.lo).unwrap_or(0);
    let full_band = lo <= least.max(1) && hi >= threshold - 1;
    Some(Judged { codes, cell, protected: lo != hi && (hi >= threshold || full_band) })
}

fn to_json(judged: &[Judged], args: &AuditArgs, verdict: Verdict) -> String {
    let cells: Vec<Value> = (judged.iter())
        .map(|j| {
            let by: Map<String, Value> = args.by.iter().cloned().zip(j.codes.iter().map(|c| json!(c))).collect();
            let i = j.cell.interval;
            json!({"by": by, "lo": i.lo, "hi": i.hi, "exact": i.value().is_some(), "protected": j.protected})
        })
        .collect();
    let exact = judged.iter().filter(|j| j.cell.interval.value().is_some()).count();
    let narrow = judged.iter().filter(|j| !j.protected).count() - exact;
    let summary = json!({"withheld": judged.len(), "exact": exact, "too_narrow": narrow, "verdict": verdict.word()});
    format!("{}\n", json!({"cells": cells, "summary": summary}))
}

fn to_text(judged: &[Judged], found: &PublishedAudit, args: &AuditArgs, verdict: Verdict) -> String {
    let mut text = format!("{}: {} cells withheld\n", verdict.word(), judged.len());
    let unsafe_cells: Vec<&Judged> = judged.iter().filter(|j| !j.protected).collect();
    for j in unsafe_cells.iter().take(LINES) {
        let name = args.by.iter().zip(j.codes).map(|(v, c)| format!("{v} {c}")).collect::<Vec<_>>().join(", ");
        text.push_str(&format!("  {name}: {} can be worked out\n", j.cell.interval));
    }
    if unsafe_cells.len() > LINES {
        text.push_str(&format!("  and {} more: --format json lists all\n", unsafe_cells.len() - LINES));
    }
    if let (true, Some(j)) = (unsafe_cells.is_empty(), judged.first()) {
        text.push_str(&format!(
            "For example {} could be {}; two tables that fit all that is published:\n",
            j.codes.join(", "),
            j.cell.interval
        ));
        for witness in [&j.cell.low, &j.cell.high] {
            let values: Vec<String> =
                witness.0.iter().take(8).map(|&(c, v)| format!("{} = {v}", found.system.words(c))).collect();
            text.push_str(&format!("  {}\n", values.join("; ")));
        }
    }
    text
}
