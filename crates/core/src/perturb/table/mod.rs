//! Perturbation tables for counts: which noise a count gets for which key, with which share of the keys.
//!
//! A table is built by maximum entropy from its parameters, or read as other systems write it (`read`). Whatever it comes
//! from, it says of each row which noises there are and how often, so that the attack knows what a published count
//! allows.

mod read;
#[cfg(test)]
mod tests;

use super::entropy::Conditions;
use crate::model::Interval;

pub use read::{Grid, TableError, grid};

/// Noise that is less likely than this is taken for impossible by the attack: tables hold such crumbs of their solvers.
const CRUMB: f64 = 1e-6;

/// What keys a table is looked up with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyRange {
    /// Fractions from 0 up to, not including, 1.
    Fraction,
    /// Whole numbers from 0 up to, not including, this.
    Below(u64),
}

/// A perturbation table.
#[derive(Clone, Debug, PartialEq)]
pub struct CountTable {
    /// The rows of the counts 1, 2, 3, …
    rows: Vec<Row>,
    keys: KeyRange,
    /// The rows that larger counts use in turn: the last so many.
    cycle: usize,
}

/// The noise of one count.
#[derive(Clone, Debug, Default, PartialEq)]
struct Row {
    /// Each noise with the share of keys that get it, in the order of the keys.
    noises: Vec<(i64, f64)>,
    lookup: Lookup,
}

/// Which key gets which noise.
#[derive(Clone, Debug, PartialEq)]
enum Lookup {
    /// Per noise, the largest fraction that gets it; the last is 1.
    Upto(Vec<f64>),
    /// Per whole key, its noise.
    ByKey(Vec<i64>),
}

impl Default for Lookup {
    fn default() -> Self {
        Lookup::Upto(Vec::new())
    }
}

/// What a table is built from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Design {
    /// The largest noise, up or down.
    pub most: i64,
    /// Its variance.
    pub variance: f64,
    /// No count from 1 to this is published.
    pub not_up_to: i64,
    /// The least share of counts that stay as they are.
    pub stay: f64,
    /// Whether no noise below 0 may be less likely than a larger step down.
    pub monotone: bool,
    /// Whether the variance is that in every row, instead of at most that.
    pub exact: bool,
}

impl Design {
    /// The table of least certain noise: mean 0, no count below 0, none of 1 to `not_up_to`, no noise beyond `most`.
    ///
    /// # Errors
    /// The first row that no noise fits, with what would.
    pub fn build(&self) -> Result<CountTable, String> {
        let last = if self.not_up_to == 0 { self.most } else { self.most + self.not_up_to + 1 };
        let rows = (1..=last).map(|count| self.row(count)).collect::<Result<_, _>>()?;
        Ok(CountTable { rows, keys: KeyRange::Fraction, cycle: 1 })
    }

    fn row(&self, count: i64) -> Result<Row, String> {
        let targets = (count - self.most).max(0)..=count + self.most;
        let noises: Vec<i64> = targets.filter(|t| *t == 0 || *t > self.not_up_to).map(|t| t - count).collect();
        let conditions = Conditions {
            support: noises.iter().map(|&v| v as f64).collect(),
            variance: self.variance,
            exact: self.exact,
            monotone: self.monotone,
            stay: self.stay,
        };
        let shares = conditions.solve().map_err(|least| self.refusal(count, least))?;
        Ok(Row::of(noises.into_iter().zip(shares).collect()))
    }

    fn refusal(&self, count: i64, least: f64) -> String {
        if least > self.variance {
            return format!("no noise of variance {} fits the count {count}: it is at least {least}", self.variance);
        }
        let exact = if self.exact { ", at most that variance instead of exactly that" } else { "" };
        format!(
            "no noise fits the count {count}: allow another variance, larger noise, a smaller share that stays{exact}"
        )
    }
}

impl Row {
    /// A row whose noises follow each other by the fraction of the key.
    fn of(noises: Vec<(i64, f64)>) -> Row {
        let total: f64 = noises.iter().map(|n| n.1).sum();
        let mut sum = 0.0;
        let mut upto: Vec<f64> = noises
            .iter()
            .map(|n| {
                sum += n.1;
                sum / total
            })
            .collect();
        upto.last_mut().into_iter().for_each(|last| *last = 1.0);
        Row { noises, lookup: Lookup::Upto(upto) }
    }

    fn moment(&self, power: i32) -> f64 {
        self.noises.iter().map(|&(v, share)| (v as f64).powi(power) * share).sum()
    }

