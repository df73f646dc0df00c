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
/// Cells that a choice leaves closed are open by this share of the level: of all the reasons why a target can't move, the program
/// then gives the one that stands on few closed cells, which makes for a strong cut.
const AJAR: f64 = 1e-3;
/// Rounds for which a target that gave no cut is left alone, at most.
const LONGEST_SLEEP: usize = 8;
/// Terms of the cuts that single relations give, at most.
const MOST_TERMS: usize = 4_000_000;
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
    /// How far cells are open that the choice leaves closed.
    ajar: f64,
    bounds: Vec<(f64, f64)>,
    moved: Moved,
}

/// How far cells moved, one way and the other, in answers that were found since the bounds were last set: a target that has moved
/// far enough on the way to another one needs no program of its own.
struct Moved {
    up: Vec<f64>,
    down: Vec<f64>,
}

impl Moved {
    fn none(cells: usize) -> Self {
        Moved { up: vec![0.0; cells], down: vec![0.0; cells] }
    }

    fn forget(&mut self) {
        self.up.fill(0.0);
        self.down.fill(0.0);
    }

    fn add(&mut self, columns: &[f64]) {
        for ((up, down), &by) in self.up.iter_mut().zip(&mut self.down).zip(columns) {
            *up = up.max(by);
            *down = down.max(-by);
        }
    }

    /// Whether a cell is to be moved up, and whether down, for what is asked of it and not yet seen.
    fn open(&self, target: &Target) -> (bool, bool) {
        let (rise, fall) = (self.up[target.cell], self.down[target.cell]);
        let met = |level: i64, far: f64| far >= level as f64 * (1.0 - MISSED);
        let spread = !met(target.spread, rise + fall);
        (spread || !met(target.up, rise), spread || !met(target.down, fall))
    }
}

/// What one attack says: how far the cell moves, and the price of each cell's room.
struct Reach {
    far: f64,
    /// Per candidate cell, the coefficient of its x.
    prices: Vec<(CellId, f64)>,
    /// What cells that are open anyway contribute.
    constant: f64,
}

/// What is asked of each cell, those first of which least is asked.
fn targets<'a>(ground: &'a Ground) -> Vec<Target<'a>> {
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
    targets
}

impl Reach {
    /// What a combination of relations says about how far the target moves: it moves as far as these cells do together, each
    /// times its coefficient. That is so whatever the combination is.
    fn of(ground: &Ground, target: &Target, combined: impl Iterator<Item = (CellId, f64)>) -> Self {
        let mut reach = Reach { far: 0.0, prices: Vec::new(), constant: 0.0 };
        for (c, alpha) in combined {
            if alpha.abs() < NOISE || !ground.movable(c) || target.knows.binary_search(&c).is_ok() {
                continue;
            }
            let room = if alpha > 0.0 { ground.up[c] } else { ground.down[c] };
            let price = if room == i64::MAX { f64::INFINITY } else { alpha.abs() * room as f64 };
            if ground.open[c] {
                reach.constant += price;
            } else {
                reach.prices.push((c, price));
            }
        }
        reach
    }
}

