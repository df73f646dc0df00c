//! Which groups of leaves the tables use, and which tables must be looked at jointly.
//!
//! Tables are the edges of a hypergraph over the dimensions (each dimension split into its levels, where tables use
//! it at different depth). If the graph is acyclic, any whole-number tables that agree on their common margins are
//! the margins of one joint table (glue two tables along their common margin: within each of its cells, spread the
//! one over the other), so the relations of the single grids tell all. What is left when edges inside others and
//! corners of a single edge have been removed again and again (Graham's reduction) is a circle.
//!
//! What two crossing groups have in common is a node as well (`unprinted`): nobody prints it, but a reader can name it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::{DimId, Dimension, LeafSet, Measure, MeasureId, System, Table};

/// Tables that are looked at jointly: per dimension the groups of leaves in use, the finest included.
#[derive(Clone, Debug)]
pub(super) struct Cluster {
    pub dims: Vec<ClusterDim>,
}

/// One dimension of a cluster.
#[derive(Clone, Debug)]
pub(super) struct ClusterDim {
    pub dim: DimId,
    /// Groups of leaves in use, with a name where there is one; unions of atoms.
    pub nodes: Vec<(LeafSet, String)>,
}

/// A level of a dimension: depth 0 is the coarsest partition that a table uses.
type Level = (DimId, usize);

/// The leaves of one dimension that a cell of a table covers.
pub(super) fn leaves_at(dimension: &Dimension, dim: DimId, table: &Table, at: &[usize]) -> LeafSet {
    let scopes = table.scope.iter().filter(|s| s.0 == dim).map(|s| &s.1);
    let entries = table.axes.iter().zip(at).filter(|(axis, _)| axis.dim == dim).map(|(a, &e)| &a.entries[e].leaves);
    let mut sets: Vec<&LeafSet> = scopes.chain(entries).collect();
    // from the smallest: a cell of a table of thousands of rows has one leaf of them
    sets.sort_by_key(|s| s.len());
    let Some((first, rest)) = sets.split_first() else { return (0..dimension.leaves).collect() };
    first.iter().copied().filter(|l| rest.iter().all(|s| s.binary_search(l).is_ok())).collect()
}

/// Every group of leaves of a dimension that a table uses, with its name.
pub(super) fn nodes_of(system: &System, table: &Table, dim: DimId) -> Vec<(LeafSet, String)> {
    let dimension = &system.space.dims[dim];
    let all: LeafSet = (0..dimension.leaves).collect();
    let mut nodes = vec![(all, String::new())];
    for (_, scope) in table.scope.iter().filter(|s| s.0 == dim) {
        nodes = meet_all(&nodes, &[(scope.clone(), table.scope_name.clone())]);
    }
    for axis in table.axes.iter().filter(|a| a.dim == dim) {
        let entries: Vec<(LeafSet, String)> = (axis.entries.iter())
            .map(|e| {
                (e.leaves.clone(), if e.level == 0 { String::new() } else { format!("{} {}", axis.label, e.label) })
            })
            .collect();
        nodes = meet_all(&nodes, &entries);
    }
    nodes
}

fn meet_all(a: &[(LeafSet, String)], b: &[(LeafSet, String)]) -> Vec<(LeafSet, String)> {
    let mut met: Vec<(LeafSet, String)> = Vec::new();
    let mut seen = BTreeSet::new();
    for (left, left_name) in a {
        for (right, right_name) in b {
            let (few, many) = if left.len() <= right.len() { (left, right) } else { (right, left) };
            let both: LeafSet = few.iter().copied().filter(|l| many.binary_search(l).is_ok()).collect();
            if !both.is_empty() && seen.insert(both.clone()) {
                let names: Vec<&str> =
                    [left_name, right_name].into_iter().filter(|n| !n.is_empty()).map(|n| n.as_str()).collect();
                met.push((both, names.join(", ")));
            }
        }
    }
    met
}

