//! What a workbook holds outside of its cells: names, tables, texts that no cell shows, and the figures behind charts.

use std::collections::HashMap;

use super::{Book, Relation};
use crate::draft::formula::{self, position};
use crate::draft::held::{Held, figures, named};
use crate::draft::number_format::read_back;
use crate::draft::words::tidy;
use crate::draft::xml::{Element, parse};
use crate::draft::zipped::Parts;
use crate::draft::{Document, Error, Paragraph, Piece, Place};

/// Parts that hold no text or figure of their own, or that are told where what they belong to is read.
pub(super) const PLAIN: &[&str] = &[
    "xl/theme/",
    "xl/styles.xml",
    "xl/calcchain.xml",
    "xl/metadata.xml",
    "xl/printersettings/",
    "xl/persons/",
    "xl/querytables/",
    "xl/drawings/_rels/",
    "xl/charts/style",
    "xl/charts/colors",
    "xl/pivottables/",
    "xl/slicers/",
    "xl/timelines/",
    "xl/namedsheetviews/",
    "xl/worksheets/_rels/",
    "xl/featurepropertybag/",
    "xl/volatiledependencies.xml",
    "xl/webextensions/",
    "xl/attachedtoolbars",
    "xl/xmlmaps.xml",
    "xl/tablesinglecells/",
    "xl/usernames.xml",
    "xl/worksheetsortmap",
];

/// Names with values of their own, and texts that no cell shows.
pub(super) fn names(workbook: &Element, book: &Book, held: &mut Vec<Held>) {
    let place = Place { part: Some("names".to_owned()), ..Place::default() };
    let defined = workbook.child("definedNames").map(|d| d.elements().collect::<Vec<_>>()).unwrap_or_default();
    for name in defined {
        let called = name.get("name").unwrap_or_default();
        let written = name.text();
        let mut hold =
            |text: String| held.push(Held { place: place.clone(), what: format!("the name {called}"), text });
        let beside = formula::beside(&written, "");
        if !beside.is_empty() {
            hold(beside.join("; "));
        }
        name.get("comment").into_iter().for_each(|c| hold(c.to_owned()));
    }
    let unused = book.strings.iter().zip(&book.used).filter(|(_, used)| !used.get());
    held.extend(unused.map(|(text, _)| Held {
        place: Place { part: Some("shared texts".to_owned()), ..Place::default() },
        what: "a text that no cell shows".to_owned(),
        text: text.clone(),
    }));
}

/// A table of a sheet: names of columns that are not shown, labels of totals, formulas.
///
/// # Errors
/// Parts that can't be expanded.
pub(super) fn table(relation: &Relation, sheet: &str, parts: &mut Parts, held: &mut Vec<Held>) -> Result<(), Error> {
    let Some(bytes) = parts.read(&relation.target)? else { return Ok(()) };
    let root = parse(&relation.target, bytes)?;
    let headless = root.get("headerRowCount") == Some("0");
    let mut columns = Vec::new();
    root.all("tableColumn", &mut columns);
    let mut hold = |text: &str| {
        let place = Place { part: Some(sheet.to_owned()), ..Place::default() };
        held.push(Held { place, what: "a table of the sheet".to_owned(), text: text.to_owned() });
    };
    for column in columns {
        column.get("name").filter(|_| headless).into_iter().for_each(&mut hold);
        column.get("totalsRowLabel").into_iter().for_each(&mut hold);
        for name in ["calculatedColumnFormula", "totalsRowFormula"] {
            let written = column.child(name).map(Element::text).unwrap_or_default();
            hold(&formula::beside(&written, "").join("; "));
        }
    }
    root.get("comment").into_iter().for_each(&mut hold);
    Ok(())
}

/// A cell by sheet, row and column, from 1, and the number in it.
pub(in crate::draft) type Numbers = HashMap<(String, usize, usize), Option<f64>>;

