//! Files made in memory, and documents drawn as text, for the tests of readers.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use super::{Document, Entry, Piece};

/// A zip container of these parts.
pub(super) fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).expect("a part");
        writer.write_all(text.as_bytes()).expect("its bytes");
    }
    writer.finish().expect("a container").into_inner()
}

/// Pieces drawn as text: `~` hidden, `^` merged, `**` bold, `>` a step of indentation, `{…}` stored, `=` a formula,
/// `#` a heading, `[…]` a grid's name, `⏎` a line break; rows apart by `/`, cells by `|`.
pub(super) fn drawn(document: &Document) -> Vec<String> {
    let piece = |piece: &Piece| match piece {
        Piece::Paragraph(p) => {
            format!("{}{}{}", if p.hidden { "~" } else { "" }, if p.heading { "# " } else { "" }, p.text)
        }
        Piece::Grid(g) => {
            let rows = g.rows.iter().map(|r| r.iter().map(cell).collect::<Vec<_>>().join("|"));
            let name = g.name.as_ref().map(|n| format!("[{n}] ")).unwrap_or_default();
            name + &rows.collect::<Vec<_>>().join("/")
        }
    };
    document.pieces.iter().map(piece).collect()
}

fn cell(e: &Entry) -> String {
    let marks = [(e.hidden, "~"), (e.merged, "^"), (e.bold, "**"), (e.formula.is_some(), "=")];
    let marks: String = marks.iter().filter(|m| m.0).map(|m| m.1).collect();
    let stored = e.stored.map(|s| format!("{{{s}}}")).unwrap_or_default();
    format!("{marks}{}{}{stored}", ">".repeat(e.indent), e.text.replace('\n', "⏎"))
}

/// What a document holds beside what it shows, in words, each kind once.
pub(super) fn told(document: &Document) -> Vec<&str> {
    let mut told: Vec<&str> = document.residue.iter().map(|(_, what)| what.as_str()).collect();
    told.sort_unstable();
    told.dedup();
    told
}

/// A PDF of one page: what draws it, and more objects, whose numbers begin at 5.
pub(super) fn pdf(content: &str, resources: &str, more: &[&str]) -> Vec<u8> {
    let stream = format!("<</Length {}>>stream\n{content}\nendstream", content.len());
    let page = format!(
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>{resources}>>>>"
    );
    let objects = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", &page, &stream];
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (i, object) in objects.iter().chain(more).enumerate() {
        places.push(file.len());
        file.extend(format!("{} 0 obj\n{object}\nendobj\n", i + 1).bytes());
    }
    let table = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).bytes());
    for place in &places {
        file.extend(format!("{place:010} 00000 n \n").bytes());
    }
    file.extend(format!("trailer<</Size {}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n", places.len() + 1).bytes());
    file
}
