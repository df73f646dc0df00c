//! Without the truth: whether what is left of the possible values of withheld cells is enough, without working out
//! every interval.
//!
//! What is asked are demands: two values, one at or above the threshold, else both ends of the band. Most are met by
//! tables near a first one; only the rest goes to programs.

use std::collections::HashMap;

use crate::model::{CellId, Demand, Interval, Want};
use crate::witness::Move;

use super::{Attack, CellAudit, Contradiction, Met, ProtectionKind, Public};

/// The least that each cell could be if everything but zeros were withheld (a total of two parts is at least 2). In large
/// components a bound from below, which asks for no less.
///
/// # Errors
/// When no values at all fit.
pub fn least_known(
    attack: &Attack,
    hidden: &Public,
    targets: &[CellId],
) -> Result<HashMap<CellId, i64>, Contradiction> {
    let audit = attack.run(hidden, &[], targets, None)?;
    let least = |c: &CellAudit| if c.exact { c.interval.lo } else { c.outer.lo };
    Ok(audit.cells.iter().map(|c| (c.cell, least(c).unwrap_or(0))).collect())
}

/// Asks whether what is left of the possible values is enough.
pub struct Judge<'a> {
    /// How the attack is carried out.
    pub attack: &'a Attack<'a>,
    /// What an intruder sees.
    pub public: &'a Public,
    /// A table that fits what is published, if one was found.
    pub base: Option<&'a [i64]>,
    /// What rounded cells stand for: of the band, only what the method leaves is asked for.
    pub told: &'a HashMap<CellId, Interval>,
    /// When a cell counts as protected. Percentages of values that nobody knows here are judged as the band is.
    pub kind: ProtectionKind,
}

impl Judge<'_> {
    /// The judgement on each cell (`None` where a limit ended the search), and the tables found on the way. `band` is what the
    /// rules hide (1 to 4, or 0 to 4 where zeros are unsafe); `None`: two values are enough.
    ///
    /// # Errors
    /// When no values at all fit.
    #[allow(clippy::type_complexity)] // two halves of one answer
    pub fn all(
        &self,
        cells: &[CellId],
        least: &HashMap<CellId, i64>,
        band: Option<(i64, i64)>,
    ) -> Result<(HashMap<CellId, Option<bool>>, Vec<Move>), Contradiction> {
        let mut tables = Vec::new();
        let spread = match self.kind {
            ProtectionKind::Width(width) => width.max(1),
            _ => 1,
        };
        let two = self.ask(cells, &mut tables, |_| Want::Spread(spread))?;
        let by_width = matches!(self.kind, ProtectionKind::Exact | ProtectionKind::Width(_));
        let Some((lowest, highest)) = band.filter(|_| !by_width) else {
            return Ok((cells.iter().copied().zip(two.into_iter().map(known)).collect(), tables));
        };
        let t = highest.saturating_add(1);
        // most cells are large in the first table, or have both ends of the band: only the rest is asked for more
        let small: Vec<CellId> = cells.iter().copied().filter(|&c| self.base.is_none_or(|b| b[c] < t)).collect();
        let told = |c: CellId| self.told.get(&c).copied().unwrap_or(Interval::ALL);
        let floor = |c: CellId| least.get(&c).copied().unwrap_or(0).max(lowest);
        let least = |c: CellId| floor(c).max(told(c).lo.unwrap_or(lowest));
        let most = |c: CellId| told(c).hi.map_or(t - 1, |hi| hi.min(t - 1));
        let low = self.ask(&small, &mut tables, |c| Want::Within(Interval::at_most(least(c))))?;
        let high = self.ask(&small, &mut tables, |c| Want::Within(Interval::at_least(most(c))))?;
        let ends = low.into_iter().zip(high).map(|(l, h)| both(known(l), known(h)));
        // a method that tells more than the band must not let it be known that the count is small at all
        let reveals = |c: CellId| told(c).hi.is_some_and(|hi| hi >= t) && told(c).lo.is_some_and(|lo| lo > floor(c));
        let ends = small.iter().zip(ends).map(|(&c, ends)| (c, if reveals(c) { Some(false) } else { ends }));
        let mut wide: HashMap<CellId, Option<bool>> = ends.collect();
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
