//! Tables found on a sheet: blocks of filled cells with blank rows or columns between, titles above, notes below.
//!
//! 1. A blank row parts a sheet; a blank column does if what is right of it has labels of its own.
//! 2. A lone text in the first column above a block is a title, below it a note; a title in the middle begins a table.
//! 3. A block without a header of its own goes on with the block above it: somebody left a row free above the total.

use std::collections::BTreeMap;

use super::bounds::Budget;
use super::words::{is_caption, is_note, is_value, is_year};
use super::{Entry, Error, Grid, Paragraph, Piece, Place};

/// Cells of a sheet by row and column, from 0.
pub(super) type Cells = BTreeMap<(usize, usize), Entry>;

/// Blank columns that part tables whatever stands right of them.
const WIDE: usize = 3;
/// Cells of an area that is filled up with blank ones to its right end.
const SPARSE: usize = 200_000;
/// How often parts are parted again: rows and columns in turn.
const ROUNDS: usize = 32;

/// The tables and texts of a sheet in reading order. `part` names the sheet; none for a text file.
///
/// # Errors
/// More cells than the budget has left.
pub(super) fn pieces(cells: Cells, part: Option<&str>, budget: &mut Budget) -> Result<Vec<Piece>, Error> {
    let mut filled = Vec::new();
    let mut rest = BTreeMap::new();
    for (at, entry) in cells {
        let counts = !entry.merged && (!entry.text.is_empty() || entry.stored.is_some());
        if counts {
            filled.push((at, entry));
        } else {
            rest.insert(at, entry);
        }
    }
    let mut pieces = Vec::new();
    for block in parted(filled, ROUNDS) {
        let rows = dense(block, &mut rest, part, budget)?;
        pieces.extend(titled(rows, part));
    }
    Ok(rejoined(pieces))
}

/// The tables within a table of a page or text: where somebody drew several in one grid, or put titles and notes into it,
/// they are found as on a sheet. `name` is that of the grid, if it has one.
///
/// # Errors
/// More cells than the budget has left.
pub(super) fn within(
    rows: Vec<Vec<Entry>>,
    name: Option<&str>,
    part: &str,
    budget: &mut Budget,
) -> Result<Vec<Piece>, Error> {
    let cells = rows
        .into_iter()
        .enumerate()
        .flat_map(|(r, row)| row.into_iter().enumerate().map(move |(c, entry)| ((r, c), entry)));
    let mut pieces = pieces(cells.collect(), Some(part), budget)?;
    for piece in &mut pieces {
        if let Piece::Grid(grid) = piece {
            grid.name = name.map(str::to_owned);
        }
    }
    Ok(pieces)
}

/// First and last cell of an area that is merged.
pub(super) type Area = ((usize, usize), (usize, usize));

/// Gives every cell of merged areas the text of the first one; returns what stood in the others.
///
/// # Errors
/// More cells than the budget has left.
pub(super) fn merge(cells: &mut Cells, areas: &[Area], part: &str, budget: &mut Budget) -> Result<Vec<Entry>, Error> {
    // nothing is filled in beyond the last cell that is used
    let used = |at: fn(&(usize, usize)) -> usize| cells.keys().map(at).max().unwrap_or(0);
    let (last_row, last_column) = (used(|k| k.0), used(|k| k.1));
    let mut below = Vec::new();
    for (first, last) in areas {
        let Some(origin) = cells.get(first).cloned() else { continue };
        let (bottom, right) = (last.0.min(last_row), last.1.min(last_column));
        budget.take((bottom + 1).saturating_sub(first.0).saturating_mul((right + 1).saturating_sub(first.1)))?;
        for row in first.0..=bottom {
            for column in first.1..=right {
                if (row, column) != *first {
                    let place = blank(row, column, Some(part)).place;
                    let merged = Entry { place, merged: true, stored: None, formula: None, ..origin.clone() };
                    below.extend(cells.insert((row, column), merged).filter(|e| !e.merged));
                }
            }
        }
    }
    Ok(below)
}

type Cell = ((usize, usize), Entry);

/// Blocks with nothing blank across.
fn parted(cells: Vec<Cell>, rounds: usize) -> Vec<Vec<Cell>> {
    if rounds == 0 {
        return vec![cells];
    }
    let by_rows = groups(cells, |c| c.0.0, |_, _| true);
    if by_rows.len() > 1 {
        return by_rows.into_iter().flat_map(|part| parted(part, rounds - 1)).collect();
    }
    let whole: Vec<Cell> = by_rows.into_iter().flatten().collect();
    let by_columns = groups(whole, |c| c.0.1, |gap, right| gap >= WIDE || has_labels(right));
    if by_columns.len() > 1 {
        return by_columns.into_iter().flat_map(|part| parted(part, rounds - 1)).collect();
    }
    by_columns
}

