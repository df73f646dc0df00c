//! What may go out, and what stays with the reviewer.
//!
//! [`Release`] holds publishable values only. Its one constructor demands an audit that found nothing, and copies
//! what may be seen; a writer that holds a release has no way back to a withheld value. [`Report`] is the
//! confidential counterpart: true values, reasons, intervals and witnesses, for the person who signs.

mod build;
mod choice;
mod figure;
#[cfg(test)]
pub(crate) mod fixture;
mod header;
mod inert;
mod last;
mod losses;
mod report;
mod review;
mod since;
mod table;

pub use crate::policy::{Markers, vocabulary};
pub use build::{Refusal, Release};
pub use figure::Figure;
pub use header::{CellNote, Excused, Header, Terms};
pub use inert::{inert, is_formula, without_apostrophe};
pub use last::Last;
pub use report::{Facts, Report};
pub use review::{Case, Reason, Review, ReviewCell, ReviewLeak, ReviewTable, State, WitnessCell, Witnesses};
pub use since::{Change, ChangeKind, Changes, Earlier};
pub use table::{Published, ReleaseAxis, ReleaseEntry, ReleaseTable};
