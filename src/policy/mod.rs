//! The policy an organisation signs: which cells are unsafe, what is done about them, and against whom.
//!
//! `written` is the TOML file as serde reads it, [`Policy`] the same checked and ready for use; `check` leads from one
//! to the other and reports every fault at its line. A rule's table is handed to the rule: this room knows the registry
//! of rules, none of them by name.

use crate::attack::{Attacker, ProtectionKind};
use crate::diag::Diagnostics;
use crate::rules::{Rule, RuleError, parse_rule};

mod check;
mod fingerprint;
mod presets;
#[cfg(test)]
mod tests;
pub mod vocabulary;
mod written;

pub use presets::{PRESETS, Preset};

/// A policy, as used.
#[derive(Debug)]
pub struct Policy {
    /// Short name (`police-foi`).
    pub id: String,
    /// Title.
    pub title: String,
    /// Version of the policy.
    pub version: String,
    /// Who has published the rule that it implements.
    pub publisher: Option<String>,
    /// When that was published, `2026-01-31`.
    pub date: Option<String>,
    /// The address where it can be read.
    pub source: Option<String>,
    /// How well it is evidenced: `full` (the whole source was read), `excerpt`, `second-hand`, or `generic` (nobody's
    /// rule).
    pub evidence: String,
    /// The file it was read from, as shown in messages (`policies/police-foi.toml`).
    pub file: String,
    /// SHA-256 of its effective form, in hexadecimal; see [`Policy::amended`].
    pub fingerprint: String,
    /// The rules, each with the line of the policy that asks for it.
    pub rules: Vec<RuleUse>,
    /// What is done about unsafe cells.
    pub plan: Plan,
    /// Against whom.
    pub attacker: Attacker,
    /// When a cell counts as protected.
    pub protection: ProtectionKind,
    /// Signs for what is not a number.
    pub markers: Markers,
    /// Notes for every release under this policy.
    pub notes: Vec<String>,
}

impl Policy {
    /// The policy of this name among those that ship, or, for a name with a slash or ending in `.toml`, of this file.
    ///
    /// # Errors
    /// If there is no such policy (with a list of those there are), if the file can't be read, or if it does not hold:
    /// then with everything that is wrong with it.
    pub fn load(name_or_path: &str) -> Result<Policy, PolicyError> {
        if !name_or_path.contains(['/', '\\']) && !name_or_path.ends_with(".toml") {
            return presets::find(name_or_path)?.load();
        }
        match std::fs::read_to_string(name_or_path) {
            Ok(text) => Policy::from_text(name_or_path, &text),
            Err(error) => Err(PolicyError::File(Diagnostics::unreadable(name_or_path, &error))),
        }
    }

    /// The policy in this text; `file` is its name in messages.
    ///
    /// # Errors
    /// If it does not hold: with everything that is wrong with it.
    pub fn from_text(file: &str, text: &str) -> Result<Policy, PolicyError> {
        check::policy(file, text).map_err(PolicyError::File)
    }

    /// A policy of one threshold on records, for `--threshold`. As few cells as possible are withheld, whatever their
    /// counts: that is what such tables are compared by.
    ///
    /// # Errors
    /// If the threshold is not allowed.
    pub fn from_threshold(minimum: i64) -> Result<Policy, PolicyError> {
        let rule = parse_rule(&format!("threshold({minimum})")).map_err(PolicyError::Rule)?;
        let policy = Policy::of_rules(vec![RuleUse { rule, line: format!("--threshold {minimum}") }]);
        Ok(policy.amended(|p| {
            if let Plan::Suppress(plan) = &mut p.plan {
                plan.cost = Cost::Cells;
            }
        }))
    }

    /// A policy of rules as `--rule` spells them.
    ///
    /// # Errors
    /// For the first rule that is none.
    pub fn with_rules<S: AsRef<str>>(rules: &[S]) -> Result<Policy, PolicyError> {
        let rule_use = |text: &S| {
            let rule = parse_rule(text.as_ref()).map_err(PolicyError::Rule)?;
            Ok(RuleUse { rule, line: format!("--rule {}", text.as_ref()) })
        };
        Ok(Policy::of_rules(rules.iter().map(rule_use).collect::<Result<_, _>>()?))
    }

