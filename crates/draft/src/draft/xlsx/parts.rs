//! What stands beside the cells of a workbook: comments, text boxes, and parts that hold records behind what is shown.

use super::{held, relations};
use crate::draft::formula::position;
use crate::draft::held::Held;
use crate::draft::office;
use crate::draft::words::tidy;
use crate::draft::xml::{Element, parse};
use crate::draft::zipped::Parts;
use crate::draft::{Document, Error, Paragraph, Piece, Place};

/// Parts that hold more than a sheet shows: how their names begin, and what they are.
const RESIDUES: &[(&str, &str)] = &[
    ("xl/pivotCache/pivotCacheRecords", "the records behind a pivot table, each with all its values"),
    ("xl/slicerCaches/", "a filter, with the values that it offers"),
    ("xl/timelineCaches/", "a filter, with the values that it offers"),
    ("xl/ctrlProps/", "a control, which is not read"),
    ("xl/activeX/", "a control, which is not read"),
    ("xl/richData/", "values behind cells that show a part of them"),
    ("xl/embeddings/", "an embedded file"),
    ("xl/revisions/", "a log of changes"),
    ("xl/model/", "a data model with the records it was loaded with"),
    ("xl/diagrams/data", "a diagram, which is not read"),
    ("xl/vbaProject", "macros"),
    ("xl/media/", "a picture, which is not read"),
];

/// Comments and text boxes of a sheet.
///
/// # Errors
/// Damaged parts.
pub(super) fn beside(
    sheet: &str,
    part: &str,
    hidden: bool,
    parts: &mut Parts,
    document: &mut Document,
    beside: &mut Vec<Held>,
) -> Result<(), Error> {
    for relation in relations(parts, part)? {
        let target = relation.target.as_str();
        match relation.kind.as_str() {
            "comments" | "threadedComment" => comments(sheet, target, parts, document)?,
            "drawing" => boxes(sheet, target, hidden, parts, document, beside)?,
            "table" => held::table(&relation, sheet, parts, beside)?,
            "vmlDrawing" => controls(sheet, target, parts, document, beside)?,
            _ => {}
        }
    }
    Ok(())
}

fn comments(sheet: &str, part: &str, parts: &mut Parts, document: &mut Document) -> Result<(), Error> {
    let Some(bytes) = parts.read(part)? else { return Ok(()) };
    let root = parse(part, bytes)?;
    let mut found = Vec::new();
    root.all("comment", &mut found);
    root.all("threadedComment", &mut found);
    for comment in found {
        let at = comment.get("ref").and_then(position);
        let place = Place {
            line: at.map_or(0, |(row, _)| row + 1),
            column: at.map_or(0, |(_, column)| column + 1),
            part: Some(sheet.to_owned()),
        };
        let text = tidy(&comment.child("text").map(Element::text).unwrap_or_default());
        if super::super::held::tells(&text) {
            document.residue.push((place.clone(), "a comment".to_owned()));
        }
        if !text.is_empty() {
            document.pieces.push(Piece::Paragraph(Paragraph { text, place, heading: false, hidden: true }));
        }
    }
    Ok(())
}

/// Text boxes are part of what a sheet shows.
fn boxes(
    sheet: &str,
    part: &str,
    hidden: bool,
    parts: &mut Parts,
    document: &mut Document,
    beside: &mut Vec<Held>,
) -> Result<(), Error> {
    let Some(bytes) = parts.read(part)? else { return Ok(()) };
    let root = parse(part, bytes)?;
    office::alternatives(&root, &Place { part: Some(sheet.to_owned()), ..Place::default() }, beside);
    let mut bodies = Vec::new();
    root.all("txBody", &mut bodies);
    for body in bodies {
        for paragraph in body.elements().filter(|e| e.name == "p") {
            let mut runs = Vec::new();
            paragraph.all("t", &mut runs);
            let text = tidy(&runs.iter().map(|r| r.text()).collect::<String>());
            let place = Place { part: Some(sheet.to_owned()), ..Place::default() };
            if !text.is_empty() {
                document.pieces.push(Piece::Paragraph(Paragraph { text, place, heading: false, hidden }));
            }
        }
    }
    Ok(())
}

/// Tells controls that are drawn on a sheet; comments, which are drawn the same way, are read elsewhere.
fn controls(
    sheet: &str,
    part: &str,
    parts: &mut Parts,
    document: &mut Document,
    beside: &mut Vec<Held>,
) -> Result<(), Error> {
    let text = String::from_utf8_lossy(&parts.read(part)?.unwrap_or_default()).into_owned();
    super::behind::old_drawing(sheet, &text, beside);
    let kinds = text.split("ObjectType=").skip(1).map(|k| k.trim_start_matches(['"', '\'']));
    if kinds.into_iter().any(|k| !k.starts_with("Note")) {
        let place = Place { part: Some(sheet.to_owned()), ..Place::default() };
        document.residue.push((place, "a control, which is not read".to_owned()));
    }
    Ok(())
}

/// Tells the parts that hold more than is shown.
///
/// # Errors
/// A part that can't be expanded.
pub(super) fn told(parts: &mut Parts, document: &mut Document) -> Result<(), Error> {
    for name in parts.names() {
        let Some((_, what)) = RESIDUES.iter().find(|(start, _)| name.starts_with(start)) else { continue };
        if name.contains("/_rels/") {
            continue;
        }
        document.residue.push((Place { part: Some(name), ..Place::default() }, (*what).to_owned()));
    }
    Ok(())
}
