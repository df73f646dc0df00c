//! A cell suppression instance in JJ format: no records and no rules, but cells, costs, levels and relations as given.
//!
//! 1. The file becomes a [`System`]: cells without coordinates that are printed, bounds that every intruder knows.
//! 2. Its primary cells become findings that ask for the levels of the file.
//! 3. A method chooses the secondary cells (to protect), or the statuses of the file say which they are (to audit).
//! 4. The attack decides, here as everywhere.

use std::path::Path;

use super::{Clock, Failure, Options, relation_in_words};
use crate::attack::{Attack, Attacker, Audit, Contradiction, ProtectionKind, demands};
use crate::model::{
    Cell, CellId, Choice, Exposure, Finding, Harm, Measure, Protection, Relation, Severity, System, Treatment, Verdict,
};
use crate::read::{Jj, JjCell, JjStatus, read_jj};
use crate::release::{Header, Markers, Terms};
use crate::solve::Effort;
use crate::suppress::{Problem, suppress};

/// The name of the rule that findings of an instance go by: its file gives them.
const GIVEN: &str = "given";

/// Everything that came of an instance.
#[derive(Debug)]
pub struct InstanceOutcome {
    /// The instance as read.
    pub jj: Jj,
    /// Its cells and relations.
    pub system: System,
    /// Its primary cells and their levels.
    pub findings: Vec<Finding>,
    /// What was done, or what the file says was done.
    pub protection: Protection,
    /// What an intruder can still work out about the primary cells.
    pub audit: Audit,
    /// Name and fingerprint of the file.
    pub header: Header,
    /// What a person should know.
    pub warnings: Vec<String>,
    /// Stages and the seconds they took.
    pub seconds: Vec<(String, f64)>,
}

impl InstanceOutcome {
    /// Whether the pattern may be used. A search that a limit ended did not show that there is no safe pattern.
    pub fn verdict(&self) -> Verdict {
        match self.audit.verdict {
            Verdict::Unsafe if self.protection.limit_reached => Verdict::Inconclusive,
            verdict => verdict,
        }
    }

    /// The file with the pattern, as text. It holds every true value.
    pub fn pattern(&self) -> Vec<u8> {
        let secondary = Some(&Treatment::Withhold { primary: false });
        self.jj.with_pattern(|cell| self.protection.treatments.get(cell) == secondary)
    }
}

/// What an intruder knows of an instance unless told otherwise: levels are amounts, not counts.
pub fn instance_attacker() -> Attacker {
    Attacker { integers: false, ..Attacker::default() }
}

/// Protects an instance. Secondary cells of its file may be published again.
///
/// # Errors
/// A file that is no JJ file, or contradicts itself.
pub fn protect_instance(
    path: &Path,
    attacker: Attacker,
    method: &str,
    options: &Options,
) -> Result<InstanceOutcome, Failure> {
    run(path, attacker, options, |given, system, findings| {
        let problem = problem(given, system, findings, attacker, options);
        suppress(&problem, method)
    })
}

/// Attacks the pattern that the statuses of an instance describe.
///
/// # Errors
/// As [`protect_instance`].
pub fn audit_instance(path: &Path, attacker: Attacker, options: &Options) -> Result<InstanceOutcome, Failure> {
    run(path, attacker, options, |given, _, _| {
        let secondary = given.cells.iter().filter(|c| c.status == JjStatus::Secondary);
        Ok(Protection {
            treatments: given.cells.iter().map(treatment).collect(),
            method: GIVEN,
            loss: secondary.map(|c| c.cost).fold(0, i64::saturating_add),
            bound: 0,
            failed: Vec::new(),
            limit_reached: false,
            witnesses: Vec::new(),
            choice: Choice::None,
        })
    })
}

fn run(
    path: &Path,
    attacker: Attacker,
    options: &Options,
    protect: impl FnOnce(&Jj, &System, &[Finding]) -> Result<Protection, Contradiction>,
) -> Result<InstanceOutcome, Failure> {
    let mut clock = Clock::new(options.progress, options.now);
    clock.stage("read");
    let jj = read_jj(path)?;
    let name = path.display().to_string();
    let system = system(&jj);
    let (findings, warnings) = findings(&jj, &name);
    let contradiction = |c: Contradiction| Failure::Contradiction(relation_in_words(&system, c.relation));
    let limit = options.proof_limit();
    clock.stage("protect");
    let protection = protect(&jj, &system, &findings).map_err(contradiction)?;
    clock.stage("attack");
    let audit = attack(&system, &findings, attacker, &protection, options, limit).map_err(contradiction)?;
    let header = bare_header(name, GIVEN, jj.fingerprint());
    let seconds = clock.finish();
    Ok(InstanceOutcome { jj, findings, protection, audit, header, warnings, seconds, system })
}

