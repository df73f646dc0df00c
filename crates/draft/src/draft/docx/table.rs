//! Tables of Word documents: cells that span columns, go on below, or are hidden with their row.

use super::Reader;
use super::inline::{Said, State};
use super::styles::switch;
use crate::draft::blocks;
use crate::draft::words::{lines, tidy};
use crate::draft::xml::Element;
use crate::draft::{Entry, Error, Paragraph, Piece, Place};

/// Columns that a cell may span.
const MOST_ACROSS: usize = 1000;

impl Reader {
    /// Reads a table, and after it the tables and boxes within its cells.
    ///
    /// # Errors
    /// Too many cells.
    pub(super) fn table(&mut self, table: &Element, state: State) -> Result<(), Error> {
        self.prose.end(&mut self.document.pieces, &mut self.budget)?;
        self.tables += 1;
        let part = format!("{}table {}", self.prose.part, self.tables);
        let (mut grid, mut within) = (Vec::new(), Vec::new());
        let mut rows = Vec::new();
        below(table, "tr", state, &mut rows);
        // what is told of cells stands after the table
        let pieces = std::mem::take(&mut self.document.pieces);
        for (row, state) in rows {
            let hidden = row.child("trPr").and_then(|p| switch(p, "hidden")).unwrap_or(false);
            let state = row.child("trPr").map_or(state, |p| {
                let changed = p.elements().find(|e| matches!(e.name.as_str(), "ins" | "del"));
                changed.map_or(state, |e| state.within(&e.name))
            });
            if hidden {
                let place = Place { line: grid.len() + 1, column: 0, part: Some(part.clone()) };
                self.document.residue.push((place, "a hidden row".to_owned()));
            }
            let entries = self.row(row, state, &part, &grid, &mut within)?;
            let entries = entries.into_iter().map(|e| Entry { hidden: e.hidden || hidden, ..e }).collect::<Vec<_>>();
            grid.push(entries);
        }
        let beside = std::mem::replace(&mut self.document.pieces, pieces);
        let found = blocks::within(grid, None, &part, &mut self.budget)?;
        self.document.pieces.extend(found);
        self.document.pieces.extend(beside);
        within.into_iter().try_for_each(|e| self.block(e, state))
    }

    fn row<'a>(
        &mut self,
        row: &'a Element,
        state: State,
        part: &str,
        above: &[Vec<Entry>],
        within: &mut Vec<&'a Element>,
    ) -> Result<Vec<Entry>, Error> {
        let mut entries: Vec<Entry> = Vec::new();
        let place = |column: usize| Place { line: above.len() + 1, column: column + 1, part: Some(part.to_owned()) };
        let before = row.at(&["trPr", "gridBefore"]).and_then(|e| e.get("val")).and_then(|v| v.parse().ok());
        for c in 0..before.unwrap_or(0).min(MOST_ACROSS) {
            entries.push(Entry { place: place(c), ..Entry::default() });
        }
        let mut cells = Vec::new();
        below(row, "tc", state, &mut cells);
        for (cell, state) in cells {
            let mut said = Said::default();
            self.cell(cell, state, &mut said, within);
            let at = place(entries.len());
            self.beside(&said, &at);
            within.append(&mut said.boxes);
            let properties = cell.child("tcPr");
            let says = |name: &str| properties.and_then(|p| p.child(name));
            let across: Option<usize> = says("gridSpan").and_then(|e| e.get("val")).and_then(|v| v.parse().ok());
            let across = across.unwrap_or(1).clamp(1, MOST_ACROSS);
            self.budget.take(across)?;
            let goes_on = |e: &Element| e.get("val") != Some("restart");
            let mut entry = entry(cell, &said);
            if says("vMerge").is_some_and(goes_on) {
                let over = above.last().and_then(|row| row.get(entries.len())).cloned().unwrap_or_default();
                self.covered(&entry.text, &at);
                entry = Entry { merged: true, ..over };
            } else if says("hMerge").is_some_and(goes_on) {
                let left = entries.last().cloned().unwrap_or_default();
                self.covered(&entry.text, &at);
                entry = Entry { merged: true, ..left };
            }
            for i in 0..across {
                let place = place(entries.len());
                entries.push(Entry { place, merged: entry.merged || i > 0, ..entry.clone() });
            }
        }
        Ok(entries)
    }

    /// The paragraphs of a cell; tables within are left for later.
    fn cell<'a>(&mut self, cell: &'a Element, state: State, said: &mut Said<'a>, within: &mut Vec<&'a Element>) {
        for e in cell.elements() {
            match e.name.as_str() {
                "p" => {
                    if !said.shown.is_empty() {
                        said.shown.push('\n');
                    }
                    said.paragraph(e, &self.styles, state, &mut self.notes);
                }
                "tbl" => within.push(e),
                "tcPr" | "sdtPr" | "sdtEndPr" => {}
                name => self.cell(e, state.within(name), said, within),
            }
        }
    }

    /// Tells a text that the merged cell above it hides.
    fn covered(&mut self, text: &str, place: &Place) {
        if !text.is_empty() {
            self.document.residue.push((place.clone(), "a text below a merged cell".to_owned()));
            let hidden = Paragraph { text: text.to_owned(), place: place.clone(), heading: false, hidden: true };
            self.document.pieces.push(Piece::Paragraph(hidden));
        }
    }
}

fn entry(cell: &Element, said: &Said) -> Entry {
    let text = tidy(&said.shown);
    let spaces = said.shown.chars().take_while(|c| matches!(c, ' ' | '\u{a0}' | '\t')).count();
    // a step of indentation is 10 points, which Word counts in twentieths
    let left = cell.at(&["p", "pPr", "ind"]).and_then(|i| i.get("left").or_else(|| i.get("start")));
    let twips: usize = left.and_then(|l| l.parse().ok()).unwrap_or(0);
    Entry {
        bold: !said.light && !text.is_empty(),
        indent: spaces / 2 + (twips / 200).min(20),
        lines: lines(&said.shown),
        text,
        ..Entry::default()
    }
}

/// The elements of a name below an element, also those that content controls and tracked changes wrap.
fn below<'a>(e: &'a Element, name: &str, state: State, into: &mut Vec<(&'a Element, State)>) {
    for child in e.elements() {
        match child.name.as_str() {
            n if n == name => into.push((child, state)),
            "sdt" | "sdtContent" | "customXml" | "ins" | "del" | "moveFrom" | "moveTo" => {
                below(child, name, state.within(&child.name), into);
            }
            _ => {}
        }
    }
}
