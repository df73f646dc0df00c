//! tabsafe makes tables of statistics about people safe to publish, and proves it.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

// The tests share a hand-made release that names the library from outside.
#[cfg(test)]
extern crate self as tabsafe;

pub mod attack;
pub mod diag;
pub mod model;
pub mod policy;
pub mod release;
pub mod rules;
pub mod spec;
pub mod write;
