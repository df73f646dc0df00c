//! Primary rules: which cells are unsafe by themselves.
//!
//! A folder per rule: code, parameters, tests, and `manual.md`, which is its module doc, its page under
//! `tabsafe explain` and its page in the reference. Adding a rule is a folder and a line in [`RULES`].

use crate::model::{CellId, Finding, Harm, Severity, System};

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
    /// What it needs to be known.
    fn needs(&self) -> Needs;
    /// What is wrong with a cell, if anything. Only called for cells that are shown or implied.
    fn check(&self, system: &System, cell: CellId) -> Option<Breach>;
    /// The band of counts that the rule hides, where it hides one (`1..=4` for a threshold of 5).
    fn band(&self) -> Option<(i64, i64)> {
        None
    }
}

/// Applies a rule to every shown or implied cell.
pub fn apply(rule: &dyn Rule, policy_line: &str, system: &System) -> Vec<Finding> {
    let seen = (0..system.cells.len()).filter(|&c| system.cells[c].exposure != crate::model::Exposure::Hidden);
    seen.filter_map(|cell| {
        let breach = rule.check(system, cell)?;
        Some(Finding {
            cell,
            rule: rule.name(),
            reason: breach.reason,
            harm: breach.harm,
            policy_line: policy_line.to_owned(),
            severity: breach.severity,
        })
    })
    .collect()
}
