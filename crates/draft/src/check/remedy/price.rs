//! What a remedy costs: how far a reader is from each figure that the draft printed.
//!
//! A figure of which 1 to 9 remain possible is known to within 4; one that is still printed to within 0. Merged and left
//! out, it lies between 0 and the smallest figure still printed that holds it.

use std::collections::HashMap;

use crate::model::CellId;

use super::super::Options;
use super::super::driver::Check;
use super::super::flatten::flattened;
use super::super::steps::Steps;
use super::edit::{Edited, Map};

/// The price of a changed draft.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Price {
    /// Figures that are no longer printed as they were.
    pub lost: usize,
    /// Figures that the draft printed.
    pub of: usize,
    /// The mean distance.
    pub distance: f64,
    /// The sum of the distances, in counts.
    pub cost: i64,
}

/// Prices a changed draft.
pub(crate) fn price(check: &Check, edited: &Edited, options: &Options) -> Price {
    let after = Check::new(&edited.drafts, options);
    let names = after.reading.names();
    let known = &after.reading.known;
    let flat = flattened(&known.public, &|c| known.seen.get(c).is_some_and(|s| !s.places.is_empty()));
    let steps = Steps::new(&flat, &names);
    // twice the distance of the figure at a place of a block, if there is one
    let mut cells: HashMap<(usize, usize, usize), CellId> = HashMap::new();
    for placed in &after.reading.bound.placed {
        let Some(parsed) = after.reading.tables.get(placed.table).map(|f| &f.parsed) else { continue };
        if let (Some(row), Some(col)) = (parsed.rows.get(placed.row), parsed.cols.get(placed.col)) {
            cells.insert((parsed.block, row.at, col.at), placed.cell);
        }
    }
    let there = |block: usize, row: usize, col: usize| -> Option<(i64, i64)> {
        let left = steps.left(*cells.get(&(block, row, col))?);
        Some((left.lo.unwrap_or(0), left.hi.unwrap_or(i64::MAX)))
    };
    let mut price = Price::default();
    let mut twice: i64 = 0;
    for placed in &check.reading.bound.placed {
        let Some(value) = check.reading.known.seen.get(placed.cell).and_then(|s| s.printed) else { continue };
        let Some(figures) = check.reading.tables.get(placed.table) else { continue };
        let (Some(row), Some(col)) = (figures.parsed.rows.get(placed.row), figures.parsed.cols.get(placed.col)) else {
            continue;
        };
        price.of += 1;
        let block = figures.parsed.block;
        let place = where_now(edited.maps.get(&block), row.at, col.at);
        let width = match place {
            Now::Same(r, c) => there(block, r, c).map(|(lo, hi)| hi.saturating_sub(lo)),
            Now::Within(r, c) => there(block, r, c).map(|(_, hi)| hi),
            Now::Gone => None,
        };
        let whole = check.reading.cases_of(placed.table).and_then(|c| c.total()).unwrap_or(value.max(1));
        let width = width.unwrap_or(whole).min(whole.max(1));
        price.lost += usize::from(width > 0);
        twice = twice.saturating_add(width);
    }
    price.cost = twice / 2 + twice % 2;
    price.distance = twice as f64 / 2.0 / price.of.max(1) as f64;
    price
}

/// Where a figure is after a change.
enum Now {
    Same(usize, usize),
    Within(usize, usize),
    Gone,
}

fn where_now(map: Option<&Map>, row: usize, col: usize) -> Now {
    let Some(map) = map else { return Now::Same(row, col) };
    let find = |groups: &[Vec<usize>], at: usize| {
        groups.iter().position(|g| g.contains(&at)).map(|n| (n, groups.get(n).map_or(0, Vec::len)))
    };
    match (find(&map.rows, row), find(&map.cols, col)) {
        (Some((r, 1)), Some((c, 1))) => Now::Same(r, c),
        (Some((r, _)), Some((c, _))) => Now::Within(r, c),
        _ => Now::Gone,
    }
}
