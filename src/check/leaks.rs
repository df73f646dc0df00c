//! The attack on what a draft withholds or rounds: what is left of each figure, and whether that is little enough.

use std::collections::HashMap;

use crate::attack::{Attack, Attacker, CellAudit, Contradiction, Judge, ProtectionKind, Public, least_known};
use crate::model::{CellId, Interval};
use crate::solve::Solver;

use super::bind::Bound;
use super::knowledge::Knowledge;

/// What an intruder learns of a figure that is not printed as it is.
#[derive(Clone, Debug)]
pub(crate) struct Leak {
    /// The cell.
    pub cell: CellId,
    /// What is left of its possible values.
    pub learned: Interval,
}

/// What came of the attack.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attacked {
    /// What he learns although it was withheld.
    pub leaks: Vec<Leak>,
    /// Cells that a limit left open.
    pub open: Vec<CellId>,
    /// A table that fits everything printed.
    pub base: Option<Vec<i64>>,
    /// What is left of every withheld figure.
    pub cells: HashMap<CellId, CellAudit>,
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
    /// Figures that are not withheld carry noise: each hides what it hides by itself.
    pub noise: bool,
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
        let base = attack.some_table(&known.public)?;
        let targets = known.targets(bound);
        if targets.is_empty() {
            return Ok(Attacked { base, ..Attacked::default() });
        }
        let (base_table, none) = (base.as_deref(), HashMap::new());
        let judge =
            Judge { attack: &attack, public: &known.public, base: base_table, told: &none, kind: self.protection };
        let withheld: Vec<CellId> =
            targets.iter().copied().filter(|&c| known.is_withheld(c) && !known.rounded(c)).collect();
        let least = least_known(&attack, &self.hidden(known), &withheld)?;
        let (protected, tables) = judge.all(&withheld, &least, self.band)?;
        let broken: Vec<CellId> = withheld.iter().copied().filter(|c| protected.get(c) == Some(&Some(false))).collect();
        let open: Vec<CellId> = withheld.iter().copied().filter(|c| protected.get(c) == Some(&None)).collect();
        let others = targets.iter().copied().filter(|c| !withheld.contains(c));
        let asked: Vec<CellId> = others.chain(broken.iter().copied()).collect();
        let hinted = Attack { hints: &tables, ..attack };
        let audit = hinted.run(&known.public, &[], &asked, base.as_deref())?;
        let cells: HashMap<CellId, CellAudit> = audit.cells.into_iter().map(|c| (c.cell, c)).collect();
        let mut attacked = Attacked { open, base, cells, ..Attacked::default() };
        for cell in asked {
            let Some(found) = attacked.cells.get(&cell) else { continue };
            let learned = found.interval;
            if broken.contains(&cell) || self.gives_away(known, cell, learned) {
                attacked.leaks.push(Leak { cell, learned });
            }
        }
        attacked.leaks.sort_by_key(|l| l.cell);
        Ok(attacked)
    }

    /// Everything but zeros withheld: what no withholding could hide.
    fn hidden(&self, known: &Knowledge) -> Public {
        let mut hidden = known.public.clone();
        let least = Interval::at_least(i64::from(self.attacker.zeros_published));
        for (domain, seen) in hidden.domain.iter_mut().zip(&known.seen) {
            if !seen.places.is_empty() && *domain != Interval::exactly(0) {
                *domain = least;
            }
        }
        hidden
    }

    /// Whether what is left of a rounded figure, or of one that no table prints, is less than what is to be hidden.
    fn gives_away(&self, known: &Knowledge, cell: CellId, learned: Interval) -> bool {
        let Some((lo, hi)) = self.band else { return false };
        let small = learned.meet(Interval::new(lo, hi));
        if small.is_empty() || learned.value() == Some(0) {
            return false;
        }
        if known.rounded(cell) {
            return learned != known.domain(cell) || (!self.noise && learned.meet(small) == learned);
        }
        // not printed: surely small, and less is left than the rule hides
        let surely = learned.lo.is_some_and(|l| l >= lo.max(1)) && learned.hi.is_some_and(|h| h <= hi);
        surely && small != Interval::new(lo, hi)
    }
}

impl Knowledge {
    /// Whether a cell's figure is rounded and nowhere withheld altogether.
    pub fn rounded(&self, cell: CellId) -> bool {
        self.seen.get(cell).is_some_and(|s| s.rounded)
    }
}
