//! The audit of finished tables: no records, no truth, only what an intruder sees.
//!
//! `tables` finds which tables the file holds and makes a system of them; `additive` refuses figures that contradict
//! each other; the attack does the rest, and a cell is judged by what is left of its possible values.

mod additive;
mod average;
mod rounded;
mod tables;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use crate::attack::{Attack, Attacker, Audit, CellAudit, Contradiction, Judge, ProtectionKind, Public, least_known};
use crate::model::{CellId, Demand, Exposure, Interval, System, Verdict, Want};
use crate::read::{Error, Meaning, PublishedTable};
use crate::solve::Solver;
use crate::spec::Level;

pub use average::Spread;
pub use rounded::{Finest, Replacing, understand};

/// A variable of a published table.
#[derive(Clone, Debug)]
pub struct PublishedVariable {
    /// Its name.
    pub name: String,
    /// Its hierarchy, if it has one; else its codes are taken as they come.
    pub levels: Option<Vec<Level>>,
    /// Its code of totals.
    pub total: PublishedTotal,
}

/// A code of totals.
#[derive(Clone, Debug)]
pub struct PublishedTotal {
    /// The code.
    pub code: String,
    /// Whether nobody said so: then a code that only looks like a total's is refused.
    pub guessed: bool,
}

/// What an intruder can work out of published tables.
#[derive(Debug)]
pub struct PublishedAudit {
    /// The cells; their values are not known and stand at 0.
    pub system: System,
    /// Cells that are not published, each with its codes, in the order of the file.
    pub withheld: Vec<(CellId, Vec<String>)>,
    /// How many cells of the tables the file does not hold.
    pub absent: usize,
    /// Variables that no line sums up.
    pub without_total: Vec<String>,
    /// The result.
    pub audit: Audit,
    /// Per withheld cell, whether what is left of its possible values is enough; `None` if a limit ended the search.
    protected: HashMap<CellId, Option<bool>>,
    /// A table that fits what is published, if one was found.
    base: Option<Vec<i64>>,
    /// What an intruder sees.
    public: Public,
    whole: bool,
    /// Cells whose noise averages out, in words.
    averaged: BTreeMap<CellId, String>,
    /// The cell of each line of the file.
    lines: Vec<CellId>,
}

/// What is known about a withheld cell, and whether that is little enough.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// The code of each variable.
    pub codes: &'a [String],
    /// What an intruder knows.
    pub cell: &'a CellAudit,
    /// Whether it is protected.
    pub protected: bool,
    /// Whether that is known; a limit may have ended the search.
    settled: bool,
}

impl Judged<'_> {
    /// Whether its value can be worked out.
    pub fn worked_out(&self) -> bool {
        self.cell.exact && self.cell.bounds.single
    }

    /// Whether it is not known to be protected, and not known to leak either: more values may fit than were found.
    pub fn open(&self) -> bool {
        !self.settled
    }
}

/// The verdict on all cells.
pub fn verdict_of(judged: &[Judged]) -> Verdict {
    match (judged.iter().any(|j| !j.protected && !j.open()), judged.iter().any(Judged::open)) {
        (true, _) => Verdict::Unsafe,
        (false, true) => Verdict::Inconclusive,
        (false, false) => Verdict::Safe,
    }
}

