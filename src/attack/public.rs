//! What an intruder sees: for each cell the values it could have, and the relations that hold.

use crate::model::{CellId, Exposure, Interval, Measure, Relation, System, Treatment};

use super::Attacker;

/// Everything an intruder has to work with. It holds no true value of a withheld cell.
#[derive(Clone, Debug, Default)]
pub struct Public {
    /// Per cell, what it could be before any arithmetic: one value where it is published.
    pub domain: Vec<Interval>,
    /// The relations between the cells.
    pub relations: Vec<Relation>,
}

impl Attacker {
    /// What this intruder sees of a system under these treatments (one per cell).
    pub fn view(&self, system: &System, treatments: &[Treatment]) -> Public {
        let domain = (0..system.cells.len()).map(|c| self.domain(system, c, treatments[c])).collect();
        Public { domain, relations: system.relations.clone() }
    }

    /// Whether withholding a cell can hide it: not a zero, where zeros are known to be printed.
    pub fn can_be_withheld(&self, system: &System, cell: CellId) -> bool {
        let counted = !matches!(system.measures[system.cells[cell].measure], Measure::Sum { .. });
        !(counted && self.zeros_published && system.value(cell) == 0)
    }

    /// What one cell could be under a treatment, before any arithmetic.
    pub fn domain(&self, system: &System, cell: CellId, treatment: Treatment) -> Interval {
        let value = system.value(cell);
        let counted = !matches!(system.measures[system.cells[cell].measure], Measure::Sum { .. });
        let shown = system.cells[cell].exposure == Exposure::Shown;
        match treatment {
            Treatment::Publish if shown => Interval::exactly(value),
            Treatment::Replace { preimage, .. } => preimage.meet(Interval::at_least(0)),
            Treatment::Withhold { .. } if shown && counted && self.zeros_published => Interval::at_least(1),
            Treatment::Publish | Treatment::Withhold { .. } | Treatment::Hide => match self.prior {
                Some(percent) if !counted => around(value, percent),
                _ => Interval::at_least(0),
            },
        }
    }
}

/// The whole numbers within `percent` of a non-negative value.
fn around(value: i64, percent: u32) -> Interval {
    let slack = i128::from(value) * i128::from(percent) / 100;
    let slack = i64::try_from(slack).unwrap_or(i64::MAX);
    Interval::new(value.saturating_sub(slack).max(0), value.saturating_add(slack))
}
