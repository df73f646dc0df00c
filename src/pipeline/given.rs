//! Cells that come with findings of their own: a batch of tau-ARGUS. Protect, attack and release as for every other.

use std::collections::BTreeSet;

use super::{Clock, Failure, Options, Outcome, attack, not_hideable, relation_in_words};
use crate::attack::Contradiction;
use crate::model::{CellId, Choice, Finding, Protection, System};
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
    /// Attacker and method; its own rules are not asked.
    pub policy: Policy,
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
    let system = &given.system;
    let contradiction = |c: Contradiction| Failure::Contradiction(relation_in_words(system, c.relation));
    let limit = options.proof_limit();
    clock.stage("protect");
    let protection = protect(&given, options).map_err(contradiction)?;
    clock.stage("attack");
    let (audit, bare) =
        attack(system, &given.findings, &given.policy, &protection, options, limit).map_err(contradiction)?;
    clock.stage("release");
    let release = Release::new(system, &protection, &audit, given.header.clone());
    let seconds = clock.finish();
    let Given { system, findings, header, warnings, .. } = given;
    let confidential = not_hideable(bare).into_iter().collect();
    Ok(Outcome {
        system,
        findings,
        protection,
        audit,
        header,
        release,
        warnings,
        confidential,
        seconds,
        cost_decimals: 0,
    })
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
    if let Some(costs) = given.costs.as_ref().filter(|c| c.len() == problem.cost.len()) {
        problem.cost.clone_from(costs);
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
