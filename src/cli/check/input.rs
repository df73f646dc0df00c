//! The files of a draft, read.

use std::io::Read;
use std::path::{Path, PathBuf};

use tabsafe::check::Draft;
use tabsafe::diag::reason;
use tabsafe::draft;

use super::super::fault::Fault;
use super::super::input::{STANDARD_INPUT, is_dash};
use super::super::session::Session;

/// Reads all files.
///
/// # Errors
/// The first that can't be read.
pub fn read(files: &[PathBuf]) -> Result<Vec<Draft>, Fault> {
    files.iter().map(|f| one(f)).collect()
}

/// Says what a user should know about the reading.
pub fn notes(drafts: &[Draft], session: &Session) {
    for draft in drafts {
        draft.document.notes.iter().for_each(|note| session.note(&format!("{}: {note}", draft.name)));
    }
}

/// What a file is called in the answer.
pub fn name(path: &Path) -> String {
    if is_dash(path) { STANDARD_INPUT.to_owned() } else { path.display().to_string() }
}

fn one(path: &Path) -> Result<Draft, Fault> {
    let name = name(path);
    let unreadable = |e: &std::io::Error| Fault::data(format!("{name} can't be read: {}", reason(e)));
    let mut bytes = Vec::new();
    if is_dash(path) {
        std::io::stdin().lock().read_to_end(&mut bytes).map_err(|e| unreadable(&e))?;
    } else {
        bytes = std::fs::read(path).map_err(|e| unreadable(&e))?;
    }
    let document = draft::read(&path.display().to_string(), bytes)?;
    Ok(Draft { name, document })
}
