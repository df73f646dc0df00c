//! A Parquet file's description of itself (Apache Parquet format, `parquet.thrift`): limits, lists of values, indexes, filters
//! and metadata that say more than its rows do.

use std::collections::{BTreeSet, HashSet};

use super::thrift::{Value, parse};
use super::{ANEW, arrow, levels, metadata};
use crate::draft::StoredColumn;
use crate::draft::bounds::{MOST_CELLS, MOST_EXPANDED, refuse};
use crate::draft::held::Held;
use crate::draft::{Document, Error, Place};

/// Bytes around parts of a file that may fill up places.
const PADDING: usize = 8;
/// Pages of a file.
const MOST_PAGES: usize = 100_000;

/// What a file says of itself.
pub(super) struct File<'a> {
    footer: Value<'a>,
    footer_start: usize,
}

/// A column of a group of rows.
struct Chunk<'v, 'a> {
    about: &'v Value<'a>,
    whole: &'v Value<'a>,
    name: String,
    /// First row and the row after the last.
    rows: (usize, usize),
}

fn damaged() -> Error {
    refuse("is a damaged Parquet file", ANEW)
}

impl<'a> File<'a> {
    /// Reads the description, and refuses what would expand to too much.
    ///
    /// # Errors
    /// Damaged, or beyond the bounds.
    pub(super) fn of(bytes: &'a [u8]) -> Result<Self, Error> {
        if bytes.ends_with(b"PARE") {
            return Err(refuse("is protected by a key", "save it without one"));
        }
        let end = bytes.len().checked_sub(8).filter(|_| bytes.ends_with(b"PAR1")).ok_or_else(damaged)?;
        let length =
            bytes.get(end..end + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes).ok_or_else(damaged)?;
        let footer_start = end.checked_sub(length as usize).ok_or_else(damaged)?;
        let (footer, _) = bytes.get(footer_start..end).and_then(parse).ok_or_else(damaged)?;
        let file = File { footer, footer_start };
        let rows = usize::try_from(file.footer.int(3).unwrap_or(0)).map_err(|_| damaged())?;
        let groups: i64 = file.footer.list(4).iter().map(|g| g.int(3).unwrap_or(0)).fold(0, i64::saturating_add);
        let columns = file.footer.list(2).len().saturating_sub(1);
        if rows.saturating_mul(columns) > MOST_CELLS || groups != rows as i64 {
            let what = format!("holds more than {MOST_CELLS} cells, so this is no table of an answer");
            return Err(refuse(what, "these are records: `tabsafe protect` makes tables of them"));
        }
        let mut expanded = 0u64;
        for chunk in file.chunks() {
            if !chunk.levels_are_sound(bytes, file.may_be_null(&chunk.name)).ok_or_else(damaged)? {
                return Err(damaged());
            }
            for page in chunk.pages(bytes).ok_or_else(damaged)? {
                expanded = expanded.saturating_add(u64::try_from(page.int(2).unwrap_or(0)).map_err(|_| damaged())?);
            }
        }
        if expanded > MOST_EXPANDED {
            return Err(refuse("is too large once expanded", "this is no drafted answer: check the tables alone"));
        }
        Ok(file)
    }

    /// Whether a column says that its values may be null, which its pages then have levels for.
    fn may_be_null(&self, name: &str) -> bool {
        let own = self.footer.list(2).iter().find(|e| e.bytes(4) == Some(name.as_bytes()));
        own.and_then(|e| e.int(3)) == Some(1)
    }

