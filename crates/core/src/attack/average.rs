//! Whether noise can be averaged out: the variance of the best linear estimate of a cell from everything published.
//!
//! Published values are y = x + e with independent noise e of known variances; the true x satisfy the relations. A linear
//! estimate Σ w y of one cell is unbiased, whatever the truth, exactly if w = (1 at the cell) + Rᵀλ for some λ, with R the
//! relations; a cell that is not published must get weight 0. Its variance Σ w² v is least where R V w = 0, which conjugate
//! gradients solve without forming a matrix. Unpublished cells are given a large variance instead of an infinite one, and
//! whatever λ comes out, the estimate is a real one: its variance is computed from its weights, so what is reported is never
//! less than what an intruder can reach.

use rayon::prelude::*;

use crate::model::{CellId, Relation};

/// An unpublished cell is as if published with noise this many times as variable as the noisiest published one.
const UNPUBLISHED: f64 = 1e6;
/// The search ends when the residual has shrunk to this share.
const CLOSE: f64 = 1e-10;
/// Steps of one search; grids of tables take a few dozen.
const STEPS: usize = 400;

/// Relations and variances, ready for estimates.
#[derive(Debug)]
pub struct Averaging<'a> {
    relations: &'a [Relation],
    variance: Vec<f64>,
    /// Diagonal of R V Rᵀ, for scaling.
    diagonal: Vec<f64>,
    /// Per cell, the relations it is in, with coefficients.
    of_cell: Vec<Vec<(usize, f64)>>,
}

impl<'a> Averaging<'a> {
    /// Takes the relations and, per cell, the variance of its noise; infinite where it is not published.
    pub fn new(relations: &'a [Relation], variance: &[f64]) -> Averaging<'a> {
        let most = variance.iter().copied().filter(|v| v.is_finite()).fold(0.0, f64::max);
        let variance: Vec<f64> =
            variance.iter().map(|&v| if v.is_finite() { v } else { most.max(1e-12) * UNPUBLISHED }).collect();
        let mut of_cell = vec![Vec::new(); variance.len()];
        let mut diagonal = Vec::with_capacity(relations.len());
        for (r, relation) in relations.iter().enumerate() {
            let mut sum = 0.0;
            for &(cell, k) in &relation.terms {
                let k = k as f64;
                of_cell[cell].push((r, k));
                sum += k * k * variance[cell];
            }
            diagonal.push(if sum > 0.0 { sum } else { 1.0 });
        }
        Averaging { relations, variance, diagonal, of_cell }
    }

    /// The variance of the best estimate of each of these cells that the search finds; at least that of the very best.
    pub fn variances(&self, cells: &[CellId]) -> Vec<f64> {
        cells.par_iter().map(|&cell| self.best(cell)).collect()
    }

    /// R V w for weights w.
    fn through(&self, weights: &[f64]) -> Vec<f64> {
        let row = |relation: &Relation| -> f64 {
            relation.terms.iter().map(|&(c, k)| k as f64 * self.variance[c] * weights[c]).sum()
        };
        self.relations.iter().map(row).collect()
    }

    /// Rᵀ λ.
    fn back(&self, multipliers: &[f64]) -> Vec<f64> {
        self.of_cell.iter().map(|uses| uses.iter().map(|&(r, k)| k * multipliers[r]).sum()).collect()
    }

    fn variance_of(&self, weights: &[f64]) -> f64 {
        weights.iter().zip(&self.variance).map(|(w, v)| w * w * v).sum()
    }

    fn best(&self, cell: CellId) -> f64 {
        let mut weights = vec![0.0; self.variance.len()];
        weights[cell] = 1.0;
        // conjugate gradients on R V Rᵀ λ = -R V e, each step a change of the weights
        let mut residual: Vec<f64> = self.through(&weights).into_iter().map(|x| -x).collect();
        let scaled = |r: &[f64]| -> Vec<f64> { r.iter().zip(&self.diagonal).map(|(r, d)| r / d).collect() };
        let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
        let mut direction = scaled(&residual);
        let mut size = dot(&residual, &direction);
        let begin = size;
        for _ in 0..STEPS {
            if size <= begin * CLOSE * CLOSE || size <= f64::MIN_POSITIVE {
                break;
            }
            let change = self.back(&direction);
            let across = self.through(&change);
            let curve = dot(&direction, &across);
            if curve <= 0.0 || !curve.is_finite() {
                break;
            }
            let step = size / curve;
            weights.iter_mut().zip(&change).for_each(|(w, c)| *w += step * c);
            residual.iter_mut().zip(&across).for_each(|(r, a)| *r -= step * a);
            let next = scaled(&residual);
            let grown = dot(&residual, &next);
            let keep = grown / size;
            direction.iter_mut().zip(&next).for_each(|(d, n)| *d = n + keep * *d);
            size = grown;
        }
        self.variance_of(&weights)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A total and its parts, each with noise of variance 1: a total keeps n / (n + 1), and so does a part.
    #[test]
    fn flat_tables() {
        for n in [2usize, 3, 10] {
            let relations = [Relation::total(n, 0..n)];
            let averaging = Averaging::new(&relations, &vec![1.0; n + 1]);
            let expect = n as f64 / (n as f64 + 1.0);
            for v in averaging.variances(&[n, 0]) {
                assert!((v - expect).abs() < 1e-9, "{n}: {v}");
            }
        }
    }

    /// In several dimensions the shares multiply: 2 x 3 with all margins, and 2 x 2 x 2.
    #[test]
    fn grids() {
        for dims in [vec![2usize, 3], vec![2, 2, 2]] {
            let sizes: Vec<usize> = dims.iter().map(|d| d + 1).collect();
            let len: usize = sizes.iter().product();
            let mut relations = Vec::new();
            let mut stride = 1;
            for &size in &sizes {
                for p in (0..len).filter(|p| p / stride % size == size - 1) {
                    let origin = p - (size - 1) * stride;
                    relations.push(Relation::total(p, (0..size - 1).map(|i| origin + i * stride)));
                }
                stride *= size;
            }
            let averaging = Averaging::new(&relations, &vec![2.0; len]);
            let expect: f64 = dims.iter().map(|&d| d as f64 / (d as f64 + 1.0)).product::<f64>() * 2.0;
            let found = averaging.variances(&[0, len - 1]);
            assert!(found.iter().all(|v| (v - expect).abs() < 1e-8), "{dims:?}: {found:?} {expect}");
        }
    }

    /// One margin over several partitions: k partitions of n parts each, and the margin itself, give 1 / (1 + k / n). What is not
    /// published helps nobody.
    #[test]
    fn the_same_margin_over_partitions() {
        let (n, k) = (2usize, 6usize);
        let total = n * k;
        let relations: Vec<Relation> = (0..k).map(|i| Relation::total(total, i * n..(i + 1) * n)).collect();
        let mut variance = vec![1.0; total + 1];
        let found = Averaging::new(&relations, &variance).variances(&[total])[0];
        assert!((found - 1.0 / (1.0 + k as f64 / n as f64)).abs() < 1e-9, "{found}");
        // with one part unpublished in each partition but the first, only that one is left
        (1..k).for_each(|i| variance[i * n] = f64::INFINITY);
        let found = Averaging::new(&relations, &variance).variances(&[total])[0];
        assert!((found - 1.0 / (1.0 + 1.0 / n as f64)).abs() < 1e-4, "{found}");
    }
}
