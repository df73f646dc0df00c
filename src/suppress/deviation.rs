//! How far cells can move: alternative tables as differences `y` to the true one.
//!
//! `M y = 0` for all relations, `-LB ≤ y ≤ UB` for cells that are not published, `y = 0` for the others, where `LB` and
//! `UB` are the distances of the true value to what the intruder takes for possible beforehand.

use crate::model::{CellId, Interval, Relation, Treatment, Want};

use super::Problem;

/// How far a demand needs its cell to move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Level {
    /// Upwards.
    pub up: i64,
    /// Downwards.
    pub down: i64,
    /// Up and down together.
    pub spread: i64,
}

/// The room each cell has, and the levels to be reached.
pub(super) struct Room {
    /// The relations, those of demanded forms included.
    pub relations: Vec<Relation>,
    /// Per cell, how far it can go down and up when it is not published; `None` is without bound.
    pub free: Vec<(Option<i64>, Option<i64>)>,
    /// Cells (and forms) that are demanded of, each once, with the highest level asked.
    pub targets: Vec<(CellId, Level)>,
    /// Per cell, whether it is not published whatever is chosen.
    pub open: Vec<bool>,
}

impl Room {
    pub fn new(problem: &Problem) -> Room {
        let (relations, cells, forms) = problem.with_forms();
        let known = problem.system.cells.len();
        let all_withheld: Vec<Treatment> = problem.treatments(&vec![true; known]);
        let mut free = Vec::with_capacity(cells);
        let mut open = Vec::with_capacity(cells);
        for (c, &treatment) in all_withheld.iter().enumerate() {
            let value = problem.truth[c];
            let domain = problem.attacker.domain(problem.system, c, treatment);
            free.push((domain.lo.map(|lo| (value - lo).max(0)), domain.hi.map(|hi| (hi - value).max(0))));
            open.push(problem.primary[c] || matches!(treatment, Treatment::Hide));
        }
        free.resize(cells, (None, None));
        open.resize(cells, true);
        let mut levels = std::collections::BTreeMap::new();
        for (demand, &target) in problem.demands.iter().zip(&forms) {
            let value = demand.form.iter().map(|&(c, k)| k * problem.truth[c]).sum();
            let level = levels.entry(target).or_insert(Level { up: 0, down: 0, spread: 0 });
            match demand.want {
                Want::Within(bounds) => {
                    let (up, down) = distance(bounds, value);
                    level.up = level.up.max(up);
                    level.down = level.down.max(down);
                }
                Want::Spread(width) => level.spread = level.spread.max(width),
            }
        }
        Room { relations, free, targets: levels.into_iter().collect(), open }
    }
}

/// How far a value must go up or down to lie within bounds.
pub(super) fn distance(bounds: Interval, value: i64) -> (i64, i64) {
    let up = bounds.lo.map_or(0, |lo| lo.saturating_sub(value).max(0));
    let down = bounds.hi.map_or(0, |hi| value.saturating_sub(hi).max(0));
    (up, down)
}
