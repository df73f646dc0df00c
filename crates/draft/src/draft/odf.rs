//! OpenDocument spreadsheets and texts: content.xml from its beginning to its end, a row or paragraph at a time.
//!
//! Read from the XML itself: a library hands on values, but not what a cell shows of them, what is hidden, or comments;
//! and it waits for ever on a file that is cut short.

mod beside;
mod charts;
mod inline;
mod styles;
mod table;

use super::bounds::{Budget, refuse};
use super::held::Held;
use super::prose::Prose;
use super::xml::{Element, Step, Walk, decoded, parse};
use super::zipped::Parts;
use super::{Document, Error, Piece, Place};

use inline::Said;
use styles::Styles;

/// Elements that show nothing.
const SILENT: &[&str] = &[
    "scripts",
    "font-face-decls",
    "sequence-decls",
    "variable-decls",
    "data-pilot-tables",
    "calculation-settings",
    "table-source",
    "conditional-formats",
];

/// Reads a spreadsheet or a text.
///
/// # Errors
/// Damaged, protected by a password, or beyond the bounds.
pub(super) fn read(parts: &mut Parts) -> Result<Document, Error> {
    let manifest = parts.read("META-INF/manifest.xml")?.unwrap_or_default();
    if manifest.windows(15).any(|w| w == b"encryption-data") {
        return Err(refuse("is protected by a password", "save it without one"));
    }
    let mut styles = Styles::default();
    let mut masters = Element::default();
    if let Some(bytes) = parts.read("styles.xml")? {
        masters = parse("styles.xml", bytes)?;
        masters.elements().for_each(|group| styles.add(group));
    }
    let text = decoded("content.xml", parts.cells("content.xml")?)?;
    let mut reader = Reader {
        styles,
        spreadsheet: is_spreadsheet(parts)?,
        document: Document::default(),
        budget: Budget::default(),
        prose: Prose::default(),
        tables: 0,
        held: Vec::new(),
        hidden: Vec::new(),
        chosen: Vec::new(),
    };
    reader.margins(&masters);
    reader.list_labels(&masters);
    reader.body(&mut Walk::new("content.xml", &text))?;
    reader.prose.end(&mut reader.document.pieces, &mut reader.budget)?;
    beside::parts(parts, &mut reader.document, &mut reader.held)?;
    reader.settle();
    super::held::keep(std::mem::take(&mut reader.held), &mut reader.document);
    Ok(reader.document)
}

/// Whether a container says that it holds a spreadsheet.
///
/// # Errors
/// A damaged part.
pub(super) fn is_spreadsheet(parts: &mut Parts) -> Result<bool, Error> {
    let kind = parts.read("mimetype")?.unwrap_or_default();
    Ok(kind.windows(11).any(|w| w == b"spreadsheet"))
}

struct Reader {
    styles: Styles,
    spreadsheet: bool,
    document: Document,
    budget: Budget,
    prose: Prose,
    tables: usize,
    /// Texts in places that are not shown.
    held: Vec<Held>,
    /// Hidden sheets, by their names.
    hidden: Vec<String>,
    /// What filters choose.
    chosen: Vec<String>,
}

impl Reader {
    fn body(&mut self, walk: &mut Walk) -> Result<(), Error> {
        loop {
            let Step::Open(e) = walk.step()? else {
                if walk.ended() {
                    return Ok(());
                }
                continue;
            };
            match e.name.as_str() {
                "automatic-styles" | "styles" => {
                    let group = walk.whole(e)?;
                    self.styles.add(&group);
                    self.list_labels(&group);
                }
                "table" => {
                    self.prose.end(&mut self.document.pieces, &mut self.budget)?;
                    self.table(walk, &e)?;
                }
                "p" | "h" => {
                    let paragraph = walk.whole(e)?;
                    self.paragraph(&paragraph)?;
                }
                "tracked-changes" => {
                    let changes = walk.whole(e)?;
                    self.changes(&changes);
                }
                "forms"
                | "content-validations"
                | "named-expressions"
                | "dde-links"
                | "scenario"
                | "database-ranges"
                | "user-field-decls"
                | "index-title-template" => {
                    let element = walk.whole(e)?;
                    self.unshown(&element);
                }
                "section" if e.get("display") == Some("none") => {
                    let section = walk.whole(e)?;
                    self.unseen(&section, "a hidden section");
                }
                silent if SILENT.contains(&silent) => {
                    walk.whole(e)?;
                }
                _ => {}
            }
        }
    }

    fn paragraph(&mut self, paragraph: &Element) -> Result<(), Error> {
        let mut said = Said::default();
        said.paragraph(paragraph, &self.styles);
        self.prose.take(&said.shown, paragraph.name == "h", &mut self.document.pieces, &mut self.budget)?;
        let place = self.prose.place();
        self.beside(said, &place)
    }

    /// What stands beside the text of a paragraph or cell: hidden text, comments, notes, text boxes.
    fn beside(&mut self, said: Said, place: &Place) -> Result<(), Error> {
        let mut hidden = |text: &str, what: &str| {
            if !text.trim().is_empty() {
                self.document.residue.push((place.clone(), what.to_owned()));
                self.document.pieces.push(paragraph_at(text, place, true));
            }
        };
        for text in said.descriptions {
            let what = "an alternative text".to_owned();
            self.held.push(Held { place: place.clone(), what, text });
        }
        hidden(&said.hidden, "hidden text");
        said.comments.iter().filter(|c| super::held::tells(c)).for_each(|comment| hidden(comment, "a comment"));
        for text in said.notes.iter().chain(&said.boxes).filter(|t| !t.trim().is_empty()) {
            self.document.pieces.push(paragraph_at(text, place, false));
        }
        if said.changed {
            self.document.residue.push((place.clone(), "a tracked change".to_owned()));
        }
        Ok(())
    }

    /// Deleted texts that the file keeps.
    fn changes(&mut self, changes: &Element) {
        let mut deletions = Vec::new();
        changes.all("deletion", &mut deletions);
        for deletion in deletions {
            self.unseen(deletion, "a tracked deletion");
        }
        let mut before = Vec::new();
        changes.all("previous", &mut before);
        before.into_iter().for_each(|e| self.unseen(e, "a value before a tracked change"));
    }

    /// An element that nobody sees on paper.
    fn unseen(&mut self, element: &Element, what: &str) {
        self.document.residue.push((self.prose.place(), what.to_owned()));
        let mut paragraphs = Vec::new();
        for name in ["p", "h"] {
            element.all(name, &mut paragraphs);
        }
        for paragraph in paragraphs {
            self.prose.hide(&paragraph.text(), &mut self.document.pieces);
        }
    }
}

fn paragraph_at(text: &str, place: &Place, hidden: bool) -> Piece {
    let text = super::words::tidy(text);
    Piece::Paragraph(super::Paragraph { text, place: place.clone(), heading: false, hidden })
}

#[cfg(test)]
mod tests;
