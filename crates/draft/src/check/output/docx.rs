//! A changed draft as a plain Word document: paragraphs and tables (ISO/IEC 29500), whose bytes follow from them.

use std::io;

use quick_xml::escape::escape;

use crate::draft::{Document, Entry, Piece};
use crate::package::Package;

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;
const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>"#;
const BORDERS: &str = r#"<w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders><w:top w:val="single" w:sz="4"/><w:left w:val="single" w:sz="4"/><w:bottom w:val="single" w:sz="4"/><w:right w:val="single" w:sz="4"/><w:insideH w:val="single" w:sz="4"/><w:insideV w:val="single" w:sz="4"/></w:tblBorders></w:tblPr>"#;

/// Writes the file.
///
/// # Errors
/// None but those of memory.
pub(super) fn write(draft: &Document) -> io::Result<Vec<u8>> {
    let mut body = HEAD.to_owned();
    let mut table = false;
    for piece in &draft.pieces {
        match piece {
            Piece::Paragraph(p) => body.push_str(&paragraph(&p.text, p.heading)),
            Piece::Grid(grid) => {
                // two tables without a paragraph between them would be one
                if table {
                    body.push_str(&paragraph("", false));
                }
                let width = grid.rows.iter().map(Vec::len).max().unwrap_or(0);
                let columns = "<w:gridCol/>".repeat(width);
                body.push_str(&format!("<w:tbl>{BORDERS}<w:tblGrid>{columns}</w:tblGrid>"));
                grid.rows.iter().for_each(|row| body.push_str(&line(row)));
                body.push_str("</w:tbl>");
            }
        }
        table = matches!(piece, Piece::Grid(_));
    }
    body.push_str("<w:p/><w:sectPr/></w:body></w:document>");
    let mut package = Package::new();
    package.add("[Content_Types].xml", TYPES.as_bytes())?;
    package.add("_rels/.rels", RELATIONS.as_bytes())?;
    package.add("word/document.xml", body.as_bytes())?;
    package.finish()
}

fn paragraph(text: &str, bold: bool) -> String {
    let properties = if bold { "<w:rPr><w:b/></w:rPr>" } else { "" };
    let plain: String = text.chars().filter(|c| !c.is_control()).collect();
    format!("<w:p><w:r>{properties}<w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>", escape(plain.as_str()))
}

/// A row; a cell takes the columns that go on from it.
fn line(row: &[Entry]) -> String {
    let mut cells: Vec<(&Entry, usize)> = Vec::new();
    for entry in row {
        match cells.last_mut() {
            Some((first, across)) if entry.merged && first.text == entry.text => *across += 1,
            _ => cells.push((entry, 1)),
        }
    }
    let cell = |(entry, across): &(&Entry, usize)| {
        let text = if entry.merged { "" } else { entry.text.as_str() };
        let shown = format!("{}{text}", "  ".repeat(entry.indent));
        format!("<w:tc><w:tcPr><w:gridSpan w:val=\"{across}\"/></w:tcPr>{}</w:tc>", paragraph(&shown, entry.bold))
    };
    format!("<w:tr>{}</w:tr>", cells.iter().map(cell).collect::<String>())
}
