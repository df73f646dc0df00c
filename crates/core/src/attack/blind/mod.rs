//! The blind audit: what a reader sees, what he knows, and how the cells hang together; no true value. `audit` and `check`
//! judge by it what others made, `release` must pass it with what it is about to print.
//!
//! 1. An [`Observation`] per cell says what stands there, a [`Promise`] what the policy hides.
//! 2. `judge` asks of each cell whether what is left of its possible values is enough, by tables near a first one that fits.
//! 3. Cells that leak have their intervals worked out, and in words how a reader gets there.

mod cycles;
mod judge;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::model::{CellId, Demand, Interval, Structure, Want};
use crate::witness::Move;

use super::{Attack, CellAudit, Contradiction, ProtectionKind, Public};

/// What a reader sees of one cell, and the values that it can have by that alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observation {
    /// The true value.
    Printed(i64),
    /// A figure that stands for several values: rounded, or with noise.
    Replaced {
        /// What the method allows behind it.
        stands_for: Interval,
        /// What is known of the cell, other places of it included.
        within: Interval,
    },
    /// A sign that stands for these values, as legend and policy say.
    Withheld(Interval),
    /// Nothing.
    NotShown {
        /// What is known of it nevertheless.
        within: Interval,
        /// Whether it is judged: its number follows from others.
        judged: bool,
    },
}

impl Observation {
    /// What the cell can be by that alone.
    pub fn domain(self) -> Interval {
        match self {
            Observation::Printed(value) => Interval::exactly(value),
            Observation::Replaced { within, .. } | Observation::Withheld(within) => within,
            Observation::NotShown { within, .. } => within,
        }
    }

    /// Whether there is something to keep: it is judged.
    pub fn is_judged(self) -> bool {
        match self {
            Observation::Printed(_) => false,
            Observation::Replaced { .. } | Observation::Withheld(_) => true,
            Observation::NotShown { judged, .. } => judged,
        }
    }
}

/// What the policy promises of counts that are not printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    /// The counts that it hides, 1 to 4 for a threshold of 5; none where it hides no band.
    pub band: Option<(i64, i64)>,
    /// How much of them must remain possible.
    pub kind: ProtectionKind,
    /// The least that a withheld count can be: 1 where zeros are printed.
    pub least: i64,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Whatever is withheld or replaced: two values must remain in any case, and what could be a count that the policy hides
    /// is taken for one where it is rounded. For tables of which nobody knows how they came about.
    Everything,
    /// Cells that are surely counts that the policy hides: of the others it says nothing.
    SurelyHidden,
}

/// The judgement on one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// What is left of its possible values is enough.
    Protected,
    /// It is not.
    Leak,
    /// A limit ended the search.
    Open,
}

/// A cell of which a reader learns what the policy hides, or whose value he can work out.
#[derive(Clone, Debug)]
pub struct BlindLeak {
    /// The cell.
    pub cell: CellId,
    /// What is left of its possible values.
    pub learned: Interval,
    /// Whether every value left is one that the policy hides: the cell may as well be large otherwise.
    pub surely_hidden: bool,
}

/// An audit without the truth.
pub struct BlindAudit<'a> {
    /// How the attack is carried out. Hints are moves from a table that only those know who have the truth: none are taken.
    pub attack: &'a Attack<'a>,
    /// The cells and what binds them.
    pub structure: Structure<'a>,
    /// Per cell, what a reader sees.
    pub seen: &'a [Observation],
    /// What the policy hides.
    pub promise: Promise,
    /// What is asked.
    pub scope: Scope,
    /// A table to start from, from whoever knows one; else one is searched for.
    pub start: Option<Start<'a>>,
}

/// A table that may fit what is seen, and moves to others. All of it is checked, so that it saves searches and decides nothing.
#[derive(Clone, Copy, Debug)]
pub struct Start<'a> {
    /// The values of all cells.
    pub table: &'a [i64],
    /// Differences to others.
    pub moves: &'a [Move],
}

/// What came of a blind audit.
#[derive(Clone, Debug, Default)]
pub struct BlindFindings {
    /// The judgement on each cell that is not printed as it is.
    pub judged: BTreeMap<CellId, Judgement>,
    /// A table that fits everything that is seen, if one was found.
    pub base: Option<Vec<i64>>,
    /// Other tables, as moves from that one.
    pub tables: Vec<Move>,
    /// What a reader has to work with.
    pub public: Public,
}

