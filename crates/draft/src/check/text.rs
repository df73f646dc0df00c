//! Totals in captions and sentences.

use crate::model::CellId;

use super::blocks::Line;
use super::lexicon::{is_year, number};
use super::numerals::numeral;
use super::sentences::tokens;

/// A total in a line: "Total count 52", "52 cases in total", "n = 52".
pub(crate) fn total_in(line: &Line) -> Option<i64> {
    total_of(&line.text)
}

/// The same of a text.
pub(crate) fn total_of(text: &str) -> Option<i64> {
    let tokens = tokens(text);
    let value = |t: &super::sentences::Token| t.number.filter(|_| !is_year(&t.word) && numeral(&t.word).is_none());
    for (i, token) in tokens.iter().enumerate() {
        if token.word.starts_with("total") {
            let behind = tokens
                .iter()
                .skip(i + 1)
                .take(if token.raw.ends_with('.') { 0 } else { 6 })
                .take_while(|t| !t.word.is_empty() || t.raw == "-" || t.raw == ":" || t.raw == "=");
            if let Some(n) = behind.filter(|t| !t.raw.contains('%')).find_map(value) {
                return Some(n);
            }
            if i > 0 && tokens.get(i - 1).is_some_and(|t| t.word == "in") {
                return tokens[..i - 1].iter().rev().take(4).find_map(value);
            }
        }
        let joined = token.word.strip_prefix("n=").and_then(number).and_then(super::lexicon::Number::count);
        let apart = || {
            let equals = token.word == "n" && tokens.get(i + 1).is_some_and(|t| t.word == "=");
            if equals { tokens.get(i + 2).and_then(value) } else { None }
        };
        if let Some(n) = joined.or_else(apart) {
            return Some(n);
        }
    }
    None
}

/// A total of the text, and what became of it.
#[derive(Clone, Debug)]
pub(crate) enum Total {
    /// It is the total of these cases, which a table prints as well.
    Printed(usize),
    /// It is taken for the total of a table that does not print one.
    Taken(CellId, usize),
    /// It contradicts the table beside it.
    Contradicts(usize),
    /// It is about something else.
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::Place;

    fn line(text: &str) -> Line {
        Line { file: 0, text: text.to_owned(), place: Place::default(), hidden: false, drawn: None }
    }

    /// Totals in captions and sentences; years and percentages are none.
    #[test]
    fn totals() {
        for (text, total) in [
            ("Total count 52", Some(52)),
            ("Total: 1,204", Some(1204)),
            ("The total number of offences was 25.", Some(25)),
            ("There were 25 offences in total.", Some(25)),
            ("Respondents by age (n = 52)", Some(52)),
            ("Respondents by age (n=52)", Some(52)),
            ("Total offences in 2015", None),
            ("In total 40% were charged", None),
            ("Nothing here", None),
        ] {
            assert_eq!(total_in(&line(text)), total, "{text}");
        }
    }
}
