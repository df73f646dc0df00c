//! Categories that hold each other by their words: "Under 16" and "Under 18", "2+ convictions" and "3+ convictions", "Within 18
//! weeks" and "Within 26 weeks". What lies between two of them is a group of its own.

use std::collections::BTreeMap;

use crate::model::{Interval, Relation};

use super::super::figures::Figures;
use super::super::findings::Spot;
use super::super::reading::Reading;
use super::super::sides::Axis;
use super::possible::{Extra, Possible, extra};

/// Every two neighbours of such categories.
pub(crate) fn find(reading: &Reading, spot: &dyn Fn(usize, (usize, usize)) -> Spot) -> Vec<Possible> {
    let mut found = Vec::new();
    for (t, figures) in reading.tables.iter().enumerate().filter(|(_, f)| f.is_main()) {
        for (a, axis) in figures.axes.iter().enumerate() {
            for (small, large) in nested(axis) {
                found.extend(pair(reading, t, figures, (a, axis, small, large), spot));
            }
        }
    }
    found
}

/// Per pattern of words, the thresholds in order: each holds the one before it.
fn nested(axis: &Axis) -> Vec<(usize, usize)> {
    let mut patterns: BTreeMap<(String, bool), Vec<(i64, usize)>> = BTreeMap::new();
    for (e, entry) in axis.entries.iter().enumerate().filter(|(_, e)| e.shown) {
        if let Some((words, number, grows)) = threshold(&entry.key) {
            patterns.entry((words, grows)).or_default().push((number, e));
        }
    }
    let parts: Vec<usize> = axis.entries.iter().flat_map(|e| e.children.iter().chain(&e.includes).copied()).collect();
    let mut found = Vec::new();
    for ((_, grows), mut list) in patterns {
        list.sort_unstable();
        list.dedup_by_key(|x| x.0);
        for pair in list.windows(2) {
            let [(_, low), (_, high)] = pair else { continue };
            let (small, large) = if grows { (*low, *high) } else { (*high, *low) };
            if !parts.contains(&small) {
                found.push((small, large));
            }
        }
    }
    found
}

/// The words of a label without its number, the number, and whether a larger number holds more.
fn threshold(key: &str) -> Option<(String, i64, bool)> {
    const LESS: &[&str] = &["under", "below", "within", "fewer than", "less than", "up to", "at most"];
    const MORE: &[&str] = &["over", "above", "more than", "at least", "longer than", "greater than"];
    let mut numbers = key.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty());
    let (number, None) = (numbers.next()?, numbers.next()) else { return None };
    let at = key.find(number)?;
    let (before, after) = (key.get(..at)?, key.get(at + number.len()..)?);
    let led =
        |words: &[&str]| words.iter().any(|w| before.trim_end() == *w || before.trim_end().ends_with(&format!(" {w}")));
    let followed = |words: &[&str]| {
        words.iter().any(|w| after.trim_start().starts_with(w) || after.trim_end().ends_with(&format!(" {w}")))
    };
    let grows = match () {
        _ if led(LESS) || followed(&["and under", "or under", "or less", "or fewer", "and below"]) => true,
        _ if led(MORE) || followed(&["+", "and over", "or over", "or more", "and above", "or above", "plus"]) => false,
        _ => return None,
    };
    Some((format!("{before}#{after}"), number.parse().ok()?, grows))
}

fn pair(
    reading: &Reading,
    t: usize,
    figures: &Figures,
    (a, axis, small, large): (usize, &Axis, usize, usize),
    spot: &dyn Fn(usize, (usize, usize)) -> Spot,
) -> Option<Possible> {
    let label = |e: usize| axis.entries.get(e).map(|e| e.label.clone()).unwrap_or_default();
    let (inner, outer) = (label(small), label(large));
    let mut one = Possible {
        asks: format!("Does \"{outer}\" hold all of \"{inner}\" ({})?", figures.name),
        said: format!("{}: \"{outer}\" may hold all of \"{inner}\"; nothing more follows if it does", figures.name),
        ..Possible::default()
    };
    for (row, col, at) in figures.cells() {
        if at.get(a) != Some(&large) {
            continue;
        }
        let mut other = at.clone();
        if let Some(slot) = other.get_mut(a) {
            *slot = small;
        }
        let (Some(whole), Some(part)) = (reading.bound.cell(t, &at), reading.bound.cell(t, &other)) else { continue };
        let (most, least) = (reading.known.domain(whole).hi, reading.known.domain(part).lo);
        if most.zip(least).is_some_and(|(m, l)| l > m) {
            return None;
        }
        let here = spot(t, (row, col));
        let line = if a < figures.row_axes { here.column.clone() } else { here.row.clone() };
        let name = format!("{line}, \"{outer}\" without \"{inner}\" ({})", figures.name);
        one.relations.push(Relation::total(whole, [part, extra(one.extras.len())]));
        one.extras.push(Extra { name, beside: whole, domain: Interval::at_least(0) });
        one.spots.push(here);
    }
    one.spots.truncate(1);
    (!one.relations.is_empty()).then_some(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Thresholds in the words in use, and which way they grow.
    #[test]
    fn thresholds() {
        for (key, number, grows) in [
            ("aged under 16", 16, true),
            ("within 18 weeks", 18, true),
            ("more than 26 weeks", 26, false),
            ("2+ convictions", 2, false),
            ("65 and over", 65, false),
            ("17 and under", 17, true),
            ("20 days or more", 20, false),
        ] {
            assert_eq!(threshold(key).map(|t| (t.1, t.2)), Some((number, grows)), "{key}");
        }
        for key in ["10 to 12", "2013", "ward 4", "over", "undercover 7"] {
            assert_eq!(threshold(key), None, "{key}");
        }
        assert_eq!(threshold("2+ convictions").map(|t| t.0), threshold("3+ convictions").map(|t| t.0));
    }
}
