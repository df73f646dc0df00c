//! XLS: the workbooks of Excel 97 to 2003. Values come from a library; what it does not tell (hidden rows and columns,
//! number formats, comments) from the records themselves, which are looked at first so that the library meets no file
//! that would fill the memory.

mod compound;
mod properties;
mod records;

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xls};

use super::blocks::{self, Area, Cells};
use super::bounds::{Budget, refuse};
use super::fence::fenced;
use super::held::named;
use super::number_format;
use super::words::{lines, tidy};
use super::{Document, Entry, Error, Paragraph, Piece, Place, formula, held};

use records::{Book, Sheet};

/// Reads a workbook.
///
/// # Errors
/// Damaged, protected by a password, of Excel 95 or before, or beyond the bounds.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Error> {
    let names = compound::names(bytes)?;
    let stream = compound::stream(bytes, &["Workbook", "Book"])?;
    let book = Book::of(&stream)?;
    let mut document = fenced("XLS workbook", || sheets(bytes, &book))?;
    let storages = [
        ("_VBA_PROJECT_CUR", "macros"),
        ("_SX_DB_CUR", "the records behind a pivot table, each with all its values"),
        ("MBD", "an embedded file"),
    ];
    for name in names {
        if let Some((_, what)) = storages.iter().find(|(start, _)| name.starts_with(start)) {
            document.residue.push((Place { part: Some(name), ..Place::default() }, (*what).to_owned()));
        }
    }
    let mut texts = Vec::new();
    for name in properties::STREAMS {
        if let Ok(bytes) = compound::stream(bytes, &[name]) {
            texts.extend(properties::texts(&bytes));
        }
    }
    held::keep(texts, &mut document);
    if book.raised {
        let note = "raised figures, as footnotes' marks are, can't be told from others in XLS: save it as XLSX if there are any";
        document.notes.push(note.to_owned());
    }
    Ok(document)
}

fn sheets(bytes: &[u8], book: &Book) -> Result<Document, Error> {
    let help = "open it in the program that made it, and save it as XLSX";
    let mut values: Xls<_> =
        Xls::new(Cursor::new(bytes)).map_err(|e| refuse(format!("is a damaged XLS workbook: {e}"), help))?;
    let mut document = Document::default();
    let mut budget = Budget::default();
    for sheet in &book.sheets {
        let place = Place { part: Some(sheet.name.clone()), ..Place::default() };
        if sheet.hidden {
            document.residue.push((place.clone(), format!("sheet \"{}\" is hidden", sheet.name)));
        }
        if sheet.chart || sheet.charts {
            document.residue.push((place, "a chart, with the figures it is drawn from".to_owned()));
        }
        if sheet.chart {
            continue;
        }
        let missing = |e| refuse(format!("sheet \"{}\" can't be read: {e}", sheet.name), help);
        let range = values.worksheet_range(&sheet.name).map_err(missing)?;
        let formulas = values.worksheet_formula(&sheet.name).map_err(missing)?;
        let areas = values.merge_cells_by_sheet_name(&sheet.name).map_err(missing)?;
        let areas: Vec<Area> = areas
            .iter()
            .map(|a| ((a.start.0 as usize, a.start.1 as usize), (a.end.0 as usize, a.end.1 as usize)))
            .collect();
        pieces(sheet, book, (&range, &formulas), &areas, &mut document, &mut budget)?;
    }
    Ok(document)
}

