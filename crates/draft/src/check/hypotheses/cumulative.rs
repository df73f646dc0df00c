//! Cumulative percentages: each is what all counts up to it are of their total, so that two of them tell the count between.

use crate::model::{CellId, Interval, Relation};

use super::super::findings::Spot;
use super::super::lexicon::{Content, Number, key};
use super::super::reading::Reading;
use super::super::shares::counts;
use super::super::table::{Kind, Parsed};
use super::super::words::total_word;
use super::apply::Taken;
use super::running::says;

/// Totals that can be more numbers than this are not tried one by one.
const MOST_TOTALS: i64 = 20_000;

/// A cumulative percentage with the count that it ends with.
struct Step {
    cell: CellId,
    /// None where the percentage is withheld.
    share: Option<Number>,
    at: (usize, usize),
}

/// Takes the cumulative percentages of a table into what is known.
pub(crate) fn take(reading: &mut Reading, t: usize, spot: &dyn Fn(usize, (usize, usize)) -> Spot, taken: &mut Taken) {
    for rows in [false, true] {
        let Some(figures) = reading.tables.get(t) else { return };
        let (name, parsed) = (figures.name.clone(), figures.parsed.clone());
        let heads = if rows { &parsed.rows } else { &parsed.cols };
        let said = |l: &usize| heads.get(*l).is_some_and(|h| h.kind == Kind::Percent && h.path.iter().any(|t| says(t)));
        for line in (0..heads.len()).filter(said) {
            let Some(of) = counted(&parsed, rows, line) else { continue };
            let steps = steps(reading, t, &parsed, (rows, line, of));
            let Some((total, left)) = solve(reading, t, &parsed, rows, &steps) else { continue };
            let label = |l: usize| heads.get(l).map(|h| h.path.join(" / ")).unwrap_or_default();
            taken.assumptions.push(format!(
                "{name}: \"{}\" is what \"{}\" comes to up to each line, in per cent of all: what it rises by is judged",
                label(line),
                label(of)
            ));
            for (step, possible) in steps.iter().zip(left) {
                let here = spot(t, step.at);
                let place = if rows { here.column } else { here.row };
                if possible.meet(reading.known.domain(step.cell)) != reading.known.domain(step.cell) {
                    reading.known.narrow(step.cell, possible);
                    taken.steps.entry(step.cell).or_insert_with(|| {
                        format!("{name}, {place}: what \"{}\" rises by, of {total}, is {possible}", label(line))
                    });
                }
            }
            // who is in no line, where the last percentage is less than 100
            let hundred = |n: Number| n.units == 100 * 10i64.pow(n.decimals.min(9));
            let whole = steps.last().is_some_and(|s| s.share.is_some_and(hundred));
            if whole && let Some(first) = steps.first() {
                let all = reading.unprinted(format!("the total of \"{}\" ({name})", label(of)), first.cell, total);
                reading.relate(Relation::total(all, steps.iter().map(|s| s.cell)));
            }
        }
    }
}

/// The line of counts beside which cumulative percentages stand.
fn counted(parsed: &Parsed, rows: bool, line: usize) -> Option<usize> {
    let heads = if rows { &parsed.rows } else { &parsed.cols };
    let plain = |l: &usize| heads.get(*l).is_some_and(|h| h.kind == Kind::Count);
    (0..line).rev().find(plain).or_else(|| (line + 1..heads.len()).find(plain))
}

fn steps(reading: &Reading, t: usize, parsed: &Parsed, (rows, line, of): (bool, usize, usize)) -> Vec<Step> {
    let crossing = if rows { &parsed.cols } else { &parsed.rows };
    let at = |l: usize, a: usize| if rows { (l, a) } else { (a, l) };
    let one = |a: usize| {
        let head = crossing.get(a).filter(|h| h.path.iter().all(|l| total_word(&key(l)).is_none()))?;
        let (row, col) = at(line, a);
        if head.kind != Kind::Count {
            return None;
        }
        let share = match parsed.cell(row, col)?.lexed.content {
            Content::Number(n) => Some(Number { percent: true, ..n }).filter(|n| n.units >= 0),
            _ => None,
        };
        let (row, col) = at(of, a);
        Some(Step { cell: reading.cell_of(t, row, col)?, share, at: at(line, a) })
    };
    let mut steps: Vec<Step> = (0..crossing.len()).filter_map(one).collect();
    let values = |steps: &[Step]| -> Vec<f64> {
        steps.iter().filter_map(|s| s.share).map(|n| n.units as f64 / 10f64.powi(n.decimals as i32)).collect()
    };
    // the last may stand first
    let own = values(&steps);
    if own.first().zip(own.last()).is_some_and(|(a, b)| a > b) {
        steps.reverse();
    }
    let own = values(&steps);
    let rises = own.windows(2).all(|w| matches!(w, [a, b] if a <= b));
    let most = own.last().is_some_and(|last| *last <= 100.0);
    if rises && most && own.len() > 1 { steps } else { Vec::new() }
}

