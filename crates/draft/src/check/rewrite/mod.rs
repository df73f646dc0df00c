//! A changed draft in the file that it came in: what is not changed stays as it was, byte for byte in texts, part for part
//! in office files.
//!
//! `text` changes fields and columns where they stand; `markup` takes XML and HTML apart into tags and texts with their
//! places, on which `docx`, `xlsx`, `odf` and `html` work. Whatever comes out is read again, and counts only if it says
//! exactly what the changed draft says: a file that can't be changed so is written anew, without its layout.
//!
//! `trims` says which rows and columns of a table go: rows and cells are taken out of the file, and what stands behind them
//! moves up, with its own format.

mod charts;
mod docx;
mod html;
mod markup;
mod odf;
mod sheets;
mod text;
mod trims;
mod xlsx;

use std::collections::HashMap;

use crate::draft::{Document, Entry, Grid, Piece, Place, read};
pub use trims::Cut;
pub(crate) use trims::Trim;

/// A new text of a cell or a paragraph.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Edit {
    /// Where it stands.
    pub place: Place,
    /// What stands there.
    pub from: String,
    /// What is to stand there.
    pub to: String,
    /// It is a cell of a grid, not running text.
    pub cell: bool,
}

/// Everything that changes in a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Edits {
    /// New texts, in reading order.
    pub texts: Vec<Edit>,
    /// Lines that are added at the end.
    pub notes: Vec<String>,
    /// Tables that lose rows or columns.
    pub trims: Vec<Trim>,
    /// What cells with formulas show, by part, row and column: the number, or the text.
    pub worked: HashMap<(String, usize, usize), Worked>,
    /// What the file is said to hold beside what it shows.
    pub residue: Vec<String>,
}

impl Edits {
    /// Whether the file is said to hold such a thing.
    pub fn told(&self, what: &str) -> bool {
        self.residue.iter().any(|r| r.starts_with(what))
    }
}

/// What a cell with a formula shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Worked {
    /// A number, as it is stored.
    Number(f64),
    /// A text.
    Text(String),
}

/// The file of a draft with the changes that lead to another; `None` where it can't be changed in place.
///
/// `name` is the name of the file; `bytes` is what it holds, and `before` what was read from it. `cuts` are the rows and
/// columns that `after` no longer has.
pub fn in_place(name: &str, bytes: &[u8], before: &Document, after: &Document, cuts: &[Cut]) -> Option<Vec<u8>> {
    let (trimmed, trims) = trims::trimmed(before, cuts)?;
    let edits = Edits { trims, worked: worked(before), residue: told(before), ..edits(&trimmed, after)? };
    let fits = |bytes: &Vec<u8>| {
        let Ok(again) = read(name, bytes.clone()) else { return false };
        again.format == before.format
            && same_words(&again, after, &edits.notes)
            && again.residue.len() <= before.residue.len()
    };
    match before.format {
        "text" | "csv" | "markdown" => {
            text::WAYS.iter().filter_map(|way| text::changed(before.format, bytes, &edits, *way)).find(fits)
        }
        "html" => html::changed(bytes, &edits).filter(fits),
        "docx" => docx::changed(bytes, &edits).filter(fits),
        "xlsx" => xlsx::changed(bytes, &edits).filter(fits),
        "ods" | "odt" => odf::changed(bytes, &edits).filter(fits),
        _ => None,
    }
}

/// What differs between two documents of the same shape; lines may have been added at the end.
fn edits(before: &Document, after: &Document) -> Option<Edits> {
    let mut edits = Edits::default();
    for (i, new) in after.pieces.iter().enumerate() {
        match (before.pieces.get(i), new) {
            (Some(Piece::Grid(old)), Piece::Grid(new)) => grid(old, new, &mut edits)?,
            (Some(Piece::Paragraph(old)), Piece::Paragraph(new)) => {
                if old.text != new.text {
                    edits.texts.push(Edit {
                        place: old.place.clone(),
                        from: old.text.clone(),
                        to: new.text.clone(),
                        cell: false,
                    });
                }
            }
            (None, Piece::Paragraph(new)) => edits.notes.push(new.text.clone()),
            _ => return None,
        }
    }
    (after.pieces.len() >= before.pieces.len()).then_some(edits)
}

fn grid(old: &Grid, new: &Grid, edits: &mut Edits) -> Option<()> {
    if old.rows.len() != new.rows.len() {
        return None;
    }
    for (old, new) in old.rows.iter().zip(&new.rows) {
        for (c, entry) in new.iter().enumerate() {
            match old.get(c) {
                // what a merged cell showed stands in the first of those that stay
                Some(was)
                    if was.text == entry.text
                        && (!was.merged || entry.merged)
                        && was.stored.is_some() == entry.stored.is_some() => {}
                Some(was) if was.merged && entry.merged => return None,
                Some(was) => edits.texts.push(Edit {
                    place: was.place.clone(),
                    from: was.text.clone(),
                    to: entry.text.clone(),
                    cell: true,
                }),
                None if entry.text.is_empty() => {}
                None => return None,
            }
        }
        (new.len() >= old.len()).then_some(())?;
    }
    Some(())
}

/// What a file is said to hold beside what it shows.
fn told(document: &Document) -> Vec<String> {
    document.residue.iter().map(|r| r.1.clone()).collect()
}

