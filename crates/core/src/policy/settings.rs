//! All that a policy does, as the keys and values of a file: what is compared between a policy and the one that it
//! extends, and what `--effective` shows.

use std::collections::BTreeMap;

use toml::Value;

use super::{Plan, Policy, SuppressPlan};
use crate::rules::{Argument, as_argument};
use crate::secret::KeySource;

/// A table of the effective policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Section {
    /// Its name; empty for what stands above the first table.
    pub name: &'static str,
    /// Whether it is one of several of that name.
    pub repeated: bool,
    /// Keys and values, as TOML writes them.
    pub entries: Vec<(&'static str, String)>,
}

impl Section {
    fn new(name: &'static str, entries: Vec<(&'static str, String)>) -> Section {
        Section { name, repeated: false, entries }
    }
}

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}

/// A list of texts.
fn list<S: AsRef<str>>(texts: &[S]) -> String {
    format!("[{}]", texts.iter().map(|t| quoted(t.as_ref())).collect::<Vec<_>>().join(", "))
}

/// Lists of texts by name.
fn lists(by_name: &[(String, Vec<String>)]) -> String {
    let of = |(name, texts): &(String, Vec<String>)| format!("{} = {}", quoted(name), list(texts));
    format!("{{ {} }}", by_name.iter().map(of).collect::<Vec<_>>().join(", "))
}

/// A parameter as TOML writes it: a number, or a text in quotes.
fn literal(text: &str) -> String {
    match as_argument(text) {
        Argument::Whole(_) | Argument::Decimal(_) => text.to_owned(),
        Argument::Word(_) | Argument::Other(_) => quoted(text),
    }
}

/// Every table of the effective policy that has something to say, in a fixed order; rules in that of the policy.
pub(super) fn sections(policy: &Policy) -> Vec<Section> {
    let mut top = Vec::new();
    if !policy.units.is_empty() {
        top.push(("units", list(&policy.units)));
    }
    if !policy.notes.is_empty() {
        top.push(("notes", list(&policy.notes)));
    }
    let mut all = vec![Section::new("", top)];
    all.extend(rules(policy));
    all.push(plan(policy));
    all.extend(wishes(policy));
    let m = &policy.markers;
    let mut signs = vec![
        ("withheld", quoted(&m.withheld)),
        ("zero", quoted(&m.zero)),
        ("not-applicable", quoted(&m.not_applicable)),
    ];
    signs.extend(m.rounds_to_zero.iter().map(|sign| ("rounds-to-zero", quoted(sign))));
    all.push(Section::new("markers", signs));
    all.push(Section::new("legend", policy.legend.entries().map(|(key, text)| (key, quoted(text))).collect()));
    let a = &policy.attacker;
    let mut attacker = vec![("integers", a.integers.to_string())];
    attacker.push(("own-contribution", a.own_contribution.to_string()));
    attacker.extend(a.accept_unexamined.then(|| ("accept-unexamined", "true".to_owned())));
    attacker.extend(a.prior.map(|prior| ("prior", prior.to_string())));
    attacker.push(("coalition", a.coalition.to_string()));
    all.push(Section::new("attacker", attacker));
    all.extend(terms(policy));
    all.retain(|section| !section.entries.is_empty());
    all
}

fn rules(policy: &Policy) -> impl Iterator<Item = Section> + '_ {
    let several = |name: &str| policy.rules.iter().filter(|r| r.rule.name() == name).count() > 1;
    policy.rules.iter().map(move |r| {
        let entries = r.rule.parameters().into_iter().map(|(key, value)| (key, literal(&value))).collect();
        Section { name: r.rule.name(), repeated: several(r.rule.name()), entries }
    })
}

fn plan(policy: &Policy) -> Section {
    let protection = ("protection", quoted(&policy.protection.to_string()));
    match &policy.plan {
        Plan::Suppress(plan) => {
            let [cheapest, keyed] = SuppressPlan::CHOICES;
            let mut entries = vec![
                ("method", quoted(&plan.method)),
                protection,
                ("cost", quoted(&plan.cost.to_string())),
                ("total-factor", plan.total_factor.to_string()),
                ("keep-totals", plan.keep_totals.to_string()),
                ("choice", quoted(if plan.keyed { keyed } else { cheapest })),
            ];
            entries.extend(plan.key.as_ref().map(key_entry));
            Section::new("suppress", entries)
        }
        Plan::Round(plan) => {
            let method = &*plan.method;
            Section::new("round", of_method(method.entry().name, method.parameters(), protection, plan.key.as_ref()))
        }
        Plan::Perturb(plan) => {
            let method = &*plan.method;
            Section::new("perturb", of_method(method.entry().name, method.parameters(), protection, plan.key.as_ref()))
        }
    }
}

