//! From a policy as written to one as used: every fault at once, each at its place, with what is allowed.
//!
//! `terms` reads what stands beside the rules, `exceptions` what somebody approved, `examples` the small tables, and
//! `extends` compares with the policy that is extended.

mod examples;
mod exceptions;
mod extends;
mod terms;
mod wishes;

use std::sync::Arc;

use toml::Spanned;

use super::written::{Attacker as WrittenAttacker, Markers as WrittenMarkers, Parameters, Suppress, Text, Written};
use super::{
    Cost, Markers, Plan, Policy, RuleUse, SourceText, SuppressPlan, fingerprint, keys::EVIDENCE, method, places,
    vocabulary, zeros_published,
};
use crate::attack::{Attacker, ProtectionKind};
use crate::diag::{Diagnostics, Fault, Span, from_toml};
use crate::suppress;

/// The policy in a text. `above` are the files that extend it, so that a circle is found.
pub(super) fn policy(file: &str, text: &str, above: &[&str]) -> Result<Policy, Diagnostics> {
    let parsed = from_toml::<Written>(file, text);
    let mut check = Check { structure: parsed.faults.is_empty(), faults: parsed.faults, base: None };
    let Some(written) = parsed.value else {
        check.faults.sort();
        return Err(check.faults);
    };
    let policy = check.policy(written, above);
    check.faults.result(policy)
}

/// The faults found so far.
struct Check {
    faults: Diagnostics,
    /// Whether the file has the structure it should have. Where it has not, what seems to be missing may be misspelt,
    /// and was told.
    structure: bool,
    /// The policy that it extends: what holds where the file says nothing.
    base: Option<Policy>,
}

impl Check {
    /// The policy; it only holds if no fault was found.
    fn policy(&mut self, written: Written, above: &[&str]) -> Policy {
        self.base = self.load_base(written.extends.as_ref(), above);
        let mut policy =
            Policy { evidence: self.evidence(&written), file: self.faults.name.clone(), ..Policy::nothing() };
        policy.source_text = SourceText { text: self.faults.text.clone(), places: places::of(&written) };
        policy.rules = self.rules(&written);
        self.terms(&mut policy, &written);
        self.exceptions(&mut policy, &written);
        policy.examples = self.examples(&written.examples);
        (policy.plan, policy.protection) = self.plan(written.suppress, written.round, written.perturb);
        self.wishes(&mut policy, &written.keep, &written.partners, &written.without);
        policy.attacker = self.attacker(written.attacker.unwrap_or_default());
        policy.attacker.zeros_published = zeros_published(&policy.rules);
        policy.id = self.id(written.id);
        policy.title = self.required("title", written.title);
        policy.version = self.required("version", written.version);
        policy.publisher = written.publisher.map(Spanned::into_inner);
        policy.date = written.date.map(|d| self.date("date", d));
        policy.source = written.source.map(Spanned::into_inner);
        policy.markers = self.markers(written.markers.unwrap_or_default());
        policy.fingerprint = fingerprint::of(&policy);
        policy.public_fingerprint = fingerprint::public(&policy);
        self.compare_with_base(&mut policy, written.extends.as_ref(), &written.without);
        self.locks(&mut policy, &written.locked);
        policy
    }

    fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Something that is not there but must be.
    fn missing(&mut self, what: &str, help: &str) {
        if self.structure {
            self.fault(Fault::new(what).help(help));
        }
    }

    /// A text that must be there and must not be blank.
    fn required(&mut self, key: &str, text: Option<Text>) -> String {
        match text {
            None => {
                let help = format!("write {key} = \"…\" above the first table");
                self.missing(&format!("`{key}` is missing"), &help);
            }
            Some(text) if text.get_ref().trim().is_empty() => {
                let help = format!("write {key} = \"…\"");
                self.fault(Fault::at(text.span(), format!("`{key}` is blank")).help(help));
            }
            Some(text) => return text.into_inner(),
        }
        String::new()
    }

