#![doc = include_str!("manual.md")]

use super::magnitude::{ceiling, levels};
use super::{Allowed, Breach, Needs, Parameter, Percent, Rule, RuleEntry, Tightens, Values, no_sums, worked_out};
use crate::diag::Fault;
use crate::model::{CellId, Measure, System};

/// The entry in the registry.
pub(super) const ENTRY: RuleEntry = RuleEntry {
    name: "request",
    title: "Request rule",
    summary: "A sum is unsafe when somebody who has asked for protection makes up a large share of it.",
    parameters: &[
        Parameter {
            name: "share",
            meaning: "the share of the sum, in percent, above which a contributor who has asked is protected",
            allowed: Allowed::Percent { min: 1, max: 100 },
            default: None,
        },
        Parameter {
            name: "contributors",
            meaning: "with fewer contributors than this, one who has asked is protected whatever the share; 0: by the share alone",
            allowed: Allowed::Whole { min: 0, max: 1_000_000_000 },
            default: Some("0"),
        },
        Parameter {
            name: "margin",
            meaning: "by how many percent of the sum it must stay uncertain",
            allowed: Allowed::Percent { min: 1, max: 1000 },
            default: Some("10"),
        },
    ],
    tightens: &[("share", Tightens::Down), ("contributors", Tightens::Up), ("margin", Tightens::Up)],
    manual: include_str!("manual.md"),
    parse,
};

/// The rule with its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Request {
    share: Percent,
    contributors: i64,
    margin: Percent,
}

fn parse(values: &Values) -> Result<Box<dyn Rule>, Fault> {
    let (share, margin) = (values.percent("share")?, values.percent("margin")?);
    Ok(Box::new(Request { share, contributors: values.whole("contributors")?, margin }))
}

impl Rule for Request {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn secret(&self) -> bool {
        // who knows the share of a contributor knows more of his amount where the sum is withheld
        true
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        vec![
            ("share", self.share.to_string()),
            ("contributors", self.contributors.to_string()),
            ("margin", self.margin.to_string()),
        ]
    }

    fn needs(&self) -> Needs {
        Needs { persons: false, contributions: 1 }
    }

    fn idle(&self, system: &System) -> Option<String> {
        let asked = system.cells.iter().any(|c| c.contributions.as_ref().is_some_and(|c| c.asked.is_some()));
        let nobody = || "nobody has asked for protection (`request` of [input] says who has)".to_owned();
        no_sums(system).or_else(|| (!asked).then(nobody))
    }

    fn check(&self, system: &System, cell: CellId) -> Vec<Breach> {
        let this = &system.cells[cell];
        let sum = matches!(system.measures[this.measure], Measure::Sum { .. });
        let Some(contributions) = this.contributions.as_ref().filter(|_| sum) else { return Vec::new() };
        let Some(asked) = contributions.asked else { return Vec::new() };
        let (share, hundred) = (self.share.millionths(), Percent::HUNDRED.millionths());
        let (asked, value) = (i128::from(asked).abs(), i128::from(this.value).abs());
        let large = asked * hundred > value * share;
        let reason = match (large, contributions.count < self.contributors) {
            (false, false) => return Vec::new(),
            (true, _) => "a contributor who has asked for protection makes up more than the allowed share of the sum",
            (false, true) => "a contributor who has asked for protection is one of too few behind the sum",
        };
        let upper = ceiling(value * self.margin.millionths(), hundred);
        vec![Breach::unsafe_for(reason.to_owned() + worked_out(system, cell), levels(this.value, upper))]
    }
}

#[cfg(test)]
mod tests {
    use crate::model::System;
    use crate::rules::fixture::{levels, says, sum_cell};
    use crate::rules::parse_rule;

    /// A sum of `value` with `count` contributors, of whom one has asked.
    fn asked(value: i64, count: i64, contribution: i64) -> System {
        let mut system = sum_cell(value, Some((count, &[value.min(800)])));
        system.cells[0].contributions.iter_mut().for_each(|c| c.asked = Some(contribution));
        system
    }

    /// The manual's example: 71 of 100 are more than 70 percent, 70 are not; the level is 10 percent of the sum.
    #[test]
    fn worked_example() {
        assert_eq!(levels("request(70)", &asked(1000, 5, 710)), Some((100, 100)));
        assert_eq!(levels("request(70)", &asked(1000, 5, 700)), None);
        assert_eq!(levels("request(70,margin=25)", &asked(1000, 5, 710)), Some((250, 250)));
        assert_eq!(
            says("request(70)", &asked(1000, 5, 710)).map(|s| s.1).as_deref(),
            Some("a contributor who has asked for protection makes up more than the allowed share of the sum")
        );
    }

    /// With few contributors the share does not matter.
    #[test]
    fn few_contributors() {
        assert_eq!(levels("request(70,contributors=3)", &asked(1000, 2, 10)), Some((100, 100)));
        assert_eq!(levels("request(70,contributors=3)", &asked(1000, 3, 10)), None);
    }

    /// Where nobody has asked, nothing is unsafe, and the rule says that it has nothing to do.
    #[test]
    fn nobody() {
        let system = sum_cell(1000, Some((1, &[1000])));
        assert_eq!(levels("request(70)", &system), None);
        let rule = parse_rule("request(70)").expect("a rule");
        assert!(rule.idle(&system).is_some_and(|why| why.starts_with("nobody has asked")));
        assert!(rule.idle(&asked(1000, 1, 1000)).is_none());
    }
}
