//! Tables drawn with spaces: columns apart by two spaces or more, or labels that equally many figures follow.

use super::bars::is_rule;
use super::{Found, Line};
use crate::draft::blocks::Cells;
use crate::draft::words::{is_caption, is_note, is_value, is_year, tidy};
use crate::draft::{Entry, Paragraph, Piece, Place};

/// Words that a label of a table without columns may have; a sentence has more.
const MOST_WORDS: usize = 8;

/// Lines without a gap behind each other within a table: headings of groups and their parts.
const MOST_LONE: usize = 2;

/// A text between wide gaps: columns from the first to beyond the last, from 0.
#[derive(Clone, Debug)]
pub(in crate::draft) struct Segment {
    /// Its first column.
    pub start: usize,
    /// The column after its last.
    pub end: usize,
    /// What it says.
    pub text: String,
    /// Where each of its words begins and ends.
    pub words: Vec<(usize, usize)>,
}

/// A table of aligned columns that begins with the first line; no cells where it is not certain what stands in which.
pub(super) fn columns(lines: &[Line]) -> Found {
    let split = run(lines);
    let last = split.iter().rposition(|s| s.len() > 1)? + 1;
    let most = split.iter().map(Vec::len).max()?;
    let rows = split.into_iter().zip(lines).take(last).filter(|(row, _)| !row.is_empty());
    let (rows, numbers): (Vec<Vec<Segment>>, Vec<usize>) =
        rows.map(|(row, line)| (refined(row, most), line.number)).unzip();
    let wide: Vec<&Vec<Segment>> = rows.iter().filter(|s| s.len() > 1).collect();
    if wide.len() < 2 || wide.len() * 2 < rows.len() || !holds_figures(&wide, most) {
        return Some((Cells::new(), last));
    }
    let columns = spans(&wide);
    let mut cells = Cells::new();
    for (r, (row, line)) in rows.iter().zip(numbers).enumerate() {
        let Some(columns_of_row) = assigned(row, &columns) else { return Some((Cells::new(), last)) };
        for (c, column) in columns.iter().enumerate() {
            let place = Place { line, column: column.start + 1, part: None };
            cells.insert((r, c), Entry { place, ..Entry::default() });
        }
        for (c, segment) in columns_of_row.into_iter().zip(row) {
            let place = Place { line, column: segment.start + 1, part: None };
            let indent = if c == 0 { segment.start.saturating_sub(columns.first()?.start) / 2 } else { 0 };
            cells.insert((r, c), Entry { text: tidy(&segment.text), place, indent, ..Entry::default() });
        }
    }
    Some((cells, last))
}

/// Whether these rows are of a table: half of what stands behind their first texts are values, or most of one column of the
/// full rows are, words behind the number that others have as well ("12 calls") left aside.
fn holds_figures(wide: &[&Vec<Segment>], most: usize) -> bool {
    let others: Vec<&Segment> = wide.iter().flat_map(|s| s.iter().skip(1)).collect();
    let values = others.iter().filter(|s| is_value(&s.text)).count();
    let unit = |text: &str| {
        let (number, unit) = text.trim().split_once(' ')?;
        is_value(number).then(|| unit.trim().to_owned()).filter(|_| number.starts_with(|c: char| c.is_ascii_digit()))
    };
    let full: Vec<&&Vec<Segment>> = wide.iter().filter(|r| r.len() == most).collect();
    let column = |c: usize| {
        let texts: Vec<&str> = full.iter().filter_map(|r| r.get(c)).map(|s| s.text.as_str()).collect();
        let units: Vec<String> = texts.iter().filter_map(|t| unit(t)).collect();
        let shared = |t: &str| unit(t).is_some_and(|u| units.iter().filter(|o| **o == u).count() > 1);
        let values = texts.iter().filter(|t| is_value(t) || shared(t)).count();
        texts.len() > 2 && values * 3 >= texts.len() * 2
    };
    values * 2 >= others.len() || (1..most).any(column)
}

/// The lines that may be one table, split at their gaps: from one with a gap to the last before a caption, or before too
/// many lines without a gap.
fn run(lines: &[Line]) -> Vec<Vec<Segment>> {
    let mut split = Vec::new();
    let mut lone = 0;
    for line in lines {
        if !split.is_empty() && is_rule(line.text) {
            split.push(Vec::new());
            continue;
        }
        let segments = segments(line);
        let (first, others) = segments.split_first().map_or(("", [].as_slice()), |(f, o)| (f.text.as_str(), o));
        // a footnote may stand apart from its mark
        let marked = !split.is_empty() && !first.contains(char::is_alphanumeric) && is_note(line.text);
        if (is_note(first) || marked) && !others.iter().any(|s| is_value(&s.text)) {
            break;
        }
        lone = if segments.len() > 1 { 0 } else { lone + 1 };
        let ends = lone > if split.is_empty() { 0 } else { MOST_LONE };
        if ends || line.text.contains('\t') || is_caption(line.text) {
            break;
        }
        split.push(segments);
    }
    split
}