/// What cells with formulas show.
fn worked(document: &Document) -> HashMap<(String, usize, usize), Worked> {
    let grids = document.pieces.iter().filter_map(|p| match p {
        Piece::Grid(grid) => Some(grid),
        Piece::Paragraph(_) => None,
    });
    let shown = |e: &Entry| match e.stored.or_else(|| number(&e.text)) {
        Some(n) => Worked::Number(n),
        None => Worked::Text(e.text.clone()),
    };
    let entries = grids.flat_map(|g| g.rows.iter().flatten()).filter(|e| e.formula.is_some());
    entries.filter_map(|e| Some(((e.place.part.clone()?, e.place.line, e.place.column), shown(e)))).collect()
}

/// The number that a cell shows in full.
fn number(text: &str) -> Option<f64> {
    let bare: String = text.chars().filter(|c| !matches!(c, ',' | ' ' | '\u{a0}')).collect();
    let (bare, per) = bare.strip_suffix('%').map_or((bare.as_str(), 1.0), |b| (b, 100.0));
    let plain = bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'));
    bare.parse::<f64>().ok().filter(|_| plain).map(|n| n / per)
}

/// Whether two documents say the same, wherever the added lines stand.
fn same_words(again: &Document, after: &Document, notes: &[String]) -> bool {
    let mut found = words(again);
    let mut wanted = words(after);
    for note in notes.iter().rev() {
        let note: Vec<&str> = note.split_whitespace().collect();
        let end = wanted.len().saturating_sub(note.len());
        wanted.truncate(end);
        let at = (0..=found.len().saturating_sub(note.len()))
            .rev()
            .find(|&i| found.get(i..i + note.len()).is_some_and(|w| w.iter().zip(&note).all(|(a, b)| a == b)));
        let Some(at) = at else { return false };
        found.drain(at..at + note.len());
    }
    found == wanted
}

/// Every word of a document in reading order.
fn words(document: &Document) -> Vec<String> {
    let mut all = Vec::new();
    let mut put = |text: &str| all.extend(text.split_whitespace().map(str::to_owned));
    for piece in &document.pieces {
        match piece {
            Piece::Paragraph(p) => put(&p.text),
            Piece::Grid(grid) => {
                // cells between their neighbours, so that none can change its place
                for entry in grid.rows.iter().flatten().filter(|e| !e.merged && !e.text.trim().is_empty()) {
                    put(&entry.text);
                }
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::{Entry, Paragraph};

    /// A draft read, one cell changed, and written into its file.
    fn changed(name: &str, bytes: &[u8], from: &str, to: &str, note: Option<&str>) -> Option<Vec<u8>> {
        let before = read(name, bytes.to_vec()).expect("a draft");
        let mut after = before.clone();
        let cell = |e: &&mut Entry| e.text == from && !e.merged;
        let grids = after.pieces.iter_mut().filter_map(|p| if let Piece::Grid(g) = p { Some(g) } else { None });
        grids.flat_map(|g| g.rows.iter_mut().flatten()).find(cell).expect("the cell").text = to.to_owned();
        let note = note.map(|text| Piece::Paragraph(Paragraph { text: text.to_owned(), ..Paragraph::default() }));
        after.pieces.extend(note);
        in_place(name, bytes, &before, &after, &[])
    }

    fn text(name: &str, source: &str, from: &str, to: &str) -> String {
        changed(name, source.as_bytes(), from, to, None)
            .map_or_else(String::new, |b| String::from_utf8_lossy(&b).into_owned())
    }

    /// Texts keep every byte outside of the changed cell, and columns stay aligned.
    #[test]
    fn texts() {
        let aligned = "Table 1\n\nArea      2013   2014\nNorth       28      6\nSouth      112     20\n\nEnd.\n";
        assert_eq!(text("a.txt", aligned, "28", "[c]"), aligned.replace("       28", "      [c]"));
        assert_eq!(text("a.txt", aligned, "112", "*"), aligned.replace("112", "  *"));
        let tabs = "Area\t2013\t2014\r\nNorth\t28\t6\r\nSouth\t112\t20\r\n";
        assert_eq!(text("a.tsv", tabs, "28", "[c]"), tabs.replace("28", "[c]"));
        let commas = "Area,2013,\"of which, 2014\"\nNorth,28,6\nSouth,\"1,112\",20\n";
        assert_eq!(text("a.csv", commas, "1,112", "[c]"), commas.replace("\"1,112\"", "\"[c]\""));
        assert_eq!(text("a.csv", commas, "28", "x,y"), commas.replace("28", "\"x,y\""));
        let pipes = "# Title\n\n| Area | **2013** |\n|------|---------:|\n| North | **28** |\n| South | 112 |\n";
        assert_eq!(text("a.md", pipes, "112", "*"), pipes.replace("112", " \\*"));
        assert_eq!(text("a.md", pipes, "28", "[c]"), pipes.replace("28", "\\[c\\]"));
    }

    /// Pages keep their markup; attributes that repeat the figure go.
    #[test]
    fn pages() {
        let page = "<html><body><p>Title</p><table class=x><tr><th>Area<th colspan=2>Offences\n<tr><td>North<td data-v=\"28\" class=n><b>28</b><td>6<tr><td>South<td>9<td>30</table><p>End</p></body></html>";
        let wanted = page.replace(" data-v=\"28\"", "").replace("<b>28</b>", "<b>[c]</b>");
        assert_eq!(text("a.html", page, "28", "[c]"), wanted);
        let noted = changed("a.html", page.as_bytes(), "6", "[c]", Some("[c] = withheld")).expect("a page");
        assert!(String::from_utf8_lossy(&noted).contains("<p>[c] = withheld</p></body>"));
    }
}
