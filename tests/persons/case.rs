//! Small tables of distinct persons from seeds: persons as sets of classes, tables with filters and margins, now and then
//! records beside them.

use tabsafe::link::{Details, link};
use tabsafe::model::{Axis, Dimension, Entry, Exposure, Finding, Groups, Harm, LeafSet, Measure, Role};
use tabsafe::model::{Severity, Space, System, Table};

use crate::random::Rng;

/// A set of classes (combinations of a row and a column).
pub type Mask = u64;

/// One random case.
pub struct Case {
    /// Leaves per dimension.
    pub leaves: Vec<u32>,
    pub tables: Vec<Table>,
    pub measures: Vec<Measure>,
    /// Per person, how many records of each class.
    pub persons: Vec<Vec<i64>>,
    /// Counts from 1 to one below it are unsafe.
    pub threshold: i64,
}

/// What the tables of a case are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One table of rows and columns.
    Crossed,
    /// Rows, and rows of some columns.
    Filtered,
    /// A table of rows and one of columns, or one of both and one of rows of some columns.
    Linked,
    /// Persons and records.
    Beside,
    /// One variable, with groups of its categories.
    Tree,
}

pub const SHAPES: [Shape; 5] = [Shape::Crossed, Shape::Filtered, Shape::Linked, Shape::Beside, Shape::Tree];

impl Case {
    /// The case of a seed over so many rows and columns.
    pub fn new(seed: u64, shape: Shape, rows: u32, columns: u32) -> Case {
        let mut rng = Rng(seed.wrapping_mul(0xA076_1D64_78BD_642F) ^ 0x7065_7273);
        let leaves = vec![rows, columns];
        let tables = tables(&mut rng, shape, rows, columns);
        let measures =
            if shape == Shape::Beside { vec![Measure::Persons, Measure::Records] } else { vec![Measure::Persons] };
        let classes = (rows * columns) as usize;
        let frequent: Vec<Mask> = (0..4).map(|_| some(&mut rng, classes)).collect();
        let mut persons = Vec::new();
        for _ in 0..[8, 15, 25, 40][rng.below(4)] {
            let mask = if rng.chance(70) { frequent[rng.below(4)] } else { some(&mut rng, classes) };
            let count = |c: usize, rng: &mut Rng| if mask >> c & 1 == 0 { 0 } else { 1 + i64::from(rng.chance(25)) };
            persons.push((0..classes).map(|c| count(c, &mut rng)).collect());
        }
        Case { leaves, tables, measures, persons, threshold: [3, 5][rng.below(2)] }
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.leaves.iter().product::<u32>() as usize
    }

    /// The classes of a person.
    pub fn mask(person: &[i64]) -> Mask {
        person.iter().enumerate().filter(|(_, n)| **n > 0).map(|(c, _)| 1 << c).sum()
    }

    /// The classes of a cell of a table.
    pub fn cell(&self, table: &Table, position: usize) -> Mask {
        let at = table.entries_at(position);
        let holds = |c: u32| {
            let leaf = [c / self.leaves[1], c % self.leaves[1]];
            table.scope.iter().all(|(d, set)| set.contains(&leaf[*d]))
                && table.axes.iter().zip(&at).all(|(a, &e)| a.entries[e].leaves.contains(&leaf[a.dim]))
        };
        (0..self.classes() as u32).filter(|&c| holds(c)).map(|c| 1 << c).sum()
    }

    pub fn system(&self) -> System {
        let dims = self.leaves.iter().enumerate().map(|(d, &n)| Dimension::new(format!("d{d}"), n)).collect();
        let mut groups = Groups { leaf: vec![vec![]; 2], person: Some(vec![]), ..Groups::default() };
        for (p, person) in self.persons.iter().enumerate() {
            for (c, &n) in person.iter().enumerate().filter(|(_, n)| **n > 0) {
                groups.leaf[0].push(c as u32 / self.leaves[1]);
                groups.leaf[1].push(c as u32 % self.leaves[1]);
                groups.records.push(n);
                groups.person.as_mut().expect("persons").push(p as u32);
            }
        }
        let few = Some((1, self.threshold - 1));
        let details = Details { few, zeros_published: true, ..Details::default() };
        link(Space { dims }, self.measures.clone(), self.tables.clone(), &groups, details)
    }

