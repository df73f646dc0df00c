//! From tables to one [`System`]: cells that are the same set of records become one cell, and everything an
//! intruder knows about how the tables hang together becomes a relation.
//!
//! 1. `shape`: which groups of leaves each table uses, and which tables must be looked at jointly. Two tables share
//!    all they have in common through their common margins, if the tables form a tree; tables that form a circle
//!    (age x sex, sex x area, area x age) bind each other in ways that no margin tells, so their joint grid is
//!    added as hidden cells.
//! 2. `grid`: one grid per cluster of tables, over all the nodes in it, with its relations.
//! 3. `fill`: values, persons and contributions, from the groups of records.
//! 4. Exposure: what is printed, and what is a difference of printed cells.
//! 5. `persons`: what binds cells that count distinct persons, and the groups of persons that must be judged.

pub mod by_zeros;
mod doubtful;
mod fill;
mod grid;
pub mod groups;
mod measures;
mod persons;
mod shape;

pub use persons::person_kinds;

use std::collections::HashSet;

use crate::model::{
    Cell, CellId, CellKeys, Dimension, Exposure, Groups, Measure, NodeId, Place, Relation, Space, System, Table,
};

use grid::Grid;

/// What the rules need to be known of each cell beside its value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// The number of different persons.
    pub persons: bool,
    /// How many of the largest contributions of sums (0: none).
    pub contributions: usize,
    /// Who is behind a cell is told where they are no more than this.
    pub insiders: usize,
    /// Whether every zero of a printed count stays printed whatever else is withheld.
    pub zeros_published: bool,
    /// Whether every table is looked at with the finest classes that any table has of its dimensions, where that is small.
    pub finest: bool,
    /// The counts that rules hide, from the smallest to the largest: groups of persons of so many are judged.
    pub few: Option<(i64, i64)>,
}

/// The largest joint grid of tables that form a circle. Beyond it they are looked at on their own margins only, which no
/// verdict of "safe" may rest on.
const JOINT_CELLS: usize = 2_000_000;

/// Builds the system of all tables.
pub fn link(space: Space, measures: Vec<Measure>, tables: Vec<Table>, groups: &Groups, details: Details) -> System {
    let keys = groups.keys.as_ref().map(|k| CellKeys { modulus: k.modulus, cells: Vec::new() });
    let mut system = System { space, measures, tables, keys, ..System::default() };
    for family in measures::families(system.measures.len(), &groups.equations, &groups.parts) {
        let own = system.tables.len();
        let beside: Vec<Table> = family.iter().flat_map(|&measure| persons::beside(&system, measure)).collect();
        system.tables.extend(beside);
        // of persons kinds are looked at
        let finest = details.finest && family.iter().all(|&m| system.measures[m] != Measure::Persons);
        let (clusters, unexamined) = shape::clusters(&system, &family, JOINT_CELLS, finest);
        system.tables.truncate(own);
        system.unexamined.extend(unexamined);
        for cluster in clusters {
            let grid = Grid::build(&mut system.space, cluster);
            family.iter().for_each(|&measure| add_grid(&mut system, measure, &grid, groups, details));
        }
    }
    place_tables(&mut system);
    measures::bind_equations(&mut system, &groups.equations);
    measures::bind_parts(&mut system, &groups.parts);
    measures::bind_sums_to_counts(&mut system, details.zeros_published);
    doubtful::bind(&mut system);
    drop_repeated(&mut system.relations);
    expose(&mut system);
    persons::bind(&mut system, groups, details);
    if let Some(keys) = &mut system.keys {
        keys.cells.resize(system.cells.len(), 0);
    }
    if !system.weights.is_empty() {
        system.weights.resize(system.cells.len(), 0);
    }
    system
}

/// Whether some table crosses a dimension that another one has in finer classes: then [`Details::finest`] looks at more groups.
pub fn has_finer(space: &Space, measures: &[Measure], tables: &[Table], groups: &Groups) -> bool {
    let (space, measures, tables) = (space.clone(), measures.to_vec(), tables.to_vec());
    let system = System { space, measures, tables, ..System::default() };
    let families = measures::families(system.measures.len(), &groups.equations, &groups.parts);
    families.iter().any(|family| shape::has_finer(&system, family))
}

