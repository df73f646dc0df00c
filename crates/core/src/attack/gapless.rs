//! Systems whose cells have no gaps: between two possible whole values of a cell every whole value is possible.

use crate::model::System;

/// Whether that is known of a system, whatever is published of it and whatever else an intruder knows of single cells, as long as
/// all that is known of a cell is an interval.
///
/// It holds where the relations are those of a network (each cell with a coefficient of 1 or -1 in two of them at most, which can be
/// given signs so that the two are opposite): their matrix is totally unimodular (Heller and Tompkins 1956), also with a cell held at
/// a whole value, so that a polytope that is not empty has a whole corner. A table of two variables with its totals is one.
pub(super) fn gapless(system: &System) -> bool {
    if system.narrow.is_some() {
        return false;
    }
    let mut stands: Vec<[Option<(usize, bool)>; 2]> = vec![[None; 2]; system.cells.len()];
    for (r, relation) in system.relations.iter().enumerate() {
        for &(c, k) in &relation.terms {
            let Some(places) = stands.get_mut(c).filter(|_| k.abs() == 1) else { return false };
            let Some(free) = places.iter_mut().find(|p| p.is_none()) else { return false };
            *free = Some((r, k > 0));
        }
    }
    // relations that a cell joins: of the same sign (then one of the two is to be turned), or of opposite signs
    let mut joined: Vec<Vec<(usize, bool)>> = vec![Vec::new(); system.relations.len()];
    for places in stands {
        if let [Some((a, plus_a)), Some((b, plus_b))] = places {
            joined[a].push((b, plus_a == plus_b));
            joined[b].push((a, plus_a == plus_b));
        }
    }
    let mut turned: Vec<Option<bool>> = vec![None; joined.len()];
    for start in 0..joined.len() {
        if turned[start].is_some() {
            continue;
        }
        turned[start] = Some(false);
        let mut open = vec![(start, false)];
        while let Some((relation, own)) = open.pop() {
            for &(other, same) in &joined[relation] {
                let wanted = own != same;
                match turned[other] {
                    None => {
                        turned[other] = Some(wanted);
                        open.push((other, wanted));
                    }
                    Some(is) if is != wanted => return false,
                    Some(_) => {}
                }
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Cell, Exposure, Relation};

    fn system(cells: usize, relations: Vec<Relation>) -> System {
        let cell = Cell {
            measure: 0,
            coords: Default::default(),
            value: 1,
            persons: None,
            contributions: None,
            exposure: Exposure::Shown,
            places: Vec::new(),
        };
        System { cells: vec![cell; cells], relations, ..System::default() }
    }

    /// Two variables: yes. Three: no. A relation with a factor: no.
    #[test]
    fn tables_of_two_variables_have_no_gaps() {
        // 2 by 2: cells 0 to 3, row totals 4 and 5, column totals 6 and 7, the total 8
        let plane = vec![
            Relation::total(4, [0, 1]),
            Relation::total(5, [2, 3]),
            Relation::total(6, [0, 2]),
            Relation::total(7, [1, 3]),
            Relation::total(8, [4, 5]),
            Relation::total(8, [6, 7]),
        ];
        assert!(gapless(&system(9, plane.clone())));
        let third = [plane, vec![Relation::total(9, [0, 3])]].concat();
        assert!(!gapless(&system(10, third)), "a cell in three relations");
        let twice = Relation { terms: vec![(0, 2), (1, -1)], constant: 0 };
        assert!(!gapless(&system(2, vec![twice])));
        // an odd circle: three cells that are pairwise bound by sums
        let odd = vec![
            Relation { terms: vec![(0, 1), (1, 1)], constant: 9 },
            Relation { terms: vec![(1, 1), (2, 1)], constant: 9 },
            Relation { terms: vec![(2, 1), (0, 1)], constant: 8 },
        ];
        assert!(!gapless(&system(3, odd)));
    }
}
