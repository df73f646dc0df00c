//! Workbooks: cells in place with their formats, and no figure left behind.
//!
//! A formula would work a changed total out anew when the file is opened, so every formula becomes the figure that it
//! showed; what shared texts no cell shows any more is emptied.

use std::collections::BTreeMap;
use std::ops::Range;

use super::markup::{Is, Token, attributes, close_of, escaped, prefix, replaced, tokens, unescaped, value, without};
use super::{Edit, Edits};
use crate::package::{Package, entries};

type Parts = Vec<(String, Vec<u8>)>;

/// The file with these changes.
pub(super) fn changed(bytes: &[u8], edits: &Edits) -> Option<Vec<u8>> {
    let mut parts = entries(bytes).ok()?;
    let sheets = sheets(&parts)?;
    let mut by_sheet: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
    for edit in &edits.texts {
        by_sheet.entry(edit.place.part.as_deref()?).or_default().push(edit);
    }
    let last = edits.texts.last().and_then(|e| e.place.part.clone());
    for (name, path) in &sheets {
        let own = by_sheet.remove(name.as_str()).unwrap_or_default();
        let notes: &[String] = if last.as_deref() == Some(name) { &edits.notes } else { &[] };
        let at = parts.iter().position(|p| p.0 == *path)?;
        let source = String::from_utf8(parts.get(at)?.1.clone()).ok()?;
        let new = sheet(&source, &own, notes)?;
        parts.get_mut(at)?.1 = new.into_bytes();
    }
    if !by_sheet.is_empty() {
        return None;
    }
    forget_texts(&mut parts, &sheets)?;
    forget_chain(&mut parts)?;
    let mut package = Package::new();
    parts.iter().try_for_each(|(name, content)| package.add(name, content)).ok()?;
    package.finish().ok()
}

fn text_of(parts: &Parts, name: &str) -> Option<String> {
    parts.iter().find(|p| p.0 == name).and_then(|p| String::from_utf8(p.1.clone()).ok())
}

/// The sheets by name, and the parts that hold them.
fn sheets(parts: &Parts) -> Option<Vec<(String, String)>> {
    let book = text_of(parts, "xl/workbook.xml")?;
    let relations = text_of(parts, "xl/_rels/workbook.xml.rels")?;
    let mut targets: BTreeMap<String, String> = BTreeMap::new();
    for token in tokens(&relations, false)?.iter().filter(|t| t.name == "Relationship" && t.is != Is::Close) {
        let tag = relations.get(token.at.clone())?;
        let target = value(tag, "Target")?;
        let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
        targets.insert(value(tag, "Id")?, path);
    }
    let mut found = Vec::new();
    for token in tokens(&book, false)?.iter().filter(|t| t.name == "sheet" && t.is != Is::Close) {
        let tag = book.get(token.at.clone())?;
        let id = attributes(tag).into_iter().find(|a| a.local() == "id" && a.name.contains(':'))?;
        let path = targets.get(&unescaped(&id.value))?.clone();
        if path.contains("worksheets/") {
            found.push((value(tag, "name")?, path));
        }
    }
    Some(found)
}

/// A sheet with new cells, without formulas, and with lines added below.
fn sheet(source: &str, edits: &[&Edit], notes: &[String]) -> Option<String> {
    let all = tokens(source, false)?;
    let mut wanted: BTreeMap<String, &Edit> = BTreeMap::new();
    for edit in edits {
        wanted.insert(address(edit.place.line, edit.place.column)?, edit);
    }
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    let mut i = 0;
    while let Some(token) = all.get(i) {
        let opens = matches!(token.is, Is::Open | Is::Empty);
        if opens && token.name == "c" {
            let end = close_of(&all, i)?;
            let tag = source.get(token.at.clone())?;
            let span = token.at.start..all.get(end)?.at.end;
            match value(tag, "r").and_then(|r| wanted.remove(&r)) {
                Some(edit) => changes.push((span, cell(tag, &edit.to))),
                None => changes.extend(formulas(&all, i..end)),
            }
            i = end;
        }
        i += 1;
    }
    if !wanted.is_empty() {
        return None;
    }
    if !notes.is_empty() {
        let end = all.iter().rposition(|t| t.is == Is::Close && t.name == "sheetData")?;
        let rows = all.iter().filter(|t| t.name == "row" && t.is != Is::Close);
        let numbers = rows.filter_map(|t| value(source.get(t.at.clone())?, "r")?.parse::<usize>().ok());
        let last = numbers.max().unwrap_or(0);
        let at = all.get(end)?.at.clone();
        let own = prefix(source.get(at.clone())?);
        let line = |(n, note): (usize, &String)| {
            let row = last + 2 + n;
            let text = format!("<{own}is><{own}t>{}</{own}t></{own}is>", escaped(note));
            format!("<{own}row r=\"{row}\"><{own}c r=\"A{row}\" t=\"inlineStr\">{text}</{own}c></{own}row>")
        };
        changes.push((at.start..at.start, notes.iter().enumerate().map(line).collect()));
    }
    replaced(source, changes)
}

