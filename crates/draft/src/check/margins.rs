//! The margins of one table, those that it does not print added up.

use std::collections::{BTreeMap, HashMap};

use crate::model::Interval;

use super::figures::{Figures, Signs};
use super::tree::Known;
use super::variables::{Keys, keys_of};

/// A figure of a margin: what is known of it, and whether it is printed rather than added up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Margin {
    /// What is known.
    pub known: Known,
    /// Whether it stands in the table.
    pub printed: bool,
}

/// What stands on one axis: an entry, or all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pick {
    Entry(usize),
    All,
}

/// Reads the cells of a table by their categories.
pub(crate) struct Margins<'a> {
    figures: &'a Figures,
    cells: HashMap<Vec<usize>, Known>,
    /// Per axis, what adds up to all of it.
    parts: Vec<Vec<usize>>,
}

impl<'a> Margins<'a> {
    /// The margins of a table.
    pub fn new(figures: &'a Figures, signs: &Signs) -> Self {
        let counts = figures.cells().into_iter().filter(|(_, _, at)| figures.counts(at));
        let cells = counts.map(|(r, c, at)| (at, figures.known(r, c, signs))).collect();
        Margins { figures, cells, parts: figures.axes.iter().map(parts).collect() }
    }

    /// The margin of one axis, by categories.
    pub fn along(&self, axis: usize) -> BTreeMap<Keys, Known> {
        let Some(own) = self.figures.axes.get(axis) else { return BTreeMap::new() };
        let whole = |a: usize| self.whole(a);
        let mut margin = BTreeMap::new();
        for e in 0..own.entries.len() {
            let at: Vec<Pick> =
                (0..self.figures.axes.len()).map(|a| if a == axis { Pick::Entry(e) } else { whole(a) }).collect();
            let known = self.value(&at);
            if known != Known::Absent {
                margin.insert(keys_of(own, e), known);
            }
        }
        margin
    }

    /// Every figure of the table and its margins, by the entry on each axis; none is all of it.
    pub fn all(&self) -> Vec<(Vec<Option<usize>>, Margin)> {
        let axes = &self.figures.axes;
        let mut picks: Vec<Vec<Pick>> = vec![Vec::new()];
        for (a, axis) in axes.iter().enumerate() {
            let shown = (0..axis.entries.len()).filter(|&e| !axis.entries.get(e).is_some_and(|e| e.skips || !e.shown));
            let mut own: Vec<Pick> = shown.map(Pick::Entry).collect();
            if self.whole(a) == Pick::All {
                own.push(Pick::All);
            }
            picks = picks
                .into_iter()
                .flat_map(|p| own.iter().map(move |&o| p.iter().copied().chain([o]).collect()))
                .collect();
        }
        let entry = |pick: &Pick| if let Pick::Entry(e) = pick { Some(*e) } else { None };
        (picks.iter())
            .map(|at| {
                let margin = Margin { known: self.value(at), printed: !at.contains(&Pick::All) };
                (at.iter().map(entry).collect(), margin)
            })
            .filter(|(_, m): &(Vec<Option<usize>>, Margin)| m.known != Known::Absent)
            .collect()
    }

    /// The total of an axis: the entry, where one is printed that counts all.
    fn whole(&self, axis: usize) -> Pick {
        let Some(a) = self.figures.axes.get(axis) else { return Pick::All };
        match a.total {
            Some(total) if a.entries.get(total).is_some_and(|e| !e.skips && e.shown) => Pick::Entry(total),
            _ => Pick::All,
        }
    }

    fn value(&self, at: &[Pick]) -> Known {
        let Some(all) = at.iter().position(|p| *p == Pick::All) else {
            let at: Vec<usize> =
                at.iter().filter_map(|p| if let Pick::Entry(e) = p { Some(*e) } else { None }).collect();
            return self.cells.get(&at).copied().unwrap_or_else(|| self.of_parts(&at));
        };
        let Some(parts) = self.parts.get(all) else { return Known::Absent };
        self.sum(
            parts.iter().map(|&part| (0..at.len()).map(|i| if i == all { Pick::Entry(part) } else { at[i] }).collect()),
        )
    }

    /// A figure that stands nowhere, from its parts: a group that has no line of its own.
    fn of_parts(&self, at: &[usize]) -> Known {
        let children = |(axis, &e): (&super::sides::Axis, &usize)| {
            axis.entries.get(e).map(|e| e.children.clone()).unwrap_or_default()
        };
        let parts: Vec<Vec<usize>> = self.figures.axes.iter().zip(at).map(children).collect();
        let Some(axis) = parts.iter().position(|p| !p.is_empty()) else { return Known::Absent };
        let picks =
            |part: usize| at.iter().enumerate().map(|(i, &e)| Pick::Entry(if i == axis { part } else { e })).collect();
        self.sum(parts[axis].iter().map(|&part| picks(part)))
    }

    fn sum(&self, parts: impl Iterator<Item = Vec<Pick>>) -> Known {
        parts.fold(Known::Exact(0), |sum, part| add(sum, self.value(&part)))
    }
}

/// What adds up to all of an axis.
fn parts(axis: &super::sides::Axis) -> Vec<usize> {
    let total = axis.total.and_then(|t| axis.entries.get(t)).map(|t| t.children.clone()).filter(|c| !c.is_empty());
    total.unwrap_or_else(|| axis.roots().into_iter().filter(|r| Some(*r) != axis.total).collect())
}

fn add(a: Known, b: Known) -> Known {
    let ends = |a: Option<i64>, b: Option<i64>| Some(a?.saturating_add(b?));
    match (a, b) {
        (Known::Absent, _) | (_, Known::Absent) => Known::Absent,
        (Known::Exact(x), Known::Exact(y)) => Known::Exact(x.saturating_add(y)),
        (x, y) => {
            let of = |k: Known| match k {
                Known::Exact(v) => Interval::exactly(v),
                Known::Within(i) => i,
                Known::Absent => Interval::ALL,
            };
            let (x, y) = (of(x), of(y));
            Known::Within(Interval { lo: ends(x.lo, y.lo), hi: ends(x.hi, y.hi) })
        }
    }
}
