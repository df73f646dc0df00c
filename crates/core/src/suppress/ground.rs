//! What a method moves on: the cells as differences to the truth, and what each demand needs.
//!
//! `M y = 0` for all relations, `-down ≤ y ≤ up` for cells that are not published, `y = 0` for the others, where `down`
//! and `up` are the distances of the true value to what the intruder takes for possible beforehand.

use std::sync::OnceLock;

use crate::model::{CellId, Interval, Relation, Treatment};
use crate::witness::{Frame, Goal, Grids, rank};

use super::Problem;

/// A need: what one demand asks of a move.
#[derive(Clone, Copy, Debug)]
pub(super) struct Need<'p> {
    /// The cell (or the cell that stands for a form) that must move.
    pub target: CellId,
    /// How far.
    pub goal: Goal,
    /// Cells that must not move: the intruder knows them.
    pub knows: &'p [CellId],
}

/// The cells, the relations and the needs of a problem.
pub(super) struct Ground<'p> {
    pub problem: &'p Problem<'p>,
    /// The relations, those of demanded forms included.
    pub relations: Vec<Relation>,
    pub frame: Frame,
    thin: OnceLock<Frame>,
    pub grids: Grids<'p>,
    /// Per cell, how far it can go when it is not published; `i64::MAX` is without bound, 0 where it always is.
    pub up: Vec<i64>,
    pub down: Vec<i64>,
    /// Per cell, whether it is not published whatever is chosen.
    pub open: Vec<bool>,
    /// What the demands need that the truth itself does not give.
    pub needs: Vec<Need<'p>>,
    /// Per need, its demand.
    pub demand_of: Vec<usize>,
}

impl<'p> Ground<'p> {
    pub fn new(problem: &'p Problem<'p>) -> Ground<'p> {
        let (relations, cells, targets) = problem.with_forms();
        let known = problem.system.cells.len();
        let all_withheld: Vec<Treatment> = problem.treatments(&vec![true; known]);
        let (mut up, mut down, mut open) =
            (Vec::with_capacity(cells), Vec::with_capacity(cells), Vec::with_capacity(cells));
        for (c, &treatment) in all_withheld.iter().enumerate() {
            let value = problem.truth[c];
            let hidden = problem.primary[c] || matches!(treatment, Treatment::Hide);
            let domain = match hidden || problem.candidate[c] {
                true => problem.attacker.domain(problem.system, c, treatment),
                false => Interval::exactly(value),
            };
            let (above, below) = domain.room(value);
            up.push(above.max(0));
            down.push(below.max(0));
            open.push(hidden);
        }
        up.resize(cells, i64::MAX);
        down.resize(cells, i64::MAX);
        open.resize(cells, true);
        let (mut needs, mut demand_of) = (Vec::new(), Vec::new());
        for (d, demand) in problem.demands.iter().enumerate() {
            let value: i64 =
                demand.form.iter().map(|&(c, k)| k.saturating_mul(problem.truth[c])).fold(0, i64::saturating_add);
            if let Some(goal) = Goal::of(demand.want, value) {
                needs.push(Need { target: targets[d], goal, knows: &demand.knows });
                demand_of.push(d);
            }
        }
        Ground {
            frame: Frame::new(cells, &relations),
            thin: OnceLock::new(),
            grids: Grids::new(&problem.system.blocks, cells),
            problem,
            relations,
            up,
            down,
            open,
            needs,
            demand_of,
        }
    }

    /// Whether values are amounts to the intruder, and not whole numbers: these go many ways at once, which only programs see.
    pub fn amounts(&self) -> bool {
        !self.problem.attacker.integers
    }

    /// The relations that do not follow from others; all of them where that would take too long to tell.
    pub fn thin(&self) -> &Frame {
        self.thin.get_or_init(|| {
            let terms: Vec<_> = self.relations.iter().map(|r| r.terms.clone()).collect();
            let Some(needed) = rank::independent(&terms, self.cells()) else { return self.frame.clone() };
            let kept: Vec<Relation> = self.relations.iter().zip(needed).filter(|r| r.1).map(|r| r.0.clone()).collect();
            Frame::new(self.cells(), &kept)
        })
    }

    /// Whether a cell can be moved at all.
    pub fn movable(&self, cell: CellId) -> bool {
        self.open[cell] || self.problem.candidate.get(cell).is_some_and(|&c| c)
    }

    /// The number of cells, those that stand for forms included.
    pub fn cells(&self) -> usize {
        self.open.len()
    }
}