/// The figures behind charts: told where they are others than the cells they are drawn from show. What a chart says is read.
///
/// # Errors
/// Parts that can't be expanded.
pub(super) fn charts(parts: &mut Parts, document: &mut Document) -> Result<(), Error> {
    let is_chart = |n: &String| n.starts_with("xl/charts/chart") && n.ends_with(".xml");
    let names: Vec<String> = parts.names().into_iter().filter(is_chart).collect();
    if names.is_empty() {
        return Ok(());
    }
    let cells = numbers(document);
    for name in names {
        let place = Place { part: Some(name.clone()), ..Place::default() };
        let Some(bytes) = parts.read(&name)? else { continue };
        let root = parse(&name, bytes)?;
        if !name.starts_with("xl/charts/chartEx") && root.name == "chartSpace" {
            let other = differing(&root, &cells);
            if !other.is_empty() {
                document.residue.push((place.clone(), named("a chart", &other)));
            }
        } else {
            document.residue.push((place.clone(), "a chart, with the figures it is drawn from".to_owned()));
        }
        let mut texts = Vec::new();
        root.all("rich", &mut texts);
        for text in texts.iter().map(|t| tidy(&t.text())).filter(|t| !t.is_empty()) {
            let said = Paragraph { text, place: place.clone(), heading: false, hidden: false };
            document.pieces.push(Piece::Paragraph(said));
        }
    }
    Ok(())
}

/// The numbers of all cells.
pub(in crate::draft) fn numbers(document: &Document) -> Numbers {
    let mut cells = HashMap::new();
    let mut put = |place: &Place, number: Option<f64>| {
        cells.insert((place.part.clone().unwrap_or_default().to_lowercase(), place.line, place.column), number);
    };
    for piece in &document.pieces {
        match piece {
            Piece::Paragraph(p) => put(&p.place, read_back(&p.text)),
            Piece::Grid(grid) => {
                grid.rows.iter().flatten().for_each(|e| put(&e.place, e.stored.or_else(|| read_back(&e.text))));
            }
        }
    }
    cells
}

/// The figures of a chart that its cells do not hold.
fn differing(root: &Element, cells: &Numbers) -> Vec<String> {
    let mut other = Vec::new();
    let mut literal = Vec::new();
    for name in ["numLit", "strLit"] {
        root.all(name, &mut literal);
    }
    for list in literal {
        other.extend(points(list).into_iter().filter_map(|(_, text)| figures(&text).into_iter().next()));
    }
    let mut drawn = Vec::new();
    for name in ["numRef", "strRef", "multiLvlStrRef", "datalabelsRange"] {
        root.all(name, &mut drawn);
    }
    for reference in drawn {
        let area = reference.child("f").map(Element::text).and_then(|f| area(&f));
        for (index, text) in points(reference) {
            let Ok(value) = text.trim().parse::<f64>() else {
                // a category that is a text stands in a cell, or holds a figure that does not
                continue;
            };
            let at = area.as_ref().and_then(|(sheet, first, last)| {
                let (height, width) = (last.0 - first.0 + 1, last.1 - first.1 + 1);
                let (row, column) = if width == 1 { (index, 0) } else { (index / width, index % width) };
                (row < height).then(|| (sheet.clone(), first.0 + row + 1, first.1 + column + 1))
            });
            let same = |n: f64| (n - value).abs() <= 1e-9 * value.abs().max(1.0);
            if !at.and_then(|at| cells.get(&at).copied().flatten()).is_some_and(same) {
                other.push(text.trim().to_owned());
            }
        }
    }
    other
}

/// The points of a list, with their numbers.
fn points(list: &Element) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    list.all("pt", &mut found);
    let point = |e: &&Element| {
        let index = e.get("idx").and_then(|i| i.parse().ok()).unwrap_or(usize::MAX);
        (index, e.child("v").map(Element::text).unwrap_or_default())
    };
    found.iter().map(point).collect()
}

/// A sheet with a first and a last cell.
type Area = (String, (usize, usize), (usize, usize));

/// Sheet, first and last cell of a reference (`'By area'!$B$2:$B$5`).
fn area(reference: &str) -> Option<Area> {
    let (sheet, cells) = reference.trim().rsplit_once('!')?;
    let sheet = sheet.trim_matches('\'').replace("''", "'").to_lowercase();
    let (first, last) = cells.split_once(':').unwrap_or((cells, cells));
    let (a, b) = (position(first)?, position(last)?);
    Some((sheet, (a.0.min(b.0), a.1.min(b.1)), (a.0.max(b.0), a.1.max(b.1))))
}
