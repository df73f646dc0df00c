//! Expressions as Polars takes them: each is one function of its columns, whose values [`super::run`] counts out.
//!
//! Nothing stops in the middle of a query: what goes wrong for a record is noted, the record has no value, and
//! [`Expressions::check`] refuses the whole once the query is through. So the answer does not depend on threads.

use std::sync::Arc;

use polars::prelude::*;

use crate::read::Error;
use crate::spec::{Spec, Sql};

use super::fault::Faults;
use super::run::{self, Row};
use super::tree::{Expression, Kind, Value};
use super::{Parsed, Refusal, check};
use crate::tabulate::columns::{place, refused};

/// The expressions of one query.
pub(in crate::tabulate) struct Expressions<'a> {
    spec: &'a Spec,
    schema: SchemaRef,
    used: Vec<Used>,
}

/// An expression in use: how messages call it, and what has gone wrong in it.
struct Used {
    place: String,
    by: String,
    faults: Arc<Faults>,
}

impl<'a> Expressions<'a> {
    /// For the columns of a frame.
    ///
    /// # Errors
    /// A frame whose columns can't be told.
    pub fn new(spec: &'a Spec, frame: &LazyFrame) -> Result<Expressions<'a>, Error> {
        let schema = frame.clone().collect_schema();
        let schema = schema.map_err(|_| Error::data("the columns of the records can't be read"))?;
        Ok(Expressions { spec, schema, used: Vec::new() })
    }

    /// An expression and the kind of its values.
    ///
    /// # Errors
    /// An expression that does not fit the types of its columns.
    pub fn lower(&mut self, sql: &Sql, parsed: &Parsed, by: &str) -> Result<(Expr, Kind), Error> {
        let refused = |refusal: Refusal| refused(self.spec, sql, by, refusal);
        let names = || parsed.columns.iter();
        let mut kinds = Vec::with_capacity(parsed.columns.len());
        for name in names() {
            kinds.push(kind(name, self.schema.get(name.as_str())).map_err(refused)?);
        }
        let (tree, kind) = check::check(parsed.tree.clone(), &kinds).map_err(refused)?;
        let kind = kind.ok_or_else(|| {
            refused(Refusal::new(
                "the SQL expression is NULL for every record",
                "write what it is where something is known",
            ))
        })?;
        let faults = Arc::new(Faults::default());
        let place = place(self.spec, sql);
        self.used.push(Used { place, by: by.to_owned(), faults: faults.clone() });
        let columns: Vec<Expr> = names().map(|name| Expr::Column(name.as_str().into())).collect();
        match columns.split_first() {
            Some((first, others)) => Ok((counted(tree, kind, faults, first, others), kind)),
            None => Err(refused(super::no_columns())),
        }
    }

    /// A condition.
    ///
    /// # Errors
    /// As [`Expressions::lower`]; an expression that is no condition.
    pub fn condition(&mut self, sql: &Sql, parsed: &Parsed, by: &str) -> Result<Expr, Error> {
        match self.lower(sql, parsed, by)? {
            (expr, Kind::Truth) => Ok(expr),
            (_, kind) => {
                let what = format!("{}{by} is no condition: it gives {}", place(self.spec, sql), kind.words());
                Err(Error::usage(what).with_help("a condition is true or false: age >= 10 AND area = 'North'"))
            }
        }
    }

    /// That nothing has gone wrong, once the query is through.
    ///
    /// # Errors
    /// The first expression that has no value for some record though SQL would need one.
    pub fn check(&self) -> Result<(), Error> {
        for used in &self.used {
            if let Some(fault) = used.faults.first() {
                let (what, help) = fault.words();
                return Err(Error::data(format!("{}{}: for some record {what}", used.place, used.by)).with_help(help));
            }
        }
        Ok(())
    }
}

/// What the values of a column are.
///
/// # Errors
/// Values that no expression can use.
pub(in crate::tabulate) fn kind(name: &str, found: Option<&DataType>) -> Result<Kind, Refusal> {
    match found {
        Some(DataType::Boolean) => Ok(Kind::Truth),
        Some(DataType::Int64) => Ok(Kind::Whole),
        Some(DataType::Float64) => Ok(Kind::Decimal),
        Some(DataType::String) => Ok(Kind::Text),
        Some(DataType::Date) => Ok(Kind::Day),
        Some(DataType::Datetime(_, None)) => Ok(Kind::Moment),
        Some(DataType::Datetime(_, Some(_))) => Err(Refusal::new(
            format!("column \"{name}\" holds time stamps of a time zone"),
            "write the local time, or the day, into the data",
        )),
        _ => Err(Refusal::new(
            format!("column \"{name}\" holds values that an expression can't use"),
            "texts, numbers, dates, time stamps and yes-or-no values can be used; `types` of [input] states what a column is",
        )),
    }
}

/// The expression as a function of its columns.
fn counted(tree: Expression, kind: Kind, faults: Arc<Faults>, first: &Expr, others: &[Expr]) -> Expr {
    let run = move |columns: &mut [Column]| {
        let columns = columns.iter().map(values).collect::<PolarsResult<Vec<_>>>()?;
        let rows = columns.iter().map(|c| c.rows()).max().unwrap_or(0);
        let of = |at: usize| {
            run::value(&tree, &Record { columns: &columns, at }).unwrap_or_else(|fault| {
                faults.note(fault);
                Value::Null
            })
        };
        made(kind, rows, of)
    };
    let field = move |_: &Schema, _: &[Field]| Ok(Field::new(NAME.into(), stored(kind)));
    first.clone().map_many(run, others, field).alias(NAME)
}

/// Name of the result; no column of a file can have it.
const NAME: &str = "\0sql";

impl From<Kind> for DataType {
    fn from(kind: Kind) -> DataType {
        stored(kind)
    }
}

fn stored(kind: Kind) -> DataType {
    match kind {
        Kind::Truth => DataType::Boolean,
        Kind::Whole => DataType::Int64,
        Kind::Decimal => DataType::Float64,
        Kind::Text => DataType::String,
        Kind::Day => DataType::Date,
        Kind::Moment => DataType::Datetime(TimeUnit::Nanoseconds, None),
    }
}

/// The values of a column, in one piece.
enum Values {
    Truth(BooleanChunked),
    Whole(Int64Chunked),
    Decimal(Float64Chunked),
    Text(StringChunked),
    Day(Int32Chunked),
    /// With the nanoseconds that it counts in.
    Moment(Int64Chunked, i128),
}

fn values(column: &Column) -> PolarsResult<Values> {
    let series = column.as_materialized_series().rechunk();
    Ok(match series.dtype() {
        DataType::Boolean => Values::Truth(series.bool()?.clone()),
        DataType::Int64 => Values::Whole(series.i64()?.clone()),
        DataType::Float64 => Values::Decimal(series.f64()?.clone()),
        DataType::Date => Values::Day(series.to_physical_repr().i32()?.clone()),
        DataType::Datetime(unit, None) => {
            let nanoseconds = match unit {
                TimeUnit::Nanoseconds => 1,
                TimeUnit::Microseconds => 1_000,
                TimeUnit::Milliseconds => 1_000_000,
            };
            Values::Moment(series.to_physical_repr().i64()?.clone(), nanoseconds)
        }
        _ => Values::Text(series.str()?.clone()),
    })
}

impl Values {
    fn rows(&self) -> usize {
        match self {
            Values::Truth(all) => all.len(),
            Values::Whole(all) | Values::Moment(all, _) => all.len(),
            Values::Decimal(all) => all.len(),
            Values::Text(all) => all.len(),
            Values::Day(all) => all.len(),
        }
    }