/// The finest groups that these nodes tell apart, in the order of their first leaves.
pub(super) fn atoms(leaves: u32, nodes: &[(LeafSet, String)]) -> Vec<LeafSet> {
    let mut label = vec![0usize; leaves as usize];
    let mut base = 1;
    for (node, _) in nodes {
        let mut fresh: HashMap<usize, usize> = HashMap::new();
        for &leaf in node {
            let next = base + fresh.len();
            label[leaf as usize] = *fresh.entry(label[leaf as usize]).or_insert(next);
        }
        base += fresh.len();
    }
    let mut order: HashMap<usize, usize> = HashMap::new();
    let mut atoms: Vec<LeafSet> = Vec::new();
    for (leaf, l) in label.into_iter().enumerate() {
        let at = *order.entry(l).or_insert_with(|| {
            atoms.push(Vec::new());
            atoms.len() - 1
        });
        atoms[at].push(leaf as u32);
    }
    atoms
}

/// Whether each of `fine` lies within one of `coarse`.
fn refines(fine: &[LeafSet], coarse: &[LeafSet], leaves: u32) -> bool {
    let mut home = vec![0usize; leaves as usize];
    coarse.iter().enumerate().for_each(|(i, set)| set.iter().for_each(|&l| home[l as usize] = i));
    fine.iter().all(|set| set.iter().all(|&l| home[l as usize] == home[set[0] as usize]))
}

/// The use that the tables of one measure make of a dimension.
struct Usage {
    /// Every node that any table uses.
    nodes: Vec<(LeafSet, String)>,
    /// The partitions in use, from coarse to fine.
    levels: Vec<Vec<LeafSet>>,
    /// Per table, the level it uses; none where it only uses the whole.
    level_of: BTreeMap<usize, usize>,
}

/// That of each dimension that they use.
type Usages = BTreeMap<DimId, Usage>;

fn usage(system: &System, tables: &[usize], dim: DimId) -> Usage {
    let mut usage = printed_usage(system, tables, dim);
    let more = unprinted(&usage.nodes);
    usage.nodes.extend(more.into_iter().map(|leaves| (leaves, String::new())));
    usage
}

/// Groups to be looked at pairwise in one dimension; among more only what relations make of them is looked at.
const MOST_PAIRED: usize = 600;

/// What two of these groups that cross have in common, where no group of the list is that.
fn unprinted(nodes: &[(LeafSet, String)]) -> BTreeSet<LeafSet> {
    let known: BTreeSet<&LeafSet> = nodes.iter().map(|n| &n.0).collect();
    let large: Vec<&LeafSet> = known.iter().copied().filter(|n| n.len() > 1).collect();
    let mut more = BTreeSet::new();
    if large.len() > MOST_PAIRED {
        return more;
    }
    for (i, a) in large.iter().enumerate() {
        for b in &large[..i] {
            let both: LeafSet = a.iter().copied().filter(|l| b.binary_search(l).is_ok()).collect();
            if !both.is_empty() && both.len() < a.len().min(b.len()) && !known.contains(&both) {
                more.insert(both);
            }
        }
    }
    more
}

/// What the tables themselves use.
fn printed_usage(system: &System, tables: &[usize], dim: DimId) -> Usage {
    let leaves = system.space.dims[dim].leaves;
    let mut nodes: Vec<(LeafSet, String)> = Vec::new();
    let mut partitions: BTreeMap<usize, Vec<LeafSet>> = BTreeMap::new();
    for &t in tables {
        let own = nodes_of(system, &system.tables[t], dim);
        if own.iter().any(|(n, _)| n.len() < leaves as usize) {
            partitions.insert(t, atoms(leaves, &own));
        }
        nodes.extend(own);
    }
    let mut levels: Vec<Vec<LeafSet>> = partitions.values().cloned().collect::<BTreeSet<_>>().into_iter().collect();
    levels.sort_by_key(Vec::len);
    if levels.windows(2).any(|w| !refines(&w[1], &w[0], leaves)) {
        // groupings that cross: everybody is looked at at the depth of all of them together
        levels = vec![atoms(leaves, &nodes)];
        let level_of = partitions.keys().map(|&t| (t, 0)).collect();
        return Usage { nodes, levels, level_of };
    }
    let level_of = (partitions.iter()).filter_map(|(&t, p)| Some((t, levels.iter().position(|l| l == p)?))).collect();
    Usage { nodes, levels, level_of }
}