    fn id(&mut self, id: Option<Text>) -> String {
        let span = id.as_ref().map(Spanned::span);
        let id = self.required("id", id);
        if let (Some(span), true) =
            (span, id.chars().any(|c| !c.is_ascii_lowercase() && !c.is_ascii_digit() && c != '-'))
        {
            self.fault(
                Fault::at(span, format!("`id` can't be `{id}`")).help("allowed: small letters, digits and hyphens"),
            );
        }
        id
    }

    fn date(&mut self, key: &str, date: Text) -> String {
        let text = date.get_ref();
        if !is_date(text) {
            let what = format!("`{key}` can't be `{text}`");
            self.fault(Fault::at(date.span(), what).help("write year, month and day as \"2026-01-31\""));
        }
        date.into_inner()
    }

    /// How well the policy is evidenced; what is not generic must say whose rule it is and where it stands.
    fn evidence(&mut self, written: &Written) -> String {
        let Some(evidence) = &written.evidence else {
            self.missing("`evidence` is missing", &format!("allowed: {}", EVIDENCE.join(", ")));
            return String::new();
        };
        let word = evidence.get_ref();
        if !EVIDENCE.contains(&word.as_str()) {
            self.fault(Fault::at(evidence.span(), format!("`evidence` can't be `{word}`")).allowed(word, &EVIDENCE));
        } else if word != "generic" && (written.publisher.is_none() || written.source.is_none()) && self.structure {
            let what = format!("evidence = \"{word}\" needs `publisher` and `source`");
            self.fault(
                Fault::at(evidence.span(), what).help("say whose rule it is and where it stands, or write \"generic\""),
            );
        }
        word.clone()
    }

    fn rules(&mut self, written: &Written) -> Vec<RuleUse> {
        let mut rules = self.inherited_rules(written);
        if written.rules.is_empty() && rules.is_empty() {
            let names: Vec<String> = crate::rules::RULES.iter().map(|r| format!("[{}]", r.name)).collect();
            self.missing(
                "the policy has no rule, so nothing would be unsafe",
                &format!("add one of {}", names.join(", ")),
            );
        }
        for rule in &written.rules {
            let given = self.with_inherited(rule, &written.rules);
            match rule.entry.build(&given) {
                Ok(built) => {
                    rules.push(RuleUse { rule: Arc::from(built), line: self.line(&rule.span) });
                }
                Err(faults) => {
                    for fault in faults {
                        let span = fault.span.clone().or(Some(rule.span.clone()));
                        self.fault(Fault { span, ..fault });
                    }
                }
            }
        }
        rules
    }

    /// Where a span begins, as reports name it: `ours.toml:12`.
    fn line(&self, span: &Span) -> String {
        format!("{}:{}", self.faults.name, self.faults.line_column(span.start).0)
    }

    /// Exactly one of `[suppress]`, `[round]` and `[perturb]`, or what the policy that is extended does.
    fn plan(
        &mut self,
        suppress: Option<Spanned<Suppress>>,
        round: Option<Spanned<Parameters>>,
        perturb: Option<Spanned<Parameters>>,
    ) -> (Plan, ProtectionKind) {
        let nothing = (Plan::Suppress(SuppressPlan::default()), ProtectionKind::default());
        let file = self.faults.name.clone();
        match (suppress, round, perturb) {
            (None, None, None) if self.base.is_some() => {
                self.base.as_ref().map_or(nothing, |base| (base.plan.clone(), base.protection))
            }
            (None, None, None) => {
                let help = "add [suppress], [round] or [perturb]";
                self.missing("the policy does not say what is done about unsafe cells", help);
                nothing
            }
            (Some(suppress), None, None) => {
                let suppress = suppress.into_inner();
                let protection = self.protection(suppress.protection.as_ref());
                (Plan::Suppress(self.suppress(suppress)), protection)
            }
            (None, Some(round), None) => {
                let table = method::table("round", round, &file);
                let protection = self.protection(table.protection.as_ref());
                (self.or_faults(method::round(table)), protection)
            }
            (None, None, Some(perturb)) => {
                let table = method::table("perturb", perturb, &file);
                // what noise leaves possible is its own affair; that more than one value is left is the least
                let protection = match &table.protection {
                    None => ProtectionKind::Exact,
                    given => self.protection(given.as_ref()),
                };
                (self.or_faults(method::perturb(table, &file)), protection)
            }
            (suppress, round, perturb) => {
                let spans = [suppress.map(|s| s.span()), round.map(|r| r.span()), perturb.map(|p| p.span())];
                let later = spans.into_iter().flatten().max_by_key(|s| s.start);
                let fault = Fault::new("a policy withholds, rounds or perturbs: one of them");
                self.fault(Fault { span: later, ..fault.help("keep one of [suppress], [round] and [perturb]") });
                nothing
            }
        }
    }

