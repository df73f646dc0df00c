//! Word documents: paragraphs and tables of the body, headers, footers and notes; hidden text, tracked changes, comments.

mod beside;
mod inline;
mod styles;
mod table;

use super::bounds::Budget;
use super::held::Held;
use super::prose::Prose;
use super::xml::{Element, Step, Walk, decoded, parse};
use super::zipped::Parts;
use super::{Document, Error, Paragraph, Piece, Place};

use inline::{Notes, Said, State};
use styles::Styles;

/// Parts that hold more than the document shows: how their names begin, and what they are.
const RESIDUES: &[(&str, &str)] = &[
    ("word/embeddings/", "an embedded file, with all that it holds"),
    ("word/charts/chart", "a chart, with the figures it is drawn from"),
    ("word/media/", "a picture, which is not read"),
    ("word/diagrams/data", "a diagram, which is not read"),
    ("word/vbaProject", "macros"),
    ("word/activeX/", "a control, which is not read"),
    ("word/ink/", "a drawing by hand, which is not read"),
    ("word/afchunk", "a document within the document, which is not read"),
];

/// Reads a document.
///
/// # Errors
/// Damaged, or beyond the bounds.
pub(super) fn read(parts: &mut Parts) -> Result<Document, Error> {
    let main = main_part(parts)?;
    let folder = main.rsplit_once('/').map_or(String::new(), |(f, _)| format!("{f}/"));
    let styles = match parts.read(&format!("{folder}styles.xml"))? {
        Some(bytes) => Styles::of(&parse("styles.xml", bytes)?),
        None => Styles::default(),
    };
    let mut reader = Reader {
        styles,
        document: Document::default(),
        budget: Budget::default(),
        prose: Prose::default(),
        tables: 0,
        notes: Notes::default(),
        held: Vec::new(),
    };
    let names = parts.names();
    let of_kind = |kind: &str| {
        let start = format!("{folder}{kind}");
        names.iter().filter(move |n| n.starts_with(&start) && n.ends_with(".xml")).cloned().collect::<Vec<_>>()
    };
    for header in of_kind("header") {
        reader.part(&header, "header ", parts)?;
    }
    reader.part(&main, "", parts)?;
    for kind in ["footnotes", "endnotes"] {
        reader.notes(&format!("{folder}{kind}.xml"), parts)?;
    }
    for footer in of_kind("footer") {
        reader.part(&footer, "footer ", parts)?;
    }
    reader.comments(&format!("{folder}comments.xml"), parts)?;
    for name in &names {
        if let Some((_, what)) = RESIDUES.iter().find(|(start, _)| name.starts_with(start)) {
            reader.document.residue.push((Place { part: Some(name.clone()), ..Place::default() }, (*what).to_owned()));
        }
    }
    beside::told(parts, &folder, &mut reader.document, &mut reader.held)?;
    super::held::keep(std::mem::take(&mut reader.held), &mut reader.document);
    Ok(reader.document)
}

/// The part that holds the body.
fn main_part(parts: &mut Parts) -> Result<String, Error> {
    if let Some(bytes) = parts.read("_rels/.rels")? {
        let root = parse("_rels/.rels", bytes)?;
        let main = root.elements().find(|e| e.get("Type").is_some_and(|t| t.ends_with("/officeDocument")));
        if let Some(target) = main.and_then(|e| e.get("Target")) {
            return Ok(super::zipped::resolve("", target));
        }
    }
    Ok("word/document.xml".to_owned())
}

struct Reader {
    styles: Styles,
    document: Document,
    budget: Budget,
    prose: Prose,
    tables: usize,
    notes: Notes,
    /// Texts in places that are not shown.
    held: Vec<Held>,
}

impl Reader {
    /// Reads the paragraphs and tables of a part, one at a time.
    fn part(&mut self, name: &str, places: &str, parts: &mut Parts) -> Result<(), Error> {
        let text = decoded(name, parts.demand(name)?)?;
        let mut walk = Walk::new(name, &text);
        self.prose = Prose::of(places);
        loop {
            match walk.step()? {
                Step::Open(e) if matches!(e.name.as_str(), "altChunk" | "subDoc") => {
                    let what = "a document within the document, which is not read".to_owned();
                    self.document.residue.push((self.prose.place(), what));
                }
                Step::Open(e) if is_block(&e.name) => {
                    let block = walk.whole(e)?;
                    let place = Place { part: Some(name.to_owned()), ..Place::default() };
                    beside::within(&block, &place, &mut self.held);
                    self.block(&block, State::default())?;
                }
                Step::End => break,
                _ => {}
            }
        }
        self.prose.end(&mut self.document.pieces, &mut self.budget)
    }

