//! Drafted answers in every format: the same tables cell by cell, what is hidden, and files that are none.

mod columns;
mod formats;
mod hidden;
mod hostile;
mod shown;

use std::fs;
use std::path::{Path, PathBuf};

use tabsafe::draft::{self, Document, Entry, Grid, Paragraph, Piece};

/// The folder of the drafts.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/drafts")
}

/// A draft of that folder.
fn read(name: &str) -> Document {
    let bytes = fs::read(folder().join(name)).expect("a draft");
    draft::read(name, bytes).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn grids(document: &Document) -> Vec<&Grid> {
    document.pieces.iter().filter_map(|p| if let Piece::Grid(g) = p { Some(g) } else { None }).collect()
}

fn paragraphs(document: &Document) -> Vec<&Paragraph> {
    document.pieces.iter().filter_map(|p| if let Piece::Paragraph(p) = p { Some(p) } else { None }).collect()
}

/// A grid as texts, what merged cells repeat left out, without blank cells at the end of rows.
fn texts(grid: &Grid) -> Vec<Vec<String>> {
    // the lines of a cell stand as they were typed; here only what they say counts
    let text = |e: &Entry| if e.merged { String::new() } else { e.text.replace('\n', " ") };
    let row = |row: &Vec<Entry>| {
        let mut row: Vec<String> = row.iter().map(text).collect();
        while row.last().is_some_and(String::is_empty) {
            row.pop();
        }
        row
    };
    grid.rows.iter().map(row).collect()
}
