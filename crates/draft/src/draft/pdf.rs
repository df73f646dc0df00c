//! PDF: the glyphs of its text layer with their places, put together to lines and columns; tables by the lines that rule
//! them, or else by how their columns stand.
//!
//! 1. `guard`: what the file expands to, and what would send the library into a loop, is refused.
//! 2. `streams`: unpacked within bounds; operators that the library would skip are written out in others.
//! 3. `drawn`: lines and filled shapes of each page; `paint`: how its text is painted.
//! 4. `glyphs`: the library tells every glyph; `lines`: glyphs to lines of text.
//! 5. `ruled`: tables between lines; what is left is read like text with columns. `beside`: fields, comments, properties.

mod beside;
mod drawn;
mod earlier;
mod glyphs;
mod guard;
mod instead;
mod lines;
mod paint;
mod ruled;
mod streams;

use pdf_extract::Document as Pdf;

use super::blocks::{self, rejoined};
use super::bounds::{Budget, refuse};
use super::fence::fenced;
use super::text::{self, Line as TextLine};
use super::{Document, Error, Paragraph, Piece, Place, held};

use drawn::Drawn;
use glyphs::Glyph;
use lines::Line;

/// Pages of a drafted answer.
const MOST_PAGES: usize = 300;

/// Reads a PDF.
///
/// # Errors
/// Damaged, protected by a password, beyond the bounds, without a text layer, or drawn in a way that is not read.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Error> {
    guard::check_streams(bytes)?;
    let mut document = fenced("PDF", || opened(bytes))?;
    earlier::told(bytes, &mut document);
    Ok(document)
}

fn opened(bytes: &[u8]) -> Result<Document, Error> {
    let mut pdf = Pdf::load_mem(bytes).map_err(|e| {
        refuse(format!("is a damaged PDF: {e}"), "print it to a PDF anew, or check the file it was made from")
    })?;
    if pdf.is_encrypted() && pdf.decrypt("").is_err() {
        return Err(refuse("is protected by a password", "save it without one"));
    }
    let pages: Vec<(u32, _)> = pdf.get_pages().into_iter().collect();
    if pages.len() > MOST_PAGES {
        return Err(refuse(format!("has more than {MOST_PAGES} pages"), "check the pages of the answer alone"));
    }
    streams::unpack(&mut pdf)?;
    guard::check_objects(&pdf)?;
    let mut drawings = Vec::new();
    for (_, id) in &pages {
        drawings.push(Drawn::of(&pdf, *id)?);
    }
    streams::write_out(&mut pdf)?;
    let texts = glyphs::of(&pdf)?;
    let mut document = Document::default();
    let mut budget = Budget::default();
    let mut glyphs_seen = 0;
    for (i, ((mut glyphs, drawn), (_, id))) in texts.into_iter().zip(&drawings).zip(&pages).enumerate() {
        glyphs_seen += glyphs.len();
        for what in paint::unseen(&pdf, *id, drawn, &mut glyphs) {
            let place = Place { part: Some(format!("page {}", i + 1)), ..Place::default() };
            document.residue.push((place, what.to_owned()));
        }
        page(i + 1, glyphs, drawn, &mut document, &mut budget)?;
    }
    if glyphs_seen == 0 {
        return Err(refuse(
            "has no text layer: its pages are pictures, as a scanner makes them",
            "check the file that was printed, not the scan",
        ));
    }
    let mut held = Vec::new();
    for (i, ((_, id), drawn)) in pages.iter().zip(&drawings).enumerate() {
        drawn.instead.told(i + 1, &mut held);
        beside::annotations(&pdf, *id, i + 1, &mut document, &mut held);
    }
    beside::told(&pdf, &mut document, &mut held);
    document.pieces = rejoined(document.pieces);
    held::keep(held, &mut document);
    Ok(document)
}

fn page(
    number: usize,
    mut glyphs: Vec<Glyph>,
    drawn: &Drawn,
    document: &mut Document,
    budget: &mut Budget,
) -> Result<(), Error> {
    let part = format!("page {number}");
    let place = Place { part: Some(part.clone()), ..Place::default() };
    if glyphs.iter().any(|g| g.text == glyphs::UNKNOWN) {
        let note = format!("{part}: letters that their font gives no text for are read as \u{fffd}");
        document.notes.push(note);
    }
    let covered = drawn.cover(&mut glyphs)?;
    if covered {
        document.residue.push((place.clone(), "text that a filled shape covers: it can still be copied".to_owned()));
    }
    if drawn.pictures {
        document.residue.push((place.clone(), "a picture, which is not read".to_owned()));
    }
    if drawn.invisible {
        let what = "invisible text, as a scanner's reading of a picture: figures may be misread";
        document.residue.push((place, what.to_owned()));
    }
    // what nobody sees stands in no table of what is seen
    let (unseen, glyphs): (Vec<Glyph>, Vec<Glyph>) = glyphs.into_iter().partition(|g| g.hidden);
    // text that runs in other directions is read after the rest
    for direction in 0..4 {
        let upright: Vec<Glyph> = glyphs.iter().filter(|g| g.direction == direction).cloned().collect();
        if upright.is_empty() {
            continue;
        }
        let lines = lines::of(upright);
        let rulings = drawn.rulings(direction);
        upright_page(&part, lines, rulings, document, budget)?;
    }
    for direction in 0..4 {
        let lines = lines::of(unseen.iter().filter(|g| g.direction == direction).cloned().collect());
        for text in lines.iter().map(Line::text) {
            let place = Place { part: Some(part.clone()), ..Place::default() };
            document.pieces.push(Piece::Paragraph(Paragraph { text, place, heading: false, hidden: true }));
        }
    }
    Ok(())
}

