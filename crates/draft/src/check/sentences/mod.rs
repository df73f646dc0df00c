//! Numbers in running text: small counts in whatever words, totals, and what sentences say of the cells of tables.
//!
//! - `tokens`, `vocabulary`: words, and what makes a number a count of persons or cases.
//! - `small`: a small number of persons or cases, said outright ("both victims"); `left`: left over ("ten of the 12").
//! - `compared`: a number that a comparison gives away ("half as many").
//! - `authors`: those who wrote the answer, who are no cases of it.
//! - `labelled`: a number beside a label of a table ("12 offences in South").
//! - `facts`: what such sentences say of cells, taken into what is known where the words leave no doubt, asked for where they do.
//! - `alone`: drafts without any table: whether their numbers count, and pairs that may be a whole and its part.

mod alone;
mod authors;
mod compared;
mod facts;
mod labelled;
mod left;
mod small;
mod tokens;
mod vocabulary;

pub(crate) use alone::{counts, pairs, rests};
pub(crate) use compared::is_difference;
pub(crate) use facts::{Fact, facts};
pub(crate) use labelled::Labels;
pub(crate) use left::below;
pub(crate) use small::{is_counted, is_other, small_numbers};
pub(crate) use tokens::{Token, names_things, tokens};

/// A small number in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// Number of the line; those of cells follow those of the text.
    pub line: usize,
    /// The words around it.
    pub words: String,
    /// The number.
    pub count: i64,
    /// Where it begins, in characters from 0.
    pub column: usize,
    /// What the words do: "tells a count of 3", "leaves a count of 2".
    pub how: &'static str,
}
