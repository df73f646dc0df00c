//! Parquet: columns with types of their own; only the wanted ones are read.

use std::path::{Path, PathBuf};

use polars::prelude::*;

use super::error::Error;
use super::records::Wanted;
use super::{Opened, Reader, frames};

/// Its entry in the registry.
pub(super) const READER: Reader = Reader {
    name: "Parquet",
    extensions: &["parquet", "pq"],
    about: "Apache Parquet, with types of its own; only the columns asked for are read",
    magic: b"PAR1",
    names,
    open,
};

fn names(path: &Path) -> Result<Vec<String>, Error> {
    Ok(scan(path)?.1.iter_names().map(|n| n.to_string()).collect())
}

fn open(files: &[PathBuf], wanted: &[Wanted]) -> Result<Opened, Error> {
    frames::open_typed(files, wanted, READER.name, |path| scan(path))
}

fn scan(path: &Path) -> Result<(LazyFrame, SchemaRef), Error> {
    let file = path.display();
    let shown = PlRefPath::try_from_path(path)
        .map_err(|_| Error::data(format!("{file}: the file's name is not UTF-8 text")))?;
    let args = ScanArgsParquet { glob: false, ..ScanArgsParquet::default() };
    let damaged = |_| Error::data(format!("{file}: is not a Parquet file, or is damaged"));
    let mut frame = LazyFrame::scan_parquet(shown, args).map_err(damaged)?;
    let schema = frame.collect_schema().map_err(damaged)?;
    Ok((frame, schema))
}
