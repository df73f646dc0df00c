//! Totals under any name that the arithmetic does not confirm: the first or last label of an axis, or one that a word makes a
//! whole, where it is at least what is printed of the others and the rest is what their signs allow.

use std::collections::BTreeMap;

use crate::model::{CellId, Interval, Relation};

use super::super::figures::{Figures, Signs};
use super::super::findings::Spot;
use super::super::reading::Reading;
use super::super::sides::Axis;
use super::possible::{Extra, Possible, extra};
use super::words::{never, place_word, whole_word};

/// How much less likely than a coincidence a total without a word must be; where there is one line, which figures of other size seldom
/// fit, less.
const SURPRISE: f64 = 60.0;
const SURPRISE_ALONE: f64 = 30.0;
/// A withheld figure is taken for at most so much where nothing says more.
const SMALL: i64 = 10;

/// Where a figure of a table stands.
type Spotter<'a> = &'a dyn Fn(usize, (usize, usize)) -> Spot;

/// A line of an axis: each entry's cell, what is known of it, and where it stands.
type Line = Vec<Option<(CellId, Interval, (usize, usize))>>;

/// Every such total.
pub(crate) fn find(reading: &Reading, signs: &Signs, spot: Spotter) -> Vec<Possible> {
    let mut found = Vec::new();
    if signs.replaces() {
        return found;
    }
    for (t, figures) in reading.tables.iter().enumerate() {
        for (a, axis) in figures.axes.iter().enumerate().filter(|(_, a)| a.total.is_none() && !a.settled) {
            let candidates = candidates(axis);
            if candidates.is_empty() {
                continue;
            }
            let lines = lines(reading, t, figures, a);
            for (total, word) in candidates {
                if let Some(one) = judge(axis, total, word, &lines, &(t, a < figures.row_axes), figures, spot) {
                    found.push(one);
                    break;
                }
            }
        }
    }
    found
}

/// The labels that may be totals of all others; whether a word says so.
fn candidates(axis: &Axis) -> Vec<(usize, bool)> {
    let roots = axis.roots();
    if roots.len() < 3 {
        return Vec::new();
    }
    let entry = |i: usize| axis.entries.get(i);
    let plain =
        |i: usize| entry(i).is_some_and(|e| e.shown && e.children.is_empty() && e.includes.is_empty() && !e.skips);
    let places = roots.iter().filter(|&&i| entry(i).is_some_and(|e| place_word(&e.key))).count();
    let word = |i: usize| entry(i).is_some_and(|e| whole_word(&e.key) || places == 1 && place_word(&e.key));
    let mut found: Vec<(usize, bool)> =
        roots.iter().copied().filter(|&i| plain(i) && word(i)).map(|i| (i, true)).collect();
    for end in [roots.last().copied(), roots.first().copied()].into_iter().flatten() {
        let no = entry(end).is_none_or(|e| never(&e.key));
        if plain(end) && !no && !found.iter().any(|f| f.0 == end) {
            found.push((end, false));
        }
    }
    found
}

fn lines(reading: &Reading, t: usize, figures: &Figures, a: usize) -> Vec<Line> {
    let entries = figures.axes.get(a).map_or(0, |x| x.entries.len());
    let mut lines: BTreeMap<Vec<usize>, Line> = BTreeMap::new();
    for (row, col, at) in figures.cells() {
        let (Some(&own), Some(cell)) = (at.get(a), reading.bound.cell(t, &at)) else { continue };
        let mut rest = at;
        rest.remove(a);
        let line = lines.entry(rest).or_insert_with(|| vec![None; entries]);
        if let Some(slot) = line.get_mut(own) {
            *slot = Some((cell, reading.known.domain(cell), (row, col)));
        }
    }
    lines.into_values().collect()
}

/// What the lines say of a total.
#[derive(Default)]
struct Evidence {
    exact: usize,
    near: usize,
    /// Lines of one printed part whose rest is what a sign allows.
    close: usize,
    loose: usize,
    less: usize,
    surprise: f64,
    /// The same where a part is not printed.
    rest_surprise: f64,
    /// Lines with two printed parts that are not 0.
    telling: usize,
}

