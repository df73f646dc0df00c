//! The tables of persons that share variables: their finest classes, and the persons of the truth by the classes that
//! they have records of.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::{CellId, DimId, Dimension, Groups, LeafSet, MeasureId, NodeId, System};

use super::super::shape;

/// Tables of persons that share variables. Tables of different worlds share nothing but all persons, so any persons of the one
/// can be those of the other.
#[derive(Debug)]
pub(in crate::link) struct World {
    /// The variables.
    pub dims: Vec<WorldDim>,
}

/// One variable of a world.
#[derive(Debug)]
pub(in crate::link) struct WorldDim {
    pub dim: DimId,
    /// Every group of leaves that a table uses, the whole included.
    pub nodes: BTreeSet<LeafSet>,
    /// The finest groups that these tell apart.
    pub atoms: Vec<LeafSet>,
    /// The atom of each leaf.
    pub atom_of: Vec<u32>,
}

impl World {
    /// The worlds of the tables of one measure.
    pub fn all(system: &System, measure: MeasureId) -> Vec<World> {
        let mut parts: Vec<BTreeMap<DimId, BTreeSet<LeafSet>>> = Vec::new();
        for table in system.tables.iter().filter(|t| t.measure == measure) {
            let mut own: BTreeMap<DimId, BTreeSet<LeafSet>> = BTreeMap::new();
            for (d, dimension) in system.space.dims.iter().enumerate() {
                let nodes: BTreeSet<LeafSet> =
                    shape::nodes_of(system, table, d).into_iter().map(|(leaves, _)| leaves).collect();
                if nodes.iter().any(|n| n.len() < dimension.leaves as usize) {
                    own.insert(d, nodes);
                }
            }
            let (shared, apart): (Vec<_>, Vec<_>) =
                parts.into_iter().partition(|part| part.keys().any(|d| own.contains_key(d)));
            for (d, nodes) in shared.into_iter().flatten() {
                own.entry(d).or_default().extend(nodes);
            }
            parts = apart;
            if !own.is_empty() {
                parts.push(own);
            }
        }
        parts
            .into_iter()
            .map(|part| World { dims: part.into_iter().map(|(d, n)| WorldDim::new(system, d, n)).collect() })
            .collect()
    }

    /// How many combinations of atoms there are.
    pub fn combinations(&self) -> usize {
        self.dims.iter().map(|d| d.atoms.len()).fold(1, usize::saturating_mul)
    }
}

impl WorldDim {
    fn new(system: &System, dim: DimId, nodes: BTreeSet<LeafSet>) -> WorldDim {
        let leaves = system.space.dims[dim].leaves;
        let named: Vec<(LeafSet, String)> = nodes.iter().map(|n| (n.clone(), String::new())).collect();
        let atoms = shape::atoms(leaves, &named);
        let mut atom_of = vec![0; leaves as usize];
        for (at, atom) in atoms.iter().enumerate() {
            atom.iter().for_each(|&l| atom_of[l as usize] = at as u32);
        }
        WorldDim { dim, nodes, atoms, atom_of }
    }
}

/// A combination of atoms, one per variable of a world.
pub(super) type Atom = Vec<u32>;

/// The cells of a world, and which combinations of atoms they cover.
pub(super) struct Scene<'a> {
    pub world: &'a World,
    /// The cells, in rising order.
    pub cells: Vec<CellId>,
    /// Per cell, its nodes in the variables of the world.
    coords: Vec<Vec<NodeId>>,
    /// The cell at these nodes.
    at: HashMap<Vec<NodeId>, usize>,
    /// Per variable, the atoms of each node in use.
    extent: Vec<BTreeMap<NodeId, Vec<u32>>>,
    /// Per variable and atom, the nodes in use that hold it.
    above: Vec<Vec<Vec<NodeId>>>,
    /// Per variable, the largest disjoint nodes in use that make a node up; none for an atom.
    parts: Vec<HashMap<NodeId, Vec<NodeId>>>,
}

