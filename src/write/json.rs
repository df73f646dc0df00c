//! JSON: the whole release with labels, notes and statuses, for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::legend;
use crate::model::{Measure, Role};
use crate::release::{Figure, Release, ReleaseAxis, ReleaseEntry, ReleaseTable};

#[derive(Serialize)]
struct Document<'a> {
    title: &'a str,
    reference: Option<&'a str>,
    source: Option<&'a str>,
    unit: &'a str,
    policy: Policy<'a>,
    tool: String,
    spec_fingerprint: &'a str,
    legend: Vec<Note>,
    tables: Vec<Table<'a>>,
    notes: &'a [String],
    closing: &'a [String],
}

#[derive(Serialize)]
struct Policy<'a> {
    id: &'a str,
    version: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    fingerprint: &'a str,
}

#[derive(Serialize)]
struct Note {
    mark: String,
    text: String,
}

#[derive(Serialize)]
struct Table<'a> {
    id: &'a str,
    title: &'a str,
    scope: &'a str,
    measure: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<&'a str>,
    axes: Vec<Axis<'a>>,
    /// Last axis fastest.
    cells: Vec<Cell<'a>>,
    notes: Vec<Note>,
}

#[derive(Serialize)]
struct Axis<'a> {
    variable: &'a str,
    label: &'a str,
    role: &'static str,
    total: &'a str,
    entries: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    code: &'a str,
    label: &'a str,
    level: u32,
    total: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct Cell<'a> {
    /// The code of each axis.
    at: Vec<&'a str>,
    value: Option<Figure>,
    status: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'a str>,
}

/// Writes a release as JSON.
pub(super) fn write(release: &Release, out: &mut dyn Write) -> io::Result<()> {
    let header = release.header();
    let document = Document {
        title: &header.title,
        reference: header.reference.as_deref(),
        source: header.source.as_deref(),
        unit: &header.unit,
        policy: Policy {
            id: &header.policy_id,
            version: &header.policy_version,
            fingerprint: &header.public_fingerprint,
        },
        tool: format!("tabsafe {}", header.tool_version),
        spec_fingerprint: &header.spec_fingerprint,
        legend: notes(legend::legend(release)),
        tables: release.tables().iter().map(table).collect(),
        notes: &header.notes,
        closing: &header.closing,
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

fn notes(notes: Vec<legend::Note>) -> Vec<Note> {
    notes.into_iter().map(|legend::Note { mark, text }| Note { mark, text }).collect()
}

fn table(table: &ReleaseTable) -> Table<'_> {
    let (measure, column) = match &table.measure {
        Measure::Records => ("records", None),
        Measure::Persons => ("persons", None),
        Measure::Sum { column, .. } => ("sum", Some(column.as_str())),
    };
    Table {
        id: &table.id,
        title: &table.title,
        scope: &table.scope,
        measure,
        column,
        axes: table.axes.iter().map(axis).collect(),
        cells: (0..table.grid.len()).map(|position| cell(table, position)).collect(),
        notes: notes(legend::notes(table)),
    }
}

fn axis(axis: &ReleaseAxis) -> Axis<'_> {
    let role = match axis.role {
        Role::Row => "row",
        Role::Column => "column",
        Role::Layer => "layer",
    };
    let entries = axis.entries.iter().map(entry).collect();
    Axis { variable: &axis.variable, label: &axis.label, role, total: &axis.total_code, entries }
}

fn entry(entry: &ReleaseEntry) -> Entry<'_> {
    Entry {
        code: &entry.code,
        label: &entry.label,
        level: entry.level,
        total: entry.total,
        note: entry.note.as_deref(),
    }
}

fn cell(table: &ReleaseTable, position: usize) -> Cell<'_> {
    let notes = table.cell_notes.iter().filter(|(at, ..)| *at == position).map(|(.., text)| text.as_str());
    Cell {
        at: table.entries_at(position).into_iter().map(|e| e.code.as_str()).collect(),
        value: table.figure(position),
        status: table.grid[position].status(),
        notes: notes.collect(),
    }
}
