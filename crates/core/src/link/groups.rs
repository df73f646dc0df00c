//! Groups of records that are no cell of a grid: differences of printed groups, and unions of cells.
//!
//! [`differences`] finds pairs of printed groups of which one lies in the other, where printed groups do not make up the
//! rest: its number follows, and nobody has judged it. [`Members`] knows which records are in a group, so that a rule can
//! be asked about it as about any cell. [`add`] makes it a cell of the system.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::{Block, Cell, CellId, Contributions, Exposure, Groups, Measure, Relation, System};

use super::Details;

/// A group within another one: what is asked about is the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// The larger group.
    pub whole: CellId,
    /// The group in it.
    pub part: CellId,
}

/// A group as cells that are added and one that is taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Disjoint cells.
    pub cells: Vec<CellId>,
    /// A cell that lies in the first of them.
    pub without: Option<CellId>,
}

impl From<Difference> for Group {
    fn from(d: Difference) -> Self {
        Group { cells: vec![d.whole], without: Some(d.part) }
    }
}

impl From<Vec<CellId>> for Group {
    fn from(cells: Vec<CellId>) -> Self {
        Group { cells, without: None }
    }
}

/// By whose cells the rest of a difference is made up where it is no group of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MadeUpBy {
    /// Any printed cells.
    Any,
    /// Of counts those of one table: what takes several tables to put together is a group of its own.
    OneTable,
}

/// Differences of printed groups whose rest is neither a cell of its grid nor made up by printed cells; only those of which
/// `wanted` says so of the measure and the amount of the rest, and only in grids of at most `largest` cells.
pub fn differences(
    system: &System,
    printed: impl Fn(CellId) -> bool,
    largest: usize,
    by: MadeUpBy,
    wanted: impl Fn(&Measure, i64) -> bool,
) -> Vec<Difference> {
    let mut found = BTreeSet::new();
    for block in system.blocks.iter().filter(|block| block.cells.len() <= largest) {
        let shown: Vec<bool> = block.cells.iter().map(|&c| printed(c)).collect();
        let (strides, tables) = (block.strides(), tables_of(system, block, &shown, by));
        let alone = tables.len() < 2;
        if (alone && shown.iter().all(|s| *s)) || block.dims.iter().any(|d| d.ids.1.is_empty()) {
            continue;
        }
        let seen = Seen { shown: &shown, tables, strides, shapes: shapes(system, block) };
        for part in (0..block.cells.len()).filter(|&p| shown[p]) {
            for whole in seen.above(part) {
                let (a, b) = (block.cells[whole], block.cells[part]);
                let rest = system.value(a).saturating_sub(system.value(b));
                if wanted(&system.measures[system.cells[a].measure], rest) && !seen.is_told(whole, part) {
                    found.insert(Difference { whole: a, part: b });
                }
            }
        }
    }
    found.into_iter().collect()
}

/// Printed cells that belong together: all of a block, or those of each table.
fn tables_of(system: &System, block: &Block, shown: &[bool], by: MadeUpBy) -> Vec<Vec<bool>> {
    let sums =
        block.cells.first().is_some_and(|&c| matches!(system.measures[system.cells[c].measure], Measure::Sum { .. }));
    if by == MadeUpBy::Any || sums {
        return vec![shown.to_vec()];
    }
    let mut of: BTreeMap<usize, Vec<bool>> = BTreeMap::new();
    for (position, &cell) in block.cells.iter().enumerate().filter(|(p, _)| shown[*p]) {
        for place in system.cells[cell].places.iter().filter(|p| p.shown) {
            of.entry(place.table).or_insert_with(|| vec![false; shown.len()])[position] = true;
        }
    }
    of.into_values().collect()
}

/// How the nodes of a block's dimension lie in one another.
struct Shape {
    /// Per node, the larger ones that hold it.
    above: Vec<Vec<usize>>,
    /// Per node, its leaves.
    leaves: Vec<Vec<u32>>,
}

