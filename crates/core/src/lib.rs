//! What tabsafe is at heart: cells and the relations between them, rules, methods and the attack.
//!
//! No file format, no records and no terminal are known here. [`model`] is the vocabulary; a [`model::System`] is what every
//! other room works on. See `ARCHITECTURE.md`.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod attack;
pub mod diag;
pub mod link;
pub mod model;
pub mod parameter;
pub mod perturb;
pub mod policy;
pub mod round;
pub mod rules;
pub mod secret;
pub mod solve;
pub mod suppress;
pub mod text;
pub mod utility;
pub mod witness;
