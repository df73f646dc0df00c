//! Earlier versions of a PDF: programs add what changes at the end of a file, and what stood there before stays in it.

use std::collections::HashSet;

use super::opened;
use crate::draft::fence::fenced;
use crate::draft::held::{named, numbers};
use crate::draft::words::tidy;
use crate::draft::{Document, Entry, Piece, Place};

/// How a version ends.
const END: &[u8] = b"%%EOF";
/// Versions that are read.
const MOST: usize = 6;

/// Tells earlier versions that show other figures, or can't be read.
pub(super) fn told(bytes: &[u8], document: &mut Document) {
    let mut tell = |what: String| document.residue.push((Place::default(), what));
    let mut ends = ends(bytes);
    // the last is the file itself; a file that is written to be read from the web on has one after its first page
    ends.pop();
    let head = bytes.get(..1024.min(bytes.len())).unwrap_or_default();
    if head.windows(11).any(|w| w == b"/Linearized") && !ends.is_empty() {
        ends.remove(0);
    }
    if ends.is_empty() {
        return;
    }
    if ends.len() > MOST {
        return tell(format!("{} earlier versions of the file, which are not read", ends.len()));
    }
    let now: HashSet<String> = texts(document).collect();
    let mut found: Vec<String> = Vec::new();
    let mut unread = false;
    for end in ends {
        let Some(before) = bytes.get(..end).and_then(|b| fenced("PDF", || opened(b)).ok()) else {
            unread = true;
            continue;
        };
        found.extend(texts(&before).filter(|t| !now.contains(t)).flat_map(|t| numbers(&t)));
    }
    found.sort_unstable();
    found.dedup();
    if !found.is_empty() {
        document.residue.push((Place::default(), named("an earlier version of the file", &found)));
    } else if unread {
        document.residue.push((Place::default(), "an earlier version of the file, which can't be read".to_owned()));
    }
}

/// Where versions end.
fn ends(bytes: &[u8]) -> Vec<usize> {
    let at = bytes.windows(END.len()).enumerate().filter(|(_, w)| *w == END).map(|(at, _)| at);
    // the place of the table stands before it
    let sound = |at: &usize| {
        let before = bytes.get(at.saturating_sub(40)..*at).unwrap_or_default();
        before.windows(9).any(|w| w == b"startxref")
    };
    at.filter(sound).map(|at| at + END.len()).collect()
}

/// The lines and the rows that a version shows.
fn texts(document: &Document) -> impl Iterator<Item = String> {
    let shown = |piece: &Piece| match piece {
        Piece::Paragraph(p) => vec![tidy(&p.text)],
        Piece::Grid(grid) => {
            let row = |r: &Vec<Entry>| r.iter().map(|e| tidy(&e.text)).collect::<Vec<_>>().join(" | ");
            grid.rows.iter().map(row).collect()
        }
    };
    document.pieces.iter().flat_map(shown).collect::<Vec<_>>().into_iter()
}
