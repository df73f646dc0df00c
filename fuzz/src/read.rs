//! What the readers of drafts take from the room `read`.

#[path = "../../src/read/encoding.rs"]
mod encoding;
#[path = "../../src/read/error.rs"]
mod error;
#[path = "../../src/read/csv/sniff.rs"]
mod sniff;

pub(crate) use encoding::text_of;
pub use error::Error;
pub(crate) use sniff::delimiter;

/// A cell of a column, as the product has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Stored {
    pub text: String,
    pub beneath: Option<f64>,
    pub covered: bool,
}

/// A column, as the product has it.
#[derive(Clone, Debug, Default)]
pub(crate) struct StoredColumn {
    pub name: String,
    pub cells: Vec<Stored>,
    pub nested: bool,
    pub bytes: u64,
}

/// Polars is not here: what the files say of themselves is fuzzed, their values are one.
pub(crate) fn parquet_columns(_: &[u8]) -> Result<Vec<StoredColumn>, String> {
    Ok(vec![StoredColumn { name: "Cases".to_owned(), cells: vec![Stored::default()], ..StoredColumn::default() }])
}

/// As [`parquet_columns`].
pub(crate) fn arrow_columns(bytes: &[u8]) -> Result<Vec<StoredColumn>, String> {
    parquet_columns(bytes)
}
