//! Conditions under which a rule looks at a cell: only within a category of a variable, only where few people live.

use super::{Allowed, Parameter, Values};
use crate::diag::Fault;
use crate::model::{CellId, Dimension, Measure, System};

/// The word for no condition.
const NONE: &str = "none";

/// Only cells within a category of this variable.
pub(super) const WITHIN: Parameter = Parameter {
    name: "within",
    meaning: "the variable (area, say) of which a cell must be in a category; its totals over all categories are not judged",
    allowed: Allowed::Text("the name of a variable, or `none`"),
    default: Some(NONE),
};
/// The column that holds the population.
pub(super) const POPULATION: Parameter = Parameter {
    name: "population",
    meaning: "the column that a table of the release adds up to the population; everybody knows these sums, and no rule judges them",
    allowed: Allowed::Text("the name of a column, or `none`"),
    default: Some(NONE),
};
/// Only where fewer people live than this.
pub(super) const POPULATION_BELOW: Parameter = Parameter {
    name: "population-below",
    meaning: "cells are judged only where the population is below this; 0: everywhere",
    allowed: Allowed::Whole { min: 0, max: 1_000_000_000_000 },
    default: Some("0"),
};

/// When a rule looks at a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Condition {
    within: Option<String>,
    population: Option<String>,
    below: i64,
}

/// A text that is not the word for nothing.
pub(super) fn given(values: &Values, name: &str) -> Result<Option<String>, Fault> {
    Ok(Some(values.text(name)?).filter(|text| *text != NONE).map(str::to_owned))
}

impl Condition {
    /// From the parameters of a rule that lists all three.
    ///
    /// # Errors
    /// A population without a limit, or a limit without a population.
    pub(super) fn parse(values: &Values) -> Result<Condition, Fault> {
        let condition = Condition {
            within: given(values, WITHIN.name)?,
            population: given(values, POPULATION.name)?,
            below: values.whole(POPULATION_BELOW.name)?,
        };
        match (&condition.population, condition.below) {
            (None, 1..) => Err(Fault::new("`population-below` needs `population`").help(
                "population = \"COLUMN\" names the column that a table of the release adds up to the population",
            )),
            (Some(_), ..=0) => Err(Fault::new("`population` needs `population-below`")
                .help("population-below = 10000 judges cells only where fewer than 10000 people live")),
            _ => Ok(condition),
        }
    }

    /// As a policy spells it; nothing where there is no condition.
    pub(super) fn parameters(&self) -> Vec<(&'static str, String)> {
        let within = self.within.iter().map(|v| (WITHIN.name, v.clone()));
        let population = self
            .population
            .iter()
            .flat_map(|column| [(POPULATION.name, column.clone()), (POPULATION_BELOW.name, self.below.to_string())]);
        within.chain(population).collect()
    }

    /// The column whose sums everybody knows.
    pub(super) fn population(&self) -> Option<&str> {
        self.population.as_deref()
    }

    /// Whether a cell is judged. What can't be known is judged: a variable that no table has, a population that no table
    /// holds.
    pub(super) fn holds(&self, system: &System, cell: CellId) -> bool {
        let within = self.within.as_deref().is_none_or(|variable| is_within(system, cell, variable));
        within && self.population().is_none_or(|column| people(system, cell, column).is_none_or(|n| n < self.below))
    }

    /// Why a condition can't be looked at in a release, in words.
    pub(super) fn idle(&self, system: &System) -> Option<String> {
        let no_variable = self
            .within
            .as_deref()
            .filter(|v| dims_of(system, v).is_empty())
            .map(|v| format!("no table has the variable `{v}` of `within`, so that every cell is judged"));
        no_variable.or_else(|| self.population().and_then(|column| no_population(system, column)))
    }
}

/// What is told where no table adds up the population.
pub(super) fn no_population(system: &System, column: &str) -> Option<String> {
    let there = system.measures.iter().any(|m| is_sum_of(m, column));
    (!there).then(|| format!("no table adds up `{column}`, so that every population counts as small"))
}

/// The dimensions that tables classify by a variable of this name.
fn dims_of(system: &System, variable: &str) -> Vec<usize> {
    let axes = system.tables.iter().flat_map(|t| &t.axes);
    let mut dims: Vec<usize> = axes.filter(|a| a.variable.eq_ignore_ascii_case(variable)).map(|a| a.dim).collect();
    dims.sort_unstable();
    dims.dedup();
    dims
}

fn is_within(system: &System, cell: CellId, variable: &str) -> bool {
    let dims = dims_of(system, variable);
    let coords = &system.cells[cell].coords;
    dims.is_empty() || coords.is_empty() || dims.iter().any(|&d| coords.get(d).is_none_or(|&n| n != Dimension::ROOT))
}

fn is_sum_of(measure: &Measure, of: &str) -> bool {
    matches!(measure, Measure::Sum { column, .. } if column == of)
}

/// The population behind a cell: the smallest sum of `column` that a table holds for its categories, whole persons.
/// `None` where no table holds one.
pub(super) fn people(system: &System, cell: CellId, column: &str) -> Option<i64> {
    let coords = &system.cells[cell].coords;
    let tables = system.tables.iter().filter(|t| system.measures.get(t.measure).is_some_and(|m| is_sum_of(m, column)));
    let sums = tables.filter_map(|table| {
        let used = |d: usize| table.axes.iter().any(|a| a.dim == d) || table.scope.iter().any(|s| s.0 == d);
        let at = coords.iter().enumerate().map(|(d, &node)| if used(d) { node } else { Dimension::ROOT }).collect();
        let sum = system.value(*system.index.get(&(table.measure, at))?);
        let unit = 10_i64.checked_pow(system.measures[table.measure].decimals())?;
        Some(sum.div_euclid(unit))
    });
    sums.min()
}