/// The cells and relations of an instance.
fn system(jj: &Jj) -> System {
    let cell = |c: &JjCell| Cell {
        measure: 0,
        coords: Box::default(),
        value: c.value,
        persons: None,
        contributions: None,
        exposure: if c.status == JjStatus::Hidden { Exposure::Hidden } else { Exposure::Shown },
        places: Vec::new(),
    };
    System {
        measures: vec![Measure::Sum { column: "value".to_owned(), index: 0, decimals: jj.decimals }],
        cells: jj.cells.iter().map(cell).collect(),
        relations: jj.relations.iter().map(total_first).collect(),
        prior: jj.cells.iter().map(|c| c.bounds).collect(),
        ..System::default()
    }
}

/// A relation as the rest of the program states it: the total first, with a negative coefficient. The total is the
/// term whose sign no other has.
fn total_first(relation: &Relation) -> Relation {
    let Relation { mut terms, mut constant } = relation.clone();
    let negative = terms.iter().filter(|t| t.1 < 0).count();
    if negative != 1 && terms.len() == negative + 1 {
        terms.iter_mut().for_each(|t| t.1 = -t.1);
        constant = -constant;
    }
    if let Some(total) = terms.iter().position(|t| t.1 < 0) {
        terms.swap(0, total);
    }
    Relation { terms, constant }
}

/// A finding for each primary cell, and what a person should know about them.
fn findings(jj: &Jj, name: &str) -> (Vec<Finding>, Vec<String>) {
    let mut findings = Vec::new();
    let mut beyond = 0;
    for (cell, c) in jj.cells.iter().enumerate().filter(|(_, c)| c.status == JjStatus::Primary) {
        let harm = levels(c);
        beyond += usize::from(harm != as_given(c));
        findings.push(Finding {
            cell,
            rule: GIVEN,
            reason: "the file calls it unsafe and gives its protection levels".to_owned(),
            harm,
            policy_line: format!("{name}:{}", c.line),
            severity: Severity::Unsafe,
        });
    }
    let warning = format!(
        "{beyond} cells have protection levels that reach beyond their bounds, which every intruder knows: they are protected up to the bounds"
    );
    (findings, if beyond > 0 { vec![warning] } else { Vec::new() })
}

fn as_given(cell: &JjCell) -> Harm {
    Harm::Levels { lower: cell.lower, upper: cell.upper, spread: cell.spread }
}

/// The levels of a cell as far as its bounds leave room for them. Where they leave none at all, nothing can hide the
/// cell, and it must fail.
fn levels(cell: &JjCell) -> Harm {
    let (Some(lo), Some(hi)) = (cell.bounds.lo, cell.bounds.hi) else { return as_given(cell) };
    let (down, up) = (cell.value.saturating_sub(lo), hi.saturating_sub(cell.value));
    let (lower, upper) = (cell.lower.min(down), cell.upper.min(up));
    let spread = cell.spread.min(hi.saturating_sub(lo));
    if (lower, upper, spread) == (0, 0, 0) { as_given(cell) } else { Harm::Levels { lower, upper, spread } }
}

/// What the status of a cell says was done with it.
fn treatment(cell: &JjCell) -> Treatment {
    match cell.status {
        JjStatus::Primary => Treatment::Withhold { primary: true },
        JjStatus::Secondary => Treatment::Withhold { primary: false },
        JjStatus::Publishable | JjStatus::Fixed => Treatment::Publish,
        JjStatus::Hidden => Treatment::Hide,
    }
}

