//! The parts of a workbook beside its sheets: what refers to moved cells, what repeats figures, what goes.

use std::collections::HashSet;

use super::super::Edits;
use super::super::markup::{Is, Token, closes, prefix, replaced, tokens, value, with};
use super::super::sheets::{Moves, area};
use super::cells::moved_ref;
use super::{Parts, put, text_of};

const TYPES: &str = "[Content_Types].xml";

/// Takes parts out of a package, and what names them.
pub(in super::super) fn forget(parts: &mut Parts, goes: &dyn Fn(&str) -> bool) -> Option<()> {
    let gone: HashSet<String> = parts.iter().map(|p| p.0.clone()).filter(|n| goes(n)).collect();
    if gone.is_empty() {
        return Some(());
    }
    let own = |n: &str| relations_of_part(n).is_some_and(|p| gone.contains(&p));
    parts.retain(|p| !gone.contains(&p.0) && !own(&p.0));
    let naming: Vec<String> =
        parts.iter().map(|p| p.0.clone()).filter(|n| n == TYPES || n.ends_with(".rels")).collect();
    for name in naming {
        let source = text_of(parts, &name)?;
        let names = |t: &&Token| {
            let Some(tag) = source.get(t.at.clone()).filter(|_| t.is == Is::Empty) else { return false };
            let target = match name == TYPES {
                true => value(tag, "PartName").map(|p| p.trim_start_matches('/').to_owned()),
                false => value(tag, "Target").map(|target| resolved(&name, &target)),
            };
            target.is_some_and(|t| gone.contains(&t))
        };
        let changes = tokens(&source, false)?.iter().filter(names).map(|t| (t.at.clone(), String::new())).collect();
        let new = replaced(&source, changes)?;
        put(parts, &name, new)?;
    }
    Some(())
}

/// The part whose relations a part holds.
fn relations_of_part(name: &str) -> Option<String> {
    let (folder, file) = name.rsplit_once('/')?;
    let folder = folder.strip_suffix("_rels")?;
    Some(format!("{folder}{}", file.strip_suffix(".rels")?))
}

/// The part that a target of relations names.
fn resolved(relations: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let of = relations_of_part(relations).unwrap_or_default();
    let mut folders: Vec<&str> = of.split('/').collect();
    folders.pop();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(folders.pop()),
            name => folders.push(name),
        }
    }
    folders.join("/")
}

/// The parts that a sheet refers to, with the kind of their relation.
fn related(parts: &Parts, path: &str) -> Option<Vec<(String, String)>> {
    let (folder, file) = path.rsplit_once('/')?;
    let name = format!("{folder}/_rels/{file}.rels");
    let Some(source) = text_of(parts, &name) else { return Some(Vec::new()) };
    let all = tokens(&source, false)?;
    let relation = |t: &Token| {
        let tag = source.get(t.at.clone())?;
        let kind = value(tag, "Type")?.rsplit('/').next()?.to_owned();
        Some((kind, resolved(&name, &value(tag, "Target")?)))
    };
    Some(all.iter().filter(|t| t.name == "Relationship" && t.is == Is::Empty).filter_map(relation).collect())
}

/// What belongs to a sheet follows its cells: drawings and tables. A table that loses a column becomes plain cells.
pub(super) fn moved(parts: &mut Parts, path: &str, moves: &Moves) -> Option<()> {
    for (kind, target) in related(parts, path)? {
        match kind.as_str() {
            "drawing" => {
                let new = anchored(&text_of(parts, &target)?, moves)?;
                put(parts, &target, new)?;
            }
            "table" => {
                let source = text_of(parts, &target)?;
                let all = tokens(&source, false)?;
                let table = all.iter().find(|t| t.name == "table" && t.is == Is::Open)?;
                let old = value(source.get(table.at.clone())?, "ref")?;
                if moves.narrows(area(&old)?) {
                    plain(parts, path, &target)?;
                    continue;
                }
                let refers =
                    |t: &&Token| t.is != Is::Close && matches!(t.name.as_str(), "table" | "autoFilter" | "sortState");
                let mut changes = Vec::new();
                for token in all.iter().filter(refers) {
                    let tag = source.get(token.at.clone())?;
                    let new = moved_ref(moves, &value(tag, "ref")?)?;
                    changes.push((token.at.clone(), with(tag, "ref", &new)));
                }
                let new = replaced(&source, changes)?;
                put(parts, &target, new)?;
            }
            // what is drawn at cells by numbers in a text of its own
            "comments" | "threadedComment" | "pivotTable" | "queryTable" => return None,
            _ => {}
        }
    }
    Some(())
}

/// The cells of a table without what makes them one.
fn plain(parts: &mut Parts, path: &str, table: &str) -> Option<()> {
    let source = text_of(parts, path)?;
    let all = tokens(&source, false)?;
    let closes = closes(&all);
    let open = all.iter().position(|t| t.name == "tableParts" && t.is != Is::Close)?;
    let end = (*closes.get(open)?)?;
    // tables that stay keep their place in the list
    let several = all.get(open..end)?.iter().filter(|t| t.name == "tablePart").count() > 1;
    if several {
        return None;
    }
    let new = replaced(&source, vec![(all.get(open)?.at.start..all.get(end)?.at.end, String::new())])?;
    put(parts, path, new)?;
    forget(parts, &|name| name == table)
}

