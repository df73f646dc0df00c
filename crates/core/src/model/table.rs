//! A table to be published: which variables stand in rows, columns and layers, and what is counted.

use super::space::{DimId, LeafSet, NodeId};

/// Index of a measure in [`super::System::measures`].
pub type MeasureId = usize;

/// What the cells of a table hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The number of records.
    Records,
    /// The number of different persons; parts may add up to more than their total.
    Persons,
    /// The sum of a column, kept in units of 10^-`decimals`.
    Sum {
        /// Name of the column.
        column: String,
        /// Index in [`super::Groups::sums`].
        index: usize,
        /// Digits after the decimal point.
        decimals: u32,
    },
}

impl Measure {
    /// Digits after the decimal point of its values.
    pub fn decimals(&self) -> u32 {
        match self {
            Measure::Sum { decimals, .. } => *decimals,
            Measure::Records | Measure::Persons => 0,
        }
    }
}

/// A value in units of 10^-`decimals` as it is printed: 1250 with 2 decimals is `12.50`.
pub fn scaled(value: i64, decimals: u32) -> String {
    if decimals == 0 {
        return value.to_string();
    }
    let places = decimals as usize;
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    format!("{}{whole}.{part}", if value < 0 { "-" } else { "" })
}

/// A figure with its digits in groups of three, as people read them: `17,180,014`.
/// Only the digits at its beginning count, so that marks and decimals stay.
pub fn grouped(text: &str) -> String {
    let start = usize::from(text.starts_with('-'));
    let digits = text[start..].bytes().take_while(u8::is_ascii_digit).count();
    let mut grouped = text[..start].to_owned();
    for (i, digit) in text[start..start + digits].chars().enumerate() {
        if i > 0 && (digits - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + &text[start + digits..]
}

/// Where a variable stands in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Down the side.
    Row,
    /// Across the top.
    Column,
    /// A table of its own for each category.
    Layer,
}

/// One table of the release.
#[derive(Clone, Debug)]
pub struct Table {
    /// Short name, unique in the release.
    pub id: String,
    /// Title as printed.
    pub title: String,
    /// What is counted.
    pub measure: MeasureId,
    /// The variables, rows first, then columns, then layers.
    pub axes: Vec<Axis>,
    /// The part of the records that the table is about: a filter, as a set of leaves of a dimension.
    pub scope: Vec<(DimId, LeafSet)>,
    /// How a person calls that part ("outcome Charge"); empty where it is all records.
    pub scope_name: String,
    /// Notes below the table.
    pub notes: Vec<String>,
}

/// One variable of a table, with its categories and margins in the order shown.
#[derive(Clone, Debug)]
pub struct Axis {
    /// The variable's name in the specification.
    pub variable: String,
    /// Its printed label.
    pub label: String,
    /// Where it stands.
    pub role: Role,
    /// The dimension it belongs to.
    pub dim: DimId,
    /// Its categories and totals, in the order shown.
    pub entries: Vec<Entry>,
    /// Which categories of it tell something sensitive about a person (for group disclosure).
    pub sensitive: Sensitive,
}

/// Which categories of a variable tell something sensitive about a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Sensitive {
    /// None.
    #[default]
    No,
    /// Every one.
    All,
    /// Some: whether each entry of the axis does.
    Of(Vec<bool>),
}

impl Sensitive {
    /// Whether this entry tells something sensitive.
    pub fn holds(&self, entry: usize) -> bool {
        match self {
            Sensitive::No => false,
            Sensitive::All => true,
            Sensitive::Of(entries) => entries.get(entry).copied().unwrap_or(false),
        }
    }

    /// Whether any entry does.
    pub fn any(&self) -> bool {
        match self {
            Sensitive::No => false,
            Sensitive::All => true,
            Sensitive::Of(entries) => entries.contains(&true),
        }
    }
}

impl From<bool> for Sensitive {
    fn from(all: bool) -> Self {
        if all { Sensitive::All } else { Sensitive::No }
    }
}

/// A category, subtotal or total of an axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Code in machine-readable outputs.
    pub code: String,
    /// Printed label, note marks included (`2015*`).
    pub label: String,
    /// What the marks on the label mean.
    pub note: Option<String>,
    /// The leaves of the axis' dimension in it.
    pub leaves: LeafSet,
    /// Depth in the hierarchy: 0 for the total.
    pub level: u32,
    /// Whether it is the sum of other entries of the axis.
    pub total: bool,
    /// Whether it is printed. A margin that is not printed can still be worked out, so it stays a cell.
    pub shown: bool,
}

impl Table {
    /// The number of cells, margins included.
    pub fn len(&self) -> usize {
        self.axes.iter().map(|a| a.entries.len()).product()
    }

    /// Whether an axis has no entries.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entry of each axis for a position in the grid (last axis fastest).
    pub fn entries_at(&self, mut position: usize) -> Vec<usize> {
        let mut at = vec![0; self.axes.len()];
        for (slot, axis) in at.iter_mut().zip(&self.axes).rev() {
            *slot = position % axis.entries.len();
            position /= axis.entries.len();
        }
        at
    }

    /// The position in the grid of one entry of each axis.
    pub fn position(&self, at: &[usize]) -> usize {
        at.iter().zip(&self.axes).fold(0, |p, (&e, axis)| p * axis.entries.len() + e)
    }

    /// Whether the cell at these entries is printed.
    pub fn is_shown(&self, at: &[usize]) -> bool {
        at.iter().zip(&self.axes).all(|(&e, axis)| axis.entries[e].shown)
    }

    /// The cell in words: "victim age Under 10, year 2014".
    pub fn words(&self, at: &[usize]) -> String {
        let mut parts: Vec<String> = at
            .iter()
            .zip(&self.axes)
            .filter(|(e, axis)| axis.entries[**e].level > 0)
            .map(|(&e, axis)| format!("{} {}", axis.label, axis.entries[e].label))
            .collect();
        if !self.scope_name.is_empty() {
            parts.push(self.scope_name.clone());
        }
        if parts.is_empty() { "the grand total".to_owned() } else { parts.join(", ") }
    }
}

/// A cell's coordinates: one node per dimension of the space.
pub type Coords = Box<[NodeId]>;
