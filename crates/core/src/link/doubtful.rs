//! Groups of which nobody can tell to what they belong, because they have no records: everybody may know that they are
//! empty, so that they make no groups differ that are equal, and hide nothing.

use std::collections::BTreeSet;

use crate::model::{LeafSet, NodeId, Relation, System};

/// Fixes cells that hold doubtful leaves only, printed ones too: where a policy hides their zeros, it can't.
pub(super) fn bind(system: &mut System) {
    let mut fixed = BTreeSet::new();
    for (d, dimension) in system.space.dims.iter().enumerate().filter(|(_, d)| !d.doubtful.is_empty()) {
        let within = |leaves: &LeafSet| leaves.iter().all(|l| dimension.doubtful.binary_search(l).is_ok());
        let doubtful: BTreeSet<NodeId> =
            (0..).zip(dimension.nodes()).filter(|(_, node)| within(&node.leaves)).map(|n| n.0).collect();
        let holds = |cell: &crate::model::Cell| cell.coords.get(d).is_some_and(|node| doubtful.contains(node));
        fixed.extend(system.cells.iter().enumerate().filter(|(_, c)| holds(c)).map(|c| c.0));
    }
    system.relations.extend(fixed.into_iter().map(|cell| Relation { terms: vec![(cell, -1)], constant: 0 }));
}
