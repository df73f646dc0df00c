//! OpenDocument spreadsheets and texts: cells in place with their styles, rows and cells taken out. Formulas become the figures
//! that they showed; charts forget what cells no longer say.

mod charts;

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use super::html::merged;
use super::markup::{Attribute, Is, Token, closes, escaped, tokens, value, with, without};
use super::sheets::moves;
use super::{Edit, Edits, Trim, Worked};
use crate::package::{Package, entries};

/// Columns or rows of one element that are written out one by one.
const MOST_SPLIT: usize = 1 << 14;

/// The file with these changes.
pub(super) fn changed(bytes: &[u8], edits: &Edits) -> Option<Vec<u8>> {
    let parts = entries(bytes).ok()?;
    let content = parts.iter().find(|p| p.0 == "content.xml").and_then(|p| std::str::from_utf8(&p.1).ok())?;
    let all = tokens(content, false)?;
    let new = Content { source: content, closes: closes(&all), all }.written(edits)?;
    let moves = moves(&edits.trims)?;
    let mut package = Package::new();
    for (name, own) in &parts {
        match name.as_str() {
            "mimetype" => package.add_stored(name, own),
            "content.xml" => package.add(name, new.as_bytes()),
            // pictures of the first page and of charts show the figures as they were
            n if n.starts_with("Thumbnails/") || n.starts_with("ObjectReplacements/") => package.add(name, &[]),
            n if n.starts_with("Object ") && n.ends_with("/content.xml") => {
                let source = std::str::from_utf8(own).ok()?;
                package.add(name, charts::mended(source, edits, &moves)?.as_bytes())
            }
            _ => package.add(name, own),
        }
        .ok()?;
    }
    package.finish().ok()
}

/// A cell element: its first row and column, from 1, how many rows and columns it stands for, and its tokens.
struct Cell {
    row: usize,
    column: usize,
    rows: usize,
    columns: usize,
    open: usize,
}

/// A table taken apart.
#[derive(Default)]
struct Laid {
    cells: Vec<Cell>,
    /// Cells by row and column, where one element stands for few of them.
    at: HashMap<(usize, usize), usize>,
    /// Rows by their number: the token, and how many rows the element stands for.
    rows: BTreeMap<usize, (usize, usize)>,
}

struct Content<'a> {
    source: &'a str,
    all: Vec<Token>,
    closes: Vec<Option<usize>>,
}

type Changes = Vec<(Range<usize>, String)>;

