//! Numbers that a file stores and does not show.
//!
//! A count that is stored as another than it shows is told, wherever it stands. A rate or a mean is stored in full by every
//! workbook that works it out: that tells no more than the counts do which are printed beside it. Where one of them is
//! withheld, rounded or left out, the decimals may give it away.

use std::collections::{HashMap, HashSet};

use crate::draft::{Entry, Piece, Place};

use super::Draft;
use super::codes::HIDDEN_CONTENT;
use super::driver::{Check, spot_in};
use super::findings::{Finding, Spot};
use super::lexicon::key;
use super::ratio::said;
use super::table::{Head, Kind, Parsed, Shape, parse};
use super::tree::Known;
use super::words::total_word;

/// What is said of a number that is no rate or mean.
const ANOTHER: &str = "the file stores another number than it shows";

/// Where a figure stands among those that were read: its table, if it is one of counts, and rows and columns of it.
type At<'a> = (Option<usize>, &'a Parsed, (usize, usize));

impl Check<'_> {
    /// Findings about what is stored and not shown.
    pub(super) fn stored(&self) -> Vec<Finding> {
        let stored: Vec<(usize, &Entry)> =
            self.drafts.iter().enumerate().flat_map(|(f, d)| stored(d).map(move |e| (f, e))).collect();
        if stored.is_empty() {
            return Vec::new();
        }
        let passed = self.passed_over();
        let places = self.places(&passed);
        let (open, used) = (self.open_labels(), self.used());
        let mut findings = Vec::new();
        for (file, entry) in stored {
            let at = places.get(&(file, key_of(&entry.place))).copied();
            let spot = match at {
                Some((Some(t), _, at)) => spot_in(&self.reading.tables, t, at),
                Some((None, parsed, (row, col))) => {
                    let label = |heads: &[Head], i: usize| heads.get(i).map(|h| h.path.join(" / ")).unwrap_or_default();
                    let (row, column) = (label(&parsed.rows, row), label(&parsed.cols, col));
                    Spot { row, column, file, place: entry.place.clone(), ..Spot::default() }
                }
                _ => Spot { file, place: entry.place.clone(), ..Spot::default() },
            };
            let words = match at {
                None => Some(ANOTHER.to_owned()),
                Some((_, parsed, (row, col))) if parsed.kind(row, col) == Kind::Count => {
                    let more = parsed.cell(row, col).is_some_and(|c| c.more);
                    more.then(|| ANOTHER.to_owned())
                }
                Some(at) if self.says_more(at, entry.stored, &open, &used) => Some(decimals(at)),
                Some(_) => None,
            };
            let Some(words) = words else { continue };
            findings.push(Finding {
                spots: vec![spot],
                help: at.map(|_| help(entry)),
                ..Finding::plain(&HIDDEN_CONTENT, words)
            });
        }
        findings
    }

    /// Tables of rates or means alone, which are passed over.
    fn passed_over(&self) -> Vec<Parsed> {
        let blocks = self.reading.passed.iter().filter_map(|(n, _)| Some((*n, self.pages.blocks.get(*n)?)));
        blocks.filter_map(|(n, b)| parse(n, b, Shape::default(), &|text| self.signs.declares(text))).collect()
    }

    /// Every figure by its place.
    fn places<'a>(&'a self, passed: &'a [Parsed]) -> HashMap<(usize, Key<'a>), At<'a>> {
        let tables = self.reading.tables.iter().enumerate().filter(|(_, f)| f.measure.is_none());
        let tables = tables.map(|(t, f)| (Some(t), f.file, f.parsed.as_ref()));
        let file = |p: &Parsed| self.pages.blocks.get(p.block).map_or(0, |b| b.file);
        let all = tables.chain(passed.iter().map(|p| (None, file(p), p)));
        let mut places = HashMap::new();
        for (t, file, parsed) in all {
            for (row, cells) in parsed.cells.iter().enumerate() {
                for (col, typed) in cells.iter().enumerate() {
                    places.entry((file, key_of(&typed.place))).or_insert((t, parsed, (row, col)));
                }
            }
        }
        places
    }

    /// The figures that were worked with, exactly as they are stored.
    fn used(&self) -> HashSet<(usize, (usize, usize))> {
        self.rates.iter().map(|u| (u.block, u.at)).collect()
    }

    /// The labels of every count that is not printed as it is: those of lines of which there is but one say nothing.
    fn open_labels(&self) -> HashSet<Vec<String>> {
        let mut open = HashSet::new();
        for figures in &self.reading.tables {
            let counts = |heads: &[Head]| heads.iter().filter(|h| h.kind == Kind::Count).count() > 1;
            let parsed = &figures.parsed;
            let (rows, cols) = (counts(&parsed.rows), counts(&parsed.cols));
            for (row, col, _) in figures.cells() {
                if matches!(figures.known(row, col, &self.signs), Known::Exact(_) | Known::Absent) {
                    continue;
                }
                let row = parsed.rows.get(row).filter(|_| rows).map(labels).unwrap_or_default();
                let col = parsed.cols.get(col).filter(|_| cols).map(labels).unwrap_or_default();
                open.insert(sorted([row, col].concat()));
            }
        }
        open.remove(&Vec::new());
        open
    }

    /// Whether the decimals of a figure that is no count may say more of counts than is printed.
    fn says_more(
        &self,
        (table, parsed, (row, col)): At,
        stored: Option<f64>,
        open: &HashSet<Vec<String>>,
        used: &HashSet<(usize, (usize, usize))>,
    ) -> bool {
        let (Some(own_row), Some(own_col)) = (parsed.rows.get(row), parsed.cols.get(col)) else { return true };
        // percentages and rates of printed counts were judged as they are stored
        if parsed.kind(row, col) == Kind::Percent || used.contains(&(parsed.block, (own_row.at, own_col.at))) {
            return false;
        }
        let label = [own_row, own_col]
            .iter()
            .filter(|h| h.kind != Kind::Count)
            .map(|h| h.path.join(" "))
            .collect::<Vec<_>>()
            .join(" ");
        let pence = stored.is_some_and(|v| (v * 100.0 - (v * 100.0).round()).abs() < 1e-6);
        if said(&label).is_none() && super::ratio::is_amount(&label) && pence {
            return false;
        }
        let exact = |r: usize, c: usize| {
            table
                .and_then(|t| self.reading.tables.get(t))
                .is_none_or(|f| matches!(f.known(r, c, &self.signs), Known::Exact(_) | Known::Absent))
        };
        let counts = |r: usize, c: usize| parsed.kind(r, c) == Kind::Count;
        let across = (0..parsed.cols.len()).map(|c| (row, c)).chain((0..parsed.rows.len()).map(|r| (r, col)));
        if across.filter(|&(r, c)| counts(r, c)).any(|(r, c)| !exact(r, c)) {
            return true;
        }
        let own = sorted([labels(own_row), labels(own_col)].concat());
        // some of its labels are all those of a count that is not printed
        let own = own.get(..own.len().min(MOST_LABELS)).unwrap_or_default();
        (1..1usize << own.len()).any(|some| {
            let chosen = own.iter().enumerate().filter(|(i, _)| some & (1 << i) != 0).map(|(_, l)| l.clone());
            open.contains(&chosen.collect::<Vec<_>>())
        })
    }
}

