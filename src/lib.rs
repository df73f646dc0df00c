//! tabsafe makes tables of statistics about people safe to publish, and proves it.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod attack;
pub mod diag;
pub mod model;
pub mod policy;
pub mod rules;
pub mod spec;
