//! One sheet of a workbook: its cells by row and column, with what hides them and what they are merged with.

use std::collections::{BTreeSet, HashSet};

use super::formulas::{self, Pending};
use super::{Book, is_true, strings};
use crate::draft::blocks::{self, Area, Cells};
use crate::draft::bounds::{Budget, refuse};
use crate::draft::formula::{self, position};
use crate::draft::held::{Held, named};
use crate::draft::number_format::{read_back, shown};
use crate::draft::words::{lines, tidy};
use crate::draft::xml::{Element, Step, Walk, decoded};
use crate::draft::zipped::Parts;
use crate::draft::{Entry, Error, Paragraph, Place};

use super::styles::Style;

/// Rows and columns of a sheet.
const MOST_ROWS: usize = 1 << 20;
const MOST_COLUMNS: usize = 1 << 14;

/// What a sheet holds.
pub(super) struct Sheet<'a> {
    name: &'a str,
    hidden_sheet: bool,
    book: &'a Book,
    /// Cells by row and column, from 0.
    pub cells: Cells,
    /// Texts that nobody sees: below merged cells.
    pub hidden: Vec<Paragraph>,
    /// What is hidden, in words.
    pub residue: Vec<(Place, String)>,
    /// Headers and footers, as far as they say something of their own.
    pub margins: Vec<String>,
    hidden_columns: BTreeSet<usize>,
    hidden_rows: BTreeSet<usize>,
    merged: Vec<Area>,
    /// Texts of lists, prompts and links.
    pub held: Vec<Held>,
    /// What filters choose.
    chosen: Vec<String>,
    pending: Vec<Pending>,
    row: usize,
    column: usize,
    row_hidden: bool,
    /// How deep the row stands in the outline of the sheet.
    outline: usize,
}

impl<'a> Sheet<'a> {
    /// Reads the sheet of this name from its part.
    ///
    /// # Errors
    /// Damaged, or beyond the bounds.
    pub(super) fn read(
        name: &'a str,
        part: &str,
        hidden_sheet: bool,
        parts: &mut Parts,
        book: &'a Book,
        budget: &mut Budget,
    ) -> Result<Self, Error> {
        let text = decoded(part, parts.cells(part)?)?;
        let mut sheet = Sheet {
            name,
            hidden_sheet,
            book,
            cells: Cells::new(),
            hidden: Vec::new(),
            residue: Vec::new(),
            margins: Vec::new(),
            hidden_columns: BTreeSet::new(),
            hidden_rows: BTreeSet::new(),
            merged: Vec::new(),
            held: Vec::new(),
            chosen: Vec::new(),
            pending: Vec::new(),
            row: 0,
            column: 0,
            row_hidden: false,
            outline: 0,
        };
        let mut walk = Walk::new(part, &text);
        let (mut rows, mut columns) = (0, 0);
        loop {
            match walk.step()? {
                Step::Open(e) if e.name == "c" => {
                    let cell = walk.whole(e)?;
                    budget.take(usize::from(!cell.children.is_empty()))?;
                    sheet.cell(&cell)?;
                }
                Step::Open(e)
                    if matches!(
                        e.name.as_str(),
                        "dataValidation" | "hyperlink" | "inputCells" | "filter" | "customFilter" | "cfRule"
                    ) =>
                {
                    let element = walk.whole(e)?;
                    sheet.beside(&element);
                }
                Step::Open(e) if e.name == "row" => {
                    let number = e.get("r").and_then(|r| r.parse::<usize>().ok());
                    sheet.begin_row(&e, number.unwrap_or(rows + 1))?;
                    rows = sheet.row + 1;
                }
                Step::Open(e) if e.name == "col" => {
                    columns += 1;
                    if columns > MOST_COLUMNS {
                        return Err(sheet.fault("it describes more columns than there are"));
                    }
                    sheet.columns(&e);
                }
                Step::Open(e) if e.name == "headerFooter" => {
                    let lines = walk.whole(e)?;
                    sheet.margins.extend(lines.elements().map(|line| printed(&line.text())));
                }
                Step::Open(e) if e.name == "mergeCell" => sheet.merged.extend(e.get("ref").and_then(area)),
                Step::End => break,
                _ => {}
            }
        }
        let pending = std::mem::take(&mut sheet.pending);
        sheet.residue.extend(formulas::settle(&mut sheet.cells, pending, book.from_1904, book.anew));
        sheet.filters();
        sheet.merge(budget)?;
        sheet.tell();
        Ok(sheet)
    }

