//! CSV and TSV: fields with their places, several tables with blank lines between, titles above and notes below.

use csv::ReaderBuilder;

use super::blocks::{self, Cells};
use super::bounds::{Budget, MOST_TEXT, check_size, refuse};
use super::words::{lines, tidy};
use super::{Document, Entry, Error, Place};

/// Blocks that vote for the delimiter.
const MOST_VOTES: usize = 100;

/// Reads a file of separated fields.
///
/// # Errors
/// No text, too large, or a quote that is never closed.
pub(super) fn read(bytes: Vec<u8>) -> Result<Document, Error> {
    check_size(&bytes, MOST_TEXT)?;
    let text = super::text::decoded(bytes)?;
    let mut budget = Budget::default();
    let cells = cells(&text, delimiter(&text), 0, &mut budget)?;
    Ok(Document { pieces: blocks::pieces(cells, None, &mut Budget::default())?, ..Document::default() })
}

/// The delimiter that most blocks between blank lines vote for; titles, which hold none, do not vote.
pub(super) fn delimiter(text: &str) -> u8 {
    let mut votes = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut vote = |block: &str| {
        let found = crate::text::delimiter(block.as_bytes(), true, &[]);
        if block.as_bytes().contains(&found)
            && let Some((_, count)) = votes.iter_mut().find(|(d, _)| *d == found)
        {
            *count += block.lines().count();
        }
    };
    let (mut block, mut blocks) = (String::new(), 0);
    for line in text.lines().chain([""]) {
        if line.trim().is_empty() && !block.is_empty() {
            vote(&block);
            block.clear();
            blocks += 1;
            if blocks == MOST_VOTES {
                break;
            }
        } else if line.contains([',', ';', '\t', '|']) {
            block.push_str(line);
            block.push('\n');
        }
    }
    // the first of equals, the commonest delimiter
    votes.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(d, _)| *d)
}

/// The fields of a text as cells; `before` lines stand above it. A blank line is a blank row.
///
/// # Errors
/// A quote that is never closed, too many fields.
pub(super) fn cells(text: &str, delimiter: u8, before: usize, budget: &mut Budget) -> Result<Cells, Error> {
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut cells = Cells::new();
    let mut line = 1;
    let mut row = 0;
    let mut at = 0;
    let mut record = csv::StringRecord::new();
    loop {
        let more = reader.read_record(&mut record);
        if !more.map_err(|e| refuse(format!("line {line}: can't be read: {e}"), "save it as UTF-8 text"))? {
            return Ok(cells);
        }
        // blank lines, which the library skips, stand between the end of the last record and the start of this one
        let end = usize::try_from(reader.position().byte()).unwrap_or(text.len()).min(text.len());
        let raw = text.get(at..end).unwrap_or_default();
        let blank: usize = raw.len() - raw.trim_start_matches('\n').len();
        let skipped = lines_in(raw.get(..blank).unwrap_or_default());
        let raw = raw.get(blank..).unwrap_or_default();
        line += skipped;
        row += skipped;
        let (starts, open) = scanned(raw, delimiter);
        if open {
            return Err(refuse(
                format!("line {}: a quote that opens here is never closed", line + before),
                "close it, or double it where it is part of the text",
            ));
        }
        budget.take(record.len())?;
        let last = starts.last().copied().unwrap_or((0, 1));
        let starts = starts.into_iter().chain(std::iter::repeat(last));
        for (c, (field, (down, column))) in record.iter().zip(starts).enumerate() {
            let place = Place { line: line + before + down, column, part: None };
            cells.insert((row, c), entry(field, place));
        }
        line += lines_in(raw);
        row += 1;
        at = end;
    }
}

/// A cell of text: spaces before a label are its indentation.
pub(super) fn entry(field: &str, place: Place) -> Entry {
    let spaces = field.chars().take_while(|c| matches!(c, ' ' | '\u{a0}')).count();
    let indent = if spaces < 2 { 0 } else { spaces / 2 };
    let place = Place { column: place.column + spaces, ..place };
    Entry { text: tidy(field), indent, place, lines: lines(field), ..Entry::default() }
}

fn lines_in(text: &str) -> usize {
    text.bytes().filter(|b| *b == b'\n').count()
}

/// Where each field of a record begins (lines below its first, and column from 1), and whether it ends within quotes.
fn scanned(raw: &str, delimiter: u8) -> (Vec<(usize, usize)>, bool) {
    let (mut quoted, mut begins, mut down, mut column) = (false, true, 0, 1);
    let mut starts = vec![(0, 1)];
    for sign in raw.chars() {
        let parts = !quoted && sign == char::from(delimiter);
        match sign {
            // a doubled quote closes and opens again
            '"' if quoted || begins => quoted = !quoted,
            '\n' => (down, column) = (down + 1, 0),
            _ if parts => starts.push((down, column + 1)),
            _ => {}
        }
        begins = parts || sign == '"' && !quoted;
        column += 1;
    }
    (starts, quoted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::Piece;

    fn grids(text: &str) -> Vec<String> {
        let document = read(text.as_bytes().to_vec()).unwrap();
        let show = |e: &Entry| format!("{}@{}:{}", e.text, e.place.line, e.place.column);
        let piece = |p: &Piece| match p {
            Piece::Paragraph(p) => format!("{}@{}", p.text, p.place.line),
            Piece::Grid(g) => {
                g.rows.iter().map(|r| r.iter().map(show).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("/")
            }
        };
        document.pieces.iter().map(piece).collect()
    }

    #[test]
    fn tables_have_their_titles_and_every_field_its_place() {
        let text = "TABLE 1\nYear,Total\n2013,12\n\n\nTABLE 2,,\n\"Age, in years\",2013,Total\nUnder 10,-,1\n";
        let want = [
            "TABLE 1@1",
            "Year@2:1 Total@2:6/2013@3:1 12@3:6",
            "TABLE 2@6",
            "Age, in years@7:1 2013@7:17 Total@7:22/Under 10@8:1 -@8:10 1@8:12",
        ];
        assert_eq!(grids(text), want);
        assert_eq!(grids(&text.replace('\n', "\r\n")), want);
    }

    #[test]
    fn semicolons_and_tabs_are_found_below_titles_with_commas() {
        assert_eq!(grids("Offences, by year\n\nA;B\nx;1,5\ny;2,5\n").len(), 2);
        assert_eq!(grids("A\tB\nx\t1\n"), ["A@1:1 B@1:3/x@2:1 1@2:3"]);
    }

    #[test]
    fn a_field_of_several_lines_is_one_cell_and_parts_no_table() {
        assert_eq!(grids("A,B\n\"x\n\nz\",1\ny,2\n"), ["A@1:1 B@1:3/x z@2:1 1@4:4/y@5:1 2@5:3"]);
    }

    #[test]
    fn an_open_quote_is_refused_at_its_line() {
        let error = read(b"A,B\nx,1\n\"y,2\nz,3\n".to_vec()).unwrap_err();
        assert!(error.message.starts_with("line 3: a quote"), "{error}");
    }
}
