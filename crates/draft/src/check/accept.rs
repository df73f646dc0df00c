//! Findings that a user accepts, with the reason: they are reported, and don't keep the draft from going out.
//!
//! An acceptance names the kind of finding and its place, as an answer of `check` prints it ([`places`]): a table, a table
//! with its row and column, a line. What can't be judged at all can't be accepted.

use super::assumed;
use super::driver::Check;
use super::findings::{Finding, Outcome, Spot, TableSeen};
use super::layout::{Layout, LayoutAccept};
use super::question::Question;
use super::{CODES, Draft};

/// A finding that a user accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accept {
    /// The kind of finding.
    pub code: String,
    /// Where it stands: one of [`places`].
    pub place: String,
    /// Why it is accepted.
    pub why: String,
}

/// What is wrong with an acceptance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptError {
    /// What it is.
    pub message: String,
    /// What to do next.
    pub help: String,
}

impl Accept {
    /// `CODE@PLACE=WHY`.
    ///
    /// # Errors
    /// Another form, no such kind of finding, one that can't be accepted, no reason.
    pub fn parse(text: &str) -> Result<Accept, AcceptError> {
        let form = || AcceptError {
            message: format!("\"{text}\" does not say what is accepted, where, and why"),
            help:
                "the form is CODE@PLACE=WHY, as in --accept 'small-count@TABLE 2/Under 10/2014=agreed with the family'"
                    .to_owned(),
        };
        let (code, rest) = text.split_once('@').ok_or_else(form)?;
        // a label may hold the sign itself: the reason is what stands behind the last one
        let (place, why) = rest.rsplit_once('=').ok_or_else(form)?;
        let accept =
            Accept { code: code.trim().to_owned(), place: place.trim().to_owned(), why: why.trim().to_owned() };
        if accept.place.is_empty() || accept.why.is_empty() {
            return Err(form());
        }
        accept.check().map(|()| accept)
    }

    /// Whether such a finding exists and can be accepted.
    ///
    /// # Errors
    /// No such kind, or one that says that the draft was not judged.
    pub fn check(&self) -> Result<(), AcceptError> {
        let able = || CODES.iter().filter(|c| !c.stops).map(|c| c.name).collect::<Vec<_>>().join(", ");
        let fault = |message: String| AcceptError { message, help: format!("what can be accepted: {}", able()) };
        match CODES.iter().find(|c| c.name == self.code) {
            None => Err(fault(format!("there is no finding \"{}\"", self.code))),
            Some(code) if code.stops => {
                Err(fault(format!("\"{}\" can't be accepted: while it stands, the draft is not judged", self.code)))
            }
            Some(_) => Ok(()),
        }
    }

    fn fits(&self, finding: &Finding, drafts: &[Draft], tables: &[TableSeen]) -> bool {
        !finding.code.stops && finding.code.name == self.code && places(finding, drafts, tables).contains(&self.place)
    }
}

/// How the places of a finding are called: its table; table, row and column between slashes; the line, and that of its file;
/// `draft` where it has no place.
pub fn places(finding: &Finding, drafts: &[Draft], tables: &[TableSeen]) -> Vec<String> {
    if finding.spots.is_empty() {
        return vec!["draft".to_owned()];
    }
    finding.spots.iter().flat_map(|s| place(s, drafts, tables)).collect()
}

/// The names of a place, the most exact first.
fn place(spot: &Spot, drafts: &[Draft], tables: &[TableSeen]) -> Vec<String> {
    let mut names = Vec::new();
    if let Some(table) = spot.table.and_then(|t| tables.get(t)) {
        if spot.at.is_some() {
            names.push(format!("{}/{}/{}", table.name, spot.row, spot.column));
            names.push(format!("{}/{}", table.name, spot.row));
        }
        names.push(table.name.clone());
    }
    let file = drafts.get(spot.file).map_or("", |d| d.name.as_str());
    if spot.place.line > 0 {
        names.push(format!("line {}", spot.place.line));
        names.push(format!("{file}:{}", spot.place.line));
    }
    names.extend(spot.place.part.clone());
    names.push(file.to_owned());
    names
}

/// Findings that were accepted, each with the reason.
pub type Accepted = Vec<(Finding, String)>;

/// Takes what is accepted out of the findings; also says which acceptances fit nothing.
pub(crate) fn accepted(
    findings: Vec<Finding>,
    accept: &[Accept],
    drafts: &[Draft],
    tables: &[TableSeen],
) -> (Vec<Finding>, Accepted, Vec<Accept>) {
    let mut used = vec![false; accept.len()];
    let (mut left, mut accepted) = (Vec::new(), Vec::new());
    for finding in findings {
        let mut reason = None;
        for (one, used) in accept.iter().zip(&mut used) {
            if one.fits(&finding, drafts, tables) {
                *used = true;
                reason = reason.or(Some(one.why.clone()));
            }
        }
        match reason {
            Some(why) => accepted.push((finding, why)),
            None => left.push(finding),
        }
    }
    let unused = accept.iter().zip(used).filter(|(_, used)| !used).map(|(one, _)| one.clone()).collect();
    (left, accepted, unused)
}

impl Check<'_> {
    /// How the draft was read, and what was answered.
    pub(super) fn layout(&self, questions: &[Question]) -> Layout {
        let asked = questions.iter().filter_map(|q| Some((q.asks.clone(), q.answer?.into())));
        let said = self.options.layout.map(|l| l.answers.clone()).unwrap_or_default();
        let answers = said.into_iter().chain(asked).collect();
        let mut layout = assumed::layout(&self.reading, &self.signs, &self.rates_layout);
        // tables that a user sets aside are not among those that were read
        let aside = self.options.layout.into_iter().flat_map(|l| &l.tables).filter(|t| t.ignore == Some(true));
        layout.tables.extend(aside.cloned());
        let accept = self.accept().iter().map(LayoutAccept::from).collect();
        Layout { answers, accept, ..layout }
    }

    /// What is accepted: on the command line, and in the layout.
    pub(super) fn accept(&self) -> Vec<Accept> {
        let mut all = self.options.accept.to_vec();
        let said = self.options.layout.into_iter().flat_map(|l| &l.accept).map(Accept::from);
        for one in said {
            if !all.iter().any(|a| (&a.code, &a.place) == (&one.code, &one.place)) {
                all.push(one);
            }
        }
        all
    }
}

impl Outcome {
    /// Places of findings of a kind, as an acceptance names them, the most exact name of each.
    pub fn places_of(&self, code: &str, drafts: &[Draft]) -> Vec<String> {
        let all = self.findings.iter().filter(|f| f.code.name == code);
        let mut names: Vec<String> = all.filter_map(|f| places(f, drafts, &self.tables).into_iter().next()).collect();
        names.dedup();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The form, and what can't be accepted.
    #[test]
    fn forms() {
        let one = Accept::parse("small-count@TABLE 2/n = 3/2014= agreed").unwrap();
        assert_eq!(
            (one.code.as_str(), one.place.as_str(), one.why.as_str()),
            ("small-count", "TABLE 2/n = 3/2014", "agreed")
        );
        for text in ["small-count", "small-count@TABLE 2", "small-count@=why", "small-count@TABLE 2="] {
            assert!(Accept::parse(text).unwrap_err().message.contains("does not say"), "{text}");
        }
        assert!(Accept::parse("smal-count@a=b").unwrap_err().message.contains("there is no finding"));
        assert!(Accept::parse("not-additive@a=b").unwrap_err().message.contains("can't be accepted"));
    }
}
