//! Groups of which nobody can tell to what they belong, because they have no records: everybody may know that they are
//! empty, so that they make no groups differ that are equal.

use std::collections::BTreeSet;

use crate::model::{CellId, Exposure, LeafSet, NodeId, Relation, System};

/// Fixes cells that hold doubtful leaves only. Where zeros may be withheld, what is in a printed cell of such leaves alone
/// (a category without records) is left open: the policy hides it.
pub(super) fn bind(system: &mut System, zeros_published: bool) {
    let mut fixed = BTreeSet::new();
    for (d, dimension) in system.space.dims.iter().enumerate().filter(|(_, d)| !d.doubtful.is_empty()) {
        let within = |leaves: &LeafSet| leaves.iter().all(|l| dimension.doubtful.binary_search(l).is_ok());
        let doubtful: BTreeSet<NodeId> =
            (0..).zip(dimension.nodes()).filter(|(_, node)| within(&node.leaves)).map(|n| n.0).collect();
        let of = |shown: bool| {
            let cells = system.cells.iter().enumerate().filter(move |(_, c)| (c.exposure == Exposure::Shown) == shown);
            cells.filter_map(|(id, c)| c.coords.get(d).filter(|n| doubtful.contains(n)).map(|&n| (id, n)))
        };
        let open: BTreeSet<NodeId> = of(true).map(|c: (CellId, NodeId)| c.1).filter(|_| !zeros_published).collect();
        let covered = |node: NodeId| {
            let leaves = &dimension.node(node).leaves;
            open.iter().any(|&o| leaves.iter().all(|l| dimension.node(o).leaves.binary_search(l).is_ok()))
        };
        fixed.extend(of(false).filter(|&(_, node)| !covered(node)).map(|c| c.0));
    }
    system.relations.extend(fixed.into_iter().map(|cell| Relation { terms: vec![(cell, -1)], constant: 0 }));
}
