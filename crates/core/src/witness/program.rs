//! Where no local move is found: least-cost moves by linear and whole programs over growing neighbourhoods.

use std::collections::HashMap;

use crate::model::{CellId, Relation};
use crate::solve::{self, Changes, Column, Effort, Program, Row, Solver, Status};

use super::{BLOCKED, Frame, Goal, Move, balanced, moved};

/// Cells of the neighbourhoods, from the first to the last that is tried.
const SIZES: [usize; 3] = [250, 2_000, 20_000];
/// The least cost of a column, where an average one costs 1: moves stay short where they are free.
pub const LEAST_COST: f64 = 1e-3;
/// Nodes of the search tree of one whole program.
const NODES: i32 = 500;
/// The same where only the cells of a fractional move are asked.
pub const FEW_NODES: i32 = 20;
/// How far other cells of a move may go in a whole program over few cells, as a multiple of its target.
pub const FARTHEST: f64 = 4.0;
/// Multiples of an answer that are tried where it is not whole.
pub const TIMES: [f64; 7] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 12.0];

/// What programs say about a goal.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A move that reaches it.
    Met(Move),
    /// No move reaches it.
    Impossible,
    /// No whole move was found, or there are too many cells.
    Unknown,
}

/// Everything that programs need to know.
#[derive(Clone, Copy)]
pub struct Programs<'a> {
    /// Who solves them.
    pub solver: &'a dyn Solver,
    /// Limit of each search.
    pub effort: Effort,
    /// The relations.
    pub relations: &'a [Relation],
    /// The same to walk on.
    pub frame: &'a Frame,
    /// The same, or as many of them as say something new: what follows from others only makes programs larger.
    pub thin: &'a Frame,
    /// Room of each cell upwards.
    pub up: &'a [i64],
    /// Room of each cell downwards.
    pub down: &'a [i64],
    /// Whether whole programs over all cells are asked where a linear one ends in fractions. For amounts, whose ranges are wide,
    /// that is a last resort.
    pub whole: bool,
    /// Whether any whole move will do, or a cheap one is wanted: the first one found is far sooner there.
    pub any: bool,
}

impl Programs<'_> {
    /// A whole move over a few cells, among which a linear program has found one in fractions.
    pub fn among(&self, price: &[i64], cells: &[CellId], target: CellId, (sign, amount): (i64, i64)) -> Option<Move> {
        let mut local = Local::new(self, price, cells);
        local.push(target, sign, amount)?;
        // wide ranges of whole columns take a solver long, and no move needs them
        let far = (amount as f64) * FARTHEST;
        local.program.columns.iter_mut().for_each(|c| (c.whole, c.hi) = (true, c.hi.min(far)));
        let answer = self.solver.solve(&local.program, Effort { nodes: FEW_NODES, ..local.effort() });
        local.whole_move(&answer.columns, 1.0)
    }

    /// A cheap move for a goal over the cells around the target, at most about `most`. Only a program over everything that
    /// can be reached may say that there is none.
    pub fn cheapest(&self, price: &[i64], target: CellId, goal: Goal, most: usize) -> Answer {
        let mut before = 0;
        let mut last = Answer::Impossible;
        for size in SIZES.into_iter().filter(|&s| s <= most) {
            let cells = neighbourhood(self, price, target, size);
            if cells.len() == before {
                return last; // nothing more to be reached
            }
            before = cells.len();
            last = Local::new(self, price, &cells).solve(target, goal);
            if matches!(last, Answer::Met(_)) || before < size {
                return last;
            }
        }
        Answer::Unknown
    }
}

