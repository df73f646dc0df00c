//! Numbers beside labels of tables: "12 offences in South", "South had three", "the rest in North".

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::check::lexicon::{is_year, key};
use crate::check::words::total_word;

use super::tokens::Words;
use super::vocabulary::{before as is_before, behind as is_behind};

/// The labels of all tables as words, by their first word.
#[derive(Clone, Debug, Default)]
pub(crate) struct Labels {
    by_first: HashMap<String, Alike>,
}

/// Labels that begin with the same word, and how many words they have.
#[derive(Clone, Debug, Default)]
struct Alike {
    labels: HashSet<Vec<String>>,
    lengths: BTreeSet<usize>,
}

impl Labels {
    /// Labels that name a category: words, no totals, no years, no bare numbers.
    pub fn new<'a>(labels: impl Iterator<Item = &'a str>) -> Labels {
        Labels::with_years(labels.filter(|l| !is_year(l)))
    }

    /// The same, years included.
    pub fn with_years<'a>(labels: impl Iterator<Item = &'a str>) -> Labels {
        let mut all = Labels::default();
        for label in labels {
            let key = key(label);
            let named = key.chars().any(char::is_alphabetic) || is_year(label);
            if total_word(&key).is_some() || !named || key.len() < 3 {
                continue;
            }
            let words: Vec<String> = split(&key);
            let Some(first) = words.first().cloned() else { continue };
            let alike = all.by_first.entry(first).or_default();
            alike.lengths.insert(words.len());
            alike.labels.insert(words);
        }
        all
    }

    /// The longest label that stands at a place, as its words.
    fn at(&self, words: &Words, at: usize) -> Option<&Vec<String>> {
        let alike = self.by_first.get(words.word(Some(at)))?;
        let said = |length: usize| (at..at + length).map(|n| words.word(Some(n)).to_owned()).collect::<Vec<_>>();
        alike.lengths.iter().rev().find_map(|&length| alike.labels.get(&said(length)))
    }
}

/// A key in words, as sentences are.
fn split(key: &str) -> Vec<String> {
    key.split(' ')
        .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric() && c != '%' && c != '=').to_owned())
        .filter(|w| !w.is_empty())
        .collect()
}

/// A number that a sentence says of a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    /// The label as a key.
    pub label: String,
    /// The number.
    pub value: i64,
    /// It is the most that the figure can be.
    pub bound: bool,
    /// It is what the other numbers of the sentence leave over.
    pub left: bool,
    /// Where the number stands, in characters from 0.
    pub column: usize,
    /// The words from the first to the last.
    pub quote: String,
    /// The words of the clause that are neither the number nor the label.
    pub others: Vec<String>,
}

/// What a sentence says of labels.
pub(crate) fn spoken(words: &Words, labels: &Labels) -> Vec<Said> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.all.len() {
        let Some(label) = labels.at(words, at) else {
            at += 1;
            continue;
        };
        let (from, to) = (at, at + label.len());
        let said = before(words, from).or_else(|| behind(words, from, to));
        if let Some((number, bound)) = said
            && let Some(value) = words.all.get(number).and_then(|t| t.count())
        {
            let (first, last) = (number.min(from), (number + 1).max(to));
            found.push(Said {
                label: label.join(" "),
                value,
                bound,
                left: false,
                column: words.all.get(number).map_or(0, |t| t.column),
                quote: words.quote(first, last),
                others: others(words, labels, (from, to), number),
            });
        }
        at = to;
    }
    found.extend(rest(words, labels, &found));
    found
}

/// The number that stands before a label: "3 in South", "12 offences from the South", "no more than 3 in South".
fn before(words: &Words, from: usize) -> Option<(usize, bool)> {
    let mut at = from.checked_sub(1)?;
    while ["the", "area", "of"].contains(&words.word(Some(at))) && at > 0 && words.word(Some(at)) != "of" {
        at -= 1;
    }
    if !["in", "from", "at", "for", "of", "by", "to"].contains(&words.word(Some(at))) || words.all.get(at)?.ends() {
        return None;
    }
    // up to three words of what is counted
    for step in 1..=4 {
        let number = at.checked_sub(step)?;
        let token = words.all.get(number)?;
        if token.ends() {
            return None;
        }
        if token.count().is_some() {
            return usable(words, number).map(|bound| (number, bound));
        }
        // "3 more in Beech than in Cedar" is a difference
        let compared = ["more", "fewer", "less", "times", "higher", "lower"].contains(&token.word.as_str());
        if words.is_thing(&token.word) || compared {
            return None;
        }
    }
    None
}

