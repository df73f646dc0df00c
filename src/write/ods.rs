//! ODS: the shared layout of spreadsheets as an OpenDocument spreadsheet (ODF 1.3, parts 2 and 3).
//!
//! Written as XML, because the bytes must follow from the release alone: the libraries for this format put their name
//! and the time into the file, and the order of its declarations is left to chance.

use std::io::{self, Write};

use quick_xml::events::{BytesDecl, BytesText, Event};
use quick_xml::{ElementWriter, Writer};

use super::book::{self, Book, Field, Grid, Line, Sheet};
use crate::package::Package;
use crate::release::{Figure, Release};

/// What the file says it is.
const MIME: &str = "application/vnd.oasis.opendocument.spreadsheet";
/// The version of the format.
const VERSION: (&str, &str) = ("office:version", "1.3");
/// The namespaces in use.
const NAMESPACES: [(&str, &str); 9] = [
    ("xmlns:office", "urn:oasis:names:tc:opendocument:xmlns:office:1.0"),
    ("xmlns:table", "urn:oasis:names:tc:opendocument:xmlns:table:1.0"),
    ("xmlns:text", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"),
    ("xmlns:style", "urn:oasis:names:tc:opendocument:xmlns:style:1.0"),
    ("xmlns:fo", "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"),
    ("xmlns:number", "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"),
    ("xmlns:svg", "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"),
    ("xmlns:xlink", "http://www.w3.org/1999/xlink"),
    ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
];
/// Width of a character, and of column A on a sheet without a table, in millimetres.
const CHARACTER: usize = 3;
const COLUMN_A: usize = 240;
/// How far a level of a hierarchy is set in, in millimetres.
const INDENT: usize = 4;
/// The deepest level that has a style of its own.
const DEEPEST: u8 = 15;
/// The most decimals that have a style of their own.
const DECIMALS: u32 = 9;

type Xml = Writer<Vec<u8>>;

/// Writes a release as ODS.
pub(super) fn write(release: &Release, out: &mut dyn Write) -> io::Result<()> {
    let book = book::book(release)?;
    let mut package = Package::new();
    package.add_stored("mimetype", MIME.as_bytes())?;
    package.add("content.xml", &content(&book)?)?;
    package.add("styles.xml", &styles()?)?;
    package.add("meta.xml", &meta(&book)?)?;
    package.add("META-INF/manifest.xml", &manifest()?)?;
    out.write_all(&package.finish()?)
}

/// A document with this root, which the namespaces are declared on.
fn document(root: &str, fill: impl FnOnce(&mut Xml) -> io::Result<()>) -> io::Result<Vec<u8>> {
    let mut xml = Writer::new(Vec::new());
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element(root).with_attributes(NAMESPACES).with_attribute(VERSION).write_inner_content(fill)?;
    Ok(xml.into_inner())
}

fn manifest() -> io::Result<Vec<u8>> {
    let mut xml = Writer::new(Vec::new());
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let entries = [("/", MIME), ("content.xml", "text/xml"), ("styles.xml", "text/xml"), ("meta.xml", "text/xml")];
    xml.create_element("manifest:manifest")
        .with_attribute(("xmlns:manifest", "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"))
        .with_attribute(("manifest:version", VERSION.1))
        .write_inner_content(|xml| {
            for (path, kind) in entries {
                xml.create_element("manifest:file-entry")
                    .with_attributes([("manifest:full-path", path), ("manifest:media-type", kind)])
                    .write_empty()?;
            }
            Ok(())
        })?;
    Ok(xml.into_inner())
}

/// Title, policy and program; no author, no machine, no time.
fn meta(book: &Book) -> io::Result<Vec<u8>> {
    document("office:document-meta", |xml| {
        xml.create_element("office:meta").write_inner_content(|xml| {
            text(xml, "dc:title", &book.title)?;
            text(xml, "dc:description", &book.made)?;
            text(xml, "dc:language", "en-GB")
        })?;
        Ok(())
    })
}

/// The font of every cell, and pages as wide as a sheet.
fn styles() -> io::Result<Vec<u8>> {
    document("office:document-styles", |xml| {
        xml.create_element("office:styles").write_inner_content(|xml| {
            xml.create_element("style:default-style")
                .with_attribute(("style:family", "table-cell"))
                .write_inner_content(|xml| {
                    let font = [
                        ("fo:font-family", "Arial"),
                        ("fo:font-size", "12pt"),
                        ("fo:language", "en"),
                        ("fo:country", "GB"),
                    ];
                    empty(xml, "style:text-properties", &font)
                })?;
            Ok(())
        })?;
        xml.create_element("office:automatic-styles").write_inner_content(|xml| {
            xml.create_element("style:page-layout").with_attribute(("style:name", "page")).write_inner_content(
                |xml| {
                    let size = [
                        ("fo:page-width", "297mm"),
                        ("fo:page-height", "210mm"),
                        ("style:print-orientation", "landscape"),
                    ];
                    empty(
                        xml,
                        "style:page-layout-properties",
                        &[&size[..], &[("style:scale-to-X", "1"), ("style:scale-to-Y", "0")]].concat(),
                    )
                },
            )?;
            Ok(())
        })?;
        xml.create_element("office:master-styles").write_inner_content(|xml| {
            empty(xml, "style:master-page", &[("style:name", "Default"), ("style:page-layout-name", "page")])
        })?;
        Ok(())
    })
}

fn content(book: &Book) -> io::Result<Vec<u8>> {
    document("office:document-content", |xml| {
        xml.create_element("office:automatic-styles").write_inner_content(|xml| cell_styles(xml, book))?;
        xml.create_element("office:body").write_inner_content(|xml| {
            xml.create_element("office:spreadsheet").write_inner_content(|xml| {
                for sheet in &book.sheets {
                    write_sheet(xml, sheet)?;
                }
                xml.create_element("table:database-ranges")
                    .write_inner_content(|xml| book.sheets.iter().try_for_each(|sheet| database_range(xml, sheet)))?;
                Ok(())
            })?;
            Ok(())
        })?;
        Ok(())
    })
}

/// Columns of every width in use, and a style for each sort of cell.
fn cell_styles(xml: &mut Xml, book: &Book) -> io::Result<()> {
    let sheet = style(xml, "sheet", "table").with_attribute(("style:master-page-name", "Default"));
    sheet.write_inner_content(|xml| empty(xml, "style:table-properties", &[("table:display", "true")]))?;
    let mut widths: Vec<usize> = book.sheets.iter().flat_map(widths).collect();
    widths.sort_unstable();
    widths.dedup();
    for width in widths {
        let (name, size) = (column_style(width), format!("{width}mm"));
        style(xml, &name, "table-column")
            .write_inner_content(|xml| empty(xml, "style:table-column-properties", &[("style:column-width", &size)]))?;
    }
    for decimals in 0..=DECIMALS {
        number_shape(xml, decimals)?;
    }
    let line = CellStyle { wrap: false, ..CellStyle::new("line", "start") };
    CellStyle { bold: Some("16pt"), ..line.named("title") }.put(xml)?;
    CellStyle { bold: Some("16pt"), wrap: true, ..line.named("wrapped-title") }.put(xml)?;
    CellStyle { wrap: true, ..line.named("wrapped-line") }.put(xml)?;
    line.put(xml)?;
    for (name, align) in [("label-head", "start"), ("head", "end")] {
        CellStyle { bold: Some("12pt"), ruled: true, ..CellStyle::new(name, align) }.put(xml)?;
    }
    CellStyle::new("sign", "end").put(xml)?;
    for indent in 0..=DEEPEST {
        CellStyle { indent: usize::from(indent) * INDENT, ..CellStyle::new(&label_style(indent), "start") }.put(xml)?;
    }
    for decimals in 0..=DECIMALS {
        CellStyle { number: Some(number_style(decimals)), ..CellStyle::new(&figure_style(decimals), "end") }
            .put(xml)?;
    }
    Ok(())
}

/// The beginning of a style.
fn style<'a>(xml: &'a mut Xml, name: &str, family: &str) -> ElementWriter<'a, Vec<u8>> {
    xml.create_element("style:style").with_attributes([("style:name", name), ("style:family", family)])
}

