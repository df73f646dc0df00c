//! Unions that take the variables of several tables to name, whose number follows from what is printed: women in the North, from
//! tables by sex, by area, and by what both have in common.
//!
//! No grid of the system holds such groups, because nothing that single tables say is lost without them. So they are looked for
//! among the finest classes of all variables together (atoms), where these are few: a set of atoms is known exactly if known
//! figures add up to it (`witness::sums`). What is known to be empty is left out.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::link::Details;
use crate::link::groups::Members;
use crate::model::{Cell, CellId, Dimension, Groups, Measure, System};
use crate::witness::sums::{Basis, Factors, Limits, known_sets};

use super::unions::Wanted;

/// The most atoms that are looked at together.
const ATOMS: usize = 1_024;
/// The most figures that are combined.
const FIGURES: usize = 300;
/// Choices that are tried among those that depend on each other.
const STEPS: usize = 1 << 14;
/// Unions that are followed up.
const MOST_FOUND: usize = 1_000;

/// A group as figures that give it so many times.
#[derive(Clone, Debug)]
pub(super) struct Combination {
    /// How many times the group these give.
    pub times: i64,
    /// Cells and their factors.
    pub terms: Vec<(CellId, i64)>,
    /// The group as a cell.
    pub cell: Cell,
}

/// Whether unions of several tables are few enough to be looked for.
pub(super) fn possible(system: &System) -> bool {
    system.tables.len() > 1 && {
        let printed = |c: &CellId| !system.cells[*c].places.is_empty();
        let cells: Vec<CellId> = (0..system.cells.len()).filter(printed).collect();
        cells.len() <= FIGURES && Atoms::new(system, &cells).is_some()
    }
}

/// Every group that known cells of one measure give, of which `is_unsafe` says so.
pub(super) fn combinations(
    system: &System,
    groups: &Groups,
    details: Details,
    (known, wanted): (&[bool], &Wanted),
    is_unsafe: &mut dyn FnMut(&Cell) -> bool,
) -> Vec<Combination> {
    let mut found = Vec::new();
    for (measure, counted) in system.measures.iter().enumerate().filter(|m| wanted.measures[m.0]) {
        if *counted == Measure::Persons {
            continue;
        }
        let own = |c: &CellId| system.cells[*c].measure == measure && !system.cells[*c].coords.is_empty();
        let printed = |c: &CellId| known[*c] && !system.cells[*c].places.is_empty();
        let zeros: Vec<CellId> =
            (0..system.cells.len()).filter(own).filter(|&c| known[c] && system.value(c) == 0).collect();
        let figures: Vec<CellId> =
            (0..system.cells.len()).filter(own).filter(printed).filter(|&c| system.value(c) != 0).collect();
        let all: Vec<CellId> = figures.iter().chain(&zeros).copied().collect();
        if figures.is_empty() || figures.len() > FIGURES {
            continue;
        }
        let Some(atoms) = Atoms::new(system, &all) else { continue };
        let search = Search { system, groups, details, wanted, measure, atoms, figures, zeros };
        found.extend(search.run(is_unsafe));
    }
    found
}

/// The finest classes of the variables of some cells.
struct Atoms {
    /// Per dimension, the class of each leaf, and how many there are.
    classes: Vec<(Vec<usize>, usize)>,
}

impl Atoms {
    /// None where they are too many.
    fn new(system: &System, cells: &[CellId]) -> Option<Atoms> {
        let mut size = 1usize;
        let mut classes = Vec::new();
        for (d, dim) in system.space.dims.iter().enumerate() {
            let used: BTreeSet<u32> = cells.iter().filter_map(|&c| system.cells[c].coords.get(d).copied()).collect();
            let mut of_leaf = vec![0; dim.leaves as usize];
            let mut count = 1;
            for &node in used.iter().filter(|n| **n != Dimension::ROOT) {
                // what a node holds of a class becomes a class of its own
                let mut inside: HashMap<usize, usize> = HashMap::new();
                let mut sizes = vec![0usize; count];
                of_leaf.iter().for_each(|&c: &usize| sizes[c] += 1);
                let leaves = &dim.node(node).leaves;
                leaves.iter().for_each(|&l| *inside.entry(of_leaf[l as usize]).or_default() += 1);
                let mut new: HashMap<usize, usize> = HashMap::new();
                for &l in leaves {
                    let own = of_leaf[l as usize];
                    if inside[&own] < sizes[own] {
                        of_leaf[l as usize] = *new.entry(own).or_insert_with(|| {
                            count += 1;
                            count - 1
                        });
                    }
                }
            }
            size = size.checked_mul(count).filter(|s| *s <= ATOMS)?;
            classes.push((of_leaf, count));
        }
        Some(Atoms { classes })
    }

    fn len(&self) -> usize {
        self.classes.iter().map(|c| c.1).product()
    }

