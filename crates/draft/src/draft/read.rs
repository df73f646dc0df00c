//! Which format a drafted answer is in: its content decides; the name only where content can't.

use super::bounds::{MOST_BYTES, check_size, refuse};
use super::zipped::{self, Parts};
use super::{
    ColumnReaders, Document, Error, Piece, columns, docx, html, markdown, odf, pdf, pptx, separated, text, xls, xlsx,
};

/// A format that drafted answers come in.
#[derive(Debug)]
pub struct Format {
    /// Its name.
    pub name: &'static str,
    /// File extensions that stand for it, without the dot.
    pub extensions: &'static [&'static str],
    /// What it is, in a line.
    pub about: &'static str,
    /// Reads a file of this format.
    read: fn(Vec<u8>, ColumnReaders) -> Result<Document, Error>,
}

const TEXT: Format = Format {
    name: "text",
    extensions: &["txt", "text", "asc"],
    about: "plain text; tables drawn with tabs, bars or aligned columns",
    read: |bytes, _| text::read(bytes),
};
const MARKDOWN: Format = Format {
    name: "markdown",
    extensions: &["md", "markdown"],
    about: "Markdown, with HTML in it",
    read: |bytes, _| markdown::read(bytes),
};
const CSV: Format = Format {
    name: "csv",
    extensions: &["csv", "tsv", "tab"],
    about: "separated fields; several tables with blank lines between",
    read: |bytes, _| separated::read(bytes),
};
const HTML: Format = Format {
    name: "html",
    extensions: &["html", "htm", "xhtml"],
    about: "a web page",
    read: |bytes, _| html::read(bytes),
};
const XLSX: Format = Format {
    name: "xlsx",
    extensions: &["xlsx", "xlsm"],
    about: "an Excel workbook",
    read: |bytes, _| xlsx::read(&mut Parts::open(&bytes)?),
};
const XLS: Format = Format {
    name: "xls",
    extensions: &["xls"],
    about: "an Excel workbook of 1997 to 2003",
    read: |bytes, _| xls::read(&bytes),
};
const ODS: Format = Format {
    name: "ods",
    extensions: &["ods", "ots"],
    about: "an OpenDocument spreadsheet",
    read: |bytes, _| open_document(bytes),
};
const ODT: Format = Format {
    name: "odt",
    extensions: &["odt", "ott"],
    about: "an OpenDocument text",
    read: |bytes, _| open_document(bytes),
};
const DOCX: Format = Format {
    name: "docx",
    extensions: &["docx", "docm"],
    about: "a Word document",
    read: |bytes, _| docx::read(&mut Parts::open(&bytes)?),
};
const PDF: Format =
    Format { name: "pdf", extensions: &["pdf"], about: "a PDF with a text layer", read: |bytes, _| pdf::read(&bytes) };

const PARQUET: Format = Format {
    name: "parquet",
    extensions: &["parquet", "pq"],
    about: "a Parquet file with a table",
    read: |bytes, by| columns::read_parquet(&bytes, by.parquet),
};
const ARROW: Format = Format {
    name: "arrow",
    extensions: &["arrow", "ipc", "feather"],
    about: "an Arrow IPC file with a table",
    read: |bytes, by| columns::read_arrow(&bytes, by.arrow),
};

const STREAM: Format = Format {
    name: "arrows",
    extensions: &["arrows"],
    about: "a stream of Arrow messages with a table",
    read: |bytes, by| columns::read_stream(&bytes, by.arrow),
};
const PPTX: Format = Format {
    name: "pptx",
    extensions: &["pptx", "pptm", "ppsx"],
    about: "a PowerPoint presentation",
    read: |bytes, _| pptx::read(&mut Parts::open(&bytes)?),
};

/// Every format, the commonest first.
pub const FORMATS: &[Format] =
    &[TEXT, MARKDOWN, CSV, HTML, XLSX, XLS, ODS, ODT, DOCX, PPTX, PDF, PARQUET, ARROW, STREAM];

/// How compound files of Microsoft begin: XLS, DOC, and office files under a password.
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Reads a drafted answer that is no file of columns (Parquet, Arrow): these are refused. See [`read_with`].
///
/// # Errors
/// As [`read_with`].
pub fn read(name: &str, bytes: Vec<u8>) -> Result<Document, Error> {
    read_with(name, bytes, ColumnReaders::NONE)
}

