//! Tables of OpenDocument files: sheets, which hold several tables each, and the tables of a text.

use super::inline::Said;
use super::{Reader, paragraph_at};
use crate::draft::blocks::{self, Area, Cells};
use crate::draft::number_format::beyond;
use crate::draft::words::{lines, tidy};
use crate::draft::xml::{Element, Step, Walk};
use crate::draft::{Entry, Error, Piece, Place};

/// Columns of a sheet.
const MOST_COLUMNS: usize = 1 << 14;

/// Rows or columns that one element may stand for.
const MOST_REPEATS: usize = 1 << 24;

/// A table that is being read.
#[derive(Default)]
struct Table {
    /// Names it in places.
    part: String,
    hidden: bool,
    cells: Cells,
    areas: Vec<Area>,
    row: usize,
    /// Columns: whether hidden, and their default style.
    columns: Vec<(bool, Option<String>)>,
    hidden_rows: bool,
    hidden_columns: bool,
    /// What stands beside cells, and where.
    beside: Vec<(Said, Place)>,
}

impl Table {
    fn place(&self, row: usize, column: usize) -> Place {
        Place { line: row + 1, column: column + 1, part: Some(self.part.clone()) }
    }
}

impl Reader {
    /// Reads a table that has just opened.
    ///
    /// # Errors
    /// Damaged, or beyond the bounds.
    pub(super) fn table(&mut self, walk: &mut Walk, opened: &Element) -> Result<(), Error> {
        self.tables += 1;
        let name = opened.get("name").unwrap_or_default().to_owned();
        let mut table = Table {
            hidden: self.styles.is_hidden("table", opened.get("style-name")),
            part: if self.spreadsheet { name.clone() } else { format!("table {}", self.tables) },
            ..Table::default()
        };
        let whole = Place { part: Some(table.part.clone()), ..Place::default() };
        if table.hidden {
            self.hidden.push(name.clone());
        }
        let mut shapes = Vec::new();
        loop {
            match walk.step()? {
                Step::Open(e) if e.name == "table-column" => column(&e, &mut table),
                Step::Open(e) if e.name == "table-row" => {
                    let row = walk.whole(e)?;
                    self.row(&row, &mut table)?;
                }
                Step::Open(e) if e.name == "shapes" => shapes.push(walk.whole(e)?),
                Step::Open(e) if matches!(e.name.as_str(), "forms" | "named-expressions" | "scenario") => {
                    let element = walk.whole(e)?;
                    self.unshown(&element);
                }
                Step::Open(e) if super::SILENT.contains(&e.name.as_str()) => drop(walk.whole(e)?),
                Step::Close(name) if name == "table" => break,
                Step::End => break,
                _ => {}
            }
        }
        self.finish(table)?;
        for shape in &shapes {
            let mut paragraphs = Vec::new();
            shape.all("p", &mut paragraphs);
            let mut said = Said::default();
            said.shape(shape);
            said.boxes.clear();
            self.beside(said, &whole)?;
            let texts = paragraphs.iter().map(|p| p.text()).filter(|t| !t.trim().is_empty());
            self.document.pieces.extend(texts.map(|t| paragraph_at(&t, &whole, false)));
        }
        Ok(())
    }

    fn row(&mut self, row: &Element, table: &mut Table) -> Result<(), Error> {
        let hidden = matches!(row.get("visibility"), Some("collapse" | "filter"));
        let rows = repeats(row, "number-rows-repeated");
        let mut column = 0;
        for cell in row.elements().filter(|e| matches!(e.name.as_str(), "table-cell" | "covered-table-cell")) {
            let columns = repeats(cell, "number-columns-repeated");
            if let Some(entry) = self.cell(cell, table, (table.row, column)) {
                self.budget.take(rows.saturating_mul(columns))?;
                table.hidden_rows |= hidden;
                for r in table.row..table.row.saturating_add(rows) {
                    for c in column..column.saturating_add(columns) {
                        let hidden_column = table.columns.get(c).is_some_and(|c| c.0);
                        table.hidden_columns |= hidden_column;
                        let hidden = entry.hidden || hidden || hidden_column;
                        let entry = Entry { hidden, place: table.place(r, c), ..entry.clone() };
                        table.cells.insert((r, c), entry);
                    }
                }
            }
            let spans = (repeats(cell, "number-rows-spanned"), repeats(cell, "number-columns-spanned"));
            if spans != (1, 1) {
                let last = (table.row.saturating_add(spans.0 - 1), column.saturating_add(spans.1 - 1));
                table.areas.push(((table.row, column), last));
            }
            column = column.saturating_add(columns);
        }
        table.row = table.row.saturating_add(rows);
        Ok(())
    }

