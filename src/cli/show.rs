//! What a reviewer sees on the terminal: the tables as published, the reasons under each, and a summary to act on.
//!
//! Text only, made from what the pipeline hands over. Without `verbose` it says nothing that the public files do not show:
//! which cells are primary, what the choice of cells cost and how far each is hidden all follow from withheld values.

mod reasons;
pub mod refusal;
pub mod summary;
#[cfg(test)]
mod tests;

// The hand-made release of the library's own tests.
#[cfg(test)]
#[path = "../release/fixture.rs"]
mod fixture;

use std::path::PathBuf;

use anstyle::{AnsiColor, Style};
use tabsafe::attack::Audit;
use tabsafe::model::{Finding, Protection, System};
use tabsafe::pipeline::Outcome;
use tabsafe::release::{Header, Markers, Release, ReleaseTable};
use tabsafe::write::{layout, legend, text};

/// Columns that the output fits into.
const WIDTH: usize = 100;
/// Rows of a table on the terminal; the files hold the rest.
const ROWS: usize = 40;

/// What stands above all that is more than the public files show.
pub const CONFIDENTIAL: &str = "CONFIDENTIAL: --verbose shows what the public files do not";

/// What is to be shown.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// Cells and tables.
    pub system: &'a System,
    /// What the rules found.
    pub findings: &'a [Finding],
    /// What was done.
    pub protection: &'a Protection,
    /// What an intruder can still work out.
    pub audit: &'a Audit,
    /// Title and signs.
    pub header: &'a Header,
    /// The release, unless it was refused.
    pub release: Option<&'a Release>,
    /// What a person should know in addition to the findings.
    pub warnings: &'a [String],
    /// Those of them that follow from values.
    pub confidential: &'a [String],
    /// The files written.
    pub files: &'a [PathBuf],
    /// Digits after the decimal point of loss and bound.
    pub cost_decimals: u32,
    /// The confidential reports that were written.
    pub reports: &'a [PathBuf],
    /// Whether all may be shown that the public files do not: true values, reasons, cost, the arithmetic of leaks.
    pub verbose: bool,
    /// Whether the terminal shows colours.
    pub color: bool,
}

impl<'a> View<'a> {
    /// What came of a run, without its release, files, and what is confidential.
    pub fn of(outcome: &'a Outcome) -> Self {
        View {
            system: &outcome.system,
            findings: &outcome.findings,
            protection: &outcome.protection,
            audit: &outcome.audit,
            header: &outcome.header,
            release: None,
            warnings: &[],
            confidential: &outcome.confidential,
            files: &[],
            reports: &[],
            cost_decimals: outcome.cost_decimals,
            verbose: false,
            color: false,
        }
    }
}

/// Everything `tabsafe release` says about a release: tables, reasons, summary. Ends with a line break.
pub fn release(view: &View) -> String {
    let mut lines: Vec<String> = Vec::new();
    if view.verbose {
        lines.push(CONFIDENTIAL.to_owned());
        lines.push(String::new());
    }
    if let Some(release) = view.release {
        lines.push(paint(&layout::clean(&release.header().title), Style::new().bold(), view.color));
        for (index, table) in release.tables().iter().enumerate() {
            lines.push(String::new());
            lines.extend(published(table, &release.header().markers, view.color));
            if view.verbose {
                lines.extend(reasons::lines(view, index));
            }
        }
        let legend = text::note_lines(&legend::legend(release));
        if !legend.is_empty() {
            lines.push(String::new());
        }
        lines.extend(legend);
        lines.push(String::new());
    }
    lines.extend(summary::lines(view));
    lines.push(String::new());
    lines.join("\n")
}

/// A table as it goes out, with its notes.
fn published(table: &ReleaseTable, markers: &Markers, color: bool) -> Vec<String> {
    let mut lines = vec![paint(&layout::title(table), Style::new().bold(), color)];
    for mut block in layout::blocks(table, markers) {
        lines.extend(block.caption.clone());
        if least_width(&block) > WIDTH {
            let columns = block.body.first().map_or(0, Vec::len) - block.labels;
            lines.push(format!("{columns} columns: too wide for a terminal, see the files"));
            continue;
        }
        let left_out = block.body.len().saturating_sub(ROWS);
        block.body.truncate(ROWS);
        lines.extend(text::grid(&block, Some(WIDTH), color).lines().map(str::to_owned));
        if left_out > 0 {
            lines.push(format!("and {left_out} more rows, see the files"));
        }
    }
    lines.extend(text::note_lines(&legend::notes(table)));
    lines
}

/// How narrow a block can get when its labels are wrapped and its figures are not.
fn least_width(block: &layout::Block) -> usize {
    let rows = || block.header.iter().chain(&block.body);
    let columns = block.body.first().map_or(0, Vec::len);
    let width = |column: usize| {
        let texts = rows().filter_map(|row| row.get(column)).filter(|t| t.span <= 1);
        let widest = texts.map(|t| t.text.chars().count()).max().unwrap_or(0);
        2 + if column < block.labels { widest.min(16) } else { widest }
    };
    (0..columns).map(width).sum()
}

/// A text in a style, where colours are shown.
fn paint(text: &str, style: Style, color: bool) -> String {
    if color { format!("{style}{text}{style:#}") } else { text.to_owned() }
}

/// The style of a verdict.
fn signal(color: AnsiColor) -> Style {
    Style::new().bold().fg_color(Some(color.into()))
}

/// "1 cell", "3 cells".
fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}
