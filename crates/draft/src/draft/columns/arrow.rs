//! An Arrow IPC file's description of itself (Apache Arrow columnar format, `File.fbs`, `Message.fbs`, `Schema.fbs`): the sizes
//! of its buffers, lists of values, metadata.

use super::flat::Table;
use super::{ANEW, metadata};
use crate::draft::StoredColumn;
use crate::draft::bounds::{MOST_CELLS, MOST_EXPANDED, MOST_PART, refuse};
use crate::draft::held::Held;
use crate::draft::{Document, Error, Place};

/// Fields within each other.
const MOST_DEPTH: usize = 16;
/// Bytes that may fill up the end of a buffer.
const PADDING: u64 = 63;
/// Types of fields whose texts stand in one buffer behind each other.
const TEXTS: [u8; 4] = [4, 5, 19, 20];

/// What a file says of itself.
pub(super) struct File<'a> {
    footer: Table<'a>,
    /// Per column, the bytes of its buffer of texts over all batches; none where it has no such buffer.
    texts: Vec<Option<u64>>,
}

fn damaged() -> Error {
    refuse("is a damaged Arrow file", ANEW)
}

impl<'a> File<'a> {
    /// Reads the description, and refuses what would expand to too much, and columns of categories.
    ///
    /// # Errors
    /// Damaged, of categories, or beyond the bounds.
    pub(super) fn of(bytes: &'a [u8]) -> Result<Self, Error> {
        let end = bytes.len().checked_sub(10).filter(|_| bytes.ends_with(b"ARROW1")).ok_or_else(damaged)?;
        let length =
            bytes.get(end..end + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes).ok_or_else(damaged)?;
        let start = end.checked_sub(length as usize).ok_or_else(damaged)?;
        let footer = bytes.get(start..end).and_then(Table::root).ok_or_else(damaged)?;
        let fields = footer.table(1).map(|s| s.tables(1)).unwrap_or_default();
        if fields.iter().any(|f| f.table(4).is_some()) {
            let what = "holds a column of categories, whose list may hold values that no row shows: it is not read";
            return Err(refuse(what, "save the column as text"));
        }
        let mut file = File { footer, texts: vec![Some(0); fields.len()] };
        let kinds: Vec<u8> = fields.iter().map(|f| f.byte(2).unwrap_or(0)).collect();
        let (mut cells, mut expanded) = (0usize, 0u64);
        for [offset, meta, body] in footer.structs::<3>(3) {
            let batch = Batch::of(bytes, offset, meta, body).ok_or_else(damaged)?;
            cells = cells.saturating_add(batch.rows.saturating_mul(fields.len()));
            if cells > MOST_CELLS {
                let what = format!("holds more than {MOST_CELLS} cells, so this is no table of an answer");
                return Err(refuse(what, "these are records: `tabsafe protect` makes tables of them"));
            }
            expanded = batch.sizes.iter().fold(expanded, |sum, s| sum.saturating_add(*s));
            if expanded > MOST_EXPANDED || batch.sizes.iter().any(|s| *s > MOST_PART) {
                return Err(refuse("is too large once expanded", "this is no drafted answer: check the tables alone"));
            }
            file.add(&kinds, &batch.sizes);
        }
        Ok(file)
    }

    /// Adds up the buffers of texts of a batch; how many buffers a column has follows from its type.
    fn add(&mut self, kinds: &[u8], sizes: &[u64]) {
        let mut at = 0usize;
        let mut certain = true;
        for (kind, sum) in kinds.iter().zip(&mut self.texts) {
            let count = match kind {
                1 => 0,
                k if TEXTS.contains(k) => 3,
                2 | 3 | 6..=11 | 15 | 18 => 2,
                _ => {
                    certain = false;
                    0
                }
            };
            let own = sizes.get(at + 2).copied().filter(|_| certain && count == 3);
            *sum = match (*sum, own) {
                (Some(sum), Some(own)) => Some(sum.saturating_add(own)),
                _ => None,
            };
            at += count;
        }
    }

    /// The columns that hold the labels of rows.
    pub(super) fn labels(&self) -> Vec<String> {
        let pairs = self.footer.table(1).map(|s| s.tables(2)).unwrap_or_default();
        let own = pairs.into_iter().find(|p| p.text(0).as_deref() == Some("pandas"));
        own.and_then(|p| p.text(1)).map(|text| super::labels_of(&text)).unwrap_or_default()
    }

