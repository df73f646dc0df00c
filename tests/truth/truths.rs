//! What is true of a group, and what the policy's rules say of it: written a second time.

use std::collections::{BTreeMap, BTreeSet};

use super::bits::Bits;
use super::kinds::Kinds;
use super::world::{Measure, On, Policy, Protection, World, Zero};

/// Units that a reader can name: kinds of records, or of persons.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Group {
    /// What is counted; of sums the column.
    pub measure: Measure,
    /// Kinds of persons where persons are counted, else of records.
    pub set: Bits,
}

/// The records as numbers.
#[derive(Debug)]
pub struct Truth<'a> {
    world: &'a World,
    kinds: &'a Kinds,
    /// Per record: kind, person, contributor.
    rows: Vec<(usize, String, String)>,
    /// Per column of sums, its amounts per record, in units of the last decimal.
    amounts: BTreeMap<String, Vec<i64>>,
    /// Decimals of sums.
    pub decimals: u32,
}

impl<'a> Truth<'a> {
    pub fn new(world: &'a World, kinds: &'a Kinds) -> Self {
        let decimals =
            world.tables.iter().map(|t| if let Measure::Sum(_, d) = t.measure { d } else { 0 }).max().unwrap_or(0);
        let name = |row: &[String], column: &Option<String>| {
            column.as_ref().map_or(String::new(), |c| row[world.column(c)].clone())
        };
        let kept = || world.rows.iter().zip(&kinds.of_row).filter_map(|(r, k)| Some((r, (*k)?)));
        let rows = kept().map(|(r, k)| (k, name(r, &world.person), name(r, &world.contributor))).collect();
        let mut amounts = BTreeMap::new();
        for column in sum_columns(world) {
            let at = world.column(&column);
            amounts.insert(column, kept().map(|(r, _)| units(&r[at], decimals)).collect());
        }
        Truth { world, kinds, rows, amounts, decimals }
    }

    /// How many records of each kind there are.
    pub fn counts(&self) -> Vec<i64> {
        let mut counts = vec![0; self.kinds.records.len()];
        self.rows.iter().for_each(|r| counts[r.0] += 1);
        counts
    }

    /// How many persons of each kind there are.
    pub fn persons(&self) -> Vec<i64> {
        let mut counts = vec![0; self.kinds.persons.len()];
        self.kinds.of_person.iter().for_each(|k| counts[*k] += 1);
        counts
    }

    /// The amounts of a column per kind of records.
    pub fn sums(&self, column: &str) -> Vec<i64> {
        let mut sums = vec![0; self.kinds.records.len()];
        self.rows.iter().zip(&self.amounts[column]).for_each(|(r, a)| sums[r.0] += a);
        sums
    }

    /// The true number of a group, sums in units.
    pub fn number(&self, group: &Group) -> i64 {
        match &group.measure {
            Measure::Records => self.rows.iter().filter(|r| group.set.holds(r.0)).count() as i64,
            Measure::Persons => self.kinds.of_person.iter().filter(|k| group.set.holds(**k)).count() as i64,
            Measure::Sum(column, _) => {
                let rows = self.rows.iter().zip(&self.amounts[column]);
                rows.filter(|(r, _)| group.set.holds(r.0)).map(|(_, a)| a).sum()
            }
        }
    }

    /// How many persons are behind a group of records.
    fn people(&self, set: &Bits) -> i64 {
        self.rows.iter().filter(|r| set.holds(r.0)).map(|r| &r.1).collect::<BTreeSet<_>>().len() as i64
    }

    /// What each contributor to a sum has in it, the largest first.
    fn contributions(&self, set: &Bits, column: &str) -> Vec<i64> {
        let mut of: BTreeMap<&str, i64> = BTreeMap::new();
        for (r, a) in self.rows.iter().zip(&self.amounts[column]).filter(|(r, _)| set.holds(r.0)) {
            *of.entry(&r.2).or_default() += a;
        }
        let mut all: Vec<i64> = of.into_values().collect();
        all.sort_by_key(|a| -a);
        all
    }

    /// What must remain possible of a group; nothing where no rule calls it unsafe.
    pub fn wants(&self, group: &Group) -> Vec<Want> {
        let policy = &self.world.policy;
        let number = self.number(group);
        match &group.measure {
            Measure::Records => {
                let people = policy.threshold.is_some_and(|t| t.2 == On::Persons) && self.world.person.is_some();
                count_wants(policy, number, people.then(|| self.people(&group.set)))
            }
            Measure::Persons => count_wants(policy, number, None),
            Measure::Sum(column, _) => sum_wants(policy, number, &self.contributions(&group.set, column)),
        }
    }
}

/// What must be possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// This value.
    Value(i64),
    /// Values this far from each other.
    Spread(i64),
    AtMost(i64),
    AtLeast(i64),
}

/// A count is unsafe below the minimum, and where fewer persons than that are behind it.
fn count_wants(policy: &Policy, number: i64, people: Option<i64>) -> Vec<Want> {
    let Some((minimum, zero, _)) = policy.threshold else { return Vec::new() };
    let lowest = if zero == Zero::Unsafe { 0 } else { 1 };
    if number >= lowest && number < minimum {
        return match policy.protection {
            Protection::Exact => vec![Want::Spread(1)],
            Protection::Band => (lowest..minimum).map(Want::Value).collect(),
            Protection::Above => (lowest..minimum).map(Want::Value).chain([Want::AtLeast(minimum)]).collect(),
        };
    }
    match people {
        Some(p) if number > 0 && p < minimum => match policy.protection {
            Protection::Exact => vec![Want::Spread(1)],
            _ => vec![Want::Spread((minimum - 2).max(1))],
        },
        _ => Vec::new(),
    }
}

/// A sum is unsafe with too few contributors, where the second largest could estimate the largest, or a few have almost all.
fn sum_wants(policy: &Policy, number: i64, contributions: &[i64]) -> Vec<Want> {
    let mut wants = Vec::new();
    let largest = |n: usize| contributions.iter().take(n).sum::<i64>();
    let mut level = |over: i64, per: i64| {
        // over / per, rounded up
        let level = (over + per - 1).div_euclid(per);
        if level > 0 {
            wants.extend([Want::AtMost((number - level).max(0)), Want::AtLeast(number + level)]);
        }
    };
    if !contributions.is_empty() {
        if let Some((p, coalition)) = policy.p_percent {
            level(p * largest(1) - 100 * (number - largest(1 + coalition)), 100);
        }
        if let Some((n, k)) = policy.dominance {
            level(100 * largest(n) - k * number, k);
        }
    }
    if let Some((minimum, zero, On::Contributors)) = policy.threshold {
        let few = contributions.len() as i64;
        if few < minimum && (few > 0 || zero == Zero::Unsafe) {
            wants.push(Want::Spread(1));
        }
    }
    wants
}

/// Columns that the release adds up, and those that are parts of them.
pub fn sum_columns(world: &World) -> BTreeSet<String> {
    let summed = |t: &super::world::Table| if let Measure::Sum(c, _) = &t.measure { Some(c.clone()) } else { None };
    let mut all: BTreeSet<String> = world.tables.iter().filter_map(summed).collect();
    if let Some((whole, parts)) = &world.parts
        && all.contains(whole)
    {
        all.extend(parts.iter().cloned());
    }
    all
}

/// A number of the data in units of the last decimal.
fn units(text: &str, decimals: u32) -> i64 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let part: String = part.chars().chain(std::iter::repeat('0')).take(decimals as usize).collect();
    format!("{whole}{part}").parse().unwrap_or(0)
}
