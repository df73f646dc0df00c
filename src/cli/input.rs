//! `-`: standard input as a file, because readers go over their input twice.
//!
//! It stands in the temporary folder while the program runs, readable by its owner alone, and goes with it, also when
//! the program is interrupted; where it is killed, with the next run.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use tabsafe::diag::reason;
use tabsafe::write::Work;

use super::fault::Fault;
use super::session::Session;

/// What standard input is called in messages.
pub const STANDARD_INPUT: &str = "standard input";
/// How much is looked at to find the format.
const HEAD: usize = 8;

/// An input that is a file.
pub struct Data {
    path: PathBuf,
    spooled: Option<Work>,
}

/// Whether a path stands for standard input or output.
pub fn is_dash(path: &Path) -> bool {
    path == Path::new("-")
}

impl Data {
    /// The file itself, or a private copy of standard input.
    ///
    /// # Errors
    /// Standard input that can't be read or kept; an interruption.
    pub fn open(path: &Path, session: &Session) -> Result<Data, Fault> {
        if is_dash(path) { Data::spool(&mut std::io::stdin().lock(), session) } else { Ok(Data::file(path)) }
    }

    fn file(path: &Path) -> Data {
        Data { path: path.to_owned(), spooled: None }
    }

    /// Copies a stream.
    fn spool(from: &mut dyn Read, session: &Session) -> Result<Data, Fault> {
        let unread = |e: std::io::Error| Fault::data(format!("{STANDARD_INPUT} can't be read: {}", reason(&e)));
        let unkept = |e: std::io::Error| {
            Fault::data(format!("{STANDARD_INPUT} can't be kept in {}: {}", std::env::temp_dir().display(), reason(&e)))
                .help("free some space there, name another folder with TMPDIR, or give a file")
        };
        let mut buffer = vec![0; 1 << 16];
        let mut filled = 0;
        while filled < HEAD {
            match from.read(&mut buffer[filled..]).map_err(unread)? {
                0 => break,
                n => filled += n,
            }
        }
        let work = Work::within(&std::env::temp_dir()).map_err(unkept)?;
        let name = format!("input.{}", tabsafe::read::extension(&buffer[..filled]));
        let (path, mut file) = work.file(&name).map_err(unkept)?;
        while filled > 0 {
            file.write_all(&buffer[..filled]).map_err(unkept)?;
            if session.stopped() {
                return Err(Fault::interrupted());
            }
            filled = from.read(&mut buffer).map_err(unread)?;
        }
        file.flush().map_err(unkept)?;
        Ok(Data { path, spooled: Some(work) })
    }

    /// Where readers find it.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the user calls it.
    pub fn name(&self) -> String {
        self.words(&self.path.display().to_string())
    }

    /// A text in which it has the name that the user knows.
    pub fn words(&self, text: &str) -> String {
        match &self.spooled {
            Some(_) => text.replace(&self.path.display().to_string(), STANDARD_INPUT),
            None => text.to_owned(),
        }
    }

    /// A fault in which it has the name that the user knows.
    pub fn named(&self, fault: Fault) -> Fault {
        Fault { message: self.words(&fault.message), help: fault.help.map(|h| self.words(&h)), ..fault }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The copy has the bytes, belongs to its owner alone, has a name by its format, and goes with the input.
    #[test]
    fn spooled() {
        let session = Session::plain();
        for (text, extension) in
            [("a,b\n1,2\n", "csv"), ("{\"a\":1}\n", "ndjson"), ("PAR1....", "parquet"), ("", "csv")]
        {
            let input = Data::spool(&mut text.as_bytes(), &session).expect("a copy");
            let path = input.path().to_owned();
            assert_eq!(std::fs::read_to_string(&path).expect("the copy"), text);
            assert_eq!(path.extension().and_then(|e| e.to_str()), Some(extension), "{text}");
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                assert_eq!(std::fs::metadata(&path).expect("the copy").permissions().mode() & 0o777, 0o600);
            }
            let fault = input.named(Fault::data(format!("{}:3: wrong", path.display())));
            assert_eq!(fault.message, "standard input:3: wrong");
            assert_eq!(input.name(), "standard input");
            drop(input);
            assert!(!path.exists(), "nothing is left");
        }
    }
}
