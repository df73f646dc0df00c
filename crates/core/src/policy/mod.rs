//! The policy an organisation signs: which cells are unsafe, what is done about them, and against whom.
//!
//! `written` is the TOML file as serde reads it, [`Policy`] the same checked and ready for use; `check` leads from one
//! to the other and reports every fault at its line. A rule's table is handed to the rule: this room knows the registry
//! of rules, none of them by name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::attack::{Attacker, ProtectionKind};
use crate::diag::{Diagnostics, Span};
use crate::perturb::{self, Perturbation};
use crate::round::{self, Rounding};
use crate::rules::{Rule, RuleError, parse_rule};
use crate::secret::KeySource;
use crate::suppress::price::Wishes;

mod base;
mod check;
mod example;
mod exception;
mod fingerprint;
pub mod keys;
pub mod lint;
mod method;
mod places;
mod presets;
pub mod schema;
mod settings;
mod terms;
#[cfg(test)]
mod tests;
pub mod vocabulary;
mod written;

pub use crate::suppress::price::{Cost, Keep, Partner};
pub use base::{Base, Change, Lock};
pub use example::{Example, Expected, Inner};
pub use exception::{Exception, Lapse};
pub use presets::{PRESETS, Preset};
pub use terms::{Accepted, Banned, Exemption, Legend};

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
    /// SHA-256 of its effective form, in hexadecimal; see [`Policy::amended`]. Confidential.
    pub fingerprint: String,
    /// The same without the parameters that must not be known: what may be published.
    pub public_fingerprint: String,
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
    /// What it is meant for, in words: whose figures, at which level of geography, about what.
    pub scope: Option<String>,
    /// What a record may be (`offence`); empty for anything.
    pub units: Vec<String>,
    /// What the source asks beyond tables of counts and sums: statements, because tabsafe publishes nothing else.
    pub outside: Vec<String>,
    /// The policy that it extends.
    pub base: Option<Base>,
    /// What a policy that extends it may not loosen.
    pub locks: Vec<Lock>,
    /// What the legend says of the signs, in place of the usual words.
    pub legend: Legend,
    /// Variables and categories that no table may show.
    pub banned: Vec<Banned>,
    /// Variables that tell something sensitive, beside those that the specification marks.
    pub sensitive: Vec<String>,
    /// Categories that do, of variables of which others do not: codes or labels, by variable.
    pub sensitive_categories: Vec<(String, Vec<String>)>,
    /// The law under which figures are withheld.
    pub exemption: Option<Exemption>,
    /// Whether an exception needs a second person.
    pub second_person: bool,
    /// What somebody approved although a rule calls it unsafe.
    pub exceptions: Vec<Exception>,
    /// Small tables with what must come of them.
    pub examples: Vec<Example>,
    /// Warnings that somebody accepted, with the reason.
    pub accepted: Vec<Accepted>,
    /// Its text, and where in it what stands.
    source_text: SourceText,
}

/// The text of a policy, for warnings that point into it.
#[derive(Clone, Debug, Default)]
struct SourceText {
    text: String,
    /// Places by key (`suppress.protection`).
    places: BTreeMap<String, Span>,
}

impl Policy {
    /// The policy of this name among those that ship, or, for a name with a slash or ending in `.toml`, of this file.
    ///
    /// # Errors
    /// If there is no such policy (with a list of those there are), if the file can't be read, or if it does not hold:
    /// then with everything that is wrong with it.
    pub fn load(name_or_path: &str) -> Result<Policy, PolicyError> {
        Policy::load_within(name_or_path, &[])
    }

    /// The same for a policy that others extend, each of them by the next one.
    fn load_within(name_or_path: &str, extended_by: &[&str]) -> Result<Policy, PolicyError> {
        if !is_path(name_or_path) {
            let preset = presets::find(name_or_path)?;
            return check::policy(preset.file, preset.text, extended_by).map_err(PolicyError::File);
        }
        match std::fs::read_to_string(name_or_path) {
            Ok(text) => check::policy(name_or_path, &text, extended_by).map_err(PolicyError::File),
            Err(error) => Err(PolicyError::File(Diagnostics::unreadable(name_or_path, &error))),
        }
    }

    /// The policy in this text; `file` is its name in messages.
    ///
    /// # Errors
    /// If it does not hold: with everything that is wrong with it.
    pub fn from_text(file: &str, text: &str) -> Result<Policy, PolicyError> {
        check::policy(file, text, &[]).map_err(PolicyError::File)
    }

