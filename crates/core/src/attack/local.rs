//! Demands that a move from a known table meets: moves that were handed in, and moves found by local search.
//!
//! Every move is checked against the relations and the bounds before it counts.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use crate::model::CellId;
use crate::witness::{
    Answer, BLOCKED, Finder, Frame, Goal, Grids, Move, Programs, balanced, blocked, moved, moves_any,
};

use super::Public;
use super::idle::Idle;
use super::run::{Attack, Met, Posed, Proof};

/// Relations set right in a search for a move that is no product.
const CLOSE_STEPS: usize = 400;
/// The same where a program over few cells answers what is not found.
const FEW_STEPS: usize = 60;
/// Cells of the largest neighbourhood that a small program is asked about.
pub(super) const NEAR_CELLS: usize = 250;
/// Small programs end when a batch has found less than one in so many.
const FEW_FOUND: usize = 10;
/// Demands that are searched for together; a move found for one is tried on the others.
const BATCH: usize = 64;

/// A known table, and how far each cell can go from it.
pub(super) struct Local<'a> {
    attack: &'a Attack<'a>,
    problem: &'a Posed<'a>,
    frame: Frame,
    grids: OnceLock<Grids<'a>>,
    up: Vec<i64>,
    down: Vec<i64>,
    /// Per demand, what it asks of a move.
    goals: Vec<Option<Goal>>,
    /// The demands by the cell they are about.
    by_cell: Vec<(CellId, usize)>,
    /// Those of them that are about forms of several cells, by the cells in those.
    forms: HashMap<CellId, Vec<(CellId, usize)>>,
}

impl<'a> Local<'a> {
    /// `base` fits everything that is public.
    pub fn new(attack: &'a Attack<'a>, problem: &'a Posed<'a>, base: &[i64]) -> Self {
        let public: &Public = &problem.public;
        let (up, down) = public.domain.iter().zip(base).map(|(d, &value)| d.room(value)).unzip();
        let mut by_cell: Vec<(CellId, usize)> = problem.forms.iter().enumerate().map(|(d, &c)| (c, d)).collect();
        by_cell.sort_unstable();
        let single = |d: usize| matches!(problem.demands[d].form[..], [(_, 1)]);
        let mut forms: HashMap<CellId, Vec<(CellId, usize)>> = HashMap::new();
        for &(form, d) in by_cell.iter().filter(|&&(_, d)| !single(d)) {
            problem.demands[d].form.iter().for_each(|t| forms.entry(t.0).or_default().push((form, d)));
        }
        Local {
            forms,
            frame: Frame::new(base.len(), &public.relations),
            grids: OnceLock::new(),
            goals: problem.demands.iter().zip(&problem.forms).map(|(d, &c)| Goal::of(d.want, base[c])).collect(),
            attack,
            problem,
            up,
            down,
            by_cell,
        }
    }

    /// The number of cells, those of forms included.
    pub fn cells(&self) -> usize {
        self.up.len()
    }

