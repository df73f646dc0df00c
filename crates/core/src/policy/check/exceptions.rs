//! What somebody approved: every exception says what, by whom, why, until when, and what it is bound to.

use toml::Spanned;

use super::super::written::{self, Text, Written};
use super::super::{Exception, Policy};
use super::Check;
use crate::diag::Fault;

impl Check {
    /// The exceptions; those of an extended policy are not taken over, because they are about its releases.
    pub(super) fn exceptions(&mut self, policy: &mut Policy, written: &Written) {
        let names: Vec<&str> = policy.rules.iter().map(|r| r.rule.name()).collect();
        policy.exceptions =
            written.exceptions.iter().map(|e| self.exception(e, &names, policy.second_person)).collect();
    }

    fn exception(&mut self, written: &Spanned<written::Exception>, rules: &[&str], second: bool) -> Exception {
        let (place, given) = (written.span(), written.get_ref());
        if given.rule.is_none() && given.cell.is_empty() && self.structure {
            let fault = Fault::at(place.clone(), "the exception excuses nothing: it names no rule and no cell");
            self.fault(
                fault.help("rule = \"threshold\", or table = \"1\" and cell = { year = \"2014\" }, or all of them"),
            );
        }
        if !given.cell.is_empty() && given.table.is_none() && self.structure {
            let fault = Fault::at(place.clone(), "the exception names a cell, but not the table that it stands in");
            self.fault(fault.help("table = \"1\", the short name of the table in the specification"));
        }
        if let Some(rule) = given.rule.as_ref().filter(|r| !rules.contains(&r.get_ref().as_str())) {
            let what = format!("the exception excuses `{}`, which is no rule of this policy", rule.get_ref());
            self.fault(Fault::at(rule.span(), what).allowed(rule.get_ref(), rules));
        }
        let help = [
            ("release", "release = \"…\" is the reference number of the release, or its title"),
            ("approved-by", "approved-by = \"…\" names who answers for it"),
            ("reason", "reason = \"…\" says why the figure may be shown"),
            ("until", "until = \"2026-12-31\" is its last day"),
            ("definition", "definition = \"…\" stands in the report of the release that was refused"),
        ];
        let texts = [&given.release, &given.approved_by, &given.reason, &given.until, &given.definition];
        let mut filled = help
            .iter()
            .zip(texts)
            .map(|((key, help), text)| self.needed("[[exception]]", &place, key, text.as_ref(), help));
        let mut next = || filled.next().unwrap_or_default();
        let (release, approved_by, reason, until, definition) = (next(), next(), next(), next(), next());
        drop(filled);
        self.shape(given, &definition);
        self.second(written, &approved_by, second);
        Exception {
            release,
            rule: given.rule.as_ref().map(|r| r.get_ref().clone()),
            table: given.table.as_ref().map(|t| t.get_ref().clone()),
            cell: given.cell.iter().map(|(v, c)| (v.get_ref().clone(), c.get_ref().clone())).collect(),
            band: self.band(written),
            definition,
            approved_by,
            second: given.second.as_ref().map(|s| s.get_ref().clone()),
            reason,
            until,
            line: self.line(&place),
        }
    }

    /// The forms of a date and of a fingerprint.
    fn shape(&mut self, given: &written::Exception, definition: &str) {
        if let Some(until) = given.until.as_ref().filter(|u| !u.get_ref().trim().is_empty()) {
            self.date("until", until.clone());
        }
        let hexadecimal = definition.len() == 64 && definition.bytes().all(|b| b.is_ascii_hexdigit());
        if let Some(text) = given.definition.as_ref().filter(|_| !hexadecimal && !definition.is_empty()) {
            let fault = Fault::at(text.span(), "`definition` is no fingerprint");
            self.fault(fault.help("copy the 64 letters and digits of `definition` from the report of the release"));
        }
    }

    /// The second person, who is not the first.
    fn second(&mut self, written: &Spanned<written::Exception>, first: &str, needed: bool) {
        match &written.get_ref().second {
            None if needed && self.structure => {
                let fault =
                    Fault::at(written.span(), "the policy asks for a second person, and the exception names none");
                self.fault(fault.help("second = \"…\" names who agreed"));
            }
            Some(second) if same_person(second, first) => {
                let fault = Fault::at(second.span(), "the second person is the one who approved it");
                self.fault(fault.help("name somebody else"));
            }
            _ => {}
        }
    }

    /// The values that are excused, `1-4` or `3`.
    fn band(&mut self, written: &Spanned<written::Exception>) -> (i64, i64) {
        let nothing = (0, -1);
        let Some(text) = &written.get_ref().band else {
            if self.structure {
                let fault = Fault::at(written.span(), "`band` is missing in [[exception]]");
                self.fault(fault.help("band = \"1-4\": the exception lapses when the value leaves it"));
            }
            return nothing;
        };
        let (low, high) = text.get_ref().split_once('-').unwrap_or((text.get_ref(), text.get_ref()));
        match (low.trim().parse(), high.trim().parse()) {
            (Ok(low), Ok(high)) if low <= high => (low, high),
            _ => {
                let what = format!("`band` can't be `{}`", text.get_ref());
                self.fault(
                    Fault::at(text.span(), what)
                        .help("write the smallest and the largest value, \"1-4\", or one, \"3\""),
                );
                nothing
            }
        }
    }
}

fn same_person(one: &Text, other: &str) -> bool {
    one.get_ref().trim().eq_ignore_ascii_case(other.trim())
}
