#![doc = include_str!("manual.md")]

mod inner;
mod search;

use super::common::{self, BASE};
use super::{RoundError, Rounding, RoundingEntry, Work, protection};
use crate::diag::Fault;
use crate::model::{Interval, Measure, Protection, Treatment};
use crate::parameter::{Allowed, Parameter, Values};

use inner::Inner;

/// The entry in the registry.
pub(super) const ENTRY: RoundingEntry = RoundingEntry {
    name: "small-count",
    page: "small-count-rounding",
    summary: "Rounds only small inner cells, to 0 or the base, and adds up all tables from them: additive and consistent.",
    parameters: &[
        BASE,
        Parameter {
            name: "cells",
            meaning: "which small inner cells are rounded: those that a small published figure needs, or all of them",
            allowed: Allowed::Words(&["needed", "all"]),
            default: Some("needed"),
        },
    ],
    manual: include_str!("manual.md"),
    parse,
};

/// The method with its parameters.
#[derive(Clone, Copy, Debug)]
struct SmallCount {
    base: i64,
    cells: &'static str,
}

fn parse(values: &Values) -> Result<Box<dyn Rounding>, Fault> {
    Ok(Box::new(SmallCount { base: values.whole("base")?, cells: values.word("cells")? }))
}

impl Rounding for SmallCount {
    fn entry(&self) -> &'static RoundingEntry {
        &ENTRY
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        vec![("base", self.base.to_string()), ("cells", self.cells.to_owned())]
    }

    fn base(&self) -> Option<i64> {
        None
    }

    fn notice(&self) -> String {
        format!(
            "No figure is from 1 to {}: small numbers were rounded to 0 or {}, and all totals added up from them.",
            self.base - 1,
            self.base
        )
    }

    fn round(&self, work: &Work) -> Result<Protection, RoundError> {
        if work.system.measures.iter().any(|m| *m != Measure::Records) {
            let message = "the method small-count rounds numbers of records, and a table holds something else";
            return Err(RoundError::new(message, "leave that table out, or use another method for all"));
        }
        let groups = work.groups.ok_or_else(|| {
            RoundError::new(
                "the method small-count needs the records",
                "use it with `tabsafe release` or `tabsafe protect`",
            )
        })?;
        let inner = Inner::new(work.system, groups);
        let found = search::rounded(&inner, self.base, self.cells == "all");
        let mut treatments = vec![Treatment::Hide; work.system.cells.len()];
        for (published, &error) in inner.published.iter().zip(&found.errors) {
            let value = work.system.value(published.cell);
            let by = value.saturating_add(error);
            treatments[published.cell] = common::replace(value, by, &self.allowed(by, Some(published.finest)));
        }
        let rounded = protection(work.system, ENTRY.page, treatments);
        Ok(Protection { bound: found.bound.min(rounded.loss), ..rounded })
    }

    fn allows(&self, shown: i64, finest: Option<u64>, unit: i64) -> Vec<Interval> {
        if unit == 1 { self.allowed(shown, finest) } else { Vec::new() }
    }
}

impl SmallCount {
    /// The counts behind a published one that is the sum of so many finest cells. Each of them that is shown as 0 or as the
    /// base may have moved by up to base - 1.
    fn allowed(&self, shown: i64, finest: Option<u64>) -> Vec<Interval> {
        let near = self.base - 1;
        if shown < 0 || (shown > 0 && shown < self.base) {
            return Vec::new();
        }
        let finest = finest.map(|n| i64::try_from(n).unwrap_or(i64::MAX));
        let lo = shown.saturating_sub(self.most_up(shown, finest.unwrap_or(i64::MAX)).saturating_mul(near));
        // something that is shown is shown of one of them at least
        let hi = finest.map(|n| shown.saturating_add((n - i64::from(shown > 0)).saturating_mul(near)));
        vec![Interval { lo: Some(lo), hi }]
    }

    /// How many of the finest cells behind a published figure may have gone up. What they leave of it is in one that has not:
    /// that is at least the base, or, where only those are rounded that are needed, one that no published figure shows alone.
    fn most_up(&self, shown: i64, finest: i64) -> i64 {
        let (times, left) = (shown / self.base, shown % self.base);
        let stays_small = self.cells == "needed" && finest > 1;
        match left {
            0 if times <= finest => times,
            0 => finest - 1,
            _ if stays_small => times.min(finest - 1),
            _ => (times - 1).min(finest - 1),
        }
    }
}

#[cfg(test)]
mod tests;