    /// A finder of any move, where cells have this room; it sets right so many relations in a search for a move that is no product.
    pub fn finder(&self, room: (Vec<i64>, Vec<i64>), close_steps: usize) -> Finder<'_> {
        let grids = self.grids.get_or_init(|| Grids::new(self.attack.blocks, self.cells()));
        Finder::new(grids, &self.problem.public.relations, &self.frame, room, 1, close_steps, true)
    }

    /// Demands that the known table itself meets, or a move that was handed in.
    pub fn check(&self, proofs: &mut [Proof]) {
        for (proof, goal) in proofs.iter_mut().zip(&self.goals) {
            if goal.is_none() {
                *proof = Proof::by(Vec::new());
            }
        }
        let hints: Vec<Move> =
            self.attack.hints.par_iter().filter_map(|h| self.with_forms(h)).filter(|h| self.fits(h)).collect();
        hints.into_iter().for_each(|h| self.offer(h, proofs));
    }

    /// A move over the cells of the system, with what the forms move by.
    fn with_forms(&self, hint: &Move) -> Option<Move> {
        let known = self.cells();
        let mut cells = hint.clone();
        let mut touched: Vec<(CellId, usize)> =
            hint.iter().filter_map(|t| self.forms.get(&t.0)).flatten().copied().collect();
        touched.sort_unstable();
        touched.dedup();
        for (form, demand) in touched {
            let terms = &self.problem.demands[demand].form;
            let by = terms.iter().map(|&(c, k)| k.saturating_mul(moved(hint, c))).fold(0, i64::saturating_add);
            if by != 0 {
                cells.push((form, by));
            }
        }
        cells.sort_unstable();
        cells.last().is_some_and(|last| last.0 < known).then_some(cells)
    }

    /// Whether a move ends in a table that fits everything public.
    fn fits(&self, cells: &Move) -> bool {
        let within =
            |&(c, by): &(CellId, i64)| by <= self.up[c] && by.checked_neg().is_some_and(|by| by <= self.down[c]);
        cells.iter().all(within) && balanced(&self.problem.public.relations, &self.frame, cells)
    }

    /// Tries a checked move on every demand about a cell that it moves, unless it moves what the intruder knows.
    fn offer(&self, cells: Move, proofs: &mut [Proof]) {
        let cells = Arc::new(cells);
        for &(c, by) in cells.iter() {
            let first = self.by_cell.partition_point(|x| x.0 < c);
            for &(_, d) in self.by_cell[first..].iter().take_while(|x| x.0 == c) {
                let knows = &self.problem.demands[d].knows;
                if proofs[d].met != Met::Yes && self.goals[d].is_some_and(|g| g.met(by)) && !moves_any(&cells, knows) {
                    proofs[d] = Proof::by(vec![Arc::clone(&cells)]);
                }
            }
        }
    }

    /// Searches for what is still open, batch by batch: side by side within a batch, shared after it. What is `left` to programs
    /// over few cells anyway is not put to small ones before.
    pub fn search(&self, proofs: &mut [Proof], left: &(dyn Fn(CellId) -> bool + Sync)) {
        let open: Vec<usize> = (0..proofs.len()).filter(|&d| proofs[d].met == Met::Open).collect();
        if open.is_empty() {
            return;
        }
        let price: Vec<i64> =
            self.up.iter().zip(&self.down).map(|(&u, &d)| if u > 0 || d > 0 { 1 } else { BLOCKED }).collect();
        let tools = || (self.finder((self.up.clone(), self.down.clone()), CLOSE_STEPS), price.clone());
        let idle = Idle::new();
        for (done, batch) in open.chunks(BATCH * 16).enumerate() {
            if self.attack.out_of_time() {
                return;
            }
            self.attack.tell("demands searched", done * BATCH * 16, open.len());
            let batch: Vec<usize> = batch.iter().copied().filter(|&d| proofs[d].met == Met::Open).collect();
            let found: Vec<Move> = batch
                .par_chunks(BATCH)
                .map(|some| {
                    let find = |(finder, price): &mut (Finder, Vec<i64>), &d: &usize| {
                        let (cell, goal) = (self.problem.forms[d], self.goals[d]?);
                        let knows = &self.problem.demands[d].knows;
                        finder.set_steps(if left(cell) { FEW_STEPS } else { CLOSE_STEPS });
                        blocked(price, knows, |price| finder.find(price, cell, goal, i64::MAX)).map(|f| f.cells)
                    };
                    let all = |tools: &mut _| -> Vec<Move> { some.iter().filter_map(|d| find(tools, d)).collect() };
                    idle.with(tools, all).into_iter().filter(|m| self.fits(m)).collect::<Vec<Move>>()
                })
                .flatten()
                .collect();
            found.into_iter().for_each(|m| self.offer(m, proofs));
        }
        self.search_near(&price, proofs, left);
    }

    /// Puts what is still open to small programs over the cells around it: they end in whole numbers far more often than
    /// programs over all cells.
    fn search_near(&self, price: &[i64], proofs: &mut [Proof], left: &(dyn Fn(CellId) -> bool + Sync)) {
        let programs = Programs {
            solver: self.attack.solver,
            effort: self.attack.effort(),
            relations: &self.problem.public.relations,
            frame: &self.frame,
            thin: &self.frame,
            up: &self.up,
            down: &self.down,
            whole: self.attack.whole,
            any: true,
        };
        let open: Vec<usize> =
            (0..proofs.len()).filter(|&d| proofs[d].met == Met::Open && !left(self.problem.forms[d])).collect();
        let idle = Idle::new();
        for batch in open.chunks(BATCH) {
            if self.attack.out_of_time() {
                return;
            }
            let batch: Vec<usize> = batch.iter().copied().filter(|&d| proofs[d].met == Met::Open).collect();
            let near = |price: &mut Vec<i64>, d: usize| {
                let goal = self.goals[d]?;
                let ask = |price: &[i64]| programs.cheapest(price, self.problem.forms[d], goal, NEAR_CELLS);
                match blocked(price, &self.problem.demands[d].knows, ask) {
                    Answer::Met(cells) => Some(cells).filter(|m| self.fits(m)),
                    Answer::Impossible | Answer::Unknown => None,
                }
            };
            let ask = |&d: &usize| idle.with(|| price.to_vec(), |price| near(price, d));
            let found: Vec<Move> = batch.par_iter().map(ask).flatten().collect();
            // what is left then can mostly not be met at all, which only the whole component can say
            let in_vain = found.len() * FEW_FOUND < batch.len();
            found.into_iter().for_each(|m| self.offer(m, proofs));
            if in_vain {
                break;
            }
        }
    }
}
