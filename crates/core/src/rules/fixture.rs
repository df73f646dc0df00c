//! Small systems for the tests of rules.

use super::{apply, parse_rule};
use crate::model::{Axis, Cell, Contributions, Entry, Exposure, Harm, Measure, Place, Role, System, Table};

/// A shown cell that stands in no table.
pub(super) fn cell(value: i64) -> Cell {
    Cell {
        measure: 0,
        coords: Box::default(),
        value,
        persons: None,
        contributions: None,
        exposure: Exposure::Shown,
        places: Vec::new(),
    }
}

/// A system of one cell.
pub(super) fn with_cell(measure: Measure, cell: Cell) -> System {
    System { measures: vec![measure], cells: vec![cell], ..System::default() }
}

/// A system of one cell that holds a sum, with the number of contributors and the largest contributions.
pub(super) fn sum_cell(value: i64, contributions: Option<(i64, &[i64])>) -> System {
    let contributions =
        contributions.map(|(count, largest)| Contributions { count, largest: largest.to_vec(), asked: None });
    let measure = Measure::Sum { column: "turnover".to_owned(), index: 0, decimals: 0 };
    with_cell(measure, Cell { contributions, ..cell(value) })
}

/// The levels that a rule asks for, `(lower, upper)`, and the reason; `None` for a safe cell.
pub(super) fn says(rule: &str, system: &System) -> Option<((i64, i64), String)> {
    let rule = parse_rule(rule).expect("a rule");
    apply(rule.as_ref(), "policy.toml:1", system).into_iter().next().map(|f| match f.harm {
        Harm::Levels { lower, upper, .. } => ((lower, upper), f.reason),
        other => panic!("not levels: {other:?}"),
    })
}

/// The levels alone.
pub(super) fn levels(rule: &str, system: &System) -> Option<(i64, i64)> {
    says(rule, system).map(|s| s.0)
}

fn axis(label: &str, role: Role, categories: usize, sensitive: bool) -> Axis {
    let names = ["A", "B", "C", "D", "E"];
    let entry = |label: &str, level| Entry {
        code: label.to_owned(),
        label: label.to_owned(),
        note: None,
        leaves: Vec::new(),
        level,
        total: level == 0,
        shown: true,
    };
    let entries = names.iter().take(categories).map(|n| entry(n, 1)).chain([entry("Total", 0)]).collect();
    Axis { variable: label.to_owned(), label: label.to_owned(), role, dim: 0, entries, sensitive: sensitive.into() }
}

/// A table of area by outcome (sensitive) with all its margins, which come last. A single category is its total.
pub(super) fn two_way(inner: &[&[i64]]) -> System {
    let (rows, columns) = (inner.len(), inner[0].len());
    let axes = vec![axis("area", Role::Row, rows, false), axis("outcome", Role::Column, columns, true)];
    let table = Table {
        id: "1".to_owned(),
        title: "TABLE 1".to_owned(),
        measure: 0,
        axes,
        scope: Vec::new(),
        scope_name: String::new(),
        notes: Vec::new(),
    };
    let mut system = System { measures: vec![Measure::Records], ..System::default() };
    let mut grid = Vec::new();
    for position in 0..table.len() {
        let at = table.entries_at(position);
        let within = |index: usize, count: usize| if index < count { index..index + 1 } else { 0..count };
        let cells = within(at[0], rows).flat_map(|r| within(at[1], columns).map(move |c| (r, c)));
        let value = cells.map(|(r, c)| inner[r][c]).sum();
        let place = Place { table: 0, position, shown: true };
        if at[1] == columns && columns == 1 {
            // The total of a single category is the same set of records, so the same cell.
            grid.push(grid[position - 1]);
            continue;
        }
        grid.push(Some(system.cells.len()));
        system.cells.push(Cell { places: vec![place], ..cell(value) });
    }
    system.tables.push(table);
    system.grids.push(grid);
    system
}
