//! One streaming query: the records that the release is about, counted by everything that tells them apart.

use std::collections::HashMap;

use polars::prelude::*;

use crate::read::{self, Error, Place, Records};
use crate::spec::{Band, Classes, ColumnType, Spec, TotalRows};

use super::classify::{Classifier, Kind, Made, column};
use super::columns::parse;
use super::keys::Keys as RecordKeys;
use super::sql::Expressions;
use super::value::Value;

/// What the query gives, a row for each group.
pub(super) struct Grouped {
    /// How many records of the files are kept.
    pub rows: u64,
    /// Per classifier, the values of each row.
    pub keys: Vec<Keys>,
    /// Records in each row (cases, where a column counts them).
    pub records: Vec<i64>,
    /// The person or contributor of each row, where that is needed; `None` inside is a person who is not named.
    pub person: Option<Vec<Option<Value>>>,
    /// Per sum, its amount in each row.
    pub sums: Vec<Vec<i64>>,
    /// Whether some record of each row belongs to somebody who has asked for protection, where that is said.
    pub asked: Option<Vec<bool>>,
    /// How many records of the files are in each row.
    pub each: Vec<i64>,
    /// Number of the first record in each row, from 0, where rows of totals are looked for.
    pub first: Option<Vec<i64>>,
    /// The weights of the records in each row, where withheld cells cost what these say; else empty.
    pub weights: Vec<i64>,
    /// The sum of the keys of the records in each row, where keys are asked for.
    pub record_keys: Option<Vec<u128>>,
}

/// The values of a classifier: each once, and which of them each row has.
pub(super) struct Keys {
    /// The values found, with a part for each nested column; `None` is missing.
    pub values: Vec<Vec<Option<Value>>>,
    /// Per row, the index of its value.
    pub of: Vec<u32>,
}

/// The columns that are added up, each with its decimals.
pub(super) struct Amounts<'a> {
    /// Those that tables sum.
    pub sums: &'a [(String, u32)],
    /// Weights, which no table shows.
    pub weight: Option<(&'a str, u32)>,
}

/// The largest amount that all records together may reach, so that no total of any table overflows.
const MOST: f64 = 4e18;
/// What to do about decimals that would be lost.
const KEEP: &str = "round the numbers in the data, or say in a specification how many to keep: measure = { sum = \"…\", decimals = 3 }";
/// Name of the aggregate that says whether somebody has asked for protection.
const ASKED: &str = "\0asked";
/// Name of the aggregate that counts cases.
pub(super) const COUNT: &str = "count";
/// Name of the aggregate of weights.
const WEIGHT: &str = "weight";
/// Below this every whole number has its own double.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// Groups the kept records by every classifier and, where asked for, by person; sums the columns of `amounts`.
pub(super) fn group(
    spec: &Spec,
    records: &Records,
    classifiers: &[Classifier],
    who: Option<&str>,
    amounts: &Amounts,
    record_keys: Option<&RecordKeys>,
) -> Result<Grouped, Error> {
    let mut frame = records.frame.clone();
    let numbered = spec.input.total_rows != TotalRows::Records;
    if numbered {
        frame = frame.with_row_index(NUMBER, None);
    }
    let mut sql_of = Expressions::new(spec, &frame)?;
    if let Some(sql) = &spec.input.filter {
        let by = "`where` of [input]";
        frame = frame.filter(sql_of.condition(sql, &parse(spec, sql, by)?, by)?);
    }
    let (mut columns, mut by) = (Vec::new(), Vec::new());
    for (c, classifier) in classifiers.iter().enumerate() {
        for (part, expr) in classifier.exprs.iter().enumerate() {
            columns.push(key(&mut sql_of, &frame, classifier, expr)?.alias(key_name(c, part)));
            by.push(col(key_name(c, part)));
        }
    }
    if let Some(name) = who {
        columns.push(column(name).cast(DataType::String).alias("person"));
        by.push(col("person"));
    }
    let mut aggregates = vec![len().cast(DataType::Int64).alias("rows")];
    if let Some(sql) = spec.input.request.as_ref().filter(|_| who.is_some()) {
        let by = "`request` of [input]";
        let expr = sql_of.condition(sql, &parse(spec, sql, by)?, by)?;
        columns.push(when(expr).then(lit(1i64)).otherwise(lit(0i64)).cast(DataType::Int64).alias(ASKED));
        aggregates.push(col(ASKED).max());
    }
    if numbered {
        columns.push(col(NUMBER).cast(DataType::Int64));
        aggregates.push(col(NUMBER).min());
    }
    if let Some(name) = &spec.input.count {
        let count = Amount::new(records, name, 0, COUNT.to_owned(), "counts cases")?;
        columns.extend(count.columns());
        aggregates.extend(count.aggregates());
    }
    for (s, (name, decimals)) in amounts.sums.iter().enumerate() {
        let sum = Amount::new(records, name, *decimals, sum_name(s), "is summed")?;
        columns.extend(sum.columns());
        aggregates.extend(sum.aggregates());
    }
    if let Some((name, decimals)) = amounts.weight {
        let weight = Amount::new(records, name, decimals, WEIGHT.to_owned(), "says what withheld cells cost")?;
        columns.extend(weight.columns());
        aggregates.extend(weight.aggregates());
    }
    columns.extend(record_keys.iter().flat_map(|keys| keys.columns()));
    aggregates.extend(record_keys.iter().flat_map(|keys| keys.aggregates()));
    // A selection of nothing would have no rows to count.
    let rows = if columns.is_empty() { frame } else { frame.select(columns) };
    let rows = match record_keys {
        Some(keys) => rows.with_columns(keys.limbs()),
        None => rows,
    };
    let query = if by.is_empty() { rows.select(aggregates) } else { rows.group_by(by).agg(aggregates) };
    let table = read::collected(query);
    sql_of.check()?;
    let table = table.map_err(|_| unreadable(records))?;
    let grouped = taken_apart(spec, records, &table, classifiers, who.is_some(), amounts)?;
    let record_keys = record_keys.filter(|_| grouped.rows > 0).map(|keys| keys.read(&table)).transpose()?;
    Ok(Grouped { record_keys, ..grouped })
}

