//! The pattern under construction, with a witness for every need that is met.

use std::cmp::Reverse;

use crate::model::CellId;
use crate::solve::Effort;
use crate::witness::{Answer, BLOCKED, Finder, Found, Goal, Move, Programs, blocked, moved, moves_any};

use super::super::ground::{Ground, Need};
use super::known::Known;

/// Prices are costs times this; a free cell costs 1, so that among equal costs the shorter move wins.
pub(super) const SCALE: i64 = 1 << 10;
/// The price of a withheld cell that a rule does not call unsafe: moves keep to the unsafe ones where they can, so
/// that others can be published again.
const SECONDARY: i64 = 3;
/// Relations set right in a search for a move that is no product.
const CLOSE_STEPS: usize = 400;

/// A pattern and its witnesses.
#[derive(Clone)]
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
    /// Per need, how often it had no other witness.
    pub failures: Vec<u32>,
    /// Per cell, its needs.
    pub needs_of: Vec<Vec<u32>>,
    /// The cost of the secondary cells.
    pub loss: i64,
    /// How many they are.
    pub hidden: usize,
    /// The sum of their values: of patterns that cost the same, the one that hides less is better.
    value: i128,
    /// What was changed since [`Store::record`], to be undone.
    journal: Option<Vec<Change>>,
    /// How many of these changes there were at [`Store::mark`].
    marked: usize,
    /// What every safe pattern satisfies, as far as failed attempts have told.
    pub known: Known,
}

