#![doc = include_str!("manual.md")]

use super::common::{self, TIES};
use super::{RoundError, Rounding, RoundingEntry, Work};
use crate::diag::Fault;
use crate::model::{Interval, Protection, Treatment};
use crate::parameter::{Allowed, Parameter, Values};

/// The entry in the registry.
pub(super) const ENTRY: RoundingEntry = RoundingEntry {
    name: "label-bands",
    page: "label-bands",
    summary: "Shows every small value by one number or sign (1 to 7 as 5, or as \"fewer than 8\") and may round the others.",
    parameters: &[
        Parameter {
            name: "hi",
            meaning: "the largest value of the band",
            allowed: Allowed::Whole { min: 1, max: common::LARGEST },
            default: None,
        },
        Parameter {
            name: "lo",
            meaning: "the smallest value of the band",
            allowed: Allowed::Whole { min: 0, max: common::LARGEST },
            default: Some("1"),
        },
        Parameter {
            name: "shown",
            meaning: "what stands in place of the values of the band",
            allowed: Allowed::Text("a whole number, or `sign` for the policy's sign of a withheld figure"),
            default: Some("sign"),
        },
        Parameter {
            name: "base",
            meaning: "all other values become the nearest multiple of it; 1 leaves them as they are",
            allowed: Allowed::Whole { min: 1, max: common::LARGEST },
            default: Some("1"),
        },
        TIES,
    ],
    manual: include_str!("manual.md"),
    parse,
};

/// The method with its parameters.
#[derive(Clone, Copy, Debug)]
struct LabelBands {
    lo: i64,
    hi: i64,
    /// The number that is shown for the band; none for a sign.
    shown: Option<i64>,
    base: i64,
    ties: &'static str,
}

fn parse(values: &Values) -> Result<Box<dyn Rounding>, Fault> {
    let (lo, hi) = (values.whole("lo")?, values.whole("hi")?);
    if lo >= hi {
        return Err(Fault::new(format!("`lo` of `label-bands` can't be `{lo}`")).help(format!("allowed: below {hi}")));
    }
    let shown = match values.text("shown")?.trim() {
        "sign" => None,
        number => Some(number.parse().ok().filter(|n| *n >= 0).ok_or_else(|| {
            Fault::new(format!("`shown` of `label-bands` can't be `{number}`"))
                .help("allowed: a whole number, or `sign`; what the sign looks like is said by `withheld` in [markers]")
        })?),
    };
    Ok(Box::new(LabelBands { lo, hi, shown, base: values.whole("base")?, ties: values.word("ties")? }))
}

impl LabelBands {
    /// The values of the band: above `lo - 1` and up to `hi`, for those with decimals as well.
    fn band(&self, unit: i64) -> Interval {
        let lo = (self.lo - 1).saturating_mul(unit).saturating_add(1);
        common::not_negative(lo, self.hi.saturating_mul(unit))
    }
}

impl Rounding for LabelBands {
    fn entry(&self) -> &'static RoundingEntry {
        &ENTRY
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        vec![
            ("hi", self.hi.to_string()),
            ("lo", self.lo.to_string()),
            ("shown", self.shown.map_or("sign".to_owned(), |n| n.to_string())),
            ("base", self.base.to_string()),
            ("ties", self.ties.to_owned()),
        ]
    }

    fn base(&self) -> Option<i64> {
        (self.base > 1 && self.shown.is_none_or(|n| n % self.base == 0)).then_some(self.base)
    }

    fn sign(&self) -> Option<(i64, i64)> {
        self.shown.is_none().then_some((self.lo, self.hi))
    }

    fn notice(&self) -> String {
        let (lo, hi) = (self.lo, self.hi);
        let band = match self.shown {
            Some(number) => format!("Figures from {lo} to {hi} are shown as {number}"),
            None => format!("Figures from {lo} to {hi} are shown by a sign"),
        };
        match self.base {
            1 => format!("{band}."),
            base => format!(
                "{band}, all others are rounded to a multiple of {base}; parts need not add up to their totals."
            ),
        }
    }

    fn round(&self, work: &Work) -> Result<Protection, RoundError> {
        Ok(common::each(work, ENTRY.page, |_, value, unit| {
            let within = self.band(unit);
            let by = match (within.contains(value), self.shown, self.base) {
                (true, None, _) => return Treatment::Band { within },
                (true, Some(number), _) => number.saturating_mul(unit),
                // a figure that would be taken for the one of the band is no true value either
                (false, shown, 1) if shown.map(|n| n.saturating_mul(unit)) != Some(value) => return Treatment::Publish,
                (false, _, base) => common::nearest(value, base.saturating_mul(unit), self.ties),
            };
            common::replace(value, by, &self.allows(by, None, unit))
        }))
    }

    fn allows(&self, shown: i64, _: Option<u64>, unit: i64) -> Vec<Interval> {
        let band = self.band(unit);
        let (lo, hi) = (band.lo.unwrap_or(0), band.hi.unwrap_or(0));
        let mut allowed = Vec::new();
        if self.shown.map(|n| n.saturating_mul(unit)) == Some(shown) {
            allowed.push(band);
        }
        let base = if self.base == 1 { 1 } else { self.base.saturating_mul(unit) };
        let near = if base == 1 { Some(Interval::exactly(shown)) } else { common::nearest_to(shown, base, self.ties) };
        if let Some(near) = near {
            // the others are those below the band and those above it
            allowed.push(near.meet(Interval::new(0, lo - 1)));
            allowed.push(near.meet(Interval::at_least(hi + 1)));
        }
        common::joined(allowed)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Grid, preimages_hold, treated};
    use super::super::parse_rounding;
    use crate::model::{Interval, Treatment};

    /// 1 to 7 are shown as 5 and the others to the nearest 5: a published 5 tells 1 to 7, a published 10 tells 8 to 12.
    #[test]
    fn one_to_seven_as_five() {
        let expect = [(0, 0, 0), (5, 1, 7), (5, 1, 7), (10, 8, 12), (15, 13, 17)];
        assert_eq!(treated("label-bands(hi=7,shown=5,base=5)", &[0, 1, 7, 8, 13]), expect);
        preimages_hold("label-bands(hi=7,shown=5,base=5)", 60);
        preimages_hold("label-bands(hi=5,shown=5,base=5)", 60);
        preimages_hold("label-bands(hi=4,lo=2,shown=3,base=10,ties=even)", 60);
    }

    /// "Fewer than 5" by a sign; true figures beside it.
    #[test]
    fn by_a_sign() {
        let grid = Grid::new(&[4], &[0, 1, 4, 5]);
        let rounded = grid.rounded("label-bands(4)").expect("rounds");
        let band = Treatment::Band { within: Interval::new(1, 4) };
        assert_eq!(rounded.treatments, [Treatment::Publish, band, band, Treatment::Publish, Treatment::Publish]);
    }

    /// A band must hold two values, and what is shown must be a number or the sign.
    #[test]
    fn refusals() {
        let told = |text: &str| parse_rounding(text).map_or_else(|f| f.message, |_| String::new());
        assert_eq!(told("label-bands(hi=1)"), "`lo` of `label-bands` can't be `1`");
        assert_eq!(told("label-bands(hi=4,shown=few)"), "`shown` of `label-bands` can't be `few`");
    }
}
