//! What an OpenDocument file holds outside of its text: properties, fields, lists, names, charts and pictures.

use std::collections::HashSet;

use super::Reader;
use crate::draft::formula;
use crate::draft::held::{self, Held};
use crate::draft::number_format::read_back;
use crate::draft::words::{holds_number_word, tidy};
use crate::draft::xlsx::numbers;
use crate::draft::xml::{Element, Node, parse};
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
                let text = match name {
                    "" => tidy(&e.text()),
                    name => format!("{name}: {}", tidy(&e.text())),
                };
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

/// Fields that count pages, or say when and what is printed.
const FIELDS: &[&str] =
    &["page-number", "page-count", "date", "time", "sheet-name", "title", "file-name", "print-date", "print-time"];

impl Reader {
    /// Headers and footers, as far as they say something of their own.
    pub(super) fn margins(&mut self, styles: &Element) {
        let mut masters = Vec::new();
        styles.all("master-page", &mut masters);
        for margin in masters.iter().flat_map(|m| m.elements()).filter(|e| e.get("display") != Some("false")) {
            if !(margin.name.starts_with("header") || margin.name.starts_with("footer")) {
                continue;
            }
            let mut paragraphs = Vec::new();
            margin.all("p", &mut paragraphs);
            for paragraph in paragraphs {
                let mut text = String::new();
                said(paragraph, &mut text);
                let text = tidy(&text);
                let place = Place { part: Some("header or footer".to_owned()), ..Place::default() };
                if text.contains(|c: char| c.is_ascii_digit()) || holds_number_word(&text) {
                    self.document.pieces.push(super::paragraph_at(&text, &place, false));
                }
            }
        }
    }

    /// What stands before and behind the numbers of lists.
    pub(super) fn list_labels(&mut self, styles: &Element) {
        let mut levels = Vec::new();
        for name in ["list-level-style-number", "list-level-style-bullet", "outline-level-style"] {
            styles.all(name, &mut levels);
        }
        let keys = ["num-prefix", "num-suffix", "bullet-char", "num-list-format"];
        let texts = levels.iter().flat_map(|l| keys.iter().filter_map(|k| l.get(k)));
        self.held.extend(texts.map(|text| Held {
            place: Place::default(),
            what: "the label of a list".to_owned(),
            text: text.split('%').step_by(2).collect::<Vec<_>>().join(" "),
        }));
    }

    /// Tells hidden sheets that say something, and what filters choose and no cell shows.
    pub(super) fn settle(&mut self) {
        for name in std::mem::take(&mut self.hidden) {
            if !held::repeats(&self.document, &name) {
                let place = Place { part: Some(name.clone()), ..Place::default() };
                self.document.residue.push((place, format!("sheet \"{name}\" is hidden")));
            }
        }
        let chosen = std::mem::take(&mut self.chosen);
        if chosen.is_empty() {
            return;
        }
        let shown: HashSet<u64> = numbers(&self.document).into_values().flatten().map(f64::to_bits).collect();
        for text in chosen.into_iter().filter(|t| !read_back(t).is_some_and(|n| shown.contains(&n.to_bits()))) {
            self.held.push(Held { place: Place::default(), what: "a filter".to_owned(), text });
        }
    }

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
                    hold("a prompt of a cell", format!("{}: {}", e.get("title").unwrap_or_default(), e.text()))
                }
                "named-expression" => {
                    let beside = formula::beside(e.get("expression").unwrap_or_default(), "");
                    hold(&format!("the name {}", e.get("name").unwrap_or_default()), beside.join("; "));
                }
                "dde-link" => {
                    self.document.residue.push((place.clone(), "values copied from another file".to_owned()));
                }
                "scenario" => hold("a scenario", e.get("comment").unwrap_or_default().to_owned()),
                "filter-condition" | "filter-set-item" => {
                    // what is less or more than a number is bounds
                    let same = matches!(e.get("operator"), None | Some("=" | "!=" | "match" | "!match"));
                    self.chosen.extend(e.get("value").filter(|_| same).map(str::to_owned));
                }
                "user-field-decl" => {
                    for key in ["value", "string-value"] {
                        hold("a variable of the document", e.get(key).unwrap_or_default().to_owned());
                    }
                }
                "index-title-template" => hold("the title of an index", e.text()),
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

/// The text of a paragraph without what a program fills in.
fn said(element: &Element, into: &mut String) {
    for child in &element.children {
        match child {
            Node::Text(text) => into.push_str(text),
            Node::Element(e) if FIELDS.contains(&e.name.as_str()) => into.push(' '),
            Node::Element(e) => said(e, into),
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
