//! Differential privacy for counts: what the mechanisms share.
//!
//! 1. Contributions are bounded (`bound`): of each person at most so many records count, chosen at random.
//! 2. The finest cells of each grid of tables are measured, each once: a record is in one of them per grid. Their noise
//!    comes from the library opendp, which also says what it costs (`noise`).
//! 3. The cost is written to the ledger before anything is drawn (`ledger`).
//! 4. All else is made from the noisy finest cells and costs nothing more: no count below 0, whole numbers, totals that are
//!    the sums of their parts, the same in every table (`consistent`).
//!
//! Nothing that is published depends on the true counts but through the noise. So categories must be stated beforehand, and
//! the attack has nothing to find: every count allows every published one.

mod bound;
mod consistent;
mod ledger;
mod noise;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use super::{Folder, KeysFrom, Noisy, PerturbError, Perturbation, PerturbationEntry, Work};
use crate::diag::Fault;
use crate::model::{CellId, Exposure, Groups, Interval, Measure};
use crate::parameter::{Allowed, Parameter, Values};

pub use consistent::consistent;
pub use ledger::Unit;
pub use noise::{Mechanism, draw};

/// How many records of a person count.
pub(super) const CONTRIBUTIONS: Parameter = Parameter {
    name: "contributions",
    meaning: "how many records of one person count; what is more is left out at random",
    allowed: Allowed::Whole { min: 1, max: 10_000 },
    default: Some("1"),
};

/// The file that adds up what is spent.
pub(super) const LEDGER: Parameter = Parameter {
    name: "ledger",
    meaning: "the file in which all releases from the same data write down what they spend, or `none`",
    allowed: Allowed::Text("a file, or `none`"),
    default: None,
};

/// What all releases together may spend.
pub(super) const LEDGER_LIMIT: Parameter = Parameter {
    name: "ledger-limit",
    meaning: "what all releases in the ledger may spend together",
    allowed: Allowed::Number { min: 0.0, max: 1000.0 },
    default: Some("0"),
};

/// Whether figures are made consistent.
pub(super) const CONSISTENT: Parameter = Parameter {
    name: "consistent",
    meaning: "whether figures are made whole, not negative and additive; otherwise sums of what was drawn are published",
    allowed: Allowed::Words(&["yes", "no"]),
    default: Some("yes"),
};

/// Counts under a privacy budget.
#[derive(Debug)]
pub(super) struct Private {
    entry: &'static PerturbationEntry,
    mechanism: Mechanism,
    /// The budget, in millionths.
    budget: i64,
    contributions: i64,
    ledger: Option<(PathBuf, i64)>,
    consistent: bool,
    spelt: Vec<(&'static str, String)>,
}

/// A number in millionths.
fn millionths(x: f64) -> i64 {
    (x * 1e6).round() as i64
}

/// The method; `budget` names the parameter that holds what a release spends.
pub(super) fn parse(
    entry: &'static PerturbationEntry,
    mechanism: Mechanism,
    budget: &'static str,
    values: &Values,
    folder: &Folder,
) -> Result<Private, Fault> {
    let limit = millionths(values.number("ledger-limit")?);
    let ledger = match (values.text("ledger")?, limit) {
        ("none", 0) => None,
        ("none", _) => {
            return Err(
                Fault::new("`ledger-limit` needs a ledger").help("write ledger = \"FILE\", or remove the limit")
            );
        }
        (_, 0) => {
            return Err(Fault::new("`ledger-limit` is missing")
                .help("write what all releases in the ledger may spend together: ledger-limit = 4"));
        }
        (file, _) => Some((folder.path(file), limit)),
    };
    Ok(Private {
        entry,
        mechanism,
        budget: millionths(values.number(budget)?),
        contributions: values.whole("contributions")?,
        ledger,
        consistent: values.word("consistent")? == "yes",
        spelt: entry.parameters.iter().map(|p| (p.name, values.spelt(p.name))).collect(),
    })
}

impl Perturbation for Private {
    fn entry(&self) -> &'static PerturbationEntry {
        self.entry
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        self.spelt.clone()
    }

    fn record_keys(&self) -> KeysFrom {
        KeysFrom::None
    }

    fn covers(&self, measure: &Measure) -> bool {
        *measure == Measure::Records
    }

    fn least_variance(&self, _value: i64) -> f64 {
        0.0
    }

    fn notice(&self, persons: bool) -> String {
        let budget = self.budget as f64 / 1e6;
        let whom = match (persons, self.contributions) {
            (false, _) => "single records are protected".to_owned(),
            (true, 1) => "at most 1 record of each person counts".to_owned(),
            (true, n) => format!("at most {n} records of each person count"),
        };
        let parts = match self.consistent {
            true => "",
            false => " Figures may be below 0, and parts need not add up to their totals.",
        };
        let unit = self.mechanism.unit().word();
        format!("Figures carry random noise (differential privacy, {unit} = {budget} for this release; {whom}).{parts}")
    }

    fn warnings(&self) -> Vec<String> {
        self.mechanism.in_other_words(self.budget as f64 / 1e6).into_iter().collect()
    }

    fn files(&self) -> Vec<PathBuf> {
        self.ledger.iter().map(|(path, _)| path.clone()).collect()
    }

    fn private(&self) -> bool {
        true
    }

    fn bound(&self, groups: &mut Groups) -> Result<(), PerturbError> {
        match groups.person {
            Some(_) => bound::bound(groups, self.contributions),
            None if self.contributions == 1 => Ok(()),
            None => Err(PerturbError::new(
                "nothing says whose the records are, so that the contributions of a person can't be bounded",
                "name the column of persons (`person` of [input]), or write contributions = 1 to protect single records",
            )),
        }
    }

    fn allows(&self, _shown: i64, _unit: i64) -> Vec<Interval> {
        vec![Interval::at_least(0)]
    }

    fn perturb(&self, work: &Work) -> Result<Vec<(CellId, Noisy)>, PerturbError> {
        let system = work.system;
        let grids = consistent::grids(system)?;
        let finest: Vec<Vec<CellId>> = grids.iter().map(consistent::Grid::finest).collect();
        let true_counts: Vec<i64> = finest.iter().flatten().map(|&c| system.value(c)).collect();
        if true_counts.is_empty() {
            return Ok(Vec::new());
        }
        let scale = self.mechanism.scale(self.contributions, grids.len(), self.budget as f64 / 1e6)?;
        if let Some((path, limit)) = &self.ledger {
            ledger::charge(path, self.mechanism.unit(), self.budget, *limit, work.release)?;
        }
        let mut drawn = draw(self.mechanism, scale, true_counts)?.into_iter();
        let noisy: Vec<Vec<i64>> = finest.iter().map(|cells| drawn.by_ref().take(cells.len()).collect()).collect();
        let values = if self.consistent { consistent(system, &noisy)? } else { consistent::as_drawn(system, &noisy)? };
        let shown = (0..system.cells.len()).filter(|&c| system.cells[c].exposure == Exposure::Shown);
        let cell = |c: CellId| {
            let by = values.get(c).copied().flatten().ok_or_else(|| {
                PerturbError::new("a cell is in no grid", "this is a fault of tabsafe: please report it")
            })?;
            Ok((c, Noisy { by: Some(by), allows: Interval::at_least(0), variance: f64::INFINITY }))
        };
        shown.map(cell).collect()
    }
}
