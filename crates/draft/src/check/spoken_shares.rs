//! Percentages in sentences that name a cell of a table: "Alder had 8.6% of its complaints in 2020" beside a printed total of
//! Alder is the count of that year, whether the table prints it or withholds it.

use crate::model::{CellId, Interval};

use super::blocks::Line;
use super::codes::NUMBER_IN_TEXT;
use super::common::is_change;
use super::driver::Check;
use super::findings::{Finding, Spot};
use super::lexicon::{Number, key, number};
use super::shares::counts;
use super::unsafe_cells::band;

impl Check<'_> {
    /// Percentages in sentences that tell a small or withheld count.
    pub(super) fn spoken_shares(&self) -> Vec<Finding> {
        let lines = self.pages.lines.iter().chain(&self.pages.spoken).filter(|l| l.drawn.is_none());
        let mut found: Vec<Finding> = Vec::new();
        for line in lines.filter(|l| l.text.contains('%') || l.text.contains("cent")) {
            for sentence in line.text.split_inclusive(". ") {
                for reason in self.in_sentence(sentence) {
                    found.push(Finding {
                        spots: vec![spot(line)],
                        policy: self.band_line(),
                        ..Finding::plain(&NUMBER_IN_TEXT, reason)
                    });
                }
            }
        }
        found
    }

    fn in_sentence(&self, sentence: &str) -> Vec<String> {
        let words: Vec<String> = sentence.split_whitespace().map(plain).collect();
        if words.iter().any(|w| is_change(w) || ["up", "down", "more", "fewer"].contains(&w.as_str())) {
            return Vec::new();
        }
        let shares = shares(&words);
        let mut found = Vec::new();
        for (at, share) in shares.into_iter().filter(|s| s.1.units > 0) {
            let tables =
                (0..self.reading.tables.len()).filter(|&t| self.reading.tables.get(t).is_some_and(|f| f.is_main()));
            found.extend(tables.filter_map(|t| self.of_table(t, &words, at, share)));
        }
        found
    }

    /// What a percentage says of the cell of a table that its sentence names, if that is small or withheld.
    fn of_table(&self, t: usize, words: &[String], at: usize, share: Number) -> Option<String> {
        let figures = self.reading.tables.get(t)?;
        let mut place: Vec<usize> = Vec::new();
        let mut named: Vec<usize> = Vec::new();
        for (a, axis) in figures.axes.iter().enumerate() {
            let plain = (0..axis.entries.len()).filter(|e| Some(*e) != axis.total);
            let said = plain.filter_map(|e| Some((nearest(words, &axis.entries.get(e)?.key, at)?, e)));
            match said.min() {
                Some((_, entry)) => {
                    named.push(a);
                    place.push(entry);
                }
                None => place.push(axis.total?),
            }
        }
        let cell = self.reading.bound.cell(t, &place)?;
        let base = |up: &[usize]| -> Option<CellId> {
            let mut whole = place.clone();
            for &a in up {
                *whole.get_mut(a)? = figures.axes.get(a)?.total?;
            }
            self.reading.bound.cell(t, &whole)
        };
        let mut bases: Vec<Vec<usize>> = named.iter().map(|&a| vec![a]).collect();
        bases.push(named.clone());
        let known = self.reading.known.domain(cell);
        let (lo, hi) = band(self.options.policy)?;
        let names = self.reading.names();
        bases.iter().filter(|b| !b.is_empty()).find_map(|up| {
            let of = base(up).filter(|b| *b != cell)?;
            let whole = self.reading.known.domain(of).value().filter(|n| *n > 0)?;
            let possible = counts(share, whole).meet(known);
            let small = known.value().is_some_and(|v| v > 0 && Interval::new(lo, hi).contains(v));
            let tells = self.reading.known.is_withheld(cell) && possible != known;
            (!possible.is_empty() && (small || tells)).then(|| {
                let percent = crate::model::scaled(share.units, share.decimals);
                format!(
                    "{percent}% of {whole} ({}) is {possible}: it tells {}",
                    names.cell_in(of, Some(t)),
                    names.cell_in(cell, Some(t))
                )
            })
        })
    }
}

fn spot(line: &Line) -> Spot {
    Spot { file: line.file, place: line.place.clone(), ..Spot::default() }
}

/// A word without what stands around it.
fn plain(word: &str) -> String {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '%');
    key(bare.strip_suffix("'s").or_else(|| bare.strip_suffix("\u{2019}s")).unwrap_or(bare))
}

/// The percentages among words, with their places.
fn shares(words: &[String]) -> Vec<(usize, Number)> {
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let share = |(at, w): (usize, &String)| {
        let cent = word(at + 1) == "percent" || word(at + 1) == "per" && word(at + 2) == "cent";
        let own = number(w)?;
        (own.percent || cent).then_some((at, Number { percent: true, ..own }))
    };
    words.iter().enumerate().filter_map(share).collect()
}

/// How far a label stands from a place in a sentence; one before it is nearer.
fn nearest(words: &[String], label: &str, at: usize) -> Option<usize> {
    let parts: Vec<String> = label.split_whitespace().map(plain).filter(|w| !w.is_empty()).collect();
    if parts.is_empty() || parts.iter().all(|p| p.len() < 2) {
        return None;
    }
    let places = words.windows(parts.len()).enumerate().filter(|(_, w)| *w == parts.as_slice()).map(|(i, _)| i);
    places.map(|i| if i < at { 2 * (at - i) } else { 2 * (i - at) + 1 }).min()
}