impl<'a> Scene<'a> {
    /// The cells of a measure that stand at the whole in every variable that is not of this world.
    pub fn new(system: &System, measure: MeasureId, world: &'a World) -> Scene<'a> {
        let outside: Vec<DimId> =
            (0..system.space.dims.len()).filter(|&d| world.dims.iter().all(|w| w.dim != d)).collect();
        let inside = |c: &CellId| {
            let cell = &system.cells[*c];
            cell.measure == measure
                && !cell.coords.is_empty()
                && outside.iter().all(|&d| cell.coords[d] == Dimension::ROOT)
        };
        let cells: Vec<CellId> = (0..system.cells.len()).filter(inside).collect();
        let coords: Vec<Vec<NodeId>> =
            cells.iter().map(|&c| world.dims.iter().map(|w| system.cells[c].coords[w.dim]).collect()).collect();
        let at = coords.iter().cloned().enumerate().map(|(i, nodes)| (nodes, i)).collect();
        let mut extent: Vec<BTreeMap<NodeId, Vec<u32>>> = vec![BTreeMap::new(); world.dims.len()];
        for (d, w) in world.dims.iter().enumerate() {
            for node in coords.iter().map(|nodes| nodes[d]).collect::<BTreeSet<_>>() {
                let mut atoms: Vec<u32> =
                    system.space.dims[w.dim].node(node).leaves.iter().map(|&l| w.atom_of[l as usize]).collect();
                atoms.sort_unstable();
                atoms.dedup();
                extent[d].insert(node, atoms);
            }
        }
        let above = extent.iter().zip(&world.dims).map(|(nodes, w)| above(nodes, w.atoms.len())).collect();
        let parts = extent.iter().map(parts).collect();
        Scene { world, cells, coords, at, extent, above, parts }
    }

    /// The cells that cover a combination of atoms, in rising order.
    pub fn covering(&self, atom: &Atom) -> Vec<usize> {
        let mut found: Vec<usize> = self.product(|d| &self.above[d][atom[d] as usize]).collect();
        found.sort_unstable();
        found
    }

    /// Whether one cell lies in another.
    pub fn within(&self, part: usize, whole: usize) -> bool {
        (0..self.world.dims.len()).all(|d| {
            let (part, whole) = (&self.extent[d][&self.coords[part][d]], &self.extent[d][&self.coords[whole][d]]);
            part.len() <= whole.len() && part.iter().all(|a| whole.binary_search(a).is_ok())
        })
    }

    /// The cells in which a cell lies, itself not included.
    pub fn wholes(&self, cell: usize) -> Vec<usize> {
        let holds = |d: usize| -> Vec<NodeId> {
            let own = &self.extent[d][&self.coords[cell][d]];
            let (least, rest) = own.split_first().map_or((0, &[][..]), |(f, r)| (*f, r));
            let all = self.above[d].get(least as usize).into_iter().flatten().copied();
            all.filter(|n| rest.iter().all(|a| self.extent[d][n].binary_search(a).is_ok())).collect()
        };
        let nodes: Vec<Vec<NodeId>> = (0..self.world.dims.len()).map(holds).collect();
        let mut found: Vec<usize> = self.product(|d| &nodes[d]).filter(|&c| c != cell).collect();
        found.sort_unstable();
        found
    }

    /// A cell and the disjoint cells that make it up, along each variable in which all of them are cells.
    pub fn families(&self) -> Vec<(usize, Vec<usize>)> {
        let mut all = Vec::new();
        for cell in 0..self.cells.len() {
            for d in 0..self.world.dims.len() {
                let Some(nodes) = self.parts[d].get(&self.coords[cell][d]) else { continue };
                let part = |&node: &NodeId| {
                    let mut coords = self.coords[cell].clone();
                    coords[d] = node;
                    self.at.get(&coords).copied()
                };
                if let Some(parts) = nodes.iter().map(part).collect::<Option<Vec<usize>>>() {
                    all.push((cell, parts));
                }
            }
        }
        all
    }

    /// Whether of any two cells one lies in the other or they have nothing in common, and the finest classes are cells: then
    /// sizes that fit each whole and its parts are all that there is to know.
    pub fn is_tree(&self) -> bool {
        let [nodes] = &self.extent[..] else { return false };
        let mut by_size: Vec<&Vec<u32>> = nodes.values().collect();
        by_size.sort_by_key(|n| n.len());
        let atoms = self.world.dims[0].atoms.len();
        let mut top: Vec<usize> = (0..atoms).collect();
        let mut size = vec![1; atoms];
        let mut single = 0;
        for (i, node) in by_size.into_iter().enumerate() {
            single += usize::from(node.len() == 1);
            let tops: BTreeSet<usize> = node.iter().map(|&a| top[a as usize]).collect();
            if tops.iter().map(|&t| size[t]).sum::<usize>() != node.len() {
                return false;
            }
            let name = atoms + i;
            size.push(node.len());
            node.iter().for_each(|&a| top[a as usize] = name);
        }
        single == atoms
    }

    /// The cells at every combination of these nodes, one list per variable.
    fn product<'b>(&'b self, nodes: impl Fn(usize) -> &'b Vec<NodeId>) -> impl Iterator<Item = usize> + 'b {
        let mut all: Vec<Vec<NodeId>> = vec![Vec::new()];
        for d in 0..self.world.dims.len() {
            let own = nodes(d);
            all = (all.iter())
                .flat_map(|head| own.iter().map(move |&n| head.iter().copied().chain([n]).collect()))
                .collect();
        }
        all.into_iter().filter_map(|coords| self.at.get(&coords).copied())
    }
}

/// Per atom, the nodes that hold it.
fn above(nodes: &BTreeMap<NodeId, Vec<u32>>, atoms: usize) -> Vec<Vec<NodeId>> {
    let mut above = vec![Vec::new(); atoms];
    for (&node, held) in nodes {
        held.iter().for_each(|&a| above[a as usize].push(node));
    }
    above
}

/// Per node, the largest disjoint nodes that make it up, as grids have them.
fn parts(nodes: &BTreeMap<NodeId, Vec<u32>>) -> HashMap<NodeId, Vec<NodeId>> {
    let mut sorted: Vec<(LeafSet, NodeId)> = nodes.iter().map(|(&n, atoms)| (atoms.clone(), n)).collect();
    sorted.sort_by(|a, b| (a.0.len(), &a.0).cmp(&(b.0.len(), &b.0)));
    let sets: Vec<(LeafSet, String)> = sorted.iter().map(|(s, _)| (s.clone(), String::new())).collect();
    let whole = |(at, (set, node)): (usize, &(LeafSet, NodeId))| {
        let parts = super::super::grid::parts(&sets, at);
        let sizes: usize = parts.iter().map(|&p| sets[p].0.len()).sum();
        (parts.len() > 1 && sizes == set.len()).then(|| (*node, parts.iter().map(|&p| sorted[p].1).collect()))
    };
    sorted.iter().enumerate().filter_map(whole).collect()
}

/// The persons of the truth by the combinations of atoms that they have records of.
pub(super) struct People {
    /// The combinations, in rising order: those that some person is of, or all where they are asked for.
    pub atoms: Vec<Atom>,
    /// How many persons are of exactly these combinations (by number, in rising order).
    pub kinds: BTreeMap<Vec<u32>, i64>,
}

impl People {
    /// The persons behind these groups; with every combination of atoms if there are no more than `all`.
    pub fn new(world: &World, groups: &Groups, all: usize) -> People {
        let atom =
            |g: usize| -> Atom { world.dims.iter().map(|w| w.atom_of[groups.leaf[w.dim][g] as usize]).collect() };
        let mut used: BTreeSet<Atom> = (0..groups.len()).map(atom).collect();
        if world.combinations() <= all {
            used.extend(combinations(world));
        }
        let atoms: Vec<Atom> = used.into_iter().collect();
        let number = |g: usize| atoms.binary_search(&atom(g)).unwrap_or(0) as u32;
        let mut kinds: BTreeMap<Vec<u32>, i64> = BTreeMap::new();
        match &groups.person {
            Some(ids) => {
                let mut pairs: Vec<(u32, u32)> = (0..groups.len()).map(|g| (ids[g], number(g))).collect();
                pairs.sort_unstable();
                pairs.dedup();
                for person in pairs.chunk_by(|a, b| a.0 == b.0) {
                    *kinds.entry(person.iter().map(|p| p.1).collect()).or_default() += 1;
                }
            }
            // each record is a person of its own
            None => (0..groups.len()).for_each(|g| *kinds.entry(vec![number(g)]).or_default() += groups.records[g]),
        }
        People { atoms, kinds }
    }

