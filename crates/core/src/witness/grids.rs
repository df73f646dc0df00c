//! Moves in dense grids: products of one null vector per dimension.
//!
//! In one dimension a *null vector* assigns 1, 0 or -1 to its nodes so that every family adds up: two siblings with
//! opposite signs, a part with its total and on up to the root, a chain down from a node to a leaf. The product of one
//! null vector per dimension satisfies every relation of the grid; with two siblings in each it is the hypercube of
//! the hypercube method (Repsilber 1994; tau-ARGUS manual, section on GHMITER), and here totals and hierarchies are
//! treated alike. The cheapest product through a cell is found by branch and bound: the cells of a product
//! over the first dimensions are cells of the whole one, so their price is a lower bound.

use std::borrow::Cow;
use std::collections::VecDeque;

use crate::model::{Block, BlockDim, CellId, Family, NullVector as Vector};

use super::{Ask, Found, Terrain};

#[cfg(test)]
mod tests;

/// Null vectors kept per node, those with the fewest nodes.
const VECTORS: usize = 600;
/// Nodes of the longest null vector that is looked for.
const LONGEST: usize = 10;
/// Nodes of the largest dimension whose null vectors are kept.
const KEPT: usize = 1_000;
/// Partial vectors looked at per node.
const STEPS: usize = 20_000;

/// The grids of a system, whose dimensions keep their null vectors.
#[derive(Debug)]
pub struct Grids<'a> {
    grids: Vec<Grid<'a>>,
    /// Per cell, a grid and a position where it stands.
    home: Vec<Option<(u32, u32)>>,
}

#[derive(Debug)]
struct Grid<'a> {
    block: &'a Block,
    strides: Vec<usize>,
    /// The dimensions, those with fewest nodes first.
    order: Vec<usize>,
    /// Per dimension and node, the families that it is in: as total (-1) or part (1).
    families: Vec<Vec<Vec<(usize, i8)>>>,
}

impl<'a> Grids<'a> {
    /// The grids of a system with this many cells.
    pub fn new(blocks: &'a [Block], cells: usize) -> Self {
        let mut home = vec![None; cells];
        for (b, block) in blocks.iter().enumerate() {
            block.cells.iter().enumerate().for_each(|(at, &c)| home[c] = home[c].or(Some((b as u32, at as u32))));
        }
        let grid = |block: &'a Block| {
            let mut order: Vec<usize> = (0..block.dims.len()).collect();
            order.sort_by_key(|&d| block.dims[d].nodes);
            let families = block.dims.iter().map(families_of).collect();
            Grid { block, strides: block.strides(), order, families }
        };
        Grids { grids: blocks.iter().map(grid).collect(), home }
    }

    /// The cheapest product through a cell, if there is one below the limit. At most about `budget` cells are looked
    /// at. Where the cell's grid shares cells with another one, relations of that one may be left unbalanced.
    pub fn cheapest(&self, terrain: Terrain<'_>, ask: Ask, budget: usize) -> Option<Found> {
        let (block, position) = (*self.home.get(ask.cell)?)?;
        let grid = &self.grids[block as usize];
        let price = terrain.step(ask.cell, ask.sign, ask.amount)?;
        let mut search = Search {
            grid,
            terrain,
            amount: ask.amount,
            origin: position as usize,
            cells: vec![(position, ask.sign as i8)],
            best: Vec::new(),
            limit: ask.limit,
            left: budget,
            any: ask.any,
        };
        search.extend(0, price);
        if search.best.is_empty() {
            return None;
        }
        let mut cells: Vec<(CellId, i64)> =
            search.best.iter().map(|&(p, s)| (grid.block.cells[p as usize], i64::from(s) * ask.amount)).collect();
        cells.sort_unstable();
        Some(Found { cells, price: search.limit })
    }
}

impl Grid<'_> {
    fn vectors(&self, dim: usize, node: usize) -> Cow<'_, [Vector]> {
        let own = &self.block.dims[dim];
        let make = || null_vectors(own, &self.families[dim], node);
        // of many nodes, all vectors would take more room than the cells
        let kept = if own.nodes <= KEPT { own.kept.of(node, own.nodes, make) } else { None };
        kept.map_or_else(|| Cow::Owned(make()), Cow::Borrowed)
    }
}

/// The state of one branch and bound.
struct Search<'a> {
    grid: &'a Grid<'a>,
    terrain: Terrain<'a>,
    amount: i64,
    origin: usize,
    /// The product over the dimensions treated so far: positions and signs.
    cells: Vec<(u32, i8)>,
    best: Vec<(u32, i8)>,
    /// The price of the best product so far, or the limit.
    limit: i64,
    left: usize,
    any: bool,
}

