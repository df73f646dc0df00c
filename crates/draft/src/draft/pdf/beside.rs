//! What a PDF holds beside the text of its pages: comments, fields, properties, bookmarks, alternative texts, scripts,
//! layers, attached files.

use pdf_extract::{Dictionary, Document as Pdf, Object, ObjectId, decode_text_string};

use crate::draft::held::Held;
use crate::draft::words::tidy;
use crate::draft::xml;
use crate::draft::{Document, Paragraph, Piece, Place};

/// Comments and fields of a page that are looked at.
const MOST_ANNOTATIONS: usize = 10_000;
/// Fields above a field.
const MOST_PARENTS: usize = 32;
/// Texts of the file that are looked at.
const MOST_TEXTS: usize = 50_000;

/// Comments and filled-in fields of a page.
pub(super) fn annotations(pdf: &Pdf, page: ObjectId, number: usize, document: &mut Document, held: &mut Vec<Held>) {
    let Ok(dictionary) = pdf.get_dictionary(page) else { return };
    let Ok(list) = dictionary.get_deref(b"Annots", pdf).and_then(Object::as_array) else { return };
    let place = Place { part: Some(format!("page {number}")), ..Place::default() };
    for annotation in list.iter().take(MOST_ANNOTATIONS) {
        let Ok((_, Object::Dictionary(entry))) = pdf.dereference(annotation) else { continue };
        let kind = entry.get_deref(b"Subtype", pdf).and_then(Object::as_name).unwrap_or_default();
        // 2: hidden, 32: not on the screen
        let flags = entry.get_deref(b"F", pdf).and_then(Object::as_i64).unwrap_or(0);
        let unseen = flags & (2 | 32) != 0;
        let mut add = |text: String, hidden: bool, what: &str| {
            let text = tidy(&text);
            if !text.is_empty() {
                if hidden {
                    document.residue.push((place.clone(), what.to_owned()));
                }
                let place = place.clone();
                document.pieces.push(Piece::Paragraph(Paragraph { text, place, heading: false, hidden }));
            }
        };
        match kind {
            b"Widget" => {
                add(inherited(pdf, entry, b"V").unwrap_or_default(), unseen, "a hidden field");
                let mut hold = |key: &[u8], what: &str| {
                    let text = inherited(pdf, entry, key).unwrap_or_default();
                    held.push(Held { place: place.clone(), what: what.to_owned(), text });
                };
                hold(b"TU", "the tooltip of a field");
                hold(b"DV", "the first value of a field");
                hold(b"Opt", "the choices of a field");
            }
            b"FreeText" => add(string(pdf, entry, b"Contents").unwrap_or_default(), unseen, "a hidden text box"),
            b"Link" => {
                let text = string(pdf, entry, b"Contents").unwrap_or_default();
                held.push(Held { place: place.clone(), what: "the text of a link".to_owned(), text });
            }
            b"Popup" => {}
            _ => {
                let text = string(pdf, entry, b"Contents").unwrap_or_default();
                let drawn = tidy(&text).is_empty() && entry.has(b"AP");
                add(text, true, "a comment");
                if drawn && matches!(kind, b"Stamp" | b"Watermark" | b"Screen" | b"3D" | b"RichMedia" | b"Movie") {
                    document.residue.push((place.clone(), "a stamp or film, which is not read".to_owned()));
                }
            }
        }
    }
}

