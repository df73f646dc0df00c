//! Sums of withheld cells that are protected as well, and what becomes of a verdict that does not rest on everything.

use super::{Failure, Protected};
use crate::attack::Audit;
use crate::model::{Protection, System, Verdict};
use crate::policy::Policy;

/// What was not examined makes a verdict inconclusive, unless the policy accepts it: then every output says so.
pub(super) fn count_unexamined(
    system: &System,
    policy: &Policy,
    audit: &mut Audit,
    notes: &mut Vec<String>,
    warnings: &mut Vec<String>,
) {
    let told: Vec<String> = system.unexamined.iter().map(|what| format!("Not examined: {what}.")).collect();
    if policy.attacker.accept_unexamined {
        notes.extend(told);
    } else if audit.verdict != Verdict::Unsafe && !told.is_empty() {
        audit.verdict = Verdict::Inconclusive;
        let help = "make the tables smaller, or let the policy accept it: [attacker] accept-unexamined = true";
        warnings.extend(told.into_iter().map(|told| format!("{told} Nothing is safe that was not examined: {help}")));
    }
}

/// Rounds of sums of withheld cells that a pattern gives away.
const SUM_ROUNDS: usize = 40;

/// What is protected, as long as the pattern gives away sums of withheld cells that are unsafe as well.
pub(super) trait WithSums {
    /// Treats every cell.
    fn protect(&self) -> Result<Protected, Failure>;
    /// Adds the unsafe sums that a protection gives away; whether there are any.
    fn add_sums(&mut self, protection: &Protection) -> bool;
    /// What is protected, with the sums that were added.
    fn system(&mut self) -> &mut System;
}

/// Protects, and as long as withheld cells add up to known sums that are unsafe, protects these as well. Those that are left when
/// the rounds or the time are over stay unexamined.
pub(super) fn protect_sums(what: &mut dyn WithSums) -> Result<Protected, Failure> {
    for _ in 0..SUM_ROUNDS {
        let protected = what.protect()?;
        let protection = &protected.0;
        if !protection.failed.is_empty() || !what.add_sums(protection) {
            return Ok(protected);
        }
        if protection.limit_reached {
            break;
        }
    }
    let open = "when the search ended there were still sums of withheld cells to be protected";
    what.system().unexamined.push(open.to_owned());
    what.protect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Choice;

    /// Always finds one more sum.
    struct Endless {
        system: System,
        limited: bool,
        runs: std::cell::Cell<usize>,
    }

    impl WithSums for Endless {
        fn protect(&self) -> Result<Protected, Failure> {
            self.runs.set(self.runs.get() + 1);
            let protection = Protection {
                treatments: Vec::new(),
                method: "fast",
                loss: 0,
                bound: 0,
                failed: Vec::new(),
                limit_reached: self.limited,
                witnesses: Vec::new(),
                choice: Choice::default(),
            };
            Ok((protection, None))
        }

        fn add_sums(&mut self, _: &Protection) -> bool {
            true
        }

        fn system(&mut self) -> &mut System {
            &mut self.system
        }
    }

    /// Sums that no round came to make a safe release inconclusive, whether time or rounds were over; a policy may accept it in so
    /// many words.
    #[test]
    fn sums_that_are_left_are_not_safe() {
        for (limited, runs) in [(true, 2), (false, SUM_ROUNDS + 1)] {
            let mut endless = Endless { system: System::default(), limited, runs: 0.into() };
            assert!(protect_sums(&mut endless).is_ok());
            assert_eq!(endless.runs.get(), runs);
            let judged = |policy: &Policy| {
                let mut audit = Audit { verdict: Verdict::Safe, cells: vec![], leaks: vec![], open: vec![] };
                let (mut notes, mut warnings) = (Vec::new(), Vec::new());
                count_unexamined(&endless.system, policy, &mut audit, &mut notes, &mut warnings);
                (audit.verdict, notes.len(), warnings.len())
            };
            let mut policy = Policy::load("police-foi").expect("it ships");
            policy.attacker.accept_unexamined = false;
            assert_eq!(judged(&policy), (Verdict::Inconclusive, 0, 1));
            policy.attacker.accept_unexamined = true;
            assert_eq!(judged(&policy), (Verdict::Safe, 1, 0));
        }
    }
}
