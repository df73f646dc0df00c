//! An earlier report, and what is different now. Confidential, as both reports are.
//!
//! A cell is known again by its table and codes, in any table that prints it. What was published once stays known, so a
//! cell that is withheld now and was published with the same value is told first.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Deserialize;
use serde_json::{Number, Value};

use super::figure::Figure;
use super::report::{Desk, Facts, codes_at};
use crate::model::{CellId, Exposure, System, Treatment};

/// A report of an earlier run, as far as it is compared. It was written by [`super::Report`] as JSON.
#[derive(Clone, Debug, Deserialize)]
pub struct Earlier {
    confidential: bool,
    tool: String,
    policy: EarlierPolicy,
    spec_fingerprint: String,
    summary: EarlierSummary,
    cells: Vec<EarlierCell>,
}

#[derive(Clone, Debug, Deserialize)]
struct EarlierPolicy {
    id: String,
    version: String,
    fingerprint: String,
}

#[derive(Clone, Debug, Deserialize)]
struct EarlierSummary {
    cells: usize,
    primaries: usize,
    secondaries: usize,
    loss: Number,
    verdict: String,
}

#[derive(Clone, Debug, Deserialize)]
struct EarlierCell {
    table: Option<String>,
    by: BTreeMap<String, Value>,
    #[serde(default)]
    also: Vec<EarlierPlace>,
    #[serde(rename = "true")]
    value: Number,
    status: String,
    published: Option<Number>,
}

#[derive(Clone, Debug, Deserialize)]
struct EarlierPlace {
    table: String,
    by: BTreeMap<String, Value>,
}

impl Earlier {
    /// Reads a report that an earlier run wrote as JSON.
    ///
    /// # Errors
    /// What is wrong with the text, without a value of it.
    pub fn parse(text: &str) -> Result<Earlier, String> {
        let place = |e: serde_json::Error| match (e.line(), e.column()) {
            (0, _) => "it is no report of tabsafe in JSON".to_owned(),
            (line, column) => format!("it is no report of tabsafe in JSON (line {line}, column {column})"),
        };
        let earlier: Earlier = serde_json::from_str(text).map_err(place)?;
        match earlier.confidential {
            true => Ok(earlier),
            false => Err("it is no report of tabsafe: it does not say that it is confidential".to_owned()),
        }
    }

    /// The cells that were withheld, each under every name that the report gives it.
    pub(super) fn withheld(&self) -> Vec<Key> {
        let cells = self.cells.iter().filter(|c| c.status == "withheld");
        let names = |c: &EarlierCell| -> Vec<Key> {
            let also = c.also.iter().map(|p| key(Some(&p.table), &p.by));
            std::iter::once(key(c.table.as_deref(), &c.by)).chain(also).collect()
        };
        cells.flat_map(names).collect()
    }
}

/// What is different from an earlier report.
#[derive(Clone, Debug)]
pub struct Changes {
    /// A name, what was, what is.
    pub facts: Vec<(String, String, String)>,
    /// Cells that differ, the most telling first.
    pub cells: Vec<Change>,
    /// Cells that the earlier report does not have.
    pub new: usize,
    /// Cells that are no longer there.
    pub gone: usize,
}

/// A cell that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The cell in words.
    pub cell: String,
    /// What it means.
    pub kind: ChangeKind,
    /// The true value and what was published of it.
    pub before: String,
    /// The same now.
    pub now: String,
}

/// What a change means, the most telling first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// Withheld now, but the earlier report published this very value.
    OutAlready,
    /// Withheld or replaced now, published with another value before.
    HiddenNow,
    /// Published now, hidden before.
    ShownNow,
    /// Published both times, with different values.
    ValueChanged,
    /// Hidden both times, with different values or in another way.
    HiddenChanged,
}

impl ChangeKind {
    /// What it means, in a sentence.
    pub fn words(self) -> &'static str {
        match self {
            ChangeKind::OutAlready => {
                "hidden now, but this very value was published before: whoever kept that knows it"
            }
            ChangeKind::HiddenNow => "hidden now, published with another value before",
            ChangeKind::ShownNow => {
                "published now, hidden before: together with the earlier release it may give others away"
            }
            ChangeKind::ValueChanged => "published both times, with different values: the difference can be seen",
            ChangeKind::HiddenChanged => "hidden both times, but not the same",
        }
    }
}

/// A cell as a file names it: its table, if it does, and codes by variable, sorted.
pub(super) type Key = (String, Vec<(String, String)>);

impl Changes {
    pub(super) fn new(facts: &Facts, desk: &Desk, earlier: &Earlier) -> Changes {
        let mut known: HashMap<Key, usize> = HashMap::new();
        for (i, cell) in earlier.cells.iter().enumerate() {
            known.insert(key(cell.table.as_deref(), &cell.by), i);
            known.extend(cell.also.iter().map(|p| (key(Some(&p.table), &p.by), i)));
        }
        let (mut cells, mut new, mut met) = (Vec::new(), 0, HashSet::new());
        let system = facts.system;
        for id in (0..system.cells.len()).filter(|&c| system.cells[c].exposure == Exposure::Shown) {
            let Some(at) = places(facts, id).iter().find_map(|k| known.get(k).copied()) else {
                new += 1;
                continue;
            };
            met.insert(at);
            cells.extend(change(facts, desk, id, &earlier.cells[at]));
        }
        cells.sort_by_key(|c| c.kind);
        let printed = |c: &EarlierCell| c.status != "not-printed";
        let gone = (0..earlier.cells.len()).filter(|i| printed(&earlier.cells[*i]) && !met.contains(i)).count();
        Changes { facts: differences(facts, desk, earlier), cells, new, gone }
    }

