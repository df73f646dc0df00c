//! Columns that add up in every record do so in every group: they are looked for among all that is counted and summed, and
//! `[facts]` says which do (`adds-up`). A column that is nowhere more than another one is a part of it in every group.

use crate::model::{Equation, Groups, Measure, MeasureId, Part};
use crate::read::Error;
use crate::spec::Spec;

/// The largest number of parts that are looked for where nobody says which columns add up.
const MOST_PARTS: usize = 4;
/// Numbers of measures beyond which only pairs and totals of two parts are looked for.
const FEW: usize = 12;
/// The prime 2^61 - 1: sums are compared modulo it before they are compared in full.
const PRIME: u128 = (1 << 61) - 1;

/// The equations between measures, those of `[facts]` first; those that were found are added to `notes`.
///
/// # Errors
/// An equation of `[facts]` that the records contradict.
pub(super) fn find(
    spec: &Spec,
    measures: &[Measure],
    groups: &Groups,
    notes: &mut Vec<String>,
) -> Result<Vec<Equation>, Error> {
    let columns: Vec<Column> = (0..measures.len()).filter_map(|m| Column::of(m, &measures[m], groups)).collect();
    let mut equations = same_columns(measures);
    for fact in &spec.facts.sums {
        let named = |name: &String| columns.iter().find(|c| c.name.as_ref() == Some(name));
        let Some(chosen) = fact.iter().map(named).collect::<Option<Vec<&Column>>>() else { continue };
        if !adds_up(&chosen) {
            let parts = fact[1..].join(" + ");
            return Err(Error::data(format!(
                "{}: [facts] says that {} = {parts}, which does not hold in every group of records",
                spec.path.display(),
                fact[0]
            ))
            .with_help("put the data right, or take the equation out of `adds-up`"));
        }
        equations.push(equation(&chosen));
    }
    for chosen in search(&columns) {
        let found = equation(&chosen);
        if equations.contains(&found) {
            continue;
        }
        let names: Vec<&str> = chosen.iter().map(|c| c.name.as_deref().unwrap_or("the number of records")).collect();
        notes.push(format!(
            "in all records {} = {}, so readers are taken to know it",
            names[0],
            names[1..].join(" + ")
        ));
        equations.push(found);
    }
    Ok(equations)
}

/// Columns of which one is nowhere more than another in the records: a part of it, as far as readers can know. Of pairs that
/// follow from others, and of those that an equation binds anyway, nothing is said.
pub(super) fn parts(measures: &[Measure], groups: &Groups, notes: &mut Vec<String>) -> Vec<Part> {
    let columns: Vec<Column> = (0..measures.len())
        .filter_map(|m| Column::of(m, &measures[m], groups))
        .filter(|c| c.name.is_some() && c.values.len() > 2)
        .collect();
    let first = |c: &Column| columns.iter().find(|d| d.name == c.name).map(|d| d.measure);
    let own: Vec<&Column> = columns.iter().filter(|c| first(c) == Some(c.measure)).collect();
    let within = |a: &Column, b: &Column| a.measure != b.measure && nowhere_more(a, b);
    let bound = |a: &Column, b: &Column| {
        let of = |e: &Equation, c: &Column| e.terms.iter().position(|t| t.0 == c.measure);
        groups.equations.iter().any(|e| of(e, b) == Some(0) && of(e, a).is_some_and(|at| at > 0))
    };
    let mut found = Vec::new();
    for a in &own {
        for b in own.iter().filter(|b| within(a, b) && !within(b, a) && !bound(a, b)) {
            let between = |c: &&&Column| within(a, c) && within(c, b) && !within(c, a) && !within(b, c);
            if own.iter().any(|c| between(&c)) {
                continue;
            }
            let most = a.decimals.max(b.decimals);
            let factor = |c: &Column| 10i64.pow(most - c.decimals);
            notes.push(format!(
                "in all records {} is at most {}, so readers are taken to know it",
                a.name.as_deref().unwrap_or_default(),
                b.name.as_deref().unwrap_or_default()
            ));
            found.push(Part { part: (a.measure, factor(a)), whole: (b.measure, factor(b)) });
        }
    }
    found
}

/// Whether the first column is at most the second in every group.
fn nowhere_more(a: &Column, b: &Column) -> bool {
    let scaled =
        |c: &Column, g: usize| i128::from(c.values[g]) * power(MOST_DECIMALS - c.decimals.min(MOST_DECIMALS)) as i128;
    (0..a.values.len()).all(|g| scaled(a, g) <= scaled(b, g))
}

/// A measure as a column of numbers over the groups.
struct Column<'a> {
    measure: MeasureId,
    /// The name of the column; none for records.
    name: Option<String>,
    decimals: u32,
    values: &'a [i64],
    /// A sum of its values with weights that do not depend on them, modulo a prime; of whole units.
    mark: u128,
}

