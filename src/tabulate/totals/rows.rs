//! Whether rows are what they are taken for: a cell that stands twice among the cells of a table, a table of counts that is
//! read as one of cases, labels that are one and stand as several.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::{DataFrame, DataType, Expr, IntoLazy, col, len, lit};

use crate::read::{self, Error, Records, Wanted};
use crate::spec::{MeasureSpec, Spec, TotalRows};
use crate::tabulate::classify::{Classifier, column};
use crate::tabulate::group::Grouped;

use super::arithmetic::is_found;
use super::columns;

/// Cells that are named one by one.
const NAMED: usize = 10;
/// Names of the aggregates.
const FIRST: &str = "\0first";
const LAST: &str = "\0last";

/// Every column that the specification names.
fn is_named(spec: &Spec, classifiers: &[Classifier], name: &str) -> bool {
    let input = &spec.input;
    let columns = [&input.count, &input.contributor, &input.person, &input.id, &input.record_key];
    classifiers.iter().any(|c| c.columns.iter().any(|own| own == name))
        || columns.into_iter().any(|column| column.as_deref() == Some(name))
        || spec.tables.iter().any(|t| matches!(&t.measure, MeasureSpec::Sum { column, .. } if column == name))
}

fn as_written(name: &str) -> Wanted {
    Wanted { name: name.to_owned(), code: true, ..Wanted::default() }
}

pub(super) fn unreadable(spec: &Spec) -> Error {
    let files: Vec<String> = spec.input.files.iter().map(|f| f.display().to_string()).collect();
    Error::data(format!("{}: the columns that are not named can't be read", files.join(", ")))
}

/// Refuses a cell that stands twice where each row is a cell with its count, with the lines of both; rows that differ in a
/// column which is not named are parts of a cell, and that is noted.
///
/// # Errors
/// The cells that stand more than once.
pub(super) fn once(
    spec: &Spec,
    records: &Records,
    classifiers: &[Classifier],
    grouped: &Grouped,
    notes: &mut Vec<String>,
) -> Result<(), Error> {
    let input = &spec.input;
    let cells = input.total_rows == TotalRows::Checked && input.count.is_some() && input.id.is_none();
    if !cells || input.record_key.is_some() || grouped.each.iter().all(|&n| n == 1) {
        return Ok(());
    }
    let mut own = columns(classifiers);
    own.extend(input.contributor.as_deref());
    own.sort_unstable();
    own.dedup();
    let others: Vec<&str> =
        (records.available.iter().map(String::as_str)).filter(|name| !is_named(spec, classifiers, name)).collect();
    let found = repeated(spec, &own, &others)?;
    if found.height() > 0 {
        return Err(twice(records, classifiers, &found));
    }
    if !others.is_empty() {
        let names: Vec<String> = others.iter().map(|name| format!("`{name}`")).collect();
        notes.push(format!(
            "rows of the same cell that differ in a column which is not named ({}) are added up",
            names.join(", ")
        ));
    }
    Ok(())
}

/// The combinations that stand in more than one row, with the numbers of the first and the last of them.
fn repeated(spec: &Spec, own: &[&str], others: &[&str]) -> Result<DataFrame, Error> {
    let wanted: Vec<Wanted> = own.iter().chain(others).map(|name| as_written(name)).collect();
    let opened = read::open(&spec.input.files, &wanted)?;
    let by: Vec<Expr> = wanted.iter().map(|w| column(&w.name).cast(DataType::String)).collect();
    let number = "\0number";
    let query = opened.frame.with_row_index(number, None).group_by(by).agg([
        len().cast(DataType::Int64).alias("\0rows"),
        col(number).cast(DataType::Int64).min().alias(FIRST),
        col(number).cast(DataType::Int64).max().alias(LAST),
    ]);
    let several = query.filter(col("\0rows").gt(lit(1_i64)));
    let table = read::collected(several).map_err(|_| unreadable(spec))?;
    let sorted = table.lazy().sort([FIRST], Default::default()).collect();
    sorted.map_err(|_| unreadable(spec))
}

fn twice(records: &Records, classifiers: &[Classifier], found: &DataFrame) -> Error {
    let text = |name: &str, row: usize| -> Option<String> {
        let column = found.column(name).ok()?.cast(&DataType::String).ok()?;
        Some(column.str().ok()?.get(row)?.to_owned())
    };
    let number = |name: &str, row: usize| text(name, row).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0);
    let shown = found.height().min(NAMED);
    let numbers: BTreeSet<u64> = (0..shown).flat_map(|row| [number(FIRST, row), number(LAST, row)]).collect();
    let lines = read::lines(records, &columns(classifiers), &numbers);
    let place = |n: u64| lines.get(&n).map_or_else(|| format!("record {}", n + 1), |line| format!("line {line}"));
    let names: Vec<String> = records.sources.iter().map(|s| s.path.display().to_string()).collect();
    let mut message = match found.height() {
        1 => format!("{}: a cell stands in more than one row", names.join(", ")),
        n => format!("{}: {n} cells stand in more than one row", names.join(", ")),
    };
    for row in 0..shown {
        let codes = classifiers.iter().flat_map(|c| c.columns.iter().map(move |column| (&c.name, column)));
        let codes = codes.map(|(name, column)| format!("{name} {}", text(column, row).unwrap_or_default()));
        let cell = codes.collect::<Vec<_>>().join(", ");
        let (first, last) = (place(number(FIRST, row)), place(number(LAST, row)));
        message.push_str(&format!("\n  {first} and {last}: {cell}"));
    }
    if found.height() > shown {
        message.push_str(&format!("\n  and {} more", found.height() - shown));
    }
    Error::data(message)
        .with_help("each row is a cell with its count: put the data right, or name every variable in --by")
}

