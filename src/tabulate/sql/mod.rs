//! Expressions of a specification (`where`, `sql`, `request`): what SQL means, or a refusal.
//!
//! Phases: `parse` reads the text, `convert` and `calls` take over what is on the list of what is allowed, `check` finds
//! kinds that do not fit, `lower` makes of it one expression of Polars whose values `run` counts out. No operator or
//! function of Polars has a part in that, so that none of its meanings (NULL for `x IS NOT TRUE`, numbers of 8 bits that
//! wrap) gets into a figure. The tree (`tree`) knows neither the parser nor Polars.

mod calls;
mod check;
mod convert;
pub(super) mod day;
mod fault;
mod functions;
mod like;
mod lower;
mod page;
mod parse;
mod reach;
mod run;
#[cfg(test)]
mod tests;
mod tree;

pub(super) use lower::{Expressions, kind as kind_of_column, stated};
pub use page::reference;
pub(super) use reach::Reach;
pub(super) use tree::{Kind, Value};

/// Why an expression is not allowed, and what can be written instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// What is not allowed.
    pub what: String,
    /// The nearest form that is.
    pub help: String,
}

impl Refusal {
    fn new(what: impl Into<String>, help: impl Into<String>) -> Refusal {
        Refusal { what: what.into(), help: help.into() }
    }
}

/// An expression without a column, which is the same for every record.
fn no_columns() -> Refusal {
    Refusal::new("the SQL expression names no column", "write a condition on a column: age >= 10, area = 'North'")
}

/// An expression that has been read.
#[derive(Clone, Debug)]
pub(super) struct Parsed {
    tree: tree::Expression,
    /// The columns in it, in the order of their first use.
    pub columns: Vec<String>,
}

impl Parsed {
    /// Reads an expression.
    ///
    /// # Errors
    /// What is no SQL, or not allowed.
    pub fn new(text: &str) -> Result<Parsed, Refusal> {
        let parsed = convert::convert(&parse::parse(text)?)?;
        if parsed.columns.is_empty() { Err(no_columns()) } else { Ok(parsed) }
    }
}
