//! The choice of cells: a program over the candidates with all cuts found so far.

use std::collections::HashSet;
use std::sync::Arc;

use crate::solve::{Changes, Column, Effort, Program, Row, Session, Solver, Status};

use super::cuts::{Cut, MISSED, beside, company};
use super::ground::Ground;

/// How much a cut may be missed by because of rounding in the solver.
const SLACK: f64 = 1e-6;
/// A row has something to say about a choice that exceeds it by less.
const TIGHT: f64 = 0.5;
/// Choices in a row about which a row may have nothing to say before it is laid aside.
const MOST_IDLE: u32 = 12;

/// Cuts that are added in one round, where cuts are at hand already: so many, or one for so many of them.
const AT_ONCE: (usize, usize) = (100, 8);
/// Rounds of adding such cuts.
const ROUNDS: usize = 60;
/// Seconds that these may take after the end of a time limit.
const GRACE: f64 = 10.0;

/// Those of these cuts that a choice misses, at most so many, those first that are missed by most.
pub(super) fn missed(cuts: &[&Cut], x: &[f64], most: usize) -> Vec<Cut> {
    let short = cuts.iter().map(|&cut| (cut.held(|c| x[c]) - cut.level, cut));
    let mut missed: Vec<(f64, &Cut)> = short.filter(|m| m.0 < -MISSED).collect();
    missed.sort_by(|a, b| a.0.total_cmp(&b.0));
    missed.truncate(most);
    missed.into_iter().map(|m| m.1.clone()).collect()
}

/// What no safe pattern loses less than, as far as these cuts and single relations tell: by the linear relaxation.
pub(super) fn least(ground: &Ground, cuts: &[Arc<Cut>]) -> i64 {
    // what a limited search found may take a little longer to be judged
    let seconds = ground.problem.seconds_left().map(|left| left.max(GRACE));
    let mut master = Master::new(ground, seconds);
    let single = beside(ground);
    let all: Vec<&Cut> = cuts.iter().map(|cut| &**cut).chain(&single).collect();
    let at_once = AT_ONCE.0.max(all.len() / AT_ONCE.1);
    let mut lower = 0;
    for _ in 0..ROUNDS {
        let Some((x, bound)) = master.solve_linear() else { break };
        lower = lower.max(bound);
        let mut more = missed(&all, &x, at_once);
        more.extend(company(ground, &x));
        if more.is_empty() || seconds.is_some() && ground.problem.seconds_left().is_some_and(|left| left <= -GRACE) {
            break;
        }
        more.into_iter().for_each(|cut| master.add(cut));
    }
    lower
}

/// What came of the whole program.
pub(super) enum Choice {
    /// The best choice found: per cell of the system 0 or 1, and what no choice can cost less than.
    Found { x: Vec<f64>, bound: i64, complete: bool },
    /// No choice costs less than the limit.
    None,
    /// A limit ended the search before a choice was found; no choice costs less than this.
    Stopped(i64),
}

/// The master program over the candidate cells.
pub(super) struct Master<'a> {
    solver: &'a dyn Solver,
    effort: Effort,
    cells: Vec<usize>,
    column_of: Vec<Option<usize>>,
    fixed: Vec<f64>,
    /// Costs are divided by this, which keeps the solver's tolerances meaningful.
    unit: f64,
    program: Program,
    /// Per row of the program, about how many choices in a row it had nothing to say; none if it stays for good.
    idle: Vec<Option<u32>>,
    /// Every row there ever was.
    known: HashSet<Vec<(usize, u64)>>,
    /// Rows that are not in the program.
    at_hand: Vec<Row>,
    /// The linear relaxation, once it was asked for.
    linear: Option<Box<dyn Session>>,
}

impl<'a> Master<'a> {
    /// The program without cuts; its linear relaxation may take so many seconds in all.
    pub fn new(ground: &Ground<'a>, seconds: Option<f64>) -> Self {
        let problem = ground.problem;
        let cells: Vec<usize> = problem.candidates().filter(|&c| ground.up[c] > 0 || ground.down[c] > 0).collect();
        let mut column_of = vec![None; ground.cells()];
        cells.iter().enumerate().for_each(|(i, &c)| column_of[c] = Some(i));
        let mut fixed: Vec<f64> = problem.primary.iter().map(|&p| if p { 1.0 } else { 0.0 }).collect();
        fixed.resize(ground.cells(), 1.0);
        let dearest = cells.iter().map(|&c| problem.cost[c]).max().unwrap_or(1);
        let unit = (dearest as f64 / 1e4).max(1.0);
        let column = |&c: &usize| Column { cost: problem.cost[c] as f64 / unit, lo: 0.0, hi: 1.0, whole: false };
        let program = Program { columns: cells.iter().map(column).collect(), rows: Vec::new() };
        let effort = Effort { changes: Changes::Bounds, seconds, ..problem.effort };
        Master {
            solver: problem.solver,
            effort,
            cells,
            column_of,
            fixed,
            unit,
            program,
            idle: Vec::new(),
            known: HashSet::new(),
            at_hand: Vec::new(),
            linear: None,
        }
    }

