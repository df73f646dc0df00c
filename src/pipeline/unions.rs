//! Unions of cells that nobody prints whose number follows all the same, by whatever combination of printed figures.
//!
//! A union follows exactly if in every solution of the relations without constants its cells add up to 0, where known cells
//! are 0. Among few cells all such sets are found (`witness::sums`); among many those with up to [`DEEP`] cells with records
//! where there are few such cells, of two where there are many, each with up to four empty cells, or two among many. They are
//! looked for among the finest cells of each grid, the inner cells of each table, and the kinds of persons.

use std::collections::{BTreeSet, HashMap};

use crate::link::groups::Group;
use crate::link::person_kinds;
use crate::model::{Axis, Block, CellId, Entry, Measure, System};
use crate::witness::rank::{self, Solutions};
use crate::witness::sums::{Basis, Limits, known_sets};

/// Cells among which all unions are found, as long as the [`STEPS`] suffice for each part of them.
const ALL: usize = 160;
/// Kinds of persons among which all unions are found.
const ALL_KINDS: usize = 1_023;
/// Choices that are tried among those that depend on each other.
const STEPS: usize = 1 << 15;
/// Entries of solutions that are drawn for this.
const MOST_DRAWN: usize = 1 << 24;
/// Cells with records in the largest union among many.
const DEEP: usize = 4;
/// Hidden cells with few records up to which unions of so many are tried; among more, pairs.
const FEW: usize = 48;
/// Hidden cells of one grid beyond which no unions are tried at all.
const MOST: usize = 4_000;
/// Empty cells that are combined with others.
const MOST_EMPTY: usize = 1_000;
/// Unions that are followed up.
const MOST_FOUND: usize = 1_000;

/// Which unions could be unsafe.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// Per measure, whether its unions are looked at.
    pub measures: Vec<bool>,
    /// The counts that the rules hide, if they hide any.
    pub band: Option<(i64, i64)>,
    /// Whether few persons may be behind large counts.
    pub by_persons: bool,
}

impl Wanted {
    /// What a cell adds to a union, of which more than the largest count that is hidden is safe. Of sums nothing can be said
    /// beforehand.
    fn weight(&self, system: &System, cell: CellId) -> i64 {
        let (own, most) = (&system.cells[cell], self.most());
        match system.measures[own.measure] {
            Measure::Sum { .. } => 0,
            Measure::Records if self.by_persons && own.persons.is_none_or(|p| p <= most) => 0,
            Measure::Records | Measure::Persons => own.value,
        }
    }

    pub fn most(&self) -> i64 {
        self.band.map_or(0, |b| b.1)
    }
}

/// What is not known of a system, and what is known of it all the same.
pub(super) struct Leeway {
    /// Per cell, whether its number is known.
    pub known: Vec<bool>,
    first: Vec<u64>,
    more: Option<Solutions>,
}

impl Leeway {
    /// What follows where these cells are known.
    pub fn new(system: &System, mut known: Vec<bool>) -> Leeway {
        add_zeros(system, &mut known);
        let rows: Vec<Vec<(CellId, i64)>> = (system.relations.iter())
            .map(|r| r.terms.iter().copied().filter(|t| !known[t.0]).collect::<Vec<_>>())
            .filter(|row| !row.is_empty())
            .collect();
        let mut more = if rows.is_empty() { None } else { Solutions::of(&rows, system.cells.len()) };
        let first = more.as_mut().map(Solutions::draw).unwrap_or_default();
        known.iter_mut().zip(&first).for_each(|(k, s)| *k |= *s == 0);
        Leeway { known, first, more }
    }

    /// Unions of cells whose numbers are not known, which are known themselves.
    pub fn unions(&mut self, system: &System, wanted: &Wanted) -> Vec<Group> {
        if self.more.is_none() {
            return Vec::new();
        }
        let hidden = |c: CellId| !self.known[c];
        let of_grids = system.blocks.iter().map(|b| finest(system, b, wanted, &hidden));
        let of_tables = (0..system.tables.len()).map(|t| inner(system, t, wanted, &hidden));
        let kinds = wanted.band.map(|_| person_kinds(system).into_iter().filter(|&c| hidden(c)).collect());
        let sets: BTreeSet<Vec<CellId>> = of_grids
            .chain(of_tables)
            .chain(kinds)
            .filter(|c: &Vec<CellId>| (2..=4 * MOST).contains(&c.len()))
            .collect();
        let most = |cells: &Vec<CellId>| if system.cells[cells[0]].coords.is_empty() { ALL_KINDS } else { ALL };
        let room = (MOST_DRAWN / system.cells.len().max(1)).saturating_sub(3);
        let (few, many): (Vec<_>, Vec<_>) = sets.into_iter().partition(|c| c.len() <= most(c).min(room));
        let (mut found, open) = self.among_few(system, wanted, few);
        for cells in many.into_iter().chain(open).filter(|c| c.len() <= MOST && counts(system, c[0])) {
            let Some(band) = wanted.band else { continue };
            found.extend(Search::new(system, &self.first, band, &cells).run());
        }
        found.into_iter().take(MOST_FOUND).map(Group::from).collect()
    }

