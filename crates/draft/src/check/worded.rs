//! Cells of figures that say their counts in words: "1 case", "Male: 2", "Yes (2)", "12 a)", "2 died, 9 recovered".
//!
//! One count is read as that count. Several with a word each are read as a figure for each word. Anything else that holds a
//! digit or a number word is left as it stands, and the cell is not understood: it is never taken for a sign.

use super::common;
use super::lexicon::{Content, Lexed, Number, lex, number, tidy};
use super::numerals::numeral;
use super::words::is_common_sign;

/// A count and the words that stand with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// The words, in small letters; "case" and "cases" are one.
    pub label: String,
    /// The figure as typed.
    pub figure: String,
}

/// Units of what is no count of persons or cases.
const UNITS: &[&str] = &[
    "km",
    "mile",
    "metre",
    "meter",
    "m",
    "cm",
    "kg",
    "g",
    "litre",
    "l",
    "%",
    "percent",
    "percentage",
    "per",
    "point",
    "pound",
    "penny",
    "pence",
    "euro",
    "dollar",
    "million",
    "thousand",
    "billion",
    "m²",
    "ha",
    "hectare",
    "st",
    "nd",
    "rd",
    "th",
    "am",
    "pm",
    "or",
    "and",
    "to",
    "of",
    "out",
    "times",
    "x",
];

/// Words before a number in a cell that is no count.
const NAMES: &[&str] = &[
    "table",
    "note",
    "page",
    "section",
    "version",
    "figure",
    "annex",
    "appendix",
    "chapter",
    "question",
    "q",
    "ref",
    "reference",
    "no",
    "age",
    "aged",
    "year",
    "date",
    "tel",
    "phone",
    "telephone",
    "fax",
    "email",
    "id",
    "code",
    "grade",
    "level",
    "class",
    "ward",
    "band",
    "step",
    "part",
    "line",
    "row",
    "column",
    "time",
    "mean",
    "median",
    "average",
    "rate",
    "ratio",
    "percent",
    "%",
];

/// What a body cell says: as [`lex`], and counts among words.
pub(crate) fn body(text: &str) -> Lexed {
    let lexed = lex(text);
    let Content::Sign(sign) = &lexed.content else { return lexed };
    if is_common_sign(sign) {
        return lexed;
    }
    match single(sign) {
        Some(number) => Lexed { content: Content::Number(number), share: lexed.share },
        None => lexed,
    }
}

/// Whether a text that is no figure holds a number all the same.
pub(crate) fn holds_number(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
        || text.split(|c: char| !c.is_alphabetic()).any(|w| numeral(&w.to_lowercase()).is_some())
}

/// The one count that a cell says.
fn single(text: &str) -> Option<Number> {
    let count = |n: Number| n.plain().count().map(|_| n.plain());
    if let Some(n) = marked(text).or_else(|| figure(text)).and_then(count) {
        return Some(n);
    }
    let part = part(text)?;
    figure(&part.figure).and_then(count)
}

/// A figure in digits, or as a word ("three").
fn figure(text: &str) -> Option<Number> {
    number(text).or_else(|| {
        let units = numeral(&text.to_lowercase())?;
        Some(Number { units, decimals: 0, percent: false, money: false })
    })
}

/// A figure with a footnote mark that needs a figure before it: "12 a)", "12 1)", "12 (a)", "12r".
fn marked(text: &str) -> Option<Number> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, ',' | '.' | ' ' | '\''))).unwrap_or(text.len());
    let (head, tail) = text.split_at(end);
    let tail = tail.trim();
    let mut letters = tail.trim_matches(|c| matches!(c, '(' | ')' | '[' | ']' | '.')).chars();
    let letter = matches!((letters.next(), letters.next()), (Some(c), None) if c.is_ascii_lowercase() && !"kmghdywlx".contains(c));
    if letter {
        return number(head.trim());
    }
    // "12 1)": a bracket that nothing opens
    let text = text.strip_suffix(')').filter(|t| !t.contains('('))?;
    let (head, mark) = text.rsplit_once(' ')?;
    let mark = mark.len() <= 2 && !mark.is_empty() && mark.bytes().all(|b| b.is_ascii_digit());
    if mark { number(head.trim()) } else { None }
}

