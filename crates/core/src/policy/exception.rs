//! Exceptions (waivers): what somebody approved although a rule calls it unsafe.
//!
//! An exception holds for one release as it was when it was approved: for the policy's and the specification's
//! fingerprints, and for values within a band. When one of these changes, or its last day has passed, it lapses.

use std::fmt;

use crate::text::sha256;

/// What somebody approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Reference number of the release, or its title.
    pub release: String,
    /// The rule that is excused; `None`: every rule.
    pub rule: Option<String>,
    /// The table of the cell.
    pub table: Option<String>,
    /// Variables and codes of the cell; variables that are not named stand at their total. Empty: every cell.
    pub cell: Vec<(String, String)>,
    /// Smallest and largest value that is excused, in whole units.
    pub band: (i64, i64),
    /// The fingerprint of policy and specification together; see [`Exception::definition_of`].
    pub definition: String,
    /// Who approved it.
    pub approved_by: String,
    /// Who agreed.
    pub second: Option<String>,
    /// Why.
    pub reason: String,
    /// The last day, `2026-12-31`.
    pub until: String,
    /// `ours.toml:12`.
    pub line: String,
}

/// Why an exception does not hold any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lapse {
    /// Its last day has passed.
    Expired,
    /// The policy or the specification is not as it was.
    Changed,
    /// Nobody knows what day it is.
    NoDate,
}

impl fmt::Display for Lapse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Lapse::Expired => "its last day has passed",
            Lapse::Changed => {
                "the policy or the specification has changed since: the report has the `definition` as it is now"
            }
            Lapse::NoDate => "the day of today is not known",
        })
    }
}

impl Exception {
    /// What an exception is bound to: the effective policy and the specification, by their fingerprints.
    pub fn definition_of(policy_fingerprint: &str, spec_fingerprint: &str) -> String {
        sha256(format!("policy {policy_fingerprint}\nspecification {spec_fingerprint}"))
    }

    /// Whether it is about this release.
    pub fn is_for(&self, reference: Option<&str>, title: &str) -> bool {
        self.release == title || reference == Some(self.release.as_str())
    }

    /// Why it does not hold for a release of this definition on this day (`2026-01-31`); `None`: it holds.
    pub fn lapse(&self, definition: &str, today: Option<&str>) -> Option<Lapse> {
        match today {
            None => Some(Lapse::NoDate),
            Some(today) if today > self.until.as_str() => Some(Lapse::Expired),
            Some(_) => (self.definition != definition).then_some(Lapse::Changed),
        }
    }

    /// What it is about, in words.
    pub fn what(&self) -> String {
        let rule = self.rule.as_deref().unwrap_or("every rule");
        let cell: Vec<String> = self.cell.iter().map(|(variable, code)| format!("{variable} {code}")).collect();
        let cell = if cell.is_empty() { "every cell".to_owned() } else { cell.join(", ") };
        let table = self.table.iter().map(|t| format!(" of table {t}")).collect::<String>();
        format!("{rule}, {cell}{table}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exception() -> Exception {
        Exception {
            release: "2572/15".to_owned(),
            rule: Some("threshold".to_owned()),
            table: Some("2".to_owned()),
            cell: vec![("age".to_owned(), "u10".to_owned())],
            band: (1, 4),
            definition: Exception::definition_of("p", "s"),
            approved_by: "A".to_owned(),
            second: None,
            reason: "because".to_owned(),
            until: "2026-06-30".to_owned(),
            line: "p.toml:9".to_owned(),
        }
    }

    /// It holds up to its last day, for the policy and specification that it was approved for.
    #[test]
    fn lapses() {
        let it = exception();
        let now = |policy, spec, today| it.lapse(&Exception::definition_of(policy, spec), today);
        assert_eq!(now("p", "s", Some("2026-06-30")), None);
        assert_eq!(now("p", "s", Some("2026-07-01")), Some(Lapse::Expired));
        assert_eq!(now("q", "s", Some("2026-06-30")), Some(Lapse::Changed));
        assert_eq!(now("p", "t", Some("2026-06-30")), Some(Lapse::Changed));
        assert_eq!(now("p", "s", None), Some(Lapse::NoDate));
    }

    /// A release is named by its reference or its title.
    #[test]
    fn releases() {
        assert!(exception().is_for(Some("2572/15"), "Grooming"));
        assert!(exception().is_for(None, "2572/15"));
        assert!(!exception().is_for(None, "Grooming"));
        assert_eq!(exception().what(), "threshold, age u10 of table 2");
    }
}
