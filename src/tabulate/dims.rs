//! Dimensions: classifiers made from the same columns share one, because an intruder knows how they hang together.

use std::collections::{BTreeSet, HashMap};

use crate::model::{DimId, Dimension, LeafSet};
use crate::read::Error;
use crate::spec::{Band, Classes, Source};

use super::classes::Classed;
use super::classify::{Classifier, Kind};

/// The dimensions and what their leaves are.
pub(super) struct Dims {
    /// The dimensions.
    pub dims: Vec<Dimension>,
    /// Per dimension, its classifiers.
    pub members: Vec<Vec<usize>>,
    /// Per dimension, the classes of each leaf, one per member; sorted.
    combinations: Vec<Vec<Vec<u32>>>,
    /// Per dimension, the leaf of each combination.
    leaf: Vec<HashMap<Vec<u32>, u32>>,
    /// Per classifier, its dimension and its place among the members.
    home: Vec<(DimId, usize)>,
}

/// More leaves than this in one dimension are a fault of the specification.
const MOST_LEAVES: usize = 1_000_000;

/// Joins classifiers to dimensions and finds the leaves.
pub(super) fn dimensions(classifiers: &[Classifier], classed: &[Classed]) -> Result<Dims, Error> {
    let mut dims = Dims {
        dims: Vec::new(),
        members: joined(classifiers),
        combinations: Vec::new(),
        leaf: Vec::new(),
        home: vec![(0, 0); classifiers.len()],
    };
    for (d, members) in dims.members.iter().enumerate() {
        let names: Vec<&str> = members.iter().map(|&m| classifiers[m].name.as_str()).collect();
        let combinations: Vec<Vec<u32>> = match members.as_slice() {
            [only] => (0..classed[*only].count).map(|c| vec![c]).collect(),
            several => combinations(classifiers, classed, several)
                .ok_or_else(|| {
                    Error::usage(format!("{} combine to too many groups", names.join(", ")))
                        .with_help("they are made from the same columns; leave one out, or make two releases")
                })?
                .into_iter()
                .collect(),
        };
        members.iter().enumerate().for_each(|(place, &m)| dims.home[m] = (d, place));
        dims.leaf.push(combinations.iter().cloned().zip(0..).collect());
        dims.dims.push(Dimension::new(names.join(", "), combinations.len() as u32));
        dims.combinations.push(combinations);
    }
    Ok(dims)
}

impl Dims {
    /// The dimension of a classifier.
    pub fn of(&self, classifier: usize) -> DimId {
        self.home[classifier].0
    }

    /// The leaf of a dimension that has these classes, one per member.
    pub fn leaf(&self, dim: DimId, classes: &[u32]) -> Option<u32> {
        self.leaf[dim].get(classes).copied()
    }

    /// The leaves whose class of this classifier is among `classes`.
    pub fn leaves(&self, classifier: usize, classes: &BTreeSet<u32>) -> LeafSet {
        let (dim, place) = self.home[classifier];
        let all = self.combinations[dim].iter().zip(0..);
        all.filter(|(c, _)| classes.contains(&c[place])).map(|(_, leaf)| leaf).collect()
    }
}

/// Groups of classifiers that share columns, directly or through others, in the order of their first members.
fn joined(classifiers: &[Classifier]) -> Vec<Vec<usize>> {
    let mut group: Vec<usize> = (0..classifiers.len()).collect();
    for a in 0..classifiers.len() {
        for b in 0..a {
            if classifiers[a].columns.iter().any(|c| classifiers[b].columns.contains(c)) && group[a] != group[b] {
                let (from, to) = (group[a].max(group[b]), group[a].min(group[b]));
                group.iter_mut().filter(|g| **g == from).for_each(|g| *g = to);
            }
        }
    }
    let mut members: Vec<Vec<usize>> = Vec::new();
    for first in 0..classifiers.len() {
        let own: Vec<usize> = (0..classifiers.len()).filter(|&c| group[c] == first).collect();
        if !own.is_empty() {
            members.push(own);
        }
    }
    members
}

/// The combinations of classes that can occur: those that do, and for a class without records all that are possible.
/// None where they are too many.
fn combinations(classifiers: &[Classifier], classed: &[Classed], members: &[usize]) -> Option<BTreeSet<Vec<u32>>> {
    let rows = classed[members[0]].of.len();
    let mut all: BTreeSet<Vec<u32>> =
        (0..rows).map(|row| members.iter().map(|&m| classed[m].of[row]).collect()).collect();
    let bands: Option<Vec<&[Band]>> = members.iter().map(|&m| bands_of_column(&classifiers[m])).collect();
    if let Some(bands) = bands {
        crossings(&bands, &mut all)?;
    }
    for (place, &m) in members.iter().enumerate() {
        let seen: BTreeSet<u32> = all.iter().map(|c| c[place]).collect();
        for class in classed[m].kept().filter(|c| !seen.contains(c)) {
            let choices: Vec<Vec<u32>> = (members.iter().enumerate())
                .map(|(p, &other)| if p == place { vec![class] } else { classed[other].kept().collect() })
                .collect();
            all.extend(product(&choices, |_| true)?);
        }
    }
    (all.len() <= MOST_LEAVES).then_some(all)
}

/// The bands of a classifier that is a column in bands.
fn bands_of_column<'a>(classifier: &Classifier<'a>) -> Option<&'a [Band]> {
    match classifier.kind {
        Kind::Variable(_, variable) => match (&variable.source, &variable.classes) {
            (Source::Column(_), Classes::Bands(bands)) => Some(bands),
            _ => None,
        },
        Kind::Filter(_) => None,
    }
}

/// Adds every combination of bands that have a number in common.
fn crossings(bands: &[&[Band]], all: &mut BTreeSet<Vec<u32>>) -> Option<()> {
    let choices: Vec<Vec<u32>> = bands.iter().map(|b| (0..b.len() as u32).collect()).collect();
    let meet = |chosen: &[u32]| {
        let picked = || chosen.iter().zip(bands).filter_map(|(&i, b)| b.get(i as usize));
        let from = picked().filter_map(|b| b.from).fold(f64::NEG_INFINITY, f64::max);
        let to = picked().filter_map(|b| b.to).fold(f64::INFINITY, f64::min);
        from <= to
    };
    all.extend(product(&choices, meet)?);
    Some(())
}

/// Every choice of one class each, built up only as far as `keep` holds for its beginning.
fn product(choices: &[Vec<u32>], keep: impl Fn(&[u32]) -> bool) -> Option<Vec<Vec<u32>>> {
    let mut made: Vec<Vec<u32>> = vec![Vec::new()];
    for choice in choices {
        let longer = made.iter().flat_map(|m| choice.iter().map(|&c| [m.as_slice(), &[c]].concat()));
        made = longer.filter(|m| keep(m)).take(MOST_LEAVES + 1).collect();
        if made.len() > MOST_LEAVES {
            return None;
        }
    }
    Some(made)
}