    /// A plan; or the faults are told and another stands for it.
    fn or_faults(&mut self, plan: Result<Plan, Vec<Fault>>) -> Plan {
        plan.unwrap_or_else(|faults| {
            faults.into_iter().for_each(|fault| self.fault(fault));
            Plan::Suppress(SuppressPlan::default())
        })
    }

    fn suppress(&mut self, written: Suppress) -> SuppressPlan {
        let mut plan = match self.base.as_ref().map(|base| &base.plan) {
            Some(Plan::Suppress(plan)) => plan.clone(),
            _ => SuppressPlan::default(),
        };
        if let Some(method) = self.word("method", written.method.as_ref(), &suppress::names()) {
            plan.method = method;
        }
        if let Some(cost) = &written.cost {
            match cost.get_ref().parse() {
                Ok(cost) => plan.cost = cost,
                Err(_) => drop(self.word("cost", Some(cost), &Cost::spellings())),
            }
        }
        if let Some(factor) = &written.total_factor {
            plan.total_factor = self.whole("total-factor", factor, 1, 1_000_000);
        }
        plan.keep_totals = written.keep_totals.unwrap_or(plan.keep_totals);
        let choice = written.choice.as_ref().map(Spanned::span);
        let word = self.word("choice", written.choice.as_ref(), &SuppressPlan::CHOICES);
        let mut faults = Vec::new();
        let key = method::key_source(written.key_file, written.key_env, &self.faults.name, &mut faults);
        faults.into_iter().for_each(|fault| self.fault(fault));
        let [cheapest, _] = SuppressPlan::CHOICES;
        match (word.map(|w| w == cheapest), key) {
            (Some(true), Some(_)) => {
                let fault = Fault::new(format!("choice = \"{cheapest}\" takes no key"));
                self.fault(Fault { span: choice, ..fault.help("remove the key, or write choice = \"keyed\"") });
            }
            (Some(true), None) => (plan.keyed, plan.key) = (false, None),
            (_, Some(key)) => (plan.keyed, plan.key) = (true, Some(key.into_inner())),
            (Some(false), None) => plan.keyed = true,
            (None, None) => {}
        }
        plan
    }

    /// One of some words, if it is given and one of them.
    fn word(&mut self, key: &str, text: Option<&Text>, allowed: &[&str]) -> Option<String> {
        let text = text?;
        let word = text.get_ref();
        if allowed.contains(&word.as_str()) {
            return Some(word.clone());
        }
        self.fault(Fault::at(text.span(), format!("`{key}` can't be `{word}`")).allowed(word, allowed));
        None
    }

    /// A whole number within bounds; the lower bound where it is not.
    fn whole(&mut self, key: &str, number: &Spanned<i64>, min: i64, max: i64) -> i64 {
        let n = *number.get_ref();
        if (min..=max).contains(&n) {
            return n;
        }
        let help = format!("allowed: a whole number from {min} to {max}");
        self.fault(Fault::at(number.span(), format!("`{key}` can't be `{n}`")).help(help));
        min
    }

    fn protection(&mut self, text: Option<&Text>) -> ProtectionKind {
        let Some(text) = text else { return self.base.as_ref().map_or_else(ProtectionKind::default, |b| b.protection) };
        text.get_ref().parse().unwrap_or_else(|error: crate::attack::AttackerError| {
            self.fault(Fault::at(text.span(), error.message).help(error.help));
            ProtectionKind::default()
        })
    }