impl Content<'_> {
    fn opens(&self, i: usize, name: &str) -> bool {
        self.all.get(i).is_some_and(|t| t.name == name && matches!(t.is, Is::Open | Is::Empty))
    }

    fn close(&self, i: usize) -> Option<usize> {
        *self.closes.get(i)?
    }

    fn tag(&self, i: usize) -> Option<&str> {
        self.source.get(self.all.get(i)?.at.clone())
    }

    fn span(&self, i: usize) -> Option<Range<usize>> {
        Some(self.all.get(i)?.at.start..self.all.get(self.close(i)?)?.at.end)
    }

    fn number(&self, i: usize, name: &str) -> usize {
        let said = self.tag(i).and_then(|t| value(t, name)).and_then(|n| n.parse().ok());
        said.unwrap_or(1).max(1)
    }

    fn written(&self, edits: &Edits) -> Option<String> {
        let sheets = self.all.iter().any(|t| t.name == "spreadsheet");
        let tables: Vec<usize> = (0..self.all.len()).filter(|&i| self.opens(i, "table")).collect();
        let names: HashMap<String, usize> = match sheets {
            true => tables.iter().rev().filter_map(|&i| Some((value(self.tag(i)?, "name")?, i))).collect(),
            false => tables.iter().enumerate().map(|(n, &i)| (format!("table {}", n + 1), i)).collect(),
        };
        let mut laid: HashMap<usize, Laid> = HashMap::new();
        let mut new: BTreeMap<usize, BTreeMap<usize, &Edit>> = BTreeMap::new();
        let mut columns: HashMap<usize, (usize, usize)> = HashMap::new();
        let mut last = None;
        for edit in &edits.texts {
            let table = *names.get(edit.place.part.as_deref()?)?;
            let own = self.taken(&mut laid, table)?;
            let cell = own.cells.get(*own.at.get(&(edit.place.line, edit.place.column))?)?;
            // a row that stands for several would change them all
            (cell.rows == 1 && (self.opens(cell.open, "table-cell") || !edit.from.is_empty())).then_some(())?;
            new.entry(cell.open).or_default().insert(edit.place.column - cell.column, edit);
            columns.insert(cell.open, (cell.columns, cell.column));
            last = Some(table);
        }
        let mut changes: Changes = Vec::new();
        for (open, own) in &new {
            let many = columns.get(open)?.0;
            changes.push((self.span(*open)?, self.rewritten(*open, many, own)?));
        }
        for trim in &edits.trims {
            let table = *names.get(trim.part()?)?;
            let own = self.taken(&mut laid, table)?;
            self.trim(table, own, trim, sheets, &new, &mut changes)?;
            last = Some(table);
        }
        self.formulas(edits, &tables, &mut laid, &new, &mut changes)?;
        if !edits.notes.is_empty() {
            changes.push(self.notes(last?, sheets, &edits.notes)?);
        }
        merged(self.source, changes)
    }

    fn taken<'b>(&self, laid: &'b mut HashMap<usize, Laid>, table: usize) -> Option<&'b Laid> {
        match laid.entry(table) {
            Entry::Occupied(known) => Some(known.into_mut()),
            Entry::Vacant(new) => Some(new.insert(self.lay(table)?)),
        }
    }

    fn lay(&self, table: usize) -> Option<Laid> {
        let end = self.close(table)?;
        let mut laid = Laid::default();
        let (mut row, mut i) = (1usize, table + 1);
        while i < end {
            if self.opens(i, "table") {
                i = self.close(i)? + 1;
                continue;
            }
            if !self.opens(i, "table-row") {
                i += 1;
                continue;
            }
            let close = self.close(i)?;
            let rows = self.number(i, "number-rows-repeated");
            laid.rows.insert(row, (i, rows));
            let (mut column, mut k) = (1usize, i + 1);
            while k < close {
                if self.opens(k, "table-cell") || self.opens(k, "covered-table-cell") {
                    let columns = self.number(k, "number-columns-repeated");
                    if rows == 1 && columns <= MOST_SPLIT {
                        laid.at.extend((column..column + columns).map(|c| ((row, c), laid.cells.len())));
                    }
                    laid.cells.push(Cell { row, column, rows, columns, open: k });
                    column = column.saturating_add(columns);
                    k = self.close(k)?;
                }
                k += 1;
            }
            row = row.saturating_add(rows);
            i = close + 1;
        }
        Some(laid)
    }

    /// Formulas would work changed figures out anew: they become what they showed.
    fn formulas(
        &self,
        edits: &Edits,
        tables: &[usize],
        laid: &mut HashMap<usize, Laid>,
        new: &BTreeMap<usize, BTreeMap<usize, &Edit>>,
        changes: &mut Changes,
    ) -> Option<()> {
        let formula = |a: &Attribute| a.local() == "formula";
        let has = |i: usize| self.tag(i).is_some_and(|t| t.contains("formula="));
        let mut blank: HashMap<usize, &Worked> = HashMap::new();
        // one whose result the file does not hold
        let stored = |i: usize| self.tag(i).is_some_and(|t| value(t, "value-type").is_some());
        if (0..self.all.len()).any(|i| self.opens(i, "table-cell") && has(i) && !stored(i)) {
            for &table in tables {
                let name = self.tag(table).and_then(|t| value(t, "name")).unwrap_or_default();
                let own = self.taken(laid, table)?;
                let cells = own.cells.iter().filter(|c| has(c.open) && !stored(c.open));
                blank.extend(cells.filter_map(|c| Some((c.open, edits.worked.get(&(name.clone(), c.row, c.column))?))));
            }
        }
        for i in (0..self.all.len()).filter(|&i| self.opens(i, "table-cell") && has(i) && !new.contains_key(&i)) {
            let bare = without(self.tag(i)?, formula);
            match blank.get(&i) {
                Some(Worked::Number(n)) => {
                    let head = bare.trim_end_matches('>').trim_end_matches('/').trim_end();
                    let text = format!(
                        "{head} office:value-type=\"float\" office:value=\"{n}\"><text:p>{n}</text:p></table:table-cell>"
                    );
                    changes.push((self.span(i)?, text));
                }
                Some(Worked::Text(_)) => {}
                // one that nobody can work out stays, and is told
                None if !stored(i) => {}
                None => changes.push((self.all.get(i)?.at.clone(), bare)),
            }
        }
        Some(())
    }

    /// Takes rows and cells out of a table. What stands right of it on a sheet stays where it is.
    fn trim(
        &self,
        table: usize,
        laid: &Laid,
        trim: &Trim,
        sheets: bool,
        new: &BTreeMap<usize, BTreeMap<usize, &Edit>>,
        changes: &mut Changes,
    ) -> Option<()> {
        let (first, last, gone) = trim.columns()?;
        let lines: BTreeMap<usize, bool> = trim.lines().collect();
        let gone_rows: BTreeSet<usize> = lines.iter().filter(|l| *l.1).map(|l| *l.0).collect();
        for row in &gone_rows {
            let &(open, many) = laid.rows.get(row)?;
            (many == 1).then_some(())?;
            changes.push((self.span(open)?, String::new()));
        }
        for cell in &laid.cells {
            let filled = self.close(cell.open)? > cell.open + 1;
            if gone_rows.contains(&cell.row) {
                // what stands beside a table keeps its row
                let beside = sheets && !(first..=last).contains(&cell.column) && filled;
                let down = self.number(cell.open, "number-rows-spanned");
                let below = (cell.row..cell.row + down).any(|r| !gone_rows.contains(&r));
                if beside || below {
                    return None;
                }
                continue;
            }
            let mut tag = self.tag(cell.open)?.to_owned();
            let (across, down) =
                (self.number(cell.open, "number-columns-spanned"), self.number(cell.open, "number-rows-spanned"));
            let rows_gone = gone_rows.range(cell.row..cell.row.saturating_add(down)).count();
            if down > 1 && rows_gone > 0 {
                tag = with_prefix(&tag, "table:number-rows-spanned", down - rows_gone);
            }
            let within = lines.contains_key(&cell.row) && !gone.is_empty();
            let columns = cell.column..cell.column.saturating_add(cell.columns);
            let away = if within { gone.range(columns).count() } else { 0 };
            let spanned = if within || !sheets {
                gone.range(cell.column + 1..cell.column.saturating_add(across)).count()
            } else {
                0
            };
            if away > 0 && new.contains_key(&cell.open) && away < cell.columns {
                return None;
            }
            if away == cell.columns {
                // a merged header whose first column goes: the next one takes over what it spans
                if across > 1 + spanned {
                    return None;
                }
                changes.push((self.span(cell.open)?, String::new()));
                continue;
            }
            if away > 0 {
                tag = with_prefix(&tag, "table:number-columns-repeated", cell.columns - away);
            }
            if spanned > 0 {
                tag = with_prefix(&tag, "table:number-columns-spanned", across - spanned);
            }
            if tag != self.tag(cell.open)? && !new.contains_key(&cell.open) {
                changes.push((self.all.get(cell.open)?.at.clone(), tag));
            } else if tag != self.tag(cell.open)? {
                return None;
            }
        }
        if gone.is_empty() {
            return Some(());
        }
        match sheets {
            true => self.fill_up(laid, &lines, last, gone.len(), changes),
            false => self.columns(table, &gone, changes),
        }
    }

    /// Blank cells at the right end of a table that has become narrower.
    fn fill_up(
        &self,
        laid: &Laid,
        lines: &BTreeMap<usize, bool>,
        last: usize,
        gone: usize,
        changes: &mut Changes,
    ) -> Option<()> {
        let mut ends: BTreeMap<usize, usize> = BTreeMap::new();
        for cell in laid.cells.iter().filter(|c| lines.get(&c.row) == Some(&false) && c.column <= last) {
            ends.insert(cell.row, cell.open);
        }
        for open in ends.values() {
            let at = self.span(*open)?.end;
            changes.push((at..at, "<table:table-cell/>".repeat(gone)));
        }
        Some(())
    }

    /// Takes the descriptions of columns out of a table of a text.
    fn columns(&self, table: usize, gone: &BTreeSet<usize>, changes: &mut Changes) -> Option<()> {
        let mut column = 1usize;
        for i in table..self.close(table)? {
            if !self.opens(i, "table-column") {
                continue;
            }
            let many = self.number(i, "number-columns-repeated");
            let away = gone.range(column..column.saturating_add(many)).count();
            if away == many {
                changes.push((self.span(i)?, String::new()));
            } else if away > 0 {
                changes.push((
                    self.all.get(i)?.at.clone(),
                    with_prefix(self.tag(i)?, "table:number-columns-repeated", many - away),
                ));
            }
            column = column.saturating_add(many);
        }
        Some(())
    }

    /// Lines behind a table: rows of a sheet, or paragraphs of a text.
    fn notes(&self, table: usize, sheets: bool, notes: &[String]) -> Option<(Range<usize>, String)> {
        let end = self.close(table)?;
        let paragraph = |note: &String| format!("<text:p>{}</text:p>", escaped(note));
        if !sheets {
            let at = self.all.get(end)?.at.end;
            return Some((at..at, notes.iter().map(paragraph).collect()));
        }
        // behind the last row that holds something: blank rows to the end of the sheet may follow
        let mut at = self.all.get(end)?.at.start;
        let mut i = table;
        while i < end {
            if self.opens(i, "table-row") {
                if self.number(i, "number-rows-repeated") > 100 {
                    at = self.all.get(i)?.at.start;
                    break;
                }
                i = self.close(i)?;
            }
            i += 1;
        }
        let row = |note: &String| {
            let cell = format!("<table:table-cell office:value-type=\"string\">{}</table:table-cell>", paragraph(note));
            format!("<table:table-row>{cell}</table:table-row>")
        };
        let blank = "<table:table-row><table:table-cell/></table:table-row>";
        Some((at..at, format!("{blank}{}", notes.iter().map(row).collect::<String>())))
    }

    /// The cells that an element stood for, some of them with new texts.
    fn rewritten(&self, start: usize, many: usize, new: &BTreeMap<usize, &Edit>) -> Option<String> {
        let end = self.close(start)?;
        let tag = self.tag(start)?;
        let whole = self.source.get(self.span(start)?)?;
        let single = without(tag, |a| a.local() == "number-columns-repeated");
        let copy = |n: usize| -> String {
            let rest = whole.get(tag.len()..).unwrap_or_default();
            match n {
                0 => String::new(),
                1 => format!("{single}{rest}"),
                n => format!("{}{rest}", with_prefix(&single, "table:number-columns-repeated", n)),
            }
        };
        let paragraph = (start..end).find(|&i| self.opens(i, "p"));
        let style = paragraph.and_then(|i| self.tag(i)).filter(|s| s.starts_with("<text:p"));
        let style = style.map_or("<text:p", |t| t.trim_end_matches('>').trim_end_matches('/').trim_end());
        let mut out = String::new();
        let mut at = 0;
        for (&number, edit) in new {
            out.push_str(&copy(number.checked_sub(at)?));
            out.push_str(&changed_cell(&single, style, &edit.to));
            at = number + 1;
        }
        out.push_str(&copy(many.checked_sub(at)?));
        Some(out)
    }
}

/// A tag with a number under this full name.
fn with_prefix(tag: &str, name: &str, number: usize) -> String {
    let local = name.rsplit(':').next().unwrap_or(name);
    if value(tag, local).is_some() {
        with(tag, local, &number.to_string())
    } else {
        with(tag, name, &number.to_string())
    }
}

/// A cell with another text, in its own style.
fn changed_cell(tag: &str, style: &str, text: &str) -> String {
    const VALUES: &[&str] =
        &["value-type", "value", "date-value", "time-value", "boolean-value", "string-value", "currency", "formula"];
    let bare = without(tag, |a| VALUES.contains(&a.local()));
    let head = bare.trim_end_matches('>').trim_end_matches('/').trim_end().replace("covered-table-cell", "table-cell");
    let number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let kind = match number {
        true => format!("office:value-type=\"float\" office:value=\"{text}\""),
        false => "office:value-type=\"string\"".to_owned(),
    };
    match text.is_empty() {
        true => format!("{head}/>"),
        false => format!("{head} {kind}>{style}>{}</text:p></table:table-cell>", escaped(text)),
    }
}
