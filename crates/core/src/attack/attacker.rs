//! The attacker: what he knows, and what it takes to keep a cell from him; both as policies and arguments spell it.

use std::fmt;
use std::str::FromStr;

use crate::diag::Fault;

/// What an intruder knows beyond the published values and the relations between the cells.
///
/// The default is the one of the command line manual: counts are whole numbers and not negative; where zeros are
/// published a withheld count is at least 1; the policy is known, but not which withheld cells are primary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attacker {
    /// Counts are known to be whole numbers.
    pub integers: bool,
    /// Every zero is published, so a withheld count is at least 1. A policy has it so if no rule lets a zero be withheld
    /// (`zero = "show"`); with `withhold-if-needed` or `unsafe` in any rule a withheld count may be 0.
    pub zeros_published: bool,
    /// For magnitudes: every value is known beforehand within this many percent. `None`: only that it is not negative.
    pub prior: Option<u32>,
    /// Every contributor is an intruder as well: he knows the cells that he alone is behind.
    pub own_contribution: bool,
    /// How many contributors join to attack the others (1: none). From 2 on they are intruders as by `own_contribution`.
    pub coalition: u32,
    /// Whether a release may go out of which a part could not be examined. Nothing that he knows.
    pub accept_unexamined: bool,
}

impl Default for Attacker {
    fn default() -> Self {
        Attacker {
            integers: true,
            zeros_published: true,
            prior: None,
            own_contribution: false,
            coalition: 1,
            accept_unexamined: false,
        }
    }
}

/// When a withheld cell counts as protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProtectionKind {
    /// Every value that the rule hides remains possible.
    #[default]
    Band,
    /// At least two values remain possible.
    Exact,
    /// As `Band`, and a value at or above the threshold remains possible.
    Above,
    /// The interval is at least this wide.
    Width(i64),
    /// The interval reaches this many percent below and above the value.
    Percent(u32),
}

/// Why a text says nothing about an attacker or a protection.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} ({help})")]
pub struct AttackerError {
    /// What is wrong.
    pub message: String,
    /// What is allowed.
    pub help: String,
}

impl From<Fault> for AttackerError {
    fn from(fault: Fault) -> Self {
        AttackerError { message: fault.message, help: fault.help.unwrap_or_default() }
    }
}

impl Attacker {
    /// What [`Attacker::set`] knows of.
    const KEYS: [&'static str; 5] = ["integers", "zeros-published", "prior", "own-contribution", "coalition"];

    /// Changes one thing that he knows, from `KEY=VALUE` as `--attacker` takes it.
    ///
    /// # Errors
    /// For a key that there is not, or a value that it does not take; both say what is allowed.
    pub fn set(&mut self, text: &str) -> Result<(), AttackerError> {
        let Some((key, value)) = text.split_once('=').map(|(k, v)| (k.trim(), v.trim())) else {
            let help = format!("KEY is one of {}", Self::KEYS.join(", "));
            return Err(Fault::new(format!("`{text}` is not KEY=VALUE")).help(help).into());
        };
        match key {
            "integers" => self.integers = truth(key, value)?,
            "zeros-published" => self.zeros_published = truth(key, value)?,
            "own-contribution" => self.own_contribution = truth(key, value)?,
            "prior" => self.prior = Some(number(key, value, 1000)?),
            "coalition" => self.coalition = number(key, value, 100)?,
            _ => return Err(Fault::new(format!("an attacker has no `{key}`")).allowed(key, &Self::KEYS).into()),
        }
        Ok(())
    }
}

/// `true` or `false`.
fn truth(key: &str, value: &str) -> Result<bool, AttackerError> {
    value.parse().map_err(|_| Fault::new(format!("`{key}` can't be `{value}`")).help("allowed: `true`, `false`").into())
}

/// A whole number from 1 to `max`; a fraction of 1 is taken for a percentage gone wrong.
fn number(key: &str, value: &str, max: u32) -> Result<u32, AttackerError> {
    match value.parse() {
        Ok(n) if (1..=max).contains(&n) => Ok(n),
        _ => {
            let fraction = value.parse::<f64>().is_ok_and(|x| x > 0.0 && x < 1.0);
            let hint = if fraction { "percentages are written as 10, not as 0.10; " } else { "" };
            let help = format!("{hint}allowed: a whole number from 1 to {max}");
            Err(Fault::new(format!("`{key}` can't be `{value}`")).help(help).into())
        }
    }
}

impl FromStr for ProtectionKind {
    type Err = AttackerError;

