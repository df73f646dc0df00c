//! A finished table, one cell a line, as it would be or has been published: for the audit.
//!
//! Text is read strictly (UTF-8 or Windows-1252; the delimiter is found). What a sign means is declared, never guessed.

use std::collections::BTreeMap;
use std::path::Path;

use super::csv::sniff;
use super::csv::{check_length, check_names};
use super::encoding::text_of;
use super::files::unreadable;
use super::names::locate;
use super::{Error, Place, Wanted};
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
    /// Where its value stands.
    pub place: Place,
}

/// What a sign can be declared to stand for: the word, and what it says.
pub const MEANINGS: &[(&str, &str)] = &[
    ("zero", "a true zero"),
    ("withheld", "a count that is not published"),
    ("1-4", "a count that is not published and known to lie from 1 to 4; any two whole numbers will do"),
    ("rounds-to-zero", "a count that is not published because it rounds to 0"),
    ("not-available", "nothing is known of the count"),
    ("not-applicable", "no case can be in the cell: 0"),
];

/// `TEXT=MEANING` of the command line.
///
/// # Errors
/// A meaning that is none, with those there are.
pub fn parse_marker(text: &str) -> Result<(String, Meaning), Error> {
    let fault = || {
        let example = "write TEXT=MEANING, for example x=withheld";
        Error::usage(format!("--marker \"{text}\" does not say what the sign stands for"))
            .with_help(format!("{example}; meanings: {}", words()))
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
        "not-available" | "rounds-to-zero" => Meaning::NotAvailable,
        "not-applicable" => Meaning::NotApplicable,
        other => range(other).ok_or_else(fault)?,
    };
    Ok((sign.trim().to_owned(), meaning))
}

fn words() -> String {
    MEANINGS.iter().map(|m| m.0).collect::<Vec<_>>().join(", ")
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
    let shown = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|e| unreadable(path, &e))?;
    let text = text_of(bytes).map_err(|e| Error::data(format!("{shown}: {e}")))?;
    let names: Vec<&str> = by.iter().map(String::as_str).chain([value]).collect();
    let delimiter = sniff::delimiter(text.as_bytes(), true, &names);
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let header = header(&shown, &mut reader)?;
    let wanted: Vec<Wanted> =
        names.iter().map(|name| Wanted { name: (*name).to_owned(), ..Wanted::default() }).collect();
    let mut columns = locate(&shown, &header, &wanted)?;
    let values = columns.pop().unwrap_or_default();
    let status = header.iter().position(|h| h == "status");
    let mut places: BTreeMap<Vec<String>, u64> = BTreeMap::new();
    let mut cells = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| Error::data(format!("{shown}: is not text")))?;
        let line = record.position().map_or(0, csv::Position::line);
        check_length(&shown, line, record.len(), header.len())?;
        let field = |c: usize| record.get(c).unwrap_or_default().trim().to_owned();
        let codes: Vec<String> = columns.iter().map(|&c| field(c)).collect();
        if let Some(before) = places.insert(codes.clone(), line) {
            return Err(Error::data(format!("{shown}:{line}: the cell of line {before} stands here again"))
                .with_help("a cell stands in one line; name every variable of the table with --by"));
        }
        let content = content(&field(values), status.map(field).as_deref(), markers).map_err(|(what, help)| {
            Error::data(format!("{shown}:{line}: column \"{value}\" (field {}): {what}", values + 1)).with_help(help)
        })?;
        cells.push(PublishedCell { codes, content, place: Place { file: shown.clone(), line, field: values + 1 } });
    }
    if cells.is_empty() {
        return Err(Error::data(format!("{shown}: holds a header but no cells")));
    }
    Ok(cells)
}

/// The names of the columns, each once.
fn header(shown: &str, reader: &mut csv::Reader<&[u8]>) -> Result<Vec<String>, Error> {
    let header = reader.headers().map_err(|_| Error::data(format!("{shown}: is not text")))?;
    let header: Vec<String> = header.iter().map(|h| h.trim().to_owned()).collect();
    if header.is_empty() {
        return Err(Error::data(format!("{shown}: is empty")));
    }
    check_names(shown, &header)?;
    Ok(header)
}

/// A field as a value or a declared sign; else what is wrong with it, and what to do.
fn content(
    text: &str,
    status: Option<&str>,
    markers: &BTreeMap<String, Meaning>,
) -> Result<Result<i64, Meaning>, (String, String)> {
    if let Some(meaning) = markers.get(text) {
        return Ok(if matches!(meaning, Meaning::Zero | Meaning::NotApplicable) { Ok(0) } else { Err(*meaning) });
    }
    let declare = |sign: &str| {
        let sign =
            if sign.contains(char::is_whitespace) { format!("'{sign}=MEANING'") } else { format!("{sign}=MEANING") };
        format!("if it is a sign, say what it stands for: --marker {sign}; meanings: {}", words())
    };
    match (text, status) {
        ("", Some("withheld")) => return Ok(Err(Meaning::Withheld)),
        ("", Some("not-applicable")) => return Ok(Ok(0)),
        ("", _) => return Err(("the field is blank, and nothing says what that stands for".to_owned(), declare(""))),
        _ => {}
    }
    match text.parse::<i64>() {
        Ok(v) if v < 0 => {
            Err((format!("{text} is negative"), "a table with negative figures can't be audited".to_owned()))
        }
        Ok(v) => Ok(Ok(v)),
        Err(_) if text.parse::<f64>().is_ok_and(f64::is_finite) => Err((
            format!("{text} is no whole number"),
            "figures are whole numbers without separators; give amounts in a smaller unit".to_owned(),
        )),
        Err(_) => Err((format!("\"{text}\" is neither a whole number nor a declared sign"), declare(text))),
    }
}