/// What the file holds apart from its pages.
pub(super) fn told(pdf: &Pdf, document: &mut Document, held: &mut Vec<Held>) {
    let mut hold = |what: &str, text: String| {
        if !text.is_empty() {
            held.push(Held { place: Place::default(), what: what.to_owned(), text });
        }
    };
    if let Ok(Object::Dictionary(info)) = pdf.trailer.get(b"Info").and_then(|i| pdf.dereference(i).map(|i| i.1)) {
        let program = ["Producer", "Creator", "CreationDate", "ModDate", "Trapped", "PTEX.Fullbanner", "Author"];
        for (key, _) in info.iter().filter(|(k, _)| !program.iter().any(|p| p.as_bytes() == k.as_slice())) {
            let name = String::from_utf8_lossy(key);
            hold(&format!("the property {name}"), string(pdf, info, key).unwrap_or_default());
        }
    }
    let mut tell: Vec<&str> = Vec::new();
    for object in pdf.objects.values().take(MOST_TEXTS) {
        let dictionary = match object {
            Object::Dictionary(d) => d,
            Object::Stream(s) => {
                if s.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|n| n == b"XML") {
                    metadata(&s.content, &mut hold);
                }
                &s.dict
            }
            _ => continue,
        };
        if dictionary.has(b"EF") {
            tell.push("an attached file, with all that it holds");
        }
        if dictionary.has(b"XFA") {
            tell.push("a form of its own (XFA), which is not read");
        }
        let layers = dictionary.get_deref(b"OCProperties", pdf).and_then(Object::as_dict);
        let settings = layers.and_then(|l| l.get_deref(b"D", pdf)).and_then(Object::as_dict).unwrap_or(dictionary);
        if settings.get_deref(b"OFF", pdf).and_then(Object::as_array).is_ok_and(|off| !off.is_empty()) {
            tell.push("a layer that is switched off: its text is read with the rest");
        }
        for (key, what) in [
            (b"Alt".as_slice(), "an alternative text"),
            (b"ActualText", "a text in place of another"),
            (b"E", "a text in place of an abbreviation"),
        ] {
            if dictionary.has(b"S") {
                hold(what, string(pdf, dictionary, key).unwrap_or_default());
            }
        }
        if dictionary.has(b"Title") && (dictionary.has(b"Dest") || dictionary.has(b"A")) {
            hold("a bookmark", string(pdf, dictionary, b"Title").unwrap_or_default());
        }
        hold("a script", string(pdf, dictionary, b"JS").unwrap_or_default());
        for (key, what) in
            [(b"PieceInfo".as_slice(), "private data of a program"), (b"PageLabels", "the label of a page")]
        {
            if let Ok(object) = dictionary.get(key) {
                let mut texts = Vec::new();
                within(pdf, object, 0, &mut texts);
                texts.into_iter().for_each(|text| hold(what, text));
            }
        }
    }
    tell.sort_unstable();
    tell.dedup();
    document.residue.extend(tell.into_iter().map(|what| (Place::default(), what.to_owned())));
}

/// Texts of the metadata; what programs write of themselves aside.
fn metadata(content: &[u8], hold: &mut impl FnMut(&str, String)) {
    let text = String::from_utf8_lossy(content).into_owned();
    let Ok(root) = xml::parse("metadata", text.into_bytes()) else {
        // the packet has instructions around it that are no part of it
        return;
    };
    for name in ["title", "description", "subject", "Keywords", "label", "comment", "Headline", "Instructions"] {
        let mut found = Vec::new();
        root.all(name, &mut found);
        found.into_iter().for_each(|e| hold("a property of the document", tidy(&e.text())));
    }
}

/// Every text within an object.
fn within(pdf: &Pdf, object: &Object, depth: usize, into: &mut Vec<String>) {
    if depth > MOST_PARENTS || into.len() > MOST_TEXTS {
        return;
    }
    match object {
        Object::String(..) => into.extend(decode_text_string(object).ok()),
        Object::Reference(_) => {
            // what leads back to a page ends there
            if let Ok((_, found)) = pdf.dereference(object)
                && !found.as_dict().is_ok_and(|d| d.has(b"Contents") || d.has(b"Kids"))
            {
                within(pdf, found, depth + 8, into);
            }
        }
        Object::Array(list) => list.iter().for_each(|o| within(pdf, o, depth + 1, into)),
        Object::Dictionary(d) => d.iter().for_each(|(_, o)| within(pdf, o, depth + 1, into)),
        Object::Stream(s) => {
            into.push(String::from_utf8_lossy(&s.content).into_owned());
            s.dict.iter().for_each(|(_, o)| within(pdf, o, depth + 1, into));
        }
        _ => {}
    }
}

/// A text of a field, or of the fields above it.
fn inherited(pdf: &Pdf, entry: &Dictionary, key: &[u8]) -> Option<String> {
    let mut node = entry;
    for _ in 0..MOST_PARENTS {
        if node.has(key) {
            return string(pdf, node, key);
        }
        node = node.get(b"Parent").and_then(Object::as_reference).and_then(|id| pdf.get_dictionary(id)).ok()?;
    }
    None
}

/// A text of a dictionary: a string, a stream, a list of them.
fn string(pdf: &Pdf, entry: &Dictionary, key: &[u8]) -> Option<String> {
    said(pdf, entry.get_deref(key, pdf).ok()?, 0)
}

fn said(pdf: &Pdf, object: &Object, depth: usize) -> Option<String> {
    if depth > 4 {
        return None;
    }
    match object {
        Object::String(..) => decode_text_string(object).ok(),
        Object::Stream(s) => Some(String::from_utf8_lossy(&s.content).into_owned()),
        Object::Reference(_) => said(pdf, pdf.dereference(object).ok()?.1, depth + 1),
        Object::Integer(n) => Some(n.to_string()),
        Object::Array(list) => {
            let texts: Vec<String> = list.iter().take(1000).filter_map(|o| said(pdf, o, depth + 1)).collect();
            Some(texts.join(" "))
        }
        _ => None,
    }
}
