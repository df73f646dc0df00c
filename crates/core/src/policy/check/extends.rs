//! The policy that is extended: its rules, what is left out of it, what differs, and what must not be loosened.

use std::path::{Path, PathBuf};

use super::super::base::{changes, load, lockable, loosened};
use super::super::written::{Text, Written, WrittenRule};
use super::super::{Base, Lock, Policy, PolicyError, RuleUse};
use super::Check;
use crate::diag::{Diagnostics, Fault};
use crate::rules::{Given, as_argument};

/// Policies one on top of another; more can only be a circle.
const DEEPEST: usize = 16;
/// Tables that `without` can leave out, beside rules.
const ADDED_UP: [&str; 4] = ["banned", "sensitive", "keep", "partner"];

impl Check {
    /// The policy that `extends` names.
    pub(super) fn load_base(&mut self, extends: Option<&Text>, above: &[&str]) -> Option<Policy> {
        let name = extends?;
        let own = self.faults.name.clone();
        let folder = Path::new(&own).parent().unwrap_or(Path::new(""));
        let wanted = whole(&folder.join(name.get_ref()));
        if above.len() >= DEEPEST || above.iter().chain([&own.as_str()]).any(|file| whole(Path::new(file)) == wanted) {
            let what = format!("`{}` extends this policy itself", name.get_ref());
            self.fault(Fault::at(name.span(), what).help("name a policy that does not depend on this one"));
            return None;
        }
        let above: Vec<&str> = above.iter().copied().chain([own.as_str()]).collect();
        match load(name.get_ref(), &own, &above) {
            Ok(policy) => Some(policy),
            Err(error) => {
                self.fault(Fault { span: Some(name.span()), ..no_base(name.get_ref(), error) });
                // What the file leaves to that policy must not be told as missing.
                self.structure = false;
                None
            }
        }
    }

    /// The rules of the policy that is extended which this one neither replaces nor leaves out.
    pub(super) fn inherited_rules(&mut self, written: &Written) -> Vec<RuleUse> {
        let Some(base) = &self.base else { return Vec::new() };
        let replaced = |name: &str| written.rules.iter().any(|r| r.entry.name == name);
        let left_out = |name: &str| written.without.iter().any(|w| w.get_ref() == name);
        let kept = base.rules.iter().filter(|r| !replaced(r.rule.name()) && !left_out(r.rule.name()));
        kept.cloned().collect()
    }

    /// The parameters of a rule, with those that it leaves to the one rule of this name in the policy that is extended.
    pub(super) fn with_inherited(&self, rule: &WrittenRule, all: &[WrittenRule]) -> Vec<Given> {
        let mut given = rule.given.clone();
        let name = rule.entry.name;
        let same: Vec<&RuleUse> = self.base.iter().flat_map(|b| &b.rules).filter(|r| r.rule.name() == name).collect();
        let single = all.iter().filter(|r| r.entry.name == name).count() == 1;
        let ([was], true) = (same.as_slice(), single) else { return given };
        for (name, value) in was.rule.parameters() {
            if given.iter().all(|g| g.name != name) {
                let (name_span, value_span) = (rule.span.clone(), rule.span.clone());
                given.push(Given { name: name.to_owned(), name_span, value: as_argument(&value), value_span });
            }
        }
        given
    }

    /// What differs from the policy that is extended, and whether it may.
    pub(super) fn compare_with_base(&mut self, policy: &mut Policy, extends: Option<&Text>, without: &[Text]) {
        let Some(base) = self.base.take() else {
            if let Some(first) = without.first().filter(|_| extends.is_none()) {
                let what = "`without` leaves out what an extended policy says, but none is extended";
                self.fault(Fault::at(first.span(), what).help("add extends = \"NAME\", or remove `without`"));
            }
            return;
        };
        let mut names: Vec<&str> = base.rules.iter().map(|r| r.rule.name()).chain(ADDED_UP).collect();
        names.dedup();
        for name in without.iter().filter(|name| !names.contains(&name.get_ref().as_str())) {
            let what = format!("`{}` has no `{}` to leave out", base.id, name.get_ref());
            self.fault(Fault::at(name.span(), what).allowed(name.get_ref(), &names));
        }
        for (table, fault) in loosened(&base, policy) {
            let left_out = without.iter().find(|w| *w.get_ref() == table).map(|w| w.span());
            let here = policy.source_text.places.get(&table).cloned();
            let span = left_out.or(here).or_else(|| extends.map(|e| e.span()));
            self.fault(Fault { span, ..fault });
        }
        let changes = changes(&base, policy);
        let Policy { id, version, fingerprint, file, base: below, locks, .. } = base;
        policy.locks = locks;
        let files = std::iter::once(file).chain(below.into_iter().flat_map(|b| b.files)).collect();
        policy.base = Some(Base { id, version, fingerprint, files, changes });
    }

    /// What a policy that extends this one may not loosen; what is locked already stays so.
    pub(super) fn locks(&mut self, policy: &mut Policy, locked: &[Text]) {
        if !self.structure {
            return;
        }
        let allowed = lockable(policy);
        for key in locked {
            if !allowed.contains(key.get_ref()) {
                let what = format!("`locked` names `{}`, which this policy does not set", key.get_ref());
                self.fault(Fault::at(key.span(), what).allowed(key.get_ref(), &allowed));
            }
            policy.locks.push(Lock { key: key.get_ref().clone(), by: policy.id.clone() });
        }
    }
}

/// A file under one name, however it is written.
fn whole(file: &Path) -> PathBuf {
    file.canonicalize().unwrap_or_else(|_| file.to_owned())
}

/// Why there is no policy to extend, in one fault.
fn no_base(name: &str, error: PolicyError) -> Fault {
    match error {
        PolicyError::File(Diagnostics { name: file, text, faults }) => {
            let all = Diagnostics { name: file, text, faults };
            if all.text.is_empty() {
                let why = all.faults.first().map_or("", |f| f.message.as_str());
                return Fault::new(format!("`extends` names {}, which {why}", all.name))
                    .help("name a file as seen from this one, or one of the policies that ship: tabsafe policy list");
            }
            let first = all.faults.first().map(|f| format!("{}: {}", all.place(f), f.message)).unwrap_or_default();
            let more = match all.faults.len() {
                0 | 1 => String::new(),
                n => format!(" (and {} more)", n - 1),
            };
            Fault::new(format!("`extends` names `{name}`, which does not hold: {first}{more}"))
                .help(format!("mend it first: tabsafe policy check {}", all.name))
        }
        other => {
            let text = other.to_string();
            let (what, list) = text.split_once("\npolicies that ship:\n").unwrap_or((&text, ""));
            let names: Vec<&str> = list.lines().filter_map(|l| l.split_whitespace().next()).collect();
            Fault::new(what).help(format!("those that ship: {}; a file is named with .toml", names.join(", ")))
        }
    }
}
