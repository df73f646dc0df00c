//! What ends a command early: a message, what to do next, and the exit code.

use std::collections::BTreeSet;

use tabsafe::diag::{Diagnostics, Look};
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
}

impl Fault {
    /// Bad arguments or files that steer the work.
    pub fn usage(message: impl Into<String>) -> Self {
        Fault { code: exit::USAGE, message: message.into(), help: None }
    }

    /// Input that can't be used.
    pub fn data(message: impl Into<String>) -> Self {
        Fault { code: exit::DATA, message: message.into(), help: None }
    }

    /// A fault of tabsafe itself.
    pub fn internal(message: impl Into<String>) -> Self {
        let help = "this is a fault of tabsafe: please report the command line and this message (no data)";
        Fault { code: exit::INTERNAL, message: message.into(), help: Some(help.to_owned()) }
    }

    /// Somebody pressed Ctrl-C.
    pub fn interrupted() -> Self {
        let message = "interrupted; nothing was written".to_owned();
        Fault { code: exit::INCONCLUSIVE, message, help: None }
    }

    /// Adds what to do next.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The text for standard error.
    pub fn text(&self) -> String {
        let mut text = format!("error: {}\n", self.message.trim_end());
        if let Some(help) = &self.help {
            text.push_str(&format!("  help: {help}\n"));
        }
        text
    }
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
        Fault::usage(faults.render(Look::Plain))
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
        Fault { code, message: error.message, help: error.help }
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Input(error) => error.into(),
            other @ Failure::Contradiction(_) => Fault::data(other.to_string()),
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