fn segments(line: &Line) -> Vec<Segment> {
    if let Some(known) = line.segments {
        return known.to_vec();
    }
    let mut segments: Vec<Segment> = Vec::new();
    let mut spaces = 2;
    for (i, sign) in line.text.chars().enumerate() {
        if matches!(sign, ' ' | '\u{a0}') {
            spaces += 1;
            continue;
        }
        match segments.last_mut() {
            Some(last) if spaces < 2 => {
                last.text.extend((0..spaces).map(|_| ' '));
                last.text.push(sign);
                last.end = i + 1;
                match last.words.last_mut() {
                    Some(word) if spaces == 0 => word.1 = i + 1,
                    _ => last.words.push((i, i + 1)),
                }
            }
            _ => segments.push(Segment { start: i, end: i + 1, text: sign.to_string(), words: vec![(i, i + 1)] }),
        }
        spaces = 0;
    }
    segments
}

/// A column: where its texts begin and end, and whether they end alike rather than begin alike.
#[derive(Clone, Debug)]
struct Column {
    start: usize,
    end: usize,
    ends_alike: bool,
}

impl Column {
    fn of(segments: &[&Segment]) -> Option<Column> {
        let (starts, ends) = (|| segments.iter().map(|s| s.start), || segments.iter().map(|s| s.end));
        let (start, end) = (starts().min()?, ends().max()?);
        let ends_alike = end - ends().min()? <= starts().max()? - start;
        Some(Column { start, end, ends_alike })
    }
}

/// The columns: those of the rows that have most, and figures of other rows that stand beside all of these.
fn spans(rows: &[&Vec<Segment>]) -> Vec<Column> {
    let most = rows.iter().map(|r| r.len()).max().unwrap_or(0);
    let full: Vec<&&Vec<Segment>> = rows.iter().filter(|r| r.len() == most).collect();
    let column = |c: usize| Column::of(&full.iter().filter_map(|row| row.get(c)).collect::<Vec<_>>());
    let mut columns: Vec<Column> = (0..most).filter_map(column).collect();
    for segment in rows.iter().filter(|r| r.len() < most).flat_map(|r| r.iter().skip(1)) {
        let beside = columns.iter().all(|c| segment.start >= c.end + 2 || segment.end + 2 <= c.start);
        let outside = columns.last().is_some_and(|c| segment.start > c.end);
        if beside && outside && is_value(&segment.text) {
            columns.extend(Column::of(&[segment]));
        }
    }
    columns
}

/// The column of each segment of a row; none where two would share one, so that it is not certain what stands where.
fn assigned(row: &[Segment], columns: &[Column]) -> Option<Vec<usize>> {
    if row.len() == columns.len() {
        return Some((0..row.len()).collect());
    }
    let mut assigned: Vec<usize> = Vec::new();
    for segment in row {
        let shared = |c: &Column| segment.end.min(c.end).saturating_sub(segment.start.max(c.start));
        // a header above several columns stands in the first
        let column = match columns.iter().position(|c| shared(c) > 0) {
            Some(over) => over,
            None => between(segment, columns),
        };
        if assigned.last().is_some_and(|l| *l >= column) {
            return None;
        }
        assigned.push(column);
    }
    Some(assigned)
}

/// The column of a text that stands in a gap: the room to the left of figures that end alike is theirs.
fn between(segment: &Segment, columns: &[Column]) -> usize {
    let next = columns.iter().position(|c| c.start >= segment.end).unwrap_or(columns.len());
    let right = columns.get(next).is_some_and(|c| c.ends_alike);
    if right || next == 0 { next.min(columns.len().saturating_sub(1)) } else { next - 1 }
}

/// A row with the texts apart that stand so close that they looked like one: figures beside each other, and a marker
/// behind a label. Only where that makes as many as the fullest row has.
fn refined(row: Vec<Segment>, most: usize) -> Vec<Segment> {
    if row.len() < 2 || row.len() >= most {
        return row;
    }
    let mut apart: Vec<Segment> = Vec::new();
    for (i, segment) in row.iter().enumerate() {
        let words: Vec<&str> = segment.text.split_whitespace().collect();
        // the groups of a number, "1 234", stay together
        let grouped = words.iter().skip(1).all(|w| w.len() == 3 && w.chars().all(|c| c.is_ascii_digit()));
        let sign = |w: &str| !w.contains(char::is_alphanumeric);
        let at = match i {
            0 if words.len() > 1 && words.last().is_some_and(|w| sign(w)) => words.len() - 1,
            0 => words.len(),
            _ if !grouped && words.iter().all(|w| is_value(w)) => 1,
            _ => words.len(),
        };
        if at >= words.len() || words.len() != segment.words.len() {
            apart.push(segment.clone());
            continue;
        }
        let piece = |from: usize, to: usize| {
            let (places, texts) = (segment.words.get(from..to)?, words.get(from..to)?);
            let (start, end) = (places.first()?.0, places.last()?.1);
            Some(Segment { start, end, text: texts.join(" "), words: places.to_vec() })
        };
        apart.extend(piece(0, at));
        apart.extend((at..words.len()).filter_map(|w| piece(w, w + 1)));
    }
    if apart.len() == most { apart } else { row }
}

