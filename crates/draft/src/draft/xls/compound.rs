//! Compound files (MS-CFB): streams in chains of sectors. Every chain is bounded by the number of sectors.

use crate::draft::Error;
use crate::draft::bounds::refuse;

/// Sector numbers from here on have other meanings.
const RESERVED: u32 = 0xFFFF_FFFA;
/// Bytes of a directory entry.
const ENTRY: usize = 128;
/// Bytes of a small sector.
const SMALL: usize = 64;

/// A directory entry.
struct Item {
    name: String,
    kind: u8,
    start: u32,
    size: usize,
}

/// The parts of a file that chains are followed in.
struct Container<'a> {
    bytes: &'a [u8],
    sector: usize,
    table: Vec<u32>,
}

/// The names of all streams and storages.
///
/// # Errors
/// Damaged.
pub(super) fn names(bytes: &[u8]) -> Result<Vec<String>, Error> {
    Ok(opened(bytes)?.1.into_iter().map(|item| item.name).collect())
}

/// The bytes of the first stream of these names.
///
/// # Errors
/// Damaged, or none of them is there.
pub(super) fn stream(bytes: &[u8], wanted: &[&str]) -> Result<Vec<u8>, Error> {
    let (container, items) = opened(bytes)?;
    let item = wanted.iter().find_map(|name| items.iter().find(|i| i.kind == 2 && i.name.eq_ignore_ascii_case(name)));
    let item = item.ok_or_else(|| damaged("it holds no workbook"))?;
    let cutoff = word(bytes, 56)? as usize;
    let mut content = if item.size >= cutoff {
        container.chain(item.start)?
    } else {
        let root = items.iter().find(|i| i.kind == 5).ok_or_else(|| damaged("its root is missing"))?;
        let small = container.chain(root.start)?;
        let table = words(&container.chain(word(bytes, 60)?)?);
        chained(item.start, &table, |id| small.get(id * SMALL..(id + 1) * SMALL))?
    };
    content.truncate(item.size);
    Ok(content)
}

fn opened(bytes: &[u8]) -> Result<(Container<'_>, Vec<Item>), Error> {
    let shift = u32::from(bytes.get(30).copied().unwrap_or(0));
    if shift != 9 && shift != 12 {
        return Err(damaged("its header is none"));
    }
    let mut container = Container { bytes, sector: 1 << shift, table: Vec::new() };
    let mut tables = words(bytes.get(76..512).unwrap_or_default());
    // more sectors of the table of tables; the last word of each names the next
    let mut next = word(bytes, 68)?;
    for _ in 0..=bytes.len() / container.sector {
        if next >= RESERVED {
            break;
        }
        let mut more = words(container.at(next as usize).ok_or_else(|| damaged("a sector is missing"))?);
        next = more.pop().unwrap_or(u32::MAX);
        tables.extend(more);
    }
    for id in tables.into_iter().filter(|id| *id < RESERVED).take(bytes.len() / container.sector + 1) {
        container.table.extend(words(container.at(id as usize).unwrap_or_default()));
    }
    let directory = container.chain(word(bytes, 48)?)?;
    let items = directory.chunks_exact(ENTRY).filter_map(item).collect();
    Ok((container, items))
}

impl<'a> Container<'a> {
    /// A sector, as far as it is there: the last one may be cut short.
    fn at(&self, id: usize) -> Option<&'a [u8]> {
        let start = id.checked_add(1)?.checked_mul(self.sector)?;
        self.bytes.get(start..self.bytes.len().min(start.checked_add(self.sector)?))
    }

    fn chain(&self, start: u32) -> Result<Vec<u8>, Error> {
        chained(start, &self.table, |id| self.at(id))
    }
}

/// The sectors of a chain.
fn chained<'a>(start: u32, table: &[u32], at: impl Fn(usize) -> Option<&'a [u8]>) -> Result<Vec<u8>, Error> {
    let mut content = Vec::new();
    let mut id = start;
    for _ in 0..=table.len() {
        if id >= RESERVED {
            return Ok(content);
        }
        content.extend_from_slice(at(id as usize).ok_or_else(|| damaged("a sector is missing"))?);
        id = table.get(id as usize).copied().ok_or_else(|| damaged("a chain of sectors ends nowhere"))?;
    }
    Err(damaged("a chain of sectors has no end"))
}

fn item(entry: &[u8]) -> Option<Item> {
    let length = usize::from(u16::from_le_bytes(entry.get(64..66)?.try_into().ok()?)).min(64);
    let name = entry.get(..length.saturating_sub(2))?;
    let name: Vec<u16> = name.chunks_exact(2).filter_map(|c| Some(u16::from_le_bytes(c.try_into().ok()?))).collect();
    let kind = entry.get(66).copied().filter(|k| *k != 0)?;
    let number = |at: usize| Some(u32::from_le_bytes(entry.get(at..at + 4)?.try_into().ok()?));
    Some(Item { name: String::from_utf16_lossy(&name), kind, start: number(116)?, size: number(120)? as usize })
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).filter_map(|c| Some(u32::from_le_bytes(c.try_into().ok()?))).collect()
}

fn word(bytes: &[u8], at: usize) -> Result<u32, Error> {
    let found = bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
    found.ok_or_else(|| damaged("it is cut short"))
}

/// The error of a damaged file.
pub(super) fn damaged(what: &str) -> Error {
    refuse(format!("is a damaged XLS workbook: {what}"), "open it in the program that made it, and save it as XLSX")
}