/// One change of a store.
#[derive(Clone)]
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
            failures: vec![0; ground.needs.len()],
            needs_of,
            loss: 0,
            hidden: 0,
            value: 0,
            journal: None,
            marked: 0,
            known: Known::new(cells),
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

    /// The move that showed that a need can be met at all, if it is known and these cells can be withheld for it.
    pub fn seed(&self, need: usize) -> Option<Move> {
        let Need { target, goal, knows } = self.needs[need];
        let seed = self.ground.problem.seeds.get(*self.ground.demand_of.get(need)?)?.as_deref()?;
        let free = seed.iter().all(|t| self.open_price[t.0] != BLOCKED);
        (free && goal.met(moved(seed, target)) && !moves_any(seed, knows)).then(|| seed.clone())
    }

    /// The same as [`Store::find`] by programs over growing neighbourhoods of at most about `most` cells; `whole`: whole ones
    /// as well.
    pub fn least_cost(&mut self, need: usize, shut: bool, whole: bool, most: usize) -> Answer {
        // over withheld cells no move costs anything
        let programs = Programs { whole, any: shut, ..programs(self.ground) };
        let Need { target, goal, knows } = self.needs[need];
        let price = if shut { &mut self.shut_price } else { &mut self.open_price };
        blocked(price, knows, |price| programs.cheapest(price, target, goal, most))
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
        self.failures.push(0);
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
        self.failures.pop();
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
        self.hidden = if withheld { self.hidden + 1 } else { self.hidden - 1 };
        let value = i128::from(self.ground.problem.truth[cell]);
        self.value += if withheld { value } else { -value };
    }

    /// How good the pattern is: less is better.
    pub fn standing(&self) -> (i64, i128) {
        (self.loss, self.value)
    }

    /// Orders cells so that those come first that are best published: dear ones, then large ones.
    pub fn dearest_first(&self, cells: &mut [CellId]) {
        let problem = self.ground.problem;
        cells.sort_by_key(|&c| (Reverse(problem.cost[c]), Reverse(problem.truth[c]), c));
    }

    /// The needs whose witness moves a cell, those first that were often found to have no other.
    pub fn hardest_first(&self, cell: CellId) -> Vec<usize> {
        let mut users: Vec<usize> = self.users[cell].iter().map(|&n| n as usize).collect();
        users.sort_by_key(|&n| (Reverse(self.failures[n]), n));
        users
    }

    /// Takes the pattern of another store, and keeps what is known.
    pub fn go_to(&mut self, other: Self) {
        let known = std::mem::replace(&mut self.known, Known::new(0));
        *self = Store { known, ..other };
    }

    /// Sets the price of a published candidate back to what it is.
    pub fn reprice(&mut self, cell: CellId) {
        self.open_price[cell] = self.base_price[cell];
    }

    /// Makes a published candidate so many thousandths as dear as it is.
    pub fn scale_price(&mut self, cell: CellId, thousandths: i64) {
        if !self.withheld[cell] {
            let price = i128::from(self.open_price[cell]) * i128::from(thousandths) / 1_000;
            self.open_price[cell] = i64::try_from(price).unwrap_or(i64::MAX).clamp(1, BLOCKED - 1);
        }
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
    pub fn record(&mut self) {
        (self.journal, self.marked) = (Some(Vec::new()), 0);
    }

    /// Begins a step that can be undone by itself.
    pub fn mark(&mut self) {
        self.marked = self.journal.as_ref().map_or(0, Vec::len);
    }

    /// Undoes every change since [`Store::mark`].
    pub fn undo(&mut self) {
        self.undo_to(self.marked);
    }

    /// Undoes every change since [`Store::record`].
    pub fn undo_all(&mut self) {
        self.undo_to(0);
    }

    /// Keeps the changes since [`Store::record`], and records no more.
    pub fn keep(&mut self) {
        self.journal = None;
    }

    fn undo_to(&mut self, mark: usize) {
        let Some(mut journal) = self.journal.take() else { return };
        for change in journal.drain(mark..).rev() {
            match change {
                Change::Witness(need, before) => drop(self.replace(need, before)),
                Change::Cell(cell, withheld) => self.set(cell, !withheld),
            }
        }
        self.journal = Some(journal);
    }

    /// The changes since [`Store::mark`].
    fn changes(&self) -> impl Iterator<Item = &Change> {
        self.journal.iter().flat_map(|j| &j[self.marked..])
    }

    /// Cells that were withheld since [`Store::mark`] and still are.
    pub fn newly_withheld(&self) -> Vec<CellId> {
        let cells = self.changes().filter_map(|c| if let Change::Cell(cell, true) = c { Some(*cell) } else { None });
        let mut cells: Vec<CellId> = cells.filter(|&c| self.withheld[c]).collect();
        cells.sort_unstable();
        cells.dedup();
        cells
    }

    /// Cells that lost a user since [`Store::mark`] and have none left.
    pub fn newly_unused(&self) -> Vec<CellId> {
        let moves = self.changes().filter_map(|c| if let Change::Witness(_, before) = c { Some(before) } else { None });
        let mut cells: Vec<CellId> = moves.flatten().map(|t| t.0).filter(|&c| self.is_unused(c)).collect();
        cells.sort_unstable();
        cells.dedup();
        cells
    }

    fn is_unused(&self, cell: CellId) -> bool {
        self.withheld[cell] && !self.ground.open[cell] && self.users[cell].is_empty()
    }

    /// Tries a move on every need of the cells that it moves, as long as that need has no witness.
    pub fn share(&mut self, cells: &Move) {
        for &(target, _) in cells {
            for i in 0..self.needs_of[target].len() {
                let need = self.needs_of[target][i] as usize;
                if self.moves[need].is_empty()
                    && let Some(serves) = self.serves(cells, need)
                {
                    self.adopt(need, serves);
                }
            }
        }
    }

    /// A move, some times over or in the opposite direction, that meets a need, if there is one.
    pub fn serves(&self, cells: &Move, need: usize) -> Option<Move> {
        let Need { target, goal, knows } = self.needs[need];
        let by = moved(cells, target);
        if by == 0 || moves_any(cells, knows) {
            return None;
        }
        let times = goal.distance().div_euclid(by.abs()) + i64::from(goal.distance() % by.abs() != 0);
        let fits = |times: i64| {
            let reaches = by.checked_mul(times).is_some_and(|by| goal.met(by));
            reaches && cells.iter().all(|&(c, by)| self.has_room(c, by, times))
        };
        let times = [times, -times].into_iter().find(|&times| fits(times))?;
        Some(cells.iter().map(|&(c, by)| (c, by * times)).collect())
    }

    fn has_room(&self, cell: CellId, by: i64, times: i64) -> bool {
        let room = |by: i64| by.abs() <= if by > 0 { self.ground.up[cell] } else { self.ground.down[cell] };
        by.checked_mul(times).is_some_and(room)
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
        thin: ground.thin(),
        up: &ground.up,
        down: &ground.down,
        whole: true,
        any: false,
    }
}

/// A cost as a price.
pub(super) fn priced(cost: i64) -> i64 {
    cost.saturating_mul(SCALE).min(BLOCKED - 1)
}
