//! The structure of a release as a reader would write it down: classes that no printed or implied group tells apart are one,
//! grids of groups of classes, and cells numbered in the order of the grids.

use std::collections::{BTreeSet, HashMap};

use crate::attack::Observation;
use crate::model::{Block, CellId, LeafSet, NodeId, Relation, Structure};
use crate::policy::Policy;
use crate::release::{ProofFigure, ProofGrid, ProofMore, ProofTable, Published, Release};
use crate::round::Tie;
use crate::witness::Move;

use super::super::reread;
use super::ProofError;

/// The structure.
pub(super) struct Layout {
    /// Per cell its number in the proof.
    pub number: Vec<usize>,
    /// Per number its cell.
    pub order: Vec<CellId>,
    /// Per dimension its name and how many classes it has.
    pub dimensions: Vec<(String, usize)>,
    pub grids: Vec<ProofGrid>,
    pub more: ProofMore,
    /// Per dimension, the class of each leaf.
    class_of: Vec<Vec<u32>>,
}

impl Layout {
    /// # Errors
    /// A structure that a proof has no words for.
    pub fn of(structure: Structure) -> Result<Layout, ProofError> {
        let class_of = classes(structure);
        let named = |(dim, of): (&crate::model::Dimension, &Vec<u32>)| {
            (dim.name.clone(), of.iter().max().map_or(0, |&last| last as usize + 1))
        };
        let dimensions = structure.space().dims.iter().zip(&class_of).map(named).collect();
        let mut layout = Layout {
            number: vec![usize::MAX; structure.len()],
            order: Vec::with_capacity(structure.len()),
            dimensions,
            grids: Vec::new(),
            more: ProofMore::default(),
            class_of,
        };
        for block in structure.blocks() {
            layout.grids.push(layout.grid(structure, block)?);
            block.cells.iter().for_each(|&cell| layout.take(cell));
        }
        let in_grids = layout.order.len();
        (0..structure.len()).filter(|&cell| !structure.is_named(cell)).for_each(|cell| layout.take(cell));
        layout.more.cells = layout.order.len() - in_grids;
        let relations = relations(structure).filter(|r| !of_grid(structure, r));
        layout.more.relations = relations.map(|r| (layout.renumbered(&r.terms), r.constant)).collect();
        Ok(layout)
    }

    fn take(&mut self, cell: CellId) {
        if self.number[cell] == usize::MAX {
            self.number[cell] = self.order.len();
            self.order.push(cell);
        }
    }

    /// Terms, or a move, by the numbers of the proof, in rising order.
    pub fn renumbered(&self, terms: &Move) -> Vec<(usize, i64)> {
        let mut terms: Vec<(usize, i64)> = terms.iter().map(|&(c, k)| (self.number[c], k)).collect();
        terms.sort_unstable();
        terms
    }

    /// A block with the dimensions it spans: those along which the coordinates of its cells differ.
    fn grid(&self, structure: Structure, block: &Block) -> Result<ProofGrid, ProofError> {
        let strange = || ProofError::Unsupported("tables whose cells are no grid of categories".to_owned());
        let first = *block.cells.first().ok_or_else(strange)?;
        let of = |cell: CellId| structure.measure(cell);
        let measure = structure.measures().iter().position(|m| Some(m) == of(first)).ok_or_else(strange)?;
        let mut dims = Vec::new();
        for (own, stride) in block.dims.iter().zip(block.strides()) {
            if own.nodes < 2 {
                continue;
            }
            let cells: Option<Vec<CellId>> = (0..own.nodes).map(|n| block.cells.get(n * stride).copied()).collect();
            let cells = cells.ok_or_else(strange)?;
            let (one, other) = (structure.coords(cells[0]), structure.coords(cells[1]));
            let dim = (0..one.len()).find(|&d| other.get(d) != Some(&one[d])).ok_or_else(strange)?;
            let node = |&cell: &CellId| Some(self.set(dim, structure.coords(cell).get(dim).copied()?, structure));
            dims.push((dim, cells.iter().map(node).collect::<Option<Vec<LeafSet>>>().ok_or_else(strange)?));
        }
        Ok(ProofGrid { measure, dims })
    }

    fn set(&self, dim: usize, node: NodeId, structure: Structure) -> LeafSet {
        self.classes(dim, &structure.space().dims[dim].node(node).leaves)
    }

    /// Leaves as classes.
    fn classes(&self, dim: usize, leaves: &LeafSet) -> LeafSet {
        let of = &self.class_of[dim];
        let classes: BTreeSet<u32> = leaves.iter().filter_map(|&l| of.get(l as usize).copied()).collect();
        classes.into_iter().collect()
    }

