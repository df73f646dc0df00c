//! Exceptions held against what the rules find: what is excused, and which exceptions do not hold any more.

use crate::model::{Finding, Severity, System};
use crate::policy::{Exception, Policy};
use crate::release::Excused;
use crate::spec::Spec;

/// What is left of the findings, what is excused, and what a reviewer must know.
pub(super) struct Waived {
    pub kept: Vec<Finding>,
    pub excused: Vec<Excused>,
    pub warnings: Vec<String>,
    /// Those of the warnings that follow from values.
    pub confidential: Vec<String>,
}

/// Takes out of the findings what an exception of the policy excuses in this release.
pub(super) fn waive(
    spec: &Spec,
    policy: &Policy,
    system: &System,
    findings: Vec<Finding>,
    today: Option<&str>,
) -> Waived {
    let definition = Exception::definition_of(&policy.fingerprint, &spec.fingerprint);
    let mut waived = Waived { kept: findings, excused: Vec::new(), warnings: Vec::new(), confidential: Vec::new() };
    let here = policy.exceptions.iter().filter(|e| e.is_for(spec.reference.as_deref(), &spec.title));
    for exception in here {
        match exception.lapse(&definition, today) {
            Some(lapse) => waived.tell(exception, &format!("does not hold: {lapse}")),
            None => waived.apply(exception, system),
        }
    }
    waived
}

impl Waived {
    fn apply(&mut self, exception: &Exception, system: &System) {
        let (meant, others): (Vec<Finding>, Vec<Finding>) =
            std::mem::take(&mut self.kept).into_iter().partition(|f| is_about(exception, f, system));
        let (within, outside): (Vec<Finding>, Vec<Finding>) =
            meant.into_iter().partition(|f| is_within(exception.band, f, system));
        if within.is_empty() && outside.is_empty() {
            self.tell(exception, "excuses nothing: no such cell is unsafe");
            self.confidential.extend(self.warnings.last().cloned());
        }
        if !outside.is_empty() {
            let figures =
                if outside.len() == 1 { "a figure has".to_owned() } else { format!("{} figures have", outside.len()) };
            self.tell(exception, &format!("does not hold any more where {figures} left its band"));
            self.confidential.extend(self.warnings.last().cloned());
        }
        self.excused.extend(within.iter().map(|f| excused(exception, f, system)));
        self.kept = others.into_iter().chain(outside).collect();
        self.kept.sort_by_key(|f| f.cell);
    }

    fn tell(&mut self, exception: &Exception, what: &str) {
        self.warnings.push(format!("the exception of {} ({}) {what}", exception.line, exception.what()));
    }
}

/// Whether an exception names what was found.
fn is_about(exception: &Exception, finding: &Finding, system: &System) -> bool {
    let rule = exception.rule.as_deref().is_none_or(|rule| rule == finding.rule);
    let places = &system.cells[finding.cell].places;
    let stands = places.iter().any(|place| {
        let Some(table) = system.tables.get(place.table) else { return false };
        let named = exception.table.as_deref().is_none_or(|id| id == table.id);
        let at = table.entries_at(place.position);
        let known = exception.cell.iter().all(|(v, _)| table.axes.iter().any(|a| a.variable == *v));
        let axes = table.axes.iter().zip(&at);
        let fits = axes.into_iter().all(|(axis, &entry)| {
            let entry = &axis.entries[entry];
            match exception.cell.iter().find(|(v, _)| *v == axis.variable) {
                Some((_, code)) => *code == entry.code,
                None => entry.level == 0,
            }
        });
        named && (exception.cell.is_empty() || (known && fits))
    });
    let everywhere = exception.cell.is_empty() && exception.table.is_none();
    finding.severity == Severity::Unsafe && rule && (everywhere || stands)
}

/// Whether the value lies in the band that was approved.
fn is_within((low, high): (i64, i64), finding: &Finding, system: &System) -> bool {
    let decimals = system.measures.get(system.cells[finding.cell].measure).map_or(0, |m| m.decimals());
    let unit = 10_i128.saturating_pow(decimals);
    let value = i128::from(system.value(finding.cell));
    (i128::from(low) * unit..=i128::from(high) * unit).contains(&value)
}

fn excused(exception: &Exception, finding: &Finding, system: &System) -> Excused {
    Excused {
        cell: system.words(finding.cell),
        rule: finding.rule,
        finding: finding.reason.clone(),
        approved_by: exception.approved_by.clone(),
        second: exception.second.clone(),
        reason: exception.reason.clone(),
        until: exception.until.clone(),
        policy: exception.line.clone(),
    }
}
