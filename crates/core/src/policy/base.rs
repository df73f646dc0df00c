//! A policy on top of another: what it changes, and what it may not loosen.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use super::settings::flat;
use super::{Plan, Policy, PolicyError, is_path};
use crate::attack::ProtectionKind;
use crate::diag::Fault;
use crate::rules;

/// The policy that another extends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// Its short name.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its fingerprint.
    pub fingerprint: String,
    /// Its file, and those that it extends in turn.
    pub files: Vec<String>,
    /// What the policy on top of it changes.
    pub changes: Vec<Change>,
}

/// A setting that is not as in the policy that is extended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The setting: `threshold.minimum`.
    pub key: String,
    /// What the other says; `None`: nothing.
    pub from: Option<String>,
    /// What holds; `None`: nothing.
    pub to: Option<String>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.from, &self.to) {
            (Some(from), Some(to)) => write!(f, "{}: {to}, was {from}", self.key),
            (None, Some(to)) => write!(f, "{}: {to}, new", self.key),
            (Some(from), None) => write!(f, "{}: left out, was {from}", self.key),
            (None, None) => write!(f, "{}", self.key),
        }
    }
}

/// What a policy that extends another may only tighten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// A table (`threshold`) or a key of it (`threshold.minimum`).
    pub key: String,
    /// The policy that asks for it.
    pub by: String,
}

/// The policy of this name, or of this path seen from the file that names it. `above` are the files that extend it.
pub(super) fn load(name: &str, from: &str, above: &[&str]) -> Result<Policy, PolicyError> {
    if !is_path(name) {
        return Policy::load_within(name, above);
    }
    let folder = Path::new(from).parent().unwrap_or(Path::new(""));
    Policy::load_within(&folder.join(name).to_string_lossy(), above)
}

/// What differs between two policies.
pub(super) fn changes(base: &Policy, own: &Policy) -> Vec<Change> {
    let (before, after) = (flat(base), flat(own));
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let change =
        |key: &String| Change { key: key.clone(), from: before.get(key).cloned(), to: after.get(key).cloned() };
    keys.into_iter().map(change).filter(|c| c.from != c.to).collect()
}

/// Everything of a policy that can be locked: its tables and their keys.
pub(super) fn lockable(policy: &Policy) -> Vec<String> {
    let mut all = Vec::new();
    for key in flat(policy).into_keys() {
        let plain = match (key.find('['), key.find(']')) {
            (Some(open), Some(close)) => format!("{}{}", &key[..open], &key[close + 1..]),
            _ => key,
        };
        all.extend(plain.split_once('.').map(|(table, _)| table.to_owned()));
        all.push(plain);
    }
    all.sort();
    all.dedup();
    all
}

/// Every breach of a lock: the table of the policy on top that is to blame, what it loosens, and what is allowed.
pub(super) fn loosened(base: &Policy, own: &Policy) -> Vec<(String, Fault)> {
    let mut all = Vec::new();
    for lock in &base.locks {
        let (table, parameter) = lock.key.split_once('.').map_or((lock.key.as_str(), None), |(t, p)| (t, Some(p)));
        let fault = |what: String, allowed: String| {
            let message = format!("{what}, which `{}` locks with `{}`", lock.by, lock.key);
            let help = format!("allowed: {allowed}; what is locked can be tightened, not loosened");
            (table.to_owned(), Fault::new(message).help(help))
        };
        match rules::find(table) {
            Some(_) => all.extend(loosened_rules(base, own, table, parameter).into_iter().map(|(w, a)| fault(w, a))),
            None => {
                let within = |c: &Change| c.key == lock.key || c.key.starts_with(&format!("{}.", lock.key));
                let wrong = changes(base, own).into_iter().filter(|c| within(c) && !tightens(base, own, &c.key));
                all.extend(wrong.map(|c| {
                    let now = c.to.clone().unwrap_or_else(|| "left out".to_owned());
                    let was = c.from.unwrap_or_else(|| "nothing".to_owned());
                    fault(format!("`{}` is {now} here", c.key), format!("{was}, as it is there"))
                }));
            }
        }
    }
    all
}

