//! Which axes of which tables are the same variable, and what its finest categories are.
//!
//! Axes are the same where their labels are, whatever their order; axes whose names differ ("victim sex", "suspect
//! sex") only where their margins agree as well. Bands of numbers are cut where any table cuts them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::figures::{Figures, Signs};
use super::lexicon::{is_year, key};
use super::margins::Margins;
use super::sides::Axis;
use super::tree::Known;
use super::words::is_unknown_label;

/// Categories, by their keys.
pub(crate) type Keys = BTreeSet<String>;

/// A variable of the draft.
#[derive(Clone, Debug, Default)]
pub(crate) struct Variable {
    /// What it is called.
    pub name: String,
    /// Its finest categories in the order in which they first stand.
    pub leaves: Vec<String>,
    /// The axes that are it: table and axis.
    pub axes: Vec<(usize, usize)>,
    /// Categories that are others of it together.
    joined: Vec<String>,
    /// The number of each leaf.
    numbers: HashMap<String, u32>,
    /// Where bands are cut; empty where its categories are no bands.
    cuts: BTreeSet<i64>,
}

/// All variables, and which one each axis is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Variables {
    /// The variables.
    pub all: Vec<Variable>,
    /// Per table, the variable of each axis.
    pub of: Vec<Vec<usize>>,
}

/// How the category is called that is left of one of which only some parts are told.
pub(crate) const REST: &str = ", the rest";

/// The finest categories in an entry of an axis, by their keys.
pub(crate) fn keys_of(axis: &Axis, entry: usize) -> Keys {
    let mut keys = Keys::new();
    collect(axis, entry, &mut keys, 0);
    keys
}

fn collect(axis: &Axis, entry: usize, keys: &mut Keys, depth: usize) {
    let Some(e) = axis.entries.get(entry).filter(|_| depth < 20) else { return };
    if e.children.is_empty() && e.includes.is_empty() {
        keys.insert(e.key.clone());
    }
    if !e.includes.is_empty() && e.children.is_empty() {
        keys.insert(format!("{}{REST}", e.key));
    }
    e.children.iter().chain(&e.includes).for_each(|&c| collect(axis, c, keys, depth + 1));
}

/// The finest categories of an axis: those of everything but a total that stands apart.
pub(crate) fn keys_of_all(axis: &Axis) -> Keys {
    let roots = axis.roots();
    let apart =
        |i: &usize| Some(*i) == axis.total || axis.entries.get(*i).is_some_and(|e| e.skips && e.children.is_empty());
    match axis.total {
        Some(total) if axis.entries.get(total).is_some_and(|e| !e.children.is_empty() || !e.includes.is_empty()) => {
            keys_of(axis, total)
        }
        _ => roots.iter().filter(|i| !apart(i)).flat_map(|&i| keys_of(axis, i)).collect(),
    }
}

impl Variables {
    /// Finds the variables of all tables.
    pub fn find(tables: &[Figures], signs: &Signs) -> Variables {
        let mut found = Variables { all: Vec::new(), of: vec![Vec::new(); tables.len()] };
        for (t, table) in tables.iter().enumerate() {
            for (a, axis) in table.axes.iter().enumerate() {
                let taken = found.of.get(t).cloned().unwrap_or_default();
                let same = (0..found.all.len()).find(|v| !taken.contains(v) && found.is(*v, tables, (t, a), signs));
                let v = same.unwrap_or_else(|| {
                    found.all.push(Variable::default());
                    found.all.len() - 1
                });
                found.join(v, (t, a), axis);
            }
        }
        for variable in &mut found.all {
            variable.take_apart();
            variable.cut(tables);
            variable.numbers = (0u32..).zip(&variable.leaves).map(|(n, leaf)| (leaf.clone(), n)).collect();
        }
        found
    }

    /// Whether an axis is a variable that was found before.
    fn is(&self, v: usize, tables: &[Figures], (t, a): (usize, usize), signs: &Signs) -> bool {
        let (Some(variable), Some(table)) = (self.all.get(v), tables.get(t)) else { return false };
        let Some(axis) = table.axes.get(a) else { return false };
        let said = |(t, a): (usize, usize)| tables.get(t).and_then(|t| t.given.get(a)).copied().unwrap_or(false);
        let names_agree = same_name(&variable.name, &axis.name);
        if said((t, a)) && variable.axes.iter().any(|x| said(*x)) {
            return key(&variable.name) == key(&axis.name);
        }
        let known: Keys = variable.leaves.iter().cloned().collect();
        let own = keys_of_all(axis);
        if !(alike(&known, &own) || names_agree && !axis.name.is_empty() && both_banded(&known, &own)) {
            return false;
        }
        names_agree || variable.axes.iter().any(|&(u, b)| margins_agree(tables, (u, b), (t, a), signs))
    }

