//! Whether what is left of the possible values of withheld cells is enough, without working out every interval.
//!
//! What is asked are demands: two values, one at or above the threshold, else both ends of the band. Most are met by
//! tables near a first one; only the rest goes to programs.

use std::collections::HashMap;

use crate::attack::{Attack, CellAudit, Contradiction, Met, Public};
use crate::model::{CellId, Demand, Interval, Want};
use crate::witness::Move;

/// The least that each cell could be if everything but zeros were withheld (a total of two parts is at least 2). In large
/// components a bound from below, which asks for no less.
pub(super) fn least_known(
    attack: &Attack,
    hidden: &Public,
    targets: &[CellId],
) -> Result<HashMap<CellId, i64>, Contradiction> {
    let audit = attack.run(hidden, &[], targets, None)?;
    let least = |c: &CellAudit| if c.exact { c.interval.lo } else { c.outer.lo };
    Ok(audit.cells.iter().map(|c| (c.cell, least(c).unwrap_or(0))).collect())
}

/// Asks whether what is left of the possible values is enough.
pub(super) struct Judge<'a> {
    pub attack: &'a Attack<'a>,
    pub public: &'a Public,
    /// A table that fits what is published, if one was found.
    pub base: Option<&'a [i64]>,
}

impl Judge<'_> {
    /// The judgement on each cell, and the tables found on the way.
    #[allow(clippy::type_complexity)] // two halves of one answer
    pub fn all(
        &self,
        cells: &[CellId],
        least: &HashMap<CellId, i64>,
        threshold: Option<i64>,
    ) -> Result<(HashMap<CellId, Option<bool>>, Vec<Move>), Contradiction> {
        let mut tables = Vec::new();
        let two = self.ask(cells, &mut tables, |_| Want::Spread(1))?;
        let Some(t) = threshold else {
            return Ok((cells.iter().copied().zip(two.into_iter().map(known)).collect(), tables));
        };
        // most cells are large in the first table, or have both ends of the band: only the rest is asked for more
        let small: Vec<CellId> = cells.iter().copied().filter(|&c| self.base.is_none_or(|b| b[c] < t)).collect();
        let least = |c: CellId| least.get(&c).copied().unwrap_or(0).max(1);
        let low = self.ask(&small, &mut tables, |c| Want::Within(Interval::at_most(least(c))))?;
        let high = self.ask(&small, &mut tables, |_| Want::Within(Interval::at_least(t - 1)))?;
        let ends = low.into_iter().zip(high).map(|(l, h)| both(known(l), known(h)));
        let mut wide: HashMap<CellId, Option<bool>> = small.iter().copied().zip(ends).collect();
        let narrow: Vec<CellId> = small.into_iter().filter(|c| wide[c] != Some(true)).collect();
        let large = self.ask(&narrow, &mut tables, |_| Want::Within(Interval::at_least(t)))?;
        for (cell, large) in narrow.into_iter().zip(large) {
            match large {
                Met::Yes => drop(wide.insert(cell, Some(true))),
                // a cell that may be large after all is not judged by its band
                Met::Open if wide[&cell] == Some(false) => drop(wide.insert(cell, None)),
                Met::No | Met::Open => {}
            }
        }
        let wide = |c: CellId| wide.get(&c).copied().unwrap_or(Some(true));
        let judged = cells.iter().zip(two).map(|(&c, two)| (c, both(known(two), wide(c))));
        Ok((judged.collect(), tables))
    }

    fn ask(
        &self,
        cells: &[CellId],
        tables: &mut Vec<Move>,
        want: impl Fn(CellId) -> Want,
    ) -> Result<Vec<Met>, Contradiction> {
        let demands: Vec<Demand> = cells.iter().map(|&cell| Demand::on(cell, want(cell))).collect();
        let proofs = Attack { hints: tables, ..*self.attack }.prove(self.public, &demands, self.base)?;
        tables.extend(proofs.iter().flat_map(|p| p.tables.iter().map(|t| Move::clone(t))));
        tables.sort_unstable();
        tables.dedup();
        Ok(proofs.into_iter().map(|p| p.met).collect())
    }
}

/// What an answer says, unless a limit ended the search.
fn known(met: Met) -> Option<bool> {
    match met {
        Met::Yes => Some(true),
        Met::No => Some(false),
        Met::Open => None,
    }
}

fn both(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}