/// Column of the records' numbers; no file can have it, because a name in a file holds no NUL.
const NUMBER: &str = "\0number";

fn key_name(classifier: usize, part: usize) -> String {
    format!("key{classifier}_{part}")
}

fn sum_name(sum: usize) -> String {
    format!("sum{sum}")
}

// The text of a Polars error may show values: it is not passed on.
fn unreadable(records: &Records) -> Error {
    let files: Vec<String> = records.sources.iter().map(|s| s.path.display().to_string()).collect();
    Error::data(format!(
        "{}: the records can't be classified: some value can't be read as the type of its column, or the file is damaged",
        files.join(", ")
    ))
    .with_help("state the types of columns in the specification: types = { code = \"text\" }")
}

/// What a classifier is grouped by: its value as it is, the index of its band, or whether its filter holds.
fn key(sql_of: &mut Expressions, frame: &LazyFrame, classifier: &Classifier, made: &Made) -> Result<Expr, Error> {
    let (expr, found) = match (classifier.kind, made) {
        (Kind::Filter(_), Made::Sql(sql, parsed)) => {
            let holds = sql_of.condition(sql, parsed, &classifier.name)?;
            return Ok(when(holds).then(lit(0i64)).otherwise(lit(1i64)).cast(DataType::Int64));
        }
        (_, Made::Sql(sql, parsed)) => {
            let (expr, kind) = sql_of.lower(sql, parsed, &format!("variable `{}`", classifier.name))?;
            (expr, kind.into())
        }
        (_, Made::Column(name)) => (column(name), kind_of(frame, &column(name), &classifier.name)?),
    };
    let Kind::Variable(_, variable) = classifier.kind else {
        return Err(Error::internal("a filter is made from a column"));
    };
    match &variable.classes {
        Classes::Bands(bands) if found.is_numeric() => {
            Ok(band_of(expr.cast(DataType::Float64), bands).cast(DataType::Int64))
        }
        Classes::Bands(_) => Err(Error::usage(format!("variable `{}` has bands but is no number", variable.name))),
        _ => plain(expr, &found).ok_or_else(|| {
            Error::usage(format!("variable `{}`: its values can't be categories", variable.name))
                .with_help("numbers, texts, dates and yes-or-no values can")
        }),
    }
}

/// A value as text, whole number or decimal.
fn plain(expr: Expr, found: &DataType) -> Option<Expr> {
    match found {
        t if t.is_integer() => Some(expr.cast(DataType::Int64)),
        t if t.is_float() => Some(expr.cast(DataType::Float64)),
        DataType::String | DataType::Boolean | DataType::Date | DataType::Null => Some(expr.cast(DataType::String)),
        _ => None,
    }
}

