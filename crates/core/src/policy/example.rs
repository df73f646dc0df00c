//! Small tables inside a policy, with what must come of them. `pipeline` runs them; here is what they say.

/// A table of one or two variables with what must come of it under the policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// What it shows.
    pub name: String,
    /// Where it stands, if it is taken from somewhere.
    pub source: Option<String>,
    /// Names of the variables: rows, columns.
    pub variables: [String; 2],
    /// Which of them are sensitive.
    pub sensitive: Vec<String>,
    /// What each inner cell holds, row by row.
    pub cells: Vec<Vec<Inner>>,
    /// The population of each row, where the example has one.
    pub population: Option<Vec<i64>>,
    /// What must come of each cell; with a row or column more, of the totals too. Empty where the release is refused.
    pub expect: Vec<Vec<Expected>>,
    /// Whether the release must be refused.
    pub refused: bool,
    /// `policies/police-foi.toml:12`.
    pub line: String,
}

/// What an inner cell holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inner {
    /// Records, and the different persons behind them (as many, unless it is said).
    Count {
        /// Records.
        records: i64,
        /// Different persons.
        persons: i64,
    },
    /// Contributions to a sum, one for each contributor.
    Contributions(Vec<i64>),
}

/// What must come of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// This number is printed.
    Number(i64),
    /// One of these numbers is printed.
    OneOf(Vec<i64>),
    /// It is withheld.
    Withheld,
    /// It is printed as it is.
    Shown,
    /// A rule calls it unsafe.
    Unsafe,
    /// No rule calls it unsafe.
    Safe,
    /// Anything.
    Anything,
}

impl Expected {
    /// The words that stand in a policy.
    pub const WORDS: [(&'static str, Expected); 5] = [
        ("withheld", Expected::Withheld),
        ("shown", Expected::Shown),
        ("unsafe", Expected::Unsafe),
        ("safe", Expected::Safe),
        ("?", Expected::Anything),
    ];
}

impl Example {
    /// The number of rows and columns.
    pub fn size(&self) -> (usize, usize) {
        (self.cells.len(), self.cells.first().map_or(0, Vec::len))
    }
}
