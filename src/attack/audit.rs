//! What the attack found: the proof that goes with a release, or the reason why there is none.

use std::sync::Arc;

use crate::model::{CellId, Demand, Interval, Verdict};

/// The result of an attack on everything that would be published.
#[derive(Clone, Debug)]
pub struct Audit {
    /// `Safe` when every demand is met by a checked witness; never `SafeWithExceptions`, which is for people to say.
    pub verdict: Verdict,
    /// One entry for each cell that was attacked, by cell.
    pub cells: Vec<CellAudit>,
    /// What the intruder can work out although the policy hides it.
    pub leaks: Vec<Leak>,
    /// Demands that a limit left open.
    pub open: Vec<Demand>,
}

/// What an intruder can work out about one cell that is not published.
#[derive(Clone, Debug)]
pub struct CellAudit {
    /// The cell.
    pub cell: CellId,
    /// Every value that fits all that is published lies in here, and both ends do fit.
    pub interval: Interval,
    /// A table with the smallest value that was found to fit.
    pub low: Witness,
    /// A table with the largest value that was found to fit.
    pub high: Witness,
    /// Whether every demand on the cell is met.
    pub protected: bool,
}

/// A complete alternative table that fits everything published: the values of all cells that are not published and
/// hang together with the one in question. Checked in whole-number arithmetic; shared between the cells it serves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Witness(pub Arc<Vec<(CellId, i64)>>);

/// A value that can be worked out, or narrowed below what the policy hides.
#[derive(Clone, Debug)]
pub struct Leak {
    /// The cell.
    pub cell: CellId,
    /// What is left of its possible values.
    pub learned: Interval,
    /// The arithmetic in words: "Total 12 - 9 - 2 = 1". Confidential.
    pub derivation: String,
}