    /// A cut as a row, unless there is the same already: different reasons often come to the same.
    fn new_row(&mut self, cut: &Cut) -> Option<Row> {
        let terms: Vec<(usize, f64)> = cut.terms.iter().filter_map(|&(c, k)| Some((self.column_of[c]?, k))).collect();
        let key = terms.iter().map(|&(i, k)| (i, k.to_bits())).chain([(usize::MAX, cut.level.to_bits())]).collect();
        self.known.insert(key).then_some(Row { lo: cut.level - SLACK, hi: f64::INFINITY, terms })
    }

    /// Adds a cut over cells of the system.
    pub fn add(&mut self, cut: Cut) {
        let Some(row) = self.new_row(&cut) else { return };
        if let Some(linear) = &mut self.linear {
            linear.add_row(&row);
        }
        self.program.rows.push(row);
        self.idle.push(Some(0));
    }

    /// Keeps a cut at hand, to be added when a choice violates it.
    pub fn keep(&mut self, cut: &Cut) {
        let row = self.new_row(cut);
        self.at_hand.extend(row);
    }

    /// Lays rows aside that had nothing to say about the last choices, and adds those again that this choice violates, for
    /// good. Whether there were any.
    pub fn turn_over(&mut self, x: &[f64]) -> bool {
        let cells = &self.cells;
        let slack = |row: &Row| row.terms.iter().map(|&(i, k)| k * x[cells[i]]).sum::<f64>() - row.lo;
        let (rows, idle) = (std::mem::take(&mut self.program.rows), std::mem::take(&mut self.idle));
        let mut kept = Vec::new();
        for (row, idle) in rows.into_iter().zip(idle) {
            let idle = if slack(&row) < TIGHT { idle.map(|_| 0) } else { idle.map(|n| n + 1) };
            if idle.is_some_and(|n| n > MOST_IDLE) {
                kept.push(row);
            } else {
                self.program.rows.push(row);
                self.idle.push(idle);
            }
        }
        let before = self.program.rows.len();
        for row in std::mem::replace(&mut self.at_hand, kept) {
            if slack(&row) < -SLACK {
                self.program.rows.push(row);
                self.idle.push(None);
            } else {
                self.at_hand.push(row);
            }
        }
        self.program.rows.len() > before
    }

    /// The cheapest fractional choice, and its cost.
    pub fn solve_linear(&mut self) -> Option<(Vec<f64>, i64)> {
        let linear = self.linear.get_or_insert_with(|| self.solver.open(&self.program, self.effort));
        let answer = linear.solve();
        (answer.status == Status::Optimal)
            .then(|| (self.spread_out(&answer.columns), self.rounded_up(answer.objective)))
    }

    /// A choice that costs less than `limit`, if there is one, within a share `gap` of the cheapest.
    pub fn solve_whole(&self, limit: Option<i64>, gap: f64, seconds: Option<f64>) -> Choice {
        let mut program = self.program.clone();
        program.columns.iter_mut().for_each(|c| c.whole = true);
        let costs = program.columns.iter().enumerate().map(|(i, c)| (i, c.cost)).collect();
        if let Some(limit) = limit {
            program.rows.push(Row { lo: f64::NEG_INFINITY, hi: (limit as f64 - 0.5) / self.unit, terms: costs });
        }
        let answer = self.solver.solve(&program, Effort { seconds, gap, ..self.effort });
        let bound = if answer.bound.is_finite() { self.rounded_up(answer.bound) } else { 0 };
        match answer.status {
            // no column is unbounded
            Status::Infeasible | Status::Unbounded => Choice::None,
            _ if answer.columns.len() != self.cells.len() => {
                Choice::Stopped(limit.map_or(bound, |limit| bound.min(limit)))
            }
            status => {
                let whole: Vec<f64> = answer.columns.iter().map(|x| x.round()).collect();
                Choice::Found { x: self.spread_out(&whole), bound, complete: status == Status::Optimal }
            }
        }
    }

    /// An objective as a whole number of costs that can't be undercut.
    fn rounded_up(&self, objective: f64) -> i64 {
        (objective * self.unit * (1.0 - 1e-9) - 1e-4).ceil() as i64
    }

    fn spread_out(&self, columns: &[f64]) -> Vec<f64> {
        let mut x = self.fixed.clone();
        self.cells.iter().zip(columns).for_each(|(&c, &v)| x[c] = v.clamp(0.0, 1.0));
        x
    }
}
