//! Rates and means beside counts: what they print, and which counts they leave, by trying every count.

use crate::random::Rng;

use super::world::{Mask, Shown, World};

/// The largest count that is tried.
const MOST: i64 = 400;

/// A column of rates or means beside a list of counts.
#[derive(Clone, Debug)]
pub struct Rates {
    /// The table, which has one variable.
    pub table: usize,
    /// Means of days; else rates per 1,000 of a population.
    pub mean: bool,
    /// Digits behind the point.
    pub decimals: usize,
    /// Rates of figures that are withheld are withheld as well.
    pub withheld: bool,
    /// Per category, the population or the days.
    pub others: Vec<i64>,
}

impl Rates {
    /// Rates beside a list of the world, if it has one.
    pub fn new(world: &World, rng: &mut Rng) -> Option<Rates> {
        let table = world.tables.iter().position(|t| t.axes.len() == 1 && !t.part)?;
        let v = world.tables[table].axes[0];
        let mean = rng.chance(40);
        let large = if rng.chance(50) { 400 } else { 9_000 };
        let others = (0..world.sizes[v])
            .map(|c| {
                let count = world.count_in(table, c);
                if mean {
                    count * (6 + rng.below(40) as i64) + rng.below(6) as i64 * count.min(1)
                } else {
                    50 + rng.below(large) as i64
                }
            })
            .collect();
        Some(Rates { table, mean, decimals: rng.below(3), withheld: rng.chance(50), others })
    }

    /// The population or the days of a line; the last one is the total.
    pub fn other(&self, category: usize) -> i64 {
        self.others.get(category).copied().unwrap_or_else(|| self.others.iter().sum())
    }

    /// The labels of both columns.
    pub fn labels(&self) -> [&'static str; 2] {
        if self.mean { ["Total days", "Mean days"] } else { ["Population", "Rate per 1,000"] }
    }

    /// Twice the value of a rate in units of the last digit, above what it is divided by.
    fn twice(&self, count: i64, other: i64) -> (i64, i64) {
        let scale = 10i64.pow(self.decimals as u32);
        if self.mean { (2 * other * scale, count) } else { (2 * 1000 * count * scale, other) }
    }

    /// What stands beside a count: its rate, rounded to the nearest, halves up.
    pub fn text(&self, count: i64, other: i64) -> String {
        let (above, below) = self.twice(count, other);
        if below == 0 {
            return String::new();
        }
        let units = (above + below) / (2 * below);
        let digits = format!("{units:0>width$}", width = self.decimals + 1);
        let (whole, part) = digits.split_at(digits.len() - self.decimals);
        if part.is_empty() { whole.to_owned() } else { format!("{whole}.{part}") }
    }

    /// Whether a rate is printed beside a figure.
    pub fn printed(&self, shown: Shown) -> bool {
        shown == Shown::Yes || !self.withheld
    }

    /// The counts whose rate could be written as that of `count`, whatever is done with halves.
    fn possible(&self, count: i64, other: i64) -> (i64, i64) {
        let (above, below) = self.twice(count, other);
        let units = (above + below) / (2 * below);
        let fits = |n: &i64| {
            let (above, below) = self.twice(*n, other);
            below > 0 && (above - 2 * units * below).abs() <= below
        };
        let all: Vec<i64> = (0..MOST).filter(fits).collect();
        (all[0], all[all.len() - 1])
    }

    /// What the printed rates tell: the figures, and the least and the most that each can be.
    pub fn bounds(&self, world: &World) -> Vec<(Mask, i64, i64)> {
        let of = |p: &&(super::world::Place, Mask, Shown)| p.0.table == self.table && self.printed(p.2);
        let one = |(place, mask, _): &(super::world::Place, Mask, Shown)| {
            let (count, other) = (world.value(*mask), self.other(place.at[0]));
            if self.text(count, other).is_empty() {
                return None;
            }
            let (lo, hi) = self.possible(count, other);
            Some((*mask, lo, hi))
        };
        world.places.iter().filter(of).filter_map(one).collect()
    }
}
