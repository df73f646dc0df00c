//! What sentences say of cells of tables.
//!
//! A fact is linear: some cells, each with a factor, add up to a number. It is sure where the sentence names the labels of the
//! cell and nothing else that could narrow it down to a part; else it is only possible.

use std::collections::HashSet;

use crate::check::blocks::{Line, Pages};
use crate::check::figures::Figures;
use crate::check::lexicon::key;
use crate::check::reading::Reading;
use crate::model::{CellId, Interval};

use super::labelled::{Labels, Said, spoken};
use super::tokens::Words;

/// Something that a sentence says of cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fact {
    /// The cells and their factors.
    pub cells: Vec<(CellId, i64)>,
    /// What they add up to.
    pub value: Interval,
    /// The words.
    pub quote: String,
    /// Number of the line; those of cells follow those of the text.
    pub line: usize,
    /// The table that the labels are of.
    pub table: usize,
    /// Whether the words leave no doubt.
    pub sure: bool,
}

/// All facts of a draft about cells whose figure no table prints.
pub(crate) fn facts(reading: &Reading, pages: &Pages, labels: &Labels, nouns: &HashSet<String>) -> Vec<Fact> {
    let mut found: Vec<Fact> = Vec::new();
    for (number, line) in pages.lines.iter().chain(&pages.spoken).enumerate() {
        let words = Words::of(&line.text, nouns);
        for said in spoken(&words, labels) {
            let tables =
                (0..reading.tables.len()).filter(|&t| reading.tables.get(t).is_some_and(|f| f.measure.is_none()));
            for fact in tables.filter_map(|t| of_table(reading, pages, t, &said, line, number)) {
                if !found.contains(&fact) {
                    found.push(fact);
                }
            }
        }
    }
    found
}

/// What a sentence says of a cell of one table, if that is open and can be so.
fn of_table(reading: &Reading, pages: &Pages, t: usize, said: &Said, line: &Line, number: usize) -> Option<Fact> {
    let figures = reading.tables.get(t)?;
    let label = |l: &str| split(l) == split(&said.label);
    let own = figures
        .axes
        .iter()
        .enumerate()
        .find_map(|(a, axis)| Some((a, axis.entries.iter().position(|e| label(&e.label))?)))?;
    let sentence = split(&line.text);
    let mut at = Vec::new();
    let mut used: Vec<String> = split(&said.label);
    let mut narrowed = true;
    for (a, axis) in figures.axes.iter().enumerate() {
        let named = || axis.entries.iter().position(|e| !e.is_total_word() && within(&split(&e.label), &sentence));
        let entry = if a == own.0 {
            Some(own.1)
        } else if axis.entries.len() == 1 {
            Some(0)
        } else {
            named()
        };
        let entry = match entry {
            Some(e) => {
                used.extend(axis.entries.get(e).map(|e| split(&e.label)).unwrap_or_default());
                reading.bound.entry_on(t, a, e)?
            }
            None => {
                // a sentence that says nothing of a variable is about its total
                narrowed &= axis.total.is_some();
                let table = reading.bound.system.tables.get(t)?;
                table.axes.get(a)?.entries.iter().position(|e| e.level == 0)?
            }
        };
        at.push(entry);
    }
    let cell = reading.bound.system.cell_at(t, &at)?;
    let known = reading.known.domain(cell);
    let value = if said.bound { Interval::at_most(said.value) } else { Interval::exactly(said.value) };
    if known.value().is_some() || known.meet(value).is_empty() || known.meet(value) == known {
        return None;
    }
    let spoken_of = units(figures, pages);
    let sure = narrowed
        && said
            .others
            .iter()
            .all(|w| used.contains(w) || spoken_of.contains(w) || spoken_of.contains(&format!("{w}s")));
    Some(Fact { cells: vec![(cell, 1)], value, quote: said.quote.clone(), line: number, table: t, sure })
}

/// Words that say what a table counts: those of its captions, corners and of a lone column.
fn units(figures: &Figures, pages: &Pages) -> Vec<String> {
    let block = pages.blocks.get(figures.parsed.block);
    let captions = block
        .into_iter()
        .flat_map(|b| &b.before)
        .filter_map(|&n| pages.lines.get(n))
        .filter(|l| l.text.split(' ').count() < 13);
    let lone = figures.axes.iter().filter(|a| a.entries.len() == 1).flat_map(|a| &a.entries).map(|e| e.label.as_str());
    let corner = figures.parsed.corner.iter().chain(&figures.parsed.spanner).map(String::as_str);
    let heads =
        figures.parsed.cols.iter().filter(|_| figures.parsed.cols.len() == 1).flat_map(|h| &h.path).map(String::as_str);
    let general = ["case", "cases", "people", "persons", "records", "count", "incidents"].map(str::to_owned);
    let words = captions.map(|l| l.text.as_str()).chain(lone).chain(corner).chain(heads).flat_map(split);
    words.chain(general).collect()
}

fn split(text: &str) -> Vec<String> {
    let words = key(text);
    words
        .split(' ')
        .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()).to_owned())
        .filter(|w| !w.is_empty())
        .collect()
}

/// Whether words stand next to each other in a sentence.
fn within(words: &[String], sentence: &[String]) -> bool {
    !words.is_empty() && sentence.windows(words.len()).any(|w| w == words)
}
