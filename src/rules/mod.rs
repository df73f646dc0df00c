//! Primary rules: which cells are unsafe by themselves.
//!
//! A folder per rule: code, parameters, tests, and `manual.md`, which is its module doc, its page under
//! `tabsafe explain` and its page in the reference. Adding a rule is a folder and a line in [`RULES`].

use crate::diag::Fault;
use crate::model::{CellId, Exposure, Finding, Harm, Severity, System};

pub mod dominance;
pub mod group_disclosure;
mod magnitude;
pub mod p_percent;
mod spelling;
pub mod threshold;

pub use crate::parameter::{Allowed, Argument, Given, Parameter, Percent, Values};
pub use spelling::{RuleError, parse_rule, spelling};

/// What a rule finds wrong with one cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Breach {
    /// The reason in a sentence; confidential.
    pub reason: String,
    /// What must stay hidden.
    pub harm: Harm,
    /// How much it matters.
    pub severity: Severity,
}

impl Breach {
    /// Something that must be protected.
    fn unsafe_for(reason: String, harm: Harm) -> Self {
        Breach { reason, harm, severity: Severity::Unsafe }
    }
}

/// What a rule needs to be known of each cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// The number of different persons.
    pub persons: bool,
    /// How many of the largest contributions (0: none).
    pub contributions: usize,
}

/// A primary rule with its parameters.
pub trait Rule: std::fmt::Debug + Send + Sync {
    /// Its entry in the registry.
    fn name(&self) -> &'static str;
    /// Its parameters as a policy spells them, in the order of the registry.
    fn parameters(&self) -> Vec<(&'static str, String)>;
    /// What it needs to be known.
    fn needs(&self) -> Needs;
    /// What is wrong with a cell: nothing, one thing, or (group disclosure in several margins) several. Only called
    /// for cells that are shown or implied.
    fn check(&self, system: &System, cell: CellId) -> Vec<Breach>;
    /// The band of counts that the rule hides, where it hides one (`1..=4` for a threshold of 5).
    fn band(&self) -> Option<(i64, i64)> {
        None
    }
    /// Whether zeros are withheld too, so that a withheld cell may hold one.
    fn withholds_zeros(&self) -> bool {
        false
    }
}

/// Applies a rule to every shown or implied cell.
pub fn apply(rule: &dyn Rule, policy_line: &str, system: &System) -> Vec<Finding> {
    let seen = (0..system.cells.len()).filter(|&c| system.cells[c].exposure != Exposure::Hidden);
    let breaches = seen.flat_map(|cell| rule.check(system, cell).into_iter().map(move |breach| (cell, breach)));
    breaches
        .map(|(cell, breach)| Finding {
            cell,
            rule: rule.name(),
            reason: breach.reason,
            harm: breach.harm,
            policy_line: policy_line.to_owned(),
            severity: breach.severity,
        })
        .collect()
}

/// A rule of the registry: all that help, policy files and the command line need to know of it.
#[derive(Debug)]
pub struct RuleEntry {
    /// Its name in a policy and on the command line (`p-percent`).
    pub name: &'static str,
    /// Its name in a title ("p%-rule").
    pub title: &'static str,
    /// What it calls unsafe, in one sentence.
    pub summary: &'static str,
    /// Its parameters, in the order in which the command line takes them without names.
    pub parameters: &'static [Parameter],
    /// Its page of the manual, in Markdown.
    pub manual: &'static str,
    /// Makes the rule from values that fit `parameters`.
    pub parse: fn(&Values) -> Result<Box<dyn Rule>, Fault>,
}

impl RuleEntry {
    /// The rule with these parameters.
    ///
    /// # Errors
    /// Every fault of the arguments, each at its place: an unknown, doubled or missing parameter, a value that is not
    /// allowed.
    pub fn build(&self, given: &[Given]) -> Result<Box<dyn Rule>, Vec<Fault>> {
        let values = Values::check(self.name, self.parameters, given)?;
        (self.parse)(&values).map_err(|fault| vec![fault])
    }
}

/// Every rule, by name.
pub static RULES: &[RuleEntry] = &[dominance::ENTRY, group_disclosure::ENTRY, p_percent::ENTRY, threshold::ENTRY];

/// A rule of the registry by its name.
pub fn find(name: &str) -> Option<&'static RuleEntry> {
    RULES.iter().find(|entry| entry.name == name)
}

/// What a reason says about a cell that is not printed; nothing for one that is.
fn worked_out(system: &System, cell: CellId) -> &'static str {
    match system.cells[cell].exposure {
        Exposure::Implied => "; no table prints the cell, but it can be worked out",
        Exposure::Shown | Exposure::Hidden => "",
    }
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;
