//! What the running text of a draft comes to: small numbers, what it says of cells, and answers without any table.

use std::collections::HashSet;

use crate::draft::Place;
use crate::model::CellId;

use super::blocks::Line;
use super::codes::NUMBER_IN_TEXT;
use super::driver::Check;
use super::findings::{Finding, Spot};
use super::infer::fits;
use super::leaks::Attacked;
use super::ledger::note_numbers;
use super::reading::Reading;
use super::sentences::{Fact, Labels, Told, counts, facts, names_things, pairs, rests, small_numbers};
use super::unsafe_cells::band;

/// Facts that are only possible are tried one by one; so many at most.
const MOST_TRIED: usize = 60;

impl Check<'_> {
    /// A line of the text, or a sentence in a cell, by its number.
    fn line(&self, number: usize) -> Option<&Line> {
        let lines = self.pages.lines.len();
        self.pages.lines.get(number).or_else(|| self.pages.spoken.get(number.checked_sub(lines)?))
    }

    /// Where a word of a line stands.
    fn spot_of(&self, line: &Line, column: usize) -> Spot {
        let column = if line.place.column > 0 { line.place.column + column } else { 0 };
        Spot { file: line.file, place: Place { column, ..line.place.clone() }, ..Spot::default() }
    }

    /// What this draft counts, by the names of its variables.
    fn nouns(&self) -> HashSet<String> {
        let words = self.reading.variables.all.iter().flat_map(|v| v.name.split(' ')).map(str::to_lowercase);
        words
            .filter(|w| {
                w.len() > 3
                    && !["total", "number"].contains(&w.as_str())
                    && !names_things(w)
                    && !super::ledger::thing(w)
            })
            .collect()
    }

    /// The labels of its tables.
    fn labels(&self) -> Labels {
        let entries = self.reading.tables.iter().flat_map(|t| &t.axes).flat_map(|a| &a.entries);
        Labels::new(entries.map(|e| e.label.as_str()))
    }

    /// The same, and years: "15 deaths in 2020" is what a column adds up to.
    fn labels_and_years(&self) -> Labels {
        let entries = self.reading.tables.iter().flat_map(|t| &t.axes).flat_map(|a| &a.entries);
        Labels::with_years(entries.map(|e| e.label.as_str()))
    }

    /// The small numbers that sentences tell.
    pub(super) fn told(&self) -> Vec<Told> {
        let Some((_, most)) = band(self.options.policy) else { return Vec::new() };
        let mut told = small_numbers(&self.pages, most, &self.nouns(), &self.labels());
        let notes = note_numbers(&self.pages);
        told.retain(|t| t.column > 0 || !notes.contains(&t.line));
        told.retain(|t| !self.line(t.line).is_some_and(|line| self.legends.explains(line, t.column, t.count)));
        told
    }

    /// Findings about them.
    pub(super) fn sentences(&self, told: &[Told]) -> Vec<Finding> {
        let finding = |told: &Told| {
            let line = self.line(told.line)?;
            Some(Finding {
                spots: vec![self.spot_of(line, told.column)],
                policy: self.band_line(),
                ..Finding::plain(&NUMBER_IN_TEXT, format!("\"{}\" {} {}", told.words, told.how, told.count))
            })
        };
        told.iter().filter_map(finding).collect()
    }

    /// "line 3", or the words of the line where the format has no lines.
    fn place_of(&self, number: usize) -> String {
        match self.line(number) {
            Some(line) if line.place.line > 0 => format!("line {}", line.place.line),
            Some(line) => format!("\"{}\"", line.text.chars().take(40).collect::<String>()),
            None => String::new(),
        }
    }

    /// Takes what sentences say of cells, where their words leave no doubt, into what is known. Gives those that are only
    /// possible.
    pub(super) fn take_facts(&mut self, assumptions: &mut Vec<String>) -> Vec<Fact> {
        let found = facts(&self.reading, &self.pages, &self.labels_and_years(), &self.nouns());
        let mut open = Vec::new();
        for fact in found {
            if !fact.sure {
                open.push(fact);
                continue;
            }
            let Some(cell) = one_cell(&fact) else { continue };
            let mut with = self.reading.known.clone();
            let possible = with.narrow(cell, fact.value) && with.broken().is_empty();
            let trial = Reading { known: with, ..Reading::default() };
            if possible && fits(&trial, self.options.solver) {
                let name = self.reading.names().cell_in(cell, Some(fact.table));
                let place = self.place_of(fact.line);
                assumptions.push(format!("\"{}\" ({place}) is taken for what {name} is: {}", fact.quote, fact.value));
                self.shares.insert(cell, format!("\"{}\" ({place}): {name} is {}", fact.quote, fact.value));
                self.reading.known = trial.known;
            } else {
                let place = self.place_of(fact.line);
                assumptions
                    .push(format!("\"{}\" ({place}) is about something else: the table rules it out", fact.quote));
            }
        }
        open
    }

    /// Asks whether a sentence is about a cell, where something could be worked out if it were.
    pub(super) fn ask_facts(&self, open: &[Fact], attacked: &Attacked) {
        for (number, fact) in open.iter().enumerate() {
            // one by one as long as it takes no time, and then as if each mattered
            let tried = number < MOST_TRIED;
            let Some(cell) = one_cell(fact) else { continue };
            let name = self.reading.names().cell_in(cell, Some(fact.table));
            let asks = format!("Does \"{}\" ({}) say what {name} is?", fact.quote, self.place_of(fact.line));
            let mut with = self.reading.known.clone();
            if !with.narrow(cell, fact.value) {
                continue;
            }
            if !tried {
                let spots = self.line(fact.line).map(|l| self.spot_of(l, 0)).into_iter().collect();
                let follows = vec!["what then follows was not worked out".to_owned()];
                self.questions.ask(&asks, follows, Vec::new(), spots);
                continue;
            }
            let Ok(found) = self.intruder().attack(&self.reading.bound, &with) else { continue };
            let names = self.reading.names();
            let more = found
                .leaks
                .iter()
                .filter(|l| !attacked.leaks.iter().any(|k| k.cell == l.cell && k.learned == l.learned));
            let follows: Vec<String> =
                more.map(|l| format!("{} is {}", names.cell(l.cell), l.learned)).take(3).collect();
            if !follows.is_empty() || !found.open.is_empty() {
                let spots = self.line(fact.line).map(|l| self.spot_of(l, 0)).into_iter().collect();
                self.questions.ask(&asks, follows, Vec::new(), spots);
            }
        }
    }

    /// Whether the draft is an answer in sentences: no block of it holds counts or percentages.
    pub(super) fn in_sentences(&self) -> bool {
        // of percentages whose base nobody knows nothing follows
        let words = !self.tells_a_base() || self.reading.passed.iter().all(|p| p.1 != super::shares::PERCENTAGES);
        self.reading.tables.is_empty() && words && (self.prose() || counts(&self.pages, &self.nouns()) > 0)
    }

    /// Whether a text holds a number that percentages may be of.
    fn tells_a_base(&self) -> bool {
        let number = |word: &str| {
            let bare: String = word.chars().filter(|c| *c != ',').collect();
            let bare = bare
                .trim_matches(|c: char| !c.is_alphanumeric() && c != '%')
                .trim_start_matches("n=")
                .trim_start_matches("N=");
            bare.parse::<i64>().is_ok_and(|n| (2..100_000).contains(&n)) && !super::lexicon::is_year(bare)
        };
        let worded =
            |text: &str| text.split(' ').any(|w| super::numerals::numeral(&w.to_lowercase()).is_some_and(|n| n > 1));
        let lines = self.pages.lines.iter().chain(&self.pages.spoken).map(|l| l.text.as_str());
        // "Boys (n=20)" above a column
        let cells = self.pages.blocks.iter().flat_map(|b| b.rows.iter().flatten()).map(|e| e.text.as_str());
        let labels = cells.filter(|t| t.chars().any(char::is_alphabetic));
        lines.chain(labels).any(|t| t.split([' ', '(', ')']).any(number) || worded(t))
    }

    /// Whether there is text that says something: a sentence, or a table of what is no count. Each number of it has a role in the ledger.
    fn prose(&self) -> bool {
        let sentence = |text: &str| {
            (text.split(' ').count() >= 5 || text.split(' ').count() == 4 && text.chars().any(char::is_numeric))
                && text.trim_end().ends_with(['.', '?', '!', ';', ':', ')'])
        };
        // "Answer: 2019 - 12, 2020 - 13"
        let pair = |part: &&str| part.contains([':', '=']) || part.contains(" - ") || part.contains(" \u{2013} ");
        let listing = |text: &str| {
            let parts = || text.split([',', ';']).filter(|p| p.chars().any(char::is_numeric));
            let label = text.split_once(": ").filter(|(label, _)| label.split(' ').count() > 2);
            parts().count() > 1 && parts().all(|p| pair(&p))
                || label.is_some_and(|(_, figure)| figure.starts_with(|c: char| c.is_numeric()))
        };
        self.pages.lines.iter().any(|l| sentence(&l.text) || listing(&l.text))
            || self.reading.passed.iter().any(|p| p.1 != "it holds no figures")
    }

    /// Asks whether the numbers of a sentence are all parts of its first, where that leaves few.
    pub(super) fn ask_rests(&self) -> Vec<Finding> {
        let Some((_, most)) = band(self.options.policy) else { return Vec::new() };
        let mut found = Vec::new();
        for (whole, parts, rest) in rests(&self.pages, most, &self.nouns()) {
            let parts = super::assumed::and(&parts.iter().map(|p| format!("\"{p}\"")).collect::<Vec<_>>());
            let asks = format!("Are {parts} parts of \"{whole}\"?");
            if self.questions.ask(&asks, vec![format!("the rest of them is {rest}")], Vec::new(), Vec::new())
                == Some(true)
            {
                found.push(self.left_over(&whole, rest));
            }
        }
        found
    }

    /// Asks whether lines that begin with the word of a person tell of one each: "1. Male, 45, dismissed".
    pub(super) fn ask_persons(&self) -> Option<Finding> {
        const PERSONS: [&str; 16] = [
            "male",
            "female",
            "man",
            "woman",
            "boy",
            "girl",
            "officer",
            "patient",
            "pupil",
            "student",
            "employee",
            "child",
            "nurse",
            "teacher",
            "prisoner",
            "applicant",
        ];
        band(self.options.policy)?;
        let person = |text: &str| {
            let bare = text.trim_start_matches(|c: char| !c.is_alphabetic());
            let first = bare.split(',').next().unwrap_or_default().trim().to_lowercase();
            let word = first.split(' ').next_back().unwrap_or_default();
            let short = bare.contains(',') && first.split(' ').count() < 4;
            short && PERSONS.contains(&word) && bare.chars().any(|c| c.is_ascii_digit())
        };
        // lines of a list may stand in one paragraph: "1. Male, 45 2. Female, 33"
        let items = |line: &Line| -> Vec<String> {
            let mut items: Vec<String> = vec![String::new()];
            for word in line.text.split(' ') {
                let number = word.strip_suffix(['.', ')']).is_some_and(|n| n.parse::<u16>().is_ok());
                if number {
                    items.push(String::new());
                }
                items.last_mut().into_iter().for_each(|i| i.extend([word, " "]));
            }
            items
        };
        let lines = self.pages.lines.iter().filter(|l| l.drawn.is_none() && l.text.contains(','));
        let found: Vec<(&Line, String)> =
            lines.flat_map(|l| items(l).into_iter().filter(|i| person(i)).map(move |i| (l, i))).collect();
        let first = found.first().filter(|_| found.len() > 1)?;
        let quote: String = first.1.trim().chars().take(40).collect();
        let asks = format!("Does each of {} lines like \"{quote}\" tell of one person?", found.len());
        let spots: Vec<Spot> = found.iter().map(|(l, _)| self.spot_of(l, 0)).collect();
        let follows = vec!["they tell of single persons, which the policy does not allow".to_owned()];
        let answer = self.questions.ask(&asks, follows, Vec::new(), spots.clone());
        (answer == Some(true)).then(|| Finding {
            spots,
            policy: self.band_line(),
            ..Finding::plain(&NUMBER_IN_TEXT, "each of these lines tells a count of 1".to_owned())
        })
    }

    /// A finding about what the parts of a number leave over, as a user confirmed.
    fn left_over(&self, whole: &str, rest: i64) -> Finding {
        Finding {
            policy: self.band_line(),
            ..Finding::plain(&NUMBER_IN_TEXT, format!("\"{whole}\" leaves a count of {rest} beside its parts"))
        }
    }

    /// Asks how the numbers of an answer without tables hang together, where a small difference depends on it.
    pub(super) fn without_tables(&self) -> Vec<Finding> {
        let Some((_, most)) = band(self.options.policy) else { return Vec::new() };
        let mut found = Vec::new();
        for (whole, part, difference) in pairs(&self.pages, most, &self.nouns()) {
            let asks = format!("Does \"{part}\" count a part of \"{whole}\"?");
            let follows = vec![format!("the rest of them is {difference}")];
            if self.questions.ask(&asks, follows, Vec::new(), Vec::new()) == Some(true) {
                found.push(self.left_over(&whole, difference));
            }
        }
        found
    }
}

/// The only cell of a fact that is about one.
fn one_cell(fact: &Fact) -> Option<CellId> {
    match fact.cells[..] {
        [(cell, 1)] => Some(cell),
        _ => None,
    }
}
