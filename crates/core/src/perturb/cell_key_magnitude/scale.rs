//! How large the noise of a sum is: in proportion to its largest contributions, as in the R package cellKey.
//!
//! Per contribution x_j, from the largest: the step is δ = x_j m_j, with m_j a share that falls with x_j (flex) or not
//! (simple); the noise of the table for a = |x| / δ, in such steps, is added to what the sum x is by then. A step larger
//! than the sum is the sum itself. Contributions too small for shares have steps of 1 and a table of their own.

use super::table::{SumTable, SumTables};

/// How steps follow from contributions.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scale {
    /// The share of small contributions.
    pub small: f64,
    /// The share that those of large ones come near to, and from where they fall; `None`: one share for all.
    pub flex: Option<Flex>,
    /// Weights of the contributions, the first is 1.
    pub weights: Vec<f64>,
    /// What is added to the noise of an unsafe cell, in steps.
    pub extra: f64,
}

/// A share that falls with the contribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Flex {
    /// The share of large contributions.
    pub large: f64,
    /// From where it falls.
    pub point: f64,
    /// How fast.
    pub power: f64,
}

/// The noise of one sum.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct SumNoise {
    /// The sum with its noise.
    pub value: f64,
    /// The variance of the noise.
    pub variance: f64,
}

/// What is perturbed: a sum with what its noise is made from. Nothing in it is below 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sum<'a> {
    /// The sum.
    pub value: f64,
    /// The largest contributions, or what stands for them.
    pub contributions: &'a [f64],
    /// A key for each.
    pub keys: &'a [f64],
    /// How many contributors there are.
    pub contributors: i64,
    /// Whether a rule calls it unsafe.
    pub sensitive: bool,
}

impl Scale {
    /// The share of a contribution that is the step of its noise.
    fn share(&self, x: f64, weight: f64) -> f64 {
        let Some(flex) = self.flex else { return self.small * weight };
        if x < flex.point {
            // cellKey does not weight these
            return self.small;
        }
        let first = (self.small * x - flex.large * flex.point) / (flex.large * flex.point);
        let second = (2.0 * flex.point / (flex.point + x)).powf(flex.power);
        flex.large * (1.0 + first * second) * weight
    }

    /// Below this a contribution is treated as a count is: where the table of shares would give less noise.
    pub fn separation(&self, tables: &SumTables) -> f64 {
        let squares: f64 = self.weights.iter().map(|w| w * w).sum();
        tables.of("small_cells").map_or(0.0, |small| small.variance().sqrt() / (squares.sqrt() * self.small))
    }

    /// The sum with noise.
    pub fn perturb(&self, tables: &SumTables, sum: Sum) -> SumNoise {
        let mut made = SumNoise { value: sum.value, variance: 0.0 };
        let kind = match tables.of("all") {
            Some(_) => "all",
            None if sum.contributors % 2 == 0 => "even",
            None => "odd",
        };
        let (Some(usual), true) = (tables.of(kind), sum.value > 0.0) else { return made };
        let small = tables.of("small_cells");
        let separation = self.separation(tables);
        for ((x, key), (j, weight)) in sum.contributions.iter().zip(sum.keys).zip(self.weights.iter().enumerate()) {
            let mut table: &SumTable = usual;
            let mut step = match small {
                Some(small) if *x < separation => {
                    table = small;
                    1.0
                }
                _ => x * self.share(*x, *weight),
            };
            if made.value < step {
                let stands_for = made.value / (self.small * weight);
                step = made.value;
                if let Some(small) = small
                    && stands_for < separation
                {
                    if j > 0 || self.flex.is_none() {
                        continue;
                    }
                    table = small;
                    step = 1.0;
                }
            }
            if step <= 0.0 {
                continue;
            }
            let (noise, variance) = table.noise(made.value / step, *key);
            let extra = if sum.sensitive { self.extra } else { 0.0 };
            let noise = step * (if noise >= 0.0 { extra + noise } else { noise - extra });
            made.value += noise.max(-made.value);
            made.variance += step * step * variance;
        }
        made
    }

    /// The largest noise as a share of the sum, and apart from it.
    pub fn reach(&self, tables: &SumTables) -> (f64, f64) {
        let weights: f64 = self.weights.iter().map(|w| if self.flex.is_some() { 1.0 } else { *w }).sum();
        let share = self.small.max(self.flex.map_or(0.0, |f| f.large)) * weights * (tables.most() + self.extra);
        let apart = tables.of("small_cells").map_or(0.0, |t| (t.most() + self.extra) * self.weights.len() as f64);
        (share, apart)
    }
}
