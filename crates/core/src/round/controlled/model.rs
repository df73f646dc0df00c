//! The rounding as a whole program: how many multiples of the base each cell goes up from the one below it.

use super::super::ties::binding;
use super::super::{common, unit};
use crate::model::{CellId, Exposure, System};

/// A cell that relations bind: those that tie printed figures to each other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The largest multiple that is not above its value.
    pub floor: i64,
    /// How far the value is above that.
    pub rest: i64,
    /// The base, in units of the measure's last decimal.
    pub base: i64,
    /// The fewest multiples up; negative is down.
    pub least: i64,
    /// The most.
    pub most: i64,
    /// Whether it is printed: only then its distance counts.
    pub printed: bool,
}

impl Place {
    /// The distance to the true value after so many multiples up.
    pub fn distance(&self, steps: i64) -> i64 {
        if self.printed { self.base.saturating_mul(steps).saturating_sub(self.rest).saturating_abs() } else { 0 }
    }
}

/// The cells that are bound, and the relations between what stands in their place.
#[derive(Debug, Default)]
pub(super) struct Model {
    /// The cells that are bound.
    pub places: Vec<Place>,
    /// Per relation, places with their coefficients.
    pub rows: Vec<Vec<(usize, i64)>>,
    /// What each row must add up to, in multiples of the base.
    pub wanted: Vec<i64>,
    of_cell: Vec<Option<usize>>,
}

impl Model {
    /// The model of a system: the cells of the relations that tie printed figures to each other.
    pub fn new(system: &System, base: i64, steps: i64) -> Model {
        let mut model = Model { of_cell: vec![None; system.cells.len()], ..Model::default() };
        for relation in binding(system, &system.relations) {
            let row: Vec<(usize, i64)> =
                relation.terms.iter().map(|&(c, k)| (model.place(system, c, base, steps), k)).collect();
            let base = row.first().map_or(1, |&(p, _)| model.places[p].base);
            let floors: i128 = row.iter().map(|&(p, k)| i128::from(k) * i128::from(model.places[p].floor / base)).sum();
            // every value is a whole number of multiples and a rest: the floors are small enough to add up
            model.wanted.push(i64::try_from(-floors).unwrap_or(0));
            model.rows.push(row);
        }
        model
    }

    fn place(&mut self, system: &System, cell: CellId, base: i64, steps: i64) -> usize {
        if let Some(place) = self.of_cell[cell] {
            return place;
        }
        let value = system.value(cell);
        let base = base.saturating_mul(unit(system, cell));
        let floor = common::floor(value, base);
        let rest = value - floor;
        let printed = system.cells[cell].exposure == Exposure::Shown;
        // more than all cells together can go up
        let far = i64::try_from(system.cells.len()).unwrap_or(i64::MAX).saturating_mul(steps + 1);
        // a true zero stays one, and nothing goes below zero; what nobody prints is whatever makes the printed figures agree:
        // were it held near its true value, that would tell something that the printed figures do not stand for
        let (least, most) = match (printed, value) {
            (false, _) => (-(floor / base), far),
            (true, 0) => (0, 0),
            (true, _) => (-steps.min(floor / base), i64::from(rest > 0) + steps),
        };
        self.places.push(Place { floor, rest, base, least, most, printed });
        self.of_cell[cell] = Some(self.places.len() - 1);
        self.places.len() - 1
    }

    /// Whether relations bind a cell.
    pub fn binds(&self, cell: CellId) -> bool {
        self.of_cell[cell].is_some()
    }

    /// What stands in place of a cell.
    pub fn rounded(&self, cell: CellId, steps: &[i64]) -> Option<i64> {
        let place = self.of_cell[cell]?;
        let p = &self.places[place];
        Some(p.floor.saturating_add(p.base.saturating_mul(*steps.get(place)?)))
    }

    /// Whether steps are allowed and add up.
    pub fn fits(&self, steps: &[i64]) -> bool {
        let within = self.places.iter().zip(steps).all(|(p, s)| (p.least..=p.most).contains(s));
        steps.len() == self.places.len()
            && within
            && self.rows.iter().zip(&self.wanted).all(|(row, &wanted)| {
                let sum: i128 = row.iter().map(|&(p, k)| i128::from(k) * i128::from(steps[p])).sum();
                sum == i128::from(wanted)
            })
    }

    /// The distance of all printed cells.
    pub fn distance(&self, steps: &[i64]) -> i64 {
        self.places.iter().zip(steps).map(|(p, &s)| p.distance(s)).fold(0, i64::saturating_add)
    }
}