/// For each rule of this name that the policy on top has no match for at least as strict: what is loosened, and what is
/// allowed.
fn loosened_rules(base: &Policy, own: &Policy, name: &str, parameter: Option<&str>) -> Vec<(String, String)> {
    let of = |policy: &Policy| -> Vec<Parameters> {
        policy.rules.iter().filter(|r| r.rule.name() == name).map(|r| r.rule.parameters()).collect()
    };
    let own_rules = of(own);
    let mut wrong = Vec::new();
    for was in of(base) {
        let loose = |now: &Parameters| -> Vec<(String, String)> {
            let all = rules::find(name).map_or(&[][..], |entry| entry.parameters);
            let wanted = all.iter().map(|p| p.name).filter(|p| parameter.is_none_or(|only| only == *p));
            wanted.filter_map(|p| loose_parameter(name, p, (&was, now))).collect()
        };
        let found: Vec<_> = own_rules.iter().map(loose).collect();
        if found.iter().any(Vec::is_empty) {
            continue;
        }
        match found.into_iter().next() {
            Some(first) => wrong.extend(first),
            None => wrong.push((format!("`{name}` is left out"), "a rule at least as strict".to_owned())),
        }
    }
    wrong
}

/// The parameters of a rule.
type Parameters = Vec<(&'static str, String)>;

/// What is loosened by a parameter of a rule, and what is allowed.
fn loose_parameter(rule: &str, name: &str, (was, now): (&Parameters, &Parameters)) -> Option<(String, String)> {
    let value = |of: &Parameters| of.iter().find(|(n, _)| *n == name).map(|(_, v)| v.clone());
    let usual = rules::find(rule).and_then(|entry| entry.parameters.iter().find(|p| p.name == name)?.default);
    let none = || usual.unwrap_or("none").to_owned();
    let (was, now) = (value(was), value(now));
    if was == now {
        return None;
    }
    let (was, now) = (was.unwrap_or_else(none), now.unwrap_or_else(none));
    let tightens = rules::find(rule).and_then(|entry| entry.tightens(name));
    match tightens {
        Some(tightens) if tightens.allows(&was, &now) => None,
        Some(tightens) => Some((format!("`{rule}.{name}` is {now} here, not {was}"), tightens.allowed(&was))),
        None => Some((format!("`{rule}.{name}` is {now} here, not {was}"), was)),
    }
}

/// Whether a change of a setting that no rule reads is stricter than what was.
fn tightens(base: &Policy, own: &Policy, key: &str) -> bool {
    let all_of = |some: &[String], all: &[String]| some.iter().all(|s| all.contains(s));
    let within = |(variable, codes): &(String, Vec<String>)| {
        let same = own.sensitive_categories.iter().filter(|(v, _)| v == variable);
        let now: Vec<String> = same.flat_map(|(_, codes)| codes.iter().cloned()).collect();
        own.sensitive.contains(variable) || all_of(codes, &now)
    };
    match key.split(['.', '[']).next().unwrap_or_default() {
        "approval" => own.second_person,
        "notes" => all_of(&base.notes, &own.notes),
        "sensitive" => all_of(&base.sensitive, &own.sensitive) && base.sensitive_categories.iter().all(within),
        "banned" => base.banned.iter().all(|b| own.banned.contains(b)),
        "suppress" | "round" if key.ends_with(".protection") => {
            strength(base.protection).zip(strength(own.protection)).is_some_and(|(was, now)| was <= now)
        }
        // by a key or not: that it is another one tightens nothing
        "suppress" if key.ends_with(".choice") => suppress_keyed(own) && !suppress_keyed(base),
        _ => false,
    }
}

/// Whether a policy withholds, and by a pattern that depends on a key.
fn suppress_keyed(policy: &Policy) -> bool {
    matches!(&policy.plan, Plan::Suppress(plan) if plan.keyed)
}

/// Kinds of protection that can be compared, the weakest first; those that can't are never stricter than another.
fn strength(kind: ProtectionKind) -> Option<u8> {
    match kind {
        ProtectionKind::Exact => Some(0),
        ProtectionKind::Band => Some(1),
        ProtectionKind::Above => Some(2),
        ProtectionKind::Width(_) | ProtectionKind::Percent(_) => None,
    }
}