/// Cells that are to stay published, and preferred partners.
fn wishes(policy: &Policy) -> Vec<Section> {
    let Plan::Suppress(plan) = &policy.plan else { return Vec::new() };
    let keep = plan.keep.iter().map(|k| {
        let mut entries: Vec<_> = k.table.iter().map(|table| ("table", quoted(table))).collect();
        if !k.categories.is_empty() {
            entries.push(("categories", lists(&k.categories)));
        }
        entries.push(("never", k.never.to_string()));
        Section { name: "keep", repeated: true, entries }
    });
    let partners = plan.partners.iter().map(|p| {
        let mut entries = vec![("variable", quoted(&p.variable))];
        let given = [("of", &p.of), ("prefer", &p.prefer)].into_iter().filter(|(_, codes)| !codes.is_empty());
        entries.extend(given.map(|(key, codes)| (key, list(codes))));
        entries.push(("neighbours", p.neighbours.to_string()));
        Section { name: "partner", repeated: true, entries }
    });
    keep.chain(partners).collect()
}

/// A method with its parameters. Where the key is, is told; the key is not.
fn of_method(
    name: &str,
    parameters: Vec<(&'static str, String)>,
    protection: (&'static str, String),
    key: Option<&KeySource>,
) -> Vec<(&'static str, String)> {
    let mut entries = vec![("method", quoted(name)), protection];
    entries.extend(parameters.into_iter().map(|(key, value)| (key, literal(&value))));
    entries.extend(key.map(key_entry));
    entries
}

/// Where a key is, as a policy says it.
fn key_entry(source: &KeySource) -> (&'static str, String) {
    match source {
        KeySource::File(path) => ("key-file", quoted(&path.to_string_lossy())),
        KeySource::Variable(variable) => ("key-env", quoted(variable)),
    }
}

/// What is banned or sensitive, the law, and who must approve.
fn terms(policy: &Policy) -> Vec<Section> {
    let mut all = Vec::new();
    for banned in &policy.banned {
        let mut entries = Vec::new();
        if !banned.variables.is_empty() {
            entries.push(("variables", list(&banned.variables)));
        }
        if !banned.categories.is_empty() {
            entries.push(("categories", lists(&banned.categories)));
        }
        entries.push(("reason", quoted(&banned.reason)));
        all.push(Section { name: "banned", repeated: policy.banned.len() > 1, entries });
    }
    let mut sensitive = Vec::new();
    if !policy.sensitive.is_empty() {
        sensitive.push(("variables", list(&policy.sensitive)));
    }
    if !policy.sensitive_categories.is_empty() {
        sensitive.push(("categories", lists(&policy.sensitive_categories)));
    }
    all.push(Section::new("sensitive", sensitive));
    if let Some(exemption) = &policy.exemption {
        all.push(Section::new("exemption", exemption.entries().map(|(key, text)| (key, quoted(text))).collect()));
    }
    if policy.second_person {
        all.push(Section::new("approval", vec![("second-person", "true".to_owned())]));
    }
    all
}

/// Every setting by its key: `threshold.minimum`, or `dominance[2].k` where there are several of a name.
pub(super) fn flat(policy: &Policy) -> BTreeMap<String, String> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut all = BTreeMap::new();
    for section in sections(policy) {
        let number = seen.entry(section.name).or_default();
        *number += 1;
        let place = match (section.name, section.repeated) {
            ("", _) => String::new(),
            (name, true) => format!("{name}[{number}]."),
            (name, false) => format!("{name}."),
        };
        all.extend(section.entries.into_iter().map(|(key, value)| (format!("{place}{key}"), value)));
    }
    all
}

impl Policy {
    /// The effective policy as a file: everything that holds, defaults and what is taken over from the policy that it
    /// extends written out. Read again it has the same fingerprint. Exceptions and examples are no part of it.
    pub fn effective(&self) -> String {
        let mut text = format!(
            "# Effective form of {}, fingerprint {}\n# Public fingerprint, which releases hold: {}\n",
            self.file, self.fingerprint, self.public_fingerprint
        );
        if let Some(base) = &self.base {
            text.push_str(&format!("# It extends {} (version {}) and changes:\n", base.id, base.version));
            match base.changes.as_slice() {
                [] => text.push_str("#   nothing\n"),
                changes => changes.iter().for_each(|c| text.push_str(&format!("#   {c}\n"))),
            }
        }
        let mut line = |key: &str, value: String| text.push_str(&format!("{key} = {value}\n"));
        line("id", quoted(&self.id));
        line("title", quoted(&self.title));
        line("version", quoted(&self.version));
        for (key, value) in [("publisher", &self.publisher), ("date", &self.date), ("source", &self.source)] {
            value.iter().for_each(|v| line(key, quoted(v)));
        }
        line("evidence", quoted(&self.evidence));
        self.scope.iter().for_each(|scope| line("scope", quoted(scope)));
        if !self.outside.is_empty() {
            line("outside", list(&self.outside));
        }
        let locks: Vec<&str> = self.locks.iter().map(|l| l.key.as_str()).collect();
        if !locks.is_empty() {
            line("locked", list(&locks));
        }
        for section in sections(self) {
            match (section.name, section.repeated) {
                ("", _) => {}
                (name, true) => text.push_str(&format!("\n[[{name}]]\n")),
                (name, false) => text.push_str(&format!("\n[{name}]\n")),
            }
            section.entries.iter().for_each(|(key, value)| text.push_str(&format!("{key} = {value}\n")));
        }
        text
    }
}
