//! What every safe pattern satisfies, as far as failed attempts have told.

use std::sync::Arc;

use crate::model::CellId;

use super::super::cuts::Cut;

/// Cuts that are kept.
const MOST_CUTS: usize = 20_000;
/// A cut is missed if its sum is smaller than its level by this.
const MISSED: f64 = 1e-6;

/// Cuts, and where each cell stands in them.
#[derive(Clone)]
pub(super) struct Known {
    cuts: Vec<Arc<Cut>>,
    /// Per cell, the cuts that it stands in.
    of: Vec<Vec<u32>>,
}

impl Known {
    /// Nothing about so many cells.
    pub fn new(cells: usize) -> Self {
        Known { cuts: Vec::new(), of: vec![Vec::new(); cells] }
    }

    /// The cuts, in the order in which they were learned.
    pub fn cuts(&self) -> &[Arc<Cut>] {
        &self.cuts
    }

    /// Remembers cuts, as long as there is room.
    pub fn learn(&mut self, cuts: impl IntoIterator<Item = Arc<Cut>>) {
        for cut in cuts.into_iter().take(MOST_CUTS.saturating_sub(self.cuts.len())) {
            cut.terms.iter().for_each(|t| self.of[t.0].push(self.cuts.len() as u32));
            self.cuts.push(cut);
        }
    }

    /// Whether a published cell is needed beside those that are withheld.
    pub fn needs(&self, cell: CellId, withheld: &[bool]) -> bool {
        let x = |c: CellId| f64::from(u8::from(withheld[c]));
        self.of[cell].iter().map(|&i| &self.cuts[i as usize]).any(|cut| cut.held(x) < cut.level - MISSED)
    }
}
