//! What ends a command early: a message, what to do next, and the exit code.

use std::collections::BTreeSet;
use std::path::Path;

use tabsafe::diag::{Diagnostics, Look, is_plain, visible};
use tabsafe::pipeline::Failure;
use tabsafe::policy::PolicyError;
use tabsafe::read;
use tabsafe::write::WriteError;

use super::exit;

/// What ended a command.
#[derive(Debug)]
pub struct Fault {
    /// The exit code.
    pub code: u8,
    /// What is wrong.
    pub message: String,
    /// What to do next.
    pub help: Option<String>,
    /// Files with faults, where these are what is wrong; `message` is their plain form.
    pub(super) files: Vec<Diagnostics>,
}

impl Fault {
    /// Somebody pressed Ctrl-C.
    pub fn interrupted() -> Self {
        Fault::new(exit::INCONCLUSIVE, "interrupted; nothing was written")
    }

    /// What ended a command with this exit code.
    pub fn new(code: u8, message: impl Into<String>) -> Self {
        Fault { code, message: message.into(), help: None, files: Vec::new() }
    }

    /// Bad arguments or files that steer the work.
    pub fn usage(message: impl Into<String>) -> Self {
        Fault::new(exit::USAGE, message)
    }

    /// Input that can't be used.
    pub fn data(message: impl Into<String>) -> Self {
        Fault::new(exit::DATA, message)
    }

    /// A fault of tabsafe itself.
    pub fn internal(message: impl Into<String>) -> Self {
        let help = "this is a fault of tabsafe: please report the command line and this message (no data)";
        Fault::new(exit::INTERNAL, message).help(help)
    }

    /// Adds what to do next.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Several at once, with the exit code of bad arguments.
    pub fn all(faults: Vec<Fault>) -> Self {
        let messages: Vec<&str> = faults.iter().map(|f| f.message.as_str()).collect();
        let drawable = faults.iter().all(|f| !f.files.is_empty());
        let message = messages.join("\n");
        let files = if drawable { faults.into_iter().flat_map(|f| f.files).collect() } else { Vec::new() };
        Fault { files, ..Fault::usage(message) }
    }

    /// The text for standard error. What files hold stands in it as text that steers no terminal.
    pub fn text(&self, look: Look) -> String {
        if !self.files.is_empty() && look != Look::Plain && self.files.iter().all(is_drawable) {
            return self.files.iter().map(|file| file.render(look)).collect();
        }
        let mut text = format!("error: {}\n", self.message.trim_end());
        if let Some(help) = &self.help {
            text.push_str(&format!("  help: {help}\n"));
        }
        visible(&text)
    }
}

/// Faults of a file: drawn with its lines on a terminal where that may be, else a line each.
pub fn drawn(file: &Diagnostics, look: Look) -> String {
    if is_drawable(file) { file.render(look) } else { visible(&file.render(Look::Plain)) }
}

/// Whether lines of a file may be shown: those of a policy, a specification or a layout. A file of records may have been
/// named in place of one, and its lines are about persons.
fn is_drawable(file: &Diagnostics) -> bool {
    let steering = Path::new(&file.name).extension().is_some_and(|e| e.eq_ignore_ascii_case("toml"));
    let texts = file.faults.iter().flat_map(|f| [Some(&f.message), f.help.as_ref()]).flatten();
    steering && is_plain(&file.name) && is_plain(&file.text) && texts.into_iter().all(|text| is_plain(text))
}

/// Refuses names of which one stands twice: a table has each variable once.
///
/// # Errors
/// The first name that stands twice behind `option`.
pub fn each_once<S: AsRef<str>>(option: &str, names: &[S]) -> Result<(), Fault> {
    let mut seen = BTreeSet::new();
    match names.iter().map(AsRef::as_ref).find(|name| !seen.insert(*name)) {
        Some(twice) => Err(Fault::usage(format!("{option} names \"{twice}\" twice"))
            .help("a table has each variable once: leave one out")),
        None => Ok(()),
    }
}

impl From<Diagnostics> for Fault {
    fn from(faults: Diagnostics) -> Self {
        Fault { files: vec![faults.clone()], ..Fault::usage(faults.render(Look::Plain)) }
    }
}

impl From<PolicyError> for Fault {
    fn from(error: PolicyError) -> Self {
        match error {
            PolicyError::File(faults) => faults.into(),
            other => Fault::usage(other.to_string()),
        }
    }
}

impl From<read::Error> for Fault {
    fn from(error: read::Error) -> Self {
        let code = match error.kind {
            read::Kind::Usage => exit::USAGE,
            read::Kind::Data => exit::DATA,
            read::Kind::Internal => exit::INTERNAL,
        };
        Fault { help: error.help, ..Fault::new(code, error.message) }
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Input(error) => error.into(),
            Failure::Key(error) => Fault::usage(error.to_string()).help(error.help),
            Failure::Rounding(error) => {
                let code = if error.limit { exit::INCONCLUSIVE } else { exit::USAGE };
                Fault::new(code, error.message).help(error.help)
            }
            Failure::Noise(error) => {
                let code = if error.spent { exit::UNSAFE } else { exit::USAGE };
                Fault::new(code, error.message).help(error.help)
            }
            other @ Failure::Contradiction(_) => Fault::data(other.to_string()),
            banned @ Failure::Banned(_) => Fault::new(exit::UNSAFE, banned.to_string())
                .help("nothing was released: change the specification, or release under another policy"),
        }
    }
}

impl From<WriteError> for Fault {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Stopped => Fault::interrupted(),
            other => Fault::usage(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A fault in a file is one line for other programs, and drawn with its source on a terminal.
    #[test]
    fn drawn_on_a_terminal_only() {
        let mut file = Diagnostics::new("release.toml", "lable = 2\n");
        file.push(tabsafe::diag::Fault::at(0..5, "unknown key `lable`").help("did you mean `label`?"));
        let fault = Fault::from(file);
        let plain = "error: release.toml:1:1: unknown key `lable` (did you mean `label`?)\n";
        assert_eq!(fault.text(Look::Plain), plain);
        let drawn = fault.text(Look::Graphical { color: false, width: 80 });
        for part in ["unknown key `lable`", "release.toml:1:1", "lable = 2", "did you mean `label`?"] {
            assert!(drawn.contains(part), "{part} is not in\n{drawn}");
        }
        let mut data = Diagnostics::new("cases.csv", "victim,area\nV001,North\n");
        data.push(tabsafe::diag::Fault::at(12..16, "not TOML"));
        let shown = Fault::from(data).text(Look::Graphical { color: true, width: 80 });
        assert_eq!(shown, "error: cases.csv:2:1: not TOML\n", "no line of a file of records is shown");
        let both = Fault::all(vec![fault, Fault::usage("there is no policy `x`")]);
        assert_eq!(both.text(Look::Graphical { color: false, width: 80 }), format!("{plain}there is no policy `x`\n"));
    }
}
