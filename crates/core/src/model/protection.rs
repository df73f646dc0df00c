//! What is done about the unsafe cells, and what came of it.

use super::interval::Interval;
use super::system::CellId;

/// What happens to one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// Published as it is.
    Publish,
    /// Withheld: unsafe by a rule (`primary`) or needed to protect another cell.
    Withhold {
        /// Whether a rule calls it unsafe. Never told in a release.
        primary: bool,
    },
    /// Replaced by another value; an intruder who knows the method knows `preimage`.
    Replace {
        /// The published value.
        by: i64,
        /// Every true value that would have been replaced by it.
        preimage: Interval,
    },
    /// Shown by the sign of a withheld figure, which stands for these values.
    Band {
        /// Every true value for which the sign stands.
        within: Interval,
    },
    /// Not printed anywhere.
    Hide,
}

impl Treatment {
    /// Every true value that what is printed stands for, where a method says so.
    pub fn stands_for(self) -> Option<Interval> {
        match self {
            Treatment::Replace { preimage, .. } => Some(preimage),
            Treatment::Band { within } => Some(within),
            Treatment::Publish | Treatment::Withhold { .. } | Treatment::Hide => None,
        }
    }
}

/// How a pattern was chosen among those that hide enough.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// Nothing was chosen: figures were replaced, or the pattern was given.
    #[default]
    None,
    /// The cheapest that was found. The method is public: whoever has the program can repeat the choice for each table that
    /// fits, and rule out those that give another pattern.
    Cheapest,
    /// By a secret key, among nearly cheapest ones.
    Keyed {
        /// The key, if it was drawn for this run.
        drawn: Option<DrawnKey>,
        /// Whether every table that fits and that the policy promises could have given this pattern by some key.
        closed: bool,
        /// The loss of the cheapest pattern that was found without the key; `None` where none was looked for.
        cheapest: Option<i64>,
    },
}

impl Choice {
    /// What it means against an intruder who has the program; `None` where nothing was chosen.
    pub fn against_program(&self) -> Option<&'static str> {
        match self {
            Choice::None => None,
            Choice::Cheapest => Some(
                "the cheapest pattern, which is the same for everybody: an intruder who puts every table that fits through the \
                 program can rule out some of them, and is not kept out (a key does that)",
            ),
            Choice::Keyed { closed: true, .. } => Some(
                "by a key: an intruder who puts every table that fits through the program can rule out no value that is \
                 to remain possible",
            ),
            Choice::Keyed { closed: false, .. } => Some(
                "by a secret key: but whether an intruder who puts every table that fits through the program can rule out a \
                 value that is to remain possible was not settled",
            ),
        }
    }
}

/// A key that was drawn for one run, in hexadecimal: the confidential report keeps it. It shows itself nowhere else.
#[derive(Clone, PartialEq, Eq)]
pub struct DrawnKey(String);

impl DrawnKey {
    /// A key in hexadecimal.
    pub fn new(text: String) -> Self {
        DrawnKey(text)
    }

    /// The key, as a key file holds it. Confidential.
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// Shows that there is a key, and nothing of it.
impl std::fmt::Debug for DrawnKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DrawnKey(secret)")
    }
}

/// A treatment for every cell of a system, and how it was found.
#[derive(Clone, Debug)]
pub struct Protection {
    /// Per cell.
    pub treatments: Vec<Treatment>,
    /// Name of the method in its registry.
    pub method: &'static str,
    /// Information lost: the cost of the secondary suppressions.
    pub loss: i64,
    /// No pattern can lose less than this.
    pub bound: i64,
    /// Cells for which nothing could be done, with the reason.
    pub failed: Vec<(CellId, String)>,
    /// Whether a limit ended the search before it was complete.
    pub limit_reached: bool,
    /// Alternative tables that the method found, as differences to the truth. The attack checks each before it believes it.
    pub witnesses: Vec<Vec<(CellId, i64)>>,
    /// How it was chosen among those that hide enough.
    pub choice: Choice,
}

impl Protection {
    /// Whether the loss is proven to be the least possible.
    pub fn proven_optimal(&self) -> bool {
        self.loss == self.bound && self.failed.is_empty()
    }

    /// Whether a cell is withheld.
    pub fn is_withheld(&self, cell: CellId) -> bool {
        matches!(self.treatments[cell], Treatment::Withhold { .. })
    }
}

/// The answer to "may this go out?".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Yes: an attack found nothing that the policy hides.
    Safe,
    /// Yes, because somebody approved what was found.
    SafeWithExceptions,
    /// No.
    Unsafe,
    /// Not known: a limit ended the proof. Never released.
    Inconclusive,
}

impl Verdict {
    /// The word in reports and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Safe => "safe",
            Verdict::SafeWithExceptions => "safe-with-exceptions",
            Verdict::Unsafe => "unsafe",
            Verdict::Inconclusive => "inconclusive",
        }
    }
}