    fn join(&mut self, v: usize, (t, a): (usize, usize), axis: &Axis) {
        let Some(variable) = self.all.get_mut(v) else { return };
        if variable.name.is_empty() {
            variable.name.clone_from(&axis.name);
        }
        let all = keys_of_all(axis);
        let ordered = axis.entries.iter().map(|e| e.key.clone()).chain(all.iter().cloned());
        let mut known: HashSet<String> = variable.leaves.iter().cloned().collect();
        for leaf in ordered.filter(|k| all.contains(k)) {
            if known.insert(leaf.clone()) {
                variable.leaves.push(leaf);
            }
        }
        variable.axes.push((t, a));
        if let Some(of) = self.of.get_mut(t) {
            of.push(v);
        }
    }

    /// The variable of an axis.
    pub fn variable(&self, table: usize, axis: usize) -> Option<usize> {
        self.of.get(table)?.get(axis).copied()
    }
}

impl Variable {
    /// "2013 or 2014" is both, where other tables tell them apart.
    fn take_apart(&mut self) {
        let all = self.leaves.clone();
        let (kept, joined) = all.iter().cloned().partition(|leaf| parts(leaf, &all).is_none());
        (self.leaves, self.joined) = (kept, joined);
    }

    /// Where tables group the same numbers differently, the leaves are the pieces between all cuts.
    fn cut(&mut self, tables: &[Figures]) {
        let mut partitions: Vec<Vec<(i64, i64)>> = Vec::new();
        for &(t, a) in &self.axes {
            let Some(axis) = tables.get(t).and_then(|t| t.axes.get(a)) else { return };
            let mut bands: Vec<(i64, i64)> = keys_of_all(axis).iter().filter_map(|k| band(k)).collect();
            bands.sort_unstable();
            if bands.windows(2).any(|w| w[1].0 <= w[0].1) {
                return;
            }
            partitions.push(bands);
        }
        partitions.sort();
        partitions.dedup();
        if partitions.len() < 2 {
            return;
        }
        self.cuts = partitions.iter().flatten().flat_map(|&(lo, hi)| [lo, hi.saturating_add(1)]).collect();
        let leaves = std::mem::take(&mut self.leaves);
        for leaf in leaves {
            for piece in self.pieces(&leaf) {
                if !self.leaves.contains(&piece) {
                    self.leaves.push(piece);
                }
            }
        }
    }

    /// The leaves of a category.
    pub fn pieces(&self, key: &str) -> Vec<String> {
        if self.joined.iter().any(|j| j == key) {
            return key.split(OR).flat_map(|part| self.pieces(part)).collect();
        }
        let Some((lo, hi)) = band(key).filter(|_| !self.cuts.is_empty()) else { return vec![key.to_owned()] };
        let inner = self.cuts.range(lo..=hi).copied();
        let mut starts: Vec<i64> = inner.collect();
        if starts.first() != Some(&lo) {
            starts.insert(0, lo);
        }
        let ends = starts.iter().skip(1).map(|s| s - 1).chain([hi]).collect::<Vec<_>>();
        starts
            .iter()
            .zip(ends)
            .map(|(lo, hi)| if hi == i64::MAX { format!("{lo} and over") } else { format!("{lo} to {hi}") })
            .collect()
    }

    /// The leaves of several categories.
    pub fn leaves_of(&self, keys: &Keys) -> Keys {
        keys.iter().flat_map(|k| self.pieces(k)).collect()
    }

    /// The numbers of some leaves.
    pub fn numbers(&self, leaves: &Keys) -> Vec<u32> {
        let mut numbers: Vec<u32> = leaves.iter().filter_map(|l| self.numbers.get(l).copied()).collect();
        numbers.sort_unstable();
        numbers
    }

    /// Whether its categories are years.
    pub fn is_time(&self) -> bool {
        !self.leaves.is_empty() && self.leaves.iter().all(|l| is_year(l))
    }
}

/// What stands between the categories that one label names.
const OR: &str = " or ";

/// The categories that a label names together, if all of them are others of a list.
fn parts<'a>(key: &'a str, all: &[String]) -> Option<Vec<&'a str>> {
    let parts: Vec<&str> = key.split(OR).collect();
    (parts.len() > 1 && parts.iter().all(|p| all.iter().any(|a| a == p))).then_some(parts)
}

