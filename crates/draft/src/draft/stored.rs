//! Columns of files that a library for data frames reads: Parquet and Arrow IPC. The library is the caller's.

/// A cell of a column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stored {
    /// As programs print it; blank for a null.
    pub text: String,
    /// The number that the file keeps beneath a null.
    pub beneath: Option<f64>,
    /// The file keeps a text beneath a null.
    pub covered: bool,
}

/// A column.
#[derive(Clone, Debug, Default)]
pub struct StoredColumn {
    /// Its name.
    pub name: String,
    /// Its cells.
    pub cells: Vec<Stored>,
    /// It holds lists, records or the like, not single values.
    pub nested: bool,
    /// Bytes of all its texts.
    pub bytes: u64,
}

/// What makes columns of the bytes of a file, or says why it can't.
pub type ReadColumns = fn(&[u8]) -> Result<Vec<StoredColumn>, String>;

/// The caller's readers of columns. They may panic on a damaged file; the readers of drafts see to that.
#[derive(Clone, Copy, Debug)]
pub struct ColumnReaders {
    /// Of a Parquet file.
    pub parquet: ReadColumns,
    /// Of an Arrow IPC file.
    pub arrow: ReadColumns,
}

impl ColumnReaders {
    /// For a caller that has no such files: they are refused.
    pub(super) const NONE: ColumnReaders = ColumnReaders { parquet: refused, arrow: refused };
}

fn refused(_: &[u8]) -> Result<Vec<StoredColumn>, String> {
    Err("no reader of columns is at hand".to_owned())
}
