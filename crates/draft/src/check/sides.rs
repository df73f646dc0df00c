//! From the labels of one side of a table to its axes.
//!
//! One label per line is one axis. Two are either two variables that cross (each year by sex) or the groups of one
//! variable (areas within regions): they cross where the inner labels repeat.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::lexicon::key;
use super::table::Head;
use super::words::total_word;

/// A category, subtotal or total of an axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Entry {
    /// The label as typed.
    pub label: String,
    /// The label for comparing.
    pub key: String,
    /// What adds up to it; empty for a category.
    pub children: Vec<usize>,
    /// Categories that are a part of it, beside others that are not told.
    pub includes: Vec<usize>,
    /// Its figures leave out what is withheld, so they are no totals of all cases.
    pub skips: bool,
    /// Whether a line of the table is about it.
    pub shown: bool,
    /// Depth of indentation.
    pub indent: usize,
    /// What else says how deep it stands.
    pub level: usize,
    /// The code that stands before its label in a column of codes.
    pub code: String,
}

impl Entry {
    fn of(label: &str, indent: usize) -> Entry {
        Entry { label: label.to_owned(), key: key(label), shown: true, indent, ..Entry::default() }
    }

    /// Whether its label is that of a total.
    pub fn is_total_word(&self) -> bool {
        total_word(&self.key).is_some()
    }
}

/// One variable on one side of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Axis {
    /// What the labels are of; may be empty.
    pub name: String,
    /// Its categories and totals as they stand.
    pub entries: Vec<Entry>,
    /// The entry that is the sum of all others, if there is one.
    pub total: Option<usize>,
    /// A user said which entry that is, or that there is none.
    pub settled: bool,
    /// More breakdowns of entries than the one on the axis; each becomes a table of its own.
    pub layers: Vec<Layer>,
    /// What the first breakdown is of, where there are several and a heading says so.
    pub first_name: Option<String>,
    /// Sums that labels suggest, and that nothing confirms.
    pub maybe: Vec<Maybe>,
}

/// An entry that may be the sum of others.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Maybe {
    /// The entry.
    pub whole: usize,
    /// What may be its parts.
    pub parts: Vec<usize>,
    /// There may be others that are not told.
    pub open: bool,
}

/// Another breakdown of an entry of an axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Layer {
    /// The entry.
    pub parent: usize,
    /// Its parts.
    pub parts: Vec<usize>,
    /// There are other parts that are not told.
    pub open: bool,
    /// What it is by, where a heading says so.
    pub name: String,
}

/// An axis in the making, with its entries by their keys.
struct Making {
    axis: Axis,
    numbers: HashMap<String, usize>,
}

impl Making {
    fn new(name: String) -> Making {
        Making { axis: Axis { name, ..Axis::default() }, numbers: HashMap::new() }
    }

    /// The entry of a label; a new one where there is none.
    fn entry(&mut self, label: &str, indent: usize) -> usize {
        self.find(label, || Entry::of(label, indent))
    }

    fn find(&mut self, label: &str, new: impl FnOnce() -> Entry) -> usize {
        let entries = &mut self.axis.entries;
        *self.numbers.entry(key(label)).or_insert_with(|| {
            entries.push(new());
            entries.len() - 1
        })
    }

    /// A line of the table is about an entry.
    fn show(&mut self, entry: usize) {
        if let Some(entry) = self.axis.entries.get_mut(entry) {
            entry.shown = true;
        }
    }
}

impl Axis {
    /// The entries that are no parts of another.
    pub fn roots(&self) -> Vec<usize> {
        let mut part = vec![false; self.entries.len()];
        let layered = self.layers.iter().flat_map(|l| &l.parts);
        for &i in self.entries.iter().flat_map(|e| e.children.iter().chain(&e.includes)).chain(layered) {
            if let Some(slot) = part.get_mut(i) {
                *slot = true;
            }
        }
        part.iter().enumerate().filter(|(_, part)| !**part).map(|(i, _)| i).collect()
    }
}

/// The axes of a side, and where each of its lines stands on them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Side {
    /// The axes, outermost first.
    pub axes: Vec<Axis>,
    /// Per line, the entry on each axis.
    pub lines: Vec<Vec<usize>>,
}