/// The clusters of the tables of some measures that are looked at together, and circles that are too large.
///
/// `finest`: every table is looked at with the finest classes of its dimensions that any table has, as far as its grid stays
/// within [`FINEST_CELLS`].
pub(super) fn clusters(
    system: &System,
    measures: &[MeasureId],
    joint_limit: usize,
    finest: bool,
) -> (Vec<Cluster>, Vec<String>) {
    let tables: Vec<usize> =
        (0..system.tables.len()).filter(|&t| measures.contains(&system.tables[t].measure)).collect();
    let beside = if finest { beside(system, measures) } else { Vec::new() };
    let used = tables
        .iter()
        .filter_map(|&t| system.tables.get(t))
        .flat_map(|t| t.axes.iter().map(|a| a.dim).chain(t.scope.iter().map(|s| s.0)));
    let used: BTreeSet<DimId> = used.collect();
    let known: Vec<usize> = tables.iter().chain(&beside).copied().collect();
    let usages: Usages = used.into_iter().map(|d| (d, usage(system, &known, d))).collect();
    let mut edges: Vec<BTreeSet<Level>> = (tables.iter())
        .map(|t| {
            let own = usages.iter().filter_map(|(&d, u)| Some((d, *u.level_of.get(t)?)));
            let own: BTreeSet<Level> = own.flat_map(|(d, depth)| (0..=depth).map(move |k| (d, k))).collect();
            let all: BTreeSet<Level> = own
                .iter()
                .flat_map(|&(d, _)| (0..usages.get(&d).map_or(0, |u| u.levels.len())).map(move |k| (d, k)))
                .collect();
            let size = || cluster(&all, &usages).dims.iter().map(|d| d.nodes.len()).fold(1usize, usize::saturating_mul);
            if finest && all != own && size() <= FINEST_CELLS { all } else { own }
        })
        .collect();
    let mut unexamined = Vec::new();
    loop {
        absorb(&mut edges);
        let Some(joint) = circle(&edges) else { break };
        let size = cluster(&joint, &usages).dims.iter().map(|d| d.nodes.len()).fold(1usize, usize::saturating_mul);
        if size > joint_limit {
            let names: BTreeSet<&str> = joint.iter().map(|l| system.space.dims[l.0].name.as_str()).collect();
            unexamined.push(format!(
                "tables over {} bind each other in a circle; their joint grid ({size} cells) is too large to be examined, so only the margins they share are",
                names.into_iter().collect::<Vec<_>>().join(", ")
            ));
            break;
        }
        edges.push(joint);
    }
    (edges.iter().map(|e| cluster(e, &usages)).collect(), unexamined)
}

/// The largest grid that is looked at with finer classes than its table has.
const FINEST_CELLS: usize = 3_000;

/// Tables of sums, whose classes tell records apart as well: a sum that is printed and not 0 says that there are some.
fn beside(system: &System, measures: &[MeasureId]) -> Vec<usize> {
    let counts = measures.iter().any(|&m| system.measures[m] == Measure::Records);
    let sums = |t: &usize| matches!(system.measures[system.tables[*t].measure], Measure::Sum { .. });
    (0..system.tables.len())
        .filter(|_| counts)
        .filter(sums)
        .filter(|t| !measures.contains(&system.tables[*t].measure))
        .collect()
}

/// Whether some table crosses a dimension that another one has in finer classes, or sums are printed in finer ones than counts.
pub(super) fn has_finer(system: &System, measures: &[MeasureId]) -> bool {
    let tables: Vec<usize> =
        (0..system.tables.len()).filter(|&t| measures.contains(&system.tables[t].measure)).collect();
    let beside = beside(system, measures);
    let known: Vec<usize> = tables.iter().chain(&beside).copied().collect();
    let usages: Vec<Usage> = (0..system.space.dims.len()).map(|d| printed_usage(system, &known, d)).collect();
    tables.iter().any(|t| {
        let own: Vec<(&Usage, usize)> = usages.iter().filter_map(|u| Some((u, *u.level_of.get(t)?))).collect();
        (own.len() > 1 || !beside.is_empty()) && own.iter().any(|(u, depth)| depth + 1 < u.levels.len())
    })
}