    /// What is unsafe: small counts that are printed, or of groups that can be named.
    pub fn findings(&self, system: &System) -> Vec<Finding> {
        let small = |c: &usize| {
            system.cells[*c].exposure != Exposure::Hidden && (1..self.threshold).contains(&system.value(*c))
        };
        let finding = |cell| Finding {
            cell,
            rule: "threshold",
            reason: String::new(),
            harm: Harm::Small { lo: 1, hi: self.threshold - 1 },
            policy_line: String::new(),
            severity: Severity::Unsafe,
        };
        (0..system.cells.len()).filter(small).map(finding).collect()
    }
}

/// A set of one to three classes.
fn some(rng: &mut Rng, classes: usize) -> Mask {
    (0..1 + rng.below(3)).fold(0, |mask, _| mask | 1 << rng.below(classes))
}

fn tables(rng: &mut Rng, shape: Shape, rows: u32, columns: u32) -> Vec<Table> {
    let row = |rng: &mut Rng| axis(0, singles(rows), rng.chance(85));
    let column = |rng: &mut Rng| axis(1, singles(columns), rng.chance(85));
    let some_columns = |rng: &mut Rng| vec![(1, (0..1 + rng.below(columns as usize - 1) as u32).collect())];
    match shape {
        Shape::Crossed => vec![table(0, 0, vec![row(rng), column(rng)], vec![])],
        Shape::Filtered => {
            vec![table(0, 0, vec![row(rng)], vec![]), table(1, 0, vec![row(rng)], some_columns(rng))]
        }
        Shape::Linked if rng.chance(50) => {
            vec![table(0, 0, vec![row(rng)], vec![]), table(1, 0, vec![column(rng)], vec![])]
        }
        Shape::Linked => {
            vec![table(0, 0, vec![row(rng), column(rng)], vec![]), table(1, 0, vec![row(rng)], some_columns(rng))]
        }
        Shape::Beside => {
            let both = |rng: &mut Rng| vec![row(rng), column(rng)];
            let (of_persons, of_records) = match rng.below(3) {
                0 => (both(rng), both(rng)),
                1 => (both(rng), vec![row(rng)]),
                _ => (vec![row(rng)], both(rng)),
            };
            vec![table(0, 0, of_persons, vec![]), table(1, 1, of_records, vec![])]
        }
        Shape::Tree => {
            let cut = 1 + rng.below(columns as usize - 1) as u32;
            let groups = [(0..cut).collect(), (cut..columns).collect()];
            let groups: Vec<LeafSet> = groups.into_iter().filter(|g: &LeafSet| g.len() > 1).collect();
            vec![table(0, 0, vec![axis(1, singles(columns).into_iter().chain(groups).collect(), true)], vec![])]
        }
    }
}

fn singles(n: u32) -> Vec<LeafSet> {
    (0..n).map(|l| vec![l]).collect()
}

fn table(index: usize, measure: usize, axes: Vec<Axis>, scope: Vec<(usize, LeafSet)>) -> Table {
    Table {
        id: format!("t{index}"),
        title: format!("Table {index}"),
        measure,
        axes,
        scope_name: if scope.is_empty() { String::new() } else { "in scope".to_owned() },
        scope,
        notes: vec![],
    }
}

/// An axis of these groups and their total.
fn axis(dim: usize, sets: Vec<LeafSet>, total: bool) -> Axis {
    let mut whole: LeafSet = sets.iter().flatten().copied().collect();
    whole.sort_unstable();
    whole.dedup();
    let entry = |leaves: LeafSet, level: u32, shown: bool| Entry {
        code: format!("{leaves:?}"),
        label: format!("{leaves:?}"),
        note: None,
        total: leaves.len() > 1,
        leaves,
        level,
        shown,
    };
    let entries = sets.into_iter().map(|s| entry(s, 1, true)).collect::<Vec<_>>();
    let entries = entries.into_iter().chain([entry(whole, 0, total)]).collect();
    let (variable, label) = (format!("v{dim}"), format!("variable {dim}"));
    Axis { variable, label, role: Role::Row, dim, entries, sensitive: false.into() }
}
