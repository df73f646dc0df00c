//! Under each table: which cells are unsafe and why, grouped so that forty findings stay readable.

use std::collections::HashMap;

use tabsafe::model::{Axis, CellId, Finding, Harm, Role, Severity, Table, Treatment};
use tabsafe::write::{layout, text};

use super::{View, count};

/// Lines of cells under one table; the report holds the rest.
const LINES: usize = 6;

/// Findings of one table for one reason.
struct Group {
    /// "Withheld: between 1 and 4 (threshold, policies/police-foi.toml:12)".
    heading: String,
    /// Cells that share their row: its words, and what stands in each column.
    rows: Vec<(String, Vec<String>)>,
    /// Where each row stands in `rows`.
    index: HashMap<String, usize>,
}

/// The reasons under the table of this index.
pub fn lines(view: &View, index: usize) -> Vec<String> {
    let Some(table) = view.system.tables.get(index) else { return Vec::new() };
    let mut lines = Vec::new();
    let mut room = LINES;
    let mut left_out = 0;
    for group in groups(view, index, table) {
        if room == 0 {
            left_out += group.rows.iter().map(|(_, cells)| cells.len()).sum::<usize>();
            continue;
        }
        lines.extend(text::fill("  ", &group.heading));
        for (row, cells) in &group.rows {
            if room == 0 {
                left_out += cells.len();
                continue;
            }
            room -= 1;
            let place = if row.is_empty() { String::new() } else { format!("{row}: ") };
            lines.extend(text::fill("    ", &layout::clean(&format!("{place}{}", cells.join(", ")))));
        }
    }
    if left_out > 0 {
        lines.push(format!("    and {left_out} more, see the report"));
    }
    match secondaries(view, index) {
        0 => {}
        1 => lines.push("  1 more cell is withheld to protect others.".to_owned()),
        n => lines.push(format!("  {} are withheld to protect others.", count(n, "more cell"))),
    }
    lines
}

/// The findings of a table by reason, each cell once per reason; what must be protected first.
fn groups(view: &View, index: usize, table: &Table) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let order = [Severity::Unsafe, Severity::Review];
    for finding in order.iter().flat_map(|s| view.findings.iter().filter(move |f| f.severity == *s)) {
        let Some(cell) = view.system.cells.get(finding.cell) else { continue };
        for place in cell.places.iter().filter(|p| p.shown && p.table == index) {
            let heading = heading(view, finding);
            let at = match groups.iter().position(|g| g.heading == heading) {
                Some(at) => at,
                None => {
                    groups.push(Group { heading, rows: Vec::new(), index: HashMap::new() });
                    groups.len() - 1
                }
            };
            let (row, mut column) = words(table, &table.entries_at(place.position));
            if view.verbose {
                column = format!("{column} ({})", finding.reason);
            }
            let Group { rows, index, .. } = &mut groups[at];
            let at = *index.entry(row.clone()).or_insert(rows.len());
            if at == rows.len() {
                rows.push((row, Vec::new()));
            }
            rows[at].1.push(column);
        }
    }
    groups
}

/// What was done with the cell, what it must not tell, and which line of the policy says so.
fn heading(view: &View, finding: &Finding) -> String {
    let done = match (finding.severity, view.protection.treatments.get(finding.cell)) {
        (Severity::Review, _) => "To look at",
        (_, Some(Treatment::Withhold { .. } | Treatment::Band { .. })) => "Withheld",
        (_, Some(Treatment::Replace { .. })) if view.header.noise => "Perturbed",
        (_, Some(Treatment::Replace { .. })) => "Rounded",
        (_, Some(Treatment::Publish | Treatment::Hide) | None) => "Unsafe",
    };
    format!("{done}: {} ({}, {})", hidden(finding), finding.rule, finding.policy_line)
}

/// What a rule hides, in words that give no value away.
fn hidden(finding: &Finding) -> String {
    match &finding.harm {
        Harm::Small { lo, hi } if lo == hi => format!("the count is {lo}"),
        Harm::Small { lo, hi } => format!("the count is between {lo} and {hi}"),
        Harm::FewPersons { .. } => "too few persons are behind it".to_owned(),
        Harm::Levels { .. } if finding.rule == "threshold" => "too few contributors are behind the sum".to_owned(),
        Harm::Levels { .. } => "a contribution could be estimated too closely".to_owned(),
        Harm::Group { k: 0, .. } => "all of a published total are in it".to_owned(),
        Harm::Group { k, .. } => format!("all, or all but {k}, of a published total are in it"),
    }
}

/// A cell as (row, column) in words; a table without a variable in its columns has no row part of its own.
fn words(table: &Table, at: &[usize]) -> (String, String) {
    let across = |axis: &Axis| axis.role == Role::Column;
    let has_columns = table.axes.iter().any(across);
    let last = table.axes.len().saturating_sub(1);
    let on_right = |(i, axis): (usize, &Axis)| if has_columns { across(axis) } else { i == last };
    let (mut left, mut right, mut total) = (Vec::new(), Vec::new(), None);
    for (i, (axis, &entry)) in table.axes.iter().zip(at).enumerate() {
        let entry = &axis.entries[entry];
        if on_right((i, axis)) {
            right.push(entry.label.clone());
        } else if entry.level > 0 {
            left.push(format!("{} {}", axis.label, entry.label));
        } else {
            total = Some(entry.label.clone());
        }
    }
    let row = if left.is_empty() { total.unwrap_or_default() } else { left.join(", ") };
    let row = if row.is_empty() { table.axes.last().map_or(String::new(), |a| a.label.clone()) } else { row };
    (row, right.join(" / "))
}

/// How many printed cells of a table are withheld although no rule asks for it.
fn secondaries(view: &View, index: usize) -> usize {
    let treatments = view.protection.treatments.iter().enumerate();
    let secondary = treatments.filter(|(_, t)| **t == Treatment::Withhold { primary: false });
    let printed = |cell: CellId| {
        let places = view.system.cells.get(cell).map_or(&[][..], |c| c.places.as_slice());
        places.iter().filter(|p| p.shown && p.table == index).count()
    };
    secondary.map(|(cell, _)| printed(cell)).sum()
}