    /// Whether nothing is different.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty() && self.cells.is_empty() && self.new == 0 && self.gone == 0
    }
}

fn key(table: Option<&str>, by: &BTreeMap<String, Value>) -> Key {
    let code = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    (table.unwrap_or_default().to_owned(), by.iter().map(|(k, v)| (k.clone(), code(v))).collect())
}

/// Under which keys a cell may stand in a report: by each table that prints it, or without a table.
fn places(facts: &Facts, id: CellId) -> Vec<Key> {
    let system = facts.system;
    let mut keys = Vec::new();
    for place in system.cells[id].places.iter().filter(|p| p.shown) {
        let Some(table) = system.tables.get(place.table) else { continue };
        let mut codes = codes_at(table, place.position);
        codes.sort();
        keys.push((table.id.clone(), codes.clone()));
        if !facts.by_table {
            // `protect` names every variable of the tables
            keys.push((String::new(), filled(system, codes)));
        }
    }
    if system.cells[id].places.is_empty() {
        keys.push((String::new(), vec![("cell".to_owned(), id.to_string())]));
    }
    keys
}

/// The codes of every variable of the tables, sorted: those that a table does not use stand at their total.
pub(super) fn filled(system: &System, mut codes: Vec<(String, String)>) -> Vec<(String, String)> {
    for axis in system.tables.iter().flat_map(|t| &t.axes) {
        if codes.iter().all(|(v, _)| *v != axis.variable) {
            let total = axis.entries.iter().find(|e| e.level == 0);
            codes.push((axis.variable.clone(), total.map_or("Total".to_owned(), |e| e.code.clone())));
        }
    }
    codes.sort();
    codes
}

/// What the public sees: a value, or none.
fn shown(facts: &Facts, desk: &Desk, id: CellId) -> Option<Figure> {
    match facts.protection.treatments.get(id)? {
        Treatment::Publish => Some(desk.figure(id, facts.system.value(id))),
        Treatment::Replace { by, .. } => Some(desk.figure(id, *by)),
        Treatment::Withhold { .. } | Treatment::Band { .. } | Treatment::Hide => None,
    }
}

fn change(facts: &Facts, desk: &Desk, id: CellId, before: &EarlierCell) -> Option<Change> {
    let truth = desk.figure(id, facts.system.value(id));
    let now = shown(facts, desk, id);
    let then = match before.status.as_str() {
        "published" => Some(before.value.clone()),
        "withheld" | "not-printed" => None,
        _ => before.published.clone(),
    };
    let same = |a: &Figure, b: &Number| a.to_string().parse::<f64>().ok() == b.as_f64();
    let same_truth = same(&truth, &before.value);
    let kind = match (&then, &now) {
        (Some(a), Some(b)) if same(b, a) && same_truth => return None,
        (None, None) if same_truth => return None,
        (Some(_), Some(_)) => ChangeKind::ValueChanged,
        (Some(a), None) if same(&truth, a) => ChangeKind::OutAlready,
        (Some(_), None) => ChangeKind::HiddenNow,
        (None, Some(_)) => ChangeKind::ShownNow,
        (None, None) => ChangeKind::HiddenChanged,
    };
    let told = |truth: String, shown: Option<String>| match shown {
        Some(shown) if shown == truth => format!("{truth}, published"),
        Some(shown) => format!("{truth}, published as {shown}"),
        None => format!("{truth}, withheld"),
    };
    Some(Change {
        cell: desk.words(id),
        kind,
        before: told(before.value.to_string(), then.map(|n| n.to_string())),
        now: told(truth.to_string(), now.map(|f| f.to_string())),
    })
}

/// What differs about the run as a whole.
fn differences(facts: &Facts, desk: &Desk, earlier: &Earlier) -> Vec<(String, String, String)> {
    let (header, summary) = (facts.header, desk.summary());
    let policy = |id: &str, version: &str, print: &str| {
        let short: String = print.chars().take(12).collect();
        format!("{id}, version {version} ({short})")
    };
    let short = |print: &str| print.chars().take(12).collect::<String>();
    let all = [
        ("Verdict", earlier.summary.verdict.clone(), summary.verdict.to_owned()),
        (
            "Policy",
            policy(&earlier.policy.id, &earlier.policy.version, &earlier.policy.fingerprint),
            policy(&header.policy_id, &header.policy_version, &header.policy_fingerprint),
        ),
        ("Specification", short(&earlier.spec_fingerprint), short(&header.spec_fingerprint)),
        ("Program", earlier.tool.clone(), format!("tabsafe {}", header.tool_version)),
        ("Printed cells", earlier.summary.cells.to_string(), summary.cells.to_string()),
        ("Primary cells", earlier.summary.primaries.to_string(), summary.primaries.to_string()),
        ("Secondary cells", earlier.summary.secondaries.to_string(), summary.secondaries.to_string()),
        ("Loss", earlier.summary.loss.to_string(), summary.loss.to_string()),
    ];
    let different = all.into_iter().filter(|(_, before, now)| before != now);
    different.map(|(name, before, now)| (name.to_owned(), before, now)).collect()
}
