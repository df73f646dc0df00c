//! The layout that all spreadsheets share, to the rules for accessible spreadsheets of the UK Government Analysis
//! Function.
//!
//! A cover sheet, a table of contents, a sheet per table, and a sheet of notes where there are any. On every sheet the
//! text stands in column A, a line a cell, and below it the one table, with one header row, unique headings and no
//! blank field. Layers are columns on the left, so that one table stays one table. Numbers are numbers; what is not a
//! number is shorthand in brackets, which a key above the table explains. No marks are set beside a figure: notes on
//! single cells stand in a column on the right.

use std::collections::BTreeSet;
use std::io;

use super::layout::{Side, clean, title, value_label};
use super::legend::{colophon, legend_of, mark_of, preamble, provenance_line};
use crate::model::{Measure, Role};
use crate::release::{Figure, Markers, Published, Release, ReleaseTable, vocabulary};

/// The largest number that spreadsheets keep exactly: they know 15 digits.
const MOST: u64 = 999_999_999_999_999;
/// Rows and columns of a sheet.
const SIZE: (usize, usize) = (1_048_576, 16_384);
/// Characters in the name of a sheet.
const NAME: usize = 31;
/// Characters in a heading of a table.
const HEADING: usize = 255;
/// Width of a column of figures, in characters; the first column is wider.
const WIDTHS: (usize, usize) = (24, 14);
/// What stands in the column of notes where there is none.
const NO_NOTE: &str = "none";
/// Name of the sheet of notes.
const NOTES: &str = "Notes";

/// A spreadsheet.
#[derive(Debug)]
pub(super) struct Book {
    /// Title of the document.
    pub title: String,
    /// Policy and program, in a line for its properties.
    pub made: String,
    /// Its sheets in order.
    pub sheets: Vec<Sheet>,
}

/// A sheet.
#[derive(Debug)]
pub(super) struct Sheet {
    /// Its name, unique in the book.
    pub name: String,
    /// What stands above the table, a line a cell of column A.
    pub lines: Vec<Line>,
    /// The table, if the sheet has one.
    pub grid: Option<Grid>,
}

/// A line of text on a sheet.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// The title of the sheet, in its first cell.
    Title(String),
    /// Anything else.
    Text(String),
}

/// A table on a sheet.
#[derive(Debug)]
pub(super) struct Grid {
    /// Its name, for those who jump to it: letters, digits and `_`.
    pub name: String,
    /// The one header row.
    pub heads: Vec<String>,
    /// How many columns on the left hold labels.
    pub labels: usize,
    /// The rows below.
    pub rows: Vec<Vec<Field>>,
}

/// A field of a table; none is blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// A text, set in by its depth in a hierarchy.
    Text {
        /// What stands there.
        text: String,
        /// How far it is set in.
        indent: u8,
    },
    /// A number.
    Number(Figure),
    /// Shorthand in place of a number.
    Sign(String),
    /// The name of another sheet, as a link to it.
    Link(String),
}

impl Field {
    fn text(text: impl Into<String>) -> Field {
        Field::Text { text: text.into(), indent: 0 }
    }
}

impl Grid {
    /// Width of a column in characters.
    pub fn width(&self, column: usize) -> usize {
        let texts = self.rows.iter().filter_map(|row| match row.get(column)? {
            Field::Text { text, indent } => Some(text.chars().count() + usize::from(*indent)),
            Field::Link(text) => Some(text.chars().count()),
            Field::Number(_) | Field::Sign(_) => None,
        });
        let least = if column < self.labels { WIDTHS.0 } else { WIDTHS.1 };
        texts.max().unwrap_or(0).clamp(least, 60)
    }
}

/// Lays a release out as a spreadsheet.
///
/// # Errors
/// Where a spreadsheet can't hold it: too many rows or columns, or a figure of more digits than spreadsheets keep.
pub(super) fn book(release: &Release) -> io::Result<Book> {
    let mut numbered = Numbered::default();
    let tables = release.tables();
    let names = sheet_names(tables);
    let sheets: io::Result<Vec<Sheet>> =
        tables.iter().zip(&names).map(|(table, name)| table_sheet(release, table, name, &mut numbered)).collect();
    let sheets = sheets?;
    let mut all = vec![cover(release), contents(release, &names, &numbered)];
    all.extend(sheets);
    all.extend(numbered.sheet());
    let (title, made) = (printable(&release.header().title), printable(&provenance_line(release)));
    Ok(Book { title, made, sheets: all })
}

