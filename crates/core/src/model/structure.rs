//! A system without its values: all that may be handed to whoever works without the truth.

use std::fmt;

use super::block::Block;
use super::space::{NodeId, Space};
use super::system::{CellId, Exposure, Place, Relation, System};
use super::table::{Measure, Table};

/// The cells of a system, what they are and what binds them, without one value: neither counts nor persons nor
/// contributions can be reached through it.
///
/// All of it is public: it follows from the definitions of the tables. (One exception: a number of persons is bound to its
/// parts by an equation where nobody stands in two of them, which only the records tell.)
#[derive(Clone, Copy)]
pub struct Structure<'a>(&'a System);

impl fmt::Debug for Structure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Structure of {} cells", self.len())
    }
}

impl System {
    /// Itself without its values.
    pub fn structure(&self) -> Structure<'_> {
        Structure(self)
    }
}

impl<'a> Structure<'a> {
    /// The number of cells.
    pub fn len(self) -> usize {
        self.0.cells.len()
    }

    /// Whether there are no cells.
    pub fn is_empty(self) -> bool {
        self.0.cells.is_empty()
    }

    /// Along what the records are classified.
    pub fn space(self) -> &'a Space {
        &self.0.space
    }

    /// What is counted.
    pub fn measures(self) -> &'a [Measure] {
        &self.0.measures
    }

    /// The tables.
    pub fn tables(self) -> &'a [Table] {
        &self.0.tables
    }

    /// The cell at each position of a table's grid; empty for a table that there is not.
    pub fn grid(self, table: usize) -> &'a [Option<CellId>] {
        self.0.grids.get(table).map_or(&[], Vec::as_slice)
    }

    /// What binds the cells.
    pub fn relations(self) -> &'a [Relation] {
        &self.0.relations
    }

    /// Parts of it that are dense grids.
    pub fn blocks(self) -> &'a [Block] {
        &self.0.blocks
    }

    /// What a cell counts; `None` for a cell that there is not.
    pub fn measure(self, cell: CellId) -> Option<&'a Measure> {
        self.0.measures.get(self.0.cells.get(cell)?.measure)
    }

    /// Whether a cell counts records or persons, and holds no sum.
    pub fn counts(self, cell: CellId) -> bool {
        !matches!(self.measure(cell), Some(Measure::Sum { .. }))
    }

    /// One node per dimension; empty for an auxiliary cell.
    pub fn coords(self, cell: CellId) -> &'a [NodeId] {
        self.0.cells.get(cell).map_or(&[], |c| &c.coords)
    }

    /// Who gets to see a cell.
    pub fn exposure(self, cell: CellId) -> Exposure {
        self.0.cells.get(cell).map_or(Exposure::Hidden, |c| c.exposure)
    }

    /// Every place where a cell is printed or would stand.
    pub fn places(self, cell: CellId) -> &'a [Place] {
        self.0.cells.get(cell).map_or(&[], |c| &c.places)
    }

    /// Whether a cell is a group that no grid holds and that was named because a rule calls it unsafe: that there is such a cell
    /// follows from the records.
    pub fn is_named(self, cell: CellId) -> bool {
        self.0.names.contains_key(&cell)
    }

    /// The cell in words.
    pub fn words(self, cell: CellId) -> String {
        self.0.words(cell)
    }

    /// Of how many of the finest cells a cell is made; `None` for an auxiliary cell.
    pub fn finest(self, cell: CellId) -> Option<u64> {
        let coords = self.coords(cell);
        let dims = &self.0.space.dims;
        let size = |(&node, dim): (&NodeId, &super::space::Dimension)| dim.node(node).leaves.len() as u64;
        (coords.len() == dims.len()).then(|| coords.iter().zip(dims).map(size).fold(1, u64::saturating_mul))
    }

    /// The cells that nobody sees and that follow from those that are seen, exactly or as nearly as these are known: each is the
    /// only unseen one in a relation. Repeated, because what follows helps to work out more.
    pub fn follows(self, seen: impl Fn(CellId) -> bool) -> Vec<bool> {
        let mut unseen: Vec<bool> = (0..self.len()).map(|c| !seen(c)).collect();
        let mut follows = vec![false; self.len()];
        loop {
            let mut found = Vec::new();
            for relation in self.relations() {
                let mut left = relation.terms.iter().filter(|t| unseen[t.0]);
                if let (Some(&(only, _)), None) = (left.next(), left.next())
                    && !self.coords(only).is_empty()
                {
                    found.push(only);
                }
            }
            if found.is_empty() {
                return follows;
            }
            for cell in found {
                (unseen[cell], follows[cell]) = (false, true);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Cell, Measure};
    use super::*;

    /// Two cells of which the second is the first and a third, and one that nothing binds.
    #[test]
    fn what_follows() {
        let cell = |exposure| Cell {
            measure: 0,
            coords: Box::from([0]),
            value: 7,
            persons: None,
            contributions: None,
            exposure,
            places: vec![],
        };
        let cells = vec![cell(Exposure::Shown), cell(Exposure::Shown), cell(Exposure::Hidden), cell(Exposure::Hidden)];
        let relations = vec![Relation::total(1, [0, 2])];
        let system = System { measures: vec![Measure::Records], cells, relations, ..System::default() };
        assert_eq!(system.structure().follows(|c| c < 2), [false, false, true, false]);
        assert_eq!(system.structure().follows(|c| c < 1), [false; 4]);
    }
}
