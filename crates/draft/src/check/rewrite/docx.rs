//! Word documents: the texts of cells in place, everything else of the package as it was.

use std::ops::Range;

use super::markup::{Is, Token, close_of, escaped, prefix, replaced, tokens, value};
use super::{Edit, Edits};
use crate::package::{Package, entries};

/// The part that holds the body.
const BODY: &str = "word/document.xml";

/// The file with these changes.
pub(super) fn changed(bytes: &[u8], edits: &Edits) -> Option<Vec<u8>> {
    let parts = entries(bytes).ok()?;
    let text = |name: &str| parts.iter().find(|p| p.0 == name).and_then(|p| std::str::from_utf8(&p.1).ok());
    let body = text(BODY)?;
    // tables of headers are counted first
    let header = |p: &&(String, Vec<u8>)| p.0.starts_with("word/header") && p.0.ends_with(".xml");
    let before: usize =
        parts.iter().filter(header).map(|p| String::from_utf8_lossy(&p.1).matches("<w:tbl>").count()).sum();
    let new = body_with(body, edits, before)?;
    let mut package = Package::new();
    for (name, content) in &parts {
        let content = if name == BODY { new.as_bytes() } else { content.as_slice() };
        package.add(name, content).ok()?;
    }
    package.finish().ok()
}

fn body_with(body: &str, edits: &Edits, before: usize) -> Option<String> {
    let all = tokens(body, false)?;
    let tables: Vec<usize> = (0..all.len()).filter(|&i| opens(&all, i, "tbl")).collect();
    let mut changes = Vec::new();
    for edit in &edits.texts {
        let number: usize = edit.place.part.as_deref()?.strip_prefix("table ")?.parse().ok()?;
        let table = *tables.get(number.checked_sub(before + 1)?)?;
        changes.extend(cell(body, &all, table, edit)?);
    }
    if !edits.notes.is_empty() {
        let end = all.iter().rposition(|t| t.is == Is::Close && t.name == "body")?;
        let close = all.get(end)?;
        let own = prefix(body.get(close.at.clone())?);
        // the properties of the last section stay last
        let section =
            (0..end).rev().find(|&i| opens(&all, i, "sectPr")).filter(|&i| close_of(&all, i) == end.checked_sub(1));
        let at = section.and_then(|i| all.get(i)).map_or(close.at.start, |t| t.at.start);
        let line = |note: &String| {
            format!("<{own}p><{own}r><{own}t xml:space=\"preserve\">{}</{own}t></{own}r></{own}p>", escaped(note))
        };
        changes.push((at..at, edits.notes.iter().map(line).collect()));
    }
    replaced(body, changes)
}

fn opens(all: &[Token], i: usize, name: &str) -> bool {
    all.get(i).is_some_and(|t| t.name == name && matches!(t.is, Is::Open | Is::Empty))
}

/// The elements of a name within a range of tokens, those within a table of their own left out.
fn own(all: &[Token], within: Range<usize>, name: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut i = within.start + 1;
    while i < within.end {
        if opens(all, i, "tbl") {
            i = close_of(all, i).unwrap_or(within.end) + 1;
        } else if opens(all, i, name) {
            let end = close_of(all, i).unwrap_or(within.end);
            found.push(i..end);
            i = end + 1;
        } else {
            i += 1;
        }
    }
    found
}

/// The changes that one cell takes: its first text says what is to stand there, the others nothing.
fn cell(body: &str, all: &[Token], table: usize, edit: &Edit) -> Option<Vec<(Range<usize>, String)>> {
    let rows = own(all, table..close_of(all, table)?, "tr");
    let row = rows.get(edit.place.line.checked_sub(1)?)?.clone();
    let number = |within: &Range<usize>, name: &str| -> Option<usize> {
        let at = within.clone().find(|&i| opens(all, i, name))?;
        value(body.get(all.get(at)?.at.clone())?, "val")?.parse().ok()
    };
    let cells = own(all, row.clone(), "tc");
    let first = cells.first()?.start;
    let mut column = number(&(row.start..first), "gridBefore").unwrap_or(0);
    let target = edit.place.column.checked_sub(1)?;
    let mut found = None;
    for cell in cells {
        if column == target {
            found = Some(cell.clone());
            break;
        }
        column += number(&cell, "gridSpan").unwrap_or(1).max(1);
    }
    let cell = found?;
    let mut changes = Vec::new();
    let mut new = Some(escaped(&edit.to));
    for text in own(all, cell, "t") {
        let inner = text.start + 1..text.end;
        let (Some(open), Some(close)) = (all.get(text.start), all.get(text.end)) else { continue };
        if open.is == Is::Empty {
            continue;
        }
        let said = body.get(open.at.end..close.at.start)?;
        if said.trim().is_empty() || inner.is_empty() {
            continue;
        }
        changes.push((open.at.end..close.at.start, new.take().unwrap_or_default()));
    }
    new.is_none().then_some(changes)
}
