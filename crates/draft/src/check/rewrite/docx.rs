//! Word documents: the texts of cells in place, rows and columns taken out, tracked changes accepted; everything else of the
//! package as it was.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;

use super::html::merged;
use super::markup::{Is, Token, closes, escaped, prefix, tokens, value, with};
use super::xlsx::forget;
use super::{Edit, Edits, Trim};
use crate::package::{Package, entries};

/// The part that holds the body.
const BODY: &str = "word/document.xml";

/// Elements that tracked changes leave of what was there before.
const BEFORE: &[&str] = &[
    "del",
    "moveFrom",
    "rPrChange",
    "pPrChange",
    "tblPrChange",
    "trPrChange",
    "tcPrChange",
    "sectPrChange",
    "tblGridChange",
    "numberingChange",
    "cellDel",
    "cellMerge",
    "moveFromRangeStart",
    "moveFromRangeEnd",
    "moveToRangeStart",
    "moveToRangeEnd",
];
/// Elements that stand around what was put in.
const AROUND: &[&str] = &["ins", "moveTo", "cellIns"];

type Changes = Vec<(Range<usize>, String)>;

/// The file with these changes.
pub(super) fn changed(bytes: &[u8], edits: &Edits) -> Option<Vec<u8>> {
    let mut parts = entries(bytes).ok()?;
    let text = |name: &str| parts.iter().find(|p| p.0 == name).and_then(|p| std::str::from_utf8(&p.1).ok());
    // tables of headers are counted first
    let header = |p: &&(String, Vec<u8>)| p.0.starts_with("word/header") && p.0.ends_with(".xml");
    let before: usize =
        parts.iter().filter(header).map(|p| String::from_utf8_lossy(&p.1).matches("<w:tbl>").count()).sum();
    let source = text(BODY)?;
    let all = tokens(source, false)?;
    let new = Body { source, closes: closes(&all), all }.written(edits, before)?;
    parts.iter_mut().find(|p| p.0 == BODY)?.1 = new.into_bytes();
    if edits.told("a comment") {
        let comments = |n: &str| n.starts_with("word/comments") || n.starts_with("word/people");
        forget(&mut parts, &comments)?;
    }
    let mut package = Package::new();
    parts.iter().try_for_each(|(name, content)| package.add(name, content)).ok()?;
    package.finish().ok()
}

/// A cell with its column, from 1, how many it spans, and its tokens.
struct Cell {
    column: usize,
    across: usize,
    tokens: Range<usize>,
}

/// A table: the tokens of its rows, and their cells.
type Rows = Vec<(Range<usize>, Vec<Cell>)>;

struct Body<'a> {
    source: &'a str,
    all: Vec<Token>,
    closes: Vec<Option<usize>>,
}

