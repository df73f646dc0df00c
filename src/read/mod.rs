//! Reading: from files to lazily scanned records, one file of code per format.
//!
//! [`open`] finds the files, picks the reader by [`READERS`] and hands it the columns that are wanted; nothing else is
//! read. Text formats are surveyed first in one strict pass (soundness, types, places of faults), then scanned by
//! Polars with an explicit schema; formats that carry types are scanned as they are. Whatever the format, the frame of
//! [`Records`] has the same columns with the same types, and null for what is missing. Inputs are only ever read.

mod columns;
mod csv;
mod fence;
mod files;
mod frames;
mod hierarchy;
mod jj;
mod kinds;
mod names;
mod ndjson;
mod profile;
mod published;
mod records;
mod stored;
mod threads;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use polars::prelude::LazyFrame;

pub use crate::text::{Error, Kind, MEANINGS, Meaning, parse_marker};
pub use columns::COLUMN_READERS;
pub use fence::collected;
pub use hierarchy::{parse_hrc, parse_hrc_with, parse_pairs, read_hierarchy};
pub use jj::{Jj, JjCell, JjStatus, Number as Amount, parse_jj, read_jj};
pub use names::nearest;
pub use profile::{Profile, profile};
pub use published::{PublishedCell, PublishedLayout, PublishedTable, read_published};
pub use records::{Column, Place, Records, Source, Survey, Wanted};
pub use threads::bound_threads;

/// The lines on which records of a file stand, by their numbers.
type LinesOf = fn(&Path, &[&str], &BTreeSet<u64>) -> BTreeMap<u64, u64>;

/// An input format.
#[derive(Debug)]
pub struct Reader {
    /// Its name.
    pub name: &'static str,
    /// File extensions that stand for it, without the dot.
    pub extensions: &'static [&'static str],
    /// What it is, in a line.
    pub about: &'static str,
    /// How its files begin; empty where they begin with anything.
    magic: &'static [u8],
    /// The columns of a file.
    names: fn(&Path) -> Result<Vec<String>, Error>,
    /// The wanted columns of files of this format.
    open: fn(&[PathBuf], &[Wanted]) -> Result<Opened, Error>,
    /// The lines in which records begin (their numbers, from 0), for a format that has lines. The names are columns
    /// that are known to be there.
    lines: Option<LinesOf>,
}

/// What a reader makes of its files: [`Records`] but for the order and the notes on the choice of files.
struct Opened {
    frame: LazyFrame,
    columns: Vec<Column>,
    available: Vec<String>,
    rows: u64,
    sources: Vec<Source>,
    notes: Vec<String>,
}

/// Every input format, the commonest first.
pub const READERS: &[Reader] = &[csv::READER, stored::PARQUET, stored::IPC, ndjson::READER];

/// The wanted columns of all files that the paths and patterns name. Where none is wanted (only the number of records
/// counts), the frame holds the first column.
///
/// # Errors
/// Files that are not there, can't be read, differ in format or columns, or lack a wanted column; values that are not
/// of the type stated or needed; no records at all.
pub fn open(patterns: &[PathBuf], wanted: &[Wanted]) -> Result<Records, Error> {
    let mut notes = Vec::new();
    let files = files::expand(patterns, &mut notes)?;
    let reader = files::reader_for(&files)?;
    let opened = match (wanted, files.first()) {
        ([], Some(first)) => {
            let names = (reader.names)(first)?;
            let any = names.into_iter().take(1).map(|name| Wanted { name, code: true, ..Wanted::default() });
            (reader.open)(&files, &any.collect::<Vec<_>>())
        }
        _ => (reader.open)(&files, wanted),
    }?;
    finish(opened, notes)
}

/// The text of a small file, in whichever encoding it is.
///
/// # Errors
/// A file that can't be read, or is no text.
pub fn read_text(path: &Path) -> Result<String, Error> {
    let bytes = std::fs::read(path).map_err(|e| files::unreadable(path, &e))?;
    crate::text::text_of(bytes).map_err(|what| Error::data(format!("{}: {what}", path.display())))
}

/// The files that paths and patterns name, as far as they are there now.
pub fn matching(patterns: &[PathBuf]) -> Vec<PathBuf> {
    patterns.iter().flat_map(|p| files::expand(std::slice::from_ref(p), &mut Vec::new()).unwrap_or_default()).collect()
}

/// Names of the columns of the files, in the order of the first.
///
/// # Errors
/// Files that are not there, can't be read or differ in format.
pub fn columns(patterns: &[PathBuf]) -> Result<Vec<String>, Error> {
    let files = files::expand(patterns, &mut Vec::new())?;
    let reader = files::reader_for(&files)?;
    files.first().map_or(Ok(Vec::new()), |first| (reader.names)(first))
}

/// All columns of the files, as a description of data that no specification is written for yet.
///
/// # Errors
/// As [`open`].
pub fn describe(patterns: &[PathBuf]) -> Result<Records, Error> {
    let mut notes = Vec::new();
    let files = files::expand(patterns, &mut notes)?;
    let reader = files::reader_for(&files)?;
    let wanted: Vec<Wanted> = columns(&files)?.into_iter().map(|name| Wanted { name, ..Wanted::default() }).collect();
    finish((reader.open)(&files, &wanted)?, notes)
}

/// The extension of the format that begins with these bytes: by its signature, else by the look of text.
pub fn extension(head: &[u8]) -> &'static str {
    let signed = READERS.iter().find(|r| !r.magic.is_empty() && head.starts_with(r.magic));
    let text = if head.trim_ascii_start().starts_with(b"{") { &ndjson::READER } else { &csv::READER };
    signed.unwrap_or(text).extensions.first().copied().unwrap_or_default()
}

/// The physical lines in which some records begin, by their numbers, from 0; for messages. Records whose line is not
/// known (formats without lines, several files) are left out. `columns` are some of the columns.
pub fn lines(records: &Records, columns: &[&str], numbers: &BTreeSet<u64>) -> BTreeMap<u64, u64> {
    let [source] = records.sources.as_slice() else { return BTreeMap::new() };
    let reader = READERS.iter().find(|r| r.name == source.format);
    reader.and_then(|r| r.lines).map(|lines| lines(&source.path, columns, numbers)).unwrap_or_default()
}

fn finish(opened: Opened, mut notes: Vec<String>) -> Result<Records, Error> {
    let Opened { frame, columns, available, rows, sources, notes: more } = opened;
    notes.extend(more);
    if rows == 0 {
        let names: Vec<String> = sources.iter().map(|s| s.path.display().to_string()).collect();
        return Err(Error::data(format!("{}: holds a header but no records", names.join(", "))));
    }
    Ok(Records { frame, columns, available, rows, sources, notes })
}

#[cfg(test)]
mod tests;
