//! The confidential report: everything a reviewer needs to repeat the decision.

use std::collections::{BTreeMap, HashMap};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::choice::ChoiceReport;
use super::figure::Figure;
use super::header::{Excused, Header};
use super::losses::Losses;
use crate::attack::{Audit, CellAudit, Witness};
use crate::model::{
    Bounds, CellId, Decimal, Exposure, Finding, Measure, Protection, Severity, System, Table, Treatment,
};
use crate::policy::Exception;

/// How many values all witnesses of a report may hold together; beyond it they are left out, and counted.
const WITNESS_LIMIT: usize = 200_000;

/// What a report is made from.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Cells and tables.
    pub system: &'a System,
    /// What the rules found.
    pub findings: &'a [Finding],
    /// What was done.
    pub protection: &'a Protection,
    /// What an intruder can still work out.
    pub audit: &'a Audit,
    /// Title, policy and fingerprints.
    pub header: &'a Header,
    /// Stages and the seconds they took.
    pub seconds: &'a [(String, f64)],
    /// What a person should look at.
    pub warnings: &'a [String],
    /// Whether each cell names its table (`release`); else every variable of the tables stands in `by`, those that a
    /// table does not use at their total (`protect`).
    pub by_table: bool,
    /// Digits after the decimal point of loss and bound.
    pub cost_decimals: u32,
}

/// The confidential report, ready to be serialized. It holds true values: never a part of a release.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    confidential: bool,
    title: String,
    reference: Option<String>,
    tool: String,
    policy: PolicyUsed,
    spec_fingerprint: String,
    /// What an exception is bound to: both fingerprints together.
    definition: String,
    summary: Summary,
    #[serde(skip_serializing_if = "Option::is_none")]
    choice: Option<ChoiceReport>,
    cells: Vec<CellReport>,
    findings: Vec<FindingReport>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    exceptions: Vec<ExceptionReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exemption_draft: Option<String>,
    leaks: Vec<LeakReport>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    open: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failed: Vec<Failed>,
    assumptions: Vec<String>,
    warnings: Vec<String>,
    notes: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct PolicyUsed {
    id: String,
    version: String,
    fingerprint: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    public_fingerprint: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    evidence: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extends: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changes: Vec<String>,
}

/// The counts at a glance. Cells that stand in several tables count once.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Summary {
    pub cells: usize,
    pub primaries: usize,
    pub secondaries: usize,
    pub secondary_value: Figure,
    pub loss: Figure,
    pub method: &'static str,
    pub bound: Figure,
    pub gap: f64,
    pub proven_optimal: bool,
    pub limit_reached: bool,
    pub verdict: &'static str,
    pub witnesses_left_out: usize,
    pub utility: Losses,
    pub seconds: BTreeMap<String, f64>,
}

#[derive(Clone, Debug, Serialize)]
struct CellReport {
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<String>,
    by: By,
    /// A group that stands in no table, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<PlaceReport>,
    #[serde(rename = "true")]
    value: Figure,
    #[serde(skip_serializing_if = "Option::is_none")]
    persons: Option<i64>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<Figure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'static str>,
    /// Absent where nothing is hidden, `null` where there is no bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    lo: Option<Option<Figure>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hi: Option<Option<Figure>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    protected: Option<bool>,
    /// A table that fits everything published, with the smallest value of the cell.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    low: Vec<WitnessCell>,
    /// The same with the largest value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    high: Vec<WitnessCell>,
}

#[derive(Clone, Debug, Serialize)]
struct WitnessCell {
    cell: String,
    value: Figure,
}

#[derive(Clone, Debug, Serialize)]
struct PlaceReport {
    table: String,
    by: By,
}

#[derive(Clone, Debug, Serialize)]
struct FindingReport {
    cell: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<String>,
    by: By,
    rule: &'static str,
    reason: String,
    policy: String,
    severity: &'static str,
}

#[derive(Clone, Debug, Serialize)]
struct ExceptionReport {
    cell: String,
    rule: &'static str,
    finding: String,
    approved_by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    second: Option<String>,
    reason: String,
    until: String,
    policy: String,
}

impl From<&Excused> for ExceptionReport {
    fn from(excused: &Excused) -> Self {
        let Excused { cell, rule, finding, approved_by, second, reason, until, policy } = excused.clone();
        ExceptionReport { cell, rule, finding, approved_by, second, reason, until, policy }
    }
}

#[derive(Clone, Debug, Serialize)]
struct LeakReport {
    cell: String,
    lo: Option<Figure>,
    hi: Option<Figure>,
    derivation: String,
}

