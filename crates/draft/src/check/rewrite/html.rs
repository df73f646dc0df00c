//! Web pages: the texts of cells in place, rows and columns taken out, and no attribute or script that repeats a figure.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use super::markup::{Attribute, Is, Token, escaped, replaced, tokens, value, with, without};
use super::{Edit, Edits, Trim};

/// Attributes that describe a cell and hold no figure of it.
const KEPT: &[&str] = &[
    "class", "style", "colspan", "rowspan", "id", "scope", "headers", "align", "valign", "width", "height", "lang",
    "dir", "role", "bgcolor",
];

type Changes = Vec<(Range<usize>, String)>;

/// The page with these changes.
pub(super) fn changed(bytes: &[u8], edits: &Edits) -> Option<Vec<u8>> {
    let source = std::str::from_utf8(bytes).ok()?;
    let page = Page { source, all: tokens(source, true)? };
    let tables = tables(&page.all);
    let mut laid: BTreeMap<usize, Laid> = BTreeMap::new();
    let mut changes: Changes = Vec::new();
    let at = |number: usize| tables.get(number.checked_sub(1)?).cloned();
    for edit in &edits.texts {
        let number: usize = edit.place.part.as_deref()?.strip_prefix("table ")?.parse().ok()?;
        let table = page.laid(&mut laid, number, at(number)?);
        let cell = table.cells.get(*table.at.get(&(edit.place.line, edit.place.column))?)?;
        changes.extend(page.texts(cell.tokens.clone(), edit)?);
    }
    for trim in &edits.trims {
        let number = trim.table()?;
        let range = at(number)?;
        let table = page.laid(&mut laid, number, range.clone());
        page.trim(table, range, trim, &mut changes)?;
    }
    page.clean(edits, &mut changes);
    if !edits.notes.is_empty() {
        let end = page.all.iter().rposition(|t| t.is == Is::Close && t.name == "body");
        let at = end.and_then(|i| page.all.get(i)).map_or(source.len(), |t| t.at.start);
        changes.push((at..at, edits.notes.iter().map(|n| format!("<p>{}</p>", escaped(n))).collect()));
    }
    merged(source, changes).map(String::into_bytes)
}

/// A source with its ranges replaced, what lies within a range that is replaced left out.
pub(super) fn merged(source: &str, mut changes: Changes) -> Option<String> {
    changes.sort_by_key(|c| (c.0.start, std::cmp::Reverse(c.0.end)));
    let mut kept: Changes = Vec::new();
    for change in changes {
        let covered = kept.last().is_some_and(|k| change.0.start < k.0.end && change.0.end <= k.0.end);
        if !covered {
            kept.push(change);
        }
    }
    replaced(source, kept)
}

/// The tables that hold no other, as ranges of tokens.
fn tables(all: &[Token]) -> Vec<Range<usize>> {
    let mut open: Vec<(usize, bool)> = Vec::new();
    let mut found: Vec<Range<usize>> = Vec::new();
    for (i, token) in all.iter().enumerate().filter(|(_, t)| t.name == "table") {
        match token.is {
            Is::Open => {
                open.iter_mut().for_each(|o| o.1 = true);
                open.push((i, false));
            }
            Is::Close => {
                if let Some((start, false)) = open.pop() {
                    found.push(start..i);
                }
            }
            _ => {}
        }
    }
    found.sort_by_key(|r| r.start);
    found
}

/// A cell with its first row and column, from 1, what it spans, and its tokens: its own tag first.
struct Cell {
    row: usize,
    column: usize,
    across: usize,
    down: usize,
    tokens: Range<usize>,
}

/// A table as rows and columns.
#[derive(Default)]
struct Laid {
    cells: Vec<Cell>,
    at: HashMap<(usize, usize), usize>,
    /// The tokens of each row, its closing tag among them.
    rows: Vec<Range<usize>>,
}

struct Page<'a> {
    source: &'a str,
    all: Vec<Token>,
}