/// The index of the band that a number falls in, -1 for none.
fn band_of(number: Expr, bands: &[Band]) -> Expr {
    let none = when(number.clone().is_null().or(number.clone().is_nan())).then(lit(NULL)).otherwise(lit(-1i64));
    bands.iter().enumerate().rev().fold(none, |rest, (i, band)| {
        let from = band.from.map_or(lit(true), |from| number.clone().gt_eq(lit(from)));
        let to = band.to.map_or(number.clone().is_not_nan(), |to| number.clone().lt_eq(lit(to)));
        when(from.and(to)).then(lit(i as i64)).otherwise(rest)
    })
}

fn kind_of(frame: &LazyFrame, expr: &Expr, by: &str) -> Result<DataType, Error> {
    let schema = frame.clone().select([expr.clone().alias("value")]).collect_schema();
    let found = schema.ok().and_then(|s| s.get("value").cloned());
    found.ok_or_else(|| Error::usage(format!("{by}: its column can't be read")))
}

/// A column of numbers that is added up.
struct Amount {
    name: String,
    /// The number in units of its last decimal, as a double.
    double: Expr,
    /// The same as a whole number.
    whole: Expr,
    exact: bool,
}

impl Amount {
    fn new(records: &Records, from: &str, decimals: u32, name: String, use_: &str) -> Result<Amount, Error> {
        let kind = records.column(from).map(|c| c.kind);
        let exact = match kind {
            Some(ColumnType::Integer) => true,
            Some(ColumnType::Decimal) => false,
            _ => return Err(Error::usage(format!("column \"{from}\" {use_} but holds no numbers"))),
        };
        let Some(unit) = 10i64.checked_pow(decimals) else {
            return Err(Error::usage(format!("column \"{from}\": {decimals} decimals are more than can be kept")));
        };
        let double = column(from).cast(DataType::Float64) * lit(unit as f64);
        let whole = match exact {
            true => column(from).cast(DataType::Int64) * lit(unit),
            false => double.clone().round(0, RoundMode::HalfToEven).cast(DataType::Int64),
        };
        Ok(Amount { name, double, whole, exact })
    }

    fn columns(&self) -> Vec<Expr> {
        let off = match self.exact {
            true => lit(0.0),
            false => {
                // A double that has been multiplied is off by some of its last bits.
                let rounded = self.double.clone().round(0, RoundMode::HalfToEven);
                (self.double.clone() - rounded).abs() - self.double.clone().abs() * lit(1e-15)
            }
        };
        let named = |part: &str| format!("{}{part}", self.name);
        vec![self.whole.clone().alias(named("")), self.double.clone().alias(named("_double")), off.alias(named("_off"))]
    }

    fn aggregates(&self) -> Vec<Expr> {
        let part = |part: &str| col(format!("{}{part}", self.name));
        let named = |part: &str| format!("{}{part}", self.name);
        vec![
            part("").sum().alias(named("")),
            part("_double").is_null().sum().cast(DataType::Int64).alias(named("_missing")),
            part("_double").min().alias(named("_least")),
            part("_double").abs().max().alias(named("_most")),
            part("_double").abs().sum().alias(named("_all")),
            part("_off").max().alias(named("_off")),
        ]
    }
}

/// The amounts of each group, checked.
fn amounts(table: &DataFrame, records: &Records, name: &str, from: &str, decimals: u32) -> Result<Vec<i64>, Error> {
    let missing: i64 = wholes(table, &format!("{name}_missing"))?.iter().sum();
    let survey = records.column(from).and_then(|c| c.survey.as_ref());
    let first = |place: Option<&Place>| place.map(|p| format!("; the first stands in {p}")).unwrap_or_default();
    if missing > 0 {
        let (s, have) = if missing == 1 { ("", "has") } else { ("s", "have") };
        let place = first(survey.and_then(|s| s.first_missing.as_ref()));
        return Err(Error::data(format!("column \"{from}\": {missing} record{s} {have} no number{place}"))
            .with_help("fill in the numbers, or leave these records out"));
    }
    let part = |part: &str| doubles(table, &format!("{name}{part}"));
    if part("_least")?.into_iter().any(|x| x < 0.0) {
        let place = first(survey.and_then(|s| s.first_negative.as_ref()));
        return Err(Error::data(format!("column \"{from}\" holds negative numbers{place}"))
            .with_help("what can be negative can't be protected by its margins: put it right, or leave it out"));
    }
    let all: f64 = part("_all")?.iter().sum();
    let most = part("_most")?.into_iter().fold(0.0, f64::max);
    let exact = records.column(from).is_some_and(|c| c.kind == ColumnType::Integer);
    if all.is_nan() || all > MOST || (!exact && most > WHOLE) {
        return Err(Error::data(format!("column \"{from}\": the numbers are too large to be added up exactly"))
            .with_help("keep fewer decimals, or sum in a larger unit"));
    }
    if part("_off")?.into_iter().any(|x| x > 1e-7) {
        let place = first(survey.and_then(|s| s.decimals.as_ref()).map(|(_, place)| place));
        let (what, help) = match decimals {
            _ if name == COUNT => ("are not whole".to_owned(), "a count is a whole number; sum amounts instead"),
            0 => ("are not whole".to_owned(), KEEP),
            n => (format!("have more than {n} decimals"), KEEP),
        };
        return Err(Error::data(format!("column \"{from}\": some numbers {what}{place}")).with_help(help));
    }
    wholes(table, name)
}

