//! The distribution of noise that is least certain, given what it must hold: maximum entropy under linear conditions.
//!
//! Σ p ln p is least subject to Σ p = 1, Σ v p = 0, Σ v² p ≤ V (or = V), optionally p(v) not falling with v up to v = 0,
//! and p(0) at least some share. The problem is strictly convex, so the multipliers prove the solution:
//!
//! 1. Which inequalities hold with equality is guessed; p that are tied to each other form groups.
//! 2. Under the guess p is an exponential family, ln p = α + λ v + μ v² (means over a group). Newton's method finds λ and
//!    μ: two numbers, whatever the support.
//! 3. A condition that is violated joins the guess, one with a multiplier of the wrong sign leaves it. When neither is
//!    left, p is the optimum, and the conditions are checked to 1e-12 once more.

/// How closely the conditions must hold in the end.
const CLOSE: f64 = 1e-12;
/// What counts as violated on the way.
const SLACK: f64 = 1e-13;

/// What a distribution of noise must hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Conditions {
    /// The noise, rising.
    pub support: Vec<f64>,
    /// Its variance.
    pub variance: f64,
    /// Whether the variance is that, instead of at most that.
    pub exact: bool,
    /// Whether no noise below 0 may be less likely than a smaller one.
    pub monotone: bool,
    /// The least probability of no noise.
    pub stay: f64,
}

/// Which inequalities hold with equality.
struct Guess {
    variance: bool,
    stay: bool,
    /// Per point but the last, whether it is as likely as the next.
    ties: Vec<bool>,
}

/// A distribution under a guess, with its multipliers.
struct Solved {
    p: Vec<f64>,
    /// The multiplier of the variance; not above 0 where it is a bound that holds.
    variance: f64,
    /// That of the least probability of no noise.
    stay: f64,
    /// Those of the ties.
    ties: Vec<f64>,
}

/// A run of points that are tied to each other.
struct Group {
    from: usize,
    to: usize,
    weight: f64,
    first: f64,
    second: f64,
    fixed: bool,
}

impl Conditions {
    /// The most uncertain distribution: a probability per point of the support.
    ///
    /// # Errors
    /// With the least variance that any distribution on the support with mean 0 has, if no distribution holds the
    /// conditions.
    pub fn solve(&self) -> Result<Vec<f64>, f64> {
        let infeasible = || self.least_variance();
        let ties = vec![false; self.support.len().saturating_sub(1)];
        let mut guess = Guess { variance: self.exact, stay: false, ties };
        for _ in 0..8 * (self.support.len() + 2) {
            let solved = self.under(&guess).ok_or_else(infeasible)?;
            if self.add_violated(&solved, &mut guess) || self.drop_wrong(&solved, &mut guess) {
                continue;
            }
            return if self.holds(&solved.p) { Ok(solved.p) } else { Err(infeasible()) };
        }
        Err(infeasible())
    }

    /// Where the support has no noise at all.
    fn zero(&self) -> Option<usize> {
        self.support.iter().position(|&v| v == 0.0)
    }

    /// Points that may not be more likely than the next one.
    fn rising(&self) -> usize {
        if self.monotone { self.zero().unwrap_or(0) } else { 0 }
    }

    fn moment(&self, p: &[f64], power: i32) -> f64 {
        self.support.iter().zip(p).map(|(v, p)| v.powi(power) * p).sum()
    }

    fn holds(&self, p: &[f64]) -> bool {
        let variance = self.moment(p, 2) - self.variance;
        let close = |x: f64| x.abs() <= CLOSE * self.variance.max(1.0);
        p.iter().all(|p| *p >= 0.0)
            && close(p.iter().sum::<f64>() - 1.0)
            && close(self.moment(p, 1))
            && (close(variance) || (variance < 0.0 && !self.exact))
            && p.iter().zip(p.iter().skip(1)).take(self.rising()).all(|(a, b)| a - b <= CLOSE)
            && self.zero().is_none_or(|z| self.stay - p[z] <= CLOSE)
    }

