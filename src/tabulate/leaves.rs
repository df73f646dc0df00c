//! The grouped records, added up by leaves and persons, in an order that does not depend on that of the records.

use std::collections::{BTreeMap, HashMap};

use crate::model::{Groups, Modulus, RecordKeys};
use crate::read::Error;

use super::classes::Classed;
use super::dims::Dims;
use super::group::Grouped;
use super::keys::Keys;
use super::value::Value;

/// Leaves of every dimension, and the person.
type Key<'a> = (Vec<u32>, Option<&'a Value>);

/// What falls in the same leaves and belongs to the same person.
struct Row {
    records: i64,
    sums: Vec<i64>,
    key: u128,
    weight: i64,
    /// Whether somebody has asked for protection.
    asked: bool,
}

/// Adds up rows that fall in the same leaves and belong to the same person. Somebody who is not named counts as a
/// person of his own for each record.
pub(super) fn groups(
    grouped: &Grouped,
    classed: &[Classed],
    dims: &Dims,
    keys: Option<&Keys>,
    notes: &mut Vec<String>,
) -> Result<Groups, Error> {
    let by_person = grouped.person.as_deref();
    let modulus = keys.map_or(Modulus::FULL, Keys::modulus);
    let mut rows: BTreeMap<Key, Row> = BTreeMap::new();
    for (row, &records) in grouped.records.iter().enumerate() {
        if records == 0 && grouped.sums.iter().all(|s| s[row] == 0) {
            continue;
        }
        let leaves = leaves_of(row, classed, dims)?;
        let person = by_person.and_then(|p| p[row].as_ref());
        let nothing = || Row { records: 0, sums: vec![0; grouped.sums.len()], key: 0, weight: 0, asked: false };
        let slot = rows.entry((leaves, person)).or_insert_with(nothing);
        slot.records += records;
        slot.sums.iter_mut().zip(&grouped.sums).for_each(|(total, s)| *total += s[row]);
        slot.asked |= grouped.asked.as_ref().is_some_and(|a| a[row]);
        slot.weight += grouped.weights.get(row).copied().unwrap_or(0);
        slot.key = modulus.add(slot.key, grouped.record_keys.as_ref().map_or(0, |k| k[row]));
    }
    let mut made = Made::new(dims.dims.len(), grouped.sums.len(), by_person.is_some(), keys);
    made.weighted = !grouped.weights.is_empty();
    for ((leaves, person), row) in rows {
        match (by_person, person) {
            (Some(_), None) => made.add_unnamed(&leaves, &row),
            _ => made.add(&leaves, person, &row),
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
    keys: Option<&'a Keys<'a>>,
    codes: HashMap<&'a Value, u32>,
    next: u32,
    unnamed: i64,
    weighted: bool,
}

impl<'a> Made<'a> {
    fn new(dims: usize, sums: usize, by_person: bool, keys: Option<&'a Keys<'a>>) -> Self {
        let groups = Groups {
            leaf: vec![Vec::new(); dims],
            records: Vec::new(),
            person: by_person.then(Vec::new),
            sums: vec![Vec::new(); sums],
            asked: Vec::new(),
            weights: Vec::new(),
            keys: keys.map(|keys| RecordKeys { modulus: keys.modulus(), ..RecordKeys::default() }),
            equations: Vec::new(),
            parts: Vec::new(),
        };
        Made { groups, keys, codes: HashMap::new(), next: 0, unnamed: 0, weighted: false }
    }

    fn add(&mut self, leaves: &[u32], person: Option<&'a Value>, row: &Row) {
        if let Some(person) = person {
            let code = match self.codes.get(person) {
                Some(&code) => code,
                None => {
                    let key = self.keys.and_then(|keys| keys.person(&person.code()));
                    let code = self.new_person(key);
                    self.codes.insert(person, code);
                    code
                }
            };
            self.groups.person.iter_mut().for_each(|p| p.push(code));
        }
        self.push(leaves, row.records, &row.sums, (row.key, row.weight));
        self.groups.asked.push(row.asked);
    }

    fn new_person(&mut self, key: Option<u128>) -> u32 {
        self.next += 1;
        if let (Some(keys), Some(key)) = (&mut self.groups.keys, key) {
            keys.persons.push(key);
        }
        self.next - 1
    }

    /// How a sum spreads over persons who are not named is not known: one of them may have contributed all of it. So it
    /// is with the key: the first has that of all of them.
    fn add_unnamed(&mut self, leaves: &[u32], row: &Row) {
        self.unnamed += row.records;
        let nothing = vec![0; row.sums.len()];
        let hashed = self.keys.is_some_and(|keys| keys.person("").is_some());
        for i in 0..row.records.max(1) {
            let (sums, key, weight) = if i == 0 { (&row.sums, row.key, row.weight) } else { (&nothing, 0, 0) };
            let code = self.new_person(hashed.then_some(key));
            self.groups.person.iter_mut().for_each(|p| p.push(code));
            self.push(leaves, row.records.min(1), sums, (key, weight));
            self.groups.asked.push(row.asked);
        }
    }

    fn push(&mut self, leaves: &[u32], records: i64, sums: &[i64], (key, weight): (u128, i64)) {
        self.groups.leaf.iter_mut().zip(leaves).for_each(|(column, &leaf)| column.push(leaf));
        self.groups.records.push(records);
        self.groups.sums.iter_mut().zip(sums).for_each(|(column, &sum)| column.push(sum));
        self.groups.keys.iter_mut().for_each(|keys| keys.groups.push(key));
        if self.weighted {
            self.groups.weights.push(weight);
        }
    }
}