    /// From `band`, `exact`, `above`, `width=3` or `percent=10`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=').map(|(k, v)| (k.trim(), v.trim())) {
            None if text.trim() == "band" => Ok(ProtectionKind::Band),
            None if text.trim() == "exact" => Ok(ProtectionKind::Exact),
            None if text.trim() == "above" => Ok(ProtectionKind::Above),
            Some(("width", value)) => number("width", value, 1_000_000_000).map(|n| ProtectionKind::Width(n.into())),
            Some(("percent", value)) => number("percent", value, 1000).map(ProtectionKind::Percent),
            _ => {
                let kinds = ["band", "exact", "above", "width=3", "percent=10"];
                Err(Fault::new(format!("there is no protection `{text}`")).allowed(text, &kinds).into())
            }
        }
    }
}

impl fmt::Display for ProtectionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProtectionKind::Band => f.write_str("band"),
            ProtectionKind::Exact => f.write_str("exact"),
            ProtectionKind::Above => f.write_str("above"),
            ProtectionKind::Width(width) => write!(f, "width={width}"),
            ProtectionKind::Percent(percent) => write!(f, "percent={percent}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each kind is shown as it is written.
    #[test]
    fn kinds() {
        for text in ["band", "exact", "above", "width=3", "percent=10"] {
            assert_eq!(text.parse::<ProtectionKind>().map(|k| k.to_string()).as_deref(), Ok(text));
        }
        assert_eq!(" width = 3".parse(), Ok(ProtectionKind::Width(3)));
    }

    /// What is no kind is refused, with what is allowed.
    #[test]
    fn no_kinds() {
        let error = |text: &str| text.parse::<ProtectionKind>().map_or_else(|e| e.to_string(), |k| k.to_string());
        let list = "`band`, `exact`, `above`, `width=3`, `percent=10`";
        assert_eq!(error("none"), format!("there is no protection `none` (allowed: {list})"));
        assert_eq!(error("band=2"), format!("there is no protection `band=2` (did you mean `band`? Allowed: {list})"));
        assert_eq!(error("width"), format!("there is no protection `width` (did you mean `width=3`? Allowed: {list})"));
        assert_eq!(error("width=0"), "`width` can't be `0` (allowed: a whole number from 1 to 1000000000)");
        assert_eq!(
            error("percent=0.1"),
            "`percent` can't be `0.1` (percentages are written as 10, not as 0.10; allowed: a whole number from 1 to 1000)"
        );
    }

    /// Each key changes its own field, and nothing else.
    #[test]
    fn knowledge() {
        let with = |text: &str| {
            let mut attacker = Attacker::default();
            attacker.set(text).map(|()| attacker)
        };
        let default = Attacker::default();
        assert_eq!(with("integers=false"), Ok(Attacker { integers: false, ..default }));
        assert_eq!(with("zeros-published = false"), Ok(Attacker { zeros_published: false, ..default }));
        assert_eq!(with("own-contribution=true"), Ok(Attacker { own_contribution: true, ..default }));
        assert_eq!(with("prior=25"), Ok(Attacker { prior: Some(25), ..default }));
        assert_eq!(with("coalition=2"), Ok(Attacker { coalition: 2, ..default }));
        for (text, expect) in [
            (
                "integer=false",
                "an attacker has no `integer` (did you mean `integers`? Allowed: `integers`, `zeros-published`, `prior`, `own-contribution`, `coalition`)",
            ),
            (
                "prior",
                "`prior` is not KEY=VALUE (KEY is one of integers, zeros-published, prior, own-contribution, coalition)",
            ),
            ("integers=yes", "`integers` can't be `yes` (allowed: `true`, `false`)"),
            ("coalition=0", "`coalition` can't be `0` (allowed: a whole number from 1 to 100)"),
            ("prior=-5", "`prior` can't be `-5` (allowed: a whole number from 1 to 1000)"),
        ] {
            assert_eq!(with(text).map_err(|e| e.to_string()), Err(expect.to_owned()), "{text}");
        }
    }
}