impl Page<'_> {
    fn tag(&self, i: usize) -> Option<&str> {
        self.source.get(self.all.get(i)?.at.clone())
    }

    /// A table taken apart, once.
    fn laid<'b>(&self, laid: &'b mut BTreeMap<usize, Laid>, number: usize, table: Range<usize>) -> &'b Laid {
        laid.entry(number).or_insert_with(|| self.lay(table))
    }

    fn lay(&self, table: Range<usize>) -> Laid {
        let span = |i: usize, name: &str| -> usize {
            let tag = self.tag(i).unwrap_or_default();
            value(tag, name).and_then(|n| n.trim().parse().ok()).unwrap_or(1).clamp(1, 1000)
        };
        let mut laid = Laid::default();
        // per column, up to which row a cell from above reaches
        let mut reach: Vec<usize> = Vec::new();
        let mut at = 0;
        for i in table.clone() {
            let Some(token) = self.all.get(i).filter(|t| t.is == Is::Open) else { continue };
            if token.name == "tr" {
                laid.rows.push(i..self.row_end(i, table.end));
                at = 0;
            }
            if !matches!(token.name.as_str(), "td" | "th") || laid.rows.is_empty() {
                continue;
            }
            let row = laid.rows.len();
            while reach.get(at).is_some_and(|r| *r >= row) {
                at += 1;
            }
            let (across, down) = (span(i, "colspan"), span(i, "rowspan"));
            if down > 1 {
                reach.resize(reach.len().max(at + across), 0);
                reach.iter_mut().skip(at).take(across).for_each(|r| *r = row + down - 1);
            }
            laid.at.insert((row, at + 1), laid.cells.len());
            laid.cells.push(Cell { row, column: at + 1, across, down, tokens: i..self.cell_end(i, table.end) });
            at += across;
        }
        laid
    }

    fn cell_end(&self, from: usize, table_end: usize) -> usize {
        let ends = |k: &usize| {
            self.all.get(*k).is_some_and(|t| match t.is {
                Is::Open => matches!(t.name.as_str(), "td" | "th" | "tr"),
                Is::Close => matches!(t.name.as_str(), "td" | "th" | "tr" | "tbody" | "thead" | "tfoot" | "table"),
                _ => false,
            })
        };
        (from + 1..=table_end).find(ends).unwrap_or(table_end)
    }

    /// Behind the last token of a row.
    fn row_end(&self, from: usize, table_end: usize) -> usize {
        for k in from + 1..=table_end {
            let Some(token) = self.all.get(k) else { break };
            match (token.is, token.name.as_str()) {
                (Is::Close, "tr") => return k + 1,
                (Is::Open, "tr" | "tbody" | "thead" | "tfoot") | (Is::Close, "tbody" | "thead" | "tfoot" | "table") => {
                    return k;
                }
                _ => {}
            }
        }
        table_end
    }

    /// From the beginning of a token to that of another.
    fn between(&self, tokens: Range<usize>) -> Option<Range<usize>> {
        Some(self.all.get(tokens.start)?.at.start..self.all.get(tokens.end)?.at.start)
    }

    /// Takes rows and columns out of a table.
    fn trim(&self, table: &Laid, range: Range<usize>, trim: &Trim, changes: &mut Changes) -> Option<()> {
        let gone_rows: BTreeSet<usize> = trim.lines().filter(|l| l.1).map(|l| l.0).collect();
        let lines: BTreeSet<usize> = trim.lines().map(|l| l.0).collect();
        let (_, _, gone) = trim.columns()?;
        for row in &gone_rows {
            changes.push((self.between(table.rows.get(row.checked_sub(1)?)?.clone())?, String::new()));
        }
        for cell in &table.cells {
            let rows = cell.row..cell.row + cell.down;
            let rows_gone = rows.clone().filter(|r| gone_rows.contains(r)).count();
            if gone_rows.contains(&cell.row) {
                // a cell that goes on below would have to be written there
                if rows_gone < cell.down.min(table.rows.len() + 1 - cell.row) {
                    return None;
                }
                continue;
            }
            let columns_gone = (cell.column..cell.column + cell.across).filter(|c| gone.contains(c)).count();
            let within = lines.contains(&cell.row);
            let open = self.all.get(cell.tokens.start)?;
            if within && columns_gone == cell.across {
                let end = cell.tokens.end;
                let own =
                    self.all.get(end).is_some_and(|t| t.is == Is::Close && matches!(t.name.as_str(), "td" | "th"));
                let to = self.all.get(end)?;
                changes.push((open.at.start..if own { to.at.end } else { to.at.start }, String::new()));
                continue;
            }
            let mut tag = self.tag(cell.tokens.start)?.to_owned();
            if columns_gone > 0 && columns_gone < cell.across {
                tag = with(&tag, "colspan", &(cell.across - columns_gone).to_string());
            }
            if rows_gone > 0 {
                tag = with(&tag, "rowspan", &(cell.down - rows_gone).to_string());
            }
            if self.tag(cell.tokens.start) != Some(tag.as_str()) {
                changes.push((open.at.clone(), tag));
            }
        }
        self.columns(range, &gone, changes);
        Some(())
    }

    /// Takes the descriptions of columns out.
    fn columns(&self, table: Range<usize>, gone: &BTreeSet<usize>, changes: &mut Changes) {
        let mut column = 1;
        for i in table {
            let Some(token) = self.all.get(i).filter(|t| t.name == "col" && t.is != Is::Close) else { continue };
            let tag = self.tag(i).unwrap_or_default();
            let span: usize = value(tag, "span").and_then(|s| s.parse().ok()).unwrap_or(1).clamp(1, 1000);
            let away = (column..column + span).filter(|c| gone.contains(c)).count();
            if away == span {
                changes.push((token.at.clone(), String::new()));
            } else if away > 0 {
                changes.push((token.at.clone(), with(tag, "span", &(span - away).to_string())));
            }
            column += span;
        }
    }

    /// Scripts that hold figures would write them into the page again, and comments repeat them: both go.
    fn clean(&self, edits: &Edits, changes: &mut Changes) {
        let scripts = ["a script", "a block of data"].iter().any(|w| edits.told(w));
        let comments = edits.told("a comment");
        let mut open = None;
        for (i, token) in self.all.iter().enumerate() {
            let text = self.tag(i).unwrap_or_default();
            match token.is {
                Is::Open if scripts && token.name == "script" => open = Some(token.at.start),
                Is::Close if token.name == "script" => {
                    if let Some(start) = open.take() {
                        changes.push((start..token.at.end, String::new()));
                    }
                }
                Is::Open | Is::Empty if scripts => {
                    let handler = |a: &Attribute| a.name.len() > 2 && a.name.to_ascii_lowercase().starts_with("on");
                    // a cell that changes has lost its attributes already
                    if text.contains(" on") && !matches!(token.name.as_str(), "td" | "th") {
                        let bare = without(text, handler);
                        if bare != text {
                            changes.push((token.at.clone(), bare));
                        }
                    }
                }
                Is::Other if comments && text.starts_with("<!--") && !text.starts_with("<!--[if") => {
                    changes.push((token.at.clone(), String::new()));
                }
                _ => {}
            }
        }
    }

    /// The changes within a cell: its first text says what is to stand there, the others nothing.
    fn texts(&self, cell: Range<usize>, edit: &Edit) -> Option<Changes> {
        let mut changes = Vec::new();
        let mut new = Some(escaped(&edit.to));
        let figure: String = edit.from.chars().filter(char::is_ascii_digit).collect();
        let first = cell.start;
        for i in cell {
            let (token, text) = (self.all.get(i)?, self.tag(i)?);
            match token.is {
                Is::Text if !text.trim().is_empty() => {
                    let lead = text.len() - text.trim_start().len();
                    let trail = text.trim_end().len();
                    let range = token.at.start + lead..token.at.start + trail;
                    changes.push((range, new.take().unwrap_or_default()));
                }
                Is::Open | Is::Empty => {
                    let tells = |a: &Attribute| {
                        let digits: String = a.value.chars().filter(char::is_ascii_digit).collect();
                        !KEPT.contains(&a.name.to_ascii_lowercase().as_str())
                            && !digits.is_empty()
                            && (digits.contains(&figure) || figure.is_empty())
                    };
                    let bare = without(text, tells);
                    if bare != text {
                        changes.push((token.at.clone(), bare));
                    }
                }
                _ => {}
            }
        }
        // a blank cell
        if let Some(new) = new {
            let at = self.all.get(first)?.at.end;
            changes.push((at..at, new));
        }
        Some(changes)
    }
}