/// From the query's table to plain columns.
fn taken_apart(
    spec: &Spec,
    records: &Records,
    table: &DataFrame,
    classifiers: &[Classifier],
    by_person: bool,
    added: &Amounts,
) -> Result<Grouped, Error> {
    let each = wholes(table, "rows")?;
    let kept: i64 = each.iter().sum();
    let first = match spec.input.total_rows {
        TotalRows::Records => None,
        TotalRows::Checked | TotalRows::Refused => Some(wholes(table, NUMBER)?),
    };
    let mut keys = Vec::new();
    for (c, classifier) in classifiers.iter().enumerate() {
        let parts: Vec<Vec<Option<Value>>> =
            (0..classifier.exprs.len()).map(|p| values(table, &key_name(c, p))).collect::<Result<_, _>>()?;
        keys.push(Keys::new(&parts, table.height()));
    }
    let person = if by_person { Some(values(table, "person")?) } else { None };
    let asked = spec.input.request.as_ref().filter(|_| by_person).map(|_| wholes(table, ASKED)).transpose()?;
    let nothing = kept == 0;
    let counts = match &spec.input.count {
        Some(name) if !nothing => amounts(table, records, COUNT, name, 0)?,
        _ => each.clone(),
    };
    let mut totals = Vec::new();
    for (s, (name, decimals)) in added.sums.iter().enumerate().filter(|_| !nothing) {
        totals.push(amounts(table, records, &sum_name(s), name, *decimals)?);
    }
    let weights = match added.weight.filter(|_| !nothing) {
        Some((name, decimals)) => amounts(table, records, WEIGHT, name, decimals)
            .map_err(|e| e.with_help(format!("a weight is 0 or more, with at most {decimals} decimals")))?,
        None => Vec::new(),
    };
    Ok(Grouped {
        rows: kept.unsigned_abs(),
        keys,
        records: counts,
        person,
        sums: totals,
        asked: asked.map(|all| all.into_iter().map(|n| n > 0).collect()),
        each,
        first,
        weights,
        record_keys: None,
    })
}

impl Keys {
    fn new(parts: &[Vec<Option<Value>>], rows: usize) -> Keys {
        let mut known: HashMap<Vec<Option<Value>>, u32> = HashMap::new();
        let mut keys = Keys { values: Vec::new(), of: Vec::with_capacity(rows) };
        for row in 0..rows {
            let value: Vec<Option<Value>> = parts.iter().map(|p| p[row].clone()).collect();
            let next = keys.values.len() as u32;
            let index = *known.entry(value).or_insert_with_key(|value| {
                keys.values.push(value.clone());
                next
            });
            keys.of.push(index);
        }
        keys
    }
}

fn internal(_: PolarsError) -> Error {
    Error::internal("the grouped records have not the columns that were asked for")
}

pub(super) fn wholes(table: &DataFrame, name: &str) -> Result<Vec<i64>, Error> {
    let column = table.column(name).map_err(internal)?;
    Ok(column.i64().map_err(internal)?.iter().map(|x| x.unwrap_or(0)).collect())
}

fn doubles(table: &DataFrame, name: &str) -> Result<Vec<f64>, Error> {
    let column = table.column(name).map_err(internal)?;
    Ok(column.f64().map_err(internal)?.iter().map(|x| x.unwrap_or(0.0)).collect())
}

fn values(table: &DataFrame, name: &str) -> Result<Vec<Option<Value>>, Error> {
    let column = table.column(name).map_err(internal)?;
    match column.dtype() {
        DataType::Int64 => Ok(column.i64().map_err(internal)?.iter().map(|x| x.map(Value::Whole)).collect()),
        DataType::Float64 => Ok(column.f64().map_err(internal)?.iter().map(|x| x.and_then(Value::decimal)).collect()),
        _ => Ok(column.str().map_err(internal)?.iter().map(|x| x.and_then(Value::text)).collect()),
    }
}
