//! The parts of a zip container (office files), expanded one by one within bounds.

use std::collections::HashSet;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::Error;
use super::bounds::{MOST_EXPANDED, MOST_PART, MOST_PARTS, MOST_SHEET, refuse};

/// How a zip file begins.
pub(super) const MAGIC: &[u8] = b"PK\x03\x04";
/// How the record at its end begins.
const END: &[u8] = b"PK\x05\x06";
/// What to do about a file that does not open.
const DAMAGED: &str = "open it in the program that made it, and save it again";

/// An opened container.
pub(super) struct Parts<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    left: u64,
    read: HashSet<String>,
}

impl<'a> Parts<'a> {
    /// Opens a container; nothing is expanded yet.
    ///
    /// # Errors
    /// Damaged, too many parts, or two parts of one name (programs would differ in which of them they show).
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Error> {
        let parts = told(bytes).ok_or_else(|| refuse("is a damaged zip container: its end is missing", DAMAGED))?;
        if parts > MOST_PARTS {
            return Err(refuse(format!("is a container of more than {MOST_PARTS} parts"), "this is no drafted answer"));
        }
        let archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|e| refuse(format!("is a damaged zip container: {e}"), DAMAGED))?;
        if archive.len() != parts {
            return Err(refuse("is a zip container that holds a part twice, so what it shows is not certain", DAMAGED));
        }
        Ok(Parts { archive, left: MOST_EXPANDED, read: HashSet::new() })
    }

    /// The names of all parts, sorted.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.archive.file_names().map(str::to_owned).collect();
        names.sort();
        names
    }

    /// The names of the parts that nothing has read, sorted.
    pub(super) fn unread(&self) -> Vec<String> {
        self.names().into_iter().filter(|n| !self.read.contains(n)).collect()
    }

    /// Whether there is a part of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.archive.index_for_name(name).is_some()
    }

    /// A part's bytes; none where there is no such part.
    ///
    /// # Errors
    /// Damaged, protected by a password, or beyond the bounds once expanded.
    pub(super) fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        self.read_up_to(name, MOST_PART)
    }

    /// A part that holds cells, most of which may be blank.
    ///
    /// # Errors
    /// As [`Self::read`], and where it is missing.
    pub(super) fn cells(&mut self, name: &str) -> Result<Vec<u8>, Error> {
        let part = self.read_up_to(name, MOST_SHEET)?;
        part.ok_or_else(|| refuse(format!("its part {name} is missing"), DAMAGED))
    }

    fn read_up_to(&mut self, name: &str, bound: u64) -> Result<Option<Vec<u8>>, Error> {
        let part = match self.archive.by_name(name) {
            Ok(part) => part,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(e) if e.to_string().to_lowercase().contains("password") => {
                return Err(refuse("is protected by a password", "save it without one"));
            }
            Err(e) => return Err(refuse(format!("part {name} can't be read: {e}"), DAMAGED)),
        };
        let most = bound.min(self.left);
        let mut bytes = Vec::new();
        part.take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(|e| refuse(format!("part {name} can't be read: {e}"), DAMAGED))?;
        if bytes.len() as u64 > most {
            let (one, all) = (bound >> 20, MOST_EXPANDED >> 20);
            return Err(refuse(
                format!("part {name} is too large once expanded (a part may take {one} MB, all together {all} MB)"),
                "this is no drafted answer: leave records out, and check the tables alone",
            ));
        }
        self.left -= bytes.len() as u64;
        self.read.insert(name.to_owned());
        Ok(Some(bytes))
    }

    /// A part that the format demands.
    ///
    /// # Errors
    /// As [`Self::read`], and where it is missing.
    pub(super) fn demand(&mut self, name: &str) -> Result<Vec<u8>, Error> {
        self.read(name)?.ok_or_else(|| refuse(format!("its part {name} is missing"), DAMAGED))
    }
}

/// The number of parts that the record at the end tells; none where there is no such record.
fn told(bytes: &[u8]) -> Option<usize> {
    let at = bytes.windows(END.len()).rposition(|w| w == END)?;
    let field = bytes.get(at + 10..at + 12)?;
    Some(usize::from(u16::from_le_bytes(field.try_into().ok()?)))
}

/// The path that a relationship of a part names: absolute, or relative to the part's folder.
pub(super) fn resolve(part: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut folders: Vec<&str> = part.split('/').collect();
    folders.pop();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                folders.pop();
            }
            name => folders.push(name),
        }
    }
    folders.join("/")
}

/// The part that holds the relationships of a part.
pub(super) fn relations_of(part: &str) -> String {
    match part.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/_rels/{name}.rels"),
        None => format!("_rels/{part}.rels"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_found_from_the_part_that_names_them() {
        assert_eq!(resolve("xl/worksheets/sheet1.xml", "../comments1.xml"), "xl/comments1.xml");
        assert_eq!(resolve("xl/workbook.xml", "/xl/worksheets/a.xml"), "xl/worksheets/a.xml");
        assert_eq!(resolve("xl/workbook.xml", "worksheets/a.xml"), "xl/worksheets/a.xml");
        assert_eq!(resolve("a", "../../../b"), "b");
        assert_eq!(relations_of("xl/workbook.xml"), "xl/_rels/workbook.xml.rels");
    }
}
