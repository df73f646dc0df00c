//! Differences of printed groups of which one lies in the other only because of printed zeros: all of the young in the North are
//! women if there are no men in the North.

use std::collections::BTreeSet;

use crate::model::{Block, CellId, System};

use super::groups::Difference;

/// The largest grid that is looked at.
const CELLS: usize = 3_000;
/// The most printed cells in it.
const PRINTED: usize = 400;

/// Differences whose rest is neither a cell of its grid nor made up by printed cells of one table; only those of which `wanted`
/// says so of the amount. Every zero that is printed stays printed.
pub fn differences_by_zeros(
    system: &System,
    printed: impl Fn(CellId) -> bool,
    wanted: impl Fn(CellId, i64) -> bool,
) -> Vec<Difference> {
    let mut found = BTreeSet::new();
    for block in system.blocks.iter().filter(|b| b.cells.len() <= CELLS && b.dims.iter().all(|d| !d.ids.1.is_empty())) {
        let shown: Vec<usize> = (0..block.cells.len()).filter(|&p| printed(block.cells[p])).collect();
        if shown.len() > PRINTED {
            continue;
        }
        let zero = |&&p: &&usize| system.value(block.cells[p]) == 0;
        let grid = Live::new(block, shown.iter().filter(zero).copied());
        for &part in shown.iter().filter(|p| !zero(p)) {
            for &whole in shown.iter().filter(|&&w| w != part) {
                let (a, b) = (block.cells[whole], block.cells[part]);
                let amount = system.value(a).saturating_sub(system.value(b));
                if amount < 0 || !wanted(a, amount) || grid.lies_in(part, whole) {
                    continue;
                }
                let rest = grid.rest(whole, part).filter(|rest| !grid.is_told(system, block, &shown, rest));
                found.extend(rest.map(|_| Difference { whole: a, part: b }));
            }
        }
    }
    found.into_iter().collect()
}

/// The finest positions of each cell of a grid.
struct Live {
    /// All of them, sorted.
    all: Vec<Vec<usize>>,
    /// Those of which nothing says that they are empty.
    live: Vec<Vec<usize>>,
}

impl Live {
    fn new(block: &Block, zeros: impl Iterator<Item = usize>) -> Live {
        let strides = block.strides();
        let of = |position: usize| -> Vec<usize> {
            let mut atoms = vec![0];
            for (d, dim) in block.dims.iter().enumerate() {
                let below = block.atoms_below(d, position / strides[d] % dim.nodes);
                atoms = atoms
                    .iter()
                    .flat_map(|p| below.iter().map(move |&a| (p, a)))
                    .map(|(p, a)| p + a * strides[d])
                    .collect();
            }
            atoms.sort_unstable();
            atoms
        };
        let all: Vec<Vec<usize>> = (0..block.cells.len()).map(of).collect();
        let mut dead = vec![false; block.cells.len()];
        zeros.for_each(|z| all[z].iter().for_each(|&a| dead[a] = true));
        let live = all.iter().map(|atoms| atoms.iter().copied().filter(|&a| !dead[a]).collect()).collect();
        Live { all, live }
    }

    /// Whether one cell lies in another whatever is printed.
    fn lies_in(&self, part: usize, whole: usize) -> bool {
        within(&self.all[part], &self.all[whole])
    }

    /// What is left of one cell without another that lies in it.
    fn rest(&self, whole: usize, part: usize) -> Option<Vec<usize>> {
        let (a, b) = (&self.live[whole], &self.live[part]);
        (b.len() < a.len() && within(b, a)).then(|| a.iter().copied().filter(|p| b.binary_search(p).is_err()).collect())
    }

    /// Whether a rest is a cell, or made up by printed cells of one table.
    fn is_told(&self, system: &System, block: &Block, shown: &[usize], rest: &Vec<usize>) -> bool {
        if self.live.contains(rest) {
            return true;
        }
        let parts: Vec<usize> = shown.iter().copied().filter(|&p| within(&self.live[p], rest)).collect();
        let places = |p: usize| system.cells[block.cells[p]].places.iter().filter(|p| p.shown).map(|p| p.table);
        let tables: BTreeSet<usize> = parts.iter().flat_map(|&p| places(p)).collect();
        tables.into_iter().any(|t| {
            let own = parts.iter().filter(|&&p| places(p).any(|table| table == t));
            own.flat_map(|&p| &self.live[p]).collect::<BTreeSet<_>>().len() == rest.len()
        })
    }
}

fn within(part: &[usize], whole: &[usize]) -> bool {
    part.len() <= whole.len() && part.iter().all(|p| whole.binary_search(p).is_ok())
}
