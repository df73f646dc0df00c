//! Where a key comes from: a file or an environment variable.

use std::fmt;
use std::path::PathBuf;

use super::Key;

/// Where a key is. This is no secret, the key itself is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// All of a file.
    File(PathBuf),
    /// An environment variable.
    Variable(String),
}

/// Why there is no key. It names the place and nothing of what stands there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place} {what}")]
pub struct KeyError {
    /// Where the key should be.
    pub place: String,
    /// What is wrong with it.
    pub what: String,
    /// What to do next.
    pub help: &'static str,
}

/// What to do for want of a key.
const MAKE_ONE: &str = "a key is 32 or more random characters that nobody knows and that stay the same from release to release, such as \
                        those of `openssl rand -hex 32`; keep it where only those who release can read it";

impl fmt::Display for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeySource::File(path) => write!(f, "the key file {}", path.display()),
            KeySource::Variable(name) => write!(f, "the environment variable {name}"),
        }
    }
}

impl KeySource {
    /// Reads the key.
    ///
    /// # Errors
    /// If it is not there, can't be read or is too short. There is no default.
    pub fn read(&self) -> Result<Key, KeyError> {
        let fault = |what: String| KeyError { place: self.to_string(), what, help: MAKE_ONE };
        let bytes = match self {
            KeySource::File(path) => {
                let unreadable = |e: std::io::Error| fault(format!("can't be read: {}", crate::diag::reason(&e)));
                std::fs::read(path).map_err(unreadable)?
            }
            KeySource::Variable(name) => {
                let value = std::env::var_os(name).ok_or_else(|| fault("is not set".to_owned()))?;
                value.into_encoded_bytes()
            }
        };
        let short = || fault(format!("holds fewer than {} bytes, too few for a key", Key::FEWEST_BYTES));
        Key::from_bytes(&bytes).ok_or_else(short)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key is read from a file; one that is missing, empty or short is an error that names the place and no byte of
    /// it.
    #[test]
    fn from_files_and_variables() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        let source = KeySource::File(path.clone());
        let told = |source: &KeySource| source.read().map_or_else(|e| e.to_string(), |_| "a key".to_owned());
        let place = format!("the key file {}", path.display());
        assert!(told(&source).starts_with(&format!("{place} can't be read")), "{}", told(&source));
        for (text, expect) in [
            ("", format!("{place} holds fewer than 32 bytes, too few for a key")),
            ("hunter2\n", format!("{place} holds fewer than 32 bytes, too few for a key")),
            ("0123456789abcdef0123456789abcdef\n", "a key".to_owned()),
        ] {
            std::fs::write(&path, text).expect("written");
            assert_eq!(told(&source), expect);
        }
        let unset = KeySource::Variable("TABSAFE_A_VARIABLE_THAT_NOBODY_SETS".to_owned());
        let expect = "the environment variable TABSAFE_A_VARIABLE_THAT_NOBODY_SETS is not set";
        assert_eq!(told(&unset), expect);
    }
}
