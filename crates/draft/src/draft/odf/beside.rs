//! What an OpenDocument file holds outside of its text: properties, fields, lists, names, charts and pictures.

use super::Reader;
use crate::draft::formula;
use crate::draft::held::Held;
use crate::draft::words::tidy;
use crate::draft::xml::{Element, parse};
use crate::draft::zipped::Parts;
use crate::draft::{Document, Error, Place, office};

/// Parts that hold no text or figure of their own, or are told otherwise.
const PLAIN: &[&str] = &[
    "mimetype",
    "meta-inf/",
    "content.xml",
    "styles.xml",
    "meta.xml",
    "settings.xml",
    "manifest.rdf",
    "thumbnails/",
    "configurations2/",
    "layout-cache",
    "pictures/",
    "object",
    "dialogs/",
    "accelerator/",
    "popupmenu/",
    "fonts/",
];
/// Properties that programs write of themselves.
const PROGRAM: &[&str] = &[
    "generator",
    "initial-creator",
    "creator",
    "creation-date",
    "date",
    "editing-cycles",
    "editing-duration",
    "document-statistic",
    "print-date",
    "printed-by",
    "language",
    "template",
    "auto-reload",
    "hyperlink-behaviour",
];

/// Properties of the document, and parts that are not read.
///
/// # Errors
/// Parts that can't be expanded, or a damaged one.
pub(super) fn parts(parts: &mut Parts, document: &mut Document, held: &mut Vec<Held>) -> Result<(), Error> {
    if let Some(bytes) = parts.read("meta.xml")? {
        let root = parse("meta.xml", bytes)?;
        for e in
            root.child("meta").into_iter().flat_map(Element::elements).filter(|e| !PROGRAM.contains(&e.name.as_str()))
        {
            let name = e.get("name").unwrap_or_default();
            if !office::EVERYWHERE.contains(&name) && !name.starts_with("MSIP_") {
                let place = Place { part: Some("properties".to_owned()), ..Place::default() };
                let text = format!("{name} {}", tidy(&e.text()));
                held.push(Held { place, what: "a property of the document".to_owned(), text: tidy(&text) });
            }
        }
    }
    let mut told = |name: &str, what: &str| {
        document.residue.push((Place { part: Some(name.to_owned()), ..Place::default() }, what.to_owned()));
    };
    let names = parts.names();
    if names.iter().any(|n| n.starts_with("Pictures/") && !n.ends_with('/')) {
        told("Pictures", "a picture, which is not read");
    }
    let code = |n: &&String| n.starts_with("Basic/") || n.starts_with("Scripts/");
    if names.iter().filter(code).any(|n| !n.ends_with(".xlc") && !n.ends_with(".xlb") && !n.ends_with('/')) {
        told("Basic", "macros");
    }
    super::charts::read(parts, document)?;
    let plain: Vec<&str> = PLAIN.iter().copied().chain(["basic/", "scripts/"]).collect();
    office::unread(parts, &plain, document);
    Ok(())
}

impl Reader {
    /// Fields of forms, lists that cells are chosen from, names, tables copied from elsewhere.
    pub(super) fn unshown(&mut self, element: &Element) {
        let place = self.prose.place();
        let mut hold = |what: &str, text: String| {
            self.held.push(Held { place: place.clone(), what: what.to_owned(), text });
        };
        let mut open = vec![element];
        while let Some(e) = open.pop() {
            open.extend(e.elements());
            match e.name.as_str() {
                "content-validation" => {
                    hold("a list that cells are chosen from", list(e.get("condition").unwrap_or_default()))
                }
                "help-message" | "error-message" => {
                    hold("a prompt of a cell", format!("{} {}", e.get("title").unwrap_or_default(), e.text()))
                }
                "named-expression" => {
                    let beside = formula::beside(e.get("expression").unwrap_or_default(), "");
                    hold(&format!("the name {}", e.get("name").unwrap_or_default()), beside.join("; "));
                }
                "dde-link" => {
                    self.document.residue.push((place.clone(), "values copied from another file".to_owned()));
                }
                "scenario" => hold("a scenario", e.get("comment").unwrap_or_default().to_owned()),
                _ => {
                    for key in ["value", "current-value", "label", "title", "state", "linked-cell-value", "data-field"]
                    {
                        let named = e.get(key).filter(|_| !matches!(key, "state")).unwrap_or_default();
                        hold("a field of a form", named.to_owned());
                    }
                }
            }
        }
    }
}

/// The items of a list that cells are chosen from; other conditions are bounds.
fn list(condition: &str) -> String {
    match condition.split_once("is-in-list(") {
        Some((_, items)) => items.trim_end_matches(')').replace(['"', ';'], " "),
        None => String::new(),
    }
}
