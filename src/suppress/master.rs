//! The choice of cells: a program over the candidates with all cuts found so far.

use std::sync::Arc;

use crate::solve::{Changes, Column, Effort, Program, Row, Session, Solver, Status};

use super::cuts::{Cut, MISSED, company};
use super::ground::Ground;

/// How much a cut may be missed by because of rounding in the solver.
const SLACK: f64 = 1e-6;

/// Cuts that are added in one round, and rounds, where cuts are at hand already.
const AT_ONCE: usize = 100;
const ROUNDS: usize = 60;
/// Seconds that these may take after the end of a time limit.
const GRACE: f64 = 10.0;

/// What no safe pattern loses less than, as far as these cuts and single relations tell: by the linear relaxation.
pub(super) fn least(ground: &Ground, cuts: &[Arc<Cut>]) -> i64 {
    // what a limited search found may take a little longer to be judged
    let seconds = ground.problem.seconds_left().map(|left| left.max(GRACE));
    let mut master = Master::new(ground, seconds);
    let mut lower = 0;
    for _ in 0..ROUNDS {
        let Some((x, bound)) = master.solve_linear() else { break };
        lower = lower.max(bound);
        let mut missed: Vec<(f64, &Arc<Cut>)> =
            cuts.iter().map(|c| (c.held(|cell| x[cell]) - c.level, c)).filter(|m| m.0 < -MISSED).collect();
        missed.sort_by(|a, b| a.0.total_cmp(&b.0));
        missed.truncate(AT_ONCE);
        let more: Vec<Cut> = missed.into_iter().map(|m| Cut::clone(m.1)).chain(company(ground, &x)).collect();
        if more.is_empty() {
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
        Master { solver: problem.solver, effort, cells, column_of, fixed, unit, program, linear: None }
    }

    /// Adds a cut over cells of the system.
    pub fn add(&mut self, cut: Cut) {
        let terms = cut.terms.iter().filter_map(|&(c, k)| Some((self.column_of[c]?, k))).collect();
        let row = Row { lo: cut.level - SLACK, hi: f64::INFINITY, terms };
        if let Some(linear) = &mut self.linear {
            linear.add_row(&row);
        }
        self.program.rows.push(row);
    }

    /// The cheapest fractional choice, and its cost.
    pub fn solve_linear(&mut self) -> Option<(Vec<f64>, i64)> {
        let linear = self.linear.get_or_insert_with(|| self.solver.open(&self.program, self.effort));
        let answer = linear.solve();
        (answer.status == Status::Optimal)
            .then(|| (self.spread_out(&answer.columns), self.rounded_up(answer.objective)))
    }

    /// A choice that costs less than `limit`, within a share `gap` of the cheapest.
    pub fn solve_whole(&self, limit: i64, gap: f64, seconds: Option<f64>) -> Choice {
        let mut program = self.program.clone();
        program.columns.iter_mut().for_each(|c| c.whole = true);
        let costs = program.columns.iter().enumerate().map(|(i, c)| (i, c.cost)).collect();
        program.rows.push(Row { lo: f64::NEG_INFINITY, hi: (limit as f64 - 0.5) / self.unit, terms: costs });
        let answer = self.solver.solve(&program, Effort { seconds, gap, ..self.effort });
        let bound = if answer.bound.is_finite() { self.rounded_up(answer.bound) } else { 0 };
        match answer.status {
            Status::Infeasible => Choice::None,
            _ if answer.columns.len() != self.cells.len() => Choice::Stopped(bound.min(limit)),
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