    /// The least variance with mean 0: all on the two points nearest to 0.
    fn least_variance(&self) -> f64 {
        let below = self.support.iter().rev().find(|v| **v <= 0.0);
        let above = self.support.iter().find(|v| **v >= 0.0);
        match (below, above) {
            (Some(a), Some(b)) => -a * b,
            _ => f64::INFINITY,
        }
    }

    /// Takes the condition that is violated most into the guess.
    fn add_violated(&self, solved: &Solved, guess: &mut Guess) -> bool {
        if !guess.variance && self.moment(&solved.p, 2) > self.variance + SLACK {
            guess.variance = true;
            return true;
        }
        if let Some(z) = self.zero()
            && !guess.stay
            && solved.p[z] < self.stay - SLACK
        {
            guess.stay = true;
            return true;
        }
        let over = |k: usize| solved.p[k] - solved.p[k + 1];
        let worst = (0..self.rising()).filter(|&k| !guess.ties[k]).max_by(|&a, &b| over(a).total_cmp(&over(b)));
        match worst.filter(|&k| over(k) > SLACK) {
            Some(k) => guess.ties[k] = true,
            None => return false,
        }
        true
    }

    /// Drops a condition that only holds with equality because the guess says so.
    fn drop_wrong(&self, solved: &Solved, guess: &mut Guess) -> bool {
        if guess.variance && !self.exact && solved.variance > SLACK {
            guess.variance = false;
            return true;
        }
        if guess.stay && solved.stay < -SLACK {
            guess.stay = false;
            return true;
        }
        let held = (0..guess.ties.len()).filter(|&k| guess.ties[k]);
        let worst = held.min_by(|&a, &b| solved.ties[a].total_cmp(&solved.ties[b]));
        match worst.filter(|&k| solved.ties[k] < -SLACK) {
            Some(k) => guess.ties[k] = false,
            None => return false,
        }
        true
    }

    fn groups(&self, guess: &Guess) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for (k, v) in self.support.iter().enumerate() {
            let tied = k > 0 && guess.ties[k - 1];
            let fixed = guess.stay && self.zero() == Some(k);
            match groups.last_mut().filter(|_| tied) {
                Some(group) => {
                    group.to = k;
                    group.weight += 1.0;
                    group.first += v;
                    group.second += v * v;
                    group.fixed |= fixed;
                }
                None => groups.push(Group { from: k, to: k, weight: 1.0, first: *v, second: v * v, fixed }),
            }
        }
        groups
    }

    /// The optimum if just the conditions of the guess hold with equality; `None` if there is none.
    fn under(&self, guess: &Guess) -> Option<Solved> {
        let groups = self.groups(guess);
        let fixed = groups.iter().find(|g| g.fixed);
        let taken = |of: fn(&Group) -> f64| fixed.map_or(0.0, |g| self.stay * of(g));
        let free: Vec<&Group> = groups.iter().filter(|g| !g.fixed).collect();
        let mass = 1.0 - taken(|g| g.weight);
        if mass <= 0.0 || free.is_empty() {
            return None;
        }
        let family = Family {
            weights: free.iter().map(|g| g.weight).collect(),
            means: free.iter().map(|g| [g.first / g.weight, g.second / g.weight]).collect(),
            target: [-taken(|g| g.first) / mass, (self.variance - taken(|g| g.second)) / mass],
            both: guess.variance,
        };
        let [lambda, mu] = family.fit()?;
        let alpha = mass.ln() - family.log_sum([lambda, mu]);
        let linear = |k: usize| alpha + lambda * self.support[k] + mu * self.support[k].powi(2);
        let mut solved =
            Solved { p: vec![0.0; self.support.len()], variance: mu, stay: 0.0, ties: vec![0.0; guess.ties.len()] };
        for group in &groups {
            let all: f64 = (group.from..=group.to).map(linear).sum();
            let log = if group.fixed { self.stay.ln() } else { all / group.weight };
            if group.fixed {
                solved.stay = group.weight * log - all;
            }
            let mut held = 0.0;
            for k in group.from..=group.to {
                solved.p[k] = log.exp();
                let stay = if group.fixed && self.zero() == Some(k) { solved.stay } else { 0.0 };
                held += linear(k) + stay - log;
                if k < group.to {
                    solved.ties[k] = held;
                }
            }
        }
        Some(solved)
    }
}