impl BlindFindings {
    /// The cells of a judgement, in rising order.
    pub fn with(&self, judgement: Judgement) -> Vec<CellId> {
        self.judged.iter().filter(|j| *j.1 == judgement).map(|j| *j.0).collect()
    }
}

impl BlindAudit<'_> {
    /// Judges every cell that is not printed as it is.
    ///
    /// # Errors
    /// When no values at all fit what is seen.
    pub fn run(&self) -> Result<BlindFindings, Contradiction> {
        let public = Public {
            domain: self.seen.iter().map(|s| s.domain()).collect(),
            relations: self.structure.relations().to_vec(),
        };
        let attack = Attack { hints: &[], insiders: None, ..*self.attack };
        let fits = |t: &[i64]| {
            let within = public.domain.iter().zip(t).all(|(d, &v)| d.contains(v));
            within && t.len() == public.domain.len() && public.relations.iter().all(|r| r.holds(|c| t[c]))
        };
        let base = match self.start.map(|s| s.table).filter(|t| fits(t)) {
            Some(table) => Some(table.to_vec()),
            None => attack.some_table(&public)?,
        };
        let (judged, tables) = judge::Judge::new(self, &attack, &public, base.as_deref()).all()?;
        Ok(BlindFindings { judged, base, tables, public })
    }

    /// What is left of some cells. Beyond `exact_cells` in a component an interval is what the tables show at least.
    ///
    /// # Errors
    /// When no values at all fit what is seen.
    pub fn intervals(
        &self,
        found: &BlindFindings,
        cells: &[CellId],
        exact_cells: usize,
    ) -> Result<Vec<CellAudit>, Contradiction> {
        if cells.is_empty() {
            return Ok(Vec::new());
        }
        let attack = Attack { hints: &found.tables, insiders: None, exact_cells, ..*self.attack };
        Ok(attack.run(&found.public, &[], cells, found.base.as_deref())?.cells)
    }

    /// Cells that leak, with what is learned: of at most `most` the ends are worked out.
    ///
    /// # Errors
    /// When no values at all fit what is seen.
    pub fn leaks(&self, found: &BlindFindings, most: usize) -> Result<Vec<BlindLeak>, Contradiction> {
        let mut cells = found.with(Judgement::Leak);
        cells.truncate(most);
        let known = self.intervals(found, &cells, usize::MAX)?;
        let leak = |c: CellAudit| BlindLeak {
            cell: c.cell,
            learned: c.interval,
            surely_hidden: c.exact && self.surely_hidden(c.cell, c.interval),
        };
        Ok(known.into_iter().map(leak).collect())
    }

    /// Whether every value that is left of a cell is one that the policy hides.
    fn surely_hidden(&self, cell: CellId, learned: Interval) -> bool {
        let Some((lo, hi)) = self.promise.band.filter(|_| self.structure.counts(cell)) else { return false };
        learned.lo.is_some_and(|l| l >= lo) && learned.hi.is_some_and(|h| h <= hi)
    }
}

impl BlindFindings {
    /// How a reader gets to what he knows about some cells: the arithmetic in words. `known` says what that is.
    ///
    /// # Errors
    /// When no values at all fit what is seen.
    pub fn derivations(
        &self,
        attack: &Attack,
        known: &[(CellId, Interval)],
    ) -> Result<BTreeMap<CellId, String>, Contradiction> {
        // what is asked for is impossible: the attack then says why
        let beyond = |&(cell, interval): &(CellId, Interval)| {
            let want = Want::Within(Interval::at_least(interval.hi?.checked_add(1)?));
            Some(Demand::on(cell, want))
        };
        let demands: Vec<Demand> = known.iter().filter_map(beyond).collect();
        let cells: Vec<CellId> = known.iter().map(|k| k.0).collect();
        let attack = Attack { hints: &[], insiders: None, exact_cells: usize::MAX, ..*attack };
        let audit = attack.run(&self.public, &demands, &cells, self.base.as_deref())?;
        Ok(audit.leaks.into_iter().map(|leak| (leak.cell, leak.derivation)).collect())
    }
}
