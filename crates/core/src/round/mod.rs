//! Rounding: every printed value is replaced by a rounded one.
//!
//! A folder per method, registered in [`ROUNDINGS`]: code, parameters, tests, and `manual.md`, which is its module doc
//! and its page under `tabsafe explain`. A method says two things: what each printed cell is replaced with
//! ([`Rounding::round`]), and which true values a published one allows to somebody who knows the method and its
//! parameters, but not its key ([`Rounding::allows`]). The attack needs no more than that.

mod common;
pub mod controlled;
pub mod conventional;
pub mod down;
pub mod graduated;
mod identity;
pub mod label_bands;
pub mod midpoint;
pub mod random;
pub mod small_count;
mod spelling;
mod ties;

use crate::diag::Fault;
use crate::model::{CellId, Choice, Groups, Interval, Measure, Protection, System, Treatment};
use crate::parameter::{Given, Parameter, Values};
use crate::secret::Key;
use crate::solve::Solver;

pub use common::nearest;
pub use spelling::{parse_rounding, spelling};
pub use ties::{Tie, ties};

/// What a method works on.
#[derive(Clone, Copy)]
pub struct Work<'a> {
    /// The cells.
    pub system: &'a System,
    /// The records, grouped to the finest cells, where they are at hand.
    pub groups: Option<&'a Groups>,
    /// The secret key, for those methods that draw.
    pub key: Option<&'a Key>,
    /// What tells this release from others; the same for the same specification.
    pub release: &'a str,
    /// Who solves programs.
    pub solver: &'a dyn Solver,
    /// The seconds left, if there is a time limit.
    pub time_left: &'a (dyn Fn() -> Option<f64> + Sync),
}

/// Why a method did not round.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} ({help})")]
pub struct RoundError {
    /// What is wrong.
    pub message: String,
    /// What to do next.
    pub help: String,
    /// Whether a limit ended the work: with more time it may succeed.
    pub limit: bool,
}

impl RoundError {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        RoundError { message: message.into(), help: help.into(), limit: false }
    }
}

/// A rounding method with its parameters.
pub trait Rounding: std::fmt::Debug + Send + Sync {
    /// Its entry in the registry.
    fn entry(&self) -> &'static RoundingEntry;
    /// Its parameters as a policy spells them, in the order of the registry.
    fn parameters(&self) -> Vec<(&'static str, String)>;
    /// Whether it draws, and so needs a secret key.
    fn keyed(&self) -> bool {
        false
    }
    /// Whether it rounds a group of records the same way in every table and release: then its draws are bound to the keys of
    /// the records.
    fn fixed(&self) -> bool {
        false
    }
    /// What every published figure is a multiple of, where there is one such number.
    fn base(&self) -> Option<i64>;
    /// The values for which the policy's sign of a withheld figure stands, where the method shows one.
    fn sign(&self) -> Option<(i64, i64)> {
        None
    }
    /// What readers of the release are told, in whole sentences. It gives away nothing that the policy does not.
    fn notice(&self) -> String;
    /// Rounds every printed cell.
    ///
    /// # Errors
    /// If there is no rounding of the wanted kind, or the method lacks what it needs.
    fn round(&self, work: &Work) -> Result<Protection, RoundError>;
    /// The true values, none below 0, that may stand behind a published one: intervals that rise and do not touch; none
    /// if the method never publishes this. `finest` is how many of the finest cells the one is made of, where that is known;
    /// `unit` is what one whole is in units of the measure's last decimal.
    fn allows(&self, shown: i64, finest: Option<u64>, unit: i64) -> Vec<Interval>;
    /// The same where it is known how the figure hangs together with others: some methods treat totals, or figures in no sum,
    /// in a way of their own.
    fn allows_in(&self, shown: i64, _tie: Tie, finest: Option<u64>, unit: i64) -> Vec<Interval> {
        self.allows(shown, finest, unit)
    }
}

/// A method of the registry: all that help, policy files and the command line need to know of it.
#[derive(Debug)]
pub struct RoundingEntry {
    /// Its name in a policy and on the command line (`random`).
    pub name: &'static str,
    /// Its page under `tabsafe explain`, and its name in reports (`random-rounding`).
    pub page: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// Its parameters, in the order in which the command line takes them without names.
    pub parameters: &'static [Parameter],
    /// Its page of the manual, in Markdown.
    pub manual: &'static str,
    /// Makes the method from values that fit `parameters`.
    pub parse: fn(&Values) -> Result<Box<dyn Rounding>, Fault>,
}

impl RoundingEntry {
    /// The method with these parameters.
    ///
    /// # Errors
    /// Every fault of the arguments, each at its place.
    pub fn build(&self, given: &[Given]) -> Result<Box<dyn Rounding>, Vec<Fault>> {
        let values = Values::check(self.name, self.parameters, given)?;
        (self.parse)(&values).map_err(|fault| vec![fault])
    }
}

/// Every method, by name.
pub static ROUNDINGS: &[RoundingEntry] = &[
    controlled::ENTRY,
    conventional::ENTRY,
    down::ENTRY,
    random::FIXED,
    graduated::ENTRY,
    label_bands::ENTRY,
    midpoint::ENTRY,
    random::ENTRY,
    small_count::ENTRY,
];

/// A method of the registry by its name.
pub fn find(name: &str) -> Option<&'static RoundingEntry> {
    ROUNDINGS.iter().find(|entry| entry.name == name)
}

/// What one whole is in units of a cell's last decimal.
fn unit(system: &System, cell: CellId) -> i64 {
    let decimals = system.measures.get(system.cells[cell].measure).map_or(0, Measure::decimals);
    10i64.saturating_pow(decimals)
}

/// The protection by these treatments.
fn protection(system: &System, method: &'static str, treatments: Vec<Treatment>) -> Protection {
    let moved = system.cells.iter().zip(&treatments).map(|(c, t)| match t {
        Treatment::Replace { by, .. } => by.abs_diff(c.value),
        _ => 0,
    });
    let loss = i64::try_from(moved.fold(0, u64::saturating_add)).unwrap_or(i64::MAX);
    // where there is nothing to choose, what is lost is what must be lost
    Protection {
        treatments,
        method,
        loss,
        bound: loss,
        failed: Vec::new(),
        limit_reached: false,
        witnesses: Vec::new(),
        choice: Choice::None,
    }
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;
