//! Policies as documents: those that ship, those at fault, those on top of others, and what is made from them.
//!
//! - `book`: the comparison, the reference and the schema in `docs`, made from the policies and the list of keys.
//! - `presets`: those that ship, each with its examples, its lint and a release under it.
//! - `broken`: a folder of policies, each with a fault and the message that it gets.

mod book;
mod broken;
mod presets;
