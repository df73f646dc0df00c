//! Drafts without any table: answers in sentences. They are judged by what their numbers say, so each number must be read.

use crate::check::blocks::Pages;
use crate::check::lexicon::is_year;

use super::tokens::{Token, Words};
use super::vocabulary::{BEFORE, BEHIND, VERBS};

/// A number of a sentence that was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unread {
    /// Number of the line.
    pub line: usize,
    /// The words around it.
    pub words: String,
    /// Where it begins, in characters from 0.
    pub column: usize,
}

/// A count of a sentence.
#[derive(Clone, Debug)]
struct Counted {
    line: usize,
    value: i64,
    quote: String,
    year: Option<String>,
}

/// The numbers of sentences that are neither counts nor anything that is known to count nobody; and how many are counts.
pub(crate) fn unread(pages: &Pages, nouns: &[String]) -> (Vec<Unread>, usize) {
    let (mut found, mut counts) = (Vec::new(), 0);
    for (number, line) in pages.lines.iter().chain(&pages.spoken).enumerate() {
        let words = Words::of(&line.text, nouns);
        for (i, token) in words.all.iter().enumerate() {
            if is_count(&words, i) {
                counts += 1;
            } else if holds_number(token) && !is_reference(&words, i) {
                let quote = words.quote(i.saturating_sub(1), i + 3);
                found.push(Unread { line: number, words: quote, column: token.column });
            }
        }
    }
    (found, counts)
}

/// Two counts whose difference is small, where one may be a part of the other: the words of the larger, of the smaller, and
/// the difference.
pub(crate) fn pairs(pages: &Pages, most: i64, nouns: &[String]) -> Vec<(String, String, i64)> {
    let mut counted: Vec<Counted> = Vec::new();
    for (number, line) in pages.lines.iter().chain(&pages.spoken).enumerate() {
        let words = Words::of(&line.text, nouns);
        for i in (0..words.all.len()).filter(|&i| is_count(&words, i)) {
            let Some(value) = words.all.get(i).and_then(Token::count).filter(|n| *n > most) else { continue };
            let year = words.all.iter().skip(i + 1).take(6).find(|t| is_year(&t.word)).map(|t| t.word.clone());
            counted.push(Counted { line: number, value, quote: words.quote(i, i + 4), year });
        }
    }
    let mut found = Vec::new();
    // a number and the ones behind it in reading order
    for (i, a) in counted.iter().enumerate() {
        for b in counted.iter().skip(i + 1).take(MOST_APART) {
            let apart = a.year != b.year && a.year.is_some() && b.year.is_some();
            let (whole, part) = if a.value >= b.value { (a, b) } else { (b, a) };
            let difference = whole.value - part.value;
            if !apart && (1..=most).contains(&difference) && a.line.abs_diff(b.line) < MOST_APART {
                found.push((whole.quote.clone(), part.quote.clone(), difference));
            }
        }
    }
    found
}

/// Numbers of a text that are looked at together.
const MOST_APART: usize = 8;

fn holds_number(token: &Token) -> bool {
    token.number.is_some() || token.raw.chars().any(|c| c.is_ascii_digit())
}

/// Whether a number counts: a noun behind it, a verb, "of the", "in 2023".
fn is_count(words: &Words, i: usize) -> bool {
    let Some(token) = words.all.get(i) else { return false };
    if token.count().is_none() || token.raw.contains('%') || BEFORE.contains(&words.back(i, 1)) && !token.ends() {
        return false;
    }
    let (before, first) = (words.back(i, 1), words.word(Some(i + 1)));
    if !token.ends() && BEHIND.contains(&first) && !["and", "or"].contains(&first) {
        return false;
    }
    let ended = |at: usize| words.all.get(at).is_none_or(|t| t.raw.ends_with(['.', ';', ':']));
    let noun = (i + 1..i + 4)
        .take_while(|&at| at == i + 1 && !token.ends() || !ended(at - 1))
        .any(|at| words.is_noun(words.word(Some(at))));
    let said = [
        "was", "were", "is", "are", "=", "total", "totalled", "of", "been", "with", "only", "just", "there",
        "recorded", "and",
    ]
    .contains(&before);
    let about = words.all.iter().take(i).any(|t| words.is_noun(&t.word));
    noun || VERBS.contains(&first)
        || first == "of"
        || first == "in" && (is_year(words.word(Some(i + 2))) || about)
        || said && about
}

/// Whether a number is a year, a date, a reference, an age, a unit of something, or the number of a paragraph.
fn is_reference(words: &Words, i: usize) -> bool {
    const MONTHS: &[&str] = &[
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
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
    ];
    let Some(token) = words.all.get(i) else { return true };
    let (before, first) = (words.back(i, 1), words.word(Some(i + 1)));
    let letters = token.word.chars().any(char::is_alphabetic) && token.word.chars().any(|c| c.is_ascii_digit());
    let digits = token.word.chars().filter(char::is_ascii_digit).count();
    let coded = letters
        || token.word.contains('/')
        || digits > 6
        || token.word.starts_with('0') && digits > 1
        || token.word.contains('@');
    let dated = MONTHS.contains(&before) || MONTHS.contains(&first);
    let listed = i == 0 && token.raw.ends_with(['.', ')', ':']) && words.all.len() > 1;
    let unit = BEHIND.contains(&first) && !["and", "or"].contains(&first);
    let pronoun = token.word == "one" || words.is_thing(first);
    let money = token.raw.starts_with(['\u{a3}', '$', '\u{20ac}']);
    is_year(&token.word)
        || coded
        || dated
        || listed
        || BEFORE.contains(&before)
        || unit && first != "percent"
        || pronoun
        || money
}
