//! Drafted answers as they stand in the file: paragraphs and grids of text in reading order, each with its place.
//!
//! Nothing is understood here. Readers (one file per format) turn a container into a [`Document`]; what is a total, a
//! header or a marker is worked out from that, whatever the container was.
//!
//! - [`read()`]: which format it is, by content first and extension second; one file of code per format.
//! - What a copy of the file would show beside the printed answer (hidden rows, comments, tracked changes) is read like
//!   the rest, marked `hidden`, and told in [`Document::residue`].
//! - `bounds.rs`: what is refused for its size. Nothing that a file holds may make a reader panic, loop or fill the memory.

mod blocks;
mod bounds;
mod columns;
mod docx;
mod fence;
#[cfg(test)]
mod fixture;
pub(crate) mod formula;
mod grid;
mod held;
mod html;
mod markdown;
mod number_format;
mod odf;
mod office;
mod pdf;
mod pptx;
mod prose;
mod read;
mod separated;
mod stored;
mod text;
mod words;
mod xls;
mod xlsx;
mod xml;
mod zipped;

pub use crate::text::Error;
pub use read::{FORMATS, Format, read, read_with};
pub use stored::{ColumnReaders, ReadColumns, Stored, StoredColumn};

/// Where something stands, as a person would look for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Line of a text file, or row of a sheet, from 1; 0 where the format has neither.
    pub line: usize,
    /// Column in characters, or column of a sheet, from 1; 0 where the format has neither.
    pub column: usize,
    /// Sheet, page or part, by its name.
    pub part: Option<String>,
}

/// One cell of a grid as text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// As a reader of the answer sees it, without the space around it. Line breaks of the cell are kept: what stands below
    /// each other there may be rows.
    pub text: String,
    /// The number that a spreadsheet stores, where its format shows less of it ("12.3 %" of 0.12345).
    pub stored: Option<f64>,
    /// Where it stands.
    pub place: Place,
    /// In a hidden row, column or sheet, or hidden text: a copy of the file shows it all the same.
    pub hidden: bool,
    /// Depth of indentation, from 0.
    pub indent: usize,
    /// It continues the merged cell to its left or above; its text is that cell's.
    pub merged: bool,
    /// The font is bold, as totals and headers often are.
    pub bold: bool,
    /// The formula that a spreadsheet computes it with, as stored ("SUM(B2:B4)").
    pub formula: Option<String>,
    /// Its lines, where the cell holds several.
    pub lines: Vec<String>,
}

/// A grid of text. Rows may be of different length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    /// Name of the sheet or caption that the format itself attaches to the grid.
    pub name: Option<String>,
    /// Rows of entries.
    pub rows: Vec<Vec<Entry>>,
}

/// Running text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paragraph {
    /// Without line breaks at its ends.
    pub text: String,
    /// Where it begins.
    pub place: Place,
    /// Marked up as a heading.
    pub heading: bool,
    /// Hidden text, a comment or a note that the printed answer does not show.
    pub hidden: bool,
}

/// A piece of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Running text.
    Paragraph(Paragraph),
    /// A grid.
    Grid(Grid),
}

/// Something that a file holds and that gives a figure away, unless a person says what it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Doubt {
    /// Where it stands.
    pub place: Place,
    /// The question whose yes makes it harmless.
    pub asks: String,
    /// What it is if not, as a finding says it.
    pub else_holds: String,
}

/// A drafted answer in reading order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Its pieces.
    pub pieces: Vec<Piece>,
    /// What the file holds beside what it shows: hidden sheets, comments, tracked changes; in words, with the place.
    pub residue: Vec<(Place, String)>,
    /// What the file holds that may mean something or nothing: only a person knows.
    pub doubts: Vec<Doubt>,
    /// The format it was read as, by its name in [`FORMATS`].
    pub format: &'static str,
    /// What a person should know about the reading ("a web page, though its name ends in .xls").
    pub notes: Vec<String>,
}