/// Groups of cells between gaps along one direction; a gap of so many blank lines counts where `parts` says so of what
/// follows it.
fn groups(mut cells: Vec<Cell>, along: fn(&Cell) -> usize, parts: fn(usize, &[Cell]) -> bool) -> Vec<Vec<Cell>> {
    cells.sort_by_key(|c| (along(c), c.0));
    let mut runs: Vec<(usize, Vec<Cell>)> = Vec::new();
    let mut last = None;
    for cell in cells {
        let at = along(&cell);
        let gap = last.map_or(0, |l: usize| at.saturating_sub(l + 1));
        last = Some(at);
        match runs.last_mut() {
            Some((_, run)) if gap == 0 => run.push(cell),
            _ => runs.push((gap, vec![cell])),
        }
    }
    let mut groups: Vec<Vec<Cell>> = Vec::new();
    for (gap, run) in runs {
        match groups.last_mut() {
            Some(before) if !parts(gap, &run) => before.extend(run),
            _ => groups.push(run),
        }
    }
    groups
}

/// Whether cells begin with a column of labels, so that they are a table of their own.
fn has_labels(cells: &[Cell]) -> bool {
    let first = cells.iter().map(|c| c.0.1).min();
    let column: Vec<&str> = cells.iter().filter(|c| Some(c.0.1) == first).map(|c| c.1.text.as_str()).collect();
    // "M" and "F" are labels here
    let is_label = |t: &&&str| !is_value(t) || is_year(t) || t.chars().all(char::is_alphabetic);
    let labels = column.iter().filter(is_label).count();
    column.len() > 1 && labels * 2 > column.len()
}

/// The rows from the first to the last filled cell, with all that stands between.
fn dense(
    block: Vec<Cell>,
    rest: &mut Cells,
    part: Option<&str>,
    budget: &mut Budget,
) -> Result<Vec<Vec<Entry>>, Error> {
    let (Some(top), Some(bottom)) = (block.iter().map(|c| c.0.0).min(), block.iter().map(|c| c.0.0).max()) else {
        return Ok(Vec::new());
    };
    let (Some(left), Some(right)) = (block.iter().map(|c| c.0.1).min(), block.iter().map(|c| c.0.1).max()) else {
        return Ok(Vec::new());
    };
    // where most is blank, a row ends with its last filled cell
    let wide = (bottom - top + 1).saturating_mul(right - left + 1) > SPARSE;
    let mut ends: BTreeMap<usize, usize> = BTreeMap::new();
    for (row, column) in block.iter().map(|c| c.0).filter(|_| wide) {
        let end = ends.entry(row).or_insert(column);
        *end = column.max(*end);
    }
    let last = |row: usize| if wide { ends.get(&row).copied().unwrap_or(left) } else { right };
    budget.span((top..=bottom).map(|row| last(row) - left + 1).sum())?;
    let mut cells: Cells = block.into_iter().collect();
    let mut rows = Vec::new();
    for r in top..=bottom {
        let mut row: Vec<Entry> = Vec::new();
        for c in left..=last(r) {
            let entry = cells.remove(&(r, c)).or_else(|| rest.remove(&(r, c)));
            row.push(entry.unwrap_or_else(|| blank(r, c, part)));
        }
        // in a text, a missing field stands on the line of those that are there, behind them
        if part.is_none() {
            let line = row.iter().map(|e| e.place.line).find(|l| *l > 0).unwrap_or(0);
            let mut before = 0;
            for place in row.iter_mut().map(|e| &mut e.place) {
                if place.line == 0 {
                    *place = Place { line, column: before + 1, part: None };
                }
                before = place.column;
            }
        }
        rows.push(row);
    }
    Ok(rows)
}

fn blank(row: usize, column: usize, part: Option<&str>) -> Entry {
    let place = match part {
        Some(part) => Place { line: row + 1, column: column + 1, part: Some(part.to_owned()) },
        None => Place::default(),
    };
    Entry { place, ..Entry::default() }
}

/// A block's rows as titles, tables and notes.
fn titled(rows: Vec<Vec<Entry>>, part: Option<&str>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut table: Vec<Vec<Entry>> = Vec::new();
    for row in rows {
        match lone(&row) {
            Some(text) if table.is_empty() || is_caption(text) => {
                close(&mut table, part, &mut pieces);
                pieces.extend(lone_paragraph(row));
            }
            _ => table.push(row),
        }
    }
    close(&mut table, part, &mut pieces);
    pieces
}

/// Ends a table: its last rows are notes if they look like it; what is left of a single column is text.
fn close(table: &mut Vec<Vec<Entry>>, part: Option<&str>, pieces: &mut Vec<Piece>) {
    let mut notes = Vec::new();
    while table.last().and_then(|row| lone(row)).is_some_and(is_note) {
        notes.extend(table.pop().and_then(lone_paragraph));
    }
    let rows = std::mem::take(table);
    if !rows.is_empty() {
        pieces.push(Piece::Grid(Grid { name: part.map(str::to_owned), rows }));
    }
    pieces.extend(notes.into_iter().rev());
}

/// The text of a row that holds nothing but a text in its first column.
fn lone(row: &[Entry]) -> Option<&str> {
    let (first, others) = row.split_first()?;
    let alone = !first.merged && others.iter().all(|e| e.merged || e.text.is_empty() && e.stored.is_none());
    (alone && !first.text.is_empty() && !is_value(&first.text)).then_some(first.text.as_str())
}

