//! What stopped the reading or tabulating, in words a person can act on.

/// Whose fault it is; the command line turns it into an exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The specification or the arguments do not hold.
    Usage,
    /// The data can't be read, or contradict themselves or the specification.
    Data,
    /// A fault of tabsafe itself.
    Internal,
}

/// What stopped the work. Its text names files, lines and columns, never a value that could be a person's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// Whose fault it is.
    pub kind: Kind,
    /// What is wrong and where.
    pub message: String,
    /// What is allowed, or what to do next.
    pub help: Option<String>,
}

impl Error {
    /// The specification or the arguments do not hold.
    pub fn usage(message: impl Into<String>) -> Self {
        Error { kind: Kind::Usage, message: message.into(), help: None }
    }

    /// The data can't be used.
    pub fn data(message: impl Into<String>) -> Self {
        Error { kind: Kind::Data, message: message.into(), help: None }
    }

    /// A fault of tabsafe itself.
    pub fn internal(message: impl Into<String>) -> Self {
        Error { kind: Kind::Internal, message: message.into(), help: None }
    }

    /// Adds what is allowed, or what to do next.
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