/// The problem that the methods solve.
fn problem<'a>(
    jj: &Jj,
    system: &'a System,
    findings: &[Finding],
    attacker: Attacker,
    options: &'a Options,
) -> Problem<'a> {
    let is = |c: &JjCell, status: JjStatus| c.status == status;
    let free = |c: &JjCell| is(c, JjStatus::Publishable) || is(c, JjStatus::Secondary);
    let mut problem = Problem {
        system,
        attacker,
        kind: ProtectionKind::default(),
        bands: Vec::new(),
        demands: Vec::new(),
        seeds: Vec::new(),
        primary: jj.cells.iter().map(|c| is(c, JjStatus::Primary)).collect(),
        candidate: jj.cells.iter().map(free).collect(),
        cost: jj.cells.iter().map(|c| c.cost).collect(),
        kept: vec![false; jj.cells.len()],
        truth: jj.cells.iter().map(|c| c.value).collect(),
        solver: options.solver,
        effort: Effort::default(),
        time_left: options.time_left,
        progress: options.progress,
    };
    let treatments = problem.treatments(&problem.primary);
    problem.demands = demands(system, findings, ProtectionKind::default(), &attacker, &treatments);
    problem
}

/// The attack on all primary cells, which knows what was done and not how it was found.
fn attack(
    system: &System,
    findings: &[Finding],
    attacker: Attacker,
    protection: &Protection,
    options: &Options,
    limit: Option<f64>,
) -> Result<Audit, Contradiction> {
    let time_left = || limit.map(|at| at - (options.now)());
    let public = attacker.view(system, &protection.treatments);
    let asked = demands(system, findings, ProtectionKind::default(), &attacker, &protection.treatments);
    let targets: Vec<CellId> = findings.iter().map(|f| f.cell).collect();
    let truth: Vec<i64> = system.cells.iter().map(|c| c.value).collect();
    let name = |c: CellId| system.words(c);
    let attack = Attack {
        whole: attacker.integers,
        hints: &protection.witnesses,
        progress: options.progress,
        time_left: &time_left,
        ..Attack::new(options.solver, &name)
    };
    attack.run(&public, &asked, &targets, Some(&truth))
}

/// What stands around figures that no specification describes: a title, and whose rules they are.
pub fn bare_header(title: String, policy_id: &str, spec_fingerprint: String) -> Header {
    Header {
        title,
        reference: None,
        source: None,
        unit: String::new(),
        policy_id: policy_id.to_owned(),
        policy_version: String::new(),
        policy_fingerprint: String::new(),
        public_fingerprint: String::new(),
        spec_fingerprint,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        closing: Vec::new(),
        notes: Vec::new(),
        markers: Markers::default(),
        withheld_band: None,
        never_zero: false,
        rounding_base: None,
        replaced: None,
        noise: false,
        cell_notes: Vec::new(),
        terms: Terms::default(),
        answer: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The total of a relation comes first and negative, however the file states it; what has no total stays.
    #[test]
    fn totals() {
        let first = |terms: &[(CellId, i64)], constant| {
            let relation = total_first(&Relation { terms: terms.to_vec(), constant });
            (relation.terms, relation.constant)
        };
        assert_eq!(first(&[(0, 1), (1, 1), (2, -1)], 5), (vec![(2, -1), (1, 1), (0, 1)], 5));
        assert_eq!(first(&[(0, -1), (1, -1), (2, 1)], 5), (vec![(2, -1), (1, 1), (0, 1)], -5));
        assert_eq!(first(&[(0, 1), (1, -1)], 0), (vec![(1, -1), (0, 1)], 0));
        assert_eq!(first(&[(0, 1), (1, 1)], 3), (vec![(0, 1), (1, 1)], 3));
        assert_eq!(first(&[(0, 1)], 3), (vec![(0, -1)], -3));
        assert_eq!(first(&[(0, 1), (1, 1), (2, -1), (3, -1)], 0).0, [(2, -1), (1, 1), (0, 1), (3, -1)]);
    }

    /// Levels end at the bounds, which is told; a cell that the bounds leave no room keeps its levels, and fails.
    #[test]
    fn levels_within_bounds() {
        let of = |line: &str| {
            let jj = crate::read::parse_jj("a.jj", format!("0\n1\n{line}\n0\n").into_bytes()).expect("a JJ file");
            let (findings, warnings) = findings(&jj, "a.jj");
            (findings[0].harm, warnings.len())
        };
        let levels = |lower, upper, spread| Harm::Levels { lower, upper, spread };
        assert_eq!(of("0 5 5 u 0 10 5 5 10"), (levels(5, 5, 10), 0));
        assert_eq!(of("0 5 5 u 4 10 5 9 10"), (levels(1, 5, 6), 1));
        assert_eq!(of("0 0 0 u 0 0 1 1 0"), (levels(1, 1, 0), 0));
        assert_eq!(of("0 0 0 u 0 9 0 0 0"), (levels(0, 0, 0), 0));
    }
}
