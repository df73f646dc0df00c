//! The attack on one component by linear and whole programs. Each table that is found is tried on every open demand and
//! on every interval, so that most questions never reach a solver.

use std::sync::Arc;

use crate::model::{CellId, Interval, Want};
use crate::witness::{Move, rank};

use super::audit::Witness;
use super::probe::{Found, Probe, fits};
use super::reduce::Component;
use super::run::{Attack, Met, Proof};
use super::walk::Walkers;

/// Work on one component.
#[derive(Default)]
pub(super) struct Task {
    /// Index of the demand, position of the cell, what is wanted.
    pub demands: Vec<(usize, usize, Want)>,
    /// Positions of the cells whose intervals are asked for.
    pub targets: Vec<usize>,
    /// Moves from the base that are known already.
    pub tables: Vec<Arc<Move>>,
}

impl Task {
    /// How many questions there are.
    pub fn len(&self) -> usize {
        self.demands.len() + self.targets.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The interval of a cell.
pub(super) struct Ends {
    pub cell: CellId,
    pub interval: Interval,
    /// Whether the ends were worked out; otherwise the interval is at least this wide.
    pub exact: bool,
    /// What arithmetic on single relations leaves.
    pub outer: Interval,
    pub low: Witness,
    pub high: Witness,
    /// The relations that prove the ends.
    pub proof: Vec<usize>,
}

/// What came of one component.
pub(super) struct Done {
    pub demands: Vec<(usize, Proof)>,
    pub ends: Vec<Ends>,
}

/// Attacks a component. `base` is a table that fits everything public, if one is known; `walkers` look for others where many
/// are asked for; `answered` is told of each question of the task.
pub(super) fn attack(
    attack: &Attack,
    part: &Component,
    task: Task,
    base: Option<&[i64]>,
    walkers: Option<&Walkers>,
    answered: &(dyn Fn() + Sync),
) -> Done {
    let known: Option<Vec<i64>> = base.map(|b| part.cells.iter().map(|&c| b[c]).collect());
    let known = known.filter(|t| fits(part, t));
    let mut pool = Pool::new(part, known.clone(), &task.demands);
    task.tables.iter().for_each(|m| pool.add_move(m));
    pool.rule_out();
    let inside = match (walkers, known) {
        (Some(walkers), Some(table)) => Some(walkers.walk(attack, part, table, &mut pool)),
        (_, known) => known,
    };
    let mut probe = Probe::new(part, inside, attack.solver, attack.effort(), attack.whole);
    for i in 0..pool.demands.len() {
        if pool.demands[i].proof.met == Met::Open && !attack.out_of_time() {
            ask(i, part, &mut probe, &mut pool);
        }
        answered();
    }
    let small = part.cells.len() <= attack.exact_cells;
    let mut ends = Vec::with_capacity(task.targets.len());
    for &cell in &task.targets {
        let exact = small && !attack.out_of_time();
        let (lo, mut proof) = pool.end(cell, 1, &mut probe, exact);
        let (hi, more) = pool.end(cell, -1, &mut probe, exact);
        proof.extend(more);
        let (low, high) = pool.witnesses(cell);
        let proof = proof.into_iter().map(|r| part.origin[r]).collect();
        let settled = exact || (lo == part.domain[cell].lo && hi == part.domain[cell].hi);
        let (interval, outer) = (Interval { lo, hi }, part.domain[cell]);
        ends.push(Ends { cell: part.cells[cell], interval, exact: settled, outer, low, high, proof });
        answered();
    }
    Done { demands: pool.demands.into_iter().map(|a| (a.demand, a.proof)).collect(), ends }
}

/// Some whole table of a component.
pub(super) fn some_table(attack: &Attack, part: &Component) -> Option<Vec<i64>> {
    Probe::new(part, None, attack.solver, attack.effort(), attack.whole).any()
}

/// Looks for a table that meets the `i`-th demand of a component.
fn ask(i: usize, part: &Component, probe: &mut Probe, pool: &mut Pool) {
    let (cell, want) = (pool.demands[i].cell, pool.demands[i].want);
    let mut stopped = false;
    match want {
        Want::Within(bounds) => match probe.within(cell, bounds) {
            Found::Table(table) => pool.add(&table),
            Found::Fractional => pool.demands[i].proof = Proof::by(Vec::new()),
            Found::Impossible => {}
            Found::Unknown => stopped = true,
        },
        Want::Spread(width) => {
            if let Some(open) = ask_beside(i, width, probe, pool) {
                return pool.settle(i, open);
            }
            let (mut low, mut high) = (None, None);
            for sign in [1, -1] {
                let extreme = probe.extreme(cell, sign);
                stopped |= extreme.stopped;
                let unbounded = extreme.value.is_none() && !extreme.stopped;
                *(if sign > 0 { &mut low } else { &mut high }) = extreme.value;
                extreme.table.into_iter().for_each(|t| pool.add(&t));
                if unbounded && let Some(lo) = pool.low(cell).or(part.domain[cell].lo) {
                    let far = Interval::at_least(lo.saturating_add(width));
                    match probe.within(cell, far) {
                        Found::Table(table) => pool.add(&table),
                        Found::Fractional => pool.demands[i].proof = Proof::by(Vec::new()),
                        Found::Impossible => {}
                        Found::Unknown => stopped = true,
                    }
                }
            }
            // an intruder who does not know that cells are whole: the ends of the relaxation are possible values
            if !probe.whole() && matches!((low, high), (Some(l), Some(h)) if h.saturating_sub(l) >= width) {
                pool.demands[i].proof = Proof::by(Vec::new());
            }
        }
    }
    pool.settle(i, stopped);
}

/// Asks for a table so far above, or so far below, what was seen of a cell: far cheaper than to ask for the ends. Whether a
/// limit left it open, if the demand is settled by that; for a distance of 1 it always is.
fn ask_beside(i: usize, width: i64, probe: &mut Probe, pool: &mut Pool) -> Option<bool> {
    let cell = pool.demands[i].cell;
    let (low, high) = (pool.low(cell)?, pool.high(cell)?);
    let (above, below) = (low.saturating_add(width), high.saturating_sub(width));
    let mut open = false;
    for bounds in [Interval::at_least(above), Interval::at_most(below)] {
        match probe.within(cell, bounds) {
            Found::Table(table) => pool.add(&table),
            Found::Fractional => pool.demands[i].proof = Proof::by(Vec::new()),
            Found::Impossible => {}
            Found::Unknown => open = true,
        }
        if pool.demands[i].proof.met == Met::Yes {
            return Some(false);
        }
    }
    (width <= 1).then_some(open)
}

/// A demand on one component: its index, the cell's position, and what is known of it.
struct Asked {
    demand: usize,
    cell: usize,
    want: Want,
    proof: Proof,
}

/// The smallest or largest value of a cell that was seen, and the table it stands in.
type Seen = Option<(i64, Arc<Move>)>;

/// The tables found so far in a component, as moves from a first one, and what they prove.
pub(super) struct Pool<'a> {
    part: &'a Component,
    demands: Vec<Asked>,
    first: Option<Vec<i64>>,
    low: Vec<Seen>,
    high: Vec<Seen>,
}

impl<'a> Pool<'a> {
    pub fn new(part: &'a Component, first: Option<Vec<i64>>, demands: &[(usize, usize, Want)]) -> Self {
        let asked = |&(demand, cell, want)| Asked { demand, cell, want, proof: Proof::open() };
        let demands = demands.iter().map(asked).collect();
        let n = part.cells.len();
        let mut pool = Pool { part, demands, first: None, low: vec![None; n], high: vec![None; n] };
        first.into_iter().for_each(|t| pool.add(&t));
        pool
    }