    fn begin_row(&mut self, row: &Element, number: usize) -> Result<(), Error> {
        if !(1..=MOST_ROWS).contains(&number) {
            return Err(self.fault(&format!("a row has the number {number}")));
        }
        let flat = row.get("ht").and_then(|h| h.parse::<f64>().ok()) == Some(0.0);
        self.row = number - 1;
        self.column = 0;
        self.row_hidden = flat || row.get("hidden").is_some_and(is_true);
        self.outline = row.get("outlineLevel").and_then(|l| l.parse().ok()).filter(|l| *l < 8).unwrap_or(0);
        Ok(())
    }

    fn columns(&mut self, e: &Element) {
        let flat = e.get("width").and_then(|w| w.parse::<f64>().ok()) == Some(0.0);
        let number = |name: &str| e.get(name).and_then(|n| n.parse::<usize>().ok()).filter(|n| *n > 0);
        if let (Some(min), Some(max)) = (number("min"), number("max"))
            && (flat || e.get("hidden").is_some_and(is_true))
        {
            self.hidden_columns.extend(min - 1..max.min(MOST_COLUMNS));
        }
    }

    fn cell(&mut self, cell: &Element) -> Result<(), Error> {
        let (row, column) = match cell.get("r") {
            Some(name) => position(name).ok_or_else(|| self.fault("a cell has a name that is none"))?,
            None => (self.row, self.column),
        };
        if row >= MOST_ROWS || column >= MOST_COLUMNS {
            return Err(self.fault("a cell lies beyond the end of the sheet"));
        }
        self.column = column + 1;
        let style = self.book.styles.get(cell.get("s"));
        let (text, stored) = self.value(cell, style.format.as_deref())?;
        if let Some(text) = cell.child("is").and_then(strings::reading) {
            let what = "the reading of a text".to_owned();
            self.held.push(Held { place: self.place(row, column), what, text });
        }
        let formula = cell.child("f").map(Element::text).filter(|f| !f.is_empty());
        let place = self.place(row, column);
        self.formula(cell, (row, column), &text, &style);
        if text.is_empty() && stored.is_none() {
            return Ok(());
        }
        let hidden_column = self.hidden_columns.contains(&column);
        if self.row_hidden {
            self.hidden_rows.insert(row);
        }
        if style.unseen && !text.is_empty() {
            self.residue.push((place.clone(), "white text, which only a copy of the file shows".to_owned()));
        }
        if text.is_empty() {
            self.residue.push((place.clone(), "a number that its format does not show".to_owned()));
        }
        let spaces = text.chars().take_while(|c| matches!(c, ' ' | '\u{a0}')).count();
        let entry = Entry {
            hidden: self.hidden_sheet || self.row_hidden || hidden_column || style.unseen || text.is_empty(),
            text: tidy(&text),
            lines: lines(&text),
            stored,
            place,
            indent: style.indent + spaces / 2 + self.outline,
            merged: false,
            bold: style.bold,
            formula,
        };
        self.cells.insert((row, column), entry);
        Ok(())
    }

    /// Takes note of a formula: the numbers written into it, and what it comes to, which is settled at the end.
    fn formula(&mut self, cell: &Element, at: (usize, usize), text: &str, style: &Style) {
        let Some(f) = cell.child("f") else { return };
        let (formula, place) = (f.text(), self.place(at.0, at.1));
        let beside = formula::beside(&formula, text);
        if !beside.is_empty() {
            self.residue.push((place.clone(), named("the formula of the cell", &beside)));
        }
        let says = cell.child("v").map(Element::text);
        // a text of no length is a result
        let cached = match cell.get("t") {
            Some("str" | "s" | "b" | "e" | "d") if says.is_some() => return,
            _ => says.and_then(|v| v.trim().parse::<f64>().ok()),
        };
        let row_hidden = self.hidden_sheet || self.row_hidden || self.hidden_columns.contains(&at.1);
        self.pending.push(Pending { at, formula, cached, format: style.format.clone(), hidden: row_hidden, place });
    }

