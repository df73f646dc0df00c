//! Unions of cells that nobody prints whose number follows all the same, by whatever combination of printed figures.
//!
//! When everything is printed, a union follows exactly if in every solution of the relations without constants its cells add
//! up to 0. One solution drawn by chance from a large field tells for all unions at once (`witness::rank`): what is looked
//! for are sets of finest cells with a small true number whose entries add up to 0. Sets of up to [`DEEP`] cells with
//! records are tried where there are few such cells, of two where there are many, each with up to four empty cells, or two
//! among many: of the finest cells of the grids, and of the inner cells of each table.

use std::collections::{BTreeSet, HashMap};

use crate::link::groups::Group;
use crate::model::{Axis, Block, CellId, Entry, Exposure, Measure, System};
use crate::witness::rank;

/// Cells with records in the largest union.
const DEEP: usize = 4;
/// Hidden cells with few records up to which unions of so many are tried; among more, pairs.
const FEW: usize = 48;
/// Hidden cells of one grid beyond which no unions are tried at all.
const MOST: usize = 4_000;
/// Empty cells that are combined with others.
const MOST_EMPTY: usize = 1_000;
/// Unions that are followed up.
const MOST_FOUND: usize = 1_000;

/// Unions of hidden finest cells of counts, of `band.0` to `band.1` records, that follow from what is printed.
pub(super) fn known_unions(system: &System, band: (i64, i64)) -> Vec<Group> {
    let mut known: Vec<bool> = system.cells.iter().map(|c| c.exposure == Exposure::Shown).collect();
    let Some(solution) = solution(system, &mut known) else { return Vec::new() };
    unions_of(system, &solution, |c| !known[c], band)
}

/// A solution drawn by chance of what the relations leave open where some cells are known; the parts of what is known to be 0
/// are added to these. None where there is nothing open, or it would take too long.
pub(super) fn solution(system: &System, known: &mut [bool]) -> Option<Vec<u64>> {
    add_zeros(system, known);
    let rows: Vec<Vec<(CellId, i64)>> = (system.relations.iter())
        .map(|r| r.terms.iter().copied().filter(|t| !known[t.0]).collect::<Vec<_>>())
        .filter(|row| !row.is_empty())
        .collect();
    if rows.is_empty() {
        return None;
    }
    let mut solution = rank::some_solution(&rows, system.cells.len())?;
    solution.iter_mut().zip(known).filter(|s| *s.1).for_each(|(s, _)| *s = 0);
    Some(solution)
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

/// The same where `solution` is one of what is published, and `hidden` says which cells are not.
pub(super) fn unions_of(
    system: &System,
    solution: &[u64],
    hidden: impl Fn(CellId) -> bool,
    band: (i64, i64),
) -> Vec<Group> {
    let of_grids = system.blocks.iter().map(|b| finest(system, b, &hidden));
    let of_tables = (0..system.tables.len()).map(|t| inner(system, t, &hidden));
    let candidates: BTreeSet<Vec<CellId>> =
        of_grids.chain(of_tables).filter(|c| (2..=4 * MOST).contains(&c.len())).collect();
    let mut found = BTreeSet::new();
    for cells in candidates {
        let open: Vec<CellId> = cells.into_iter().filter(|&c| solution[c] != 0).collect();
        if open.len() <= MOST {
            found.extend(Search::new(system, solution, band, &open).run());
        }
    }
    found.into_iter().take(MOST_FOUND).map(Group::from).collect()
}

/// The hidden cells of a block of counts that have no parts, and can hold what is small.
fn finest(system: &System, block: &Block, hidden: &impl Fn(CellId) -> bool) -> Vec<CellId> {
    let strides = block.strides();
    let inner: Vec<BTreeSet<usize>> = block.dims.iter().map(|d| d.families.iter().map(|f| f.total).collect()).collect();
    let is_finest = |p: usize| (0..strides.len()).all(|d| !inner[d].contains(&(p / strides[d] % block.dims[d].nodes)));
    let counts = |c: CellId| system.measures[system.cells[c].measure] == Measure::Records;
    let mut cells: Vec<CellId> = (block.cells.iter().enumerate())
        .filter(|&(p, &c)| hidden(c) && counts(c) && is_finest(p))
        .map(|(_, &c)| c)
        .collect();
    cells.sort_unstable();
    cells.dedup();
    cells
}

/// The hidden cells of a table of counts that stand in no total of it and are none.
fn inner(system: &System, table: usize, hidden: &impl Fn(CellId) -> bool) -> Vec<CellId> {
    let own = &system.tables[table];
    if system.measures[own.measure] != Measure::Records {
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
