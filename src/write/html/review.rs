//! The reviewer's report as a page. Confidential: it says so at its top, on every printed page and in its title.

use std::io::{self, Write};

use askama::Template;

use super::grid::{self, Head, Label};
use crate::model::{Verdict, grouped};
use crate::release::{Case, Change, Figure, Header, Markers, Published, Review, ReviewTable, State, WitnessCell};
use crate::write::layout;
use crate::write::legend::SHORT;

/// Tables of more rows, all layers together, are cut: a page is to be read.
const ROWS: usize = 400;
/// Changes since the last report that are listed.
const CHANGES: usize = 200;

#[derive(Template)]
#[template(path = "review.html")]
struct Page<'a> {
    review: &'a Review,
    title: String,
    /// The class of the verdict, and its word.
    verdict: (&'static str, &'static str),
    tables: Vec<Section<'a>>,
    /// Cases of cells that are not printed.
    unprinted: Vec<Entry<'a>>,
    policy: String,
    changes: &'a [Change],
    changes_left_out: usize,
    /// The states that occur, for the key.
    states: Vec<State>,
    /// The signs of a withheld figure and of a zero.
    withheld: String,
    zero: String,
}

/// A table and its cases.
struct Section<'a> {
    title: String,
    subject: String,
    grids: Vec<Grid>,
    notes: &'a [String],
    cases: Vec<Entry<'a>>,
    withheld: usize,
}

struct Grid {
    caption: String,
    size: &'static str,
    header: Vec<Vec<Head>>,
    rows: Vec<Row>,
    left_out: usize,
}

struct Row {
    labels: Vec<Label>,
    cells: Vec<Pair>,
    total: bool,
}

/// True and public value of a cell.
struct Pair {
    state: State,
    /// The true value; empty where there is none.
    truth: String,
    /// What the public sees.
    public: String,
    case: Option<usize>,
}

/// A case with its number on the page.
struct Entry<'a> {
    number: usize,
    case: &'a Case,
    truth: String,
    public: String,
    /// Its own table with both witnesses in the cells.
    grids: Vec<WitnessGrid>,
    /// Every cell in which the witnesses differ: its words, and its true, small and large value.
    cells: Vec<[String; 4]>,
}

struct WitnessGrid {
    caption: String,
    header: Vec<Vec<Head>>,
    rows: Vec<(Vec<Label>, Vec<Moved>)>,
}

/// A cell in both witness tables.
struct Moved {
    low: String,
    high: String,
    /// Whether it is the cell in question.
    own: bool,
    differs: bool,
}

/// Writes the page.
pub(in crate::write) fn write(review: &Review, out: &mut dyn Write) -> io::Result<()> {
    let header = &review.header;
    let tables: Vec<Section> = (0..review.tables.len()).map(|i| section(review, i)).collect();
    let all = review.changes.as_ref().map_or(&[][..], |c| &c.cells);
    let page = Page {
        review,
        title: layout::clean(&header.title),
        verdict: match review.verdict {
            Verdict::Safe => ("safe", "Safe"),
            Verdict::SafeWithExceptions => ("open", "Safe with exceptions"),
            Verdict::Unsafe => ("unsafe", "Unsafe"),
            Verdict::Inconclusive => ("open", "Inconclusive"),
        },
        unprinted: cases(review, None),
        tables,
        policy: match header.policy_version.as_str() {
            "" => header.policy_id.clone(),
            version => format!("{}, version {version}{}", header.policy_id, fingerprints(header)),
        },
        changes: &all[..all.len().min(CHANGES)],
        changes_left_out: all.len().saturating_sub(CHANGES),
        states: states(review),
        withheld: header.markers.withheld.clone(),
        zero: header.markers.zero.clone(),
    };
    page.write_into(out)
}

/// Both fingerprints of the policy by their first letters: the report in JSON has them in full.
fn fingerprints(header: &Header) -> String {
    let short = |print: &str| print.chars().take(SHORT).collect::<String>();
    match header.public_fingerprint.as_str() {
        "" => String::new(),
        public => format!(" (fingerprint {}, public {})", short(&header.policy_fingerprint), short(public)),
    }
}

/// The states of cells that need a sign, in the order of the key.
fn states(review: &Review) -> Vec<State> {
    let order = [State::Unsafe, State::Primary, State::Secondary, State::Replaced, State::Look, State::NotPrinted];
    let stands = |state: &State| {
        review.tables.iter().flat_map(|t| &t.cells).any(|c| c.state == *state)
            || review.cases.iter().any(|c| c.state == *state)
    };
    order.into_iter().filter(stands).collect()
}

fn section(review: &Review, index: usize) -> Section<'_> {
    let table = &review.tables[index];
    let markers = &review.header.markers;
    let mut room = ROWS;
    let grids = grid::grids(&table.public, markers).into_iter().map(|grid| {
        let size = grid.size();
        let shown = grid.body.len().min(room);
        let left_out = grid.body.len() - shown;
        room -= shown;
        let rows = grid.body.into_iter().take(shown).map(|row| Row {
            labels: row.labels,
            cells: row.fields.into_iter().map(|field| pair(table, field)).collect(),
            total: row.total,
        });
        Grid { caption: grid.caption, size, header: grid.header, rows: rows.collect(), left_out }
    });
    Section {
        title: layout::title(&table.public),
        subject: grid::subject(&table.public),
        grids: grids.collect(),
        notes: &table.public.notes,
        cases: cases(review, Some(index)),
        withheld: table.public.withheld(),
    }
}

