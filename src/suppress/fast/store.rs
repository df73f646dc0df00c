//! The pattern under construction, with a witness for every need that is met.

use crate::model::CellId;
use crate::solve::Effort;
use crate::witness::{Answer, BLOCKED, Finder, Found, Goal, Move, Programs, blocked, moves_any};

use super::super::ground::{Ground, Need};

/// Prices are costs times this; a free cell costs 1, so that among equal costs the shorter move wins.
pub(super) const SCALE: i64 = 1 << 10;
/// The price of a withheld cell that a rule does not call unsafe: moves keep to the unsafe ones where they can, so
/// that others can be published again.
const SECONDARY: i64 = 3;
/// Relations set right in a search for a move that is no product.
const CLOSE_STEPS: usize = 400;

/// A pattern and its witnesses.
pub(super) struct Store<'g> {
    pub ground: &'g Ground<'g>,
    finder: Finder<'g>,
    /// Per cell, the price of letting it move: 1 when withheld, else its cost; blocked when it must be published.
    pub open_price: Vec<i64>,
    /// The same with every published cell blocked.
    pub shut_price: Vec<i64>,
    /// Per candidate cell, its price while it is published.
    pub base_price: Vec<i64>,
    /// Per cell, whether it is withheld.
    pub withheld: Vec<bool>,
    /// The needs of the ground, and halves of needs that no single move meets.
    pub needs: Vec<Need<'g>>,
    /// Per need, the witness; empty while there is none.
    pub moves: Vec<Move>,
    /// Per need, whether nothing can meet it.
    pub hopeless: Vec<bool>,
    /// Per candidate cell, the needs whose witness moves it.
    pub users: Vec<Vec<u32>>,
    /// Per cell, its needs.
    pub needs_of: Vec<Vec<u32>>,
    /// The cost of the secondary cells.
    pub loss: i64,
    /// What was changed since [`Store::mark`], to be undone.
    journal: Option<Vec<Change>>,
}

/// One change of a store.
enum Change {
    /// A need had this witness.
    Witness(usize, Move),
    /// A cell became withheld (true) or published.
    Cell(CellId, bool),
}

impl<'g> Store<'g> {
    pub fn new(ground: &'g Ground<'g>) -> Self {
        let problem = ground.problem;
        let cells = ground.cells();
        let mut withheld = problem.primary.clone();
        withheld.resize(cells, false);
        let price = |c: CellId, published: i64| if ground.open[c] { 1 } else { published };
        let candidate = |c: CellId| problem.candidate.get(c).is_some_and(|&x| x);
        let cost = |c: CellId| if candidate(c) { priced(problem.cost[c]) } else { BLOCKED };
        let total: i64 = problem.candidates().map(|c| priced(problem.cost[c])).fold(0, i64::saturating_add);
        let worth = total / problem.candidates().count().max(1) as i64;
        let mut needs_of = vec![Vec::new(); cells];
        ground.needs.iter().enumerate().for_each(|(n, need)| needs_of[need.target].push(n as u32));
        Store {
            finder: Finder::new(
                &ground.grids,
                &ground.relations,
                &ground.frame,
                (ground.up.clone(), ground.down.clone()),
                worth / 4,
                CLOSE_STEPS,
                false,
            ),
            base_price: (0..cells).map(cost).collect(),
            open_price: (0..cells).map(|c| price(c, cost(c))).collect(),
            shut_price: (0..cells).map(|c| price(c, BLOCKED)).collect(),
            withheld,
            needs: ground.needs.clone(),
            moves: vec![Move::new(); ground.needs.len()],
            hopeless: vec![false; ground.needs.len()],
            users: vec![Vec::new(); cells],
            needs_of,
            loss: 0,
            journal: None,
            ground,
        }
    }

    /// The cheapest move found for a need below a price; only over withheld cells if `shut`.
    pub fn find(&mut self, need: usize, shut: bool, limit: i64) -> Option<Found> {
        let price = if shut { &mut self.shut_price } else { &mut self.open_price };
        let Need { target, goal, knows } = self.needs[need];
        blocked(price, knows, |price| self.finder.find(price, target, goal, limit))
    }

