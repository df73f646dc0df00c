//! A finished table, one cell a line, as it would be or has been published: for the audit.
//!
//! Text is read strictly (UTF-8 or Windows-1252; the delimiter is found). What a sign means is declared, never guessed.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

use super::csv::{check_length, check_names};
use super::files::unreadable;
use super::names::locate;
use super::{Error, Wanted};
use crate::text::{Meaning, delimiter, text_of, words};

/// Decimals of a magnitude that are kept; more are refused.
const MOST_DECIMALS: usize = 9;

/// A published table.
#[derive(Clone, Debug)]
pub struct PublishedTable {
    /// The file, for messages.
    pub file: String,
    /// Its cells.
    pub cells: Vec<PublishedCell>,
    /// Values are in units of 10^-`decimals`: exact, however many decimals they are written with.
    pub decimals: u32,
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

/// Where the parts of a table are, and what its signs mean.
#[derive(Clone, Copy, Debug)]
pub struct PublishedLayout<'a> {
    /// The columns of the variables.
    pub by: &'a [String],
    /// The column of the values.
    pub value: &'a str,
    /// Whether the values are magnitudes, which may have decimals.
    pub magnitude: bool,
    /// What signs stand for.
    pub markers: &'a BTreeMap<String, Meaning>,
    /// Whether figures are rounded: those that a column `status` calls so, or all where there is none.
    pub rounded: bool,
    /// The same of figures that carry noise.
    pub perturbed: bool,
}

/// The cells of a table in a delimited text file: a column per variable, and one for the values. A column `status` is
/// understood as tabsafe writes it.
///
/// # Errors
/// A file that can't be read, lacks a column, is ragged, names a cell twice, or holds a sign nobody declared.
pub fn read_published(path: &Path, layout: &PublishedLayout) -> Result<PublishedTable, Error> {
    let file = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|e| unreadable(path, &e))?;
    let text = text_of(bytes).map_err(|e| Error::data(format!("{file}: {e}")))?;
    let names: Vec<&str> = layout.by.iter().map(String::as_str).chain([layout.value]).collect();
    let delimiter = delimiter(text.as_bytes(), true, &names);
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let header = header(&file, &mut reader)?;
    let wanted: Vec<Wanted> =
        names.iter().map(|name| Wanted { name: (*name).to_owned(), ..Wanted::default() }).collect();
    let mut columns = locate(&file, &header, &wanted)?;
    let values = columns.pop().unwrap_or_default();
    // where a variable has that name, tabsafe gives the column of statuses another
    let mut named = "status".to_owned();
    while layout.by.contains(&named) {
        named.push('_');
    }
    let status = header.iter().position(|h| *h == named);
    let mut lines: BTreeMap<Vec<String>, u64> = BTreeMap::new();
    let mut fields = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| Error::data(format!("{file}: is not text")))?;
        let line = record.position().map_or(0, csv::Position::line);
        check_length(&file, line, record.len(), header.len())?;
        let field = |c: usize| record.get(c).unwrap_or_default().trim().to_owned();
        let codes: Vec<String> = columns.iter().map(|&c| field(c)).collect();
        if let Some(empty) = codes.iter().position(String::is_empty) {
            return Err(Error::data(format!("{file}:{line}: there is no code of \"{}\"", layout.by[empty]))
                .with_help("where a variable is summed up, write the code of its total"));
        }
        if let Some(before) = lines.insert(codes.clone(), line) {
            return Err(Error::data(format!("{file}:{line}: the cell of line {before} stands here again"))
                .with_help("name every variable of the table in --by"));
        }
        fields.push(Field { codes, text: field(values), status: status.map(field), line });
    }
    if fields.is_empty() {
        return Err(Error::data(format!("{file}: holds no cells")));
    }
    let decimals =
        if layout.magnitude { fields.iter().filter_map(|f| decimals(&f.text)).max().unwrap_or(0) } else { 0 };
    let cell = |field: Field| {
        let place = format!("{file}:{}: column \"{}\" (field {})", field.line, layout.value, values + 1);
        let fault = |what: String| {
            let (allowed, meanings) = (numbers(layout.magnitude), words());
            Error::data(format!("{place}: {what}"))
                .with_help(format!("allowed: {allowed}, or a sign that --marker 'TEXT=MEANING' declares (an empty TEXT is a blank); meanings: {meanings}"))
        };
        let content = field.content(layout, decimals).map_err(fault)?;
        Ok(PublishedCell { codes: field.codes, content, line: field.line })
    };
    Ok(PublishedTable {
        cells: fields.into_iter().map(cell).collect::<Result<_, Error>>()?,
        file: file.clone(),
        decimals: decimals as u32,
    })
}