fn shapes(system: &System, block: &Block) -> Vec<Shape> {
    let shape = |(dim, ids): &(usize, Vec<u32>)| {
        let leaves: Vec<Vec<u32>> = ids.iter().map(|&id| system.space.dims[*dim].node(id).leaves.clone()).collect();
        let holds = |a: &[u32], b: &[u32]| a.len() > b.len() && b.iter().all(|l| a.binary_search(l).is_ok());
        let above = |b: &Vec<u32>| (0..leaves.len()).filter(|&a| holds(&leaves[a], b)).collect();
        Shape { above: leaves.iter().map(above).collect(), leaves: leaves.clone() }
    };
    block.dims.iter().map(|d| shape(&d.ids)).collect()
}

/// What is printed of a block.
struct Seen<'a> {
    shown: &'a [bool],
    /// The printed cells that belong together.
    tables: Vec<Vec<bool>>,
    strides: Vec<usize>,
    shapes: Vec<Shape>,
}

impl Seen<'_> {
    fn node(&self, position: usize, d: usize) -> usize {
        position / self.strides[d] % self.shapes[d].leaves.len()
    }

    /// The same position with another node in one dimension.
    fn with(&self, position: usize, d: usize, node: usize) -> usize {
        position - self.node(position, d) * self.strides[d] + node * self.strides[d]
    }

    /// The printed cells that hold a cell.
    fn above(&self, part: usize) -> Vec<usize> {
        let mut positions = vec![part];
        for d in 0..self.shapes.len() {
            let larger = &self.shapes[d].above[self.node(part, d)];
            let more: Vec<usize> = positions
                .iter()
                .flat_map(|&p| larger.iter().map(move |&n| (p, n)))
                .map(|(p, n)| self.with(p, d, n))
                .collect();
            positions.extend(more);
        }
        positions.into_iter().filter(|&p| p != part && self.shown[p]).collect()
    }

    /// Whether the rest of `whole` without `part` is a cell of the grid, or made up by printed ones that belong together.
    fn is_told(&self, whole: usize, part: usize) -> bool {
        let differ = self.differ(whole, part);
        let is_cell = matches!(differ[..], [d] if self.shapes[d].leaves.contains(&self.rest(d, whole, part)));
        is_cell || self.tables.iter().any(|shown| self.is_told_by(shown, whole, part))
    }

    /// The dimensions in which two cells lie at different nodes.
    fn differ(&self, whole: usize, part: usize) -> Vec<usize> {
        (0..self.shapes.len()).filter(|&d| self.node(whole, d) != self.node(part, d)).collect()
    }

    fn is_told_by(&self, shown: &[bool], whole: usize, part: usize) -> bool {
        self.differ(whole, part).into_iter().any(|d| {
            let next = self.with(whole, d, self.node(part, d));
            (next == part || shown[next])
                && self.is_made_up(shown, d, whole, part)
                && (next == part || self.is_told_by(shown, next, part))
        })
    }

    /// The leaves of one dimension that the whole has and the part has not.
    fn rest(&self, d: usize, whole: usize, part: usize) -> Vec<u32> {
        let shape = &self.shapes[d];
        let part = &shape.leaves[self.node(part, d)];
        shape.leaves[self.node(whole, d)].iter().copied().filter(|l| part.binary_search(l).is_err()).collect()
    }

    /// Whether printed cells beside the whole make up what one dimension of it has and the part has not.
    fn is_made_up(&self, shown: &[bool], d: usize, whole: usize, part: usize) -> bool {
        let mut missing: BTreeSet<u32> = self.rest(d, whole, part).into_iter().collect();
        let shape = &self.shapes[d];
        let mut nodes: Vec<usize> = (0..shape.leaves.len()).filter(|&n| shown[self.with(whole, d, n)]).collect();
        nodes.sort_by_key(|&n| std::cmp::Reverse(shape.leaves[n].len()));
        for n in nodes {
            if !missing.is_empty() && shape.leaves[n].iter().all(|l| missing.contains(l)) {
                shape.leaves[n].iter().for_each(|l| _ = missing.remove(l));
            }
        }
        missing.is_empty()
    }
}

