//! What the files of a draft hold and do not show.

use std::collections::HashSet;

use crate::draft::{Entry, Piece, Place};

use super::Draft;
use super::codes::HIDDEN_CONTENT;
use super::driver::{Check, spot_in};
use super::findings::{Finding, Spot};

impl Check<'_> {
    /// What the file holds beside what it shows.
    pub(super) fn hidden(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (file, draft) in self.drafts.iter().enumerate() {
            for (place, words) in &draft.document.residue {
                let spot = Spot { file, place: place.clone(), ..Spot::default() };
                findings.push(Finding { spots: vec![spot], ..Finding::plain(&HIDDEN_CONTENT, words.clone()) });
            }
        }
        for (file, draft) in self.drafts.iter().enumerate() {
            for doubt in &draft.document.doubts {
                let spots = vec![Spot { file, place: doubt.place.clone(), ..Spot::default() }];
                let harmless = vec!["they give nothing away".to_owned()];
                let answer = self.questions.ask(&doubt.asks, harmless, vec![doubt.else_holds.clone()], spots.clone());
                if answer == Some(false) {
                    findings.push(Finding { spots, ..Finding::plain(&HIDDEN_CONTENT, doubt.else_holds.clone()) });
                }
            }
        }
        let words = "the file stores another number than it shows";
        let mut named = HashSet::new();
        for (t, figures) in self.reading.tables.iter().enumerate() {
            for (row, col, _) in figures.cells() {
                let Some(cell) = figures.parsed.cell(row, col) else { continue };
                named.insert((figures.file, key_of(&cell.place)));
                if cell.more {
                    let spot = spot_in(&self.reading.tables, t, (row, col));
                    let words = words.to_owned();
                    findings.push(Finding { spots: vec![spot], ..Finding::plain(&HIDDEN_CONTENT, words) });
                }
            }
        }
        // labels, and cells of tables that are passed over; a percentage is read as exactly as it is stored
        for (file, entry) in self.drafts.iter().enumerate().flat_map(|(f, d)| stored(d).map(move |e| (f, e))) {
            if !named.contains(&(file, key_of(&entry.place))) {
                let spot = Spot { file, place: entry.place.clone(), ..Spot::default() };
                findings.push(Finding { spots: vec![spot], ..Finding::plain(&HIDDEN_CONTENT, words.to_owned()) });
            }
        }
        findings
    }
}

/// Cells of a draft that store another number than they show, percentages aside; those without any text are told already.
fn stored(draft: &Draft) -> impl Iterator<Item = &Entry> {
    let grids = draft.document.pieces.iter().filter_map(|p| match p {
        Piece::Grid(grid) => Some(grid),
        Piece::Paragraph(_) => None,
    });
    let entries = grids.flat_map(|g| g.rows.iter().flatten());
    // a dash for a stored zero says what it is
    let dash = |e: &Entry| e.stored == Some(0.0) && e.text.chars().all(|c| matches!(c, '-' | '–' | '—' | ' '));
    entries.filter(move |e| e.stored.is_some() && !e.text.is_empty() && !e.text.contains('%') && !dash(e))
}

/// A place as a key.
fn key_of(place: &Place) -> (Option<&str>, usize, usize) {
    (place.part.as_deref(), place.line, place.column)
}
