//! What the readers share about Polars frames: types, stacking of files, formats that carry types of their own.

use std::path::PathBuf;

use polars::prelude::*;

use crate::spec::ColumnType;

use super::Error;
use super::Opened;
use super::fence::collected;
use super::files::fingerprint;
use super::names;
use super::records::{Column, Wanted};

/// A column that a text format read as [`ColumnType`] demands: an empty text is missing, a date becomes one.
pub(super) fn typed(column: Expr, kind: ColumnType) -> Expr {
    match kind {
        ColumnType::Text => empty_is_missing(column),
        ColumnType::Date => date(empty_is_missing(column)),
        ColumnType::Integer | ColumnType::Decimal => column,
    }
}

fn empty_is_missing(text: Expr) -> Expr {
    when(text.clone().eq(lit(""))).then(lit(NULL)).otherwise(text)
}

fn date(text: Expr) -> Expr {
    let options = StrptimeOptions { format: Some("%Y-%m-%d".into()), strict: true, exact: true, cache: true };
    text.str().to_date(options)
}

/// The frames of several files one below the other.
pub(super) fn stack(mut frames: Vec<LazyFrame>) -> Result<LazyFrame, Error> {
    match (frames.len(), frames.pop()) {
        (1, Some(only)) => Ok(only),
        (_, Some(last)) => {
            frames.push(last);
            concat(frames, UnionArgs::default()).map_err(|_| Error::internal("the files could not be stacked"))
        }
        (_, None) => Err(Error::usage("no input file is named")),
    }
}

/// Checks that all files have the same columns, in any order.
///
/// # Errors
/// The first file that differs from the first one, and in which columns.
pub(super) fn same_columns(files: &[(&str, &[String])]) -> Result<(), Error> {
    let Some(((first, columns), others)) = files.split_first() else { return Ok(()) };
    let lacking = |of: &[String], there: &[String]| -> Vec<String> {
        there.iter().filter(|c| !of.contains(c)).cloned().collect()
    };
    for (file, names) in others {
        let (less, more) = (lacking(names, columns), lacking(columns, names));
        let part = |what: &str, names: &[String]| format!("{what} {}", names::quoted(names, ", "));
        let differ = match (less.as_slice(), more.as_slice()) {
            ([], []) => continue,
            (less, []) => part("lacks", less),
            ([], more) => part("also has", more),
            (less, more) => format!("{}; {}", part("lacks", less), part("also has", more)),
        };
        return Err(Error::data(format!("{file} has not the columns of {first}: it {differ}"))
            .with_help("all files of one input must have the same columns"));
    }
    Ok(())
}

/// Opens files of a format that carries types, each scanned by `scan`.
pub(super) fn open_typed(
    files: &[PathBuf],
    wanted: &[Wanted],
    format: &'static str,
    scan: impl Fn(&PathBuf) -> Result<(LazyFrame, SchemaRef), Error>,
) -> Result<Opened, Error> {
    let mut scans = Vec::new();
    for path in files {
        let (frame, schema) = scan(path)?;
        let names: Vec<String> = schema.iter_names().map(|n| n.to_string()).collect();
        scans.push((path.display().to_string(), frame, schema, names));
    }
    same_columns(&scans.iter().map(|(f, _, _, n)| (f.as_str(), n.as_slice())).collect::<Vec<_>>())?;
    let available = scans.first().map(|(_, _, _, names)| names.clone()).unwrap_or_default();
    let targets: Vec<Target> = wanted.iter().map(|w| target(w, &scans)).collect::<Result<_, _>>()?;
    let mut frames = Vec::new();
    let mut rows = 0;
    for (file, frame, schema, _) in scans {
        rows += height(&file, &frame)?;
        let mut columns = Vec::new();
        for (wanted, target) in wanted.iter().zip(&targets) {
            let from = schema.get(wanted.name.as_str()).unwrap_or(&DataType::Null);
            check_values(&file, &frame, wanted, from, target)?;
            columns.push(convert(col(wanted.name.as_str()), from, target).alias(wanted.name.as_str()));
        }
        frames.push(frame.select(columns));
    }
    let sources = files.iter().map(|f| fingerprint(f, format)).collect::<Result<_, _>>()?;
    let column = |(w, t): (&Wanted, &Target)| Column { name: w.name.clone(), kind: t.kind, survey: None };
    let columns = wanted.iter().zip(&targets).map(column).collect();
    Ok(Opened { frame: stack(frames)?, columns, available, rows, sources, notes: Vec::new() })
}

