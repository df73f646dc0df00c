//! The six police tables are the same cell by cell whatever they were typed in.

use super::{folder, grids, paragraphs, read, texts};

/// The tables as published: title and rows.
fn published() -> Vec<(String, Vec<Vec<String>>)> {
    let text = std::fs::read_to_string(folder().join("police.tsv")).expect("the tables");
    let row = |line: &str| -> Vec<String> { line.trim_end_matches('\t').split('\t').map(str::to_owned).collect() };
    let table = |block: &str| {
        let (title, rows) = block.split_once('\n').expect("a title");
        (title.to_owned(), rows.lines().map(row).collect())
    };
    text.split("\n\n").map(table).collect()
}

fn check(name: &str, format: &str) {
    let document = read(name);
    assert_eq!(document.format, format, "{name}");
    let published = published();
    let found: Vec<_> = grids(&document).into_iter().map(texts).collect();
    let titles: Vec<&str> = paragraphs(&document).iter().filter(|p| p.heading).map(|p| p.text.as_str()).collect();
    for (i, (title, rows)) in published.iter().enumerate() {
        assert_eq!(found.get(i), Some(rows), "{name}: {title}\n{:#?}", document.pieces);
        assert!(titles.contains(&title.as_str()), "{name}: {title} is a heading: {titles:?}");
    }
    assert_eq!(found.len(), published.len(), "{name}");
    let mut places: Vec<_> = grids(&document).iter().flat_map(|g| &g.rows).flatten().map(|e| &e.place).collect();
    assert!(places.iter().all(|p| p.line > 0 && p.column > 0), "{name}: each cell has its place");
    let cells = places.len();
    places.sort_by_key(|p| (p.part.clone(), p.line, p.column));
    places.dedup();
    assert_eq!(places.len(), cells, "{name}: no two cells have the same place");
    assert!(document.residue.is_empty(), "{name}: {:?}", document.residue);
}

/// Text as published, and drawn in three ways.
#[test]
fn as_text() {
    check("police.tsv", "csv");
    check("police.txt", "text");
    check("police-boxes.txt", "text");
    check("police-bars.txt", "text");
}

/// Markdown, CSV and a web page.
#[test]
fn as_markup() {
    check("police.md", "markdown");
    check("police.csv", "csv");
    check("police.html", "html");
}

/// Spreadsheets: all tables on one sheet, and one on each.
#[test]
fn as_spreadsheets() {
    for name in ["police-one", "police-six"] {
        for format in ["xlsx", "ods", "xls"] {
            check(&format!("{name}.{format}"), format);
        }
    }
}

/// Word and PDF.
#[test]
fn as_documents() {
    check("police.docx", "docx");
    check("police.pdf", "pdf");
    check("police-six.pdf", "pdf");
}

/// The content decides where the name says nothing or something else.
#[test]
fn under_any_name() {
    for (file, format) in [
        ("police.tsv", "text"),
        ("police.md", "markdown"),
        ("police.csv", "csv"),
        ("police.html", "html"),
        ("police-one.xlsx", "xlsx"),
        ("police-one.ods", "ods"),
        ("police.docx", "docx"),
        ("police.pdf", "pdf"),
    ] {
        let bytes = std::fs::read(folder().join(file)).expect("a draft");
        for name in ["-", "answer", "answer.docx"] {
            let document =
                tabsafe::draft::read(name, bytes.clone()).unwrap_or_else(|e| panic!("{file} as {name}: {e}"));
            assert_eq!(document.format, format, "{file} as {name}");
            assert_eq!(grids(&document).len(), 6, "{file} as {name}");
            let differs = name == "answer.docx" && format != "docx";
            assert_eq!(document.notes.len(), usize::from(differs), "{file} as {name}: {:?}", document.notes);
        }
    }
}
