//! Rates and means whose numbers stand in other tables: found by labels and arithmetic, or named by a layout.

use std::collections::BTreeSet;

use crate::model::CellId;

use super::super::blocks::{Block, Pages};
use super::super::figures::{Figures, Signs, shape};
use super::super::findings::Spot;
use super::super::layout::{Layout, LayoutRate};
use super::super::lexicon::{Number, key};
use super::super::measures::{Lines, number};
use super::super::ratio::{Evidence, Said, Span, said};
use super::super::reading::Reading;
use super::super::table::{Kind, Parsed, parse};
use super::super::words::total_word;
use super::{Rates, Side, Spotter, Use, formula, how, text};

/// The most numbers that a table of rates is compared with.
const MOST_SERIES: usize = 60;
/// An axis of more entries is only looked at in total.
const MOST_ENTRIES: usize = 30;

/// A figure that is a rate, with the labels of its row and column.
struct Figure {
    at: (usize, usize),
    rate: Number,
    text: String,
    labels: BTreeSet<String>,
    spot: Spot,
}

/// Figures of one kind.
struct Family {
    block: usize,
    table: String,
    /// The label of their line; empty where the whole table is rates.
    label: String,
    said: Said,
    figures: Vec<Figure>,
}

/// Numbers of a table, one for each rate of a family.
struct Series {
    /// The table, and the label of the category where it is one.
    table: String,
    label: String,
    /// What its labels, title and captions say.
    words: String,
    cells: Vec<Option<CellId>>,
}

/// Finds what rates are worked out from in other tables.
pub(super) fn take(
    reading: &Reading,
    pages: &Pages,
    signs: &Signs,
    layout: Option<&Layout>,
    spot: Spotter,
    rates: &mut Rates,
) {
    for family in families(reading, pages, signs, layout, spot) {
        let mut told = layout.and_then(|l| l.table(&family.table)).into_iter().flat_map(|t| &t.rates);
        let told = told.find(|r| key(&r.figures) == key(&family.label));
        let all = series(reading, pages, &family);
        let found = match told {
            Some(rate) => pick(&all, rate),
            None => search(reading, &family, &all),
        };
        let name = if family.label.is_empty() { String::new() } else { format!("\"{}\" ", family.label) };
        match found {
            Found::One(of, over, per, evidence) => {
                let (Some(of), Some(over)) = (all.get(of), all.get(over)) else { continue };
                let uses = uses(&family, of, over, per);
                let fits = evidence.fits + evidence.weak;
                let how = how(told.is_some(), fits, fits + evidence.wrong);
                let is = if name.is_empty() { "its figures are " } else { "is " };
                let words = formula(per, &of.called(), &over.called());
                rates.assumptions.push(format!("{}: {name}{is}{words} ({how})", family.table));
                rates.layout.push((family.table.clone(), of_layout(&family, of, over, per)));
                rates.uses.extend(uses);
            }
            Found::Several => rates.assumptions.push(format!(
                "{}: {name}fits several tables alike, so nothing was worked out from it: say which in a layout (`rates`)",
                family.table
            )),
            Found::None => {}
        }
    }
}

impl Series {
    fn called(&self) -> String {
        if self.label.is_empty() { self.table.clone() } else { format!("{} of {}", self.label, self.table) }
    }
}

fn of_layout(family: &Family, of: &Series, over: &Series, per: i64) -> LayoutRate {
    LayoutRate {
        figures: family.label.clone(),
        per,
        of: of.label.clone(),
        of_table: Some(of.table.clone()),
        over: over.label.clone(),
        over_table: Some(over.table.clone()),
    }
}

/// The rates of all tables that nothing in their own table explains.
fn families(reading: &Reading, pages: &Pages, signs: &Signs, layout: Option<&Layout>, spot: Spotter) -> Vec<Family> {
    let mut found = Vec::new();
    for (t, figures) in reading.tables.iter().enumerate().filter(|(_, f)| f.is_main()) {
        let place = |at: (usize, usize)| spot(t, at);
        if let Some(block) = pages.blocks.get(figures.parsed.block) {
            found.extend(of_block(block, &figures.parsed, pages, &place));
        }
    }
    for (number, _) in &reading.passed {
        let Some(block) = pages.blocks.get(*number) else { continue };
        let said = layout.and_then(|l| l.table(&block.name));
        if said.is_some_and(|s| s.ignore == Some(true)) {
            continue;
        }
        let Some(parsed) = parse(*number, block, shape(said), &|text| signs.declares(text)) else { continue };
        let label = |i: usize, heads: &[super::super::table::Head]| heads.get(i).map(|h| h.path.join(" / "));
        let place = |(row, col): (usize, usize)| Spot {
            row: label(row, &parsed.rows).unwrap_or_default(),
            column: label(col, &parsed.cols).unwrap_or_default(),
            file: block.file,
            place: parsed.cell(row, col).map(|c| c.place.clone()).unwrap_or_default(),
            ..Spot::default()
        };
        found.extend(of_block(block, &parsed, pages, &place));
    }
    found
}

