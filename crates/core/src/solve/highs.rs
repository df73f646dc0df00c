//! HiGHS (MIT licence) behind the [`Solver`] trait.
//!
//! Linear programs run the primal simplex without presolve from the last basis: in an attack only the objective
//! changes, and that is many times faster than starting anew. Whole programs run with all presolve and a gap of 0; those
//! that are delicate ([`Program::is_delicate`]) are not run at all.

use highs::{ColProblem, HighsModelStatus, Model, Sense};

use super::{Answer, Changes, Column, Effort, Program, Row, Session, Solver, Status};

/// The HiGHS back end.
#[derive(Clone, Copy, Debug, Default)]
pub struct Highs;

impl Solver for Highs {
    fn open(&self, program: &Program, effort: Effort) -> Box<dyn Session> {
        let mut problem = ColProblem::default();
        let rows: Vec<highs::Row> = program.rows.iter().map(|r| problem.add_row(r.lo..=r.hi)).collect();
        let mut by_column: Vec<Vec<(highs::Row, f64)>> = vec![Vec::new(); program.columns.len()];
        for (row, handle) in program.rows.iter().zip(&rows) {
            for &(column, coefficient) in &row.terms {
                by_column[column].push((*handle, coefficient));
            }
        }
        for (column, terms) in program.columns.iter().zip(by_column) {
            problem.add_column_with_integrality(column.cost, column.lo..=column.hi, terms, column.whole);
        }
        let whole = program.columns.iter().any(|c: &Column| c.whole);
        Box::new(HighsSession {
            columns: column_handles(program.columns.len()),
            model: None,
            problem: Some(problem).filter(|_| !(whole && program.is_delicate())),
            whole,
            effort,
        })
    }
}

/// HiGHS names columns by handles that only adding a column gives; a scratch problem yields them in order.
fn column_handles(n: usize) -> Vec<highs::Col> {
    let mut scratch = highs::RowProblem::default();
    (0..n).map(|_| scratch.add_column(0.0, 0.0..=0.0)).collect()
}

struct HighsSession {
    problem: Option<ColProblem>,
    model: Option<Model>,
    columns: Vec<highs::Col>,
    whole: bool,
    effort: Effort,
}

impl HighsSession {
    /// The model; `None` if it is not to be run, or once the solver has failed on it: every answer is "stopped" then.
    fn model(&mut self) -> Option<&mut Model> {
        if let Some(problem) = self.problem.take() {
            let model = problem.try_optimise(Sense::Minimise).ok();
            self.model = model.map(|mut model| {
                configure(&mut model, self.whole, self.effort);
                model
            });
        }
        self.model.as_mut()
    }
}

fn configure(model: &mut Model, whole: bool, effort: Effort) {
    model.make_quiet();
    model.set_option("threads", 1);
    model.set_option("parallel", "off");
    model.set_option("random_seed", 1);
    if whole {
        model.set_option("mip_rel_gap", effort.gap);
        model.set_option("mip_abs_gap", 1e-6);
        model.set_option("mip_feasibility_tolerance", 1e-7);
        model.set_option("mip_max_nodes", effort.nodes);
        // a search by jumps before each program: it takes longer than small programs do
        model.set_option("mip_heuristic_run_feasibility_jump", effort.jumps);
        if effort.first {
            model.set_option("mip_max_improving_sols", 1);
        }
    } else {
        model.set_option("presolve", "off");
        model.set_option("simplex_strategy", if effort.changes == Changes::Costs { 4 } else { 1 });
    }
    if let Some(seconds) = effort.seconds {
        model.set_option("time_limit", seconds.max(0.01));
    }
}

impl Session for HighsSession {
    fn set_cost(&mut self, column: usize, cost: f64) {
        let handle = self.columns[column];
        if let Some(model) = self.model() {
            model.change_column_cost(handle, cost);
        }
    }

    fn set_bounds(&mut self, column: usize, lo: f64, hi: f64) {
        let handle = self.columns[column];
        if let Some(model) = self.model() {
            model.change_column_bounds(handle, lo..=hi);
        }
    }

    fn add_row(&mut self, row: &Row) {
        let terms: Vec<(highs::Col, f64)> = row.terms.iter().map(|&(c, k)| (self.columns[c], k)).collect();
        let added = self.model().map(|model| model.try_add_row(row.lo..=row.hi, terms).is_ok());
        if added != Some(true) {
            // a program that lacks a row must not answer
            self.model = None;
        }
    }

    fn solve(&mut self) -> Answer {
        if self.model().is_none() {
            return Answer::stopped();
        }
        let Some(mut model) = self.model.take() else { return Answer::stopped() };
        if self.effort.changes == Changes::Push && !self.whole {
            // a solution of which only the duals are told makes HiGHS forget the basis it has
            let duals = vec![0.0; model.num_rows()];
            if model.try_set_solution(None, None, None, Some(&duals)).is_err() && !duals.is_empty() {
                return Answer::stopped();
            }
        }
        let Ok(solved) = model.try_solve() else { return Answer::stopped() };
        let status = match solved.status() {
            HighsModelStatus::Optimal | HighsModelStatus::ModelEmpty => Status::Optimal,
            HighsModelStatus::Infeasible => Status::Infeasible,
            HighsModelStatus::Unbounded | HighsModelStatus::UnboundedOrInfeasible => Status::Unbounded,
            _ => Status::Stopped,
        };
        let found = match status {
            Status::Optimal => true,
            Status::Stopped => solved.primal_solution_status() == highs::HighsSolutionStatus::Feasible,
            _ => false,
        };
        let objective = solved.objective_value();
        let bound = if !self.whole {
            objective
        } else {
            solved.double_info_value(c"mip_dual_bound").unwrap_or(f64::NEG_INFINITY)
        };
        let solution = solved.get_solution();
        let answer = Answer {
            status,
            objective,
            bound,
            columns: if found { solution.columns().to_vec() } else { vec![] },
            row_duals: if self.whole { vec![] } else { solution.dual_rows().to_vec() },
        };
        self.model = Some(Model::from(solved));
        answer
    }
}
