//! Demands and intervals of an intruder who does not take cells for whole numbers: what tables in fractions prove.

use crate::model::{Bounds, CellId, Decimal, Interval};

use super::exact::{Point, Ratio};
use super::part::{End, Pool};
use super::probe::Probe;

/// A table in fractions as a move from a known one: the cells in which they differ, in rising order, and by how much.
pub(super) type Fractions = Vec<(CellId, Ratio)>;

/// Decimals of an end beyond those of the values, at most; a further one is rounded outwards.
const MOST_PLACES: u32 = 6;

/// Meets a demand by a point that was found for it: alone, or for a spread beside another table.
pub(super) fn meets(i: usize, point: &Point, pool: &mut Pool) {
    match pool.spread_of(i) {
        None => pool.meet(i, &[point]),
        Some((cell, width)) => {
            let seen = pool.ends_seen(cell);
            let all: Vec<&Point> = seen.iter().chain([point]).collect();
            wide(i, cell, width, &all, pool);
        }
    }
}

/// Meets a spread by those two points that are farthest apart, if that is far enough.
fn wide(i: usize, cell: usize, width: i64, points: &[&Point], pool: &mut Pool) {
    let low = points.iter().min_by(|a, b| a.at(cell).cmp(b.at(cell)));
    let high = points.iter().max_by(|a, b| a.at(cell).cmp(b.at(cell)));
    if let (Some(low), Some(high)) = (low, high)
        && high.at(cell) - low.at(cell) >= Ratio::from(width)
    {
        pool.meet(i, &[low, high]);
    }
}

/// Asks how far apart two tables can be; whether a limit left it open.
pub(super) fn spread(i: usize, cell: usize, width: i64, probe: &mut Probe, pool: &mut Pool) -> bool {
    let Some(from) = probe.some_point() else { return true };
    // so far from a table that is known is far enough in any case; else both ends decide
    let so_far = [1, -1].map(|sign| from.at(cell) - Ratio::from(sign) * Ratio::from(width));
    for far in [so_far.map(Some), [None, None]] {
        let [down, up] = &far;
        let (low, table) = probe.reach((cell, 1), down.as_ref());
        table.into_iter().for_each(|t| pool.add(&t));
        let (high, table) = probe.reach((cell, -1), up.as_ref());
        table.into_iter().for_each(|t| pool.add(&t));
        if pool.met(i) {
            return false;
        }
        let seen = pool.ends_seen(cell);
        let found = low.inner.iter().chain(&high.inner).map(|p| &**p);
        let points: Vec<&Point> = found.chain([&*from]).chain(&seen).collect();
        wide(i, cell, width, &points, pool);
        let ends = low.outer.as_ref().zip(high.outer.as_ref());
        if pool.met(i) || ends.is_some_and(|(l, h)| h - l < Ratio::from(width)) {
            return false;
        }
    }
    true
}

/// One end of a cell's interval, with what proves it; `None` if no table is known.
pub(super) fn end(cell: usize, sign: i64, probe: &mut Probe, pool: &mut Pool) -> Option<End> {
    let (reach, table) = probe.reach((cell, sign), None);
    table.into_iter().for_each(|t| pool.add(&t));
    if reach.endless {
        return Some(End { at: None, certain: true, proof: Vec::new() });
    }
    let at = reach.inner.as_ref()?.at(cell).clone();
    Some(End { certain: reach.outer.as_ref() == Some(&at), at: Some(at), proof: reach.proof })
}

/// Both ends in whole numbers, rounded outwards, and in decimals.
pub(super) fn ends(lo: Option<&Ratio>, hi: Option<&Ratio>) -> (Interval, Bounds) {
    let (lo_down, hi_up) = (lo.and_then(|v| decimal(v, 0, false)), hi.and_then(|v| decimal(v, 0, true)));
    let interval = Interval { lo: lo_down.map(|d| d.digits), hi: hi_up.map(|d| d.digits) };
    let single = lo.is_some() && lo == hi;
    let bounds = Bounds {
        lo: lo.and_then(|v| shortest(v, false)).or(lo_down),
        hi: hi.and_then(|v| shortest(v, true)).or(hi_up),
        single,
    };
    (interval, bounds)
}

/// A value in as few decimals as show it, or in the most that are kept (and 64 bits hold), rounded up or down.
fn shortest(value: &Ratio, up: bool) -> Option<Decimal> {
    let mut best = None;
    for places in 0..=MOST_PLACES {
        let Some(found) = decimal(value, places, up) else { break };
        best = Some(found);
        if Ratio::from(found.digits) == value * Ratio::from(10_i64.pow(places)) {
            break;
        }
    }
    best
}

/// A value with so many decimals, rounded up or down; `None` if 64 bits do not hold it.
fn decimal(value: &Ratio, places: u32, up: bool) -> Option<Decimal> {
    let scaled = value * Ratio::from(10_i64.pow(places));
    let digits = i64::try_from(if up { scaled.ceil() } else { scaled.floor() }).ok()?;
    Some(Decimal { digits, places })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ends are shown exactly where few decimals do it; others are rounded outwards, and one value stays one value.
    #[test]
    fn decimals() {
        let ratio = |n: i64, d: i64| Ratio::from(n) / Ratio::from(d);
        let words = |lo: Ratio, hi: Ratio| ends(Some(&lo), Some(&hi)).1.words(0);
        assert_eq!(words(ratio(1, 1), ratio(115, 8)), "1 to 14.375");
        assert_eq!(words(ratio(-1, 3), ratio(1, 3)), "-0.333334 to 0.333334");
        assert_eq!(words(ratio(1, 3), ratio(1, 3)), "one value, 0.333333 to 0.333334");
        assert_eq!(words(ratio(5, 2), ratio(5, 2)), "exactly 2.5");
        assert_eq!(ends(Some(&ratio(-5, 2)), Some(&ratio(5, 2))).0, Interval::new(-3, 3));
        assert_eq!(ends(Some(&ratio(5, 2)), None).1.words(1), "0.25 or more");
        let large = ratio(900_000_000_000_000_001, 7);
        assert_eq!(ends(Some(&large), None).1.words(0), "128571428571428571.5 or more");
    }
}
