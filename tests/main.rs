//! Everything that is tested from outside the library, in one binary.
//!
//! - `tidy`: the rules of the house, read from the source tree.
//! - `random` makes small linked systems from seeds, `brute` knows all about them by enumeration.
//! - `oracle`: no release leaks, and what the attack says is what enumeration says.
//! - `optimum`: the exact method against exhaustive search.
//! - `properties`: what must not change a result, or only in one direction.
//! - `instances`: cell suppression instances in JJ format, with losses known from elsewhere.
//! - `examples`: attacks with answers known from elsewhere.
//! - `streams`: standard input and output, and what is left behind.

mod brute;
mod examples;
mod instances;
mod optimum;
mod oracle;
mod properties;
mod random;
mod streams;
mod tidy;
