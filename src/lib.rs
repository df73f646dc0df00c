//! tabsafe makes tables of statistics about people safe to publish, and proves it.
//!
//! The stages and their order are in [`pipeline`]; the vocabulary is in [`model`]. See `ARCHITECTURE.md`.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

// The tests share a hand-made release that names the library from outside.
#[cfg(test)]
extern crate self as tabsafe;

pub mod argus;
pub mod attack;
pub mod check;
pub mod diag;
pub mod draft;
pub mod link;
pub mod model;
mod package;
pub mod parameter;
pub mod perturb;
pub mod pipeline;
pub mod policy;
pub mod read;
pub mod release;
pub mod round;
pub mod rules;
pub mod secret;
pub mod solve;
pub mod spec;
pub mod suppress;
pub mod tabulate;
pub mod utility;
pub mod witness;
pub mod write;
