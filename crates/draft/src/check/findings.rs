//! What came of a check.

use crate::draft::Place;

use super::accept::{Accept, Accepted};
use super::codes::Code;
use super::layout::Layout;
use super::ledger::Ledger;
use super::question::Question;
use super::remedy::Remedy;
use super::steps::Step;

/// The answer to "may this go out?".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Yes: nothing was found that the policy does not allow.
    Safe,
    /// Yes, but for what a user accepted: see [`Outcome::accepted`].
    SafeWithExceptions,
    /// No.
    Unsafe,
    /// The draft contradicts itself, or a part of it was not understood.
    NotUnderstood,
    /// Something must be settled first: see [`Outcome::questions`].
    Question,
    /// A limit ended the attack before the proof.
    Inconclusive,
}

impl Verdict {
    /// The word in outputs.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Safe => "safe",
            Verdict::SafeWithExceptions => "safe-with-exceptions",
            Verdict::Unsafe => "unsafe",
            Verdict::NotUnderstood => "not-understood",
            Verdict::Question => "question",
            Verdict::Inconclusive => "inconclusive",
        }
    }
}

/// A cell of a table as typed, or a line of text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spot {
    /// Number of the table among [`Outcome::tables`]; `None` for text outside of tables.
    pub table: Option<usize>,
    /// Row and column of the table's rows as typed.
    pub at: Option<(usize, usize)>,
    /// The labels of the row.
    pub row: String,
    /// The labels of the column.
    pub column: String,
    /// Number of the file.
    pub file: usize,
    /// Where it stands in it.
    pub place: Place,
}

/// Something that is wrong with the draft. Names no more than the draft shows, or than follows from it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Its kind.
    pub code: &'static Code,
    /// Where: the first place is the one to look at, others show the same figure.
    pub spots: Vec<Spot>,
    /// What is wrong, in a sentence.
    pub reason: String,
    /// The arithmetic, step by step.
    pub steps: Vec<Step>,
    /// What to do next, where that is not what every finding of its kind asks for.
    pub help: Option<String>,
    /// The line of the policy that says so.
    pub policy: Option<String>,
}

/// A table as it was found.
#[derive(Clone, Debug, Default)]
pub struct TableSeen {
    /// What the author calls it.
    pub name: String,
    /// Number of its file.
    pub file: usize,
    /// Where it begins.
    pub place: Place,
    /// Rows of figures.
    pub rows: usize,
    /// Columns of figures.
    pub columns: usize,
    /// The tables that count the same cases, or cases of which these are a part.
    pub linked: Vec<String>,
    /// Its text, row by row as typed.
    pub typed: Vec<Vec<String>>,
}

/// What came of a check.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The answer.
    pub verdict: Verdict,
    /// The tables that were found.
    pub tables: Vec<TableSeen>,
    /// Everything that was assumed, in words.
    pub assumptions: Vec<String>,
    /// What was found, in the order of the draft.
    pub findings: Vec<Finding>,
    /// What was found and is accepted, with the reasons.
    pub accepted: Accepted,
    /// Acceptances of this run that fit nothing.
    pub unfit: Vec<Accept>,
    /// Everything that was asked, by number; answered ones included.
    pub questions: Vec<Question>,
    /// Every number of the draft by its role.
    pub ledger: Ledger,
    /// Short names in [`super::Answers`] that no question has.
    pub unasked: Vec<String>,
    /// What its figures were judged as, where that is not what they look like: figures with noise.
    pub judged_as: Option<String>,
    /// Whether a limit left something open.
    pub open: bool,
    /// What could be done, the remedy that loses least first; empty unless the draft is unsafe and remedies are asked for.
    pub remedies: Vec<Remedy>,
    /// How the draft was read, to be saved.
    pub layout: Layout,
    /// Figures that are withheld, rounded or ranges.
    pub withheld: usize,
}

impl Outcome {
    /// That of a check that a limit ended before anything was known.
    pub fn timed_out() -> Outcome {
        Outcome {
            verdict: Verdict::Inconclusive,
            tables: Vec::new(),
            assumptions: Vec::new(),
            findings: Vec::new(),
            accepted: Vec::new(),
            unfit: Vec::new(),
            questions: Vec::new(),
            ledger: Ledger::default(),
            unasked: Vec::new(),
            judged_as: None,
            open: true,
            remedies: Vec::new(),
            layout: Layout::default(),
            withheld: 0,
        }
    }

    /// The questions that nobody answered.
    pub fn open_questions(&self) -> impl Iterator<Item = &Question> {
        self.questions.iter().filter(|q| q.answer.is_none())
    }
}
