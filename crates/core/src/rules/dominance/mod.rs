#![doc = include_str!("manual.md")]

use super::magnitude::{Known, ceiling, contributions, levels};
use super::{Allowed, Breach, Needs, Parameter, Percent, Rule, RuleEntry, Tightens, Values, no_sums, worked_out};
use crate::diag::Fault;
use crate::model::{CellId, System};

/// The entry in the registry.
pub(super) const ENTRY: RuleEntry = RuleEntry {
    name: "dominance",
    title: "(n,k)-dominance rule",
    summary: "A sum is unsafe when its n largest contributors make up more than k percent of it.",
    parameters: &[
        Parameter {
            name: "n",
            meaning: "how many of the largest contributors are added up",
            allowed: Allowed::Whole { min: 1, max: 100 },
            default: None,
        },
        Parameter {
            name: "k",
            meaning: "the share of the sum, in percent, above which the largest contributors are too large",
            allowed: Allowed::Percent { min: 1, max: 100 },
            default: None,
        },
    ],
    tightens: &[("n", Tightens::Up), ("k", Tightens::Down)],
    manual: include_str!("manual.md"),
    parse,
};

/// The rule with its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Dominance {
    n: usize,
    k: Percent,
}

fn parse(values: &Values) -> Result<Box<dyn Rule>, Fault> {
    let k = values.percent("k")?;
    if k >= Percent::HUNDRED {
        return Err(
            Fault::new("`k` of `dominance` can't be `100`: no cell would ever be unsafe").help("allowed: below 100")
        );
    }
    let n = usize::try_from(values.whole("n")?).unwrap_or(usize::MAX);
    Ok(Box::new(Dominance { n, k }))
}

impl Rule for Dominance {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        vec![("n", self.n.to_string()), ("k", self.k.to_string())]
    }

    fn needs(&self) -> Needs {
        Needs { persons: false, contributions: self.n }
    }

    fn betrays(&self) -> Option<String> {
        let whose = if self.n == 1 { "the largest contribution".to_owned() } else { format!("the {} largest", self.n) };
        let times = 100.0 / self.k.to_string().parse::<f64>().unwrap_or(100.0);
        let k = self.k;
        Some(format!("who knows {whose} knows that a withheld sum is below {times:.2} times as much (100 / {k})"))
    }

    fn idle(&self, system: &System) -> Option<String> {
        no_sums(system)
    }

    fn check(&self, system: &System, cell: CellId) -> Vec<Breach> {
        let value = system.cells[cell].value;
        let (upper, reason) = match contributions(system, cell, self.n) {
            None => return Vec::new(),
            Some(Known::Largest(largest)) => {
                let upper = self.level(top(largest, self.n), i128::from(value));
                if upper <= 0 {
                    return Vec::new();
                }
                (upper, self.dominated())
            }
            Some(Known::Negative(largest)) => {
                let absolute = largest.iter().take(self.n).map(|&x| i128::from(x).abs()).sum();
                (
                    self.level(absolute, absolute),
                    "some contributions are negative, so shares of the sum have no meaning".to_owned(),
                )
            }
            Some(Known::Nothing) => {
                let worst = i128::from(value).abs();
                (
                    self.level(worst, worst),
                    "the contributions to the sum are not known, so some may dominate it".to_owned(),
                )
            }
        };
        vec![Breach::unsafe_for(reason + worked_out(system, cell), levels(value, upper))]
    }
}

impl Dominance {
    /// `100/k · top − sum`, rounded up: above 0 exactly when `top` is more than `k` percent of `sum`.
    fn level(&self, top: i128, sum: i128) -> i128 {
        let k = self.k.millionths();
        ceiling(Percent::HUNDRED.millionths() * top - k * sum, k)
    }

    /// The reason; it does not tell the shares.
    fn dominated(&self) -> String {
        match self.n {
            1 => "the largest contributor makes up more than the allowed share of the sum".to_owned(),
            n => format!("the {n} largest contributors make up more than the allowed share of the sum"),
        }
    }
}

