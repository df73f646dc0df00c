//! The grouped records, added up by leaves and persons, in an order that does not depend on that of the records.

use std::collections::{BTreeMap, HashMap};

use crate::model::Groups;
use crate::read::Error;

use super::classes::Classed;
use super::dims::Dims;
use super::group::Grouped;
use super::value::Value;

/// Leaves of every dimension, and the person.
type Key<'a> = (Vec<u32>, Option<&'a Value>);

/// Adds up rows that fall in the same leaves and belong to the same person. Somebody who is not named counts as a
/// person of his own for each record.
pub(super) fn groups(
    grouped: &Grouped,
    classed: &[Classed],
    dims: &Dims,
    notes: &mut Vec<String>,
) -> Result<Groups, Error> {
    let by_person = grouped.person.as_deref();
    let mut rows: BTreeMap<Key, (i64, Vec<i64>)> = BTreeMap::new();
    for (row, &records) in grouped.records.iter().enumerate() {
        if records == 0 && grouped.sums.iter().all(|s| s[row] == 0) {
            continue;
        }
        let leaves = leaves_of(row, classed, dims)?;
        let person = by_person.and_then(|p| p[row].as_ref());
        let slot = rows.entry((leaves, person)).or_insert_with(|| (0, vec![0; grouped.sums.len()]));
        slot.0 += records;
        slot.1.iter_mut().zip(&grouped.sums).for_each(|(total, s)| *total += s[row]);
    }
    let mut made = Made::new(dims.dims.len(), grouped.sums.len(), by_person.is_some());
    for ((leaves, person), (records, sums)) in rows {
        match (by_person, person) {
            (Some(_), None) => made.add_unnamed(&leaves, records, &sums),
            _ => made.add(&leaves, person, records, &sums),
        }
    }
    if made.unnamed > 0 {
        let n = made.unnamed;
        notes.push(match n {
            1 => "1 record names no person; it counts as a person of its own".to_owned(),
            _ => format!("{n} records name no person; each counts as a person of its own"),
        });
    }
    Ok(made.groups)
}

fn leaves_of(row: usize, classed: &[Classed], dims: &Dims) -> Result<Vec<u32>, Error> {
    let leaf = |(d, members): (usize, &Vec<usize>)| {
        let classes: Vec<u32> = members.iter().map(|&m| classed[m].of[row]).collect();
        dims.leaf(d, &classes).ok_or_else(|| Error::internal("a group of records has no leaf"))
    };
    dims.members.iter().enumerate().map(leaf).collect()
}

/// The groups made so far.
struct Made<'a> {
    groups: Groups,
    codes: HashMap<&'a Value, u32>,
    next: u32,
    unnamed: i64,
}

impl<'a> Made<'a> {
    fn new(dims: usize, sums: usize, by_person: bool) -> Self {
        let groups = Groups {
            leaf: vec![Vec::new(); dims],
            records: Vec::new(),
            person: by_person.then(Vec::new),
            sums: vec![Vec::new(); sums],
        };
        Made { groups, codes: HashMap::new(), next: 0, unnamed: 0 }
    }

    fn add(&mut self, leaves: &[u32], person: Option<&'a Value>, records: i64, sums: &[i64]) {
        if let Some(person) = person {
            let code = *self.codes.entry(person).or_insert_with(|| {
                self.next += 1;
                self.next - 1
            });
            self.groups.person.iter_mut().for_each(|p| p.push(code));
        }
        self.push(leaves, records, sums);
    }

    /// How a sum spreads over persons who are not named is not known: one of them may have contributed all of it.
    fn add_unnamed(&mut self, leaves: &[u32], records: i64, sums: &[i64]) {
        self.unnamed += records;
        let nothing = vec![0; sums.len()];
        for i in 0..records.max(1) {
            let code = self.next;
            self.next += 1;
            self.groups.person.iter_mut().for_each(|p| p.push(code));
            self.push(leaves, records.min(1), if i == 0 { sums } else { &nothing });
        }
    }

    fn push(&mut self, leaves: &[u32], records: i64, sums: &[i64]) {
        self.groups.leaf.iter_mut().zip(leaves).for_each(|(column, &leaf)| column.push(leaf));
        self.groups.records.push(records);
        self.groups.sums.iter_mut().zip(sums).for_each(|(column, &sum)| column.push(sum));
    }
}
