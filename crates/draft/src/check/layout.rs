//! How a draft was read, as a file that a person can edit: `layout.toml`.
//!
//! What it says is taken as said; what it leaves out is worked out as without it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diag::{Diagnostics, from_toml};

use super::Accept;

/// The file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Layout {
    /// The base to which the counts are rounded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rounded_to: Option<i64>,
    /// What signs stand for, as `--marker` says it; an empty sign is a blank cell.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub markers: BTreeMap<String, String>,
    /// Answers to questions, by the text of the question.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, Reply>,
    /// Findings that are accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accept: Vec<LayoutAccept>,
    /// The tables, by their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<LayoutTable>,
    /// Where it was read from.
    #[serde(skip)]
    pub(super) source: Source,
}

/// The text of a layout, to say where something stands in it; no part of what it says.
#[derive(Clone, Debug, Default)]
pub(super) struct Source {
    file: String,
    text: String,
}

impl PartialEq for Source {
    fn eq(&self, _: &Source) -> bool {
        true
    }
}

/// A finding that is accepted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LayoutAccept {
    /// The kind of finding.
    pub finding: String,
    /// Where it stands, as `--accept` says it.
    pub place: String,
    /// Why.
    pub why: String,
}

impl From<&Accept> for LayoutAccept {
    fn from(accept: &Accept) -> LayoutAccept {
        let Accept { code, place, why } = accept.clone();
        LayoutAccept { finding: code, place, why }
    }
}

impl From<&LayoutAccept> for Accept {
    fn from(said: &LayoutAccept) -> Accept {
        let LayoutAccept { finding, place, why } = said.clone();
        Accept { code: finding, place, why }
    }
}

/// The answer to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// Yes.
    Yes,
    /// No.
    No,
}

impl From<bool> for Reply {
    fn from(yes: bool) -> Reply {
        if yes { Reply::Yes } else { Reply::No }
    }
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LayoutTable {
    /// Its name, as the answer of `check` calls it.
    pub name: String,
    /// Not looked at at all: it holds no counts of cases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore: Option<bool>,
    /// The base to which its counts are rounded; 1 where they are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rounded_to: Option<i64>,
    /// Rows of headers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header_rows: Option<usize>,
    /// Columns of labels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label_columns: Option<usize>,
    /// Which cases it counts: tables with the same word count the same cases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cases: Option<String>,
    /// The cases that its own are a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_of: Option<String>,
    /// Rates and means, and what they are worked out from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rates: Vec<LayoutRate>,
    /// Its variables, those of the rows first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub axes: Vec<LayoutAxis>,
}

/// Rates or means: `per` times `of`, divided by `over`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LayoutRate {
    /// The label of the row or column of rates; empty where all figures of the table are such.
    pub figures: String,
    /// Per how many; 1 for a mean.
    pub per: i64,
    /// The label of what is divided; empty for the totals of `of-table`.
    pub of: String,
    /// The table that it stands in, where that is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of_table: Option<String>,
    /// The label of that by which is divided; empty for the totals of `over-table`.
    pub over: String,
    /// The table that it stands in, where that is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub over_table: Option<String>,
}

/// A variable of a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LayoutAxis {
    /// Its name: the same in two tables means the same variable.
    pub variable: String,
    /// Whether a category of it tells something sensitive about a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sensitive: Option<bool>,
    /// The label that is the sum of all others; empty where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<String>,
    /// Labels that leave out what is withheld, and are no totals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leaves_out_withheld: Vec<String>,
    /// Which labels add up to which.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sums: BTreeMap<String, Vec<String>>,
}

impl Layout {
    /// The layout in a text; `file` is its name in messages.
    ///
    /// # Errors
    /// Everything that is wrong with it, each at its place.
    pub fn from_text(file: &str, text: &str) -> Result<Layout, Diagnostics> {
        let parsed = from_toml::<Layout>(file, text);
        match parsed.value {
            Some(layout) => {
                let source = Source { file: file.to_owned(), text: text.to_owned() };
                parsed.faults.result(Layout { source, ..layout })
            }
            None => Err(parsed.faults),
        }
    }

    /// The file's text, with a comment on what it is for.
    pub fn to_text(&self) -> String {
        let head =
            "# How tabsafe read the draft. Edit what is wrong and run check again with --layout and this file.\n";
        format!("{head}{}", toml::to_string(self).unwrap_or_default())
    }

    /// Where a text stands in the file: `layout.toml:12:8`; its name alone where it is spelled otherwise there.
    pub(super) fn place(&self, text: &str) -> String {
        let spelled = [format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")), format!("'{text}'")];
        let found = |(number, line): (usize, &str)| {
            let at = spelled.iter().find_map(|s| line.find(s.as_str()))?;
            Some(format!("{}:{}:{}", self.source.file, number + 1, line.get(..at)?.chars().count() + 1))
        };
        let file = if self.source.file.is_empty() { "the layout" } else { &self.source.file };
        self.source.text.lines().enumerate().find_map(found).unwrap_or_else(|| file.to_owned())
    }

    /// The answers that it gives.
    pub fn replies(&self) -> BTreeMap<String, bool> {
        self.answers.iter().map(|(asks, reply)| (asks.clone(), *reply == Reply::Yes)).collect()
    }

    /// What it says about a table.
    pub(super) fn table(&self, name: &str) -> Option<&LayoutTable> {
        self.tables.iter().find(|t| t.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is saved is read as the same; an unknown key is told with its place.
    #[test]
    fn round_trip() {
        let layout = Layout {
            rounded_to: Some(5),
            markers: BTreeMap::from([("-".to_owned(), "zero".to_owned()), (String::new(), "withheld".to_owned())]),
            accept: vec![LayoutAccept {
                finding: "small-count".to_owned(),
                place: "TABLE 2".to_owned(),
                why: "agreed".to_owned(),
            }],
            answers: BTreeMap::from([("Is \"All\" a total?".to_owned(), Reply::No)]),
            source: Source::default(),
            tables: vec![LayoutTable {
                name: "TABLE 2".to_owned(),
                cases: Some("offences".to_owned()),
                rates: vec![LayoutRate {
                    figures: "Rate".to_owned(),
                    per: 1000,
                    of: "Offences".to_owned(),
                    over: String::new(),
                    over_table: Some("TABLE 3".to_owned()),
                    ..LayoutRate::default()
                }],
                axes: vec![LayoutAxis {
                    variable: "Year".to_owned(),
                    total: Some("Total".to_owned()),
                    sums: BTreeMap::from([("Total".to_owned(), vec!["2013".to_owned(), "2014".to_owned()])]),
                    ..LayoutAxis::default()
                }],
                ..LayoutTable::default()
            }],
        };
        assert_eq!(Layout::from_text("layout.toml", &layout.to_text()).as_ref(), Ok(&layout));
        let fault =
            Layout::from_text("layout.toml", "[[tables]]\nname = \"a\"\nhedder-rows = 2\n").unwrap_err().to_string();
        assert!(fault.starts_with("layout.toml:3:1: unknown key `hedder-rows`"), "{fault}");
        let read = Layout::from_text("l.toml", &layout.to_text()).unwrap();
        assert_eq!((read.place("2014"), read.place("not there")), ("l.toml:32:18".to_owned(), "l.toml".to_owned()));
    }
}
