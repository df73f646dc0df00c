//! What every safe pattern must satisfy: capacity cuts from the dual of an attack, and cuts from single relations.

use std::collections::BTreeMap;

use crate::model::CellId;
use crate::solve::{Column, Program, Row, Session, Status};
use crate::witness::Goal;

use super::ground::Ground;

/// A cut is used if the choice at hand misses it by this share of its level.
pub(super) const MISSED: f64 = 1e-4;
/// Coefficients below this are noise of the solver; they are rounded up, which keeps a cut valid.
const NOISE: f64 = 1e-7;
/// Rounds for which a target that gave no cut is left alone, at most.
const LONGEST_SLEEP: usize = 8;
/// With more different levels than this, the room of cells is not cut down to the level beforehand.
const FEW_LEVELS: usize = 8;

/// `Σ coefficient · x ≥ level` over candidate cells.
#[derive(Clone, Debug)]
pub(super) struct Cut {
    pub terms: Vec<(CellId, f64)>,
    pub level: f64,
}

impl Cut {
    /// What a choice, one value per cell, comes to in this cut.
    pub fn held(&self, x: impl Fn(CellId) -> f64) -> f64 {
        self.terms.iter().map(|&(c, k)| k * x(c)).sum()
    }
}

/// How far a cell must be able to move.
#[derive(Clone, Copy, Debug)]
struct Target<'a> {
    cell: CellId,
    /// Cells that the intruder knows.
    knows: &'a [CellId],
    up: i64,
    down: i64,
    spread: i64,
}

impl Target<'_> {
    fn highest(&self) -> i64 {
        self.up.max(self.down).max(self.spread)
    }
}

/// Looks for cuts that a choice of cells violates.
pub(super) struct Separator<'a> {
    ground: &'a Ground<'a>,
    targets: Vec<Target<'a>>,
    /// Per target, rounds for which it sleeps, and for how long it slept last.
    sleep: Vec<(usize, usize)>,
    /// Whether the room of published cells is cut down to the level of the target.
    capped: bool,
    session: Box<dyn Session>,
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
    pub fn new(ground: &'a Ground<'a>) -> Self {
        let mut targets: BTreeMap<(CellId, &'a [CellId]), Target> = BTreeMap::new();
        for need in &ground.needs {
            let none = Target { cell: need.target, knows: need.knows, up: 0, down: 0, spread: 0 };
            let target = targets.entry((need.target, need.knows)).or_insert(none);
            match need.goal {
                Goal::Up(least, _) => target.up = target.up.max(least),
                Goal::Down(least, _) => target.down = target.down.max(least),
                Goal::Either(least) => target.spread = target.spread.max(least),
            }
        }
        let mut targets: Vec<Target> = targets.into_values().collect();
        targets.sort_by_key(|t| (t.highest(), t.cell, t.knows));
        let mut levels: Vec<i64> = targets.iter().map(Target::highest).collect();
        levels.dedup();
        let rows = ground.relations.iter().map(|r| Row {
            lo: 0.0,
            hi: 0.0,
            terms: r.terms.iter().map(|&(c, k)| (c, k as f64)).collect(),
        });
        let fixed = Column { cost: 0.0, lo: 0.0, hi: 0.0, whole: false };
        let program = Program { columns: vec![fixed; ground.cells()], rows: rows.collect() };
        Separator {
            sleep: vec![(0, 0); targets.len()],
            capped: levels.len() <= FEW_LEVELS,
            session: ground.problem.solver.open(&program, ground.problem.effort),
            far: 4.0 * levels.last().copied().unwrap_or(1) as f64,
            bounds: vec![(0.0, 0.0); ground.cells()],
            targets,
            ground,
        }
    }

    /// Cuts that `x` (one value per cell of the system) violates; `all`: no target is left to sleep. `stop` is asked
    /// between targets.
    pub fn cuts(&mut self, x: &[f64], all: bool, stop: &dyn Fn() -> bool) -> Vec<Cut> {
        let mut found = Vec::new();
        let mut level = 0;
        for t in 0..self.targets.len() {
            if stop() {
                break;
            }
            if !all && self.sleep[t].0 > 0 {
                self.sleep[t].0 -= 1;
                continue;
            }
            let target = self.targets[t];
            if t == 0 || level == 0 || (self.capped && target.highest() != level) {
                level = target.highest();
                self.take(x, level);
            }
            let before = found.len();
            self.of_target(target, x, &mut found);
            self.sleep[t] = if found.len() > before {
                (0, 0)
            } else {
                let longer = (self.sleep[t].1 * 2).clamp(1, LONGEST_SLEEP);
                (longer, longer)
            };
        }
        found
    }

    /// Holds cells that an intruder knows where they are, or lets them go again.
    fn hold(&mut self, cells: &[CellId], held: bool) {
        for &c in cells {
            let (lo, hi) = if held { (0.0, 0.0) } else { self.bounds[c] };
            self.session.set_bounds(c, lo, hi);
        }
    }

    /// Cuts that a pattern violates because of a cell that it does not hide; none if every level of the cell is met.
    pub fn against(&mut self, withheld: &[bool], cell: CellId, knows: &[CellId]) -> Vec<Cut> {
        let Some(&target) = self.targets.iter().find(|t| t.cell == cell && t.knows == knows) else { return Vec::new() };
        let x: Vec<f64> = withheld.iter().map(|&w| f64::from(u8::from(w))).collect();
        let mut found = Vec::new();
        self.take(&x, target.highest());
        self.of_target(target, &x, &mut found);
        found
    }

    /// Cuts that `x` violates because of one target, whose intruder knows where the cells he knows are.
    fn of_target(&mut self, target: Target, x: &[f64], found: &mut Vec<Cut>) {
        let Target { cell, knows, up, down, spread } = target;
        self.hold(knows, true);
        let rise = if up > 0 || spread > 0 { self.reach(cell, knows, 1.0, up.max(spread)) } else { None };
        let fall = if down > 0 || spread > 0 { self.reach(cell, knows, -1.0, down.max(spread)) } else { None };
        self.hold(knows, false);
        for (reach, level) in [(&rise, up), (&fall, down)] {
            if let Some(reach) = reach.as_ref().filter(|_| level > 0) {
                found.extend(cut(&[reach], level as f64, x));
            }
        }
        if let (Some(rise), Some(fall), true) = (&rise, &fall, spread > 0) {
            found.extend(cut(&[rise, fall], spread as f64, x));
        }
    }

    /// Whether a cell can be moved at all.
    fn movable(&self, cell: CellId) -> bool {
        let problem = self.ground.problem;
        self.ground.open[cell] || problem.candidate.get(cell).is_some_and(|&c| c)
    }

    /// Opens each cell as far as `x` says.
    fn take(&mut self, x: &[f64], level: i64) {
        for (c, &share) in x.iter().enumerate() {
            let open = self.ground.open[c];
            let share = if open { 1.0 } else { share };
            let bounds = if !self.movable(c) || share < 1e-9 {
                (0.0, 0.0)
            } else {
                let limit = |room: i64| match room {
                    i64::MAX if open || share > 1.0 - 1e-9 && !self.capped => f64::INFINITY,
                    i64::MAX => self.far * share,
                    room if self.capped && !open => room.min(level) as f64 * share,
                    room => room as f64 * share,
                };
                (-limit(self.ground.down[c]), limit(self.ground.up[c]))
            };
            if bounds != self.bounds[c] {
                self.session.set_bounds(c, bounds.0, bounds.1);
                self.bounds[c] = bounds;
            }
        }
    }

    /// How far a cell moves up (`sign` 1) or down (-1), at most to `level`, for somebody who knows some cells.
    fn reach(&mut self, target: CellId, knows: &[CellId], sign: f64, level: i64) -> Option<Reach> {
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
        for c in 0..self.bounds.len() {
            // α = e_p - Mᵀβ, computed here: the cut is valid whatever the multipliers are
            let column = self.ground.frame.column(c);
            let dual: f64 = column.iter().map(|&(r, k)| answer.row_duals[r as usize] * f64::from(k)).sum();
            let alpha = if c == target { sign + dual } else { dual };
            if alpha.abs() < NOISE || !self.movable(c) || knows.binary_search(&c).is_ok() {
                continue;
            }
            let room = if alpha > 0.0 { self.ground.up[c] } else { self.ground.down[c] };
            let price = if room == i64::MAX { f64::INFINITY } else { alpha.abs() * room as f64 };
            if self.ground.open[c] {
                reach.constant += price;
            } else {
                reach.prices.push((c, price));
            }
        }
        Some(reach)
    }
}

