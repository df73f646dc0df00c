//! What there can be, written a second time: every number of persons of every kind that fits what is printed, asked of
//! whole programs. Shares nothing with the relations of the library.

use std::collections::{BTreeMap, BTreeSet};

use tabsafe::model::{Measure, System, Treatment};
use tabsafe::solve::{Column, Effort, Highs, Program, Row, Solver, Status};

use super::case::{Case, Mask};

/// A printed cell: its classes, whether it counts persons, its true number, and whether it is printed as it is.
#[derive(Clone, Debug)]
pub struct Printed {
    pub classes: Mask,
    pub persons: bool,
    pub value: i64,
    pub published: bool,
}

/// A group of persons that can be named: a name and the kinds in it.
pub struct Named {
    pub name: String,
    pub holds: Box<dyn Fn(Mask) -> bool>,
}

/// Every printed cell under these treatments.
pub fn printed(case: &Case, system: &System, treatments: &[Treatment]) -> Vec<Printed> {
    let mut all: Vec<Printed> = Vec::new();
    for (t, table) in case.tables.iter().enumerate() {
        for position in (0..table.len()).filter(|&p| table.is_shown(&table.entries_at(p))) {
            let Some(id) = system.grids[t][position] else { continue };
            let classes = case.cell(table, position);
            let persons = case.measures[table.measure] == Measure::Persons;
            let value = match persons {
                true => case.persons.iter().filter(|p| Case::mask(p) & classes != 0).count() as i64,
                false => case.persons.iter().map(|p| records(p, classes)).sum(),
            };
            assert_eq!(system.value(id), value, "the value of a cell");
            let published = treatments[id] == Treatment::Publish;
            all.push(Printed { classes, persons, value, published });
        }
    }
    all
}

fn records(person: &[i64], classes: Mask) -> i64 {
    person.iter().enumerate().filter(|(c, _)| classes >> c & 1 == 1).map(|(_, n)| n).sum()
}

/// Every group that can be named: the printed cells themselves, those of a filter that are not printed, one group without
/// another in it, both of two groups, one only, exactly one and several of the parts of a whole.
pub fn named(case: &Case, printed: &[Printed]) -> Vec<Named> {
    let sets: BTreeSet<Mask> = printed.iter().filter(|p| p.persons).map(|p| p.classes).collect();
    let mut all: Vec<Named> = Vec::new();
    let mut name = |name: String, holds: Box<dyn Fn(Mask) -> bool>| all.push(Named { name, holds });
    for &a in &sets {
        name(format!("{a:b}"), Box::new(move |k| k & a != 0));
        for &b in sets.iter().filter(|&&b| b != a) {
            if b & !a == 0 {
                name(format!("{a:b} without {b:b}"), Box::new(move |k| k & a != 0 && k & b == 0));
                name(format!("of {a:b} only {b:b}"), Box::new(move |k| k & a != 0 && k & a & !b == 0));
                let rest = a & !b;
                if is_cell(case, rest) {
                    name(format!("{rest:b}"), Box::new(move |k| k & rest != 0));
                }
            } else if a < b && a & !b != 0 {
                name(format!("both {a:b} and {b:b}"), Box::new(move |k| k & a != 0 && k & b != 0));
            }
        }
    }
    for parts in families(case, &sets) {
        let (one, several) = (parts.clone(), parts.clone());
        let met = |parts: &[Mask], k: Mask| parts.iter().filter(|&&p| k & p != 0).count();
        name(format!("one of {parts:?}"), Box::new(move |k| met(&one, k) == 1));
        name(format!("several of {parts:?}"), Box::new(move |k| met(&several, k) > 1));
    }
    all
}

/// Whether classes are rows by columns, one row or one set of columns at least: what a filter leaves over.
fn is_cell(case: &Case, classes: Mask) -> bool {
    let columns = case.leaves[1];
    let of_row = |r: u32| classes >> (r * columns) & ((1 << columns) - 1);
    let rows: BTreeSet<Mask> = (0..case.leaves[0]).map(of_row).filter(|&m| m != 0).collect();
    case.tables.iter().any(|t| !t.scope.is_empty()) && rows.len() == 1
}

