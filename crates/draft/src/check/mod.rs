//! `check`: may this drafted answer go out?
//!
//! There are no case records, only a text that somebody typed. What is done, in order:
//!
//! 1. `blocks`, `table`, `sides`, `tree`, `figures`: from grids of text to tables: headers, labels, totals. `lexicon` says
//!    what a cell's text is, `infer` what the arithmetic says about a sign that nobody declared.
//! 2. `variables`, `cases`, `bind`: which tables speak of the same variables and the same cases; all of them become one
//!    [`crate::model::System`].
//! 3. `knowledge`, `contradictions`: what a reader knows; a draft that contradicts itself is not judged.
//!    `hypotheses`: relations between figures, confirmed by words or arithmetic, or only possible.
//! 4. `leaks`, `unsafe_cells`, `text`: the rules of the policy on what is printed, the attack on what is not.
//! 5. `ledger`: every number of the draft has a role, or it is asked for (`question`).
//! 6. `steps`: how an intruder gets there, in words. `remedies`: what could be done, each proved by the same attack.
//!
//! What was assumed is told, and can be saved, edited and used again as a [`Layout`].

mod accept;
mod assumed;
mod bind;
mod blocks;
mod cases;
mod codes;
mod common;
mod contradictions;
mod driver;
mod figures;
mod findings;
mod flatten;
mod groups;
mod helps;
mod hidden;
mod hypotheses;
mod infer;
mod knowledge;
mod layout;
mod leaks;
mod ledger;
mod legend;
mod lexicon;
mod listed;
mod margins;
mod measures;
mod names;
mod noise;
mod numerals;
mod options;
mod output;
mod question;
mod rates;
mod ratio;
mod reading;
mod records;
mod remarks;
mod remedy;
mod reshape;
mod rewrite;
mod sentences;
mod shares;
mod sides;
mod spoken_shares;
mod steps;
mod stored;
mod table;
mod text;
mod text_totals;
mod tidy;
mod told;
mod tree;
mod typed;
mod unexplained;
mod unread;
mod unsafe_cells;
mod variables;
mod worded;
mod words;

pub use accept::{Accept, AcceptError, Accepted, places};
pub use codes::{CODES, Code};
pub use driver::check;
pub use findings::{Finding, Outcome, Spot, TableSeen, Verdict};
pub use layout::{Layout, LayoutAccept, LayoutAxis, LayoutRate, LayoutTable, Reply};
pub use ledger::{Ledger, NotJudged, ROLES, Role};
pub use options::Options;
pub use output::{DRAFT_WRITERS, DraftWriteError, DraftWriter};
pub use question::{Answers, MANUAL as QUESTIONS, Question};
pub use remedy::{Changed, Remedy};
pub use rewrite::{Cut, in_place};
pub use steps::Step;

/// A file of the draft.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// What the user calls it.
    pub name: String,
    /// What it holds.
    pub document: crate::draft::Document,
}