/// The cut that these attacks together give, if `x` violates it.
fn cut(reaches: &[&Reach], level: f64, x: &[f64]) -> Option<Cut> {
    if reaches.iter().map(|r| r.far).sum::<f64>() >= level * (1.0 - MISSED) {
        return None;
    }
    let level = level - reaches.iter().map(|r| r.constant).sum::<f64>();
    if level.is_nan() || level <= NOISE {
        return None;
    }
    let mut prices = BTreeMap::new();
    for &(c, price) in reaches.iter().flat_map(|r| &r.prices) {
        let total: &mut f64 = prices.entry(c).or_default();
        *total = (*total + price).min(level);
    }
    // scaled to a level of 1, which keeps the master's numbers alike
    let terms: Vec<(CellId, f64)> = prices.into_iter().map(|(c, p)| (c, (p / level + NOISE).min(1.0))).collect();
    let cut = Cut { terms, level: 1.0 };
    (cut.held(|c| x[c]) < 1.0 - MISSED).then_some(cut)
}

/// Cuts from single relations that `x` violates: a cell that is withheld moves in some witness (else it could be published), so
/// in each of its relations another cell moves too (the bridgeless inequalities of Fischetti and Salazar).
pub(super) fn company(ground: &Ground, x: &[f64]) -> Vec<Cut> {
    let movable = |c: CellId| ground.up[c] > 0 || ground.down[c] > 0;
    let mut found = Vec::new();
    for row in 0..ground.frame.rows() {
        let cells = ground.frame.row(row);
        let open = cells.iter().filter(|t| ground.open[t.0 as usize] && movable(t.0 as usize)).count();
        if open > 1 {
            continue;
        }
        let held = |c: usize| if movable(c) && !ground.open[c] { x[c] } else { 0.0 };
        let sum: f64 = cells.iter().map(|t| held(t.0 as usize)).sum();
        let others = |k: usize| {
            let terms = cells.iter().map(|t| t.0 as usize).filter(move |&c| c != k && !ground.open[c] && movable(c));
            terms.map(|c| (c, 1.0)).collect::<Vec<_>>()
        };
        if open == 1 {
            // the open cell itself may need no company: demands ask for theirs by capacity cuts
            continue;
        }
        for k in cells.iter().map(|t| t.0 as usize) {
            if held(k) > MISSED && sum - held(k) < held(k) - MISSED * 10.0 {
                let mut terms = others(k);
                terms.push((k, -1.0));
                found.push(Cut { terms, level: 0.0 });
            }
        }
    }
    found
}
