//! What Office files of all kinds hold beside their content: properties, custom XML, alternative texts.

use super::held::Held;
use super::words::tidy;
use super::xml::{Element, Node, parse};
use super::zipped::Parts;
use super::{Document, Error, Place};

/// Texts of a part of custom XML.
const MOST_TEXTS: usize = 10_000;
/// Properties that Office programs write of themselves into files of every format.
pub(super) const EVERYWHERE: [&str; 7] =
    ["AppVersion", "DocSecurity", "HyperlinksChanged", "LinksUpToDate", "ScaleCrop", "ShareDoc", "ContentTypeId"];
/// Properties that programs write of themselves into Office's own formats.
const PROGRAM: &[&str] = &[
    "WorkbookGuid",
    "ICV",
    "KSOProductBuildVer",
    "KSOTemplateUUID",
    "Generator",
    "MediaServiceImageTags",
    "Order",
    "revision",
    "version",
    "lastPrinted",
    "created",
    "modified",
    "language",
    "identifier",
    "creator",
    "lastModifiedBy",
];
/// Custom XML that programs write: bibliographies, cover pages, settings of a server.
const OURS: &[&str] = &[
    "bibliography",
    "coverPageProps",
    "contentType",
    "metadata/properties",
    "sharepoint",
    "datastoreItem",
    "schemas.microsoft.com",
    "FormTemplates",
    "properties",
];

/// The properties of the document and its custom XML.
///
/// # Errors
/// Parts that can't be expanded.
pub(super) fn properties(parts: &mut Parts, document: &mut Document, held: &mut Vec<Held>) -> Result<(), Error> {
    for name in parts.names() {
        let (properties, custom) = (name.starts_with("docProps/"), name.starts_with("customXml/item"));
        if !name.ends_with(".xml") || !(properties || custom && !name.contains("itemProps")) {
            continue;
        }
        let place = Place { part: Some(name.clone()), ..Place::default() };
        let Some(bytes) = parts.read(&name)? else { continue };
        let Ok(root) = parse(&name, bytes) else {
            document.residue.push((place, "a part that can't be read".to_owned()));
            continue;
        };
        let texts = if properties { property_texts(&root) } else { custom_texts(&root) };
        let what = if properties { "a property of the document" } else { "custom XML" };
        held.extend(texts.into_iter().map(|text| Held { place: place.clone(), what: what.to_owned(), text }));
    }
    Ok(())
}

fn is_written_by_program(name: &str) -> bool {
    EVERYWHERE.contains(&name) || PROGRAM.contains(&name)
}

/// What the properties of a part say; numbers of pages and words, and what programs say of themselves, left out.
fn property_texts(root: &Element) -> Vec<String> {
    let own = |e: &Element| e.get("name").map(str::to_owned);
    root.elements()
        .filter(|e| match root.name.as_str() {
            // of what the program counts, only what a person typed
            "Properties" if own(e).is_none() => matches!(e.name.as_str(), "Company" | "Manager" | "HyperlinkBase"),
            _ => !is_written_by_program(&e.name),
        })
        .filter(|e| !own(e).is_some_and(|n| is_written_by_program(&n) || n.starts_with("MSIP_") || n.starts_with('_')))
        .map(|e| match own(e) {
            Some(name) => format!("{name}: {}", tidy(&e.text())),
            None => tidy(&e.text()),
        })
        .collect()
}

/// The texts and attributes of custom XML, each with the name of what holds it.
fn custom_texts(root: &Element) -> Vec<String> {
    let space = root.attributes.iter().any(|(_, v)| OURS.iter().any(|o| v.contains(o)));
    if space || matches!(root.name.as_str(), "Sources" | "CoverPageProperties" | "contentTypeSchema") {
        return Vec::new();
    }
    let mut texts = Vec::new();
    let mut open = vec![root];
    while let Some(e) = open.pop() {
        let own: String =
            e.children.iter().filter_map(|c| if let Node::Text(t) = c { Some(t.as_str()) } else { None }).collect();
        if !tidy(&own).is_empty() {
            texts.push(format!("{}: {}", e.name, tidy(&own)));
        }
        texts.extend(
            e.attributes.iter().filter(|(n, _)| n != "id" && !n.starts_with("xmlns")).map(|(n, v)| format!("{n}: {v}")),
        );
        open.extend(e.elements());
        if texts.len() > MOST_TEXTS {
            break;
        }
    }
    texts
}

/// Alternative texts and titles of pictures, shapes and tables.
pub(super) fn alternatives(root: &Element, place: &Place, held: &mut Vec<Held>) {
    let mut found = Vec::new();
    for name in ["docPr", "cNvPr", "tblCaption", "tblDescription", "shape", "textpath"] {
        root.all(name, &mut found);
    }
    for e in found {
        for key in ["descr", "title", "alt", "val", "string"] {
            if key == "val" && !e.name.starts_with("tbl") {
                continue;
            }
            held.extend(e.get(key).map(|text| Held {
                place: place.clone(),
                what: "an alternative text".to_owned(),
                text: text.to_owned(),
            }));
        }
    }
}

/// Parts of every office file of Microsoft that hold no text or figure of their own, or are told otherwise.
const PACKAGE: &[&str] = &[
    "[content_types].xml",
    "_rels/",
    ".rels",
    "docprops/",
    "customxml/",
    "docmetadata/",
    "[trash]/",
    "_xmlsignatures/",
];

/// The same as [`unread`] for an office file of Microsoft, of which each kind adds its own known parts.
pub(super) fn unread_of_package(parts: &Parts, known: &[&str], document: &mut Document) {
    unread(parts, &[PACKAGE, known].concat(), document);
}

/// Tells the parts of a container that nothing has read; `known` are the beginnings and ends of names of parts that hold
/// nothing, or are told elsewhere.
pub(super) fn unread(parts: &Parts, known: &[&str], document: &mut Document) {
    let told: Vec<String> = document.residue.iter().filter_map(|(place, _)| place.part.clone()).collect();
    for name in parts.unread() {
        let lower = name.to_lowercase();
        let plain = known.iter().any(|k| lower.starts_with(k) || k.starts_with('.') && lower.ends_with(k));
        if !plain && !name.ends_with('/') && !told.contains(&name) {
            let place = Place { part: Some(name), ..Place::default() };
            document.residue.push((place, "a part of the file that is not read".to_owned()));
        }
    }
}
