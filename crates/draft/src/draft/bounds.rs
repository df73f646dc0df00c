//! What is refused for its size: a drafted answer is a few pages, and a file beyond these bounds is none.

use super::Error;

/// Bytes of a file in a container format (office files, PDF).
pub(super) const MOST_BYTES: usize = 16 << 20;
/// Bytes of a text, Markdown, CSV or HTML file.
pub(super) const MOST_TEXT: usize = 8 << 20;
/// Lines of such a file.
pub(super) const MOST_LINES: usize = 100_000;
/// Parts within a zip container.
pub(super) const MOST_PARTS: usize = 4096;
/// Bytes to which one part of a zip container may expand.
pub(super) const MOST_PART: u64 = 64 << 20;
/// Bytes to which a part that holds cells may expand: most of them may be blank.
pub(super) const MOST_SHEET: u64 = 256 << 20;
/// Bytes to which all parts that are read may expand.
pub(super) const MOST_EXPANDED: u64 = 384 << 20;
/// Elements within each other.
pub(super) const MOST_DEPTH: usize = 256;
/// Elements and texts that are held at once.
pub(super) const MOST_NODES: usize = 1 << 20;
/// Filled cells of all grids.
pub(super) const MOST_CELLS: usize = 500_000;
/// Cells of all grids, the blank ones between filled ones as well.
pub(super) const MOST_AREA: usize = 4_000_000;

/// A refusal without the file's name, which [`super::read()`] puts before it.
pub(super) fn refuse(what: impl Into<String>, help: &str) -> Error {
    Error::data(what).with_help(help)
}

/// Refuses a file of more than `most` bytes.
///
/// # Errors
/// Its size and the bound.
pub(super) fn check_size(bytes: &[u8], most: usize) -> Result<(), Error> {
    if bytes.len() <= most {
        return Ok(());
    }
    let megabytes = bytes.len() as f64 / f64::from(1 << 20);
    Err(refuse(
        format!("is {megabytes:.1} MB; a drafted answer in this format may take {} MB", most >> 20),
        "leave out pictures and records, and check the tables alone",
    ))
}

/// Counts the cells of a document as they are made.
#[derive(Debug, Default)]
pub(super) struct Budget {
    cells: usize,
    area: usize,
}

impl Budget {
    /// Takes room for more cells.
    ///
    /// # Errors
    /// More than [`MOST_CELLS`] in all.
    pub(super) fn take(&mut self, cells: usize) -> Result<(), Error> {
        self.cells = self.cells.saturating_add(cells);
        if self.cells <= MOST_CELLS {
            return Ok(());
        }
        Err(refuse(
            format!("holds more than {MOST_CELLS} cells, so these are no tables of an answer"),
            "take the records out of the file: they are not to be published; `tabsafe protect` makes tables of them",
        ))
    }

    /// Takes room for an area of cells, most of which may be blank.
    ///
    /// # Errors
    /// More than [`MOST_AREA`] in all.
    pub(super) fn span(&mut self, cells: usize) -> Result<(), Error> {
        self.area = self.area.saturating_add(cells);
        if self.area <= MOST_AREA {
            return Ok(());
        }
        Err(refuse(
            format!("holds tables that span more than {MOST_AREA} cells"),
            "check the tables alone, without what stands far from them",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_counted_over_the_whole_document() {
        let mut budget = Budget::default();
        assert!(budget.take(MOST_CELLS - 1).is_ok());
        assert!(budget.take(1).is_ok());
        assert!(budget.take(1).is_err());
        assert!(Budget::default().take(usize::MAX).is_err());
    }
}
