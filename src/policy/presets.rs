//! The policies that ship, embedded as they stand in `policies/`.

use super::{Policy, PolicyError};
use crate::diag::nearest;

/// A policy that ships.
#[derive(Debug)]
pub struct Preset {
    /// Its name: the file's, without `.toml`, and the `id` in it.
    pub name: &'static str,
    /// The file's name in messages.
    pub file: &'static str,
    /// The file.
    pub text: &'static str,
}

/// One line of the list: the file's name stands for all the rest.
macro_rules! preset {
    ($name:literal) => {
        Preset {
            name: $name,
            file: concat!("policies/", $name, ".toml"),
            text: include_str!(concat!("../../policies/", $name, ".toml")),
        }
    };
}

/// Every policy that ships, by name.
pub static PRESETS: &[Preset] = &[preset!("business-magnitude"), preset!("generic-round5"), preset!("police-foi")];

impl Preset {
    /// The policy.
    ///
    /// # Errors
    /// Only if the shipped file does not hold, which a test excludes.
    pub fn load(&self) -> Result<Policy, PolicyError> {
        Policy::from_text(self.file, self.text)
    }
}

/// A preset by its name.
pub(super) fn find(name: &str) -> Result<&'static Preset, PolicyError> {
    if let Some(preset) = PRESETS.iter().find(|p| p.name == name) {
        return Ok(preset);
    }
    let names: Vec<&str> = PRESETS.iter().map(|p| p.name).collect();
    let width = names.iter().map(|n| n.len()).max().unwrap_or(0);
    let title = |p: &Preset| p.load().map(|policy| policy.title).unwrap_or_default();
    let list: Vec<String> = PRESETS.iter().map(|p| format!("  {:width$}  {}", p.name, title(p))).collect();
    Err(PolicyError::Unknown {
        name: name.to_owned(),
        meant: nearest(name, &names).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default(),
        list: list.join("\n"),
    })
}
