//! The search for an additive rounding.

use super::super::Work;
use super::forms::Forms;
use super::model::{Model, Place};
use super::walk::Walk;
use crate::solve::{Changes, Column, Effort, Program, Row, Status};

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
/// Up to so many bound cells are given to the exact method.
const EXACT: usize = 220;
/// Nodes of the search tree that the first rounding may cost where the root has none.
const NODES: i32 = 200;
/// Up to so many bound cells, the relaxation is solved for a bound.
const RELAXED: usize = 30_000;

/// How much dearer a step may be at first, in percent of the base: from the nearest multiples, and from the corner of the
/// relaxation, which is close to the best already.
const HOT: i64 = 100;
/// See [`HOT`].
const WARM: i64 = 40;

/// Finds an additive rounding; `None` if there is none, or none was found.
pub(super) fn additive(model: &Model, work: &Work) -> Option<Found> {
    let nearest = |place: usize| i64::from(model.places[place].rest * 2 > model.places[place].base);
    if model.places.is_empty() {
        return Some(Found { steps: Vec::new(), bound: 0, limit_reached: false });
    }
    if model.places.len() <= EXACT {
        return exact(model, work);
    }
    let relaxed = if model.places.len() <= RELAXED { relaxed(model, work) } else { None };
    if let Some((steps, bound)) = &relaxed {
        // in two dimensions the corners of the relaxation are whole
        let whole: Option<Vec<i64>> =
            steps.iter().map(|x| ((x - x.round()).abs() <= NEAR).then(|| x.round() as i64)).collect();
        if let Some(steps) = whole.filter(|s| model.fits(s)) {
            let bound = (*bound).min(model.distance(&steps));
            return Some(Found { steps, bound, limit_reached: false });
        }
    }
    let bound = relaxed.as_ref().map_or(0, |r| r.1);
    // whatever else holds, a cell is no closer than its nearest multiple
    let apart = model.places.iter().map(|p| p.distance(0).min(p.distance(1))).fold(0, i64::saturating_add);
    let stop = || work.solver.stopped() || (work.time_left)().is_some_and(|left| left <= 0.0);
    let start = |place: usize| match &relaxed {
        Some((steps, _)) => steps[place].round() as i64,
        None => nearest(place),
    };
    let walk = || {
        let forms = Forms::new(model)?;
        Walk::new(model, &forms, start, if relaxed.is_some() { WARM } else { HOT }).run(&stop)
    };
    let jumped = match relaxed.is_some().then(|| first(model, work)) {
        Some((Status::Infeasible, _)) => return None,
        Some((_, steps)) => steps,
        None => None,
    };
    let steps = jumped.or_else(walk).filter(|s| model.fits(s))?;
    let distance = model.distance(&steps);
    Some(Found { steps, bound: bound.max(apart).min(distance), limit_reached: stop() })
}

/// The first rounding that the solver comes upon in the whole program: at its root by jumps that mend one broken relation after
/// another, begun where every cell is closest, or by rounding corners of the relaxation; else in its first branches.
fn first(model: &Model, work: &Work) -> (Status, Option<Vec<i64>>) {
    let program = Columns::new(model);
    let effort = Effort { seconds: (work.time_left)(), nodes: NODES, first: true, jumps: true, ..Effort::default() };
    let answer = work.solver.solve(&program.program, effort);
    (answer.status, program.steps(&answer.columns).filter(|s| model.fits(s)))
}

/// The closest rounding, by a whole program.
fn exact(model: &Model, work: &Work) -> Option<Found> {
    let program = Columns::new(model);
    let effort = Effort { seconds: (work.time_left)(), nodes: 20_000, jumps: true, ..Effort::default() };
    let answer = work.solver.solve(&program.program, effort);
    let steps = program.steps(&answer.columns).filter(|s| model.fits(s))?;
    let distance = model.distance(&steps);
    let bound = program.bound(answer.bound).min(distance);
    Some(Found { steps, bound, limit_reached: answer.status != Status::Optimal })
}

/// The steps of each place in the closest rounding that need not be whole, and the bound that follows; `None` if that was not
/// solved.
fn relaxed(model: &Model, work: &Work) -> Option<(Vec<f64>, i64)> {
    let mut program = Columns::new(model);
    program.program.columns.iter_mut().for_each(|c| c.whole = false);
    let effort = Effort { seconds: (work.time_left)(), changes: Changes::Bounds, ..Effort::default() };
    let answer = work.solver.solve(&program.program, effort);
    let steps = program.fractions(&answer.columns).filter(|_| answer.status == Status::Optimal)?;
    Some((steps, program.bound(answer.objective)))
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

    /// The steps of each place in a solver's answer, whole or not.
    fn fractions(&self, answer: &[f64]) -> Option<Vec<f64>> {
        let count = |&(column, counts): &(usize, i64)| Some(answer.get(column)? * counts as f64);
        self.of_place.iter().map(|columns| columns.iter().map(count).sum()).collect()
    }

    /// The least distance that a bound of the program's objective leaves.
    fn bound(&self, objective: f64) -> i64 {
        if objective.is_finite() { self.at_zero.saturating_add((objective - NEAR).ceil() as i64) } else { 0 }
    }
}