#[derive(Clone, Debug, Serialize)]
struct Failed {
    cell: String,
    reason: String,
}

/// Which cell is meant, as a JSON object.
#[derive(Clone, Debug)]
enum By {
    /// Variables and codes in the order of the table.
    Codes(Vec<(String, String)>),
    /// The number of a cell that is printed but stands in no table.
    Cell(CellId),
}

impl Serialize for By {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            By::Codes(codes) => codes.iter().try_for_each(|(variable, code)| map.serialize_entry(variable, code))?,
            By::Cell(cell) => map.serialize_entry("cell", cell)?,
        }
        map.end()
    }
}

impl Report {
    /// Collects the facts. Works for every verdict: a release that was refused has a report too.
    pub fn new(facts: &Facts) -> Report {
        let (system, header) = (facts.system, facts.header);
        let desk = Desk::new(facts);
        let leaks = facts.audit.leaks.iter().map(|l| LeakReport {
            cell: desk.words(l.cell),
            lo: l.learned.lo.map(|v| desk.figure(l.cell, v)),
            hi: l.learned.hi.map(|v| desk.figure(l.cell, v)),
            derivation: l.derivation.clone(),
        });
        let failed = facts.protection.failed.iter();
        let summary = desk.summary();
        let withheld = summary.primaries + summary.secondaries;
        let exemption = header.terms.exemption.as_ref().filter(|_| withheld > 0);
        Report {
            confidential: true,
            title: header.title.clone(),
            reference: header.reference.clone(),
            tool: format!("tabsafe {}", header.tool_version),
            policy: PolicyUsed {
                id: header.policy_id.clone(),
                version: header.policy_version.clone(),
                fingerprint: header.policy_fingerprint.clone(),
                public_fingerprint: header.public_fingerprint.clone(),
                title: header.terms.title.clone(),
                evidence: header.terms.evidence.clone(),
                source: header.terms.source.clone(),
                extends: header.terms.extends.clone(),
                changes: header.terms.changes.clone(),
            },
            spec_fingerprint: header.spec_fingerprint.clone(),
            definition: Exception::definition_of(&header.policy_fingerprint, &header.spec_fingerprint),
            summary,
            choice: ChoiceReport::new(&facts.protection.choice, facts.cost_decimals),
            cells: desk.cells(),
            findings: facts.findings.iter().map(|f| desk.finding(f)).collect(),
            exceptions: header.terms.exceptions.iter().map(ExceptionReport::from).collect(),
            exemption_draft: exemption
                .map(|e| e.draft(withheld, &header.markers.withheld, header.withheld_band, header.never_zero)),
            leaks: leaks.collect(),
            open: facts.audit.open.iter().map(|d| desk.words(d.cell)).collect(),
            failed: failed.map(|(c, r)| Failed { cell: desk.words(*c), reason: r.clone() }).collect(),
            assumptions: system.unexamined.clone(),
            warnings: facts.warnings.to_vec(),
            notes: header.notes.clone(),
        }
    }
}

/// The facts with the look-ups that the report needs.
pub(super) struct Desk<'a> {
    facts: &'a Facts<'a>,
    pub audits: HashMap<CellId, &'a CellAudit>,
    rules: HashMap<CellId, &'static str>,
    /// For `protect`: every variable of the tables and the code of its total.
    variables: Vec<(String, String)>,
    witnesses: bool,
}

impl<'a> Desk<'a> {
    pub fn new(facts: &'a Facts<'a>) -> Self {
        let mut variables: Vec<(String, String)> = Vec::new();
        for axis in facts.system.tables.iter().flat_map(|t| &t.axes) {
            if variables.iter().all(|(v, _)| *v != axis.variable) {
                let total = axis.entries.iter().find(|e| e.level == 0);
                variables.push((axis.variable.clone(), total.map_or("Total".to_owned(), |e| e.code.clone())));
            }
        }
        let mut rules = HashMap::new();
        for finding in facts.findings.iter().filter(|f| f.severity == Severity::Unsafe) {
            rules.entry(finding.cell).or_insert(finding.rule);
        }
        let held: usize = facts.audit.cells.iter().map(|c| c.low.0.len() + c.high.0.len()).sum();
        Desk {
            facts,
            audits: facts.audit.cells.iter().map(|c| (c.cell, c)).collect(),
            rules,
            variables,
            witnesses: held <= WITNESS_LIMIT,
        }
    }

