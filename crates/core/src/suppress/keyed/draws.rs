//! What the key says of each cell: how dear it is this time, whether it is withheld in any case, whether it is treated as if it
//! were unsafe.
//!
//! Only `+ * /` and square roots are used, which are the same on every machine.

use crate::model::CellId;
use crate::secret::{Draw, Key};

use super::super::Problem;
use super::Bands;

/// What the numbers are drawn for.
const PURPOSE: &str = "choice of withheld cells";
/// The same for unsafe cells.
const FARTHER: &str = "how far unsafe cells reach";
/// So often an unsafe cell is to reach farther than its band, by up to the width of the band.
const FAR: f64 = 0.20;
/// So many of them are on average, at most: where many cells are unsafe, there are many tables that fit, and it would be dear.
const MOST_FAR: f64 = 1.0;
/// A safe value right above what the rules hide is treated as unsafe this often; each further value less often by a factor.
const AS_IF: (f64, f64) = (0.06, 0.72);
/// The share of cells with the largest value that the rules hide that are withheld without need; with the square of the
/// value it falls.
const SPARE: f64 = 0.04;
/// Where other ways to a closed pattern fail, cells that another table may have unsafe are so many times as dear.
const SHY: f64 = 16.0;
/// Costs are spread over so many levels at least, as long as the largest stays below [`LARGEST`].
const LEVELS: i64 = 1_000;
/// Costs are kept below this, so that solvers tell them apart.
const LARGEST: i64 = 1_000_000;

/// What the key says of the cells of a problem.
pub(super) struct Draws {
    /// Per cell, what its cost is multiplied by; one half or less for every twentieth cell or so, twice or more for as many.
    factor: Vec<f64>,
    /// Per cell, whether its value is so near what the rules hide that another table may have an unsafe one there.
    near: Vec<bool>,
    /// Cells that are withheld whether or not it takes them.
    pub spare: Vec<CellId>,
    /// Safe cells that are treated as if they were unsafe.
    pub as_if: Vec<CellId>,
    /// Unsafe cells that are to reach a value beyond their band.
    pub far: Vec<(CellId, i64)>,
}

impl Draws {
    /// The draws of every cell that may be withheld for others. A cell is known by its words, so that it gets the same numbers in
    /// whatever release it stands.
    pub fn of(problem: &Problem, bands: &Bands, key: &Key) -> Draws {
        let cells = problem.cost.len();
        let mut draws = Draws {
            factor: vec![1.0; cells],
            near: vec![false; cells],
            spare: Vec::new(),
            as_if: Vec::new(),
            far: Vec::new(),
        };
        for cell in problem.candidates() {
            let mut draw = key.draw(PURPOSE, identity(problem, cell).as_bytes());
            let (price, spare, as_if) = (unit(&mut draw), unit(&mut draw), unit(&mut draw));
            if let Some(factor) = draws.factor.get_mut(cell) {
                *factor = spread(price);
            }
            let top = bands.of(problem, cell).map(|band| band.1);
            if let (Some(factor), Some(top), Some(&value)) = (draws.factor.get_mut(cell), top, problem.truth.get(cell))
            {
                *factor *= tilt(value, top);
            }
            if let Some(near) = draws.near.get_mut(cell) {
                *near = bands.is_near(problem, cell);
            }
            let Some(value) = problem.truth.get(cell).copied().filter(|_| !problem.kept.get(cell).is_some_and(|&k| k))
            else {
                continue;
            };
            if spare < spare_share(value, top.unwrap_or(1)) {
                draws.spare.push(cell);
            }
            if top.is_some_and(|top| as_if < as_if_share(value, top)) {
                draws.as_if.push(cell);
            }
        }
        let far = FAR.min(MOST_FAR / problem.bands.len().max(1) as f64);
        for &(cell, lo, hi) in &problem.bands {
            let u = unit(&mut key.draw(FARTHER, identity(problem, cell).as_bytes()));
            if u < far {
                let width = hi.saturating_sub(lo).saturating_add(1);
                let steps = 1 + (width as f64 * u / far) as i64;
                draws.far.push((cell, hi.saturating_add(steps)));
            }
        }
        draws
    }

    /// The costs of a problem as the key has them. `shy`: cells that another table may have unsafe are taken last.
    pub fn costs(&self, problem: &Problem, shy: bool) -> Vec<i64> {
        let largest = problem.candidates().filter_map(|c| problem.cost.get(c)).copied().max().unwrap_or(1).max(1);
        let scale = (LARGEST / largest).clamp(1, LEVELS) as f64;
        let dearer = |near: bool| if shy && near { SHY } else { 1.0 };
        let costs = problem.cost.iter().zip(&self.factor).zip(&self.near);
        // `as` keeps what is too large at the largest number there is
        costs.map(|((&cost, factor), &near)| ((cost as f64 * scale * factor * dearer(near)) as i64).max(1)).collect()
    }
}

/// What a cell is known by.
fn identity(problem: &Problem, cell: CellId) -> String {
    let measure = problem.system.cells.get(cell).map_or(0, |c| c.measure);
    format!("{measure}\0{}", problem.system.words(cell))
}

/// A number between 0 and 1, neither of them.
fn unit(draw: &mut Draw) -> f64 {
    ((draw.bits() >> 11) as f64 + 0.5) / 9_007_199_254_740_992.0
}

/// A factor from a number between 0 and 1: the fourth root of its odds.
fn spread(u: f64) -> f64 {
    (u / (1.0 - u)).sqrt().sqrt()
}

/// Small safe cells are somewhat cheaper than large ones: those that could as well be unsafe are in few patterns without.
fn tilt(value: i64, top: i64) -> f64 {
    (value.max(1) as f64 / top.max(1) as f64).sqrt().sqrt()
}

/// How often a cell of this value is withheld without need, where `top` is the largest value that the rules hide.
fn spare_share(value: i64, top: i64) -> f64 {
    let ratio = top.max(1) as f64 / value.max(1) as f64;
    SPARE * (ratio * ratio).min(1.0)
}

/// How often a safe cell of this value is treated as unsafe.
fn as_if_share(value: i64, top: i64) -> f64 {
    match value.saturating_sub(top) {
        steps @ 1..=64 => (1..steps).fold(AS_IF.0, |share, _| share * AS_IF.1),
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Factors are as often above one as below, and every twentieth is 2 or more.
    #[test]
    fn spread_is_even() {
        assert!((spread(0.5) - 1.0).abs() < 1e-12);
        for u in [0.001, 0.1, 0.3] {
            assert!((spread(u) * spread(1.0 - u) - 1.0).abs() < 1e-9, "{u}");
        }
        assert!(spread(0.941) < 2.0 && spread(0.942) > 2.0);
    }

    /// What is far from small is hardly ever withheld without need, but may be; what is not above the band is never as if.
    #[test]
    fn shares_fall() {
        assert!(spare_share(4, 4) > spare_share(5, 4) && spare_share(1_000_000, 4) > 0.0);
        assert!(as_if_share(5, 4) > as_if_share(6, 4) && as_if_share(4, 4) == 0.0 && as_if_share(500, 4) == 0.0);
    }
}