impl<'a> Column<'a> {
    /// None for what is no column of numbers, or is 0 everywhere.
    fn of(measure: MeasureId, what: &Measure, groups: &'a Groups) -> Option<Column<'a>> {
        let (name, decimals, values) = match what {
            Measure::Records => (None, 0, groups.records.as_slice()),
            Measure::Persons => return None,
            Measure::Sum { column, index, decimals } => {
                (Some(column.clone()), *decimals, groups.sums.get(*index)?.as_slice())
            }
        };
        if values.iter().all(|v| *v == 0) {
            return None;
        }
        let mut weight = 1u128;
        let mut mark = 0u128;
        for value in values {
            weight = weight * 0x5DEE_CE66_D1CE_4E5B % PRIME;
            mark = (mark + weight * (value.unsigned_abs() as u128 % PRIME)) % PRIME;
        }
        Some(Column {
            measure,
            name,
            decimals,
            values,
            mark: mark * power(MOST_DECIMALS - decimals.min(MOST_DECIMALS)) % PRIME,
        })
    }
}

/// The most decimals that a sum has.
const MOST_DECIMALS: u32 = 9;

fn power(n: u32) -> u128 {
    10u128.pow(n)
}

/// One column with several numbers of decimals is one figure.
fn same_columns(measures: &[Measure]) -> Vec<Equation> {
    let mut equations = Vec::new();
    for (b, measure) in measures.iter().enumerate() {
        let Measure::Sum { column, decimals, .. } = measure else { continue };
        let first = measures.iter().take(b).enumerate().find_map(|(a, other)| match other {
            Measure::Sum { column: c, decimals: d, .. } if c == column => Some((a, *d)),
            _ => None,
        });
        if let Some((a, other)) = first {
            let (low, high) = (other.min(*decimals), other.max(*decimals));
            let factor = 10i64.pow(high - low);
            let (coarse, fine) = if other <= *decimals { (a, b) } else { (b, a) };
            equations.push(Equation { terms: vec![(coarse, -factor), (fine, 1)] });
        }
    }
    equations
}

/// Whether the first column is the sum of the others in every group.
fn adds_up(columns: &[&Column]) -> bool {
    let scaled =
        |c: &Column, g: usize| i128::from(c.values[g]) * power(MOST_DECIMALS - c.decimals.min(MOST_DECIMALS)) as i128;
    let Some((total, parts)) = columns.split_first() else { return false };
    (0..total.values.len()).all(|g| scaled(total, g) == parts.iter().map(|c| scaled(c, g)).sum::<i128>())
}

/// The equation that says so, in units of each measure.
fn equation(columns: &[&Column]) -> Equation {
    let most = columns.iter().map(|c| c.decimals).max().unwrap_or(0);
    let factor = |c: &Column| 10i64.pow(most - c.decimals);
    let term = |(at, c): (usize, &&Column)| (c.measure, if at == 0 { -factor(c) } else { factor(c) });
    Equation { terms: columns.iter().enumerate().map(term).collect() }
}

/// Columns that are the sum of others, the total first; none that another decimals of it make trivial.
fn search<'a, 'b>(columns: &'b [Column<'a>]) -> Vec<Vec<&'b Column<'a>>> {
    let most = if columns.len() <= FEW { MOST_PARTS } else { 2 };
    let mut found: Vec<Vec<&Column>> = Vec::new();
    for total in columns {
        let others: Vec<&Column> = (columns.iter())
            .filter(|c| c.measure != total.measure && (c.name.is_none() || c.name != total.name))
            .collect();
        let mut chosen = vec![total];
        extend(&others, 0, most, &mut chosen, &mut found);
    }
    found
}

fn extend<'a, 'b>(
    others: &[&'b Column<'a>],
    from: usize,
    most: usize,
    chosen: &mut Vec<&'b Column<'a>>,
    found: &mut Vec<Vec<&'b Column<'a>>>,
) {
    for (at, other) in others.iter().enumerate().skip(from) {
        if chosen[1..].iter().any(|c| c.name.is_some() && c.name == other.name) {
            continue;
        }
        chosen.push(other);
        let parts = chosen[1..].iter().fold(0, |sum, c| (sum + c.mark) % PRIME);
        let mirrored = chosen.len() == 2 && chosen[0].measure > chosen[1].measure;
        if parts == chosen[0].mark && !mirrored && chosen[0].values.len() > chosen.len() && adds_up(chosen) {
            found.push(chosen.clone());
        }
        if chosen.len() <= most {
            extend(others, at + 1, most, chosen, found);
        }
        chosen.pop();
    }
}
