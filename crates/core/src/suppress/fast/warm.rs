//! Linear programs that stay warm from one question to the next.
//!
//! One program per component, with a column for each cell's way up and one for its way down, that looks for the cheapest
//! move. To publish a cell is to close its columns or to give them a price, to ask for a need is to push its cell: each
//! answer starts from where the last one ended. Another program looks for the least change of a witness that leaves out cells.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::CellId;
use crate::solve::{self, Changes, Column, Effort, Program, Row, Session, Status};
use crate::witness::{Answer, BLOCKED, Goal, LEAST_COST, Move, TIMES, balanced, in_motion, moved, rank};

use super::super::cuts::Separator;
use super::super::ground::{Ground, Need};
use super::store::Store;

/// Larger components are left to local search: of counts, and of amounts, of which local search finds little.
const MOST_CELLS: usize = 6_000;
const MOST_AMOUNTS: usize = 12_000;

/// Cells of the largest component that programs are asked about.
pub(super) fn most_cells(ground: &Ground) -> usize {
    if ground.amounts() { MOST_AMOUNTS } else { MOST_CELLS }
}

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
    /// Per cell, its component and its place there, if it can move.
    home: Vec<Option<(u32, u32)>>,
    parts: Vec<Part>,
}

struct Part {
    cells: Vec<CellId>,
    /// The rows of its programs, once one was needed.
    rows: Vec<Row>,
    seat: Option<Seat>,
    detour: Option<Detour>,
}

/// A program and what it holds.
struct Seat {
    session: Box<dyn Session>,
    /// Per cell: cost, room upwards and downwards.
    now: Vec<(f64, f64, f64)>,
}

impl Warm {
    pub fn new(store: &Store, over: Over) -> Self {
        let ground = store.ground;
        let price = if over == Over::Withheld { &store.shut_price } else { &store.open_price };
        let movable = |c: CellId| price[c] != BLOCKED && (ground.up[c] > 0 || ground.down[c] > 0);
        let mut home = vec![None; ground.cells()];
        let mut parts: Vec<Part> = Vec::new();
        for start in (0..ground.cells()).filter(|&c| movable(c)) {
            if home[start].is_some() {
                continue;
            }
            let mut cells = vec![start];
            home[start] = Some((parts.len() as u32, 0));
            let mut next = 0;
            while next < cells.len() {
                for &(row, _) in ground.frame.column(cells[next]) {
                    for &(c, _) in ground.frame.row(row as usize) {
                        let c = c as usize;
                        if movable(c) && home[c].is_none() {
                            home[c] = Some((parts.len() as u32, cells.len() as u32));
                            cells.push(c);
                        }
                    }
                }
                next += 1;
            }
            parts.push(Part { cells, rows: Vec::new(), seat: None, detour: None });
        }
        let costs: Vec<i64> = ground.problem.candidates().map(|c| store.open_price[c]).collect();
        let unit = costs.iter().map(|&c| c as f64).sum::<f64>() / costs.len().max(1) as f64;
        Warm { over, unit: unit.max(1.0), home, parts }
    }

    /// A cell's component and its place there, if it can move.
    fn home_of(&self, cell: CellId) -> Option<(usize, usize)> {
        self.home[cell].map(|(home, at)| (home as usize, at as usize))
    }

    /// The cells of the component in which a need is met, if it can be at all.
    pub fn size(&self, store: &Store, need: usize) -> usize {
        self.home_of(store.needs[need].target).map_or(0, |(home, _)| self.parts[home].cells.len())
    }

    /// The component of a need and its cell's place there, with the rows at hand; the answer itself where there is nothing to ask.
    fn place(&mut self, store: &Store, need: usize) -> Result<(usize, usize), Answer> {
        let (home, at) = self.home_of(store.needs[need].target).ok_or(Answer::Impossible)?;
        let part = &mut self.parts[home];
        if part.cells.len() > most_cells(store.ground) {
            return Err(Answer::Unknown);
        }
        if part.rows.is_empty() {
            part.rows = rows(store, &part.cells);
        }
        Ok((home, at))
    }

    /// Looks for a move that meets a need and leaves out the cells that are published by now, and differs little from the
    /// witness the need has: the larger part of a witness mostly stays, so that few steps of the simplex lead there.
    fn reroute(&mut self, store: &Store, need: usize) -> Answer {
        let part = match self.place(store, need) {
            Ok((home, _)) => &mut self.parts[home],
            Err(answer) => return answer,
        };
        let ways = Detour::ways(store, &part.cells, need);
        let rows = &part.rows;
        part.detour.get_or_insert_with(|| Detour::new(store, rows, &ways)).solve(store, &part.cells, need, ways)
    }

