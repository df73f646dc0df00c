//! tabsafe makes tables of statistics about people safe to publish, and proves it.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

// The tests share a hand-made release that names the library from outside.
#[cfg(test)]
extern crate self as tabsafe;

pub mod attack;
pub mod diag;
pub mod link;
pub mod model;
pub mod policy;
pub mod read;
pub mod release;
pub mod rules;
pub mod solve;
pub mod spec;
pub mod suppress;
pub mod tabulate;
pub mod write;
