//! Which printed figures hang together: the sums that a method must keep, and what every reader sees of them.

use super::common::total_of;
use crate::model::{CellId, Exposure, Measure, Relation, System};

/// How a printed figure hangs together with others, as every reader sees from the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tie {
    /// No sum that ties printed figures to each other holds it.
    Alone,
    /// It is part of such a sum.
    Part,
    /// It is a total all parts of which are printed.
    Total,
}

/// How each cell hangs together with others.
pub fn ties(system: &System, relations: &[Relation]) -> Vec<Tie> {
    let mut ties = vec![Tie::Alone; system.cells.len()];
    for relation in binding(system, relations) {
        let printed = relation.terms.iter().all(|t| exposure(system, t.0) == Some(Exposure::Shown));
        let total = total_of(relation).filter(|_| printed);
        for &(cell, _) in &relation.terms {
            let Some(tie) = ties.get_mut(cell) else { continue };
            match total == Some(cell) {
                true => *tie = Tie::Total,
                false if *tie == Tie::Alone => *tie = Tie::Part,
                false => {}
            }
        }
    }
    ties
}

/// The relations that tie printed figures to each other: those of cells that readers see or can work out. Numbers of persons
/// are tied by none, since a person may be in several parts. Nor does a total tie its parts that is printed nowhere and
/// is the sum of nothing else: it is whatever they add up to.
pub(super) fn binding<'a>(system: &'a System, relations: &'a [Relation]) -> Vec<&'a Relation> {
    let persons = |c: CellId| {
        let measure = system.cells.get(c).and_then(|cell| system.measures.get(cell.measure));
        measure == Some(&Measure::Persons)
    };
    let seen = |c: CellId| exposure(system, c).is_some_and(|e| e != Exposure::Hidden) && !persons(c);
    let mut bound: Vec<&Relation> =
        relations.iter().filter(|r| r.constant == 0 && r.terms.iter().all(|t| seen(t.0))).collect();
    let mut uses = vec![0usize; system.cells.len()];
    let count = |uses: &mut Vec<usize>, bound: &[&Relation]| {
        uses.fill(0);
        bound.iter().flat_map(|r| &r.terms).for_each(|t| uses[t.0] += 1);
    };
    // what is left out may leave another total with nothing but its parts
    loop {
        count(&mut uses, &bound);
        let before = bound.len();
        bound.retain(|r| !total_of(r).is_some_and(|c| uses[c] == 1 && exposure(system, c) == Some(Exposure::Implied)));
        if bound.len() == before {
            return bound;
        }
    }
}

fn exposure(system: &System, cell: CellId) -> Option<Exposure> {
    system.cells.get(cell).map(|c| c.exposure)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Grid;
    use super::*;

    /// Parts and their total; parts of a total that nobody prints; two breakdowns of such a total; persons.
    #[test]
    fn who_is_tied() {
        let mut grid = Grid::new(&[3], &[1, 2, 3]);
        let of = |system: &System| ties(system, &system.relations);
        assert_eq!(of(&grid.system), [Tie::Part, Tie::Part, Tie::Part, Tie::Total]);
        grid.system.cells[3].exposure = Exposure::Implied;
        assert_eq!(of(&grid.system), [Tie::Alone; 4]);
        let mut two = super::super::fixture::two_breakdowns(&[1, 2], &[3]);
        two.cells[3].exposure = Exposure::Implied;
        assert_eq!(of(&two), [Tie::Part; 4]);
        grid.system.cells[3].exposure = Exposure::Shown;
        grid.system.measures = vec![Measure::Persons];
        assert_eq!(of(&grid.system), [Tie::Alone; 4]);
    }
}