    fn chunks<'v>(&'v self) -> Vec<Chunk<'v, 'a>> {
        let mut chunks = Vec::new();
        let mut first = 0usize;
        for group in self.footer.list(4) {
            let rows = usize::try_from(group.int(3).unwrap_or(0)).unwrap_or(0);
            for whole in group.list(1) {
                let Some(about) = whole.field(3) else { continue };
                let path: Vec<String> =
                    about
                        .list(3)
                        .iter()
                        .map(|p| {
                            if let Value::Bytes(b) = p {
                                String::from_utf8_lossy(b).into_owned()
                            } else {
                                String::new()
                            }
                        })
                        .collect();
                let name = path.first().cloned().unwrap_or_default();
                chunks.push(Chunk { about, whole, name, rows: (first, first.saturating_add(rows)) });
            }
            first = first.saturating_add(rows);
        }
        chunks
    }

    /// The columns that hold the labels of rows.
    pub(super) fn labels(&self) -> Vec<String> {
        let text = |entry: &Value, n: i16| String::from_utf8_lossy(entry.bytes(n).unwrap_or_default()).into_owned();
        let own = self.footer.list(5).iter().find(|e| text(e, 1) == "pandas");
        own.map(|e| super::labels_of(&text(e, 2))).unwrap_or_default()
    }

    /// Tells what the file says beyond its rows.
    pub(super) fn told(&self, bytes: &[u8], columns: &[StoredColumn], document: &mut Document, held: &mut Vec<Held>) {
        let mut tell: BTreeSet<String> = BTreeSet::new();
        for chunk in self.chunks() {
            let column = columns.iter().find(|c| c.name == chunk.name);
            let cells = column.map(|c| c.cells.get(chunk.rows.0..chunk.rows.1).unwrap_or_default()).unwrap_or_default();
            let shown: HashSet<&str> = cells.iter().map(|c| c.text.as_str()).filter(|t| !t.is_empty()).collect();
            let name = &chunk.name;
            if chunk.limits(bytes).iter().any(|limit| !chunk.shows(limit, &shown)) {
                tell.insert(format!("column {name}: the file keeps a least or greatest value that no row shows"));
            }
            if chunk.listed(bytes).is_some_and(|count| count > shown.len()) {
                tell.insert(format!("column {name}: the file keeps a list of values, and some of them no row shows"));
            }
            if chunk.about.int(14).is_some() {
                tell.insert(format!("column {name}: a filter that says which values there are (a bloom filter)"));
            }
        }
        if self.unclaimed(bytes) > PADDING {
            tell.insert("bytes that nothing in the file refers to".to_owned());
        }
        document.residue.extend(tell.into_iter().map(|what| (Place::default(), what)));
        for entry in self.footer.list(5) {
            let key = String::from_utf8_lossy(entry.bytes(1).unwrap_or_default()).into_owned();
            let text = String::from_utf8_lossy(entry.bytes(2).unwrap_or_default()).into_owned();
            match key.as_str() {
                "ARROW:schema" => arrow::schema_of(&text, held),
                _ => metadata(&key, &text, held),
            }
        }
    }

    /// Bytes that no part of the file takes and that are not blank.
    fn unclaimed(&self, bytes: &[u8]) -> usize {
        let mut taken: Vec<(usize, usize)> = vec![(0, 4), (self.footer_start, bytes.len())];
        let span = |start: Option<i64>, length: Option<i64>| {
            let start = usize::try_from(start?).ok()?;
            Some((start, start.checked_add(usize::try_from(length?).ok()?)?))
        };
        for chunk in self.chunks() {
            taken.extend(chunk.start().and_then(|s| span(i64::try_from(s).ok(), chunk.about.int(7))));
            taken.extend(chunk.copy(bytes).map(|(_, from, to)| (from, to)));
            taken.extend(span(chunk.whole.int(4), chunk.whole.int(5)));
            taken.extend(span(chunk.whole.int(6), chunk.whole.int(7)));
            taken.extend(span(chunk.about.int(14), chunk.about.int(15)));
        }
        taken.sort_unstable();
        let (mut end, mut unclaimed) = (0usize, 0usize);
        for (from, to) in taken {
            let gap = bytes.get(end..from.min(bytes.len())).unwrap_or_default();
            unclaimed += gap.iter().filter(|b| **b != 0).count();
            end = end.max(to);
        }
        unclaimed
    }
}

