//! The utility of a release as the report tells it.

use serde::Serialize;

use crate::model::{Protection, System};
use crate::utility::Utility;

/// What is lost, in whole units of the measures; see [`Utility`].
#[derive(Clone, Debug, Serialize)]
pub(super) struct Losses {
    changed: usize,
    withheld: usize,
    share_touched: f64,
    mean_difference: f64,
    max_difference: f64,
    hellinger: f64,
    hellinger_utility: f64,
    false_zeros: usize,
    totals: usize,
    not_additive: usize,
    max_not_additive: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    cramers_v: Option<Association>,
}

#[derive(Clone, Debug, Serialize)]
struct Association {
    table: String,
    before: f64,
    after: f64,
}

impl Losses {
    /// What a protection loses, to four decimals.
    pub(super) fn new(system: &System, protection: &Protection) -> Losses {
        let short = |x: f64| (x * 1e4).round() / 1e4;
        let u = Utility::new(system, &protection.treatments);
        Losses {
            changed: u.changed,
            withheld: u.withheld,
            share_touched: short(u.share_touched()),
            mean_difference: short(u.mean_difference),
            max_difference: short(u.max_difference),
            hellinger: short(u.hellinger),
            hellinger_utility: short(u.hellinger_utility),
            false_zeros: u.false_zeros,
            totals: u.totals,
            not_additive: u.not_additive,
            max_not_additive: short(u.max_not_additive),
            cramers_v: u.cramers_v.and_then(|c| {
                let table = system.tables.get(c.table)?.id.clone();
                Some(Association { table, before: short(c.before), after: short(c.after) })
            }),
        }
    }
}
