//! The attack.
mod attacker;
pub use attacker::{Attacker, ProtectionKind};
