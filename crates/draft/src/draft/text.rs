//! Plain text: paragraphs, and tables drawn with tabs, bars or spaces.
//!
//! Lines between blank lines are a block. Within it, runs of lines are taken for a table by the first of: bars, tabs,
//! columns apart by two spaces or more, labels followed by equally many figures. All else is running text.

mod aligned;
mod bars;

use super::blocks::{self, Cells, rejoined};
use super::bounds::{Budget, MOST_LINES, MOST_TEXT, check_size, refuse};
use super::separated::entry;
use super::words::{is_caption, is_item, is_value, tidy};
use super::{Document, Error, Paragraph, Piece, Place};

pub(super) use aligned::Segment;

/// Reads a text file.
///
/// # Errors
/// No text, too large, or too many cells.
pub(super) fn read(bytes: Vec<u8>) -> Result<Document, Error> {
    check_size(&bytes, MOST_TEXT)?;
    let text = decoded(bytes)?;
    Ok(Document { pieces: pieces(&text, 0, &mut Budget::default())?, ..Document::default() })
}

/// The text of a file in whichever encoding it is; lines end in a line feed.
///
/// # Errors
/// Bytes that are no text.
pub(super) fn decoded(bytes: Vec<u8>) -> Result<String, Error> {
    let help = "save it as text, DOCX, XLSX, ODS, HTML or PDF";
    let text = crate::text::text_of(bytes).map_err(|e| refuse(e, help))?;
    if text.contains('\0') {
        return Err(refuse("is no text: it holds NUL bytes", help));
    }
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text };
    if text.bytes().filter(|b| *b == b'\n').count() > MOST_LINES {
        let what = format!("has more than {MOST_LINES} lines, so these are no tables of an answer");
        return Err(refuse(what, "take the records out of the file; `tabsafe protect` makes tables of them"));
    }
    Ok(text)
}

/// A line that is not blank.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// Its number in the file, from 1.
    pub number: usize,
    /// What it says.
    pub text: &'a str,
    /// Its texts between wide gaps, where something better than spaces tells of them.
    pub segments: Option<&'a [Segment]>,
}

/// The pieces of a text of which `before` lines stand above it.
///
/// # Errors
/// Too many cells.
pub(super) fn pieces(text: &str, before: usize, budget: &mut Budget) -> Result<Vec<Piece>, Error> {
    let lines: Vec<Line> =
        text.lines().enumerate().map(|(i, text)| Line { number: before + i + 1, text, segments: None }).collect();
    let mut pieces = Vec::new();
    for block in lines.split(|line| line.text.trim().is_empty()).filter(|b| !b.is_empty()) {
        block_pieces(block, budget, &mut pieces)?;
    }
    Ok(rejoined(pieces))
}

/// A table that begins a run of lines: its cells and how many lines it takes. No cells: the lines are text, since how
/// they would be cells is not certain.
type Found = Option<(Cells, usize)>;

/// The pieces of lines without a blank one between.
///
/// # Errors
/// Too many cells.
pub(super) fn block_pieces(block: &[Line], budget: &mut Budget, pieces: &mut Vec<Piece>) -> Result<(), Error> {
    let mut prose: Vec<Line> = Vec::new();
    let mut rest = block;
    while let Some((first, others)) = rest.split_first() {
        let after_grid = prose.is_empty() && matches!(pieces.last(), Some(Piece::Grid(_)));
        let found = bars::table(rest).or_else(|| tabbed(rest, after_grid)).or_else(|| aligned::columns(rest));
        let gaps = found.is_some();
        let found = if prose.is_empty() { found.or_else(|| aligned::loose(rest)) } else { found };
        match found {
            // not certain what stands in which column: kept as it is drawn, so that its numbers are asked about
            Some((cells, lines))
                if cells.is_empty() && (!gaps || aligned::is_drawn(rest.get(..lines).unwrap_or_default())) =>
            {
                flush(&mut prose, pieces);
                pieces.extend(aligned::as_drawn(rest.get(..lines.max(1)).unwrap_or_default()));
                rest = rest.get(lines.max(1)..).unwrap_or_default();
            }
            Some((cells, lines)) if cells.is_empty() => {
                prose.extend(rest.iter().take(lines.max(1)));
                rest = rest.get(lines.max(1)..).unwrap_or_default();
            }
            Some((cells, lines)) if lines > 0 => {
                flush(&mut prose, pieces);
                budget.take(cells.len())?;
                pieces.extend(blocks::pieces(cells, None, budget)?);
                rest = rest.get(lines..).unwrap_or_default();
            }
            _ => {
                let caption = is_caption(first.text);
                if caption {
                    flush(&mut prose, pieces);
                }
                prose.push(*first);
                if caption {
                    flush(&mut prose, pieces);
                }
                rest = others;
            }
        }
    }
    flush(&mut prose, pieces);
    Ok(())
}

/// Ends a paragraph.
fn flush(prose: &mut Vec<Line>, pieces: &mut Vec<Piece>) {
    // lines that only rule off say nothing
    prose.retain(|line| !bars::is_rule(line.text));
    let Some(first) = prose.first().copied() else { return };
    // a list keeps its lines; those of running text are one
    let listed = prose.iter().filter(|l| is_item(l.text)).count() > 1;
    let joint = if listed { "\n" } else { " " };
    let text = prose.iter().map(|l| tidy(l.text)).collect::<Vec<_>>().join(joint);
    let column = first.text.chars().take_while(|c| c.is_whitespace()).count() + 1;
    let heading = prose.len() == 1 && is_caption(&text);
    prose.clear();
    if !text.is_empty() {
        let place = Place { line: first.number, column, part: None };
        pieces.push(Piece::Paragraph(Paragraph { text, place, heading, hidden: false }));
    }
}

/// Lines with tabs, and the lone labels between them. One line alone is a table only right below another.
fn tabbed(lines: &[Line], after_grid: bool) -> Found {
    let has_tab = |line: &Line| line.text.trim_end().contains('\t');
    if !lines.first().is_some_and(has_tab) {
        return None;
    }
    let end = lines.iter().position(|l| is_caption(l.text) && !has_tab(l)).unwrap_or(lines.len());
    let run = lines.get(..end)?;
    let last = run.iter().rposition(has_tab)? + 1;
    if last < 2 && !after_grid {
        return None;
    }
    let mut cells = Cells::new();
    // paragraphs with numbers typed before them are no table
    if !run.iter().take(last).any(|l| l.text.split('\t').skip(1).any(is_value)) {
        return Some((cells, last));
    }
    for (r, line) in run.iter().take(last).enumerate() {
        let mut column = 1;
        for (c, field) in line.text.split('\t').enumerate() {
            let place = Place { line: line.number, column, part: None };
            cells.insert((r, c), entry(unquoted(field).as_str(), place));
            column += field.chars().count() + 1;
        }
    }
    Some((cells, last))
}

/// A field without the quotes that spreadsheets put around it when they copy.
fn unquoted(field: &str) -> String {
    match field.strip_prefix('"').and_then(|f| f.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => field.to_owned(),
    }
}

#[cfg(test)]
mod tests;
