//! Web pages: the texts of cells in place, and no attribute that repeats a figure.

use std::collections::BTreeSet;
use std::ops::Range;

use super::markup::{Attribute, Is, Token, escaped, replaced, tokens, value, without};
use super::{Edit, Edits};

/// Attributes that describe a cell and hold no figure of it.
const KEPT: &[&str] = &[
    "class", "style", "colspan", "rowspan", "id", "scope", "headers", "align", "valign", "width", "height", "lang",
    "dir", "role", "bgcolor",
];

/// The page with these changes.
pub(super) fn changed(bytes: &[u8], edits: &Edits) -> Option<Vec<u8>> {
    let source = std::str::from_utf8(bytes).ok()?;
    let all = tokens(source, true)?;
    let tables = tables(&all);
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    for edit in &edits.texts {
        let number: usize = edit.place.part.as_deref()?.strip_prefix("table ")?.parse().ok()?;
        let table = tables.get(number.checked_sub(1)?)?.clone();
        let cell = cell(source, &all, table, edit)?;
        changes.extend(texts(source, &all, cell, edit)?);
    }
    if !edits.notes.is_empty() {
        let end = all.iter().rposition(|t| t.is == Is::Close && t.name == "body");
        let at = end.and_then(|i| all.get(i)).map_or(source.len(), |t| t.at.start);
        changes.push((at..at, edits.notes.iter().map(|n| format!("<p>{}</p>", escaped(n))).collect()));
    }
    replaced(source, changes).map(String::into_bytes)
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

/// The tokens of a cell: its own tag first.
fn cell(source: &str, all: &[Token], table: Range<usize>, edit: &Edit) -> Option<Range<usize>> {
    let (line, column) = (edit.place.line.checked_sub(1)?, edit.place.column.checked_sub(1)?);
    let is_cell = |t: &Token| t.is == Is::Open && matches!(t.name.as_str(), "td" | "th");
    let span = |i: usize, name: &str| -> usize {
        let tag = all.get(i).and_then(|t| source.get(t.at.clone())).unwrap_or_default();
        value(tag, name).and_then(|n| n.trim().parse().ok()).unwrap_or(1).clamp(1, 1000)
    };
    let mut covered: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut row: Option<usize> = None;
    let mut at = 0;
    for i in table.clone() {
        let Some(token) = all.get(i) else { continue };
        if token.is == Is::Open && token.name == "tr" {
            row = Some(row.map_or(0, |r| r + 1));
            at = 0;
        }
        if !is_cell(token) {
            continue;
        }
        let own = row?;
        while covered.contains(&(own, at)) {
            at += 1;
        }
        if (own, at) == (line, column) {
            let ends = |k: &usize| {
                all.get(*k).is_some_and(|t| {
                    is_cell(t)
                        || t.name == "tr"
                        || (t.is == Is::Close
                            && matches!(t.name.as_str(), "td" | "th" | "tbody" | "thead" | "tfoot" | "table"))
                })
            };
            let end = (i + 1..=table.end).find(ends)?;
            return Some(i..end);
        }
        let (across, down) = (span(i, "colspan"), span(i, "rowspan"));
        for r in own + 1..own + down {
            covered.extend((at..at + across).map(|c| (r, c)));
        }
        at += across;
    }
    None
}

/// The changes within a cell: its first text says what is to stand there, the others nothing.
fn texts(source: &str, all: &[Token], cell: Range<usize>, edit: &Edit) -> Option<Vec<(Range<usize>, String)>> {
    let mut changes = Vec::new();
    let mut new = Some(escaped(&edit.to));
    let figure: String = edit.from.chars().filter(char::is_ascii_digit).collect();
    for token in all.get(cell)? {
        let text = source.get(token.at.clone())?;
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
    match new {
        None => Some(changes),
        Some(_) => None,
    }
}
