//! What a policy says beside its rules.

use std::collections::BTreeMap;

use toml::Spanned;

use super::super::written::{self, Text, Written};
use super::super::{Accepted, Banned, Exemption, Legend, Policy, lint};
use super::Check;
use crate::diag::{Fault, Span};

/// Categories by variable, as written and as used.
type ByPlace = BTreeMap<Text, Spanned<Vec<Text>>>;
type ByVariable = Vec<(String, Vec<String>)>;

impl Check {
    /// Scope, bans, legend, law and notes; what is not said is taken over from the policy that is extended.
    pub(super) fn terms(&mut self, policy: &mut Policy, written: &Written) {
        policy.scope = self.filled("scope", written.scope.as_ref());
        policy.units = self.texts("units", written.units.as_deref().unwrap_or_default());
        policy.outside = self.texts("outside", written.outside.as_deref().unwrap_or_default());
        policy.notes = written.notes.clone().unwrap_or_default();
        policy.legend = self.legend(written.legend.as_ref());
        policy.second_person = written.approval.as_ref().and_then(|a| a.second_person).unwrap_or_default();
        policy.exemption = written.exemption.as_ref().map(|e| self.exemption(e));
        policy.banned = written.banned.iter().map(|b| self.banned(b)).collect();
        (policy.sensitive, policy.sensitive_categories) = self.sensitive(written);
        policy.accepted = written.accepted.iter().map(|a| self.accepted(a)).collect();
        let left_out = |name: &str| written.without.iter().any(|w| w.get_ref() == name);
        let Some(base) = &self.base else { return };
        policy.scope = policy.scope.take().or_else(|| base.scope.clone());
        if written.units.is_none() {
            policy.units.clone_from(&base.units);
        }
        if written.outside.is_none() {
            policy.outside.clone_from(&base.outside);
        }
        if written.notes.is_none() {
            policy.notes.clone_from(&base.notes);
        }
        if written.exemption.is_none() {
            policy.exemption.clone_from(&base.exemption);
        }
        if written.approval.is_none() {
            policy.second_person = base.second_person;
        }
        if !left_out("banned") {
            policy.banned.splice(0..0, base.banned.iter().cloned());
        }
        if !left_out("sensitive") {
            let new = std::mem::take(&mut policy.sensitive);
            policy.sensitive = base.sensitive.iter().cloned().chain(new).collect();
            policy.sensitive.dedup();
            policy.sensitive_categories.splice(0..0, base.sensitive_categories.iter().cloned());
            policy.sensitive_categories.dedup();
        }
        // a warning that was accepted for the extended policy is accepted here, unless it is said anew
        let anew = |old: &Accepted| policy.accepted.iter().any(|a| a.warning == old.warning);
        let old: Vec<Accepted> = base.accepted.iter().filter(|a| !anew(a)).cloned().collect();
        policy.accepted.extend(old);
    }

    /// A text that, where it is given, is not blank.
    pub(super) fn filled(&mut self, key: &str, text: Option<&Text>) -> Option<String> {
        let text = text?;
        if text.get_ref().trim().is_empty() {
            self.fault(Fault::at(text.span(), format!("`{key}` is blank")).help("fill it in, or remove it"));
            return None;
        }
        Some(text.get_ref().clone())
    }

    /// A text that must stand in a table.
    pub(super) fn needed(&mut self, table: &str, place: &Span, key: &str, text: Option<&Text>, help: &str) -> String {
        match text {
            Some(_) => self.filled(key, text).unwrap_or_default(),
            None => {
                if self.structure {
                    let what = format!("`{key}` is missing in {table}");
                    self.fault(Fault::at(place.clone(), what).help(help));
                }
                String::new()
            }
        }
    }

