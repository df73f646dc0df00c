//! Totals as the sums of their rounded parts.

use std::collections::HashMap;

use super::super::common::total_of;
use super::super::{RoundError, Work, protection};
use super::ENTRY;
use crate::model::{CellId, Exposure, Interval, Protection, Relation, Treatment};

/// Replaces each total whose parts are all printed by the sum of what stands in their place. What an intruder knows of such
/// a total is what he knows of its parts.
///
/// # Errors
/// If a total has several breakdowns and their sums differ: which of them should it be?
pub(super) fn totals(work: &Work, rounded: Protection) -> Result<Protection, RoundError> {
    let system = work.system;
    let shown = |c: CellId| system.cells[c].exposure == Exposure::Shown;
    let mut breakdowns: HashMap<CellId, Vec<&Relation>> = HashMap::new();
    for relation in &system.relations {
        if let Some(total) = total_of(relation)
            && relation.terms.iter().all(|t| shown(t.0))
        {
            breakdowns.entry(total).or_default().push(relation);
        }
    }
    let mut sums = Sums { breakdowns, treatments: rounded.treatments, done: vec![false; system.cells.len()] };
    for cell in 0..system.cells.len() {
        sums.settle(cell).map_err(|total| disagree(&system.words(total)))?;
    }
    Ok(protection(system, ENTRY.page, sums.treatments))
}

fn disagree(total: &str) -> RoundError {
    let message = format!("the total of {total} has several breakdowns whose rounded parts add up to different sums");
    RoundError::new(
        message,
        "write totals = \"truth\", or a method that keeps tables additive: method = \"controlled\"",
    )
}

struct Sums<'a> {
    breakdowns: HashMap<CellId, Vec<&'a Relation>>,
    treatments: Vec<Treatment>,
    done: Vec<bool>,
}

impl Sums<'_> {
    /// Sums up a cell, its parts first. A total that is part of itself does not occur: it would be its other parts and 0.
    fn settle(&mut self, cell: CellId) -> Result<(), CellId> {
        if std::mem::replace(&mut self.done[cell], true) {
            return Ok(());
        }
        let Some(relations) = self.breakdowns.remove(&cell) else { return Ok(()) };
        let mut found: Option<i64> = None;
        let mut known = Interval::ALL;
        for relation in relations {
            let (mut sum, mut range) = (0i64, Interval::exactly(0));
            for &(part, _) in relation.terms.iter().skip(1) {
                self.settle(part)?;
                if let Treatment::Replace { by, preimage } = self.treatments[part] {
                    sum = sum.saturating_add(by);
                    range = add(range, preimage);
                }
            }
            known = known.meet(range);
            if found.is_some_and(|other| other != sum) {
                return Err(cell);
            }
            found = Some(sum);
        }
        if let Some(by) = found {
            self.treatments[cell] = Treatment::Replace { by, preimage: known };
        }
        Ok(())
    }
}

/// The sums of a value of each.
fn add(a: Interval, b: Interval) -> Interval {
    let both = |x: Option<i64>, y: Option<i64>| x.zip(y).map(|(x, y)| x.saturating_add(y));
    Interval { lo: both(a.lo, b.lo), hi: both(a.hi, b.hi) }
}
