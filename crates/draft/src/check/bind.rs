//! From understood tables to one [`System`]: every printed cell finds its place in it.
//!
//! Each variable is a dimension. Cases that are a part of others are a dimension of their own with two leaves: in the
//! part, and not in it. Cases that have nothing to do with each other are measures of their own.

use std::collections::HashMap;

use crate::link::{Details, link};
use crate::model::{
    Axis as TableAxis, CellId, Dimension, Entry as TableEntry, Exposure, Groups, Measure, Role, Space, System, Table,
};

use super::cases::Cases;
use super::figures::Figures;
use super::sides::Axis;
use super::variables::{Keys, REST, Variables, keys_of, keys_of_all};

/// A printed cell.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    /// The table.
    pub table: usize,
    /// Row of figures.
    pub row: usize,
    /// Column of figures.
    pub col: usize,
    /// The cell of the system.
    pub cell: CellId,
}

/// All tables as one system.
#[derive(Debug, Default)]
pub(crate) struct Bound {
    /// The cells; nothing is known of their values yet.
    pub system: System,
    /// Every printed cell of counts.
    pub placed: Vec<Placed>,
    /// Per cell, the numbers of its places.
    places: HashMap<CellId, Vec<usize>>,
    /// Per table and axis, the entry of the system's table for each entry of the axis.
    entries: Vec<Vec<Vec<Option<usize>>>>,
}

impl Bound {
    /// Where a cell is printed: numbers of [`Bound::placed`], in the order of the draft.
    pub fn places_of(&self, cell: CellId) -> &[usize] {
        self.places.get(&cell).map_or(&[], Vec::as_slice)
    }

    /// A part of it under a system of its own, whose first cells are these.
    pub fn restricted(&self, cells: &[CellId], system: System) -> Bound {
        let mut part = Bound { system, ..Bound::default() };
        for (own, &cell) in cells.iter().enumerate() {
            for placed in self.places_of(cell).iter().filter_map(|&n| self.placed.get(n)) {
                part.places.entry(own).or_default().push(part.placed.len());
                part.placed.push(Placed { cell: own, ..placed.clone() });
            }
        }
        part
    }

    /// The cell at entries of a table's axes.
    pub fn cell(&self, table: usize, at: &[usize]) -> Option<CellId> {
        self.system.cell_at(table, &self.entry(table, at)?)
    }

    /// The entry of the system's table for an entry of one axis.
    pub fn entry_on(&self, table: usize, axis: usize, entry: usize) -> Option<usize> {
        self.entries.get(table)?.get(axis)?.get(entry).copied().flatten()
    }

    /// The entries of the system's table for entries of a table's axes.
    pub fn entry(&self, table: usize, at: &[usize]) -> Option<Vec<usize>> {
        let axes = self.entries.get(table).filter(|axes| axes.len() == at.len())?;
        at.iter().zip(axes).map(|(&e, axis)| axis.get(e).copied().flatten()).collect()
    }
}

/// Makes the system of all tables.
pub(crate) fn bind(tables: &[Figures], variables: &Variables, cases: &[Cases]) -> Bound {
    let roots: Vec<usize> = (0..cases.len()).filter(|&c| cases.get(c).is_some_and(|c| c.part_of.is_none())).collect();
    let mut space = Space::default();
    for variable in &variables.all {
        let leaves = u32::try_from(variable.leaves.len()).unwrap_or(u32::MAX);
        let mut dim = Dimension::new(variable.name.clone(), leaves);
        for (n, leaf) in (0u32..).zip(&variable.leaves).filter(|(_, leaf)| leaf.ends_with(REST)) {
            dim.intern(vec![n], leaf);
        }
        space.dims.push(dim);
    }
    let mut part_dim: HashMap<usize, usize> = HashMap::new();
    for (c, part) in cases.iter().enumerate().filter(|(_, c)| c.part_of.is_some()) {
        part_dim.insert(c, space.dims.len());
        let mut dim = Dimension::new(part.name.clone(), 2);
        dim.intern(vec![1], &format!("not in {}", part.name));
        dim.intern(vec![0], &format!("in {}", part.name));
        space.dims.push(dim);
    }
    let mut entries = Vec::new();
    let mut all = Vec::new();
    let mut counted: HashMap<usize, usize> = HashMap::new();
    for (c, cases) in cases.iter().enumerate() {
        cases.tables.iter().for_each(|&t| _ = counted.entry(t).or_insert(c));
    }
    let measure_of: HashMap<usize, usize> = roots.iter().enumerate().map(|(measure, &root)| (root, measure)).collect();
    for (t, figures) in tables.iter().enumerate() {
        let own = counted.get(&t).copied().unwrap_or(0);
        let (root, scope) = scope(own, cases, &part_dim);
        let (axes, numbers) = axes(t, figures, variables);
        entries.push(numbers);
        let part = cases.get(own).filter(|c| c.part_of.is_some()).map(|c| format!("in {}", c.name));
        all.push(Table {
            id: (t + 1).to_string(),
            title: figures.name.clone(),
            measure: measure_of.get(&root).copied().unwrap_or(0),
            axes,
            scope: scope.into_iter().map(|d| (d, vec![0])).collect(),
            scope_name: part.unwrap_or_default(),
            notes: Vec::new(),
        });
    }
    let groups = Groups { leaf: vec![Vec::new(); space.dims.len()], ..Groups::default() };
    let measures = vec![Measure::Records; roots.len().max(1)];
    let system = link(space, measures, all, &groups, Details::default());
    let mut bound = Bound { system, placed: Vec::new(), places: HashMap::new(), entries };
    place(tables, &mut bound);
    bound
}

