//! Cells and lines in the words of the draft.

use std::collections::BTreeMap;

use crate::model::{CellId, Relation};

use super::bind::{Bound, Placed};
use super::figures::Figures;
use super::table::Head;

/// Names cells as the author does.
pub(crate) struct Names<'a> {
    /// The tables.
    pub tables: &'a [Figures],
    /// Where their cells are.
    pub bound: &'a Bound,
}

impl Names<'_> {
    /// The labels of a row, as typed.
    pub fn row(&self, placed: &Placed) -> String {
        self.tables.get(placed.table).and_then(|t| t.parsed.rows.get(placed.row)).map(line).unwrap_or_default()
    }

    /// The labels of a column, as typed.
    pub fn column(&self, placed: &Placed) -> String {
        self.tables.get(placed.table).and_then(|t| t.parsed.cols.get(placed.col)).map(line).unwrap_or_default()
    }

    /// The name of a table.
    pub fn table(&self, table: usize) -> &str {
        self.tables.get(table).map_or("", |t| t.name.as_str())
    }

    /// A place without its table: "Under 10, 2014"; a list has no columns to name.
    pub fn place(&self, placed: &Placed) -> String {
        let (row, column) = (self.row(placed), self.column(placed));
        let list = self.tables.get(placed.table).is_some_and(|t| t.axes.len() == t.row_axes);
        let plain = self.tables.get(placed.table).is_some_and(|t| t.row_axes == 0);
        match (row.is_empty() || plain, column.is_empty() || list) {
            (true, true) => "the figure".to_owned(),
            (true, false) => column,
            (false, true) => row,
            (false, false) => format!("{row}, {column}"),
        }
    }

    /// The first place of a cell, in `table` if it stands there.
    pub fn placed(&self, cell: CellId, table: Option<usize>) -> Option<&Placed> {
        let mut all = self.bound.places_of(cell).iter().filter_map(|&n| self.bound.placed.get(n));
        let own = all.clone().find(|p| Some(p.table) == table);
        own.or_else(|| all.next())
    }

    /// A cell, in the words of `table` where it stands in it; with the name of its table where that is another.
    pub fn cell_in(&self, cell: CellId, table: Option<usize>) -> String {
        match self.placed(cell, table) {
            Some(placed) if table == Some(placed.table) => self.place(placed),
            Some(placed) => format!("{} ({})", self.place(placed), self.table(placed.table)),
            None => self.unprinted(cell),
        }
    }

    /// A cell with its table.
    pub fn cell(&self, cell: CellId) -> String {
        self.cell_in(cell, None)
    }

    /// A cell that is printed nowhere.
    fn unprinted(&self, cell: CellId) -> String {
        if let Some(name) = self.bound.system.names.get(&cell) {
            return name.clone();
        }
        let Some(c) = self.bound.system.cells.get(cell) else { return "a figure".to_owned() };
        if let Some(place) = c.places.first()
            && let Some(table) = self.bound.system.tables.get(place.table)
        {
            let at = table.entries_at(place.position);
            let labels: Vec<&str> = at
                .iter()
                .zip(&table.axes)
                .filter_map(|(&e, axis)| axis.entries.get(e))
                .map(|e| e.label.as_str())
                .collect();
            return format!("{} ({}, not printed)", labels.join(", "), table.title);
        }
        let named = c.coords.iter().zip(&self.bound.system.space.dims).map(|(&n, dim)| dim.node(n).name.clone());
        let named: Vec<String> = named.filter(|n| !n.is_empty()).collect();
        if named.is_empty() { "the rest of a total".to_owned() } else { named.join(", ") }
    }

    /// A cell on a line, by the label that tells it from the others there.
    pub fn on(&self, cell: CellId, line: &Line) -> String {
        let placed = self.placed(cell, line.table).filter(|p| Some(p.table) == line.table);
        match (placed, line.along) {
            (Some(placed), Along::Row) => self.column(placed),
            (Some(placed), Along::Column) => self.row(placed),
            _ => self.cell_in(cell, line.table),
        }
    }

    /// Where a relation stands: "TABLE 2, column 2014".
    pub fn line(&self, relation: &Relation) -> Line {
        let cells: Vec<CellId> = relation.terms.iter().map(|t| t.0).collect();
        let mut holds: BTreeMap<usize, usize> = BTreeMap::new();
        for &cell in &cells {
            let mut own: Vec<usize> =
                self.bound.places_of(cell).iter().filter_map(|&n| Some(self.bound.placed.get(n)?.table)).collect();
            own.sort_unstable();
            own.dedup();
            own.into_iter().for_each(|t| *holds.entry(t).or_default() += 1);
        }
        let best = holds.iter().max_by_key(|&(&t, &count)| (count, std::cmp::Reverse(t)));
        let Some((&table, _)) = best.filter(|b| *b.1 > 1) else { return Line::default() };
        let places: Vec<&Placed> =
            cells.iter().filter_map(|&c| self.placed(c, Some(table)).filter(|p| p.table == table)).collect();
        let Some(first) = places.first().filter(|_| places.len() == cells.len()) else {
            return Line { table: Some(table), place: self.table(table).to_owned(), along: Along::Both };
        };
        let name = self.table(table);
        let list = self.tables.get(table).is_some_and(|t| t.cols.len() == 1);
        let (along, place) =
            match (places.iter().all(|p| p.row == first.row), places.iter().all(|p| p.col == first.col)) {
                (true, false) => (Along::Row, format!("{name}, row {}", self.row(first))),
                (false, true) if list => (Along::Column, name.to_owned()),
                (false, true) => (Along::Column, format!("{name}, column {}", self.column(first))),
                _ => (Along::Both, name.to_owned()),
            };
        Line { table: Some(table), place, along }
    }
}

/// A line of the draft along which figures add up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    /// Its table, if it is one table's.
    pub table: Option<usize>,
    /// In words.
    pub place: String,
    /// Which labels its cells have in common.
    pub along: Along,
}

/// Along what a line runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Along {
    /// Its cells are in one row.
    Row,
    /// Its cells are in one column.
    Column,
    /// Neither.
    #[default]
    Both,
}

/// A label longer than this is cut.
const LABEL: usize = 40;

/// The labels of a line, cut where they are long.
fn line(head: &Head) -> String {
    let text = head.path.join(" / ");
    if text.chars().count() <= LABEL {
        return text;
    }
    let short: String = text.chars().take(LABEL - 1).collect();
    format!("{}…", short.trim_end())
}
