//! The readers of Parquet and Arrow files: any bytes are read or refused.
#![no_main]

use tabsafe_draft::draft::{ColumnReaders, Stored, StoredColumn, read_with};

/// Polars is not here: what the files say of themselves is fuzzed, their values are one.
fn one_column(_: &[u8]) -> Result<Vec<StoredColumn>, String> {
    Ok(vec![StoredColumn { name: "Cases".to_owned(), cells: vec![Stored::default()], ..StoredColumn::default() }])
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let readers = ColumnReaders { parquet: one_column, arrow: one_column };
    let _ = read_with("a.parquet", bytes.to_vec(), readers);
    let _ = read_with("a.arrow", bytes.to_vec(), readers);
});