/// A text that every spreadsheet can hold.
fn printable(text: &str) -> String {
    clean(text).replace(['\u{fffe}', '\u{ffff}'], " ")
}

fn cover(release: &Release) -> Sheet {
    let header = release.header();
    let mut lines = vec![Line::Title(printable(&header.title))];
    let mut say = |text: &str| lines.push(Line::Text(printable(text)));
    preamble(release).iter().for_each(|line| say(line));
    header.notes.iter().chain(&header.closing).for_each(|statement| say(statement));
    say("Shorthand in square brackets stands where there is no figure; a key above each table explains it.");
    say(&colophon(release));
    Sheet { name: "Cover".to_owned(), lines, grid: None }
}

fn contents(release: &Release, names: &[String], notes: &Numbered) -> Sheet {
    let row = |name: &str, title: String| vec![Field::Link(name.to_owned()), Field::text(title)];
    let tables = names.iter().zip(release.tables()).map(|(name, table)| row(name, printable(&title(table))));
    let notes = (!notes.texts.is_empty()).then(|| row(NOTES, "Notes on the tables".to_owned()));
    Sheet {
        name: "Contents".to_owned(),
        lines: vec![
            Line::Title("Table of contents".to_owned()),
            Line::Text("This worksheet contains one table. It names each of the other worksheets.".to_owned()),
        ],
        grid: Some(Grid {
            name: "contents".to_owned(),
            heads: vec!["Worksheet".to_owned(), "Title".to_owned()],
            labels: 2,
            rows: tables.chain(notes).collect(),
        }),
    }
}

/// A name for the sheet of each table, after its short name.
fn sheet_names(tables: &[ReleaseTable]) -> Vec<String> {
    let mut taken: BTreeSet<String> = ["cover", "contents", "notes"].map(str::to_owned).into();
    let name = |table: &ReleaseTable| {
        let plain: String = table.id.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
        unique(&mut taken, &format!("Table_{plain}"), NAME)
    };
    tables.iter().map(name).collect()
}

/// A text of at most `most` characters that no other is, by letters of any size: with a number if it must be.
fn unique(taken: &mut BTreeSet<String>, wanted: &str, most: usize) -> String {
    let cut = |tail: &str| -> String {
        let room = most.saturating_sub(tail.chars().count());
        wanted.chars().take(room).chain(tail.chars()).collect()
    };
    let mut name = cut("");
    let mut n = 2;
    while !taken.insert(name.to_lowercase()) {
        name = cut(&format!("_{n}"));
        n += 1;
    }
    name
}

/// The notes of a book, numbered in the order met.
#[derive(Default)]
struct Numbered {
    texts: Vec<String>,
}

impl Numbered {
    /// The mark of a note: the same text has the same number.
    fn mark(&mut self, text: &str) -> String {
        let text = printable(text);
        let at = self.texts.iter().position(|t| *t == text).unwrap_or_else(|| {
            self.texts.push(text);
            self.texts.len() - 1
        });
        format!("[note {}]", at + 1)
    }

    fn sheet(self) -> Option<Sheet> {
        let row = |(n, text): (usize, &String)| vec![Field::text(format!("[note {}]", n + 1)), Field::text(text)];
        (!self.texts.is_empty()).then(|| Sheet {
            name: NOTES.to_owned(),
            lines: vec![Line::Title(NOTES.to_owned()), Line::Text("This worksheet contains one table.".to_owned())],
            grid: Some(Grid {
                name: "notes".to_owned(),
                heads: vec!["Note number".to_owned(), "Note text".to_owned()],
                labels: 2,
                rows: self.texts.iter().enumerate().map(row).collect(),
            }),
        })
    }
}

