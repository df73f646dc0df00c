//! Tidy CSV: a row per cell. Every variable used anywhere has a column; a table that does not use one stands at its
//! total. A withheld value is empty, and `status` says what each row is.

use std::collections::HashSet;
use std::io::{self, Write};

use crate::model::Measure;
use crate::release::{Release, ReleaseTable};

/// How the rows of several tables share a file.
#[derive(Clone, Copy, Debug)]
pub struct Tidy<'a> {
    /// Whether the first column names the table. Without it, a cell that stands in several tables is written once.
    pub table_column: bool,
    /// Name of the value column; `None`: after what is counted (`count`, `persons`, the column that is summed), or
    /// `value` beside a column `measure` where the tables count different things.
    pub value_column: Option<&'a str>,
    /// The variables in this order, each with the code of its total, whether a table uses them or not; `None`: those
    /// that tables use, in the order met.
    pub variables: Option<&'a [(String, String)]>,
}

/// Writes a release as one tidy CSV file.
pub(super) fn write(release: &Release, out: &mut dyn Write) -> io::Result<()> {
    tidy(release, out, Tidy { table_column: true, value_column: None, variables: None })
}

/// Writes a release as one tidy CSV file, laid out as `options` say.
///
/// # Errors
/// What `out` says.
pub fn tidy(release: &Release, out: &mut dyn Write, options: Tidy) -> io::Result<()> {
    let tables = release.tables();
    let variables = options.variables.map_or_else(|| variables(tables), <[_]>::to_vec);
    let mixed = tables.iter().any(|t| measure(t) != tables.first().map_or("", measure));
    let value = match (options.value_column, mixed) {
        (Some(name), _) => name,
        (None, true) => "value",
        (None, false) => tables.first().map_or("count", measure),
    };
    let mut columns = Vec::new();
    let own = |name: &str| own_name(name, &variables);
    columns.extend(options.table_column.then(|| own("table")));
    columns.extend(variables.iter().map(|(name, _)| name.clone()));
    columns.extend(mixed.then(|| own("measure")));
    columns.extend([own(value), own("status")]);

    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(&columns)?;
    let mut written = HashSet::new();
    for table in tables {
        for position in 0..table.grid.len() {
            let codes = codes(table, position, &variables);
            // Without the table's name, the part of the records and the measure still tell cells apart.
            let key = (table.scope.as_str(), measure(table), codes.clone());
            if !options.table_column && !written.insert(key) {
                continue;
            }
            let mut row: Vec<String> = Vec::with_capacity(columns.len());
            row.extend(options.table_column.then(|| table.id.clone()));
            row.extend(codes.iter().map(|c| (*c).to_owned()));
            row.extend(mixed.then(|| measure(table).to_owned()));
            row.push(table.figure(position).map(|f| f.to_string()).unwrap_or_default());
            row.push(table.grid[position].status().to_owned());
            csv.write_record(&row)?;
        }
    }
    csv.flush()
}

/// What a table counts, as the name of a column.
fn measure(table: &ReleaseTable) -> &str {
    match &table.measure {
        Measure::Records => "count",
        Measure::Persons => "persons",
        Measure::Sum { column, .. } => column,
    }
}

/// Every variable used anywhere with the code of its total, in the order met.
fn variables(tables: &[ReleaseTable]) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for axis in tables.iter().flat_map(|t| &t.axes) {
        if found.iter().all(|(name, _)| *name != axis.variable) {
            found.push((axis.variable.clone(), axis.total_code.clone()));
        }
    }
    found
}

/// A name for a column of tabsafe's own that no variable has.
fn own_name(name: &str, variables: &[(String, String)]) -> String {
    let mut name = name.to_owned();
    while variables.iter().any(|(v, _)| *v == name) {
        name.push('_');
    }
    name
}

/// The code of each variable for a cell.
fn codes<'a>(table: &'a ReleaseTable, position: usize, variables: &'a [(String, String)]) -> Vec<&'a str> {
    let entries = table.entries_at(position);
    let code = |name: &str, total: &'a str| {
        let at = table.axes.iter().position(|a| a.variable == name);
        at.and_then(|i| entries.get(i)).map_or(total, |e| e.code.as_str())
    };
    variables.iter().map(|(name, total)| code(name, total)).collect()
}