/// Numbers with so many decimals and their thousands set apart.
fn number_shape(xml: &mut Xml, decimals: u32) -> io::Result<()> {
    let (name, places) = (number_style(decimals), decimals.to_string());
    let shape = [
        ("number:decimal-places", places.as_str()),
        ("number:min-decimal-places", &places),
        ("number:min-integer-digits", "1"),
        ("number:grouping", "true"),
    ];
    let start = xml.create_element("number:number-style").with_attribute(("style:name", name.as_str()));
    start.write_inner_content(|xml| empty(xml, "number:number", &shape))?;
    Ok(())
}

/// How a sort of cell looks.
struct CellStyle {
    name: String,
    align: &'static str,
    /// In millimetres.
    indent: usize,
    /// The size of bold text.
    bold: Option<&'static str>,
    wrap: bool,
    /// A line below.
    ruled: bool,
    number: Option<String>,
}

impl CellStyle {
    fn new(name: &str, align: &'static str) -> Self {
        let name = name.to_owned();
        CellStyle { name, align, indent: 0, bold: None, wrap: true, ruled: false, number: None }
    }

    /// The same look under another name.
    fn named(&self, name: &str) -> Self {
        CellStyle { name: name.to_owned(), number: self.number.clone(), ..*self }
    }

    fn put(&self, xml: &mut Xml) -> io::Result<()> {
        let mut start = style(xml, &self.name, "table-cell");
        if let Some(number) = &self.number {
            start = start.with_attribute(("style:data-style-name", number.as_str()));
        }
        start.write_inner_content(|xml| {
            let cell = [
                ("fo:wrap-option", if self.wrap { "wrap" } else { "no-wrap" }),
                ("fo:border-bottom", if self.ruled { "0.5pt solid #000000" } else { "none" }),
                ("style:vertical-align", if self.ruled { "bottom" } else { "top" }),
            ];
            empty(xml, "style:table-cell-properties", &cell)?;
            let margin = format!("{}mm", self.indent);
            empty(xml, "style:paragraph-properties", &[("fo:text-align", self.align), ("fo:margin-left", &margin)])?;
            match self.bold {
                Some(size) => {
                    empty(xml, "style:text-properties", &[("fo:font-weight", "bold"), ("fo:font-size", size)])
                }
                None => Ok(()),
            }
        })?;
        Ok(())
    }
}

