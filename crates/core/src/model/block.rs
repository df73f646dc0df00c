//! A dense grid inside a system: every combination of the nodes of some dimensions.

use std::sync::{Arc, OnceLock};

use super::space::{DimId, NodeId};
use super::system::CellId;

/// Cells that form a complete grid. Every relation along one of its dimensions holds at every combination of nodes of
/// the others, so an alternative table can be put together from one null vector per dimension.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// The dimensions; the last one varies fastest.
    pub dims: Vec<BlockDim>,
    /// The cell at each position.
    pub cells: Vec<CellId>,
}

/// One dimension of a block.
#[derive(Clone, Debug, Default)]
pub struct BlockDim {
    /// How many nodes it has.
    pub nodes: usize,
    /// Which nodes add up to which.
    pub families: Vec<Family>,
    /// The dimension of the space, and the node of it at each place; empty where the grid was not made from one.
    pub ids: (DimId, Vec<NodeId>),
    /// What searches have worked out of its nodes.
    pub kept: Kept,
}

/// A way to change nodes of a dimension by 1 or -1 so that every family adds up; the node it was made for is first, with sign 1.
pub type NullVector = Box<[(u32, i8)]>;

/// Null vectors by node, once they were asked for. They follow from the families alone, so that clones share them.
#[derive(Clone, Debug, Default)]
pub struct Kept(Arc<OnceLock<Vec<OnceLock<Vec<NullVector>>>>>);

impl Kept {
    /// Those of one of so many nodes.
    pub fn of(&self, node: usize, nodes: usize, make: impl FnOnce() -> Vec<NullVector>) -> Option<&[NullVector]> {
        let all = self.0.get_or_init(|| (0..nodes).map(|_| OnceLock::new()).collect());
        Some(all.get(node)?.get_or_init(make))
    }
}

/// A node and the disjoint nodes that make it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// The whole.
    pub total: usize,
    /// Its parts.
    pub parts: Vec<usize>,
}

impl Block {
    /// The finest nodes below a node of a dimension.
    pub fn atoms_below(&self, d: usize, node: usize) -> Vec<usize> {
        match self.dims[d].families.iter().find(|f| f.total == node) {
            Some(family) => family.parts.iter().flat_map(|&p| self.atoms_below(d, p)).collect(),
            None => vec![node],
        }
    }

    /// How far apart neighbours along each dimension are.
    pub fn strides(&self) -> Vec<usize> {
        let mut strides = vec![1; self.dims.len()];
        for d in (1..self.dims.len()).rev() {
            strides[d - 1] = strides[d] * self.dims[d].nodes;
        }
        strides
    }
}