/// The cases that stand at the root above some cases, and the dimensions of the parts on the way.
fn scope(own: usize, cases: &[Cases], dims: &HashMap<usize, usize>) -> (usize, Vec<usize>) {
    let (mut at, mut scope) = (own, Vec::new());
    while let Some(whole) = cases.get(at).and_then(|c| c.part_of) {
        if scope.len() > cases.len() {
            break;
        }
        scope.extend(dims.get(&at));
        at = whole;
    }
    (at, scope)
}

/// The axes of a table, and for each entry its number there.
fn axes(t: usize, figures: &Figures, variables: &Variables) -> (Vec<TableAxis>, Vec<Vec<Option<usize>>>) {
    let mut axes = Vec::new();
    let mut numbers = Vec::new();
    for (a, axis) in figures.axes.iter().enumerate() {
        let v = variables.variable(t, a).unwrap_or(0);
        let Some(variable) = variables.all.get(v) else { continue };
        let leaves = |keys: &Keys| variable.numbers(&variable.leaves_of(keys));
        let all = leaves(&keys_of_all(axis));
        let mut entries: Vec<TableEntry> = Vec::new();
        let mut own = Vec::new();
        let above = above(axis);
        for (e, entry) in axis.entries.iter().enumerate() {
            let leaves = leaves(&keys_of(axis, e));
            if entry.skips || leaves.is_empty() {
                own.push(None);
                continue;
            }
            own.push(Some(entries.len()));
            let level = if Some(e) == axis.total { 0 } else { 1 + depth(axis, &above, e) };
            let total = !entry.children.is_empty();
            entries.push(category(&entry.label, leaves, level, total, entry.shown));
        }
        if !entries.iter().any(|e| e.level == 0) {
            entries.push(category("Total", all, 0, true, false));
        }
        axes.push(TableAxis {
            variable: variable.name.clone(),
            label: axis.name.clone(),
            role: if a < figures.row_axes { Role::Row } else { Role::Column },
            dim: v,
            entries,
            sensitive: figures.sensitive.get(a).copied().flatten().unwrap_or(!variable.is_time()).into(),
        });
        numbers.push(own);
    }
    (axes, numbers)
}

fn category(label: &str, leaves: Vec<u32>, level: u32, total: bool, shown: bool) -> TableEntry {
    TableEntry { code: label.to_owned(), label: label.to_owned(), note: None, leaves, level, total, shown }
}

/// Per entry, the first one that it is a part of.
fn above(axis: &Axis) -> Vec<Option<usize>> {
    let mut above = vec![None; axis.entries.len()];
    for (parent, entry) in axis.entries.iter().enumerate().rev() {
        for &part in entry.children.iter().chain(&entry.includes) {
            if let Some(slot) = above.get_mut(part) {
                *slot = Some(parent);
            }
        }
    }
    above
}

/// How many entries, the total aside, an entry is a part of.
fn depth(axis: &Axis, above: &[Option<usize>], entry: usize) -> u32 {
    let parent_of = |at: usize| above.get(at).copied().flatten();
    let chain = std::iter::successors(parent_of(entry), |&at| parent_of(at));
    let count = chain.take_while(|p| Some(*p) != axis.total).take(axis.entries.len()).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Finds the cell of everything that is printed; what is not printed is not shown.
fn place(tables: &[Figures], bound: &mut Bound) {
    let mut shown = vec![false; bound.system.cells.len()];
    let mut placed = Vec::new();
    for (t, figures) in tables.iter().enumerate() {
        for (row, col, at) in figures.cells().into_iter().filter(|(_, _, at)| figures.counts(at)) {
            if let Some(cell) = bound.cell(t, &at) {
                placed.push(Placed { table: t, row, col, cell });
                if let Some(slot) = shown.get_mut(cell) {
                    *slot = true;
                }
            }
        }
    }
    for (cell, shown) in bound.system.cells.iter_mut().zip(shown) {
        if !shown && cell.exposure == Exposure::Shown {
            cell.exposure = Exposure::Implied;
        }
    }
    for (number, place) in placed.iter().enumerate() {
        bound.places.entry(place.cell).or_default().push(number);
    }
    bound.placed = placed;
}
