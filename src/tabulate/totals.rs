//! Rows of totals among the records: taken out, so that nothing is counted twice, and checked against their parts.
//!
//! A row is one of a total where its code of some variable is that of the total, or one with others below it in the
//! variable's hierarchy. Its parts are the rows with the codes below it.

mod arithmetic;
mod check;
mod rows;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use polars::prelude::{DataType, Expr, lit};

use crate::read::{self, Error, Records, Wanted};
use crate::spec::{Level, MeasureSpec, Source, Spec, TotalRows, Variable, mistaken_for_total};

use super::classify::{Classifier, Kind, column};
use super::group::{Grouped, Keys};

pub(super) use check::check;

/// What is told of labels that differ in blanks or in case alone.
pub(super) fn alike(records: &Records, classifiers: &[Classifier], grouped: &Grouped) -> Vec<String> {
    rows::alike(records, classifiers, grouped)
}

/// The rows of totals that the data hold.
pub(super) struct Stated {
    rows: Grouped,
    /// Per classifier, the code of its total.
    totals: Vec<String>,
    /// Decimals of each amount.
    decimals: Vec<u32>,
    /// Whether a row is a cell with its count, so that a cell may stand once only.
    cells: bool,
}

/// Parts the rows of totals from the records.
///
/// # Errors
/// A row of a total where every row is a case; a total that names no code for some variable; rows of totals of a
/// variable that nobody named; codes that may be those of totals; a cell that stands twice.
pub(super) fn take_out(
    spec: &Spec,
    records: &Records,
    classifiers: &[Classifier],
    grouped: Grouped,
    notes: &mut Vec<String>,
) -> Result<(Grouped, Option<Stated>), Error> {
    let amounts = spec.input.count.is_some() || !super::sums(spec).is_empty();
    if spec.input.total_rows == TotalRows::Records {
        if amounts {
            arithmetic::ask(spec, classifiers, &grouped)?;
        }
        return Ok((grouped, None));
    }
    no_mistaken_totals(spec, classifiers, &grouped)?;
    let above = classifiers.iter().zip(&grouped.keys).map(|(c, k)| above(c, k)).collect::<Result<Vec<_>, _>>()?;
    let is_total = |row: usize| grouped.keys.iter().zip(&above).any(|(k, a)| a[k.of[row] as usize]);
    let (out, kept): (Vec<usize>, Vec<usize>) = (0..grouped.each.len()).partition(|&row| is_total(row));
    if spec.input.total_rows == TotalRows::Refused {
        return match out.first() {
            Some(&row) => Err(refused(records, classifiers, &grouped, &above, row)),
            None => rows::are_cases(spec, records, classifiers, &grouped).map(|()| (grouped, None)),
        };
    }
    arithmetic::ask(spec, classifiers, &grouped)?;
    rows::once(spec, records, classifiers, &grouped, notes)?;
    let cells = spec.input.count.is_some();
    if (cells && grouped.each.iter().any(|&n| n > 1)) || !out.is_empty() {
        no_other_totals(spec, records, classifiers)?;
    }
    if out.is_empty() {
        return Ok((grouped, None));
    }
    if kept.is_empty() {
        let place = place(records, classifiers, None);
        return Err(Error::data(format!("{place}: every row is a total of others, and none of their parts is there"))
            .with_help("--by names the variables of the table, and each cell of it needs a row"));
    }
    let rows = grouped.pick(&out);
    let mut inner = grouped.pick(&kept);
    for ((c, keys), above) in classifiers.iter().zip(&mut inner.keys).zip(&above) {
        keys.forget(above, !c.levels.is_empty());
    }
    for (c, keys) in classifiers.iter().zip(&rows.keys) {
        let missing = |v: &u32| keys.values[*v as usize].iter().any(Option::is_none);
        if let Some(row) = keys.of.iter().position(missing) {
            let place = place(records, classifiers, rows.first.as_ref().and_then(|f| f.get(row)).copied());
            let code = variable(c)?.total_code.clone();
            return Err(Error::data(format!("{place}: the row of a total has no code of `{}`", c.name))
                .with_help(format!("write \"{code}\" where it is the total of all of them")));
        }
    }
    let decimals = super::sums(spec).into_iter().map(|(_, decimals)| decimals).collect();
    let totals = classifiers.iter().map(|c| variable(c).map(|v| v.total_code.clone())).collect::<Result<_, _>>()?;
    Ok((inner, Some(Stated { rows, totals, decimals, cells })))
}

