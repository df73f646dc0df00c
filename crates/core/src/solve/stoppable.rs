//! A solver that gives up when it is asked to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Answer, Effort, Program, Row, Session, Solver};

/// Solves until `stop` is set; from then on every search ends at once, without an answer. Nobody takes that for a
/// proof: what is open stays open. A search that has begun is not broken off.
pub struct Stoppable<'a> {
    /// Who solves.
    pub solver: &'a dyn Solver,
    /// Whether to stop.
    pub stop: Arc<AtomicBool>,
}

impl Solver for Stoppable<'_> {
    fn open(&self, program: &Program, effort: Effort) -> Box<dyn Session> {
        let inner = if self.stopped() { None } else { Some(self.solver.open(program, effort)) };
        Box::new(Watched { inner, stop: Arc::clone(&self.stop) })
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }
}

/// A session, as long as there is one.
struct Watched {
    inner: Option<Box<dyn Session>>,
    stop: Arc<AtomicBool>,
}

impl Session for Watched {
    fn set_cost(&mut self, column: usize, cost: f64) {
        self.inner.iter_mut().for_each(|s| s.set_cost(column, cost));
    }

    fn set_bounds(&mut self, column: usize, lo: f64, hi: f64) {
        self.inner.iter_mut().for_each(|s| s.set_bounds(column, lo, hi));
    }

    fn add_row(&mut self, row: &Row) {
        self.inner.iter_mut().for_each(|s| s.add_row(row));
    }

    fn solve(&mut self) -> Answer {
        if self.stop.load(Ordering::SeqCst) {
            self.inner = None;
        }
        self.inner.as_mut().map_or_else(Answer::stopped, |s| s.solve())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Column, Highs, Status};
    use super::*;

    /// Before the stop it is the solver itself; after it, neither an open session nor a new one says anything.
    #[test]
    fn nothing_is_said_after_the_stop() {
        let solver = Stoppable { solver: &Highs, stop: Arc::default() };
        let program = Program { columns: vec![Column { cost: 1.0, lo: 2.0, hi: 5.0, whole: false }], rows: vec![] };
        let mut session = solver.open(&program, Effort::default());
        let answer = session.solve();
        assert_eq!((answer.status, answer.columns), (Status::Optimal, vec![2.0]));
        solver.stop.store(true, Ordering::SeqCst);
        for answer in [session.solve(), solver.solve(&program, Effort::default())] {
            assert_eq!((answer.status, answer.columns.len()), (Status::Stopped, 0));
        }
    }
}