/// The cells that can move, in the order of their distance over relations; at most about `size`.
fn neighbourhood(field: &Programs, price: &[i64], target: CellId, size: usize) -> Vec<CellId> {
    let movable = |c: CellId| price[c] != BLOCKED && (field.up[c] > 0 || field.down[c] > 0);
    let mut seen: HashMap<CellId, ()> = HashMap::from([(target, ())]);
    let mut rows_seen: HashMap<u32, ()> = HashMap::new();
    let mut cells = vec![target];
    let mut next = 0;
    while next < cells.len() && cells.len() < size {
        for &(row, _) in field.thin.column(cells[next]) {
            if rows_seen.insert(row, ()).is_some() {
                continue;
            }
            for &(c, _) in field.thin.row(row as usize) {
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

/// The cells that an answer moves, in rising order. `answer`: the ways of `cells` up, then their ways down.
pub fn in_motion(cells: &[CellId], answer: &[f64]) -> Vec<CellId> {
    let (ups, downs) = answer.split_at(answer.len() / 2);
    let moves = ups.iter().zip(downs).map(|(up, down)| (up - down).abs() > 1e-9);
    let mut moving: Vec<CellId> = cells.iter().zip(moves).filter(|m| m.1).map(|m| *m.0).collect();
    moving.sort_unstable();
    moving
}

/// A program over some cells: upward moves, then downward ones.
struct Local<'a> {
    field: &'a Programs<'a>,
    price: &'a [i64],
    cells: &'a [CellId],
    program: Program,
}

impl<'a> Local<'a> {
    fn new(field: &'a Programs<'a>, price: &'a [i64], cells: &'a [CellId]) -> Self {
        let n = cells.len();
        let limit = |room: i64| if room == i64::MAX { f64::INFINITY } else { room as f64 };
        let unit = (cells.iter().map(|&c| price[c] as f64).sum::<f64>() / n.max(1) as f64).max(1.0);
        let cost = |c: CellId| (price[c] as f64 / unit).max(LEAST_COST);
        let column = |c: CellId, room: i64| Column { cost: cost(c), lo: 0.0, hi: limit(room), whole: false };
        let up = cells.iter().map(|&c| column(c, field.up[c]));
        let down = cells.iter().map(|&c| column(c, field.down[c]));
        let columns = up.chain(down).collect();
        let mut rows: HashMap<u32, Vec<(usize, f64)>> = HashMap::new();
        for (i, &c) in cells.iter().enumerate() {
            for &(row, k) in field.thin.column(c) {
                rows.entry(row).or_default().extend([(i, f64::from(k)), (i + n, -f64::from(k))]);
            }
        }
        let mut rows: Vec<(u32, Vec<(usize, f64)>)> = rows.into_iter().collect();
        rows.sort_unstable_by_key(|r| r.0);
        let rows = rows.into_iter().map(|(_, terms)| Row { lo: 0.0, hi: 0.0, terms }).collect();
        Local { field, price, cells, program: Program { columns, rows } }
    }

    fn solve(&mut self, target: CellId, goal: Goal) -> Answer {
        let solver = self.field.solver;
        let met = |m: &Move| goal.met(moved(m, target));
        let mut best: Option<(f64, Move)> = None;
        let mut stopped = false;
        for (sign, amount) in goal.ways() {
            let before = self.program.columns.clone();
            if self.push(target, sign, amount).is_none() {
                continue;
            }
            let mut answer = solver.solve(&self.program, self.effort());
            let mut found = TIMES.into_iter().find_map(|times| self.whole_move(&answer.columns, times).filter(met));
            if found.is_none() && !answer.columns.is_empty() {
                let cells = in_motion(self.cells, &answer.columns);
                found = self.field.among(self.price, &cells, target, (sign, amount));
            }
            if found.is_none() && !answer.columns.is_empty() && self.field.whole {
                (answer, found) = if self.field.any { self.any_whole() } else { self.cheapest_whole() };
            }
            self.program.columns = before;
            match found.filter(met) {
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

    /// The cheapest whole move.
    fn cheapest_whole(&mut self) -> (solve::Answer, Option<Move>) {
        self.program.columns.iter_mut().for_each(|c| c.whole = true);
        let answer = self.field.solver.solve(&self.program, self.effort());
        let found = self.whole_move(&answer.columns, 1.0);
        (answer, found)
    }

    /// Some whole move, by a program with one column for both ways of a cell and no costs.
    fn any_whole(&self) -> (solve::Answer, Option<Move>) {
        let n = self.cells.len();
        let (ups, downs) = self.program.columns.split_at(n);
        let both = |(up, down): (&Column, &Column)| {
            let lo = if up.lo > 0.0 { up.lo } else { -down.hi };
            let hi = if down.lo > 0.0 { -down.lo } else { up.hi };
            Column { cost: 0.0, lo, hi, whole: true }
        };
        let columns = ups.iter().zip(downs).map(both).collect();
        let row = |row: &Row| Row { terms: row.terms.iter().copied().filter(|t| t.0 < n).collect(), ..*row };
        let program = Program { columns, rows: self.program.rows.iter().map(row).collect() };
        let answer = self.field.solver.solve(&program, Effort { first: true, ..self.effort() });
        let ways: Vec<f64> =
            [1.0, -1.0].iter().flat_map(|s| answer.columns.iter().map(move |v| (s * v).max(0.0))).collect();
        let found = self.whole_move(&ways, 1.0);
        (answer, found)
    }

    /// Makes a cell move so far, if it can.
    fn push(&mut self, target: CellId, sign: i64, amount: i64) -> Option<()> {
        let at = self.cells.binary_search(&target).ok()?;
        let n = self.cells.len();
        let (column, other) = if sign > 0 { (at, at + n) } else { (at + n, at) };
        let columns = &mut self.program.columns;
        if columns[column].hi < amount as f64 {
            return None;
        }
        columns[column].lo = amount as f64;
        // a move both ways at once would be no move
        columns[other].hi = 0.0;
        Some(())
    }

    fn effort(&self) -> Effort {
        // no cost is below 0, so the dual simplex starts from a feasible basis
        Effort { nodes: NODES, changes: Changes::Bounds, ..self.field.effort }
    }

    /// So many times a solver's answer as a move, if it is whole and satisfies every relation.
    fn whole_move(&self, answer: &[f64], times: f64) -> Option<Move> {
        let n = self.cells.len();
        if answer.len() != 2 * n {
            return None;
        }
        let mut cells = Move::new();
        for (i, &c) in self.cells.iter().enumerate() {
            let by = (answer[i] - answer[i + n]) * times;
            let whole = by.round();
            if (by - whole).abs() > 1e-5 || whole.abs() > 9e15 {
                return None;
            }
            if whole != 0.0 {
                cells.push((c, whole as i64));
            }
        }
        let within = |&(c, by): &(CellId, i64)| by <= self.field.up[c] && -by <= self.field.down[c];
        let balanced = balanced(self.field.relations, self.field.frame, &cells);
        (balanced && cells.iter().all(within)).then_some(cells)
    }
}