/// The sum of the `n` largest contributions.
fn top(largest: &[i64], n: usize) -> i128 {
    largest.iter().take(n).map(|&x| i128::from(x)).sum()
}

#[cfg(test)]
mod tests {
    use crate::model::Measure;
    use crate::rules::fixture::{cell, levels, says, sum_cell, with_cell};
    use crate::rules::{Needs, parse_rule};

    /// The manual's examples.
    #[test]
    fn worked_examples() {
        // (1,90) is content although the second largest contributor can estimate the largest within 2 %.
        let two_equal = sum_cell(100_000, Some((3, &[50_000, 49_000])));
        assert_eq!(levels("dominance(1,90)", &two_equal), None);
        // 102 000 of 110 000 are 92.7 %.
        let two_large = sum_cell(110_000, Some((5, &[52_000, 50_000])));
        assert_eq!(levels("dominance(2,90.9)", &two_large), Some((2212, 2212)));
        assert_eq!(levels("dominance(2,93)", &two_large), None);
        // The upper bound must be at least 300 / 0.85 = 352.94.
        let one_large = sum_cell(330, Some((3, &[300, 20, 10])));
        assert_eq!(levels("dominance(1,85)", &one_large), Some((23, 23)));
    }

    /// Exactly k percent is safe, a millionth more is not.
    #[test]
    fn strictly_more() {
        let system = sum_cell(100, Some((2, &[85, 15])));
        assert_eq!(levels("dominance(1,85)", &system), None);
        assert_eq!(levels("dominance(1,84.999999)", &system), Some((1, 1)));
    }

    /// The level is never below the formula's, and one less would be.
    #[test]
    fn rounded_up() {
        for (value, first) in [(330, 300), (1000, 999), (7, 7), (101, 91)] {
            let (_, upper) = levels("dominance(1,85)", &sum_cell(value, Some((9, &[first])))).expect("unsafe");
            assert!((value + upper) * 85 >= first * 100, "{value}");
            assert!((value + upper - 1) * 85 < first * 100, "{value}");
        }
    }

    /// A single contributor with a small k: the lower level ends at 0.
    #[test]
    fn lower_level_ends_at_zero() {
        assert_eq!(levels("dominance(1,25)", &sum_cell(100, Some((1, &[100])))), Some((100, 300)));
    }

    /// The largest sums that fit do not overflow.
    #[test]
    fn large_numbers() {
        let system = sum_cell(i64::MAX, Some((2, &[i64::MAX - 1, 1])));
        assert_eq!(levels("dominance(1,1)", &system), Some((i64::MAX, i64::MAX)));
    }

    /// Negative and unknown contributions fail closed; counts and empty cells are not its business.
    #[test]
    fn outside_the_formula() {
        let rule = "dominance(1,80)";
        assert_eq!(levels(rule, &sum_cell(-100, Some((1, &[-100])))), Some((25, 25)));
        assert_eq!(levels(rule, &sum_cell(10, Some((2, &[100, -90])))), Some((10, 25)));
        assert_eq!(levels(rule, &sum_cell(100, None)), Some((25, 25)));
        assert_eq!(levels(rule, &sum_cell(0, None)), None);
        assert_eq!(levels(rule, &sum_cell(0, Some((0, &[])))), None);
        assert_eq!(levels(rule, &sum_cell(0, Some((2, &[0, 0])))), None);
        assert_eq!(levels(rule, &with_cell(Measure::Records, cell(1))), None);
    }

    /// Reasons name no share.
    #[test]
    fn reasons() {
        let system = sum_cell(110_000, Some((5, &[102_000, 5_000])));
        assert_eq!(
            says("dominance(2,85)", &system).map(|s| s.1).as_deref(),
            Some("the 2 largest contributors make up more than the allowed share of the sum")
        );
        assert_eq!(
            says("dominance(1,85)", &system).map(|s| s.1).as_deref(),
            Some("the largest contributor makes up more than the allowed share of the sum")
        );
        assert_eq!(parse_rule("dominance(2,85)").expect("a rule").needs(), Needs { persons: false, contributions: 2 });
    }
}