/// The numbers that all of it can be, and what they leave of each count; `None` where none fits, or nothing is left to say.
fn solve(
    reading: &Reading,
    t: usize,
    parsed: &Parsed,
    rows: bool,
    steps: &[Step],
) -> Option<(Interval, Vec<Interval>)> {
    let known: Vec<Interval> = steps.iter().map(|s| reading.known.domain(s.cell)).collect();
    if steps.len() < 2 || known.iter().all(|d| d.value().is_some()) {
        return None;
    }
    let totals = totals(reading, t, parsed, rows, steps, &known);
    let (lo, hi) = (totals.lo?, totals.hi?);
    if hi < lo || hi - lo > MOST_TOTALS {
        return None;
    }
    let mut found: Option<(Interval, Vec<Interval>)> = None;
    for total in lo..=hi {
        let Some(own) = under(steps, &known, total) else { continue };
        found = Some(match found {
            None => (Interval::exactly(total), own),
            Some((all, left)) => {
                let join = |(a, b): (Interval, Interval)| Interval {
                    lo: a.lo.zip(b.lo).map(|(a, b)| a.min(b)),
                    hi: a.hi.zip(b.hi).map(|(a, b)| a.max(b)),
                };
                (join((all, Interval::exactly(total))), left.into_iter().zip(own).map(join).collect())
            }
        });
    }
    found
}

/// What the counts can be under a total; `None` where there are none.
fn under(steps: &[Step], known: &[Interval], total: i64) -> Option<Vec<Interval>> {
    let mut up: Vec<Interval> =
        steps.iter().map(|s| s.share.map_or(Interval::new(0, total), |n| counts(n, total))).collect();
    let mut own = known.to_vec();
    for _ in 0..2 {
        let mut before = Interval::exactly(0);
        for (sum, count) in up.iter_mut().zip(own.iter_mut()) {
            *sum = sum.meet(plus(before, *count));
            *count = count.meet(minus(*sum, before));
            if sum.is_empty() || count.is_empty() {
                return None;
            }
            before = *sum;
        }
        for at in (1..up.len()).rev() {
            let (Some(sum), Some(count)) = (up.get(at).copied(), own.get(at).copied()) else { continue };
            let slot = up.get_mut(at - 1)?;
            *slot = slot.meet(minus(sum, count));
            if slot.is_empty() {
                return None;
            }
        }
    }
    Some(own)
}

fn plus(a: Interval, b: Interval) -> Interval {
    let add = |a: Option<i64>, b: Option<i64>| a.zip(b).map(|(a, b)| a.saturating_add(b));
    Interval { lo: add(a.lo, b.lo), hi: add(a.hi, b.hi) }
}

fn minus(a: Interval, b: Interval) -> Interval {
    let less = |a: Option<i64>, b: Option<i64>| a.zip(b).map(|(a, b)| a.saturating_sub(b));
    Interval { lo: less(a.lo, b.hi), hi: less(a.hi, b.lo) }
}

/// The numbers that the total can be: as it is printed, or by each count and what the percentages rise by there.
fn totals(reading: &Reading, t: usize, parsed: &Parsed, rows: bool, steps: &[Step], known: &[Interval]) -> Interval {
    let printed = || {
        let figures = reading.tables.get(t)?;
        let crossing = if rows { &parsed.cols } else { &parsed.rows };
        let total = (0..crossing.len())
            .find(|&a| crossing.get(a).is_some_and(|h| h.path.iter().any(|l| total_word(&key(l)).is_some())))?;
        let first = steps.first()?.at;
        let of = figures.parsed.clone();
        let line = counted(&of, rows, if rows { first.0 } else { first.1 })?;
        let (row, col) = if rows { (line, total) } else { (total, line) };
        reading.known.domain(reading.cell_of(t, row, col)?).value()
    };
    if let Some(total) = printed() {
        return Interval::exactly(total);
    }
    let least = known.iter().try_fold(0i64, |s, d| s.checked_add(d.lo?)).unwrap_or(0);
    let mut all = Interval::at_least(least);
    let mut before = (0i128, 1i128);
    for (step, count) in steps.iter().zip(known) {
        // twice the percentage in units, over twice the scale: between `units - 1` and `units + 1`
        let Some(share) = step.share else {
            // what it rises by is not told
            before = (0, 0);
            continue;
        };
        let own = (2 * i128::from(share.units), 2 * 10i128.pow(share.decimals.min(9)));
        let first = before == (0, 1);
        if let (Some(value), true) = (count.value().filter(|v| *v > 0), first || own.1 == before.1) {
            let slack = if first { 1 } else { 2 };
            let rise = own.0 - if first { 0 } else { before.0 };
            let whole = i128::from(value) * 100 * own.1;
            let end = |n: i128| i64::try_from(n).ok();
            let lo = end(-(-whole).div_euclid(rise + slack));
            let hi = if rise > slack { end(whole.div_euclid(rise - slack)) } else { None };
            all = all.meet(Interval { lo, hi });
        }
        before = own;
    }
    all
}
