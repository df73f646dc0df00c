//! What a method returns.

use crate::model::CellId;
use crate::witness::Move;

/// Why a cell can't be hidden, where nothing more is known.
pub(super) const GIVEN_AWAY: &str = "no choice of withheld cells hides it: what must stay published gives it away";

/// Which cells to withhold, and how good that is.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// Per cell, whether it is withheld.
    pub withheld: Vec<bool>,
    /// No safe pattern loses less than this.
    pub bound: i64,
    /// Unsafe cells for which no pattern is enough, with the reason.
    pub failed: Vec<(CellId, String)>,
    /// Whether a limit ended the search before it was complete.
    pub limit_reached: bool,
    /// Alternative tables that meet the demands, as differences to the truth.
    pub witnesses: Vec<Move>,
}