impl<'a> Separator<'a> {
    pub fn new(ground: &'a Ground<'a>) -> Self {
        let targets = targets(ground);
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
            ajar: AJAR,
            far: 4.0 * levels.last().copied().unwrap_or(1) as f64,
            bounds: vec![(0.0, 0.0); ground.cells()],
            moved: Moved::none(ground.cells()),
            targets,
            ground,
        }
    }

    /// Cuts that `x` (one value per cell of the system) violates; `all`: no target is left to sleep, and none is missed. `stop` is
    /// asked between targets.
    pub fn cuts(&mut self, x: &[f64], all: bool, stop: &dyn Fn() -> bool) -> Vec<Cut> {
        let found = self.cuts_ajar(x, all, stop);
        if !all || !found.is_empty() {
            return found;
        }
        self.ajar = 0.0;
        let found = self.cuts_ajar(x, all, stop);
        self.ajar = AJAR;
        found
    }

    fn cuts_ajar(&mut self, x: &[f64], all: bool, stop: &dyn Fn() -> bool) -> Vec<Cut> {
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
        let Target { knows, up, down, spread, .. } = target;
        // what moved is no answer to an intruder who knows cells: some of them may have moved as well
        let (open_up, open_down) =
            if knows.is_empty() { self.moved.open(&target) } else { (up > 0 || spread > 0, down > 0 || spread > 0) };
        self.hold(knows, true);
        let rise = if open_up { self.reach(&target, 1.0, up.max(spread)) } else { None };
        let fall = if open_down { self.reach(&target, -1.0, down.max(spread)) } else { None };
        self.hold(knows, false);
        found.extend(cuts_of(&target, rise, fall).into_iter().filter(|cut| cut.held(|c| x[c]) < 1.0 - MISSED));
    }

    /// Opens each cell as far as `x` says.
    fn take(&mut self, x: &[f64], level: i64) {
        self.moved.forget();
        for (c, &share) in x.iter().enumerate() {
            let open = self.ground.open[c];
            let share = if open { 1.0 } else { share };
            let bounds = if !self.ground.movable(c) {
                (0.0, 0.0)
            } else if share < self.ajar {
                let limit = |room: i64| room.min(level) as f64 * self.ajar;
                (-limit(self.ground.down[c]), limit(self.ground.up[c]))
            } else if share < 1e-9 {
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

    /// How far a target moves up (`sign` 1) or down (-1), at most to `level`.
    fn reach(&mut self, target: &Target, sign: f64, level: i64) -> Option<Reach> {
        let cell = target.cell;
        let (lo, hi) = self.bounds[cell];
        let level = level as f64;
        let (capped_lo, capped_hi) = if sign > 0.0 { (lo, hi.min(level)) } else { (lo.max(-level), hi) };
        self.session.set_bounds(cell, capped_lo, capped_hi);
        self.session.set_cost(cell, -sign);
        let answer = self.session.solve();
        self.session.set_cost(cell, 0.0);
        self.session.set_bounds(cell, lo, hi);
        if answer.status != Status::Optimal {
            return None;
        }
        self.moved.add(&answer.columns);
        let far = -answer.objective;
        if far >= level * (1.0 - MISSED) {
            return Some(Reach { far, prices: vec![], constant: far });
        }
        let frame = &self.ground.frame;
        let combined = (0..self.bounds.len()).map(|c| {
            let dual: f64 = frame.column(c).iter().map(|&(r, k)| answer.row_duals[r as usize] * f64::from(k)).sum();
            (c, if c == cell { sign + dual } else { dual })
        });
        Some(Reach { far, ..Reach::of(self.ground, target, combined) })
    }
}

/// The cuts of a target that can't move far enough upwards, downwards, or both ways together.
fn cuts_of(target: &Target, rise: Option<Reach>, fall: Option<Reach>) -> Vec<Cut> {
    let one = |reach: &Option<Reach>, level: i64| cut(&[reach.as_ref()?], level);
    let both = || cut(&[rise.as_ref()?, fall.as_ref()?], target.spread);
    [one(&rise, target.up), one(&fall, target.down), both()].into_iter().flatten().collect()
}

/// The cut that these attacks together give, if they do not come to the level.
fn cut(reaches: &[&Reach], level: i64) -> Option<Cut> {
    let level = level as f64;
    if level <= 0.0 || reaches.iter().map(|r| r.far).sum::<f64>() >= level * (1.0 - MISSED) {
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
    Some(Cut { terms, level: 1.0 })
}

/// The cuts that each single relation of a target gives: without any program, so that there is a bound for systems of any size.
///
/// A relation of many cells in which much may move anyway gives none: that is seen from its sums, without going over its cells for
/// each of its targets. There are no more terms than [`MOST_TERMS`], as these cuts only help.
pub(super) fn beside(ground: &Ground) -> Vec<Cut> {
    let mut found = Vec::new();
    let mut terms = 0;
    let mut rooms: Vec<Option<[Room; 2]>> = vec![None; ground.frame.rows()];
    for target in targets(ground) {
        for &(row, of_target) in ground.frame.column(target.cell) {
            let room = rooms[row as usize].get_or_insert_with(|| Room::of(ground, row as usize));
            if target.knows.is_empty() && is_ample(ground, &target, f64::from(of_target), room) {
                continue;
            }
            if terms > MOST_TERMS {
                return found;
            }
            terms += ground.frame.row(row as usize).len();
            let others = || ground.frame.row(row as usize).iter().filter(|t| t.0 as usize != target.cell);
            let way = |sign: f64| {
                let times = -sign / f64::from(of_target);
                Some(Reach::of(ground, &target, others().map(|&(c, k)| (c as usize, times * f64::from(k)))))
            };
            found.extend(cuts_of(&target, way(1.0), way(-1.0)));
        }
    }
    found
}

/// How far the open cells of a relation let it move, one way.
#[derive(Clone, Copy, Debug, Default)]
struct Room {
    sum: f64,
    /// Cells without a bound.
    endless: usize,
}

impl Room {
    /// With the coefficients as they are, and with all of them turned.
    fn of(ground: &Ground, row: usize) -> [Room; 2] {
        let mut rooms = [Room::default(); 2];
        for &(c, k) in ground.frame.row(row) {
            let [own, turned] = Room::of_cell(ground, c as usize, f64::from(k));
            rooms[0] = Room { sum: rooms[0].sum + own.sum, endless: rooms[0].endless + own.endless };
            rooms[1] = Room { sum: rooms[1].sum + turned.sum, endless: rooms[1].endless + turned.endless };
        }
        rooms
    }

    fn of_cell(ground: &Ground, c: CellId, k: f64) -> [Room; 2] {
        if !ground.open[c] || !ground.movable(c) {
            return [Room::default(); 2];
        }
        let way = |room: i64| match room {
            i64::MAX => Room { sum: 0.0, endless: 1 },
            room => Room { sum: k.abs() * room as f64, endless: 0 },
        };
        let (up, down) = (way(ground.up[c]), way(ground.down[c]));
        if k > 0.0 { [up, down] } else { [down, up] }
    }
}

/// Whether the other open cells of a relation move so far that it gives no cut for a target.
fn is_ample(ground: &Ground, target: &Target, of_target: f64, rooms: &[Room; 2]) -> bool {
    let own = Room::of_cell(ground, target.cell, of_target);
    let left = |way: usize| match rooms[way].endless > own[way].endless {
        true => f64::INFINITY,
        false => (rooms[way].sum - own[way].sum) / of_target.abs(),
    };
    // upwards the others move against the sign of the target's own coefficient
    let (up, down) = if of_target < 0.0 { (left(0), left(1)) } else { (left(1), left(0)) };
    let meets = |level: i64, room: f64| level <= 0 || level as f64 - room <= NOISE;
    meets(target.up, up) && meets(target.down, down) && meets(target.spread, up + down)
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