/// A code that is meant as that of a total, but is written otherwise, would be counted as a category.
fn no_mistaken_totals(spec: &Spec, classifiers: &[Classifier], grouped: &Grouped) -> Result<(), Error> {
    for (classifier, keys) in classifiers.iter().zip(&grouped.keys) {
        let total = &variable(classifier)?.total_code;
        let codes: Vec<String> = (0..keys.values.len()).filter_map(|v| keys.code(v)).collect();
        let given = spec.input.totals_given.contains(&classifier.name);
        let guessed = spec.input.total_guessed && !given && !codes.contains(total);
        // where each row is a case a single letter is an answer to yes or no
        let cells = spec.input.total_rows == TotalRows::Checked;
        // what a hierarchy lists is a category
        let listed = |code: &str| classifier.levels.iter().any(|level| level.code == code);
        let meant = |code: &&String| {
            mistaken_for_total(code, total, guessed) && (cells || code.trim().len() > 1) && !listed(code)
        };
        if let Some(code) = codes.iter().find(meant) {
            return Err(mistaken(code, total, &classifier.name));
        }
    }
    Ok(())
}

/// The error for a code that may be meant as a total's.
fn mistaken(code: &str, total: &str, variable: &str) -> Error {
    Error::usage(format!("\"{code}\" of `{variable}` looks like the code of a total, which is \"{total}\"")).with_help(
        format!(
            "say which it is: --total {variable}={code}, or --total {variable}={total} if \"{code}\" is a category"
        ),
    )
}

/// Per value of a classifier, whether it stands above others.
fn above(classifier: &Classifier, keys: &Keys) -> Result<Vec<bool>, Error> {
    let variable = variable(classifier)?;
    let inner: BTreeSet<&str> = (classifier.levels.iter().enumerate())
        .filter(|(at, level)| classifier.levels.get(at + 1).is_some_and(|next: &Level| next.depth > level.depth))
        .map(|(_, level)| level.code.as_str())
        .collect();
    let is_above = |value: &String| *value == variable.total_code || inner.contains(value.as_str());
    Ok((0..keys.values.len()).map(|v| keys.code(v).is_some_and(|c| is_above(&c))).collect())
}

/// The variable of a classifier. Rows of totals are only looked for where every classifier is a column as it is.
fn variable<'a>(classifier: &Classifier<'a>) -> Result<&'a Variable, Error> {
    match classifier.kind {
        Kind::Variable(_, variable) if matches!(variable.source, Source::Column(_)) => Ok(variable),
        Kind::Variable(..) | Kind::Filter(_) => {
            Err(Error::internal("rows of totals are looked for in made-up columns"))
        }
    }
}

fn refused(records: &Records, classifiers: &[Classifier], grouped: &Grouped, above: &[Vec<bool>], row: usize) -> Error {
    let at = (grouped.keys.iter().zip(above)).position(|(k, a)| a[k.of[row] as usize]).unwrap_or(0);
    let name = &classifiers[at].name;
    let code = grouped.keys[at].code(grouped.keys[at].of[row] as usize).unwrap_or_default();
    let place = place(records, classifiers, grouped.first.as_ref().and_then(|f| f.get(row)).copied());
    Error::data(format!("{place}: \"{code}\" of `{name}` is the code of a total, but each row is one case")).with_help(
        "say which column holds the counts (--count COLUMN) if the rows are cells of a table; leave the rows of \
             totals out if they are not; or give the totals another code (--total CODE) if this one is a category",
    )
}

