//! Workbooks: cells in place with their formats, and no figure left behind.
//!
//! A formula that would work out something else once cells have changed becomes the figure that it showed; the others stay.
//! What shared texts no cell shows any more is emptied, charts forget what the cells no longer say, comments and the records
//! behind pivot tables go.

mod cells;
mod parts;

pub(super) use parts::forget;

use std::collections::BTreeMap;

use super::charts::{self, Changed};
use super::markup::{Is, attributes, tokens, unescaped, value};
use super::sheets::{AllMoves, Moves, followed, moves};
use super::{Edit, Edits};
use crate::package::{Package, entries};

type Parts = Vec<(String, Vec<u8>)>;

/// The file with these changes.
pub(super) fn changed(bytes: &[u8], edits: &Edits) -> Option<Vec<u8>> {
    let mut parts = entries(bytes).ok()?;
    let sheets = sheets(&parts)?;
    let moves = moves(&edits.trims)?;
    let mut by_sheet: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
    for edit in &edits.texts {
        by_sheet.entry(edit.place.part.as_deref()?).or_default().push(edit);
    }
    let noted = edits.texts.last().and_then(|e| e.place.part.clone());
    let noted = noted.or_else(|| edits.trims.last().and_then(|t| t.part().map(str::to_owned)));
    let still = Moves::default();
    for (name, path) in &sheets {
        let own = by_sheet.remove(name.as_str()).unwrap_or_default();
        let notes: &[String] = if noted.as_deref() == Some(name) { &edits.notes } else { &[] };
        let mut shown: BTreeMap<(usize, usize), &str> = BTreeMap::new();
        shown.extend(own.iter().map(|e| ((e.place.line, e.place.column), e.to.as_str())));
        let sheet = cells::Sheet {
            name,
            edits: shown,
            notes,
            worked: &edits.worked,
            moves: moves.get(&name.to_lowercase()).unwrap_or(&still),
            formulas_stay: moves.is_empty(),
        };
        let new = sheet.written(&text_of(&parts, path)?)?;
        put(&mut parts, path, new)?;
    }
    if !by_sheet.is_empty() {
        return None;
    }
    beside(&mut parts, edits, &moves, &sheets)?;
    parts::forget_texts(&mut parts, &sheets)?;
    parts::forget(&mut parts, &|name| name == "xl/calcChain.xml")?;
    parts::cleaned(&mut parts, &sheets, edits)?;
    let mut package = Package::new();
    parts.iter().try_for_each(|(name, content)| package.add(name, content)).ok()?;
    package.finish().ok()
}

/// What stands beside the cells and refers to them: charts, names, drawings, tables.
fn beside(parts: &mut Parts, edits: &Edits, moves: &AllMoves, sheets: &[(String, String)]) -> Option<()> {
    let key = |e: &Edit| Some((e.place.part.clone()?.to_lowercase(), e.place.line, e.place.column));
    let changed: Changed = edits.texts.iter().filter_map(|e| Some((key(e)?, e.to.clone()))).collect();
    let chart = |n: &&String| n.starts_with("xl/charts/chart") && n.ends_with(".xml") && !n.contains("chartEx");
    let names: Vec<String> = parts.iter().map(|p| &p.0).filter(chart).cloned().collect();
    for name in names {
        let new = charts::mended(&text_of(parts, &name)?, &changed, moves)?;
        put(parts, &name, new)?;
    }
    if moves.is_empty() {
        return Some(());
    }
    let book = text_of(parts, BOOK)?;
    let all = tokens(&book, false)?;
    let mut changes = Vec::new();
    for (i, token) in all.iter().enumerate().filter(|(_, t)| t.is == Is::Open && t.name == "definedName") {
        let Some(text) = all.get(i + 1).filter(|t| t.is == Is::Text) else { continue };
        let _ = token;
        if let Some(new) = followed(&unescaped(book.get(text.at.clone())?), moves) {
            changes.push((text.at.clone(), super::markup::escaped(&new)));
        }
    }
    let new = super::markup::replaced(&book, changes)?;
    put(parts, BOOK, new)?;
    for (name, path) in sheets {
        if let Some(own) = moves.get(&name.to_lowercase()) {
            parts::moved(parts, path, own)?;
        }
    }
    Some(())
}

/// The part that lists the sheets.
const BOOK: &str = "xl/workbook.xml";

fn text_of(parts: &Parts, name: &str) -> Option<String> {
    parts.iter().find(|p| p.0 == name).and_then(|p| String::from_utf8(p.1.clone()).ok())
}

fn put(parts: &mut Parts, name: &str, content: String) -> Option<()> {
    parts.iter_mut().find(|p| p.0 == name)?.1 = content.into_bytes();
    Some(())
}

/// The sheets by name, and the parts that hold them.
fn sheets(parts: &Parts) -> Option<Vec<(String, String)>> {
    let book = text_of(parts, BOOK)?;
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