    fn attacker(&mut self, written: WrittenAttacker) -> Attacker {
        let mut attacker = self.base.as_ref().map_or_else(Attacker::default, |base| base.attacker);
        attacker.integers = written.integers.unwrap_or(attacker.integers);
        if let Some(prior) = written.prior {
            attacker.prior = u32::try_from(self.whole("prior", &prior, 1, 1000)).ok();
        }
        attacker.own_contribution = written.own_contribution.unwrap_or(attacker.own_contribution);
        attacker.accept_unexamined = written.accept_unexamined.unwrap_or(attacker.accept_unexamined);
        if let Some(coalition) = written.coalition {
            let number = self.whole("coalition", &coalition, 1, 100);
            attacker.coalition = u32::try_from(number).unwrap_or(attacker.coalition);
        }
        attacker
    }

    /// The markers; different states of a cell must not look alike.
    fn markers(&mut self, written: WrittenMarkers) -> Markers {
        let vocabulary = self.word("vocabulary", written.vocabulary.as_ref(), &vocabulary::names());
        let base = self.base.as_ref().map_or_else(Markers::default, |base| base.markers.clone());
        let mut markers = vocabulary.and_then(|name| vocabulary::find(&name)).map_or(base, Markers::from);
        let mut rounds_to_zero = markers.rounds_to_zero.take();
        let given = [
            ("withheld", written.withheld, Some(&mut markers.withheld)),
            ("zero", written.zero, Some(&mut markers.zero)),
            ("not-applicable", written.not_applicable, Some(&mut markers.not_applicable)),
            ("rounds-to-zero", written.rounds_to_zero, None),
        ];
        let mut seen: Vec<(&str, String, Option<Span>)> = Vec::new();
        for (key, text, slot) in given {
            let span = text.as_ref().map(Spanned::span);
            let default = slot.as_ref().map_or_else(|| rounds_to_zero.clone(), |s| Some((**s).clone()));
            let Some(marker) = text.map(Spanned::into_inner).or(default) else { continue };
            let like = seen.iter().find(|(_, m, _)| m.trim() == marker.trim());
            let wrong = unfit(key, &marker)
                .or_else(|| like.map(|(other, ..)| format!("the markers `{key}` and `{other}` are both `{marker}`")));
            if let Some(wrong) = wrong {
                let span = span.clone().or_else(|| like.and_then(|(_, _, span)| span.clone()));
                let help = "each state of a cell needs its own sign, such as [c], [z], [low], * or -";
                self.fault(Fault { span, ..Fault::new(wrong).help(help) });
            }
            match slot {
                Some(slot) => slot.clone_from(&marker),
                None => rounds_to_zero = Some(marker.clone()),
            }
            seen.push((key, marker, span));
        }
        Markers { rounds_to_zero, ..markers }
    }
}

/// Whether a text is a day of the calendar, `2026-01-31`.
fn is_date(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let part = |range| text.get(range).and_then(|t: &str| t.parse::<u32>().ok()).unwrap_or(0);
    let (year, month, day) = (part(0..4), part(5..7), part(8..10));
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    shape == "0000-00-00" && (1..=12).contains(&month) && (1..=days).contains(&day)
}

/// Why a text is no marker: none may be blank, break a line or read as a number; only a zero may be 0.
fn unfit(key: &str, marker: &str) -> Option<String> {
    let plain = marker.trim().replace([',', ' '], "");
    if plain.is_empty() {
        return Some(format!("the marker `{key}` is blank, which looks like a value that was forgotten"));
    }
    if marker.contains(char::is_control) {
        return Some(format!("the marker `{key}` breaks the line or holds a control character"));
    }
    let number = plain.parse::<f64>().is_ok() && !(key == "zero" && marker == "0");
    number.then(|| format!("the marker `{key}` can't be `{marker}`, because that reads as a number"))
}