    /// Every union among few cells; and the cells among which not all were found.
    fn among_few(
        &mut self,
        system: &System,
        wanted: &Wanted,
        few: Vec<Vec<CellId>>,
    ) -> (BTreeSet<Vec<CellId>>, Vec<Vec<CellId>>) {
        let (mut found, mut open) = (BTreeSet::new(), Vec::new());
        let (Some(most), Some(more)) = (few.iter().map(Vec::len).max(), &mut self.more) else { return (found, open) };
        let all: BTreeSet<CellId> = few.iter().flatten().copied().collect();
        let place: HashMap<CellId, usize> = all.iter().copied().zip(0..).collect();
        let drawn: Vec<Vec<u64>> = (0..most + 3)
            .map(|_| {
                let solution = more.draw();
                all.iter().map(|&c| solution[c]).collect()
            })
            .collect();
        for mut cells in few {
            // the emptiest first: what is free is then what adds most, and few choices are left
            cells.sort_by_key(|&c| (wanted.weight(system, c), system.value(c), c));
            let weights: Vec<i64> = cells.iter().map(|&c| wanted.weight(system, c)).collect();
            let row = |s: &Vec<u64>| cells.iter().map(|c| s[place[c]]).collect::<Vec<u64>>();
            let solutions: Vec<Vec<u64>> = drawn.iter().take(cells.len() + 3).map(row).collect();
            let Some(basis) = Basis::of_solutions(&solutions, cells.len()) else { continue };
            let (sets, complete) = known_sets(&basis, Limits { weights: &weights, most: wanted.most(), steps: STEPS });
            for set in sets.iter().filter(|s| s.len() > 1) {
                let mut union: Vec<CellId> = set.iter().map(|&at| cells[at]).collect();
                union.sort_unstable();
                if union.iter().any(|&c| system.value(c) != 0) {
                    found.insert(union);
                }
            }
            if !complete {
                open.push(cells);
            }
        }
        (found, open)
    }
}

/// Whether a cell counts records.
fn counts(system: &System, cell: CellId) -> bool {
    system.measures[system.cells[cell].measure] == Measure::Records
}

/// Nothing is below 0, so that the parts of 0 are 0.
fn add_zeros(system: &System, known: &mut [bool]) {
    let mut of: HashMap<CellId, Vec<usize>> = HashMap::new();
    for (r, relation) in system.relations.iter().enumerate() {
        relation.terms.iter().for_each(|t| of.entry(t.0).or_default().push(r));
    }
    let mut open: Vec<usize> = (0..system.relations.len()).collect();
    while let Some(r) = open.pop() {
        let relation = &system.relations[r];
        let unknown: Vec<(CellId, i64)> = relation.terms.iter().copied().filter(|t| !known[t.0]).collect();
        let alike = unknown.windows(2).all(|w| (w[0].1 > 0) == (w[1].1 > 0));
        if alike && unknown.len() > 1 && unknown.iter().all(|t| system.value(t.0) == 0) {
            for (cell, _) in unknown {
                known[cell] = true;
                open.extend(of.get(&cell).into_iter().flatten());
            }
        }
    }
}

/// The hidden cells of a block that have no parts.
fn finest(system: &System, block: &Block, wanted: &Wanted, hidden: &impl Fn(CellId) -> bool) -> Vec<CellId> {
    let strides = block.strides();
    let inner: Vec<BTreeSet<usize>> = block.dims.iter().map(|d| d.families.iter().map(|f| f.total).collect()).collect();
    let is_finest = |p: usize| (0..strides.len()).all(|d| !inner[d].contains(&(p / strides[d] % block.dims[d].nodes)));
    let asked = |c: CellId| wanted.measures[system.cells[c].measure] && !persons(system, system.cells[c].measure);
    let mut cells: Vec<CellId> = (block.cells.iter().enumerate())
        .filter(|&(p, &c)| hidden(c) && asked(c) && is_finest(p))
        .map(|(_, &c)| c)
        .collect();
    cells.sort_unstable();
    cells.dedup();
    cells
}