    /// The demands that are open: the position of each cell, and what is wanted.
    pub fn open(&self) -> Vec<(usize, Want)> {
        self.demands.iter().filter(|a| a.proof.met == Met::Open).map(|a| (a.cell, a.want)).collect()
    }

    /// What is found about the demands.
    #[cfg(test)]
    pub fn proofs(&self) -> impl Iterator<Item = &Proof> {
        self.demands.iter().map(|a| &a.proof)
    }

    /// Takes in a table of the component's cells.
    pub fn add(&mut self, table: &[i64]) {
        let moved: Move = match &self.first {
            Some(first) => {
                (0..table.len()).filter(|&c| table[c] != first[c]).map(|c| (c, table[c] - first[c])).collect()
            }
            None => Move::new(),
        };
        if self.first.is_none() {
            self.first = Some(table.to_vec());
            let still = Arc::new(Move::new());
            for (c, &v) in table.iter().enumerate() {
                (self.low[c], self.high[c]) = (Some((v, Arc::clone(&still))), Some((v, Arc::clone(&still))));
            }
            (0..self.demands.len()).for_each(|i| self.try_on(i, &still));
            return;
        }
        self.note(Arc::new(moved));
    }

    /// Takes in a move over cells of the system, from the first table.
    fn add_move(&mut self, cells: &Move) {
        let inside = |&(c, by): &(CellId, i64)| Some((self.part.cells.binary_search(&c).ok()?, by));
        let moved: Move = cells.iter().filter_map(inside).collect();
        if self.first.is_some() && !moved.is_empty() {
            self.note(Arc::new(moved));
        }
    }

