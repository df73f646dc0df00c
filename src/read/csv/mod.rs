//! CSV and its kin, in two passes.
//!
//! The survey reads each file strictly with the `csv` crate: delimiter, encoding, soundness, and the types of the
//! columns that are asked for. Then Polars scans the file with an explicit schema. A file that Polars would read
//! otherwise than the survey did (not UTF-8, stray quotes, blank lines) is handed to it as a tidied copy of the columns
//! asked for, in memory; nothing is ever written to disk.

mod survey;
mod watch;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use polars::prelude::*;

use crate::spec::ColumnType;

use super::Error;
use super::files::{fingerprint, unreadable};
use super::frames;
use super::kinds::{self, Found};
use super::records::{Column, Source, Wanted};
use super::{Opened, Reader};
use crate::text::{Encoding, UTF8_MARK, delimiter, delimiter_name};
use survey::{Stop, Surveyed};
pub(super) use survey::{check_length, check_names};

/// Its entry in the registry.
pub(super) const READER: Reader = Reader {
    name: "CSV",
    extensions: &["csv", "tsv", "tab", "txt"],
    about: "delimited text; delimiter (comma, semicolon, tab, bar) and encoding (UTF-8, UTF-16, Windows-1252) are found",
    magic: b"",
    names,
    open,
    lines: Some(lines),
};

/// How much of a file is looked at to find the delimiter.
const HEAD: usize = 1 << 16;

/// A surveyed file, ready to be scanned.
struct Inspected {
    file: String,
    surveyed: Surveyed,
    body: Body,
    source: Source,
}

enum Body {
    /// The file as it is.
    File(PathBuf, u8),
    /// A tidied copy of the wanted columns: UTF-8, commas, one more column at the end.
    Memory(Vec<u8>),
}

fn names(path: &Path) -> Result<Vec<String>, Error> {
    Ok(inspect(path, &[], &mut Vec::new())?.surveyed.names)
}

fn open(files: &[PathBuf], wanted: &[Wanted]) -> Result<Opened, Error> {
    let mut notes = Vec::new();
    let inspected: Vec<Inspected> = files.iter().map(|f| inspect(f, wanted, &mut notes)).collect::<Result<_, _>>()?;
    let each_names: Vec<(&str, &[String])> =
        inspected.iter().map(|i| (i.file.as_str(), i.surveyed.names.as_slice())).collect();
    frames::same_columns(&each_names)?;
    let columns = decide(&inspected, wanted)?;
    let available = inspected.first().map(|i| i.surveyed.names.clone()).unwrap_or_default();
    let rows = inspected.iter().map(|i| i.surveyed.rows).sum();
    let sources = inspected.iter().map(|i| i.source.clone()).collect();
    let scans: Vec<LazyFrame> = inspected.into_iter().map(|i| scan(i, &columns)).collect::<Result<_, _>>()?;
    Ok(Opened { frame: frames::stack(scans)?, columns, available, rows, sources, notes })
}

fn decide(inspected: &[Inspected], wanted: &[Wanted]) -> Result<Vec<Column>, Error> {
    let column = |(i, wanted): (usize, &Wanted)| {
        let found: Vec<Found> = (inspected.iter())
            .map(|f| Found { file: &f.file, field: f.surveyed.at[i] + 1, finds: &f.surveyed.finds[i] })
            .collect();
        kinds::decide(wanted, &found)
    };
    wanted.iter().enumerate().map(column).collect()
}

