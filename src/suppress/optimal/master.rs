//! The master program: which cells to withhold, under the cuts found so far.

use crate::solve::{Column, Effort, Program, Row, Session, Solver, Status};

use super::super::Problem;
use super::cuts::Cut;

/// How much a cut may be missed by because of rounding in the solver.
const SLACK: f64 = 1e-6;

/// A choice of cells.
pub(super) struct Choice {
    /// Per cell of the system, between 0 and 1.
    pub x: Vec<f64>,
    /// No choice that satisfies the cuts costs less.
    pub bound: i64,
    /// Whether the choice is the cheapest.
    pub complete: bool,
}

/// The master program over the candidate cells.
pub(super) struct Master<'a> {
    solver: &'a dyn Solver,
    effort: Effort,
    cells: Vec<usize>,
    column_of: Vec<Option<usize>>,
    fixed: Vec<f64>,
    program: Program,
    linear: Box<dyn Session>,
}

impl<'a> Master<'a> {
    pub fn new(problem: &Problem<'a>) -> Self {
        let cells: Vec<usize> = problem.candidates().collect();
        let mut column_of = vec![None; problem.cost.len()];
        cells.iter().enumerate().for_each(|(i, &c)| column_of[c] = Some(i));
        let fixed = problem.primary.iter().map(|&p| if p { 1.0 } else { 0.0 }).collect();
        let columns = cells.iter().map(|&c| Column { cost: problem.cost[c] as f64, lo: 0.0, hi: 1.0, whole: false });
        let program = Program { columns: columns.collect(), rows: Vec::new() };
        let linear = problem.solver.open(&program, problem.effort);
        Master { solver: problem.solver, effort: problem.effort, cells, column_of, fixed, program, linear }
    }

    /// Adds a cut over cells of the system; terms of cells that are no candidates must have been settled before.
    pub fn add(&mut self, cut: Cut) {
        let terms = cut.terms.iter().filter_map(|&(c, k)| Some((self.column_of[c]?, k))).collect();
        let row = Row { lo: cut.level - SLACK, hi: f64::INFINITY, terms };
        self.linear.add_row(&row);
        self.program.rows.push(row);
    }

    /// The cheapest fractional choice.
    pub fn solve_linear(&mut self) -> Option<Vec<f64>> {
        let answer = self.linear.solve();
        (answer.status == Status::Optimal).then(|| self.spread_out(&answer.columns))
    }

    /// The cheapest choice.
    pub fn solve_whole(&self, seconds: Option<f64>) -> Option<Choice> {
        let mut program = self.program.clone();
        program.columns.iter_mut().for_each(|c| c.whole = true);
        let answer = self.solver.solve(&program, Effort { seconds, ..self.effort });
        if answer.columns.is_empty() && !self.cells.is_empty() {
            return None;
        }
        let complete = answer.status == Status::Optimal;
        let rounded: Vec<f64> = answer.columns.iter().map(|x| x.round()).collect();
        Some(Choice { x: self.spread_out(&rounded), bound: (answer.bound - 1e-4).ceil() as i64, complete })
    }

    fn spread_out(&self, columns: &[f64]) -> Vec<f64> {
        let mut x = self.fixed.clone();
        self.cells.iter().zip(columns).for_each(|(&c, &v)| x[c] = v.clamp(0.0, 1.0));
        x
    }
}
