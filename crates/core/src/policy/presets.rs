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
            text: include_str!(concat!("../../../../policies/", $name, ".toml")),
        }
    };
}

/// Every policy that ships, by name.
pub static PRESETS: &[Preset] = &[
    preset!("acro-default"),
    preset!("aihw-pph"),
    preset!("business-magnitude"),
    preset!("cdc-wonder"),
    preset!("cms-11"),
    preset!("fr-insee-business"),
    preset!("generic-cell-key"),
    preset!("generic-graduated"),
    preset!("generic-lt10"),
    preset!("generic-lt11"),
    preset!("generic-lt20"),
    preset!("generic-lt3"),
    preset!("generic-lt5"),
    preset!("generic-lt5-zeros"),
    preset!("generic-population"),
    preset!("generic-random3"),
    preset!("generic-random5"),
    preset!("generic-research-output"),
    preset!("generic-round10"),
    preset!("generic-round5"),
    preset!("hesa"),
    preset!("nhs-fgm"),
    preset!("nhs-hes-ecds"),
    preset!("nhs-model-health"),
    preset!("ofqual"),
    preset!("ons-10-5"),
    preset!("opensafely-midpoint6"),
    preset!("police-foi"),
    preset!("police-foi-sexual-offences"),
    preset!("ukhsa-hiv-sti"),
    preset!("us-cancer-statistics"),
    preset!("us-census-drb"),
    preset!("wa-doh"),
];

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
