//! Relations between figures as hypotheses: confirmed (words say it, or arithmetic does at least twice without an
//! exception), possible (nothing printed excludes it), or excluded.
//!
//! Confirmed ones become part of the system, before the attack. For possible ones the attack is run with each of them and with
//! all together, on the part of the draft that they touch; if that gives a figure away, it is a question for the user,
//! with its consequence.

mod apply;
pub(crate) mod changes;
pub(crate) mod layers;
pub(crate) mod words;

pub(crate) use apply::take;
pub(crate) use changes::Change;
