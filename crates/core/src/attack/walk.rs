//! A walk from table to table: moves found from one table are made at once, and others are found from where they lead.
//!
//! A table that a solver gives lies on the edge of what is possible: many cells can't go down, and so many moves have no
//! room. Some steps further inside, local search finds what else only a program would find.

use crate::model::Want;
use crate::witness::{BLOCKED, Chance, Finder, Goal};

use super::idle::Idle;
use super::local::Local;
use super::part::Pool;
use super::probe::fits;
use super::reduce::Component;
use super::run::Attack;

/// Walks are taken for at least so many open demands.
const FEW_OPEN: usize = 8;
/// Rounds in a row that may bring little before a walk ends.
const IN_VAIN: usize = 10;
/// A round brings little if it meets less than one in so many open demands.
const FEW_MET: usize = 20;
/// Relations set right in a search for a move that is no product.
const CLOSE_STEPS: usize = 60;

/// Those who walk, each with room of its own: nobody is in anybody's way.
pub(super) struct Walkers<'f, 'a> {
    local: &'f Local<'a>,
    idle: Idle<Walker<'f>>,
}

impl<'f, 'a> Walkers<'f, 'a> {
    pub fn new(local: &'f Local<'a>) -> Self {
        Walkers { local, idle: Idle::new() }
    }

    /// Walks through a component from a table of its cells as long as that meets open demands; the tables on the way go to the
    /// pool. Returns the last one.
    pub fn walk(&self, attack: &Attack, part: &Component, table: Vec<i64>, pool: &mut Pool) -> Vec<i64> {
        if pool.open().len() < FEW_OPEN {
            return table;
        }
        let walk = |walker: &mut Walker| {
            walker.enter(part, &table);
            let table = walker.walk(attack, part, table, pool);
            walker.leave(part);
            table
        };
        self.idle.with(|| Walker::new(self.local), walk)
    }
}

/// A finder for which no cells have room but those of one component.
struct Walker<'a> {
    finder: Finder<'a>,
    price: Vec<i64>,
}

impl<'a> Walker<'a> {
    fn new(local: &'a Local) -> Self {
        let n = local.cells();
        Walker { finder: local.finder((vec![0; n], vec![0; n]), CLOSE_STEPS), price: vec![BLOCKED; n] }
    }

    fn enter(&mut self, part: &Component, table: &[i64]) {
        for ((&cell, domain), &value) in part.cells.iter().zip(&part.domain).zip(table) {
            let (up, down) = domain.room(value);
            self.finder.set_room(cell, up, down);
            self.price[cell] = 1;
        }
    }

    fn leave(&mut self, part: &Component) {
        for &cell in &part.cells {
            self.finder.set_room(cell, 0, 0);
            self.price[cell] = BLOCKED;
        }
    }

    fn walk(&mut self, attack: &Attack, part: &Component, mut table: Vec<i64>, pool: &mut Pool) -> Vec<i64> {
        let mut chance = Chance(1);
        let (mut open, mut in_vain) = (pool.open(), 0);
        while open.len() >= FEW_OPEN && in_vain < IN_VAIN && !attack.out_of_time() {
            let mut asked = open.clone();
            if in_vain > 0 {
                // moves of other cells may give those that are asked about the room they lack
                asked.extend(open.iter().map(|_| (chance.below(table.len()), Want::Spread(1))));
            }
            chance.shuffle(&mut asked);
            let from = table.clone();
            self.round(part, &from, &mut table, &asked);
            if !fits(part, &table) {
                // nothing that searches find is trusted
                return from;
            }
            pool.add(&table);
            let left = pool.open();
            in_vain = if (open.len() - left.len()) * FEW_MET < open.len() { in_vain + 1 } else { 0 };
            open = left;
        }
        table
    }

    /// Makes a move for each cell that stands where it stood before the round.
    fn round(&mut self, part: &Component, from: &[i64], table: &mut [i64], asked: &[(usize, Want)]) {
        for &(at, want) in asked {
            let Some(goal) = Goal::of(want, table[at]).filter(|_| table[at] == from[at]) else { continue };
            let found = self.finder.find(&self.price, part.cells[at], goal, i64::MAX);
            for (cell, by) in found.map_or_else(Vec::new, |f| f.cells) {
                self.finder.take_room(cell, by);
                part.cells.binary_search(&cell).into_iter().for_each(|at| table[at] += by);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::reduce::{Rounding, reduce};
    use super::super::run::Posed;
    use super::super::{Met, Public};
    use super::*;
    use crate::model::{Interval, Relation};
    use crate::solve::Highs;

    const SIDE: usize = 5;

    /// A square table of which row and column totals are published, and all cells are known to be at least 1.
    fn square() -> Public {
        let line = |cells: Vec<usize>| Relation {
            terms: cells.into_iter().map(|c| (c, 1)).collect(),
            constant: 2 * SIDE as i64,
        };
        let rows = (0..SIDE).map(|i| line((0..SIDE).map(|j| i * SIDE + j).collect()));
        let columns = (0..SIDE).map(|j| line((0..SIDE).map(|i| i * SIDE + j).collect()));
        Public { domain: vec![Interval::at_least(1); SIDE * SIDE], relations: rows.chain(columns).collect() }
    }

    /// From a corner of what is possible, a walk meets nearly every demand of a table in which every cell can move, by tables that
    /// fit; a few demands are left to others.
    #[test]
    fn walks_from_a_corner() {
        let public = square();
        let reduced = reduce(&public, Rounding::Inwards).expect("some table fits");
        let part = &reduced.components[0];
        let corner: Vec<i64> =
            (0..SIDE * SIDE).map(|c| if c / SIDE == c % SIDE { SIDE as i64 + 1 } else { 1 }).collect();
        let name = |c: usize| c.to_string();
        let attack = Attack::new(&Highs, &name);
        let posed = Posed::new(&public, &[], None);
        let local = Local::new(&attack, &posed, &corner);
        let walkers = Walkers::new(&local);
        let wide: Vec<_> = (0..SIDE * SIDE).map(|c| (c, c, Want::Spread(2))).collect();
        let mut pool = Pool::new(part, Some(corner.clone()), &wide);
        let inside = walkers.walk(&attack, part, corner.clone(), &mut pool);
        assert!(fits(part, &inside) && inside != corner);
        assert!(pool.open().len() < FEW_OPEN);
        for proof in pool.proofs() {
            assert_eq!(proof.met == Met::Yes, !proof.tables.is_empty());
            for table in &proof.tables {
                let value = |c: usize| corner[c] + crate::witness::moved(table, c);
                assert!(public.relations.iter().all(|r| r.holds(value)) && (0..SIDE * SIDE).all(|c| value(c) >= 1));
            }
        }
        let mut few = Pool::new(part, Some(corner.clone()), &wide[..FEW_OPEN - 1]);
        assert_eq!(walkers.walk(&attack, part, corner.clone(), &mut few), corner);
        assert_eq!(few.open().len(), FEW_OPEN - 1);
    }
}