    /// Whether a need is for an amount, which may go many ways at once: programs split it, local search does not.
    pub fn splits(&self, need: usize) -> bool {
        self.ground.amounts() && self.needs[need].goal.distance() > 1
    }

    /// What it costs to let these cells move.
    pub fn price(&self, cells: &Move) -> i64 {
        cells.iter().map(|&(c, _)| self.open_price[c]).fold(0, i64::saturating_add)
    }

    /// The same by programs over growing neighbourhoods; `whole`: whole ones as well.
    pub fn least_cost(&mut self, need: usize, shut: bool, whole: bool) -> Answer {
        let programs = Programs { whole, ..programs(self.ground) };
        let Need { target, goal, knows } = self.needs[need];
        let price = if shut { &mut self.shut_price } else { &mut self.open_price };
        blocked(price, knows, |price| programs.cheapest(price, target, goal, usize::MAX))
    }

    /// A whole move over a few cells, where a linear program over more has found one in fractions.
    pub fn among(&self, cells: &[CellId], need: usize, way: (i64, i64)) -> Option<Move> {
        programs(self.ground).among(&self.open_price, cells, self.needs[need].target, way)
    }

    /// Halves a need for a spread: so far upwards, the rest downwards. The new need is the last.
    pub fn halve(&mut self, need: usize, up: i64, down: i64) {
        let Need { target, knows, .. } = self.needs[need];
        self.needs[need].goal = Goal::Up(up, i64::MAX);
        self.needs_of[target].push(self.needs.len() as u32);
        self.needs.push(Need { target, goal: Goal::Down(down, i64::MAX), knows });
        self.moves.push(Move::new());
        self.hopeless.push(false);
    }

    /// Takes [`Store::halve`] back, with the witnesses of both halves.
    pub fn unhalve(&mut self, need: usize, width: i64) {
        let other = self.needs.len() - 1;
        self.adopt(need, Move::new());
        self.adopt(other, Move::new());
        self.needs[need].goal = Goal::Either(width);
        self.needs_of[self.needs[need].target].pop();
        self.needs.pop();
        self.moves.pop();
        self.hopeless.pop();
    }

    /// Makes a move the witness of a need; its cells are withheld from now on.
    pub fn adopt(&mut self, need: usize, cells: Move) {
        for &(c, _) in &cells {
            if !self.withheld[c] && !self.ground.open[c] {
                self.withhold(c);
            }
        }
        let before = self.replace(need, cells);
        if let Some(journal) = &mut self.journal {
            journal.push(Change::Witness(need, before));
        }
    }

    /// Swaps the witness of a need.
    fn replace(&mut self, need: usize, cells: Move) -> Move {
        let before = std::mem::replace(&mut self.moves[need], cells);
        for &(c, _) in before.iter().filter(|t| !self.ground.open[t.0]) {
            self.users[c].retain(|&n| n != need as u32);
        }
        for &(c, _) in self.moves[need].iter().filter(|t| !self.ground.open[t.0]) {
            self.users[c].push(need as u32);
        }
        before
    }

    /// Withholds a candidate cell.
    pub fn withhold(&mut self, cell: CellId) {
        self.set(cell, true);
        if let Some(journal) = &mut self.journal {
            journal.push(Change::Cell(cell, true));
        }
    }

    /// Publishes a candidate cell again. Needs whose witness moves it have no valid witness until they get another one.
    pub fn publish(&mut self, cell: CellId) {
        self.set(cell, false);
        if let Some(journal) = &mut self.journal {
            journal.push(Change::Cell(cell, false));
        }
    }

    fn set(&mut self, cell: CellId, withheld: bool) {
        let cost = self.ground.problem.cost[cell];
        self.withheld[cell] = withheld;
        (self.open_price[cell], self.shut_price[cell]) =
            if withheld { (SECONDARY, SECONDARY) } else { (self.base_price[cell], BLOCKED) };
        self.loss = if withheld { self.loss.saturating_add(cost) } else { self.loss.saturating_sub(cost) };
    }

