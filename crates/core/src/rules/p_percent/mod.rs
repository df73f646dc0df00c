#![doc = include_str!("manual.md")]

use super::magnitude::{Estimate, coalition};
use super::{Allowed, Breach, Needs, Parameter, Percent, Rule, RuleEntry, Tightens, Values, no_sums};
use crate::diag::Fault;
use crate::model::{CellId, System};

/// The entry in the registry.
pub(super) const ENTRY: RuleEntry = RuleEntry {
    name: "p-percent",
    title: "p%-rule",
    summary: "A sum is unsafe when contributors can estimate another one's share to within p percent.",
    parameters: &[
        Parameter {
            name: "p",
            meaning: "how close an estimate may not come to the largest contribution, in percent of it",
            allowed: Allowed::Percent { min: 1, max: 1000 },
            default: None,
        },
        Parameter {
            name: "coalition",
            meaning: "how many contributors join to estimate the largest one",
            allowed: Allowed::Whole { min: 1, max: 100 },
            default: Some("1"),
        },
    ],
    tightens: &[("p", Tightens::Up), ("coalition", Tightens::Up)],
    manual: include_str!("manual.md"),
    parse,
};

/// The rule with its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct PPercent(Estimate);

fn parse(values: &Values) -> Result<Box<dyn Rule>, Fault> {
    // Before publication nobody is thought to know more than that contributions are not negative.
    let (p, q) = (values.percent("p")?, Percent::HUNDRED);
    Ok(Box::new(PPercent(Estimate { p, q, coalition: coalition(values)? })))
}

impl Rule for PPercent {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        vec![("p", self.0.p.to_string()), ("coalition", self.0.coalition.to_string())]
    }

    fn needs(&self) -> Needs {
        self.0.needs()
    }

    fn betrays(&self) -> Option<String> {
        Some(self.0.betrays())
    }

    fn idle(&self, system: &System) -> Option<String> {
        no_sums(system)
    }

    fn check(&self, system: &System, cell: CellId) -> Vec<Breach> {
        self.0.check(system, cell)
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Measure;
    use crate::rules::fixture::{cell, levels, says, sum_cell, with_cell};
    use crate::rules::{Needs, parse_rule};

    /// The manual's examples.
    #[test]
    fn worked_examples() {
        // The rest is 8 000, 15.4 % of 52 000.
        let system = sum_cell(110_000, Some((5, &[52_000, 50_000])));
        assert_eq!(levels("p-percent(10)", &system), None);
        assert_eq!(levels("p-percent(15.4)", &system), Some((8, 8)));
        // The rest is 1 000; the largest could be put at 51 000 at most, 2 % too high.
        let system = sum_cell(100_000, Some((3, &[50_000, 49_000])));
        assert_eq!(levels("p-percent(10)", &system), Some((4000, 4000)));
        assert_eq!(levels("p-percent(2)", &system), None);
        // 30 - 20 = 10 are left of 330 - 300.
        assert_eq!(levels("p-percent(10)", &sum_cell(330, Some((3, &[300, 20, 10])))), Some((20, 20)));
    }

    /// With a level of the rule and two attackers, three contributions are looked at.
    #[test]
    fn coalition() {
        let system = sum_cell(1000, Some((6, &[400, 300, 270, 30])));
        assert_eq!(levels("p-percent(10)", &system), None);
        assert_eq!(levels("p-percent(10,coalition=2)", &system), Some((10, 10)));
        assert_eq!(
            says("p-percent(10,coalition=2)", &system).map(|s| s.1).as_deref(),
            Some("2 contributors together could estimate the largest contribution too closely")
        );
        let needs = |text| parse_rule(text).expect("a rule").needs();
        assert_eq!(needs("p-percent(10)"), Needs { persons: false, contributions: 2 });
        assert_eq!(needs("p-percent(10,coalition=2)"), Needs { persons: false, contributions: 3 });
    }

    /// One and two contributors are always unsafe; levels are rounded up and at least 1.
    #[test]
    fn few_contributors() {
        assert_eq!(levels("p-percent(10)", &sum_cell(333, Some((1, &[333])))), Some((34, 34)));
        assert_eq!(levels("p-percent(10)", &sum_cell(2, Some((2, &[1, 1])))), Some((1, 1)));
        assert_eq!(levels("p-percent(300)", &sum_cell(10, Some((1, &[10])))), Some((10, 30)));
    }

    /// A (2,k) rule with k = 100·100/(100+p) is at least as strict.
    #[test]
    fn dominance_is_stricter() {
        for (first, second) in
            [(52_000, 50_000), (60_000, 41_000), (90_000, 12_000), (40_000, 40_000), (70_000, 33_000)]
        {
            let system = sum_cell(110_000, Some((9, &[first, second])));
            let by_p = levels("p-percent(10)", &system).is_some();
            let by_k = levels("dominance(2,90.9)", &system).is_some();
            assert!(!by_p || by_k, "{first} {second}");
        }
    }

    /// Negative and unknown contributions fail closed; counts and empty cells are not its business.
    #[test]
    fn outside_the_formula() {
        let rule = "p-percent(10)";
        assert_eq!(levels(rule, &sum_cell(-100, Some((1, &[-100])))), Some((10, 10)));
        assert_eq!(levels(rule, &sum_cell(10, Some((3, &[100, -40])))), Some((10, 10)));
        assert_eq!(levels(rule, &sum_cell(100, None)), Some((10, 10)));
        assert_eq!(levels(rule, &sum_cell(0, None)), None);
        assert_eq!(levels(rule, &sum_cell(0, Some((0, &[])))), None);
        assert_eq!(levels(rule, &with_cell(Measure::Records, cell(1))), None);
    }

    /// The largest sums that fit do not overflow.
    #[test]
    fn large_numbers() {
        let system = sum_cell(i64::MAX, Some((1, &[i64::MAX])));
        assert_eq!(levels("p-percent(1000)", &system), Some((i64::MAX, i64::MAX)));
    }
}
