//! Everything that a reader knows, as rows over kinds: what is printed, and what follows without being told.

use super::bits::Bits;
use super::kinds::Kinds;
use super::printed::{Cell, Figure, MOST, Said};
use super::truths::{Group, Truth, sum_columns};
use super::world::{Measure, World, Zero};

/// `lo <= Σ coefficient · variable <= hi`.
#[derive(Clone, Debug)]
pub struct Row {
    pub terms: Vec<(usize, i64)>,
    pub lo: i64,
    pub hi: i64,
    /// The cell that says so.
    pub cell: Option<usize>,
}

/// What is known. Every variable is a whole number of at least 0.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Whether a variable must be taken for whole by a solver: counts.
    pub whole: Vec<bool>,
    pub rows: Vec<Row>,
    pub truth: Vec<i64>,
}

/// Which variables stand for what.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    records: Option<usize>,
    persons: Option<usize>,
    sums: Vec<(String, usize)>,
    kinds: usize,
    person_kinds: usize,
    parts: Option<(String, Vec<String>)>,
}

/// How much is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Printed {
    /// What the release prints.
    AsReleased,
    /// Nothing that could be withheld: what is not possible even then can't be hidden.
    AsLittleAsPossible,
}

impl Frame {
    /// The variables of a world.
    pub fn new(world: &World, kinds: &Kinds) -> Frame {
        let has = |f: fn(&Measure) -> bool| world.tables.iter().any(|t| f(&t.measure));
        let mut next = 0;
        let mut take = |n: usize| {
            next += n;
            next - n
        };
        let (k, p) = (kinds.records.len(), kinds.persons.len());
        let records = has(|m| *m == Measure::Records).then(|| take(k));
        let persons = has(|m| *m == Measure::Persons).then(|| take(p));
        let parts = world.parts.clone();
        let whole = parts.as_ref().map(|p| p.0.clone());
        let sums = sum_columns(world).into_iter().filter(|c| Some(c) != whole.as_ref()).map(|c| (c, take(k))).collect();
        Frame { records, persons, sums, kinds: k, person_kinds: p, parts }
    }

    /// A group as a sum of variables.
    pub fn form(&self, group: &Group) -> Vec<(usize, i64)> {
        let base: Vec<usize> = match &group.measure {
            Measure::Records => self.records.into_iter().collect(),
            Measure::Persons => self.persons.into_iter().collect(),
            Measure::Sum(column, _) => {
                let own = match &self.parts {
                    Some((whole, parts)) if whole == column => parts.clone(),
                    _ => vec![column.clone()],
                };
                self.sums.iter().filter(|s| own.contains(&s.0)).map(|s| s.1).collect()
            }
        };
        base.iter().flat_map(|b| group.set.iter().map(move |k| (b + k, 1))).collect()
    }

    /// The group of a cell: of persons, those of whom some record is in it.
    pub fn group(&self, kinds: &Kinds, cell: &Cell) -> Group {
        match &cell.measure {
            Measure::Records => Group { measure: Measure::Records, set: cell.set.clone() },
            Measure::Sum(c, _) => Group { measure: Measure::Sum(c.clone(), 0), set: cell.set.clone() },
            Measure::Persons => {
                let joints = Bits::of(cell.set.iter().filter_map(|k| kinds.records[k].joint[cell.table]));
                Group { measure: Measure::Persons, set: with_any(kinds, &joints) }
            }
        }
    }
}

/// Kinds of persons with a record in one of these joint cells.
pub fn with_any(kinds: &Kinds, joints: &Bits) -> Bits {
    Bits::of((0..kinds.persons.len()).filter(|p| kinds.persons[*p].meets(joints)))
}