/// A cell that keeps its place and format and says something else.
fn cell(tag: &str, text: &str) -> String {
    let own = prefix(tag);
    let kept = without(tag, |a| matches!(a.name.as_str(), "t" | "cm" | "vm"));
    let open = kept.trim_end_matches('>').trim_end_matches('/').trim_end();
    if text.is_empty() {
        format!("{open}/>")
    } else if !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit()) || text == "0" {
        format!("{open}><{own}v>{text}</{own}v></{own}c>")
    } else {
        format!("{open} t=\"inlineStr\"><{own}is><{own}t>{}</{own}t></{own}is></{own}c>", escaped(text))
    }
}

/// The formulas of a cell, which go.
fn formulas(all: &[Token], cell: Range<usize>) -> Vec<(Range<usize>, String)> {
    let open = |i: &usize| all.get(*i).is_some_and(|t| t.name == "f" && matches!(t.is, Is::Open | Is::Empty));
    let span = |i: usize| {
        let end = close_of(all, i)?;
        Some((all.get(i)?.at.start..all.get(end)?.at.end, String::new()))
    };
    cell.filter(open).filter_map(span).collect()
}

fn address(row: usize, column: usize) -> Option<String> {
    let mut letters = String::new();
    let mut rest = column;
    while rest > 0 {
        letters.insert(0, char::from(b'A' + u8::try_from((rest - 1) % 26).ok()?));
        rest = (rest - 1) / 26;
    }
    (row > 0 && column > 0).then(|| format!("{letters}{row}"))
}

/// Empties shared texts that no cell shows.
fn forget_texts(parts: &mut Parts, sheets: &[(String, String)]) -> Option<()> {
    const STRINGS: &str = "xl/sharedStrings.xml";
    let Some(strings) = text_of(parts, STRINGS) else { return Some(()) };
    let mut used: Vec<bool> = Vec::new();
    for (_, path) in sheets {
        let source = text_of(parts, path)?;
        let all = tokens(&source, false)?;
        for (i, token) in all.iter().enumerate().filter(|(_, t)| t.name == "c" && t.is == Is::Open) {
            if value(source.get(token.at.clone())?, "t").as_deref() != Some("s") {
                continue;
            }
            let end = close_of(&all, i)?;
            let v = (i..end).find(|&k| all.get(k).is_some_and(|t| t.name == "v" && t.is == Is::Open));
            let text = v.and_then(|k| all.get(k + 1)).and_then(|t| source.get(t.at.clone()));
            let number: usize = text?.trim().parse().ok()?;
            used.resize(used.len().max(number + 1), false);
            *used.get_mut(number)? = true;
        }
    }
    let all = tokens(&strings, false)?;
    let items = all.iter().enumerate().filter(|(_, t)| t.name == "si" && t.is == Is::Open).map(|(i, _)| i);
    let mut changes = Vec::new();
    for (number, open) in items.enumerate().filter(|(n, _)| !used.get(*n).copied().unwrap_or(false)) {
        let _ = number;
        let (from, to) = (all.get(open)?.at.clone(), all.get(close_of(&all, open)?)?.at.clone());
        let own = prefix(strings.get(from.clone())?);
        changes.push((from.end..to.start, format!("<{own}t/>")));
    }
    let new = replaced(&strings, changes)?;
    parts.iter_mut().find(|p| p.0 == STRINGS)?.1 = new.into_bytes();
    Some(())
}

/// Takes out the order in which formulas were worked out, and what names it.
fn forget_chain(parts: &mut Parts) -> Option<()> {
    if !parts.iter().any(|p| p.0 == "xl/calcChain.xml") {
        return Some(());
    }
    parts.retain(|p| p.0 != "xl/calcChain.xml");
    for name in ["[Content_Types].xml", "xl/_rels/workbook.xml.rels"] {
        let source = text_of(parts, name)?;
        let naming =
            |t: &&Token| t.is == Is::Empty && source.get(t.at.clone()).is_some_and(|s| s.contains("calcChain"));
        let changes = tokens(&source, false)?.iter().filter(naming).map(|t| (t.at.clone(), String::new())).collect();
        let new = replaced(&source, changes)?;
        parts.iter_mut().find(|p| p.0 == name)?.1 = new.into_bytes();
    }
    Some(())
}
