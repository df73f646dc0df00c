//! What the words around a table say of the cases that it counts: whether they are a part of those of another table.
//!
//! Size alone says nothing: of two tables by year one is nearly always nowhere larger.

use std::collections::BTreeSet;

use super::super::blocks::{Block, Pages};
use super::super::lexicon::{is_year, key};

/// The words around a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Title {
    /// Its name in small letters.
    name: String,
    /// What it counts: the words of its title that are no variables, and no fillers.
    subject: BTreeSet<String>,
    /// The years that its title names.
    years: BTreeSet<String>,
    /// Captions and notes, in small letters.
    text: String,
    /// The title itself, in small letters.
    caption: String,
}

/// Words of titles that say nothing of what is counted.
const FILLERS: &[&str] = &[
    "number",
    "numbers",
    "count",
    "counts",
    "of",
    "the",
    "a",
    "an",
    "and",
    "in",
    "for",
    "to",
    "on",
    "at",
    "from",
    "table",
    "tab",
    "total",
    "totals",
    "year",
    "years",
    "financial",
    "calendar",
    "figures",
    "data",
    "all",
    "recorded",
    "q",
    "question",
    "answer",
    "figure",
    "sheet",
    "annex",
    "per",
    "each",
    "statistics",
    "breakdown",
    "summary",
    "how",
    "many",
    "were",
    "was",
    "is",
    "are",
    "there",
    "have",
    "has",
    "been",
    "with",
    "by",
    "who",
    "that",
    "which",
];
/// Words that point back to the cases of a table before.
const BACK: &[&str] = &[
    "of these",
    "of those",
    "of which",
    "of whom",
    "of them",
    "resulting in",
    "resulted in",
    "that led to",
    "which led to",
    "leading to",
    "these offences",
    "those offences",
    "these cases",
    "those cases",
    "those arrested",
    "those charged",
    "the above",
    "subset",
    "of the same",
    "whose outcome",
];
/// Where the variables of a title begin.
const VARIABLES: &[&str] = &[" by ", " split by ", " broken down", " per ", ", by ", " according to ", " over time"];

impl Title {
    /// The title of a block.
    pub fn of(block: &Block, pages: &Pages) -> Title {
        let lines = |all: &[usize]| -> Vec<String> {
            all.iter().filter_map(|&l| pages.lines.get(l)).map(|l| key(&l.text)).collect()
        };
        // a title stands directly above its table, a note directly below
        let before = lines(block.before.get(block.before.len().saturating_sub(3)..).unwrap_or_default());
        let after = lines(block.after.get(..block.after.len().min(3)).unwrap_or_default());
        // the heading of the next table is no note of this one
        let heading = |l: &String| l.starts_with("table ") || l.starts_with("tab ");
        let after: Vec<String> = after.into_iter().take_while(|l| !heading(l)).take(2).collect();
        let name = key(&block.name);
        let plain = before.iter().filter(|l| l.split(' ').count() <= 20);
        let caption = plain.clone().next_back().cloned().unwrap_or_default();
        let titled = if caption.is_empty() { name.clone() } else { caption };
        let subject = subject(&titled);
        let words = titled.split([' ', ',', '(', ')', '.', ';', ':']);
        let years = words.filter(|w| is_year(w)).map(str::to_owned).collect();
        let text = before.iter().chain(&after).chain([&name]).cloned().collect::<Vec<_>>().join(". ");
        Title { name, subject, years, text, caption: titled }
    }

    /// The title in small letters.
    pub fn caption(&self) -> &str {
        &self.caption
    }

    /// Whether the words make the cases of this table a part of those of another; `before` says that the other is the nearest
    /// before it.
    pub fn part_of(&self, whole: &Title, before: bool) -> bool {
        let words: Vec<&str> = whole.name.split(' ').collect();
        let numbered = words.len() == 2 && (words.first() == Some(&"table") || words.first() == Some(&"tab"));
        let named = numbered && contains_word(&self.text, &whole.name) && self.name != whole.name;
        let within = !whole.subject.is_empty()
            && whole.subject.len() < self.subject.len()
            && whole.subject.is_subset(&self.subject);
        let back = before && BACK.iter().any(|w| self.text.contains(w));
        named || within || back
    }

    /// Whether the words point back to the table right before it: "Of these, charged".
    pub fn points_back(&self) -> bool {
        BACK.iter().any(|w| self.text.contains(w))
    }

    /// Whether nothing is said of what it counts.
    pub fn is_empty(&self) -> bool {
        self.subject.is_empty()
    }

    /// Whether the titles of both name years, and none in common.
    pub fn other_years(&self, other: &Title) -> bool {
        !self.years.is_empty() && !other.years.is_empty() && self.years.is_disjoint(&other.years)
    }

    /// Whether both say that they count the same things.
    pub fn same(&self, other: &Title) -> bool {
        !self.subject.is_empty() && self.subject == other.subject
    }
}

/// What a title says is counted.
fn subject(title: &str) -> BTreeSet<String> {
    let cut = VARIABLES.iter().filter_map(|w| title.find(w)).min().unwrap_or(title.len());
    let head = title.get(..cut).unwrap_or(title);
    let plain = |w: &&str| !w.is_empty() && !FILLERS.contains(w) && !is_year(w) && w.chars().any(char::is_alphabetic);
    let numbered = |w: &str| w.len() <= 3 && w.chars().any(|c| c.is_ascii_digit());
    head.split(|c: char| !(c.is_alphanumeric() || c == '/' || c == '-' || c == '\''))
        .filter(plain)
        .filter(|w| !numbered(w))
        .map(|w| w.strip_suffix('s').filter(|s| s.len() > 3).unwrap_or(w).to_owned())
        .collect()
}

fn contains_word(text: &str, word: &str) -> bool {
    let bounded = |at: usize| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|t| t.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    };
    text.match_indices(word).any(|(at, _)| bounded(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(name: &str, text: &str) -> Title {
        Title {
            name: key(name),
            subject: subject(&key(name)),
            years: BTreeSet::new(),
            text: key(text),
            caption: key(name),
        }
    }

    /// Parts by their words; tables that share years or ages alone are none.
    #[test]
    fn parts() {
        let all = title("Offences by year", "Offences by year");
        for (name, text, before) in [
            ("Offences with a charge by year", "", false),
            ("Violent offences, by area", "", false),
            ("Charges by year", "Of these, the number charged", true),
        ] {
            assert!(title(name, text).part_of(&all, before), "{name}");
        }
        for (name, text, before) in [
            ("Arrests by year", "Arrests by year", true),
            ("Requests for a parking permit", "", true),
            ("Offences by age", "", true),
            ("Charges by year", "Of these, the number charged", false),
        ] {
            assert!(!title(name, text).part_of(&all, before), "{name}");
        }
        let first = title("TABLE 1", "");
        assert!(title("TABLE 5", "Offences of table 1 whose outcome is a charge.").part_of(&first, false));
        assert!(!title("TABLE 5", "Offences of table 12").part_of(&first, false));
    }
}