    /// Looks for a move that meets a need.
    pub fn ask(&mut self, store: &Store, need: usize) -> Answer {
        let Need { target, goal, knows } = store.needs[need];
        let (home, at) = match self.place(store, need) {
            Ok(place) => place,
            Err(answer) => return answer,
        };
        let known: Vec<usize> =
            knows.iter().filter_map(|&c| self.home_of(c)).filter(|h| h.0 == home).map(|h| h.1).collect();
        let part = &mut self.parts[home];
        let wanted: Vec<_> = part.cells.iter().map(|&c| columns(store, self.over, self.unit, c)).collect();
        let rows = &part.rows;
        let seat = part.seat.get_or_insert_with(|| Seat::new(store, rows, &wanted));
        seat.update(wanted);
        seat.hold(&known, true);
        let mut answer = Answer::Impossible;
        for (sign, amount) in goal.ways() {
            match seat.push(store, &part.cells, need, at, (sign, amount)) {
                Answer::Met(cells) if goal.met(moved(&cells, target)) => {
                    answer = Answer::Met(cells);
                    break;
                }
                Answer::Impossible => {}
                _ => answer = Answer::Unknown,
            }
        }
        seat.hold(&known, false);
        answer
    }
}

/// A program over differences to a witness.
struct Detour {
    session: Box<dyn Session>,
    /// Bounds of the columns: ways up, then ways down.
    now: Vec<(f64, f64)>,
}

impl Detour {
    /// How far each cell may go from where the witness of a need has it.
    fn ways(store: &Store, cells: &[CellId], need: usize) -> Vec<(f64, f64)> {
        let Need { target, goal, knows } = store.needs[need];
        let from = &store.moves[need];
        let (least, most) = match goal {
            Goal::Up(least, most) => (least, most),
            Goal::Down(least, most) => (most.saturating_neg(), -least),
            Goal::Either(least) if moved(from, target) > 0 => (least, i64::MAX),
            Goal::Either(least) => (i64::MIN, -least),
        };
        let bounds = |c: CellId| {
            let room = (store.ground.down[c].saturating_neg(), store.ground.up[c]);
            match () {
                () if c == target => (room.0.max(least), room.1.min(most)),
                () if store.shut_price[c] == BLOCKED || knows.contains(&c) => (0, 0),
                () => room,
            }
        };
        let far = |from: i64, to: i64| {
            if to == i64::MAX || to <= -i64::MAX { f64::INFINITY * to.signum() as f64 } else { (to - from) as f64 }
        };
        let both = cells.iter().map(|&c| {
            let (at, (lo, hi)) = (moved(from, c), bounds(c));
            (far(at, lo), far(at, hi))
        });
        let both: Vec<(f64, f64)> = both.collect();
        let up = both.iter().map(|&(lo, hi)| (lo.max(0.0), hi.max(0.0)));
        let down = both.iter().map(|&(lo, hi)| ((-hi).max(0.0), (-lo).max(0.0)));
        up.chain(down).collect()
    }

    fn new(store: &Store, rows: &[Row], now: &[(f64, f64)]) -> Self {
        let columns = now.iter().map(|&(lo, hi)| Column { cost: 1.0, lo, hi, whole: false }).collect();
        Detour { session: open(store, columns, rows), now: now.to_vec() }
    }

    fn solve(&mut self, store: &Store, cells: &[CellId], need: usize, ways: Vec<(f64, f64)>) -> Answer {
        for (i, (then, now)) in ways.iter().zip(&mut self.now).enumerate() {
            if then != now {
                self.session.set_bounds(i, then.0, then.1);
            }
        }
        self.now = ways;
        let mut answer = self.session.solve();
        if answer.status == Status::Optimal {
            for (at, &c) in cells.iter().enumerate() {
                answer.columns[at] += moved(&store.moves[need], c) as f64;
            }
        }
        found(store, cells, need, &answer)
    }
}

/// What a solver's answer says about a need.
fn found(store: &Store, cells: &[CellId], need: usize, answer: &solve::Answer) -> Answer {
    let Need { target, goal, .. } = store.needs[need];
    let met = |m: &Move| goal.met(moved(m, target));
    // corners of tables are mostly whole, else halves or thirds: a larger move may be whole
    let larger = || TIMES.into_iter().find_map(|times| whole(store, cells, &answer.columns, times).filter(met));
    let up = |at: usize| answer.columns[at] >= answer.columns[at + cells.len()];
    let among = || {
        let sign = if cells.iter().position(|&c| c == target).is_some_and(up) { 1 } else { -1 };
        store.among(&in_motion(cells, &answer.columns), need, (sign, goal.distance())).filter(met)
    };
    match answer.status {
        Status::Infeasible => Answer::Impossible,
        Status::Optimal if store.ground.amounts() => larger().map_or(Answer::Unknown, Answer::Met),
        Status::Optimal => larger().or_else(among).map_or(Answer::Unknown, Answer::Met),
        _ => Answer::Unknown,
    }
}

