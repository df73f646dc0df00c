#![doc = include_str!("manual.md")]

use super::condition::{Condition, POPULATION, POPULATION_BELOW, WITHIN};
use super::magnitude::{ceiling, levels};
use super::{Allowed, Breach, Needs, Parameter, Percent, Rule, RuleEntry, Tightens, Values, no_sums, worked_out};
use crate::diag::Fault;
use crate::model::{Cell, CellId, Exposure, Harm, Measure, System};

/// How uncertain a sum must stay where a policy does not say so, in percent.
const UNCERTAINTY: &str = "10";

/// The entry in the registry.
pub(super) const ENTRY: RuleEntry = RuleEntry {
    name: "threshold",
    title: "Threshold rule (minimum frequency)",
    summary: "A cell is unsafe when fewer than a minimum of records, persons or contributors are behind it.",
    parameters: &[
        Parameter {
            name: "minimum",
            meaning: "the smallest number that may be shown; 5 makes 1 to 4 unsafe",
            allowed: Allowed::Whole { min: 2, max: 1_000_000_000 },
            default: None,
        },
        Parameter {
            name: "zero",
            meaning: "whether zeros are published, withheld where that protects another cell, or unsafe",
            allowed: Allowed::Words(&["show", "withhold-if-needed", "unsafe"]),
            default: Some("show"),
        },
        Parameter {
            name: "on",
            meaning: "what is counted",
            allowed: Allowed::Words(&["records", "persons", "contributors"]),
            default: Some("records"),
        },
        WITHIN,
        POPULATION,
        POPULATION_BELOW,
        Parameter {
            name: "uncertainty",
            meaning: "by how many percent of its value a sum with too few behind it must stay uncertain, either way",
            allowed: Allowed::Percent { min: 1, max: 1000 },
            default: Some(UNCERTAINTY),
        },
    ],
    tightens: &[
        ("minimum", Tightens::Up),
        ("zero", Tightens::Order(&["show", "withhold-if-needed", "unsafe"])),
        ("on", Tightens::Order(&["records", "persons"])),
        ("population-below", Tightens::Up),
        ("uncertainty", Tightens::Up),
    ],
    manual: include_str!("manual.md"),
    parse,
};

/// The rule with its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Threshold {
    minimum: i64,
    zero: &'static str,
    on: &'static str,
    condition: Condition,
    /// For sums: percent of the value that must be possible below and above it.
    uncertainty: Percent,
}

fn parse(values: &Values) -> Result<Box<dyn Rule>, Fault> {
    let (minimum, zero, on) = (values.whole("minimum")?, values.word("zero")?, values.word("on")?);
    let uncertainty = values.percent("uncertainty")?;
    Ok(Box::new(Threshold { minimum, zero, on, condition: Condition::parse(values)?, uncertainty }))
}

impl Rule for Threshold {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        let own = [("minimum", self.minimum.to_string()), ("zero", self.zero.to_owned()), ("on", self.on.to_owned())];
        // a rule that counts records or persons is about sums only where somebody says so
        let sums = |percent: &String| self.on == "contributors" || percent != UNCERTAINTY;
        let uncertainty = Some(self.uncertainty.to_string()).filter(sums);
        let of_sums = uncertainty.map(|u| ("uncertainty", u));
        own.into_iter().chain(self.condition.parameters()).chain(of_sums).collect()
    }

    fn needs(&self) -> Needs {
        Needs { persons: self.on == "persons", contributions: usize::from(self.on == "contributors") }
    }

    fn known_sums(&self) -> Option<&str> {
        self.condition.population()
    }

    fn idle(&self, system: &System) -> Option<String> {
        let counted = |m: &Measure| !matches!(m, Measure::Sum { .. });
        let unnamed = self.on == "persons"
            && system.measures.contains(&Measure::Records)
            && system.cells.iter().all(|c| c.persons.is_none());
        match self.on {
            "contributors" if !system.measures.iter().any(counted) || no_sums(system).is_none() => None,
            "contributors" => Some("no table adds up a column, so that counts are judged by their records".to_owned()),
            _ if unnamed => {
                Some("the release names no column of persons, so that each record counts as one".to_owned())
            }
            _ => self.condition.idle(system),
        }
    }

    fn check(&self, system: &System, cell: CellId) -> Vec<Breach> {
        if !self.condition.holds(system, cell) {
            return Vec::new();
        }
        let breach = match system.measures[system.cells[cell].measure] {
            Measure::Records => self.count(system, cell, Noun::Record),
            Measure::Persons => self.count(system, cell, Noun::Person),
            Measure::Sum { .. } => self.sum(system, cell),
        };
        breach.into_iter().collect()
    }

    fn band(&self) -> Option<(i64, i64)> {
        Some((if self.zero == "unsafe" { 0 } else { 1 }, self.minimum - 1))
    }

    fn withholds_zeros(&self) -> bool {
        self.zero != "show"
    }
}

