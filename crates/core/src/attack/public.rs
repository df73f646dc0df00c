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

    /// The same by relations that every table satisfies, where some of the system's do not hold for all.
    pub fn widest_view(&self, system: &System, treatments: &[Treatment]) -> Option<Public> {
        let narrow = system.narrow.as_ref()?;
        let Public { domain, mut relations } = self.view(system, treatments);
        relations.drain(narrow.relations.clone());
        relations.extend(narrow.wide.iter().cloned());
        Some(Public { domain, relations })
    }

    /// Whether withholding a cell can hide it: not a zero, where zeros are known to be printed.
    pub fn can_be_withheld(&self, system: &System, cell: CellId) -> bool {
        !(self.prints_zeros(system, cell) && system.value(cell) == 0)
    }

    /// Whether a zero in this place is known to be printed. Where the intruder's prior bounds are given, they say which
    /// zeros he knows of.
    fn prints_zeros(&self, system: &System, cell: CellId) -> bool {
        let counted = !matches!(system.measures[system.cells[cell].measure], Measure::Sum { .. });
        counted && self.zeros_published && system.prior.is_empty()
    }

    /// What one cell could be under a treatment, before any arithmetic.
    pub fn domain(&self, system: &System, cell: CellId, treatment: Treatment) -> Interval {
        let value = system.value(cell);
        let counted = !matches!(system.measures[system.cells[cell].measure], Measure::Sum { .. });
        let shown = system.cells[cell].exposure == Exposure::Shown;
        match treatment {
            Treatment::Publish if shown => Interval::exactly(value),
            Treatment::Replace { preimage: range, .. } | Treatment::Band { within: range } => {
                range.meet(Interval::at_least(0))
            }
            Treatment::Withhold { .. } if shown && self.prints_zeros(system, cell) => Interval::at_least(1),
            Treatment::Publish | Treatment::Withhold { .. } | Treatment::Hide => {
                let guess = self.prior.filter(|_| !counted).map(|percent| around(value, percent));
                match (system.prior.get(cell), guess) {
                    // bounds of its own take the place of "not negative"
                    (Some(&known), guess) => known.meet(guess.unwrap_or(Interval::ALL)),
                    (None, Some(guess)) => guess.meet(Interval::at_least(0)),
                    (None, None) => Interval::at_least(0),
                }
            }
        }
    }
}

/// The whole numbers within `percent` of a value.
fn around(value: i64, percent: u32) -> Interval {
    let slack = i128::from(value.unsigned_abs()) * i128::from(percent) / 100;
    let slack = i64::try_from(slack).unwrap_or(i64::MAX);
    Interval::new(value.saturating_sub(slack), value.saturating_add(slack))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Cell, CellId};

    /// Two cells of this measure with the values 0 and -10, and bounds of their own if any are given.
    fn system(measure: Measure, prior: &[Interval]) -> System {
        let cell = |value| Cell {
            measure: 0,
            coords: Box::default(),
            value,
            persons: None,
            contributions: None,
            exposure: Exposure::Shown,
            places: vec![],
        };
        let cells = vec![cell(0), cell(-10)];
        System { measures: vec![measure], cells, prior: prior.to_vec(), ..System::default() }
    }

    /// Bounds that every intruder knows take the place of what he would assume otherwise, for cells that are not
    /// published; a zero with room may be withheld.
    #[test]
    fn prior_bounds() {
        let bounds = [Interval::new(0, 9), Interval::new(-40, -5)];
        let sum = Measure::Sum { column: String::new(), index: 0, decimals: 0 };
        let withheld = Treatment::Withhold { primary: false };
        let usual = Attacker::default();
        let guesses = Attacker { prior: Some(20), ..usual };
        for (measure, prior, attacker, expect) in [
            (Measure::Records, &[][..], usual, [Interval::at_least(1), Interval::at_least(1)]),
            (Measure::Records, &bounds[..], usual, bounds),
            (sum.clone(), &[][..], usual, [Interval::at_least(0), Interval::at_least(0)]),
            (sum.clone(), &bounds[..], usual, bounds),
            (sum, &bounds[..], guesses, [Interval::exactly(0), Interval::new(-12, -8)]),
        ] {
            let system = system(measure, prior);
            let domain = |cell: CellId, treatment| attacker.domain(&system, cell, treatment);
            assert_eq!([0, 1].map(|c| domain(c, withheld)), expect);
            assert_eq!([0, 1].map(|c| domain(c, Treatment::Publish)), [0, -10].map(Interval::exactly));
            let hides_zeros = !prior.is_empty() || matches!(system.measures[0], Measure::Sum { .. });
            assert_eq!(attacker.can_be_withheld(&system, 0), hides_zeros);
        }
    }
}
