//! The records, grouped to the finest level that the tables need.

use super::key::RecordKeys;
use super::table::MeasureId;

/// What one GROUP BY over the records gives: a row for each group of records that no table tells apart.
///
/// Columns are stored side by side. `leaf[d][g]` is the leaf of group `g` in dimension `d` of the space. Where a
/// person or contributor counts, the groups are also split by `person`, a dense number without meaning.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    /// Per dimension, the leaf of each group.
    pub leaf: Vec<Vec<u32>>,
    /// The number of records in each group.
    pub records: Vec<i64>,
    /// Which person or contributor each group belongs to, where that is needed.
    pub person: Option<Vec<u32>>,
    /// Per sum measure, the sum of each group, in units of the measure's last decimal.
    pub sums: Vec<Vec<i64>>,
    /// Whether the contributor of each group has asked for protection; empty where nobody says who has.
    pub asked: Vec<bool>,
    /// The sum of each group's weights, in units of their last decimal, where withheld cells cost what these say; else empty.
    pub weights: Vec<i64>,
    /// Keys of the groups, where they are asked for.
    pub keys: Option<RecordKeys>,
    /// What holds between the measures in every group.
    pub equations: Vec<Equation>,
    /// Measures of which the first is nowhere more than the second.
    pub parts: Vec<Part>,
}

/// `Σ coefficient · measure = 0` in every group of records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Equation {
    /// Measures and their coefficients, each measure once; the total first with a negative one.
    pub terms: Vec<(MeasureId, i64)>,
}

/// A measure that is a part of another one in every record: full-time staff of staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The part, and how many units of comparison one of its own is.
    pub part: (MeasureId, i64),
    /// The whole, likewise.
    pub whole: (MeasureId, i64),
}

impl Groups {
    /// The number of groups.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether no record is left.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }
}
