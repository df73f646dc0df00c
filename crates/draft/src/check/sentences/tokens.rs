//! Sentences as words, with the numbers among them.

use std::collections::HashSet;

use crate::check::lexicon::{Number, is_year, number};
use crate::check::numerals::numeral;

use super::vocabulary::{NOUNS, thing};

/// A word of a line: in small letters, without punctuation, with what stands around it.
#[derive(Clone, Debug)]
pub(crate) struct Token<'a> {
    /// As typed.
    pub raw: &'a str,
    /// In small letters.
    pub word: String,
    /// Where it begins, in characters from 0.
    pub column: usize,
    /// The whole number that it is, in digits or as a word.
    pub number: Option<i64>,
}

impl Token<'_> {
    /// Whether a clause ends with it.
    pub fn ends(&self) -> bool {
        self.raw.ends_with(['.', ';', ':', ')', '?', '!', ','])
    }

    /// Whether a sentence ends with it.
    pub fn stops(&self) -> bool {
        self.raw.ends_with(['.', ';', '?', '!'])
    }

    /// The number, where it is no year.
    pub fn count(&self) -> Option<i64> {
        self.number.filter(|_| !(is_year(&self.word) && self.word.len() == 4))
    }
}

/// The words of a text.
pub(crate) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut column = 0;
    for raw in text.split(' ') {
        let word = raw.trim_matches(|c: char| !c.is_alphanumeric() && c != '%' && c != '=').to_lowercase();
        let number = count(raw, &word);
        tokens.push(Token { raw, word, column, number });
        column += raw.chars().count() + 1;
    }
    tokens
}

/// The number that a word is: digits alone, or a number word.
fn count(raw: &str, word: &str) -> Option<i64> {
    let bare = raw.trim_matches(|c: char| {
        matches!(c, ',' | ';' | ':' | '.' | '(' | ')' | '"' | '\'' | '?' | '!' | '*' | '\u{201c}' | '\u{201d}')
    });
    number(bare).and_then(Number::count).or_else(|| numeral(word))
}

/// The words of a sentence with the ways to ask about one of them.
pub(crate) struct Words<'a> {
    /// The words.
    pub all: Vec<Token<'a>>,
    /// What this draft counts beside the usual.
    pub nouns: &'a HashSet<String>,
}

impl<'a> Words<'a> {
    /// The words of a line.
    pub fn of(text: &'a str, nouns: &'a HashSet<String>) -> Words<'a> {
        Words { all: tokens(text), nouns }
    }

    /// A word by its number; empty beyond the ends.
    pub fn word(&self, at: Option<usize>) -> &str {
        at.and_then(|at| self.all.get(at)).map_or("", |t| t.word.as_str())
    }

    /// The word so many places before.
    pub fn back(&self, at: usize, steps: usize) -> &str {
        self.word(at.checked_sub(steps))
    }

    /// Whether a clause begins here.
    pub fn opens(&self, at: usize) -> bool {
        match at.checked_sub(1).and_then(|b| self.all.get(b)) {
            None => true,
            Some(before) => {
                before.ends()
                    || ["and", "which", "whom", "but", "while", "whilst", "only", "just", "these", "those", "them"]
                        .contains(&before.word.as_str())
            }
        }
    }

    /// Whether a word is the name of persons or cases.
    pub fn is_noun(&self, word: &str) -> bool {
        !word.is_empty() && forms(word).iter().any(|w| NOUNS.contains(&w.as_str()) || self.nouns.contains(w))
    }

    /// Whether a word is the name of something else that can be counted.
    pub fn is_thing(&self, word: &str) -> bool {
        !self.is_noun(word) && forms(word).iter().any(|w| thing(w))
    }

    /// The words around a place, for a quotation.
    pub fn quote(&self, from: usize, to: usize) -> String {
        self.all
            .get(from..to.min(self.all.len()))
            .unwrap_or_default()
            .iter()
            .map(|t| t.raw)
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// Whether a word is the name of something that is no person and no case.
pub(crate) fn names_things(word: &str) -> bool {
    forms(word).iter().any(|w| thing(w))
}

/// A word and its singular.
fn forms(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    forms.extend(word.strip_suffix('s').map(str::to_owned));
    forms.extend(word.strip_suffix("es").map(str::to_owned));
    forms.extend(word.strip_suffix("ies").map(|w| format!("{w}y")));
    forms
}
