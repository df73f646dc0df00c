//! What a policy and a user wish for in the choice of cells: whether it can be had, and what came of it.

use super::{Failure, suppress_plan};
use crate::model::{Protection, System};
use crate::policy::{Cost, Keep, Policy, SuppressPlan};
use crate::read::Error;
use crate::release::Last;
use crate::spec::{KeepCells, MeasureSpec, Spec, TableSpec};
use crate::suppress::price::Wishes;

/// Whether what cells cost can be known.
///
/// # Errors
/// Costs by contributors, where nobody says whose the amounts of a sum are.
pub(super) fn known(spec: &Spec, policy: &Policy) -> Result<(), Failure> {
    let sums = spec.tables.iter().any(|t| matches!(t.measure, MeasureSpec::Sum { .. }));
    let named = spec.input.contributor.is_some() || spec.input.person.is_some();
    match suppress_plan(policy) {
        Some(plan) if plan.cost == Cost::Contributors && sums && !named => Err(Failure::Input(
            Error::usage("a withheld cell is to cost as many contributors as are behind it, but nothing says whose the amounts are")
                .with_help(format!(
                    "give {}: the column that names the contributor of each record; or choose another cost",
                    spec.input_key("contributor")
                )),
        )),
        _ => Ok(()),
    }
}

/// What a plan wishes for, the specification's own cells to be kept among it.
pub(super) fn all<'a>(plan: &'a SuppressPlan, keep: &'a [Keep], last: Option<&'a [bool]>) -> Wishes<'a> {
    Wishes { keep, ..plan.wishes(last) }
}

/// Cells to be kept: those of the policy, then those of the specification's tables.
pub(super) fn kept(spec: &Spec, plan: &SuppressPlan) -> Vec<Keep> {
    let of = |table: &TableSpec, keep: &KeepCells| {
        let name = |v: &usize| spec.variables.get(*v).map(|v| v.name.clone()).unwrap_or_default();
        Keep {
            table: Some(table.id.clone()),
            categories: keep.categories.iter().map(|(v, codes)| (name(v), codes.clone())).collect(),
            never: keep.never,
            line: format!("{}:{}", spec.path.display(), keep.line),
        }
    };
    let own = spec.tables.iter().flat_map(|table| table.keep.iter().map(move |keep| of(table, keep)));
    plan.keep.iter().cloned().chain(own).collect()
}

/// Cells to be kept and partners that no table has: from a policy, which serves many releases, they are told.
///
/// # Errors
/// The first that the command line asks for: somebody has mistyped it.
pub(super) fn idle(spec: &Spec, policy: &Policy, system: &System) -> Result<Vec<String>, Failure> {
    let Some(plan) = suppress_plan(policy) else {
        let first = spec.tables.iter().flat_map(|t| &t.keep).next();
        let told = |k: &KeepCells| {
            format!(
                "{}:{}: cells are to stay published, but policy {} withholds none for the sake of others",
                spec.path.display(),
                k.line,
                policy.id
            )
        };
        return Ok(first.map(told).into_iter().collect());
    };
    let (typed, written): (Vec<Keep>, Vec<Keep>) = kept(spec, plan).into_iter().partition(|k| k.line.starts_with("--"));
    let typed = Wishes { keep: &typed, partners: &[], ..plan.wishes(None) };
    match typed.idle(system).into_iter().next() {
        Some(why) => Err(Failure::Input(Error::usage(why))),
        None => Ok(all(plan, &written, None).idle(system)),
    }
}

/// How many of the cells that were withheld last time are withheld again.
pub(super) fn again(last: &Last, cells: &[bool], protection: &Protection) -> String {
    let here = cells.iter().filter(|c| **c).count();
    let again = (0..cells.len()).filter(|&c| cells[c] && protection.is_withheld(c)).count();
    match here {
        0 => format!("{}: no cell of these tables was withheld then", last.name()),
        _ => format!(
            "{}: {here} cells of these tables were withheld then, {again} of them are withheld now",
            last.name()
        ),
    }
}