/// The families of a block: a line each whose label says what it is; else all figures, where a caption does.
fn of_block(block: &Block, parsed: &Parsed, pages: &Pages, spot: &dyn Fn((usize, usize)) -> Spot) -> Vec<Family> {
    let mut found = Vec::new();
    for rows in [false, true] {
        let lines = Lines::new(parsed, rows);
        let heads = if rows { &parsed.rows } else { &parsed.cols };
        for (line, _) in heads.iter().enumerate().filter(|(_, h)| h.kind == Kind::Other) {
            let settled = parsed.ratios.iter().any(|r| r.rows == rows && r.line == line);
            let label = lines.label(line);
            let Some(said) = said(&label).filter(|_| !settled) else { continue };
            let across = if rows { parsed.cols.len() } else { parsed.rows.len() };
            let at: Vec<(usize, usize)> = (0..across).map(|a| lines.at(line, a)).collect();
            found.extend(family(block, parsed, label, said, &at, spot));
        }
    }
    let plain = parsed.cols.iter().chain(&parsed.rows).all(|h| said(&h.path.join(" ")).is_none());
    if !plain || !parsed.cols.iter().all(|h| h.kind == Kind::Other) {
        return found;
    }
    let captions = block.before.iter().filter_map(|&l| pages.lines.get(l)).map(|l| l.text.as_str());
    let titles = parsed.spanner.iter().chain(&parsed.corner).map(String::as_str);
    if let Some(said) = titles.chain(captions).chain([block.name.as_str()]).find_map(said) {
        let at: Vec<(usize, usize)> =
            (0..parsed.rows.len()).flat_map(|r| (0..parsed.cols.len()).map(move |c| (r, c))).collect();
        found.extend(family(block, parsed, String::new(), said, &at, spot));
    }
    found
}

fn family(
    block: &Block,
    parsed: &Parsed,
    label: String,
    said: Said,
    at: &[(usize, usize)],
    spot: &dyn Fn((usize, usize)) -> Spot,
) -> Option<Family> {
    let labels = |(row, col): (usize, usize)| -> BTreeSet<String> {
        let paths = parsed.rows.get(row).into_iter().chain(parsed.cols.get(col));
        let parts = paths.flat_map(|h| h.path.iter().cloned().chain([h.path.join(" / ")]));
        parts.map(|l| key(&l)).collect()
    };
    let figure = |&at: &(usize, usize)| {
        let typed = parsed.cell(at.0, at.1)?;
        let rate = number(typed)?;
        let place = (parsed.rows.get(at.0)?.at, parsed.cols.get(at.1)?.at);
        Some(Figure { at: place, rate, text: text(typed, rate), labels: labels(at), spot: spot(at) })
    };
    let figures: Vec<Figure> = at.iter().filter_map(figure).collect();
    let family = Family { block: parsed.block, table: block.name.clone(), label, said, figures };
    (!family.figures.is_empty()).then_some(family)
}

/// Every series of counts that has the labels of a family: a table in total, or one of its categories.
fn series(reading: &Reading, pages: &Pages, family: &Family) -> Vec<Series> {
    let mut all: Vec<Series> = Vec::new();
    for (t, figures) in reading.tables.iter().enumerate() {
        let block = pages.blocks.get(figures.parsed.block);
        let captions = block.into_iter().flat_map(|b| &b.before).filter_map(|&l| pages.lines.get(l));
        let title: Vec<&str> = captions.map(|l| l.text.as_str()).chain([figures.name.as_str()]).collect();
        let mut fixed: Vec<Option<(usize, usize)>> = vec![None];
        for (a, axis) in figures.axes.iter().enumerate().filter(|(_, a)| a.entries.len() <= MOST_ENTRIES) {
            fixed.extend((0..axis.entries.len()).filter(|&e| Some(e) != axis.total).map(|e| Some((a, e))));
        }
        for fixed in fixed {
            let cells: Vec<Option<CellId>> =
                family.figures.iter().map(|f| cell(reading, t, figures, &f.labels, fixed)).collect();
            if cells.iter().flatten().count() * 2 < cells.len().max(1) {
                continue;
            }
            let entry = fixed.and_then(|(a, e)| figures.axes.get(a)?.entries.get(e));
            let measure = figures.measure.as_ref().map(|m| m.label.clone());
            let label = entry.map(|e| e.label.clone()).or(measure).unwrap_or_default();
            let known = |s: &Series| s.cells == cells;
            if !all.iter().any(known) && all.len() < MOST_SERIES {
                let words = title.iter().copied().chain([label.as_str()]).collect::<Vec<_>>().join(" ");
                all.push(Series { table: figures.name.clone(), label, words, cells });
            }
        }
    }
    all
}

