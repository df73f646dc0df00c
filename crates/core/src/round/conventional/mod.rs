#![doc = include_str!("manual.md")]

mod summed;

use super::common::{self, BASE, TIES};
use super::{RoundError, Rounding, RoundingEntry, Tie, Work};
use crate::diag::Fault;
use crate::model::{Interval, Protection};
use crate::parameter::{Allowed, Parameter, Values};

/// The entry in the registry.
pub(super) const ENTRY: RoundingEntry = RoundingEntry {
    name: "conventional",
    page: "conventional-rounding",
    summary: "Rounds every value to the nearest multiple of a base.",
    parameters: &[
        BASE,
        TIES,
        Parameter {
            name: "totals",
            meaning: "whether totals are rounded from their true values or summed from their rounded parts",
            allowed: Allowed::Words(&["truth", "summed"]),
            default: Some("truth"),
        },
    ],
    manual: include_str!("manual.md"),
    parse,
};

/// The method with its parameters.
#[derive(Clone, Copy, Debug)]
struct Conventional {
    base: i64,
    ties: &'static str,
    totals: &'static str,
}

fn parse(values: &Values) -> Result<Box<dyn Rounding>, Fault> {
    let method =
        Conventional { base: values.whole("base")?, ties: values.word("ties")?, totals: values.word("totals")? };
    Ok(Box::new(method))
}

impl Rounding for Conventional {
    fn entry(&self) -> &'static RoundingEntry {
        &ENTRY
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        vec![("base", self.base.to_string()), ("ties", self.ties.to_owned()), ("totals", self.totals.to_owned())]
    }

    fn base(&self) -> Option<i64> {
        Some(self.base)
    }

    fn notice(&self) -> String {
        let base = self.base;
        match self.totals {
            "summed" => format!("Figures are rounded to a multiple of {base}; totals are the sums of rounded figures."),
            _ => format!("Figures are rounded to a multiple of {base}; parts need not add up to their totals."),
        }
    }

    fn round(&self, work: &Work) -> Result<Protection, RoundError> {
        let protection = common::each(work, ENTRY.page, |_, value, unit| {
            let by = common::nearest(value, self.base.saturating_mul(unit), self.ties);
            common::replace(value, by, &self.allows(by, None, unit))
        });
        if self.totals == "summed" { summed::totals(work, protection) } else { Ok(protection) }
    }

    fn allows(&self, shown: i64, _: Option<u64>, unit: i64) -> Vec<Interval> {
        common::nearest_to(shown, self.base.saturating_mul(unit), self.ties).into_iter().collect()
    }

    fn allows_in(&self, shown: i64, tie: Tie, finest: Option<u64>, unit: i64) -> Vec<Interval> {
        match (tie, self.totals) {
            // the sum of what stands in place of its parts: what is known of it is what is known of them
            (Tie::Total, "summed") if shown.rem_euclid(self.base.saturating_mul(unit)) == 0 => {
                vec![Interval::at_least(0)]
            }
            _ => self.allows(shown, finest, unit),
        }
    }
}

#[cfg(test)]
mod tests;