/// Adds the cells and relations of a grid, with their values.
fn add_grid(system: &mut System, measure: usize, grid: &Grid, groups: &Groups, details: Details) {
    let filled = fill::fill(grid, &system.measures[measure], groups, details);
    let dims = system.space.dims.len();
    let mut behind = filled.behind.into_iter().peekable();
    let mut ids: Vec<CellId> = Vec::with_capacity(grid.len());
    for position in 0..grid.len() {
        let coords = grid.coords(position, dims);
        let next = system.cells.len();
        let id = *system.index.entry((measure, coords.clone())).or_insert(next);
        if id == next {
            system.cells.push(Cell {
                measure,
                coords,
                value: filled.values[position],
                persons: filled.persons.as_ref().map(|p| p[position]),
                contributions: filled.contributions.as_ref().map(|c| c[position].clone()),
                exposure: Exposure::Hidden,
                places: Vec::new(),
            });
            if let Some(weights) = &filled.weights {
                // cells that only carry a difference stand between those of two grids, and cost nothing
                system.weights.resize(id, 0);
                system.weights.push(weights[position]);
            }
            if let (Some(keys), Some(filled)) = (&mut system.keys, &filled.keys) {
                // cells that only carry a difference may stand between those of two grids
                keys.cells.resize(id, 0);
                keys.cells.push(filled[position]);
            }
        }
        if let Some((_, who)) = behind.next_if(|b| b.0 == position) {
            system.behind.insert(id, who);
        }
        ids.push(id);
    }
    if system.measures[measure] != Measure::Persons {
        for (total, parts) in grid.relations() {
            system.relations.push(Relation::total(ids[total], parts.iter().map(|&p| ids[p])));
        }
        system.blocks.push(grid.block(ids));
    }
}

/// A cell that only carries a difference: never printed, not negative.
pub(crate) fn auxiliary(system: &mut System, measure: usize, value: i64) -> CellId {
    system.cells.push(Cell {
        measure,
        coords: Box::default(),
        value,
        persons: None,
        contributions: None,
        exposure: Exposure::Hidden,
        places: Vec::new(),
    });
    system.cells.len() - 1
}

/// Finds the cell at every position of every table.
fn place_tables(system: &mut System) {
    for (t, table) in system.tables.iter().enumerate() {
        let mut grid = Vec::with_capacity(table.len());
        for position in 0..table.len() {
            let at = table.entries_at(position);
            let id = table_coords(&system.space, table, &at)
                .and_then(|coords| system.index.get(&(table.measure, coords)).copied());
            if let Some(id) = id {
                let shown = table.is_shown(&at);
                let cell = &mut system.cells[id];
                cell.places.push(Place { table: t, position, shown });
                if shown {
                    cell.exposure = Exposure::Shown;
                }
            }
            grid.push(id);
        }
        system.grids.push(grid);
    }
}

/// The node of each dimension for a cell of a table; `None` where its categories exclude each other.
fn table_coords(space: &Space, table: &Table, at: &[usize]) -> Option<Box<[NodeId]>> {
    let mut coords = vec![Dimension::ROOT; space.dims.len()];
    for (d, dim) in space.dims.iter().enumerate() {
        if !table.axes.iter().any(|a| a.dim == d) && !table.scope.iter().any(|s| s.0 == d) {
            continue;
        }
        let leaves = shape::leaves_at(dim, d, table, at);
        coords[d] = if leaves.len() == dim.leaves as usize { Dimension::ROOT } else { dim.find(&leaves)? };
    }
    Some(coords.into())
}

fn drop_repeated(relations: &mut Vec<Relation>) {
    let mut seen = HashSet::new();
    relations.retain(|r| {
        let mut terms = r.terms.clone();
        terms.sort_unstable();
        seen.insert(terms)
    });
}

/// A hidden cell that is the only one not seen in a relation can be worked out: it is implied. Repeated, because
/// what is implied helps to work out more.
fn expose(system: &mut System) {
    loop {
        let mut implied = Vec::new();
        for relation in &system.relations {
            let mut hidden = relation.terms.iter().filter(|t| system.cells[t.0].exposure == Exposure::Hidden);
            if let (Some(&(only, _)), None) = (hidden.next(), hidden.next())
                && !system.cells[only].coords.is_empty()
            {
                implied.push(only);
            }
        }
        if implied.is_empty() {
            return;
        }
        implied.into_iter().for_each(|c| system.cells[c].exposure = Exposure::Implied);
    }
}
