//! Drafted answers as they stand in a file, with Polars for what stands in columns (Parquet, Arrow). See [`tabsafe_draft::draft`].

pub use tabsafe_draft::draft::*;

use crate::read::COLUMN_READERS;

/// Reads a drafted answer. `name` is its path for messages and for its extension; `-` is standard input.
///
/// # Errors
/// A format that is not read, a damaged or protected file, one beyond the bounds, one without any text.
pub fn read(name: &str, bytes: Vec<u8>) -> Result<Document, Error> {
    read_with(name, bytes, COLUMN_READERS)
}
