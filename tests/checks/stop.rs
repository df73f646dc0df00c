//! A check that is stopped says so, wherever it is, and claims nothing.

use std::sync::atomic::{AtomicUsize, Ordering};

use tabsafe::check::{Options, Verdict, check};
use tabsafe::solve::{Effort, Highs, Program, Session, Solver};

use super::{police::draft, policy};

/// A solver that is stopped once somebody has asked it so often whether it is.
struct StopsAfter {
    left: AtomicUsize,
    asked: AtomicUsize,
}

impl StopsAfter {
    fn new(left: usize) -> StopsAfter {
        StopsAfter { left: AtomicUsize::new(left), asked: AtomicUsize::new(0) }
    }
}

impl Solver for StopsAfter {
    fn open(&self, program: &Program, effort: Effort) -> Box<dyn Session> {
        Highs.open(program, effort)
    }

    fn stopped(&self) -> bool {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_err()
    }
}

/// A safe draft whose proof takes searches, one with a leak, and one with a total that is wrong.
const DRAFTS: [&str; 3] = [
    "Area\t2020\t2021\t2022\tTotal\nA\t20\t*\t*\t60\nB\t31\t*\t*\t90\nC\t25\t40\t50\t115\nTotal\t76\t90\t99\t265\n",
    "Area\t2020\t2021\t2022\tTotal\nA\t20\t*\t38\t60\nB\t31\t29\t30\t90\nC\t25\t40\t50\t115\nTotal\t76\t71\t118\t265\n",
    "Area\t2020\t2021\t2022\tTotal\nA\t20\t21\t18\t60\nB\t31\t29\t30\t90\nC\t25\t40\t50\t115\nTotal\t76\t90\t98\t265\n",
];

/// Whenever the stop comes, the verdict is the one without it, or "inconclusive" without a finding.
#[test]
fn a_stop_ends_a_check() {
    let policy = policy();
    for text in DRAFTS {
        let said = |solver: &dyn Solver| {
            let markers = tabsafe::read::parse_marker("*=withheld").into_iter().collect();
            check(&[draft(text)], &Options { markers, ..Options::new(&policy, solver) })
        };
        let whole = said(&Highs).verdict;
        let never = StopsAfter::new(usize::MAX);
        assert_eq!(said(&never).verdict, whole, "{text}");
        let asked = never.asked.load(Ordering::SeqCst);
        assert!(asked > 0, "nothing asks whether to stop: {text}");
        for left in (0..asked).step_by((asked / 40).max(1)) {
            let outcome = said(&StopsAfter::new(left));
            match outcome.verdict {
                Verdict::Inconclusive => {
                    assert!(outcome.findings.is_empty() && outcome.remedies.is_empty() && outcome.open, "{text}");
                }
                // the remedies alone were cut short
                verdict => assert_eq!(verdict, whole, "stopped after {left} of {asked}: {text}"),
            }
        }
    }
}
