//! The files of tau-ARGUS: an office can try tabsafe on what it has, and take the results back.
//!
//! - `rda` reads and writes metadata; `micro` reads records with it, `tab` tables of cells.
//! - `tree` makes the hierarchy of a variable (`.hrc`, levels of digits, codes found); `recode` coarsens it.
//! - `build` turns records or cells into the tables, dimensions and groups that `link` makes a system of.
//! - `rules` reads safety rules, `apriori` what a person decided beforehand (`.hst`); `decide` applies both.
//! - `arb` reads a batch; `batch` turns it into jobs, without running anything.
//! - `output` writes tables in the formats of `<WRITETABLE>`: CSV, code-value, SBS, intermediate, JJ.
//!
//! Nothing here protects or judges: the pipeline does, by the same methods and the same attack as for every release.
//! SBS, intermediate and JJ files hold true values and are confidential.

pub mod apriori;
pub mod arb;
pub mod batch;
pub mod build;
pub mod decide;
mod micro;
pub mod output;
pub mod rda;
mod recode;
mod rules;
pub mod tab;
mod text;
mod tree;

/// The page of the manual.
pub const MANUAL: &str = include_str!("manual.md");
