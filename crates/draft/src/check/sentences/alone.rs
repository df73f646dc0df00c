//! Drafts without any table: answers in sentences. They are judged by what their numbers say.

use std::collections::HashSet;

use crate::check::blocks::Pages;
use crate::check::lexicon::is_year;

use super::tokens::{Token, Words};
use super::vocabulary::{VERBS, before as is_before, behind as is_behind};

/// A count of a sentence.
#[derive(Clone, Debug)]
struct Counted {
    line: usize,
    at: usize,
    value: i64,
    quote: String,
    year: Option<String>,
    /// "from 447 to 449": what it became.
    to: Option<i64>,
}

/// How many numbers of a draft's sentences count persons or cases.
pub(crate) fn counts(pages: &Pages, nouns: &HashSet<String>) -> usize {
    let lines = pages.lines.iter().chain(&pages.spoken);
    let of_line = |text: &str| {
        let words = Words::of(text, nouns);
        (0..words.all.len()).filter(|&i| is_count(&words, i)).count()
    };
    lines.map(|l| of_line(&l.text)).sum()
}

/// Two counts whose difference is small, where one may be a part of the other: the words of the larger, of the smaller, and
/// the difference.
pub(crate) fn pairs(pages: &Pages, most: i64, nouns: &HashSet<String>) -> Vec<(String, String, i64)> {
    let mut counted: Vec<Counted> = Vec::new();
    for (number, line) in pages.lines.iter().chain(&pages.spoken).enumerate() {
        let words = Words::of(&line.text, nouns);
        for i in (0..words.all.len()).filter(|&i| is_count(&words, i)) {
            let Some(value) = words.all.get(i).and_then(Token::count).filter(|n| *n > most) else { continue };
            let year = year_of(&words, i);
            let to = (words.word(Some(i + 1)) == "to").then(|| words.all.get(i + 2)?.count()).flatten();
            counted.push(Counted { line: number, at: i, value, quote: words.quote(i, i + 4), year, to });
        }
    }
    let whole = sums(pages, nouns);
    let siblings = |a: &Counted, b: &Counted| {
        let holds = |sum: &Sum, c: &Counted| sum.line == c.line && sum.parts.contains(&c.at);
        whole.iter().any(|s| s.rest == 0 && holds(s, a) && holds(s, b))
    };
    let mut found = Vec::new();
    // a number and the ones behind it in reading order
    for (i, a) in counted.iter().enumerate() {
        for b in counted.iter().skip(i + 1).take(MOST_APART) {
            let changed = a.line == b.line && a.to == Some(b.value);
            let apart = changed || a.year != b.year && a.year.is_some() && b.year.is_some();
            let (whole, part) = if a.value >= b.value { (a, b) } else { (b, a) };
            let difference = whole.value - part.value;
            let near = !apart && (1..=most).contains(&difference) && a.line.abs_diff(b.line) < MOST_APART;
            if near && !siblings(a, b) {
                found.push((whole.quote.clone(), part.quote.clone(), difference));
            }
        }
    }
    found
}

/// A sentence whose first number is at least the sum of the others: "98 pupils, 51 boys and 44 girls".
struct Sum {
    line: usize,
    /// Which words of the line the others are.
    parts: Vec<usize>,
    whole: String,
    names: Vec<String>,
    rest: i64,
}

/// Every such sentence.
fn sums(pages: &Pages, nouns: &HashSet<String>) -> Vec<Sum> {
    let mut found = Vec::new();
    for (number, line) in pages.lines.iter().chain(&pages.spoken).enumerate() {
        let words = Words::of(&line.text, nouns);
        let ends = |at: &usize| words.all.get(*at).is_some_and(|t| t.raw.ends_with(['.', '?', '!']));
        let mut from = 0;
        for end in (0..words.all.len()).filter(|at| ends(at) || at + 1 == words.all.len()) {
            found.extend(sum(&words, number, from, end + 1));
            from = end + 1;
        }
    }
    found
}

fn sum(words: &Words, line: usize, from: usize, to: usize) -> Option<Sum> {
    let token = |at: usize| words.all.get(at);
    let numbers: Vec<(usize, i64)> = (from..to).filter_map(|at| Some((at, token(at)?.count()?))).collect();
    // a number that counts nobody, or that one side of a comparison, makes it another sentence
    let counted = |at: usize| {
        let noun = (at + 1..(at + 4).min(to)).any(|n| words.is_noun(words.word(Some(n))));
        is_count(words, at) || noun && !super::small::excluded(words, at)
    };
    let ((first, whole), parts) = numbers.split_first()?;
    if parts.len() < 2 || !numbers.iter().all(|n| counted(n.0)) || parts.iter().any(|p| p.1 >= *whole) {
        return None;
    }
    let compared = ["from", "than", "between", "against"];
    if (from..to).any(|at| compared.contains(&words.word(Some(at)))) {
        return None;
    }
    // numbers of other years are no parts of the first
    let year = year_of(words, *first);
    let other = |at: usize| year.is_some() && year_of(words, at).is_some_and(|y| Some(&y) != year.as_ref());
    let sum = parts.iter().try_fold(0i64, |s, p| s.checked_add(p.1))?;
    let rest = whole.checked_sub(sum).filter(|r| *r >= 0)?;
    if parts.iter().any(|p| other(p.0)) {
        return None;
    }
    Some(Sum {
        line,
        parts: parts.iter().map(|p| p.0).collect(),
        whole: words.quote(*first, first + 3),
        names: parts.iter().map(|p| words.quote(p.0, p.0 + 2)).collect(),
        rest,
    })
}

/// Sentences whose numbers leave a small rest of the first: its words, those of the others, and the rest.
pub(crate) fn rests(pages: &Pages, most: i64, nouns: &HashSet<String>) -> Vec<(String, Vec<String>, i64)> {
    let all = sums(pages, nouns).into_iter().filter(|s| (1..=most).contains(&s.rest));
    all.map(|s| (s.whole, s.names, s.rest)).collect()
}

/// The year that a count is of: the nearest of its clause, before it or behind.
pub(super) fn year_of(words: &Words, i: usize) -> Option<String> {
    let ends = |at: usize| words.all.get(at).is_some_and(|t| t.stops());
    let own = |at: usize| words.all.get(at).filter(|t| is_year(&t.word)).map(|t| t.word.clone());
    let before = (0..i).rev().take_while(|&at| !ends(at)).take(8).find_map(own);
    let behind = (i + 1..words.all.len()).take_while(|&at| at == i + 1 || !ends(at - 1)).take(6).find_map(own);
    behind.or(before)
}

/// Numbers of a text that are looked at together.
const MOST_APART: usize = 8;

/// Whether a number counts: a noun behind it, a verb, "of the", "in 2023".
pub(super) fn is_count(words: &Words, i: usize) -> bool {
    let Some(token) = words.all.get(i) else { return false };
    if super::small::excluded(words, i) && !token.ends() {
        return false;
    }
    if token.count().is_none() || token.raw.contains('%') || is_before(words.back(i, 1)) && !token.ends() {
        return false;
    }
    let (before, first) = (words.back(i, 1), words.word(Some(i + 1)));
    if !token.ends() && is_behind(first) && !["and", "or"].contains(&first) {
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
