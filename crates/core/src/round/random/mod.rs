#![doc = include_str!("manual.md")]

use super::common::{self, BASE};
use super::identity::identity;
use super::{RoundError, Rounding, RoundingEntry, Work};
use crate::diag::Fault;
use crate::model::{Interval, Protection};
use crate::parameter::Values;
use crate::secret::Draw;

/// The entry of random rounding in the registry.
pub(super) const ENTRY: RoundingEntry = RoundingEntry {
    name: "random",
    page: "random-rounding",
    summary: "Rounds every value at random to one of the two multiples next to it, so that it stays the same on average.",
    parameters: &[BASE],
    manual: include_str!("manual.md"),
    parse: |values| parse(values, false),
};

/// The entry of fixed random rounding.
pub(super) const FIXED: RoundingEntry = RoundingEntry {
    name: "fixed-random",
    page: "fixed-random-rounding",
    summary: "As random, and the same group of records is rounded the same way in every table and release.",
    parameters: &[BASE],
    manual: include_str!("fixed.md"),
    parse: |values| parse(values, true),
};

/// The method with its parameters.
#[derive(Clone, Copy, Debug)]
struct Random {
    base: i64,
    /// Whether a group is rounded the same way in every release.
    fixed: bool,
}

fn parse(values: &Values, fixed: bool) -> Result<Box<dyn Rounding>, Fault> {
    Ok(Box::new(Random { base: values.whole("base")?, fixed }))
}

impl Rounding for Random {
    fn entry(&self) -> &'static RoundingEntry {
        if self.fixed { &FIXED } else { &ENTRY }
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        vec![("base", self.base.to_string())]
    }

    fn keyed(&self) -> bool {
        true
    }

    fn fixed(&self) -> bool {
        self.fixed
    }

    fn base(&self) -> Option<i64> {
        Some(self.base)
    }

    fn notice(&self) -> String {
        format!("Figures are rounded at random to a multiple of {}; parts need not add up to their totals.", self.base)
    }

    fn round(&self, work: &Work) -> Result<Protection, RoundError> {
        let key = common::key(work)?;
        Ok(common::each(work, self.entry().page, |cell, value, unit| {
            let mut who = identity(work, cell);
            if !self.fixed {
                who.extend(work.release.as_bytes());
            }
            let by = at_random(value, self.base.saturating_mul(unit), &mut key.draw(self.entry().name, &who));
            common::replace(value, by, &self.allows(by, None, unit))
        }))
    }

    fn allows(&self, shown: i64, _: Option<u64>, unit: i64) -> Vec<Interval> {
        common::next_to(shown, self.base.saturating_mul(unit)).into_iter().collect()
    }
}

/// One of the two multiples next to a value: the upper one with the probability (value mod base) / base.
pub(super) fn at_random(value: i64, base: i64, draw: &mut Draw) -> i64 {
    let below = common::floor(value, base);
    let over = (value - below).unsigned_abs();
    if draw.below(base.unsigned_abs()) < over { below.saturating_add(base) } else { below }
}

#[cfg(test)]
mod tests;
