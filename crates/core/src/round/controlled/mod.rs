#![doc = include_str!("manual.md")]

mod forms;
mod model;
mod search;
mod walk;

use super::common::{self, BASE};
use super::{RoundError, Rounding, RoundingEntry, Tie, Work, protection};
use crate::diag::Fault;
use crate::model::{Interval, Protection, Treatment};
use crate::parameter::{Allowed, Parameter, Values};

use model::Model;

/// The entry in the registry.
pub(super) const ENTRY: RoundingEntry = RoundingEntry {
    name: "controlled",
    page: "controlled-rounding",
    summary: "Rounds every value to a multiple next to it such that all tables stay additive, as close to the truth as can be.",
    parameters: &[
        BASE,
        Parameter {
            name: "steps",
            meaning: "how many multiples further away than the two next to it a value may go; 0 is zero-restricted",
            allowed: Allowed::Whole { min: 0, max: 10 },
            default: Some("0"),
        },
    ],
    manual: include_str!("manual.md"),
    parse,
};

/// Where a value in the middle of two multiples goes that no relation binds.
const TIES: &str = "up";

/// The method with its parameters.
#[derive(Clone, Copy, Debug)]
struct Controlled {
    base: i64,
    steps: i64,
}

fn parse(values: &Values) -> Result<Box<dyn Rounding>, Fault> {
    Ok(Box::new(Controlled { base: values.whole("base")?, steps: values.whole("steps")? }))
}

impl Rounding for Controlled {
    fn entry(&self) -> &'static RoundingEntry {
        &ENTRY
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        vec![("base", self.base.to_string()), ("steps", self.steps.to_string())]
    }

    fn base(&self) -> Option<i64> {
        Some(self.base)
    }

    fn notice(&self) -> String {
        format!(
            "Figures are rounded to a multiple of {}: where records are counted or added up, parts still add up to their \
             totals; a figure that is in no such sum, such as a number of persons, goes to the nearest multiple, from the \
             middle up.",
            self.base
        )
    }

    fn round(&self, work: &Work) -> Result<Protection, RoundError> {
        let system = work.system;
        let model = Model::new(system, self.base, self.steps);
        let found = search::additive(&model, work).ok_or_else(|| none_found(self.steps, work))?;
        let rounded = common::each(work, ENTRY.page, |cell, value, unit| {
            let base = self.base.saturating_mul(unit);
            // a cell that no relation binds goes to the nearest multiple, and every reader sees which these are
            let (by, tie) = match model.rounded(cell, &found.steps) {
                Some(by) => (by, Tie::Part),
                None => (common::nearest(value, base, TIES), Tie::Alone),
            };
            common::replace(value, by, &self.allows_in(by, tie, None, unit))
        });
        let treatments: Vec<Treatment> = rounded.treatments;
        let free: i64 =
            (0..system.cells.len()).filter(|&c| !model.binds(c)).map(|c| moved(system.value(c), treatments[c])).sum();
        let bound = found.bound.saturating_add(free);
        let rounded = protection(system, ENTRY.page, treatments);
        Ok(Protection { bound: bound.min(rounded.loss), limit_reached: found.limit_reached, ..rounded })
    }

    fn allows(&self, shown: i64, _: Option<u64>, unit: i64) -> Vec<Interval> {
        let base = self.base.saturating_mul(unit);
        if shown < 0 || shown.rem_euclid(base) != 0 {
            return Vec::new();
        }
        let far = base.saturating_mul(self.steps + 1) - 1;
        // a zero stays a zero
        let lo = if shown > 0 { shown.saturating_sub(far).max(1) } else { 0 };
        vec![common::not_negative(lo, shown.saturating_add(far))]
    }

    fn allows_in(&self, shown: i64, tie: Tie, finest: Option<u64>, unit: i64) -> Vec<Interval> {
        match tie {
            Tie::Alone => common::nearest_to(shown, self.base.saturating_mul(unit), TIES).into_iter().collect(),
            Tie::Part | Tie::Total => self.allows(shown, finest, unit),
        }
    }
}

/// By how much a treatment moves a value.
fn moved(value: i64, treatment: Treatment) -> i64 {
    match treatment {
        Treatment::Replace { by, .. } => i64::try_from(by.abs_diff(value)).unwrap_or(i64::MAX),
        _ => 0,
    }
}

fn none_found(steps: i64, work: &Work) -> RoundError {
    let limit = (work.time_left)().is_some_and(|left| left <= 0.0) || work.solver.stopped();
    let what = match steps {
        0 => {
            "no additive rounding was found in which each figure goes to one of the two multiples next to it".to_owned()
        }
        n => format!(
            "no additive rounding was found in which each figure goes at most {n} multiples further than the two next to it"
        ),
    };
    let help = format!("write steps = {}, so that figures may go further", steps + 1);
    RoundError { message: what, help, limit }
}

#[cfg(test)]
mod tests;
