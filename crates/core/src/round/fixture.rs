//! Small systems for the tests of rounding.

use super::{RoundError, Rounding, Work, parse_rounding, unit};
use crate::link::{Details, link};
use crate::model::{
    Axis, Cell, CellId, Dimension, Entry, Exposure, Groups, Interval, Measure, Protection, Relation, Role, Space,
    System, Table, Treatment,
};
use crate::secret::Key;
use crate::solve::Highs;

/// A key of no use to anybody.
pub(super) const KEY: &[u8] = b"a key for tests, of no use to anybody";

/// Work without a key.
pub(super) fn work(system: &System) -> Work<'_> {
    Work { system, groups: None, key: None, release: "a release", solver: &Highs, time_left: &|| None }
}

/// Work with a key.
pub(super) fn keyed<'a>(system: &'a System, key: &'a Key, release: &'a str) -> Work<'a> {
    Work { key: Some(key), release, ..work(system) }
}

/// A table over some dimensions with all its margins, every cell printed.
pub(super) struct Grid {
    pub system: System,
    /// How many nodes each dimension has, the total last.
    nodes: Vec<usize>,
}

impl Grid {
    /// `inner` are the values of the cells that are no totals, the last dimension fastest.
    pub fn new(sizes: &[usize], inner: &[i64]) -> Grid {
        let nodes: Vec<usize> = sizes.iter().map(|n| n + 1).collect();
        let mut system = System { measures: vec![Measure::Records], ..System::default() };
        system.space = Space { dims: sizes.iter().enumerate().map(|(d, &n)| dimension(d, n)).collect() };
        let mut values = inner.iter();
        let count: usize = nodes.iter().product();
        for position in 0..count {
            let at = entries(&nodes, position);
            let is_inner = at.iter().zip(sizes).all(|(&e, &n)| e < n);
            let node = |(&e, &n): (&usize, &usize)| if e == n { Dimension::ROOT } else { e as u32 + 1 };
            let coords = at.iter().zip(sizes).map(node).collect();
            let value = if is_inner { *values.next().expect("a value for each cell") } else { 0 };
            system.cells.push(shown(value, coords));
        }
        let mut grid = Grid { system, nodes };
        grid.bind();
        grid.system.index = index(&grid.system);
        grid
    }

    /// The relations, dimension by dimension, and the values of the totals.
    fn bind(&mut self) {
        let count = self.system.cells.len();
        let mut stride = 1;
        for &n in self.nodes.iter().rev() {
            for total in (0..count).filter(|p| p / stride % n == n - 1) {
                let parts: Vec<CellId> = (1..n).map(|k| total - k * stride).collect();
                self.system.cells[total].value = parts.iter().map(|&p| self.system.value(p)).sum();
                self.system.relations.push(Relation::total(total, parts));
            }
            stride *= n;
        }
    }

    /// The rounded table, with a key in case the method draws.
    pub fn rounded(&self, method: &str) -> Result<Protection, RoundError> {
        let key = Key::from_bytes(KEY).expect("a key");
        parse_rounding(method).expect("a method").round(&keyed(&self.system, &key, "a release"))
    }

    pub fn rounded_without_key(&self, method: &str) -> Result<Protection, RoundError> {
        parse_rounding(method).expect("a method").round(&work(&self.system))
    }

    /// What is published, and the interval it allows, of the grand total.
    pub fn total(&self, rounded: &Protection) -> (i64, i64, i64) {
        replaced(rounded.treatments[self.system.cells.len() - 1])
    }

    /// What is published of each cell.
    pub fn shown(&self, rounded: &Protection) -> Vec<i64> {
        rounded.treatments.iter().map(|&t| replaced(t).0).collect()
    }

