//! The columns of a small Parquet or Arrow file as texts, with what stands beneath their nulls.
//!
//! A null hides a number from every program that asks for the value; the number itself can stay in the file all the same.

use std::io::Cursor;

use polars::prelude::*;

use tabsafe_draft::draft::{ColumnReaders, Stored, StoredColumn};

/// Polars, for those who read drafts.
pub const COLUMN_READERS: ColumnReaders = ColumnReaders { parquet: parquet_columns, arrow: arrow_columns };

/// The columns of a Parquet file.
///
/// # Errors
/// What Polars says of it.
fn parquet_columns(bytes: &[u8]) -> Result<Vec<StoredColumn>, String> {
    let frame = ParquetReader::new(Cursor::new(bytes)).finish().map_err(|_| "it is damaged".to_owned())?;
    let mut columns = columns(&frame)?;
    // Parquet keeps no slot for a null: what stands there is left over from reading
    let cells = columns.iter_mut().flat_map(|c| &mut c.cells);
    cells.for_each(|cell| (cell.beneath, cell.covered) = (None, false));
    Ok(columns)
}

/// The columns of an Arrow IPC file.
///
/// # Errors
/// What Polars says of it.
fn arrow_columns(bytes: &[u8]) -> Result<Vec<StoredColumn>, String> {
    let frame = IpcReader::new(Cursor::new(bytes)).finish().map_err(|_| "it is damaged".to_owned())?;
    columns(&frame)
}

fn columns(frame: &DataFrame) -> Result<Vec<StoredColumn>, String> {
    let rows = frame.height();
    let mut found = Vec::new();
    for name in frame.get_column_names() {
        let series = frame.column(name).map_err(|e| e.to_string())?.as_materialized_series().clone();
        let beneath = beneath(&series);
        let mut column = StoredColumn { name: name.to_string(), ..StoredColumn::default() };
        for row in 0..rows {
            let value = series.get(row).map_err(|e| e.to_string())?;
            let (text, nested) = text(&value);
            column.nested |= nested;
            column.bytes += text.len() as u64;
            let under = beneath.get(row).copied().unwrap_or_default();
            column.cells.push(Stored { text, beneath: under.0, covered: under.1 });
        }
        found.push(column);
    }
    Ok(found)
}

/// A value as text, and whether it is no single value.
fn text(value: &AnyValue) -> (String, bool) {
    let float = |f: f64| {
        let whole = f.fract() == 0.0 && f.abs() < 1e15;
        if f.is_nan() {
            String::new()
        } else if whole {
            format!("{f:.0}")
        } else {
            f.to_string()
        }
    };
    match value {
        AnyValue::Null => (String::new(), false),
        AnyValue::String(s) => ((*s).to_owned(), false),
        AnyValue::StringOwned(s) => (s.to_string(), false),
        AnyValue::Float32(f) => (float(f64::from(*f)), false),
        AnyValue::Float64(f) => (float(*f), false),
        AnyValue::Int8(_)
        | AnyValue::Int16(_)
        | AnyValue::Int32(_)
        | AnyValue::Int64(_)
        | AnyValue::UInt8(_)
        | AnyValue::UInt16(_)
        | AnyValue::UInt32(_)
        | AnyValue::UInt64(_)
        | AnyValue::Boolean(_)
        | AnyValue::Date(_)
        | AnyValue::Time(_)
        | AnyValue::Datetime(..) => (value.to_string(), false),
        other => (other.to_string(), true),
    }
}

/// Per row, the number that stands beneath a null, and whether a text does. A zero is what blank slots are filled with.
fn beneath(series: &Series) -> Vec<(Option<f64>, bool)> {
    if series.null_count() == 0 {
        return Vec::new();
    }
    let physical = series.to_physical_repr();
    macro_rules! numbers {
        ($ca:expr) => {{
            let mut found = Vec::new();
            for array in $ca.downcast_iter() {
                for (i, value) in array.values().iter().enumerate() {
                    let valid = array.validity().is_none_or(|v| v.get_bit(i));
                    let kept = *value as f64;
                    found.push(((!valid && kept != 0.0 && !kept.is_nan()).then_some(kept), false));
                }
            }
            found
        }};
    }
    match physical.dtype() {
        DataType::Int8 => physical.i8().map(|c| numbers!(c)).unwrap_or_default(),
        DataType::Int16 => physical.i16().map(|c| numbers!(c)).unwrap_or_default(),
        DataType::Int32 => physical.i32().map(|c| numbers!(c)).unwrap_or_default(),
        DataType::Int64 => physical.i64().map(|c| numbers!(c)).unwrap_or_default(),
        DataType::UInt8 => physical.u8().map(|c| numbers!(c)).unwrap_or_default(),
        DataType::UInt16 => physical.u16().map(|c| numbers!(c)).unwrap_or_default(),
        DataType::UInt32 => physical.u32().map(|c| numbers!(c)).unwrap_or_default(),
        DataType::UInt64 => physical.u64().map(|c| numbers!(c)).unwrap_or_default(),
        DataType::Float32 => physical.f32().map(|c| numbers!(c)).unwrap_or_default(),
        DataType::Float64 => physical.f64().map(|c| numbers!(c)).unwrap_or_default(),
        DataType::String => physical.str().map(texts).unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn texts(column: &StringChunked) -> Vec<(Option<f64>, bool)> {
    let null = column.is_null();
    let views = column.downcast_iter().flat_map(|array| array.views().iter());
    views.enumerate().map(|(i, view)| (None, null.get(i) == Some(true) && view.length > 0)).collect()
}
