//! A walk from truth to truth: other truths that fit all that is known, found by small moves. What it meets is possible;
//! what it does not meet is asked of a solver.

use super::algebra::Equations;
use super::reader::{Reader, Row};
use crate::random::Rng;

/// What the truths that were met say of some groups.
#[derive(Clone, Debug)]
pub struct Met {
    pub lo: Vec<i64>,
    pub hi: Vec<i64>,
    /// Values below 64, a bit each.
    small: Vec<u64>,
}

impl Met {
    pub fn value(&self, group: usize, v: i64) -> bool {
        (0..64).contains(&v) && self.small[group] >> v & 1 == 1
    }

    fn see(&mut self, values: &[i64]) {
        for (g, v) in values.iter().enumerate() {
            self.lo[g] = self.lo[g].min(*v);
            self.hi[g] = self.hi[g].max(*v);
            if (0..64).contains(v) {
                self.small[g] |= 1 << v;
            }
        }
    }
}

/// A move, and what it does to variables, bounded rows and groups.
#[derive(Clone, Debug)]
struct Move(Vec<i64>);

/// Walks so many steps.
pub fn walk(reader: &Reader, equations: &Equations, groups: &[Vec<(usize, i64)>], steps: usize, seed: u64) -> Met {
    let bounded: Vec<&Row> = reader.rows.iter().filter(|r| r.lo != r.hi).collect();
    let n = reader.truth.len();
    // variables, rows, groups: one long vector, so that a move is an addition
    let long = |vector: &[i64]| {
        let sum = |terms: &[(usize, i64)]| terms.iter().map(|(v, k)| k * vector[*v]).sum::<i64>();
        let rows = bounded.iter().map(|r| sum(&r.terms));
        vector.iter().copied().chain(rows).chain(groups.iter().map(|g| sum(g))).collect::<Vec<i64>>()
    };
    let start = long(&reader.truth);
    let bounds: Vec<(i64, i64)> =
        (0..n).map(|_| (0, i64::MAX / 4)).chain(bounded.iter().map(|r| (r.lo, r.hi))).collect();
    let first = n + bounded.len();
    let values = |at: &[i64]| at[first..].to_vec();
    let mut met = Met { lo: values(&start), hi: values(&start), small: vec![0; groups.len()] };
    met.see(&values(&start));
    let moves: Vec<Move> = equations.moves().iter().map(|m| Move(long(m))).collect();
    if moves.is_empty() || groups.is_empty() {
        return met;
    }
    let far = 2 * reader.truth.iter().max().copied().unwrap_or(0) + 10;
    let mut rng = Rng(seed);
    let mut at = start.clone();
    for step in 0..steps {
        if step % 60 == 0 {
            at.clone_from(&start);
        }
        let mut by = if step < moves.len() { moves[step].0.clone() } else { moves[rng.below(moves.len())].0.clone() };
        let others = if step < moves.len() { 0 } else { [0, 0, 1, 1, 2, 3][rng.below(6)] };
        for _ in 0..others {
            let sign = if rng.chance(50) { 1 } else { -1 };
            let other = &moves[rng.below(moves.len())].0;
            by.iter_mut().zip(other).for_each(|(a, b)| *a += sign * b);
        }
        let (least, most) = room(&at, &by, &bounds, far);
        if least == 0 && most == 0 {
            continue;
        }
        if step < moves.len() {
            // from the truth as far as each single move goes
            for t in least.max(-12)..=most.min(12) {
                see_at(&mut met, &at, &by, t, first);
            }
            see_at(&mut met, &at, &by, least, first);
            see_at(&mut met, &at, &by, most, first);
            continue;
        }
        let t = match rng.below(6) {
            0 => least,
            1 => most,
            _ => {
                let (a, b) = (least.max(-4), most.min(4));
                a + rng.below((b - a + 1) as usize) as i64
            }
        };
        at.iter_mut().zip(&by).for_each(|(a, b)| *a += t * b);
        met.see(&at[first..]);
    }
    met
}

fn see_at(met: &mut Met, at: &[i64], by: &[i64], t: i64, first: usize) {
    let values: Vec<i64> = at[first..].iter().zip(&by[first..]).map(|(a, b)| a + t * b).collect();
    met.see(&values);
}

/// How often a move can be made, backwards and forwards.
fn room(at: &[i64], by: &[i64], bounds: &[(i64, i64)], far: i64) -> (i64, i64) {
    let (mut least, mut most) = (-far, far);
    for ((a, b), (lo, hi)) in at.iter().zip(by).zip(bounds) {
        if *b > 0 {
            most = most.min((hi - a).div_euclid(*b));
            least = least.max(-((a - lo).div_euclid(*b)));
        } else if *b < 0 {
            most = most.min((a - lo).div_euclid(-b));
            least = least.max(-((hi - a).div_euclid(-b)));
        }
    }
    (least.min(0), most.max(0))
}