    /// Lists that cells are chosen from, prompts, links, scenarios.
    fn beside(&mut self, e: &Element) {
        match e.name.as_str() {
            "filter" => return self.chosen.extend(e.get("val").map(str::to_owned)),
            // what is less or more than a number is bounds
            "customFilter" if matches!(e.get("operator"), None | Some("equal" | "notEqual")) => {
                return self.chosen.extend(e.get("val").map(str::to_owned));
            }
            "customFilter" => return,
            _ => {}
        }
        let place = match e.get("ref").or_else(|| e.get("r")).and_then(position) {
            Some((row, column)) => self.place(row, column),
            None => Place { part: Some(self.name.to_owned()), ..Place::default() },
        };
        let mut hold = |what: &str, text: &str| {
            self.held.push(Held { place: place.clone(), what: what.to_owned(), text: text.to_owned() });
        };
        for key in ["prompt", "promptTitle", "error", "errorTitle", "tooltip", "display"] {
            e.get(key).into_iter().for_each(|text| hold("a prompt or tooltip of a cell", text));
        }
        if e.get("type") == Some("list") {
            let list = e.child("formula1").map(Element::text).unwrap_or_default();
            // a list that stands in cells is read there
            if list.starts_with('"') {
                hold("a list that cells are chosen from", &list.replace(',', ", "));
            }
        }
        e.get("val").into_iter().for_each(|text| hold("a scenario", text));
        let rule = e.get("text").filter(|_| e.name == "cfRule");
        rule.into_iter().for_each(|text| hold("the rule of a format on conditions", text));
    }

    /// What filters choose and no cell shows.
    fn filters(&mut self) {
        if self.chosen.is_empty() {
            return;
        }
        let shown: HashSet<String> = self.cells.values().map(|e| e.text.to_lowercase()).collect();
        let numbers: HashSet<u64> = self.cells.values().filter_map(number).map(f64::to_bits).collect();
        let place = Place { part: Some(self.name.to_owned()), ..Place::default() };
        for text in std::mem::take(&mut self.chosen) {
            let same = read_back(&text).is_some_and(|n| numbers.contains(&n.to_bits()));
            if !same && !shown.contains(&tidy(&text).to_lowercase()) {
                self.held.push(Held { place: place.clone(), what: "a filter".to_owned(), text });
            }
        }
    }

    /// What a cell shows, and the number it stores where it shows less.
    fn value(&self, cell: &Element, format: Option<&str>) -> Result<(String, Option<f64>), Error> {
        let raw = cell.child("v").map(Element::text).unwrap_or_default();
        match cell.get("t") {
            Some("s") => {
                let index: Option<usize> = raw.trim().parse().ok();
                if let Some(used) = index.and_then(|i| self.book.used.get(i)) {
                    used.set(true);
                }
                let text = index.and_then(|i| self.book.strings.get(i));
                text.map(|t| (t.clone(), None)).ok_or_else(|| self.fault("a cell refers to a text that is not there"))
            }
            Some("inlineStr") => Ok((cell.child("is").map(strings::string).unwrap_or_default(), None)),
            Some("b") => Ok((if is_true(raw.trim()) { "TRUE" } else { "FALSE" }.to_owned(), None)),
            Some("str" | "e" | "d") => Ok((raw, None)),
            _ if raw.trim().is_empty() => Ok((String::new(), None)),
            _ => {
                let value: f64 = raw.trim().parse().map_err(|_| self.fault("a number is none"))?;
                Ok(shown(format, value, self.book.from_1904))
            }
        }
    }

