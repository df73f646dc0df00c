//! From a file or a text to a [`Spec`].

use std::fs;
use std::path::Path;

use super::{Spec, check};
use crate::diag::{Diagnostics, Fault, from_toml};

impl Spec {
    /// Reads and checks a specification. Paths in it are relative to its folder.
    ///
    /// # Errors
    /// Every fault of the file at once, or that it can't be read.
    pub fn load(path: &Path) -> Result<Spec, Diagnostics> {
        let name = path.display().to_string();
        let bytes = fs::read(path).map_err(|error| Diagnostics::unreadable(&name, &error))?;
        match String::from_utf8(bytes) {
            Ok(text) => Spec::parse(&text, path),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let mut faults = Diagnostics::new(name, text);
                faults.push(Fault::at(valid..valid, "not UTF-8").help("save the file as UTF-8"));
                Err(faults)
            }
        }
    }

    /// Checks the text of a specification that stands, or would stand, at `path`.
    ///
    /// # Errors
    /// Every fault of the text at once.
    pub fn parse(text: &str, path: &Path) -> Result<Spec, Diagnostics> {
        let parsed = from_toml(&path.display().to_string(), text);
        match parsed.value {
            Some(file) => check::check(file, path, parsed.faults),
            None => {
                let mut faults = parsed.faults;
                faults.sort();
                Err(faults)
            }
        }
    }
}
