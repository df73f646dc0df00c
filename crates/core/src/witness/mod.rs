//! Witnesses: alternative tables that fit everything published, written as differences to a known table.
//!
//! A withheld value is safe because other tables fit as well. Such a table is kept as a [`Move`]: the cells in which it
//! differs from the known one, and by how much. It is a proof that anybody can check by adding up a few relations.
//!
//! 1. [`Frame`]: the relations in a form that is fast to walk.
//! 2. [`Terrain`]: how far each cell can go, and the price of letting it move.
//! 3. [`Grids`]: moves that are products of one null vector per dimension of a dense grid (hypercubes and their
//!    kin in hierarchies), the cheapest found by branch and bound.
//! 4. [`Closer`]: moves on any relations: what one cell sets out of balance, others set right again.
//! 5. [`Finder`]: all of these in turn, for a [`Goal`].
//! 6. [`Programs`]: where these find nothing, linear and whole programs over a neighbourhood.
//!
//! Nothing here decides what is safe, and nothing that is found is trusted: [`balanced`] checks it.

mod chance;
mod close;
mod finder;
#[cfg(test)]
mod fixture;
mod frame;
mod goal;
mod grids;
mod program;
pub mod rank;
pub mod sums;
#[cfg(test)]
mod tests;

pub use chance::Chance;
pub use close::Closer;
pub use finder::{Finder, blocked, moved, moves_any};
pub use frame::{Frame, balanced};
pub use goal::Goal;
pub use grids::Grids;
pub use program::{Answer, FARTHEST, FEW_NODES, LEAST_COST, Programs, TIMES, in_motion};

use crate::model::CellId;

/// Differences to a known table: each cell once, in rising order, no difference of 0.
pub type Move = Vec<(CellId, i64)>;

/// The price of a cell that may not move at all.
pub const BLOCKED: i64 = i64::MAX;

/// How far each cell can go from its known value, and what it costs to let it move.
#[derive(Clone, Copy, Debug)]
pub struct Terrain<'a> {
    /// Room upwards; `i64::MAX` is without bound.
    pub up: &'a [i64],
    /// Room downwards.
    pub down: &'a [i64],
    /// Price of a cell's moving at all, however far; [`BLOCKED`] if it may not.
    pub price: &'a [i64],
}

impl Terrain<'_> {
    /// The price of moving a cell by `amount` in the direction of `sign`, if it can.
    #[inline]
    pub fn step(&self, cell: CellId, sign: i64, amount: i64) -> Option<i64> {
        let room = if sign > 0 { self.up[cell] } else { self.down[cell] };
        let price = self.price[cell];
        (room >= amount && price != BLOCKED).then_some(price)
    }
}

/// A move that was found, and the price of its cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The move.
    pub cells: Move,
    /// The sum of the prices of its cells.
    pub price: i64,
}

/// What is asked for: a move in which `cell` differs by `amount` in the direction of `sign`, for less than `limit`.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    /// The cell.
    pub cell: CellId,
    /// 1 upwards, -1 downwards.
    pub sign: i64,
    /// By how much; every other cell moves by as much.
    pub amount: i64,
    /// Only moves of a lower price are of use.
    pub limit: i64,
    /// Whether any move will do, and the search may end with the first.
    pub any: bool,
}