impl Search<'_> {
    /// Treats the `k`-th dimension; the cells so far cost `price`.
    fn extend(&mut self, k: usize, price: i64) {
        if price >= self.limit {
            return;
        }
        let Some(&dim) = self.grid.order.get(k) else {
            self.limit = price;
            self.best.clone_from(&self.cells);
            if self.any {
                self.left = 0;
            }
            return;
        };
        let (stride, nodes) = (self.grid.strides[dim], self.grid.block.dims[dim].nodes);
        let node = self.origin / stride % nodes;
        let grid = self.grid;
        let vectors = grid.vectors(dim, node);
        let mut options: Vec<(i64, u32)> = Vec::with_capacity(vectors.len());
        for (v, vector) in vectors.iter().enumerate() {
            if self.left == 0 {
                break;
            }
            if let Some(more) = self.price_of(vector, node, stride, price) {
                options.push((more, v as u32));
            }
        }
        options.sort_unstable();
        for (total, v) in options {
            if total >= self.limit || (self.any && !self.best.is_empty()) {
                return;
            }
            let before = self.cells.len();
            for &(other, sign) in &vectors[v as usize][1..] {
                for i in 0..before {
                    let (p, s) = self.cells[i];
                    self.cells.push((shifted(p, node, other, stride), s * sign));
                }
            }
            self.extend(k + 1, total);
            self.cells.truncate(before);
        }
    }

    /// The price with a vector's further nodes; none if a cell can't move or the limit is passed.
    fn price_of(&mut self, vector: &Vector, node: usize, stride: usize, mut price: i64) -> Option<i64> {
        for &(other, sign) in &vector[1..] {
            for &(p, s) in &self.cells {
                self.left = self.left.saturating_sub(1);
                let cell = self.grid.block.cells[shifted(p, node, other, stride) as usize];
                price = price.saturating_add(self.terrain.step(cell, i64::from(s * sign), self.amount)?);
                if price >= self.limit {
                    return None;
                }
            }
        }
        Some(price)
    }
}

fn shifted(position: u32, from: usize, to: u32, stride: usize) -> u32 {
    (position as usize + to as usize * stride - from * stride) as u32
}

/// Per node, the families that it is in.
fn families_of(dim: &BlockDim) -> Vec<Vec<(usize, i8)>> {
    let mut of_node: Vec<Vec<(usize, i8)>> = vec![Vec::new(); dim.nodes];
    for (f, family) in dim.families.iter().enumerate() {
        of_node[family.total].push((f, -1));
        family.parts.iter().for_each(|&p| of_node[p].push((f, 1)));
    }
    of_node
}

/// A vector that does not add up, and the members of a family by which it can be made longer, one after the other.
struct Branch<'a> {
    vector: Vec<(u32, i8)>,
    family: &'a Family,
    off: i8,
    next: usize,
}

impl Branch<'_> {
    /// The next longer vector.
    fn longer(&mut self) -> Option<Vec<(u32, i8)>> {
        loop {
            let (other, sign) = match self.next.checked_sub(1) {
                None => (self.family.total as u32, self.off),
                Some(part) => (*self.family.parts.get(part)? as u32, -self.off),
            };
            self.next += 1;
            if self.vector.iter().all(|v| v.0 != other) {
                let mut longer = self.vector.clone();
                longer.push((other, sign));
                return Some(longer);
            }
        }
    }
}

/// Null vectors through a node, in the order of their number of nodes.
fn null_vectors(dim: &BlockDim, of_node: &[Vec<(usize, i8)>], node: usize) -> Vec<Vector> {
    let mut found: Vec<Vector> = Vec::new();
    let mut queue: VecDeque<Branch> = VecDeque::new();
    let mut next = Some(vec![(node as u32, 1)]);
    let mut steps = 0;
    let mut sums = vec![0; dim.families.len()];
    while let Some(vector) = next {
        steps += 1;
        if steps > STEPS || found.len() >= VECTORS {
            break;
        }
        match first_unbalanced(&vector, of_node, &mut sums) {
            None => found.push(vector.into_boxed_slice()),
            Some(_) if vector.len() >= LONGEST => {}
            Some((family, off)) => queue.push_back(Branch { vector, family: &dim.families[family], off, next: 0 }),
        }
        // breadth first: only as many as are looked at are made, however many members a family has
        next = loop {
            match queue.front_mut().map(Branch::longer) {
                Some(Some(longer)) => break Some(longer),
                Some(None) => drop(queue.pop_front()),
                None => break None,
            }
        };
    }
    found
}

/// A family that does not add up, and by how much (1 or -1). `sums` has a place for each family, all 0.
fn first_unbalanced(vector: &[(u32, i8)], of_node: &[Vec<(usize, i8)>], sums: &mut [i8]) -> Option<(usize, i8)> {
    let families = || vector.iter().flat_map(|&(n, sign)| of_node[n as usize].iter().map(move |f| (f.0, f.1 * sign)));
    families().for_each(|(family, sign)| sums[family] += sign);
    let first = families().map(|f| f.0).find(|&family| sums[family] != 0);
    let found = first.map(|family| (family, sums[family].signum()));
    families().for_each(|(family, _)| sums[family] = 0);
    found
}