fn column_style(width: usize) -> String {
    format!("width-{width}")
}

fn number_style(decimals: u32) -> String {
    format!("number-{}", decimals.min(DECIMALS))
}

fn figure_style(decimals: u32) -> String {
    format!("figure-{}", decimals.min(DECIMALS))
}

fn label_style(indent: u8) -> String {
    format!("label-{}", indent.min(DEEPEST))
}

/// The widths of the columns of a sheet, in millimetres.
fn widths(sheet: &Sheet) -> Vec<usize> {
    match &sheet.grid {
        Some(grid) => (0..grid.heads.len()).map(|column| grid.width(column) * CHARACTER).collect(),
        None => vec![COLUMN_A],
    }
}

fn write_sheet(xml: &mut Xml, sheet: &Sheet) -> io::Result<()> {
    let named = [("table:name", sheet.name.as_str()), ("table:style-name", "sheet")];
    xml.create_element("table:table").with_attributes(named).write_inner_content(|xml| {
        for width in widths(sheet) {
            empty(xml, "table:table-column", &[("table:style-name", &column_style(width))])?;
        }
        for line in &sheet.lines {
            let (style, text) = match (line, &sheet.grid) {
                (Line::Title(text), Some(_)) => ("title", text),
                (Line::Text(text), Some(_)) => ("line", text),
                (Line::Title(text), None) => ("wrapped-title", text),
                (Line::Text(text), None) => ("wrapped-line", text),
            };
            row(xml, |xml| text_cell(xml, style, text))?;
        }
        match &sheet.grid {
            Some(grid) => write_grid(xml, grid),
            None => Ok(()),
        }
    })?;
    Ok(())
}

