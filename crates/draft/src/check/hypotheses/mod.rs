//! Relations between figures as hypotheses: confirmed (words say it, or arithmetic does at least twice without an
//! exception), possible (nothing printed excludes it), or excluded.
//!
//! Confirmed ones become part of the system, before the attack. For possible ones the attack is run with each of them and with
//! all together, on the part of the draft that they touch; if that gives a figure away, it is a question for the user,
//! with its consequence.

mod apply;
mod averages;
mod captions;
pub(crate) mod changes;
mod cumulative;
mod groupings;
mod indexes;
mod labels;
pub(crate) mod layers;
mod links;
mod numerators;
mod percent;
pub(crate) mod possible;
pub(crate) mod running;
pub(crate) mod spoken;
mod thresholds;
pub(crate) mod titles;
mod totals;
pub(crate) mod words;

pub(crate) use apply::take;

use super::figures::Signs;
use super::findings::Spot;
use super::reading::Reading;

/// Relations that nothing confirms and nothing excludes, in the order of the draft.
pub(crate) fn possible(
    reading: &Reading,
    signs: &Signs,
    spot: &dyn Fn(usize, (usize, usize)) -> Spot,
) -> Vec<possible::Possible> {
    let mut found = totals::find(reading, signs, spot);
    if !signs.replaces() {
        found.extend(links::find(reading, spot));
        found.extend(thresholds::find(reading, spot));
        found.extend(labels::find(reading, spot));
        found.extend(groupings::find(reading, spot));
        found.extend(captions::find(reading, spot));
    }
    found
}