/// A family of distributions over groups: weight · exp(x · means), with wanted means.
struct Family {
    weights: Vec<f64>,
    means: Vec<[f64; 2]>,
    target: [f64; 2],
    /// Whether both means are wanted, or only the first.
    both: bool,
}

impl Family {
    fn exponents(&self, x: [f64; 2]) -> impl Iterator<Item = f64> + '_ {
        self.weights.iter().zip(&self.means).map(move |(w, m)| w.ln() + x[0] * m[0] + x[1] * m[1])
    }

    fn log_sum(&self, x: [f64; 2]) -> f64 {
        let most = self.exponents(x).fold(f64::NEG_INFINITY, f64::max);
        most + self.exponents(x).map(|e| (e - most).exp()).sum::<f64>().ln()
    }

    /// What Newton's method makes least.
    fn value(&self, x: [f64; 2]) -> f64 {
        self.log_sum(x) - x[0] * self.target[0] - x[1] * self.target[1]
    }

    /// How far the means are off, and their covariances.
    fn slopes(&self, x: [f64; 2]) -> ([f64; 2], [f64; 3]) {
        let total = self.log_sum(x);
        let q: Vec<f64> = self.exponents(x).map(|e| (e - total).exp()).collect();
        let mean = |i: usize| q.iter().zip(&self.means).map(|(q, m)| q * m[i]).sum::<f64>();
        let means = [mean(0), mean(1)];
        let cov = |i: usize, j: usize| {
            let each = q.iter().zip(&self.means).map(|(q, m)| q * (m[i] - means[i]) * (m[j] - means[j]));
            each.sum::<f64>()
        };
        let off = [means[0] - self.target[0], if self.both { means[1] - self.target[1] } else { 0.0 }];
        (off, [cov(0, 0), cov(0, 1), cov(1, 1)])
    }

    /// The parameters that give the wanted means; `None` if none do.
    fn fit(&self) -> Option<[f64; 2]> {
        let scale = self.target[1].abs().max(1.0);
        let mut x = [0.0, 0.0];
        for _ in 0..200 {
            let (off, cov) = self.slopes(x);
            let step = if self.both {
                let det = cov[0] * cov[2] - cov[1] * cov[1];
                [(cov[2] * off[0] - cov[1] * off[1]) / det, (cov[0] * off[1] - cov[1] * off[0]) / det]
            } else {
                [off[0] / cov[0], 0.0]
            };
            if !step.iter().all(|s| s.is_finite()) {
                break;
            }
            let slope = off[0] * step[0] + off[1] * step[1];
            let before = self.value(x);
            let mut length = 1.0;
            let next = loop {
                let next = [x[0] - length * step[0], x[1] - length * step[1]];
                if self.value(next) <= before - 1e-4 * length * slope {
                    break Some(next);
                }
                length /= 2.0;
                if length < 1e-10 {
                    break None;
                }
            };
            match next {
                Some(next) if next != x => x = next,
                // no step makes it less: this is as near as numbers come
                _ => {
                    let polished = [x[0] - step[0], x[1] - step[1]];
                    if self.off(polished) < self.off(x) {
                        x = polished;
                        continue;
                    }
                    break;
                }
            }
            if x.iter().any(|x| x.abs() > 1e4) {
                return None;
            }
        }
        (self.off(x) <= CLOSE * scale / 4.0).then_some(x)
    }

    fn off(&self, x: [f64; 2]) -> f64 {
        let (off, _) = self.slopes(x);
        off[0].abs().max(off[1].abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(lo: i32, hi: i32, variance: f64) -> Conditions {
        let support = (lo..=hi).map(f64::from).collect();
        Conditions { support, variance, exact: false, monotone: true, stay: 0.0 }
    }

    fn close(p: &[f64], expect: &[f64], within: f64) {
        assert_eq!(p.len(), expect.len());
        assert!(p.iter().zip(expect).all(|(a, b)| (a - b).abs() < within), "{p:?} {expect:?}");
    }

    /// The published examples of the R package ptable (its vignette, D = 2 and V = 1), and those for V = 0.9.
    #[test]
    fn published_tables() {
        close(&row(-1, 2, 1.0).solve().unwrap(), &[0.36649, 0.36649, 0.16757, 0.09946], 6e-6);
        close(&row(-2, 2, 1.0).solve().unwrap(), &[0.06383, 0.24469, 0.38296, 0.24469, 0.06383], 6e-6);
        close(&row(-1, 2, 0.9).solve().unwrap(), &[0.3625, 0.3625, 0.1875, 0.0875], 1e-12);
        close(&row(-2, 2, 0.9).solve().unwrap(), &[0.05155, 0.24382, 0.40928, 0.24382, 0.05155], 6e-6);
    }

    /// No distribution that holds the conditions has more entropy: every small move along them that is allowed loses
    /// some. The moves are found from the support alone.
    #[test]
    fn nothing_is_less_certain() {
        let entropy = |p: &[f64]| -p.iter().map(|p| if *p > 0.0 { p * p.ln() } else { 0.0 }).sum::<f64>();
        let mut tried = 0;
        for (lo, hi) in [(-1, 2), (-1, 5), (-3, 3), (-4, 5), (-8, 8), (-2, 10)] {
            for variance in [0.5, 1.0, 2.0, 3.5] {
                for (stay, monotone, exact) in
                    [(0.0, true, false), (0.5, true, false), (0.3, false, true), (0.0, false, false)]
                {
                    let conditions = Conditions { stay, monotone, exact, ..row(lo, hi, variance) };
                    let Ok(p) = conditions.solve() else { continue };
                    tried += 1;
                    let n = p.len();
                    for (a, b, c, d) in
                        [(0, 1, 2, 3), (0, 1, n - 2, n - 1), (0, n / 2, n / 2 + 1, n - 1), (1, 2, 0, n - 1)]
                    {
                        if (a.max(b)).max(c.max(d)) >= n
                            || [a, b, c, d].iter().collect::<std::collections::BTreeSet<_>>().len() < 4
                        {
                            continue;
                        }
                        // a move that keeps sum and mean: solve for the weights of c and d
                        let v = |k: usize| conditions.support[k];
                        for along in [1.0, -1.0] {
                            for (x, y) in [(1.0, 0.0), (0.0, 1.0), (1.0, -1.0), (1.0, 1.0)] {
                                let (sum, mean) = (x + y, x * v(a) + y * v(b));
                                let wd = (sum * v(c) - mean) / (v(d) - v(c));
                                let mut q = p.clone();
                                for (k, w) in [(a, x), (b, y), (c, -sum - wd), (d, wd)] {
                                    q[k] += along * 1e-5 * w;
                                }
                                if conditions.holds(&q) {
                                    assert!(entropy(&q) <= entropy(&p) + 1e-13, "{conditions:?} {p:?} {q:?}");
                                }
                            }
                        }
                    }
                }
            }
        }
        assert!(tried > 60, "{tried}");
    }

    /// What can't be held is refused with the least variance there is: from 1, with 1 to 2 blocked, noise is -1 or 2 at
    /// least.
    #[test]
    fn infeasible() {
        let support = vec![-1.0, 2.0, 3.0, 4.0];
        let conditions = Conditions { support, variance: 1.0, exact: false, monotone: true, stay: 0.0 };
        assert_eq!(conditions.solve(), Err(2.0));
        assert!(Conditions { variance: 2.1, ..conditions }.solve().is_ok());
    }

    /// The least share that stays is kept, where a larger one is not better anyway.
    #[test]
    fn staying() {
        let z = |c: &Conditions| c.solve().map(|p| p[c.zero().unwrap()]).unwrap();
        assert!((z(&Conditions { stay: 0.5, ..row(-5, 5, 3.0) }) - 0.5).abs() < 1e-12);
        let free = z(&row(-2, 2, 0.9));
        assert!((z(&Conditions { stay: 0.3, ..row(-2, 2, 0.9) }) - free).abs() < 1e-12);
    }
}
