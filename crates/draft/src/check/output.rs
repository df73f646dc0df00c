//! A changed draft as a new file: text, Markdown, separated fields, pages, workbooks, Word documents. Plain files: what made
//! the original look as it did is not kept. `rewrite` keeps it, where it can.

mod docx;
mod html;
mod ods;

use std::collections::BTreeMap;

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::draft::{Document, Entry, Grid, Piece};

use super::lexicon::{Content, lex};

/// A format that a changed draft can be written in.
#[derive(Debug)]
pub struct DraftWriter {
    /// File extensions, without the dot.
    pub extensions: &'static [&'static str],
    /// Writes the file.
    pub write: fn(&Document) -> Result<Vec<u8>, DraftWriteError>,
}

/// Why a workbook could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DraftWriteError {
    /// An Excel workbook.
    #[error("the workbook could not be made: {0}")]
    Xlsx(#[from] XlsxError),
    /// A zip container.
    #[error("the file could not be made: {0}")]
    Zip(#[from] std::io::Error),
}

/// Every format.
pub static DRAFT_WRITERS: &[DraftWriter] = &[
    DraftWriter { extensions: &["txt", "text", "tsv", "tab"], write: |d| Ok(text(d).into_bytes()) },
    DraftWriter { extensions: &["csv"], write: |d| Ok(csv(d).into_bytes()) },
    DraftWriter { extensions: &["md", "markdown"], write: |d| Ok(markdown(d).into_bytes()) },
    DraftWriter { extensions: &["xlsx"], write: xlsx },
    DraftWriter { extensions: &["ods"], write: |d| Ok(ods::write(d)?) },
    DraftWriter { extensions: &["docx"], write: |d| Ok(docx::write(d)?) },
    DraftWriter { extensions: &["html"], write: |d| Ok(html::write(d).into_bytes()) },
];

/// The rows of a piece, each a list of cells; running text is one cell.
fn rows(piece: &Piece) -> Vec<Vec<String>> {
    match piece {
        Piece::Paragraph(p) => p.text.lines().map(|l| vec![l.to_owned()]).collect(),
        Piece::Grid(grid) => grid.rows.iter().map(|r| r.iter().map(shown).collect()).collect(),
    }
}

/// A cell's text, indented as it stands; what only continues a merged cell is left blank.
fn shown(entry: &Entry) -> String {
    if entry.merged { String::new() } else { format!("{}{}", "  ".repeat(entry.indent), entry.text) }
}

/// Text with tabs between cells, and a blank line between pieces.
fn text(document: &Document) -> String {
    let plain = |cell: &String| cell.replace(['\t', '\n', '\r'], " ");
    let line = |row: &Vec<String>| row.iter().map(plain).collect::<Vec<_>>().join("\t");
    let piece = |p: &Piece| rows(p).iter().map(|r| line(r) + "\n").collect::<String>();
    separated(document, piece)
}

/// The pieces with blank lines between, but not between a line of text and its table.
fn separated(document: &Document, piece: impl Fn(&Piece) -> String) -> String {
    let mut out = String::new();
    for (i, p) in document.pieces.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|i| document.pieces.get(i));
        let caption = matches!((before, p), (Some(Piece::Paragraph(_)), Piece::Grid(_)));
        if i > 0 && !caption {
            out.push('\n');
        }
        out.push_str(&piece(p));
    }
    out
}

fn csv(document: &Document) -> String {
    let field = |cell: &String| match cell.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.clone(),
    };
    let line = |row: &Vec<String>| row.iter().map(field).collect::<Vec<_>>().join(",");
    separated(document, |p| rows(p).iter().map(|r| line(r) + "\n").collect())
}

fn markdown(document: &Document) -> String {
    let mut out = String::new();
    for piece in &document.pieces {
        if !out.is_empty() {
            out.push('\n');
        }
        match piece {
            Piece::Paragraph(p) if p.heading => out.push_str(&format!("## {}\n", escaped(&p.text))),
            Piece::Paragraph(p) => out.push_str(&format!("{}\n", escaped(&p.text))),
            Piece::Grid(grid) => out.push_str(&pipes(grid)),
        }
    }
    out
}

fn pipes(grid: &Grid) -> String {
    let width = grid.rows.iter().map(Vec::len).max().unwrap_or(0);
    let line = |row: &Vec<Entry>| {
        let cell = |c: usize| row.get(c).map(|e| escaped(&shown(e))).unwrap_or_default();
        format!("| {} |\n", (0..width).map(cell).collect::<Vec<_>>().join(" | "))
    };
    let mut out = String::new();
    for (r, row) in grid.rows.iter().enumerate() {
        out.push_str(&line(row));
        if r == 0 {
            out.push_str(&format!("|{}\n", " --- |".repeat(width)));
        }
    }
    out
}

/// A text that Markdown shows as it is.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' | '*' | '_' | '[' | ']' | '|' | '<' | '>' | '`' | '^' | '~' | '#' => out.extend(['\\', c]),
            '\n' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// The rows of each sheet, by the name of the part they stand in; a blank row between pieces.
fn sheets(document: &Document) -> Vec<(String, Vec<Vec<String>>)> {
    let mut order: Vec<String> = Vec::new();
    let mut sheets: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    let mut last = "Answer".to_owned();
    let mut text_before = false;
    for piece in &document.pieces {
        let part = match piece {
            Piece::Paragraph(p) => p.place.part.clone(),
            Piece::Grid(g) => g.rows.iter().flatten().find_map(|e| e.place.part.clone()),
        };
        last = part.unwrap_or(last);
        if !order.contains(&last) {
            order.push(last.clone());
            text_before = true;
        }
        let sheet = sheets.entry(last.clone()).or_default();
        let grid = matches!(piece, Piece::Grid(_));
        if !(sheet.is_empty() || text_before && grid) {
            sheet.push(Vec::new());
        }
        sheet.extend(rows(piece));
        text_before = !grid;
    }
    order.into_iter().filter_map(|name| sheets.remove_entry(&name)).collect()
}

/// A count that a workbook stores as a number.
fn stored(cell: &str) -> Option<i64> {
    match lex(cell).content {
        Content::Number(n) if cell.bytes().all(|b| b.is_ascii_digit()) => n.count(),
        _ => None,
    }
}

/// A name that workbooks allow for a sheet.
fn sheet_name(name: &str, number: usize) -> String {
    let plain: String =
        name.chars().filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'')).take(28).collect();
    if plain.trim().is_empty() { format!("Sheet {number}") } else { plain }
}

fn xlsx(document: &Document) -> Result<Vec<u8>, DraftWriteError> {
    let mut book = Workbook::new();
    for (number, (name, rows)) in sheets(document).into_iter().enumerate() {
        let sheet = book.add_worksheet();
        sheet.set_name(sheet_name(&name, number + 1))?;
        for (r, row) in rows.iter().enumerate() {
            for (c, cell) in row.iter().enumerate() {
                let (Ok(r), Ok(c)) = (u32::try_from(r), u16::try_from(c)) else { continue };
                match stored(cell) {
                    Some(n) => sheet.write_number(r, c, n as f64)?,
                    None if cell.is_empty() => continue,
                    None => sheet.write_string(r, c, cell)?,
                };
            }
        }
    }
    Ok(book.save_to_buffer()?)
}
