//! Sums and parts that labels suggest and nothing confirms: "Upheld" and "Upheld, adults", "Asian" above "Asian - Indian".

use std::collections::HashMap;

use crate::model::{CellId, Interval, Relation};

use super::super::assumed::and;
use super::super::figures::Figures;
use super::super::findings::Spot;
use super::super::lexicon::key;
use super::super::reading::Reading;
use super::super::sides::{Axis, Maybe};
use super::super::tree::which::part_words;
use super::possible::{Extra, Possible, extra};

/// Every such sum of the draft's tables.
pub(crate) fn find(reading: &Reading, spot: &dyn Fn(usize, (usize, usize)) -> Spot) -> Vec<Possible> {
    let mut found = Vec::new();
    for (t, figures) in reading.tables.iter().enumerate().filter(|(_, f)| f.is_main()) {
        for (a, axis) in figures.axes.iter().enumerate().filter(|(_, a)| !a.settled) {
            found.extend(axis.maybe.iter().filter_map(|m| one(reading, t, figures, (a, axis, m), spot)));
        }
        found.extend([true, false].into_iter().flat_map(|rows| but_not(reading, t, figures, rows, spot)));
    }
    found
}

/// "Charged but not convicted" beside "Charged" and "Convicted": the one is the other two together, if these hold each other.
fn but_not(
    reading: &Reading,
    t: usize,
    figures: &Figures,
    rows: bool,
    spot: &dyn Fn(usize, (usize, usize)) -> Spot,
) -> Vec<Possible> {
    let parsed = &figures.parsed;
    let (heads, crossing) = if rows { (&parsed.rows, &parsed.cols) } else { (&parsed.cols, &parsed.rows) };
    let bare = |l: usize| {
        let label = heads.get(l).and_then(|h| h.path.last()).map(|t| key(t)).unwrap_or_default();
        part_words(&label).map(str::to_owned).unwrap_or(label)
    };
    let names: HashMap<String, usize> = (0..heads.len()).rev().map(|l| (bare(l), l)).collect();
    let mut found = Vec::new();
    for rest in 0..heads.len() {
        let label = bare(rest);
        let parts = [" but not ", ", not ", " and not ", " but were not "].iter().find_map(|by| label.split_once(by));
        let look = |name: &str| names.get(name.trim()).copied().filter(|l| *l != rest);
        let Some((whole, part)) = parts.and_then(|(a, b)| Some((look(a)?, look(b)?))).filter(|(a, b)| a != b) else {
            continue;
        };
        let quoted = |l: usize| heads.get(l).map(|h| h.path.join(" / ")).unwrap_or_default();
        let mut one = Possible {
            asks: format!(
                "Is \"{}\" the sum of \"{}\" and \"{}\" ({})?",
                quoted(whole),
                quoted(part),
                quoted(rest),
                figures.name
            ),
            said: format!(
                "{}: \"{}\" may hold all of \"{}\"; nothing more follows if it does",
                figures.name,
                quoted(whole),
                quoted(part)
            ),
            ..Possible::default()
        };
        for across in 0..crossing.len() {
            let at = |l: usize| if rows { (l, across) } else { (across, l) };
            let cell = |l: usize| reading.cell_of(t, at(l).0, at(l).1);
            let (Some(a), Some(b), Some(c)) = (cell(whole), cell(part), cell(rest)) else { continue };
            if a != b && a != c && b != c {
                one.relations.push(Relation::total(a, [b, c]));
                one.spots.push(spot(t, at(rest)));
            }
        }
        one.spots.truncate(1);
        if !one.relations.is_empty() {
            found.push(one);
        }
    }
    found
}

fn one(
    reading: &Reading,
    t: usize,
    figures: &Figures,
    (a, axis, maybe): (usize, &Axis, &Maybe),
    spot: &dyn Fn(usize, (usize, usize)) -> Spot,
) -> Option<Possible> {
    let label = |e: usize| axis.entries.get(e).map(|e| e.label.clone()).unwrap_or_default();
    let whole = label(maybe.whole);
    let parts = and(&maybe.parts.iter().map(|&p| format!("\"{}\"", label(p))).collect::<Vec<_>>());
    let words = match (maybe.open, maybe.parts.len()) {
        (false, _) => format!("Is \"{whole}\" the sum of {parts} ({})?", figures.name),
        (true, 1) => format!("Is {parts} a part of \"{whole}\" ({})?", figures.name),
        (true, _) => format!("Are {parts} parts of \"{whole}\" ({})?", figures.name),
    };
    let mut one = Possible {
        asks: words,
        said: format!("{}: \"{whole}\" may hold {parts}; nothing more follows if it does", figures.name),
        ..Possible::default()
    };
    for (row, col, at) in figures.cells() {
        if at.get(a) != Some(&maybe.whole) {
            continue;
        }
        let cell = |entry: usize| {
            let mut at = at.clone();
            *at.get_mut(a)? = entry;
            reading.bound.cell(t, &at)
        };
        let own: Option<Vec<CellId>> = maybe.parts.iter().map(|&p| cell(p)).collect();
        let (Some(whole_cell), Some(own)) = (cell(maybe.whole), own) else { continue };
        if own.contains(&whole_cell) {
            continue;
        }
        let here = spot(t, (row, col));
        let mut relation = Relation::total(whole_cell, own);
        if maybe.open {
            let line = if a < figures.row_axes { here.column.clone() } else { here.row.clone() };
            relation.terms.push((extra(one.extras.len()), 1));
            let name = format!("{line}, \"{whole}\" without {parts} ({})", figures.name);
            one.extras.push(Extra { name, beside: whole_cell, domain: Interval::at_least(0) });
        }
        one.relations.push(relation);
        one.spots.push(here);
    }
    one.spots.truncate(1);
    (!one.relations.is_empty()).then_some(one)
}