    /// Gives every cell of a merged area the text of its first one.
    fn merge(&mut self, budget: &mut Budget) -> Result<(), Error> {
        for below in blocks::merge(&mut self.cells, &self.merged, self.name, budget)? {
            self.residue.push((below.place.clone(), "a value below a merged cell".to_owned()));
            self.hidden.push(Paragraph { text: below.text, place: below.place, heading: false, hidden: true });
        }
        Ok(())
    }

    /// Tells the hidden rows and columns that hold something.
    fn tell(&mut self) {
        for row in std::mem::take(&mut self.hidden_rows) {
            let place = Place { line: row + 1, column: 0, part: Some(self.name.to_owned()) };
            self.residue.push((place, format!("row {} of sheet \"{}\" is hidden", row + 1, self.name)));
        }
        let mut columns: Vec<usize> = self.cells.keys().map(|k| k.1).collect();
        columns.sort_unstable();
        columns.dedup();
        for column in columns {
            if self.hidden_columns.contains(&column) {
                let place = Place { line: 0, column: column + 1, part: Some(self.name.to_owned()) };
                self.residue.push((place, format!("column {} of sheet \"{}\" is hidden", letters(column), self.name)));
            }
        }
    }

    fn place(&self, row: usize, column: usize) -> Place {
        Place { line: row + 1, column: column + 1, part: Some(self.name.to_owned()) }
    }

    fn fault(&self, what: &str) -> Error {
        let (name, row) = (self.name, self.row + 1);
        refuse(
            format!("sheet \"{name}\" is damaged near row {row}: {what}"),
            "open the file in the program that made it, and save it again",
        )
    }
}

/// The number that a cell holds.
fn number(entry: &Entry) -> Option<f64> {
    entry.stored.or_else(|| read_back(&entry.text))
}

/// A header or footer without its codes (`&C`, `&12`, `&"Font,Bold"`).
fn printed(text: &str) -> String {
    let mut said = String::new();
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match (sign, signs.peek()) {
            ('&', Some('"')) => {
                signs.next();
                signs.by_ref().take_while(|c| *c != '"').for_each(drop);
            }
            ('&', Some('&')) => said.extend(signs.next()),
            ('&', Some(c)) if c.is_ascii_digit() => while signs.next_if(char::is_ascii_digit).is_some() {},
            ('&', _) => {
                signs.next();
                said.push(' ');
            }
            (sign, _) => said.push(sign),
        }
    }
    tidy(&said)
}

/// First and last cell of an area (`B3:D4`).
fn area(name: &str) -> Option<Area> {
    let (first, last) = name.split_once(':')?;
    let (a, b) = (position(first)?, position(last)?);
    Some(((a.0.min(b.0), a.1.min(b.1)), (a.0.max(b.0), a.1.max(b.1))))
}

/// The letters of a column, from 0.
pub(super) fn letters(column: usize) -> String {
    let mut text = String::new();
    let mut rest = column + 1;
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or(0);
        text.insert(0, char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_say_what_their_codes_leave() {
        for (text, said) in
            [("&C&\"Arial,Bold\"&12&A", ""), ("&LFOI 12&RPage &P of &N", "FOI 12 Page of"), ("A && B", "A & B")]
        {
            assert_eq!(printed(text), said);
        }
    }

    #[test]
    fn cells_have_their_names() {
        for (name, at) in
            [("A1", (0, 0)), ("Z2", (1, 25)), ("AA10", (9, 26)), ("$B$3", (2, 1)), ("XFD1048576", (1_048_575, 16_383))]
        {
            assert_eq!(position(name), Some(at));
            assert_eq!(letters(at.1), name.replace('$', "").trim_end_matches(|c: char| c.is_ascii_digit()));
        }
        for name in ["", "A", "1", "A0", "é1", "ZZZZZZZZZZZZZZZZZZZZZZZZZ1", "A99999999999999999999"] {
            assert_eq!(position(name), None, "{name}");
        }
        assert_eq!(area("D4:B3"), Some(((2, 1), (3, 3))));
    }
}
