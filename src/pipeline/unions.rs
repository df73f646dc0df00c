//! Unions of cells that nobody prints whose number follows all the same, by whatever combination of printed figures.
//!
//! When everything is printed, a union follows exactly if in every solution of the relations without constants its cells add
//! up to 0. One solution drawn by chance from a large field tells for all unions at once (`witness::rank`): what is looked
//! for are sets of finest cells with a small true number whose entries add up to 0. Sets of up to [`DEEP`] cells with
//! records are tried where there are few such cells, of two where there are many, each with up to two empty cells.

use std::collections::{BTreeSet, HashMap};

use crate::link::groups::Group;
use crate::model::{Block, CellId, Exposure, Measure, System};
use crate::witness::rank;

/// Cells with records in the largest union.
const DEEP: usize = 4;
/// Hidden cells with few records up to which unions of so many are tried; among more, pairs.
const FEW: usize = 48;
/// Hidden cells of one grid beyond which no unions are tried at all.
const MOST: usize = 4_000;
/// Unions that are followed up.
const MOST_FOUND: usize = 1_000;

/// Unions of hidden finest cells of counts, of `band.0` to `band.1` records, that follow from what is printed.
pub(super) fn known_unions(system: &System, band: (i64, i64)) -> Vec<Group> {
    let hidden = |c: CellId| system.cells[c].exposure != Exposure::Shown;
    let rows: Vec<Vec<(CellId, i64)>> = (system.relations.iter())
        .map(|r| r.terms.iter().copied().filter(|t| hidden(t.0)).collect::<Vec<_>>())
        .filter(|row| !row.is_empty())
        .collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let Some(solution) = rank::some_solution(&rows, system.cells.len()) else { return Vec::new() };
    unions_of(system, &solution, hidden, band)
}

/// The same where `solution` is one of what is published, and `hidden` says which cells are not.
pub(super) fn unions_of(
    system: &System,
    solution: &[u64],
    hidden: impl Fn(CellId) -> bool,
    band: (i64, i64),
) -> Vec<Group> {
    let candidates: Vec<Vec<CellId>> = system
        .blocks
        .iter()
        .map(|b| finest(system, b, &hidden))
        .filter(|c| (2..=4 * MOST).contains(&c.len()))
        .collect();
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

/// The search among the cells of one grid.
struct Search<'a> {
    solution: &'a [u64],
    band: (i64, i64),
    /// Cells with few records, and how many.
    small: Vec<(CellId, i64)>,
    /// Sums of entries of up to two empty cells, and which these are.
    empty: HashMap<u64, Vec<CellId>>,
    found: Vec<Vec<CellId>>,
}

impl<'a> Search<'a> {
    fn new(system: &System, solution: &'a [u64], band: (i64, i64), open: &[CellId]) -> Self {
        let small = open.iter().map(|&c| (c, system.value(c))).filter(|s| s.1 > 0 && s.1 <= band.1).collect();
        let zeros: Vec<CellId> = open.iter().copied().filter(|&c| system.value(c) == 0).collect();
        let mut empty = HashMap::from([(0, Vec::new())]);
        for (i, &a) in zeros.iter().enumerate() {
            empty.entry(solution[a]).or_insert_with(|| vec![a]);
            for &b in zeros.iter().take(i).take(MOST / 4) {
                empty.entry(rank::sum(solution[a], solution[b])).or_insert_with(|| vec![b, a]);
            }
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