impl Body<'_> {
    fn opens(&self, i: usize, name: &str) -> bool {
        self.all.get(i).is_some_and(|t| t.name == name && matches!(t.is, Is::Open | Is::Empty))
    }

    fn close(&self, i: usize) -> Option<usize> {
        *self.closes.get(i)?
    }

    fn tag(&self, i: usize) -> Option<&str> {
        self.source.get(self.all.get(i)?.at.clone())
    }

    /// From the beginning of an element to its end.
    fn span(&self, i: usize) -> Option<Range<usize>> {
        Some(self.all.get(i)?.at.start..self.all.get(self.close(i)?)?.at.end)
    }

    fn written(&self, edits: &Edits, before: usize) -> Option<String> {
        let tables: Vec<usize> = (0..self.all.len()).filter(|&i| self.opens(i, "tbl")).collect();
        let mut laid: BTreeMap<usize, Rows> = BTreeMap::new();
        let mut changes = Vec::new();
        let start = |number: usize| tables.get(number.checked_sub(before + 1)?).copied();
        for edit in &edits.texts {
            let number: usize = edit.place.part.as_deref()?.strip_prefix("table ")?.parse().ok()?;
            let table = start(number)?;
            let rows = laid.entry(table).or_insert_with(|| self.rows(table).unwrap_or_default());
            let row = rows.get(edit.place.line.checked_sub(1)?)?;
            let cell = row.1.iter().find(|c| c.column == edit.place.column)?;
            changes.extend(self.texts(cell.tokens.clone(), edit)?);
        }
        for trim in &edits.trims {
            let table = start(trim.table()?)?;
            let rows = laid.entry(table).or_insert_with(|| self.rows(table).unwrap_or_default());
            self.trim(table, rows, trim, &mut changes)?;
        }
        self.clean(edits, &mut changes)?;
        self.notes(edits, &mut changes)?;
        merged(self.source, changes)
    }

    fn notes(&self, edits: &Edits, changes: &mut Changes) -> Option<()> {
        if edits.notes.is_empty() {
            return Some(());
        }
        let end = self.all.iter().rposition(|t| t.is == Is::Close && t.name == "body")?;
        let close = self.all.get(end)?;
        let own = prefix(self.source.get(close.at.clone())?);
        // the properties of the last section stay last
        let section = (0..end).rev().find(|&i| self.opens(i, "sectPr"));
        let section = section.filter(|&i| self.close(i).map(|c| c + 1) == Some(end));
        let at = section.and_then(|i| self.all.get(i)).map_or(close.at.start, |t| t.at.start);
        let line = |note: &String| {
            format!("<{own}p><{own}r><{own}t xml:space=\"preserve\">{}</{own}t></{own}r></{own}p>", escaped(note))
        };
        changes.push((at..at, edits.notes.iter().map(line).collect()));
        Some(())
    }

    /// The elements of a name within a range of tokens, those within a table of their own left out.
    fn own(&self, within: Range<usize>, name: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut i = within.start + 1;
        while i < within.end {
            if self.opens(i, "tbl") {
                i = self.close(i).unwrap_or(within.end) + 1;
            } else if self.opens(i, name) {
                let end = self.close(i).unwrap_or(within.end);
                found.push(i..end);
                i = end + 1;
            } else {
                i += 1;
            }
        }
        found
    }

    /// A number that an element within says.
    fn number(&self, within: Range<usize>, name: &str) -> Option<usize> {
        let at = within.clone().find(|&i| self.opens(i, name))?;
        value(self.tag(at)?, "val")?.parse().ok()
    }

    fn rows(&self, table: usize) -> Option<Rows> {
        let row = |row: Range<usize>| {
            let cells = self.own(row.clone(), "tc");
            let first = cells.first().map_or(row.end, |c| c.start);
            let mut column = 1 + self.number(row.start..first, "gridBefore").unwrap_or(0);
            let cell = |tokens: Range<usize>| {
                // properties stand before what a cell holds
                let end = self.own(tokens.clone(), "tcPr").first().map_or(tokens.start, |p| p.end);
                let across = self.number(tokens.start..end, "gridSpan").unwrap_or(1).max(1);
                column += across;
                Cell { column: column - across, across, tokens }
            };
            let cells = cells.into_iter().map(cell).collect();
            (row, cells)
        };
        Some(self.own(table..self.close(table)?, "tr").into_iter().map(row).collect())
    }

    /// How a cell goes on below: `restart`, `continue`, or not at all.
    fn down(&self, cell: &Cell) -> Option<String> {
        let end = self.own(cell.tokens.clone(), "tcPr").first().map_or(cell.tokens.start, |p| p.end);
        let at = (cell.tokens.start..end).find(|&i| self.opens(i, "vMerge"))?;
        Some(value(self.tag(at)?, "val").unwrap_or_else(|| "continue".to_owned()))
    }

    /// Takes rows and columns out of a table.
    fn trim(&self, table: usize, rows: &Rows, trim: &Trim, changes: &mut Changes) -> Option<()> {
        let gone_rows: BTreeSet<usize> = trim.lines().filter(|l| l.1).map(|l| l.0).collect();
        let lines: BTreeSet<usize> = trim.lines().map(|l| l.0).collect();
        let (_, _, gone) = trim.columns()?;
        for (number, (row, cells)) in rows.iter().enumerate().map(|(n, r)| (n + 1, r)) {
            if gone_rows.contains(&number) {
                let begins = cells.iter().filter(|c| self.down(c).as_deref() == Some("restart"));
                let next = rows.get(number).filter(|_| !gone_rows.contains(&(number + 1)));
                let goes_on = |c: &Cell| {
                    next.is_some_and(|n| {
                        n.1.iter().any(|d| d.column == c.column && self.down(d).as_deref() == Some("continue"))
                    })
                };
                // what such a cell says would have to be written below
                if begins.into_iter().any(goes_on) {
                    return None;
                }
                changes.push((self.span(row.start)?, String::new()));
                continue;
            }
            for cell in cells {
                let away = (cell.column..cell.column + cell.across).filter(|c| gone.contains(c)).count();
                if away == cell.across && lines.contains(&number) {
                    changes.push((self.span(cell.tokens.start)?, String::new()));
                } else if away > 0 && away < cell.across {
                    let at = cell.tokens.clone().find(|&i| self.opens(i, "gridSpan"))?;
                    let new = with(self.tag(at)?, "val", &(cell.across - away).to_string());
                    changes.push((self.all.get(at)?.at.clone(), new));
                }
            }
        }
        // a column that no row has any more
        if rows.len() == lines.len() || rows.len() == lines.len() + 1 {
            let grid = self.own(table..self.close(table)?, "gridCol");
            for (_, column) in grid.iter().enumerate().filter(|(n, _)| gone.contains(&(n + 1))) {
                changes.push((self.span(column.start)?, String::new()));
            }
        }
        Some(())
    }

    /// The changes that one cell takes: its first text says what is to stand there, the others nothing.
    fn texts(&self, cell: Range<usize>, edit: &Edit) -> Option<Changes> {
        let mut changes = Vec::new();
        let mut new = Some(escaped(&edit.to));
        for text in self.own(cell.clone(), "t") {
            let (Some(open), Some(close)) = (self.all.get(text.start), self.all.get(text.end)) else { continue };
            if open.is == Is::Empty {
                continue;
            }
            let said = self.source.get(open.at.end..close.at.start)?;
            if said.trim().is_empty() {
                continue;
            }
            changes.push((open.at.end..close.at.start, new.take().unwrap_or_default()));
        }
        // a blank cell
        if let Some(new) = new.filter(|n| !n.is_empty()) {
            let paragraph = self.own(cell, "p").first()?.clone();
            let (open, close) = (self.all.get(paragraph.start)?, self.all.get(paragraph.end)?);
            let own = prefix(self.tag(paragraph.start)?);
            let run = format!("<{own}r><{own}t>{new}</{own}t></{own}r>");
            changes.push(match open.is {
                Is::Empty => (open.at.clone(), format!("<{own}p>{run}</{own}p>")),
                _ => (close.at.start..close.at.start, run),
            });
        }
        Some(changes)
    }

    /// Accepts tracked changes and takes the marks of comments out, where the file is said to hold them.
    fn clean(&self, edits: &Edits, changes: &mut Changes) -> Option<()> {
        if edits.told("a comment") {
            for i in 0..self.all.len() {
                if ["commentRangeStart", "commentRangeEnd", "commentReference"].iter().any(|n| self.opens(i, n)) {
                    changes.push((self.span(i)?, String::new()));
                }
            }
        }
        if !edits.told("a tracked") {
            return Some(());
        }
        let mut rows: HashMap<usize, usize> = HashMap::new();
        for (i, _) in self.all.iter().enumerate().filter(|(_, t)| t.name == "tr" && t.is == Is::Open) {
            for properties in self.own(i..self.close(i)?, "trPr") {
                rows.extend((properties.start..properties.end).map(|k| (k, i)));
            }
        }
        let mut gone: HashSet<usize> = HashSet::new();
        for i in 0..self.all.len() {
            let Some(token) = self.all.get(i) else { continue };
            let name = token.name.as_str();
            if !matches!(token.is, Is::Open | Is::Empty) || !(BEFORE.contains(&name) || AROUND.contains(&name)) {
                continue;
            }
            match rows.get(&i) {
                // a row that was deleted goes whole
                Some(row) if name == "del" && gone.insert(*row) => changes.push((self.span(*row)?, String::new())),
                _ if BEFORE.contains(&name) || token.is == Is::Empty => changes.push((self.span(i)?, String::new())),
                _ => {
                    let close = self.all.get(self.close(i)?)?;
                    changes.extend([(token.at.clone(), String::new()), (close.at.clone(), String::new())]);
                }
            }
        }
        Some(())
    }
}
