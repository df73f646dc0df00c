//! Parquet: the rows of tidy CSV with types, for programs that read columns.
//!
//! The one file outside `read` and `tabulate` that knows Polars: the format is written by the library that reads it.
//! A figure is a whole number, or with decimals the nearest floating point number; one that is withheld is null, and
//! nothing stands behind a null.

use std::io::{self, Write};

use polars::prelude::{Column, DataFrame, KeyValueMetadata, ParquetWriter};

use super::csv::{Columns, Field, Holds, Tidy};
use super::legend::provenance;
use crate::release::Release;

/// Writes a release as Parquet.
pub(super) fn write(release: &Release, out: &mut dyn Write) -> io::Result<()> {
    let tables = release.tables();
    let columns = Columns::of(tables, Tidy::WHOLE);
    let rows: Vec<Vec<Field>> = columns.rows(tables, Tidy::WHOLE).collect();
    let whole = tables.iter().all(|t| t.decimals() == 0);
    let mut filled: Vec<Column> = Vec::with_capacity(columns.list.len());
    for (at, column) in columns.list.iter().enumerate() {
        let fields = rows.iter().filter_map(|row| row.get(at));
        filled.push(match column.holds {
            Holds::Value if whole => Column::new(column.name.as_str().into(), fields.map(integer).collect::<Vec<_>>()),
            Holds::Value => Column::new(column.name.as_str().into(), decimals(fields)?),
            _ => Column::new(column.name.as_str().into(), fields.map(Field::text).collect::<Vec<_>>()),
        });
    }
    let mut frame = DataFrame::new(rows.len(), filled).map_err(io::Error::other)?;
    let mut bytes = Vec::new();
    let made = provenance(release).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    ParquetWriter::new(&mut bytes)
        .with_key_value_metadata(Some(KeyValueMetadata::from_static(made)))
        .finish(&mut frame)
        .map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn integer(field: &Field) -> Option<i64> {
    match field {
        Field::Value(figure) => figure.map(|f| f.value),
        Field::Text(_) => None,
    }
}

fn decimals<'a>(fields: impl Iterator<Item = &'a Field>) -> io::Result<Vec<Option<f64>>> {
    let number = |field: &Field| match field.text() {
        text if text.is_empty() => Ok(None),
        text => text.parse().map(Some).map_err(io::Error::other),
    };
    fields.map(number).collect()
}
