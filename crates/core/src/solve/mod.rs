//! Linear and mixed-integer programs, and who solves them.
//!
//! The methods see [`Solver`] and [`Session`] only. What a solver says is never taken as proof that a cell is
//! protected: every witness is checked in whole-number arithmetic by its user.

mod highs;
mod stoppable;

pub use self::highs::Highs;
pub use self::stoppable::Stoppable;

/// A column: its cost, bounds (infinite where there is none) and whether it must be whole.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Cost per unit.
    pub cost: f64,
    /// Lower bound.
    pub lo: f64,
    /// Upper bound.
    pub hi: f64,
    /// Whether only whole numbers count.
    pub whole: bool,
}

/// A row: `lo <= Σ coefficient · column <= hi`.
#[derive(Clone, Debug)]
pub struct Row {
    /// Lower bound.
    pub lo: f64,
    /// Upper bound.
    pub hi: f64,
    /// Columns, each once, and their coefficients.
    pub terms: Vec<(usize, f64)>,
}

/// A program to be minimised.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A solver's tolerance is of weight where the range of a column is larger, and where that times a coefficient is.
const DELICATE: (f64, f64) = (1e12, 1e9);

impl Program {
    /// Whether ranges are so wide that what a solver tolerates could be taken for a difference of whole numbers. HiGHS narrows
    /// such ranges of whole columns step by step, which may take for ever and heeds no limit.
    pub fn is_delicate(&self) -> bool {
        let range = |c: usize| self.columns.get(c).map_or(0.0, |c| c.hi - c.lo);
        let wide = |&(c, k): &(usize, f64)| {
            let range = range(c);
            range.is_finite() && (range > DELICATE.0 || (k.abs() > 1.0 && k.abs() * range > DELICATE.1))
        };
        self.rows.iter().flat_map(|r| &r.terms).any(wide)
    }
}

/// How a solve ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The best solution.
    Optimal,
    /// No solution exists.
    Infeasible,
    /// The objective has no bound.
    Unbounded,
    /// A limit or a numerical difficulty ended the search; `columns` holds the best solution if one was found.
    Stopped,
}

/// The answer to one solve.
#[derive(Clone, Debug)]
pub struct Answer {
    /// How it ended.
    pub status: Status,
    /// The objective of `columns`.
    pub objective: f64,
    /// No solution can have a smaller objective than this (whole programs).
    pub bound: f64,
    /// The solution; empty when there is none.
    pub columns: Vec<f64>,
    /// Multipliers of the rows (linear programs).
    pub row_duals: Vec<f64>,
}

impl Answer {
    /// No answer: the search was ended before there was one.
    fn stopped() -> Answer {
        Answer {
            status: Status::Stopped,
            objective: 0.0,
            bound: f64::NEG_INFINITY,
            columns: Vec::new(),
            row_duals: Vec::new(),
        }
    }
}

/// Limits of one solve. Counted in work, not in time, so that a result does not depend on the machine.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Nodes of the search tree of a whole program.
    pub nodes: i32,
    /// Seconds, when the user sets a time limit.
    pub seconds: Option<f64>,
    /// A whole program may end when its best solution is within this share of its bound.
    pub gap: f64,
    /// Whether a whole program may end at its first solution, once its relaxation has given a bound.
    pub first: bool,
    /// Whether a whole program begins with a search by jumps: worth it where good solutions of large programs are wanted.
    pub jumps: bool,
    /// What changes between the solves of a linear program that is kept open: it decides which simplex starts warm.
    pub changes: Changes,
}

/// What changes between the solves of one session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Changes {
    /// Costs: the primal simplex goes on from the last corner.
    #[default]
    Costs,
    /// Bounds and rows: the dual simplex goes on from the last basis.
    Bounds,
    /// Bounds, elsewhere each time, where no cost is below 0: the dual simplex starts where every column is at its bound, from
    /// which a short move is fewer steps away than from the last one.
    Push,
}

impl Default for Effort {
    fn default() -> Self {
        Effort { nodes: 200_000, seconds: None, gap: 0.0, first: false, jumps: false, changes: Changes::Costs }
    }
}

/// A program that is solved again and again with small changes, each time from where the last solve ended.
pub trait Session {
    /// Sets the cost of a column.
    fn set_cost(&mut self, column: usize, cost: f64);
    /// Sets the bounds of a column.
    fn set_bounds(&mut self, column: usize, lo: f64, hi: f64);
    /// Adds a row.
    fn add_row(&mut self, row: &Row);
    /// Minimises.
    fn solve(&mut self) -> Answer;
}

/// Something that solves programs.
pub trait Solver: Sync {
    /// Takes a program in.
    fn open(&self, program: &Program, effort: Effort) -> Box<dyn Session>;

    /// Whether every further search will end at once: then it need not be prepared.
    fn stopped(&self) -> bool {
        false
    }

    /// Solves a program once.
    fn solve(&self, program: &Program, effort: Effort) -> Answer {
        self.open(program, effort).solve()
    }
}