/// The type that a column is to have in the frame.
struct Target {
    kind: ColumnType,
    dtype: DataType,
}

/// The type over all files: as stated, else as stored.
fn target(wanted: &Wanted, scans: &[(String, LazyFrame, SchemaRef, Vec<String>)]) -> Result<Target, Error> {
    let mut target: Option<(&str, Target)> = None;
    for (file, _, schema, names) in scans {
        let Some(from) = schema.get(wanted.name.as_str()) else {
            return Err(names::missing(file, names, wanted));
        };
        let this = target_of(file, wanted, from)?;
        target = match target {
            Some((first, before)) if before.dtype != this.dtype => {
                let number = |t: &Target| matches!(t.kind, ColumnType::Integer | ColumnType::Decimal);
                if !number(&before) || !number(&this) {
                    let name = &wanted.name;
                    return Err(Error::data(format!("column \"{name}\" has another type in {file} than in {first}"))
                        .with_help("state its type in the specification"));
                }
                Some((first, Target { kind: ColumnType::Decimal, dtype: DataType::Float64 }))
            }
            Some(before) => Some(before),
            None => Some((file, this)),
        };
    }
    target.map(|(_, t)| t).ok_or_else(|| Error::usage("no input file is named"))
}

fn target_of(file: &str, wanted: &Wanted, from: &DataType) -> Result<Target, Error> {
    let name = &wanted.name;
    let stored = match from {
        t if t.is_integer() => Target { kind: ColumnType::Integer, dtype: DataType::Int64 },
        t if t.is_float() || t.is_decimal() => Target { kind: ColumnType::Decimal, dtype: DataType::Float64 },
        DataType::Date => Target { kind: ColumnType::Date, dtype: DataType::Date },
        DataType::Boolean | DataType::Datetime(..) => Target { kind: ColumnType::Text, dtype: from.clone() },
        DataType::String | DataType::Null => Target { kind: ColumnType::Text, dtype: DataType::String },
        t if t.is_categorical() || t.is_enum() => Target { kind: ColumnType::Text, dtype: DataType::String },
        other => {
            return Err(Error::data(format!(
                "{file}: column \"{name}\" holds values of a type that can't be used: {other}"
            ))
            .with_help("columns of text, numbers, dates and booleans can be used"));
        }
    };
    let is_number = |t: &Target| matches!(t.kind, ColumnType::Integer | ColumnType::Decimal);
    let wrong =
        |what: &str| Err(Error::data(format!("{file}: column \"{name}\" is stored as {from}, which is no {what}")));
    let chosen = match wanted.stated {
        None => stored,
        Some(ColumnType::Text) => Target { kind: ColumnType::Text, dtype: DataType::String },
        Some(ColumnType::Date) if is_number(&stored) || *from == DataType::Boolean => return wrong("date"),
        Some(ColumnType::Date) => Target { kind: ColumnType::Date, dtype: DataType::Date },
        Some(_) if !is_number(&stored) && stored.dtype != DataType::String => return wrong("number"),
        Some(ColumnType::Integer) => Target { kind: ColumnType::Integer, dtype: DataType::Int64 },
        Some(ColumnType::Decimal) => Target { kind: ColumnType::Decimal, dtype: DataType::Float64 },
    };
    if wanted.number && !is_number(&chosen) && *from != DataType::Null {
        let by = if wanted.by.is_empty() { "this use" } else { &wanted.by };
        let what = format!("{file}: column \"{name}\" is stored as {from}, but {by} needs numbers");
        return Err(Error::data(what).with_help("if it holds numbers as text, state its type in the specification"));
    }
    Ok(chosen)
}