    /// Sets the price of a published candidate back to what it is.
    pub fn reprice(&mut self, cell: CellId) {
        self.open_price[cell] = self.base_price[cell];
    }

    /// Makes prices costs again, after a guide changed them.
    pub fn true_prices(&mut self) {
        let ground = self.ground;
        for c in ground.problem.candidates() {
            self.base_price[c] = priced(ground.problem.cost[c]);
            if !self.withheld[c] {
                self.reprice(c);
            }
        }
    }

    /// From here on changes can be undone.
    pub fn mark(&mut self) {
        self.journal = Some(Vec::new());
    }

    /// Keeps the changes since [`Store::mark`].
    pub fn keep(&mut self) {
        self.journal = None;
    }

    /// Undoes every change since [`Store::mark`].
    pub fn undo(&mut self) {
        for change in self.journal.take().into_iter().flatten().rev() {
            match change {
                Change::Witness(need, before) => drop(self.replace(need, before)),
                Change::Cell(cell, withheld) => self.set(cell, !withheld),
            }
        }
    }

    /// Cells that were withheld since [`Store::mark`] and still are.
    pub fn newly_withheld(&self) -> Vec<CellId> {
        let changes = self.journal.iter().flatten();
        let cells = changes.filter_map(|c| if let Change::Cell(cell, true) = c { Some(*cell) } else { None });
        let mut cells: Vec<CellId> = cells.filter(|&c| self.withheld[c]).collect();
        cells.sort_unstable();
        cells.dedup();
        cells
    }

    /// Cells that lost a user since [`Store::mark`] and have none left.
    pub fn newly_unused(&self) -> Vec<CellId> {
        let changes = self.journal.iter().flatten();
        let moves = changes.filter_map(|c| if let Change::Witness(_, before) = c { Some(before) } else { None });
        let mut cells: Vec<CellId> = moves.flatten().map(|t| t.0).filter(|&c| self.is_unused(c)).collect();
        cells.sort_unstable();
        cells.dedup();
        cells
    }

    fn is_unused(&self, cell: CellId) -> bool {
        self.withheld[cell] && !self.ground.open[cell] && self.users[cell].is_empty()
    }

    /// Tries a move on every need of the cells that it moves; it may also be carried out several times.
    pub fn share(&mut self, cells: &Move) {
        let most = cells.iter().map(|&(c, by)| self.finder.room(c, by) / by.abs()).min().unwrap_or(1);
        for &(target, by) in cells {
            for i in 0..self.needs_of[target].len() {
                let need = self.needs_of[target][i] as usize;
                let Need { goal, knows, .. } = self.needs[need];
                if !self.moves[need].is_empty() || moves_any(cells, knows) {
                    continue;
                }
                let times = goal.distance().div_euclid(by.abs()) + i64::from(goal.distance() % by.abs() != 0);
                if times <= most && goal.met(by.saturating_mul(times)) {
                    self.adopt(need, cells.iter().map(|&(c, by)| (c, by * times)).collect());
                }
            }
        }
    }

    /// Secondary cells, in rising order.
    pub fn secondary(&self) -> Vec<CellId> {
        self.ground.problem.candidates().filter(|&c| self.withheld[c]).collect()
    }

    /// Publishes every secondary cell that no witness moves.
    pub fn drop_unused(&mut self) {
        for c in self.secondary() {
            if self.users[c].is_empty() {
                self.publish(c);
            }
        }
    }
}

/// Programs on the cells of a problem.
fn programs<'a>(ground: &'a Ground<'a>) -> Programs<'a> {
    let problem = ground.problem;
    Programs {
        solver: problem.solver,
        effort: Effort { seconds: problem.seconds_left(), ..problem.effort },
        relations: &ground.relations,
        frame: &ground.frame,
        up: &ground.up,
        down: &ground.down,
        whole: true,
    }
}

/// A cost as a price.
pub(super) fn priced(cost: i64) -> i64 {
    cost.saturating_mul(SCALE).min(BLOCKED - 1)
}
