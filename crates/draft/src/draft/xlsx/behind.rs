//! Parts of a workbook that hold values behind what is shown: pivot tables, links to other workbooks, connections, drawings
//! on charts and in the old form, properties of sheets.

use crate::draft::held::{Held, numbers};
use crate::draft::words::tidy;
use crate::draft::xml::{Element, parse};
use crate::draft::zipped::Parts;
use crate::draft::{Document, Error, Paragraph, Piece, Place};

/// Reads such parts.
///
/// # Errors
/// Parts that can't be expanded.
pub(super) fn read(parts: &mut Parts, document: &mut Document, held: &mut Vec<Held>) -> Result<(), Error> {
    for name in parts.unread() {
        if name.contains("/_rels/") || name.ends_with('/') {
            continue;
        }
        let reader: Reader = match name.as_str() {
            n if n.starts_with("xl/pivotCache/pivotCacheDefinition") => pivot,
            n if n.starts_with("xl/externalLinks/externalLink") => link,
            "xl/connections.xml" => connections,
            n if n.starts_with("xl/drawings/") && n.ends_with(".xml") => drawing,
            n if n.ends_with(".vml") => {
                let bytes = parts.read(&name)?.unwrap_or_default();
                old_drawing(&name, &String::from_utf8_lossy(&bytes), held);
                continue;
            }
            n if n.starts_with("xl/customProperty") => {
                let bytes = parts.read(&name)?.unwrap_or_default();
                held.push(Held {
                    place: place(&name),
                    what: "a property of a sheet".to_owned(),
                    text: text_of(&bytes),
                });
                continue;
            }
            _ => continue,
        };
        let Some(bytes) = parts.read(&name)? else { continue };
        match parse(&name, bytes) {
            Ok(root) => reader(&root, &place(&name), document, held),
            Err(_) => document.residue.push((place(&name), "a part that can't be read".to_owned())),
        }
    }
    Ok(())
}

type Reader = fn(&Element, &Place, &mut Document, &mut Vec<Held>);

fn place(name: &str) -> Place {
    Place { part: Some(name.to_owned()), ..Place::default() }
}

/// The values that a pivot table offers: told where there are numbers among them, in whole or as limits.
fn pivot(root: &Element, place: &Place, document: &mut Document, held: &mut Vec<Held>) {
    let what = "the values behind a pivot table";
    let mut items = Vec::new();
    for name in ["sharedItems", "rangePr", "groupItems"] {
        root.all(name, &mut items);
    }
    let number = |e: &&Element| matches!(e.name.as_str(), "n" | "d" | "b" | "e");
    let limits = |e: &&Element| ["minValue", "maxValue", "startNum", "endNum"].iter().any(|k| e.get(k).is_some());
    if items.iter().any(limits) || items.iter().any(|e| e.elements().any(|i| number(&i))) {
        document.residue.push((place.clone(), what.to_owned()));
    }
    let texts = items.iter().flat_map(|e| e.elements()).filter(|e| e.name == "s").filter_map(|e| e.get("v"));
    let fields = root.child("cacheFields").into_iter().flat_map(Element::elements).filter_map(|f| f.get("name"));
    held.extend(texts.chain(fields).map(|t| Held { place: place.clone(), what: what.to_owned(), text: t.to_owned() }));
    let mut formulas = Vec::new();
    root.all("calculatedItem", &mut formulas);
    if !formulas.is_empty() {
        document.residue.push((place.clone(), "an item that a pivot table calculates, which is not read".to_owned()));
    }
}

/// Values copied from another workbook or program.
fn link(root: &Element, place: &Place, document: &mut Document, held: &mut Vec<Held>) {
    let what = "values copied from another workbook";
    let mut values = Vec::new();
    for name in ["v", "val"] {
        root.all(name, &mut values);
    }
    let texts: Vec<String> = values.iter().map(|v| tidy(&v.text())).filter(|t| !t.is_empty()).collect();
    if texts.iter().any(|t| t.parse::<f64>().is_ok()) {
        document.residue.push((place.clone(), what.to_owned()));
    }
    held.extend(texts.into_iter().map(|text| Held { place: place.clone(), what: what.to_owned(), text }));
    let mut defined = Vec::new();
    root.all("definedName", &mut defined);
    let refers = defined.iter().filter_map(|d| d.get("refersTo"));
    let beside = refers.flat_map(|f| crate::draft::formula::beside(f.trim_start_matches('='), "")).collect::<Vec<_>>();
    held.push(Held { place: place.clone(), what: "a name of another workbook".to_owned(), text: beside.join("; ") });
}

/// What connections to other sources say of themselves.
fn connections(root: &Element, place: &Place, _: &mut Document, held: &mut Vec<Held>) {
    let mut found = Vec::new();
    for name in ["connection", "parameter"] {
        root.all(name, &mut found);
    }
    let keys = ["description", "integer", "double", "string", "prompt"];
    let texts = found.iter().flat_map(|e| keys.iter().filter_map(|k| e.get(k)));
    held.extend(texts.map(|t| Held { place: place.clone(), what: "a connection".to_owned(), text: t.to_owned() }));
}

/// What is drawn on a chart: shown like it.
fn drawing(root: &Element, place: &Place, document: &mut Document, held: &mut Vec<Held>) {
    crate::draft::office::alternatives(root, place, held);
    let mut paragraphs = Vec::new();
    root.all("p", &mut paragraphs);
    for paragraph in paragraphs {
        let mut runs = Vec::new();
        paragraph.all("t", &mut runs);
        let text = tidy(&runs.iter().map(|r| r.text()).collect::<String>());
        if !text.is_empty() {
            let said = Paragraph { text, place: place.clone(), heading: false, hidden: false };
            document.pieces.push(Piece::Paragraph(said));
        }
    }
}

/// Texts of a drawing in the old form, which may be no sound XML: what stands between its tags and in alternative texts.
pub(super) fn old_drawing(name: &str, markup: &str, held: &mut Vec<Held>) {
    let mut hold = |what: &str, text: &str| {
        if !numbers(text).is_empty() {
            held.push(Held { place: place(name), what: what.to_owned(), text: text.to_owned() });
        }
    };
    for key in ["alt=", "string=", "title="] {
        for (at, _) in markup.match_indices(key) {
            let rest = markup.get(at + key.len()..).unwrap_or_default();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
            let value = quote.and_then(|q| rest.get(1..)?.split(q).next());
            hold("an alternative text", value.unwrap_or_default());
        }
    }
    for (at, _) in markup.match_indices("<v:textbox") {
        let rest = markup.get(at..).unwrap_or_default();
        let inner = rest.split("</v:textbox").next().unwrap_or_default();
        let text: Vec<&str> = inner.split('>').skip(1).map(|t| t.split('<').next().unwrap_or_default()).collect();
        hold("a text of a drawing", &tidy(&text.join(" ")));
    }
}

/// Bytes as the text that they most likely are.
fn text_of(bytes: &[u8]) -> String {
    let wide = bytes.len() >= 2 && bytes.iter().skip(1).step_by(2).filter(|b| **b == 0).count() * 4 > bytes.len();
    if !wide {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let units: Vec<u16> = bytes.chunks_exact(2).filter_map(|p| p.try_into().ok()).map(u16::from_le_bytes).collect();
    String::from_utf16_lossy(&units)
}
