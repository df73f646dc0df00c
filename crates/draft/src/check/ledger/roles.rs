//! The role of each number of a text.
//!
//! Forms that are no counts have their role by themselves (`shapes`). A whole number or number word has one by what stands
//! around it: a date, a place in a document or law, a thing that is no person, a bound, the number of a list. What is left
//! may be a count: a large one tells nothing about few persons, a small one has no role.

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use super::super::common;
use super::Role;
use super::notes::opens;
use super::shapes::{Shape, Word, words};
use super::vocabulary::{
    bound, breaks, changes, explained, explains, identified, idiom, leads, month, number_word, numbered, only,
    or_bound, owned, owns, part, street, thing, verb,
};

/// A number of a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    /// Where it begins, in characters from 0.
    pub column: usize,
    /// As typed.
    pub text: String,
    /// What it is, where it is a whole number.
    pub value: Option<i64>,
    /// Its role, if it has one.
    pub role: Option<Role>,
}

/// What is known of a text.
pub(super) struct Context<'a> {
    /// The counts that the policy hides.
    pub band: (i64, i64),
    /// Whether a number is judged already, by the column where it begins.
    pub judged: &'a dyn Fn(usize) -> bool,
    /// Whether a large number may be what a table withholds, by the column where it begins.
    pub withheld: &'a dyn Fn(usize, i64) -> bool,
    /// Whether the first number is one of a series 1, 2, 3 at the beginnings of lines.
    pub listed: bool,
    /// The text is a cell that is no sentence: large numbers in it are figures of some table.
    pub figures: bool,
    /// The page that it is on.
    pub page: Option<&'a str>,
}

/// Every number of a text.
pub(super) fn items(text: &str, context: &Context) -> Vec<Item> {
    if !text.chars().any(|c| c.is_numeric()) && !text.split(' ').any(|w| number_word(&bare(w)).is_some()) {
        return Vec::new();
    }
    let sentence = Sentence { explains: false, words: words(text), chain: HashSet::new(), context };
    let explains = sentence.words.iter().any(|w| explains(&w.low) || w.core == "=");
    let chain = sentence.chain();
    let sentence = Sentence { explains, chain, ..sentence };
    (0..sentence.words.len()).flat_map(|i| sentence.item(i)).collect()
}

/// Whether the number at the end of a text is part of a name: "Ward 3", "Table 2".
pub(super) fn is_named(text: &str) -> bool {
    text.rsplit(' ').nth(1).is_some_and(|w| numbered(&bare(w)))
}

fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

struct Sentence<'a> {
    words: Vec<Word<'a>>,
    /// It explains signs or rounding.
    explains: bool,
    /// The numbers of a list within the text, by word.
    chain: HashSet<usize>,
    context: &'a Context<'a>,
}