/// A table without alignment that takes all lines: every line but one or two at the top ends in equally many figures.
/// Where there are wide gaps, columns mean something, and counting figures would shift them.
pub(super) fn loose(lines: &[Line]) -> Found {
    let end = lines.iter().position(|l| is_caption(l.text)).unwrap_or(lines.len());
    let lines = lines.get(..end).filter(|l| !l.is_empty())?;
    if lines.iter().any(|l| segments(l).len() > 1) {
        return None;
    }
    let words: Vec<Vec<(usize, &str)>> = lines.iter().map(|l| words(l.text)).collect();
    let figures: Vec<usize> = words.iter().map(|w| w.iter().rev().take_while(|(_, t)| is_figure(t)).count()).collect();
    let body =
        figures.iter().skip(1).position(|n| *n > 0).map(|i| if figures.first() == Some(&0) { i + 1 } else { 0 })?;
    let most = figures.get(body..)?.iter().copied().min()?;
    // a line of figures alone has no label: one of them is it
    let count = words.get(body..)?.iter().map(|w| w.len().saturating_sub(1)).min()?.min(most);
    let labels_short = words.iter().all(|w| w.len().saturating_sub(count) <= MOST_WORDS);
    if body > 2 || count == 0 || lines.len() < body + 2 || lines.len() < 3 || !labels_short {
        return None;
    }
    // a header with years tells how many figures a row has: with blanks among them, it is not certain which are there
    let years = |words: &[(usize, &str)]| words.iter().position(|(_, t)| is_year(t)).map(|at| words.len() - at);
    if words.iter().take(body).filter_map(|w| years(w)).any(|n| n != count) {
        return Some((Cells::new(), lines.len()));
    }
    let mut cells = Cells::new();
    for (r, (line, words)) in lines.iter().zip(&words).enumerate() {
        let (label, values) = words.split_at(words.len().saturating_sub(count));
        let label_text = label.iter().map(|(_, t)| *t).collect::<Vec<_>>().join(" ");
        let first = (0, label.first().map_or(0, |(at, _)| *at), label_text);
        let others = values.iter().enumerate().map(|(c, (at, text))| (c + 1, *at, (*text).to_owned()));
        for (c, at, text) in std::iter::once(first).chain(others) {
            let place = Place { line: line.number, column: at + 1, part: None };
            cells.insert((r, c), Entry { text: tidy(&text), place, ..Entry::default() });
        }
    }
    Some((cells, lines.len()))
}

/// Whether lines that are no table look drawn as one: figures of their own stand behind gaps on two of them.
pub(super) fn is_drawn(lines: &[Line]) -> bool {
    let figure = |s: &Segment| is_value(&s.text) && s.text.contains(|c: char| c.is_ascii_digit()) && !is_year(&s.text);
    let figures = |line: &&Line| !line.text.contains('\t') && segments(line).iter().skip(1).any(figure);
    lines.iter().filter(figures).count() > 1
}

/// Lines as one text that keeps their gaps, at least two blanks each.
pub(super) fn as_drawn(lines: &[Line]) -> Option<Piece> {
    let place = Place { line: lines.first()?.number, column: 1, part: None };
    let text = |line: &Line| {
        let segments = segments(line);
        let parts: Vec<String> = match segments.len() {
            0 | 1 => words(line.text).into_iter().map(|(_, w)| w.to_owned()).collect(),
            _ => segments.iter().map(|s| tidy(&s.text)).collect(),
        };
        parts.join("  ")
    };
    let text = lines.iter().map(text).collect::<Vec<_>>().join("\n");
    Some(Piece::Paragraph(Paragraph { text, place, heading: false, hidden: false }))
}

/// Words with the column in which each begins, from 0.
fn words(text: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut column = 0;
    for word in text.split(char::is_whitespace) {
        if !word.is_empty() {
            words.push((column, word));
        }
        column += word.chars().count() + 1;
    }
    words
}

/// A figure or a marker that can't be a word of a sentence.
fn is_figure(text: &str) -> bool {
    let marker = !text.contains(char::is_alphabetic) || text.starts_with('[');
    is_value(text) && marker && !text.ends_with(['.', ',', ':']) || [".", "..", "...", "c", "x"].contains(&text)
}
