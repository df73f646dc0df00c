//! The attack.
mod attacker;
mod audit;
pub use attacker::{Attacker, AttackerError, ProtectionKind};
pub use audit::{Audit, CellAudit, Leak, Witness};