fn pair(table: &ReviewTable, field: grid::Field) -> Pair {
    let Some(cell) = table.cells.get(field.cell) else {
        return Pair { state: State::NotApplicable, truth: String::new(), public: field.text, case: None };
    };
    let truth = cell.truth.map(figure).unwrap_or_default();
    Pair { state: cell.state, truth, public: field.text, case: cell.case }
}

/// The cases told under a table; `None`: those of cells that are not printed.
fn cases(review: &Review, table: Option<usize>) -> Vec<Entry<'_>> {
    let own = review.cases.iter().enumerate().filter(|(_, c)| c.table == table);
    own.map(|(number, case)| entry(review, number, case)).collect()
}

fn entry<'a>(review: &'a Review, number: usize, case: &'a Case) -> Entry<'a> {
    let markers = &review.header.markers;
    let table = case.table.and_then(|t| review.tables.get(t));
    let public = table.and_then(|t| {
        let position = t.cells.iter().position(|c| c.case == Some(number))?;
        Some(public_words(t, position, markers))
    });
    let grids = table.zip(case.witnesses.as_ref().and_then(|w| w.grid.as_ref()));
    Entry {
        number,
        case,
        truth: figure(case.truth),
        public: public.unwrap_or_else(|| match case.state {
            // the cells of an instance stand in no table
            State::Primary | State::Secondary => markers.withheld.clone(),
            _ => "not printed".to_owned(),
        }),
        grids: grids.map_or_else(Vec::new, |(table, pairs)| witness_grids(table, pairs, markers)),
        cells: case.witnesses.iter().flat_map(|w| &w.cells).map(moved).collect(),
    }
}

fn public_words(table: &ReviewTable, position: usize, markers: &Markers) -> String {
    match table.public.grid.get(position) {
        Some(Published::Withheld) => markers.withheld.clone(),
        _ => table.public.figure(position).map_or_else(|| "nothing".to_owned(), figure),
    }
}

/// A cell of the witnesses in words.
fn moved(cell: &WitnessCell) -> [String; 4] {
    [cell.cell.clone(), figure(cell.truth), figure(cell.low), figure(cell.high)]
}

fn figure(figure: Figure) -> String {
    grouped(&figure.to_string())
}

type Pairs = [Option<(Figure, Figure, bool)>];

/// The table of a case as both witnesses fill it.
fn witness_grids(table: &ReviewTable, pairs: &Pairs, markers: &Markers) -> Vec<WitnessGrid> {
    let moved = |field: grid::Field| match pairs.get(field.cell).copied().flatten() {
        Some((low, high, own)) => {
            let (low, high) = (figure(low), figure(high));
            Moved { differs: low != high, low, high, own }
        }
        None => Moved { low: field.text, high: String::new(), own: false, differs: false },
    };
    let grid = |grid: grid::Grid| WitnessGrid {
        caption: grid.caption,
        header: grid.header,
        rows: grid.body.into_iter().map(|row| (row.labels, row.fields.into_iter().map(&moved).collect())).collect(),
    };
    grid::grids(&table.public, markers).into_iter().map(grid).collect()
}

impl State {
    /// Its class in the style.
    fn class(self) -> &'static str {
        match self {
            State::Published => "published",
            State::Look => "look",
            State::Primary => "primary",
            State::Secondary => "secondary",
            State::Replaced => "replaced",
            State::Unsafe => "unsafe",
            State::NotPrinted => "unprinted",
            State::NotApplicable => "none",
        }
    }

    /// The sign beside a cell, so that colour is not needed.
    fn sign(self) -> &'static str {
        match self {
            State::Published | State::NotApplicable => "",
            State::Look => "?",
            State::Primary => "P",
            State::Secondary => "S",
            State::Replaced => "R",
            State::Unsafe => "!",
            State::NotPrinted => "N",
        }
    }

    /// What the sign means.
    fn meaning(self) -> &'static str {
        match self {
            State::Published => "published as it is",
            State::Look => "published; a rule asks for a look",
            State::Primary => "primary: unsafe by a rule, and withheld",
            State::Secondary => "secondary: safe by itself, withheld to protect others",
            State::Replaced => "replaced: another value is published",
            State::Unsafe => "not protected: it leaks, could not be protected, or its proof is open",
            State::NotPrinted => "not printed, but it follows from what is",
            State::NotApplicable => "cannot exist",
        }
    }

    /// The same in a word.
    fn word(self) -> &'static str {
        match self {
            State::Published => "published",
            State::Look => "to look at",
            State::Primary => "primary",
            State::Secondary => "secondary",
            State::Replaced => "replaced",
            State::Unsafe => "not protected",
            State::NotPrinted => "not printed",
            State::NotApplicable => "not applicable",
        }
    }
}