/// The cell of a table with these labels: axes without one of them at their total, or at the category that is asked for.
fn cell(
    reading: &Reading,
    t: usize,
    figures: &Figures,
    labels: &BTreeSet<String>,
    fixed: Option<(usize, usize)>,
) -> Option<CellId> {
    let axes = &reading.bound.system.tables.get(t)?.axes;
    let mut matched = 0;
    let mut at = Vec::new();
    for (a, axis) in figures.axes.iter().enumerate() {
        let entries = &axes.get(a)?.entries;
        let total = entries.iter().position(|e| e.level == 0)?;
        if let Some((_, e)) = fixed.filter(|f| f.0 == a) {
            at.push(reading.bound.entry_on(t, a, e)?);
            continue;
        }
        let named = axis.entries.iter().position(|e| labels.contains(&e.key));
        match named {
            Some(e) => {
                matched += 1;
                at.push(reading.bound.entry_on(t, a, e)?);
            }
            None => {
                matched += usize::from(labels.iter().any(|l| total_word(l).is_some()));
                at.push(total);
            }
        }
    }
    if matched == 0 { None } else { reading.bound.system.cell_at(t, &at) }
}

enum Found {
    One(usize, usize, i64, Evidence),
    Several,
    None,
}

/// The pair of series under which most rates fit.
fn search(reading: &Reading, family: &Family, all: &[Series]) -> Found {
    let mut best: Option<(Found, (usize, bool))> = None;
    let mut tie = false;
    for (i, of) in all.iter().enumerate() {
        for (j, over) in all.iter().enumerate().filter(|(j, _)| *j != i) {
            let named = family.said.names(&of.words, &over.words);
            for per in family.said.scales() {
                let evidence = evidence(reading, family, of, over, per);
                if !evidence.holds(named) {
                    continue;
                }
                let fits = evidence.fits + evidence.weak;
                let rank = (fits.saturating_sub(2 * evidence.wrong) + evidence.open, named);
                match &best {
                    Some((_, top)) if rank < *top => {}
                    Some((_, top)) if rank == *top => tie = true,
                    _ => (best, tie) = (Some((Found::One(i, j, per, evidence), rank)), false),
                }
            }
        }
    }
    match best {
        Some(_) if tie => Found::Several,
        Some((found, _)) => found,
        None => Found::None,
    }
}

fn evidence(reading: &Reading, family: &Family, of: &Series, over: &Series, per: i64) -> Evidence {
    let known = |series: &Series, i: usize| {
        let cell = series.cells.get(i).copied().flatten()?;
        reading.known.domain(cell).value().map(Span::exactly)
    };
    let mut found = Evidence::default();
    for (i, figure) in family.figures.iter().enumerate() {
        let there = |s: &Series| s.cells.get(i).copied().flatten().is_some();
        if there(of) && there(over) {
            found.add(figure.rate, per, known(of, i), known(over, i));
        }
    }
    found
}

/// The pair that a person names.
fn pick(all: &[Series], told: &LayoutRate) -> Found {
    let find = |table: &Option<String>, label: &str| {
        all.iter().position(|s| table.as_ref().is_none_or(|t| *t == s.table) && key(&s.label) == key(label))
    };
    match (find(&told.of_table, &told.of), find(&told.over_table, &told.over)) {
        (Some(of), Some(over)) => Found::One(of, over, told.per, Evidence::default()),
        _ => Found::None,
    }
}

fn uses(family: &Family, of: &Series, over: &Series, per: i64) -> Vec<Use> {
    let one = |(i, f): (usize, &Figure)| {
        let side = |s: &Series| s.cells.get(i).copied().flatten().map(Side::Cell);
        Some(Use {
            block: family.block,
            at: f.at,
            spot: f.spot.clone(),
            text: f.text.clone(),
            rate: f.rate,
            per,
            mean: family.said.mean,
            of: side(of)?,
            over: side(over)?,
            names: (of.called(), over.called()),
            table: family.table.clone(),
        })
    };
    family.figures.iter().enumerate().filter_map(one).collect()
}