/// Reads a drafted answer. `name` is its path for messages and for its extension; `-` is standard input. `columns` reads
/// Parquet and Arrow.
///
/// # Errors
/// A format that is not read, a damaged or protected file, one beyond the bounds, one without any text.
pub fn read_with(name: &str, bytes: Vec<u8>, columns: ColumnReaders) -> Result<Document, Error> {
    let shown = if name == "-" { "standard input" } else { name };
    let extension = extension(name);
    let read = sniffed(&bytes, &extension).and_then(|format| {
        let mut document = (format.read)(bytes, columns)?;
        unseen_signs(&mut document);
        let notes = differs(format, &extension).into_iter().chain(document.notes).collect();
        Ok(Document { format: format.name, notes, ..document })
    });
    let document = read.map_err(|e| Error { message: format!("{shown}: {}", e.message), ..e })?;
    if document.pieces.is_empty() {
        let error = Error::data(format!("{shown}: holds no text and no tables"));
        return Err(error.with_help("a picture of a table can't be read: save the table itself"));
    }
    Ok(document)
}

/// Tells signs that change the order of what is shown, or that no program shows.
fn unseen_signs(document: &mut Document) {
    let turns = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let tags = |c: char| matches!(c, '\u{E0001}'..='\u{E007F}' | '\u{E0100}'..='\u{E01EF}');
    let of = |piece: &Piece, sign: &dyn Fn(char) -> bool| match piece {
        Piece::Paragraph(p) => p.text.contains(sign).then(|| p.place.clone()),
        Piece::Grid(g) => g.rows.iter().flatten().find(|e| e.text.contains(sign)).map(|e| e.place.clone()),
    };
    let found = |sign: &dyn Fn(char) -> bool| document.pieces.iter().find_map(|p| of(p, sign));
    let told = [
        (found(&turns), "signs that turn the order of what is shown"),
        (found(&tags), "signs that no program shows, and that can hold text"),
    ];
    document.residue.extend(told.into_iter().filter_map(|(place, what)| Some((place?, what.to_owned()))));
}

fn extension(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
    file.rsplit_once('.').map(|(_, e)| e.to_lowercase()).unwrap_or_default()
}

fn open_document(bytes: Vec<u8>) -> Result<Document, Error> {
    odf::read(&mut Parts::open(&bytes)?)
}

/// A note where the name says another format than the content.
fn differs(format: &Format, extension: &str) -> Vec<String> {
    let known = FORMATS.iter().any(|f| f.extensions.contains(&extension));
    if !known || format.extensions.contains(&extension) {
        return Vec::new();
    }
    vec![format!("read as {}, though its name ends in .{extension}", format.about)]
}

/// The format of a file.
fn sniffed(bytes: &[u8], extension: &str) -> Result<&'static Format, Error> {
    let head = bytes.get(..1024).unwrap_or(bytes);
    if bytes.starts_with(zipped::MAGIC) {
        check_size(bytes, MOST_BYTES)?;
        return office(&mut Parts::open(bytes)?);
    }
    if bytes.starts_with(COMPOUND) {
        check_size(bytes, MOST_BYTES)?;
        return compound(bytes);
    }
    for (magic, format) in [(b"PAR1".as_slice(), &PARQUET), (b"ARROW1", &ARROW), (b"\xFF\xFF\xFF\xFF", &STREAM)] {
        if bytes.starts_with(magic) {
            return Ok(format);
        }
    }
    if head.windows(5).any(|w| w == b"%PDF-") {
        check_size(bytes, MOST_BYTES)?;
        return Ok(&PDF);
    }
    if let Some((_, what)) = REFUSED.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(refuse(
            format!("is {what}, which is not read"),
            "save it as DOCX, XLSX, ODS, HTML, PDF, CSV or text",
        ));
    }
    textual(bytes, head, extension)
}

/// Formats that are known and not read.
const REFUSED: &[(&[u8], &str)] = &[
    (b"{\\rtf", "rich text (RTF)"),
    (b"\x89PNG", "a picture"),
    (b"\xFF\xD8\xFF", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\0", "a picture"),
    (b"MM\0*", "a picture"),
    (b"FEA1", "a Feather file of the first version"),
    (b"PARE", "a Parquet file under a key"),
    (b"\x1F\x8B", "a compressed file"),
    (b"7z\xBC\xAF", "a compressed file"),
    (b"Rar!", "a compressed file"),
];

/// The office format that a zip container holds.
fn office(parts: &mut Parts) -> Result<&'static Format, Error> {
    let has = |start: &str| parts.names().iter().any(|n| n.starts_with(start));
    if parts.has("word/document.xml") || has("word/document") {
        return Ok(&DOCX);
    }
    if has("xl/workbook.bin") {
        return Err(refuse("is a binary Excel workbook (XLSB), which is not read", "save it as XLSX"));
    }
    if has("xl/") {
        return Ok(&XLSX);
    }
    if has("ppt/") {
        return Ok(&PPTX);
    }
    if parts.has("content.xml") {
        return Ok(if odf::is_spreadsheet(parts)? { &ODS } else { &ODT });
    }
    Err(refuse("is a zip archive, not an office file", "unpack it, and check the files within"))
}