    pub(super) fn texts(&mut self, key: &str, texts: &[Text]) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for text in texts {
            match self.filled(key, Some(text)) {
                Some(twice) if all.contains(&twice) => {
                    self.fault(Fault::at(text.span(), format!("`{key}` names `{twice}` twice")).help("remove one"));
                }
                text => all.extend(text),
            }
        }
        all
    }

    fn legend(&mut self, written: Option<&written::Legend>) -> Legend {
        let mut legend = self.base.as_ref().map_or_else(Legend::default, |base| base.legend.clone());
        let Some(written) = written else { return legend };
        let slots = [
            ("withheld", &written.withheld, &mut legend.withheld),
            ("zero", &written.zero, &mut legend.zero),
            ("not-applicable", &written.not_applicable, &mut legend.not_applicable),
            ("rounds-to-zero", &written.rounds_to_zero, &mut legend.rounds_to_zero),
        ];
        for (key, text, slot) in slots {
            if let Some(text) = self.filled(key, text.as_ref()) {
                *slot = Some(text);
            }
        }
        legend
    }

    fn exemption(&mut self, written: &Spanned<written::Exemption>) -> Exemption {
        let (place, given) = (written.span(), written.get_ref());
        let mut text = |key, text: &Option<Text>, help| self.needed("[exemption]", &place, key, text.as_ref(), help);
        Exemption {
            act: text("act", &given.act, "act = \"Freedom of Information Act 2000\""),
            section: text("section", &given.section, "section = \"section 40(2)\""),
            because: text("because", &given.because, "because = \"…\" says in a sentence why it applies"),
            advice: self.filled("advice", given.advice.as_ref()),
        }
    }

    fn banned(&mut self, written: &Spanned<written::Banned>) -> Banned {
        let (place, given) = (written.span(), written.get_ref());
        if given.variables.is_empty() && given.categories.is_empty() && self.structure {
            let fault = Fault::at(place.clone(), "[banned] bans nothing");
            self.fault(fault.help("variables = [\"school\"], or categories = { outcome = [\"Charge\"] }"));
        }
        let help = "reason = \"…\" is told to whoever is refused";
        let reason = self.needed("[banned]", &place, "reason", given.reason.as_ref(), help);
        let categories = self.by_variable(&given.categories, "is banned", "name at least one, or ban the variable");
        Banned { variables: self.texts("variables", &given.variables), categories, reason, line: self.line(&place) }
    }

    /// Sensitive variables, and categories by variable.
    fn sensitive(&mut self, written: &Written) -> (Vec<String>, ByVariable) {
        let Some(sensitive) = &written.sensitive else { return Default::default() };
        let (place, given) = (sensitive.span(), sensitive.get_ref());
        if given.variables.is_empty() && given.categories.is_empty() && self.structure {
            let fault = Fault::at(place.clone(), "[sensitive] names nothing");
            self.fault(fault.help("variables = [\"offence\"], or categories = { result = [\"positive\"] }"));
        }
        let rules = written.rules.iter().map(|r| r.entry.name);
        let base = self.base.iter().flat_map(|b| &b.rules).map(|r| r.rule.name());
        let looked_at = rules.chain(base).any(|name| LOOK_AT_SENSITIVE.contains(&name));
        if !looked_at && self.structure {
            let fault = Fault::at(place, "no rule of this policy looks at sensitive variables");
            self.fault(fault.help(format!("add one of {}, or remove [sensitive]", in_brackets(&LOOK_AT_SENSITIVE))));
        }
        let categories =
            self.by_variable(&given.categories, "is sensitive", "name at least one, or the variable itself");
        let variables = self.texts("variables", &given.variables);
        if let Some((twice, _)) = given.categories.iter().find(|(v, _)| variables.contains(v.get_ref())) {
            let what =
                format!("`{}` is sensitive as a whole, so that its categories need not be named", twice.get_ref());
            self.fault(Fault::at(twice.span(), what).help("remove it from `variables` or from `categories`"));
        }
        (variables, categories)
    }

    /// Categories by variable, at least one of each; `none` says what no category would be.
    pub(super) fn by_variable(&mut self, given: &ByPlace, none: &str, help: &str) -> ByVariable {
        let mut all = Vec::new();
        for (variable, codes) in given {
            if codes.get_ref().is_empty() {
                let what = format!("no category of `{}` {none}", variable.get_ref());
                self.fault(Fault::at(codes.span(), what).help(help));
            }
            all.push((variable.get_ref().clone(), self.texts("categories", codes.get_ref())));
        }
        all
    }

    fn accepted(&mut self, written: &Spanned<written::Accepted>) -> Accepted {
        let (place, given) = (written.span(), written.get_ref());
        let codes: Vec<&str> = lint::CODES.iter().map(|c| c.0).collect();
        if let Some(warning) = given.warning.as_ref().filter(|w| !codes.contains(&w.get_ref().as_str())) {
            let what = format!("there is no warning `{}`", warning.get_ref());
            self.fault(Fault::at(warning.span(), what).allowed(warning.get_ref(), &codes));
        }
        let mut text = |key, text: &Option<Text>, help| self.needed("[[accepted]]", &place, key, text.as_ref(), help);
        let warning = text("warning", &given.warning, "warning = \"CODE\" is the word in brackets after the warning");
        let reason = text("reason", &given.reason, "reason = \"…\" says why the warning does not matter here");
        Accepted { warning, reason, line: self.line(&place) }
    }
}

/// Rules that look at sensitive variables.
const LOOK_AT_SENSITIVE: [&str; 2] = ["group-disclosure", "denominator"];

fn in_brackets(names: &[&str]) -> String {
    names.iter().map(|name| format!("[{name}]")).collect::<Vec<_>>().join(", ")
}
