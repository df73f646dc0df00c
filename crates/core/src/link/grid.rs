//! The grid of a cluster: every combination of its nodes, each bound to its parts.

use std::collections::{HashMap, HashSet};

use crate::model::{Block, BlockDim, CellId, DimId, Dimension, Family, Kept, LeafSet, NodeId, Space};

use super::shape::{Cluster, ClusterDim};

/// A dense grid over the nodes of some dimensions; in all others its cells stand at the whole.
#[derive(Debug)]
pub(super) struct Grid {
    pub dims: Vec<GridDim>,
}

/// One dimension of a grid. Nodes are sorted so that parts stand before what they make up.
#[derive(Debug)]
pub(super) struct GridDim {
    pub dim: DimId,
    /// The node of the space at each position.
    pub ids: Vec<NodeId>,
    /// For each position, the positions of its parts; empty for an atom.
    pub parts: Vec<Vec<usize>>,
    /// The position of each leaf's atom.
    pub atom_of: Vec<usize>,
    /// For each atom position, every position that contains it, itself included.
    pub above: Vec<Vec<usize>>,
}

impl Grid {
    pub fn build(space: &mut Space, cluster: Cluster) -> Grid {
        Grid { dims: cluster.dims.into_iter().map(|d| GridDim::build(&mut space.dims[d.dim], d)).collect() }
    }

    /// The number of cells.
    pub fn len(&self) -> usize {
        self.dims.iter().map(|d| d.ids.len()).product()
    }

    /// The cell at a position (last dimension fastest), with one node per dimension of the space.
    pub fn coords(&self, mut position: usize, space_dims: usize) -> Box<[NodeId]> {
        let mut coords = vec![Dimension::ROOT; space_dims];
        for d in self.dims.iter().rev() {
            coords[d.dim] = d.ids[position % d.ids.len()];
            position /= d.ids.len();
        }
        coords.into()
    }

    /// How far apart neighbours along each dimension are.
    pub fn strides(&self) -> Vec<usize> {
        let mut strides = vec![1; self.dims.len()];
        for i in (1..self.dims.len()).rev() {
            strides[i - 1] = strides[i] * self.dims[i].ids.len();
        }
        strides
    }

    /// The grid as a block of a system, with its cells by position.
    pub fn block(&self, cells: Vec<CellId>) -> Block {
        let family = |(total, parts): (usize, &Vec<usize>)| Family { total, parts: parts.clone() };
        let dim = |d: &GridDim| BlockDim {
            nodes: d.ids.len(),
            families: d.parts.iter().enumerate().filter(|(_, parts)| !parts.is_empty()).map(family).collect(),
            ids: (d.dim, d.ids.clone()),
            kept: Kept::default(),
        };
        Block { dims: self.dims.iter().map(dim).collect(), cells }
    }

    /// Every relation: the position of a total and of its parts.
    pub fn relations(&self) -> Vec<(usize, Vec<usize>)> {
        let mut all = Vec::new();
        for (d, stride) in self.dims.iter().zip(self.strides()) {
            for position in 0..self.len() {
                let node = position / stride % d.ids.len();
                if !d.parts[node].is_empty() {
                    let origin = position - node * stride;
                    all.push((position, d.parts[node].iter().map(|&p| origin + p * stride).collect()));
                }
            }
        }
        all
    }
}

impl GridDim {
    fn build(dimension: &mut Dimension, use_: ClusterDim) -> GridDim {
        let mut nodes = use_.nodes;
        nodes.sort_by(|a, b| (a.0.len(), &a.0).cmp(&(b.0.len(), &b.0)));
        let ids = nodes.iter().map(|(set, name)| dimension.intern(set.clone(), name)).collect();
        let parts: Vec<Vec<usize>> = (0..nodes.len()).map(|n| parts(&nodes, n)).collect();
        let mut atom_of = vec![0; dimension.leaves as usize];
        let mut above = vec![Vec::new(); nodes.len()];
        let mut first = HashMap::new();
        for (at, (set, _)) in nodes.iter().enumerate().filter(|(at, _)| parts[*at].is_empty()) {
            set.iter().for_each(|&l| atom_of[l as usize] = at);
            first.insert(set[0], at);
        }
        for (n, (set, _)) in nodes.iter().enumerate() {
            set.iter().filter_map(|l| first.get(l)).for_each(|&at| above[at].push(n));
        }
        GridDim { dim: use_.dim, ids, parts, atom_of, above }
    }
}

/// The largest disjoint nodes that together make up node `n`; empty for an atom.
pub(super) fn parts(nodes: &[(LeafSet, String)], n: usize) -> Vec<usize> {
    let whole = &nodes[n].0;
    // nodes stand by their size
    let smaller = nodes.partition_point(|node| node.0.len() < whole.len());
    if smaller == 0 {
        return Vec::new();
    }
    let mut missing: HashSet<u32> = whole.iter().copied().collect();
    let mut parts = Vec::new();
    for candidate in (0..smaller).rev() {
        let set = &nodes[candidate].0;
        if set.iter().all(|l| missing.contains(l)) {
            set.iter().for_each(|l| _ = missing.remove(l));
            parts.push(candidate);
        }
        if missing.is_empty() {
            break;
        }
    }
    parts.sort_unstable_by_key(|&p| nodes[p].0[0]);
    parts
}
