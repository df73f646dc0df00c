//! What several methods share: parameters, arithmetic on multiples, rounding cell by cell.

use super::{RoundError, Work, protection, unit};
use crate::model::{CellId, Exposure, Interval, Protection, Relation, Treatment};
use crate::parameter::{Allowed, Parameter};
use crate::secret::Key;

/// The largest base.
pub(super) const LARGEST: i64 = 1_000_000_000;

/// The parameter `base`.
pub(super) const BASE: Parameter = Parameter {
    name: "base",
    meaning: "every figure becomes a multiple of it",
    allowed: Allowed::Whole { min: 2, max: LARGEST },
    default: None,
};

/// The parameter `ties`.
pub(super) const TIES: Parameter = Parameter {
    name: "ties",
    meaning: "where a value goes that lies in the middle of two multiples",
    allowed: Allowed::Words(&["up", "even", "down"]),
    default: Some("up"),
};

/// Rounds each printed cell for itself. `shown` gives what stands in its place.
pub(super) fn each(work: &Work, method: &'static str, treat: impl Fn(CellId, i64, i64) -> Treatment) -> Protection {
    let cells = work.system.cells.iter().enumerate();
    let treatments = cells.map(|(id, cell)| match cell.exposure {
        Exposure::Shown => treat(id, cell.value, unit(work.system, id)),
        Exposure::Implied | Exposure::Hidden => Treatment::Hide,
    });
    protection(work.system, method, treatments.collect())
}

/// A value replaced by another. Of the values that this allows, those count that hang together with the true one: should
/// an intruder know more than the method tells, he is met as well.
pub(super) fn replace(value: i64, by: i64, allows: &[Interval]) -> Treatment {
    let preimage = allows.iter().copied().find(|i| i.contains(value)).unwrap_or(Interval::exactly(value));
    Treatment::Replace { by, preimage }
}

/// The key of those who draw.
pub(super) fn key<'a>(work: &Work<'a>) -> Result<&'a Key, RoundError> {
    let help = "write key-file = \"…\" or key-env = \"…\" in [round]";
    work.key.ok_or_else(|| RoundError::new("the method draws random numbers and has no key", help))
}

/// The largest multiple of `base` that is not above `value`.
pub(super) fn floor(value: i64, base: i64) -> i64 {
    value - value.rem_euclid(base.max(1))
}

/// The nearest multiple; `ties` as the parameter spells it.
pub fn nearest(value: i64, base: i64, ties: &str) -> i64 {
    let below = floor(value, base);
    let above = below.saturating_add(base);
    let odd = (below / base.max(1)) % 2 != 0;
    let up = match (value - below).cmp(&(above - value)) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => ties == "up" || (ties == "even" && odd),
    };
    if up { above } else { below }
}

/// The values whose nearest multiple is `shown`; none if it is no multiple.
pub(super) fn nearest_to(shown: i64, base: i64, ties: &str) -> Option<Interval> {
    if shown.rem_euclid(base.max(1)) != 0 {
        return None;
    }
    // the last value that surely comes here, and the one in the middle beyond it
    let sure = (base - 1) / 2;
    let reach = |middle: i64| sure + i64::from(base % 2 == 0 && nearest(middle, base, ties) == shown);
    let low = reach(shown.saturating_sub(base / 2));
    let high = reach(shown.saturating_add(base / 2));
    Some(not_negative(shown.saturating_sub(low), shown.saturating_add(high)))
}

/// The values that may go to `shown` where each goes to one of the two multiples next to it; none if it is no multiple.
pub(super) fn next_to(shown: i64, base: i64) -> Option<Interval> {
    let near = base - 1;
    (shown.rem_euclid(base.max(1)) == 0).then(|| not_negative(shown.saturating_sub(near), shown.saturating_add(near)))
}

/// The interval without what is below 0.
pub(super) fn not_negative(lo: i64, hi: i64) -> Interval {
    Interval::new(lo.max(0), hi)
}

/// The total of a relation of the form "total = sum of parts".
pub(super) fn total_of(relation: &Relation) -> Option<CellId> {
    let (&(total, sign), parts) = relation.terms.split_first()?;
    (sign == -1 && relation.constant == 0 && parts.iter().all(|t| t.1 == 1)).then_some(total)
}

/// Intervals, put together where they meet or touch, in rising order.
pub(super) fn joined(mut intervals: Vec<Interval>) -> Vec<Interval> {
    intervals.retain(|i| !i.is_empty());
    intervals.sort_by_key(|i| i.lo);
    let mut joined: Vec<Interval> = Vec::new();
    for next in intervals {
        match joined.last_mut() {
            Some(last) if last.hi.is_none_or(|h| next.lo.is_none_or(|l| l <= h.saturating_add(1))) => {
                last.hi = last.hi.and_then(|h| next.hi.map(|n| n.max(h)));
            }
            _ => joined.push(next),
        }
    }
    joined
}
