//! Dimensions: along what the records are classified, down to the finest groups that any table tells apart.

use std::collections::HashMap;

/// Index of a dimension in [`Space::dims`].
pub type DimId = usize;
/// Index of a node in [`Dimension::nodes`].
pub type NodeId = u32;
/// A set of leaves of one dimension, sorted and without repeats.
pub type LeafSet = Vec<u32>;

/// The classification of the records: independent dimensions, each with its leaves.
///
/// Variables that are made from the same columns share a dimension (five-year and ten-year age bands, a filter on
/// age), because an intruder knows how they hang together; every other pair is free to combine.
#[derive(Clone, Debug, Default)]
pub struct Space {
    /// The dimensions, in the order of the specification.
    pub dims: Vec<Dimension>,
}

/// One dimension: leaves, and the groups of leaves that tables use.
#[derive(Clone, Debug)]
pub struct Dimension {
    /// Its name: the variable's, or those of all variables in it.
    pub name: String,
    /// How many leaves there are; each record falls in exactly one.
    pub leaves: u32,
    /// Leaves without records of which nothing says where they belong, sorted: everybody may know that they are empty.
    pub doubtful: LeafSet,
    nodes: Vec<Node>,
    by_leaves: HashMap<LeafSet, NodeId>,
}

/// A group of leaves: a category, a subtotal, or the whole (node 0).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The leaves in it.
    pub leaves: LeafSet,
    /// How a person calls it ("victim age Under 10"); empty for the whole.
    pub name: String,
}

impl Dimension {
    /// The node of all leaves.
    pub const ROOT: NodeId = 0;

    /// A dimension of `leaves` leaves (at least one), holding only the whole.
    pub fn new(name: impl Into<String>, leaves: u32) -> Self {
        let all: LeafSet = (0..leaves.max(1)).collect();
        let root = Node { leaves: all.clone(), name: String::new() };
        Dimension {
            name: name.into(),
            leaves: leaves.max(1),
            doubtful: LeafSet::new(),
            nodes: vec![root],
            by_leaves: HashMap::from([(all, 0)]),
        }
    }

    /// The node of these leaves, made if it is new. The first non-empty name given stays.
    pub fn intern(&mut self, leaves: LeafSet, name: &str) -> NodeId {
        if let Some(&id) = self.by_leaves.get(&leaves) {
            let node = &mut self.nodes[id as usize];
            if node.name.is_empty() && id != Self::ROOT {
                node.name = name.to_owned();
            }
            return id;
        }
        let id = self.nodes.len() as NodeId;
        self.by_leaves.insert(leaves.clone(), id);
        self.nodes.push(Node { leaves, name: name.to_owned() });
        id
    }

    /// The node of these leaves, if there is one.
    pub fn find(&self, leaves: &[u32]) -> Option<NodeId> {
        self.by_leaves.get(leaves).copied()
    }

    /// A node by its index.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id as usize]
    }

    /// Every node; the whole is first.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }
}
