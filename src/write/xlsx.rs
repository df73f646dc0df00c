//! XLSX: the shared layout of spreadsheets as an Office Open XML workbook.
//!
//! The library that writes it puts a date and a program into the properties of the document; they are replaced by a title
//! alone.

use std::io::{self, Write};

use rust_xlsxwriter::{
    Color, Format, FormatAlign, FormatBorder, FormatUnderline, Table, TableColumn, TableStyle, Url, Workbook,
    Worksheet, XlsxError,
};

use super::book::{self, Book, Field, Grid, Line, Sheet};
use crate::package::{self, Package};
use crate::release::Release;

/// The entries that hold the properties of the document, and of the program that made it.
const PROPERTIES: &str = "docProps/core.xml";
const PROGRAM: &str = "docProps/app.xml";
/// Nothing about a program: the library would name one that had no part in it.
const NO_PROGRAM: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\"/>";
/// The font of every cell, and its size: one without serifs, of 12 points at least.
const FONT: (&str, f64) = ("Arial", 12.0);
/// Width of column A on a sheet without a table, where text is wrapped; beside a table it runs on to the right.
const WIDTH: f64 = 100.0;
/// The deepest level of a hierarchy, and the most decimals, that have a look of their own.
const DEEPEST: u8 = 15;
const DECIMALS: usize = 9;
/// Characters that column A holds there, on the safe side.
const CHARACTERS: usize = 95;

/// Writes a release as XLSX.
pub(super) fn write(release: &Release, out: &mut dyn Write) -> io::Result<()> {
    let book = book::book(release)?;
    let workbook = workbook(&book).map_err(|e: XlsxError| io::Error::other(e.to_string()))?;
    let mut package = Package::new();
    for (name, content) in package::entries(&workbook)? {
        let content = match name.as_str() {
            PROPERTIES => package::properties(&book.title, &book.made, None).into_bytes(),
            PROGRAM => NO_PROGRAM.as_bytes().to_vec(),
            _ => content,
        };
        package.add(&name, &content)?;
    }
    out.write_all(&package.finish()?)
}

fn workbook(book: &Book) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    for sheet in &book.sheets {
        write_sheet(workbook.add_worksheet(), sheet)?;
    }
    workbook.save_to_buffer()
}

fn plain() -> Format {
    Format::new().set_font_name(FONT.0).set_font_size(FONT.1)
}

fn write_sheet(page: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    page.set_name(&sheet.name)?;
    page.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
    let text = if sheet.grid.is_none() { plain().set_text_wrap().set_align(FormatAlign::Top) } else { plain() };
    page.set_column_width(0, WIDTH)?;
    let mut row = 0;
    for line in &sheet.lines {
        let (height, length) = match line {
            Line::Title(title) => (22.0, title.chars().count() * 4 / 3),
            Line::Text(line) => (16.0, line.chars().count()),
        };
        let rows = if sheet.grid.is_none() { rows_of(length, CHARACTERS) } else { 1 };
        page.set_row_height(row, height * f64::from(rows))?;
        match line {
            Line::Title(title) => {
                page.write_string_with_format(row, 0, title, &text.clone().set_bold().set_font_size(16.0))?
            }
            Line::Text(line) => page.write_string_with_format(row, 0, line, &text)?,
        };
        row += 1;
    }
    match &sheet.grid {
        Some(grid) => write_grid(page, grid, row),
        None => Ok(()),
    }
}

