//! The records as later rooms see them: a lazy frame of the columns asked for, and what is known about the files.

use std::fmt;
use std::path::PathBuf;

use polars::prelude::LazyFrame;

use crate::spec::ColumnType;

/// A column that somebody needs, and for what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Its name in the files.
    pub name: String,
    /// The type that the specification states, if it does.
    pub stated: Option<ColumnType>,
    /// Whether its values must be numbers (for bands, sums, counts).
    pub number: bool,
    /// Whether its values are used as they are written, as codes or names.
    pub code: bool,
    /// Whether an SQL expression uses it.
    pub sql: bool,
    /// Who needs it, for messages: `variable "age"`.
    pub by: String,
}

/// Where in a file a value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Path of the file as it was given.
    pub file: String,
    /// Physical line, counted from 1.
    pub line: u64,
    /// Number of the field in its record, counted from 1; 0 where fields have no number.
    pub field: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// A column of the frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in the files and in the frame.
    pub name: String,
    /// The type its values have in the frame.
    pub kind: ColumnType,
    /// What a pass over a text format found out about its values; `None` for formats that carry types.
    pub survey: Option<Survey>,
}

/// What is known of a column's values over all files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// How many values are missing.
    pub missing: u64,
    /// The first missing value.
    pub first_missing: Option<Place>,
    /// The first number below zero.
    pub first_negative: Option<Place>,
    /// The largest number of decimals, trailing zeros aside, and where it first stands.
    pub decimals: Option<(u32, Place)>,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its path.
    pub path: PathBuf,
    /// Name of the format in [`super::READERS`].
    pub format: &'static str,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its length in bytes.
    pub bytes: u64,
}

/// The records of a release, not yet read into memory.
#[derive(Clone)]
pub struct Records {
    /// The columns asked for, in that order, typed; a missing value is null, also an empty text.
    pub frame: LazyFrame,
    /// The columns of the frame.
    pub columns: Vec<Column>,
    /// Names of all columns of the files.
    pub available: Vec<String>,
    /// How many records the files hold.
    pub rows: u64,
    /// The files, sorted by path.
    pub sources: Vec<Source>,
    /// What a reader should know about how the files were read.
    pub notes: Vec<String>,
}

impl fmt::Debug for Records {
    /// Without the frame, whose own form is a query plan.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records")
            .field("columns", &self.columns)
            .field("rows", &self.rows)
            .field("sources", &self.sources)
            .field("notes", &self.notes)
            .finish_non_exhaustive()
    }
}

impl Records {
    /// A column of the frame by its name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }
}