/// The side that these lines make; `names` are the names of the variables, outermost first.
pub(crate) fn side(heads: &[Head], names: &[String]) -> Side {
    let name = |i: usize| names.get(i).cloned().unwrap_or_default();
    if let [only] = heads
        && only.path.iter().all(|l| total_word(&key(l)).is_some())
    {
        // the one column of totals that a list has
        return Side { axes: Vec::new(), lines: vec![Vec::new()] };
    }
    if let Some(side) = coded(heads, name(names.len().saturating_sub(1))) {
        return side;
    }
    let groups = groups(heads);
    if groups.is_empty() {
        return plain(heads, name(names.len().saturating_sub(1)));
    }
    if crosses(&groups) { crossed(heads, name(0), name(1)) } else { nested(heads, name(names.len().saturating_sub(1))) }
}

/// A column of codes ("C00-D48") before the labels, each once: they are no groups.
fn coded(heads: &[Head], name: String) -> Option<Side> {
    let code = |t: &str| t.len() < 12 && t.chars().any(|c| c.is_ascii_digit()) && !t.contains(' ');
    let stretch = |t: &str| code(t) && t.chars().any(char::is_alphabetic) && t.contains(['-', '\u{2013}']);
    let outer: Vec<&String> = heads.iter().filter(|h| h.path.len() == 2).filter_map(|h| h.path.first()).collect();
    let once = outer.iter().collect::<HashSet<_>>().len() == outer.len();
    let others = heads.iter().filter(|h| h.path.len() != 2).all(|h| h.path.len() == 1);
    if !(once && others && outer.len() > 2 && outer.iter().all(|t| code(t)) && outer.iter().any(|t| stretch(t))) {
        return None;
    }
    let bare: Vec<Head> =
        heads.iter().map(|h| Head { path: h.path.last().cloned().into_iter().collect(), ..h.clone() }).collect();
    let mut side = plain(&bare, name);
    let entries = side.axes.first_mut().map(|a| a.entries.as_mut_slice()).unwrap_or_default();
    for (entry, head) in entries.iter_mut().zip(heads).filter(|(_, h)| h.path.len() == 2) {
        entry.code = head.path.first().cloned().unwrap_or_default();
    }
    Some(side)
}

/// Outer labels and what stands below each.
fn groups(heads: &[Head]) -> BTreeMap<String, Vec<String>> {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for head in heads.iter().filter(|h| h.path.len() > 1) {
        let (outer, inner) = split(head);
        if total_word(&key(&outer)).is_none() {
            groups.entry(key(&outer)).or_default().push(key(&inner));
        }
    }
    groups
}

/// The outermost label, and the innermost one; those between belong to the inner one.
fn split(head: &Head) -> (String, String) {
    let outer = head.path.first().cloned().unwrap_or_default();
    (outer, head.path.get(1..).unwrap_or_default().join(" / "))
}

/// Whether inner labels repeat from group to group.
fn crosses(groups: &BTreeMap<String, Vec<String>>) -> bool {
    let lists: Vec<Vec<&String>> =
        groups.values().map(|g| g.iter().filter(|k| total_word(k).is_none()).collect()).collect();
    let Some(first) = lists.iter().max_by_key(|l| l.len()) else { return false };
    let known: HashSet<&String> = first.iter().copied().collect();
    let shared =
        |l: &Vec<&String>| !l.is_empty() && l.iter().filter(|k| known.contains(*k)).count() * 2 > first.len().max(1);
    lists.len() > 1 && lists.iter().all(shared)
}

fn label(head: &Head) -> String {
    head.path.join(" / ")
}

/// A label per line. The same label twice is told apart by its place.
fn plain(heads: &[Head], name: String) -> Side {
    let mut axis = Axis { name, ..Axis::default() };
    let mut lines = Vec::new();
    let mut taken: HashMap<String, usize> = HashMap::new();
    for head in heads {
        let mut text = label(head);
        let own = key(&text);
        // from the number that was free last time
        let mut n = taken.get(&own).copied().unwrap_or(0);
        while taken.contains_key(&key(&text)) {
            n += 1;
            text = format!("{} ({n})", label(head));
        }
        taken.insert(own, n.max(1));
        taken.entry(key(&text)).or_insert(1);
        lines.push(vec![axis.entries.len()]);
        axis.entries.push(Entry { level: head.level, ..Entry::of(&text, head.indent) });
    }
    Side { axes: vec![axis], lines }
}

