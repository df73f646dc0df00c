//! The specification of a release (`release.toml`), as used: checked, complete, with its files resolved.
//!
//! `written` holds what serde reads; [`Spec::load`] checks it and reports every fault at once. What each key means
//! stands in `docs/reference/release-toml.md`.

mod check;
mod facts;
mod load;
#[cfg(test)]
mod tests;
mod written;

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::diag::Diagnostics;
use crate::model::{Answer, Role};
use crate::secret::KeySource;

pub use facts::{Facts, Impossible};

/// One release: its data, variables and tables.
#[derive(Clone, Debug)]
pub struct Spec {
    /// Where it was read from; empty for one made from command line arguments.
    pub path: PathBuf,
    /// Title of the release.
    pub title: String,
    /// Reference number of the request.
    pub reference: Option<String>,
    /// Where the figures come from.
    pub source: Option<String>,
    /// Name or path of the policy, unless the command line names one.
    pub policy: Option<String>,
    /// Where the secret key of the choice of withheld cells is, in place of the one that the policy names.
    pub key: Option<KeySource>,
    /// The data.
    pub input: Input,
    /// The variables, in the order written.
    pub variables: Vec<Variable>,
    /// The tables, in the order written.
    pub tables: Vec<TableSpec>,
    /// What everybody knows of the columns.
    pub facts: Facts,
    /// Statements that close the release.
    pub closing: Vec<String>,
    /// What an answer to a request says beside the figures.
    pub answer: Option<Answer>,
    /// SHA-256 of the file as read, in hexadecimal.
    pub fingerprint: String,
    /// What is allowed but worth a look, such as a variable that no table uses.
    pub warnings: Diagnostics,
}

/// Where the records come from and what one is.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// Files or glob patterns, relative to the specification's folder already resolved.
    pub files: Vec<PathBuf>,
    /// What a row is ("offence"), in the singular.
    pub unit: String,
    /// The column that names the person to be protected.
    pub person: Option<String>,
    /// The column that names the contributor of a magnitude, for dominance rules.
    pub contributor: Option<String>,
    /// The column that names the record itself, for what is drawn for it in every table and run.
    pub id: Option<String>,
    /// The column of record keys, where the data bring them.
    pub record_key: Option<String>,
    /// A column that says how many cases a row stands for.
    pub count: Option<String>,
    /// SQL expression: the records of contributors who have asked for protection.
    pub request: Option<Sql>,
    /// SQL expression: the records that the release is about.
    pub filter: Option<Sql>,
    /// Types that are stated instead of found.
    pub types: BTreeMap<String, ColumnType>,
    /// What a row is whose code of some variable is that of a total.
    pub total_rows: TotalRows,
    /// Whether nobody said which code a total has, so that one which only looks like it is refused.
    pub total_guessed: bool,
    /// The variables of which the user said which code their total has: nothing is asked about them.
    pub totals_given: Vec<String>,
}

/// What a row is whose code of some variable is that of its total, or one with others below it in its hierarchy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TotalRows {
    /// A record like any other.
    #[default]
    Records,
    /// A total of other rows: checked against its parts, and no record itself.
    Checked,
    /// A mistake: every row is a case.
    Refused,
}

impl Spec {
    /// A key of `[input]` as the person who gave it knows it: a specification made from arguments has no file.
    pub fn input_key(&self, key: &str) -> String {
        if self.path.as_os_str().is_empty() { format!("--{key}") } else { format!("`{key}` of [input]") }
    }
}

/// An SQL expression and the line of the specification it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sql {
    /// The expression.
    pub text: String,
    /// Its line, for messages; 0 where there is none.
    pub line: usize,
}

/// Whether a code that is not the one of the total may be meant as it: in other letters, or, where nobody said which
/// code a total has, one of the words that are in use for totals.
pub fn mistaken_for_total(code: &str, total: &str, guessed: bool) -> bool {
    const WORDS: [&str; 27] = [
        "total",
        "totals",
        "grand total",
        "subtotal",
        "all",
        "sum",
        "overall",
        "_t",
        "tot",
        "t",
        "both",
        "both sexes",
        "all persons",
        "all ages",
        "all sexes",
        "combined",
        "insgesamt",
        "gesamt",
        "summe",
        "alle",
        "ensemble",
        "totale",
        "totaal",
        "i alt",
        "yhteensä",
        "celkem",
        "ogółem",
    ];
    let plain = |text: &str| text.trim().to_lowercase();
    code != total && (plain(code) == plain(total) || (guessed && WORDS.contains(&plain(code).as_str())))
}

/// The type of a column, where the specification states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Text, even where every value looks like a number.
    Text,
    /// Whole numbers.
    Integer,
    /// Decimal numbers.
    Decimal,
    /// Dates, `2015-07-16`.
    Date,
}

/// A variable: how each record gets its category.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Name, used by tables.
    pub name: String,
    /// Printed label.
    pub label: String,
    /// What the category is made from.
    pub source: Source,
    /// The categories.
    pub classes: Classes,
    /// What a missing value is.
    pub missing: Missing,
    /// What a value is that no category names.
    pub other: Missing,
    /// Label of the total of this variable, down the side.
    pub total: String,
    /// Label of its total across the top and for layers.
    pub total_across: String,
    /// Code of the total in machine-readable outputs.
    pub total_code: String,
    /// Whether a category tells something sensitive about a person.
    pub sensitive: bool,
    /// Line in the specification, for messages.
    pub line: usize,
}

