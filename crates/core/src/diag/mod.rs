//! Faults in a file that a person wrote (a policy, a specification), each at its place.
//!
//! A reader makes [`Diagnostics`] with [`from_toml`], adds what it finds wrong with [`Diagnostics::push`], and hands
//! all of it back at once. `Display` gives one plain line per fault; [`Diagnostics::render`] shows the source as well.

mod from_toml;
mod render;
mod visible;

use std::fmt;
use std::io::{self, ErrorKind};
use std::ops::Range;

pub use from_toml::{Parsed, from_toml};
pub use render::Look;
pub use visible::{is_plain, visible, visible_json, visible_line};

/// Bytes of the file's text.
pub type Span = Range<usize>;

/// One thing that is wrong, where, and what would be right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, without a full stop.
    pub message: String,
    /// Where; `None` for the file as a whole.
    pub span: Option<Span>,
    /// What is allowed, or what to do next.
    pub help: Option<String>,
}

impl Fault {
    /// A fault of the file as a whole.
    pub fn new(message: impl Into<String>) -> Self {
        Fault { message: message.into(), span: None, help: None }
    }

    /// A fault at a place.
    pub fn at(span: Span, message: impl Into<String>) -> Self {
        Fault { message: message.into(), span: Some(span), help: None }
    }

    /// Says what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says which words are allowed instead of `word`, the nearest first.
    #[must_use]
    pub fn allowed<S: AsRef<str>>(self, word: &str, allowed: &[S]) -> Self {
        let list = allowed.iter().map(|a| format!("`{}`", a.as_ref())).collect::<Vec<_>>().join(", ");
        let list = if list.is_empty() { "none".to_owned() } else { list };
        match nearest(word, allowed) {
            Some(near) => self.help(format!("did you mean `{near}`? Allowed: {list}")),
            None => self.help(format!("allowed: {list}")),
        }
    }
}

/// A file and everything that is wrong with it (or, for warnings, worth a look).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    /// The file's name as shown in messages.
    pub name: String,
    /// Its text.
    pub text: String,
    /// The faults.
    pub faults: Vec<Fault>,
}

impl Diagnostics {
    /// A file without faults.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Diagnostics { name: name.into(), text: text.into(), faults: Vec::new() }
    }

    /// A file that can't be read at all.
    pub fn unreadable(name: impl Into<String>, error: &io::Error) -> Self {
        let mut all = Diagnostics::new(name, "");
        all.push(Fault::new(format!("can't be read: {}", reason(error))));
        all
    }

    /// Adds a fault.
    pub fn push(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }

    /// `value` if nothing is wrong, else every fault in the order of the file.
    ///
    /// # Errors
    /// These diagnostics, if they hold a fault.
    pub fn result<T>(mut self, value: T) -> Result<T, Diagnostics> {
        if self.faults.is_empty() {
            return Ok(value);
        }
        self.sort();
        Err(self)
    }

    /// Puts the faults in the order of the file, each once.
    pub fn sort(&mut self) {
        self.faults.sort_by_key(|f| f.span.as_ref().map(|s| (s.start, s.end)));
        self.faults.dedup();
    }

    /// Line and column (in characters) of a byte of the text, both counted from 1.
    pub fn line_column(&self, byte: usize) -> (usize, usize) {
        line_column(&self.text, byte)
    }

    /// `release.toml:12:3`, or the file's name alone for a fault without a place.
    pub fn place(&self, fault: &Fault) -> String {
        match &fault.span {
            Some(span) => {
                let (line, column) = self.line_column(span.start);
                format!("{}:{line}:{column}", self.name)
            }
            None => self.name.clone(),
        }
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, fault) in self.faults.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{}: {}", self.place(fault), fault.message)?;
            if let Some(help) = &fault.help {
                write!(f, " ({help})")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

/// Why the system refused something, without the numbers by which it calls its errors.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        ErrorKind::PermissionDenied => "no permission".to_owned(),
        ErrorKind::InvalidData => "it is not UTF-8 text".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        ErrorKind::NotADirectory => "a part of its path is no folder".to_owned(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "no space is left".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "the file system allows no writing".to_owned(),
        _ => error.to_string().split(" (os error").next().unwrap_or_default().to_owned(),
    }
}

/// Line and column (in characters) of a byte of a text, both counted from 1.
pub fn line_column(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte.min(text.len())).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |i| i + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// The allowed word that is most like `word`, if one is like it at all; case does not matter.
pub fn nearest<'a, S: AsRef<str>>(word: &str, allowed: &'a [S]) -> Option<&'a str> {
    let wanted = word.to_lowercase();
    let most = wanted.chars().count().div_ceil(3).max(1);
    allowed
        .iter()
        .map(|a| a.as_ref())
        .map(|a| (strsim::damerau_levenshtein(&wanted, &a.to_lowercase()), a))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, a)| a)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A word is only suggested where it could have been meant.
    #[test]
    fn nearest_word() {
        let words = ["label", "column", "columns", "missing"];
        assert_eq!(nearest("lable", &words), Some("label"));
        assert_eq!(nearest("Colum", &words), Some("column"));
        assert_eq!(nearest("threshold", &words), None);
        assert_eq!(nearest("x", &[] as &[&str]), None);
    }

    /// Columns are counted in characters, lines from 1, and a byte past the end is the end.
    #[test]
    fn places() {
        let text = "é = 1\nlabel = 2\n";
        assert_eq!(line_column(text, 0), (1, 1));
        assert_eq!(line_column(text, 3), (1, 3));
        assert_eq!(line_column(text, 7), (2, 1));
        assert_eq!(line_column(text, 999), (3, 1));
    }

    /// What the system says comes without its own numbers, which tell a user nothing.
    #[test]
    fn reasons_are_words() {
        for code in 1..140 {
            let error = io::Error::from_raw_os_error(code);
            let words = reason(&error);
            assert!(!words.is_empty() && !words.contains("os error"), "{code}: {words}");
        }
    }

    /// The plain form is one line per fault, in the order of the file.
    #[test]
    fn plain_lines() {
        let mut all = Diagnostics::new("release.toml", "a = 1\nb = 2\n");
        all.push(Fault::at(6..7, "unknown key `b`").allowed("b", &["a", "bb"]));
        all.push(Fault::at(4..5, "wrong"));
        all.push(Fault::new("incomplete").help("add a table"));
        let shown = all.result(()).expect_err("has faults").to_string();
        assert_eq!(
            shown,
            "release.toml: incomplete (add a table)\nrelease.toml:1:5: wrong\n\
             release.toml:2:1: unknown key `b` (did you mean `a`? Allowed: `a`, `bb`)"
        );
    }
}
