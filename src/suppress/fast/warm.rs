//! Exact answers to "is there still another table?", by linear programs that stay warm.
//!
//! One program per component of the withheld cells, with a column for each cell's way up and one for its way down, that
//! looks for the shortest move. To publish a cell is to close its columns, to ask for a need is to push its cell: only
//! bounds change, so each answer starts from where the last one ended.

use std::collections::HashMap;

use crate::model::CellId;
use crate::solve::{Changes, Column, Effort, Program, Row, Session, Status};
use crate::witness::{BLOCKED, Move, balanced, moved};

use super::super::ground::Need;
use super::store::Store;

/// Larger components are left to local search.
const MOST_CELLS: usize = 6_000;

/// The programs over the cells that were withheld when it was made. Cells withheld later are unknown to it.
pub(super) struct Warm {
    home: HashMap<CellId, (usize, usize)>,
    parts: Vec<Part>,
}

struct Part {
    cells: Vec<CellId>,
    session: Option<Box<dyn Session>>,
}

/// What a program says about a need.
pub(super) enum Answer {
    /// A move that meets it.
    Met(Move),
    /// No move meets it.
    Impossible,
    /// No whole move was found, or the component is too large.
    Unknown,
}

impl Warm {
    /// Programs over what is withheld now.
    pub fn new(store: &Store) -> Self {
        let ground = store.ground;
        let movable = |c: CellId| store.shut_price[c] != BLOCKED && (ground.up[c] > 0 || ground.down[c] > 0);
        let mut home = HashMap::new();
        let mut parts: Vec<Part> = Vec::new();
        for start in (0..ground.cells()).filter(|&c| movable(c)) {
            if home.contains_key(&start) {
                continue;
            }
            let mut cells = vec![start];
            home.insert(start, (parts.len(), 0));
            let mut next = 0;
            while next < cells.len() {
                for &(row, _) in ground.frame.column(cells[next]) {
                    for &(c, _) in ground.frame.row(row as usize) {
                        let c = c as usize;
                        if movable(c) && !home.contains_key(&c) {
                            home.insert(c, (parts.len(), cells.len()));
                            cells.push(c);
                        }
                    }
                }
                next += 1;
            }
            parts.push(Part { cells, session: None });
        }
        Warm { home, parts }
    }

    /// Opens or closes a cell.
    pub fn set(&mut self, store: &Store, cell: CellId, open: bool) {
        let Some(&(part, at)) = self.home.get(&cell) else { return };
        let part = &mut self.parts[part];
        if let Some(session) = &mut part.session {
            let (up, down) = if open { room(store, cell) } else { (0.0, 0.0) };
            session.set_bounds(at, 0.0, up);
            session.set_bounds(at + part.cells.len(), 0.0, down);
        }
    }

    /// Looks for a move over withheld cells that meets a need.
    pub fn ask(&mut self, store: &Store, need: usize) -> Answer {
        let Need { target, goal } = store.ground.needs[need];
        let Some(&(part, at)) = self.home.get(&target) else { return Answer::Impossible };
        let part = &mut self.parts[part];
        if part.cells.len() > MOST_CELLS {
            return Answer::Unknown;
        }
        let mut answer = Answer::Impossible;
        for (sign, amount) in goal.ways() {
            match part.push(store, at, sign, amount) {
                Answer::Met(cells) if goal.met(moved(&cells, target)) => return Answer::Met(cells),
                Answer::Impossible => {}
                _ => answer = Answer::Unknown,
            }
        }
        answer
    }
}

impl Part {
    /// Pushes a cell as far as `amount`.
    fn push(&mut self, store: &Store, at: usize, sign: i64, amount: i64) -> Answer {
        let (up, down) = room(store, self.cells[at]);
        let n = self.cells.len();
        let far = amount as f64;
        let (column, hi, other, other_hi) = if sign > 0 { (at, up, at + n, down) } else { (at + n, down, at, up) };
        if hi < far {
            return Answer::Impossible;
        }
        let cells = &self.cells;
        let session = self.session.get_or_insert_with(|| open(store, cells));
        session.set_bounds(column, far, far);
        session.set_bounds(other, 0.0, 0.0);
        let answer = session.solve();
        session.set_bounds(column, 0.0, hi);
        session.set_bounds(other, 0.0, other_hi);
        match answer.status {
            Status::Infeasible => Answer::Impossible,
            Status::Optimal => self.whole(store, &answer.columns).map_or(Answer::Unknown, Answer::Met),
            _ => Answer::Unknown,
        }
    }

    fn whole(&self, store: &Store, answer: &[f64]) -> Option<Move> {
        let ground = store.ground;
        let mut cells = Move::new();
        let (ups, downs) = answer.split_at_checked(self.cells.len())?;
        for ((&c, up), down) in self.cells.iter().zip(ups).zip(downs) {
            let by = up - down;
            let whole = by.round();
            if (by - whole).abs() > 1e-5 || whole.abs() > 9e15 {
                return None;
            }
            if whole != 0.0 {
                cells.push((c, whole as i64));
            }
        }
        cells.sort_unstable();
        let within =
            |&(c, by): &(CellId, i64)| by <= ground.up[c] && -by <= ground.down[c] && store.shut_price[c] != BLOCKED;
        (cells.iter().all(within) && balanced(&ground.relations, &ground.frame, &cells)).then_some(cells)
    }
}

/// How far a cell can go up and down.
fn room(store: &Store, cell: CellId) -> (f64, f64) {
    let limit = |room: i64| if room == i64::MAX { f64::INFINITY } else { room as f64 };
    if store.shut_price[cell] == BLOCKED {
        return (0.0, 0.0);
    }
    (limit(store.ground.up[cell]), limit(store.ground.down[cell]))
}

fn open(store: &Store, cells: &[CellId]) -> Box<dyn Session> {
    let n = cells.len();
    let column = |c: CellId, hi: f64| Column { cost: store.shut_price[c].min(8) as f64, lo: 0.0, hi, whole: false };
    let up = cells.iter().map(|&c| column(c, room(store, c).0));
    let down = cells.iter().map(|&c| column(c, room(store, c).1));
    let mut rows: HashMap<u32, Vec<(usize, i32)>> = HashMap::new();
    for (at, &c) in cells.iter().enumerate() {
        store.ground.frame.column(c).iter().for_each(|&(row, k)| rows.entry(row).or_default().push((at, k)));
    }
    let mut rows: Vec<Vec<(usize, i32)>> = rows.into_values().collect();
    rows.sort_unstable();
    rows.dedup();
    let both = |(at, k): (usize, i32)| [(at, f64::from(k)), (at + n, -f64::from(k))];
    let rows =
        rows.into_iter().map(|terms| Row { lo: 0.0, hi: 0.0, terms: terms.into_iter().flat_map(both).collect() });
    let program = Program { columns: up.chain(down).collect(), rows: rows.collect() };
    store.ground.problem.solver.open(&program, Effort { changes: Changes::Bounds, ..store.ground.problem.effort })
}
