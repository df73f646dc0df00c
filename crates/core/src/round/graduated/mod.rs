#![doc = include_str!("manual.md")]

mod ladder;

use super::common;
use super::identity::identity;
use super::random::at_random;
use super::{RoundError, Rounding, RoundingEntry, Work};
use crate::diag::Fault;
use crate::model::{Interval, Protection, Treatment};
use crate::parameter::{Allowed, Parameter, Values};

use ladder::{Ladder, Rung};

/// The entry in the registry.
pub(super) const ENTRY: RoundingEntry = RoundingEntry {
    name: "graduated",
    page: "graduated-rounding",
    summary: "Rounds to a base that grows with the value, at random or to the nearest multiple.",
    parameters: &[
        Parameter {
            name: "steps",
            meaning: "which base up to which value",
            allowed: Allowed::Text("`stats-nz`, `census-drb`, or steps of your own such as `3<20 5<100 10`"),
            default: None,
        },
        Parameter {
            name: "draw",
            meaning: "whether a value goes to a multiple next to it at random, or to the nearest",
            allowed: Allowed::Words(&["as-published", "random", "nearest"]),
            default: Some("as-published"),
        },
        Parameter {
            name: "ties",
            meaning: "where a value goes that lies in the middle of two multiples, if it goes to the nearest",
            allowed: Allowed::Words(&["as-published", "up", "even", "down"]),
            default: Some("as-published"),
        },
    ],
    manual: include_str!("manual.md"),
    parse,
};

/// The method with its parameters.
#[derive(Clone, Debug)]
struct Graduated {
    ladder: Ladder,
    /// The steps as they were written.
    steps: String,
    random: bool,
    ties: &'static str,
}

fn parse(values: &Values) -> Result<Box<dyn Rounding>, Fault> {
    let steps = values.text("steps")?.trim().to_owned();
    let (ladder, random, ties) = match steps.as_str() {
        "stats-nz" => (Ladder::stats_nz(), true, "up"),
        "census-drb" => (Ladder::census_drb(), false, "even"),
        own => (Ladder::parse(own)?, false, "up"),
    };
    let random = match values.word("draw")? {
        "as-published" => random,
        word => word == "random",
    };
    let ties = match values.word("ties")? {
        "as-published" => ties,
        word => word,
    };
    Ok(Box::new(Graduated { ladder, steps, random, ties }))
}

impl Rounding for Graduated {
    fn entry(&self) -> &'static RoundingEntry {
        &ENTRY
    }

    fn parameters(&self) -> Vec<(&'static str, String)> {
        let draw = if self.random { "random" } else { "nearest" };
        vec![("steps", self.steps.clone()), ("draw", draw.to_owned()), ("ties", self.ties.to_owned())]
    }

    fn keyed(&self) -> bool {
        self.random
    }

    fn fixed(&self) -> bool {
        self.random
    }

    fn base(&self) -> Option<i64> {
        None
    }

    fn sign(&self) -> Option<(i64, i64)> {
        self.ladder.sign(1).map(|i| (i.lo.unwrap_or(0), i.hi.unwrap_or(0)))
    }

    fn notice(&self) -> String {
        let how = if self.random { " at random" } else { "" };
        format!(
            "Figures are rounded{how} to multiples that grow with the figure ({}); parts need not add up to their totals.",
            self.ladder.words()
        )
    }

    fn round(&self, work: &Work) -> Result<Protection, RoundError> {
        let key = if self.random { Some(common::key(work)?) } else { None };
        Ok(common::each(work, ENTRY.page, |cell, value, unit| {
            let by = match (self.ladder.rung(value, unit), key) {
                (Rung::Sign(within), _) => return Treatment::Band { within },
                // as fixed random rounding: the same group goes the same way
                (Rung::Base(base), Some(key)) => {
                    at_random(value, base, &mut key.draw(ENTRY.name, &identity(work, cell)))
                }
                (Rung::Base(base), None) => common::nearest(value, base, self.ties),
            };
            common::replace(value, by, &self.allows(by, None, unit))
        }))
    }

    fn allows(&self, shown: i64, _: Option<u64>, unit: i64) -> Vec<Interval> {
        let near = |base: i64| match self.random {
            true => common::next_to(shown, base),
            false => common::nearest_to(shown, base, self.ties),
        };
        let within = |(class, base): (Interval, i64)| near(base).map(|i| i.meet(class));
        common::joined(self.ladder.classes(unit).into_iter().filter_map(within).collect())
    }
}

#[cfg(test)]
mod tests;