/// The survey of one file, after decoding it where that is needed.
fn inspect(path: &Path, wanted: &[Wanted], notes: &mut Vec<String>) -> Result<Inspected, Error> {
    let file = path.display().to_string();
    let mut input = File::open(path).map_err(|e| unreadable(path, &e))?;
    let mut head = Vec::new();
    input.by_ref().take(HEAD as u64).read_to_end(&mut head).map_err(|e| unreadable(path, &e))?;
    if head.starts_with(&[0x1F, 0x8B]) || head.starts_with(b"PK\x03\x04") {
        return Err(Error::data(format!("{file}: is a compressed file")).with_help("unpack it first"));
    }
    let encoding = Encoding::by_mark(&head);
    if encoding != Encoding::Utf8 {
        return inspect_decoded(path, file, encoding, false, wanted, notes);
    }
    let mark = if head.starts_with(UTF8_MARK) { UTF8_MARK.len() } else { 0 };
    let delimiter = sniff(&head[mark..], head.len() < HEAD, wanted);
    match survey::survey(&file, Cursor::new(&head).chain(input), delimiter, mark, wanted) {
        Ok(surveyed) => {
            let sha256 = surveyed.sha256.clone();
            let source = Source { path: path.to_owned(), format: READER.name, sha256, bytes: surveyed.sights.bytes };
            let sights = &surveyed.sights;
            let body = if sights.stray_quote || sights.blank_line || !surveyed.plain_header {
                let input = File::open(path).map_err(|e| unreadable(path, &e))?;
                Body::Memory(tidy(&file, input, delimiter, &surveyed.at)?)
            } else {
                Body::File(path.to_owned(), delimiter)
            };
            say(&file, encoding, delimiter, &surveyed, notes);
            Ok(Inspected { file, surveyed, body, source })
        }
        Err(Stop::Fault(e)) => Err(e),
        Err(Stop::Recode(sights)) => {
            let encoding = if sights.not_utf8 { Encoding::Windows1252 } else { Encoding::Utf8 };
            inspect_decoded(path, file, encoding, true, wanted, notes)
        }
    }
}

/// The survey of a file that is not plain UTF-8, from its text in memory. Lone carriage returns end lines too.
fn inspect_decoded(
    path: &Path,
    file: String,
    encoding: Encoding,
    marked_utf8: bool,
    wanted: &[Wanted],
    notes: &mut Vec<String>,
) -> Result<Inspected, Error> {
    let mut bytes = std::fs::read(path).map_err(|e| unreadable(path, &e))?;
    if marked_utf8 && encoding == Encoding::Windows1252 && bytes.starts_with(UTF8_MARK) {
        bytes.drain(..UTF8_MARK.len());
    }
    let text = encoding.decode(&bytes).map_err(|what| Error::data(format!("{file}: {what}")))?;
    drop(bytes);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let delimiter = sniff(&text.as_bytes()[..text.len().min(HEAD)], text.len() <= HEAD, wanted);
    let surveyed = match survey::survey(&file, text.as_bytes(), delimiter, 0, wanted) {
        Ok(surveyed) => surveyed,
        Err(Stop::Fault(e)) => return Err(e),
        Err(Stop::Recode(_)) => return Err(Error::internal(format!("{file}: decoded text is not text"))),
    };
    let body = Body::Memory(tidy(&file, text.as_bytes(), delimiter, &surveyed.at)?);
    say(&file, encoding, delimiter, &surveyed, notes);
    Ok(Inspected { file, surveyed, body, source: fingerprint(path, READER.name)? })
}

/// The lines in which some records begin. None where the bytes must be decoded first to find the ends of lines, or the
/// file can't be read again.
fn lines(path: &Path, columns: &[&str], numbers: &BTreeSet<u64>) -> BTreeMap<u64, u64> {
    let Ok(mut input) = File::open(path) else { return BTreeMap::new() };
    let mut head = Vec::new();
    let read = input.by_ref().take(HEAD as u64).read_to_end(&mut head);
    if read.is_err() || !matches!(Encoding::by_mark(&head), Encoding::Utf8) {
        return BTreeMap::new();
    }
    let mark = if head.starts_with(UTF8_MARK) { UTF8_MARK.len() } else { 0 };
    let delimiter = delimiter(&head[mark..], head.len() < HEAD, columns);
    survey::lines(Cursor::new(&head).chain(input), delimiter, mark, numbers)
}

