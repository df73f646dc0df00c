//! The files of a draft, read.

use std::io::Read;
use std::path::{Path, PathBuf};

use tabsafe::check::Draft;
use tabsafe::diag::reason;
use tabsafe::draft::{Document, Entry, Grid, Paragraph, Piece, Place};

use super::super::fault::Fault;
use super::super::input::{STANDARD_INPUT, is_dash};

/// Reads all files.
///
/// # Errors
/// The first that can't be read.
pub fn drafts(files: &[PathBuf]) -> Result<Vec<Draft>, Fault> {
    files.iter().map(|f| draft(f)).collect()
}

fn draft(path: &Path) -> Result<Draft, Fault> {
    let name = if is_dash(path) { STANDARD_INPUT.to_owned() } else { path.display().to_string() };
    let unreadable = |e: &std::io::Error| Fault::data(format!("{name}: can't be read: {}", reason(e)));
    let mut bytes = Vec::new();
    if is_dash(path) {
        std::io::stdin().lock().read_to_end(&mut bytes).map_err(|e| unreadable(&e))?;
    } else {
        bytes = std::fs::read(path).map_err(|e| unreadable(&e))?;
    }
    let document = document(&name, bytes)?;
    Ok(Draft { name, document })
}

/// The document in a file's bytes.
fn document(name: &str, bytes: Vec<u8>) -> Result<Document, Fault> {
    let text = String::from_utf8(bytes).map_err(|_| Fault::data(format!("{name}: is not UTF-8 text")))?;
    Ok(tabbed(&text))
}

/// Text with tabs (or, without any, commas) between the cells of its tables.
fn tabbed(text: &str) -> Document {
    let comma = !text.contains('\t');
    let mut pieces = Vec::new();
    let mut grid = Grid::default();
    let flush = |grid: &mut Grid, pieces: &mut Vec<Piece>| {
        if !grid.rows.is_empty() {
            pieces.push(Piece::Grid(std::mem::take(grid)));
        }
    };
    for (number, line) in text.lines().enumerate() {
        let cells: Vec<&str> = line.split(if comma { ',' } else { '\t' }).collect();
        if cells.len() > 1 {
            let mut column = 1;
            let row = cells.iter().map(|cell| {
                let entry = Entry {
                    text: cell.trim().to_owned(),
                    place: Place { line: number + 1, column, part: None },
                    indent: cell.len() - cell.trim_start().len(),
                    ..Entry::default()
                };
                column += cell.chars().count() + 1;
                entry
            });
            grid.rows.push(row.collect());
            continue;
        }
        flush(&mut grid, &mut pieces);
        if !line.trim().is_empty() {
            let place = Place { line: number + 1, column: 1, part: None };
            pieces.push(Piece::Paragraph(Paragraph { text: line.to_owned(), place, ..Paragraph::default() }));
        }
    }
    flush(&mut grid, &mut pieces);
    Document { pieces, ..Document::default() }
}
