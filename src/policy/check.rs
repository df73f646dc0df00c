//! From a policy as written to one as used: every fault at once, each at its place, with what is allowed.

use toml::Spanned;

use super::written::{Attacker as WrittenAttacker, Markers as WrittenMarkers, Suppress, Text, Written};
use super::{Cost, Markers, Plan, Policy, RuleUse, SuppressPlan, fingerprint, zeros_published};
use crate::attack::{Attacker, ProtectionKind};
use crate::diag::{Diagnostics, Fault, Span, from_toml};
use crate::suppress;

/// What `evidence` may say.
const EVIDENCE: [&str; 4] = ["full", "excerpt", "second-hand", "generic"];

/// The policy in a text.
pub(super) fn policy(file: &str, text: &str) -> Result<Policy, Diagnostics> {
    let parsed = from_toml::<Written>(file, text);
    let mut check = Check { structure: parsed.faults.is_empty(), faults: parsed.faults };
    let Some(written) = parsed.value else {
        check.faults.sort();
        return Err(check.faults);
    };
    let policy = check.policy(written);
    check.faults.result(policy)
}

/// The faults found so far.
struct Check {
    faults: Diagnostics,
    /// Whether the file has the structure it should have. Where it has not, what seems to be missing may be misspelt,
    /// and was told.
    structure: bool,
}

impl Check {
    /// The policy; it only holds if no fault was found.
    fn policy(&mut self, written: Written) -> Policy {
        let evidence = self.evidence(&written);
        let rules = self.rules(&written);
        let (plan, protection) = self.plan(written.suppress, written.round);
        let mut attacker = self.attacker(written.attacker.unwrap_or_default());
        attacker.zeros_published = zeros_published(&rules);
        let mut policy = Policy {
            id: self.id(written.id),
            title: self.required("title", written.title),
            version: self.required("version", written.version),
            publisher: written.publisher.map(Spanned::into_inner),
            date: written.date.map(|d| self.date(d)),
            source: written.source.map(Spanned::into_inner),
            evidence,
            file: self.faults.name.clone(),
            fingerprint: String::new(),
            rules,
            plan,
            attacker,
            protection,
            markers: self.markers(written.markers.unwrap_or_default()),
            notes: written.notes,
        };
        policy.fingerprint = fingerprint::of(&policy);
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
                self.fault(Fault::at(text.span(), format!("`{key}` is blank")))
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

    fn date(&mut self, date: Text) -> String {
        let text = date.get_ref();
        let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        if shape != "0000-00-00" {
            self.fault(Fault::at(date.span(), format!("`date` can't be `{text}`")).help("write it as \"2026-01-31\""));
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
        if written.rules.is_empty() {
            let names: Vec<String> = crate::rules::RULES.iter().map(|r| format!("[{}]", r.name)).collect();
            self.missing(
                "the policy has no rule, so nothing would be unsafe",
                &format!("add one of {}", names.join(", ")),
            );
        }
        let mut rules = Vec::new();
        for rule in &written.rules {
            match rule.entry.build(&rule.given) {
                Ok(built) => {
                    let line = self.faults.line_column(rule.span.start).0;
                    rules.push(RuleUse { rule: built, line: format!("{}:{line}", self.faults.name) });
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

    /// Exactly one of `[suppress]` and `[round]`.
    fn plan(
        &mut self,
        suppress: Option<Spanned<Suppress>>,
        round: Option<Spanned<super::written::Round>>,
    ) -> (Plan, ProtectionKind) {
        let nothing = (Plan::Suppress(SuppressPlan::default()), ProtectionKind::default());
        match (suppress, round) {
            (None, None) => {
                self.missing("the policy does not say what is done about unsafe cells", "add [suppress] or [round]");
                nothing
            }
            (Some(first), Some(second)) => {
                let later: Span = if first.span().start > second.span().start { first.span() } else { second.span() };
                self.fault(
                    Fault::at(later, "a policy withholds or rounds, not both").help("remove [suppress] or [round]"),
                );
                nothing
            }
            (Some(suppress), None) => {
                let suppress = suppress.into_inner();
                let protection = self.protection(suppress.protection.as_ref());
                (Plan::Suppress(self.suppress(&suppress)), protection)
            }
            (None, Some(round)) => {
                let span = round.span();
                let round = round.into_inner();
                let protection = self.protection(round.protection.as_ref());
                let base = match round.base {
                    Some(base) => self.whole("base", &base, 2, 1_000_000_000),
                    None if self.structure => {
                        self.fault(Fault::at(span, "`base` is missing").help("write base = 5"));
                        2
                    }
                    None => 2,
                };
                (Plan::Round { base }, protection)
            }
        }
    }

    fn suppress(&mut self, written: &Suppress) -> SuppressPlan {
        let mut plan = SuppressPlan::default();
        if let Some(method) = self.word("method", written.method.as_ref(), &suppress::names()) {
            plan.method = method;
        }
        if let Some(cost) = self.word("cost", written.cost.as_ref(), &Cost::ALL.map(|c| c.0)) {
            plan.cost = Cost::ALL.iter().find(|c| c.0 == cost).map_or(plan.cost, |c| c.1);
        }
        if let Some(factor) = &written.total_factor {
            plan.total_factor = self.whole("total-factor", factor, 1, 1_000_000);
        }
        plan.keep_totals = written.keep_totals.unwrap_or(plan.keep_totals);
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
        let Some(text) = text else { return ProtectionKind::default() };
        text.get_ref().parse().unwrap_or_else(|error: crate::attack::AttackerError| {
            self.fault(Fault::at(text.span(), error.message).help(error.help));
            ProtectionKind::default()
        })
    }

    fn attacker(&mut self, written: WrittenAttacker) -> Attacker {
        let mut attacker = Attacker::default();
        attacker.integers = written.integers.unwrap_or(attacker.integers);
        if let Some(prior) = written.prior {
            attacker.prior = u32::try_from(self.whole("prior", &prior, 1, 1000)).ok();
        }
        attacker.own_contribution = written.own_contribution.unwrap_or(attacker.own_contribution);
        if let Some(coalition) = written.coalition {
            let number = self.whole("coalition", &coalition, 1, 100);
            attacker.coalition = u32::try_from(number).unwrap_or(attacker.coalition);
        }
        attacker
    }

    /// The markers; different states of a cell must not look alike.
    fn markers(&mut self, written: WrittenMarkers) -> Markers {
        let mut markers = Markers::default();
        let given = [
            ("withheld", written.withheld, Some(&mut markers.withheld)),
            ("zero", written.zero, Some(&mut markers.zero)),
            ("not-applicable", written.not_applicable, Some(&mut markers.not_applicable)),
            ("rounds-to-zero", written.rounds_to_zero, None),
        ];
        let mut seen: Vec<(&str, String, Option<Span>)> = Vec::new();
        let mut rounds_to_zero = None;
        for (key, text, slot) in given {
            let span = text.as_ref().map(Spanned::span);
            let default = slot.as_ref().map(|s| (**s).clone());
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
