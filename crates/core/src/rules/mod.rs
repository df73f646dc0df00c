//! Primary rules: which cells are unsafe by themselves.
//!
//! A folder per rule: code, parameters, tests, and `manual.md`, which is its module doc, its page under
//! `tabsafe explain` and its page in the reference. Adding a rule is a folder and a line in [`RULES`].

use crate::diag::Fault;
use crate::model::{CellId, Exposure, Finding, Harm, Measure, Severity, System};

mod condition;
pub mod denominator;
pub mod differencing;
pub mod dominance;
pub mod group_disclosure;
mod magnitude;
mod margin;
pub mod p_percent;
pub mod prior_posterior;
pub mod request;
mod spelling;
pub mod threshold;

pub use crate::parameter::{Allowed, Argument, Given, Parameter, Percent, Values, as_argument};
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
    /// The column of which the rule says that everybody knows its sums (a population): no rule judges them.
    fn known_sums(&self) -> Option<&str> {
        None
    }
    /// What its parameters tell of a withheld sum to those who know them, with the arithmetic; `None` where they tell nothing.
    fn betrays(&self) -> Option<String> {
        None
    }
    /// Whether its parameters must not be known to the public, so that nothing that is published may depend on them.
    fn secret(&self) -> bool {
        self.betrays().is_some()
    }
    /// Why no cell of a system could ever be unsafe by the rule, or why it can't look at what it should, in words for the
    /// reviewer; `None` where it can do its work.
    fn idle(&self, _system: &System) -> Option<String> {
        None
    }
}

/// What all rules of a policy find, each given with the line that asks for it. Sums that one of them says everybody knows
/// are judged by none.
pub fn judge<'a>(rules: impl Iterator<Item = (&'a dyn Rule, &'a str)> + Clone, system: &System) -> Vec<Finding> {
    let seen: Vec<CellId> = seen(system).collect();
    judge_cells(rules, system, &seen)
}

/// What all rules of a policy find of these cells, whoever sees them.
pub fn judge_cells<'a>(
    rules: impl Iterator<Item = (&'a dyn Rule, &'a str)> + Clone,
    system: &System,
    cells: &[CellId],
) -> Vec<Finding> {
    let columns: Vec<&str> = rules.clone().filter_map(|(rule, _)| rule.known_sums()).collect();
    let known = |cell: CellId| match system.measures.get(system.cells[cell].measure) {
        Some(Measure::Sum { column, .. }) => columns.contains(&column.as_str()),
        _ => false,
    };
    let mut findings: Vec<Finding> =
        rules.flat_map(|(rule, line)| of_cells(rule, line, system, cells.iter().copied())).collect();
    findings.retain(|f| !known(f.cell));
    findings.sort_by_key(|f| f.cell);
    findings
}

/// Cells that are shown or implied.
fn seen(system: &System) -> impl Iterator<Item = CellId> + '_ {
    (0..system.cells.len()).filter(|&c| system.cells[c].exposure != Exposure::Hidden)
}

/// Applies a rule to every shown or implied cell.
pub fn apply(rule: &dyn Rule, policy_line: &str, system: &System) -> Vec<Finding> {
    of_cells(rule, policy_line, system, seen(system))
}

fn of_cells(rule: &dyn Rule, policy_line: &str, system: &System, cells: impl Iterator<Item = CellId>) -> Vec<Finding> {
    let breaches = cells.flat_map(|cell| rule.check(system, cell).into_iter().map(move |breach| (cell, breach)));
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
    /// In which direction a parameter makes the rule stricter; one that is not named has none.
    pub tightens: &'static [(&'static str, Tightens)],
    /// Its page of the manual, in Markdown.
    pub manual: &'static str,
    /// Makes the rule from values that fit `parameters`.
    pub parse: fn(&Values) -> Result<Box<dyn Rule>, Fault>,
}

/// How a change of a parameter makes a rule stricter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tightens {
    /// A larger number calls more cells unsafe.
    Up,
    /// A smaller number does.
    Down,
    /// A word further on in this list does.
    Order(&'static [&'static str]),
}

impl Tightens {
    /// Whether a rule with the parameter at `new` is at least as strict as with it at `old`. What can't be compared is not.
    pub fn allows(self, old: &str, new: &str) -> bool {
        let number = |text: &str| Percent::parse(text);
        let place = |words: &[&str], text: &str| words.iter().position(|w| *w == text);
        old == new
            || match self {
                Tightens::Up => number(old).zip(number(new)).is_some_and(|(old, new)| new >= old),
                Tightens::Down => number(old).zip(number(new)).is_some_and(|(old, new)| new <= old),
                Tightens::Order(words) => place(words, old).zip(place(words, new)).is_some_and(|(old, new)| new >= old),
            }
    }

    /// What is allowed in place of `old`, in words.
    pub fn allowed(self, old: &str) -> String {
        match self {
            Tightens::Up => format!("{old} or more"),
            Tightens::Down => format!("{old} or less"),
            Tightens::Order(words) => {
                let from = words.iter().position(|w| *w == old).unwrap_or(0);
                words.iter().skip(from).map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ")
            }
        }
    }
}

impl RuleEntry {
    /// How a change of one of its parameters makes the rule stricter, if it can.
    pub fn tightens(&self, parameter: &str) -> Option<Tightens> {
        self.tightens.iter().find(|(name, _)| *name == parameter).map(|(_, tightens)| *tightens)
    }

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
pub static RULES: &[RuleEntry] = &[
    denominator::ENTRY,
    differencing::ENTRY,
    dominance::ENTRY,
    group_disclosure::ENTRY,
    p_percent::ENTRY,
    prior_posterior::ENTRY,
    request::ENTRY,
    threshold::ENTRY,
];

/// A rule of the registry by its name.
pub fn find(name: &str) -> Option<&'static RuleEntry> {
    RULES.iter().find(|entry| entry.name == name)
}

/// Why a rule for counts has nothing to do.
fn no_counts(system: &System) -> Option<String> {
    let counts = system.measures.iter().any(|m| !matches!(m, Measure::Sum { .. }));
    (!counts).then(|| "no table counts records or persons".to_owned())
}

/// Why a rule for sums has nothing to do.
fn no_sums(system: &System) -> Option<String> {
    let sums = system.measures.iter().any(|m| matches!(m, Measure::Sum { .. }));
    (!sums).then(|| "no table adds up a column".to_owned())
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
