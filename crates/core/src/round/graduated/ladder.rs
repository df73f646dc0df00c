//! Which base belongs to which values.

use crate::diag::Fault;
use crate::model::Interval;

use super::super::common::LARGEST;

/// Steps from the smallest values up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ladder {
    steps: Vec<Step>,
    last: Last,
}

/// Values below `below`, and not below the step before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    below: i64,
    /// The base; none where the values are not shown but by a sign.
    base: Option<i64>,
}

/// What holds for the largest values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Last {
    Base(i64),
    /// So many digits are kept.
    Digits(u32),
}

/// What is done with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rung {
    /// It goes to a multiple of this.
    Base(i64),
    /// A sign stands in its place, as for all values within these bounds.
    Sign(Interval),
}

impl Ladder {
    fn new(steps: &[(i64, Option<i64>)], last: Last) -> Ladder {
        Ladder { steps: steps.iter().map(|&(below, base)| Step { below, base }).collect(), last }
    }

    /// Graduated random rounding of Stats NZ.
    pub fn stats_nz() -> Ladder {
        Ladder::new(&[(19, Some(3)), (20, Some(2)), (100, Some(5)), (1000, Some(10))], Last::Base(100))
    }

    /// The Disclosure Review Board of the US Census Bureau: below 15 a sign ("N<15"), from a million up four digits.
    pub fn census_drb() -> Ladder {
        let steps = [
            (15, None),
            (100, Some(10)),
            (1000, Some(50)),
            (10_000, Some(100)),
            (100_000, Some(500)),
            (1_000_000, Some(1000)),
        ];
        Ladder::new(&steps, Last::Digits(4))
    }

    /// Steps as a policy writes them: `sign<15 10<100 50`, the last without an end.
    pub fn parse(text: &str) -> Result<Ladder, Fault> {
        let refused = |what: String| {
            Fault::new(format!("`steps` can't be `{text}`: {what}")).help(
                "write `stats-nz`, `census-drb`, or BASE<END for each step and a last BASE, such as `3<20 5<100 10`",
            )
        };
        let base = |word: &str| {
            let fits = word.parse().ok().filter(|b| (1..=LARGEST).contains(b));
            fits.ok_or_else(|| refused(format!("`{word}` is no base from 1 to {LARGEST}")))
        };
        let mut words: Vec<&str> = text.split_whitespace().collect();
        let last = words.pop().ok_or_else(|| refused("it is blank".to_owned()))?;
        let mut steps: Vec<Step> = Vec::new();
        for word in words {
            let (step, end) = word.split_once('<').ok_or_else(|| refused(format!("`{word}` has no end")))?;
            let below = base(end)?;
            if steps.last().is_some_and(|before| before.below >= below) {
                return Err(refused(format!("the end {below} is not above the one before")));
            }
            let sign = step == "sign" && steps.is_empty();
            steps.push(Step { below, base: if sign { None } else { Some(base(step)?) } });
        }
        Ok(Ladder { steps, last: Last::Base(base(last)?) })
    }

    /// What is done with a value; `unit` is what one whole is.
    pub fn rung(&self, value: i64, unit: i64) -> Rung {
        let step = self.steps.iter().find(|s| value < s.below.saturating_mul(unit));
        match step.map(|s| s.base) {
            Some(Some(base)) => Rung::Base(base.saturating_mul(unit)),
            Some(None) => Rung::Sign(self.sign(unit).unwrap_or(Interval::exactly(value))),
            None => Rung::Base(match self.last {
                Last::Base(base) => base.saturating_mul(unit),
                Last::Digits(digits) => digits_base(value, digits).max(unit),
            }),
        }
    }

    /// The values for which a sign stands, if there are any.
    pub fn sign(&self, unit: i64) -> Option<Interval> {
        let first = self.steps.first().filter(|s| s.base.is_none())?;
        Some(Interval::new(0, first.below.saturating_mul(unit) - 1))
    }

    /// The values of each step with their base, those with a sign left out.
    pub fn classes(&self, unit: i64) -> Vec<(Interval, i64)> {
        let mut from = 0i64;
        let mut classes = Vec::new();
        for step in &self.steps {
            let below = step.below.saturating_mul(unit);
            classes.extend(step.base.map(|base| (Interval::new(from, below - 1), base.saturating_mul(unit))));
            from = below;
        }
        match self.last {
            Last::Base(base) => classes.push((Interval::new(from, i64::MAX), base.saturating_mul(unit))),
            Last::Digits(digits) => {
                // one class for each number of digits
                while from < i64::MAX {
                    let base = digits_base(from, digits);
                    let below = base.saturating_mul(10i64.saturating_pow(digits));
                    classes.push((Interval::new(from, below.saturating_sub(1)), base.max(unit)));
                    from = below;
                }
            }
        }
        classes
    }

    /// "to 3 below 19, to 2 below 20, to 100 from there".
    pub fn words(&self) -> String {
        let step = |s: &Step| match s.base {
            Some(base) => format!("to {base} below {}", s.below),
            None => format!("a sign below {}", s.below),
        };
        let last = match self.last {
            Last::Base(base) => format!("to {base} from there"),
            Last::Digits(digits) => format!("to {digits} digits from there"),
        };
        self.steps.iter().map(step).chain([last]).collect::<Vec<_>>().join(", ")
    }
}

/// The base that keeps so many digits of a value.
fn digits_base(value: i64, digits: u32) -> i64 {
    let written = value.unsigned_abs().checked_ilog10().unwrap_or(0) + 1;
    10i64.saturating_pow(written.saturating_sub(digits))
}
