//! What the values of a column look like, for a suggestion of categories or bands. No record can be told from it: only
//! values that many records share are handed out, and a few quantiles of numbers.

use polars::prelude::*;

use crate::spec::ColumnType;

use super::Error;
use super::fence::collected;
use super::records::{Column, Records};

/// More different values than this are not counted one by one.
const FEW: u64 = 24;
/// The shares at which numbers are cut.
const SHARES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// What the values of a column look like.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// How many values are missing.
    pub missing: u64,
    /// How many different values there are.
    pub distinct: u64,
    /// Each value with the number of its records, where they are few; in the order of the values.
    pub counts: Vec<(String, u64)>,
    /// For numbers: the smallest, those below which 5, 25, 50, 75 and 95 percent lie, and the largest.
    pub quantiles: Vec<f64>,
}

/// Looks at one column of the records.
///
/// # Errors
/// Values that can't be read.
pub fn profile(records: &Records, column: &Column) -> Result<Profile, Error> {
    let unreadable = |_| Error::data(format!("the values of column \"{}\" can't be read", column.name));
    let values = || Expr::Column(column.name.as_str().into());
    let number = matches!(column.kind, ColumnType::Integer | ColumnType::Decimal);
    let mut asked = vec![
        values().is_null().sum().cast(DataType::Int64).alias("missing"),
        values().drop_nulls().n_unique().cast(DataType::Int64).alias("distinct"),
    ];
    if number {
        let numbers = || values().cast(DataType::Float64);
        asked.push(numbers().min().alias("q0"));
        let quantile = |(i, share): (usize, &f64)| {
            numbers().quantile(lit(*share), QuantileMethod::Nearest).alias(format!("q{}", i + 1))
        };
        asked.extend(SHARES.iter().enumerate().map(quantile));
        asked.push(numbers().max().alias(format!("q{}", SHARES.len() + 1)));
    }
    let table = collected(records.frame.clone().select(asked)).map_err(unreadable)?;
    let whole = |name: &str| -> PolarsResult<u64> { Ok(table.column(name)?.i64()?.get(0).unwrap_or(0).unsigned_abs()) };
    let double = |i: usize| -> PolarsResult<Option<f64>> { Ok(table.column(&format!("q{i}"))?.f64()?.get(0)) };
    let mut found = Profile {
        missing: whole("missing").map_err(unreadable)?,
        distinct: whole("distinct").map_err(unreadable)?,
        ..Profile::default()
    };
    if number {
        let all: PolarsResult<Vec<Option<f64>>> = (0..SHARES.len() + 2).map(double).collect();
        found.quantiles = all.map_err(unreadable)?.into_iter().flatten().collect();
    }
    if found.distinct <= FEW {
        let query = records.frame.clone().filter(values().is_not_null()).group_by([values().alias("value")]);
        let counted = query.agg([len().cast(DataType::Int64).alias("records")]);
        let counted = counted.sort(["value"], SortMultipleOptions::default());
        let table =
            collected(counted.select([col("value").cast(DataType::String), col("records")])).map_err(unreadable)?;
        found.counts = counts(&table).map_err(unreadable)?;
    }
    Ok(found)
}

fn counts(table: &DataFrame) -> PolarsResult<Vec<(String, u64)>> {
    let (values, records) = (table.column("value")?.str()?, table.column("records")?.i64()?);
    let pairs = values.iter().zip(records.iter());
    Ok(pairs.filter_map(|(v, n)| Some((v?.to_owned(), n?.unsigned_abs()))).collect())
}
