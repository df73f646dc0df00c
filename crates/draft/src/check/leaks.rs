//! The attack on what a draft withholds or rounds: what is left of each figure, and whether that is little enough.

use crate::attack::{
    Attack, Attacker, BlindAudit, BlindLeak, Contradiction, Judgement, Observation, Promise, ProtectionKind, Scope,
};
use crate::model::CellId;
use crate::solve::Solver;

use super::bind::Bound;
use super::knowledge::Knowledge;

/// What came of the attack.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attacked {
    /// What a reader learns of figures that are not printed as they are.
    pub leaks: Vec<BlindLeak>,
    /// Cells that a limit left open.
    pub open: Vec<CellId>,
    /// A table that fits everything printed.
    pub base: Option<Vec<i64>>,
}

/// How a draft is attacked.
#[derive(Clone, Copy)]
pub(crate) struct Intruder<'a> {
    /// What he knows.
    pub attacker: Attacker,
    /// When a withheld figure counts as protected.
    pub protection: ProtectionKind,
    /// Counts from 1 (or 0) to this are to be hidden.
    pub band: Option<(i64, i64)>,
    /// Who solves programs.
    pub solver: &'a dyn Solver,
}

impl Intruder<'_> {
    /// Attacks everything that is known.
    ///
    /// # Errors
    /// When no values at all fit.
    pub fn attack(&self, bound: &Bound, known: &Knowledge) -> Result<Attacked, Contradiction> {
        let name = |c: CellId| bound.system.words(c);
        let attack = Attack {
            whole: self.attacker.integers,
            blocks: &bound.system.blocks,
            exact_cells: usize::MAX,
            ..Attack::new(self.solver, &name)
        };
        let least = i64::from(self.attacker.zeros_published);
        let seen: Vec<Observation> = (0..bound.system.cells.len()).map(|c| known.observation(bound, c)).collect();
        let audit = BlindAudit {
            attack: &attack,
            structure: bound.system.structure(),
            seen: &seen,
            promise: Promise { band: self.band, kind: self.protection, least },
            scope: Scope::Everything,
            start: None,
        };
        let found = audit.run()?;
        let leaks = audit.leaks(&found, usize::MAX)?;
        Ok(Attacked { leaks, open: found.with(Judgement::Open), base: found.base })
    }
}

impl Knowledge {
    /// Whether a cell's figure is rounded and nowhere withheld altogether.
    pub fn rounded(&self, cell: CellId) -> bool {
        self.seen.get(cell).is_some_and(|s| s.rounded)
    }

    /// What a reader sees of a cell.
    fn observation(&self, bound: &Bound, cell: CellId) -> Observation {
        let domain = self.domain(cell);
        match (self.is_withheld(cell), self.rounded(cell), domain.value()) {
            (_, true, _) => Observation::Replaced { stands_for: domain, within: domain },
            (true, false, _) => Observation::Withheld(domain),
            (false, false, Some(value)) if self.is_printed(cell) => Observation::Printed(value),
            (false, false, _) => Observation::NotShown { within: domain, judged: self.is_implied(bound, cell) },
        }
    }
}
