//! Cramér's V of a table, before and after.

use super::{Change, published};
use crate::model::{System, Table, Treatment};

/// The largest change of Cramér's V over all tables of two or more variables.
pub(super) fn largest_change(system: &System, treatments: &[Treatment]) -> Option<Change> {
    let change = |table: usize| {
        let value = |shown: bool| {
            cramers_v(&counts(system, table, |cell| match shown {
                true => published(system, treatments, cell).unwrap_or(0),
                false => system.value(cell),
            })?)
        };
        Some(Change { table, before: value(false)?, after: value(true)? })
    };
    let size = |c: &Change| (c.after - c.before).abs();
    (0..system.tables.len()).filter_map(change).max_by(|a, b| size(a).total_cmp(&size(b)).then(b.table.cmp(&a.table)))
}

/// The finest cells of a table, added up over all but its first two variables: rows of columns.
fn counts(system: &System, table: usize, value: impl Fn(usize) -> i64) -> Option<Vec<Vec<f64>>> {
    let grid = system.grids.get(table)?;
    let table: &Table = &system.tables[table];
    let [first, second, ..] = &table.axes[..] else { return None };
    let mut rows = vec![vec![0.0; second.entries.len()]; first.entries.len()];
    for (position, cell) in grid.iter().enumerate() {
        let at = table.entries_at(position);
        let inner = at.iter().zip(&table.axes).all(|(&e, axis)| !axis.entries[e].total && axis.entries[e].level > 0);
        if let (true, Some(cell), [row, column, ..]) = (inner, cell, &at[..]) {
            rows[*row][*column] += value(*cell).max(0) as f64;
        }
    }
    Some(rows)
}

/// √(χ² / (n · (k - 1))), with k the smaller number of rows or columns that are not empty; 0 where there is no association to
/// speak of (one row or column).
pub(super) fn cramers_v(rows: &[Vec<f64>]) -> Option<f64> {
    let columns = rows.first()?.len();
    let of_row: Vec<f64> = rows.iter().map(|r| r.iter().sum()).collect();
    let of_column: Vec<f64> = (0..columns).map(|c| rows.iter().map(|r| r[c]).sum()).collect();
    let all: f64 = of_row.iter().sum();
    let filled = |of: &[f64]| of.iter().filter(|n| **n > 0.0).count();
    let fewest = filled(&of_row).min(filled(&of_column));
    if fewest < 2 {
        return Some(0.0);
    }
    let mut chi = 0.0;
    for (row, in_row) in rows.iter().zip(&of_row) {
        for (count, in_column) in row.iter().zip(&of_column) {
            let expected = in_row * in_column / all;
            if expected > 0.0 {
                chi += (count - expected).powi(2) / expected;
            }
        }
    }
    Some((chi / (all * (fewest - 1) as f64)).sqrt())
}
