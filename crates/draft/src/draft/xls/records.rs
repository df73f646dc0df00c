//! Records of a workbook stream (MS-XLS, BIFF8), as far as they tell how cells look and what is hidden.

use std::collections::{BTreeMap, BTreeSet};

use super::compound::damaged;
use crate::draft::Error;
use crate::draft::bounds::refuse;
use crate::draft::number_format::built_in;

/// The number of white among the colours.
const WHITE: u16 = 9;
/// Cells from the first to the last used one of all sheets; the library holds them all, used or not.
const MOST_SPANNED: usize = 4_000_000;

/// How a cell looks.
#[derive(Clone, Debug, Default)]
pub(super) struct Style {
    /// Code of its number format; none for none.
    pub format: Option<String>,
    /// The font is bold.
    pub bold: bool,
    /// Steps of indentation.
    pub indent: usize,
    /// White text without a colour behind it.
    pub unseen: bool,
}

/// What a font says: bold, raised, white.
type Font = (bool, bool, bool);

/// What a workbook says of its sheets.
#[derive(Debug, Default)]
pub(super) struct Book {
    /// Its sheets in order.
    pub sheets: Vec<Sheet>,
    /// Styles by number.
    pub styles: Vec<Style>,
    /// Days count from 1904.
    pub from_1904: bool,
    /// Some font is raised.
    pub raised: bool,
}

/// What a sheet says of its cells. Rows and columns count from 0.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// Its name.
    pub name: String,
    /// Nobody sees it.
    pub hidden: bool,
    /// A chart.
    pub chart: bool,
    /// Charts stand on it.
    pub charts: bool,
    /// The style of each cell that holds something.
    pub styles: BTreeMap<(usize, usize), usize>,
    /// Rows that are hidden.
    pub hidden_rows: BTreeSet<usize>,
    /// Columns that are hidden.
    pub hidden_columns: BTreeSet<usize>,
    /// Comments by their cells.
    pub comments: BTreeMap<(usize, usize), String>,
    /// Texts of boxes.
    pub boxes: Vec<String>,
}

/// A record: its kind and content.
type Record<'a> = (u16, &'a [u8]);

/// The records from a place on; they end with the stream, or where a length runs beyond it.
fn records(stream: &[u8], from: usize) -> impl Iterator<Item = Record<'_>> {
    let mut rest = stream.get(from..).unwrap_or_default();
    std::iter::from_fn(move || {
        let kind = number(rest, 0)?;
        let length = usize::from(number(rest, 2)?);
        let content = rest.get(4..4 + length)?;
        rest = rest.get(4 + length..)?;
        Some((kind, content))
    })
}