fn weigh(total: usize, parts: &[usize], lines: &[Line]) -> Option<Evidence> {
    let mut found = Evidence { surprise: 1.0, rest_surprise: 1.0, ..Evidence::default() };
    for line in lines {
        let Some(whole) = line.get(total).copied().flatten().and_then(|c| c.1.value()) else { continue };
        let own: Option<Vec<Interval>> = parts.iter().map(|&p| line.get(p).copied().flatten().map(|c| c.1)).collect();
        let Some(own) = own else { continue };
        let lo = own.iter().fold(0i64, |s, i| s.saturating_add(i.lo.unwrap_or(0)));
        let open: Vec<&Interval> = own.iter().filter(|i| i.value().is_none()).collect();
        let hi = own.iter().try_fold(0i64, |s, i| Some(s.saturating_add(i.hi?)));
        if lo > whole || whole == 0 && lo == 0 {
            if lo > whole {
                return None;
            }
            continue;
        }
        let several = own.iter().filter(|i| i.value().is_some_and(|v| v > 0)).count() > 1;
        found.telling += usize::from(several);
        let rest = whole - lo;
        if hi.is_some_and(|hi| hi < whole) {
            found.less += 1;
            found.rest_surprise *= (whole + 1) as f64 / (rest + 1) as f64;
            continue;
        }
        if open.is_empty() {
            found.exact += usize::from(several);
            let weight = if several { (whole + 1) as f64 } else { 1.0 };
            (found.surprise, found.rest_surprise) = (found.surprise * weight, found.rest_surprise * weight);
            continue;
        }
        let allowed: i64 = open.iter().map(|i| i.hi.unwrap_or(SMALL).min(SMALL) - i.lo.unwrap_or(0) + 1).sum();
        if rest <= allowed.max(1) {
            found.near += usize::from(several);
            found.close += usize::from(!several);
            let weight = if several { ((whole + 1) as f64 / (allowed + 1) as f64).max(1.0) } else { 1.0 };
            found.surprise *= weight;
        } else {
            found.loose += 1;
        }
    }
    Some(found)
}

fn judge(
    axis: &Axis,
    total: usize,
    word: bool,
    lines: &[Line],
    &(t, rows): &(usize, bool),
    figures: &Figures,
    spot: Spotter,
) -> Option<Possible> {
    let parts: Vec<usize> = axis.roots().into_iter().filter(|&i| i != total).collect();
    let shown: Vec<usize> = expanded(axis, &parts);
    let found = weigh(total, &shown, lines)?;
    let label = axis.entries.get(total).map(|e| e.label.clone()).unwrap_or_default();
    let withheld = lines.iter().flatten().flatten().any(|c| c.1.value().is_none());
    let whole = found.less == 0
        && withheld
        && match word {
            true => found.exact + found.near + found.close + found.loose > 0,
            // "Referrals" of "Accepted" and "Not accepted": two parts, once exactly
            false if found.exact > 0 && found.close > 0 && found.loose == 0 && found.surprise >= SURPRISE_ALONE => true,
            false => {
                found.telling > 0
                    && found.near > 0
                    && found.loose <= found.exact
                    && found.surprise >= if lines.len() == 1 { SURPRISE_ALONE } else { SURPRISE }
            }
        };
    let rest = found.less > 0 && found.exact >= 2 && found.rest_surprise >= SURPRISE * SURPRISE;
    if !whole && !rest {
        return None;
    }
    let others = others(axis, total, &parts, rows);
    let place = format!("\"{label}\" ({})", figures.name);
    let mut one = Possible {
        asks: match rest {
            false => format!("Is {place} the total of {others}?"),
            true => format!("Is {place} the total of {others} and of a part that is not printed?"),
        },
        said: format!("{}: \"{label}\" may be the total of {others}; nothing more follows if it is", figures.name),
        ..Possible::default()
    };
    for line in lines {
        let Some((cell, _, at)) = line.get(total).copied().flatten() else { continue };
        let own: Option<Vec<CellId>> = shown.iter().map(|&p| line.get(p).copied().flatten().map(|c| c.0)).collect();
        let Some(own) = own else { continue };
        one.spots.push(spot(t, at));
        let mut relation = Relation::total(cell, own);
        if rest {
            let here = spot(t, at);
            let line = if rows { here.column } else { here.row };
            relation.terms.push((extra(one.extras.len()), 1));
            one.extras.push(Extra {
                name: format!("the part that is not printed, {line} ({})", figures.name),
                beside: cell,
                domain: Interval::at_least(0),
            });
        }
        one.relations.push(relation);
    }
    one.spots.truncate(1);
    Some(one)
}

/// Headings without figures stand for what is below them.
fn expanded(axis: &Axis, parts: &[usize]) -> Vec<usize> {
    let mut found = Vec::new();
    for &part in parts {
        match axis.entries.get(part) {
            Some(e) if !e.shown && !e.children.is_empty() => found.extend(e.children.iter().copied()),
            _ => found.push(part),
        }
    }
    found
}

/// "the rows above it", or by name where they are few.
fn others(axis: &Axis, total: usize, parts: &[usize], rows: bool) -> String {
    let label = |&p: &usize| axis.entries.get(p).map(|e| format!("\"{}\"", e.label)).unwrap_or_default();
    if parts.len() <= 2 {
        return super::super::assumed::and(&parts.iter().map(label).collect::<Vec<_>>());
    }
    let line = if rows { "rows" } else { "columns" };
    match (parts.first().is_some_and(|p| *p > total), parts.last().is_some_and(|p| *p < total)) {
        (true, _) if rows => format!("the {line} below it"),
        (true, _) => format!("the {line} behind it"),
        (_, true) if rows => format!("the {line} above it"),
        (_, true) => format!("the {line} before it"),
        _ => format!("the other {line}"),
    }
}
