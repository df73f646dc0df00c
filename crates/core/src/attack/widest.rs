//! The second look, where an attack knew some of the tables that there could be and not all: what it met is met, but what it
//! did not meet is a leak only if it can't be met by the relations that every table satisfies. Otherwise it is open.

use std::collections::BTreeSet;

use crate::model::{CellId, Demand, Interval, Want};

use super::reduce::{Rounding, reduce};
use super::{Attack, Audit, Contradiction, Public};

impl Attack<'_> {
    /// Keeps of the leaks of an audit those that hold for every table, and leaves the others open. Intervals become what is
    /// possible at least.
    ///
    /// # Errors
    /// When no values at all fit what is public.
    pub fn confirm(
        &self,
        widest: &Public,
        demands: &[Demand],
        truth: &[i64],
        audit: &mut Audit,
    ) -> Result<(), Contradiction> {
        let outer = reduce(widest, Rounding::of(self.whole))?.domain;
        for cell in &mut audit.cells {
            cell.exact = false;
            cell.outer = outer.get(cell.cell).copied().unwrap_or(Interval::ALL);
        }
        if audit.leaks.is_empty() {
            return Ok(());
        }
        let leaking: BTreeSet<CellId> = audit.leaks.iter().map(|l| l.cell).collect();
        let asked: Vec<Demand> = demands.iter().filter(|d| leaking.contains(&d.cell)).cloned().collect();
        let cells: Vec<CellId> = leaking.iter().copied().collect();
        let attack = Attack { hints: &[], insiders: None, ..*self };
        audit.leaks = attack.run(widest, &asked, &cells, Some(truth))?.leaks;
        let sure: BTreeSet<CellId> = audit.leaks.iter().map(|l| l.cell).collect();
        let doubtful = leaking.difference(&sure).map(|&cell| Demand::on(cell, Want::Spread(1)));
        audit.open.extend(doubtful);
        audit.settle();
        Ok(())
    }
}
