//! The attacker: what he knows, and what it takes to keep a cell from him.

/// What an intruder knows beyond the published values and the relations between the cells.
///
/// The default is the one of the command line manual: counts are whole numbers and not negative; where zeros are
/// published a withheld count is at least 1; the policy is known, but not which withheld cells are primary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attacker {
    /// Counts are known to be whole numbers.
    pub integers: bool,
    /// Zeros are published, so a withheld count is at least 1.
    pub zeros_published: bool,
    /// For magnitudes: every value is known beforehand within this many percent. `None`: only that it is not negative.
    pub prior: Option<u32>,
    /// How many contributors join to attack the others (1: none).
    pub coalition: u32,
}

impl Default for Attacker {
    fn default() -> Self {
        Attacker { integers: true, zeros_published: true, prior: None, coalition: 1 }
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
