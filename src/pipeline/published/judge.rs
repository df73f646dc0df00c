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
    /// What rounded cells stand for: of the band, only what the method leaves is asked for.
    pub told: &'a HashMap<CellId, Interval>,
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
        let large = self.ask(cells, &mut tables, |_| Want::Within(Interval::at_least(t)))?;
        let small: Vec<CellId> = cells.iter().zip(&large).filter(|(_, m)| **m != Met::Yes).map(|(&c, _)| c).collect();
        let told = |c: CellId| self.told.get(&c).copied().unwrap_or(Interval::ALL);
        let floor = |c: CellId| least.get(&c).copied().unwrap_or(0).max(1);
        let least = |c: CellId| floor(c).max(told(c).lo.unwrap_or(1));
        let most = |c: CellId| told(c).hi.map_or(t - 1, |hi| hi.min(t - 1));
        let low = self.ask(&small, &mut tables, |c| Want::Within(Interval::at_most(least(c))))?;
        let high = self.ask(&small, &mut tables, |c| Want::Within(Interval::at_least(most(c))))?;
        let ends = low.into_iter().zip(high).map(|(l, h)| both(known(l), known(h)));
        // a method that tells more than the band must not let it be known that the count is small at all
        let reveals = |c: CellId| told(c).hi.is_some_and(|hi| hi >= t) && told(c).lo.is_some_and(|lo| lo > floor(c));
        let ends = small.iter().zip(ends).map(|(&c, ends)| (c, if reveals(c) { Some(false) } else { ends }));
        let band: HashMap<CellId, Option<bool>> = ends.collect();
        let judged = cells.iter().zip(two.into_iter().zip(large)).map(|(&c, (two, large))| {
            let wide = if large == Met::Yes { Some(true) } else { both(band.get(&c).copied().flatten(), Some(true)) };
            // a cell that may be large after all is not judged by its band
            let wide = if large == Met::Open && wide == Some(false) { None } else { wide };
            (c, both(known(two), wide))
        });
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
