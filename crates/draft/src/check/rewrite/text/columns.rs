//! Columns of a table in a text that go: the signs of each line that do.
//!
//! Fields go with the delimiter before them, cells between bars with the bar before them, and columns that are only aligned
//! with the blanks before them, up to where the column ends in every line.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::super::trims::{Trim, TrimRow};

type Cut = BTreeMap<usize, Vec<Range<usize>>>;

/// What goes from each line, in signs. `None` where columns can't be told apart.
pub(super) fn cut(lines: &[String], trim: &Trim, format: &str, cut: &mut Cut) -> Option<()> {
    if trim.gone.is_empty() {
        return Some(());
    }
    let numbers: BTreeSet<usize> = trim.lines().map(|l| l.0).collect();
    let signs = |number: usize| -> Option<Vec<char>> { Some(lines.get(number.checked_sub(1)?)?.chars().collect()) };
    let first = signs(*numbers.first()?)?;
    if format != "csv" && bars(&first).len() > trim.rows.first()?.cells.len().saturating_sub(2) {
        return between_bars(lines, trim, &numbers, cut);
    }
    let delimiter = if first.contains(&'\t') { Some('\t') } else { None };
    if format == "csv" || delimiter.is_some() {
        for row in &trim.rows {
            let Some(number) = line_of(row) else { continue };
            fields(&signs(number)?, row, trim, cut.entry(number).or_default());
        }
        return Some(());
    }
    aligned(lines, trim, cut)
}

fn line_of(row: &TrimRow) -> Option<usize> {
    row.cells.iter().map(|c| c.place.line).find(|l| *l > 0)
}

/// Fields of a line with delimiters between.
fn fields(signs: &[char], row: &TrimRow, trim: &Trim, into: &mut Vec<Range<usize>>) {
    let end = signs.iter().position(|c| matches!(c, '\n' | '\r')).unwrap_or(signs.len());
    // fields that are there; those that are missing at the end stand behind them
    let starts: Vec<usize> = row.cells.iter().map(|c| c.place.column.saturating_sub(1)).collect();
    for &column in &trim.gone {
        let Some(&start) = starts.get(column) else { continue };
        let there = start <= end
            && (column == 0 || start > 0 && signs.get(start - 1).is_some_and(|c| matches!(c, ',' | ';' | '\t' | '|')));
        if !there {
            continue;
        }
        let next = starts.get(column + 1).copied().filter(|n| *n > start && *n <= end);
        match (column, next) {
            (0, Some(next)) => into.push(start..next),
            (0, None) => into.push(start..end),
            (_, Some(next)) => into.push(start - 1..next - 1),
            (_, None) => into.push(start - 1..end),
        }
    }
}

/// Where the bars of a line stand.
fn bars(signs: &[char]) -> Vec<usize> {
    let escaped = |at: usize| at > 0 && signs.get(at - 1) == Some(&'\\');
    signs.iter().enumerate().filter(|(at, c)| **c == '|' && !escaped(*at)).map(|(at, _)| at).collect()
}

/// Cells between bars, and the rules that part rows.
fn between_bars(lines: &[String], trim: &Trim, numbers: &BTreeSet<usize>, cut: &mut Cut) -> Option<()> {
    let (first, last) = (*numbers.first()?, *numbers.last()?);
    // rules above and below the table are its own
    for number in first.saturating_sub(1).max(1)..=last + 1 {
        let Some(line) = lines.get(number - 1) else { continue };
        let signs: Vec<char> = line.trim_end_matches(['\n', '\r']).chars().collect();
        let rule = !signs.is_empty()
            && signs.iter().all(|c| matches!(c, '|' | '+' | '-' | '=' | ':' | ' '))
            && signs.contains(&'-');
        if !rule && !numbers.contains(&number) {
            continue;
        }
        let marks: Vec<usize> = match rule {
            true => signs.iter().enumerate().filter(|(_, c)| matches!(c, '|' | '+')).map(|m| m.0).collect(),
            false => bars(&signs),
        };
        let leads = signs.iter().position(|c| *c != ' ').is_some_and(|at| marks.first() == Some(&at));
        let into = cut.entry(number).or_default();
        for &column in &trim.gone {
            let range = match (leads, column) {
                (true, c) => *marks.get(c)?..*marks.get(c + 1).unwrap_or(&signs.len()),
                (false, 0) => 0..marks.first()? + 1,
                (false, c) => *marks.get(c - 1)?..*marks.get(c).unwrap_or(&signs.len()),
            };
            into.push(range);
        }
    }
    Some(())
}

/// Columns that end, or begin, at the same place in every line.
fn aligned(lines: &[String], trim: &Trim, cut: &mut Cut) -> Option<()> {
    let width = trim.rows.iter().map(|r| r.cells.len()).max()?;
    // per column, where it begins and ends over all lines
    let mut spans: Vec<Option<(usize, usize)>> = vec![None; width];
    for row in &trim.rows {
        for (column, cell) in row.cells.iter().enumerate() {
            let (Some(start), false) = (cell.place.column.checked_sub(1), cell.text.is_empty() || cell.merged) else {
                continue;
            };
            let end = start + cell.text.chars().count();
            let span = spans.get_mut(column)?;
            *span = Some(span.map_or((start, end), |(s, e)| (s.min(start), e.max(end))));
        }
    }
    let spans: Vec<(usize, usize)> = spans.into_iter().collect::<Option<_>>()?;
    // a text that reaches into the next column leaves none apart
    if spans.windows(2).any(|w| matches!(w, [a, b] if a.1 > b.0)) {
        return None;
    }
    for row in &trim.rows {
        let Some(number) = line_of(row) else { continue };
        let line = lines.get(number.checked_sub(1)?)?;
        let length = line.trim_end_matches(['\n', '\r']).chars().count();
        let into = cut.entry(number).or_default();
        for &column in &trim.gone {
            let (start, end) = *spans.get(column)?;
            let from = column.checked_sub(1).and_then(|c| spans.get(c)).map_or(start, |s| s.1);
            let to = if column == 0 { spans.get(1).map_or(end, |s| s.0) } else { end };
            if from < length {
                into.push(from..to.min(length));
            }
        }
    }
    Some(())
}

/// Takes those ranges out of a line that lie at or behind a column (from 1), the last one first.
pub(super) fn behind(line: &mut String, ranges: &mut Vec<Range<usize>>, column: usize) -> Option<()> {
    ranges.sort_by_key(|r| r.start);
    while ranges.last().is_some_and(|r| r.start + 1 >= column) {
        let range = ranges.pop()?;
        let signs: Vec<char> = line.chars().collect();
        *line = signs.get(..range.start)?.iter().chain(signs.get(range.end..)?).collect();
    }
    Some(())
}