impl Reader {
    /// What is known of a release.
    pub fn new(
        world: &World,
        kinds: &Kinds,
        frame: &Frame,
        truth: &Truth,
        cells: &[Cell],
        said: Said,
        printed: Printed,
    ) -> Reader {
        let mut whole =
            vec![true; frame.records.map_or(0, |_| frame.kinds) + frame.persons.map_or(0, |_| frame.person_kinds)];
        let mut values = Vec::new();
        if frame.records.is_some() {
            values.extend(truth.counts());
        }
        if frame.persons.is_some() {
            values.extend(truth.persons());
        }
        for (column, _) in &frame.sums {
            values.extend(truth.sums(column));
        }
        whole.resize(values.len(), false);
        let mut reader = Reader { whole, rows: Vec::new(), truth: values };
        for (c, cell) in cells.iter().enumerate() {
            let terms = frame.form(&frame.group(kinds, cell));
            let unit = if let Measure::Sum(_, d) = cell.measure { 10i64.pow(truth.decimals - d) } else { 1 };
            let counted = !matches!(cell.measure, Measure::Sum(..));
            let (lo, hi) = match (printed, cell.figure) {
                (Printed::AsReleased, Figure::Known(lo, hi)) => (lo * unit, hi * unit),
                (Printed::AsLittleAsPossible, Figure::Known(0, 0)) if counted && world.policy.zero() == Zero::Show => {
                    (0, 0)
                }
                _ if counted && said.never_zero => (1, MOST),
                _ => continue,
            };
            if terms.is_empty() {
                continue;
            }
            reader.rows.push(Row { terms, lo, hi, cell: Some(c) });
        }
        reader.common_sense(kinds, frame);
        reader.drop_zeros();
        reader
    }

    /// No records, no sum, and no persons; n records are at most n persons; records have a person.
    fn common_sense(&mut self, kinds: &Kinds, frame: &Frame) {
        let most = 10 * self.truth.iter().sum::<i64>() + 1000;
        let mut rows = Vec::new();
        let mut row = |terms: Vec<(usize, i64)>, lo: i64, hi: i64| rows.push(Row { terms, lo, hi, cell: None });
        for k in 0..frame.kinds {
            let own = |base: usize| {
                let of = Bits::of([kinds.joints + k]);
                let has = move |p: &usize| kinds.persons[*p].meets(&of);
                (0..frame.person_kinds).filter(has).map(move |p| base + p)
            };
            if let (Some(records), Some(persons)) = (frame.records, frame.persons) {
                row([(records + k, 1)].into_iter().chain(own(persons).map(|p| (p, -1))).collect(), 0, MOST);
                row([(records + k, 1)].into_iter().chain(own(persons).map(|p| (p, -1000))).collect(), -MOST, 0);
            }
            for (_, sum) in &frame.sums {
                if let Some(records) = frame.records {
                    row(vec![(sum + k, 1), (records + k, -most)], -MOST, 0);
                } else if let Some(persons) = frame.persons {
                    row([(sum + k, 1)].into_iter().chain(own(persons).map(|p| (p, -most))).collect(), -MOST, 0);
                }
            }
        }
        self.rows.extend(rows);
    }

    /// Nothing is below 0, so the parts of a zero are zeros: they are left out of the rows.
    fn drop_zeros(&mut self) {
        let mut zero = vec![false; self.truth.len()];
        loop {
            let mut changed = false;
            for row in &self.rows {
                let left = || row.terms.iter().filter(|t| !zero[t.0]);
                if row.hi == 0 && left().all(|t| t.1 > 0) {
                    let new: Vec<usize> = left().map(|t| t.0).collect();
                    changed |= !new.is_empty();
                    new.into_iter().for_each(|v| zero[v] = true);
                }
            }
            if !changed {
                break;
            }
        }
        for row in &mut self.rows {
            row.terms.retain(|t| !zero[t.0]);
        }
        self.rows.retain(|r| !r.terms.is_empty() || r.lo > 0 || r.hi < 0);
        let fixed = zero.iter().enumerate().filter(|z| *z.1).map(|z| z.0);
        self.rows.extend(fixed.map(|v| Row { terms: vec![(v, 1)], lo: 0, hi: 0, cell: None }));
    }

    /// The first row that the truth breaks: then something that is printed or said is false.
    pub fn falsehood(&self) -> Option<&Row> {
        self.rows.iter().find(|r| {
            let sum: i64 = r.terms.iter().map(|(v, k)| k * self.truth[*v]).sum();
            sum < r.lo || sum > r.hi
        })
    }
}
