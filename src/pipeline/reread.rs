//! A release read again as its readers will: what goes out is turned into observations and audited without the truth. Where
//! that finds what the attack, which knows the truth, called safe, one of the two is wrong, and nothing is released.
//!
//! The blind audit says only what is sure: that a reader knows a count to be one that the policy hides, and too little else.
//! What a limit leaves open speaks against nothing here, because the attack has proved the release already.
//!
//! Up to [`BLIND`] cells that are not printed it searches for its own table to start from. Beyond that this would take as long
//! as to protect them: it starts from the true table, which is first seen to fit what goes out, and tries the tables that the
//! method found. Both are checked against what is printed, so that what it says is as true.

use crate::attack::{Attack, BlindAudit, BlindLeak, Observation, Promise, Scope, Start};
use crate::model::{CellId, Exposure, Finding, Harm, Interval, Measure, Protection, Severity, Structure, System};
use crate::policy::{Plan, Policy};
use crate::release::{Published, Release};
use crate::round::{Tie, ties};

use super::{Failure, Options, signs};

/// The most cells that are not printed of releases for which a table is searched for.
const BLIND: usize = 1_000;
/// Leaks whose intervals are worked out: one would be too many.
const MOST: usize = 20;

/// What a policy promises of counts.
pub(super) fn promise(policy: &Policy) -> Promise {
    let bands = policy.rules.iter().filter_map(|r| r.rule.band());
    Promise {
        band: bands.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))),
        kind: policy.protection,
        least: i64::from(policy.attacker.zeros_published),
    }
}

/// What a reader of a release sees of each cell.
///
/// # Errors
/// A release that its structure does not fit, or a figure that its method never makes.
pub(super) fn observations(
    structure: Structure,
    ties: &[Tie],
    release: &Release,
    policy: &Policy,
) -> Result<Vec<Observation>, Failure> {
    let mut seen: Vec<Option<Observation>> = vec![None; structure.len()];
    for (index, (table, printed)) in structure.tables().iter().zip(release.tables()).enumerate() {
        let shown = (0..table.len()).filter(|&p| table.is_shown(&table.entries_at(p)));
        let cells: Vec<Option<CellId>> = shown.map(|p| structure.grid(index).get(p).copied().flatten()).collect();
        if cells.len() != printed.grid.len() {
            return Err(Failure::Disagreement(format!("table {} is printed with other cells than it has", printed.id)));
        }
        for (cell, &state) in cells.into_iter().zip(&printed.grid) {
            let Some(cell) = cell else { continue };
            let own = observation(structure, cell, ties.get(cell).copied(), state, policy).ok_or_else(|| {
                Failure::Disagreement(format!("the figure of {} is none of its method", structure.words(cell)))
            })?;
            if seen[cell].is_some_and(|other| other != own) {
                let what = format!("{} stands in two tables, and not as the same", structure.words(cell));
                return Err(Failure::Disagreement(what));
            }
            seen[cell] = Some(own);
        }
    }
    let not_shown = |c: CellId| Observation::NotShown {
        within: Interval::at_least(0),
        judged: structure.exposure(c) == Exposure::Implied,
    };
    Ok(seen.into_iter().enumerate().map(|(c, s)| s.unwrap_or_else(|| not_shown(c))).collect())
}

/// What a reader makes of one state of a cell; `None` if it means nothing.
fn observation(
    structure: Structure,
    cell: CellId,
    tie: Option<Tie>,
    state: Published,
    policy: &Policy,
) -> Option<Observation> {
    let unit = 10i64.saturating_pow(structure.measure(cell).map_or(0, Measure::decimals));
    let behind = |shown: i64| -> Option<Interval> {
        let allowed = allowed(structure, cell, tie, shown, policy);
        Some(Interval { lo: allowed.first()?.lo, hi: allowed.last()?.hi })
    };
    let stands_for = |interval: Interval| Observation::Replaced { stands_for: interval, within: interval };
    Some(match state {
        Published::Number(value) => Observation::Printed(value),
        Published::Zero | Published::NotApplicable => Observation::Printed(0),
        Published::Rounded(shown) | Published::Perturbed(shown) => {
            stands_for(behind(shown)?.meet(Interval::at_least(0)))
        }
        Published::RoundsToZero => stands_for(behind(0)?.meet(Interval::at_least(1))),
        Published::Withheld => sign(structure.counts(cell), unit, policy),
    })
}

/// The values that a method allows behind a figure that it has put in a cell.
pub(super) fn allowed(
    structure: Structure,
    cell: CellId,
    tie: Option<Tie>,
    shown: i64,
    policy: &Policy,
) -> Vec<Interval> {
    let unit = 10i64.saturating_pow(structure.measure(cell).map_or(0, Measure::decimals));
    match &policy.plan {
        Plan::Round(plan) => plan.method.allows_in(shown, tie.unwrap_or(Tie::Part), structure.finest(cell), unit),
        Plan::Perturb(plan) => plan.method.allows(shown, unit),
        Plan::Suppress(_) => Vec::new(),
    }
}

/// What the sign of a withheld figure stands for.
pub(super) fn sign(counts: bool, unit: i64, policy: &Policy) -> Observation {
    match &policy.plan {
        Plan::Suppress(_) => {
            let least = Interval::at_least(i64::from(policy.attacker.zeros_published && counts));
            Observation::Withheld(signs::stated(policy, unit).map_or(least, |told| told.meet(least)))
        }
        Plan::Round(plan) => {
            let bounds = plan.method.sign().map_or(Interval::at_least(0), |(lo, hi)| {
                Interval::new(lo.saturating_mul(unit), hi.saturating_add(1).saturating_mul(unit) - 1)
            });
            Observation::Replaced { stands_for: bounds, within: bounds }
        }
        Plan::Perturb(_) => Observation::Withheld(Interval::at_least(0)),
    }
}

