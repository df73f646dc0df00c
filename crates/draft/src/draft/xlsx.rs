//! XLSX: every sheet with its hidden rows and columns, what a cell shows and what it stores, comments, text boxes.
//!
//! Read from the XML itself: a library hands on values, but not what is hidden, how a number looks, or that a "1" behind
//! a figure is raised and so a footnote's mark.

mod behind;
mod formulas;
mod held;
mod parts;
mod sheet;
mod strings;
mod styles;

pub(super) use held::numbers;

use std::cell::Cell;

use super::blocks::{self, Cells};
use super::bounds::{Budget, refuse};
use super::held::Held;
use super::words::holds_number_word;
use super::xml::{Element, parse};
use super::zipped::{Parts, relations_of, resolve};
use super::{Document, Error, Paragraph, Piece, Place, office};

use sheet::Sheet;
use styles::Styles;

/// A relationship of a part.
struct Relation {
    id: String,
    kind: String,
    target: String,
}

/// What all sheets share.
struct Book {
    strings: Vec<String>,
    /// Which texts cells refer to.
    used: Vec<Cell<bool>>,
    styles: Styles,
    from_1904: bool,
    /// Programs work every formula out when they open the file.
    anew: bool,
}

/// Reads a workbook.
///
/// # Errors
/// Damaged, protected by a password, or beyond the bounds.
pub(super) fn read(parts: &mut Parts) -> Result<Document, Error> {
    let root = relations(parts, "")?;
    let workbook = target(&root, "officeDocument").unwrap_or_else(|| "xl/workbook.xml".to_owned());
    let related = relations(parts, &workbook)?;
    let element = parse(&workbook, parts.demand(&workbook)?)?;
    let (strings, readings) = match target(&related, "sharedStrings") {
        Some(part) => strings::read(&part, parts)?,
        None => (Vec::new(), Vec::new()),
    };
    let styles = match target(&related, "styles") {
        Some(part) => Styles::of(&parse(&part, parts.demand(&part)?)?),
        None => Styles::default(),
    };
    let from_1904 = element.child("workbookPr").and_then(|p| p.get("date1904")).is_some_and(is_true);
    let anew = element.child("calcPr").and_then(|p| p.get("fullCalcOnLoad")).is_some_and(is_true);
    let used = strings.iter().map(|_| Cell::new(false)).collect();
    let book = Book { strings, used, styles, from_1904, anew };
    let mut document = Document::default();
    let place = Place { part: Some("shared texts".to_owned()), ..Place::default() };
    let held = |text: String| Held { place: place.clone(), what: "the reading of a text".to_owned(), text };
    let mut beside: Vec<Held> = readings.into_iter().map(held).collect();
    let mut budget = Budget::default();
    let mut unseen = Vec::new();
    for entry in element.child("sheets").map(|s| s.elements().collect::<Vec<_>>()).unwrap_or_default() {
        sheet_pieces(entry, &related, parts, &book, &mut budget, &mut document, &mut beside)?;
        if entry.get("state").is_some_and(|s| s != "visible") {
            unseen.push(entry.get("name").unwrap_or_default());
        }
    }
    for name in unseen.into_iter().filter(|name| !super::held::repeats(&document, name)).collect::<Vec<_>>() {
        let place = Place { part: Some(name.to_owned()), ..Place::default() };
        document.residue.push((place, format!("sheet \"{name}\" is hidden")));
    }
    held::names(&element, &book, &mut beside);
    held::charts(parts, &mut document)?;
    behind::read(parts, &mut document, &mut beside)?;
    office::properties(parts, &mut document, &mut beside)?;
    parts::told(parts, &mut document)?;
    office::unread_of_package(parts, held::PLAIN, &mut document);
    super::held::keep(beside, &mut document);
    Ok(document)
}

fn sheet_pieces(
    entry: &Element,
    related: &[Relation],
    parts: &mut Parts,
    book: &Book,
    budget: &mut Budget,
    document: &mut Document,
    beside: &mut Vec<Held>,
) -> Result<(), Error> {
    let name = entry.get("name").unwrap_or_default();
    let relation = related.iter().find(|r| Some(r.id.as_str()) == entry.get("id"));
    let Some(relation) = relation else {
        let help = "open the file in the program that made it, and save it again";
        return Err(refuse(format!("sheet \"{name}\" is not in the file"), help));
    };
    let place = Place { part: Some(name.to_owned()), ..Place::default() };
    let hidden = entry.get("state").is_some_and(|s| s != "visible");
    if relation.kind != "worksheet" {
        let chart = relation.kind == "chartsheet";
        let what =
            if chart { "a chart, with the figures it is drawn from" } else { "a sheet of a kind that is not read" };
        document.residue.push((place, what.to_owned()));
        return Ok(());
    }
    let mut sheet = Sheet::read(name, &relation.target, hidden, parts, book, budget)?;
    document.residue.append(&mut sheet.residue);
    beside.append(&mut sheet.held);
    let cells: Cells = sheet.cells;
    document.pieces.extend(blocks::pieces(cells, Some(name), budget)?);
    document.pieces.extend(sheet.hidden.into_iter().map(Piece::Paragraph));
    for text in sheet.margins.into_iter().filter(|t| t.contains(|c: char| c.is_ascii_digit()) || holds_number_word(t)) {
        let place = Place { part: Some(format!("{name}, header or footer")), ..Place::default() };
        document.pieces.push(Piece::Paragraph(Paragraph { text, place, heading: false, hidden }));
    }
    parts::beside(name, &relation.target, hidden, parts, document, beside)
}

/// The relationships of a part, with their targets as names of parts; none where it has none. `""` is the container.
fn relations(parts: &mut Parts, part: &str) -> Result<Vec<Relation>, Error> {
    let name = if part.is_empty() { "_rels/.rels".to_owned() } else { relations_of(part) };
    let Some(bytes) = parts.read(&name)? else { return Ok(Vec::new()) };
    let root = parse(&name, bytes)?;
    let relation = |e: &Element| {
        let outside = e.get("TargetMode") == Some("External");
        (!outside).then(|| Relation {
            id: e.get("Id").unwrap_or_default().to_owned(),
            kind: e.get("Type").unwrap_or_default().rsplit('/').next().unwrap_or_default().to_owned(),
            target: resolve(part, e.get("Target").unwrap_or_default()),
        })
    };
    Ok(root.elements().filter_map(relation).collect())
}

/// The target of the first relationship of a kind.
fn target(relations: &[Relation], kind: &str) -> Option<String> {
    relations.iter().find(|r| r.kind == kind).map(|r| r.target.clone())
}

/// A boolean attribute.
fn is_true(value: &str) -> bool {
    matches!(value, "1" | "true" | "on")
}

#[cfg(test)]
mod tests;
