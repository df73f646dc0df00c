//! The truth by enumeration: every non-negative whole-number table that fits what is published.
//!
//! Works on sets of combinations of leaves, made from the tables as they were asked for. It shares nothing with the
//! relations, the reduction or the solvers of the library.

use std::collections::{BTreeMap, BTreeSet};

use tabsafe::model::{Axis, CellId, Demand, Interval, System, Table, Treatment, Want};

use super::random::Case;

/// A set of combinations of leaves (at most 128).
pub type Joint = u128;

/// Which values some cells can have, given a release.
pub struct Truth {
    /// Per cell, its possible values. If it is unbounded, those found and everything above the smallest.
    pub values: BTreeMap<CellId, BTreeSet<i64>>,
    /// Cells with no upper bound.
    pub unbounded: BTreeSet<CellId>,
}

impl Truth {
    /// Whether a cell can have a value.
    pub fn possible(&self, cell: CellId, value: i64) -> bool {
        let values = &self.values[&cell];
        values.contains(&value) || self.unbounded.contains(&cell) && values.first().is_some_and(|&lo| lo <= value)
    }

    /// The smallest and the largest value.
    pub fn interval(&self, cell: CellId) -> Interval {
        let hi = if self.unbounded.contains(&cell) { None } else { self.values[&cell].last().copied() };
        Interval { lo: self.values[&cell].first().copied(), hi }
    }

    /// Whether all that is demanded of single cells, and at least two values, remain possible.
    pub fn hides(&self, demands: &[Demand]) -> bool {
        demands.iter().all(|d| {
            assert_eq!(d.form, [(d.cell, 1)], "a demand on one cell");
            let values = &self.values[&d.cell];
            let several = self.unbounded.contains(&d.cell) || values.len() > 1;
            several
                && match d.want {
                    Want::Within(Interval { hi: None, .. }) if self.unbounded.contains(&d.cell) => true,
                    Want::Within(bounds) => match bounds.value() {
                        Some(v) => self.possible(d.cell, v),
                        None => values.iter().any(|&v| bounds.contains(v)),
                    },
                    Want::Spread(width) => match (self.unbounded.contains(&d.cell), values.first(), values.last()) {
                        (true, ..) => true,
                        (false, Some(lo), Some(hi)) => hi - lo >= width,
                        _ => false,
                    },
                }
        })
    }
}

/// Enumerates what fits a release, and collects the values of `cells`; `None` if that takes more than `steps`.
pub fn truth(case: &Case, system: &System, treatments: &[Treatment], cells: &[CellId], steps: usize) -> Option<Truth> {
    let shown = shown_cells(case, system);
    let mut asked: BTreeMap<CellId, Joint> = cells.iter().map(|&c| (c, of_coords(case, system, c))).collect();
    for &(id, set) in &shown {
        asked.entry(id).and_modify(|s| *s = set);
    }
    asked.retain(|c, _| cells.contains(c));
    counts_of(case, system, treatments, asked, steps)
}

/// The same for any sets of combinations, by a number of their own.
pub fn counts_of(
    case: &Case,
    system: &System,
    treatments: &[Treatment],
    asked: BTreeMap<usize, Joint>,
    steps: usize,
) -> Option<Truth> {
    let shown = shown_cells(case, system);
    let mut published: Vec<(Joint, i64)> = Vec::new();
    let mut withheld: Vec<Joint> = Vec::new();
    for &(id, set) in &shown {
        assert_eq!(system.value(id), count(case, set), "the value of a cell is the number of its records");
        match treatments[id] {
            Treatment::Publish => published.push((set, system.value(id))),
            _ => withheld.push(set),
        }
    }
    let classes =
        classes(case, published.iter().map(|p| p.0).chain(withheld.iter().copied()).chain(asked.values().copied()));
    let mut search = Search::new(classes, &published, &withheld, asked, steps);
    search.assign(0);
    if search.steps == 0 {
        return None;
    }
    let unbounded = search.free_cells();
    let values = search.asked.iter().map(|a| a.0).zip(search.found).collect();
    Some(Truth { values, unbounded })
}

/// Every cell of every table that is printed, with its combinations of leaves.
fn shown_cells(case: &Case, system: &System) -> BTreeSet<(CellId, Joint)> {
    let mut all = BTreeSet::new();
    for (t, table) in case.tables.iter().enumerate() {
        for position in 0..table.len() {
            let at = table.entries_at(position);
            let set = of_table(case, table, &at);
            match system.grids[t][position] {
                Some(id) if table.is_shown(&at) => drop(all.insert((id, set))),
                Some(_) => {}
                None => assert_eq!(set, 0, "only an impossible combination has no cell"),
            }
        }
    }
    all
}

/// The combinations that pass a test.
fn where_(case: &Case, test: impl Fn(usize, u32) -> bool) -> Joint {
    let fits = |g: usize| (0..case.leaves.len()).all(|d| test(d, case.groups.leaf[d][g]));
    let size = case.leaves.iter().product::<u32>() as usize;
    (0..size).filter(|&g| fits(g)).fold(0, |set, g| set | 1 << g)
}

