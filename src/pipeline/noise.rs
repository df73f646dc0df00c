//! Noise in the pipeline: the secret key and the keys of records, contributions bounded before cells are made, and the
//! question whether noise can be averaged out.

use crate::attack::{Audit, Averaging, Leak};
use crate::model::{CellId, Demand, DrawnKey, Finding, Groups, Interval, Protection, Severity, System, Want};
use crate::perturb::{self, KeysFrom, Noise, Perturbed};
use crate::policy::{PerturbPlan, Plan, Policy};
use crate::secret::{Key, KeySource};
use crate::spec::Spec;
use crate::tabulate::{self, RecordKey};

use super::{Failure, Options};

/// Cells that are looked at between two looks at the clock.
const AT_ONCE: usize = 64;

/// The plan to perturb, if it is one.
pub(super) fn plan(policy: &Policy) -> Option<&PerturbPlan> {
    match &policy.plan {
        Plan::Perturb(plan) => Some(plan),
        Plan::Round(_) | Plan::Suppress(_) => None,
    }
}

/// The secret key of a method that draws, or of the choice of withheld cells, read before any data are. For the latter the
/// specification's own goes before the policy's.
///
/// # Errors
/// If it is not there.
pub(super) fn key(spec: &Spec, policy: &Policy) -> Result<Option<Key>, Failure> {
    let source = match &policy.plan {
        Plan::Perturb(plan) => plan.key.as_ref(),
        Plan::Round(plan) => plan.key.as_ref(),
        Plan::Suppress(plan) => spec.key.as_ref().or(plan.key.as_ref()),
    };
    Ok(source.map(KeySource::read).transpose()?)
}

/// The same; where cells are to be chosen by a key and nobody names one, one is drawn, and comes as text as well.
///
/// # Errors
/// If a key that is named is not there, or none can be drawn.
pub(super) fn key_or_drawn(spec: &Spec, policy: &Policy) -> Result<(Option<Key>, Option<DrawnKey>), Failure> {
    match (key(spec, policy)?, &policy.plan) {
        (None, Plan::Suppress(plan)) if plan.keyed => {
            let (key, text) = Key::draw_new()?;
            Ok((Some(key), Some(DrawnKey::new(text))))
        }
        (key, _) => Ok((key, None)),
    }
}

/// Where the keys of records come from.
pub(super) fn record_keys<'a>(policy: &Policy, key: Option<&'a Key>) -> Option<RecordKey<'a>> {
    if let Plan::Round(plan) = &policy.plan {
        return key.filter(|_| plan.method.fixed()).map(RecordKey::Hashed);
    }
    match (plan(policy)?.method.record_keys(), key) {
        (KeysFrom::Hashed, Some(key)) => Some(RecordKey::Hashed(key)),
        (KeysFrom::Column(perturb::table::KeyRange::Fraction), _) => Some(RecordKey::Fraction),
        (KeysFrom::Column(perturb::table::KeyRange::Below(n)), _) => Some(RecordKey::Below(n)),
        (KeysFrom::Hashed, None) | (KeysFrom::None, _) => None,
    }
}

/// What must hold of a specification before its records are read.
///
/// # Errors
/// Definitions that depend on the data, under a method that is differentially private.
pub(super) fn check(spec: &Spec, policy: &Policy) -> Result<(), Failure> {
    if plan(policy).is_some_and(|plan| plan.method.private()) {
        tabulate::stated(spec)?;
    }
    Ok(())
}

/// What a person should look at before noise is trusted.
pub(super) fn warnings(spec: &Spec, policy: &Policy) -> Vec<String> {
    let Some(plan) = plan(policy) else { return Vec::new() };
    let records = plan.method.private() && spec.input.person.is_none();
    let told = "no column names the persons (`person` of [input]), so differential privacy is for single records";
    records.then(|| told.to_owned()).into_iter().chain(plan.method.warnings()).collect()
}

/// Bounds the contributions of persons.
///
/// # Errors
/// If nothing says whose the records are.
pub(super) fn bound(policy: &Policy, groups: &mut Groups) -> Result<(), Failure> {
    if let Some(plan) = plan(policy) {
        plan.method.bound(groups)?;
    }
    Ok(())
}

/// Adds noise to every cell.
///
/// # Errors
/// What stops the method.
pub(super) fn perturb(
    plan: &PerturbPlan,
    system: &System,
    findings: &[Finding],
    key: Option<&Key>,
    release: &str,
) -> Result<Perturbed, Failure> {
    let mut unsafe_cells = vec![false; system.cells.len()];
    unsafe_of(findings).for_each(|c| unsafe_cells[c] = true);
    Ok(perturb::apply(&*plan.method, &perturb::Work { system, key, unsafe_cells: &unsafe_cells, release })?)
}

fn unsafe_of(findings: &[Finding]) -> impl Iterator<Item = CellId> + '_ {
    findings.iter().filter(|f| f.severity == Severity::Unsafe).map(|f| f.cell)
}

/// Adds to an audit the unsafe cells whose noise can be averaged out over the tables of the release.
pub(super) fn average(
    system: &System,
    findings: &[Finding],
    protection: &Protection,
    noise: &Noise,
    options: &Options,
    audit: &mut Audit,
) {
    let asked = |c: &CellId| noise.least[*c] > 0.0 && noise.variance[*c].is_finite();
    let mut cells: Vec<CellId> = unsafe_of(findings).filter(asked).collect();
    cells.sort_unstable();
    cells.dedup();
    let averaging = Averaging::new(&system.relations, &noise.variance);
    for some in cells.chunks(AT_ONCE) {
        if (options.time_left)().is_some_and(|left| left <= 0.0) {
            audit.open.extend(some.iter().map(|&c| Demand::on(c, Want::Spread(1))));
            continue;
        }
        for (&cell, variance) in some.iter().zip(averaging.variances(some)) {
            if variance < noise.least[cell] * (1.0 - 1e-9) {
                let told = in_words(system, cell, variance, noise.least[cell]);
                leak(protection, cell, told, audit);
            }
        }
    }
    audit.settle();
}

/// How near the best estimate comes, without a value.
pub(super) fn in_words(system: &System, cell: CellId, variance: f64, least: f64) -> String {
    let decimals = system.measures.get(system.cells[cell].measure).map_or(0, |m| m.decimals());
    let off = |v: f64| v.sqrt() / 10f64.powi(i32::try_from(decimals).unwrap_or(0));
    format!(
        "the noise averages out: the best estimate from all published figures together is off by {:.3} (one standard \
         deviation), less than the {:.3} that is asked for",
        off(variance),
        off(least)
    )
}

fn leak(protection: &Protection, cell: CellId, derivation: String, audit: &mut Audit) {
    if audit.leaks.iter().any(|l| l.cell == cell) {
        return;
    }
    let learned = match audit.cells.iter_mut().find(|c| c.cell == cell) {
        Some(found) => {
            found.protected = false;
            found.interval
        }
        None => protection.treatments[cell].stands_for().unwrap_or(Interval::ALL),
    };
    audit.leaks.push(Leak { cell, learned, derivation });
}