impl Variable {
    /// The label of its total where it stands in this role.
    pub fn total_label(&self, role: Role) -> &str {
        match role {
            Role::Row => &self.total,
            Role::Column | Role::Layer => &self.total_across,
        }
    }
}

/// What a variable is made from.
#[derive(Clone, Debug)]
pub enum Source {
    /// A column as it is.
    Column(String),
    /// An SQL expression.
    Sql(Sql),
    /// Nested columns, coarse to fine ("region", "district"): a hierarchy.
    Nested(Vec<String>),
}

/// How values become categories.
#[derive(Clone, Debug)]
pub enum Classes {
    /// Every value found is a category, in the order of its text (numbers by size).
    Found,
    /// These categories, in this order.
    Listed {
        /// The categories.
        categories: Vec<Category>,
        /// Whether case and outer blanks are ignored when values are matched.
        ignore_case: bool,
    },
    /// Bands of a number, in this order, without gaps or overlaps.
    Bands(Vec<Band>),
    /// A hierarchy; leaves are matched to values, inner codes are subtotals.
    Hierarchy(Vec<Level>),
    /// The file of a hierarchy, its path resolved; it becomes [`Classes::Hierarchy`] when it is read.
    HierarchyFile(PathBuf),
}

/// One category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Code in machine-readable outputs.
    pub code: String,
    /// Printed label, note mark included.
    pub label: String,
    /// What the mark means.
    pub note: Option<String>,
    /// The values that belong to it (at least its code).
    pub values: Vec<String>,
}

impl Category {
    /// The values that stand for it; its code only where no others are written.
    pub fn listed(&self) -> &[String] {
        match self.values.as_slice() {
            [code, others @ ..] if *code == self.code && !others.is_empty() => others,
            all => all,
        }
    }

    /// The note mark at the end of its label: `*` of `2015*`.
    pub fn mark(&self) -> Option<&str> {
        let body = self.label.trim_end_matches(is_mark);
        self.label.get(body.len()..).filter(|mark| !mark.is_empty())
    }
}

/// Whether a sign at the end of a label points to a note.
fn is_mark(c: char) -> bool {
    matches!(c, '*' | '^' | '#' | '~' | '†' | '‡' | '§' | '¶' | '¹' | '²' | '³' | '⁰' | '⁴'..='⁹')
}

/// One band of a number, both ends included; an open end is `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// The category it makes (its `values` are empty).
    pub category: Category,
    /// Smallest value.
    pub from: Option<f64>,
    /// Largest value.
    pub to: Option<f64>,
}

/// One code of a hierarchy, in the order of the file, each before its children.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// The code.
    pub code: String,
    /// Printed label.
    pub label: String,
    /// Depth below the total: 1 for the top codes.
    pub depth: u32,
}

/// What becomes of a value that is missing, or that no category names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// An error that names the column and how often.
    Error,
    /// The record is left out of tables that use the variable.
    LeaveOut,
    /// A category with this label. Where a category of that code is listed, the record joins it in its place; else it
    /// is one of its own, last.
    Category(String),
}

/// One table of the release.
#[derive(Clone, Debug)]
pub struct TableSpec {
    /// Short name, unique ("1").
    pub id: String,
    /// Title as printed ("TABLE 1").
    pub title: String,
    /// Index in [`Spec::variables`] and role, rows first.
    pub axes: Vec<(usize, Role)>,
    /// The part of the records that the table is about.
    pub filter: Option<Sql>,
    /// Categories that the table is restricted to: variable and the codes.
    pub only: Vec<(usize, Vec<String>)>,
    /// How a person calls that part; empty where it is all records.
    pub scope_name: String,
    /// What is counted.
    pub measure: MeasureSpec,
    /// Whether totals of the rows' and columns' variables are printed.
    pub margins: bool,
    /// Notes below the table.
    pub notes: Vec<String>,
    /// Notes on single cells.
    pub cell_notes: Vec<CellNote>,
    /// Cells that are to stay published.
    pub keep: Vec<KeepCells>,
    /// Line in the specification, for messages.
    pub line: usize,
}

/// Cells of a table that are to stay published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeepCells {
    /// Index in [`Spec::variables`] and the codes; a variable that is not named may stand at anything.
    pub categories: Vec<(usize, Vec<String>)>,
    /// Whether they are never withheld for the sake of others; else only where nothing else is enough.
    pub never: bool,
    /// Line in the specification, for messages.
    pub line: usize,
}

/// A note on one cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellNote {
    /// Index in [`Spec::variables`] and code of the category; the table's other variables stand at their total.
    pub at: Vec<(usize, String)>,
    /// The sign beside the value.
    pub mark: String,
    /// What it means.
    pub text: String,
}

/// What a table counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MeasureSpec {
    /// Records.
    Records,
    /// Different persons.
    Persons,
    /// The sum of a column, with this many decimals.
    Sum {
        /// The column.
        column: String,
        /// Digits after the decimal point that are kept.
        decimals: u32,
    },
}
