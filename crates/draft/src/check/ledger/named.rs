//! Sentences that name the row or column of a withheld figure beside a number: the number may be that figure.

use std::collections::{HashMap, HashSet};

use super::super::lexicon::{is_year, key};
use super::super::reading::Reading;
use super::super::words::total_word;

/// A label, and what the draft prints and withholds under it.
#[derive(Debug, Default)]
struct Label {
    words: Vec<String>,
    /// Figures that are printed under it.
    printed: HashSet<i64>,
    withheld: bool,
}

/// More withheld figures than these are not looked for by row and column.
const MOST_CROSSINGS: usize = 2_000;

/// The labels of withheld figures.
#[derive(Debug, Default)]
pub(super) struct Withheld {
    labels: Vec<Label>,
    /// Labels by their first word.
    first: HashMap<String, Vec<usize>>,
    /// Totals that are printed.
    totals: HashSet<i64>,
    /// Per withheld figure, the words of its row and of its column.
    crossings: Vec<(Vec<String>, Vec<String>)>,
}

impl Withheld {
    /// Those of a draft.
    pub fn new(reading: &Reading) -> Withheld {
        let mut all = Withheld::default();
        if !reading.known.seen.iter().any(|s| s.withheld && s.printed.is_none()) {
            return all;
        }
        let mut known: HashMap<String, usize> = HashMap::new();
        for placed in &reading.bound.placed {
            let Some(figures) = reading.tables.get(placed.table).filter(|f| f.measure.is_none()) else { continue };
            let seen = reading.known.seen.get(placed.cell);
            let printed = seen.and_then(|s| s.printed);
            let withheld = seen.is_some_and(|s| s.withheld) && printed.is_none();
            let (row, col) = (figures.parsed.rows.get(placed.row), figures.parsed.cols.get(placed.col));
            let paths = row.into_iter().chain(col).filter_map(|h| h.path.last());
            let keys: Vec<String> = paths.map(|label| key(label)).collect();
            if withheld
                && let [row, col] = &keys[..]
                && all.crossings.len() < MOST_CROSSINGS
            {
                let split = |k: &String| k.split(' ').map(str::to_owned).collect::<Vec<_>>();
                all.crossings.push((split(row), split(col)));
            }
            if keys.iter().any(|k| total_word(k).is_some()) {
                all.totals.extend(printed);
            }
            for key in keys.into_iter().filter(|k| k.chars().count() > 2 && !is_year(k) && total_word(k).is_none()) {
                let at = *known.entry(key.clone()).or_insert_with(|| {
                    all.labels.push(Label { words: key.split(' ').map(str::to_owned).collect(), ..Label::default() });
                    all.labels.len() - 1
                });
                if let Some(label) = all.labels.get_mut(at) {
                    label.printed.extend(printed);
                    label.withheld |= withheld;
                }
            }
        }
        for (at, label) in all.labels.iter().enumerate().filter(|(_, l)| l.withheld) {
            all.first.entry(label.words.first().cloned().unwrap_or_default()).or_default().push(at);
        }
        all
    }

    /// Those that each sentence of a text names, by the columns of the sentence.
    pub fn in_sentences(&self, text: &str) -> Vec<(std::ops::Range<usize>, Named<'_>)> {
        if self.first.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        let mut from = 0;
        for sentence in text.split_inclusive(". ").flat_map(|s| s.split_inclusive("? ")) {
            let length = sentence.chars().count();
            found.push((from..from + length, self.in_text(sentence)));
            from += length;
        }
        found
    }

    /// Whether a sentence at a column names a row and a column that meet in a withheld figure: a percentage, a mean or a ratio in it
    /// may be of that figure.
    pub fn crossed(&self, text: &str, column: usize) -> bool {
        let mut from = 0;
        for sentence in text.split_inclusive(". ").flat_map(|s| s.split_inclusive("? ")) {
            let length = sentence.chars().count();
            if (from..from + length).contains(&column) {
                let spelled: Vec<String> = key(sentence)
                    .split(' ')
                    .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()).trim_end_matches("'s").to_owned())
                    .collect();
                let named = |words: &Vec<String>| {
                    !words.is_empty() && spelled.windows(words.len()).any(|w| w == words.as_slice())
                };
                return self.crossings.iter().any(|(a, b)| named(a) && named(b));
            }
            from += length;
        }
        false
    }

    /// Those that a text names.
    fn in_text(&self, text: &str) -> Named<'_> {
        let mut named = Named { all: self, labels: Vec::new() };
        let spelled: Vec<String> =
            key(text).split(' ').map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()).collect();
        for (i, word) in spelled.iter().enumerate() {
            for &at in self.first.get(word).into_iter().flatten() {
                let fits =
                    self.labels.get(at).is_some_and(|l| spelled.get(i..).unwrap_or_default().starts_with(&l.words));
                if fits {
                    named.labels.push(at);
                }
            }
        }
        named
    }
}

/// The labels that a text names.
pub(super) struct Named<'a> {
    all: &'a Withheld,
    labels: Vec<usize>,
}

impl Named<'_> {
    /// Whether a number of the text may be a figure that is withheld: nothing of that name, and no total, is printed so.
    pub fn may_be(&self, value: i64) -> bool {
        let labels = self.labels.iter().filter_map(|&at| self.all.labels.get(at));
        let printed = labels.clone().any(|l| l.printed.contains(&value)) || self.all.totals.contains(&value);
        !self.labels.is_empty() && !printed
    }
}
