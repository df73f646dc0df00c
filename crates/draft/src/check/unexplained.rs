//! Rates, ratios and percentages that are printed of a count that is withheld, and that nothing in the draft explains: whoever can look
//! up what they are over works the count out.

use super::codes::DERIVABLE;
use super::driver::{Check, spot_in};
use super::findings::{Finding, Spot};
use super::remedy::derived::{lines, telling};
use super::shares::{Labels, count_of};
use super::unsafe_cells::band;

impl Check<'_> {
    /// Asks whether a reader can know what such figures are worked out from.
    pub(super) fn ask_unexplained(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut found: Vec<(usize, (usize, usize))> = self.unread.clone();
        for (t, figures) in self.reading.tables.iter().enumerate().filter(|(_, f)| f.is_main()) {
            let all: Vec<_> = lines(&figures.parsed).into_iter().filter(|l| !l.mean).collect();
            if all.is_empty() {
                continue;
            }
            let mut seen = std::collections::BTreeSet::new();
            let labels = Labels::of(&figures.parsed);
            for (row, col, _) in figures.cells() {
                if !self.is_hidden(t, row, col) {
                    continue;
                }
                for at in telling(self, figures, &all, (row, col)) {
                    let own = count_of(&figures.parsed, &labels, at.0, at.1) == Some((row, col));
                    if own && self.tells(t, at, (row, col)) && seen.insert(at) {
                        found.push((t, at));
                    }
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        let mut at = 0;
        while let Some(&(table, _)) = found.get(at) {
            let own: Vec<(usize, usize)> = found.iter().filter(|f| f.0 == table).map(|f| f.1).collect();
            at += own.len();
            findings.extend(self.ask_of(table, &own));
        }
        findings
    }

    /// Whether the count of a place is withheld, or rounded to nothing.
    fn is_hidden(&self, t: usize, row: usize, col: usize) -> bool {
        let Some(cell) = self.reading.cell_of(t, row, col) else { return false };
        self.reading.known.is_withheld(cell) && self.reading.known.domain(cell).value().is_none()
    }

    /// Whether a figure says more of a count than is printed: of one that is rounded, only that it is not 0.
    fn tells(&self, t: usize, at: (usize, usize), count: (usize, usize)) -> bool {
        let number = |(row, col): (usize, usize)| {
            let cell = self.reading.tables.get(t)?.parsed.cell(row, col)?;
            match cell.lexed.content {
                super::lexicon::Content::Number(n) => Some(n.units),
                _ => None,
            }
        };
        number(at).is_some_and(|rate| rate > 0) && number(count).is_none_or(|n| n == 0)
    }

    fn ask_of(&self, table: usize, places: &[(usize, usize)]) -> Option<Finding> {
        band(self.options.policy)?;
        let spots: Vec<Spot> = places.iter().map(|&at| spot_in(&self.reading.tables, table, at)).collect();
        let first = spots.first()?;
        let name = self.reading.tables.get(table).map(|f| f.name.clone()).unwrap_or_default();
        let more = if spots.len() > 1 { format!(" and {} more like it", spots.len() - 1) } else { String::new() };
        let asks = format!(
            "Is the number that \"{}\" of {}{more} ({name}) is worked out from unknown to every reader?",
            first.column, first.row
        );
        let no = "then the withheld count can be worked out from it: withhold it as well".to_owned();
        let answer = self.questions.ask(&asks, Vec::new(), vec![no], spots.clone());
        (answer == Some(false)).then(|| Finding {
            spots,
            policy: self.band_line(),
            ..Finding::plain(
                &DERIVABLE,
                "the count that it is worked out from is withheld, and follows from it".to_owned(),
            )
        })
    }
}
