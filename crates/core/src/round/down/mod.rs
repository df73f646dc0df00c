#![doc = include_str!("manual.md")]

use super::common::{self, BASE};
use super::{RoundError, Rounding, RoundingEntry, Work};
use crate::diag::Fault;
use crate::model::{Interval, Protection};
use crate::parameter::Values;

/// The entry in the registry.
pub(super) const ENTRY: RoundingEntry = RoundingEntry {
    name: "down",
    page: "down-rounding",
    summary: "Rounds every value down to a multiple of a base.",
    parameters: &[BASE],
    manual: include_str!("manual.md"),
    parse,
};

/// The method with its parameters.
#[derive(Clone, Copy, Debug)]
struct Down {
    base: i64,
}

fn parse(values: &Values) -> Result<Box<dyn Rounding>, Fault> {
    Ok(Box::new(Down { base: values.whole("base")? }))
}

impl Rounding for Down {
    fn entry(&self) -> &'static RoundingEntry {
        &ENTRY
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        vec![("base", self.base.to_string())]
    }

    fn base(&self) -> Option<i64> {
        Some(self.base)
    }

    fn notice(&self) -> String {
        format!("Figures are rounded down to a multiple of {}; parts need not add up to their totals.", self.base)
    }

    fn round(&self, work: &Work) -> Result<Protection, RoundError> {
        Ok(common::each(work, ENTRY.page, |_, value, unit| {
            let by = common::floor(value, self.base.saturating_mul(unit));
            common::replace(value, by, &self.allows(by, None, unit))
        }))
    }

    fn allows(&self, shown: i64, _: Option<u64>, unit: i64) -> Vec<Interval> {
        let base = self.base.saturating_mul(unit);
        let multiple = shown.rem_euclid(base) == 0;
        multiple.then(|| common::not_negative(shown, shown.saturating_add(base - 1))).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{preimages_hold, treated};

    /// The manual's example, and what each figure stands for.
    #[test]
    fn worked_example() {
        let expect = [(0, 0, 4), (0, 0, 4), (5, 5, 9), (10, 10, 14)];
        assert_eq!(treated("down(5)", &[0, 4, 5, 14]), expect);
        preimages_hold("down(7)", 100);
    }
}