fn lone_paragraph(row: Vec<Entry>) -> Option<Piece> {
    let entry = row.into_iter().next()?;
    let heading = entry.bold || is_caption(&entry.text);
    Some(Piece::Paragraph(Paragraph { text: entry.text, place: entry.place, heading, hidden: entry.hidden }))
}

/// Grids without a header of their own, joined to the grid directly before them.
pub(super) fn rejoined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (joined.last_mut(), piece) {
            (Some(Piece::Grid(before)), Piece::Grid(grid)) if goes_on(before, &grid) => before.rows.extend(grid.rows),
            (_, piece) => joined.push(piece),
        }
    }
    joined
}

fn goes_on(before: &Grid, grid: &Grid) -> bool {
    let width = |g: &Grid| g.rows.first().into_iter().chain(g.rows.last()).map(Vec::len).max().unwrap_or(0);
    let column = |g: &Grid| g.rows.first().and_then(|r| r.first()).map(|e| e.place.column);
    let Some((label, values)) = grid.rows.first().and_then(|row| row.split_first()) else { return false };
    let values: Vec<&str> = values.iter().map(|e| e.text.as_str()).filter(|t| !t.is_empty()).collect();
    let figures = !values.is_empty() && values.iter().all(|t| is_value(t)) && !values.iter().all(|t| is_year(t));
    !label.text.is_empty()
        && !label.merged
        && figures
        && before.rows.len() > 1
        && width(grid) <= width(before)
        && column(grid) == column(before)
        && before.name == grid.name
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sheet drawn with a sign per cell; dots are blank.
    fn sheet(rows: &[&str]) -> Cells {
        let mut cells = Cells::new();
        for (r, row) in rows.iter().enumerate() {
            for (c, text) in row.split('|').enumerate() {
                let place = Place { line: r + 1, column: c + 1, part: Some("S".to_owned()) };
                let text = text.trim();
                if !text.is_empty() {
                    let merged = text == "^";
                    cells.insert((r, c), Entry { text: text.to_owned(), place, merged, ..Entry::default() });
                }
            }
        }
        cells
    }

    fn drawn(rows: &[&str]) -> Vec<String> {
        let pieces = pieces(sheet(rows), Some("S"), &mut Budget::default()).unwrap();
        let row = |row: &Vec<Entry>| row.iter().map(|e| e.text.as_str()).collect::<Vec<_>>().join("|");
        let text = |piece: &Piece| match piece {
            Piece::Paragraph(p) => format!("{}{}", if p.heading { "# " } else { "" }, p.text),
            Piece::Grid(g) => g.rows.iter().map(row).collect::<Vec<_>>().join("/"),
        };
        pieces.iter().map(text).collect()
    }

    #[test]
    fn tables_below_each_other_are_parted_by_blank_rows_and_by_captions() {
        let rows = ["Table 1", "A|Total", "x|1", "", "Table 2", "B|Total", "y|2", "Table 3", "C|Total", "z|3"];
        let want = ["# Table 1", "A|Total/x|1", "# Table 2", "B|Total/y|2", "# Table 3", "C|Total/z|3"];
        assert_eq!(drawn(&rows), want);
    }

    #[test]
    fn tables_beside_each_other_are_parted_where_the_right_one_has_labels() {
        let rows = ["Table 1|||Table 2", "A|Total||B|Total", "x|1||y|2", "|||z|3"];
        assert_eq!(drawn(&rows), ["# Table 1", "A|Total/x|1", "# Table 2", "B|Total/y|2/z|3"]);
    }

    #[test]
    fn a_blank_column_before_figures_parts_nothing() {
        assert_eq!(drawn(&["A|2013||2014", "x|1||2", "y|3||4"]), ["A|2013||2014/x|1||2/y|3||4"]);
    }

    #[test]
    fn a_total_below_a_blank_row_belongs_to_its_table_and_a_header_of_years_does_not() {
        assert_eq!(drawn(&["A|Cases", "x|1", "y|2", "", "Total|3"]), ["A|Cases/x|1/y|2/Total|3"]);
        assert_eq!(drawn(&["A|2013", "x|1", "", "B|2013", "y|2"]), ["A|2013/x|1", "B|2013/y|2"]);
    }

    #[test]
    fn notes_below_are_text_and_labels_without_values_stay() {
        let rows = ["A|Cases", "x|1", "Unknown", "* to 16 July 2015", "Source: our files"];
        assert_eq!(drawn(&rows), ["A|Cases/x|1/Unknown|", "* to 16 July 2015", "Source: our files"]);
    }

    #[test]
    fn a_merged_title_is_a_title_and_a_merged_header_is_not() {
        let rows = ["Report|^|^", "A|Year|^", "|2013|2014", "x|1|2"];
        assert_eq!(drawn(&rows), ["Report", "A|Year|^/|2013|2014/x|1|2"]);
    }
}