fn number(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn place(bytes: &[u8]) -> Option<(usize, usize)> {
    Some((usize::from(number(bytes, 0)?), usize::from(number(bytes, 2)?)))
}

/// Text of so many characters behind a byte that tells their width.
fn text(bytes: &[u8], length: usize) -> String {
    let wide = bytes.first().is_some_and(|flags| flags & 1 == 1);
    let signs = bytes.get(1..).unwrap_or_default();
    if wide {
        let units: Vec<u16> =
            signs.chunks_exact(2).take(length).filter_map(|c| Some(u16::from_le_bytes(c.try_into().ok()?))).collect();
        return String::from_utf16_lossy(&units);
    }
    signs.iter().take(length).map(|b| char::from(*b)).collect()
}

impl Book {
    /// What the records of a workbook stream say.
    ///
    /// # Errors
    /// A password, an old version, or sheets that span too much.
    pub(super) fn of(stream: &[u8]) -> Result<Book, Error> {
        let mut book = Book::default();
        let (mut formats, mut fonts, mut sheets) = (BTreeMap::new(), Vec::new(), Vec::new());
        let mut looks = Vec::new();
        let mut first = true;
        for (kind, content) in records(stream, 0) {
            if std::mem::take(&mut first) && (kind, number(content, 0)) != (0x0809, Some(0x0600)) {
                return Err(refuse("is a workbook of Excel 95 or before, which is not read", "save it as XLSX"));
            }
            match kind {
                0x002F => return Err(refuse("is protected by a password", "save it without one")),
                0x0022 => book.from_1904 = number(content, 0) == Some(1),
                0x0031 => fonts.push((
                    number(content, 6).unwrap_or(0) >= 600,
                    number(content, 8) == Some(1),
                    number(content, 4) == Some(WHITE),
                )),
                0x041E => {
                    if let (Some(id), Some(length)) = (number(content, 0), number(content, 2)) {
                        formats.insert(id, text(content.get(4..).unwrap_or_default(), usize::from(length)));
                    }
                }
                0x00E0 => looks.push(content),
                0x0085 => sheets.push(content),
                0x000A => break,
                _ => {}
            }
        }
        book.raised = fonts.iter().any(|f| f.1);
        book.styles = looks.into_iter().map(|xf| style(xf, &formats, &fonts)).collect();
        let mut spanned = 0;
        for content in sheets {
            let sheet = sheet(stream, content, &mut spanned)?;
            book.sheets.push(sheet);
        }
        Ok(book)
    }
}

fn style(xf: &[u8], formats: &BTreeMap<u16, String>, fonts: &[Font]) -> Style {
    // font 4 does not exist: those behind it have numbers one higher
    let font = number(xf, 0).map(usize::from).map_or(0, |i| if i > 4 { i - 1 } else { i });
    let id = number(xf, 2).unwrap_or(0);
    let format = formats.get(&id).cloned().or_else(|| built_in(u32::from(id)).map(str::to_owned));
    Style {
        format: format.filter(|f| f != "General"),
        bold: fonts.get(font).is_some_and(|f| f.0),
        indent: usize::from(xf.get(8).copied().unwrap_or(0) & 0x0F),
        // six bits at the top of the third word of borders say which pattern fills the cell
        unseen: fonts.get(font).is_some_and(|f| f.2) && xf.get(17).is_some_and(|b| b >> 2 == 0),
    }
}

fn sheet(stream: &[u8], bound: &[u8], spanned: &mut usize) -> Result<Sheet, Error> {
    let start = bound.get(..4).and_then(|b| b.try_into().ok()).map_or(usize::MAX, |b| u32::from_le_bytes(b) as usize);
    if start >= stream.len() {
        return Err(damaged("a sheet is missing"));
    }
    let length = usize::from(bound.get(6).copied().unwrap_or(0));
    let mut sheet = Sheet {
        name: text(bound.get(7..).unwrap_or_default(), length),
        hidden: bound.get(4).is_some_and(|state| state & 3 != 0),
        chart: bound.get(5) == Some(&2),
        ..Sheet::default()
    };
    let mut notes: BTreeMap<u16, (usize, usize)> = BTreeMap::new();
    let mut texts: Vec<(Option<u16>, String)> = Vec::new();
    let mut object = None;
    let mut waiting = None;
    let mut depth = 0;
    for (kind, content) in records(stream, start) {
        match kind {
            0x0809 => {
                depth += 1;
                sheet.charts |= depth > 1;
            }
            0x000A if depth <= 1 => break,
            0x000A => depth -= 1,
            // a chart within the sheet has cells of its own
            _ if depth > 1 => {}
            0x0200 => check_dimensions(content)?,
            0x0208 => {
                let flags = content.get(12).copied().unwrap_or(0);
                sheet.hidden_rows.extend(number(content, 0).filter(|_| flags & 0x20 != 0).map(usize::from));
            }
            0x007D => {
                let hidden = number(content, 8).is_some_and(|flags| flags & 1 == 1) || number(content, 4) == Some(0);
                if let Some((first, last)) = place(content).filter(|_| hidden) {
                    sheet.hidden_columns.extend(first..=last.min(255));
                }
            }
            0x0203 | 0x0204 | 0x00D6 | 0x0205 | 0x027E | 0x00FD | 0x0006 => {
                if let (Some(at), Some(style)) = (place(content), number(content, 4)) {
                    sheet.styles.insert(at, usize::from(style));
                }
            }
            0x00BD => several(content, &mut sheet.styles),
            0x001C => {
                if let (Some(at), Some(id)) = (place(content), number(content, 6)) {
                    notes.insert(id, at);
                }
            }
            // what the text that follows belongs to: 0x19 is a comment
            0x005D => object = number(content, 6).filter(|_| number(content, 4) == Some(0x19)),
            0x01B6 => waiting = number(content, 10).map(|length| (object.take(), usize::from(length))),
            0x003C => {
                if let Some((id, length)) = waiting.take() {
                    texts.push((id, text(content, length)));
                }
            }
            _ => {}
        }
    }
    for (id, said) in texts {
        match id.and_then(|id| notes.remove(&id)) {
            Some(at) => drop(sheet.comments.insert(at, said)),
            None => sheet.boxes.push(said),
        }
    }
    sheet.comments.extend(notes.into_values().map(|at| (at, String::new())));
    *spanned += span(&sheet);
    if *spanned > MOST_SPANNED {
        let what = "holds cells too far apart, or too many";
        return Err(refuse(what, "save the tables alone as XLSX, without what stands far from them"));
    }
    Ok(sheet)
}

/// The library makes room for all cells between the first and the last that a sheet says it has.
fn check_dimensions(content: &[u8]) -> Result<(), Error> {
    let row = |at: usize| content.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
    let (Some(top), Some(bottom), Some(left), Some(right)) = (row(0), row(4), number(content, 8), number(content, 10))
    else {
        return Err(damaged("the size of a sheet is missing"));
    };
    if top > bottom || bottom > 65_536 || left > right || right > 256 {
        return Err(damaged("the size of a sheet is none"));
    }
    Ok(())
}

/// Several numbers in a row.
fn several(content: &[u8], styles: &mut BTreeMap<(usize, usize), usize>) {
    let Some((row, column)) = place(content) else { return };
    let cells = content.get(4..content.len().saturating_sub(2)).unwrap_or_default();
    for (i, cell) in cells.chunks_exact(6).enumerate() {
        styles.extend(number(cell, 0).map(|style| ((row, column + i), usize::from(style))));
    }
}

fn span(sheet: &Sheet) -> usize {
    let all = || sheet.styles.keys();
    let (Some(top), Some(bottom)) = (all().map(|k| k.0).min(), all().map(|k| k.0).max()) else { return 0 };
    let (Some(left), Some(right)) = (all().map(|k| k.1).min(), all().map(|k| k.1).max()) else { return 0 };
    (bottom - top + 1).saturating_mul(right - left + 1)
}
