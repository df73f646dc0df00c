//! Parquet and Arrow IPC: columns with types of their own; only the wanted ones are read. They differ in how a file is
//! scanned and in nothing else.

use std::path::{Path, PathBuf};

use polars::prelude::*;

use super::Error;
use super::fence::guarded;
use super::records::Wanted;
use super::{Opened, Reader, frames};

const PARQUET_NAME: &str = "Parquet";
const IPC_NAME: &str = "Arrow IPC";

/// Parquet's entry in the registry.
pub(super) const PARQUET: Reader = Reader {
    name: PARQUET_NAME,
    extensions: &["parquet", "pq"],
    about: "Apache Parquet, with types of its own; only the columns asked for are read",
    magic: b"PAR1",
    names: |path| names(path, PARQUET_NAME, scan_parquet),
    open: |files, wanted| open(files, wanted, PARQUET_NAME, scan_parquet),
    lines: None,
};

/// Arrow IPC's entry in the registry: the file format, also called Feather 2.
pub(super) const IPC: Reader = Reader {
    name: IPC_NAME,
    extensions: &["arrow", "ipc", "feather"],
    about: "Arrow IPC file format (Feather 2), with types of its own; only the columns asked for are read",
    magic: b"ARROW1",
    names: |path| names(path, IPC_NAME, scan_ipc),
    open: |files, wanted| open(files, wanted, IPC_NAME, scan_ipc),
    lines: None,
};

/// Sets up the scan of a file.
type Scan = fn(PlRefPath) -> PolarsResult<LazyFrame>;

fn scan_parquet(path: PlRefPath) -> PolarsResult<LazyFrame> {
    LazyFrame::scan_parquet(path, ScanArgsParquet { glob: false, ..ScanArgsParquet::default() })
}

fn scan_ipc(path: PlRefPath) -> PolarsResult<LazyFrame> {
    let args = UnifiedScanArgs { glob: false, ..UnifiedScanArgs::default() };
    LazyFrame::scan_ipc(path, IpcScanOptions::default(), args)
}

fn names(path: &Path, format: &'static str, scan: Scan) -> Result<Vec<String>, Error> {
    Ok(scanned(path, format, scan)?.1.iter_names().map(|n| n.to_string()).collect())
}

fn open(files: &[PathBuf], wanted: &[Wanted], format: &'static str, scan: Scan) -> Result<Opened, Error> {
    frames::open_typed(files, wanted, format, |path| scanned(path, format, scan))
}

/// A file and its columns.
fn scanned(path: &Path, format: &'static str, scan: Scan) -> Result<(LazyFrame, SchemaRef), Error> {
    let file = path.display();
    let shown = PlRefPath::try_from_path(path)
        .map_err(|_| Error::data(format!("{file}: the file's name is not UTF-8 text")))?;
    let damaged = |_| Error::data(format!("{file}: is not a file of {format}, or is damaged"));
    let scanned = || {
        let mut frame = scan(shown)?;
        frame.collect_schema().map(|schema| (frame, schema))
    };
    let (frame, schema) = guarded(scanned).map_err(damaged)?;
    Ok((frame, schema))
}
