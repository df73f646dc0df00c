//! The policy an organisation signs: which cells are unsafe, what is done about them, and against whom.
//!
//! `written` is the TOML file as serde reads it, [`Policy`] the same checked and ready for use.

use crate::attack::{Attacker, ProtectionKind};
use crate::rules::Rule;

/// A policy, as used.
#[derive(Debug)]
pub struct Policy {
    /// Short name (`police-foi`).
    pub id: String,
    /// Title.
    pub title: String,
    /// Version of the policy.
    pub version: String,
    /// Who stands behind it, and how well it is evidenced.
    pub evidence: String,
    /// The file it was read from, as shown in messages (`policies/police-foi.toml`).
    pub file: String,
    /// SHA-256 of its effective form, in hexadecimal.
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