/// A drawing whose pictures and charts stay beside the rows that they stood beside.
fn anchored(source: &str, moves: &Moves) -> Option<String> {
    let all = tokens(source, false)?;
    let mut changes = Vec::new();
    for (i, _) in all.iter().enumerate().filter(|(_, t)| t.name == "row" && t.is == Is::Open) {
        let text = all.get(i + 1).filter(|t| t.is == Is::Text)?;
        let row: usize = source.get(text.at.clone())?.trim().parse().ok()?;
        changes.push((text.at.clone(), (row - moves.rows_before(row + 1).min(row)).to_string()));
    }
    replaced(source, changes)
}

/// Empties shared texts that no cell shows.
pub(super) fn forget_texts(parts: &mut Parts, sheets: &[(String, String)]) -> Option<()> {
    const STRINGS: &str = "xl/sharedStrings.xml";
    let Some(strings) = text_of(parts, STRINGS) else { return Some(()) };
    let mut used: Vec<bool> = Vec::new();
    for (_, path) in sheets {
        let source = text_of(parts, path)?;
        let all = tokens(&source, false)?;
        let closes = closes(&all);
        for (i, token) in all.iter().enumerate().filter(|(_, t)| t.name == "c" && t.is == Is::Open) {
            if value(source.get(token.at.clone())?, "t").as_deref() != Some("s") {
                continue;
            }
            let end = (*closes.get(i)?)?;
            let v = (i..end).find(|&k| all.get(k).is_some_and(|t| t.name == "v" && t.is == Is::Open));
            let text = v.and_then(|k| all.get(k + 1)).and_then(|t| source.get(t.at.clone()));
            let number: usize = text?.trim().parse().ok()?;
            used.resize(used.len().max(number.checked_add(1)?), false);
            *used.get_mut(number)? = true;
        }
    }
    let all = tokens(&strings, false)?;
    let closes = closes(&all);
    let items = all.iter().enumerate().filter(|(_, t)| t.name == "si" && t.is == Is::Open).map(|(i, _)| i);
    let mut changes = Vec::new();
    for (_, open) in items.enumerate().filter(|(n, _)| !used.get(*n).copied().unwrap_or(false)) {
        let (from, to) = (all.get(open)?.at.clone(), all.get((*closes.get(open)?)?)?.at.clone());
        let own = prefix(strings.get(from.clone())?);
        changes.push((from.end..to.start, format!("<{own}t/>")));
    }
    let new = replaced(&strings, changes)?;
    put(parts, STRINGS, new)
}

/// Takes out what the file holds beside what it shows, where nothing that is shown needs it: comments, and the records
/// behind pivot tables, whose cells stay as they are.
pub(super) fn cleaned(parts: &mut Parts, sheets: &[(String, String)], edits: &Edits) -> Option<()> {
    if edits.told("a comment") {
        let mut gone: HashSet<String> = HashSet::new();
        for (_, path) in sheets {
            let own = related(parts, path)?;
            if !own.iter().any(|(kind, _)| kind.ends_with("omments") || kind == "threadedComment") {
                continue;
            }
            // boxes of comments, and nothing else
            let notes = |target: &String| {
                text_of(parts, target)
                    .is_some_and(|t| t.matches("ObjectType=").count() == t.matches("ObjectType=\"Note\"").count())
            };
            let drawn = own.iter().find(|(kind, target)| kind == "vmlDrawing" && notes(target)).map(|o| o.1.clone());
            let comments = own.iter().filter(|(kind, _)| matches!(kind.as_str(), "comments" | "threadedComment"));
            gone.extend(comments.map(|o| o.1.clone()));
            if let Some(drawn) = drawn {
                gone.insert(drawn);
                without_elements(parts, path, &["legacyDrawing"])?;
            }
        }
        forget(parts, &|name| gone.contains(name))?;
    }
    if edits.told("the records behind a pivot table") || edits.told("the values behind a pivot table") {
        without_elements(parts, super::BOOK, &["pivotCaches"])?;
        forget(parts, &|name| name.starts_with("xl/pivotCache/") || name.starts_with("xl/pivotTables/"))?;
    }
    Some(())
}

/// A part without some of its elements.
fn without_elements(parts: &mut Parts, path: &str, names: &[&str]) -> Option<()> {
    let source = text_of(parts, path)?;
    let all = tokens(&source, false)?;
    let closes = closes(&all);
    let mut changes = Vec::new();
    for (i, token) in all.iter().enumerate() {
        if names.contains(&token.name.as_str()) && matches!(token.is, Is::Open | Is::Empty) {
            changes.push((token.at.start..all.get((*closes.get(i)?)?)?.at.end, String::new()));
        }
    }
    let new = replaced(&source, changes)?;
    put(parts, path, new)
}
