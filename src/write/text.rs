//! Plain text: each table as it stands in a printed answer, its notes below it, the legend and statements at the end.

use std::io::{self, Write};

use tabled::builder::Builder;
use tabled::settings::object::Cell;
use tabled::settings::{Alignment, Color, Padding, Span, Style, Width};

use super::layout::{self, Block, Kind, Text};
use super::legend::{self, Note};
use crate::release::Release;

/// Columns that running text is wrapped at.
const WIDTH: usize = 100;

/// Writes a release as plain text.
pub(super) fn write(release: &Release, out: &mut dyn Write) -> io::Result<()> {
    let header = release.header();
    writeln!(out, "{}", layout::clean(&header.title))?;
    for line in legend::preamble(release) {
        writeln!(out, "{line}")?;
    }
    for table in release.tables() {
        writeln!(out, "\n{}", layout::title(table))?;
        for block in layout::blocks(table, &header.markers) {
            if let Some(caption) = &block.caption {
                writeln!(out, "\n{caption}")?;
            }
            writeln!(out, "{}", grid(&block, None, false))?;
        }
        for line in note_lines(&legend::notes(table)) {
            writeln!(out, "{line}")?;
        }
    }
    section(out, note_lines(&legend::legend(release)))?;
    for statement in header.notes.iter().chain(&header.closing) {
        section(out, fill("", &layout::clean(statement)))?;
    }
    section(out, fill("", &legend::colophon(release)))
}

fn section(out: &mut dyn Write, lines: Vec<String>) -> io::Result<()> {
    if !lines.is_empty() {
        writeln!(out)?;
    }
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// Notes with their marks in a column of their own, wrapped.
pub fn note_lines(notes: &[Note]) -> Vec<String> {
    let width = notes.iter().map(|n| n.mark.chars().count()).max().unwrap_or(0);
    let gap = if width == 0 { 0 } else { width + 2 };
    notes
        .iter()
        .flat_map(|n| if n.mark.is_empty() { fill("", &n.text) } else { fill(&format!("{:gap$}", n.mark), &n.text) })
        .collect()
}

/// `text` wrapped at the width of a page, the first line behind `lead`, the others indented as far.
pub fn fill(lead: &str, text: &str) -> Vec<String> {
    fill_to(WIDTH, lead, text)
}

/// The same for another width.
pub fn fill_to(width: usize, lead: &str, text: &str) -> Vec<String> {
    let indent = " ".repeat(lead.chars().count());
    let mut lines = Vec::new();
    let mut line = lead.to_owned();
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::replace(&mut line, indent.clone()));
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    if !empty {
        lines.push(line);
    }
    lines
}

/// A block as aligned text without rules. `width` wraps long labels so that it fits; `color` sets off the header and
/// the withheld figures for a terminal.
pub fn grid(block: &Block, width: Option<usize>, color: bool) -> String {
    let mut builder = Builder::default();
    for row in block.header.iter().chain(&block.body) {
        builder.push_record(row.iter().map(field));
    }
    let mut table = builder.build();
    table.with(Style::empty()).with(Padding::new(0, 2, 0, 0));
    for (r, row) in block.header.iter().chain(&block.body).enumerate() {
        let heading = r < block.header.len();
        for (c, text) in row.iter().enumerate() {
            if text.kind != Kind::Label {
                table.modify(Cell::new(r, c), Alignment::right());
            }
            if let Ok(span @ 2..) = isize::try_from(text.span) {
                table.modify(Cell::new(r, c), Span::column(span));
            }
            if color && text.kind == Kind::Withheld {
                table.modify(Cell::new(r, c), Color::FG_YELLOW | Color::BOLD);
            } else if color && heading && !text.text.is_empty() {
                table.modify(Cell::new(r, c), Color::BOLD);
            }
        }
    }
    if let Some(width) = width {
        table.with(Width::wrap(width).keep_words(true));
    }
    let text = table.to_string();
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

fn field(text: &Text) -> String {
    format!("{}{}", "  ".repeat(text.indent), text.text)
}
