//! Small grids for the tests of witnesses, and what is true of them by exhaustive search.

use crate::model::{Block, BlockDim, CellId, Family, Relation};

use super::{Ask, BLOCKED, Move, Terrain};

/// SplitMix64: picks test cases.
pub(super) struct Rng(pub u64);

impl Rng {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

fn dim(nodes: usize, families: &[(usize, &[usize])]) -> BlockDim {
    let families = families.iter().map(|&(total, parts)| Family { total, parts: parts.to_vec() }).collect();
    BlockDim { nodes, families, ..BlockDim::default() }
}

/// `n` categories and their total.
pub(super) fn flat(n: usize) -> BlockDim {
    dim(n + 1, &[(n, &(0..n).collect::<Vec<_>>())])
}

/// Two groups of two, and their total.
pub(super) fn tree() -> BlockDim {
    dim(7, &[(4, &[0, 1]), (5, &[2, 3]), (6, &[4, 5])])
}

/// A group of two beside a single category: a node at depth 1 and leaves at depths 1 and 2.
pub(super) fn uneven() -> BlockDim {
    dim(5, &[(3, &[0, 1]), (4, &[3, 2])])
}

/// Two groupings of three atoms that cross, and the total.
pub(super) fn crossing() -> BlockDim {
    dim(6, &[(3, &[0, 1]), (4, &[1, 2]), (5, &[4, 0])])
}

/// Every dimension that the tests use.
pub(super) fn dims() -> Vec<BlockDim> {
    vec![flat(2), flat(3), flat(5), tree(), uneven(), crossing()]
}

/// A grid over some dimensions, its cells numbered by position, and its relations.
pub(super) struct Small {
    pub blocks: Vec<Block>,
    pub relations: Vec<Relation>,
    pub cells: usize,
}

pub(super) fn small(dims: &[BlockDim]) -> Small {
    let cells: usize = dims.iter().map(|d| d.nodes).product();
    let block = Block { dims: dims.to_vec(), cells: (0..cells).collect() };
    let mut relations = Vec::new();
    for (dim, stride) in dims.iter().zip(block.strides()) {
        for origin in (0..cells).filter(|p| p / stride % dim.nodes == 0) {
            for f in &dim.families {
                let at = |node: usize| origin + node * stride;
                relations.push(Relation::total(at(f.total), f.parts.iter().map(|&p| at(p))));
            }
        }
    }
    Small { blocks: vec![block], relations, cells }
}

/// Whether signs on the nodes of a dimension add up in every family.
pub(super) fn adds_up(dim: &BlockDim, signs: &[i8]) -> bool {
    dim.families.iter().all(|f| f.parts.iter().map(|&p| i32::from(signs[p])).sum::<i32>() == i32::from(signs[f.total]))
}

/// Every null vector with a 1 at a node: one sign per node of the dimension.
pub(super) fn all_null_vectors(dim: &BlockDim, node: usize) -> Vec<Vec<i8>> {
    let signs = |mut code: usize| -> Vec<i8> {
        (0..dim.nodes)
            .map(|_| {
                let sign = (code % 3) as i8 - 1;
                code /= 3;
                sign
            })
            .collect()
    };
    (0..3usize.pow(dim.nodes as u32)).map(signs).filter(|v| v[node] == 1 && adds_up(dim, v)).collect()
}

/// The price of the cheapest product through a cell, of all that there are.
pub(super) fn cheapest(grid: &Small, terrain: Terrain<'_>, ask: Ask) -> Option<i64> {
    let block = &grid.blocks[0];
    let mut products: Vec<Vec<(CellId, i64)>> = vec![vec![(0, ask.sign * ask.amount)]];
    for (dim, stride) in block.dims.iter().zip(block.strides()) {
        let vectors = all_null_vectors(dim, ask.cell / stride % dim.nodes);
        let longer = |(product, vector): (&Vec<(CellId, i64)>, &Vec<i8>)| -> Vec<(CellId, i64)> {
            let nodes = vector.iter().enumerate().filter(|(_, s)| **s != 0);
            nodes.flat_map(|(n, &s)| product.iter().map(move |&(p, by)| (p + n * stride, by * i64::from(s)))).collect()
        };
        products = products.iter().flat_map(|p| vectors.iter().map(move |v| (p, v))).map(longer).collect();
    }
    let price = |product: &Vec<(CellId, i64)>| -> Option<i64> {
        product.iter().try_fold(0i64, |sum, &(c, by)| Some(sum.saturating_add(step(terrain, c, by)?)))
    };
    products.iter().filter_map(price).min().filter(|&p| p < ask.limit)
}

/// What a move of one cell costs, if it is possible.
fn step(terrain: Terrain<'_>, cell: CellId, by: i64) -> Option<i64> {
    let room = if by > 0 { terrain.up[cell] } else { terrain.down[cell] };
    (by.abs() <= room && terrain.price[cell] != BLOCKED).then_some(terrain.price[cell])
}

/// Rooms and prices by chance: zeros, small ones, and some without bound; some cells blocked.
pub(super) fn rough(rng: &mut Rng, cells: usize) -> (Vec<i64>, Vec<i64>, Vec<i64>) {
    let rooms = [0, 1, 1, 2, 2, 3, 5, i64::MAX];
    let up = (0..cells).map(|_| rng.pick(&rooms)).collect();
    let down = (0..cells).map(|_| rng.pick(&rooms)).collect();
    let prices = [0, 1, 1, 2, 3, 5, 8, 13, 40, BLOCKED];
    (up, down, (0..cells).map(|_| rng.pick(&prices)).collect())
}

/// Fails unless a move is one: sorted, without differences of 0, all relations hold, no cell goes further than it can, none
/// is blocked, and the price is that of its cells. `relations` are added up one by one.
pub(super) fn check_move(relations: &[Relation], terrain: Terrain<'_>, cells: &Move, price: i64, what: &str) {
    assert!(cells.windows(2).all(|w| w[0].0 < w[1].0), "{what}: each cell once, in order: {cells:?}");
    assert!(cells.iter().all(|t| t.1 != 0), "{what}: no difference of 0: {cells:?}");
    for (r, relation) in relations.iter().enumerate() {
        let by = |c: CellId| cells.iter().find(|t| t.0 == c).map_or(0, |t| t.1);
        let sum: i64 = relation.terms.iter().map(|&(c, k)| k * by(c)).sum();
        assert_eq!(sum, 0, "{what}: relation {r} holds: {cells:?}");
    }
    let prices: Option<Vec<i64>> = cells.iter().map(|&(c, by)| step(terrain, c, by)).collect();
    let prices = prices.unwrap_or_else(|| panic!("{what}: every cell can go so far: {cells:?}"));
    assert_eq!(prices.iter().sum::<i64>(), price, "{what}: the price: {cells:?}");
}
