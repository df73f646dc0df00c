//! tabsafe makes tables of statistics about people safe to publish, and proves it.
//!
//! The stages and their order are in [`pipeline`]; the vocabulary is in [`model`]. See `ARCHITECTURE.md`.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

// The tests share a hand-made release that names the library from outside.
#[cfg(test)]
extern crate self as tabsafe;

pub use tabsafe_core::{
    attack, diag, link, model, parameter, perturb, policy, round, rules, secret, solve, suppress, text, utility,
    witness,
};
pub use tabsafe_draft::check;

pub mod argus;
pub mod draft;
pub mod pipeline;
pub mod read;
pub mod release;
pub mod spec;
pub mod tabulate;
pub mod write;

use tabsafe_draft::package;
