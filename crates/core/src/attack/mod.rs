//! The attack: what an intruder can work out of a release, found independently of whatever protected it.
//!
//! 1. [`Attacker::view`] turns a system and its treatments into what the intruder sees, a [`Public`].
//! 2. [`demands`] says what must remain possible; `reduce` does the arithmetic that needs no solver.
//! 3. [`Attack::run`] looks for alternative tables (witnesses), checks each in whole numbers, and reports the
//!    interval of every withheld cell, the leaks with their derivation, and a verdict.
//!
//! Where nobody knows the truth, or nobody may use it, [`BlindAudit`] judges by what a reader sees.
//!
//! This room never imports the methods it audits.

mod attacker;
mod audit;
mod average;
mod blind;
mod demand;
mod derive;
mod exact;
mod fractions;
mod gapless;
mod idle;
mod insiders;
mod local;
mod part;
mod probe;
mod public;
mod reduce;
mod run;
mod walk;
mod widest;

pub use attacker::{Attacker, AttackerError, ProtectionKind};
pub use audit::{Audit, CellAudit, Leak, Witness};
pub use average::Averaging;
pub use blind::{BlindAudit, BlindFindings, BlindLeak, Judgement, Observation, Promise, Scope, Start};
pub use demand::{Seed, demands, exposed, given_up, hideable, seed_others, targets};
pub use insiders::Insiders;
pub use public::Public;
pub use reduce::Contradiction;
pub use reduce::tighten;
pub use run::{Attack, Met, Proof};
