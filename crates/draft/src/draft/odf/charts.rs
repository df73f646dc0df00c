//! Charts of OpenDocument files: each keeps a table of the figures it is drawn from. Told where the cells do not show them.

use crate::draft::formula::position;
use crate::draft::held::{figures, named};
use crate::draft::words::tidy;
use crate::draft::xlsx::numbers;
use crate::draft::xml::{Element, parse};
use crate::draft::zipped::Parts;
use crate::draft::{Document, Error, Paragraph, Piece, Place};

/// What an embedded file is that is no chart.
const EMBEDDED: &str = "an embedded chart or file, with the figures behind it";

/// Reads the charts, and tells embedded files of other kinds.
///
/// # Errors
/// Parts that can't be expanded.
pub(super) fn read(parts: &mut Parts, document: &mut Document) -> Result<(), Error> {
    let names = parts.names();
    let embedded = names.iter().filter(|n| n.starts_with("Object") && !n.starts_with("ObjectReplacements/"));
    let own: Vec<&String> = embedded.filter(|n| n.ends_with("/content.xml") || !n.contains('/')).collect();
    if own.is_empty() {
        return Ok(());
    }
    let cells = numbers(document);
    for name in own {
        let place = Place { part: Some(name.clone()), ..Place::default() };
        let bytes = if name.contains('/') { parts.read(name)? } else { None };
        let root = bytes.map(|b| parse(name, b)).transpose()?;
        let chart = root.as_ref().and_then(|r| r.at(&["body", "chart", "chart"]));
        let Some(chart) = chart else {
            document.residue.push((place, EMBEDDED.to_owned()));
            continue;
        };
        let shown =
            |sheet: &str, at: (usize, usize)| cells.get(&(sheet.to_lowercase(), at.0 + 1, at.1 + 1)).copied().flatten();
        let other = others(chart, &shown);
        if !other.is_empty() {
            document.residue.push((place.clone(), named("a chart", &other)));
        }
        for text in ["title", "subtitle", "footer"].iter().filter_map(|n| chart.child(n)).map(|t| tidy(&t.text())) {
            if !text.is_empty() {
                document.pieces.push(Piece::Paragraph(Paragraph {
                    text,
                    place: place.clone(),
                    heading: false,
                    hidden: false,
                }));
            }
        }
    }
    Ok(())
}

/// A cell by its sheet, and row and column from 0: the number that it shows.
type Shown<'a> = &'a dyn Fn(&str, (usize, usize)) -> Option<f64>;

/// The figures of a chart that the cells do not show which it is drawn from.
fn others(chart: &Element, shown: Shown) -> Vec<String> {
    let Some(table) = chart.elements().find(|e| e.name == "table") else { return Vec::new() };
    let mut rows = Vec::new();
    table.all("table-row", &mut rows);
    let mut header = Vec::new();
    table.child("table-header-rows").into_iter().for_each(|h| h.all("table-row", &mut header));
    let mut other = Vec::new();
    // per column, the cells that its figures come from
    let mut sources: Vec<Option<Source>> = Vec::new();
    for (number, row) in rows.iter().skip(header.len()).enumerate() {
        for (c, cell) in row.elements().filter(|e| e.name == "table-cell").enumerate() {
            if number == 0 {
                let mut found = Vec::new();
                cell.all("desc", &mut found);
                sources.push(found.first().and_then(|d| source(&d.text())));
            }
            let text: String = cell.elements().filter(|e| e.name == "p").map(Element::text).collect();
            let stored = cell.get("value").filter(|_| cell.get("value-type") == Some("float"));
            let Some(value) = stored.and_then(|v| v.parse::<f64>().ok()).filter(|v| v.is_finite()) else {
                other.extend(figures(&text).into_iter().filter(|_| sources.get(c).is_none_or(Option::is_none)));
                continue;
            };
            let at = sources.get(c).and_then(Option::as_ref).and_then(|s| s.cell(number));
            let same = |n: f64| (n - value).abs() <= 1e-9 * value.abs().max(1.0);
            if !at.and_then(|(sheet, at)| shown(sheet, at)).is_some_and(same) {
                other.push(text);
            }
        }
    }
    other
}

/// Cells that a column of a chart is drawn from.
struct Source {
    sheet: String,
    first: (usize, usize),
    last: (usize, usize),
}

impl Source {
    /// The cell of a point.
    fn cell(&self, point: usize) -> Option<(&str, (usize, usize))> {
        let at = match self.first.1 == self.last.1 {
            true => (self.first.0.checked_add(point)?, self.first.1),
            false => (self.first.0, self.first.1.checked_add(point)?),
        };
        (at.0 <= self.last.0 && at.1 <= self.last.1).then_some((self.sheet.as_str(), at))
    }
}

/// The cells of an address (`Outcomes.B3:Outcomes.B5`, `'By area'.B3:'By area'.B5`).
fn source(address: &str) -> Option<Source> {
    let (first, last) = address.trim().split_once(':')?;
    let (sheet, first) = first.rsplit_once('.')?;
    let last = last.rsplit_once('.').map_or(last, |l| l.1);
    let sheet = sheet.trim_start_matches('$').trim_matches('\'').replace("''", "'");
    Some(Source { sheet, first: position(first)?, last: position(last)? })
}