/// The number behind a label: "South had three", "South: 3", "In South there were 12 offences", "South, 3".
fn behind(words: &Words, from: usize, to: usize) -> Option<(usize, bool)> {
    const LINKS: &[&str] = &[
        "is",
        "was",
        "were",
        "had",
        "has",
        "have",
        "recorded",
        "reported",
        "saw",
        "with",
        "at",
        "remains",
        "numbered",
        "counted",
        "shows",
        "showed",
        "there",
        "only",
        "just",
        "also",
        "a",
        "total",
        "of",
        "we",
        "been",
        "no",
        "not",
        "more",
        "than",
        "most",
        "=",
        "stood",
        "registered",
        "held",
        "about",
        "",
    ];
    let led = from.checked_sub(1).map(|b| words.word(Some(b))).unwrap_or_default();
    let last = words.all.get(to.checked_sub(1)?)?;
    let opened = ["in", "for", "at", "from"].contains(&led)
        || last.raw.ends_with([':', ','])
        || words.all.get(to).is_some_and(|t| t.raw.starts_with('('))
        || LINKS.contains(&words.word(Some(to)));
    if !opened || last.stops() {
        return None;
    }
    for at in to..to + 6 {
        let token = words.all.get(at)?;
        if token.count().is_some() {
            // "In South, 3 in North": the number belongs to the label behind it
            return usable(words, at).map(|bound| (at, bound));
        }
        if !LINKS.contains(&token.word.as_str()) || token.stops() {
            return None;
        }
    }
    None
}

/// Whether a number can be a count; whether it is a bound.
fn usable(words: &Words, at: usize) -> Option<bool> {
    let (before, first) = (words.back(at, 1), words.word(Some(at + 1)));
    let ended = words.all.get(at).is_some_and(|t| t.ends());
    let unit = !ended && (is_behind(first) && !["and", "or"].contains(&first) || first == "%" || words.is_thing(first));
    let than = before == "than" && words.back(at, 2) == "more" && ["no", "not"].contains(&words.back(at, 3));
    let bound = than || before == "most" && words.back(at, 2) == "at";
    let raw = words.all.get(at).map_or("", |t| t.raw);
    let led = is_before(before) && !bound;
    // "ten of the 12" is about a part
    let part = first == "of" || first == "out" || before == "of" && words.back(at, 2) != "total";
    let between = ["to", "-"].contains(&first);
    (!unit && !led && !part && !between && !raw.starts_with(['\u{a3}', '$', '\u{20ac}'])).then_some(bound)
}

/// Words of the clause that are neither the number nor the label, nor say nothing of what is counted.
fn others(words: &Words, labels: &Labels, label: (usize, usize), number: usize) -> Vec<String> {
    const EMPTY: &[&str] = &[
        "there",
        "was",
        "were",
        "is",
        "are",
        "in",
        "the",
        "a",
        "an",
        "of",
        "had",
        "has",
        "have",
        "been",
        "we",
        "recorded",
        "reported",
        "saw",
        "for",
        "at",
        "from",
        "and",
        "with",
        "total",
        "only",
        "just",
        "also",
        "no",
        "not",
        "more",
        "than",
        "most",
        "by",
        "that",
        "this",
        "which",
        "it",
        "number",
        "count",
        "respectively",
        "while",
        "but",
        "",
        "area",
        "region",
        "rest",
        "remaining",
        "remainder",
        "others",
        "altogether",
        "together",
        "overall",
        "all",
        "combined",
        "between",
        "them",
        "both",
    ];
    let (first, last) = (label.0.min(number), label.1.max(number + 1));
    let start = (0..first).rev().find(|&at| words.all.get(at).is_some_and(|t| t.ends())).map_or(0, |at| at + 1);
    let end = (last.saturating_sub(1)..words.all.len())
        .find(|&at| words.all.get(at).is_some_and(|t| t.ends()))
        .map_or(words.all.len(), |at| at + 1);
    (start..end)
        .filter(|at| !(label.0..label.1).contains(at) && *at != number && labels.at(words, *at).is_none())
        .map(|at| words.word(Some(at)).to_owned())
        .filter(|w| !EMPTY.contains(&w.as_str()))
        .collect()
}

/// "There were 40 offences: 25 in East, 12 in South and the rest in North".
fn rest(words: &Words, labels: &Labels, said: &[Said]) -> Option<Said> {
    let at = (0..words.all.len())
        .find(|&at| ["rest", "remainder", "remaining", "others"].contains(&words.word(Some(at))))?;
    let from = (at + 1..at + 6).find(|&a| labels.at(words, a).is_some())?;
    let label = labels.at(words, from)?;
    let first = words.all.iter().position(|t| t.count().is_some())?;
    let whole = words.all.get(first)?;
    let parts = said.iter().filter(|s| !s.bound && s.column > whole.column);
    let sum = parts.clone().try_fold(0i64, |sum, s| sum.checked_add(s.value))?;
    let value = whole.count()?.checked_sub(sum).filter(|v| *v >= 0)?;
    if parts.count() == 0 {
        return None;
    }
    Some(Said {
        label: label.join(" "),
        value,
        bound: false,
        left: true,
        column: words.all.get(at)?.column,
        quote: words.quote(at, from + label.len()),
        others: Vec::new(),
    })
}
