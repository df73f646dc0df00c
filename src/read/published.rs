//! A finished table, one cell a line, as it would be or has been published: for the audit.
//!
//! Text is read strictly (UTF-8 or Windows-1252; the delimiter is found). What a sign means is declared, never guessed.

use std::collections::BTreeMap;
use std::path::Path;

use super::csv::sniff;
use super::encoding::text_of;
use super::names::quoted;
use super::{Error, nearest};
use crate::model::Interval;

/// What a sign in a cell stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A true zero.
    Zero,
    /// Withheld: any count that could be withheld.
    Withheld,
    /// Withheld, and known to lie within these bounds.
    Within(Interval),
    /// Not available; nothing is known.
    NotAvailable,
    /// Cannot exist: zero.
    NotApplicable,
}

/// A line of the table.
#[derive(Clone, Debug)]
pub struct PublishedCell {
    /// The code of each variable.
    pub codes: Vec<String>,
    /// Its value, or what its sign stands for.
    pub content: Result<i64, Meaning>,
    /// Its line in the file.
    pub line: u64,
}

/// `TEXT=MEANING` of the command line.
///
/// # Errors
/// A meaning that is none, with those there are.
pub fn parse_marker(text: &str) -> Result<(String, Meaning), Error> {
    let fault = || {
        Error::usage(format!("--marker {text}: what does the sign stand for?"))
            .with_help("write TEXT=MEANING; meanings: zero, withheld, a range such as 1-4, rounds-to-zero, not-available, not-applicable")
    };
    let (sign, meaning) = text.rsplit_once('=').ok_or_else(fault)?;
    let range = |m: &str| {
        let (lo, hi) = m.split_once('-')?;
        let (lo, hi): (i64, i64) = (lo.trim().parse().ok()?, hi.trim().parse().ok()?);
        (0 <= lo && lo <= hi).then(|| Meaning::Within(Interval::new(lo, hi)))
    };
    let meaning = match meaning.trim() {
        "zero" => Meaning::Zero,
        "withheld" => Meaning::Withheld,
        "not-available" => Meaning::NotAvailable,
        "not-applicable" => Meaning::NotApplicable,
        "rounds-to-zero" => Meaning::NotAvailable,
        other => range(other).ok_or_else(fault)?,
    };
    Ok((sign.trim().to_owned(), meaning))
}

/// The cells of a table in a delimited text file: a column per variable, and one for the values. A column `status` is
/// understood as tabsafe writes it.
///
/// # Errors
/// A file that can't be read, lacks a column, is ragged, names a cell twice, or holds a sign nobody declared.
pub fn read_published(
    path: &Path,
    by: &[String],
    value: &str,
    markers: &BTreeMap<String, Meaning>,
) -> Result<Vec<PublishedCell>, Error> {
    let shown = path.display();
    let bytes = std::fs::read(path).map_err(|e| Error::data(format!("{shown}: cannot be read: {e}")))?;
    let text = text_of(bytes).map_err(|e| Error::data(format!("{shown}: {e}")))?;
    let names: Vec<&str> = by.iter().map(String::as_str).chain([value]).collect();
    let delimiter = sniff::delimiter(text.as_bytes(), true, &names);
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    let header: Vec<String> =
        (reader.headers().map_err(|e| ragged(path, &e))?.iter()).map(|h| h.trim().to_owned()).collect();
    let find = |name: &str| {
        header.iter().position(|h| h == name).ok_or_else(|| {
            Error::usage(format!("{shown}: there is no column \"{name}\"")).with_help(format!(
                "nearest: {}; there are: {}",
                quoted(&nearest(name, &header), ", "),
                quoted(&header, ", ")
            ))
        })
    };
    let columns: Vec<usize> = by.iter().map(|b| find(b)).collect::<Result<_, _>>()?;
    let values = find(value)?;
    let status = header.iter().position(|h| h == "status");
    let mut lines: BTreeMap<Vec<String>, u64> = BTreeMap::new();
    let mut cells = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| ragged(path, &e))?;
        let line = record.position().map_or(0, csv::Position::line);
        let field = |c: usize| record.get(c).unwrap_or_default().trim().to_owned();
        let codes: Vec<String> = columns.iter().map(|&c| field(c)).collect();
        if let Some(before) = lines.insert(codes.clone(), line) {
            return Err(Error::data(format!("{shown}:{line}: the cell of line {before} stands here again")));
        }
        let content = content(&field(values), status.map(field).as_deref(), markers).map_err(|what| {
            Error::data(format!("{shown}:{line}: column \"{value}\": {what}"))
                .with_help("declare what a sign stands for: --marker 'TEXT=zero|withheld|1-4|not-available|not-applicable' (an empty TEXT is a blank)")
        })?;
        cells.push(PublishedCell { codes, content, line });
    }
    if cells.is_empty() {
        return Err(Error::data(format!("{shown}: holds no cells")));
    }
    Ok(cells)
}

fn ragged(path: &Path, error: &csv::Error) -> Error {
    Error::data(format!("{}: {error}", path.display()))
}

/// A field as a value or a declared sign.
fn content(
    text: &str,
    status: Option<&str>,
    markers: &BTreeMap<String, Meaning>,
) -> Result<Result<i64, Meaning>, String> {
    if let Some(meaning) = markers.get(text) {
        return Ok(if matches!(meaning, Meaning::Zero | Meaning::NotApplicable) { Ok(0) } else { Err(*meaning) });
    }
    match (text, status) {
        ("", Some("withheld")) => return Ok(Err(Meaning::Withheld)),
        ("", Some("not-applicable")) => return Ok(Ok(0)),
        ("", _) => return Err("a blank, and nothing says what it stands for".to_owned()),
        _ => {}
    }
    match text.parse::<i64>() {
        Ok(v) if v < 0 => Err("a negative count".to_owned()),
        Ok(v) => Ok(Ok(v)),
        Err(_) => Err(format!("\"{text}\" is neither a whole number nor a declared sign")),
    }
}