    /// A paragraph, a table, or what wraps them.
    fn block(&mut self, e: &Element, state: State) -> Result<(), Error> {
        match e.name.as_str() {
            "p" => self.paragraph(e, state),
            "tbl" => self.table(e, state),
            "sdtPr" | "sectPr" | "sdtEndPr" => Ok(()),
            wrapper => {
                let state = state.within(wrapper);
                e.elements().try_for_each(|child| self.block(child, state))
            }
        }
    }

    fn paragraph(&mut self, e: &Element, state: State) -> Result<(), Error> {
        let mut said = Said::default();
        said.paragraph(e, &self.styles, state, &mut self.notes);
        let style = e.at(&["pPr", "pStyle"]).and_then(|s| s.get("val"));
        let heading = self.styles.is_heading(style) || e.at(&["pPr", "outlineLvl"]).is_some();
        self.prose.take(&said.shown, heading, &mut self.document.pieces, &mut self.budget)?;
        let place = self.prose.place();
        self.beside(&said, &place);
        for held in said.boxes {
            held.elements().try_for_each(|child| self.block(child, state))?;
        }
        Ok(())
    }

    /// What a paragraph or cell holds beside what it shows.
    fn beside(&mut self, said: &Said, place: &Place) {
        for (text, what) in [(&said.hidden, "hidden text"), (&said.deleted, "a tracked deletion")] {
            let text = super::words::tidy(text);
            if !text.is_empty() {
                self.document.residue.push((place.clone(), what.to_owned()));
                let hidden = Paragraph { text, place: place.clone(), heading: false, hidden: true };
                self.document.pieces.push(Piece::Paragraph(hidden));
            }
        }
        if said.inserted {
            self.document.residue.push((place.clone(), "a tracked insertion".to_owned()));
        }
    }

    /// The notes that the text refers to, in its order, and then those it does not.
    fn notes(&mut self, name: &str, parts: &mut Parts) -> Result<(), Error> {
        let Some(bytes) = parts.read(name)? else { return Ok(()) };
        let root = parse(name, bytes)?;
        let kind = if name.contains("endnote") { "endnote" } else { "footnote" };
        for e in root.elements().filter(|e| e.name == kind && e.get("type").is_none_or(|t| t == "normal")) {
            let id = e.get("id").unwrap_or_default();
            let number = self.notes.known(kind, id);
            let mut said = Said::default();
            let mut inner = Notes::default();
            e.elements().for_each(|p| said.paragraph(p, &self.styles, State::default(), &mut inner));
            let mark = number.map_or(String::new(), |n| format!("[note {n}] "));
            let text = super::words::tidy(&format!("{mark}{}", said.shown));
            let place = Place {
                part: Some(format!("{kind} {}", number.map_or(id.to_owned(), |n| n.to_string()))),
                ..Place::default()
            };
            if !text.is_empty() {
                let hidden = number.is_none();
                self.document.pieces.push(Piece::Paragraph(Paragraph {
                    text,
                    place: place.clone(),
                    heading: false,
                    hidden,
                }));
            }
            self.beside(&said, &place);
        }
        Ok(())
    }

    fn comments(&mut self, name: &str, parts: &mut Parts) -> Result<(), Error> {
        let Some(bytes) = parts.read(name)? else { return Ok(()) };
        let root = parse(name, bytes)?;
        for (i, e) in root.elements().filter(|e| e.name == "comment").enumerate() {
            let mut said = Said::default();
            e.elements().for_each(|p| said.paragraph(p, &self.styles, State::default(), &mut Notes::default()));
            let place = Place { part: Some(format!("comment {}", i + 1)), ..Place::default() };
            let text = super::words::tidy(&format!("{} {}", said.shown, said.hidden));
            if super::held::tells(&text) {
                self.document.residue.push((place.clone(), "a comment".to_owned()));
            }
            if !text.is_empty() {
                self.document.pieces.push(Piece::Paragraph(Paragraph { text, place, heading: false, hidden: true }));
            }
        }
        Ok(())
    }
}

/// What the body of a part consists of, directly or within.
fn is_block(name: &str) -> bool {
    matches!(name, "p" | "tbl" | "sdt" | "ins" | "del" | "moveFrom" | "moveTo" | "customXml" | "AlternateContent")
}

#[cfg(test)]
mod tests;
