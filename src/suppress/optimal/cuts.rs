//! Capacity cuts: what the dual of an attack says about every pattern.

use crate::model::CellId;
use crate::solve::{Column, Program, Row, Session, Status};

use super::super::Problem;
use super::super::deviation::{Level, Room};

/// A cut is used if the choice at hand misses it by this share of its level.
const MISSED: f64 = 1e-4;
/// Coefficients below this are noise of the solver; they are rounded up, which keeps a cut valid.
const NOISE: f64 = 1e-7;

/// `Σ coefficient · x ≥ level` over candidate cells.
#[derive(Clone, Debug)]
pub(super) struct Cut {
    pub terms: Vec<(CellId, f64)>,
    pub level: f64,
}

/// Looks for cuts that a choice of cells violates.
pub(super) struct Separator<'a> {
    problem: &'a Problem<'a>,
    room: &'a Room,
    session: Box<dyn Session>,
    /// Per cell, the relations it stands in.
    columns: Vec<Vec<(usize, i64)>>,
    /// A move that is larger than any level needs.
    far: f64,
    bounds: Vec<(f64, f64)>,
}

/// What one attack says: how far the cell moves, and the price of each cell's room.
struct Reach {
    far: f64,
    /// Per candidate cell, the coefficient of its x.
    prices: Vec<(CellId, f64)>,
    /// What cells that are open anyway contribute.
    constant: f64,
}

impl<'a> Separator<'a> {
    pub fn new(problem: &'a Problem<'a>, room: &'a Room) -> Self {
        let mut columns = vec![Vec::new(); room.free.len()];
        for (r, relation) in room.relations.iter().enumerate() {
            relation.terms.iter().for_each(|&(c, k)| columns[c].push((r, k)));
        }
        let rows = room.relations.iter().map(|r| Row {
            lo: 0.0,
            hi: 0.0,
            terms: r.terms.iter().map(|&(c, k)| (c, k as f64)).collect(),
        });
        let fixed = Column { cost: 0.0, lo: 0.0, hi: 0.0, whole: false };
        let program = Program { columns: vec![fixed; room.free.len()], rows: rows.collect() };
        let highest = room.targets.iter().map(|t| t.1.up.max(t.1.down).max(t.1.spread)).max().unwrap_or(1);
        let bounds = vec![(0.0, 0.0); room.free.len()];
        Separator {
            problem,
            room,
            session: problem.solver.open(&program, problem.effort),
            columns,
            far: 4.0 * highest as f64,
            bounds,
        }
    }

    /// The cuts that `x` (one value per cell of the system) violates.
    pub fn cuts(&mut self, x: &[f64]) -> Vec<Cut> {
        self.take(x);
        let mut found = Vec::new();
        for &(target, level) in &self.room.targets {
            let Level { up, down, spread } = level;
            let rise = (up > 0 || spread > 0).then(|| self.reach(target, 1.0, up.max(spread)));
            let fall = (down > 0 || spread > 0).then(|| self.reach(target, -1.0, down.max(spread)));
            for (reach, level) in [(&rise, up), (&fall, down)] {
                if let Some(reach) = reach.as_ref().filter(|_| level > 0) {
                    found.extend(cut(&[reach], level as f64, x));
                }
            }
            if let (Some(rise), Some(fall), true) = (&rise, &fall, spread > 0) {
                found.extend(cut(&[rise, fall], spread as f64, x));
            }
        }
        found
    }

    /// Opens each cell as far as `x` says.
    fn take(&mut self, x: &[f64]) {
        for c in 0..self.room.free.len() {
            let (down, up) = self.room.free[c];
            let limit = |room: Option<i64>, x: f64| match room {
                Some(r) => r as f64 * x,
                None if x > 1.0 - 1e-9 => f64::INFINITY,
                None => self.far * x,
            };
            let share = if self.room.open[c] {
                1.0
            } else if self.problem.candidate[c] && x[c] > 1e-9 {
                x[c]
            } else {
                0.0
            };
            let bounds = (-limit(down, share), limit(up, share));
            if bounds != self.bounds[c] {
                self.session.set_bounds(c, bounds.0, bounds.1);
                self.bounds[c] = bounds;
            }
        }
    }

    /// How far a cell moves up (`sign` 1) or down (-1), at most to `level`.
    fn reach(&mut self, target: CellId, sign: f64, level: i64) -> Option<Reach> {
        let (lo, hi) = self.bounds[target];
        let level = level as f64;
        let (capped_lo, capped_hi) = if sign > 0.0 { (lo, hi.min(level)) } else { (lo.max(-level), hi) };
        self.session.set_bounds(target, capped_lo, capped_hi);
        self.session.set_cost(target, -sign);
        let answer = self.session.solve();
        self.session.set_cost(target, 0.0);
        self.session.set_bounds(target, lo, hi);
        if answer.status != Status::Optimal {
            return None;
        }
        let far = -answer.objective;
        if far >= level * (1.0 - MISSED) {
            return Some(Reach { far, prices: vec![], constant: far });
        }
        let mut reach = Reach { far, prices: Vec::new(), constant: 0.0 };
        for c in 0..self.room.free.len() {
            // α = e_p - Mᵀβ, computed here: the cut is valid whatever the multipliers are
            let dual: f64 = self.columns[c].iter().map(|&(r, k)| answer.row_duals[r] * k as f64).sum();
            let alpha = if c == target { sign + dual } else { dual };
            let open = self.room.open[c];
            if alpha.abs() < NOISE || !(open || self.problem.candidate[c]) {
                continue;
            }
            let room = if alpha > 0.0 { self.room.free[c].1 } else { self.room.free[c].0 };
            let price = room.map_or(f64::INFINITY, |r| alpha.abs() * r as f64);
            if open {
                reach.constant += price;
            } else {
                reach.prices.push((c, price));
            }
        }
        Some(reach)
    }
}

/// The cut that these attacks together give, if `x` violates it.
fn cut(reaches: &[&Option<Reach>], level: f64, x: &[f64]) -> Option<Cut> {
    let reaches: Option<Vec<&Reach>> = reaches.iter().map(|r| r.as_ref()).collect();
    let reaches = reaches?;
    if reaches.iter().map(|r| r.far).sum::<f64>() >= level * (1.0 - MISSED) {
        return None;
    }
    let level = level - reaches.iter().map(|r| r.constant).sum::<f64>();
    if level <= NOISE {
        return None;
    }
    let mut prices = std::collections::BTreeMap::new();
    for &(c, price) in reaches.iter().flat_map(|r| &r.prices) {
        let total: &mut f64 = prices.entry(c).or_default();
        *total = (*total + price).min(level);
    }
    // scaled to a level of 1, which keeps the master's numbers alike
    let terms: Vec<(CellId, f64)> = prices.into_iter().map(|(c, p)| (c, (p / level + NOISE).min(1.0))).collect();
    let held: f64 = terms.iter().map(|&(c, k)| k * x[c]).sum();
    (held < 1.0 - MISSED).then_some(Cut { terms, level: 1.0 })
}