    fn note(&mut self, cells: Arc<Move>) {
        let Some(first) = &self.first else { return };
        for &(c, by) in cells.iter() {
            let v = first[c].saturating_add(by);
            if self.low[c].as_ref().is_none_or(|l| v < l.0) {
                self.low[c] = Some((v, Arc::clone(&cells)));
            }
            if self.high[c].as_ref().is_none_or(|h| v > h.0) {
                self.high[c] = Some((v, Arc::clone(&cells)));
            }
        }
        (0..self.demands.len()).for_each(|i| self.try_on(i, &cells));
    }

    /// Whether a table (or it and an earlier one) meets an open demand.
    fn try_on(&mut self, i: usize, cells: &Arc<Move>) {
        let (cell, want) = (self.demands[i].cell, self.demands[i].want);
        if self.demands[i].proof.met == Met::Yes {
            return;
        }
        let Some(first) = &self.first else { return };
        let value = first[cell].saturating_add(crate::witness::moved(cells, cell));
        let by = match (want, &self.low[cell], &self.high[cell]) {
            (Want::Within(bounds), ..) if bounds.contains(value) => vec![self.named(cells)],
            (Want::Spread(width), Some((l, low)), Some((h, high))) if h.saturating_sub(*l) >= width => {
                vec![self.named(low), self.named(high)]
            }
            _ => return,
        };
        self.demands[i].proof = Proof::by(by);
    }

    /// A move over positions as one over cells of the system.
    fn named(&self, cells: &Move) -> Arc<Move> {
        Arc::new(cells.iter().map(|&(c, by)| (self.part.cells[c], by)).collect())
    }

    /// Settles the open demands on cells that the relations alone determine: no other value fits than that of the first table.
    fn rule_out(&mut self) {
        let known = self.first.is_some();
        let decides = |a: &Asked| a.proof.met == Met::Open && (known || matches!(a.want, Want::Spread(_)));
        if !self.demands.iter().any(decides) {
            return;
        }
        let Some(determined) = rank::determined(&self.part.rows, self.part.cells.len()) else { return };
        for asked in self.demands.iter_mut().filter(|a| decides(a) && determined[a.cell]) {
            asked.proof.met = Met::No;
        }
    }

    /// What no table met can't be met, unless a limit ended the search.
    fn settle(&mut self, i: usize, stopped: bool) {
        let proof = &mut self.demands[i].proof;
        if proof.met == Met::Open && !stopped {
            proof.met = Met::No;
        }
    }

    fn low(&self, cell: usize) -> Option<i64> {
        self.low[cell].as_ref().map(|s| s.0)
    }

    fn high(&self, cell: usize) -> Option<i64> {
        self.high[cell].as_ref().map(|s| s.0)
    }

    /// One end of a cell's interval: worked out, or what was seen.
    fn end(&mut self, cell: usize, sign: i64, probe: &mut Probe, exact: bool) -> (Option<i64>, Vec<usize>) {
        let outer = if sign > 0 { self.part.domain[cell].lo } else { self.part.domain[cell].hi };
        let seen = |pool: &Self| if sign > 0 { &pool.low[cell] } else { &pool.high[cell] }.as_ref().map(|s| s.0);
        if (outer.is_some() && seen(self) == outer) || !exact {
            return (seen(self).or(outer), Vec::new());
        }
        let extreme = probe.extreme(cell, sign);
        extreme.table.into_iter().for_each(|t| self.add(&t));
        let value = if extreme.stopped { seen(self) } else { extreme.value };
        (value, extreme.proof)
    }

    /// The tables of both ends: the values of the cells in which they differ.
    fn witnesses(&self, cell: usize) -> (Witness, Witness) {
        let (Some(first), Some((_, low)), Some((_, high))) = (&self.first, &self.low[cell], &self.high[cell]) else {
            return (Witness::default(), Witness::default());
        };
        let mut cells: Vec<usize> = low.iter().chain(high.iter()).map(|t| t.0).chain([cell]).collect();
        cells.sort_unstable();
        cells.dedup();
        let table = |m: &Move| {
            let value = |&c: &usize| (self.part.cells[c], first[c].saturating_add(crate::witness::moved(m, c)));
            Witness(Arc::new(cells.iter().map(value).collect()))
        };
        (table(low), table(high))
    }
}