impl Sentence<'_> {
    fn low(&self, at: Option<usize>) -> &str {
        at.and_then(|at| self.words.get(at)).map_or("", |w| w.low.as_str())
    }

    fn item(&self, i: usize) -> Vec<Item> {
        let Some(word) = self.words.get(i) else { return Vec::new() };
        let one = |value: Option<i64>, role: Option<Role>| {
            vec![Item { column: word.column, text: word.core.to_owned(), value, role }]
        };
        let judged = (self.context.judged)(word.column);
        match &word.shape {
            Shape::Plain => Vec::new(),
            Shape::Reference => one(None, Some(Role::Reference)),
            Shape::Mark => one(None, Some(Role::Footnote)),
            Shape::Bound => one(None, Some(Role::Legend)),
            Shape::Percent | Shape::Ratio => one(None, Some(Role::Sentence)),
            // "2m, 12f": men and women
            Shape::Unit if self.by_sex(word) => one(None, None),
            Shape::Unit => one(None, Some(Role::Unit)),
            Shape::Fraction(a, b) => one(Some(*a), self.fraction(i, *a, *b, judged)),
            Shape::Range(a, b) => one(Some(*a), self.range(i, *a, *b, judged)),
            Shape::Number(value) => one(Some(*value), self.number(i, *value, judged)),
            Shape::Word(value) => {
                let role = self.word(i, *value, judged);
                // "one" is mostly no number
                if role == Some(Role::Reference) && matches!(word.low.as_str(), "one" | "both" | "single") {
                    Vec::new()
                } else {
                    one(Some(*value), role)
                }
            }
            Shape::Several(values) => {
                let role = |value: Option<i64>| match value {
                    _ if judged => Some(Role::Sentence),
                    _ if self.referred(i) || self.bullet(i) => Some(Role::Reference),
                    Some(value) => self.size(i, value),
                    None => None,
                };
                values.iter().flat_map(|v| one(*v, role(*v))).collect()
            }
        }
    }

    /// "2m" beside "12f".
    fn by_sex(&self, word: &Word) -> bool {
        let of = |core: &str, sex: char| {
            let low = core.to_lowercase();
            low.strip_suffix(sex).is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
        };
        of(word.core, 'm') && self.words.iter().any(|w| of(w.core, 'f'))
    }

    /// A whole number that nothing around it explains.
    fn size(&self, i: usize, value: i64) -> Option<Role> {
        let (least, most) = self.context.band;
        let small = (least.max(1)..=most).contains(&value) || least == 0 && value == 0;
        let open = small
            || self.context.figures
            || self.words.get(i).is_some_and(|w| (self.context.withheld)(w.column, value));
        (!open).then_some(Role::Sentence)
    }

    fn number(&self, i: usize, value: i64, judged: bool) -> Option<Role> {
        if judged {
            return Some(Role::Sentence);
        }
        if self.percent(i) || self.share(i) || self.for_every(i) {
            return Some(Role::Sentence);
        }
        let reference = self.referred(i)
            || self.dated(i, value)
            || self.dialled(i)
            || self.heads(i)
            || self.addressed(i)
            || self.paged(i, value);
        match () {
            _ if reference => Some(Role::Reference),
            _ if self.bounded(i) => Some(Role::Legend),
            _ if self.of_things(i) || self.possessed(i) || self.topmost(i) => Some(Role::Unit),
            _ if self.told_apart(i, value) => Some(Role::Sentence),
            _ => self.spoken_range(i).unwrap_or_else(|| self.size(i, value)),
        }
    }

    fn word(&self, i: usize, value: i64, judged: bool) -> Option<Role> {
        let (before, behind) = (self.low(i.checked_sub(1)), self.low(Some(i + 1)));
        let ends = i + 1 == self.words.len() || self.words.get(i).is_some_and(|w| w.raw.ends_with(['.', ';']));
        let counts = only(before) || verb(behind) || ends && verb(before);
        let said = self.low(Some(i));
        let noun = behind.ends_with('s') && !thing(behind) && !idiom(behind) && self.low(Some(i + 2)) != "and";
        let single = before == "a" && self.low(i.checked_sub(2)) != "not" && !thing(behind) && !idiom(behind) && !ends;
        match value {
            _ if judged => Some(Role::Sentence),
            2 if said == "both" && (before == "in" || !noun) => Some(Role::Reference),
            1 if said == "single" => {
                if single {
                    None
                } else {
                    Some(Role::Reference)
                }
            }
            _ if part(behind) => Some(Role::Sentence),
            1 if !counts => Some(Role::Reference),
            _ => self.number(i, value, judged),
        }
    }

    fn fraction(&self, i: usize, a: i64, b: i64, judged: bool) -> Option<Role> {
        let (_, most) = self.context.band;
        match () {
            _ if judged => Some(Role::Sentence),
            _ if self.referred(i) || (a, b) == (24, 7) || self.low(i.checked_sub(1)) == "of" && b > 90 => {
                Some(Role::Reference)
            }
            // a third, three quarters
            _ if 0 < a && a < b && b <= 10 => Some(Role::Sentence),
            _ if self.context.figures || a <= most || (b - a).abs() <= most => None,
            _ => Some(Role::Sentence),
        }
    }

    fn range(&self, i: usize, a: i64, b: i64, judged: bool) -> Option<Role> {
        match () {
            _ if judged => Some(Role::Sentence),
            _ if self.referred(i) || self.dated(i, b) || self.dialled(i) => Some(Role::Reference),
            _ if self.bounded(i) || self.explains => Some(Role::Legend),
            _ if self.of_things(i) => Some(Role::Unit),
            _ if self.percent(i) => Some(Role::Sentence),
            _ if b <= self.context.band.1 || self.context.figures && a <= self.context.band.1 => None,
            _ => Some(Role::Sentence),
        }
    }

    /// "12 %", "12 per cent", "12 percent", "12 percentage points".
    fn percent(&self, i: usize) -> bool {
        let next = self.words.get(i + 1).map_or("", |w| w.raw);
        let behind = self.low(Some(i + 1));
        next.starts_with('%')
            || behind.starts_with("percent")
            || behind == "prozent"
            || behind == "per" && self.low(Some(i + 2)) == "cent"
    }

    /// "1 in 5", "one in three": a share, as a fraction of small numbers is.
    fn share(&self, i: usize) -> bool {
        let value = |at: Option<usize>| match at.and_then(|at| self.words.get(at)).map(|w| &w.shape) {
            Some(Shape::Number(n) | Shape::Word(n)) => Some(*n),
            _ => None,
        };
        let pair = match (self.low(Some(i + 1)), self.low(i.checked_sub(1))) {
            ("in", _) => value(Some(i)).zip(value(Some(i + 2))),
            (_, "in") => value(i.checked_sub(2)).zip(value(Some(i))),
            _ => None,
        };
        pair.is_some_and(|(a, b)| 0 < a && a < b && b <= 10)
    }

    /// "for every woman there are two men": a ratio.
    fn for_every(&self, i: usize) -> bool {
        let led = |at: usize| self.low(Some(at)) == "for" && matches!(self.low(Some(at + 1)), "every" | "each");
        (i.saturating_sub(7)..i).any(led)
    }

    /// A number in a circle, or another that is no digit, at the beginning of a line.
    fn bullet(&self, i: usize) -> bool {
        i == 0
            && self.words.len() > 1
            && self
                .words
                .first()
                .is_some_and(|w| !w.raw.chars().any(|c| c.is_ascii_alphanumeric()) && w.raw.chars().count() <= 2)
    }

    /// "from 447 to 449, an increase of 2": the difference of two numbers that the text tells.
    fn told_apart(&self, i: usize, value: i64) -> bool {
        let word = self.low(i.checked_sub(2));
        // "two more complaints in 2021 (45) than in 2020 (43)"
        let sizes = || {
            self.words.iter().filter_map(|w| match w.shape {
                Shape::Number(n) if n > self.context.band.1 => Some(n),
                _ => None,
            })
        };
        let more = matches!(self.low(Some(i + 1)), "more" | "fewer") && self.words.iter().any(|w| w.low == "than");
        if more && sizes().count() == 2 && sizes().max().zip(sizes().min()).is_some_and(|(a, b)| a - b == value) {
            return true;
        }
        let change =
            matches!(word, "increase" | "decrease" | "rise" | "fall" | "drop" | "change" | "difference" | "reduction");
        let number = |at: usize| match self.words.get(at).map(|w| &w.shape) {
            Some(Shape::Number(n)) => Some(*n),
            _ => None,
        };
        let pair = |at: usize| {
            let (a, b) = (number(at)?, number(at + 2).filter(|_| self.low(Some(at + 1)) == "to")?);
            Some((a - b).abs() == value && a.min(b) > self.context.band.1)
        };
        change && self.low(i.checked_sub(1)) == "of" && (0..i).any(|at| pair(at) == Some(true))
    }

    /// Whether a word joins numbers of an enumeration.
    fn joins(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|w| {
            let joint = matches!(w.low.as_str(), "and" | "or" | "to" | "" | "through" | "bis" | "und" | "et" | "y");
            joint || matches!(w.shape, Shape::Number(_) | Shape::Range(..) | Shape::Several(_) | Shape::Fraction(..))
        })
    }

    /// The first word before a number that belongs to no enumeration.
    fn before(&self, i: usize) -> Option<usize> {
        (0..i).rev().take(12).find(|&at| !self.joins(at))
    }

    /// "Table 3", "sections 31 and 40", "request number 12".
    fn referred(&self, i: usize) -> bool {
        // "page 2 of 4"
        let whole = self.low(i.checked_sub(1)) == "of"
            && self.words.get(i.saturating_sub(2)).is_some_and(|w| matches!(w.shape, Shape::Number(_)));
        if whole && i > 2 {
            return self.referred(i - 2);
        }
        if self.numbered_of(i) || whole && self.numbered_of(i - 2) {
            return true;
        }
        let Some(at) = self.before(i) else { return false };
        let Some(word) = self.words.get(at) else { return false };
        let low = word.low.as_str();
        // "Ward 4: 3", "Day 3 - 2", "Aged 13 (2)": what stands behind the name is its figure
        let raw = |at: usize| self.words.get(at).map_or("", |w| w.raw);
        let parted = (at + 1..i).any(|b| raw(b).ends_with(':'))
            || !low.ends_with('s') && (at + 2..i).any(|b| matches!(raw(b), "-" | "\u{2013}" | "\u{2014}" | "="))
            || matches!(low, "age" | "aged") && at + 1 < i && raw(i).starts_with('(');
        if parted {
            return false;
        }
        // "Ward: 3" is a label and its figure
        let labelled = word.raw.ends_with(':')
            && !["ref", "tel", "telephone", "phone", "page", "no", "reference", "version", "fax", "ext"].contains(&low);
        let number = matches!(low, "number" | "numbers") && identified(self.low(at.checked_sub(1)));
        // "in that year 3 were refused"
        let spoken = self.low(at.checked_sub(1));
        let timed = common::time(low)
            && !word.raw.starts_with(char::is_uppercase)
            && [
                "that",
                "this",
                "last",
                "same",
                "next",
                "each",
                "the",
                "financial",
                "calendar",
                "per",
                "a",
                "previous",
                "first",
            ]
            .contains(&spoken);
        // "no 3" is a reference, "no" before words is not
        !labelled
            && !timed
            && (numbered(low) || number || word.raw == "§" || word.raw.ends_with('§') || word.raw == "#")
    }

    /// "File 3 of 4": a document and how many there are.
    fn numbered_of(&self, i: usize) -> bool {
        let number = |at: usize| self.words.get(at).filter(|w| matches!(w.shape, Shape::Number(_) | Shape::Word(_)));
        let led = i.checked_sub(1).is_some_and(|b| common::document(self.low(Some(b))));
        let Some(last) = number(i + 2).filter(|_| led && self.low(Some(i + 1)) == "of") else { return false };
        let end = last.raw.ends_with(['.', ',', ';', ':', ')']) || i + 3 >= self.words.len();
        end || matches!(self.low(Some(i + 3)), "" | "to" | "for" | "in" | "on")
    }

    /// A day before or behind its month.
    fn dated(&self, i: usize, value: i64) -> bool {
        if !(1..=31).contains(&value) {
            return false;
        }
        let is_month =
            |at: usize| self.words.get(at).is_some_and(|w| month(&w.low) && w.raw.chars().any(char::is_uppercase));
        if i.checked_sub(1).is_some_and(is_month) && self.monthly(&is_month) {
            return false;
        }
        let joins = |at: usize| {
            self.joins(at)
                || matches!(self.low(Some(at)), "of" | "until" | "der" | "de")
                || self.words.get(at).is_some_and(|w| w.shape == Shape::Reference)
        };
        let behind = (i + 1..i + 8).find(|&at| !joins(at) || is_month(at));
        if behind.is_some_and(is_month) {
            return true;
        }
        let ends =
            self.words.get(i).is_some_and(|w| w.raw.ends_with(['.', ',', ';', ')'])) || i + 1 == self.words.len();
        let year = self.words.get(i + 1).is_some_and(|w| w.shape == Shape::Reference);
        i.checked_sub(1).is_some_and(is_month) && (ends || year)
    }

    /// "Jan 3, Feb 12, Mar 14": different months, each with a number behind it and none before: figures by month, and no days.
    fn monthly(&self, is_month: &dyn Fn(usize) -> bool) -> bool {
        let number = |at: usize| self.words.get(at).is_some_and(|w| matches!(w.shape, Shape::Number(_)));
        let year = |at: usize| self.words.get(at).is_some_and(|w| w.shape == Shape::Reference);
        let months: Vec<usize> = (0..self.words.len()).filter(|&at| is_month(at)).collect();
        let alone = |at: usize| at.checked_sub(1).is_none_or(|b| !number(b) || b.checked_sub(1).is_some_and(is_month));
        let mut names: Vec<&str> = months.iter().map(|&at| self.low(Some(at))).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        count > 1 && names.len() == count && months.iter().all(|&at| number(at + 1) && !year(at + 2) && alone(at))
    }

    /// A part of a telephone number.
    fn dialled(&self, i: usize) -> bool {
        let part = |at: usize| {
            let digits = |w: &Word| {
                w.raw.chars().any(|c| c.is_ascii_digit())
                    && w.raw.chars().all(|c| c.is_ascii_digit() || "()+-.,".contains(c))
            };
            self.words.get(at).is_some_and(digits)
        };
        let start = (0..i).rev().take(6).take_while(|&at| part(at)).last().unwrap_or(i);
        let run = (start..start + 8).take_while(|&at| part(at));
        let text: String = run.filter_map(|at| self.words.get(at)).map(|w| w.raw).collect();
        let count = text.chars().filter(char::is_ascii_digit).count();
        count >= 9 && text.starts_with(['0', '+', '('])
    }

    /// The numbers 1, 2, 3 of a list whose items stand behind each other: "1. Totals exclude. 2. Figures are". The first opens
    /// the text or stands behind the end of a sentence; so do the others, where the first does not open the text.
    fn chain(&self) -> HashSet<usize> {
        let closed = |w: &Word| w.raw.ends_with([')', '.', ':']) && w.core.chars().all(|c| c.is_ascii_digit());
        let capital = |at: usize| {
            self.words
                .get(at)
                .is_some_and(|w| w.raw.trim_start_matches(['"', '\'', '(']).starts_with(char::is_uppercase))
        };
        let ended = |at: usize| match at.checked_sub(1).and_then(|b| self.words.get(b)) {
            None => true,
            Some(w) => {
                w.raw.ends_with(['.', '?', '!', ':', ';', ')'])
                    || matches!(w.low.as_str(), "notes" | "note" | "footnotes")
            }
        };
        let mut chain: Vec<usize> = Vec::new();
        for (at, word) in self.words.iter().enumerate() {
            let Shape::Number(value) = word.shape else { continue };
            let next = usize::try_from(value).is_ok_and(|v| v == chain.len() + 1);
            let opened = chain.first() == Some(&0) && self.words.first().is_some_and(closed);
            if next && capital(at + 1) && (ended(at) || opened && closed(word)) {
                chain.push(at);
            }
        }
        if chain.len() > 1 { chain.into_iter().collect() } else { HashSet::new() }
    }

    /// The number of a list or of a heading: "3. How many", "(2) Offences".
    fn heads(&self, i: usize) -> bool {
        let first = self.words.iter().position(|w| !w.low.is_empty()) == Some(i);
        let more = self.words.get(i + 1..).unwrap_or_default().iter().any(|w| w.low.chars().any(char::is_alphabetic));
        let closed = self
            .words
            .get(i)
            .is_some_and(|w| w.raw.ends_with([')', '.']) && w.core.chars().all(|c| c.is_ascii_digit()));
        // "1)" alone on a line opens an answer
        let bare = self.words.get(i).is_some_and(|w| w.raw.ends_with(')') && !w.raw.starts_with('('));
        let alone = first && closed && (self.context.listed || bare) && i + 1 == self.words.len();
        let raw = |at: usize| self.words.get(at).map_or("", |w| w.raw);
        let capital = |at: usize| raw(at).starts_with(char::is_uppercase);
        // "2 - Complaints by ward" heads a table; "(1) the table and (2) our policy" is a list
        let dashed = i == 0 && ["-", "\u{2013}", "\u{2014}"].contains(&raw(1)) && capital(2);
        let bracketed = |at: usize| raw(at).len() == 3 && raw(at).starts_with('(') && raw(at).ends_with(')');
        let listed = bracketed(i)
            && (0..self.words.len()).any(|at| raw(at) == "(1)")
            && (0..self.words.len()).any(|at| raw(at) == "(2)");
        // "- 1 -", the number of a page
        let paged = self.words.len() == 3 && i == 1 && raw(0) == "-" && raw(2) == "-";
        // "Notes: 1 A delivery may result in more than one baby."
        let noted = i > 0
            && raw(i) == "1"
            && matches!(raw(i - 1), "Notes:" | "Note:" | "Footnotes:" | "Footnote:")
            && opens(1, self.low(Some(i + 1)))
            && capital(i + 1);
        if dashed || listed || paged || noted {
            return true;
        }
        alone || more && (first && (closed || self.context.listed) || self.chain.contains(&i))
    }

    /// The number of a house.
    fn addressed(&self, i: usize) -> bool {
        let capital = |at: usize| self.words.get(at).is_some_and(|w| w.raw.starts_with(char::is_uppercase));
        let end = (i + 1..i + 5).take_while(|&at| capital(at)).find(|&at| street(self.low(Some(at))));
        end.is_some_and(|at| at > i + 1)
    }

    /// The number of the page, alone on its line: "3", "- 3 -", "3 of 12", "3 / 12".
    fn paged(&self, i: usize, value: i64) -> bool {
        let Some(page) = self.context.page else { return false };
        let own = page.rsplit(' ').next().and_then(|p| p.parse::<i64>().ok());
        let alone = self
            .words
            .iter()
            .all(|w| matches!(w.low.as_str(), "" | "of" | "page" | "von") || matches!(w.shape, Shape::Number(_)));
        let behind = || self.before(i).is_none() && i > 0 && self.words.iter().any(|w| w.low == "of");
        alone && (own == Some(value) || behind())
    }

    /// "fewer than 5", "5 or more", "nearest 5", "between 1 and 4".
    fn bounded(&self, i: usize) -> bool {
        let before = self.low(i.checked_sub(1));
        let two = self.low(i.checked_sub(2));
        let pair = matches!(
            (two, before),
            ("multiple" | "multiples", "of")
                | ("up" | "equal" | "rounded" | "base", "to")
                | ("threshold" | "minimum" | "maximum" | "base" | "quorum", "of")
        );
        let or = self.low(Some(i + 1)) == "or" && or_bound(self.low(Some(i + 2)))
            || self.low(Some(i + 1)) == "and" && or_bound(self.low(Some(i + 2)));
        let between = self.before(i).is_some_and(|at| matches!(self.low(Some(at)), "between"));
        // "Where a value is 1, 2, 3 or 4 it is replaced"
        let listed = || {
            let noun = |at: usize| matches!(self.low(at.checked_sub(1)), "value" | "values" | "cell" | "cells");
            let is = self.before(i).filter(|&at| matches!(self.low(Some(at)), "is" | "are" | "equals" | "contains"));
            self.explains && is.is_some_and(|at| noun(at) && (at + 2 < i || self.joins(i + 1)))
        };
        let explained = || {
            let at = self.before(i);
            let of = at
                .filter(|&at| matches!(self.low(Some(at)), "of" | "from" | "with"))
                .and_then(|at| at.checked_sub(1))
                .or(at);
            self.explains && explained(self.low(of))
        };
        let sign = || {
            i.checked_sub(1).and_then(|at| self.words.get(at)).is_some_and(|w| matches!(w.raw, "<" | ">" | "≤" | "≥"))
        };
        bound(before) || pair || or || between || sign() || explained() || listed()
    }

    /// "three working days", "2 tables": a thing that is neither a person nor a case.
    fn of_things(&self, i: usize) -> bool {
        let stops = |at: usize| self.words.get(at).is_none_or(|w| w.raw.ends_with(['.', ',', ';', ':', ')']));
        // "two of the three areas", "3 out of 4 forces"
        let mut from = i + 1;
        if self.low(Some(from)) == "out" && self.low(Some(from + 1)) == "of" {
            from += 1;
        }
        if self.low(Some(from)) == "of" {
            while leads(self.low(Some(from)))
                || from > i + 1
                    && self.words.get(from).is_some_and(|w| matches!(w.shape, Shape::Number(_) | Shape::Word(_)))
            {
                from += 1;
            }
        }
        // "2 x 13 year olds"
        if matches!(self.low(Some(i + 1)), "x" | "×") {
            return false;
        }
        for at in from..from + 3 {
            if stops(at - 1) || breaks(self.low(Some(at))) {
                return false;
            }
            // "It happened three times."
            let more = ["as", "more", "the", "higher", "larger", "greater", "a", "per", "less", "lower", "that"];
            if self.low(Some(at)) == "times" && !more.contains(&self.low(Some(at + 1))) {
                return false;
            }
            if thing(self.low(Some(at))) {
                return true;
            }
        }
        false
    }

    /// "We own 4 vans and 3 cars": what is said to be owned, with nothing said of what became of it.
    fn possessed(&self, i: usize) -> bool {
        let two = self.words.get(i + 2).is_some() && !breaks(self.low(Some(i + 1))) && owned(self.low(Some(i + 2)));
        let i = if two { i + 1 } else { i };
        let word = self.words.get(i + 1);
        let ends = |at: usize| self.words.get(at).is_none_or(|w| w.raw.ends_with(['.', ',', ';', ')']));
        let joined = |at: usize| matches!(self.low(Some(at)), "and" | "in" | "at" | "on" | "for" | "with" | "across");
        let last = i + 1 == self.words.len().saturating_sub(1) || ends(i + 1) || joined(i + 2);
        word.is_some()
            && owned(self.low(Some(i + 1)))
            && last
            && (0..i).rev().take(8).any(|at| owns(self.low(Some(at))))
    }

    /// "one of their top three".
    fn topmost(&self, i: usize) -> bool {
        let ends = self.words.get(i).is_none_or(|w| w.raw.ends_with(['.', ',', ';', ')']));
        let noun = matches!(self.low(Some(i + 1)), "choices" | "preferences" | "schools" | "places" | "priorities");
        self.low(i.checked_sub(1)) == "top" && (ends || noun || i + 1 == self.words.len())
    }

    /// "1 to 4": a bound where the sentence explains signs; two counts where it tells of a change.
    fn spoken_range(&self, i: usize) -> Option<Option<Role>> {
        let value = |at: Option<usize>| match at.and_then(|at| self.words.get(at)).map(|w| &w.shape) {
            Some(Shape::Number(n) | Shape::Word(n)) => Some(*n),
            _ => None,
        };
        let behind = || (self.low(Some(i + 1)) == "to").then(|| value(Some(i + 2))).flatten();
        let before = || (self.low(i.checked_sub(1)) == "to").then(|| value(i.checked_sub(2))).flatten();
        let other = behind().or_else(before)?;
        let own = value(Some(i))?;
        if self.words.iter().any(|w| changes(&w.low)) {
            return None;
        }
        if self.explains {
            return Some(Some(Role::Legend));
        }
        (own.max(other) > self.context.band.1 && !self.context.figures).then_some(Some(Role::Sentence))
    }
}
