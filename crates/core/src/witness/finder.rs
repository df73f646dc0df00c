//! Searches for a move by all local means, from the quickest to the most patient.

use crate::model::{CellId, Relation};

use super::{Ask, BLOCKED, Closer, Found, Frame, Goal, Grids, Move, Terrain, balanced};

/// Cells looked at in a search for a product.
const GRID_STEPS: usize = 60_000;
/// Smaller moves that are put together to one; more of them would creep towards a large amount unit by unit.
const MOST_PARTS: usize = 32;

/// Everything a search needs; the room of the cells is its own, so that searches can run side by side.
#[derive(Clone, Debug)]
pub struct Finder<'a> {
    grids: &'a Grids<'a>,
    relations: &'a [Relation],
    frame: &'a Frame,
    closer: Closer<'a>,
    up: Vec<i64>,
    down: Vec<i64>,
    /// Relations set right in a search that is no product.
    close_steps: usize,
    /// Whether any move will do.
    any: bool,
}

impl<'a> Finder<'a> {
    /// A finder; `up` and `down` are the room of each cell, `worth` is about the price of one published cell.
    pub fn new(
        grids: &'a Grids<'a>,
        relations: &'a [Relation],
        frame: &'a Frame,
        room: (Vec<i64>, Vec<i64>),
        worth: i64,
        close_steps: usize,
        any: bool,
    ) -> Self {
        Finder {
            grids,
            relations,
            frame,
            closer: Closer::new(frame, worth),
            up: room.0,
            down: room.1,
            close_steps,
            any,
        }
    }

    /// A cheap move that reaches a goal below a price limit.
    pub fn find(&mut self, price: &[i64], target: CellId, goal: Goal, limit: i64) -> Option<Found> {
        let mut best: Option<Found> = None;
        for (sign, amount) in goal.ways() {
            let limit = best.as_ref().map_or(limit, |b| b.price);
            let ask = Ask { cell: target, sign, amount, limit, any: self.any };
            if let Some(found) = self.one_step(price, ask).or_else(|| self.many_steps(price, ask, goal)) {
                best = Some(found);
            }
        }
        best
    }

    /// The room of a cell in the direction of `sign`.
    #[cfg(test)]
    pub fn room(&self, cell: CellId, sign: i64) -> i64 {
        if sign > 0 { self.up[cell] } else { self.down[cell] }
    }

    /// A move in which every cell goes equally far.
    fn one_step(&mut self, price: &[i64], ask: Ask) -> Option<Found> {
        let terrain = Terrain { up: &self.up, down: &self.down, price };
        match self.grids.cheapest(terrain, ask, GRID_STEPS) {
            Some(found) if balanced(self.relations, self.frame, &found.cells) => Some(found),
            Some(found) => self.closer.close(terrain, ask, &found.cells, self.close_steps),
            None => self.closer.close(terrain, ask, &[], self.close_steps),
        }
    }

    /// Smaller moves one after the other, each from where the last one ended.
    fn many_steps(&mut self, price: &[i64], ask: Ask, goal: Goal) -> Option<Found> {
        let mut sum: Vec<(CellId, i64)> = Vec::new();
        let mut left = ask.amount;
        let mut step = ask.amount / 2;
        let mut parts = 0;
        while left > 0 && step > 0 && parts < MOST_PARTS {
            step = step.min(left);
            match self.one_step(price, Ask { amount: step, ..ask }) {
                Some(found) => {
                    parts += 1;
                    found.cells.iter().for_each(|&(c, by)| self.take_room(c, by));
                    sum.extend(found.cells);
                    left -= step;
                }
                None => step /= 2,
            }
        }
        sum.iter().for_each(|&(c, by)| self.take_room(c, -by));
        if left > 0 {
            return None;
        }
        let cells = added(sum);
        let total = cells.iter().map(|&(c, _)| price[c]).fold(0, i64::saturating_add);
        (total < ask.limit && goal.met(moved(&cells, ask.cell))).then_some(Found { cells, price: total })
    }

    /// Sets how many relations are set right in a search that is no product.
    pub fn set_steps(&mut self, close_steps: usize) {
        self.close_steps = close_steps;
    }

    /// Sets how far a cell can go.
    pub fn set_room(&mut self, cell: CellId, up: i64, down: i64) {
        (self.up[cell], self.down[cell]) = (up, down);
    }

    /// Moves a cell: so much less room there is before it, and more behind.
    pub fn take_room(&mut self, cell: CellId, by: i64) {
        for (room, by) in [(&mut self.up[cell], by), (&mut self.down[cell], -by)] {
            if *room != i64::MAX {
                *room = room.saturating_sub(by);
            }
        }
    }
}

/// How far a cell of a move goes.
pub fn moved(cells: &Move, cell: CellId) -> i64 {
    cells.binary_search_by_key(&cell, |t| t.0).map_or(0, |at| cells[at].1)
}

/// Whether a move changes any of these cells.
pub fn moves_any(cells: &Move, of: &[CellId]) -> bool {
    of.iter().any(|&c| moved(cells, c) != 0)
}

/// Searches with some cells blocked, and sets their prices back.
pub fn blocked<T>(price: &mut [i64], cells: &[CellId], search: impl FnOnce(&[i64]) -> T) -> T {
    let before: Vec<i64> = cells.iter().map(|&c| std::mem::replace(&mut price[c], BLOCKED)).collect();
    let found = search(price);
    cells.iter().zip(before).for_each(|(&c, p)| price[c] = p);
    found
}

/// Differences added up cell by cell.
fn added(mut all: Vec<(CellId, i64)>) -> Move {
    all.sort_unstable_by_key(|t| t.0);
    let mut sum: Move = Vec::with_capacity(all.len());
    for (cell, by) in all {
        match sum.last_mut() {
            Some(last) if last.0 == cell => last.1 += by,
            _ => sum.push((cell, by)),
        }
    }
    sum.retain(|t| t.1 != 0);
    sum
}