fn sniff(head: &[u8], whole: bool, wanted: &[Wanted]) -> u8 {
    let names: Vec<&str> = wanted.iter().map(|w| w.name.as_str()).collect();
    delimiter(head, whole, &names)
}

/// Notes what is not the usual case.
fn say(file: &str, encoding: Encoding, delimiter: u8, surveyed: &Surveyed, notes: &mut Vec<String>) {
    if encoding != Encoding::Utf8 {
        notes.push(format!("{file}: read as {} text", encoding.name()));
    }
    if delimiter != b',' {
        notes.push(format!("{file}: fields are separated by {}", delimiter_name(delimiter)));
    }
    if surveyed.sights.stray_quote {
        notes.push(format!("{file}: quotes within unquoted values are taken as they are"));
    }
    if surveyed.rows == 0 {
        notes.push(format!("{file}: holds a header but no records"));
    }
}

/// A copy of some columns as the plainest CSV: UTF-8, commas, a header, and a last column that is always 0, so that a
/// record is never an empty line.
fn tidy<R: Read>(file: &str, input: R, delimiter: u8, at: &[usize]) -> Result<Vec<u8>, Error> {
    let internal = |e: csv::Error| Error::internal(format!("{file}: the tidied copy failed: {e}"));
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    let mut reader = survey::reader(input, delimiter);
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(internal)? {
        let fields: Vec<&[u8]> = survey::fields(&record).collect();
        if fields.is_empty() {
            continue;
        }
        let wanted = at.iter().map(|&i| fields.get(i).copied().unwrap_or_default());
        writer.write_record(wanted.chain([b"0".as_slice()])).map_err(internal)?;
    }
    writer.into_inner().map_err(|_| Error::internal(format!("{file}: the tidied copy failed")))
}

/// The columns of one file, lazily, under their names and with their types.
fn scan(inspected: Inspected, columns: &[Column]) -> Result<LazyFrame, Error> {
    let Inspected { file, surveyed, body, .. } = inspected;
    let in_memory = matches!(body, Body::Memory(_));
    let (width, at) = match in_memory {
        true => (columns.len() + 1, (0..columns.len()).collect()),
        false => (surveyed.names.len(), surveyed.at),
    };
    let position = |i: usize| format!("column {i}");
    let mut schema: Schema = (0..width).map(|i| Field::new(position(i).into(), DataType::String)).collect();
    for (column, &i) in columns.iter().zip(&at) {
        schema.with_column(position(i).into(), stored(column.kind));
    }
    let (reader, delimiter) = match body {
        Body::File(path, delimiter) => {
            let path = PlRefPath::try_from_path(&path)
                .map_err(|_| Error::data(format!("{file}: the file's name is not UTF-8 text")))?;
            (LazyCsvReader::new(path), delimiter)
        }
        Body::Memory(bytes) => {
            (LazyCsvReader::new_with_sources(ScanSources::Buffers(Arc::from(vec![bytes.into()]))), b',')
        }
    };
    let frame = reader
        .with_has_header(true)
        .with_schema(Some(Arc::new(schema)))
        .with_separator(delimiter)
        .with_glob(false)
        .with_try_parse_dates(false)
        .with_missing_is_null(true)
        .with_raise_if_empty(false)
        .finish()
        .map_err(|_| Error::internal(format!("{file}: the scan could not be set up")))?;
    let named: Vec<Expr> =
        columns.iter().zip(&at).map(|(c, &i)| frames::typed(col(position(i)), c.kind).alias(c.name.as_str())).collect();
    Ok(frame.select(named))
}

/// The type as which Polars reads a column; dates come from their text.
fn stored(kind: ColumnType) -> DataType {
    match kind {
        ColumnType::Integer => DataType::Int64,
        ColumnType::Decimal => DataType::Float64,
        ColumnType::Text | ColumnType::Date => DataType::String,
    }
}

#[cfg(test)]
mod tests;