    /// What a cell says; none where it is blank.
    fn cell(&mut self, cell: &Element, table: &mut Table, at: (usize, usize)) -> Option<Entry> {
        let default = table.columns.get(at.1).and_then(|c| c.1.clone());
        let style = cell.get("style-name").or(default.as_deref());
        let mut said = Said::default();
        said.cell(cell, &self.styles);
        let text = tidy(&said.shown);
        let stored = stored(cell).and_then(|v| beyond(&text, v));
        self.formula(cell, &text, &table.place(at.0, at.1));
        said.stored(cell, &text);
        let unseen = self.styles.is_unseen("table-cell", style) && !text.is_empty();
        let place = table.place(at.0, at.1);
        if unseen {
            self.document.residue.push((place.clone(), "white text, which only a copy of the file shows".to_owned()));
        }
        if text.is_empty() && stored.is_some() {
            self.document.residue.push((place.clone(), "a number that its format does not show".to_owned()));
        }
        let spaces = said.shown.chars().take_while(|c| matches!(c, ' ' | '\u{a0}')).count();
        let entry = Entry {
            hidden: table.hidden || unseen || text.is_empty(),
            bold: self.styles.is_bold("table-cell", style) || !text.is_empty() && !said.light,
            indent: self.styles.indent("table-cell", style) + spaces / 2,
            lines: lines(&said.shown),
            formula: cell.get("formula").and_then(|f| f.split_once('=')).map(|(_, f)| f.to_owned()),
            text,
            stored,
            ..Entry::default()
        };
        if said.says_more() {
            table.beside.push((said, place));
        }
        (!entry.text.is_empty() || entry.stored.is_some()).then_some(entry)
    }

    /// Tells the numbers written into a formula, and a formula without a result.
    fn formula(&mut self, cell: &Element, text: &str, place: &Place) {
        let Some((_, formula)) = cell.get("formula").and_then(|f| f.split_once('=')) else { return };
        let beside = crate::draft::formula::beside(formula, text);
        if !beside.is_empty() {
            let what = crate::draft::held::named("the formula of the cell", &beside);
            self.document.residue.push((place.clone(), what));
        }
        if text.is_empty() && cell.get("value-type").is_none() {
            let what = "a formula whose result the file does not hold: a program that opens it shows one";
            self.document.residue.push((place.clone(), what.to_owned()));
        }
    }

    fn finish(&mut self, mut table: Table) -> Result<(), Error> {
        let part = table.part.clone();
        let whole = Place { part: Some(part.clone()), ..Place::default() };
        for (found, what) in [(table.hidden_rows, "rows"), (table.hidden_columns, "columns")] {
            if found {
                self.document.residue.push((whole.clone(), format!("hidden {what} in {part}")));
            }
        }
        let below = blocks::merge(&mut table.cells, &table.areas, &part, &mut self.budget)?;
        let mut found = blocks::pieces(table.cells, Some(&part), &mut self.budget)?;
        if !self.spreadsheet {
            // tables of a text have no names that a reader sees
            found.iter_mut().for_each(|piece| {
                if let Piece::Grid(grid) = piece {
                    grid.name = None
                }
            });
        }
        self.document.pieces.extend(found);
        for entry in below {
            self.document.residue.push((entry.place.clone(), "a value below a merged cell".to_owned()));
            self.document.pieces.push(paragraph_at(&entry.text, &entry.place, true));
        }
        for (said, place) in table.beside {
            self.beside(said, &place)?;
        }
        Ok(())
    }
}

/// The number that a cell stores, whatever type it says it is of; dates and times store none.
fn stored(cell: &Element) -> Option<f64> {
    let dated = matches!(cell.get("value-type"), Some("date" | "time"));
    let value = cell.get("value").filter(|_| !dated).or_else(|| cell.get("string-value"))?;
    value.trim().parse::<f64>().ok().filter(|v| v.is_finite())
}

fn column(e: &Element, table: &mut Table) {
    let hidden = matches!(e.get("visibility"), Some("collapse" | "filter"));
    let style = e.get("default-cell-style-name").map(str::to_owned);
    let count = repeats(e, "number-columns-repeated").min(MOST_COLUMNS.saturating_sub(table.columns.len()));
    table.columns.extend((0..count).map(|_| (hidden, style.clone())));
}

/// How often something stands; numbers beyond any sheet count as that of the largest.
fn repeats(e: &Element, name: &str) -> usize {
    let count = e.get(name).map_or(1, |n| n.parse().unwrap_or(if n.len() > 9 { MOST_REPEATS } else { 1 }));
    count.clamp(1, MOST_REPEATS)
}