    /// The share of keys that get a noise.
    fn share(&self, noise: i64) -> f64 {
        self.noises.iter().filter(|n| n.0 == noise).map(|n| n.1).sum()
    }
}

impl CountTable {
    /// What it is looked up with.
    pub fn keys(&self) -> KeyRange {
        self.keys
    }

    /// The row of a count: its own, or one of the last for a count beyond them; none for 0.
    fn row(&self, count: i64) -> Option<&Row> {
        let index = usize::try_from(count).ok()?.checked_sub(1)?;
        let many = self.rows.len();
        let cycle = self.cycle.clamp(1, many.max(1));
        self.rows.get(if index < many { index } else { many - cycle + (index - (many - cycle)) % cycle })
    }

    /// The noise of a count by the fraction of its key. The upper end of a share belongs to it: key ≤ end.
    pub fn by_fraction(&self, count: i64, key: f64) -> i64 {
        let Some(row) = self.row(count) else { return 0 };
        match &row.lookup {
            Lookup::Upto(ends) => {
                let at = ends.iter().position(|end| key <= *end).unwrap_or(ends.len().saturating_sub(1));
                row.noises.get(at).map_or(0, |n| n.0)
            }
            Lookup::ByKey(noises) => {
                let at = ((key * noises.len() as f64) as usize).min(noises.len().saturating_sub(1));
                noises.get(at).copied().unwrap_or(0)
            }
        }
    }

    /// The noise of a count by a whole key, in a table that has whole keys.
    pub fn by_key(&self, count: i64, key: u64) -> i64 {
        let Some(Row { lookup: Lookup::ByKey(noises), .. }) = self.row(count) else { return 0 };
        usize::try_from(key).ok().and_then(|k| noises.get(k)).copied().unwrap_or(0)
    }

    /// The largest noise, up or down.
    pub fn most(&self) -> i64 {
        self.rows.iter().flat_map(|r| &r.noises).map(|n| n.0.abs()).max().unwrap_or(0)
    }

    /// The variance of the noise of a count; a count of 0 has none.
    pub fn variance(&self, count: i64) -> f64 {
        self.row(count).map_or(0.0, |r| r.moment(2) - r.moment(1).powi(2))
    }

    /// Whether a count can be published as another.
    fn goes(&self, count: i64, shown: i64) -> bool {
        match self.row(count) {
            Some(row) => row.share(shown - count) > CRUMB,
            None => count == 0 && shown == 0,
        }
    }

    /// The counts around the true one that can be published as this without a gap: what somebody who knows the table
    /// can't tell from it.
    pub fn allows(&self, count: i64, shown: i64) -> Interval {
        let most = self.most();
        let (first, last) = (shown.saturating_sub(most).max(0), shown.saturating_add(most));
        let below = (first..count).rev().take_while(|&c| self.goes(c, shown)).last();
        let above = (count + 1..=last).take_while(|&c| self.goes(c, shown)).last();
        Interval::new(below.unwrap_or(count), above.unwrap_or(count))
    }

    /// All counts that can be published as this, in runs without a gap.
    pub fn all_that_allow(&self, shown: i64) -> Vec<Interval> {
        let most = self.most();
        let reach = shown.saturating_sub(most).max(0)..=shown.saturating_add(most);
        let mut runs: Vec<Interval> = Vec::new();
        for count in reach.filter(|&c| self.goes(c, shown)) {
            match runs.last_mut() {
                Some(run) if run.hi == Some(count - 1) => run.hi = Some(count),
                _ => runs.push(Interval::exactly(count)),
            }
        }
        runs
    }

    /// The counts around the true one that can be published as less than `limit` without a gap.
    pub fn allows_below(&self, count: i64, limit: i64) -> Interval {
        let goes = |c: &i64| (0..limit.min(c.saturating_add(self.most() + 1))).any(|shown| self.goes(*c, shown));
        let below = (0..count).rev().take_while(goes).last();
        let above = (count + 1..=limit.saturating_add(self.most())).take_while(goes).last();
        Interval::new(below.unwrap_or(count), above.unwrap_or(count))
    }

    /// What is worth a look in a table that was read: rows whose noise has another mean than 0, with it.
    pub fn biased(&self) -> Vec<(usize, f64)> {
        let means = self.rows.iter().enumerate().map(|(at, row)| (at + 1, row.moment(1)));
        means.filter(|(_, mean)| mean.abs() > CRUMB).collect()
    }
}