/// Labels of a figure that are looked at.
const MOST_LABELS: usize = 8;

fn sorted(mut labels: Vec<String>) -> Vec<String> {
    labels.sort();
    labels.dedup();
    labels
}

/// The labels of a line as keys, totals aside.
fn labels(head: &Head) -> Vec<String> {
    head.path.iter().map(|l| key(l)).filter(|l| total_word(l).is_none()).collect()
}

/// What is said of a rate or a mean.
fn decimals((_, parsed, (row, col)): At) -> String {
    let heads = [parsed.cols.get(col), parsed.rows.get(row)];
    let label =
        heads.into_iter().flatten().find(|h| h.kind != Kind::Count).map(|h| h.path.join(" / ")).unwrap_or_default();
    format!(
        "the file stores more decimals of \"{label}\" than it shows, and a figure that it may be worked out from is not printed"
    )
}

/// What to do about it.
fn help(entry: &Entry) -> String {
    format!("round what is stored to what is shown ({}), as a value and not by its format", entry.text)
}

/// A place as a key.
type Key<'a> = (Option<&'a str>, usize, usize);

fn key_of(place: &Place) -> Key<'_> {
    (place.part.as_deref(), place.line, place.column)
}

/// Cells of a draft that store another number than they show, percentages aside; those without any text are told already.
fn stored(draft: &Draft) -> impl Iterator<Item = &Entry> {
    let grids = draft.document.pieces.iter().filter_map(|p| match p {
        Piece::Grid(grid) => Some(grid),
        Piece::Paragraph(_) => None,
    });
    let entries = grids.flat_map(|g| g.rows.iter().flatten());
    // a dash for a stored zero says what it is
    let dash = |e: &Entry| e.stored == Some(0.0) && e.text.chars().all(|c| matches!(c, '-' | '–' | '—' | ' '));
    entries.filter(move |e| e.stored.is_some() && !e.text.is_empty() && !e.text.contains('%') && !dash(e))
}
