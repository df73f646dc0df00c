//! What stands around the figures of a release.

use super::Markers;
use crate::model::Answer;

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
    /// The base that figures are rounded to, where they are.
    pub rounding_base: Option<i64>,
    /// Notes on single cells.
    pub cell_notes: Vec<CellNote>,
    /// What an answer to a request says beside the figures.
    pub answer: Option<Answer>,
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
