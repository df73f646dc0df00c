//! What a release is still good for: how far what is published is from the truth. Confidential, as it follows from true
//! values.
//!
//! A withheld cell counts as if nothing were known of it: it differs by its whole value. So suppression, rounding and noise
//! can be compared on the same tables.

mod association;

use crate::model::{CellId, Exposure, Measure, System, Treatment};

/// How far what is published is from the truth, over all printed cells, each counted once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Utility {
    /// Printed cells.
    pub cells: usize,
    /// Cells of which another value is published than the true one.
    pub changed: usize,
    /// Cells of which no value is published.
    pub withheld: usize,
    /// Cells that are not zero and published as 0.
    pub false_zeros: usize,
    /// Mean absolute difference, in whole units; a withheld cell differs by its value.
    pub mean_difference: f64,
    /// Largest absolute difference.
    pub max_difference: f64,
    /// Hellinger distance: √(½ Σ (√published - √true)²).
    pub hellinger: f64,
    /// 1 - distance / √(Σ true): 1 is the truth (as in SmallCountRounding).
    pub hellinger_utility: f64,
    /// The largest change of Cramér's V in a table of two or more variables, over its first two; none without such a table.
    pub cramers_v: Option<Change>,
    /// Totals of which all parts are published as numbers.
    pub totals: usize,
    /// Those of them whose parts do not add up.
    pub not_additive: usize,
    /// The largest such error.
    pub max_not_additive: f64,
}

/// A measure of association, before and after.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Index of the table.
    pub table: usize,
    /// From the true values.
    pub before: f64,
    /// From what is published; withheld cells are 0.
    pub after: f64,
}

impl Utility {
    /// The utility of a system under some treatments, one per cell.
    pub fn new(system: &System, treatments: &[Treatment]) -> Utility {
        let printed = (0..system.cells.len()).filter(|&c| system.cells[c].exposure == Exposure::Shown);
        let mut utility = Utility::default();
        let (mut sum, mut squares, mut whole) = (0.0, 0.0, 0.0);
        for cell in printed {
            let value = system.value(cell);
            let shown = published(system, treatments, cell);
            let unit = unit(system, cell);
            utility.cells += 1;
            utility.withheld += usize::from(shown.is_none());
            utility.changed += usize::from(shown.is_some_and(|s| s != value));
            utility.false_zeros += usize::from(shown == Some(0) && value != 0);
            let (before, after) = (value as f64 / unit, shown.unwrap_or(0) as f64 / unit);
            let difference = (after - before).abs();
            sum += difference;
            utility.max_difference = utility.max_difference.max(difference);
            squares += (after.max(0.0).sqrt() - before.max(0.0).sqrt()).powi(2);
            whole += before.max(0.0);
        }
        if utility.cells > 0 {
            utility.mean_difference = sum / utility.cells as f64;
        }
        utility.hellinger = (squares / 2.0).sqrt();
        utility.hellinger_utility = if whole > 0.0 { 1.0 - utility.hellinger / whole.sqrt() } else { 1.0 };
        utility.cramers_v = association::largest_change(system, treatments);
        utility.add_up(system, treatments);
        utility
    }

    /// How many cells are not published as they are, of all.
    pub fn share_touched(&self) -> f64 {
        if self.cells == 0 { 0.0 } else { (self.changed + self.withheld) as f64 / self.cells as f64 }
    }

    fn add_up(&mut self, system: &System, treatments: &[Treatment]) {
        for relation in &system.relations {
            let terms: Option<Vec<i128>> = relation
                .terms
                .iter()
                .map(|&(c, k)| Some(i128::from(k) * i128::from(published(system, treatments, c)?)))
                .collect();
            let (Some(terms), Some(first)) = (terms, relation.terms.first()) else { continue };
            let error = terms.iter().sum::<i128>() - i128::from(relation.constant);
            self.totals += 1;
            self.not_additive += usize::from(error != 0);
            self.max_not_additive = self.max_not_additive.max(error.unsigned_abs() as f64 / unit(system, first.0));
        }
    }
}

/// The number that is published of a cell.
fn published(system: &System, treatments: &[Treatment], cell: CellId) -> Option<i64> {
    let shown = system.cells[cell].exposure == Exposure::Shown;
    match treatments.get(cell).filter(|_| shown)? {
        Treatment::Publish => Some(system.value(cell)),
        Treatment::Replace { by, .. } => Some(*by),
        Treatment::Withhold { .. } | Treatment::Band { .. } | Treatment::Hide => None,
    }
}

/// What one whole is in units of a cell's last decimal.
fn unit(system: &System, cell: CellId) -> f64 {
    let decimals = system.measures.get(system.cells[cell].measure).map_or(0, Measure::decimals);
    10f64.powi(i32::try_from(decimals).unwrap_or(0))
}

#[cfg(test)]
mod tests;
