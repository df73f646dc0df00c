//! The first pass over a CSV file: is it sound, and what are the values of the columns that are asked for?

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use csv::{ByteRecord, Reader, ReaderBuilder, Terminator};

use crate::read::Error;
use crate::read::kinds::Finds;
use crate::read::names;
use crate::read::records::Wanted;

use super::watch::{Sights, Watch};

/// What the survey found out about one file.
pub(super) struct Surveyed {
    /// Names of all columns.
    pub names: Vec<String>,
    /// Position of each wanted column.
    pub at: Vec<usize>,
    /// Finds about each wanted column.
    pub finds: Vec<Finds>,
    /// Number of records.
    pub rows: u64,
    /// What was seen of the bytes.
    pub sights: Sights,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
    /// Whether the header takes one line only.
    pub plain_header: bool,
}

/// Why a survey ended early.
pub(super) enum Stop {
    /// The bytes must be decoded first.
    Recode(Sights),
    /// The file is unsound.
    Fault(Error),
}

impl From<Error> for Stop {
    fn from(e: Error) -> Self {
        Stop::Fault(e)
    }
}

/// A strict pass over the file. `mark` bytes at its start are a byte order mark.
///
/// # Errors
/// [`Stop::Recode`] where the bytes are not UTF-8 or lines end in a carriage return alone; else the first fault, with
/// its line.
pub(super) fn survey<R: Read>(
    file: &str,
    input: R,
    delimiter: u8,
    mark: usize,
    wanted: &[Wanted],
) -> Result<Surveyed, Stop> {
    let mut pass = Pass::new(file, Watch::new(input, delimiter, mark), delimiter);
    let Some(_) = pass.next()? else {
        pass.check()?;
        return Err(Error::data(format!("{file}: is empty")).into());
    };
    let names = pass.header()?;
    let plain_header = !names.iter().any(|n| n.contains('\n'));
    let at = names::locate(file, &names, wanted)?;
    let mut finds = vec![Finds::default(); wanted.len()];
    let mut rows = 0;
    while let Some(line) = pass.next()? {
        pass.check_length(names.len(), line)?;
        rows += 1;
        for (find, &i) in finds.iter_mut().zip(&at) {
            find.see(pass.field(i), line);
        }
    }
    pass.check()?;
    let (sights, sha256) = pass.reader.into_inner().finish();
    Ok(Surveyed { names, at, finds, rows, sights, sha256, plain_header })
}

/// The physical lines in which some records begin, by their numbers, from 0 after the header. None at all where lines
/// end in a carriage return alone.
pub(super) fn lines<R: Read>(input: R, delimiter: u8, mark: usize, numbers: &BTreeSet<u64>) -> BTreeMap<u64, u64> {
    let mut pass = Pass::new("", Watch::new(input, delimiter, mark), delimiter);
    let mut lines = BTreeMap::new();
    let Ok(Some(_)) = pass.next() else { return lines };
    for number in 0..=numbers.last().copied().unwrap_or(0) {
        let Ok(Some(line)) = pass.next() else { break };
        if numbers.contains(&number) {
            lines.insert(number, line);
        }
    }
    if pass.reader.get_ref().sights().lone_return {
        lines.clear();
    }
    lines
}

/// A reader for the bytes of a CSV file, as the survey and the tidied copy use it.
pub(super) fn reader<R: Read>(input: R, delimiter: u8) -> Reader<R> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .terminator(Terminator::Any(b'\n'))
        .buffer_capacity(1 << 16)
        .from_reader(input)
}

/// The fields of a record read with [`reader`], without the carriage return that may end the last one; none for a
/// blank line.
pub(super) fn fields(record: &ByteRecord) -> impl Iterator<Item = &[u8]> {
    let last = record.len().saturating_sub(1);
    let blank = record.len() == 1 && matches!(record.get(0), Some(b"\r"));
    record
        .iter()
        .take(if blank { 0 } else { usize::MAX })
        .enumerate()
        .map(move |(i, field)| if i == last { field.strip_suffix(b"\r").unwrap_or(field) } else { field })
}

