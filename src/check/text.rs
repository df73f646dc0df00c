//! Numbers outside of tables: small counts in sentences, and totals in captions.

use std::collections::HashSet;

use crate::model::CellId;

use super::blocks::{Line, Pages};
use super::lexicon::{is_year, number};

/// Number words that can be small counts.
const WORDS: &[&str] = &["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
/// What drafts count.
const NOUNS: &[&str] = &[
    "victim",
    "suspect",
    "defendant",
    "offender",
    "offence",
    "offense",
    "case",
    "incident",
    "person",
    "people",
    "individual",
    "child",
    "children",
    "boy",
    "girl",
    "man",
    "men",
    "woman",
    "women",
    "male",
    "female",
    "record",
    "crime",
    "pupil",
    "student",
    "patient",
    "employee",
    "officer",
    "death",
    "complaint",
    "arrest",
    "charge",
    "caution",
    "conviction",
    "resident",
    "user",
    "household",
    "applicant",
    "claimant",
    "referral",
    "admission",
    "birth",
    "family",
    "families",
    "complainant",
    "allegation",
    "prisoner",
    "prosecution",
    "teacher",
    "worker",
    "member",
    "adult",
    "juvenile",
];
/// What stands before a number that is no count.
const BEFORE: &[&str] = &[
    "table",
    "tables",
    "section",
    "sections",
    "page",
    "question",
    "q",
    "figure",
    "part",
    "article",
    "schedule",
    "annex",
    "appendix",
    "note",
    "row",
    "column",
    "chapter",
    "paragraph",
    "step",
    "age",
    "aged",
    "version",
    "under",
    "over",
    "than",
    "phase",
    "class",
    "tier",
    "band",
    "type",
    "level",
    "stage",
    "quarter",
    "week",
    "day",
    "month",
    "request",
    "nearest",
    "to",
    "least",
    "most",
    "regulation",
    "code",
    "no",
    "ref",
    "reference",
    "between",
    "below",
    "above",
];
/// What stands behind a number that is no count.
const BEHIND: &[&str] = &[
    "year",
    "years",
    "month",
    "months",
    "day",
    "days",
    "working",
    "hour",
    "hours",
    "minute",
    "minutes",
    "percent",
    "per",
    "to",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "or",
    "and",
    "times",
    "decimal",
    "table",
    "tables",
    "question",
    "questions",
    "column",
    "columns",
    "row",
    "rows",
    "page",
];

/// A small number in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// Number of the line.
    pub line: usize,
    /// The words around it.
    pub words: String,
    /// The number.
    pub count: i64,
    /// Where it begins, in characters from 0.
    pub column: usize,
}

/// A word of a line: in small letters, without punctuation, with what stands around it.
struct Token<'a> {
    raw: &'a str,
    word: String,
    column: usize,
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut column = 0;
    for raw in text.split(' ') {
        let word = raw.trim_matches(|c: char| !c.is_alphanumeric() && c != '%' && c != '=').to_lowercase();
        tokens.push(Token { raw, word, column });
        column += raw.chars().count() + 1;
    }
    tokens
}

/// The number that a word is: digits alone, or a number word.
fn count(token: &Token) -> Option<i64> {
    let bare = token.raw.trim_matches(|c: char| matches!(c, ',' | ';' | ':' | '.' | '(' | ')' | '"' | '\''));
    if let Some(n) = number(bare).and_then(super::lexicon::Number::count) {
        return Some(n);
    }
    let at = WORDS.iter().position(|w| *w == token.word)?;
    i64::try_from(at + 1).ok()
}

/// Every small number that sentences tell; `most` is the largest that is small, `nouns` what this draft counts beside
/// the usual.
pub(crate) fn small_numbers(pages: &Pages, most: i64, nouns: &HashSet<String>) -> Vec<Told> {
    let mut found = Vec::new();
    for (number, line) in pages.lines.iter().enumerate() {
        let tokens = tokens(&line.text);
        for (i, token) in tokens.iter().enumerate() {
            let Some(n) = count(token).filter(|n| (1..=most).contains(n)) else { continue };
            if counts_something(&tokens, i, nouns) {
                let words: Vec<&str> = tokens.iter().skip(i).take(4).map(|t| t.raw).collect();
                found.push(Told { line: number, words: words.join(" "), count: n, column: token.column });
            }
        }
    }
    found
}

