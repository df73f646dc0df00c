//! Two tables that may count the same cases: their titles say that they count the same things, or all that both print is equal,
//! but too little is printed in common to be sure. Then each figure of the one is that of the other.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{CellId, Relation};

use super::super::findings::Spot;
use super::super::reading::Reading;
use super::possible::Possible;

/// So many pairs of tables are looked at, those that stand near each other first.
const MOST_PAIRS: usize = 400;
/// So many become questions, at most.
const MOST_FOUND: usize = 24;
/// Tables with more figures in common than this are not compared.
const MOST_CORNERS: usize = 5_000;

/// What two tables have in common: the leaves of each shared variable, and the cell.
type Corners = BTreeMap<Vec<Vec<u32>>, CellId>;

/// Every such pair.
pub(crate) fn find(reading: &Reading, spot: &dyn Fn(usize, (usize, usize)) -> Spot) -> Vec<Possible> {
    let mut found = Vec::new();
    let mains: Vec<usize> = (0..reading.tables.len()).filter(|&t| plain(reading, t)).collect();
    let pairs = (1..mains.len()).flat_map(|gap| (gap..mains.len()).map(move |at| (at - gap, at)));
    for (a, b) in pairs.take(MOST_PAIRS) {
        let (Some(&a), Some(&b)) = (mains.get(a), mains.get(b)) else { continue };
        if found.len() == MOST_FOUND {
            break;
        }
        found.extend(pair(reading, a, b, spot));
    }
    found
}

/// Whether a table is one of the draft whose cases no user named.
fn plain(reading: &Reading, t: usize) -> bool {
    let main = reading.tables.get(t).is_some_and(|f| f.is_main() && f.parsed.running.is_empty());
    main && reading.cases_of(t).is_some_and(|c| !c.is_given() && !c.measure)
}

/// The cases at the root above those of a table.
fn root(reading: &Reading, t: usize) -> Option<usize> {
    let mut at = reading.cases.iter().position(|c| c.tables.contains(&t))?;
    for _ in 0..reading.cases.len() {
        match reading.cases.get(at)?.part_of {
            Some(whole) => at = whole,
            None => return Some(at),
        }
    }
    Some(at)
}

fn pair(reading: &Reading, a: usize, b: usize, spot: &dyn Fn(usize, (usize, usize)) -> Spot) -> Option<Possible> {
    let (first, second) = (reading.tables.get(a)?, reading.tables.get(b)?);
    if root(reading, a)? == root(reading, b)? || first.title.other_years(&second.title) {
        return None;
    }
    let same = first.title.same(&second.title);
    let shared: Vec<usize> = {
        let of = |t: usize| reading.variables.of.get(t).cloned().unwrap_or_default();
        let other: BTreeSet<usize> = of(b).into_iter().collect();
        of(a).into_iter().filter(|v| other.contains(v)).collect()
    };
    let (own, other) = (corners(reading, a, &shared)?, corners(reading, b, &shared)?);
    let (mut equal, mut relations) = (0usize, Vec::new());
    for (at, &x) in &own {
        let Some(&y) = other.get(at) else { continue };
        let (left, right) = (reading.known.domain(x), reading.known.domain(y));
        match (left.value(), right.value()) {
            (Some(p), Some(q)) if p != q => return None,
            (Some(p), Some(_)) => equal += usize::from(p > 0),
            _ if left.meet(right).is_empty() => return None,
            _ => relations.push(Relation::total(x, [y])),
        }
    }
    // tables of other things by the same years agree in one figure now and then
    let alike = same || equal > 1 || equal == 1 && first.title.is_empty() && second.title.is_empty();
    if relations.is_empty() || !alike {
        return None;
    }
    Some(Possible {
        asks: format!("Do \"{}\" and \"{}\" count the same cases?", first.name, second.name),
        said: format!("{} and {} may count the same cases; nothing more follows if they do", first.name, second.name),
        relations,
        spots: vec![spot(a, (0, 0)), spot(b, (0, 0))],
        ..Possible::default()
    })
}

/// The cells of a table by what they say of shared variables; all others are at their total.
fn corners(reading: &Reading, t: usize, shared: &[usize]) -> Option<Corners> {
    let axes = &reading.bound.system.tables.get(t)?.axes;
    let mut all: Vec<(Vec<Vec<u32>>, Vec<usize>)> = vec![(Vec::new(), Vec::new())];
    // the shared variables in their order, whatever the order of the axes
    let place = |v: usize| shared.iter().position(|s| *s == v);
    for axis in axes {
        let mut entries: Vec<(Option<usize>, usize)> = Vec::new();
        match place(axis.dim) {
            Some(_) => entries.extend((0..axis.entries.len()).map(|e| (Some(e), e))),
            None => entries.push((None, axis.entries.iter().position(|e| e.level == 0)?)),
        }
        if all.len().saturating_mul(entries.len()) > MOST_CORNERS {
            return None;
        }
        all = all
            .into_iter()
            .flat_map(|(key, at)| {
                entries.iter().map(move |&(named, e)| {
                    let (mut key, mut at) = (key.clone(), at.clone());
                    if let (Some(place), Some(n)) = (place(axis.dim), named) {
                        if key.len() <= place {
                            key.resize(place + 1, Vec::new());
                        }
                        if let (Some(slot), Some(entry)) = (key.get_mut(place), axis.entries.get(n)) {
                            let mut leaves = entry.leaves.clone();
                            leaves.sort_unstable();
                            *slot = leaves;
                        }
                    }
                    at.push(e);
                    (key, at)
                })
            })
            .collect();
    }
    Some(all.into_iter().filter_map(|(key, at)| Some((key, reading.bound.system.cell_at(t, &at)?))).collect())
}
