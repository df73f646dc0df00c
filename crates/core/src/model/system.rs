//! The heart of tabsafe: every cell of the release once, and the relations between them.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::block::Block;
use super::interval::Interval;
use super::key::CellKeys;
use super::space::Space;
use super::table::{Coords, Measure, MeasureId, Table};

/// Index of a cell in [`System::cells`].
pub type CellId = usize;

/// Cells and additive relations: all that the methods work on.
///
/// A cell that stands in several tables (a year's total) is one cell. Cells that nobody prints but that bind
/// printed ones (offences without a charge) are cells too.
#[derive(Clone, Debug, Default)]
pub struct System {
    /// Along what the records are classified.
    pub space: Space,
    /// What is counted.
    pub measures: Vec<Measure>,
    /// The tables of the release.
    pub tables: Vec<Table>,
    /// Per table, the cell at each position of its grid; `None` where categories exclude each other (always 0).
    pub grids: Vec<Vec<Option<CellId>>>,
    /// Every cell once.
    pub cells: Vec<Cell>,
    /// What binds them: an intruder knows all of these.
    pub relations: Vec<Relation>,
    /// Parts of it that are dense grids; most relations come from them.
    pub blocks: Vec<Block>,
    /// Per cell, what every intruder takes for possible beforehand; empty where he knows no more than that no value is
    /// negative.
    pub prior: Vec<Interval>,
    /// Who is behind the cells that few are behind: dense numbers of contributors (persons where they are named, else
    /// records), where somebody asked for them.
    pub behind: BTreeMap<CellId, Vec<u32>>,
    /// Which group of records each cell is, where that is asked for.
    pub keys: Option<CellKeys>,
    /// Per cell, the sum of a column of weights over the records in it, in units of its last decimal: what withholding it
    /// costs. Empty where no column is named. Never printed.
    pub weights: Vec<i64>,
    /// What could not be looked at in building it, in words for the report: no release is safe on such a system unless the
    /// policy accepts it.
    pub unexamined: Vec<String>,
    /// Words for groups of records or persons that are no cell of a table or grid.
    pub names: BTreeMap<CellId, String>,
    /// Which relations hold for some tables only, and what holds in their place for all; `None` where all hold for all.
    pub narrow: Option<Narrow>,
    /// The cell of each measure and coordinates.
    pub index: HashMap<(MeasureId, Coords), CellId>,
}

/// Relations that not every table satisfies that there could be.
///
/// What is possible under them is possible. What is not may be so all the same: whether it can be ruled out is said by the
/// relations that hold in their place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrow {
    /// Which relations of the system these are.
    pub relations: Range<usize>,
    /// What every table satisfies in their place.
    pub wide: Vec<Relation>,
    /// Why there are any, in sentences for a reviewer.
    pub why: Vec<String>,
}

/// One cell.
#[derive(Clone, Debug)]
pub struct Cell {
    /// What it counts.
    pub measure: MeasureId,
    /// One node per dimension of the space; empty for an auxiliary cell.
    pub coords: Coords,
    /// The true value; for a sum, in units of the measure's last decimal.
    pub value: i64,
    /// How many different persons are behind it, where the specification names them.
    pub persons: Option<i64>,
    /// The largest contributions, where a rule needs them.
    pub contributions: Option<Contributions>,
    /// Who gets to see it.
    pub exposure: Exposure,
    /// Every place where it is printed or would stand.
    pub places: Vec<Place>,
}

/// What dominance rules need to know of the contributions to a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contributions {
    /// The number of contributors.
    pub count: i64,
    /// The largest contributions, in falling order.
    pub largest: Vec<i64>,
    /// The largest contribution of somebody who has asked for protection; `None` where nobody has.
    pub asked: Option<i64>,
}

/// Whether a cell is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exposure {
    /// Never printed; bound to others by relations.
    Hidden,
    /// Not printed, but the difference (or sum) of printed cells: it must be safe too.
    Implied,
    /// Printed in at least one table.
    Shown,
}

/// Where a cell stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// Index of the table.
    pub table: usize,
    /// Position in its grid.
    pub position: usize,
    /// Whether it is printed there.
    pub shown: bool,
}

/// `Σ coefficient · cell = constant`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// Cells and their coefficients, each cell once; the total first with -1.
    pub terms: Vec<(CellId, i64)>,
    /// The right-hand side, 0 for a total and its parts.
    pub constant: i64,
}

impl Relation {
    /// `total = Σ parts`.
    pub fn total(total: CellId, parts: impl IntoIterator<Item = CellId>) -> Self {
        let mut terms = vec![(total, -1)];
        terms.extend(parts.into_iter().map(|p| (p, 1)));
        Relation { terms, constant: 0 }
    }

    /// Whether it holds for these values, one per cell. An overflow counts as not holding.
    pub fn holds(&self, value: impl Fn(CellId) -> i64) -> bool {
        let sum: i128 = self.terms.iter().map(|&(c, k)| i128::from(k) * i128::from(value(c))).sum();
        sum == i128::from(self.constant)
    }
}

impl System {
    /// The true value of a cell.
    pub fn value(&self, cell: CellId) -> i64 {
        self.cells[cell].value
    }

    /// The cell at the entries of a table, `None` where categories exclude each other.
    pub fn cell_at(&self, table: usize, at: &[usize]) -> Option<CellId> {
        self.grids[table][self.tables[table].position(at)]
    }

    /// The cell in the words of the first table that shows it, with that table's title.
    pub fn words(&self, cell: CellId) -> String {
        if let Some(name) = self.names.get(&cell) {
            return name.clone();
        }
        let c = &self.cells[cell];
        match c.places.iter().max_by_key(|p| (p.shown, std::cmp::Reverse((p.table, p.position)))) {
            Some(p) => {
                let t = &self.tables[p.table];
                t.words(&t.entries_at(p.position))
            }
            None => self.words_from_coords(cell),
        }
    }

    /// A cell that stands in no table: by the names of its nodes, or by its number where it has none but is printed.
    fn words_from_coords(&self, cell: CellId) -> String {
        if self.cells[cell].coords.is_empty() && self.cells[cell].exposure == Exposure::Shown {
            return format!("cell {cell}");
        }
        let names: Vec<&str> = (self.cells[cell].coords.iter().zip(&self.space.dims))
            .map(|(&n, dim)| dim.node(n).name.as_str())
            .filter(|n| !n.is_empty())
            .collect();
        if names.is_empty() { "the rest of a total".to_owned() } else { names.join(", ") }
    }
}