    /// The records: a group for each inner cell that is not empty.
    pub fn groups(&self) -> Groups {
        let dims = self.nodes.len();
        let mut groups = Groups { leaf: vec![vec![]; dims], ..Groups::default() };
        for (position, cell) in self.system.cells.iter().enumerate() {
            let at = entries(&self.nodes, position);
            if cell.value > 0 && at.iter().zip(&self.nodes).all(|(&e, &n)| e + 1 < n) {
                groups.leaf.iter_mut().zip(&at).for_each(|(leaf, &e)| leaf.push(e as u32));
                groups.records.push(cell.value);
            }
        }
        groups
    }

    /// Whether what is published adds up.
    pub fn additive(&self, rounded: &Protection) -> bool {
        additive(&self.system, rounded)
    }
}

/// Linked tables over some of the dimensions each, with all margins printed, and the counts of the joint table.
pub(super) fn linked(sizes: &[usize], tables: &[&[usize]], joint: &[i64]) -> System {
    let dims = sizes.iter().enumerate().map(|(d, &n)| Dimension::new(format!("d{d}"), n as u32)).collect();
    let table = |(t, edge): (usize, &&[usize])| Table {
        id: format!("{t}"),
        title: String::new(),
        measure: 0,
        axes: edge.iter().map(|&d| axis(d, sizes[d])).collect(),
        scope: vec![],
        scope_name: String::new(),
        notes: vec![],
    };
    let mut groups = Groups { leaf: vec![vec![]; sizes.len()], ..Groups::default() };
    for (position, &count) in joint.iter().enumerate() {
        let at = entries(sizes, position);
        groups.leaf.iter_mut().zip(&at).for_each(|(leaf, &e)| leaf.push(e as u32));
        groups.records.push(count);
    }
    let tables = tables.iter().enumerate().map(table).collect();
    link(Space { dims }, vec![Measure::Records], tables, &groups, Details::default())
}

/// The leaves of a dimension and their total.
fn axis(dim: usize, leaves: usize) -> Axis {
    let entry = |leaves: Vec<u32>, level: u32| Entry {
        code: format!("{leaves:?}"),
        label: format!("{leaves:?}"),
        note: None,
        leaves,
        level,
        total: level == 0,
        shown: true,
    };
    let mut entries: Vec<Entry> = (0..leaves as u32).map(|l| entry(vec![l], 1)).collect();
    entries.push(entry((0..leaves as u32).collect(), 0));
    Axis {
        variable: format!("v{dim}"),
        label: format!("v{dim}"),
        role: Role::Row,
        dim,
        entries,
        sensitive: false.into(),
    }
}

/// Whether what is published adds up in every relation of printed cells.
pub(super) fn additive(system: &System, rounded: &Protection) -> bool {
    let printed = |r: &&Relation| r.terms.iter().all(|t| system.cells[t.0].exposure == Exposure::Shown);
    system.relations.iter().filter(printed).all(|r| r.holds(|c| replaced(rounded.treatments[c]).0))
}

/// Only the one-way margins and the grand total of a grid of two dimensions are printed; nothing else is a cell.
pub(super) fn one_way(grid: &Grid) -> System {
    let root = |c: &Cell| c.coords.contains(&Dimension::ROOT);
    let kept: Vec<CellId> = (0..grid.system.cells.len()).filter(|&c| root(&grid.system.cells[c])).collect();
    let mut system =
        System { cells: kept.iter().map(|&c| grid.system.cells[c].clone()).collect(), ..grid.system.clone() };
    let new = |c: CellId| kept.iter().position(|&k| k == c);
    let renamed = grid.system.relations.iter().filter_map(|r| {
        let terms: Option<Vec<(CellId, i64)>> = r.terms.iter().map(|&(c, k)| Some((new(c)?, k))).collect();
        Some(Relation { terms: terms?, constant: r.constant })
    });
    system.relations = renamed.collect();
    system.index = index(&system);
    system
}

/// The cell of each coordinates.
fn index(system: &System) -> std::collections::HashMap<(usize, crate::model::Coords), CellId> {
    system.cells.iter().enumerate().map(|(id, c)| ((0, c.coords.clone()), id)).collect()
}