    /// The printed tables.
    ///
    /// # Errors
    /// A figure whose meaning a proof has no words for.
    pub fn tables(
        &self,
        structure: Structure,
        release: &Release,
        seen: (&[Observation], &[Tie]),
        policy: &Policy,
    ) -> Result<Vec<ProofTable>, ProofError> {
        let mut tables = Vec::new();
        for (index, (table, printed)) in structure.tables().iter().zip(release.tables()).enumerate() {
            let cells = (0..table.len()).filter(|&p| table.is_shown(&table.entries_at(p)));
            let cells = cells.map(|p| structure.grid(index).get(p).copied().flatten());
            let figures = cells.zip(&printed.grid).map(|(c, &p)| figure(structure, c, p, seen, policy));
            let entries = |axis: &crate::model::Axis| {
                let shown = axis.entries.iter().filter(|e| e.shown);
                shown.map(|e| (e.code.clone(), self.classes(axis.dim, &e.leaves))).collect()
            };
            tables.push(ProofTable {
                id: table.id.clone(),
                title: table.title.clone(),
                measure: table.measure,
                scope: table.scope.iter().map(|(dim, set)| (*dim, self.classes(*dim, set))).collect(),
                axes: table.axes.iter().map(|a| (a.variable.clone(), a.dim, entries(a))).collect(),
                figures: figures.collect::<Result<_, _>>()?,
            });
        }
        Ok(tables)
    }
}

/// The relations that a reader can know: not those that name groups which a rule calls unsafe.
pub(super) fn relations(structure: Structure<'_>) -> impl Iterator<Item = &Relation> {
    structure.relations().iter().filter(move |r| !r.terms.iter().any(|t| structure.is_named(t.0)))
}

/// Whether a relation is one of a total and its parts in a grid, which the proof does not list.
fn of_grid(structure: Structure, relation: &Relation) -> bool {
    let [(total, -1), parts @ ..] = &relation.terms[..] else { return false };
    let whole = structure.coords(*total);
    let part = |&(cell, k): &(CellId, i64)| {
        let own = structure.coords(cell);
        let differ = whole.iter().zip(own).filter(|(a, b)| a != b).count();
        k == 1 && own.len() == whole.len() && differ == 1 && structure.measure(cell) == structure.measure(*total)
    };
    relation.constant == 0 && !parts.is_empty() && !whole.is_empty() && parts.iter().all(part)
}

/// What is printed in a cell, with what it stands for.
fn figure(
    structure: Structure,
    cell: Option<CellId>,
    state: Published,
    (seen, ties): (&[Observation], &[Tie]),
    policy: &Policy,
) -> Result<ProofFigure, ProofError> {
    Ok(match (state, cell) {
        (Published::Number(value), _) => ProofFigure::Exact(value),
        (Published::Zero, _) => ProofFigure::Exact(0),
        (Published::Withheld, _) => ProofFigure::Withheld,
        (Published::Rounded(shown) | Published::Perturbed(shown), Some(cell)) => {
            if reread::allowed(structure, cell, ties.get(cell).copied(), shown, policy).len() != 1 {
                let what = "rounded figures that stand for values which are no interval".to_owned();
                return Err(ProofError::Unsupported(what));
            }
            ProofFigure::Replaced(shown, seen[cell].domain())
        }
        (Published::RoundsToZero, Some(cell)) => ProofFigure::Replaced(0, seen[cell].domain()),
        (Published::NotApplicable | Published::Rounded(_) | Published::Perturbed(_) | Published::RoundsToZero, _) => {
            ProofFigure::NotApplicable
        }
    })
}

/// Per dimension, the class of each leaf: leaves that are in the same groups are one class, for how many leaves a group has that no
/// table tells apart may follow from the records.
fn classes(structure: Structure) -> Vec<Vec<u32>> {
    let dims = &structure.space().dims;
    let mut used: Vec<BTreeSet<NodeId>> = vec![BTreeSet::new(); dims.len()];
    for block in structure.blocks() {
        for &cell in &block.cells {
            structure.coords(cell).iter().enumerate().for_each(|(d, &node)| _ = used[d].insert(node));
        }
    }
    let of_dim = |(d, dim): (usize, &crate::model::Dimension)| {
        let nodes = used[d].iter().map(|&node| &dim.node(node).leaves);
        let scopes = structure.tables().iter().flat_map(|t| &t.scope).filter(|s| s.0 == d).map(|s| &s.1);
        let axes = structure.tables().iter().flat_map(|t| &t.axes).filter(|a| a.dim == d);
        let entries = axes.flat_map(|a| &a.entries).filter(|e| e.shown).map(|e| &e.leaves);
        let mut label = vec![0u32; dim.leaves as usize];
        let mut next = 1u32;
        for set in nodes.chain(scopes).chain(entries) {
            let mut fresh: HashMap<u32, u32> = HashMap::new();
            for &leaf in set {
                let Some(label) = label.get_mut(leaf as usize) else { continue };
                *label = *fresh.entry(*label).or_insert_with(|| {
                    next += 1;
                    next - 1
                });
            }
        }
        let mut order: HashMap<u32, u32> = HashMap::new();
        let number = |l: u32| {
            let new = order.len() as u32;
            *order.entry(l).or_insert(new)
        };
        label.into_iter().map(number).collect()
    };
    dims.iter().enumerate().map(of_dim).collect()
}
