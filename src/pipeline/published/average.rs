//! Whether noise of a published table averages out over all of its tables.

use crate::attack::{Averaging, Judgement};
use crate::model::{CellId, Interval};
use crate::perturb::Perturbation;
use crate::read::{Meaning, PublishedTable};

use super::super::noise::in_words;
use super::PublishedAudit;

/// The noise of each line of a file.
#[derive(Clone, Debug)]
pub struct Spread {
    /// The largest variance that the noise may have; 0 where the true figure stands, infinite where nobody can say.
    variance: Vec<f64>,
    /// The variance that must remain of the best estimate; 0 where nothing is asked.
    least: Vec<f64>,
}

impl Spread {
    /// What a method does to the figures of a table, as they stand in the file: before they are understood. Asked for are figures
    /// below the threshold.
    pub fn new(method: &dyn Perturbation, table: &PublishedTable, threshold: Option<i64>) -> Spread {
        let small = |shown: i64| threshold.is_some_and(|t| shown < t);
        let of = |content: &Result<i64, Meaning>| match content {
            Ok(_) => (0.0, 0.0),
            Err(Meaning::Replaced(shown)) if small(*shown) => (method.variance(*shown), method.least_variance(*shown)),
            Err(Meaning::Replaced(shown)) => (method.variance(*shown), 0.0),
            Err(_) => (f64::INFINITY, 0.0),
        };
        let (variance, least) = table.cells.iter().map(|cell| of(&cell.content)).unzip();
        Spread { variance, least }
    }
}

impl PublishedAudit {
    /// Takes cells for unprotected whose noise averages out. The variances are the largest that may be, so an estimate that is
    /// told is at least that good.
    pub fn average(&mut self, spread: &Spread) {
        let mut variance = vec![f64::INFINITY; self.system.cells.len()];
        let mut least = vec![0.0f64; self.system.cells.len()];
        for ((&cell, &v), &l) in self.lines.iter().zip(&spread.variance).zip(&spread.least) {
            variance[cell] = variance[cell].min(v);
            least[cell] = least[cell].max(l);
        }
        // only a count that may be one of somebody is asked for
        let somebody = |c: CellId| !self.found.public.domain[c].meet(Interval::at_least(1)).is_empty();
        let asked: Vec<CellId> = (0..variance.len())
            .filter(|&c| least[c] > 0.0 && variance[c].is_finite() && variance[c] > 0.0 && somebody(c))
            .filter(|c| self.found.judged.get(c) == Some(&Judgement::Protected))
            .collect();
        let found = Averaging::new(&self.found.public.relations, &variance).variances(&asked);
        for (cell, variance) in asked.into_iter().zip(found) {
            if variance < least[cell] * (1.0 - 1e-9) {
                self.averaged.insert(cell, in_words(&self.system, cell, variance, least[cell]));
                self.found.judged.insert(cell, Judgement::Leak);
            }
        }
    }
}