/// Refuses a table of counts that is read as one of cases: no two rows agree, and a column holds whole numbers.
///
/// # Errors
/// The columns that may hold the counts.
pub(super) fn are_cases(
    spec: &Spec,
    records: &Records,
    classifiers: &[Classifier],
    grouped: &Grouped,
) -> Result<(), Error> {
    let cases = spec.input.total_rows == TotalRows::Refused && spec.input.id.is_none();
    if !cases || grouped.each.len() < 2 || grouped.each.iter().any(|&n| n != 1) {
        return Ok(());
    }
    let others: Vec<Wanted> = (records.available.iter())
        .filter(|name| !is_named(spec, classifiers, name))
        .map(|name| as_written(name))
        .collect();
    if others.is_empty() {
        return Ok(());
    }
    let opened = read::open(&spec.input.files, &others)?;
    let whole = |w: &Wanted| {
        column(&w.name).cast(DataType::String).cast(DataType::Int64).is_not_null().all(true).alias(w.name.as_str())
    };
    let query = opened.frame.select(others.iter().map(whole).collect::<Vec<_>>());
    let table = read::collected(query).map_err(|_| unreadable(spec))?;
    let holds = |w: &&Wanted| {
        let column = table.column(&w.name).ok().and_then(|c| c.bool().ok());
        column.and_then(|c| c.get(0)) == Some(true)
    };
    let numbers: Vec<String> = others.iter().filter(holds).map(|w| format!("`{}`", w.name)).collect();
    if numbers.is_empty() {
        return Ok(());
    }
    let files: Vec<String> = records.sources.iter().map(|s| s.path.display().to_string()).collect();
    let by: Vec<&str> = classifiers.iter().map(|c| c.name.as_str()).collect();
    Err(Error::data(format!(
        "{}: no two rows agree in {}, so every row would be a cell with the count 1",
        files.join(", "),
        by.join(", ")
    ))
    .with_help(format!(
        "if each row is a cell of a table, say which column holds its count: --count COLUMN (whole numbers stand in {}); if \
         each is a case, leave out a variable: cells of a single case can't be published",
        numbers.join(", ")
    )))
}

/// What is told of labels that differ in blanks or in case alone, with the places where they stand first.
pub(super) fn alike(records: &Records, classifiers: &[Classifier], grouped: &Grouped) -> Vec<String> {
    let mut told = Vec::new();
    for (classifier, keys) in classifiers.iter().zip(&grouped.keys).filter(|(c, _)| is_found(c)) {
        let mut same: BTreeMap<String, Vec<(usize, String)>> = BTreeMap::new();
        for (v, code) in (0..keys.values.len()).filter_map(|v| Some((v, keys.code(v)?))) {
            same.entry(plain(&code)).or_default().push((v, code));
        }
        for (_, labels) in same.into_iter().filter(|(_, labels)| labels.len() > 1) {
            let first = |v: usize| {
                let rows = (0..keys.of.len()).filter(|&row| keys.of[row] as usize == v);
                grouped.first.as_ref().and_then(|first| rows.map(|row| first[row]).min()).unwrap_or(-1)
            };
            let mut labels: Vec<(i64, String)> = labels.into_iter().map(|(v, code)| (first(v), code)).collect();
            labels.sort();
            told.push(format!(
                "variable `{}`: {} differ in nothing but blanks or case and are categories of their own{}; put the data \
                 right if they are one",
                classifier.name,
                labels.iter().map(|(_, code)| quoted(code)).collect::<Vec<_>>().join(", "),
                places(records, classifiers, &labels)
            ));
        }
    }
    told
}

/// A label without blanks around it or in a row, and without case.
fn plain(code: &str) -> String {
    let seen: String =
        code.chars().filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A label in quotes, in which blanks of other kinds than the usual one are written out.
fn quoted(code: &str) -> String {
    let mut text = String::from("\"");
    for c in code.chars() {
        match c {
            ' ' => text.push(c),
            c if c.is_whitespace() || c.is_control() => text.extend(c.escape_unicode()),
            c => text.push(c),
        }
    }
    text.push('"');
    text
}

/// The lines where labels stand first, as far as rows are numbered.
fn places(records: &Records, classifiers: &[Classifier], labels: &[(i64, String)]) -> String {
    let numbers: Vec<u64> = labels.iter().filter_map(|(first, _)| u64::try_from(*first).ok()).collect();
    if numbers.len() < labels.len() {
        return String::new();
    }
    let lines = read::lines(records, &columns(classifiers), &numbers.iter().copied().collect());
    let words: Vec<String> = (numbers.iter())
        .map(|n| lines.get(n).map_or_else(|| format!("record {}", n + 1), |line| format!("line {line}")))
        .collect();
    format!(" ({})", words.join(", "))
}