/// Which groups of records are in each cell.
pub struct Members<'a> {
    system: &'a System,
    groups: &'a Groups,
    /// Per block, once somebody has asked: the records of each finest position.
    rows: HashMap<usize, HashMap<usize, Vec<u32>>>,
    /// The block of each cell, and its position there.
    home: HashMap<CellId, (usize, usize)>,
}

impl<'a> Members<'a> {
    /// The records of a linked system.
    pub fn new(system: &'a System, groups: &'a Groups) -> Members<'a> {
        let mut home = HashMap::new();
        for (b, block) in system.blocks.iter().enumerate().filter(|(_, b)| b.dims.iter().all(|d| !d.ids.1.is_empty())) {
            block.cells.iter().enumerate().for_each(|(position, &c)| _ = home.entry(c).or_insert((b, position)));
        }
        Members { system, groups, rows: HashMap::new(), home }
    }

    /// The group as a cell that nobody prints, with what rules need to know of it; none where it is not known who is in it.
    pub fn cell(&mut self, group: &Group, details: Details) -> Option<Cell> {
        let first = &self.system.cells[*group.cells.first()?];
        let signed = |cells: &[CellId]| cells.iter().map(|&c| self.system.value(c)).fold(0, i64::saturating_add);
        let value = signed(&group.cells).saturating_sub(group.without.map_or(0, |c| self.system.value(c)));
        if self.system.measures.get(first.measure)? == &Measure::Persons {
            // of kinds of persons everybody is in one
            return first.coords.is_empty().then(|| implied(first.measure, value));
        }
        let mut rows = BTreeSet::new();
        for &cell in &group.cells {
            rows.extend(self.rows_of(cell)?);
        }
        if let Some(without) = group.without {
            self.rows_of(without)?.iter().for_each(|r| _ = rows.remove(r));
        }
        self.cell_of(first.measure, &rows, value, details)
    }

    /// The same of groups of records.
    pub fn cell_of(&mut self, id: usize, rows: &BTreeSet<u32>, value: i64, details: Details) -> Option<Cell> {
        let measure = self.system.measures.get(id)?;
        let amount = |row: &u32| match measure {
            Measure::Sum { index, .. } => self.groups.sums[*index][*row as usize],
            Measure::Records | Measure::Persons => self.groups.records[*row as usize],
        };
        let ids = self.groups.person.as_deref();
        let sum = matches!(measure, Measure::Sum { .. });
        let persons = ids
            .filter(|_| details.persons)
            .map(|ids| rows.iter().map(|&r| ids[r as usize]).collect::<BTreeSet<u32>>().len() as i64);
        let contributions = ids.filter(|_| sum && details.contributions > 0).map(|ids| {
            largest(rows.iter().map(|r| (ids[*r as usize], amount(r), self.has_asked(*r))), details.contributions)
        });
        Some(Cell { persons, contributions, ..implied(id, value) })
    }

    fn has_asked(&self, row: u32) -> bool {
        self.groups.asked.get(row as usize).copied().unwrap_or(false)
    }

    /// The records of a cell.
    fn rows_of(&mut self, cell: CellId) -> Option<Vec<u32>> {
        let &(b, position) = self.home.get(&cell)?;
        let block = &self.system.blocks[b];
        let (system, groups) = (self.system, self.groups);
        let by_position = self.rows.entry(b).or_insert_with(|| finest(system, block, groups));
        let strides = block.strides();
        let mut positions = vec![0];
        for (d, dim) in block.dims.iter().enumerate() {
            let atoms = block.atoms_below(d, position / strides[d] % dim.nodes);
            positions = positions
                .iter()
                .flat_map(|&p| atoms.iter().map(move |&a| (p, a)))
                .map(|(p, a)| p + a * strides[d])
                .collect();
        }
        Some(positions.iter().filter_map(|p| by_position.get(p)).flatten().copied().collect())
    }
}

/// A cell that nobody prints and that is judged.
fn implied(measure: usize, value: i64) -> Cell {
    Cell {
        measure,
        coords: Box::default(),
        value,
        persons: None,
        contributions: None,
        exposure: Exposure::Implied,
        places: Vec::new(),
    }
}