impl<'a> Chunk<'_, 'a> {
    /// Where its first page begins.
    fn start(&self) -> Option<usize> {
        let at = [self.about.int(11), self.about.int(9)].into_iter().flatten().filter(|n| *n > 0).min()?;
        usize::try_from(at).ok()
    }

    /// The heads of its pages; none where they can't be followed.
    fn pages<'b>(&self, bytes: &'b [u8]) -> Option<Vec<Value<'b>>> {
        let mut at = self.start()?;
        let end = at.checked_add(usize::try_from(self.about.int(7)?).ok()?)?.min(bytes.len());
        let mut pages = Vec::new();
        while at < end {
            let (head, length) = parse(bytes.get(at..end)?)?;
            let size = usize::try_from(head.int(3)?).ok()?;
            at = at.checked_add(length)?.checked_add(size)?;
            pages.push(head);
            if pages.len() > MOST_PAGES {
                return None;
            }
        }
        Some(pages)
    }

    /// Whether the levels of its pages stay within them; none where the pages can't be followed.
    fn levels_are_sound(&self, bytes: &[u8], nulls: bool) -> Option<bool> {
        let rows = self.rows.1.saturating_sub(self.rows.0);
        let codec = self.about.int(4).unwrap_or(0);
        let mut at = self.start()?;
        let end = at.checked_add(usize::try_from(self.about.int(7)?).ok()?)?.min(bytes.len());
        while at < end {
            let (head, length) = parse(bytes.get(at..end)?)?;
            let (size, expanded) = (usize::try_from(head.int(3)?).ok()?, usize::try_from(head.int(2)?).ok()?);
            let start = at.checked_add(length)?;
            at = start.checked_add(size)?;
            let content = bytes.get(start..at)?;
            let values = |page: &Value| page.int(1).and_then(|n| usize::try_from(n).ok()).filter(|n| *n <= rows);
            let sound = match (head.field(5), head.field(8)) {
                (Some(page), _) => {
                    let values = values(page)?;
                    !nulls || levels::sound(content, codec, expanded, values)
                }
                (_, Some(page)) => {
                    let (values, length) = (values(page)?, usize::try_from(page.int(5).unwrap_or(0)).ok()?);
                    content.get(..length).is_some_and(|l| levels::runs(l, values))
                }
                _ => true,
            };
            if !sound {
                return Some(false);
            }
        }
        Some(true)
    }

    /// What some writers repeat of its description behind its pages, and where that stands.
    fn copy<'b>(&self, bytes: &'b [u8]) -> Option<(Value<'b>, usize, usize)> {
        let end = self.start()?.checked_add(usize::try_from(self.about.int(7)?).ok()?)?;
        let (copy, length) = parse(bytes.get(end..)?)?;
        let same = [5, 6, 7, 9].iter().all(|n| copy.int(*n).is_some() && copy.int(*n) == self.about.int(*n));
        same.then_some((copy, end, end + length))
    }

    /// The number of values in its list of values, where it has one.
    fn listed(&self, bytes: &[u8]) -> Option<usize> {
        let pages = self.pages(bytes)?;
        let list = pages.iter().find(|p| p.int(1) == Some(2))?;
        usize::try_from(list.field(7)?.int(1)?).ok()
    }

    /// The least and greatest values that the file keeps of it: of the whole, of each page, and of an index of pages.
    fn limits(&self, bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut found = Vec::new();
        let mut take = |statistics: &Value| {
            found.extend([1, 2, 5, 6].iter().filter_map(|n| statistics.bytes(*n).map(<[u8]>::to_vec)));
        };
        self.about.field(12).into_iter().for_each(&mut take);
        let copy = self.copy(bytes);
        copy.as_ref().and_then(|(copy, ..)| copy.field(12)).into_iter().for_each(&mut take);
        for page in self.pages(bytes).unwrap_or_default() {
            page.field(5).and_then(|h| h.field(5)).into_iter().for_each(&mut take);
            page.field(8).and_then(|h| h.field(8)).into_iter().for_each(&mut take);
        }
        let place = |n: i16| self.whole.int(n).and_then(|v| usize::try_from(v).ok());
        if let (Some(at), Some(length)) = (place(6), place(7))
            && let Some((index, _)) = at.checked_add(length).and_then(|end| bytes.get(at..end)).and_then(parse)
        {
            let blank: Vec<bool> = index.list(1).iter().map(|b| matches!(b, Value::Bool(true))).collect();
            for list in [index.list(2), index.list(3)] {
                let kept = list.iter().zip(blank.iter().chain(std::iter::repeat(&false))).filter(|(_, blank)| !**blank);
                found.extend(kept.filter_map(|(v, _)| if let Value::Bytes(b) = v { Some(b.to_vec()) } else { None }));
            }
        }
        found
    }

    /// Whether a limit is a value that a row shows. Dates are no figures; a text may be cut short.
    fn shows(&self, limit: &[u8], shown: &HashSet<&str>) -> bool {
        let number = |n: f64| shown.iter().filter_map(|s| s.parse::<f64>().ok()).any(|s| s == n);
        match (self.about.int(1), limit.len()) {
            (Some(0), _) | (Some(3), _) => true,
            (Some(1), 4) => {
                let Ok(four) = limit.try_into() else { return false };
                self.dated(shown)
                    || number(f64::from(i32::from_le_bytes(four)))
                    || number(f64::from(u32::from_le_bytes(four)))
            }
            (Some(2), 8) => {
                let Ok(eight) = limit.try_into() else { return false };
                self.dated(shown)
                    || number(i64::from_le_bytes(eight) as f64)
                    || number(u64::from_le_bytes(eight) as f64)
            }
            (Some(4), 4) => limit.try_into().is_ok_and(|b| number(zero(f64::from(f32::from_le_bytes(b))))),
            (Some(5), 8) => limit.try_into().is_ok_and(|b| number(zero(f64::from_le_bytes(b)))),
            (Some(6 | 7), _) => {
                let text = String::from_utf8_lossy(limit);
                // the last letter of a limit that was cut short is raised by one
                let mut cut: Vec<char> = text.chars().collect();
                cut.pop();
                let cut: String = cut.into_iter().collect();
                shown.contains(text.as_ref()) || cut.len() >= 15 && shown.iter().any(|s| s.starts_with(&cut))
            }
            _ => false,
        }
    }

    /// Whether its cells are dates or times.
    fn dated(&self, shown: &HashSet<&str>) -> bool {
        !shown.is_empty() && shown.iter().all(|s| s.parse::<f64>().is_err())
    }
}

/// A zero without a sign.
fn zero(n: f64) -> f64 {
    if n == 0.0 { 0.0 } else { n }
}