/// A column that nobody named may hold totals too: then every figure would be counted twice.
fn no_other_totals(spec: &Spec, records: &Records, classifiers: &[Classifier]) -> Result<(), Error> {
    let named = |name: &String| {
        let input = [&spec.input.count, &spec.input.contributor, &spec.input.person];
        classifiers.iter().any(|c| c.columns.contains(name))
            || input.iter().any(|column| column.as_ref() == Some(name))
            || spec.tables.iter().any(|t| matches!(&t.measure, MeasureSpec::Sum { column, .. } if column == name))
    };
    let others: Vec<Wanted> = (records.available.iter().filter(|name| !named(name)))
        .map(|name| Wanted { name: name.clone(), code: true, ..Wanted::default() })
        .collect();
    if others.is_empty() {
        return Ok(());
    }
    let codes: BTreeSet<&str> = spec.variables.iter().map(|v| v.total_code.as_str()).collect();
    let holds = |name: &str| -> Expr {
        let text = column(name).cast(DataType::String);
        let any = codes.iter().fold(lit(false), |any, code| any.or(text.clone().eq(lit(*code))));
        any.any(true).alias(name)
    };
    let opened = read::open(&spec.input.files, &others)?;
    let query = opened.frame.select(others.iter().map(|w| holds(&w.name)).collect::<Vec<_>>());
    let fault = |_| rows::unreadable(spec);
    let found = read::collected(query).map_err(fault)?;
    for other in &others {
        let any = found.column(&other.name).and_then(|c| c.bool().map(|b| b.get(0) == Some(true))).map_err(fault)?;
        if any {
            return Err(Error::data(format!(
                "the column \"{}\", which is not named, holds the code of a total: its rows would be counted twice",
                other.name
            ))
            .with_help(format!("name it in --by as well (--table says which tables to make), or leave out its rows of totals; codes of totals: {}", codes.iter().map(|c| format!("\"{c}\"")).collect::<Vec<_>>().join(", "))));
        }
    }
    Ok(())
}

impl Grouped {
    /// Some of the rows.
    fn pick(&self, rows: &[usize]) -> Grouped {
        let of = |all: &[i64]| rows.iter().map(|&r| all[r]).collect::<Vec<i64>>();
        let each = of(&self.each);
        Grouped {
            rows: each.iter().sum::<i64>().unsigned_abs(),
            keys: (self.keys.iter())
                .map(|k| Keys { values: k.values.clone(), of: rows.iter().map(|&r| k.of[r]).collect() })
                .collect(),
            records: of(&self.records),
            person: self.person.as_ref().map(|p| rows.iter().map(|&r| p[r].clone()).collect()),
            sums: self.sums.iter().map(|s| of(s)).collect(),
            asked: self.asked.as_ref().map(|a| rows.iter().map(|&r| a[r]).collect()),
            each,
            first: self.first.as_ref().map(|f| of(f)),
            weights: if self.weights.is_empty() { Vec::new() } else { of(&self.weights) },
            record_keys: self.record_keys.as_ref().map(|k| rows.iter().map(|&r| k[r]).collect()),
        }
    }

    /// What a row holds: its sums, or its cases.
    fn amounts(&self, row: usize) -> Vec<i64> {
        if self.sums.is_empty() { vec![self.records[row]] } else { self.sums.iter().map(|s| s[row]).collect() }
    }
}

impl Keys {
    /// A value as a code; none where it is missing.
    fn code(&self, value: usize) -> Option<String> {
        self.values.get(value)?.first()?.as_ref().map(|v| v.code())
    }

    /// Drops values that no row has any more: those that stand `above` others, those that are missing, and all of them
    /// where a hierarchy says which there are. A category that only its total names is kept: it is a category.
    fn forget(&mut self, above: &[bool], listed: bool) {
        let used: BTreeSet<u32> = self.of.iter().copied().collect();
        let mut number = vec![0; self.values.len()];
        let mut values = Vec::new();
        for (v, value) in std::mem::take(&mut self.values).into_iter().enumerate() {
            let idle = above[v] || listed || value.iter().any(Option::is_none);
            if used.contains(&(v as u32)) || !idle {
                number[v] = values.len() as u32;
                values.push(value);
            }
        }
        self.values = values;
        self.of.iter_mut().for_each(|v| *v = number[*v as usize]);
    }
}

fn columns<'a>(classifiers: &'a [Classifier]) -> Vec<&'a str> {
    classifiers.iter().flat_map(|c| c.columns.iter().map(String::as_str)).collect()
}

/// `cells.csv:7`, or the number of the record where the format has no lines.
fn place(records: &Records, classifiers: &[Classifier], number: Option<i64>) -> String {
    let names: Vec<String> = records.sources.iter().map(|s| s.path.display().to_string()).collect();
    let file = names.join(", ");
    let Some(number) = number.map(i64::unsigned_abs) else { return file };
    match read::lines(records, &columns(classifiers), &BTreeSet::from([number])).get(&number) {
        Some(line) => format!("{file}:{line}"),
        None => format!("{file}: record {}", number + 1),
    }
}
