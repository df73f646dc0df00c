//! SDMX-CSV 2.1: observations for statistical portals, a dataflow per table.
//!
//! A withheld observation is there with the value `NaN` (intentionally missing), the status `Q` (suppressed) and the
//! confidentiality `N` (not for publication). The codes that tell primary from secondary confidentiality (A, C, D, …)
//! are never written: a reader who knows which cells only protect others knows that they are large.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::csv::variables;
use crate::release::{Published, Release, ReleaseTable, vocabulary};

/// Columns that every file has beside its dimensions.
const LEFT: [&str; 3] = ["STRUCTURE", "STRUCTURE_ID", "ACTION"];
const RIGHT: [&str; 3] = ["OBS_VALUE", "OBS_STATUS", "CONF_STATUS"];
/// Whose structures they are, until a portal puts its own agency there.
const AGENCY: &str = "TABSAFE";
/// The version of the structures.
const VERSION: &str = "1.0.0";
/// What a portal is to do with the rows: put them in place of what it had.
const REPLACE: &str = "R";
/// A value that is missing on purpose.
const MISSING: &str = "NaN";
/// Status of a normal observation, and of its confidentiality: free, or not for publication.
const NORMAL: &str = "A";
const FREE: &str = "F";
const NOT_FOR_PUBLICATION: &str = "N";

/// Writes a release as SDMX-CSV.
pub(super) fn write(release: &Release, out: &mut dyn Write) -> io::Result<()> {
    let tables = release.tables();
    let dimensions = dimensions(tables);
    let flows = ids(tables.iter().map(|t| format!("TABLE_{}", t.id)), BTreeSet::new(), component);
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    csv.write_record(LEFT.iter().copied().chain(dimensions.iter().map(|d| d.id.as_str())).chain(RIGHT))?;
    for (table, flow) in tables.iter().zip(&flows) {
        let flow = format!("{AGENCY}:{flow}({VERSION})");
        for position in 0..table.grid.len() {
            let entries = table.entries_at(position);
            let code = |dimension: &Dimension| {
                // a dimension that the dataflow does not have stays empty
                let axis = table.axes.iter().position(|a| a.variable == dimension.variable);
                let code = axis.and_then(|axis| entries.get(axis)).and_then(|e| dimension.codes.get(&e.code));
                code.cloned().unwrap_or_default()
            };
            let left = ["dataflow".to_owned(), flow.clone(), REPLACE.to_owned()];
            let row = left.into_iter().chain(dimensions.iter().map(code)).chain(observation(table, position));
            csv.write_record(row)?;
        }
    }
    csv.flush()
}

/// Value, status and confidentiality of a cell.
fn observation(table: &ReleaseTable, position: usize) -> [String; 3] {
    let state = table.grid.get(position).copied().unwrap_or(Published::NotApplicable);
    let words = &vocabulary::SDMX;
    let (status, free) = match state {
        Published::Withheld => (words.withheld, false),
        Published::NotApplicable => (words.not_applicable, true),
        Published::RoundsToZero => (words.rounds_to_zero.unwrap_or(NORMAL), true),
        _ => (NORMAL, true),
    };
    let value = table.figure(position).map_or_else(|| MISSING.to_owned(), |figure| figure.to_string());
    [value, status.to_owned(), if free { FREE } else { NOT_FOR_PUBLICATION }.to_owned()]
}

/// A variable as SDMX names it.
struct Dimension {
    variable: String,
    id: String,
    /// The identifier of each code.
    codes: BTreeMap<String, String>,
}

/// The variables of all tables.
fn dimensions(tables: &[ReleaseTable]) -> Vec<Dimension> {
    let variables: Vec<String> = variables(tables).into_iter().map(|(name, _)| name).collect();
    let taken = LEFT.iter().chain(&RIGHT).map(|c| (*c).to_owned()).collect();
    let named = ids(variables.iter().cloned(), taken, component);
    let dimension = |(variable, id): (String, String)| {
        let axes = tables.iter().flat_map(|t| &t.axes).filter(|a| a.variable == variable);
        let mut codes: Vec<String> = Vec::new();
        for entry in axes.flat_map(|a| &a.entries) {
            if !codes.contains(&entry.code) {
                codes.push(entry.code.clone());
            }
        }
        let ids = ids(codes.iter().cloned(), BTreeSet::new(), code);
        Dimension { variable, id, codes: codes.into_iter().zip(ids).collect() }
    };
    variables.into_iter().zip(named).map(dimension).collect()
}

/// An identifier for each name, none of them twice.
fn ids(names: impl Iterator<Item = String>, mut taken: BTreeSet<String>, id: fn(&str) -> String) -> Vec<String> {
    let mut unique = |name: String| {
        let mut id = id(&name);
        while !taken.insert(id.clone()) {
            id.push('_');
        }
        id
    };
    names.map(&mut unique).collect()
}

/// The identifier of a component: capital letters, digits and `_`, a letter first.
fn component(name: &str) -> String {
    let id: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    if id.starts_with(|c: char| c.is_ascii_uppercase()) { id } else { format!("D{id}") }
}

/// The identifier of a code: letters, digits and `_`, `@`, `$`, `-`, as they are.
fn code(code: &str) -> String {
    let id: String =
        code.chars().map(|c| if c.is_ascii_alphanumeric() || "_@$-".contains(c) { c } else { '_' }).collect();
    if id.is_empty() { "_".to_owned() } else { id }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Identifiers have the characters that SDMX allows, and stay apart.
    #[test]
    fn identifiers() {
        let names = ["obs value", "Größe", "2nd", "obs-value"].map(str::to_owned).into_iter();
        let taken = BTreeSet::from(["OBS_VALUE".to_owned()]);
        assert_eq!(ids(names, taken, component), ["OBS_VALUE_", "GR__E", "D2ND", "OBS_VALUE__"]);
        assert_eq!(["10+", "u10", "", "a b"].map(code), ["10_", "u10", "_", "a_b"]);
    }
}
