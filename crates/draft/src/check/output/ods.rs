//! A changed draft as an OpenDocument spreadsheet: plain sheets of texts and numbers (ODF 1.3), whose bytes follow from them.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::draft::Document;
use crate::package::Package;

use super::{sheet_name, sheets, stored};

/// What the file says it is.
const MIME: &str = "application/vnd.oasis.opendocument.spreadsheet";
/// The version of the format.
const VERSION: &str = "1.3";
/// The namespaces in use.
const NAMESPACES: [(&str, &str); 3] = [
    ("xmlns:office", "urn:oasis:names:tc:opendocument:xmlns:office:1.0"),
    ("xmlns:table", "urn:oasis:names:tc:opendocument:xmlns:table:1.0"),
    ("xmlns:text", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"),
];

type Xml = Writer<Vec<u8>>;

/// Writes the file.
///
/// # Errors
/// None but those of memory.
pub(super) fn write(draft: &Document) -> io::Result<Vec<u8>> {
    let mut package = Package::new();
    package.add_stored("mimetype", MIME.as_bytes())?;
    package.add("content.xml", &content(draft)?)?;
    package.add("META-INF/manifest.xml", &manifest()?)?;
    package.finish()
}

/// An XML document with this root.
fn document(
    root: &str,
    attributes: &[(&str, &str)],
    fill: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<Vec<u8>> {
    let mut xml = Writer::new(Vec::new());
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element(root).with_attributes(attributes.iter().copied()).write_inner_content(fill)?;
    Ok(xml.into_inner())
}

fn content(draft: &Document) -> io::Result<Vec<u8>> {
    let mut attributes = NAMESPACES.to_vec();
    attributes.push(("office:version", VERSION));
    document("office:document-content", &attributes, |xml| {
        within(xml, "office:body", |xml| {
            within(xml, "office:spreadsheet", |xml| {
                for (number, (name, rows)) in sheets(draft).into_iter().enumerate() {
                    let name = sheet_name(&name, number + 1);
                    let table = xml.create_element("table:table").with_attribute(("table:name", name.as_str()));
                    table.write_inner_content(|xml| rows.iter().try_for_each(|row| line(xml, row)))?;
                }
                Ok(())
            })
        })
    })
}

fn within(xml: &mut Xml, name: &str, fill: impl FnOnce(&mut Xml) -> io::Result<()>) -> io::Result<()> {
    xml.create_element(name).write_inner_content(fill).map(drop)
}

/// A row; the format wants a cell in each.
fn line(xml: &mut Xml, row: &[String]) -> io::Result<()> {
    within(xml, "table:table-row", |xml| {
        if row.is_empty() {
            xml.create_element("table:table-cell").write_empty()?;
        }
        row.iter().try_for_each(|text| cell(xml, text))
    })
}

fn cell(xml: &mut Xml, text: &str) -> io::Result<()> {
    let element = xml.create_element("table:table-cell");
    if text.is_empty() {
        return element.write_empty().map(drop);
    }
    let number = stored(text).map(|n| n.to_string());
    let element = match &number {
        Some(n) => element.with_attributes([("office:value-type", "float"), ("office:value", n.as_str())]),
        None => element.with_attribute(("office:value-type", "string")),
    };
    element.write_inner_content(|xml| within(xml, "text:p", |xml| spaced(xml, text))).map(drop)
}

/// A text whose blanks at the beginning, which the format would drop, are written out.
fn spaced(xml: &mut Xml, text: &str) -> io::Result<()> {
    let bare = text.trim_start_matches(' ');
    let blanks = (text.len() - bare.len()).to_string();
    if blanks != "0" {
        xml.create_element("text:s").with_attribute(("text:c", blanks.as_str())).write_empty()?;
    }
    let plain: String = bare.chars().filter(|c| !c.is_control() || matches!(c, '\t' | '\n')).collect();
    xml.write_event(Event::Text(BytesText::new(&plain)))
}

fn manifest() -> io::Result<Vec<u8>> {
    let attributes =
        [("xmlns:manifest", "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"), ("manifest:version", VERSION)];
    document("manifest:manifest", &attributes, |xml| {
        for (path, kind) in [("/", MIME), ("content.xml", "text/xml")] {
            let entry = [("manifest:full-path", path), ("manifest:media-type", kind)];
            xml.create_element("manifest:file-entry").with_attributes(entry).write_empty()?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::{Entry, Grid, Piece, read};

    /// What is written is read as the same texts, numbers and blanks, and the bytes are the same every time.
    #[test]
    fn is_read_again() {
        let entry = |text: &str| Entry { text: text.to_owned(), ..Entry::default() };
        let indented = Entry { indent: 1, ..entry("of which <10 & \"more\"") };
        let rows =
            vec![vec![entry("Area"), entry("2013")], vec![indented, entry("12")], vec![entry("All"), entry("[c]")]];
        let draft = Document { pieces: vec![Piece::Grid(Grid { name: None, rows })], ..Document::default() };
        let bytes = write(&draft).expect("in memory");
        assert_eq!(bytes, write(&draft).expect("in memory"));
        let again = read("a.ods", bytes).expect("a spreadsheet");
        let Some(Piece::Grid(grid)) = again.pieces.first() else { panic!("a grid: {again:?}") };
        let texts: Vec<Vec<(&str, usize)>> =
            grid.rows.iter().map(|r| r.iter().map(|e| (e.text.as_str(), e.indent)).collect()).collect();
        let first = |row: usize| texts[row][0];
        assert_eq!(first(1).0, "of which <10 & \"more\"");
        assert!(first(1).1 > first(0).1, "{texts:?}");
        assert_eq!((texts[1][1].0, texts[2][1].0), ("12", "[c]"));
    }
}