/// Removes edges that lie within another.
fn absorb(edges: &mut Vec<BTreeSet<Level>>) {
    let mut kept: Vec<BTreeSet<Level>> = Vec::new();
    let mut order: Vec<usize> = (0..edges.len()).collect();
    order.sort_by_key(|&e| std::cmp::Reverse(edges[e].len()));
    for e in order {
        if !kept.iter().any(|k| edges[e].is_subset(k)) {
            kept.push(edges[e].clone());
        }
    }
    *edges = kept;
}

/// The corners of a circle, if there is one.
fn circle(edges: &[BTreeSet<Level>]) -> Option<BTreeSet<Level>> {
    let mut left: BTreeMap<usize, BTreeSet<Level>> = edges.iter().cloned().enumerate().collect();
    loop {
        let mut count: BTreeMap<Level, usize> = BTreeMap::new();
        left.values().flatten().for_each(|&v| *count.entry(v).or_default() += 1);
        let mut changed = false;
        for edge in left.values_mut() {
            let before = edge.len();
            edge.retain(|v| count[v] > 1);
            changed |= edge.len() < before;
        }
        let inside: Vec<usize> = (left.iter())
            .filter(|(i, e)| {
                e.is_empty() || left.iter().any(|(j, f)| i != &j && e.is_subset(f) && (e.len() < f.len() || *i > j))
            })
            .map(|(&i, _)| i)
            .collect();
        changed |= !inside.is_empty();
        inside.iter().for_each(|i| drop(left.remove(i)));
        if left.is_empty() {
            return None;
        }
        if !changed {
            return Some(connected(&left));
        }
    }
}

/// The corners connected with those of the first edge.
fn connected(edges: &BTreeMap<usize, BTreeSet<Level>>) -> BTreeSet<Level> {
    let mut reach = edges.values().next().cloned().unwrap_or_default();
    while let Some(more) = edges.values().find(|e| !e.is_disjoint(&reach) && !e.is_subset(&reach)) {
        reach.extend(more);
    }
    reach
}

/// The cluster of an edge.
fn cluster(edge: &BTreeSet<Level>, usages: &Usages) -> Cluster {
    let mut deepest: BTreeMap<DimId, usize> = BTreeMap::new();
    edge.iter().for_each(|&(d, k)| {
        let depth = deepest.entry(d).or_default();
        *depth = k.max(*depth);
    });
    let dims = deepest
        .into_iter()
        .map(|(dim, depth)| {
            let atoms = usages[&dim].levels[depth].clone();
            let mut seen = BTreeSet::new();
            let whole: LeafSet = {
                let mut all: LeafSet = atoms.iter().flatten().copied().collect();
                all.sort_unstable();
                all
            };
            let mut nodes = vec![(whole.clone(), String::new())];
            seen.insert(whole);
            let own = AtomOf::new(&atoms);
            let used = usages[&dim].nodes.iter().filter(|(n, _)| own.is_union(n)).cloned();
            for (node, name) in used.chain(atoms.iter().map(|a| (a.clone(), String::new()))) {
                if seen.insert(node.clone()) {
                    nodes.push((node, name));
                }
            }
            ClusterDim { dim, nodes }
        })
        .collect();
    Cluster { dims }
}

/// Which atom each leaf is in, and how large the atoms are.
struct AtomOf {
    of: HashMap<u32, usize>,
    sizes: Vec<usize>,
}

impl AtomOf {
    fn new(atoms: &[LeafSet]) -> AtomOf {
        let of = atoms.iter().enumerate().flat_map(|(a, leaves)| leaves.iter().map(move |&l| (l, a))).collect();
        AtomOf { of, sizes: atoms.iter().map(Vec::len).collect() }
    }

    /// Whether a node holds all or nothing of each atom.
    fn is_union(&self, node: &LeafSet) -> bool {
        let mut held: HashMap<usize, usize> = HashMap::new();
        for atom in node.iter().filter_map(|l| self.of.get(l)) {
            *held.entry(*atom).or_default() += 1;
        }
        held.into_iter().all(|(atom, count)| self.sizes.get(atom) == Some(&count))
    }
}
