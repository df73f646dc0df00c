//! Dimensions: classifiers that say something of one another share one, because an intruder knows how they hang together:
//! those made from the same columns, and those of which the data or a person say that one nests in the other (`nesting`).
//!
//! A leaf of a dimension is a combination of classes, one per member. Which combinations there are:
//! 1. those that records have;
//! 2. those that follow from definitions: values listed for one column, bands with a number in common (`defined`), what
//!    expressions are for values of their columns (`reachable`);
//! 3. those that a table of two such variables prints although no record has them: nothing says that they are impossible, so
//!    they are zeros like any other and may have to be hidden;
//! 4. for a class without records that none of these mentions, every combination with the others. Where it really belongs
//!    nobody can tell, and it must not make groups differ that are equal: these leaves are *in doubt*, known to be empty.
//!
//! 5. those that a table prints and no record has of classes that nest, where zeros are published anyway: known to be empty as well.
//!
//! Every other combination is impossible, by definition or because `[facts]` says so.

use std::collections::{BTreeSet, HashMap};

use crate::model::{DimId, Dimension, LeafSet};
use crate::read::{Error, Records};
use crate::spec::{Spec, TableSpec};

use super::classes::Classed;
use super::classify::{Classifier, Kind, variable};
use super::defined::Definitions;
use super::group::Grouped;
use super::nesting::Nesting;
use super::reachable;

/// The dimensions and what their leaves are.
pub(super) struct Dims {
    /// The dimensions.
    pub dims: Vec<Dimension>,
    /// Per dimension, its classifiers.
    pub members: Vec<Vec<usize>>,
    /// Per classifier, the leaves of each class, in rising order.
    of_class: Vec<HashMap<u32, Vec<u32>>>,
    /// Per dimension, the leaf of each combination.
    leaf: Vec<HashMap<Vec<u32>, u32>>,
    /// Per classifier, its dimension and its place among the members.
    home: Vec<(DimId, usize)>,
    /// What of the combinations can't be told although it matters, because zeros may be hidden.
    pub unclear: Vec<String>,
}

/// More leaves than this in one dimension are a fault of the specification.
pub(super) const MOST_LEAVES: usize = 1_000_000;

/// What is known of the records and their classifiers.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub spec: &'a Spec,
    pub records: &'a Records,
    pub classifiers: &'a [Classifier<'a>],
    pub classed: &'a [Classed],
    pub grouped: &'a Grouped,
    pub nesting: &'a Nesting,
    /// Whether every zero of a count is published.
    pub zeros_published: bool,
}

/// Joins classifiers to dimensions and finds the leaves.
pub(super) fn dimensions(known: &Known) -> Result<Dims, Error> {
    let Known { spec, classifiers, nesting, .. } = *known;
    let mut dims = Dims {
        dims: Vec::new(),
        members: joined(spec, classifiers, nesting),
        of_class: vec![HashMap::new(); classifiers.len()],
        leaf: Vec::new(),
        home: vec![(0, 0); classifiers.len()],
        unclear: Vec::new(),
    };
    for (d, members) in dims.members.iter().enumerate() {
        let names: Vec<&str> = members.iter().map(|&m| classifiers[m].name.as_str()).collect();
        let too_many = || {
            Error::usage(format!("{} combine to too many groups", names.join(", ")))
                .with_help("they are made from the same columns; leave one out, or make two releases")
        };
        let found = match members.as_slice() {
            [only] => Combinations::of_one(known, *only)?,
            several => Combinations::of(known, several)?.ok_or_else(too_many)?,
        };
        members.iter().enumerate().for_each(|(place, &m)| dims.home[m] = (d, place));
        dims.unclear.extend(found.unclear);
        dims.leaf.push(found.all.iter().cloned().zip(0..).collect());
        let mut dimension = Dimension::new(names.join(", "), found.all.len() as u32);
        dimension.doubtful =
            found.all.iter().zip(0..).filter(|(c, _)| found.doubtful.contains(*c)).map(|c| c.1).collect();
        dims.dims.push(dimension);
        for (classes, leaf) in found.all.iter().zip(0..) {
            for (&class, &m) in classes.iter().zip(members) {
                dims.of_class[m].entry(class).or_default().push(leaf);
            }
        }
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
        let of_class = |class: &u32| self.of_class[classifier].get(class);
        let mut leaves: Vec<u32> = classes.iter().filter_map(of_class).flatten().copied().collect();
        leaves.sort_unstable();
        leaves.into_iter().collect()
    }
}