    fn value(&self, at: usize) -> Value<'_> {
        let known = match self {
            Values::Truth(all) => all.get(at).map(Value::Truth),
            Values::Whole(all) => all.get(at).map(Value::Whole),
            Values::Decimal(all) => all.get(at).filter(|x| !x.is_nan()).map(Value::Decimal),
            Values::Text(all) => all.get(at).map(|text| Value::Text(text.into())),
            Values::Day(all) => all.get(at).map(Value::Day),
            Values::Moment(all, unit) => all.get(at).map(|n| Value::Moment(i128::from(n) * unit)),
        };
        known.unwrap_or(Value::Null)
    }
}

/// The values of a column, as expressions see them; texts are copied.
pub(in crate::tabulate) fn stated(column: &Column) -> PolarsResult<Vec<Value<'static>>> {
    let all = values(column)?;
    let owned = |at: usize| match all.value(at) {
        Value::Null => Value::Null,
        Value::Truth(x) => Value::Truth(x),
        Value::Whole(x) => Value::Whole(x),
        Value::Decimal(x) => Value::Decimal(x),
        Value::Text(x) => Value::Text(x.into_owned().into()),
        Value::Day(x) => Value::Day(x),
        Value::Moment(x) => Value::Moment(x),
    };
    Ok((0..all.rows()).map(owned).collect())
}

/// A record among columns of the same length.
struct Record<'a> {
    columns: &'a [Values],
    at: usize,
}

impl<'a> Row<'a> for Record<'a> {
    fn value(&self, column: usize) -> Value<'a> {
        let Some(values) = self.columns.get(column) else { return Value::Null };
        // one value stands for all rows
        values.value(if values.rows() == 1 { 0 } else { self.at })
    }
}

/// A column of results.
fn made<'a>(kind: Kind, rows: usize, of: impl Fn(usize) -> Value<'a>) -> PolarsResult<Column> {
    let all = (0..rows).map(of);
    let series = match kind {
        Kind::Truth => {
            all.map(|v| if let Value::Truth(x) = v { Some(x) } else { None }).collect::<BooleanChunked>().into_series()
        }
        Kind::Whole => {
            all.map(|v| if let Value::Whole(x) = v { Some(x) } else { None }).collect::<Int64Chunked>().into_series()
        }
        Kind::Decimal => all
            .map(|v| if let Value::Decimal(x) = v { Some(x) } else { None })
            .collect::<Float64Chunked>()
            .into_series(),
        Kind::Text => {
            all.map(|v| if let Value::Text(x) = v { Some(x) } else { None }).collect::<StringChunked>().into_series()
        }
        Kind::Day => {
            let days: Int32Chunked = all.map(|v| if let Value::Day(x) = v { Some(x) } else { None }).collect();
            days.into_series().cast(&stored(kind))?
        }
        Kind::Moment => {
            let moments: Int64Chunked =
                all.map(|v| if let Value::Moment(x) = v { i64::try_from(x).ok() } else { None }).collect();
            moments.into_series().cast(&stored(kind))?
        }
    };
    Ok(series.with_name(NAME.into()).into_column())
}
