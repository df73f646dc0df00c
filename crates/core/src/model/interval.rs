//! Whole-number intervals: what is known about a value.

use std::fmt;

use super::table::scaled;

/// The whole numbers from `lo` to `hi`, both included; `None` is no bound on that side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Interval {
    /// Smallest value, or none.
    pub lo: Option<i64>,
    /// Largest value, or none.
    pub hi: Option<i64>,
}

impl Interval {
    /// Every whole number.
    pub const ALL: Interval = Interval { lo: None, hi: None };

    /// From `lo` to `hi`.
    pub fn new(lo: i64, hi: i64) -> Self {
        Interval { lo: Some(lo), hi: Some(hi) }
    }

    /// The one value `v`.
    pub fn exactly(v: i64) -> Self {
        Self::new(v, v)
    }

    /// `lo` and everything above.
    pub fn at_least(lo: i64) -> Self {
        Interval { lo: Some(lo), hi: None }
    }

    /// `hi` and everything below.
    pub fn at_most(hi: i64) -> Self {
        Interval { lo: None, hi: Some(hi) }
    }

    /// The value, when only one is left.
    pub fn value(self) -> Option<i64> {
        match (self.lo, self.hi) {
            (Some(l), Some(h)) if l == h => Some(l),
            _ => None,
        }
    }

    /// How far a value within can go up and down; `i64::MAX` is without bound.
    pub fn room(self, value: i64) -> (i64, i64) {
        let up = self.hi.map_or(i64::MAX, |hi| hi.saturating_sub(value));
        (up, self.lo.map_or(i64::MAX, |lo| value.saturating_sub(lo)))
    }

    /// Whether no value is left.
    pub fn is_empty(self) -> bool {
        matches!((self.lo, self.hi), (Some(l), Some(h)) if l > h)
    }

    /// Whether `v` lies within.
    pub fn contains(self, v: i64) -> bool {
        self.lo.is_none_or(|l| l <= v) && self.hi.is_none_or(|h| v <= h)
    }

    /// The values in both.
    pub fn meet(self, other: Interval) -> Interval {
        let pick = |a: Option<i64>, b: Option<i64>, f: fn(i64, i64) -> i64| match (a, b) {
            (Some(a), Some(b)) => Some(f(a, b)),
            (a, b) => a.or(b),
        };
        Interval { lo: pick(self.lo, other.lo, i64::max), hi: pick(self.hi, other.hi, i64::min) }
    }
}

impl Interval {
    /// In words, with values in units of 10^-`decimals`: "1.00 to 2.50".
    pub fn words(self, decimals: u32) -> String {
        let show = |value| scaled(value, decimals);
        match (self.lo, self.hi) {
            (Some(l), Some(h)) if l == h => format!("exactly {}", show(l)),
            (Some(l), Some(h)) => format!("{} to {}", show(l), show(h)),
            (Some(l), None) => format!("{} or more", show(l)),
            (None, Some(h)) => format!("{} or less", show(h)),
            (None, None) => "anything".to_owned(),
        }
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words(0))
    }
}

/// `digits` · 10^-`places`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    /// All digits.
    pub digits: i64,
    /// How many of them stand after the decimal point.
    pub places: u32,
}

/// What a value could be when it need not be whole, in decimals; `None` is no bound on that side. An end that takes more
/// decimals than are kept is rounded outwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The smallest value.
    pub lo: Option<Decimal>,
    /// The largest value.
    pub hi: Option<Decimal>,
    /// Whether one value is left, which rounded ends can't show.
    pub single: bool,
}

impl Bounds {
    /// In words, with ends in units of 10^-`decimals`: "1 to 14.375".
    pub fn words(self, decimals: u32) -> String {
        let show = |d: Decimal| scaled(d.digits, decimals + d.places);
        match (self.lo, self.hi) {
            (Some(l), Some(h)) if l == h => format!("exactly {}", show(l)),
            (Some(l), Some(h)) if self.single => format!("one value, {} to {}", show(l), show(h)),
            (Some(l), Some(h)) => format!("{} to {}", show(l), show(h)),
            (Some(l), None) => format!("{} or more", show(l)),
            (None, Some(h)) => format!("{} or less", show(h)),
            (None, None) => "anything".to_owned(),
        }
    }
}

impl From<Interval> for Bounds {
    fn from(interval: Interval) -> Self {
        let whole = |end: Option<i64>| end.map(|digits| Decimal { digits, places: 0 });
        Bounds { lo: whole(interval.lo), hi: whole(interval.hi), single: interval.value().is_some() }
    }
}