/// The format that a compound file holds.
fn compound(bytes: &[u8]) -> Result<&'static Format, Error> {
    let named = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(wide.len()).any(|w| w == wide)
    };
    if named("EncryptedPackage") {
        return Err(refuse("is protected by a password", "save it without one"));
    }
    if named("WordDocument") {
        return Err(refuse("is a Word document of 1997 to 2003, which is not read", "save it as DOCX"));
    }
    if named("Workbook") || named("Book") {
        return Ok(&XLS);
    }
    Err(refuse("is a compound file of a format that is not read", "save it as DOCX, XLSX, ODS, HTML, PDF, CSV or text"))
}

/// The format of a text: web pages show themselves; the rest is told by the name, else by how its lines look.
fn textual(bytes: &[u8], head: &[u8], extension: &str) -> Result<&'static Format, Error> {
    let head = crate::text::text_of(head.to_vec()).unwrap_or_default().to_lowercase();
    let start = head.trim_start();
    let markup = ["<!doctype html", "<html", "<head", "<body", "<table", "<meta", "<div"];
    if markup.iter().any(|m| start.starts_with(m)) {
        return Ok(&HTML);
    }
    if start.starts_with("<?xml") {
        if start.contains("<html") {
            return Ok(&HTML);
        }
        return Err(refuse("is an XML file of a kind that is not read", "save it as XLSX, DOCX, ODS, HTML or text"));
    }
    let by_name = [&TEXT, &MARKDOWN, &CSV, &HTML].into_iter().find(|f| f.extensions.contains(&extension));
    if let Some(format) = by_name {
        return Ok(format);
    }
    check_size(bytes, super::bounds::MOST_TEXT)?;
    let text = text::decoded(bytes.to_vec())?;
    Ok(by_lines(&text))
}

/// Markdown where a line rules a table's header off, separated fields where most lines have equally many, else text.
fn by_lines(text: &str) -> &'static Format {
    let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).take(1000).collect();
    let rules = |l: &&str| {
        let l = l.trim();
        l.contains("--") && l.contains('|') && l.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
    };
    let heading = |l: &&str| l.starts_with("# ") || l.starts_with("## ");
    if lines.iter().any(rules) || lines.iter().any(heading) {
        return &MARKDOWN;
    }
    let delimiter = char::from(separated::delimiter(text));
    if matches!(delimiter, ',' | ';') {
        let counts: Vec<usize> = lines.iter().map(|l| l.matches(delimiter).count()).collect();
        let alike = counts.windows(2).filter(|w| w.first() == w.last() && w.first().is_some_and(|n| *n > 0)).count();
        if alike * 2 > lines.len() {
            return &CSV;
        }
    }
    &TEXT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_have_names_and_extensions_of_their_own() {
        let mut all: Vec<&str> = FORMATS.iter().flat_map(|f| f.extensions.iter().copied().chain([f.about])).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(
            FORMATS
                .iter()
                .all(|f| f.extensions.contains(&f.name) || f.extensions[0] == "txt" || f.extensions[0] == "md")
        );
        assert!(FORMATS.iter().flat_map(|f| f.extensions).all(|e| e.to_lowercase() == *e));
    }

    #[test]
    fn texts_without_a_name_are_told_apart_by_their_lines() {
        for (text, format) in [
            ("a,b\n1,2\n3,4\n", "csv"),
            ("a;b\n1;2\n3;4\n", "csv"),
            ("One sentence, and another.\nYear  Total\n2013  12\n", "text"),
            ("# Title\n\ntext\n", "markdown"),
            ("| a | b |\n|---|---|\n| x | 1 |\n", "markdown"),
            ("a\tb\n1\t2\n", "text"),
            ("\u{feff} <!DOCTYPE HTML><p>x", "html"),
        ] {
            assert_eq!(read("-", text.as_bytes().to_vec()).map(|d| d.format).ok(), Some(format), "{text}");
        }
    }
}
