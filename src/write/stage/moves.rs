//! Files moved into place one by one, and back.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::folder::Exchange;

/// What was moved so far.
#[derive(Default)]
pub(super) struct Moves {
    done: Vec<Done>,
}

enum Done {
    /// A file, and where what stood in its place before is kept.
    File(PathBuf, Option<PathBuf>),
    /// A whole folder.
    Folder(Exchange),
}

impl Moves {
    /// Takes away what stands at `place`, if anything does.
    pub fn away(&mut self, place: &Path, kept: PathBuf) -> io::Result<()> {
        if fs::symlink_metadata(place).is_err() {
            return Ok(());
        }
        fs::rename(place, &kept)?;
        self.done.push(Done::File(place.to_owned(), Some(kept)));
        Ok(())
    }

    /// Puts a new file where nothing stands.
    pub fn place(&mut self, new: &Path, place: &Path) -> io::Result<()> {
        fs::rename(new, place)?;
        self.done.push(Done::File(place.to_owned(), None));
        Ok(())
    }

    /// Puts a new file in the place of an old one, in one step.
    pub fn replace(&mut self, new: &Path, place: &Path, kept: PathBuf) -> io::Result<()> {
        let old = place.is_file();
        if old {
            // not every file system knows hard links
            fs::hard_link(place, &kept).or_else(|_| fs::copy(place, &kept).map(|_| ()))?;
        }
        fs::rename(new, place)?;
        self.done.push(Done::File(place.to_owned(), old.then_some(kept)));
        Ok(())
    }

    /// A folder was exchanged.
    pub fn exchanged(&mut self, exchange: Exchange) {
        self.done.push(Done::Folder(exchange));
    }

    /// Undoes all of it, the last first: as much as it can.
    ///
    /// # Errors
    /// The first place that could not be restored, and where its old content is now.
    pub fn back(self) -> Result<(), (PathBuf, PathBuf)> {
        let mut result = Ok(());
        for done in self.done.into_iter().rev() {
            let undone = match done {
                // a file of ours, complete but not to appear alone
                Done::File(place, None) => fs::remove_file(&place).map_err(|_| (place.clone(), place)),
                Done::File(place, Some(kept)) => fs::rename(&kept, &place).map_err(|_| rescued(kept, place)),
                Done::Folder(exchange) => exchange.back().map_err(|_| exchange.places()),
            };
            result = result.and(undone);
        }
        result
    }
}

/// The old content of a place, out of the work folder, which is about to go.
fn rescued(kept: PathBuf, place: PathBuf) -> (PathBuf, PathBuf) {
    let name = place.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let beside = place.with_file_name(format!("{name}.old"));
    let free = fs::symlink_metadata(&beside).is_err();
    let at = if free && fs::rename(&kept, &beside).is_ok() { beside } else { kept };
    (place, at)
}