/// A grand total with two breakdowns.
pub(super) fn two_breakdowns(first: &[i64], second: &[i64]) -> System {
    let mut system = System { measures: vec![Measure::Records], ..System::default() };
    let values = first.iter().chain(second).copied().chain([first.iter().sum()]);
    system.cells = values.map(|v| shown(v, Box::default())).collect();
    let total = system.cells.len() - 1;
    system.relations = vec![Relation::total(total, 0..first.len()), Relation::total(total, first.len()..total)];
    // named as a total of everything
    system.cells[total].coords = [Dimension::ROOT].into();
    system.space = Space { dims: vec![dimension(0, 1)] };
    system
}

/// The values as cells of their own, which no relation binds: counts, or sums with so many decimals.
pub(super) fn apart(values: &[i64], decimals: u32) -> System {
    let measure = match decimals {
        0 => Measure::Records,
        _ => Measure::Sum { column: "loss".to_owned(), index: 0, decimals },
    };
    let cells = values.iter().map(|&v| shown(v, Box::default())).collect();
    System { measures: vec![measure], cells, ..System::default() }
}

/// The values as cells of their own, rounded: what is published, and the bounds of what it allows.
pub(super) fn treated(method: &str, values: &[i64]) -> Vec<(i64, i64, i64)> {
    let system = apart(values, 0);
    let key = Key::from_bytes(KEY).expect("a key");
    let rounded = parse_rounding(method).expect("a method").round(&keyed(&system, &key, "a release")).expect("rounds");
    rounded.treatments.into_iter().map(replaced).collect()
}

/// Every value up to a bound is published as something that allows it, and under a method that does not draw, what is
/// allowed is exactly what is published as the same.
pub(super) fn preimages_hold(method: &str, up_to: i64) {
    let values: Vec<i64> = (0..=up_to).collect();
    let grid = Grid::new(&[values.len()], &values);
    let rounded = grid.rounded(method).expect("rounds");
    let method: Box<dyn Rounding> = parse_rounding(method).expect("a method");
    assert_eq!(unit(&grid.system, 0), 1);
    for &value in &values {
        let Treatment::Replace { by, preimage } = rounded.treatments[value as usize] else { continue };
        let allowed = method.allows(by, None, 1);
        assert!(preimage.contains(value), "{method:?} {value}");
        assert!(allowed.contains(&preimage), "{method:?} {value}: {allowed:?}");
        let other_way = |other: i64| match rounded.treatments[other as usize] {
            Treatment::Replace { by: theirs, .. } => theirs == by,
            _ => false,
        };
        let same = values.iter().all(|&other| {
            let allowed = allowed.iter().any(|i| i.contains(other));
            if method.keyed() { allowed || !other_way(other) } else { allowed == other_way(other) }
        });
        assert!(same, "{method:?} {value}: {allowed:?}");
    }
}

/// What stands in place of a value, and the bounds of what it allows.
fn replaced(treatment: Treatment) -> (i64, i64, i64) {
    match treatment {
        Treatment::Replace { by, preimage: Interval { lo: Some(lo), hi: Some(hi) } } => (by, lo, hi),
        other => panic!("{other:?}"),
    }
}

fn dimension(d: usize, n: usize) -> Dimension {
    let mut dim = Dimension::new(format!("d{d}"), n.max(2) as u32);
    for leaf in 0..n as u32 {
        dim.intern(vec![leaf], &format!("d{d} {leaf}"));
    }
    dim
}

fn entries(nodes: &[usize], mut position: usize) -> Vec<usize> {
    let mut at = vec![0; nodes.len()];
    for (slot, n) in at.iter_mut().zip(nodes).rev() {
        *slot = position % n;
        position /= n;
    }
    at
}

fn shown(value: i64, coords: Box<[u32]>) -> Cell {
    Cell { measure: 0, coords, value, persons: None, contributions: None, exposure: Exposure::Shown, places: vec![] }
}