/// Whether the number that begins at a column of a text counts persons or cases by the words around it.
pub(crate) fn is_counted(text: &str, column: usize) -> bool {
    let tokens = tokens(text);
    tokens.iter().position(|t| t.column == column).is_some_and(|i| counts_something(&tokens, i, &HashSet::new()))
}

/// Whether a number counts persons or cases: what stands around it says so.
fn counts_something(tokens: &[Token], i: usize, nouns: &HashSet<String>) -> bool {
    let word = |at: Option<usize>| at.and_then(|at| tokens.get(at)).map_or("", |t| t.word.as_str());
    let ends = |t: &Token| t.raw.ends_with(['.', ';', ':', ')']);
    let before = word(i.checked_sub(1));
    let first = word(Some(i + 1));
    let list = i == 0 && tokens.first().is_some_and(|t| t.raw.ends_with(['.', ')', ':']));
    if list || BEFORE.contains(&before) || BEHIND.contains(&first) || first == "%" {
        return false;
    }
    let noun = |w: &str| {
        let single = w.strip_suffix('s').unwrap_or(w);
        !w.is_empty() && (NOUNS.contains(&w) || NOUNS.contains(&single) || nouns.contains(w) || nouns.contains(single))
    };
    if first == "of" && ["the", "these", "those", "them", "whom", "which", "all"].contains(&word(Some(i + 2))) {
        let about = (i + 3..i + 6).any(|at| noun(word(Some(at))));
        return about || ["them", "whom", "these", "those", "which"].contains(&word(Some(i + 2)));
    }
    // "the number of victims was 3"
    let counted = || {
        tokens[..i].iter().any(|t| ["number", "total", "count"].contains(&t.word.as_str()))
            && tokens[..i].iter().any(|t| noun(&t.word))
    };
    if ["was", "were", "is", "are", "="].contains(&before) && counted() {
        return true;
    }
    // "How many victims? 3 in 2023"
    if first == "in" && is_year(word(Some(i + 2))) && tokens[..i].iter().any(|t| noun(&t.word)) {
        return true;
    }
    let mut at = i;
    for _ in 0..3 {
        if tokens.get(at).is_none_or(ends) {
            return false;
        }
        at += 1;
        if noun(word(Some(at))) {
            return true;
        }
    }
    false
}

/// A total in a line: "Total count 52", "52 cases in total", "n = 52".
pub(crate) fn total_in(line: &Line) -> Option<i64> {
    let tokens = tokens(&line.text);
    let value = |t: &Token| count(t).filter(|_| !is_year(&t.word) && !WORDS.contains(&t.word.as_str()));
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
        Line { file: 0, text: text.to_owned(), place: Place::default(), hidden: false }
    }

    /// Sentences that tell a small number of persons or cases, and those with numbers of other things.
    #[test]
    fn small() {
        let told = |text: &str| -> Vec<i64> {
            let pages = Pages { lines: vec![line(text)], ..Pages::default() };
            small_numbers(&pages, 4, &HashSet::from(["programme".to_owned()])).into_iter().map(|t| t.count).collect()
        };
        for (text, counts) in [
            ("Two of the victims were under 10.", &[2][..]),
            ("There were 3 male victims and one suspect.", &[3, 1]),
            ("Of these, 2 of them were charged.", &[2]),
            ("one case of 2013 stands in this band", &[1]),
            ("The number of victims was 3.", &[3]),
            ("1. How many prosecutions? 14 in 2022, 3 in 2023.", &[3]),
            ("A different programme was used in 1 programme.", &[1]),
        ] {
            assert_eq!(told(text), counts, "{text}");
        }
        for text in [
            "TABLE 2",
            "2. How many offences were recorded?",
            "Section 23(5) of the Act applies to victims",
            "Offences up to 4 July 2015",
            "Children aged 3 and over",
            "fewer than 3 victims",
            "within 4 working days of the offence",
            "Table 1 offences by year",
            "Code 88/1 offences",
            "Counts of 1 to 4 are withheld",
            "25 offences",
        ] {
            assert_eq!(told(text), [0i64; 0], "{text}");
        }
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
