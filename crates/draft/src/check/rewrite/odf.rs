//! OpenDocument spreadsheets and texts: cells in place with their styles. Formulas become the figures that they showed.

use std::collections::BTreeMap;
use std::ops::Range;

use super::markup::{Attribute, Is, Token, close_of, escaped, replaced, tokens, value, without};
use super::{Edit, Edits};
use crate::package::{Package, entries};

/// The file with these changes.
pub(super) fn changed(bytes: &[u8], edits: &Edits) -> Option<Vec<u8>> {
    let parts = entries(bytes).ok()?;
    let content = parts.iter().find(|p| p.0 == "content.xml").and_then(|p| std::str::from_utf8(&p.1).ok())?;
    let new = content_with(content, edits)?;
    let mut package = Package::new();
    for (name, own) in &parts {
        match name.as_str() {
            "mimetype" => package.add_stored(name, own),
            "content.xml" => package.add(name, new.as_bytes()),
            // a picture of the first page shows the figures as they were
            n if n.starts_with("Thumbnails/") => package.add(name, &[]),
            _ => package.add(name, own),
        }
        .ok()?;
    }
    package.finish().ok()
}

fn opens(token: &Token, name: &str) -> bool {
    token.name == name && matches!(token.is, Is::Open | Is::Empty)
}

fn content_with(source: &str, edits: &Edits) -> Option<String> {
    let all = tokens(source, false)?;
    let sheets = all.iter().any(|t| t.name == "spreadsheet");
    let tables: Vec<usize> = (0..all.len()).filter(|&i| all.get(i).is_some_and(|t| opens(t, "table"))).collect();
    let tag = |i: usize| source.get(all.get(i)?.at.clone());
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    let mut taken: Vec<Range<usize>> = Vec::new();
    let mut last = None;
    let mut cells: BTreeMap<usize, (usize, BTreeMap<usize, &Edit>)> = BTreeMap::new();
    for edit in &edits.texts {
        let part = edit.place.part.as_deref()?;
        let table = if sheets {
            tables.iter().copied().find(|&i| tag(i).and_then(|t| value(t, "name")).as_deref() == Some(part))?
        } else {
            *tables.get(part.strip_prefix("table ")?.parse::<usize>().ok()?.checked_sub(1)?)?
        };
        let cell = find(source, &all, table, edit)?;
        // one element may stand for several cells
        cells.entry(cell.start).or_insert_with(|| (cell.many, BTreeMap::new())).1.insert(cell.number, edit);
        last = Some(table);
    }
    for (start, (many, new)) in &cells {
        let end = close_of(&all, *start)?;
        let span = all.get(*start)?.at.start..all.get(end)?.at.end;
        changes.push((span.clone(), rewritten(source, &all, (*start, end), *many, new)?));
        taken.push(span);
    }
    // formulas would work changed figures out anew
    for token in all.iter().filter(|t| opens(t, "table-cell")) {
        let own = source.get(token.at.clone())?;
        let formula = |a: &Attribute| a.local() == "formula";
        if own.contains("formula=") && !taken.iter().any(|t| t.contains(&token.at.start)) {
            changes.push((token.at.clone(), without(own, formula)));
        }
    }
    if !edits.notes.is_empty() {
        changes.push(notes(source, &all, last?, sheets, &edits.notes)?);
    }
    replaced(source, changes)
}

/// Lines behind a table: rows of a sheet, or paragraphs of a text.
fn notes(source: &str, all: &[Token], table: usize, sheets: bool, notes: &[String]) -> Option<(Range<usize>, String)> {
    let end = close_of(all, table)?;
    let paragraph = |note: &String| format!("<text:p>{}</text:p>", escaped(note));
    if !sheets {
        let at = all.get(end)?.at.end;
        return Some((at..at, notes.iter().map(paragraph).collect()));
    }
    // behind the last row that holds something: blank rows to the end of the sheet may follow
    let mut at = all.get(end)?.at.start;
    let mut i = table;
    while i < end {
        let token = all.get(i)?;
        if opens(token, "table-row") {
            let close = close_of(all, i)?;
            let tag = source.get(token.at.clone())?;
            let many = value(tag, "number-rows-repeated").and_then(|n| n.parse::<usize>().ok()).unwrap_or(1) > 100;
            if many {
                at = token.at.start;
                break;
            }
            i = close;
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

/// A cell element, how many cells it stands for, and which of them is meant.
struct Cell {
    start: usize,
    many: usize,
    number: usize,
}

/// The element of a cell.
fn find(source: &str, all: &[Token], table: usize, edit: &Edit) -> Option<Cell> {
    let end = close_of(all, table)?;
    let repeats = |i: usize, name: &str| -> Option<usize> {
        let tag = source.get(all.get(i)?.at.clone())?;
        Some(value(tag, name).and_then(|n| n.parse().ok()).unwrap_or(1))
    };
    let (line, target) = (edit.place.line.checked_sub(1)?, edit.place.column.checked_sub(1)?);
    let (mut row, mut i) = (0usize, table + 1);
    while i < end {
        if !all.get(i).is_some_and(|t| opens(t, "table-row")) {
            i += 1;
            continue;
        }
        let close = close_of(all, i)?;
        let rows = repeats(i, "number-rows-repeated")?;
        if (row..row.saturating_add(rows)).contains(&line) {
            (rows == 1).then_some(())?;
            let mut column = 0;
            let mut k = i + 1;
            while k < close {
                if all.get(k).is_some_and(|t| opens(t, "table-cell") || opens(t, "covered-table-cell")) {
                    let columns = repeats(k, "number-columns-repeated")?;
                    if (column..column + columns).contains(&target) {
                        let plain = all.get(k).is_some_and(|t| t.name == "table-cell");
                        return plain.then_some(Cell { start: k, many: columns, number: target - column });
                    }
                    column += columns;
                    k = close_of(all, k)?;
                }
                k += 1;
            }
            return None;
        }
        row = row.saturating_add(rows);
        i = close + 1;
    }
    None
}

/// The cells that an element stood for, some of them with new texts.
fn rewritten(
    source: &str,
    all: &[Token],
    (start, end): (usize, usize),
    many: usize,
    new: &BTreeMap<usize, &Edit>,
) -> Option<String> {
    let open = all.get(start)?;
    let tag = source.get(open.at.clone())?;
    let whole = source.get(open.at.start..all.get(end)?.at.end)?;
    let single = without(tag, |a| a.local() == "number-columns-repeated");
    let copy = |n: usize| -> String {
        let rest = whole.get(tag.len()..).unwrap_or_default();
        let bare = single.trim_end_matches('>').trim_end_matches('/').trim_end();
        let close = if single.ends_with("/>") { "/>" } else { ">" };
        match n {
            0 => String::new(),
            1 => format!("{single}{rest}"),
            n => format!("{bare} table:number-columns-repeated=\"{n}\"{close}{rest}"),
        }
    };
    let paragraph = (start..end).find(|&i| all.get(i).is_some_and(|t| opens(t, "p")));
    let style = paragraph.and_then(|i| source.get(all.get(i)?.at.clone())).filter(|s| s.starts_with("<text:p"));
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

/// A cell with another text, in its own style.
fn changed_cell(tag: &str, style: &str, text: &str) -> String {
    const VALUES: &[&str] =
        &["value-type", "value", "date-value", "time-value", "boolean-value", "string-value", "currency", "formula"];
    let bare = without(tag, |a| VALUES.contains(&a.local()));
    let head = bare.trim_end_matches('>').trim_end_matches('/').trim_end();
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