/// Programs over withheld cells, and what every safe pattern must satisfy if they fail.
pub(super) struct Shut<'g> {
    warm: Warm,
    separator: Option<Separator<'g>>,
}

impl<'g> Shut<'g> {
    pub fn new(store: &Store<'g>, over: Over) -> Self {
        Shut { warm: Warm::new(store, over), separator: None }
    }

    /// Looks for a move over withheld cells that meets a need, near the witness that it has; that there is none is remembered
    /// with its reason.
    pub fn ask(&mut self, store: &mut Store<'g>, need: usize) -> Answer {
        let mut answer = self.warm.reroute(store, need);
        if matches!(answer, Answer::Impossible) && matches!(store.needs[need].goal, Goal::Either(_)) {
            // in the other direction there may be one
            answer = self.warm.ask(store, need);
        }
        if matches!(answer, Answer::Impossible) {
            let separator = self.separator.get_or_insert_with(|| Separator::new(store.ground));
            let Need { target, knows, .. } = store.needs[need];
            let cuts = separator.against(&store.withheld, target, knows);
            store.known.learn(cuts.into_iter().map(Arc::new));
        }
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

impl Seat {
    fn new(store: &Store, rows: &[Row], now: &[(f64, f64, f64)]) -> Self {
        let column = |cost: f64, hi: f64| Column { cost, lo: 0.0, hi, whole: false };
        let up = now.iter().map(|&(cost, up, _)| column(cost, up));
        let down = now.iter().map(|&(cost, _, down)| column(cost, down));
        Seat { session: open(store, up.chain(down).collect(), rows), now: now.to_vec() }
    }

    /// Brings the program up to date.
    fn update(&mut self, wanted: Vec<(f64, f64, f64)>) {
        let (n, session) = (self.now.len(), &mut self.session);
        for (at, (then, now)) in wanted.into_iter().zip(&mut self.now).enumerate() {
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
        let (n, session) = (self.now.len(), &mut self.session);
        for &at in cells {
            let (_, up, down) = if held { (0.0, 0.0, 0.0) } else { self.now[at] };
            session.set_bounds(at, 0.0, up);
            session.set_bounds(at + n, 0.0, down);
        }
    }

    /// Pushes a cell as far as `amount`.
    fn push(&mut self, store: &Store, cells: &[CellId], need: usize, at: usize, (sign, amount): (i64, i64)) -> Answer {
        let (_, up, down) = self.now[at];
        let n = cells.len();
        let far = amount as f64;
        let (column, hi, other, other_hi) = if sign > 0 { (at, up, at + n, down) } else { (at + n, down, at, up) };
        if hi < far {
            return Answer::Impossible;
        }
        let session = &mut self.session;
        session.set_bounds(column, far, far);
        session.set_bounds(other, 0.0, 0.0);
        let answer = session.solve();
        session.set_bounds(column, 0.0, hi);
        session.set_bounds(other, 0.0, other_hi);
        found(store, cells, need, &answer)
    }
}

/// So many times an answer, if that is a whole move.
fn whole(store: &Store, of: &[CellId], answer: &[f64], times: f64) -> Option<Move> {
    let ground = store.ground;
    let mut cells = Move::new();
    let (ups, downs) = answer.split_at_checked(of.len())?;
    for ((&c, up), down) in of.iter().zip(ups).zip(downs) {
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

/// A program whose bounds change from one question to the next.
fn open(store: &Store, columns: Vec<Column>, rows: &[Row]) -> Box<dyn Session> {
    let problem = store.ground.problem;
    let program = Program { columns, rows: rows.to_vec() };
    problem.solver.open(&program, Effort { changes: Changes::Bounds, ..problem.effort })
}

/// The rows of the program over some cells; what follows from other rows only makes bases larger.
fn rows(store: &Store, cells: &[CellId]) -> Vec<Row> {
    let n = cells.len();
    let mut rows: HashMap<u32, Vec<(usize, i64)>> = HashMap::new();
    for (at, &c) in cells.iter().enumerate() {
        store.ground.frame.column(c).iter().for_each(|&(row, k)| rows.entry(row).or_default().push((at, i64::from(k))));
    }
    let mut rows: Vec<Vec<(usize, i64)>> = rows.into_values().collect();
    rows.sort_unstable();
    rows.dedup();
    if let Some(needed) = rank::independent(&rows, n) {
        let mut needed = needed.into_iter();
        rows.retain(|_| needed.next() == Some(true));
    }
    let both = |(at, k): (usize, i64)| [(at, k as f64), (at + n, -(k as f64))];
    rows.into_iter().map(|terms| Row { lo: 0.0, hi: 0.0, terms: terms.into_iter().flat_map(both).collect() }).collect()
}
