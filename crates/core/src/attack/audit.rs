//! What the attack found: the proof that goes with a release, or the reason why there is none.

use std::sync::Arc;

use crate::model::{Bounds, CellId, Demand, Interval, Verdict};

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

impl Audit {
    /// Sets the verdict to what leaks and open demands come to.
    pub fn settle(&mut self) {
        self.verdict = match (self.leaks.is_empty(), self.open.is_empty()) {
            (false, _) => Verdict::Unsafe,
            (true, false) => Verdict::Inconclusive,
            (true, true) => Verdict::Safe,
        };
    }
}

/// What an intruder can work out about one cell that is not published.
#[derive(Clone, Debug)]
pub struct CellAudit {
    /// The cell.
    pub cell: CellId,
    /// Both ends fit all that is published. Where values need not be whole, ends are rounded outwards: see `bounds`.
    pub interval: Interval,
    /// The same ends in decimals.
    pub bounds: Bounds,
    /// Whether no value outside fits. In large components the ends are what the witnesses show, and it may be wider.
    pub exact: bool,
    /// No value outside this fits, by arithmetic on single relations.
    pub outer: Interval,
    /// A table with the smallest value that was found to fit.
    pub low: Witness,
    /// A table with the largest value that was found to fit.
    pub high: Witness,
    /// Whether every demand on the cell is met.
    pub protected: bool,
}

/// A table that fits everything published: the values of the cells in which the tables of both ends of an interval differ
/// from what else is known to fit; all other cells are the same in both. Checked in whole-number arithmetic.
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
