#![doc = include_str!("manual.md")]

use super::{Allowed, Breach, Needs, Parameter, Rule, RuleEntry, Tightens, Values, no_counts};
use crate::diag::Fault;
use crate::model::{CellId, Exposure, Harm, Measure, System};

/// The entry in the registry.
pub(super) const ENTRY: RuleEntry = RuleEntry {
    name: "differencing",
    title: "Differencing distance",
    summary: "What published counts differ by is unsafe when fewer than a minimum are in the difference.",
    parameters: &[
        Parameter {
            name: "minimum",
            meaning: "the smallest difference that may follow from published counts; 10 makes 1 to 9 unsafe",
            allowed: Allowed::Whole { min: 2, max: 1_000_000_000 },
            default: None,
        },
        Parameter {
            name: "on",
            meaning: "what is counted",
            allowed: Allowed::Words(&["records", "persons"]),
            default: Some("records"),
        },
    ],
    tightens: &[("minimum", Tightens::Up), ("on", Tightens::Order(&["records", "persons"]))],
    manual: include_str!("manual.md"),
    parse,
};

/// The rule with its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Differencing {
    minimum: i64,
    on: &'static str,
}

fn parse(values: &Values) -> Result<Box<dyn Rule>, Fault> {
    Ok(Box::new(Differencing { minimum: values.whole("minimum")?, on: values.word("on")? }))
}

impl Rule for Differencing {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        vec![("minimum", self.minimum.to_string()), ("on", self.on.to_owned())]
    }

    fn needs(&self) -> Needs {
        Needs { persons: self.on == "persons", contributions: 0 }
    }

    fn idle(&self, system: &System) -> Option<String> {
        let implied = system.cells.iter().any(|c| c.exposure == Exposure::Implied);
        no_counts(system)
            .or_else(|| (!implied).then(|| "no count follows from others without being printed".to_owned()))
    }

    fn check(&self, system: &System, cell: CellId) -> Vec<Breach> {
        let this = &system.cells[cell];
        let counted = !matches!(system.measures[this.measure], Measure::Sum { .. });
        if !counted || this.exposure != Exposure::Implied || this.value <= 0 {
            return Vec::new();
        }
        let limit = self.minimum;
        if this.value < limit {
            let reason =
                format!("a difference of {} follows from published counts, and that is fewer than {limit}", this.value);
            return vec![Breach::unsafe_for(reason, Harm::Small { lo: 1, hi: limit - 1 })];
        }
        let persons = this.persons.filter(|&n| self.on == "persons" && n < limit);
        let few = |n: i64| {
            let reason = format!(
                "a difference of {} follows from published counts, and it is about {n} persons, fewer than {limit}",
                this.value
            );
            Breach::unsafe_for(reason, Harm::FewPersons { values: limit - 1 })
        };
        persons.map(few).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{Cell, Exposure, Harm, Measure, System};
    use crate::rules::fixture::{cell, sum_cell, with_cell};
    use crate::rules::{apply, parse_rule};

    /// What the rule says about the only cell of a system.
    fn says(rule: &str, system: &System) -> Option<(Harm, String)> {
        let rule = parse_rule(rule).expect("a rule");
        apply(rule.as_ref(), "policy.toml:1", system).into_iter().next().map(|f| (f.harm, f.reason))
    }

    fn implied(value: i64, persons: Option<i64>) -> System {
        with_cell(Measure::Records, Cell { persons, exposure: Exposure::Implied, ..cell(value) })
    }

    /// The manual's example: a difference of 7 is unsafe, one of 10 or 0 is not; printed counts are not its business.
    #[test]
    fn worked_example() {
        let rule = "differencing(10)";
        assert_eq!(
            says(rule, &implied(7, None)),
            Some((
                Harm::Small { lo: 1, hi: 9 },
                "a difference of 7 follows from published counts, and that is fewer than 10".to_owned()
            ))
        );
        let safe = [implied(10, None), implied(0, None), with_cell(Measure::Records, cell(7)), sum_cell(7, None)];
        assert!(safe.iter().all(|system| says(rule, system).is_none()));
    }

    /// On persons, a large difference about few persons is unsafe as well.
    #[test]
    fn persons() {
        let few = says("differencing(10,on=persons)", &implied(12, Some(3))).map(|s| s.0);
        assert_eq!(few, Some(Harm::FewPersons { values: 9 }));
        assert_eq!(says("differencing(10)", &implied(12, Some(3))), None);
        assert_eq!(says("differencing(10,on=persons)", &implied(12, Some(10))), None);
    }

    /// Where nothing follows from what is printed, the rule says that it has nothing to do.
    #[test]
    fn idle() {
        let rule = parse_rule("differencing(10)").expect("a rule");
        assert!(rule.idle(&implied(12, None)).is_none());
        assert!(rule.idle(&with_cell(Measure::Records, cell(3))).is_some());
    }
}
