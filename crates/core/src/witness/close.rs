//! Moves on any relations: what is out of balance is set right cell by cell.
//!
//! A depth-first search with limited discrepancy (Harvey and Ginsberg, IJCAI 1995): in the shortest relation that does not
//! hold, the cell that costs least and sets most relations right again is moved; a second or third choice
//! is taken a limited number of times on each way down. Finds what products of null vectors can't: moves
//! through linked tables, around zeros, and on relations that no grid explains.

use crate::model::CellId;

use super::{Ask, Found, Frame, Terrain};

/// Cells of the largest move that is looked for.
const DEEPEST: usize = 96;
/// Choices looked at in one relation.
const CHOICES: usize = 5;
/// How often a way down may depart from the first choice.
const DISCREPANCIES: usize = 2;

/// Searches on a frame; its scratch space is kept between searches.
#[derive(Clone, Debug)]
pub struct Closer<'a> {
    frame: &'a Frame,
    /// Per relation, by how much it is out of balance.
    off: Vec<i64>,
    /// Relations out of balance, by their places in the order.
    open: Vec<u32>,
    /// The relations, the short ones first, and the place of each in this order.
    order: Vec<u32>,
    place: Vec<u32>,
    /// Per cell, by how much it has moved.
    moved: Vec<i64>,
    path: Vec<CellId>,
    best: Vec<(CellId, i64)>,
    limit: i64,
    left: usize,
    /// What a relation set right is worth, when choices are compared.
    worth: i64,
}

impl<'a> Closer<'a> {
    /// A search on a frame; `worth` is about what one published cell costs.
    pub fn new(frame: &'a Frame, worth: i64) -> Self {
        let mut order: Vec<u32> = (0..frame.rows() as u32).collect();
        order.sort_by_key(|&r| frame.row(r as usize).len());
        let mut place = vec![0; order.len()];
        order.iter().zip(0..).for_each(|(&r, at)| place[r as usize] = at);
        Closer {
            order,
            place,
            frame,
            off: vec![0; frame.rows()],
            open: Vec::new(),
            moved: vec![0; frame.cells()],
            path: Vec::new(),
            best: Vec::new(),
            limit: 0,
            left: 0,
            worth: worth.max(1),
        }
    }

    /// A cheap move, if one is found below the limit within `budget` steps. `start` are cells that move in any case (a
    /// product that only balances its own grid); without any, only the cell that is asked for.
    pub fn close(&mut self, terrain: Terrain<'_>, ask: Ask, start: &[(CellId, i64)], budget: usize) -> Option<Found> {
        let single = [(ask.cell, ask.sign * ask.amount)];
        let start = if start.is_empty() { &single[..] } else { start };
        self.best.clear();
        (self.limit, self.left) = (ask.limit, budget);
        let mut price = 0i64;
        let mut possible = true;
        let mut shifted = 0;
        for &(cell, by) in start {
            match terrain.step(cell, by.signum(), by.abs()).filter(|_| self.bears(cell, by)) {
                Some(p) => price = price.saturating_add(p),
                None => {
                    possible = false;
                    break;
                }
            }
            self.shift(cell, by);
            shifted += 1;
        }
        if possible {
            for discrepancies in 0..=DISCREPANCIES {
                self.descend(terrain, price, discrepancies);
                if ask.any && !self.best.is_empty() {
                    break;
                }
            }
        }
        start[..shifted].iter().rev().for_each(|&(cell, by)| self.unshift(cell, by));
        if self.best.is_empty() {
            return None;
        }
        let mut cells = std::mem::take(&mut self.best);
        cells.sort_unstable();
        Some(Found { cells, price: self.limit })
    }

    fn descend(&mut self, terrain: Terrain<'_>, price: i64, discrepancies: usize) {
        if price >= self.limit {
            return;
        }
        let Some(row) = self.open.iter().min().map(|&at| self.order[at as usize]) else {
            self.limit = price;
            self.best = self.path.iter().map(|&c| (c, self.moved[c])).collect();
            return;
        };
        if self.path.len() >= DEEPEST || self.left == 0 {
            return;
        }
        self.left -= 1;
        let choices = self.choices(terrain, row as usize, price, if discrepancies == 0 { 1 } else { CHOICES });
        for (rank, (_, cell, by, more)) in choices.into_iter().enumerate() {
            let spent = usize::from(rank > 0);
            if spent > discrepancies {
                break;
            }
            self.shift(cell, by);
            self.descend(terrain, price.saturating_add(more), discrepancies - spent);
            self.unshift(cell, by);
        }
    }

    /// The best cells to set a relation right: rank, cell, difference, price.
    fn choices(&self, terrain: Terrain<'_>, row: usize, price: i64, most: usize) -> Vec<(i64, CellId, i64, i64)> {
        let off = self.off[row];
        let mut choices: Vec<(i64, CellId, i64, i64)> = Vec::with_capacity(most + 1);
        for &(cell, k) in self.frame.row(row) {
            let (cell, k) = (cell as usize, i64::from(k));
            if self.moved[cell] != 0 || k == 0 || off % k != 0 {
                continue;
            }
            let by = -(off / k);
            let Some(more) = terrain.step(cell, by.signum(), by.abs()) else { continue };
            if price.saturating_add(more) >= self.limit {
                continue;
            }
            let Some(broken) = self.broken(cell, by) else { continue };
            let rank = more.saturating_add(self.worth.saturating_mul(broken));
            let at = choices.partition_point(|c| (c.0, c.1) < (rank, cell));
            if at < most {
                choices.insert(at, (rank, cell, by, more));
                choices.truncate(most);
            }
        }
        choices
    }

    /// How many relations a step sets off more than it sets right; none where 64 bits do not hold by how much.
    fn broken(&self, cell: CellId, by: i64) -> Option<i64> {
        if by.unsigned_abs() >= 1 << 30 && !self.bears(cell, by) {
            return None;
        }
        let mut broken = 0;
        for &(r, k) in self.frame.column(cell) {
            let now = self.off[r as usize];
            // each below 2^62 where the step is short
            let then = now + i64::from(k) * by;
            if then.unsigned_abs() >= 1 << 62 {
                return None;
            }
            broken += i64::from(then != 0) - i64::from(now != 0);
        }
        Some(broken)
    }

    /// Whether 64 bits hold what a step sets its relations off by. Moves beyond that are not looked for.
    fn bears(&self, cell: CellId, by: i64) -> bool {
        let holds = |&(r, k): &(u32, i32)| {
            let off = i128::from(self.off[r as usize]) + i128::from(k) * i128::from(by);
            off.unsigned_abs() < 1 << 62
        };
        self.frame.column(cell).iter().all(holds)
    }

    fn shift(&mut self, cell: CellId, by: i64) {
        self.path.push(cell);
        self.moved[cell] += by;
        self.tilt(cell, by);
    }

    fn unshift(&mut self, cell: CellId, by: i64) {
        self.path.pop();
        self.moved[cell] -= by;
        self.tilt(cell, -by);
    }

    fn tilt(&mut self, cell: CellId, by: i64) {
        let frame = self.frame;
        for &(row, k) in frame.column(cell) {
            let off = &mut self.off[row as usize];
            let before = *off;
            *off += i64::from(k) * by;
            match (before == 0, *off == 0) {
                (true, false) => self.open.push(self.place[row as usize]),
                (false, true) => {
                    let own = self.place[row as usize];
                    let at = self.open.iter().position(|&p| p == own);
                    at.into_iter().for_each(|at| _ = self.open.swap_remove(at));
                }
                _ => {}
            }
        }
    }
}
