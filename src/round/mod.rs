//! Rounding: every printed value is replaced by a rounded one. A folder per method.

pub mod conventional;

use crate::model::{Exposure, Interval, Protection, System, Treatment};

/// Rounds every printed cell of a system; `preimage` says which true values give the same rounded one.
fn replace_all(
    system: &System,
    method: &'static str,
    round: impl Fn(i64) -> i64,
    preimage: impl Fn(i64) -> Interval,
) -> Protection {
    let treat = |value: i64| {
        let by = round(value);
        Treatment::Replace { by, preimage: preimage(by) }
    };
    let treatments: Vec<Treatment> = (system.cells.iter())
        .map(|c| if c.exposure == Exposure::Shown { treat(c.value) } else { Treatment::Hide })
        .collect();
    let moved = system.cells.iter().zip(&treatments).map(|(c, t)| match t {
        Treatment::Replace { by, .. } => by.abs_diff(c.value),
        _ => 0,
    });
    let loss = i64::try_from(moved.fold(0, u64::saturating_add)).unwrap_or(i64::MAX);
    // there is nothing to choose: what it loses is what it must lose
    Protection {
        treatments,
        method,
        loss,
        bound: loss,
        failed: Vec::new(),
        limit_reached: false,
        witnesses: Vec::new(),
    }
}
