//! Groups that a reader can name and no table prints: which of them what is printed exposes at all.

use std::collections::BTreeSet;

use super::{Failure, Options, relation_in_words};
use crate::attack::{Attack, Contradiction, exposed};
use crate::model::{CellId, Exposure, Finding, Measure, System};
use crate::policy::Policy;

/// Drops what is found about groups of persons of which nothing can be learned even if every figure were printed: withholding
/// only leaves more possible. Their cells are hidden from then on.
///
/// # Errors
/// When no values at all fit.
pub(super) fn keep_exposed(
    policy: &Policy,
    system: &mut System,
    findings: Vec<Finding>,
    options: &Options,
) -> Result<Vec<Finding>, Failure> {
    let persons = |c: CellId| system.measures.get(system.cells[c].measure) == Some(&Measure::Persons);
    let group = |c: CellId| system.cells[c].exposure == Exposure::Implied && persons(c);
    let groups: BTreeSet<CellId> = (0..system.cells.len()).filter(|&c| group(c)).collect();
    if groups.is_empty() {
        return Ok(findings);
    }
    let name = |c: CellId| system.words(c);
    let attacker = &policy.attacker;
    let attack =
        Attack { whole: attacker.integers, time_left: options.time_left, ..Attack::new(options.solver, &name) };
    let exposed = exposed(&attack, system, attacker, policy.protection, (&findings, &groups));
    let exposed = exposed.map_err(|c: Contradiction| Failure::Contradiction(relation_in_words(system, c.relation)))?;
    let dropped: BTreeSet<CellId> = groups.difference(&exposed).copied().collect();
    for &cell in &dropped {
        system.cells[cell].exposure = Exposure::Hidden;
    }
    Ok(findings.into_iter().filter(|f| !dropped.contains(&f.cell)).collect())
}
