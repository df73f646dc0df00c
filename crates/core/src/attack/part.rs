//! The attack on one component by linear and whole programs. Each table that is found is tried on every open demand and
//! on every interval, so that most questions never reach a solver. What is left of an intruder who does not know that cells
//! are whole goes on in fractions (`fractions`).

use std::sync::Arc;

use crate::model::{Bounds, CellId, Interval, Want};
use crate::witness::{Move, rank};

use super::audit::Witness;
use super::exact::{Point, Ratio};
use super::fractions;
use super::local::NEAR_CELLS;
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
    /// The same ends in decimals.
    pub bounds: Bounds,
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
        // among few cells a program answers sooner than a walk that leads nowhere ends
        (Some(walkers), Some(table)) if part.cells.len() > NEAR_CELLS => {
            Some(walkers.walk(attack, part, table, &mut pool))
        }
        (_, known) => known,
    };
    let mut probe = Probe::new(part, inside, attack);
    for i in 0..pool.demands.len() {
        if pool.demands[i].proof.met == Met::Open && !attack.out_of_time() {
            ask(i, part, &mut probe, &mut pool);
        }
        answered();
    }
    let small = part.cells.len() <= attack.exact_cells;
    let mut ends = Vec::with_capacity(task.targets.len());
    for &cell in &task.targets {
        let work = small && !attack.out_of_time();
        let lo = pool.end(cell, 1, &mut probe, work);
        let hi = pool.end(cell, -1, &mut probe, work);
        let (low, high) = pool.witnesses(cell);
        let (interval, bounds) = fractions::ends(lo.at.as_ref(), hi.at.as_ref());
        let proof = lo.proof.into_iter().chain(hi.proof).map(|r| part.origin[r]).collect();
        let (exact, outer) = (lo.certain && hi.certain, part.domain[cell]);
        ends.push(Ends { cell: part.cells[cell], interval, bounds, exact, outer, low, high, proof });
        answered();
    }
    Done { demands: pool.demands.into_iter().map(|a| (a.demand, a.proof)).collect(), ends }
}

/// Some whole table of a component.
pub(super) fn some_table(attack: &Attack, part: &Component) -> Option<Vec<i64>> {
    Probe::new(part, None, attack).any()
}

/// Looks for a table that meets the `i`-th demand of a component.
fn ask(i: usize, part: &Component, probe: &mut Probe, pool: &mut Pool) {
    let (cell, want) = (pool.demands[i].cell, pool.demands[i].want);
    let stopped = match want {
        Want::Within(bounds) => take(i, probe.within(cell, bounds), pool),
        Want::Spread(width) => match ask_beside(i, width, probe, pool) {
            Some(open) => open,
            None if !probe.whole() => fractions::spread(i, cell, width, probe, pool),
            None => ask_ends(i, cell, width, part, probe, pool),
        },
    };
    pool.settle(i, stopped);
}

/// Takes in what was found for the `i`-th demand; whether a limit left it open.
fn take(i: usize, found: Found, pool: &mut Pool) -> bool {
    match found {
        Found::Table(table) => pool.add(&table),
        Found::Fractions(point) => fractions::meets(i, &point, pool),
        Found::Impossible => {}
        Found::Unknown => return true,
    }
    false
}

/// Asks for both ends of a whole cell; whether a limit left anything open.
fn ask_ends(i: usize, cell: usize, width: i64, part: &Component, probe: &mut Probe, pool: &mut Pool) -> bool {
    let mut stopped = false;
    for sign in [1, -1] {
        let extreme = probe.extreme(cell, sign);
        stopped |= extreme.stopped;
        let unbounded = extreme.value.is_none() && !extreme.stopped;
        extreme.table.into_iter().for_each(|t| pool.add(&t));
        if unbounded && let Some(far) = pool.low(cell).or(part.domain[cell].lo).and_then(|lo| lo.checked_add(width)) {
            stopped |= take(i, probe.within(cell, Interval::at_least(far)), pool);
        }
    }
    stopped
}

