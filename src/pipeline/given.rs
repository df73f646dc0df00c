//! Cells that come with findings of their own: a batch of tau-ARGUS. Protect, attack and release as for every other.

use std::collections::BTreeSet;

use super::sums::{WithSums, count_unexamined, protect_sums};
use super::{Clock, Failure, Options, Outcome, Protected, attack, groups, not_hideable, relation_in_words};
use crate::attack::Contradiction;
use crate::link::Details;
use crate::model::{CellId, Choice, Finding, Groups, Protection, System};
use crate::policy::{Plan, Policy, SuppressPlan};
use crate::release::{Header, Release};
use crate::suppress::{Problem, suppress};

/// Cells, what is unsafe about them, and what is decided beforehand.
#[derive(Debug)]
pub struct Given {
    /// The cells and tables.
    pub system: System,
    /// What is unsafe.
    pub findings: Vec<Finding>,
    /// Attacker and method; its rules judge sums of withheld cells, and nothing else.
    pub policy: Policy,
    /// The records behind the cells and what rules need of them, where they are known: sums of withheld cells are judged by them.
    pub records: Option<(Groups, Details)>,
    /// Whether other cells may be withheld to protect the unsafe ones.
    pub secondary: bool,
    /// Cells that are published in any case.
    pub fixed: BTreeSet<CellId>,
    /// Cells that are withheld in any case.
    pub forced: BTreeSet<CellId>,
    /// Per cell, what withholding it costs, where that is not what the policy says.
    pub costs: Option<Vec<i64>>,
    /// Title and provenance.
    pub header: Header,
    /// What a person should know.
    pub warnings: Vec<String>,
}

/// Protects and attacks cells that come with findings.
///
/// # Errors
/// Values that contradict themselves.
pub fn protect_given(given: Given, options: &Options) -> Result<Outcome, Failure> {
    let mut clock = Clock::new(options.progress, options.now);
    let limit = options.proof_limit();
    clock.stage("protect");
    let mut cells = Cells { given, options };
    let (protection, _) = protect_sums(&mut cells)?;
    let Given { system, findings, policy, mut header, mut warnings, .. } = cells.given;
    let contradiction = |c: Contradiction| Failure::Contradiction(relation_in_words(&system, c.relation));
    clock.stage("attack");
    let (mut audit, bare) = attack(&system, &findings, &policy, &protection, options, limit).map_err(contradiction)?;
    count_unexamined(&system, &policy, &mut audit, &mut header.notes, &mut warnings);
    clock.stage("release");
    let release = Release::new(&system, &protection, &audit, header.clone());
    let seconds = clock.finish();
    let confidential = not_hideable(bare).into_iter().collect();
    Ok(Outcome {
        system,
        findings,
        protection,
        audit,
        header,
        release,
        proof: None,
        warnings,
        confidential,
        seconds,
        cost_decimals: 0,
    })
}

/// Such cells, as they are protected.
struct Cells<'a> {
    given: Given,
    options: &'a Options<'a>,
}

impl WithSums for Cells<'_> {
    fn protect(&self) -> Result<Protected, Failure> {
        let given = &self.given;
        let contradiction = |c: Contradiction| Failure::Contradiction(relation_in_words(&given.system, c.relation));
        protect(given, self.options).map(|p| (p, None)).map_err(contradiction)
    }

    fn add_sums(&mut self, protection: &Protection) -> bool {
        let Given { system, findings, policy, records, secondary, .. } = &mut self.given;
        let Some((records, details)) = records.as_ref().filter(|_| *secondary) else { return false };
        let more = groups::sums(policy, system, records, *details, &protection.treatments);
        let any = !more.is_empty();
        findings.extend(more);
        any
    }

    fn system(&mut self) -> &mut System {
        &mut self.given.system
    }
}

fn protect(given: &Given, options: &Options) -> Result<Protection, Contradiction> {
    let plan = match &given.policy.plan {
        Plan::Suppress(plan) => plan.clone(),
        _ => SuppressPlan::default(),
    };
    let wishes = plan.wishes(None);
    let mut problem = Problem::new(
        &given.system,
        &given.findings,
        given.policy.protection,
        given.policy.attacker,
        wishes.model(),
        options.solver,
        options.time_left,
    )?;
    wishes.apply(&mut problem);
    // sums that were added are no cells that could be withheld, and cost nothing
    if let Some(own) = given.costs.as_ref().and_then(|c| Some((c, problem.cost.get_mut(..c.len())?))) {
        own.1.clone_from_slice(own.0);
    }
    let shown =
        |cell: CellId| problem.system.cells.get(cell).is_some_and(|c| c.exposure == crate::model::Exposure::Shown);
    let forced: Vec<CellId> = (given.forced.iter().copied())
        .filter(|&c| shown(c) && given.policy.attacker.can_be_withheld(&given.system, c))
        .collect();
    for &cell in &forced {
        problem.primary[cell] = true;
    }
    for (cell, (candidate, primary)) in problem.candidate.iter_mut().zip(&problem.primary).enumerate() {
        *candidate &= given.secondary && !primary && !given.fixed.contains(&cell);
    }
    if given.secondary {
        return suppress(&problem, &plan.method);
    }
    Ok(Protection {
        treatments: problem.treatments(&problem.primary),
        method: "none",
        loss: 0,
        bound: 0,
        failed: Vec::new(),
        limit_reached: false,
        witnesses: Vec::new(),
        choice: Choice::None,
    })
}
