//! Paragraphs of office texts, numbered; several with tabs in a row are a table drawn with tabs.

use super::bounds::Budget;
use super::words::{is_caption, tidy};
use super::{Error, Paragraph, Piece, Place, text};

/// Paragraphs as they come.
#[derive(Default)]
pub(super) struct Prose {
    count: usize,
    /// Where they stand, for places ("header ", "note ").
    pub part: String,
    /// Lines with tabs, and the number of the paragraph each stands in.
    tabbed: Vec<(String, usize)>,
}

impl Prose {
    /// Paragraphs of a part.
    pub(super) fn of(part: &str) -> Self {
        Prose { part: part.to_owned(), ..Prose::default() }
    }

    /// Takes a paragraph with its tabs and line breaks.
    ///
    /// # Errors
    /// Too many cells.
    pub(super) fn take(
        &mut self,
        raw: &str,
        heading: bool,
        pieces: &mut Vec<Piece>,
        budget: &mut Budget,
    ) -> Result<(), Error> {
        self.count += 1;
        if raw.trim().contains('\t') && !heading {
            self.tabbed.extend(raw.lines().filter(|l| !l.trim().is_empty()).map(|l| (l.to_owned(), self.count)));
            return Ok(());
        }
        self.end(pieces, budget)?;
        let text = tidy(raw);
        if !text.is_empty() {
            let heading = heading || is_caption(&text);
            pieces.push(Piece::Paragraph(Paragraph { text, place: self.place(), heading, hidden: false }));
        }
        Ok(())
    }

    /// Takes a text that nobody sees on paper.
    pub(super) fn hide(&mut self, raw: &str, pieces: &mut Vec<Piece>) {
        let text = tidy(raw);
        if !text.is_empty() {
            pieces.push(Piece::Paragraph(Paragraph { text, place: self.place(), heading: false, hidden: true }));
        }
    }

    /// Where the paragraph taken last stands.
    pub(super) fn place(&self) -> Place {
        Place { part: Some(format!("{}paragraph {}", self.part, self.count)), ..Place::default() }
    }

    /// Ends a row of paragraphs with tabs.
    ///
    /// # Errors
    /// Too many cells.
    pub(super) fn end(&mut self, pieces: &mut Vec<Piece>, budget: &mut Budget) -> Result<(), Error> {
        let tabbed = std::mem::take(&mut self.tabbed);
        let lines: Vec<&str> = tabbed.iter().map(|(line, _)| line.as_str()).collect();
        let mut found = text::pieces(&lines.join("\n"), 0, budget)?;
        let number = |line: usize| tabbed.get(line.saturating_sub(1)).map_or(0, |(_, n)| *n);
        for piece in &mut found {
            let places: Vec<&mut Place> = match piece {
                Piece::Paragraph(p) => vec![&mut p.place],
                Piece::Grid(g) => g.rows.iter_mut().flatten().map(|e| &mut e.place).collect(),
            };
            for place in places {
                *place = Place { part: Some(format!("{}paragraph {}", self.part, number(place.line))), ..*place };
            }
        }
        pieces.extend(found);
        Ok(())
    }
}