/// Two variables that cross. A line with an outer label alone is the inner total.
fn crossed(heads: &[Head], outer_name: String, inner_name: String) -> Side {
    let (mut outer, mut inner) = (Making::new(outer_name), Making::new(inner_name));
    let mut lines = Vec::new();
    for head in heads {
        let (first, second) = split(head);
        let second = if second.is_empty() { "Total".to_owned() } else { second };
        lines.push(vec![outer.entry(&first, head.indent), inner.entry(&second, 0)]);
    }
    Side { axes: vec![outer.axis, inner.axis], lines }
}

/// Groups of one variable: each group is an entry, which its own total, where there is one, is about.
fn nested(heads: &[Head], name: String) -> Side {
    let mut axis = Making::new(name);
    let mut parents: HashMap<String, usize> = HashMap::new();
    let mut parts: HashSet<(usize, usize)> = HashSet::new();
    let mut lines = Vec::new();
    for head in heads {
        let (outer, inner) = split(head);
        if inner.is_empty() {
            // a line of the group itself may follow its parts
            let at = parents.get(&key(&outer)).copied().unwrap_or_else(|| axis.entry(&outer, head.indent));
            axis.show(at);
            lines.push(vec![at]);
            continue;
        }
        let parent = *parents
            .entry(key(&outer))
            .or_insert_with(|| axis.find(&outer, || Entry { shown: false, ..Entry::of(&outer, 0) }));
        if total_word(&key(&inner)).is_some() || key(&inner) == key(&outer) {
            axis.show(parent);
            lines.push(vec![parent]);
            continue;
        }
        let known = axis.numbers.contains_key(&key(&inner));
        let text = if known { format!("{outer} / {inner}") } else { inner };
        let child = axis.entry(&text, 1);
        if child != parent
            && parts.insert((parent, child))
            && let Some(entry) = axis.axis.entries.get_mut(parent)
        {
            entry.children.push(child);
        }
        lines.push(vec![child]);
    }
    Side { axes: vec![axis.axis], lines }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::table::Kind;

    fn heads(paths: &[&[&str]]) -> Vec<Head> {
        let head = |(at, path): (usize, &&[&str])| Head {
            path: path.iter().map(|t| (*t).to_owned()).collect(),
            indent: 0,
            level: 0,
            at,
            kind: Kind::Count,
        };
        paths.iter().enumerate().map(head).collect()
    }

    fn labels(axis: &Axis) -> Vec<&str> {
        axis.entries.iter().map(|e| e.label.as_str()).collect()
    }

    /// Labels that repeat below each year are a second variable; those that do not are parts of the first.
    #[test]
    fn crossing_and_nesting() {
        let crossing =
            side(&heads(&[&["2013", "Male"], &["2013", "Female"], &["2014", "Male"], &["2014", "Female"]]), &[]);
        assert_eq!(crossing.axes.iter().map(labels).collect::<Vec<_>>(), [["2013", "2014"], ["Male", "Female"]]);
        assert_eq!(crossing.lines, [[0, 0], [0, 1], [1, 0], [1, 1]]);
        let nesting =
            side(&heads(&[&["North", "A"], &["North", "B"], &["North", "Total"], &["South", "C"], &["Total"]]), &[]);
        assert_eq!(labels(&nesting.axes[0]), ["North", "A", "B", "South", "C", "Total"]);
        assert_eq!(nesting.axes[0].entries[0].children, [1, 2]);
        assert!(nesting.axes[0].entries[0].shown && !nesting.axes[0].entries[3].shown);
        assert_eq!(nesting.lines, [[1], [2], [0], [4], [5]]);
    }

    /// The only column of a list is no variable; labels that stand twice are told apart.
    #[test]
    fn lists() {
        assert!(side(&heads(&[&["Total"]]), &[]).axes.is_empty());
        let twice = side(&heads(&[&["Other"], &["Other"]]), &[]);
        assert_eq!(labels(&twice.axes[0]), ["Other", "Other (2)"]);
    }
}
