//! The search for an additive rounding.

use super::super::Work;
use super::model::{Model, Place};
use crate::solve::{Column, Effort, Program, Row, Status};

/// An additive rounding.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// How many multiples each place goes up.
    pub steps: Vec<i64>,
    /// No additive rounding is closer to the truth than this.
    pub bound: i64,
    /// Whether a limit ended the search.
    pub limit_reached: bool,
}

/// How close to an integer a solver's answer must be to be taken for it.
const NEAR: f64 = 1e-6;

/// Finds an additive rounding; `None` if there is none, or none was found.
pub(super) fn additive(model: &Model, work: &Work) -> Option<Found> {
    let program = Columns::new(model);
    let effort = Effort { seconds: (work.time_left)(), nodes: 2_000, gap: 0.0, ..Effort::default() };
    let answer = work.solver.solve(&program.program, effort);
    let steps = program.steps(&answer.columns).filter(|s| model.fits(s))?;
    let distance = model.distance(&steps);
    let bound = program.bound(answer.bound).min(distance);
    Some(Found { steps, bound, limit_reached: answer.status != Status::Optimal })
}

/// The program: for each place a column for the multiple above (0 or 1), and where it may go further, columns for more
/// multiples up and down, each at the price of the base.
struct Columns {
    program: Program,
    /// Per place, its columns with what they count for.
    of_place: Vec<Vec<(usize, i64)>>,
    /// The distance when every column is 0.
    at_zero: i64,
}

impl Columns {
    fn new(model: &Model) -> Columns {
        let mut made = Columns { program: Program::default(), of_place: Vec::new(), at_zero: 0 };
        for place in &model.places {
            made.add(place);
        }
        for (row, &wanted) in model.rows.iter().zip(&model.wanted) {
            let terms = row.iter().flat_map(|&(p, k)| {
                made.of_place[p].iter().map(move |&(column, counts)| (column, (k * counts) as f64))
            });
            made.program.rows.push(Row { lo: wanted as f64, hi: wanted as f64, terms: terms.collect() });
        }
        made
    }

    fn add(&mut self, place: &Place) {
        self.at_zero = self.at_zero.saturating_add(place.distance(0));
        let near = i64::from(place.rest > 0).min(place.most);
        let further = |printed: bool| if printed { place.base as f64 } else { 0.0 };
        let mut columns = Vec::new();
        let mut add = |counts: i64, hi: i64, cost: f64| {
            if hi > 0 {
                columns.push((self.program.columns.len(), counts));
                self.program.columns.push(Column { cost, lo: 0.0, hi: hi as f64, whole: true });
            }
        };
        add(1, near, (place.distance(1) - place.distance(0)) as f64);
        add(1, place.most - near, further(place.printed));
        add(-1, -place.least, further(place.printed));
        self.of_place.push(columns);
    }

    /// The steps of each place in a solver's answer, if they are whole.
    fn steps(&self, answer: &[f64]) -> Option<Vec<i64>> {
        let whole = |&(column, counts): &(usize, i64)| {
            let x = answer.get(column)?;
            ((x - x.round()).abs() <= NEAR).then(|| counts * x.round() as i64)
        };
        self.of_place.iter().map(|columns| columns.iter().map(whole).sum()).collect()
    }

    /// The least distance that a bound of the program's objective leaves.
    fn bound(&self, objective: f64) -> i64 {
        if objective.is_finite() { self.at_zero.saturating_add((objective - NEAR).ceil() as i64) } else { 0 }
    }
}