/// What is read again.
pub(super) struct Reread<'a> {
    pub system: &'a System,
    pub policy: &'a Policy,
    /// What the rules found and nobody excused.
    pub findings: &'a [Finding],
    pub protection: &'a Protection,
    pub release: &'a Release,
}

impl Reread<'_> {
    /// Audits a release without the truth.
    ///
    /// # Errors
    /// What speaks against it: a fault of tabsafe, in words without a value.
    pub fn check(&self, options: &Options, limit: Option<f64>) -> Result<(), Failure> {
        let structure = self.system.structure();
        let ties = ties(self.system, &self.system.relations);
        let seen = observations(structure, &ties, self.release, self.policy)?;
        let name = |c: CellId| structure.words(c);
        let time_left = || limit.map(|at| at - (options.now)());
        let attack = Attack {
            time_left: &time_left,
            whole: self.policy.attacker.integers,
            blocks: structure.blocks(),
            ..Attack::new(options.solver, &name)
        };
        let promise = promise(self.policy);
        let truth: Vec<i64> = self.system.cells.iter().map(|c| c.value).collect();
        if let Some(cell) = (0..truth.len()).find(|&c| !seen[c].domain().contains(truth[c])) {
            let what = format!("what is printed of {} does not stand for it", structure.words(cell));
            return Err(Failure::Disagreement(what));
        }
        let start = Start { table: &truth, moves: &self.protection.witnesses };
        let start = Some(start).filter(|_| seen.iter().filter(|s| s.is_judged()).count() > BLIND);
        let audit = BlindAudit { attack: &attack, structure, seen: &seen, promise, scope: Scope::SurelyHidden, start };
        let contradiction = |_| Failure::Disagreement("no values fit all that would be printed".to_owned());
        let found = audit.run().map_err(contradiction)?;
        let leaks = audit.leaks(&found, MOST).map_err(contradiction)?;
        match leaks.iter().find(|leak| leak.surely_hidden && self.is_meant(leak)) {
            Some(leak) => {
                let cell = structure.words(leak.cell);
                Err(Failure::Disagreement(format!("a reader can tell that {cell} is a count that the policy hides")))
            }
            None => Ok(()),
        }
    }

    /// Whether a rule of the policy means this cell: rules have conditions, and exceptions excuse.
    fn is_meant(&self, leak: &BlindLeak) -> bool {
        let unsafe_at = |system: &System| {
            let mut rules = self.policy.rules.iter().filter(|r| r.rule.band().is_some());
            rules.any(|r| {
                r.rule
                    .check(system, leak.cell)
                    .iter()
                    .any(|breach| breach.severity == Severity::Unsafe && matches!(breach.harm, Harm::Small { .. }))
            })
        };
        let excuses = !self.release.header().terms.exceptions.is_empty();
        let found = || self.findings.iter().any(|f| f.cell == leak.cell && f.severity == Severity::Unsafe);
        if excuses && unsafe_at(self.system) && !found() {
            return false;
        }
        let mut read = self.system.clone();
        if let (Some(cell), Some(value)) = (read.cells.get_mut(leak.cell), leak.learned.lo) {
            cell.value = value;
        }
        unsafe_at(&read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Treatment;
    use crate::release::fixture;
    use crate::solve::Highs;

    /// The hand-made release with a small count in the first cell; `published` are cells that its method would have withheld.
    fn reread(published: &[CellId], change: impl Fn(&mut System)) -> Result<(), String> {
        let (mut system, mut protection) = (fixture::system(), fixture::protection());
        for cell in [0, 2, 6, 8] {
            system.cells[cell].value -= fixture::SECRET - 3;
        }
        change(&mut system);
        published.iter().for_each(|&c| protection.treatments[c] = Treatment::Publish);
        let release = Release::new(&system, &protection, &fixture::audit(), fixture::header()).expect("a release");
        let policy = Policy::load("police-foi").expect("a policy");
        let reread = Reread {
            system: &system,
            policy: &policy,
            findings: &fixture::findings(),
            protection: &protection,
            release: &release,
        };
        reread.check(&Options::new(&Highs), None).map_err(|e| e.to_string())
    }

    /// What an attack has called safe, and a reader sees through, is a fault that names a cell and no value. What a reader does
    /// not see through passes.
    #[test]
    fn a_wrong_attack_is_found_out() {
        assert_eq!(reread(&[], |_| ()), Ok(()));
        let told = reread(&[3, 5], |_| ()).expect_err("cell 0 is its column less cell 3");
        assert!(told.contains("a reader can tell that Victim Age Under 10, Year 2014 is a count"), "{told}");
        assert!(!told.contains('3') && told.contains("nothing is released"), "{told}");
        // as a large count it gives nothing away
        assert_eq!(reread(&[3, 5], |s| [0, 2, 6, 8].iter().for_each(|&c| s.cells[c].value += 9)), Ok(()));
    }

    /// Figures that no values fit are a fault as well.
    #[test]
    fn a_wrong_sum_is_found_out() {
        let told = reread(&[], |s| s.cells[8].value += 1).expect_err("a total too large");
        assert!(told.contains("no values fit all that would be printed"), "{told}");
    }
}
