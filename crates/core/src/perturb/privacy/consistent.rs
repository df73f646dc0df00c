//! Noisy finest counts made whole, not negative, additive, and the same in all tables.
//!
//! Grids are taken one after the other. The first keeps its noisy total; its finest counts become the nearest ones
//! that are not negative and add up to it (projection onto a simplex), then whole by largest remainders. A later grid
//! shares margins with those before: within each cell of the finest shared margin its counts are projected onto what
//! stands there already. Tables form a tree of grids (see the linking of tables), so this reaches all of them; in the end
//! every relation is checked.

use std::collections::HashMap;

use super::super::PerturbError;
use crate::model::{Block, CellId, Measure, System};

/// A grid of counts with what each node is made of.
pub(super) struct Grid<'a> {
    block: &'a Block,
    /// Per dimension and node, the finest nodes in it.
    within: Vec<Vec<Vec<usize>>>,
    strides: Vec<usize>,
}

/// The grids of records in a system.
///
/// # Errors
/// If a table counts something else.
pub(super) fn grids(system: &System) -> Result<Vec<Grid<'_>>, PerturbError> {
    let records = |block: &&Block| {
        block.cells.first().is_some_and(|&c| system.measures.get(system.cells[c].measure) == Some(&Measure::Records))
    };
    Ok(system.blocks.iter().filter(records).map(Grid::of).collect())
}

