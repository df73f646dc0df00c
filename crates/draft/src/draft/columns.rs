//! Tables in columns: Parquet and Arrow IPC files. Programs read a null in them as a blank; what the file keeps of it, beneath
//! the null, in limits, in lists of values and in metadata, is read or told.
//!
//! Values come from a library; what it would expand without a bound is looked at before: [`parquet`] and [`arrow`] read the
//! files' own descriptions of their parts.

mod arrow;
mod flat;
mod levels;
mod parquet;
mod stream;
mod thrift;

use super::bounds::{Budget, MOST_BYTES, check_size, refuse};
use super::fence::fenced;
use super::held::{self, Held};
use super::words::{lines, tidy};
use super::{Document, Doubt, Entry, Error, Grid, Piece, Place, ReadColumns, StoredColumn};

/// The name under which Parquet files carry the types of Arrow.
const ARROW: &[u8] = b"ARROW:schema";
/// What to do about a file that can't be read.
const ANEW: &str = "save the table as CSV or XLSX, or write the file anew";

/// Reads a Parquet file, its values by `parquet_columns`.
///
/// # Errors
/// Damaged, or beyond the bounds.
pub(super) fn read_parquet(bytes: &[u8], parquet_columns: ReadColumns) -> Result<Document, Error> {
    check_size(bytes, MOST_BYTES)?;
    let file = parquet::File::of(bytes)?;
    // texts that a program keeps as categories are read as texts; the library would take the categories from here
    let mut plain = bytes.to_vec();
    while let Some(at) = plain.windows(ARROW.len()).position(|w| w == ARROW) {
        plain.get_mut(at..at + ARROW.len()).into_iter().for_each(|key| key.fill(b'_'));
    }
    let columns = fenced("Parquet file", || {
        parquet_columns(&plain).map_err(|e| refuse(format!("is a Parquet file that can't be read: {e}"), ANEW))
    })?;
    let mut document = document(&labels_first(columns.clone(), &file.labels()))?;
    let mut held = Vec::new();
    file.told(bytes, &columns, &mut document, &mut held);
    held::keep(held, &mut document);
    Ok(document)
}

/// Reads an Arrow IPC file, its values by `arrow_columns`.
///
/// # Errors
/// Damaged, of categories, or beyond the bounds.
pub(super) fn read_arrow(bytes: &[u8], arrow_columns: ReadColumns) -> Result<Document, Error> {
    check_size(bytes, MOST_BYTES)?;
    let file = arrow::File::of(bytes)?;
    let columns = fenced("Arrow file", || {
        arrow_columns(bytes).map_err(|e| refuse(format!("is an Arrow file that can't be read: {e}"), ANEW))
    })?;
    let mut document = document(&labels_first(columns.clone(), &file.labels()))?;
    let mut held = Vec::new();
    file.told(&columns, &mut document, &mut held);
    held::keep(held, &mut document);
    Ok(document)
}

/// Reads a stream of Arrow messages, as a file of them.
///
/// # Errors
/// As [`read_arrow`].
pub(super) fn read_stream(bytes: &[u8], arrow_columns: ReadColumns) -> Result<Document, Error> {
    check_size(bytes, MOST_BYTES)?;
    read_arrow(&stream::framed(bytes)?, arrow_columns)
}

/// The table that columns make.
fn document(columns: &[StoredColumn]) -> Result<Document, Error> {
    let mut document = Document::default();
    let mut budget = Budget::default();
    let rows = columns.iter().map(|c| c.cells.len()).max().unwrap_or(0);
    budget.take((rows + 1).saturating_mul(columns.len()))?;
    let place = |row: usize, column: usize| Place { line: row + 1, column: column + 1, part: None };
    let header = columns.iter().enumerate().map(|(c, column)| {
        // what a data frame calls the labels of its rows
        let name = if column.name.starts_with("__index_level_") { "" } else { column.name.as_str() };
        Entry { text: tidy(name), place: place(0, c), ..Entry::default() }
    });
    // pandas fills the blanks of whole numbers with 1, which could be a count as well
    let mut filled = Vec::new();
    for (c, column) in columns.iter().enumerate() {
        let kept: Vec<f64> = column.cells.iter().filter_map(|cell| cell.beneath).collect();
        if !kept.is_empty() && kept.iter().all(|n| *n == 1.0) {
            filled.push(c);
            document.doubts.push(Doubt {
                place: place(0, c),
                asks: format!("Is the 1 that the file keeps beneath the blanks of column \"{}\" what a library fills blanks with?", column.name),
                else_holds: format!("column {}: the file keeps a count of 1 beneath a null", column.name),
            });
        }
    }
    let mut grid = vec![header.collect::<Vec<_>>()];
    for row in 0..rows {
        let mut line = Vec::new();
        for (c, column) in columns.iter().enumerate() {
            let cell = column.cells.get(row).cloned().unwrap_or_default();
            let at = place(row + 1, c);
            let beneath = cell.beneath.filter(|_| !filled.contains(&c));
            if beneath.is_some() || cell.covered {
                let what = format!("column {}: the file keeps a value beneath a null", column.name);
                document.residue.push((at.clone(), what));
            }
            line.push(Entry {
                text: tidy(&cell.text),
                lines: lines(&cell.text),
                stored: beneath,
                place: at,
                ..Entry::default()
            });
        }
        grid.push(line);
    }
    for column in columns.iter().filter(|c| c.nested) {
        let what = format!("column {} holds lists, records or bytes, which are not read", column.name);
        document.residue.push((Place::default(), what));
    }
    if !columns.is_empty() {
        document.pieces.push(Piece::Grid(Grid { name: None, rows: grid }));
    }
    Ok(document)
}

/// The columns with those in front that a data frame keeps the labels of its rows in: files hold them last.
fn labels_first(mut columns: Vec<StoredColumn>, labels: &[String]) -> Vec<StoredColumn> {
    columns.sort_by_key(|c| labels.iter().position(|l| *l == c.name).unwrap_or(usize::MAX));
    columns
}

/// The columns of labels that the metadata of a data frame name.
fn labels_of(pandas: &str) -> Vec<String> {
    let Ok(serde_json::Value::Object(map)) = serde_json::from_str(pandas) else { return Vec::new() };
    let list = map.get("index_columns").and_then(|i| i.as_array()).cloned().unwrap_or_default();
    list.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

/// Metadata of a file: a name and a text. What libraries write of themselves and of the columns' types is passed over.
fn metadata(key: &str, text: &str, held: &mut Vec<Held>) {
    let what = format!("the metadata {key}");
    let mut hold = |text: String| held.push(Held { place: Place::default(), what: what.clone(), text });
    let known = ["index_columns", "creator", "pandas_version", "columns", "column_indexes", "partition_columns"];
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(serde_json::Value::Object(map)) if key == "pandas" => {
            map.iter().filter(|(k, _)| !known.contains(&k.as_str())).for_each(|(k, v)| hold(format!("{k}: {v}")));
        }
        _ => hold(format!("{key}: {text}")),
    }
}

#[cfg(test)]
mod tests;
