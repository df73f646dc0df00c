//! Policies as documents: those that ship, those at fault, those on top of others, and what is made from them.
//!
//! - `broken`: a folder of policies, each with a fault and the message that it gets.

mod broken;
