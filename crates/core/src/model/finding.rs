//! What is wrong with a cell, why, and what its protection must achieve.

use super::interval::Interval;
use super::system::CellId;

/// One reason why a cell must not be published as it is. Data, never an error.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The cell.
    pub cell: CellId,
    /// Name of the rule in the registry (`threshold`).
    pub rule: &'static str,
    /// A sentence a reviewer can repeat to a colleague. Confidential: it may name the value.
    pub reason: String,
    /// What must stay hidden.
    pub harm: Harm,
    /// Where the policy says so: `policies/police-foi.toml:12`.
    pub policy_line: String,
    /// How much it matters.
    pub severity: Severity,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The cell must be protected.
    Unsafe,
    /// A person should look; nothing is withheld for it.
    Review,
}

/// What a rule wants hidden about a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harm {
    /// The value is one of a band of small counts, `1..=4` for a threshold of 5.
    Small {
        /// Smallest value of the band.
        lo: i64,
        /// Largest value of the band.
        hi: i64,
    },
    /// Few persons are behind a value of any size: it must stay uncertain by as much as the band is wide.
    FewPersons {
        /// How many values must stay possible.
        values: i64,
    },
    /// Somebody could estimate a contribution: the value must stay uncertain by these amounts.
    Levels {
        /// Lower protection level: a value of at most `value - lower` must stay possible.
        lower: i64,
        /// Upper protection level: a value of at least `value + upper` must stay possible.
        upper: i64,
        /// Sliding protection level: values this far apart must stay possible, wherever they lie; 0 asks nothing.
        spread: i64,
    },
    /// All but `k` of the records of `margin` are in the cell: `margin - cell > k` must stay possible.
    Group {
        /// The margin cell.
        margin: CellId,
        /// How many records outside the cell the rule still calls a disclosure.
        k: i64,
    },
}

/// What the attack must find possible for a cell to count as protected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// The linear form that is protected: mostly one cell with coefficient 1.
    pub form: Vec<(CellId, i64)>,
    /// What must remain possible.
    pub want: Want,
    /// The cell for whose sake it is asked.
    pub cell: CellId,
    /// Cells that the intruder of this demand knows beside what is published, in rising order: those behind which he, or a
    /// coalition he is in, stands alone. Empty for everybody else.
    pub knows: Vec<CellId>,
}

impl Demand {
    /// A demand on one cell, for an intruder from outside.
    pub fn on(cell: CellId, want: Want) -> Self {
        Demand { form: vec![(cell, 1)], want, cell, knows: Vec::new() }
    }
}

/// What must remain possible for a [`Demand`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// Some table puts the form within these bounds.
    Within(Interval),
    /// Two tables differ by at least this much in the form.
    Spread(i64),
}
