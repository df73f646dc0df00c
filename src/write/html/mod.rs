//! Pages for reading: one self-contained file each, without scripts and without a network.
//!
//! The words and their order stand in `templates/`; here is what they are filled with. `grid` makes tables with header
//! cells that span, `chart` the bars under a table, `review` the confidential report.

mod chart;
mod grid;
mod review;

use std::io::{self, Write};

use askama::Template;

use super::layout;
use super::legend::{self, Note};
use crate::release::{Release, ReleaseTable};
use chart::Chart;
use grid::Grid;

pub(super) use review::write as write_review;

/// The page of a release.
#[derive(Template)]
#[template(path = "release.html")]
struct Page {
    title: String,
    /// Reference, source, what is counted: a name and what it says.
    facts: Vec<(String, String)>,
    legend: Vec<Note>,
    tables: Vec<Section>,
    statements: Vec<String>,
    colophon: String,
    /// Policy and program, for programs.
    made: Vec<(&'static str, String)>,
}

/// A table with what belongs to it.
struct Section {
    title: String,
    /// What it shows: "Victim Age by Year".
    subject: String,
    grids: Vec<Grid>,
    notes: Vec<Note>,
    chart: Option<Chart>,
}

/// Writes a release as a page.
pub(super) fn write(release: &Release, out: &mut dyn Write) -> io::Result<()> {
    let header = release.header();
    let facts = legend::preamble(release);
    let page = Page {
        title: layout::clean(&header.title),
        facts: facts.iter().filter_map(|f| f.split_once(": ")).map(|(a, b)| (a.to_owned(), b.to_owned())).collect(),
        legend: legend::legend(release),
        tables: release.tables().iter().map(|table| section(table, release)).collect(),
        statements: header.notes.iter().chain(&header.closing).map(|s| layout::clean(s)).collect(),
        colophon: legend::colophon(release),
        made: legend::provenance(release),
    };
    page.write_into(out)
}

fn section(table: &ReleaseTable, release: &Release) -> Section {
    let markers = &release.header().markers;
    Section {
        title: layout::title(table),
        subject: grid::subject(table),
        grids: grid::grids(table, markers),
        notes: legend::notes(table),
        chart: chart::chart(table, markers),
    }
}

#[cfg(test)]
mod tests;