    /// A cell in words; a number that is no cell's is told as such instead of ending the report.
    pub fn words(&self, cell: CellId) -> String {
        if cell < self.facts.system.cells.len() { self.facts.system.words(cell) } else { format!("cell {cell}") }
    }

    pub fn figure(&self, cell: CellId, value: i64) -> Figure {
        let system = self.facts.system;
        let measure = system.cells.get(cell).and_then(|c| system.measures.get(c.measure));
        Figure { value, decimals: decimals(measure) }
    }

    /// Every cell that is not hidden, in the order of the tables.
    fn cells(&self) -> Vec<CellReport> {
        let system = self.facts.system;
        let mut order: Vec<CellId> =
            (0..system.cells.len()).filter(|&c| system.cells[c].exposure != Exposure::Hidden).collect();
        order.sort_by_key(|&c| (first_place(system, c).unwrap_or((usize::MAX, 0)), c));
        order.into_iter().map(|c| self.cell(c)).collect()
    }

    fn cell(&self, id: CellId) -> CellReport {
        let cell = &self.facts.system.cells[id];
        let treatment = self.facts.protection.treatments.get(id).copied().unwrap_or(Treatment::Hide);
        let (table, by) = self.place(id);
        let placed = cell.exposure == Exposure::Shown || first_place(self.facts.system, id).is_some();
        let group = (!placed).then(|| self.words(id));
        let kind = match treatment {
            Treatment::Withhold { primary: true } => Some("primary"),
            Treatment::Withhold { primary: false } => Some("secondary"),
            _ => None,
        };
        let published = match treatment {
            Treatment::Replace { by, .. } => Some(self.figure(id, by)),
            _ => None,
        };
        let status = match (cell.exposure, treatment) {
            (Exposure::Shown, Treatment::Publish) => "published",
            (Exposure::Shown, Treatment::Withhold { .. } | Treatment::Band { .. }) => "withheld",
            (Exposure::Shown, Treatment::Replace { .. }) if self.facts.header.noise => "perturbed",
            (Exposure::Shown, Treatment::Replace { .. }) => "rounded",
            (_, Treatment::Hide) | (Exposure::Implied | Exposure::Hidden, _) => "not-printed",
        };
        let also = if self.facts.by_table { self.other_places(id) } else { Vec::new() };
        let audit = self.audits.get(&id);
        let interval = self.interval(id, treatment);
        let decimals = self.figure(id, 0).decimals;
        let bound = |d: Option<Decimal>| d.map(|d| Figure { value: d.digits, decimals: decimals + d.places });
        CellReport {
            table,
            by,
            group,
            also,
            value: self.figure(id, cell.value),
            persons: cell.persons,
            status,
            published,
            kind,
            rule: self.rules.get(&id).copied(),
            lo: interval.map(|i| bound(i.lo)),
            hi: interval.map(|i| bound(i.hi)),
            protected: audit.map(|a| a.protected),
            low: audit.map_or_else(Vec::new, |a| self.witness(&a.low)),
            high: audit.map_or_else(Vec::new, |a| self.witness(&a.high)),
        }
    }

    /// What the attack found of a cell; for a replaced cell it did not look at, what the method itself tells.
    pub fn interval(&self, id: CellId, treatment: Treatment) -> Option<Bounds> {
        self.audits.get(&id).map(|audit| audit.bounds).or(treatment.stands_for().map(Bounds::from))
    }

    fn witness(&self, witness: &Witness) -> Vec<WitnessCell> {
        let cells = if self.witnesses { witness.0.as_slice() } else { &[] };
        cells.iter().map(|&(c, v)| WitnessCell { cell: self.words(c), value: self.figure(c, v) }).collect()
    }

    fn finding(&self, finding: &Finding) -> FindingReport {
        let (table, by) = self.place(finding.cell);
        FindingReport {
            cell: self.words(finding.cell),
            table,
            by,
            rule: finding.rule,
            reason: finding.reason.clone(),
            policy: finding.policy_line.clone(),
            severity: match finding.severity {
                Severity::Unsafe => "unsafe",
                Severity::Review => "review",
            },
        }
    }

    /// Where a cell stands: the first table that prints it, and the codes there.
    fn place(&self, cell: CellId) -> (Option<String>, By) {
        let system = self.facts.system;
        let Some((index, position)) = first_place(system, cell) else {
            let printed = system.cells.get(cell).is_some_and(|c| c.exposure == Exposure::Shown);
            return (None, if printed { By::Cell(cell) } else { By::Codes(Vec::new()) });
        };
        let table = &system.tables[index];
        let codes = codes_at(table, position);
        if self.facts.by_table {
            return (Some(table.id.clone()), By::Codes(codes));
        }
        let code = |v: &str| codes.iter().find(|(name, _)| name == v).map(|(_, code)| code.clone());
        let all = self.variables.iter().map(|(v, total)| (v.clone(), code(v).unwrap_or_else(|| total.clone())));
        (None, By::Codes(all.collect()))
    }

