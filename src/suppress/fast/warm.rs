//! Linear programs that stay warm from one question to the next.
//!
//! One program per component, with a column for each cell's way up and one for its way down, that looks for the cheapest
//! move. To publish a cell is to close its columns or to give them a price, to ask for a need is to push its cell: each
//! answer starts from where the last one ended.

use std::collections::HashMap;

use crate::model::CellId;
use crate::solve::{Changes, Column, Effort, Program, Row, Session, Status};
use crate::witness::{Answer, BLOCKED, LEAST_COST, Move, TIMES, balanced, in_motion, moved};

use super::super::ground::Need;
use super::store::Store;

/// Larger components are left to local search.
const MOST_CELLS: usize = 6_000;
/// Over which cells moves may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    /// Withheld cells only, and only those that were withheld when the program was made.
    Withheld,
    /// Withheld cells only; any candidate may become one.
    Candidates,
    /// All candidates, published ones at their cost.
    Priced,
}

/// The programs.
pub(super) struct Warm {
    over: Over,
    /// What a column of average cost is divided by.
    unit: f64,
    home: HashMap<CellId, (usize, usize)>,
    parts: Vec<Part>,
}

struct Part {
    cells: Vec<CellId>,
    session: Option<Box<dyn Session>>,
    /// Per cell, what the program holds: cost, room upwards and downwards.
    now: Vec<(f64, f64, f64)>,
}

impl Warm {
    pub fn new(store: &Store, over: Over) -> Self {
        let ground = store.ground;
        let price = if over == Over::Withheld { &store.shut_price } else { &store.open_price };
        let movable = |c: CellId| price[c] != BLOCKED && (ground.up[c] > 0 || ground.down[c] > 0);
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
            parts.push(Part { cells, session: None, now: Vec::new() });
        }
        let costs: Vec<i64> = ground.problem.candidates().map(|c| store.open_price[c]).collect();
        let unit = costs.iter().map(|&c| c as f64).sum::<f64>() / costs.len().max(1) as f64;
        Warm { over, unit: unit.max(1.0), home, parts }
    }

    /// The cells of the component in which a need is met, if it can be at all.
    pub fn size(&self, store: &Store, need: usize) -> usize {
        self.home.get(&store.needs[need].target).map_or(0, |&(home, _)| self.parts[home].cells.len())
    }

    /// Looks for a move that meets a need.
    pub fn ask(&mut self, store: &Store, need: usize) -> Answer {
        let Need { target, goal, knows } = store.needs[need];
        let Some(&(home, at)) = self.home.get(&target) else { return Answer::Impossible };
        let part = &mut self.parts[home];
        if part.cells.len() > MOST_CELLS {
            return Answer::Unknown;
        }
        part.update(store, self.over, self.unit);
        let known: Vec<usize> =
            knows.iter().filter_map(|c| self.home.get(c)).filter(|h| h.0 == home).map(|h| h.1).collect();
        part.hold(&known, true);
        let mut answer = Answer::Impossible;
        for (sign, amount) in goal.ways() {
            match part.push(store, need, at, (sign, amount)) {
                Answer::Met(cells) if goal.met(moved(&cells, target)) => {
                    answer = Answer::Met(cells);
                    break;
                }
                Answer::Impossible => {}
                _ => answer = Answer::Unknown,
            }
        }
        part.hold(&known, false);
        answer
    }
}

/// What the columns of a cell must be: cost, room upwards and downwards.
fn columns(store: &Store, over: Over, unit: f64, cell: CellId) -> (f64, f64, f64) {
    let limit = |room: i64| if room == i64::MAX { f64::INFINITY } else { room as f64 };
    let (up, down) = (limit(store.ground.up[cell]), limit(store.ground.down[cell]));
    match over {
        Over::Priced => ((store.open_price[cell] as f64 / unit).max(LEAST_COST), up, down),
        _ if store.shut_price[cell] == BLOCKED => (1.0, 0.0, 0.0),
        _ => (1.0, up, down),
    }
}