/// "2 died", "Male: 2", "Yes (2)", "Deaths = 3", "North - 3": one figure and up to five words.
pub(crate) fn part(text: &str) -> Option<Part> {
    let text = tidy(text);
    let text = text.trim_end_matches(['.', ';', ',']).trim();
    if let Some(inner) = text.strip_suffix(')')
        && let Some((words, figure)) = inner.rsplit_once('(')
    {
        let bare = figure.trim().trim_start_matches("n=").trim_start_matches("n =").trim();
        return labelled(words, bare);
    }
    for by in [":", "=", " - "] {
        if let Some((words, figure)) = text.rsplit_once(by) {
            return labelled(words, figure.trim()).or_else(|| labelled(figure, words.trim()));
        }
    }
    let (first, rest) = text.split_once(' ')?;
    figure(first)?;
    labelled(rest, first)
}

fn labelled(words: &str, typed: &str) -> Option<Part> {
    let words = words.trim().to_lowercase();
    let list: Vec<&str> = words.split([' ', '/']).filter(|w| !w.is_empty()).collect();
    let single = |w: &str| w.strip_suffix('s').unwrap_or(w).to_owned();
    let bare = |w: &str| single(w.trim_matches(|c: char| !c.is_alphanumeric() && c != '%'));
    let (first, last) = (list.first()?, list.last()?);
    let is_unit = |w: &str| UNITS.contains(&w) || common::time(w) || common::month(w);
    let unit = list.iter().any(|w| is_unit(&bare(w)) || is_unit(w));
    let named = NAMES.contains(&bare(first).as_str()) || NAMES.contains(&bare(last).as_str());
    let letters = words.chars().any(char::is_alphabetic) && !words.chars().any(|c| c.is_ascii_digit());
    figure(typed)?;
    if unit || named || !letters || list.len() > 5 || list.iter().any(|w| numeral(w).is_some()) {
        return None;
    }
    Some(Part { label: list.iter().map(|w| bare(w)).collect::<Vec<_>>().join(" "), figure: typed.to_owned() })
}

/// The parts of a cell that lists several counts: "2 died, 9 recovered"; none where any of it is not understood.
pub(crate) fn parts(text: &str) -> Option<Vec<Part>> {
    let text = tidy(text);
    let apart: Vec<&str> =
        text.split([';', '|', '+']).flat_map(|t| t.split(", ")).flat_map(|t| t.split(" and ")).collect();
    let apart: Vec<&str> = if apart.len() == 1 { text.split(" / ").collect() } else { apart };
    let pieces = || apart.iter().map(|t| t.trim()).filter(|t| !t.is_empty());
    let found: Vec<Part> = pieces().map(part).collect::<Option<_>>()?;
    let mut labels: Vec<&str> = found.iter().map(|p| p.label.as_str()).collect();
    labels.sort_unstable();
    labels.dedup();
    (labels.len() == found.len() && !found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cells that say one count in words, and those that say none or something else.
    #[test]
    fn single_counts() {
        for (text, count) in [
            ("1 case", 1),
            ("3 pupils", 3),
            ("Male: 2", 2),
            ("Yes (2)", 2),
            ("n = 3", 3),
            ("12 a)", 12),
            ("12 1)", 12),
            ("12 (a)", 12),
            ("1,204 cases", 1204),
            ("three", 3),
            ("twelve people", 12),
            ("Deaths - 4", 4),
            ("12.0 cases", 12),
        ] {
            let Content::Number(n) = body(text).content else { panic!("{text} says a count") };
            assert_eq!(n.count(), Some(count), "{text}");
        }
        for text in [
            "12 years",
            "3 May 2024",
            "Table 2",
            "Version: 3",
            "2 of 12",
            "2 died, 9 recovered",
            "Age 3",
            "3rd",
            "none",
        ] {
            assert!(matches!(body(text).content, Content::Sign(_)), "{text}");
        }
    }

    /// Several counts with their words; one that is not understood leaves the cell as it stands.
    #[test]
    fn several() {
        let labels = |text: &str| parts(text).map(|p| p.into_iter().map(|p| (p.label, p.figure)).collect::<Vec<_>>());
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(labels("2 died, 9 recovered"), Some(vec![pair("died", "2"), pair("recovered", "9")]));
        assert_eq!(labels("Male: 2; Female: 1"), Some(vec![pair("male", "2"), pair("female", "1")]));
        assert_eq!(labels("1 case and 3 deaths"), Some(vec![pair("case", "1"), pair("death", "3")]));
        assert_eq!(labels("2 died, see note"), None);
        assert_eq!(labels("2 died, 3 died"), None);
    }
}
