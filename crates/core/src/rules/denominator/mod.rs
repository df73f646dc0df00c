#![doc = include_str!("manual.md")]

use super::condition::{POPULATION, given, no_population, people};
use super::margin::{Margin, margins};
use super::{Allowed, Breach, Needs, Parameter, Rule, RuleEntry, Tightens, Values, no_counts, worked_out};
use crate::diag::Fault;
use crate::model::{CellId, Harm, Measure, System};

/// The entry in the registry.
pub(super) const ENTRY: RuleEntry = RuleEntry {
    name: "denominator",
    title: "Minimum denominator",
    summary: "A count is unsafe when the group that it is a share of, or the population it is from, is too small.",
    parameters: &[
        Parameter {
            name: "minimum",
            meaning: "the smallest group or population of which a share may be known",
            allowed: Allowed::Whole { min: 2, max: 1_000_000_000_000 },
            default: None,
        },
        Parameter {
            name: "variables",
            meaning: "along which variables the whole is looked for: those marked as sensitive, or all",
            allowed: Allowed::Words(&["sensitive", "all"]),
            default: Some("all"),
        },
        POPULATION,
    ],
    tightens: &[("minimum", Tightens::Up), ("variables", Tightens::Order(&["sensitive", "all"]))],
    manual: include_str!("manual.md"),
    parse,
};

/// The rule with its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Denominator {
    minimum: i64,
    variables: &'static str,
    population: Option<String>,
}

fn parse(values: &Values) -> Result<Box<dyn Rule>, Fault> {
    let (minimum, variables) = (values.whole("minimum")?, values.word("variables")?);
    Ok(Box::new(Denominator { minimum, variables, population: given(values, POPULATION.name)? }))
}

impl Rule for Denominator {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        let own = [("minimum", self.minimum.to_string()), ("variables", self.variables.to_owned())];
        own.into_iter().chain(self.population.iter().map(|column| (POPULATION.name, column.clone()))).collect()
    }

    fn needs(&self) -> Needs {
        Needs::default()
    }

    fn known_sums(&self) -> Option<&str> {
        self.population.as_deref()
    }

    fn idle(&self, system: &System) -> Option<String> {
        no_counts(system).or_else(|| no_population(system, self.population.as_deref()?))
    }

    fn check(&self, system: &System, cell: CellId) -> Vec<Breach> {
        let this = &system.cells[cell];
        if matches!(system.measures[this.measure], Measure::Sum { .. }) || this.value <= 0 {
            return Vec::new();
        }
        let reason = match &self.population {
            Some(column) => self.of_population(people(system, cell, column)),
            None => self.of_group(system, cell),
        };
        let breach = |reason: String| {
            // The share must not be known; how far it may be narrowed is for the other rules to say.
            Breach::unsafe_for(reason + worked_out(system, cell), Harm::FewPersons { values: 2 })
        };
        reason.map(breach).into_iter().collect()
    }
}

impl Denominator {
    fn of_population(&self, people: Option<i64>) -> Option<String> {
        let least = self.minimum;
        match people {
            Some(n) if n >= least => None,
            Some(n) => Some(format!("it is from a population of {n}, fewer than {least}")),
            None => Some(format!("the population it is from is not known, so it may be fewer than {least}")),
        }
    }