/// Refuses a header in which a column has no name, or two have the same.
///
/// # Errors
/// The first such column.
pub(in crate::read) fn check_names(file: &str, names: &[String]) -> Result<(), Error> {
    for (i, name) in names.iter().enumerate() {
        if name.trim().is_empty() {
            return Err(Error::data(format!("{file}:1: column {} has no name", i + 1))
                .with_help("the first line of the file must hold the names of the columns"));
        }
        if let Some(first) = names[..i].iter().position(|n| n == name) {
            let (a, b) = (first + 1, i + 1);
            return Err(Error::data(format!("{file}:1: columns {a} and {b} are both called \"{name}\""))
                .with_help("give each column a name of its own"));
        }
    }
    Ok(())
}

/// Refuses a record that has not as many fields as the header.
///
/// # Errors
/// Its line and how many fields it has.
pub(in crate::read) fn check_length(file: &str, line: u64, found: usize, expected: usize) -> Result<(), Error> {
    if found == expected {
        return Ok(());
    }
    let s = if found == 1 { "" } else { "s" };
    Err(Error::data(format!("{file}:{line}: {found} field{s}, expected {expected} as in the first line"))
        .with_help("a delimiter within a value needs quotes around the value"))
}

/// One pass over the records.
struct Pass<'a, R: Read> {
    file: &'a str,
    reader: Reader<Watch<R>>,
    record: ByteRecord,
}

impl<'a, R: Read> Pass<'a, R> {
    fn new(file: &'a str, watch: Watch<R>, delimiter: u8) -> Self {
        Pass { file, reader: reader(watch, delimiter), record: ByteRecord::new() }
    }

    /// Reads the next record; the physical line it begins in, or none at the end.
    fn next(&mut self) -> Result<Option<u64>, Stop> {
        loop {
            let more = self.reader.read_byte_record(&mut self.record);
            if !more.map_err(|e| Error::data(format!("{}: can't be read: {e}", self.file)))? {
                return Ok(None);
            }
            if fields(&self.record).next().is_some() {
                // Every line has an end (`Watch` sees to that), so the record began where its line ends say.
                let inner = self.record.as_slice().iter().filter(|&&b| b == b'\n').count() as u64;
                return Ok(Some(self.reader.position().line().saturating_sub(1 + inner)));
            }
        }
    }

    /// A field of the record without the carriage return that may end the last one.
    fn field(&self, i: usize) -> &[u8] {
        let field = self.record.get(i).unwrap_or_default();
        if i + 1 == self.record.len() { field.strip_suffix(b"\r").unwrap_or(field) } else { field }
    }

    /// The names in the record just read.
    fn header(&self) -> Result<Vec<String>, Stop> {
        let names: Result<Vec<String>, _> = fields(&self.record).map(|f| String::from_utf8(f.to_vec())).collect();
        let Ok(names) = names else { return Err(Stop::Recode(self.sights_of_recoding())) };
        check_names(self.file, &names)?;
        Ok(names)
    }

    fn sights_of_recoding(&self) -> Sights {
        Sights { not_utf8: true, ..self.reader.get_ref().sights().clone() }
    }

    fn check_length(&self, expected: usize, line: u64) -> Result<(), Stop> {
        let found = self.record.len();
        if found == expected {
            return Ok(());
        }
        // A quoting fault makes records ragged: then that is the fault to tell.
        self.check()?;
        Ok(check_length(self.file, line, found, expected)?)
    }

    /// Whether what was seen of the bytes so far allows to go on.
    fn check(&self) -> Result<(), Stop> {
        let sights = self.reader.get_ref().sights();
        let fault = |line: u64, what: &str| Err(Error::data(format!("{}:{line}: {what}", self.file)).into());
        if let Some(line) = sights.nul {
            return fault(line, "a NUL byte; this is no text, or UTF-16 without a byte order mark");
        }
        if sights.not_utf8 || sights.lone_return {
            return Err(Stop::Recode(sights.clone()));
        }
        if let Some(line) = sights.after_quote {
            return fault(line, "text after a closing quote; a quote within a quoted value must be doubled");
        }
        match sights.unclosed {
            Some(line) => fault(line, "the quote that opens here is never closed"),
            None => Ok(()),
        }
    }
}
