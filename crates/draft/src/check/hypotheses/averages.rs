//! Means of the figures beside them: "Two-year average", "Mean". They tell what their figures add up to.

use crate::model::{CellId, Interval, Relation};

use super::super::figures::Figures;
use super::super::findings::Spot;
use super::super::lexicon::{Content, Number, key};
use super::super::measures::Lines;
use super::super::ratio::said;
use super::super::reading::Reading;
use super::super::table::Kind;
use super::super::words::total_word;
use super::apply::Taken;
use super::possible::{Extra, Possible, extra};

/// A mean in one place, with what it is of.
struct Mean {
    number: Number,
    cells: Vec<CellId>,
    at: (usize, usize),
}

/// Takes the means of a table that fit the figures beside them in two lines at least, and nowhere else than that, into what is known.
pub(crate) fn take(reading: &mut Reading, t: usize, spot: &dyn Fn(usize, (usize, usize)) -> Spot, taken: &mut Taken) {
    for rows in [false, true] {
        let Some(figures) = reading.tables.get(t) else { return };
        let parsed = figures.parsed.clone();
        let name = figures.name.clone();
        let lines = Lines::new(&parsed, rows);
        let heads = if rows { &parsed.rows } else { &parsed.cols };
        let settled = |l: usize| parsed.ratios.iter().any(|r| r.rows == rows && r.line == l);
        for line in (0..heads.len()).filter(|&l| !settled(l)) {
            let label = lines.label(line);
            let mean = said(&label).is_some_and(|s| s.mean && s.base.is_empty());
            if !mean || heads.get(line).is_none_or(|h| h.kind != Kind::Other) {
                continue;
            }
            let Some(figures) = reading.tables.get(t) else { return };
            let Some(of) = parts(figures, &lines, heads, line, &label) else { continue };
            let all = places(reading, t, &lines, line, &of);
            match fits(reading, &all) {
                Fit::Sure => {}
                Fit::Open => {
                    taken.possible.extend(perhaps(reading, t, &all, (&name, &label), spot));
                    continue;
                }
                Fit::Wrong => continue,
            }
            let names: Vec<String> = of.iter().map(|&l| format!("\"{}\"", lines.label(l))).collect();
            taken
                .assumptions
                .push(format!("{name}: \"{label}\" is the mean of {}", super::super::assumed::and(&names)));
            for mean in all {
                narrow(reading, t, &mean, &label, spot, taken);
            }
        }
    }
}

/// The lines of counts that a mean is of: as many as its label says, right before it, or all.
fn parts(
    _: &Figures,
    lines: &Lines,
    heads: &[super::super::table::Head],
    line: usize,
    label: &str,
) -> Option<Vec<usize>> {
    let counts = |l: &usize| {
        heads.get(*l).is_some_and(|h| h.kind == Kind::Count) && total_word(&key(&lines.label(*l))).is_none()
    };
    let all: Vec<usize> = (0..heads.len()).filter(counts).collect();
    let words = key(label);
    let number = words.split([' ', '-']).find_map(|w| match w {
        "two" => Some(2),
        "three" => Some(3),
        "four" => Some(4),
        "five" => Some(5),
        w => w.parse::<usize>().ok().filter(|n| (2..=20).contains(n)),
    });
    let before: Vec<usize> = all.iter().copied().filter(|l| *l < line).collect();
    let found = match number {
        Some(n) => before.get(before.len().checked_sub(n)?..)?.to_vec(),
        None => all,
    };
    (found.len() > 1).then_some(found)
}

fn places(reading: &Reading, t: usize, lines: &Lines, line: usize, of: &[usize]) -> Vec<Mean> {
    let one = |across: usize| {
        let number = match lines.cell(line, across)?.lexed.content {
            Content::Number(n) if !n.percent && !n.money && n.units >= 0 => n,
            _ => return None,
        };
        let cell = |&l: &usize| {
            let (row, col) = lines.at(l, across);
            reading.cell_of(t, row, col)
        };
        Some(Mean { number, cells: of.iter().map(cell).collect::<Option<_>>()?, at: lines.at(line, across) })
    };
    (0..lines.across()).filter_map(one).collect()
}

/// The sums whose mean is written so; a half may be rounded either way.
fn sums(mean: &Mean) -> Option<Interval> {
    let count = i128::try_from(mean.cells.len()).ok()?;
    let scale = 2 * 10i128.pow(mean.number.decimals.min(9));
    let twice = 2 * i128::from(mean.number.units);
    let lo = -(-(twice - 1) * count).div_euclid(scale);
    let hi = ((twice + 1) * count).div_euclid(scale);
    Some(Interval::new(i64::try_from(lo.max(0)).ok()?, i64::try_from(hi).ok()?))
}

/// Whether means are those of the figures beside them.
enum Fit {
    /// In two places at least.
    Sure,
    /// Nothing speaks against it.
    Open,
    Wrong,
}

/// Means that nothing confirms: what follows if they are those of all figures beside them.
fn perhaps(
    reading: &Reading,
    t: usize,
    all: &[Mean],
    (name, label): (&str, &str),
    spot: &dyn Fn(usize, (usize, usize)) -> Spot,
) -> Option<Possible> {
    let mut one = Possible {
        asks: format!("Is \"{label}\" the mean of the other figures of its line ({name})?"),
        said: format!("{name}: \"{label}\" may be the mean of the others; nothing more follows if it is"),
        ..Possible::default()
    };
    for mean in all {
        let open = mean.cells.iter().any(|&c| reading.known.domain(c).value().is_none());
        let (Some(possible), Some(&first)) = (sums(mean).filter(|_| open), mean.cells.first()) else { continue };
        let sum = extra(one.extras.len());
        let words = format!("what \"{label}\" is the mean of, together ({name})");
        one.extras.push(Extra { name: words, beside: first, domain: possible });
        one.relations.push(Relation::total(sum, mean.cells.iter().copied()));
        one.spots.push(spot(t, mean.at));
    }
    one.spots.truncate(1);
    (!one.relations.is_empty()).then_some(one)
}

/// How the means fit wherever all their figures are printed.
fn fits(reading: &Reading, all: &[Mean]) -> Fit {
    let mut right = 0;
    for mean in all {
        let sum: Option<i64> =
            mean.cells.iter().try_fold(0i64, |s, &c| s.checked_add(reading.known.domain(c).value()?));
        let (Some(sum), Some(possible)) = (sum, sums(mean)) else { continue };
        if !possible.contains(sum) {
            return Fit::Wrong;
        }
        right += 1;
    }
    if right > 1 { Fit::Sure } else { Fit::Open }
}

fn narrow(
    reading: &mut Reading,
    t: usize,
    mean: &Mean,
    label: &str,
    spot: &dyn Fn(usize, (usize, usize)) -> Spot,
    taken: &mut Taken,
) {
    let open = mean.cells.iter().any(|&c| reading.known.domain(c).value().is_none());
    let (Some(possible), Some(&first)) = (sums(mean).filter(|_| open), mean.cells.first()) else { return };
    let here = spot(t, mean.at);
    let line = if here.row.is_empty() || here.row == label { here.column } else { here.row };
    let name = reading.tables.get(t).map(|f| f.name.clone()).unwrap_or_default();
    let sum = reading.unprinted(format!("{line}, the sum that \"{label}\" is of ({name})"), first, possible);
    reading.relate(Relation::total(sum, mean.cells.iter().copied()));
    taken.steps.insert(
        sum,
        format!("{name}, {line}: \"{label}\" of {} figures leaves {possible} as their sum", mean.cells.len()),
    );
}
