#![doc = include_str!("manual.md")]

use super::PerturbationEntry;
use super::privacy::{self, CONSISTENT, CONTRIBUTIONS, LEDGER, LEDGER_LIMIT, Mechanism};
use crate::parameter::{Allowed, Parameter};

/// The entry in the registry.
pub(super) static ENTRY: PerturbationEntry = PerturbationEntry {
    name: "discrete-gaussian",
    summary: "Counts under differential privacy (zero-concentrated, rho), with discrete Gaussian noise drawn anew for each release.",
    parameters: &[
        Parameter {
            name: "rho",
            meaning: "what the release spends of the privacy budget",
            allowed: Allowed::Number { min: 0.0001, max: 20.0 },
            default: None,
        },
        CONTRIBUTIONS,
        LEDGER,
        LEDGER_LIMIT,
        CONSISTENT,
    ],
    manual: include_str!("manual.md"),
    parse: |values, folder| Ok(Box::new(privacy::parse(&ENTRY, Mechanism::Gaussian, "rho", values, folder)?)),
};
