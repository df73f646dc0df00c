//! What stands around the figures of a release.

use super::Markers;
use crate::model::Answer;
use crate::policy::{Exemption, Legend};

/// Title, provenance, statements and signs of a release.
#[derive(Clone, Debug)]
pub struct Header {
    /// Title of the release.
    pub title: String,
    /// Reference number of the request.
    pub reference: Option<String>,
    /// Where the figures come from.
    pub source: Option<String>,
    /// What a record is ("offence"), in the singular; empty where it is not stated.
    pub unit: String,
    /// Short name of the policy.
    pub policy_id: String,
    /// Version of the policy.
    pub policy_version: String,
    /// SHA-256 of the policy's effective form. Only in the report: whoever knows the rest of a policy could find a
    /// secret parameter by trying out fingerprints.
    pub policy_fingerprint: String,
    /// The same without the parameters that must not be known; empty where there is no policy.
    pub public_fingerprint: String,
    /// SHA-256 of the specification.
    pub spec_fingerprint: String,
    /// Version of tabsafe.
    pub tool_version: String,
    /// Statements that close the release.
    pub closing: Vec<String>,
    /// Notes for the release as a whole.
    pub notes: Vec<String>,
    /// Signs for what is not a number.
    pub markers: Markers,
    /// The counts that a rule hides (1 to 4 for a threshold of 5), for the legend; `None` where no rule has a band.
    pub withheld_band: Option<(i64, i64)>,
    /// Whether a withheld count is never zero, because every zero is published: what the attack takes for granted, what the
    /// legend says, and what [`Release::new`](super::Release::new) holds the figures to.
    pub never_zero: bool,
    /// The one number that all figures are multiples of, where there is such a base.
    pub rounding_base: Option<i64>,
    /// What readers are told of how figures were replaced, in whole sentences; `None` where none was.
    pub replaced: Option<String>,
    /// Whether what replaces them carries noise, and is not rounded.
    pub noise: bool,
    /// Notes on single cells.
    pub cell_notes: Vec<CellNote>,
    /// What the policy says of signs, the law, and what was approved.
    pub terms: Terms,
    /// What an answer to a request says beside the figures.
    pub answer: Option<Answer>,
}

/// What a policy says beside its rules, as far as a release and its report need it.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// Title of the policy.
    pub title: String,
    /// Whose rule it is, and where that stands.
    pub source: Option<String>,
    /// How well it is evidenced.
    pub evidence: String,
    /// The policy that it extends, with its version.
    pub extends: Option<String>,
    /// What it changes of that one.
    pub changes: Vec<String>,
    /// What the legend says in place of the usual words.
    pub legend: Legend,
    /// The law under which figures are withheld. For the report, and for an answer whose specification names none: a person
    /// checks and signs the wording.
    pub exemption: Option<Exemption>,
    /// What is published although a rule calls it unsafe. Confidential: only in the report.
    pub exceptions: Vec<Excused>,
}

/// A figure that is published although a rule calls it unsafe, because somebody approved it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excused {
    /// The cell in words.
    pub cell: String,
    /// The rule that calls it unsafe.
    pub rule: &'static str,
    /// Why the rule does.
    pub finding: String,
    /// Who approved it.
    pub approved_by: String,
    /// Who agreed.
    pub second: Option<String>,
    /// Why it may be shown.
    pub reason: String,
    /// The last day of the approval.
    pub until: String,
    /// Where the exception stands: `ours.toml:12`.
    pub policy: String,
}

/// A note on a single cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellNote {
    /// Short name of the table.
    pub table: String,
    /// The cell: variables of the table and a code each. A variable left out stands at its total.
    pub at: Vec<(String, String)>,
    /// The mark beside the figure (`#`).
    pub mark: String,
    /// What the mark means.
    pub text: String,
}