    /// A policy of one threshold on records, for `--threshold`. As few cells as possible are withheld, whatever their
    /// counts: that is what such tables are compared by.
    ///
    /// # Errors
    /// If the threshold is not allowed.
    pub fn from_threshold(minimum: i64) -> Result<Policy, PolicyError> {
        let rule = parse_rule(&format!("threshold({minimum})")).map_err(PolicyError::Rule)?;
        let policy = Policy::of_rules(vec![RuleUse { rule: Arc::from(rule), line: format!("--threshold {minimum}") }]);
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
            Ok(RuleUse { rule: Arc::from(rule), line: format!("--rule {}", text.as_ref()) })
        };
        Ok(Policy::of_rules(rules.iter().map(rule_use).collect::<Result<_, _>>()?))
    }

    /// The file of its secret key, if it needs one and the key is in a file.
    pub fn key_file(&self) -> Option<&Path> {
        match &self.plan {
            Plan::Round(RoundPlan { key: Some(KeySource::File(path)), .. })
            | Plan::Perturb(PerturbPlan { key: Some(KeySource::File(path)), .. })
            | Plan::Suppress(SuppressPlan { key: Some(KeySource::File(path)), .. }) => Some(path),
            _ => None,
        }
    }

    /// Other files that it names: those that it extends, and those of its method.
    pub fn files(&self) -> Vec<PathBuf> {
        let extended = self.base.iter().flat_map(|base| &base.files).map(PathBuf::from);
        let of_method = match &self.plan {
            Plan::Perturb(plan) => plan.method.files(),
            Plan::Round(_) | Plan::Suppress(_) => Vec::new(),
        };
        extended.chain(of_method).collect()
    }

    /// A policy without a file: these rules, and for the rest what holds where a policy says nothing.
    fn of_rules(rules: Vec<RuleUse>) -> Policy {
        let policy = Policy {
            id: "command-line".to_owned(),
            title: "Rules given on the command line".to_owned(),
            version: "1".to_owned(),
            evidence: "generic".to_owned(),
            file: "the command line".to_owned(),
            attacker: Attacker { zeros_published: zeros_published(&rules), ..Attacker::default() },
            rules,
            ..Policy::nothing()
        };
        policy.amended(|_| ())
    }

    /// What holds where a policy says nothing.
    fn nothing() -> Policy {
        Policy {
            id: String::new(),
            title: String::new(),
            version: String::new(),
            publisher: None,
            date: None,
            source: None,
            evidence: String::new(),
            file: String::new(),
            fingerprint: String::new(),
            public_fingerprint: String::new(),
            rules: Vec::new(),
            plan: Plan::Suppress(SuppressPlan::default()),
            attacker: Attacker::default(),
            protection: ProtectionKind::default(),
            markers: Markers::default(),
            notes: Vec::new(),
            scope: None,
            units: Vec::new(),
            outside: Vec::new(),
            base: None,
            locks: Vec::new(),
            legend: Legend::default(),
            banned: Vec::new(),
            sensitive: Vec::new(),
            sensitive_categories: Vec::new(),
            exemption: None,
            second_person: false,
            exceptions: Vec::new(),
            examples: Vec::new(),
            accepted: Vec::new(),
            source_text: SourceText::default(),
        }
    }

    /// The policy after a change (`--protection`, `--attacker`, `--method` of the command line), with the fingerprint
    /// of what it then is.
    #[must_use]
    pub fn amended(mut self, change: impl FnOnce(&mut Policy)) -> Policy {
        change(&mut self);
        self.fingerprint = fingerprint::of(&self);
        self.public_fingerprint = fingerprint::public(&self);
        self
    }
}

/// Whether this is the path of a file and not the name of a policy that ships.
fn is_path(name_or_path: &str) -> bool {
    name_or_path.contains(['/', '\\']) || name_or_path.ends_with(".toml")
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
#[derive(Clone, Debug)]
pub struct RuleUse {
    /// The rule with its parameters.
    pub rule: Arc<dyn Rule>,
    /// `policies/police-foi.toml:12`.
    pub line: String,
}

/// What is done about unsafe cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Withhold them, and as many others as it takes.
    Suppress(SuppressPlan),
    /// Round every cell.
    Round(RoundPlan),
    /// Add noise to every cell.
    Perturb(PerturbPlan),
}

/// How noise is added.
#[derive(Clone, Debug)]
pub struct PerturbPlan {
    /// The method with its parameters.
    pub method: Arc<dyn Perturbation>,
    /// Where its secret key is, if it needs one.
    pub key: Option<KeySource>,
}

/// Plans are the same if they do the same with the same key.
impl PartialEq for PerturbPlan {
    fn eq(&self, other: &Self) -> bool {
        perturb::spelling(&*self.method) == perturb::spelling(&*other.method) && self.key == other.key
    }
}

impl Eq for PerturbPlan {}

/// How every cell is rounded.
#[derive(Clone, Debug)]
pub struct RoundPlan {
    /// The method with its parameters.
    pub method: Arc<dyn Rounding>,
    /// Where its secret key is, if it draws.
    pub key: Option<KeySource>,
}

/// Plans are the same if they do the same with the same key.
impl PartialEq for RoundPlan {
    fn eq(&self, other: &Self) -> bool {
        round::spelling(&*self.method) == round::spelling(&*other.method) && self.key == other.key
    }
}

impl Eq for RoundPlan {}

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
    /// Cells that are to stay published.
    pub keep: Vec<Keep>,
    /// From which categories secondary cells are taken.
    pub partners: Vec<Partner>,
    /// Whether the pattern depends on a secret key.
    pub keyed: bool,
    /// Where that key is; without one, a key is drawn for each run, and the confidential report keeps it.
    pub key: Option<KeySource>,
}

impl SuppressPlan {
    /// How a policy spells whether the pattern depends on a key: no, yes.
    pub const CHOICES: [&'static str; 2] = ["cheapest", "keyed"];

    /// What it wishes for in the choice of cells; `last` tells per cell whether it was withheld in the last release.
    pub fn wishes<'a>(&'a self, last: Option<&'a [bool]>) -> Wishes<'a> {
        let SuppressPlan { cost, total_factor, keep_totals, keep, partners, .. } = self;
        Wishes { cost, total_factor: *total_factor, keep_totals: *keep_totals, keep, partners, last }
    }
}

impl Default for SuppressPlan {
    fn default() -> Self {
        SuppressPlan {
            method: "auto".to_owned(),
            cost: Cost::default(),
            total_factor: 1,
            keep_totals: false,
            keep: Vec::new(),
            partners: Vec::new(),
            keyed: false,
            key: None,
        }
    }
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