fn write_grid(xml: &mut Xml, grid: &Grid) -> io::Result<()> {
    xml.create_element("table:table-header-rows").write_inner_content(|xml| {
        row(xml, |xml| {
            grid.heads.iter().enumerate().try_for_each(|(column, head)| {
                text_cell(xml, if column < grid.labels { "label-head" } else { "head" }, head)
            })
        })
    })?;
    grid.rows.iter().try_for_each(|fields| row(xml, |xml| fields.iter().try_for_each(|field| write_field(xml, field))))
}

fn row(xml: &mut Xml, fill: impl FnOnce(&mut Xml) -> io::Result<()>) -> io::Result<()> {
    xml.create_element("table:table-row").write_inner_content(fill)?;
    Ok(())
}

fn write_field(xml: &mut Xml, field: &Field) -> io::Result<()> {
    match field {
        Field::Text { text, indent } => text_cell(xml, &label_style(*indent), text),
        Field::Sign(sign) => text_cell(xml, "sign", sign),
        Field::Number(figure) => number_cell(xml, *figure),
        Field::Link(name) => cell(xml, &[("table:style-name", "label-0"), ("office:value-type", "string")], |xml| {
            let target = format!("#{name}.A1");
            let link = [("xlink:type", "simple"), ("xlink:href", target.as_str())];
            xml.create_element("text:a").with_attributes(link).write_text_content(BytesText::new(name))?;
            Ok(())
        }),
    }
}

fn number_cell(xml: &mut Xml, figure: Figure) -> io::Result<()> {
    let (style, value) = (figure_style(figure.decimals), figure.to_string());
    let attributes = [("table:style-name", style.as_str()), ("office:value-type", "float"), ("office:value", &value)];
    cell(xml, &attributes, |xml| xml.write_event(Event::Text(BytesText::new(&value))))
}

fn text_cell(xml: &mut Xml, style: &str, text: &str) -> io::Result<()> {
    cell(xml, &[("table:style-name", style), ("office:value-type", "string")], |xml| {
        xml.write_event(Event::Text(BytesText::new(text)))
    })
}

/// A cell with one paragraph.
fn cell(xml: &mut Xml, attributes: &[(&str, &str)], fill: impl FnOnce(&mut Xml) -> io::Result<()>) -> io::Result<()> {
    xml.create_element("table:table-cell").with_attributes(attributes.iter().copied()).write_inner_content(|xml| {
        xml.create_element("text:p").write_inner_content(fill)?;
        Ok(())
    })?;
    Ok(())
}

/// Marks the table of a sheet up as one.
fn database_range(xml: &mut Xml, sheet: &Sheet) -> io::Result<()> {
    let Some(grid) = &sheet.grid else { return Ok(()) };
    let first = sheet.lines.len() + 1;
    let (last, column) = (first + grid.rows.len(), letters(grid.heads.len()));
    let range = format!("{0}.A{first}:{0}.{column}{last}", sheet.name);
    let marks = [
        ("table:name", grid.name.as_str()),
        ("table:target-range-address", &range),
        ("table:contains-header", "true"),
        ("table:display-filter-buttons", "false"),
    ];
    empty(xml, "table:database-range", &marks)
}

/// The letters of a column by its number, from 1: 27 is `AA`.
fn letters(mut column: usize) -> String {
    let mut letters = Vec::new();
    while column > 0 {
        column -= 1;
        letters.push(char::from(b'A' + u8::try_from(column % 26).unwrap_or(0)));
        column /= 26;
    }
    letters.iter().rev().collect()
}

fn empty(xml: &mut Xml, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
    xml.create_element(name).with_attributes(attributes.iter().copied()).write_empty()?;
    Ok(())
}

fn text(xml: &mut Xml, name: &str, text: &str) -> io::Result<()> {
    xml.create_element(name).write_text_content(BytesText::new(text))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::letters;

    /// Columns are counted as spreadsheets do.
    #[test]
    fn columns_have_letters() {
        assert_eq!([1, 26, 27, 52, 703].map(letters), ["A", "Z", "AA", "AZ", "AAA"]);
    }
}
