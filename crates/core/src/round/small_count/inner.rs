//! The inner cells: the finest groups of records that the tables tell apart, and the published cells that each is part of.

use std::collections::{BTreeMap, HashMap};

use crate::model::{CellId, Exposure, Groups, NodeId, System};

/// A cell that is printed.
#[derive(Clone, Debug)]
pub(super) struct Published {
    /// The cell.
    pub cell: CellId,
    /// How many finest cells it is made of, empty ones included.
    pub finest: u64,
    /// Its inner cells that are not empty.
    pub members: Vec<usize>,
}

/// The inner cells that are not empty.
#[derive(Clone, Debug, Default)]
pub(super) struct Inner {
    /// Their counts.
    pub counts: Vec<i64>,
    /// Per inner cell, the published cells that it is part of.
    pub part_of: Vec<Vec<usize>>,
    /// The published cells.
    pub published: Vec<Published>,
}

impl Inner {
    /// The inner cells of a system, from the grouped records.
    pub fn new(system: &System, groups: &Groups) -> Inner {
        let dims = &system.space.dims;
        // groups that differ by their person only are one
        let mut counts: BTreeMap<Vec<u32>, i64> = BTreeMap::new();
        for g in 0..groups.len() {
            let leaves = groups.leaf.iter().map(|l| l[g]).collect();
            let count = counts.entry(leaves).or_default();
            *count = count.saturating_add(groups.records[g]);
        }
        counts.retain(|_, n| *n > 0);
        let mut inner = Inner::default();
        let mut number: HashMap<CellId, usize> = HashMap::new();
        for (id, cell) in system.cells.iter().enumerate() {
            if cell.exposure == Exposure::Shown && cell.coords.len() == dims.len() {
                let sizes = cell.coords.iter().zip(dims).map(|(&n, dim)| dim.node(n).leaves.len() as u64);
                let finest = sizes.fold(1u64, u64::saturating_mul);
                number.insert(id, inner.published.len());
                inner.published.push(Published { cell: id, finest, members: Vec::new() });
            }
        }
        // per dimension and leaf, the nodes that hold it and stand in a printed cell
        let used = |d: usize| -> Vec<Vec<NodeId>> {
            let mut nodes: Vec<NodeId> = inner.published.iter().map(|p| system.cells[p.cell].coords[d]).collect();
            nodes.sort_unstable();
            nodes.dedup();
            let mut of_leaf = vec![Vec::new(); dims[d].leaves as usize];
            for node in nodes {
                dims[d].node(node).leaves.iter().for_each(|&leaf| of_leaf[leaf as usize].push(node));
            }
            of_leaf
        };
        let above: Vec<Vec<Vec<NodeId>>> = (0..dims.len()).map(used).collect();
        for (leaves, count) in counts {
            let at = inner.counts.len();
            let mut coords: Vec<Vec<NodeId>> = vec![Vec::new()];
            for (d, &leaf) in leaves.iter().enumerate() {
                let nodes = above[d].get(leaf as usize).map_or(&[][..], Vec::as_slice);
                coords = coords
                    .iter()
                    .flat_map(|c| nodes.iter().map(move |&n| c.iter().copied().chain([n]).collect()))
                    .collect();
            }
            let cells = coords.into_iter().filter_map(|c| system.index.get(&(0, c.into_boxed_slice())));
            let part_of: Vec<usize> = cells.filter_map(|cell| number.get(cell).copied()).collect();
            part_of.iter().for_each(|&p| inner.published[p].members.push(at));
            inner.counts.push(count);
            inner.part_of.push(part_of);
        }
        inner
    }
}
