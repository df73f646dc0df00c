//! Text that is a table without looking like one, and cells of tables that are text: lists of labels with a figure each, and
//! sentences within cells.

use crate::draft::{Entry, Place};

use super::blocks::Line;
use super::lexicon::{Content, is_year, lex, tidy};
use super::worded::holds_number;
use super::words::{is_common_sign, total_word};

/// A line of a label and a figure.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// Label and figure.
    pub cells: (String, String),
    /// The line as it stands.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// The piece of the document.
    pub piece: usize,
}

/// What labels of lines are that say no count: what they are followed by is a reference, a date, a way to get in touch.
const REFERENCES: &[&str] = &[
    "date",
    "dated",
    "ref",
    "reference",
    "request",
    "tel",
    "telephone",
    "phone",
    "fax",
    "mobile",
    "email",
    "e-mail",
    "page",
    "pages",
    "table",
    "version",
    "published",
    "updated",
    "release",
    "issue",
    "edition",
    "contact",
    "year",
    "period",
    "question",
    "q",
    "section",
    "annex",
    "note",
    "notes",
    "source",
    "time",
    "hours",
    "number",
    "no",
    "id",
    "code",
    "extension",
    "ext",
    "threshold",
    "base",
    "mean",
    "median",
    "average",
    "rate",
    "ratio",
    "percentage",
    "per",
    "age",
];

/// "2016/17 South - 3", "Boys: 12", "• North = 7 pupils": the label and the figure of a line.
pub(crate) fn item(line: &str) -> Option<(String, String)> {
    let line = tidy(line);
    let bare = line
        .trim_start_matches([
            '-', '*', '\u{2022}', '\u{b7}', '\u{25aa}', '\u{25cf}', '\u{25e6}', '\u{2043}', '\u{2023}',
        ])
        .trim_start();
    let bare = bare.strip_prefix("o ").unwrap_or(bare).trim_end_matches([';', ',', '.']).trim_end();
    let (label, figure) = [": ", " - ", " = ", " ... ", " \u{2026} ", ":", "="].iter().find_map(|by| {
        let (label, figure) = bare.rsplit_once(by)?;
        Some((label.trim().trim_end_matches([':', '-', '=']).trim_end(), figure.trim()))
    })?;
    let words: Vec<String> = label
        .to_lowercase()
        .split([' ', '/'])
        .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()).to_owned())
        .collect();
    let last = words.last()?;
    let first = words.first()?;
    let reference = REFERENCES.contains(&last.as_str()) || REFERENCES.contains(&first.as_str());
    let short = words.len() <= 9 && label.chars().any(char::is_alphanumeric) && !label.ends_with(['.', '?', '!']);
    (short && !reference && is_item_figure(figure)).then(|| (label.to_owned(), figure.to_owned()))
}

/// A figure of a list: a count, a range or a sign, with or without what is counted.
fn is_item_figure(text: &str) -> bool {
    if text.split(' ').count() > 3 {
        return false;
    }
    match super::worded::body(text).content {
        Content::Number(n) => n.plain().count().is_some(),
        Content::Range(_) => true,
        _ => is_common_sign(text) && !text.chars().any(|c| c == '-') || text == "-",
    }
}

/// Whether lines are a list of counts: two at least, of which one prints a number that is no year and is no total.
pub(crate) fn is_list(items: &[Item]) -> bool {
    let total = |i: &Item| total_word(&super::lexicon::key(&i.cells.0)).is_some();
    let number = |i: &Item| {
        matches!(lex(&i.cells.1).content, Content::Number(_) | Content::Range(_)) && !is_year(&i.cells.1)
            || i.cells.1.bytes().any(|b| b.is_ascii_digit()) && i.cells.1.contains(' ')
    };
    items.iter().filter(|i| !total(i)).count() > 1 && items.iter().any(|i| number(i) && !total(i))
}

/// Cells of a table that are sentences.
pub(crate) fn spoken(file: usize, rows: &[Vec<Entry>]) -> Vec<Line> {
    let figure = |e: &Entry| {
        let text = tidy(&e.text);
        matches!(lex(&text).content, Content::Number(_) | Content::Range(_)) && !is_year(&text)
    };
    let figures = rows.iter().skip(1).flat_map(|r| r.iter().skip(1)).any(figure);
    let line = |e: &Entry| {
        let text = tidy(&e.text);
        (!e.merged && is_sentence(&text, figures)).then(|| Line {
            file,
            text,
            place: e.place.clone(),
            hidden: e.hidden,
            drawn: None,
        })
    };
    rows.iter().flatten().filter_map(line).collect()
}

/// Whether a cell's text says something in a sentence: beside figures it has a verb, elsewhere three words are enough.
fn is_sentence(text: &str, beside_figures: bool) -> bool {
    const VERBS: [&str; 16] = [
        "was", "were", "is", "are", "had", "has", "have", "there", "did", "led", "of", "became", "died", "involved",
        "received", "includes",
    ];
    let words = || text.split(' ');
    let verb = words().any(|w| VERBS.contains(&w.to_lowercase().as_str()));
    let long = words().count();
    let says = if beside_figures { long >= 5 && (verb || text.ends_with('.')) } else { long >= 3 };
    says && (holds_number(text)
        || ["both", "single", "twins", "couple", "half", "only"].iter().any(|w| text.to_lowercase().contains(w)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of a label and a figure, and lines that are none.
    #[test]
    fn items() {
        for (line, label, figure) in [
            ("2016/17 South - 3", "2016/17 South", "3"),
            ("* Boys: 12", "Boys", "12"),
            ("\u{2022} North = 7 pupils;", "North", "7 pupils"),
            ("South: <5", "South", "<5"),
            ("East: [c]", "East", "[c]"),
            ("2023: 3", "2023", "3"),
        ] {
            assert_eq!(item(line), Some((label.to_owned(), figure.to_owned())), "{line}");
        }
        for line in [
            "Reference: 12345",
            "Date: 2015",
            "Telephone - 0123",
            "* means fewer than 5: 3 are hidden here",
            "Note 3: see page 4",
            "What happened?",
        ] {
            assert_eq!(item(line), None, "{line}");
        }
    }
}
