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
    /// The categories of all its axes.
    known: HashSet<String>,
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
        let mut seen = Seen::default();
        let none = Keys::new();
        for (t, table) in tables.iter().enumerate() {
            for (a, axis) in table.axes.iter().enumerate() {
                let own = keys_of_all(axis);
                let taken = found.of.get(t).cloned().unwrap_or_default();
                let given = table.given.get(a).copied().unwrap_or(false);
                let like: Vec<usize> = seen.like(&own, given).into_iter().filter(|v| !taken.contains(v)).collect();
                let apart = table.apart == Some(a);
                let same = like
                    .into_iter()
                    .filter(|_| !apart)
                    .find(|&v| found.is(v, tables, ((t, a), &own), signs, &mut seen));
                let v = same.unwrap_or_else(|| {
                    found.all.push(Variable::default());
                    found.all.len() - 1
                });
                // the parts of one category are those of no other axis
                seen.take(v, if apart { &none } else { &own }, given && !apart);
                found.join(v, (t, a), axis, &own);
            }
        }
        for variable in &mut found.all {
            variable.take_apart();
            variable.cut(tables);
            variable.numbers = (0u32..).zip(&variable.leaves).map(|(n, leaf)| (leaf.clone(), n)).collect();
        }
        found
    }

    /// Whether an axis with these categories is a variable that was found before.
    fn is(
        &self,
        v: usize,
        tables: &[Figures],
        ((t, a), own): ((usize, usize), &Keys),
        signs: &Signs,
        seen: &mut Seen,
    ) -> bool {
        let (Some(variable), Some(table)) = (self.all.get(v), tables.get(t)) else { return false };
        let Some(axis) = table.axes.get(a) else { return false };
        let said = |(t, a): (usize, usize)| tables.get(t).and_then(|t| t.given.get(a)).copied().unwrap_or(false);
        let names_agree = same_name(&variable.name, &axis.name);
        if said((t, a)) && variable.axes.iter().any(|x| said(*x)) {
            return key(&variable.name) == key(&axis.name);
        }
        let Some(known) = seen.keys.get(v) else { return false };
        if !(alike(known, own) || names_agree && !axis.name.is_empty() && both_banded(known, own)) {
            return false;
        }
        names_agree || variable.axes.iter().any(|&at| seen.margins_agree(tables, at, (t, a), signs))
    }

    fn join(&mut self, v: usize, (t, a): (usize, usize), axis: &Axis, all: &Keys) {
        let Some(variable) = self.all.get_mut(v) else { return };
        if variable.name.is_empty() {
            variable.name.clone_from(&axis.name);
        }
        let ordered = axis.entries.iter().map(|e| &e.key).chain(all);
        for leaf in ordered.filter(|k| all.contains(*k)) {
            if variable.known.insert(leaf.clone()) {
                variable.leaves.push(leaf.clone());
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

/// What was found so far, by what an axis could have in common with it.
#[derive(Default)]
struct Seen {
    /// Per variable, its categories.
    keys: Vec<Keys>,
    /// Per category, the variables that have it; for "2013 or 2014" also by what it names together.
    by_key: HashMap<String, Vec<usize>>,
    /// The variables that have bands.
    banded: BTreeSet<usize>,
    /// The variables that a user named.
    given: BTreeSet<usize>,
    /// Margins that were looked at.
    margins: HashMap<(usize, usize), BTreeMap<Keys, Known>>,
}

impl Seen {
    /// The variables that an axis of these categories could be, in the order in which they were found.
    fn like(&self, own: &Keys, given: bool) -> BTreeSet<usize> {
        let named = own.iter().flat_map(|k| names_in(k)).filter(|k| !is_unknown_label(k));
        let mut like: BTreeSet<usize> = named.filter_map(|k| self.by_key.get(k)).flatten().copied().collect();
        if own.iter().any(|k| band(k).is_some()) {
            like.extend(&self.banded);
        }
        if given {
            like.extend(&self.given);
        }
        like
    }

    /// A variable has these categories as well.
    fn take(&mut self, v: usize, own: &Keys, given: bool) {
        if given {
            self.given.insert(v);
        }
        if self.keys.len() <= v {
            self.keys.resize_with(v + 1, Keys::new);
        }
        if own.iter().any(|k| band(k).is_some()) {
            self.banded.insert(v);
        }
        let Some(known) = self.keys.get_mut(v) else { return };
        for leaf in own {
            if known.insert(leaf.clone()) {
                for name in names_in(leaf) {
                    let of = self.by_key.entry(name.to_owned()).or_default();
                    if of.last() != Some(&v) {
                        of.push(v);
                    }
                }
            }
        }
    }

    /// Whether the margins of two axes agree wherever both are printed, and in two places at least.
    fn margins_agree(&mut self, tables: &[Figures], a: (usize, usize), b: (usize, usize), signs: &Signs) -> bool {
        for at in [a, b] {
            let of = || tables.get(at.0).map(|f| Margins::new(f, signs).along(at.1)).unwrap_or_default();
            self.margins.entry(at).or_insert_with(of);
        }
        self.margins.get(&a).zip(self.margins.get(&b)).is_some_and(|(a, b)| agree(a, b))
    }
}

/// A category, and what it names together.
fn names_in(key: &str) -> impl Iterator<Item = &str> {
    let parts = key.contains(OR).then(|| key.split(OR)).into_iter().flatten();
    std::iter::once(key).chain(parts)
}

impl Variable {
    /// "2013 or 2014" is both, where other tables tell them apart.
    fn take_apart(&mut self) {
        if !self.leaves.iter().any(|leaf| leaf.contains(OR)) {
            return;
        }
        let all: HashSet<&str> = self.leaves.iter().map(String::as_str).collect();
        let all = |part: &str| all.contains(part);
        let (kept, joined) = self.leaves.iter().cloned().partition(|leaf| parts(leaf, &all).is_none());
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
fn parts<'a>(key: &'a str, all: &dyn Fn(&str) -> bool) -> Option<Vec<&'a str>> {
    if !key.contains(OR) {
        return None;
    }
    let parts: Vec<&str> = key.split(OR).collect();
    (parts.len() > 1 && parts.iter().all(|p| all(p))).then_some(parts)
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
    let apart = |keys: &Keys, others: &Keys| -> Option<Keys> {
        let known = |part: &str| others.contains(part);
        let apart = |k: &String| {
            parts(k, &known).map_or_else(|| vec![k.clone()], |p| p.into_iter().map(str::to_owned).collect())
        };
        keys.iter().any(|k| k.contains(OR)).then(|| keys.iter().flat_map(apart).collect())
    };
    let (own, other) = (apart(a, b), apart(b, a));
    let (a, b) = (own.as_ref().unwrap_or(a), other.as_ref().unwrap_or(b));
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

/// Whether margins agree wherever both are printed, and in two places at least.
fn agree(a: &BTreeMap<Keys, Known>, b: &BTreeMap<Keys, Known>) -> bool {
    let mut equal = 0;
    for (keys, known) in a {
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