/// Audits the tables of a file. Under a threshold a cell that is surely below it must leave every small count possible that
/// withholding could hide; in any case two values must remain. Magnitudes may be zero where they are withheld; counts may not, where zeros are published.
///
/// # Errors
/// Codes that the hierarchy does not have, a code of the total that never occurs, or values that contradict each other.
pub fn audit_published(
    variables: &[PublishedVariable],
    table: &PublishedTable,
    magnitude: bool,
    threshold: Option<i64>,
    attacker: Attacker,
    solver: &dyn Solver,
) -> Result<PublishedAudit, Error> {
    let mut system = tables::system(variables, table)?;
    tables::expect_total(variables, table)?;
    let ids = tables::locate(&system, variables, table)?;
    let withheld_bounds = Interval::at_least(i64::from(attacker.zeros_published && !magnitude));
    let mut domain: Vec<Option<Interval>> = vec![None; system.cells.len()];
    let mut lines: HashMap<CellId, u64> = HashMap::new();
    let mut withheld = Vec::new();
    let mut told: HashMap<CellId, Interval> = HashMap::new();
    for (cell, &id) in table.cells.iter().zip(&ids) {
        let own = match cell.content {
            Ok(value) => Interval::exactly(value),
            Err(Meaning::Within(bounds) | Meaning::StandsFor(bounds)) => bounds,
            Err(Meaning::Withheld | Meaning::RoundsToZero) => withheld_bounds,
            Err(_) => Interval::at_least(0),
        };
        // a category that is all of its total is the same cell: what is known of the one is known of the other
        let known = domain[id].map_or(own, |other| other.meet(own));
        if known.is_empty() {
            return Err(additive::same_cell(table, lines.get(&id).copied().unwrap_or(0), cell));
        }
        domain[id] = Some(known);
        lines.entry(id).or_insert(cell.line);
        if cell.content.is_err() {
            withheld.push((id, cell.codes.clone()));
        }
        if let Err(Meaning::StandsFor(bounds)) = cell.content {
            told.insert(id, bounds);
        }
    }
    let summed = |v: usize| table.cells.iter().any(|cell| cell.codes[v] == variables[v].total.code);
    let without_total: Vec<usize> = (0..variables.len()).filter(|&v| !summed(v)).collect();
    let absent =
        (0..domain.len()).filter(|&c| domain[c].is_none() && tables::expected(&system, c, &without_total)).count();
    // a cell that the file does not hold is not shown
    let unseen = domain.iter().enumerate().filter(|(_, d)| d.is_none());
    unseen.for_each(|(c, _)| system.cells[c].exposure = Exposure::Hidden);
    let public = Public {
        domain: domain.iter().map(|d| d.unwrap_or(Interval::at_least(0))).collect(),
        relations: system.relations.clone(),
    };
    additive::check(&system, &public, &lines, table)?;
    let fault = |c: Contradiction| additive::contradiction(&system, &public, c, &lines, table);
    let targets: Vec<CellId> = withheld.iter().map(|w| w.0).collect();
    let name = |c: CellId| system.words(c);
    let attack = Attack { whole: attacker.integers, blocks: &system.blocks, ..Attack::new(solver, &name) };
    let mut hidden = public.clone();
    for (cell, (domain, known)) in hidden.domain.iter_mut().zip(&domain).enumerate() {
        if known.is_some() && *domain != Interval::exactly(0) {
            // a rounded 0 may be one
            let zero = told.get(&cell).is_some_and(|t| t.contains(0));
            *domain = if zero { Interval::at_least(0) } else { withheld_bounds };
        }
    }
    let base = attack.some_table(&public).map_err(fault)?;
    let least = least_known(&attack, &hidden, &targets).map_err(fault)?;
    let kind = ProtectionKind::Band;
    let judge = Judge { attack: &attack, public: &public, base: base.as_deref(), told: &told, kind };
    let (protected, tables) = judge.all(&targets, &least, threshold.map(|t| (1, t - 1))).map_err(fault)?;
    let hints = Attack { hints: &tables, ..attack };
    let mut audit = hints.run(&public, &[], &targets, base.as_deref()).map_err(fault)?;
    let leaking: Vec<CellId> =
        targets.iter().copied().filter(|c| protected[c] != Some(true)).take(SPELLED_OUT).collect();
    if !leaking.is_empty() {
        let exact = Attack { exact_cells: usize::MAX, ..hints };
        let ends = exact.run(&public, &[], &leaking, base.as_deref()).map_err(fault)?;
        let mut ends: HashMap<CellId, CellAudit> = ends.cells.into_iter().map(|c| (c.cell, c)).collect();
        audit.cells.iter_mut().for_each(|c| *c = ends.remove(&c.cell).unwrap_or_else(|| c.clone()));
    }
    let whole = attacker.integers;
    let without_total = without_total.into_iter().map(|v| variables[v].name.clone()).collect();
    let averaged = BTreeMap::new();
    Ok(PublishedAudit {
        without_total,
        audit,
        protected,
        withheld,
        absent,
        base,
        public,
        whole,
        system,
        averaged,
        lines: ids,
    })
}

/// Leaking cells whose intervals are worked out to their ends in large tables.
const SPELLED_OUT: usize = 400;

impl PublishedAudit {
    /// The judgement on every withheld cell.
    pub fn judged(&self) -> Vec<Judged<'_>> {
        let known: HashMap<CellId, &CellAudit> = self.audit.cells.iter().map(|c| (c.cell, c)).collect();
        (self.withheld.iter())
            .filter_map(|(id, codes)| {
                let judged = self.protected.get(id).copied().flatten();
                let cell = known.get(id).copied()?;
                Some(Judged { codes, cell, protected: judged == Some(true), settled: judged.is_some() })
            })
            .collect()
    }

    /// How an intruder gets to what he knows about some cells: the arithmetic in words.
    ///
    /// # Errors
    /// Values that contradict each other.
    pub fn derivations(&self, cells: &[CellId], solver: &dyn Solver) -> Result<BTreeMap<CellId, String>, Error> {
        let known: HashMap<CellId, Interval> = self.audit.cells.iter().map(|c| (c.cell, c.interval)).collect();
        // What is asked for is impossible: the attack then says why.
        let beyond = |&cell: &CellId| {
            let hi = known.get(&cell)?.hi?;
            let want = Want::Within(Interval::at_least(hi.checked_add(1)?));
            Some(Demand::on(cell, want))
        };
        let demands: Vec<Demand> = cells.iter().filter_map(beyond).collect();
        let name = |c: CellId| self.system.words(c);
        let attack = Attack { whole: self.whole, blocks: &self.system.blocks, ..Attack::new(solver, &name) };
        let attack = Attack { exact_cells: usize::MAX, ..attack };
        let audit = attack.run(&self.public, &demands, cells, self.base.as_deref());
        let audit = audit.map_err(|_| Error::internal("the same figures fit once and do not fit again"))?;
        let mut told: BTreeMap<CellId, String> =
            audit.leaks.into_iter().map(|leak| (leak.cell, leak.derivation)).collect();
        told.extend(self.averaged.iter().map(|(cell, words)| (*cell, words.clone())));
        Ok(told)
    }
}
