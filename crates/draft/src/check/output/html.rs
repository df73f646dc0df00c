//! A changed draft as a plain web page.

use quick_xml::escape::escape;

use crate::draft::{Document, Entry, Piece};

/// The page.
pub(super) fn write(draft: &Document) -> String {
    let mut out =
        "<!DOCTYPE html>\n<html>\n<head><meta charset=\"utf-8\"><title>Answer</title></head>\n<body>\n".to_owned();
    for piece in &draft.pieces {
        match piece {
            Piece::Paragraph(p) if p.heading => out.push_str(&format!("<h2>{}</h2>\n", escape(&p.text))),
            Piece::Paragraph(p) => out.push_str(&format!("<p>{}</p>\n", escape(&p.text))),
            Piece::Grid(grid) => {
                out.push_str("<table>\n");
                grid.rows.iter().for_each(|row| out.push_str(&line(row)));
                out.push_str("</table>\n");
            }
        }
    }
    out.push_str("</body>\n</html>\n");
    out
}

/// A row; a cell takes the columns that go on from it.
fn line(row: &[Entry]) -> String {
    let mut cells: Vec<(String, usize)> = Vec::new();
    for entry in row {
        match cells.last_mut() {
            Some((text, across)) if entry.merged && *text == entry.text => *across += 1,
            _ => cells.push((if entry.merged { String::new() } else { entry.text.clone() }, 1)),
        }
    }
    let cell = |(text, across): &(String, usize)| {
        let span = if *across > 1 { format!(" colspan=\"{across}\"") } else { String::new() };
        format!("<td{span}>{}</td>", escape(text.as_str()))
    };
    format!("<tr>{}</tr>\n", cells.iter().map(cell).collect::<String>())
}