    /// The atoms of a cell.
    fn of_cell(&self, system: &System, cell: CellId) -> Vec<usize> {
        let mut atoms = vec![0];
        for (d, (of_leaf, count)) in self.classes.iter().enumerate() {
            let node = system.cells[cell].coords.get(d).copied().unwrap_or(Dimension::ROOT);
            let leaves = &system.space.dims[d].node(node).leaves;
            let own: BTreeSet<usize> = leaves.iter().map(|&l| of_leaf[l as usize]).collect();
            atoms = atoms.iter().flat_map(|a| own.iter().map(move |c| a * count + c)).collect();
        }
        atoms
    }

    /// The atom of a group of records.
    fn of_row(&self, groups: &Groups, row: usize) -> Option<usize> {
        self.classes.iter().enumerate().try_fold(0, |at, (d, (of_leaf, count))| {
            let leaf = *groups.leaf.get(d)?.get(row)?;
            Some(at * count + of_leaf.get(leaf as usize)?)
        })
    }
}

/// The search for groups of one measure.
struct Search<'a> {
    system: &'a System,
    groups: &'a Groups,
    details: Details,
    wanted: &'a Wanted,
    measure: usize,
    atoms: Atoms,
    /// Known cells that are not 0, and those that are.
    figures: Vec<CellId>,
    zeros: Vec<CellId>,
}

impl Search<'_> {
    fn run(&self, is_unsafe: &mut dyn FnMut(&Cell) -> bool) -> Vec<Combination> {
        let mut empty = vec![false; self.atoms.len()];
        for &zero in &self.zeros {
            self.atoms.of_cell(self.system, zero).into_iter().for_each(|a| empty[a] = true);
        }
        let mut rows: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
        for row in 0..self.groups.len() {
            if let Some(atom) = self.atoms.of_row(self.groups, row).filter(|a| !empty[*a]) {
                rows.entry(atom).or_default().push(row as u32);
            }
        }
        let none = Vec::new();
        let of = |atom: &usize| rows.get(atom).unwrap_or(&none);
        // the fullest first: what is free is then what adds most
        let mut atoms: Vec<(i64, i64, usize)> =
            (0..empty.len()).filter(|a| !empty[*a]).map(|a| (-self.weight(of(&a)), -self.number(of(&a)), a)).collect();
        atoms.sort_unstable();
        let place: HashMap<usize, usize> = atoms.iter().enumerate().map(|(at, a)| (a.2, at)).collect();
        let known: Vec<Vec<u64>> = (self.figures.iter())
            .map(|&c| {
                let mut row = vec![0; atoms.len()];
                let own = self.atoms.of_cell(self.system, c);
                own.iter().filter_map(|a| place.get(a)).for_each(|&at| row[at] = 1);
                row
            })
            .collect();
        let weights: Vec<i64> = atoms.iter().map(|a| -a.0).collect();
        let limits = Limits { weights: &weights, most: self.wanted.most(), steps: STEPS };
        let (sets, _) = known_sets(&Basis::of_known(&known, atoms.len()), limits);
        let mut members = Members::new(self.system, self.groups);
        // what a table prints has been judged as a cell, and may be excused as one
        let places = |row: &Vec<u64>| -> Vec<usize> { (0..row.len()).filter(|&at| row[at] != 0).collect() };
        let printed: HashSet<Vec<usize>> = known.iter().map(places).collect();
        let factors = Factors::of_known(&known, atoms.len());
        let mut found = Vec::new();
        for set in sets.iter().take(MOST_FOUND).filter(|set| !printed.contains(*set)) {
            let own: BTreeSet<u32> = set.iter().flat_map(|&at| of(&atoms[at].2)).copied().collect();
            let number = self.number(&own.iter().copied().collect::<Vec<u32>>());
            let Some(cell) = members.cell_of(self.measure, &own, number, self.details) else { continue };
            if !is_unsafe(&cell) {
                continue;
            }
            let Some((times, factors)) = factors.of_set(set) else { continue };
            let terms: Vec<(CellId, i64)> = factors.into_iter().map(|(f, k)| (self.figures[f], k)).collect();
            found.push(Combination { times, terms, cell });
        }
        found
    }

    /// The number of some groups of records.
    fn number(&self, rows: &[u32]) -> i64 {
        let amounts = match &self.system.measures[self.measure] {
            Measure::Sum { index, .. } => &self.groups.sums[*index],
            Measure::Records | Measure::Persons => &self.groups.records,
        };
        rows.iter().map(|&r| amounts[r as usize]).fold(0, i64::saturating_add)
    }

    /// What an atom adds to a set, of which more than the largest count that is hidden is safe.
    fn weight(&self, rows: &[u32]) -> i64 {
        if matches!(self.system.measures[self.measure], Measure::Sum { .. }) {
            return 0;
        }
        let ids = self.groups.person.as_deref().filter(|_| self.wanted.by_persons);
        let few = |ids: &[u32]| {
            let own: BTreeSet<u32> = rows.iter().map(|&r| ids[r as usize]).collect();
            own.len() as i64 <= self.wanted.most()
        };
        if ids.is_some_and(few) { 0 } else { self.number(rows) }
    }
}