impl Threshold {
    /// A cell that counts records or persons.
    fn count(&self, system: &System, id: CellId, noun: Noun) -> Option<Breach> {
        let cell = &system.cells[id];
        let (lo, hi) = self.band()?;
        if (lo..=hi).contains(&cell.value) {
            return Some(Breach::unsafe_for(self.small(cell, noun), Harm::Small { lo, hi }));
        }
        let persons = cell.persons.filter(|_| self.on == "persons" && noun == Noun::Record)?;
        // Records of nobody known are few persons as well: fail closed.
        (cell.value > 0 && persons < self.minimum).then(|| {
            let (records, about) = (noun.counted(cell.value), Noun::Person.counted(persons));
            let reason = format!("{records} are about {about}, fewer than {}{}", self.minimum, worked_out(system, id));
            Breach::unsafe_for(reason, Harm::FewPersons { values: hi })
        })
    }

    /// The reason for a small count.
    fn small(&self, cell: &Cell, noun: Noun) -> String {
        let counted = noun.counted(cell.value);
        let (is, prints, whom) = match cell.value {
            1 => ("is", "prints it", "the person behind it"),
            _ => ("are", "prints them", "the persons behind them"),
        };
        match (cell.value, cell.exposure) {
            (0, _) => format!("{counted}: the policy withholds zeros as well, because they tell that nobody is there"),
            (_, Exposure::Implied) => {
                format!(
                    "{counted} can be worked out although no table {prints}, and that is fewer than {}",
                    self.minimum
                )
            }
            _ => format!("{counted} {is} fewer than {}: {whom} could be recognised", self.minimum),
        }
    }

    /// What must stay possible for a sum with too few behind it: nobody, of those behind it either, may come closer to its value
    /// than `uncertainty` percent of it. A number of possible values says nothing of a sum: of 1,000,000 euros, 999,999 and
    /// 1,000,001 are as good as the value itself.
    fn wide(&self, value: i64) -> Harm {
        let percent = i128::from(value.unsigned_abs()) * self.uncertainty.millionths();
        levels(value, ceiling(percent, Percent::HUNDRED.millionths()))
    }

    /// A cell that holds a sum: its contributors are counted.
    fn sum(&self, system: &System, id: CellId) -> Option<Breach> {
        let cell = &system.cells[id];
        let harm = self.wide(cell.value);
        let implied = worked_out(system, id);
        let Some(count) = cell.contributions.as_ref().map(|c| c.count).or(cell.persons) else {
            let reason = format!(
                "it is not known how many contributors are behind the sum, so they may be fewer than {}",
                self.minimum
            );
            return (cell.value != 0 || self.zero == "unsafe").then(|| Breach::unsafe_for(reason + implied, harm));
        };
        let few = count < self.minimum && (count > 0 || cell.value != 0 || self.zero == "unsafe");
        few.then(|| {
            let is = if count == 1 { "is" } else { "are" };
            let reason = format!(
                "{} {is} behind the sum, fewer than {}{implied}",
                Noun::Contributor.counted(count),
                self.minimum
            );
            Breach::unsafe_for(reason, harm)
        })
    }
}

/// What is counted, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Noun {
    Record,
    Person,
    Contributor,
}

