//! The rules of the policy, applied to what is printed.

use crate::model::{Exposure, Finding as RuleFinding, Harm, Severity, System};
use crate::policy::Policy;
use crate::rules;

use super::codes::{Code, DOMINANCE, GROUP_DISCLOSURE, SMALL_COUNT};
use super::reading::Reading;

/// A printed cell that a rule calls unsafe.
#[derive(Clone, Debug)]
pub(crate) struct UnsafeCell {
    /// What the rule says.
    pub finding: RuleFinding,
    /// The kind of finding.
    pub code: &'static Code,
}

/// The system with the values that are printed; all else is hidden from the rules, and sums that count no cases.
pub(crate) fn valued(reading: &Reading) -> System {
    let mut system = reading.bound.system.clone();
    let amount = |c: usize| {
        let tables = reading.known.seen.get(c).into_iter().flat_map(|s| &s.places);
        let mut tables = tables.filter_map(|&p| reading.tables.get(reading.bound.placed.get(p)?.table));
        tables.any(|t| t.measure.as_ref().is_some_and(|m| m.amount))
    };
    for (c, cell) in system.cells.iter_mut().enumerate() {
        let value = reading.known.domain(c).value();
        cell.value = value.unwrap_or(0);
        let printed = reading.known.seen.get(c).is_some_and(|s| s.printed.is_some());
        cell.exposure = if printed && value.is_some() && !amount(c) { Exposure::Shown } else { Exposure::Hidden };
    }
    system
}

/// What the rules find.
pub(crate) fn unsafe_cells(system: &System, policy: &Policy) -> Vec<UnsafeCell> {
    let mut all: Vec<UnsafeCell> = (policy.rules.iter())
        .flat_map(|r| rules::apply(&*r.rule, &r.line, system))
        .filter(|f| f.severity == Severity::Unsafe)
        .map(|finding| UnsafeCell { code: code(&finding, system), finding })
        .collect();
    all.sort_by_key(|u| (u.finding.cell, u.code.name));
    all
}

fn code(finding: &RuleFinding, system: &System) -> &'static Code {
    match finding.harm {
        Harm::Group { margin, .. } if system.value(margin) > system.value(finding.cell) => &DOMINANCE,
        Harm::Group { .. } => &GROUP_DISCLOSURE,
        Harm::Levels { .. } if finding.rule == "threshold" => &SMALL_COUNT,
        Harm::Levels { .. } => &DOMINANCE,
        Harm::Small { .. } | Harm::FewPersons { .. } => &SMALL_COUNT,
    }
}

/// The band of counts that the policy hides.
pub(crate) fn band(policy: &Policy) -> Option<(i64, i64)> {
    policy.rules.iter().filter_map(|r| r.rule.band()).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}
