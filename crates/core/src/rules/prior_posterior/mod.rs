#![doc = include_str!("manual.md")]

use super::magnitude::{Estimate, coalition};
use super::{Allowed, Breach, Needs, Parameter, Percent, Rule, RuleEntry, Tightens, Values, no_sums};
use crate::diag::Fault;
use crate::model::{CellId, System};

/// The entry in the registry.
pub(super) const ENTRY: RuleEntry = RuleEntry {
    name: "prior-posterior",
    title: "(p,q)-rule (prior-posterior)",
    summary: "A sum is unsafe when it brings estimates to within p percent that were within q percent before.",
    parameters: &[
        Parameter {
            name: "p",
            meaning: "how close an estimate may not come to the largest contribution, in percent of it",
            allowed: Allowed::Percent { min: 1, max: 99 },
            default: None,
        },
        Parameter {
            name: "q",
            meaning: "how close everybody can estimate every contribution beforehand, in percent",
            allowed: Allowed::Percent { min: 2, max: 100 },
            default: None,
        },
        Parameter {
            name: "coalition",
            meaning: "how many contributors join to estimate the largest one",
            allowed: Allowed::Whole { min: 1, max: 100 },
            default: Some("1"),
        },
    ],
    tightens: &[("p", Tightens::Up), ("q", Tightens::Down), ("coalition", Tightens::Up)],
    manual: include_str!("manual.md"),
    parse,
};

/// The rule with its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct PriorPosterior(Estimate);

fn parse(values: &Values) -> Result<Box<dyn Rule>, Fault> {
    let (p, q): (Percent, Percent) = (values.percent("p")?, values.percent("q")?);
    if p >= q {
        let what = format!(
            "`p` of `{}` can't be `{p}` with `q` = {q}: the estimates are no closer than they were",
            ENTRY.name
        );
        return Err(Fault::new(what).help(format!("allowed: `p` below {q}")));
    }
    Ok(Box::new(PriorPosterior(Estimate { p, q, coalition: coalition(values)? })))
}

impl Rule for PriorPosterior {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        let Estimate { p, q, coalition } = self.0;
        vec![("p", p.to_string()), ("q", q.to_string()), ("coalition", coalition.to_string())]
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
    use crate::rules::fixture::{levels, sum_cell};
    use crate::rules::parse_rule;

    /// The manual's example: unsafe with q = 50, safe with q = 100.
    #[test]
    fn worked_example() {
        let system = sum_cell(110_000, Some((5, &[52_000, 50_000])));
        assert_eq!(levels("prior-posterior(10,50)", &system), Some((2400, 2400)));
        assert_eq!(levels("prior-posterior(10,100)", &system), None);
    }

    /// It is the p%-rule with 100 p / q percent.
    #[test]
    fn as_p_percent() {
        for (value, largest) in [(110_000, [52_000, 50_000]), (330, [300, 20]), (1000, [400, 300]), (333, [333, 0])] {
            let system = sum_cell(value, Some((9, &largest)));
            for (pq, p) in [("prior-posterior(10,50)", "p-percent(20)"), ("prior-posterior(15,60)", "p-percent(25)")] {
                assert_eq!(levels(pq, &system), levels(p, &system), "{pq} {value}");
            }
        }
    }

    /// Estimates that are no closer afterwards than before make no rule.
    #[test]
    fn p_below_q() {
        let told = |text| parse_rule(text).map_or_else(|error| error.to_string(), |_| String::new());
        assert_eq!(
            told("prior-posterior(50,50)"),
            "`p` of `prior-posterior` can't be `50` with `q` = 50: the estimates are no closer than they were (allowed: `p` below 50)"
        );
    }
}