/// The column under its new type. A value that is no number (NaN) is missing, as is an empty text.
fn convert(column: Expr, from: &DataType, to: &Target) -> Expr {
    let column = match from {
        t if t.is_float() => column.fill_nan(lit(NULL)),
        DataType::String => empty_is_missing(column),
        t if t.is_categorical() || t.is_enum() => empty_is_missing(column.cast(DataType::String)),
        _ => column,
    };
    match (&to.dtype, from) {
        (to, from) if to == from => column,
        (DataType::Date, DataType::String) => date(column),
        (to, _) => column.strict_cast(to.clone()),
    }
}

/// Counts the values that a stated type would lose, before the query does.
fn check_values(file: &str, frame: &LazyFrame, wanted: &Wanted, from: &DataType, to: &Target) -> Result<(), Error> {
    let column = col(wanted.name.as_str());
    let text = empty_is_missing(column.clone());
    let (bad, what) = match (to.kind, from) {
        (ColumnType::Integer, t) if t.is_float() || t.is_decimal() => {
            let number = column.cast(DataType::Float64).fill_nan(lit(NULL));
            let whole = number.clone().round(0, RoundMode::default()).eq(number.clone());
            (whole.and(number.abs().lt(lit(MAX_WHOLE))).not(), "a whole number")
        }
        (ColumnType::Integer, t) if t.is_integer() && *t != DataType::UInt64 && *t != DataType::Int128 => return Ok(()),
        (ColumnType::Integer, DataType::String) => (lost(&text, text.clone().cast(DataType::Int64)), "a whole number"),
        (ColumnType::Integer, _) => (lost(&column, column.clone().cast(DataType::Int64)), "a whole number below 2^63"),
        (ColumnType::Decimal, DataType::String) => (lost(&text, text.clone().cast(DataType::Float64)), "a number"),
        (ColumnType::Date, DataType::String) => {
            let options = StrptimeOptions { format: Some("%Y-%m-%d".into()), strict: false, exact: true, cache: true };
            (lost(&text, text.clone().str().to_date(options)), "a date (year-month-day, 2015-07-16)")
        }
        _ => return Ok(()),
    };
    let count = frame.clone().select([bad.sum().cast(DataType::Int64).alias("bad")]);
    let frame = collected(count).map_err(|_| unreadable_values(file, wanted))?;
    let bad = frame.column("bad").and_then(|c| c.i64().map(|c| c.get(0).unwrap_or(0)));
    match bad.map_err(|_| unreadable_values(file, wanted))? {
        0 => Ok(()),
        1 => Err(Error::data(format!("{file}: column \"{}\": one value is not {what}", wanted.name))),
        n => Err(Error::data(format!("{file}: column \"{}\": {n} values are not {what}", wanted.name))),
    }
}

/// Below this every whole number has its own double.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

fn lost(before: &Expr, after: Expr) -> Expr {
    before.clone().is_not_null().and(after.is_null())
}

fn unreadable_values(file: &str, wanted: &Wanted) -> Error {
    Error::data(format!("{file}: the values of column \"{}\" can't be read", wanted.name))
}

/// The number of records, from what the format says of itself.
fn height(file: &str, frame: &LazyFrame) -> Result<u64, Error> {
    let fault = |_| Error::data(format!("{file}: the records can't be counted; the file may be damaged"));
    let counted = frame.clone().select([len().cast(DataType::Int64).alias("rows")]);
    let counted = collected(counted).map_err(fault)?;
    let rows = counted.column("rows").and_then(|c| c.i64().map(|c| c.get(0).unwrap_or(0))).map_err(fault)?;
    Ok(rows.unsigned_abs())
}