fn table_sheet(release: &Release, table: &ReleaseTable, name: &str, notes: &mut Numbered) -> io::Result<Sheet> {
    let markers = Markers::from(&vocabulary::GSS);
    let sides = [Role::Layer, Role::Row, Role::Column].map(|role| Side::new(table, role));
    let marks: Vec<String> = table.notes.iter().map(|note| notes.mark(note)).collect();
    let mut grid = Laid { table, markers: &markers, sides: &sides, notes }.grid(name)?;
    let mut title = printable(&title(table));
    marks.iter().for_each(|mark| title.push_str(&format!(" {mark}")));
    let mut lines = vec![Line::Title(title), Line::Text(description(table, &grid))];
    let key = legend_of(release.header(), &markers, std::slice::from_ref(table));
    lines.extend(
        key.into_iter().map(|n| {
            Line::Text(printable(&if n.mark.is_empty() { n.text } else { format!("{} = {}", n.mark, n.text) }))
        }),
    );
    if table.grid.contains(&Published::Rounded(0)) {
        lines.push(Line::Text("0 = zero, or a number that is not zero but is rounded to zero".to_owned()));
    }
    let noted = |text: &String| text.contains("[note ");
    let of_cells = |f: &Field| matches!(f, Field::Text { text, .. } if noted(text));
    if !marks.is_empty() || grid.heads.iter().any(noted) || grid.rows.iter().flatten().any(of_cells) {
        lines.push(Line::Text(format!("Marks such as [note 1] are explained on the worksheet {NOTES}.")));
    }
    if let Some(source) = &release.header().source {
        lines.push(Line::Text(printable(&format!("Source: {source}"))));
    }
    if lines.len() + 1 + grid.rows.len() > SIZE.0 || grid.heads.len() > SIZE.1 {
        return Err(too_large(table, "has more rows or columns than a spreadsheet"));
    }
    let mut taken = BTreeSet::new();
    grid.heads.iter_mut().for_each(|head| *head = unique(&mut taken, head, HEADING));
    Ok(Sheet { name: name.to_owned(), lines, grid: Some(grid) })
}

fn too_large(table: &ReleaseTable, what: &str) -> io::Error {
    io::Error::other(format!("table {} {what}: write it as csv or parquet", clean(&table.id)))
}

/// What a reader should know before the table.
fn description(table: &ReleaseTable, grid: &Grid) -> String {
    let mut text = "This worksheet contains one table".to_owned();
    let across: Vec<&str> = table.axes.iter().filter(|a| a.role == Role::Column).map(|a| a.label.as_str()).collect();
    if !across.is_empty() {
        text.push_str(&format!(", with {} across", across.join(", then ")));
    }
    text.push_str(&match &table.measure {
        Measure::Records => ". Figures are counts.".to_owned(),
        Measure::Persons => ". Figures are counts of different persons.".to_owned(),
        Measure::Sum { column, .. } => format!(". Figures are sums of {column}."),
    });
    if grid.heads.last().is_some_and(|head| head == NOTES) {
        text.push_str(" Notes on single figures are in the last column.");
    }
    printable(&text)
}

/// A table that is laid out.
struct Laid<'a> {
    table: &'a ReleaseTable,
    markers: &'a Markers,
    /// Layers, rows, columns.
    sides: &'a [Side<'a>; 3],
    notes: &'a mut Numbered,
}