    /// The reason for the first group that is too small.
    fn of_group(&self, system: &System, cell: CellId) -> Option<String> {
        let groups = system.cells[cell].places.iter().flat_map(|&place| margins(system, place));
        let looked_at = |g: &Margin| g.margin != cell && (self.variables == "all" || g.sensitive);
        let small = groups.filter(looked_at).find(|g| system.value(g.margin) < self.minimum)?;
        let (of, size) = (small.table.words(&small.margin_at), system.value(small.margin));
        Some(format!("it is a share of {of}, which is {size}, fewer than {}", self.minimum))
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{Dimension, Measure, System};
    use crate::rules::fixture::{cell, sum_cell, two_way};
    use crate::rules::{apply, judge, parse_rule};

    /// The unsafe cells in words.
    fn cells(rule: &str, system: &System) -> Vec<String> {
        let found = apply(parse_rule(rule).expect("a rule").as_ref(), "policy.toml:1", system);
        let mut words: Vec<String> = found.iter().map(|f| system.words(f.cell)).collect();
        words.sort();
        words
    }

    /// The manual's example: shares of a row of 12 are unsafe under a minimum of 20, those of a row of 30 are not.
    #[test]
    fn worked_example() {
        let system = two_way(&[&[9, 3], &[25, 15], &[20, 20]]);
        assert_eq!(cells("denominator(20,variables=sensitive)", &system), ["area A, outcome A", "area A, outcome B"]);
        let found = apply(parse_rule("denominator(20)").expect("a rule").as_ref(), "p:1", &system);
        assert_eq!(found[0].reason, "it is a share of area A, which is 12, fewer than 20");
        assert!(cells("denominator(12,variables=sensitive)", &system).is_empty());
    }

    /// A zero is no share, a total has no whole above it, and sums are not looked at.
    #[test]
    fn nothing_to_share() {
        assert_eq!(cells("denominator(20,variables=sensitive)", &two_way(&[&[0, 5], &[30, 0]])), ["area A, outcome B"]);
        assert!(cells("denominator(20)", &sum_cell(5, None)).is_empty());
    }

    /// A system of counts by area, with a table that adds up the population of each area.
    fn with_population(people: &[i64]) -> System {
        let counts: Vec<&[i64]> = people.iter().map(|_| &[7_i64][..]).collect();
        let mut system = two_way(&counts);
        system.measures.push(Measure::Sum { column: "people".to_owned(), index: 0, decimals: 0 });
        let mut dimension = Dimension::new("area", people.len() as u32);
        let nodes: Vec<u32> = (0..people.len() as u32).map(|leaf| dimension.intern(vec![leaf], "")).collect();
        system.space.dims = vec![dimension];
        for c in 0..system.cells.len() {
            let row = system.tables[0].entries_at(system.cells[c].places[0].position)[0];
            system.cells[c].coords = vec![*nodes.get(row).unwrap_or(&Dimension::ROOT)].into();
        }
        let mut table = system.tables[0].clone();
        table.measure = 1;
        table.axes.truncate(1);
        system.tables.push(table);
        for (row, value) in people.iter().copied().chain([people.iter().sum()]).enumerate() {
            let node = *nodes.get(row).unwrap_or(&Dimension::ROOT);
            system.index.insert((1, vec![node].into()), system.cells.len());
            system.cells.push(crate::model::Cell { measure: 1, coords: vec![node].into(), ..cell(value) });
        }
        system
    }

    /// With a population, the counts of small areas are unsafe, whatever their size; the population itself is known.
    #[test]
    fn population() {
        let system = with_population(&[299, 300, 5]);
        let rule = parse_rule("denominator(300,population=people)").expect("a rule");
        let found = judge([(rule.as_ref(), "p:1")].into_iter(), &system);
        let words: Vec<String> = found.iter().map(|f| system.words(f.cell)).collect();
        assert_eq!(words, ["area A, outcome A", "area C, outcome A"]);
        assert_eq!(found[0].reason, "it is from a population of 299, fewer than 300");
        assert!(rule.idle(&system).is_none());
    }

    /// Where no table holds the population, every count is unsafe and the reviewer is told.
    #[test]
    fn unknown_population() {
        let system = two_way(&[&[70, 80], &[90, 60]]);
        let rule = parse_rule("denominator(300,population=people)").expect("a rule");
        assert_eq!(cells("denominator(300,population=people)", &system).len(), 9);
        assert_eq!(
            rule.idle(&system).as_deref(),
            Some("no table adds up `people`, so that every population counts as small")
        );
    }

    /// A threshold with a population judges small areas only; without a table of the population, all.
    #[test]
    fn threshold_by_population() {
        let rule = "threshold(10,population=people,population-below=10000)";
        let system = with_population(&[9_999, 10_000, 20]);
        let thresholds = cells(rule, &system);
        assert!(
            ["area A, outcome A", "area C, outcome A"].iter().all(|w| thresholds.contains(&(*w).to_owned())),
            "{thresholds:?}"
        );
        assert!(!thresholds.contains(&"area B, outcome A".to_owned()), "{thresholds:?}");
        assert!(cells(rule, &two_way(&[&[7], &[7]])).contains(&"area B, outcome A".to_owned()));
    }

    /// A threshold within areas leaves totals over all areas alone; a variable that no table has leaves none alone.
    #[test]
    fn threshold_within() {
        let system = with_population(&[1, 1]);
        let judged = cells("threshold(50,within=area)", &system);
        assert_eq!(judged.iter().filter(|w| w.starts_with("area")).count(), 2, "{judged:?}");
        assert!(!judged.contains(&"outcome A".to_owned()), "that is the total over all areas: {judged:?}");
        assert!(cells("threshold(50,within=region)", &system).contains(&"outcome A".to_owned()));
    }
}