    /// Tells what the file says beyond its rows.
    pub(super) fn told(&self, columns: &[StoredColumn], document: &mut Document, held: &mut Vec<Held>) {
        for (column, bytes) in columns.iter().zip(&self.texts) {
            let nulls = column.cells.iter().any(|c| c.text.is_empty());
            let spare = bytes.map_or(0, |b| b.saturating_sub(column.bytes));
            if spare > if nulls { 0 } else { PADDING } {
                let what = format!("column {}: the file keeps texts that no row shows", column.name);
                document.residue.push((Place::default(), what));
            }
        }
        if let Some(schema) = self.footer.table(1) {
            take(&schema, held);
        }
        pairs(&self.footer, 4, held);
    }
}

/// A batch of rows.
struct Batch {
    rows: usize,
    /// The bytes of each buffer once expanded.
    sizes: Vec<u64>,
}

impl Batch {
    fn of(bytes: &[u8], offset: i64, meta: i64, body: i64) -> Option<Batch> {
        let start = usize::try_from(offset).ok()?;
        // the length takes four bytes, and four more are blank
        let length = usize::try_from(meta & 0xFFFF_FFFF).ok()?;
        let message = bytes.get(start..start.checked_add(length)?)?;
        let skipped = if message.starts_with(&[0xFF; 4]) { 8 } else { 4 };
        let root = Table::root(message.get(skipped..)?)?;
        let batch = root.table(2)?;
        let body_start = start.checked_add(length)?;
        let content = bytes.get(body_start..body_start.checked_add(usize::try_from(body).ok()?)?)?;
        let rows = usize::try_from(batch.long(0).unwrap_or(0)).ok()?;
        // a field that says it is longer than its batch would be made room for
        if batch
            .structs::<2>(1)
            .iter()
            .any(|[length, nulls]| usize::try_from(*length).ok() != Some(rows) || nulls > length)
        {
            return None;
        }
        let packed = batch.table(3).is_some();
        let mut sizes = Vec::new();
        for [at, length] in batch.structs::<2>(2) {
            let (at, length) = (usize::try_from(at).ok()?, usize::try_from(length).ok()?);
            let buffer = content.get(at..at.checked_add(length)?)?;
            let told = buffer.get(..8).and_then(|b| b.try_into().ok()).map(i64::from_le_bytes);
            sizes.push(match told.filter(|_| packed && length > 0) {
                // it is not packed after all
                Some(-1) => length.saturating_sub(8) as u64,
                Some(n) => u64::try_from(n).ok()?,
                None if packed && length > 0 => return None,
                None => length as u64,
            });
        }
        Some(Batch { rows, sizes })
    }
}

/// The metadata of a schema and its fields.
fn take(schema: &Table, held: &mut Vec<Held>) {
    pairs(schema, 2, held);
    let mut open: Vec<(Table, usize)> = schema.tables(1).into_iter().map(|f| (f, 0)).collect();
    while let Some((field, depth)) = open.pop() {
        pairs(&field, 6, held);
        if depth < MOST_DEPTH && open.len() < 10_000 {
            open.extend(field.tables(5).into_iter().map(|f| (f, depth + 1)));
        }
    }
}

fn pairs(table: &Table, field: usize, held: &mut Vec<Held>) {
    for pair in table.tables(field) {
        let (key, text) = (pair.text(0).unwrap_or_default(), pair.text(1).unwrap_or_default());
        // what Parquet numbers its columns with
        if key != "PARQUET:field_id" && key != "ARROW:schema" {
            metadata(&key, &text, held);
        }
    }
}

/// The metadata of a schema that a Parquet file carries in base64.
pub(super) fn schema_of(text: &str, held: &mut Vec<Held>) {
    let bytes = crate::draft::words::from_base64(text);
    let skipped = if bytes.starts_with(&[0xFF; 4]) { 8 } else { 4 };
    let schema = bytes.get(skipped..).and_then(Table::root).and_then(|message| message.table(2));
    schema.into_iter().for_each(|schema| take(&schema, held));
}
