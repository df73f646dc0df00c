//! OpenDocument spreadsheets and texts: cells in place with their styles. Formulas become the figures that they showed.

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
    for edit in &edits.texts {
        let part = edit.place.part.as_deref()?;
        let table = if sheets {
            tables.iter().copied().find(|&i| tag(i).and_then(|t| value(t, "name")).as_deref() == Some(part))?
        } else {
            *tables.get(part.strip_prefix("table ")?.parse::<usize>().ok()?.checked_sub(1)?)?
        };
        let cell = find(source, &all, table, edit)?;
        let end = close_of(&all, cell.start)?;
        let span = all.get(cell.start)?.at.start..all.get(end)?.at.end;
        changes.push((span.clone(), rewritten(source, &all, &cell, end, edit)?));
        taken.push(span);
        last = Some(table);
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

/// A cell element, and which of the cells that it stands for is meant.
struct Cell {
    start: usize,
    before: usize,
    after: usize,
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
                        return plain.then_some(Cell {
                            start: k,
                            before: target - column,
                            after: column + columns - target - 1,
                        });
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

/// The cell with its new text, and the cells that its element stood for as well.
fn rewritten(source: &str, all: &[Token], cell: &Cell, end: usize, edit: &Edit) -> Option<String> {
    let open = all.get(cell.start)?;
    let tag = source.get(open.at.clone())?;
    let whole = source.get(open.at.start..all.get(end)?.at.end)?;
    let copies = |n: usize| -> String {
        let own = without(tag, |a| a.local() == "number-columns-repeated");
        let rest = whole.get(tag.len()..).unwrap_or_default();
        format!("{own}{rest}").repeat(n)
    };
    let values =
        ["value-type", "value", "date-value", "time-value", "boolean-value", "string-value", "currency", "formula"];
    let bare = without(tag, |a| values.contains(&a.local()) || a.local() == "number-columns-repeated");
    let head = bare.trim_end_matches('>').trim_end_matches('/').trim_end();
    let paragraph = (cell.start..end).find(|&i| all.get(i).is_some_and(|t| opens(t, "p") || opens(t, "h")));
    let style = paragraph
        .and_then(|i| source.get(all.get(i)?.at.clone()))
        .map(|t| t.trim_end_matches('>').trim_end_matches('/').to_owned());
    let style = style.filter(|s| s.starts_with("<text:p")).unwrap_or_else(|| "<text:p".to_owned());
    let number = !edit.to.is_empty() && edit.to.bytes().all(|b| b.is_ascii_digit());
    let kind = if number {
        format!("office:value-type=\"float\" office:value=\"{}\"", edit.to)
    } else {
        "office:value-type=\"string\"".to_owned()
    };
    let new = match edit.to.is_empty() {
        true => format!("{head}/>"),
        false => format!("{head} {kind}>{style}>{}</text:p></table:table-cell>", escaped(&edit.to)),
    };
    Some(format!("{}{new}{}", copies(cell.before), copies(cell.after)))
}
