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

use crate::attack::{
    Attack, Attacker, BlindAudit, BlindFindings, CellAudit, Contradiction, Judgement, Observation, Promise,
    ProtectionKind, Scope,
};
use crate::model::{CellId, Exposure, Interval, System, Verdict};
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
    /// Cells that the file does not hold and that give away what is to be hidden, or may do so.
    pub unprinted: Vec<(CellId, Vec<String>)>,
    /// How many cells of the tables the file does not hold.
    pub absent: usize,
    /// Variables that no line sums up.
    pub without_total: Vec<String>,
    /// What is left of the withheld cells, and of those that are not printed and leak.
    cells: Vec<CellAudit>,
    /// What was found.
    found: BlindFindings,
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
    /// Whether the file holds it.
    pub printed: bool,
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
    let mut seen: Vec<Option<Observation>> = vec![None; system.cells.len()];
    let mut lines: HashMap<CellId, u64> = HashMap::new();
    let mut withheld = Vec::new();
    for (cell, &id) in table.cells.iter().zip(&ids) {
        let own = observation(&cell.content, withheld_bounds);
        // a category that is all of its total is the same cell: what is known of the one is known of the other
        let both = seen[id].map_or(own, |other| together(other, own));
        if both.domain().is_empty() {
            return Err(additive::same_cell(table, lines.get(&id).copied().unwrap_or(0), cell));
        }
        seen[id] = Some(both);
        lines.entry(id).or_insert(cell.line);
        if cell.content.is_err() {
            withheld.push((id, cell.codes.clone()));
        }
    }
    let summed = |v: usize| table.cells.iter().any(|cell| cell.codes[v] == variables[v].total.code);
    let without_total: Vec<usize> = (0..variables.len()).filter(|&v| !summed(v)).collect();
    let absent = (0..seen.len()).filter(|&c| seen[c].is_none() && tables::expected(&system, c, &without_total)).count();
    // a cell that the file does not hold is not shown
    let unseen = seen.iter().enumerate().filter(|(_, s)| s.is_none());
    unseen.for_each(|(c, _)| system.cells[c].exposure = Exposure::Hidden);
    let follows = system.structure().follows(|c| seen[c].is_some());
    let not_shown = |judged: bool| Observation::NotShown { within: Interval::at_least(0), judged };
    let seen: Vec<Observation> = seen.into_iter().zip(follows).map(|(s, f)| s.unwrap_or(not_shown(f))).collect();
    additive::check(&system, &seen, &lines, table)?;
    let fault = |c: Contradiction| additive::contradiction(&system, c, &lines, table);
    let name = |c: CellId| system.words(c);
    let attack = Attack { whole: attacker.integers, blocks: &system.blocks, ..Attack::new(solver, &name) };
    let least = withheld_bounds.lo.unwrap_or(0);
    let audit = BlindAudit {
        attack: &attack,
        structure: system.structure(),
        seen: &seen,
        promise: Promise { band: threshold.map(|t| (1, t - 1)), kind: ProtectionKind::Band, least },
        scope: Scope::Everything,
        start: None,
    };
    let found = audit.run().map_err(fault)?;
    let doubtful: Vec<CellId> = found.judged.iter().filter(|j| *j.1 != Judgement::Protected).map(|j| *j.0).collect();
    let unprinted: Vec<(CellId, Vec<String>)> = (doubtful.iter())
        .filter(|&&c| matches!(seen[c], Observation::NotShown { .. }))
        .map(|&c| (c, tables::codes(&system, c, variables)))
        .collect();
    let targets: Vec<CellId> = withheld.iter().chain(&unprinted).map(|w| w.0).collect();
    let mut cells = audit.intervals(&found, &targets, attack.exact_cells).map_err(fault)?;
    let leaking: Vec<CellId> = doubtful.into_iter().take(SPELLED_OUT).collect();
    let ends = audit.intervals(&found, &leaking, usize::MAX).map_err(fault)?;
    let mut ends: HashMap<CellId, CellAudit> = ends.into_iter().map(|c| (c.cell, c)).collect();
    cells.iter_mut().for_each(|c| *c = ends.remove(&c.cell).unwrap_or_else(|| c.clone()));
    let whole = attacker.integers;
    let without_total = without_total.into_iter().map(|v| variables[v].name.clone()).collect();
    let averaged = BTreeMap::new();
    Ok(PublishedAudit { without_total, unprinted, cells, found, withheld, absent, whole, system, averaged, lines: ids })
}

/// What a reader sees in one line.
fn observation(content: &Result<i64, Meaning>, withheld: Interval) -> Observation {
    match *content {
        Ok(value) => Observation::Printed(value),
        Err(Meaning::StandsFor(bounds)) => Observation::Replaced { stands_for: bounds, within: bounds },
        Err(Meaning::Within(bounds)) => Observation::Withheld(bounds),
        Err(Meaning::Withheld | Meaning::RoundsToZero) => Observation::Withheld(withheld),
        Err(_) => Observation::Withheld(Interval::at_least(0)),
    }
}

/// What two lines say of one cell.
fn together(first: Observation, second: Observation) -> Observation {
    let within = first.domain().meet(second.domain());
    match (first, second) {
        (Observation::Printed(_), Observation::Printed(value)) if !within.is_empty() => Observation::Printed(value),
        (_, Observation::Replaced { stands_for, .. }) | (Observation::Replaced { stands_for, .. }, _) => {
            Observation::Replaced { stands_for, within }
        }
        _ => Observation::Withheld(within),
    }
}

/// Leaking cells whose intervals are worked out to their ends in large tables.
const SPELLED_OUT: usize = 400;

impl PublishedAudit {
    /// The judgement on every withheld cell, and on what the file does not hold and yet gives away.
    pub fn judged(&self) -> Vec<Judged<'_>> {
        let known: HashMap<CellId, &CellAudit> = self.cells.iter().map(|c| (c.cell, c)).collect();
        let unprinted = self.unprinted.iter().map(|u| (u, false));
        (self.withheld.iter().map(|w| (w, true)).chain(unprinted))
            .filter_map(|((id, codes), printed)| {
                let judged = self.found.judged.get(id).copied().unwrap_or(Judgement::Open);
                let cell = known.get(id).copied()?;
                let (protected, settled) = (judged == Judgement::Protected, judged != Judgement::Open);
                Some(Judged { codes, cell, protected, printed, settled })
            })
            .collect()
    }

    /// How an intruder gets to what he knows about some cells: the arithmetic in words.
    ///
    /// # Errors
    /// Values that contradict each other.
    pub fn derivations(&self, cells: &[CellId], solver: &dyn Solver) -> Result<BTreeMap<CellId, String>, Error> {
        let known: HashMap<CellId, Interval> = self.cells.iter().map(|c| (c.cell, c.interval)).collect();
        let known: Vec<(CellId, Interval)> = cells.iter().filter_map(|&c| Some((c, *known.get(&c)?))).collect();
        let name = |c: CellId| self.system.words(c);
        let attack = Attack { whole: self.whole, blocks: &self.system.blocks, ..Attack::new(solver, &name) };
        let told = self.found.derivations(&attack, &known);
        let mut told = told.map_err(|_| Error::internal("the same figures fit once and do not fit again"))?;
        told.extend(self.averaged.iter().map(|(cell, words)| (*cell, words.clone())));
        Ok(told)
    }
}