fn numbers(magnitude: bool) -> String {
    match magnitude {
        true => format!("numbers that are not negative, with at most {MOST_DECIMALS} decimals"),
        false => "whole numbers that are not negative".to_owned(),
    }
}

/// The names of the columns, each once.
fn header(file: &str, reader: &mut csv::Reader<&[u8]>) -> Result<Vec<String>, Error> {
    let header = reader.headers().map_err(|_| Error::data(format!("{file}: is not text")))?;
    let header: Vec<String> = header.iter().map(|h| h.trim().to_owned()).collect();
    if header.is_empty() {
        return Err(Error::data(format!("{file}: is empty")));
    }
    check_names(file, &header)?;
    Ok(header)
}

/// A line of the table as it is written.
struct Field {
    codes: Vec<String>,
    text: String,
    status: Option<String>,
    line: u64,
}

impl Field {
    /// The value, or what the sign stands for.
    fn content(&self, layout: &PublishedLayout, decimals: usize) -> Result<Result<i64, Meaning>, String> {
        let text = self.text.as_str();
        if let Some(meaning) = layout.markers.get(text) {
            return Ok(meaning.content(decimals));
        }
        match (text, self.status.as_deref()) {
            ("", Some("withheld")) => return Ok(Err(Meaning::Withheld)),
            ("", Some("not-applicable")) => return Ok(Ok(0)),
            ("", _) => return Err("a blank, and nothing says what it stands for".to_owned()),
            (_, Some("withheld")) => return Err("a figure, but the column \"status\" says it is withheld".to_owned()),
            ("0", Some("rounds-to-zero")) => return Ok(Err(Meaning::RoundsToZero)),
            (_, Some("rounded")) if !layout.rounded => {
                return Err(
                    "a rounded figure, and nothing says by which method (--rounded \"conventional(5)\")".to_owned()
                );
            }
            (_, Some("perturbed")) if !layout.perturbed => {
                let how = "--perturbed \"cell-key(d=2,variance=1)\"";
                return Err(format!("a perturbed figure, and nothing says by which method ({how})"));
            }
            _ => {}
        }
        let value = number(text, layout.magnitude, decimals)?;
        let is = |wanted: bool, word: &str| wanted && self.status.as_deref().is_none_or(|status| status == word);
        let replaced = is(layout.rounded, "rounded") || is(layout.perturbed, "perturbed");
        Ok(if replaced { Err(Meaning::Replaced(value)) } else { Ok(value) })
    }
}

/// A number that is not negative, in units of its table's last decimal.
fn number(text: &str, magnitude: bool, decimals: usize) -> Result<i64, String> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = whole.strip_prefix('-').unwrap_or(whole);
    if (unsigned.is_empty() && part.is_empty()) || !digits(unsigned) || !digits(part) {
        return Err(format!("\"{text}\" is neither a number nor a declared sign"));
    }
    let nothing = |text: &str| text.bytes().all(|b| b == b'0');
    let what = if magnitude { "value" } else { "count" };
    if whole.starts_with('-') && !(nothing(unsigned) && nothing(part)) {
        return Err(format!("\"{text}\" is a negative {what}"));
    }
    if !magnitude && !nothing(part) {
        return Err(format!("\"{text}\" is a fraction, and counts are whole"));
    }
    let part = if magnitude { part.trim_end_matches('0') } else { "" };
    if part.len() > MOST_DECIMALS {
        return Err(format!("\"{text}\" has more than {MOST_DECIMALS} decimals"));
    }
    let scaled = format!("{unsigned}{part:0<decimals$}");
    scaled.parse().map_err(|_| format!("\"{text}\" is too large to be added up exactly"))
}

/// How many decimals a number is written with, zeros at its end aside; no more than can be kept.
fn decimals(text: &str) -> Option<usize> {
    let (_, part) = text.split_once('.')?;
    let part = part.trim_end_matches('0');
    part.bytes().all(|b| b.is_ascii_digit()).then(|| part.len().min(MOST_DECIMALS))
}