    fn other_places(&self, cell: CellId) -> Vec<PlaceReport> {
        let system = self.facts.system;
        let first = first_place(system, cell);
        let places = system.cells[cell].places.iter().filter(|p| p.shown && Some((p.table, p.position)) != first);
        places
            .filter_map(|p| {
                let table = system.tables.get(p.table)?;
                Some(PlaceReport { table: table.id.clone(), by: By::Codes(codes_at(table, p.position)) })
            })
            .collect()
    }

    pub fn summary(&self) -> Summary {
        let (system, protection) = (self.facts.system, self.facts.protection);
        let shown = (0..system.cells.len()).filter(|&c| system.cells[c].exposure == Exposure::Shown);
        let shown: Vec<CellId> = shown.filter(|&c| c < protection.treatments.len()).collect();
        let withheld = |primary: bool| {
            let wanted = Treatment::Withhold { primary };
            shown.iter().copied().filter(move |&c| protection.treatments[c] == wanted)
        };
        let (loss, bound) = (protection.loss, protection.bound);
        let gap = if loss == 0 { 0.0 } else { (loss - bound) as f64 / loss as f64 };
        Summary {
            cells: shown.len(),
            primaries: withheld(true).count(),
            secondaries: withheld(false).count(),
            secondary_value: self.sum(withheld(false)),
            loss: Figure { value: loss, decimals: self.facts.cost_decimals },
            method: protection.method,
            bound: Figure { value: bound, decimals: self.facts.cost_decimals },
            gap: (gap * 1e4).round() / 1e4,
            proven_optimal: protection.proven_optimal(),
            limit_reached: protection.limit_reached,
            verdict: self.facts.audit.verdict.word(),
            witnesses_left_out: if self.witnesses { 0 } else { self.facts.audit.cells.len() },
            utility: Losses::new(system, protection),
            seconds: self.facts.seconds.iter().cloned().collect(),
        }
    }

    /// The sum of true values, with as many decimals as the finest measure has.
    fn sum(&self, cells: impl Iterator<Item = CellId>) -> Figure {
        let system = self.facts.system;
        let most = system.measures.iter().map(|m| decimals(Some(m))).max().unwrap_or(0);
        let scaled = |c: CellId| {
            let figure = self.figure(c, system.cells[c].value);
            i128::from(figure.value).saturating_mul(10_i128.saturating_pow(most - figure.decimals))
        };
        let total = cells.map(scaled).fold(0_i128, i128::saturating_add);
        let value = i64::try_from(total).unwrap_or(if total < 0 { i64::MIN } else { i64::MAX });
        Figure { value, decimals: most }
    }
}

pub(super) fn decimals(measure: Option<&Measure>) -> u32 {
    match measure {
        Some(Measure::Sum { decimals, .. }) => *decimals,
        _ => 0,
    }
}

/// The first printed place of a cell, else the first place at all.
pub(super) fn first_place(system: &System, cell: CellId) -> Option<(usize, usize)> {
    let places = &system.cells.get(cell)?.places;
    let valid = places.iter().filter(|p| system.tables.get(p.table).is_some_and(|t| p.position < t.len()));
    valid.map(|p| (!p.shown, p.table, p.position)).min().map(|(_, table, position)| (table, position))
}