/// Whether a measure counts persons: they may be in several cells, whose numbers do not add up to that of a group.
fn persons(system: &System, measure: usize) -> bool {
    system.measures[measure] == Measure::Persons
}

/// The hidden cells of a table that stand in no total of it and are none.
fn inner(system: &System, table: usize, wanted: &Wanted, hidden: &impl Fn(CellId) -> bool) -> Vec<CellId> {
    let own = &system.tables[table];
    if !wanted.measures[own.measure] || persons(system, own.measure) {
        return Vec::new();
    }
    let smallest = |axis: &Axis| -> Vec<bool> {
        let within = |e: &Entry, f: &Entry| {
            f.leaves.len() < e.leaves.len() && f.leaves.iter().all(|l| e.leaves.binary_search(l).is_ok())
        };
        axis.entries
            .iter()
            .map(|e| e.level > 0 && !axis.entries.iter().any(|f| !f.leaves.is_empty() && within(e, f)))
            .collect()
    };
    let smallest: Vec<Vec<bool>> = own.axes.iter().map(smallest).collect();
    let mut cells: Vec<CellId> = (system.grids[table].iter().enumerate())
        .filter(|(position, _)| own.entries_at(*position).iter().zip(&smallest).all(|(&e, s)| s[e]))
        .filter_map(|(_, cell)| cell.filter(|&c| hidden(c)))
        .collect();
    cells.sort_unstable();
    cells.dedup();
    cells
}

/// The search among the cells of one grid.
struct Search<'a> {
    solution: &'a [u64],
    band: (i64, i64),
    /// Cells with few records, and how many.
    small: Vec<(CellId, i64)>,
    /// Sums of entries of a few empty cells, and which these are.
    empty: HashMap<u64, Vec<CellId>>,
    found: Vec<Vec<CellId>>,
}

impl<'a> Search<'a> {
    fn new(system: &System, solution: &'a [u64], band: (i64, i64), open: &[CellId]) -> Self {
        let small = open.iter().map(|&c| (c, system.value(c))).filter(|s| s.1 > 0 && s.1 <= band.1).collect();
        let zeros: Vec<CellId> = open.iter().copied().filter(|&c| system.value(c) == 0).collect();
        let most = match zeros.len() {
            0..=32 => 4,
            33..=100 => 3,
            _ => 2,
        };
        let mut empty = HashMap::from([(0, Vec::new())]);
        let mut last: Vec<(u64, Vec<CellId>, usize)> = vec![(0, Vec::new(), 0)];
        for _ in 0..most {
            let mut next = Vec::new();
            for (sum, chosen, from) in last {
                for (at, &zero) in zeros.iter().enumerate().take(MOST_EMPTY).skip(from) {
                    let longer: Vec<CellId> = chosen.iter().copied().chain([zero]).collect();
                    next.push((rank::sum(sum, solution[zero]), longer, at + 1));
                }
            }
            next.iter().for_each(|(sum, chosen, _)| _ = empty.entry(*sum).or_insert_with(|| chosen.clone()));
            last = next;
        }
        Search { solution, band, small, empty, found: Vec::new() }
    }

    fn run(mut self) -> Vec<Vec<CellId>> {
        let deep = if self.small.len() <= FEW { DEEP } else { 2 };
        let mut chosen = Vec::new();
        self.extend(0, deep, 0, 0, &mut chosen);
        self.found
    }

    /// Tries every set that begins with the chosen ones, which add up to `sum` and hold `records`.
    fn extend(&mut self, from: usize, deep: usize, sum: u64, records: i64, chosen: &mut Vec<CellId>) {
        for at in from..self.small.len() {
            let (cell, own) = self.small[at];
            if records + own > self.band.1 || self.found.len() > MOST_FOUND {
                continue;
            }
            let sum = rank::sum(sum, self.solution[cell]);
            chosen.push(cell);
            if let Some(empty) = self.empty.get(&rank::negative(sum)) {
                let mut union: Vec<CellId> = chosen.iter().chain(empty).copied().collect();
                union.sort_unstable();
                if union.len() > 1 && records + own >= self.band.0 {
                    self.found.push(union);
                }
            }
            if chosen.len() < deep {
                self.extend(at + 1, deep, sum, records + own, chosen);
            }
            chosen.pop();
        }
    }
}