fn pieces(
    sheet: &Sheet,
    book: &Book,
    (range, formulas): (&Range<Data>, &Range<String>),
    areas: &[Area],
    document: &mut Document,
    budget: &mut Budget,
) -> Result<(), Error> {
    let mut cells = Cells::new();
    let (top, left) = range.start().unwrap_or((0, 0));
    let (mut hidden_rows, mut hidden_columns) = (false, false);
    for (r, c, value) in range.used_cells() {
        budget.take(1)?;
        let (row, column) = (r + top as usize, c + left as usize);
        let style = sheet.styles.get(&(row, column)).and_then(|i| book.styles.get(*i)).cloned().unwrap_or_default();
        let (text, stored) = shown(value, style.format.as_deref(), book.from_1904);
        let place = Place { line: row + 1, column: column + 1, part: Some(sheet.name.clone()) };
        let out_of_sight = sheet.hidden_rows.contains(&row);
        let in_hidden_column = sheet.hidden_columns.contains(&column);
        hidden_rows |= out_of_sight;
        hidden_columns |= in_hidden_column;
        if text.is_empty() && stored.is_some() {
            document.residue.push((place.clone(), "a number that its format does not show".to_owned()));
        }
        let formula = formulas.get_value((row as u32, column as u32)).filter(|f| !f.is_empty()).cloned();
        let beside = formula.as_ref().map(|f| formula::beside(f, &text)).unwrap_or_default();
        if !beside.is_empty() {
            document.residue.push((place.clone(), named("the formula of the cell", &beside)));
        }
        if text.is_empty() && stored.is_none() {
            continue;
        }
        let unseen = style.unseen && !text.is_empty();
        if unseen {
            document.residue.push((place.clone(), "white text, which only a copy of the file shows".to_owned()));
        }
        let spaces = text.chars().take_while(|c| matches!(c, ' ' | '\u{a0}')).count();
        let entry = Entry {
            hidden: sheet.hidden || out_of_sight || in_hidden_column || unseen || text.is_empty(),
            text: tidy(&text),
            lines: lines(&text),
            stored,
            place,
            indent: style.indent + spaces / 2,
            bold: style.bold,
            formula,
            merged: false,
        };
        cells.insert((row, column), entry);
    }
    let whole = Place { part: Some(sheet.name.clone()), ..Place::default() };
    for (found, what) in [(hidden_rows, "rows"), (hidden_columns, "columns")] {
        if found {
            document.residue.push((whole.clone(), format!("hidden {what} in sheet \"{}\"", sheet.name)));
        }
    }
    let hide = |text: &str, place: Place, what: &str, document: &mut Document| {
        document.residue.push((place.clone(), what.to_owned()));
        let text = tidy(text);
        if !text.is_empty() {
            document.pieces.push(Piece::Paragraph(Paragraph { text, place, heading: false, hidden: true }));
        }
    };
    let below = blocks::merge(&mut cells, areas, &sheet.name, budget)?;
    document.pieces.extend(blocks::pieces(cells, Some(&sheet.name), budget)?);
    below.into_iter().for_each(|e| hide(&e.text, e.place, "a value below a merged cell", document));
    for ((row, column), text) in sheet.comments.iter().filter(|(_, text)| super::held::tells(text)) {
        let place = Place { line: row + 1, column: column + 1, ..whole.clone() };
        hide(text, place, "a comment", document);
    }
    for text in sheet.boxes.iter().map(|t| tidy(t)).filter(|t| !t.is_empty()) {
        let place = whole.clone();
        document.pieces.push(Piece::Paragraph(Paragraph { text, place, heading: false, hidden: sheet.hidden }));
    }
    Ok(())
}

/// What a value shows, and the number it stores where it shows less.
fn shown(value: &Data, format: Option<&str>, from_1904: bool) -> (String, Option<f64>) {
    let number = match value {
        Data::Float(f) => *f,
        Data::Int(i) => *i as f64,
        Data::DateTime(d) => d.as_f64(),
        Data::Bool(b) => return (if *b { "TRUE" } else { "FALSE" }.to_owned(), None),
        Data::String(t) | Data::DateTimeIso(t) | Data::DurationIso(t) => return (t.clone(), None),
        Data::Error(e) => return (e.to_string(), None),
        Data::Empty => return (String::new(), None),
    };
    number_format::shown(format, number, from_1904)
}

#[cfg(test)]
mod tests;