/// A band of whole numbers: "under 10", "10 to 12", "13 and over", "9".
pub(crate) fn band(key: &str) -> Option<(i64, i64)> {
    let whole = |t: &str| t.trim().parse::<i64>().ok().filter(|n| (0..1000).contains(n));
    let bare = key
        .trim_start_matches("aged ")
        .trim_start_matches("age ")
        .trim_end_matches(" years")
        .trim_end_matches(" years old");
    if let Some(n) = ["under ", "below ", "less than ", "<"].iter().find_map(|w| bare.strip_prefix(w)).and_then(whole) {
        return Some((0, n.checked_sub(1)?));
    }
    if let Some(n) = [" and over", " and above", " or over", " or more", " plus", "+"]
        .iter()
        .find_map(|w| bare.strip_suffix(w))
        .and_then(whole)
    {
        return Some((n, i64::MAX));
    }
    if let Some(n) =
        [" and under", " or under", " and below", " or less"].iter().find_map(|w| bare.strip_suffix(w)).and_then(whole)
    {
        return Some((0, n));
    }
    if let Some(n) = ["over ", "above ", ">"].iter().find_map(|w| bare.strip_prefix(w)).and_then(whole) {
        return Some((n + 1, i64::MAX));
    }
    let (lo, hi) = bare.split_once(" to ").unwrap_or((bare, bare));
    let (lo, hi) = (whole(lo)?, whole(hi)?);
    (lo <= hi).then_some((lo, hi))
}

/// The label of neighbouring bands that become one: "Under 10" and "10 to 12" are "Under 13".
pub(crate) fn joined_label(labels: &[String]) -> Option<String> {
    let mut bands: Vec<(i64, i64)> = labels.iter().map(|l| band(&key(l))).collect::<Option<_>>()?;
    bands.sort_unstable();
    if bands.windows(2).any(|w| w[0].1.checked_add(1) != Some(w[1].0)) {
        return None;
    }
    let (lo, hi) = (bands.first()?.0, bands.last()?.1);
    Some(match (lo, hi) {
        (0, i64::MAX) => return None,
        (0, hi) => format!("Under {}", hi + 1),
        (lo, i64::MAX) => format!("{lo} and over"),
        (lo, hi) => format!("{lo} to {hi}"),
    })
}

/// Whether two names can be the same variable's.
fn same_name(a: &str, b: &str) -> bool {
    let (a, b) = (key(a), key(b));
    a.is_empty() || b.is_empty() || a == b || a.contains(&b) || b.contains(&a)
}

/// Whether two axes have most of their categories in common, those of what is not known aside.
fn alike(a: &Keys, b: &Keys) -> bool {
    let apart = |keys: &Keys, others: &Keys| -> Keys {
        let others: Vec<String> = others.iter().cloned().collect();
        keys.iter()
            .flat_map(|k| {
                parts(k, &others).map_or_else(|| vec![k.clone()], |p| p.into_iter().map(str::to_owned).collect())
            })
            .collect()
    };
    let (a, b) = (&apart(a, b), &apart(b, a));
    let named = |keys: &Keys| keys.iter().filter(|k| !is_unknown_label(k)).count();
    let shared = a.intersection(b).filter(|k| !is_unknown_label(k)).count();
    shared > 0 && shared * 2 > named(a).min(named(b))
}

/// Whether the categories of both are bands over the same numbers.
fn both_banded(a: &Keys, b: &Keys) -> bool {
    let span = |keys: &Keys| {
        let bands: Vec<(i64, i64)> = keys.iter().filter_map(|k| band(k)).collect();
        let rest = keys.iter().all(|k| band(k).is_some() || is_unknown_label(k));
        let (lo, hi) = (bands.iter().map(|b| b.0).min()?, bands.iter().map(|b| b.1).max()?);
        (rest && bands.len() > 1).then_some((lo, hi))
    };
    span(a).is_some() && span(a) == span(b)
}

/// Whether the margins of two axes agree wherever both are printed, and in two places at least.
fn margins_agree(tables: &[Figures], a: (usize, usize), b: (usize, usize), signs: &Signs) -> bool {
    let margin = |(t, x): (usize, usize)| tables.get(t).map(|f| Margins::new(f, signs).along(x)).unwrap_or_default();
    let (a, b): (BTreeMap<Keys, Known>, BTreeMap<Keys, Known>) = (margin(a), margin(b));
    let mut equal = 0;
    for (keys, known) in &a {
        match (known, b.get(keys)) {
            (Known::Exact(x), Some(Known::Exact(y))) if x != y => return false,
            (Known::Exact(x), Some(Known::Exact(_))) if *x != 0 => equal += 1,
            _ => {}
        }
    }
    equal >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bands in the words in which they are written.
    #[test]
    fn bands() {
        for (key, expect) in [
            ("under 10", Some((0, 9))),
            ("10 to 12", Some((10, 12))),
            ("13 and over", Some((13, i64::MAX))),
            ("17 and under", Some((0, 17))),
            ("65+", Some((65, i64::MAX))),
            ("9", Some((9, 9))),
            ("not recorded", None),
            ("2013", None),
        ] {
            assert_eq!(band(key), expect, "{key}");
        }
    }

    /// Bands are cut where any table cuts them.
    #[test]
    fn cuts() {
        let variable = Variable { cuts: BTreeSet::from([0, 10, 13]), ..Variable::default() };
        assert_eq!(variable.pieces("under 13"), ["0 to 9", "10 to 12"]);
        assert_eq!(variable.pieces("13 and over"), ["13 and over"]);
        assert_eq!(variable.pieces("not recorded"), ["not recorded"]);
    }
}