impl Noun {
    /// "1 record", "3 records".
    fn counted(self, n: i64) -> String {
        let word = match self {
            Noun::Record => "record",
            Noun::Person => "person",
            Noun::Contributor => "contributor",
        };
        if n == 1 { format!("{n} {word}") } else { format!("{n} {word}s") }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{Exposure, Harm, Measure, System};
    use crate::rules::fixture::{cell, sum_cell, with_cell};
    use crate::rules::{Needs, apply, parse_rule};

    /// What a rule says about the only cell of a system: the harm and the reason, or nothing.
    fn says(rule: &str, system: &System) -> Option<(Harm, String)> {
        let rule = parse_rule(rule).expect("a rule");
        apply(rule.as_ref(), "policy.toml:1", system).into_iter().next().map(|f| (f.harm, f.reason))
    }

    fn records(value: i64, persons: Option<i64>, exposure: Exposure) -> System {
        with_cell(Measure::Records, crate::model::Cell { persons, exposure, ..cell(value) })
    }

    fn shown(value: i64) -> System {
        records(value, None, Exposure::Shown)
    }

    const BAND: Harm = Harm::Small { lo: 1, hi: 4 };

    /// The manual's example: 1 to 4 are unsafe, 0 and 5 are not.
    #[test]
    fn boundaries() {
        let unsafe_values: Vec<i64> = (0..8).filter(|&v| says("threshold(5)", &shown(v)).is_some()).collect();
        assert_eq!(unsafe_values, [1, 2, 3, 4]);
    }

    /// Reasons read as sentences, in singular and plural, printed or worked out.
    #[test]
    fn reasons() {
        let reason =
            |value, exposure| says("threshold(5)", &records(value, None, exposure)).map(|(_, r)| r).unwrap_or_default();
        assert_eq!(reason(1, Exposure::Shown), "1 record is fewer than 5: the person behind it could be recognised");
        assert_eq!(
            reason(3, Exposure::Shown),
            "3 records are fewer than 5: the persons behind them could be recognised"
        );
        assert_eq!(
            reason(1, Exposure::Implied),
            "1 record can be worked out although no table prints it, and that is fewer than 5"
        );
        assert_eq!(
            reason(3, Exposure::Implied),
            "3 records can be worked out although no table prints them, and that is fewer than 5"
        );
        assert_eq!(reason(3, Exposure::Hidden), "");
    }

    /// Zeros are unsafe only where the policy says so; then the band starts at 0.
    #[test]
    fn zeros() {
        assert_eq!(says("threshold(5)", &shown(0)), None);
        assert_eq!(says("threshold(5,withhold-if-needed)", &shown(0)), None);
        assert_eq!(says("threshold(5,withhold-if-needed)", &shown(2)).map(|f| f.0), Some(BAND));
        for value in [0, 4] {
            assert_eq!(says("threshold(5,unsafe)", &shown(value)).map(|f| f.0), Some(Harm::Small { lo: 0, hi: 4 }));
        }
        let rules =
            ["show", "withhold-if-needed", "unsafe"].map(|z| parse_rule(&format!("threshold(5,{z})")).expect("a rule"));
        assert_eq!(rules.each_ref().map(|r| r.withholds_zeros()), [false, true, true]);
        assert_eq!(rules.each_ref().map(|r| r.band()), [Some((1, 4)), Some((1, 4)), Some((0, 4))]);
    }

    /// The manual's example: 12 offences against one victim.
    #[test]
    fn persons() {
        let rule = "threshold(5,on=persons)";
        let twelve = records(12, Some(1), Exposure::Shown);
        assert_eq!(
            says(rule, &twelve),
            Some((Harm::FewPersons { values: 4 }, "12 records are about 1 person, fewer than 5".to_owned()))
        );
        assert_eq!(says("threshold(5)", &twelve), None);
        assert_eq!(says(rule, &records(12, Some(5), Exposure::Shown)), None);
        assert_eq!(says(rule, &records(4, Some(3), Exposure::Shown)).map(|f| f.0), Some(BAND));
        assert_eq!(says(rule, &records(0, Some(0), Exposure::Shown)), None);
        // Records whose person is missing, and a release that names no person.
        assert!(says(rule, &records(12, Some(0), Exposure::Shown)).is_some());
        assert_eq!(says(rule, &records(12, None, Exposure::Shown)), None);
        assert_eq!(
            says(rule, &records(12, Some(2), Exposure::Implied)).map(|f| f.1).as_deref(),
            Some("12 records are about 2 persons, fewer than 5; no table prints the cell, but it can be worked out")
        );
        let counted = with_cell(Measure::Persons, cell(3));
        assert_eq!(
            says(rule, &counted).map(|f| f.1).as_deref(),
            Some("3 persons are fewer than 5: the persons behind them could be recognised")
        );
        assert_eq!(parse_rule(rule).expect("a rule").needs(), Needs { persons: true, contributions: 0 });
    }

    /// Sums are judged by their contributors; where nobody knows them, they are unsafe.
    #[test]
    fn contributors() {
        let rule = "threshold(3,on=contributors)";
        let few = |by: i64, value: i64| Harm::Levels { lower: by.min(value.max(1)), upper: by, spread: 0 };
        assert_eq!(
            says(rule, &sum_cell(900, Some((2, &[600, 300])))),
            Some((few(90, 900), "2 contributors are behind the sum, fewer than 3".to_owned()))
        );
        assert_eq!(says(rule, &sum_cell(900, Some((3, &[600])))), None);
        assert_eq!(says(rule, &sum_cell(0, Some((2, &[0])))).map(|f| f.0), Some(few(1, 0)));
        assert_eq!(says(rule, &sum_cell(0, Some((0, &[])))), None);
        assert_eq!(says(rule, &sum_cell(0, None)), None);
        assert_eq!(says(rule, &sum_cell(9, None)).map(|f| f.0), Some(few(1, 9)));
        assert!(says("threshold(3,unsafe)", &sum_cell(0, Some((0, &[])))).is_some());
        assert_eq!(parse_rule(rule).expect("a rule").needs(), Needs { persons: false, contributions: 1 });
    }

    /// How uncertain a sum must stay: a percentage of its value, rounded up, one unit of the last decimal at least, and nothing
    /// below zero; of a count with few persons behind it, a number of values.
    #[test]
    fn uncertainty() {
        let levels = |rule: &str, value: i64| match says(rule, &sum_cell(value, Some((1, &[value])))).map(|f| f.0) {
            Some(Harm::Levels { lower, upper, spread: 0 }) => (lower, upper),
            other => panic!("{rule} {value}: {other:?}"),
        };
        let rule = "threshold(3,on=contributors)";
        assert_eq!(levels(rule, 1_000_000), (100_000, 100_000));
        assert_eq!(levels(rule, 1_001), (101, 101));
        assert_eq!([1, 4, 10, 11].map(|v| levels(rule, v)), [(1, 1), (1, 1), (1, 1), (2, 2)]);
        assert_eq!(levels(rule, -500), (50, 50));
        assert_eq!(levels("threshold(3,on=contributors,uncertainty=7.5)", 1_000), (75, 75));
        assert_eq!(levels("threshold(3,on=contributors,uncertainty=300)", 1_000), (1_000, 3_000));
        assert_eq!(levels("threshold(3,on=persons,uncertainty=20)", 1_000), (200, 200));
        assert_eq!(levels("threshold(3)", 1_000), (100, 100));
        // as large as can be
        assert_eq!(levels("threshold(3,uncertainty=1000)", i64::MAX).1, i64::MAX);
        let few = Some(Harm::FewPersons { values: 4 });
        let rule = "threshold(5,on=persons,uncertainty=20)";
        assert_eq!(says(rule, &records(12, Some(1), Exposure::Shown)).map(|f| f.0), few);
    }

    /// The full spelling holds the percentage wherever it can matter.
    #[test]
    fn uncertainty_is_spelled_out() {
        let full = |text: &str| crate::rules::spelling(parse_rule(text).expect("a rule").as_ref());
        assert_eq!(full("threshold(3)"), "threshold(minimum=3,zero=show,on=records)");
        for spelled in [
            "threshold(minimum=3,zero=show,on=records,uncertainty=20)",
            "threshold(minimum=3,zero=show,on=contributors,uncertainty=10)",
            "threshold(minimum=3,zero=show,on=persons,uncertainty=20)",
        ] {
            assert_eq!(full(spelled), spelled);
        }
    }
}