pub(super) fn codes_at(table: &Table, position: usize) -> Vec<(String, String)> {
    let at = table.entries_at(position);
    at.iter().zip(&table.axes).map(|(&e, a)| (a.variable.clone(), a.entries[e].code.clone())).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::model::Interval;
    use crate::release::fixture;

    fn report(by_table: bool, change: impl Fn(&mut System, &mut Protection, &mut Audit)) -> Value {
        let (mut system, mut protection, mut audit) = (fixture::system(), fixture::protection(), fixture::audit());
        change(&mut system, &mut protection, &mut audit);
        let (findings, header) = (fixture::findings(), fixture::header());
        let seconds = [("read".to_owned(), 0.5), ("attack".to_owned(), 0.25)];
        let (protection, audit, warnings) = (&protection, &audit, &["look here".to_owned()]);
        let (system, findings, header, seconds) = (&system, &findings, &header, &seconds);
        let cost_decimals = 0;
        let facts = Facts { system, findings, protection, audit, header, seconds, warnings, by_table, cost_decimals };
        serde_json::to_value(Report::new(&facts)).unwrap_or_default()
    }

    #[test]
    fn a_reviewer_finds_values_reasons_bounds_and_witnesses() {
        let report = report(true, |_, _, _| ());
        let cells = report["cells"].as_array().cloned().unwrap_or_default();
        assert_eq!(cells.len(), 9, "a cell that stands in two tables is one");
        let hidden = cells.iter().find(|c| c["table"] == "2" && c["by"] == json!({"age": "u10", "year": "2014"}));
        let low = json!([
            {"cell": "Victim Age Under 10, Year 2014", "value": 1},
            {"cell": "Victim Age Under 10", "value": 1}
        ]);
        let high = json!([
            {"cell": "Victim Age Under 10, Year 2014", "value": 4},
            {"cell": "Victim Age Under 10", "value": 4}
        ]);
        let expected = json!({
            "table": "2", "by": {"age": "u10", "year": "2014"}, "true": fixture::SECRET, "status": "withheld",
            "kind": "primary", "rule": "threshold", "lo": 1, "hi": 4, "protected": true, "low": low, "high": high,
        });
        assert_eq!(hidden, Some(&expected));
        assert_eq!(cells[0]["also"], json!([{"table": "2", "by": {"age": "Total", "year": "2014"}}]));
        assert_eq!(cells[0].get("lo"), None, "a published cell has nothing left to know");
        assert_eq!(report["findings"][0]["policy"], "policies/police-foi.toml:12");
        assert_eq!(report["policy"]["fingerprint"], "f00d");
        assert_eq!(report["warnings"], json!(["look here"]));
    }

    #[test]
    fn the_summary_counts_each_cell_once() {
        let mut summary = report(true, |_, _, _| ())["summary"].clone();
        let utility = summary.as_object_mut().and_then(|s| s.remove("utility")).expect("utility");
        assert_eq!(
            (&utility["withheld"], &utility["changed"], &utility["share_touched"]),
            (&json!(4), &json!(0), &json!(0.4444))
        );
        let expected = json!({
            "cells": 9, "primaries": 2, "secondaries": 2, "secondary_value": 2 * fixture::SECONDARY + 6, "loss": 12,
            "method": "optimal", "bound": 12, "gap": 0.0, "proven_optimal": true, "limit_reached": false,
            "verdict": "safe", "witnesses_left_out": 0, "seconds": {"attack": 0.25, "read": 0.5},
        });
        assert_eq!(summary, expected);
        let open = report(true, |_, p, _| (p.loss, p.bound) = (494, 480))["summary"].clone();
        assert_eq!((&open["gap"], &open["proven_optimal"]), (&json!(0.0283), &json!(false)));
    }

    #[test]
    fn without_tables_every_variable_stands_in_by() {
        let report = report(false, |_, _, a| a.cells[0].bounds = Interval::at_least(1).into());
        let cells = report["cells"].as_array().cloned().unwrap_or_default();
        assert!(cells.iter().all(|c| c.get("table").is_none() && c.get("also").is_none()));
        assert!(cells.iter().any(|c| c["by"] == json!({"year": "2014", "age": "Total"})));
        let hidden = cells.iter().find(|c| c["by"] == json!({"year": "2014", "age": "u10"}));
        assert_eq!(hidden.map(|c| (&c["lo"], c.get("hi"))), Some((&json!(1), Some(&Value::Null))));
    }

    #[test]
    fn sums_keep_their_decimals() {
        let column = "turnover".to_owned();
        let sum = |s: &mut System, p: &mut Protection, _: &mut Audit| {
            s.measures[0] = Measure::Sum { column: column.clone(), index: 0, decimals: 2 };
            p.treatments[1] = Treatment::Replace { by: 500, preimage: Interval::new(250, 749) };
        };
        let report = report(true, sum);
        assert_eq!(report["summary"]["secondary_value"], json!((2 * fixture::SECONDARY + 6) as f64 / 100.0));
        let cells = report["cells"].as_array().cloned().unwrap_or_default();
        let rounded = cells.iter().find(|c| c["status"] == "rounded");
        let rounded = rounded.map(|c| (&c["published"], &c["lo"], &c["hi"]));
        assert_eq!(rounded, Some((&json!(5.0), &json!(2.5), &json!(7.49))));
    }
}
