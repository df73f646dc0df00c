//! Totals that leave out what is withheld: once more is withheld, they leave that out as well.

use std::collections::{BTreeMap, HashMap};

use super::super::driver::Check;
use super::super::figures::Figures;
use super::super::tree::Known;
use super::edit::{Change, change_of};

/// Writes such totals anew. `sign` stands where nothing is left to add up.
pub(super) fn anew(check: &Check, changes: &mut Vec<Change>, sign: &str) {
    for figures in check.reading.tables.iter().filter(|f| f.axes.iter().any(|a| a.entries.iter().any(|e| e.skips))) {
        let new = totals(check, figures, changes);
        for (at, value) in new {
            let text = value.map_or_else(|| sign.to_owned(), |v| v.to_string());
            change_of(changes, figures.parsed.block).texts.insert(at, text);
        }
    }
}

/// The totals that change, by row and column of the block; none where no part of one is printed any more.
fn totals(check: &Check, figures: &Figures, changes: &[Change]) -> BTreeMap<(usize, usize), Option<i64>> {
    let change = changes.iter().find(|c| c.block == figures.parsed.block);
    let at_of = |row: usize, col: usize| Some((figures.parsed.rows.get(row)?.at, figures.parsed.cols.get(col)?.at));
    let mut values: HashMap<Vec<usize>, i64> = HashMap::new();
    for (row, col, at) in figures.cells() {
        let gone = at_of(row, col).is_some_and(|p| change.is_some_and(|c| c.texts.contains_key(&p)));
        if let (false, Known::Exact(v)) = (gone, figures.known(row, col, &check.signs)) {
            values.insert(at, v);
        }
    }
    let sums = Sums { figures, values };
    let mut new = BTreeMap::new();
    for (row, col, at) in figures.cells() {
        let (Some(axis), Some(place)) = (sums.skipping(&at), at_of(row, col)) else { continue };
        let now = sums.of(&at, axis, 0);
        let was = match figures.known(row, col, &check.signs) {
            Known::Exact(v) => Some(v),
            _ => None,
        };
        if was.is_some() && now != was {
            new.insert(place, now);
        }
    }
    new
}

struct Sums<'a> {
    figures: &'a Figures,
    /// What is printed after the change.
    values: HashMap<Vec<usize>, i64>,
}

impl Sums<'_> {
    /// The first axis on which a cell is a total that leaves something out.
    fn skipping(&self, at: &[usize]) -> Option<usize> {
        at.iter().zip(&self.figures.axes).position(|(&e, axis)| axis.entries.get(e).is_some_and(|e| e.skips))
    }

    /// The sum of what is printed of the parts along an axis.
    fn of(&self, at: &[usize], axis: usize, depth: usize) -> Option<i64> {
        let entry = self.figures.axes.get(axis)?.entries.get(*at.get(axis)?)?;
        let mut sum: Option<i64> = None;
        for &part in &entry.children {
            let mut own = at.to_vec();
            *own.get_mut(axis)? = part;
            let value = match self.skipping(&own).filter(|_| depth < 8) {
                Some(next) => self.of(&own, next, depth + 1),
                None => self.values.get(&own).copied(),
            };
            if let Some(value) = value {
                sum = Some(sum.unwrap_or(0).saturating_add(value));
            }
        }
        sum
    }
}
