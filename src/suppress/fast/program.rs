//! Where no local move is found: least-cost moves by linear and whole programs over growing neighbourhoods.

use std::collections::HashMap;

use crate::model::CellId;
use crate::solve::{Column, Effort, Program, Row, Status};
use crate::witness::{BLOCKED, Move, balanced, moved};

use super::super::ground::{Ground, Need};
use super::store::Store;
use super::warm::Answer;

/// Cells of the neighbourhoods, from the first to the last that is tried.
const SIZES: [usize; 3] = [250, 2_000, 20_000];
/// Nodes of the search tree of one whole program.
const NODES: i32 = 500;

/// A cheap move for a need over the cells around it; only over withheld cells if `shut`. Only a program over everything
/// that can be reached may say that there is none.
pub(super) fn least_cost(store: &Store, need: usize, shut: bool) -> Answer {
    let mut price = if shut { store.shut_price.clone() } else { store.open_price.clone() };
    store.needs[need].knows.iter().for_each(|&c| price[c] = BLOCKED);
    let price = &price;
    let mut before = 0;
    let mut last = Answer::Impossible;
    for size in SIZES {
        let cells = neighbourhood(store.ground, price, store.needs[need].target, size);
        if cells.len() == before {
            return last; // nothing more to be reached
        }
        before = cells.len();
        last = Local::new(store.ground, price, &cells).solve(store.needs[need]);
        if matches!(last, Answer::Met(_)) || before < size {
            return last;
        }
    }
    Answer::Unknown
}

/// The cells that can move, in the order of their distance over relations; at most about `size`.
fn neighbourhood(ground: &Ground, price: &[i64], target: CellId, size: usize) -> Vec<CellId> {
    let movable = |c: CellId| price[c] != BLOCKED && (ground.up[c] > 0 || ground.down[c] > 0);
    let mut seen: HashMap<CellId, ()> = HashMap::from([(target, ())]);
    let mut rows_seen: HashMap<u32, ()> = HashMap::new();
    let mut cells = vec![target];
    let mut next = 0;
    while next < cells.len() && cells.len() < size {
        for &(row, _) in ground.frame.column(cells[next]) {
            if rows_seen.insert(row, ()).is_some() {
                continue;
            }
            for &(c, _) in ground.frame.row(row as usize) {
                let c = c as usize;
                if movable(c) && seen.insert(c, ()).is_none() {
                    cells.push(c);
                }
            }
        }
        next += 1;
    }
    cells.sort_unstable();
    cells
}

/// A program over some cells: upward moves, then downward ones.
struct Local<'a> {
    ground: &'a Ground<'a>,
    cells: &'a [CellId],
    program: Program,
}

impl<'a> Local<'a> {
    fn new(ground: &'a Ground<'a>, price: &[i64], cells: &'a [CellId]) -> Self {
        let n = cells.len();
        let limit = |room: i64| if room == i64::MAX { f64::INFINITY } else { room as f64 };
        let column = |c: CellId, room: i64| Column { cost: price[c] as f64, lo: 0.0, hi: limit(room), whole: false };
        let up = cells.iter().map(|&c| column(c, ground.up[c]));
        let down = cells.iter().map(|&c| column(c, ground.down[c]));
        let columns = up.chain(down).collect();
        let mut rows: HashMap<u32, Vec<(usize, f64)>> = HashMap::new();
        for (i, &c) in cells.iter().enumerate() {
            for &(row, k) in ground.frame.column(c) {
                rows.entry(row).or_default().extend([(i, f64::from(k)), (i + n, -f64::from(k))]);
            }
        }
        let mut rows: Vec<(u32, Vec<(usize, f64)>)> = rows.into_iter().collect();
        rows.sort_unstable_by_key(|r| r.0);
        let rows = rows.into_iter().map(|(_, terms)| Row { lo: 0.0, hi: 0.0, terms }).collect();
        Local { ground, cells, program: Program { columns, rows } }
    }

    fn solve(&mut self, need: Need) -> Answer {
        let Need { target, goal, .. } = need;
        let Ok(at) = self.cells.binary_search(&target) else { return Answer::Impossible };
        let n = self.cells.len();
        let solver = self.ground.problem.solver;
        let mut best: Option<(f64, Move)> = None;
        let mut stopped = false;
        for (sign, amount) in goal.ways() {
            let mut program = self.program.clone();
            let (column, other) = if sign > 0 { (at, at + n) } else { (at + n, at) };
            if program.columns[column].hi < amount as f64 {
                continue;
            }
            program.columns[column].lo = amount as f64;
            // a move both ways at once would be no move
            program.columns[other].hi = 0.0;
            let mut answer = solver.solve(&program, self.effort());
            let mut found = self.whole_move(&answer.columns);
            if found.is_none() && !answer.columns.is_empty() {
                program.columns.iter_mut().for_each(|c| c.whole = true);
                answer = solver.solve(&program, self.effort());
                found = self.whole_move(&answer.columns);
            }
            match found.filter(|m| goal.met(moved(m, target))) {
                Some(cells) if best.as_ref().is_none_or(|b| answer.objective < b.0) => {
                    best = Some((answer.objective, cells));
                }
                Some(_) => {}
                None => stopped |= answer.status != Status::Infeasible,
            }
        }
        match best {
            Some((_, cells)) => Answer::Met(cells),
            None if stopped => Answer::Unknown,
            None => Answer::Impossible,
        }
    }

    fn effort(&self) -> Effort {
        let problem = self.ground.problem;
        Effort { nodes: NODES, seconds: problem.seconds_left(), ..problem.effort }
    }

    /// A solver's answer as a move, if it is whole and satisfies every relation.
    fn whole_move(&self, answer: &[f64]) -> Option<Move> {
        let n = self.cells.len();
        if answer.len() != 2 * n {
            return None;
        }
        let mut cells = Move::new();
        for (i, &c) in self.cells.iter().enumerate() {
            let by = answer[i] - answer[i + n];
            let whole = by.round();
            if (by - whole).abs() > 1e-5 || whole.abs() > 9e15 {
                return None;
            }
            if whole != 0.0 {
                cells.push((c, whole as i64));
            }
        }
        let within = |&(c, by): &(CellId, i64)| by <= self.ground.up[c] && -by <= self.ground.down[c];
        let balanced = balanced(&self.ground.relations, &self.ground.frame, &cells);
        (balanced && cells.iter().all(within)).then_some(cells)
    }
}