/// Groups of classifiers that share columns or nest, directly or through others, in the order of their first members.
fn joined(spec: &Spec, classifiers: &[Classifier], nesting: &Nesting) -> Vec<Vec<usize>> {
    let mut group: Vec<usize> = (0..classifiers.len()).collect();
    for a in 0..classifiers.len() {
        for b in 0..a {
            let shared = classifiers[a].columns.iter().any(|c| classifiers[b].columns.contains(c));
            let facts =
                variable(&classifiers[a]).zip(variable(&classifiers[b])).is_some_and(|(a, b)| spec.facts.exclude(a, b));
            if (shared || facts || nesting.binds(a, b) || nesting.empties(a, b)) && group[a] != group[b] {
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

/// The combinations of classes of the members of a dimension.
struct Combinations {
    all: BTreeSet<Vec<u32>>,
    /// Those that are known to be empty, whatever else may be unknown.
    doubtful: BTreeSet<Vec<u32>>,
    /// What can't be told of them although it matters.
    unclear: Option<String>,
}

impl Combinations {
    fn of_one(known: &Known, member: usize) -> Result<Combinations, Error> {
        let classed = &known.classed[member];
        let mut all: BTreeSet<Vec<u32>> = (0..classed.count).map(|c| vec![c]).collect();
        // a condition that holds for every record there can be leaves nothing out
        if let (Kind::Filter(_), Some(0)) = (known.classifiers[member].kind, classed.records.get(1))
            && let Some(found) = reachable::combinations(known, &[member])?
            && found.open.is_empty()
        {
            all.retain(|c| c.as_slice() == [0] || found.combinations.contains(c));
        }
        Ok(Combinations { all, doubtful: BTreeSet::new(), unclear: None })
    }

    /// None where they are too many.
    fn of(known: &Known, members: &[usize]) -> Result<Option<Combinations>, Error> {
        let Known { spec, classifiers, classed, nesting, .. } = *known;
        let rows = classed[members[0]].of.len();
        let observed: BTreeSet<Vec<u32>> =
            (0..rows).map(|row| members.iter().map(|&m| classed[m].of[row]).collect()).collect();
        let Some(definitions) = Definitions::of(known, members)? else { return Ok(None) };
        let mut all = observed.clone();
        let homes = nesting.homes(&observed, members);
        all.extend(definitions.combinations.iter().filter(|c| homes.allow(c)).cloned());
        let possible = |chosen: &[u32]| possible(&all, &definitions, nesting, members, chosen);
        let kept: Vec<Vec<u32>> = members.iter().map(|&m| classed[m].kept().collect()).collect();
        let mut more = BTreeSet::new();
        for (i, j) in free(spec, classifiers, members) {
            if definitions.decide(i, j) || nesting.binds(members[i], members[j]) {
                continue;
            }
            let seen: BTreeSet<(u32, u32)> = all.iter().map(|c| (c[i], c[j])).collect();
            let Some(made) = product(&kept, possible) else { return Ok(None) };
            more.extend(made.into_iter().filter(|c| !seen.contains(&(c[i], c[j]))));
        }
        let mut doubtful = known_empty(&observed, all.iter().chain(&more), nesting, members);
        if definitions.unclear.is_some() && known.zeros_published && !definitions.reached {
            doubtful.extend(more.iter().cloned());
        }
        if known.zeros_published {
            doubtful.extend(definitions.guessed.iter().filter(|c| all.contains(*c)).cloned());
        }
        for (place, &m) in members.iter().enumerate() {
            let seen: BTreeSet<u32> = all.iter().chain(&more).map(|c| c[place]).collect();
            // no table is about the records that a filter leaves out: where there can be none, there is nothing to be placed
            let left_out = |class: u32| definitions.reached && class == 1 && variable(&classifiers[m]).is_none();
            for class in classed[m].kept().filter(|c| !seen.contains(c) && !left_out(*c)) {
                let mut choices = kept.clone();
                choices[place] = vec![class];
                let Some(made) = product(&choices, |_| true) else { return Ok(None) };
                doubtful.extend(made);
            }
        }
        all.extend(more);
        doubtful.retain(|c| !observed.contains(c));
        all.extend(doubtful.iter().cloned());
        let unclear = definitions.unclear.filter(|_| !known.zeros_published);
        Ok((all.len() <= MOST_LEAVES).then_some(Combinations { all, doubtful, unclear }))
    }
}

/// Combinations that go against what records show of classes that nest.
fn known_empty<'c>(
    observed: &BTreeSet<Vec<u32>>,
    all: impl Iterator<Item = &'c Vec<u32>> + Clone,
    nesting: &Nesting,
    members: &[usize],
) -> BTreeSet<Vec<u32>> {
    let places = (0..members.len()).flat_map(|j| (0..j).map(move |i| (i, j)));
    let mut found = BTreeSet::new();
    for (i, j) in places.filter(|&(i, j)| nesting.empties(members[i], members[j])) {
        let seen: BTreeSet<(u32, u32)> = observed.iter().map(|c| (c[i], c[j])).collect();
        found.extend(all.clone().filter(|c| !seen.contains(&(c[i], c[j]))).cloned());
    }
    found
}

/// Whether the beginning of a combination goes against no definition and no nesting.
fn possible(
    all: &BTreeSet<Vec<u32>>,
    definitions: &Definitions,
    nesting: &Nesting,
    members: &[usize],
    chosen: &[u32],
) -> bool {
    let Some(last) = chosen.len().checked_sub(1) else { return true };
    !definitions.rule_out(chosen)
        && (0..last).all(|i| {
            let bound = definitions.decide(i, last) || nesting.binds(members[i], members[last]);
            !bound || all.iter().any(|c| c[i] == chosen[i] && c[last] == chosen[last])
        })
}

/// The places of members whose combinations are free: one table uses both (on its axes, or as the part that it is about), so
/// that it prints how they combine; or only `[facts]` joins them.
fn free(spec: &Spec, classifiers: &[Classifier], members: &[usize]) -> Vec<(usize, usize)> {
    let uses = |table: &TableSpec, m: usize| match classifiers[m].kind {
        Kind::Variable(v, _) => table.axes.iter().any(|a| a.0 == v) || table.only.iter().any(|o| o.0 == v),
        Kind::Filter(sql) => table.filter.as_ref().is_some_and(|filter| filter.text == sql.text),
    };
    let together = |a: usize, b: usize| spec.tables.iter().any(|table| uses(table, a) && uses(table, b));
    let excluded = |a: usize, b: usize| {
        let variables = variable(&classifiers[a]).zip(variable(&classifiers[b]));
        variables.is_some_and(|(a, b)| spec.facts.exclude(a, b))
    };
    let mut pairs = Vec::new();
    for j in 0..members.len() {
        for i in 0..j {
            let (a, b) = (members[i], members[j]);
            if together(a, b) || excluded(a, b) {
                pairs.push((i, j));
            }
        }
    }
    pairs
}

/// Every choice of one class each, built up only as far as `keep` holds for its beginning; none where they are too many.
pub(super) fn product(choices: &[Vec<u32>], keep: impl Fn(&[u32]) -> bool) -> Option<Vec<Vec<u32>>> {
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
