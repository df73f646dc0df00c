//! Rows and columns that a remedy takes out of a table, as the cells of the file that go.

use std::collections::{BTreeMap, BTreeSet};

use crate::draft::{Document, Piece, Place};

/// Rows and columns that go from a table of a draft.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cut {
    /// Number of the file.
    pub file: usize,
    /// The piece of the document that the table is in.
    pub piece: usize,
    /// The rows of that grid that make the table.
    pub rows: Vec<usize>,
    /// Those of them that go.
    pub gone_rows: Vec<usize>,
    /// The columns that go, by their number in each row.
    pub gone_columns: Vec<usize>,
}

/// A cell of a table that loses rows or columns.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TrimCell {
    /// Where it stands.
    pub place: Place,
    /// What it shows.
    pub text: String,
    /// It continues a merged cell.
    pub merged: bool,
}

/// A row of such a table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TrimRow {
    /// The whole row goes.
    pub goes: bool,
    /// Its cells.
    pub cells: Vec<TrimCell>,
}

/// A table that loses rows or columns.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Trim {
    /// Its rows, those that go as well.
    pub rows: Vec<TrimRow>,
    /// The numbers of the columns that go.
    pub gone: BTreeSet<usize>,
}

impl Trim {
    /// The sheet or table that it stands in.
    pub fn part(&self) -> Option<&str> {
        self.rows.iter().flat_map(|r| &r.cells).find_map(|c| c.place.part.as_deref())
    }

    /// The number of a table that is one of several in a page or text.
    pub fn table(&self) -> Option<usize> {
        self.part()?.strip_prefix("table ")?.parse().ok()
    }

    /// The lines of its rows, and whether they go.
    pub fn lines(&self) -> impl Iterator<Item = (usize, bool)> + '_ {
        self.rows.iter().filter_map(|r| Some((r.cells.iter().map(|c| c.place.line).find(|l| *l > 0)?, r.goes)))
    }

    /// First and last column of its cells in the file, and the columns that go.
    pub fn columns(&self) -> Option<(usize, usize, BTreeSet<usize>)> {
        let all = || self.rows.iter().flat_map(|r| r.cells.iter().enumerate());
        let at = |c: &TrimCell| c.place.column;
        let (first, last) = (all().map(|c| at(c.1)).min()?, all().map(|c| at(c.1)).max()?);
        let gone = all().filter(|(n, _)| self.gone.contains(n)).map(|(_, c)| at(c)).collect();
        Some((first, last, gone))
    }
}

/// A document without what goes, and the tables that it goes from. `None` where a cut names what is not there.
pub(super) fn trimmed(before: &Document, cuts: &[Cut]) -> Option<(Document, Vec<Trim>)> {
    let mut document = before.clone();
    let mut trims = Vec::new();
    let mut rows_gone: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for cut in cuts {
        let Piece::Grid(grid) = document.pieces.get_mut(cut.piece)? else { return None };
        let gone: BTreeSet<usize> = cut.gone_columns.iter().copied().collect();
        let mut rows = Vec::new();
        for &number in &cut.rows {
            let row = grid.rows.get_mut(number)?;
            let cell =
                |e: &crate::draft::Entry| TrimCell { place: e.place.clone(), text: e.text.clone(), merged: e.merged };
            rows.push(TrimRow { goes: cut.gone_rows.contains(&number), cells: row.iter().map(cell).collect() });
            let mut column = 0;
            row.retain(|_| {
                column += 1;
                !gone.contains(&(column - 1))
            });
        }
        rows_gone.entry(cut.piece).or_default().extend(&cut.gone_rows);
        trims.push(Trim { rows, gone });
    }
    for (piece, gone) in rows_gone {
        let Some(Piece::Grid(grid)) = document.pieces.get_mut(piece) else { return None };
        let mut number = 0;
        grid.rows.retain(|_| {
            number += 1;
            !gone.contains(&(number - 1))
        });
    }
    Some((document, trims))
}