/// The combinations of leaves in the cell of a table.
pub fn of_table(case: &Case, table: &Table, at: &[usize]) -> Joint {
    let in_axis = |axis: &Axis, e: usize, d: usize, leaf: u32| axis.dim != d || axis.entries[e].leaves.contains(&leaf);
    where_(case, |d, leaf| {
        table.axes.iter().zip(at).all(|(axis, &e)| in_axis(axis, e, d, leaf))
            && table.scope.iter().all(|(dim, kept)| *dim != d || kept.contains(&leaf))
    })
}

/// The combinations of leaves in a cell.
pub fn of_coords(case: &Case, system: &System, cell: CellId) -> Joint {
    let coords = &system.cells[cell].coords;
    where_(case, |d, leaf| system.space.dims[d].node(coords[d]).leaves.contains(&leaf))
}

fn count(case: &Case, set: Joint) -> i64 {
    (0..case.groups.len()).filter(|g| set >> g & 1 == 1).map(|g| case.groups.records[g]).sum()
}

/// Combinations that no cell tells apart are counted together: one combination stands for each such class.
fn classes(case: &Case, cells: impl Iterator<Item = Joint>) -> Vec<usize> {
    let cells: Vec<Joint> = cells.collect();
    let mut seen = BTreeSet::new();
    let in_cells = |g: usize| -> Vec<bool> { cells.iter().map(|c| c >> g & 1 == 1).collect() };
    (0..case.groups.len()).filter(|&g| cells.iter().any(|c| c >> g & 1 == 1) && seen.insert(in_cells(g))).collect()
}

/// The state of the enumeration.
struct Search {
    /// Per class, the published and the withheld cells it is part of, and those asked for.
    in_published: Vec<Vec<usize>>,
    in_withheld: Vec<Vec<usize>>,
    in_asked: Vec<Vec<usize>>,
    /// Per published cell, what is left to be given out, and to how many classes.
    left: Vec<(i64, usize)>,
    /// Per withheld cell, what it has, and how many classes are still to come.
    has: Vec<(i64, usize)>,
    asked: Vec<(CellId, i64)>,
    found: Vec<BTreeSet<i64>>,
    steps: usize,
}

impl Search {
    fn new(
        mut classes: Vec<usize>,
        published: &[(Joint, i64)],
        withheld: &[Joint],
        asked: BTreeMap<CellId, Joint>,
        steps: usize,
    ) -> Search {
        let holds = |set: Joint, g: usize| set >> g & 1 == 1;
        // classes that stand in small published cells first: they leave least choice
        classes.sort_by_key(|&g| published.iter().filter(|p| holds(p.0, g)).map(|p| p.1).min().unwrap_or(i64::MAX));
        let members = |sets: &[Joint]| -> Vec<Vec<usize>> {
            classes.iter().map(|&g| (0..sets.len()).filter(|&s| holds(sets[s], g)).collect()).collect()
        };
        let size = |set: Joint| classes.iter().filter(|&&g| holds(set, g)).count();
        let published_sets: Vec<Joint> = published.iter().map(|p| p.0).collect();
        let asked_sets: Vec<Joint> = asked.values().copied().collect();
        Search {
            in_published: members(&published_sets),
            in_withheld: members(withheld),
            in_asked: members(&asked_sets),
            left: published.iter().map(|&(set, v)| (v, size(set))).collect(),
            has: withheld.iter().map(|&set| (0, size(set))).collect(),
            found: vec![BTreeSet::new(); asked.len()],
            asked: asked.into_keys().map(|c| (c, 0)).collect(),
            steps,
        }
    }

    /// Gives class `k` and all that follow every value that fits.
    fn assign(&mut self, k: usize) {
        if self.steps == 0 {
            return;
        }
        self.steps -= 1;
        if k == self.in_published.len() {
            if self.left.iter().all(|l| l.0 == 0) && self.has.iter().all(|h| h.0 >= 1) {
                self.asked.iter().zip(&mut self.found).for_each(|(a, found)| {
                    found.insert(a.1);
                });
            }
            return;
        }
        // what is in no published cell has no upper bound; 1 is enough to fill every withheld cell it is in
        let most = self.in_published[k].iter().map(|&p| self.left[p].0).min().unwrap_or(1);
        let forced = self.in_published[k].iter().filter(|&&p| self.left[p].1 == 1).map(|&p| self.left[p].0).max();
        for value in forced.unwrap_or(0)..=most {
            self.give(k, value, 1);
            let empty = |h: &(i64, usize)| h.1 == 0 && h.0 == 0;
            if !self.in_withheld[k].iter().any(|&w| empty(&self.has[w])) {
                self.assign(k + 1);
            }
            self.give(k, value, -1);
        }
    }

    fn give(&mut self, k: usize, value: i64, sign: i64) {
        let step = |n: usize| if sign > 0 { n - 1 } else { n + 1 };
        for &p in &self.in_published[k] {
            self.left[p] = (self.left[p].0 - sign * value, step(self.left[p].1));
        }
        for &w in &self.in_withheld[k] {
            self.has[w] = (self.has[w].0 + sign * value, step(self.has[w].1));
        }
        self.in_asked[k].iter().for_each(|&a| self.asked[a].1 += sign * value);
    }

    /// Cells with a part that no published cell bounds.
    fn free_cells(&self) -> BTreeSet<CellId> {
        let free = (0..self.in_published.len()).filter(|&k| self.in_published[k].is_empty());
        free.flat_map(|k| self.in_asked[k].iter().map(|&a| self.asked[a].0)).collect()
    }
}