/// Printed parts of printed wholes along the categories of an axis.
fn families(case: &Case, sets: &BTreeSet<Mask>) -> BTreeSet<Vec<Mask>> {
    let mut all = BTreeSet::new();
    for table in case.tables.iter().filter(|t| case.measures[t.measure] == Measure::Persons) {
        for position in 0..table.len() {
            let at = table.entries_at(position);
            for (i, axis) in table.axes.iter().enumerate().filter(|(i, a)| a.entries[at[*i]].level == 0) {
                let part = |e: usize| {
                    let mut own = at.clone();
                    own[i] = e;
                    case.cell(table, table.position(&own))
                };
                let single = |e: &usize| axis.entries[*e].leaves.len() == 1;
                let parts: Vec<Mask> = (0..axis.entries.len()).filter(single).map(part).collect();
                let whole = case.cell(table, position);
                if parts.len() > 1 && sets.contains(&whole) && parts.iter().all(|p| sets.contains(p)) {
                    all.insert(parts);
                }
            }
        }
    }
    all
}

/// The truths that fit what is printed.
pub struct Truths<'a> {
    case: &'a Case,
    /// The kinds that no printed zero rules out.
    kinds: Vec<Mask>,
    program: Program,
    /// Truths that were found, as persons per kind.
    seen: Vec<Vec<i64>>,
}

impl<'a> Truths<'a> {
    pub fn new(case: &'a Case, printed: &[Printed]) -> Truths<'a> {
        let empty = printed.iter().filter(|p| p.value == 0).fold(0, |m, p| m | p.classes);
        let kinds: Vec<Mask> = (1..1 << case.classes()).filter(|k| k & empty == 0).collect();
        let column = Column { cost: 0.0, lo: 0.0, hi: 5_000.0, whole: true };
        // persons per kind, then records per class
        let records = if case.measures.contains(&Measure::Records) { case.classes() } else { 0 };
        let mut program = Program { columns: vec![column; kinds.len() + records], rows: vec![] };
        for class in 0..records {
            let own = (kinds.len() + class, -1.0);
            let of = |k: f64| kinds.iter().enumerate().filter(|(_, m)| *m >> class & 1 == 1).map(move |(i, _)| (i, k));
            program.rows.push(Row { lo: f64::NEG_INFINITY, hi: 0.0, terms: of(1.0).chain([own]).collect() });
            program.rows.push(Row { lo: 0.0, hi: f64::INFINITY, terms: of(5_000.0).chain([own]).collect() });
        }
        for cell in printed {
            let terms: Vec<(usize, f64)> = match cell.persons {
                true => (0..kinds.len()).filter(|&i| kinds[i] & cell.classes != 0).map(|i| (i, 1.0)).collect(),
                false => (0..records).filter(|c| cell.classes >> c & 1 == 1).map(|c| (kinds.len() + c, 1.0)).collect(),
            };
            let value = cell.value as f64;
            let (lo, hi) = if cell.published || cell.value == 0 { (value, value) } else { (1.0, f64::INFINITY) };
            program.rows.push(Row { lo, hi, terms });
        }
        let mut truth: BTreeMap<Mask, i64> = BTreeMap::new();
        case.persons.iter().for_each(|p| *truth.entry(Case::mask(p)).or_default() += 1);
        let seen = vec![kinds.iter().map(|k| truth.get(k).copied().unwrap_or(0)).collect()];
        Truths { case, kinds, program, seen }
    }

    /// How many persons of the truth belong to a group.
    pub fn value(&self, group: &Named) -> i64 {
        self.case.persons.iter().filter(|p| (group.holds)(Case::mask(p))).count() as i64
    }

    /// Whether a group can have this number.
    pub fn possible(&mut self, group: &Named, value: i64) -> bool {
        let members: Vec<usize> = (0..self.kinds.len()).filter(|&i| (group.holds)(self.kinds[i])).collect();
        if self.seen.iter().any(|t| members.iter().map(|&i| t[i]).sum::<i64>() == value) {
            return true;
        }
        let mut program = self.program.clone();
        let v = value as f64;
        program.rows.push(Row { lo: v, hi: v, terms: members.iter().map(|&i| (i, 1.0)).collect() });
        let answer = Highs.solve(&program, Effort { first: true, ..Effort::default() });
        match answer.status {
            Status::Infeasible => false,
            _ => {
                let whole: Vec<i64> = answer.columns.iter().map(|x| x.round() as i64).collect();
                assert!(fits(&program, &whole), "the solver found a truth");
                self.seen.push(whole[..self.kinds.len()].to_vec());
                true
            }
        }
    }
}

/// Whether whole numbers satisfy every row.
fn fits(program: &Program, whole: &[i64]) -> bool {
    let holds = |row: &Row| {
        let sum: f64 = row.terms.iter().map(|&(c, k)| k * whole[c] as f64).sum();
        (row.lo..=row.hi).contains(&sum)
    };
    whole.len() == program.columns.len() && whole.iter().all(|&n| n >= 0) && program.rows.iter().all(holds)
}
