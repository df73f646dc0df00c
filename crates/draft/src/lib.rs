//! Drafted answers as they come in files, and the check of them without records.
//!
//! [`draft`] reads a file into paragraphs and grids of text; [`check`] makes tables of them, links them, and asks what a reader
//! can work out. No records and no terminal are known here. See `ARCHITECTURE.md`.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

use tabsafe_core::{attack, diag, link, model, policy, round, rules, solve, suppress, text};

pub mod check;
pub mod draft;
pub mod package;
