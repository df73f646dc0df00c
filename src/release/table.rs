//! One table as it is published.

use super::figure::Figure;
use crate::model::{Measure, Role};

/// What the public sees in one cell. These states never collapse into each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// The true value, not zero; in units of the measure's last decimal.
    Number(i64),
    /// A true zero.
    Zero,
    /// Withheld. Why is not told: a cell that only protects others is known to be large.
    Withheld,
    /// Replaced by this value (rounded); it may be 0 where a true zero cannot be told from a small count.
    Rounded(i64),
    /// Replaced by this value, which carries noise.
    Perturbed(i64),
    /// Replaced by 0 and known not to be zero.
    RoundsToZero,
    /// Cannot exist: its categories exclude each other.
    NotApplicable,
}

impl Published {
    /// The word in machine-readable outputs.
    pub fn status(self) -> &'static str {
        match self {
            Published::Number(_) | Published::Zero => "published",
            Published::Withheld => "withheld",
            Published::Rounded(_) => "rounded",
            Published::Perturbed(_) => "perturbed",
            Published::RoundsToZero => "rounds-to-zero",
            Published::NotApplicable => "not-applicable",
        }
    }

    /// The number that is published, if there is one.
    pub fn value(self) -> Option<i64> {
        match self {
            Published::Number(v) | Published::Rounded(v) | Published::Perturbed(v) => Some(v),
            Published::Zero | Published::RoundsToZero => Some(0),
            Published::Withheld | Published::NotApplicable => None,
        }
    }
}

/// A table with its publishable values.
#[derive(Clone, Debug)]
pub struct ReleaseTable {
    /// Short name, unique in the release.
    pub id: String,
    /// Title as printed.
    pub title: String,
    /// Which part of the records it is about; empty for all.
    pub scope: String,
    /// What is counted.
    pub measure: Measure,
    /// The variables, rows first, then columns, then layers; only what is printed.
    pub axes: Vec<ReleaseAxis>,
    /// Notes below the table.
    pub notes: Vec<String>,
    /// The cells, last axis fastest.
    pub grid: Vec<Published>,
    /// Notes on single cells: position in the grid, mark, text.
    pub cell_notes: Vec<(usize, String, String)>,
}

/// A variable of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseAxis {
    /// The variable's name.
    pub variable: String,
    /// Its printed label.
    pub label: String,
    /// Where it stands.
    pub role: Role,
    /// Its categories and totals in the order shown.
    pub entries: Vec<ReleaseEntry>,
    /// The code of its total, printed or not.
    pub total_code: String,
}

/// A category or total that is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseEntry {
    /// Code in machine-readable outputs.
    pub code: String,
    /// Printed label, marks included.
    pub label: String,
    /// What the marks mean.
    pub note: Option<String>,
    /// Depth in the hierarchy: 0 for the total.
    pub level: u32,
    /// Whether it is the sum of others.
    pub total: bool,
}

impl ReleaseTable {
    /// The entry of each axis for a position in the grid.
    pub fn entries_at(&self, mut position: usize) -> Vec<&ReleaseEntry> {
        let mut found = Vec::with_capacity(self.axes.len());
        for axis in self.axes.iter().rev() {
            let n = axis.entries.len().max(1);
            found.extend(axis.entries.get(position % n));
            position /= n;
        }
        found.reverse();
        found
    }

    /// The position in the grid of one entry of each axis.
    pub fn position(&self, at: &[usize]) -> usize {
        at.iter().zip(&self.axes).fold(0, |p, (&e, axis)| p * axis.entries.len() + e)
    }

    /// Digits after the decimal point.
    pub fn decimals(&self) -> u32 {
        match self.measure {
            Measure::Sum { decimals, .. } => decimals,
            Measure::Records | Measure::Persons => 0,
        }
    }

    /// The number published at a position, if there is one.
    pub fn figure(&self, position: usize) -> Option<Figure> {
        let value = self.grid.get(position)?.value()?;
        Some(Figure { value, decimals: self.decimals() })
    }

    /// How many cells of the table are withheld.
    pub fn withheld(&self) -> usize {
        self.grid.iter().filter(|p| **p == Published::Withheld).count()
    }
}