impl<'a> Grid<'a> {
    fn of(block: &'a Block) -> Grid<'a> {
        let within = block.dims.iter().map(|dim| {
            let mut within: Vec<Vec<usize>> = (0..dim.nodes).map(|n| vec![n]).collect();
            // parts stand before what they make up
            let mut families: Vec<_> = dim.families.iter().collect();
            families.sort_by_key(|f| f.total);
            for family in families {
                let mut all: Vec<usize> = family.parts.iter().flat_map(|&p| within[p].clone()).collect();
                all.sort_unstable();
                within[family.total] = all;
            }
            within
        });
        Grid { block, within: within.collect(), strides: block.strides() }
    }

    /// The nodes of a position.
    fn nodes(&self, position: usize) -> Vec<usize> {
        self.block.dims.iter().zip(&self.strides).map(|(dim, stride)| position / stride % dim.nodes).collect()
    }

    fn is_finest(&self, position: usize) -> bool {
        self.nodes(position).iter().zip(&self.within).all(|(&n, within)| within[n].len() == 1 && within[n][0] == n)
    }

    fn positions(&self) -> Vec<usize> {
        (0..self.block.cells.len()).filter(|&p| self.is_finest(p)).collect()
    }

    /// The finest cells.
    pub fn finest(&self) -> Vec<CellId> {
        self.positions().into_iter().map(|p| self.block.cells[p]).collect()
    }

    /// The finest positions in a cell.
    fn parts(&self, position: usize) -> Vec<usize> {
        let mut parts = vec![0];
        for ((node, within), stride) in self.nodes(position).into_iter().zip(&self.within).zip(&self.strides) {
            parts = parts.iter().flat_map(|&p| within[node].iter().map(move |&n| p + n * stride)).collect();
        }
        parts
    }

    /// Every position, added up from the finest ones.
    fn fill(&self, finest: &HashMap<usize, i64>) -> Vec<i64> {
        let mut values = vec![0; self.block.cells.len()];
        finest.iter().for_each(|(&p, &v)| values[p] = v);
        for (dim, stride) in self.block.dims.iter().zip(&self.strides) {
            let mut families: Vec<_> = dim.families.iter().collect();
            families.sort_by_key(|f| f.total);
            for family in families {
                for position in (0..values.len()).filter(|p| p / stride % dim.nodes == family.total) {
                    let origin = position - family.total * stride;
                    values[position] = family.parts.iter().map(|&n| values[origin + n * stride]).sum();
                }
            }
        }
        values
    }
}

/// Consistent counts: per cell, or none for a cell in no grid. `noisy` holds the finest counts of each grid, in the order
/// of the system's grids.
///
/// # Errors
/// If the tables bind each other in a way that this does not reach.
pub fn consistent(system: &System, noisy: &[Vec<i64>]) -> Result<Vec<Option<i64>>, PerturbError> {
    let grids = grids(system)?;
    let mut values: Vec<Option<i64>> = vec![None; system.cells.len()];
    let mut left: Vec<usize> = (0..grids.len()).collect();
    left.sort_by_key(|&g| (std::cmp::Reverse(grids[g].block.cells.len()), g));
    while !left.is_empty() {
        let fitted = left.iter().enumerate().find_map(|(at, &g)| {
            let made = fit(&grids[g], noisy.get(g)?, &values)?;
            Some((at, g, made))
        });
        let Some((at, g, made)) = fitted else {
            return Err(PerturbError::new(
                "the tables can't be made consistent: they share margins in a circle",
                "write consistent = \"no\", or make several releases of the tables",
            ));
        };
        grids[g].block.cells.iter().zip(made).for_each(|(&cell, value)| values[cell] = Some(value));
        left.remove(at);
    }
    let value = |c: CellId| values[c].unwrap_or(0);
    let known = |r: &&crate::model::Relation| r.terms.iter().all(|t| values[t.0].is_some());
    match system.relations.iter().filter(known).all(|r| r.holds(value)) {
        true => Ok(values),
        false => Err(PerturbError::new("the tables could not be made consistent", "write consistent = \"no\"")),
    }
}

/// Sums of what was drawn; a cell of several grids from the first.
///
/// # Errors
/// If a table counts something else.
pub(super) fn as_drawn(system: &System, noisy: &[Vec<i64>]) -> Result<Vec<Option<i64>>, PerturbError> {
    let mut values: Vec<Option<i64>> = vec![None; system.cells.len()];
    for (grid, noisy) in grids(system)?.iter().zip(noisy) {
        let finest = grid.positions().into_iter().zip(noisy.iter().copied()).collect();
        for (&cell, value) in grid.block.cells.iter().zip(grid.fill(&finest)) {
            values[cell].get_or_insert(value);
        }
    }
    Ok(values)
}

/// The values of a grid that fit what is known; `None` if its finest counts can't be made to fit.
fn fit(grid: &Grid, noisy: &[i64], known: &[Option<i64>]) -> Option<Vec<i64>> {
    let positions = grid.positions();
    let drawn: HashMap<usize, i64> = positions.iter().copied().zip(noisy.iter().copied()).collect();
    let mut finest = HashMap::new();
    for (total, parts) in margins(grid, &positions, known)? {
        let noisy: Vec<i64> = parts.iter().map(|p| drawn.get(p).copied().unwrap_or(0)).collect();
        let total = total.unwrap_or_else(|| noisy.iter().sum::<i64>().max(0));
        finest.extend(parts.into_iter().zip(project(&noisy, total)));
    }
    let values = grid.fill(&finest);
    let fits = |(&cell, &value): (&CellId, &i64)| known[cell].is_none_or(|k| k == value);
    grid.block.cells.iter().zip(&values).all(fits).then_some(values)
}

/// Positions that have to add up to something.
type Margin = (Option<i64>, Vec<usize>);

/// The finest margin that is known, with its parts; all together where nothing is known.
fn margins(grid: &Grid, positions: &[usize], known: &[Option<i64>]) -> Option<Vec<Margin>> {
    let of_cell = |p: usize| known[grid.block.cells[p]];
    let mut shared: Vec<(usize, Vec<usize>)> =
        (0..grid.block.cells.len()).filter(|&p| of_cell(p).is_some()).map(|p| (p, grid.parts(p))).collect();
    if shared.is_empty() {
        return Some(vec![(None, positions.to_vec())]);
    }
    shared.sort_by_key(|(p, parts)| (parts.len(), *p));
    let mut home: HashMap<usize, usize> = HashMap::new();
    for (at, (_, parts)) in shared.iter().enumerate() {
        parts.iter().for_each(|&part| {
            home.entry(part).or_insert(at);
        });
    }
    let mut groups: Vec<Margin> = Vec::new();
    for (at, (position, parts)) in shared.iter().enumerate() {
        let own = parts.iter().filter(|p| home.get(p) == Some(&at)).count();
        match own {
            0 => {}
            n if n == parts.len() => groups.push((of_cell(*position), parts.clone())),
            _ => return None,
        }
    }
    let reached = groups.iter().map(|g| g.1.len()).sum::<usize>();
    (reached == positions.len()).then_some(groups)
}

/// The whole numbers, none below 0, that add up to `total` and are nearest to `noisy`: each less the same amount, or 0;
/// what rounding leaves over goes to the largest remainders.
fn project(noisy: &[i64], total: i64) -> Vec<i64> {
    if noisy.is_empty() {
        return Vec::new();
    }
    let mut falling: Vec<i64> = noisy.to_vec();
    falling.sort_unstable_by(|a, b| b.cmp(a));
    let (mut sum, mut less) = (0i128, 0.0);
    for (i, &x) in falling.iter().enumerate() {
        sum += i128::from(x);
        let by = (sum - i128::from(total)) as f64 / (i + 1) as f64;
        if i == 0 || x as f64 > by {
            less = by;
        }
    }
    let exact: Vec<f64> = noisy.iter().map(|&x| (x as f64 - less).max(0.0)).collect();
    let mut whole: Vec<i64> = exact.iter().map(|x| x.floor() as i64).collect();
    let mut order: Vec<usize> = (0..noisy.len()).collect();
    order.sort_by(|&a, &b| (exact[b] - exact[b].floor()).total_cmp(&(exact[a] - exact[a].floor())).then(a.cmp(&b)));
    let mut over = total - whole.iter().sum::<i64>();
    for &at in order.iter().cycle().take(4 * noisy.len()) {
        if over > 0 {
            whole[at] += 1;
            over -= 1;
        } else if over < 0 && whole[at] > 0 {
            whole[at] -= 1;
            over += 1;
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::project;

    /// The nearest counts with a sum, by exhaustive search over small cases.
    #[test]
    fn nearest_of_all() {
        fn all(n: usize, total: i64) -> Vec<Vec<i64>> {
            if n == 1 {
                return vec![vec![total]];
            }
            (0..=total)
                .flat_map(|first| all(n - 1, total - first).into_iter().map(move |rest| [vec![first], rest].concat()))
                .collect()
        }
        let off = |a: &[i64], b: &[i64]| -> i64 { a.iter().zip(b).map(|(x, y)| (x - y).pow(2)).sum() };
        for noisy in [vec![3, -2, 5], vec![0, 0, 0], vec![-4, -4, 1], vec![7, 1, 1, 0], vec![2, -1, 2, -1]] {
            for total in 0..9 {
                let made = project(&noisy, total);
                assert!(
                    made.iter().all(|v| *v >= 0) && made.iter().sum::<i64>() == total,
                    "{noisy:?} {total} {made:?}"
                );
                let best = all(noisy.len(), total).iter().map(|c| off(c, &noisy)).min();
                assert_eq!(Some(off(&made, &noisy)), best, "{noisy:?} {total} {made:?}");
            }
        }
    }
}