    /// A policy without a file: these rules, and for the rest what holds where a policy says nothing.
    fn of_rules(rules: Vec<RuleUse>) -> Policy {
        let policy = Policy {
            id: "command-line".to_owned(),
            title: "Rules given on the command line".to_owned(),
            version: "1".to_owned(),
            publisher: None,
            date: None,
            source: None,
            evidence: "generic".to_owned(),
            file: "the command line".to_owned(),
            fingerprint: String::new(),
            attacker: Attacker { zeros_published: zeros_published(&rules), ..Attacker::default() },
            rules,
            plan: Plan::Suppress(SuppressPlan::default()),
            protection: ProtectionKind::default(),
            markers: Markers::default(),
            notes: Vec::new(),
        };
        policy.amended(|_| ())
    }

    /// The policy after a change (`--protection`, `--attacker`, `--method` of the command line), with the fingerprint
    /// of what it then is.
    #[must_use]
    pub fn amended(mut self, change: impl FnOnce(&mut Policy)) -> Policy {
        change(&mut self);
        self.fingerprint = fingerprint::of(&self);
        self
    }
}

/// Zeros are published unless a rule withholds them. Where no rule speaks of zeros the intruder is given the knowledge.
fn zeros_published(rules: &[RuleUse]) -> bool {
    !rules.iter().any(|r| r.rule.withholds_zeros())
}

/// Why there is no policy. Always a fault of what the user gave.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// No policy of this name ships.
    #[error("there is no policy `{name}`{meant}\npolicies that ship:\n{list}")]
    Unknown {
        /// The name.
        name: String,
        /// The one that may have been meant, in words; empty where none is near.
        meant: String,
        /// Those that ship, a line each, with their titles.
        list: String,
    },
    /// The file can't be read, or does not hold.
    #[error(transparent)]
    File(Diagnostics),
    /// A rule of the command line does not hold.
    #[error(transparent)]
    Rule(RuleError),
}

/// A rule and where the policy asks for it.
#[derive(Debug)]
pub struct RuleUse {
    /// The rule with its parameters.
    pub rule: Box<dyn Rule>,
    /// `policies/police-foi.toml:12`.
    pub line: String,
}

/// What is done about unsafe cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Withhold them, and as many others as it takes.
    Suppress(SuppressPlan),
    /// Round every cell to a base.
    Round {
        /// The base.
        base: i64,
    },
}

/// How cells are chosen for secondary suppression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuppressPlan {
    /// Name of a method in the registry, or `auto`.
    pub method: String,
    /// What a withheld cell costs.
    pub cost: Cost,
    /// Totals cost this many times as much as inner cells (1: the same).
    pub total_factor: i64,
    /// Totals are published whatever it takes; where that cannot be, the release is refused.
    pub keep_totals: bool,
}

impl Default for SuppressPlan {
    fn default() -> Self {
        SuppressPlan { method: "auto".to_owned(), cost: Cost::default(), total_factor: 1, keep_totals: false }
    }
}

/// What a withheld cell costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cost {
    /// Every cell the same.
    Cells,
    /// Its value.
    #[default]
    Counts,
    /// The logarithm of its value.
    Log,
}

impl Cost {
    /// Every cost with its word.
    pub const ALL: [(&'static str, Cost); 3] = [("cells", Cost::Cells), ("counts", Cost::Counts), ("log", Cost::Log)];
}

/// Signs in the release for what is not a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Markers {
    /// A withheld cell, primary or secondary alike.
    pub withheld: String,
    /// A true zero.
    pub zero: String,
    /// A cell that cannot exist because its categories exclude each other.
    pub not_applicable: String,
    /// A value that is not zero but rounds to zero; `None`: shown as the rounded 0.
    pub rounds_to_zero: Option<String>,
}

impl Default for Markers {
    fn default() -> Self {
        Markers {
            withheld: "[c]".to_owned(),
            zero: "0".to_owned(),
            not_applicable: "[z]".to_owned(),
            rounds_to_zero: None,
        }
    }
}