fn write_grid(page: &mut Worksheet, grid: &Grid, first: u32) -> Result<(), XlsxError> {
    let size = |n: usize| u32::try_from(n).map_err(|_| XlsxError::RowColumnLimitError);
    let columns = u16::try_from(grid.heads.len()).map_err(|_| XlsxError::RowColumnLimitError)?;
    let head = plain().set_bold().set_text_wrap().set_align(FormatAlign::Bottom).set_border_bottom(FormatBorder::Thin);
    let heads: Vec<TableColumn> = grid
        .heads
        .iter()
        .enumerate()
        .map(|(column, text)| {
            let align = if column < grid.labels { FormatAlign::Left } else { FormatAlign::Right };
            TableColumn::new().set_header(text).set_header_format(head.clone().set_align(align))
        })
        .collect();
    let widths: Vec<usize> = (0..grid.heads.len()).map(|column| grid.width(column)).collect();
    for (column, &characters) in (0..columns).zip(&widths) {
        page.set_column_width(column, width(characters))?;
    }
    // a table of the format has one row at least
    if !grid.rows.is_empty() {
        let table =
            Table::new().set_name(&grid.name).set_autofilter(false).set_style(TableStyle::None).set_columns(&heads);
        page.add_table(first, 0, first + size(grid.rows.len())?, columns.saturating_sub(1), &table)?;
    }
    let looks = Looks::new();
    let wide = |fields: &[Field]| {
        let rows = fields.iter().enumerate().map(|(c, field)| match field {
            Field::Text { text, .. } => rows_of(text.chars().count(), widths.get(c).copied().unwrap_or(1)),
            _ => 1,
        });
        rows.max().unwrap_or(1)
    };
    for (r, fields) in grid.rows.iter().enumerate() {
        // programs are left to find the height of a row, but do not all look at wrapped text
        let rows = wide(fields);
        if rows > 1 {
            page.set_row_height(first + 1 + size(r)?, 16.0 * f64::from(rows))?;
        }
        for (c, field) in (0..columns).zip(fields) {
            write_field(page, (first + 1 + size(r)?, c), field, &looks)?;
        }
    }
    Ok(())
}

/// How many rows of text it takes to show so many characters.
fn rows_of(characters: usize, width: usize) -> u16 {
    u16::try_from(characters.div_ceil(width.max(1)).clamp(1, 25)).unwrap_or(1)
}

/// Width of a column of so many characters in the units of the format.
fn width(characters: usize) -> f64 {
    characters as f64 * 1.2
}

/// How the sorts of fields look, made once for a sheet.
struct Looks {
    /// By depth in a hierarchy.
    labels: Vec<Format>,
    /// By decimals.
    figures: Vec<Format>,
    sign: Format,
    link: Format,
}

impl Looks {
    fn new() -> Self {
        let label = |indent: u8| {
            plain().set_text_wrap().set_align(FormatAlign::Left).set_align(FormatAlign::Top).set_indent(indent)
        };
        let right = plain().set_align(FormatAlign::Right).set_align(FormatAlign::Top);
        let figure = |decimals: usize| {
            let point = if decimals > 0 { "." } else { "" };
            right.clone().set_num_format(format!("#,##0{point}{}", "0".repeat(decimals)))
        };
        Looks {
            labels: (0..=DEEPEST).map(label).collect(),
            figures: (0..=DECIMALS).map(figure).collect(),
            link: plain().set_font_color(Color::Blue).set_underline(FormatUnderline::Single),
            sign: right,
        }
    }

    fn label(&self, indent: u8) -> &Format {
        self.labels.get(usize::from(indent)).or(self.labels.last()).unwrap_or(&self.sign)
    }

    fn figure(&self, decimals: u32) -> &Format {
        self.figures.get(decimals as usize).or(self.figures.last()).unwrap_or(&self.sign)
    }
}

fn write_field(page: &mut Worksheet, at: (u32, u16), field: &Field, looks: &Looks) -> Result<(), XlsxError> {
    let (row, column) = at;
    match field {
        Field::Text { text, indent } => page.write_string_with_format(row, column, text, looks.label(*indent))?,
        Field::Number(figure) => {
            // at most 15 digits, which a floating point number holds exactly or as the nearest decimal
            let number = figure.to_string().parse::<f64>();
            let number = number.map_err(|_| XlsxError::ParameterError("a figure".to_owned()))?;
            page.write_number_with_format(row, column, number, looks.figure(figure.decimals))?
        }
        Field::Sign(sign) => page.write_string_with_format(row, column, sign, &looks.sign)?,
        Field::Link(name) => {
            let url = Url::new(format!("internal:'{name}'!A1")).set_text(name);
            page.write_url_with_format(row, column, &url, &looks.link)?
        }
    };
    Ok(())
}
