//! Policies as documents: those that ship, those at fault, those on top of others, and what is made from them.
//!
//! - `book`: the comparison, the reference and the schema in `docs`, made from the policies and the list of keys.
//! - `extended`: what a policy takes over from another, and what it must not loosen; `lint`: what is unwise.
//! - `releases`: exceptions, bans, legends and what is told after a run.
//! - `presets`: those that ship, each with its examples, its lint and a release under it.
//! - `broken`: a folder of policies, each with a fault and the message that it gets.

mod book;
mod broken;
mod extended;
mod lint;
mod presets;
mod releases;