impl Part {
    /// Brings the program up to date with the store.
    fn update(&mut self, store: &Store, over: Over, unit: f64) {
        let n = self.cells.len();
        let Some(session) = &mut self.session else {
            self.now = self.cells.iter().map(|&c| columns(store, over, unit, c)).collect();
            self.session = Some(open(store, &self.cells, &self.now));
            return;
        };
        for (at, (&c, now)) in self.cells.iter().zip(&mut self.now).enumerate() {
            let then = columns(store, over, unit, c);
            if then.0 != now.0 {
                session.set_cost(at, then.0);
                session.set_cost(at + n, then.0);
            }
            if (then.1, then.2) != (now.1, now.2) {
                session.set_bounds(at, 0.0, then.1);
                session.set_bounds(at + n, 0.0, then.2);
            }
            *now = then;
        }
    }

    /// Holds cells that an intruder knows where they are, or lets them go again.
    fn hold(&mut self, cells: &[usize], held: bool) {
        let n = self.cells.len();
        let Some(session) = &mut self.session else { return };
        for &at in cells {
            let (_, up, down) = if held { (0.0, 0.0, 0.0) } else { self.now[at] };
            session.set_bounds(at, 0.0, up);
            session.set_bounds(at + n, 0.0, down);
        }
    }

    /// Pushes a cell as far as `amount`.
    fn push(&mut self, store: &Store, need: usize, at: usize, (sign, amount): (i64, i64)) -> Answer {
        let (_, up, down) = self.now[at];
        let n = self.cells.len();
        let far = amount as f64;
        let (column, hi, other, other_hi) = if sign > 0 { (at, up, at + n, down) } else { (at + n, down, at, up) };
        let Some(session) = self.session.as_mut().filter(|_| hi >= far) else { return Answer::Impossible };
        session.set_bounds(column, far, far);
        session.set_bounds(other, 0.0, 0.0);
        let answer = session.solve();
        session.set_bounds(column, 0.0, hi);
        session.set_bounds(other, 0.0, other_hi);
        match answer.status {
            Status::Infeasible => Answer::Impossible,
            Status::Optimal => {
                // corners of tables are mostly whole, else halves or thirds: a larger move may be whole
                let met = |m: &Move| store.needs[need].goal.met(moved(m, self.cells[at]));
                let found = TIMES.into_iter().find_map(|times| self.whole(store, &answer.columns, times).filter(met));
                let among = || store.among(&in_motion(&self.cells, &answer.columns), need, (sign, amount));
                let found = if store.ground.amounts() { found } else { found.or_else(among) };
                found.map_or(Answer::Unknown, Answer::Met)
            }
            _ => Answer::Unknown,
        }
    }

    /// So many times an answer, if that is a whole move.
    fn whole(&self, store: &Store, answer: &[f64], times: f64) -> Option<Move> {
        let ground = store.ground;
        let mut cells = Move::new();
        let (ups, downs) = answer.split_at_checked(self.cells.len())?;
        for ((&c, up), down) in self.cells.iter().zip(ups).zip(downs) {
            let by = (up - down) * times;
            let whole = by.round();
            if (by - whole).abs() > 1e-5 * whole.abs().max(1.0) || whole.abs() > 9e15 {
                return None;
            }
            if whole != 0.0 {
                cells.push((c, whole as i64));
            }
        }
        cells.sort_unstable();
        let within =
            |&(c, by): &(CellId, i64)| by <= ground.up[c] && -by <= ground.down[c] && store.open_price[c] != BLOCKED;
        (cells.iter().all(within) && balanced(&ground.relations, &ground.frame, &cells)).then_some(cells)
    }
}

fn open(store: &Store, cells: &[CellId], now: &[(f64, f64, f64)]) -> Box<dyn Session> {
    let n = cells.len();
    let column = |cost: f64, hi: f64| Column { cost, lo: 0.0, hi, whole: false };
    let up = now.iter().map(|&(cost, up, _)| column(cost, up));
    let down = now.iter().map(|&(cost, _, down)| column(cost, down));
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
