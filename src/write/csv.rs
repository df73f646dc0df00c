//! Tidy CSV: a row per cell. Every variable used anywhere has a column; a table that does not use one stands at its
//! total. A withheld value is empty, and `status` says what each row is. A code that a spreadsheet would run as a formula
//! has an apostrophe before it.

use std::collections::HashSet;
use std::io::{self, Write};

use crate::model::Measure;
use crate::release::{Figure, Release, ReleaseTable, inert};

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

impl Tidy<'_> {
    /// Every table with its name, and the variables that tables use.
    pub(super) const WHOLE: Tidy<'static> = Tidy { table_column: true, value_column: None, variables: None };
}

/// Writes a release as one tidy CSV file.
pub(super) fn write(release: &Release, out: &mut dyn Write) -> io::Result<()> {
    tidy(release, out, Tidy::WHOLE)
}

/// Writes a release as one tidy CSV file, laid out as `options` say.
///
/// # Errors
/// What `out` says.
pub fn tidy(release: &Release, out: &mut dyn Write, options: Tidy) -> io::Result<()> {
    let columns = Columns::of(release.tables(), options);
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(columns.list.iter().map(|c| inert(&c.name)))?;
    for row in columns.rows(release.tables(), options) {
        csv.write_record(row.iter().map(Field::inert))?;
    }
    csv.flush()
}

/// Writes one table with its columns, its lines ended as RFC 4180 has them.
pub(super) fn tidy_table(table: &ReleaseTable, columns: &Columns, out: &mut dyn Write) -> io::Result<()> {
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    csv.write_record(columns.list.iter().map(|c| inert(&c.name)))?;
    for row in columns.rows(std::slice::from_ref(table), Tidy::WHOLE) {
        csv.write_record(row.iter().map(Field::inert))?;
    }
    csv.flush()
}

/// The columns of a tidy file.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    /// In order.
    pub list: Vec<Column>,
    /// The variables, each with the code of its total.
    variables: Vec<(String, String)>,
}

/// A column of a tidy file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// Its heading.
    pub name: String,
    /// What it holds.
    pub holds: Holds,
}

/// What a column of a tidy file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// The short name of the table.
    Table,
    /// The code of a variable.
    Variable(String),
    /// What is counted, where tables count different things.
    Measure,
    /// The figure.
    Value,
    /// What the row is.
    Status,
}

/// A field of a tidy file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Text(String),
    Value(Option<Figure>),
}

impl Field {
    /// The field as a CSV file has it.
    fn inert(&self) -> String {
        match self {
            Field::Text(text) => inert(text),
            Field::Value(_) => self.text(),
        }
    }

    /// The field as it is written.
    pub fn text(&self) -> String {
        match self {
            Field::Text(text) => text.clone(),
            Field::Value(figure) => figure.map(|f| f.to_string()).unwrap_or_default(),
        }
    }
}

impl Columns {
    /// The columns that these tables need.
    pub fn of(tables: &[ReleaseTable], options: Tidy) -> Columns {
        let variables = options.variables.map_or_else(|| variables(tables), <[_]>::to_vec);
        let mixed = tables.iter().any(|t| measure(t) != tables.first().map_or("", measure));
        let value = match (options.value_column, mixed) {
            (Some(name), _) => name,
            (None, true) => "value",
            (None, false) => tables.first().map_or("count", measure),
        };
        let own = |name: &str, holds| Column { name: own_name(name, &variables), holds };
        let mut list = Vec::new();
        list.extend(options.table_column.then(|| own("table", Holds::Table)));
        let variable =
            |(name, _): &(String, String)| Column { name: name.clone(), holds: Holds::Variable(name.clone()) };
        list.extend(variables.iter().map(variable));
        list.extend(mixed.then(|| own("measure", Holds::Measure)));
        list.extend([own(value, Holds::Value), own("status", Holds::Status)]);
        Columns { list, variables }
    }

    /// The rows of the tables, a cell each.
    pub fn rows<'a>(
        &'a self,
        tables: &'a [ReleaseTable],
        options: Tidy<'a>,
    ) -> impl Iterator<Item = Vec<Field>> + use<'a> {
        let mut written = HashSet::new();
        let cells = tables.iter().flat_map(|table| (0..table.grid.len()).map(move |position| (table, position)));
        cells.filter_map(move |(table, position)| {
            let codes = codes(table, position, &self.variables);
            // Without the table's name, the part of the records and the measure still tell cells apart.
            let new = options.table_column || written.insert((table.scope.as_str(), measure(table), codes.clone()));
            new.then(|| self.row(table, position, &codes))
        })
    }

    fn row(&self, table: &ReleaseTable, position: usize, codes: &[&str]) -> Vec<Field> {
        let mut codes = codes.iter();
        let field = |column: &Column| match column.holds {
            Holds::Table => Field::Text(table.id.clone()),
            Holds::Variable(_) => Field::Text(codes.next().map_or_else(String::new, |c| (*c).to_owned())),
            Holds::Measure => Field::Text(measure(table).to_owned()),
            Holds::Value => Field::Value(table.figure(position)),
            Holds::Status => Field::Text(table.grid[position].status().to_owned()),
        };
        self.list.iter().map(field).collect()
    }
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
pub(super) fn variables(tables: &[ReleaseTable]) -> Vec<(String, String)> {
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