/// Asks for a table so far above, or so far below, what was seen of a cell: far cheaper than to ask for the ends. Whether a
/// limit left it open, if the demand is settled by that; for whole cells and a distance of 1 it always is.
fn ask_beside(i: usize, width: i64, probe: &mut Probe, pool: &mut Pool) -> Option<bool> {
    let cell = pool.demands[i].cell;
    let (low, high) = (pool.low(cell)?, pool.high(cell)?);
    let above = low.checked_add(width).map(Interval::at_least);
    let below = high.checked_sub(width).map(Interval::at_most);
    let mut open = false;
    // beyond 64 bits there is no whole table
    for bounds in [above, below].into_iter().flatten() {
        open |= take(i, probe.within(cell, bounds), pool);
        if pool.met(i) {
            return Some(false);
        }
    }
    (probe.whole() && width <= 1).then_some(open)
}

/// A demand on one component: its index, the cell's position, and what is known of it.
struct Asked {
    demand: usize,
    cell: usize,
    want: Want,
    proof: Proof,
}

/// One end of a cell's interval.
pub(super) struct End {
    /// Where it is; `None` where there is none.
    pub at: Option<Ratio>,
    /// Whether no table goes beyond.
    pub certain: bool,
    /// The relations that prove it.
    pub proof: Vec<usize>,
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
            let Some(v) = first[c].checked_add(by) else { continue };
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
        let Some(value) = first[cell].checked_add(crate::witness::moved(cells, cell)) else { return };
        let by = match (want, &self.low[cell], &self.high[cell]) {
            (Want::Within(bounds), ..) if bounds.contains(value) => vec![self.named(cells)],
            (Want::Spread(width), Some((l, low)), Some((h, high)))
                if i128::from(*h) - i128::from(*l) >= i128::from(width) =>
            {
                vec![self.named(low), self.named(high)]
            }
            _ => return,
        };
        self.demands[i].proof = Proof::by(by);
    }

    /// Whether a demand is met.
    pub fn met(&self, i: usize) -> bool {
        self.demands[i].proof.met == Met::Yes
    }

    /// The cell of a demand for a spread, and how wide that is to be.
    pub fn spread_of(&self, i: usize) -> Option<(usize, i64)> {
        match self.demands[i].want {
            Want::Spread(width) => Some((self.demands[i].cell, width)),
            Want::Within(_) => None,
        }
    }

    /// The whole tables in which a cell was smallest and largest.
    pub fn ends_seen(&self, cell: usize) -> Vec<Point> {
        let Some(first) = &self.first else { return Vec::new() };
        let moved = |m: &Move| -> Option<Point> {
            let mut values: Vec<Ratio> = first.iter().map(|&v| Ratio::from(v)).collect();
            m.iter().for_each(|&(c, by)| values[c] += Ratio::from(by));
            Point::checked(self.part, values)
        };
        [&self.low[cell], &self.high[cell]].into_iter().flatten().filter_map(|seen| moved(&seen.1)).collect()
    }

    /// Meets a demand by one table in fractions, or by two that differ enough.
    pub fn meet(&mut self, i: usize, points: &[&Point]) {
        let first = |c: usize| self.first.as_ref().map_or(Ratio::ZERO, |t| Ratio::from(t[c]));
        let moved = |point: &&Point| {
            let by = (0..self.part.cells.len()).map(|c| (self.part.cells[c], point.at(c) - first(c)));
            Arc::new(by.filter(|t| !t.1.is_zero()).collect::<Vec<_>>())
        };
        let fractions = points.iter().map(moved).collect();
        self.demands[i].proof = Proof { fractions, ..Proof::by(Vec::new()) };
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
    fn end(&mut self, cell: usize, sign: i64, probe: &mut Probe, work: bool) -> End {
        let outer = if sign > 0 { self.part.domain[cell].lo } else { self.part.domain[cell].hi };
        let seen = |pool: &Self| if sign > 0 { pool.low(cell) } else { pool.high(cell) };
        let whole = |at: Option<i64>| at.map(Ratio::from);
        if (outer.is_some() && seen(self) == outer) || !work {
            let certain = outer.is_some() && seen(self) == outer;
            return End { at: whole(seen(self).or(outer)), certain, proof: Vec::new() };
        }
        if !probe.whole() {
            return fractions::end(cell, sign, probe, self).unwrap_or(End {
                at: whole(seen(self).or(outer)),
                certain: false,
                proof: Vec::new(),
            });
        }
        let extreme = probe.extreme(cell, sign);
        extreme.table.into_iter().for_each(|t| self.add(&t));
        let value = if extreme.stopped { seen(self).or(outer) } else { extreme.value };
        End { at: whole(value), certain: !extreme.stopped, proof: extreme.proof }
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