/// A page with all its text in one direction.
fn upright_page(
    part: &str,
    lines: Vec<Line>,
    rulings: ruled::Rulings,
    document: &mut Document,
    budget: &mut Budget,
) -> Result<(), Error> {
    let tables = ruled::tables(&rulings);
    let (mut rest, mut taken) = (Vec::new(), vec![Vec::new(); tables.len()]);
    for line in lines {
        let mut left = line;
        for (table, into) in tables.iter().zip(&mut taken) {
            let (inside, outside) = left.parted(table.left, table.right, table.top, table.bottom);
            into.extend(inside);
            match outside {
                Some(line) => left = line,
                None => {
                    left = Line::default();
                    break;
                }
            }
        }
        if !left.words.is_empty() {
            rest.push(left);
        }
    }
    // a frame with a single cell rules nothing: its text is text
    let mut pieces: Vec<(f64, Piece)> = Vec::new();
    for (i, (table, lines)) in tables.iter().zip(taken).enumerate() {
        let part = format!("{part}, table {}", i + 1);
        match table.grid(&lines, &part, budget)? {
            Some(rows) => {
                pieces.extend(blocks::within(rows, None, &part, budget)?.into_iter().map(|p| (table.top, p)));
            }
            None => rest.extend(lines),
        }
    }
    rest.sort_by(|a, b| a.base.total_cmp(&b.base));
    unruled(part, &rest, &tables, &mut pieces, budget)?;
    pieces.sort_by(|a, b| a.0.total_cmp(&b.0));
    document.pieces.extend(pieces.into_iter().map(|(_, piece)| piece));
    Ok(())
}

/// Lines outside ruled tables: paragraphs, and tables by their columns.
fn unruled(
    part: &str,
    lines: &[Line],
    tables: &[ruled::Table],
    pieces: &mut Vec<(f64, Piece)>,
    budget: &mut Budget,
) -> Result<(), Error> {
    let mut start = 0;
    while start < lines.len() {
        let mut end = start + 1;
        while let (Some(before), Some(next)) = (lines.get(end - 1), lines.get(end)) {
            let apart = next.base - before.base > before.size.max(next.size) * 1.7;
            let table = tables.iter().any(|t| t.top > before.base && t.top < next.base);
            if apart || table || (before.size - next.size).abs() > before.size * 0.12 {
                break;
            }
            end += 1;
        }
        let block = lines.get(start..end).unwrap_or_default();
        let said: Vec<(String, Vec<text::Segment>)> = block.iter().map(|l| (l.text(), l.segments())).collect();
        let numbered: Vec<TextLine> = said
            .iter()
            .enumerate()
            .map(|(i, (text, segments))| TextLine { number: start + i + 1, text, segments: Some(segments) })
            .collect();
        let mut found = Vec::new();
        text::block_pieces(&numbered, budget, &mut found)?;
        for mut piece in found {
            let line = place_on(&mut piece, part, block);
            let hidden = lines.get(line.saturating_sub(1)).is_some_and(Line::is_hidden);
            if let Piece::Paragraph(p) = &mut piece {
                p.hidden = hidden;
            }
            let base = lines.get(line.saturating_sub(1)).map_or(0.0, |l| l.base);
            pieces.push((base, piece));
        }
        start = end;
    }
    Ok(())
}

/// Names the page in the places of a piece; returns the line it begins in.
fn place_on(piece: &mut Piece, part: &str, block: &[Line]) -> usize {
    let hidden = block.iter().any(Line::is_hidden);
    match piece {
        Piece::Paragraph(p) => {
            p.place.part = Some(part.to_owned());
            p.place.line
        }
        Piece::Grid(g) => {
            for (c, entry) in g.rows.iter_mut().flat_map(|row| row.iter_mut().enumerate()) {
                entry.place.part = Some(part.to_owned());
                entry.place.column = c + 1;
                entry.hidden = hidden;
            }
            g.rows.first().and_then(|r| r.first()).map_or(0, |e| e.place.line)
        }
    }
}

#[cfg(test)]
mod tests;
