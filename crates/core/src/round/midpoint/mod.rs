#![doc = include_str!("manual.md")]

use super::common;
use super::{RoundError, Rounding, RoundingEntry, Work};
use crate::diag::Fault;
use crate::model::{Interval, Protection};
use crate::parameter::{Allowed, Parameter, Values};

/// The entry in the registry.
pub(super) const ENTRY: RoundingEntry = RoundingEntry {
    name: "midpoint",
    page: "midpoint-rounding",
    summary: "Replaces every value by the middle of the class of values it falls in; 0 stays 0.",
    parameters: &[Parameter {
        name: "base",
        meaning: "how many values share a figure",
        allowed: Allowed::Whole { min: 2, max: common::LARGEST },
        default: Some("6"),
    }],
    manual: include_str!("manual.md"),
    parse,
};

/// The method with its parameters.
#[derive(Clone, Copy, Debug)]
struct Midpoint {
    base: i64,
}

fn parse(values: &Values) -> Result<Box<dyn Rounding>, Fault> {
    Ok(Box::new(Midpoint { base: values.whole("base")? }))
}

impl Rounding for Midpoint {
    fn entry(&self) -> &'static RoundingEntry {
        &ENTRY
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        vec![("base", self.base.to_string())]
    }

    fn base(&self) -> Option<i64> {
        None
    }

    fn notice(&self) -> String {
        let (base, middle) = (self.base, self.base - self.base / 2);
        format!(
            "Figures are rounded: 1 to {base} are shown as {middle}, {} to {} as {}, and so on; parts need not add up to \
             their totals.",
            base + 1,
            2 * base,
            middle + base
        )
    }

    fn round(&self, work: &Work) -> Result<Protection, RoundError> {
        Ok(common::each(work, ENTRY.page, |_, value, unit| {
            let base = self.base.saturating_mul(unit);
            let by = if value == 0 { 0 } else { ceiling(value, base).saturating_sub(base / 2) };
            common::replace(value, by, &self.allows(by, None, unit))
        }))
    }

    fn allows(&self, shown: i64, _: Option<u64>, unit: i64) -> Vec<Interval> {
        let base = self.base.saturating_mul(unit);
        let top = shown.saturating_add(base / 2);
        match (shown, top.rem_euclid(base)) {
            (0, _) => vec![Interval::exactly(0)],
            (1.., 0) => vec![common::not_negative(top - base + 1, top)],
            _ => Vec::new(),
        }
    }
}

/// The smallest multiple of `base` that is not below `value`.
fn ceiling(value: i64, base: i64) -> i64 {
    common::floor(value.saturating_add(base - 1), base)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{preimages_hold, treated};

    /// The published map of midpoint-6: 0 stays, 1 to 6 are 3, 7 to 12 are 9, 13 to 18 are 15.
    #[test]
    fn worked_example() {
        let shown: Vec<i64> = treated("midpoint", &(0..19).collect::<Vec<_>>()).into_iter().map(|t| t.0).collect();
        assert_eq!(shown, [&[0][..], &[3; 6], &[9; 6], &[15; 6]].concat());
        assert_eq!(treated("midpoint(6)", &[0, 1, 12]), [(0, 0, 0), (3, 1, 6), (9, 7, 12)]);
        (2..9).for_each(|base| preimages_hold(&format!("midpoint({base})"), 60));
    }
}