impl Laid<'_> {
    fn grid(&mut self, name: &str) -> io::Result<Grid> {
        let [layers, rows, columns] = self.sides;
        let measure = printable(&value_label(self.table));
        let labelled = layers.axes.len() + rows.axes.len();
        let mut heads: Vec<String> = layers.axes.iter().chain(&rows.axes).map(|(_, a)| printable(&a.label)).collect();
        if labelled == 0 {
            heads.push("Measure".to_owned());
        }
        let labels = heads.len();
        for column in &columns.combinations {
            let head = self.words(columns, column);
            heads.push(if head.is_empty() { measure.clone() } else { head });
        }
        let noted = !self.table.cell_notes.is_empty();
        let mut body = Vec::new();
        for layer in &layers.combinations {
            for row in &rows.combinations {
                let mut fields = self.labels(layers, layer);
                fields.extend(self.labels(rows, row));
                if labelled == 0 {
                    fields.push(Field::text(measure.clone()));
                }
                let positions: Vec<usize> =
                    columns.combinations.iter().map(|column| self.position([layer, row, column])).collect();
                for &position in &positions {
                    fields.push(self.figure(position)?);
                }
                if noted {
                    fields.push(self.cell_notes(&positions, heads.get(labels..).unwrap_or_default()));
                }
                body.push(fields);
            }
        }
        if noted {
            heads.push(NOTES.to_owned());
        }
        heads.iter_mut().filter(|h| h.trim().is_empty()).for_each(|h| *h = "Unnamed".to_owned());
        Ok(Grid { name: name.to_owned(), heads, labels, rows: body })
    }

    /// Where the entries of layers, rows and columns meet.
    fn position(&self, chosen: [&Vec<usize>; 3]) -> usize {
        let mut at = vec![0; self.table.axes.len()];
        for (side, entries) in self.sides.iter().zip(chosen) {
            for ((axis, _), &entry) in side.axes.iter().zip(entries) {
                if let Some(slot) = at.get_mut(*axis) {
                    *slot = entry;
                }
            }
        }
        self.table.position(&at)
    }

    /// The label of an entry, with numbered notes in place of marks.
    fn label(&mut self, side: &Side, axis: usize, chosen: &[usize]) -> (String, u32) {
        let entry = side.entry(axis, chosen);
        let Some(note) = entry.note.as_deref() else { return (printable(&entry.label), entry.level) };
        let label = entry.label.trim_end();
        let bare = label.strip_suffix(mark_of(label)).unwrap_or(label).trim_end();
        (format!("{} {}", printable(bare), self.notes.mark(note)), entry.level)
    }

    /// The labels of a row; one that is blank shows its code.
    fn labels(&mut self, side: &Side, chosen: &[usize]) -> Vec<Field> {
        let field = |axis: usize| {
            let (text, level) = self.label(side, axis, chosen);
            let indent = u8::try_from(level.saturating_sub(1)).unwrap_or(u8::MAX).min(15);
            let code = || printable(&side.entry(axis, chosen).code);
            let text = Some(text).filter(|t| !t.trim().is_empty()).unwrap_or_else(code);
            Field::Text { text: if text.trim().is_empty() { "Unnamed".to_owned() } else { text }, indent }
        };
        (0..side.axes.len()).map(field).collect()
    }

    /// The heading of a column: `2014`, or `2014, Female` where several variables stand across.
    fn words(&mut self, columns: &Side, chosen: &[usize]) -> String {
        let word = |axis: usize| self.label(columns, axis, chosen).0;
        (0..columns.axes.len()).map(word).collect::<Vec<_>>().join(", ")
    }

    fn figure(&self, position: usize) -> io::Result<Field> {
        let state = self.table.grid.get(position).copied().unwrap_or(Published::NotApplicable);
        let sign = match state {
            Published::RoundsToZero => self.markers.rounds_to_zero.as_ref(),
            Published::NotApplicable => Some(&self.markers.not_applicable),
            _ => None,
        };
        match (sign, self.table.figure(position)) {
            (Some(sign), _) => Ok(Field::Sign(sign.clone())),
            (None, Some(figure)) if figure.value.unsigned_abs() > MOST => {
                Err(too_large(self.table, "holds a figure of more digits than a spreadsheet keeps"))
            }
            (None, Some(figure)) => Ok(Field::Number(figure)),
            (None, None) => Ok(Field::Sign(self.markers.withheld.clone())),
        }
    }

    /// The notes on the cells of a row: `2015: [note 3]`.
    fn cell_notes(&mut self, positions: &[usize], heads: &[String]) -> Field {
        let mut found = Vec::new();
        for (position, head) in positions.iter().zip(heads) {
            for (_, _, text) in self.table.cell_notes.iter().filter(|(at, ..)| at == position) {
                let bare = head.split(" [note ").next().unwrap_or(head);
                found.push(format!("{bare}: {}", self.notes.mark(text)));
            }
        }
        Field::text(if found.is_empty() { NO_NOTE.to_owned() } else { found.join(", ") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names fit, and none is another's by letters of another size.
    #[test]
    fn names_are_unique() {
        let mut taken = BTreeSet::new();
        let mut name = |wanted: &str| unique(&mut taken, wanted, 8);
        assert_eq!(
            [name("Table_1"), name("TABLE_1"), name("Table_long"), name("Table_long")],
            ["Table_1", "TABLE__2", "Table_lo", "Table__3"]
        );
    }
}