    /// How many persons are of kinds that pass a test.
    pub fn count(&self, test: impl Fn(&[u32]) -> bool) -> i64 {
        self.kinds.iter().filter(|(kind, _)| test(kind)).map(|(_, n)| n).sum()
    }
}

/// Every combination of atoms.
pub(super) fn combinations(world: &World) -> Vec<Atom> {
    let mut all: Vec<Atom> = vec![Vec::new()];
    for w in &world.dims {
        let each = 0..w.atoms.len() as u32;
        all =
            all.iter().flat_map(|head| each.clone().map(move |a| head.iter().copied().chain([a]).collect())).collect();
    }
    all
}

/// How many persons have records in both of two cells.
pub(super) fn in_both(system: &System, groups: &Groups, a: CellId, b: CellId) -> i64 {
    let Some(ids) = &groups.person else { return 0 };
    let holds = |cell: CellId, g: usize| {
        let nodes = system.cells[cell].coords.iter().zip(&system.space.dims);
        nodes.zip(&groups.leaf).all(|((&node, dim), leaf)| {
            node == Dimension::ROOT || dim.node(node).leaves.binary_search(&leaf[g]).is_ok()
        })
    };
    let of =
        |cell: CellId| -> BTreeSet<u32> { (0..groups.len()).filter(|&g| holds(cell, g)).map(|g| ids[g]).collect() };
    of(a).intersection(&of(b)).count() as i64
}