/// The groups of records at each finest position of a block.
fn finest(system: &System, block: &Block, groups: &Groups) -> HashMap<usize, Vec<u32>> {
    let strides = block.strides();
    let atom_of: Vec<HashMap<u32, usize>> = (block.dims.iter())
        .map(|dim| {
            let inner: BTreeSet<usize> = dim.families.iter().map(|f| f.total).collect();
            let atoms = (0..dim.nodes).filter(|n| !inner.contains(n));
            let leaves = |n: usize| system.space.dims[dim.ids.0].node(dim.ids.1[n]).leaves.iter();
            atoms.flat_map(|n| leaves(n).map(move |&l| (l, n))).collect()
        })
        .collect();
    let mut rows: HashMap<usize, Vec<u32>> = HashMap::new();
    for row in 0..groups.len() {
        let at = |(d, dim): (usize, &crate::model::BlockDim)| {
            Some(atom_of[d].get(groups.leaf.get(dim.ids.0)?.get(row)?)? * strides[d])
        };
        if let Some(position) = block.dims.iter().enumerate().map(at).sum::<Option<usize>>() {
            rows.entry(position).or_default().push(row as u32);
        }
    }
    rows
}

/// The number of contributors and the `n` largest contributions.
fn largest(rows: impl Iterator<Item = (u32, i64, bool)>, n: usize) -> Contributions {
    let mut sums: HashMap<u32, (i64, bool)> = HashMap::new();
    for (who, amount, asked) in rows {
        let (sum, has_asked) = sums.entry(who).or_default();
        *sum = sum.saturating_add(amount);
        *has_asked |= asked;
    }
    let asked = sums.values().filter(|s| s.1).map(|s| s.0).max();
    let mut all: Vec<i64> = sums.into_values().map(|s| s.0).collect();
    all.sort_unstable_by(|a, b| b.cmp(a));
    let count = all.len() as i64;
    all.truncate(n);
    Contributions { count, largest: all, asked }
}

/// Adds a group as a cell that nobody prints, bound to the cells that it is made of.
pub fn add(system: &mut System, cell: Cell, group: &Group) -> CellId {
    let name = words(system, group);
    let terms = group.cells.iter().map(|&c| (c, 1)).chain(group.without.map(|c| (c, -1)));
    let terms = terms.collect();
    add_sum(system, cell, name, 1, terms)
}

/// Adds a group that cells give so many times.
pub fn add_sum(system: &mut System, cell: Cell, name: String, times: i64, sum: Vec<(CellId, i64)>) -> CellId {
    let id = system.cells.len();
    system.cells.push(cell);
    let terms = [(id, -times)].into_iter().chain(sum).collect();
    system.relations.push(Relation { terms, constant: 0 });
    system.names.insert(id, name);
    if let Some(keys) = &mut system.keys {
        keys.cells.resize(id + 1, 0);
    }
    if !system.weights.is_empty() {
        system.weights.resize(id + 1, 0);
    }
    id
}

/// The words for a group that cells give together.
pub fn words_of_sum(system: &System, sum: &[(CellId, i64)]) -> String {
    let named = |sign: i64| {
        let own = sum.iter().filter(|t| t.1.signum() == sign);
        own.map(|t| format!("({})", system.words(t.0))).collect::<Vec<_>>().join(" and ")
    };
    match (named(1), named(-1)) {
        (all, none) if none.is_empty() => format!("what {all} have in common"),
        (all, without) => format!("{all} without {without}"),
    }
}

/// A group in words.
fn words(system: &System, group: &Group) -> String {
    let counts = |c: CellId| system.measures.get(system.cells[c].measure);
    if group.cells.first().is_some_and(|&c| counts(c) == Some(&Measure::Persons)) {
        return "persons whom several figures single out together".to_owned();
    }
    let all: Vec<String> = group.cells.iter().map(|&c| system.words(c)).collect();
    match group.without {
        Some(part) => format!("{} without {}", all.join(" and "), system.words(part)),
        None => format!("{} together", all.join(" and ")),
    }
}
