//! What one measure says of another: columns that add up in every record do so in every cell, and where no record is there
//! is no sum.

use crate::model::{CellId, Equation, Measure, MeasureId, Part, Relation, System};

use super::auxiliary;

/// Measures that equations bind, together; every other one for itself. In rising order.
pub(super) fn families(measures: usize, equations: &[Equation], parts: &[Part]) -> Vec<Vec<MeasureId>> {
    let mut family: Vec<usize> = (0..measures).collect();
    let bound = equations.iter().map(|e| e.terms.iter().map(|t| t.0).collect::<Vec<_>>());
    for bound in bound.chain(parts.iter().map(|p| vec![p.part.0, p.whole.0])) {
        let own: Vec<usize> = bound.iter().filter_map(|m| family.get(*m).copied()).collect();
        let Some(&to) = own.iter().min() else { continue };
        family.iter_mut().filter(|f| own.contains(f)).for_each(|f| *f = to);
    }
    let members = |first: usize| (0..measures).filter(|&m| family[m] == first).collect::<Vec<_>>();
    (0..measures).map(members).filter(|m| !m.is_empty()).collect()
}

/// The equations, at every group of which all their measures have a cell.
pub(super) fn bind_equations(system: &mut System, equations: &[Equation]) {
    let mut bound = Vec::new();
    for equation in equations {
        let Some(&(first, _)) = equation.terms.first() else { continue };
        for cell in 0..system.cells.len() {
            let coords = &system.cells[cell].coords;
            if system.cells[cell].measure != first || coords.is_empty() {
                continue;
            }
            let at = |&(m, k): &(MeasureId, i64)| Some((*system.index.get(&(m, coords.clone()))?, k));
            if let Some(terms) = equation.terms.iter().map(at).collect::<Option<Vec<(CellId, i64)>>>() {
                bound.push(Relation { terms, constant: 0 });
            }
        }
    }
    system.relations.extend(bound);
}

/// What is a part of another measure in every record is nowhere more than it, at every group of which both have a cell.
pub(super) fn bind_parts(system: &mut System, parts: &[Part]) {
    for &Part { part: (part, a), whole: (whole, b) } in parts {
        for cell in 0..system.cells.len() {
            let own = &system.cells[cell];
            if own.measure != part || own.coords.is_empty() {
                continue;
            }
            let Some(&other) = system.index.get(&(whole, own.coords.clone())) else { continue };
            let scaled = |cell: CellId, by: i64| system.value(cell).saturating_mul(by);
            let rest = auxiliary(system, whole, scaled(other, b).saturating_sub(scaled(cell, a)));
            system.relations.push(Relation { terms: vec![(other, -b), (cell, a), (rest, 1)], constant: 0 });
        }
    }
}

/// A bound that no sum of a column reaches, as many times its total: how much a group with records may hold of it. It is a
/// power of ten, so that nothing of the total follows from it.
const BEYOND: i64 = 100;

/// No records, no sum. Where every zero count is published this is known of exactly the groups without records; else it is a
/// relation, since a withheld count may be zero.
pub(super) fn bind_sums_to_counts(system: &mut System, zeros_published: bool) {
    let Some(records) = system.measures.iter().position(|m| *m == Measure::Records) else { return };
    let is_sum = |m: MeasureId| matches!(system.measures.get(m), Some(Measure::Sum { .. }));
    let pairs: Vec<(CellId, CellId)> = (0..system.cells.len())
        .filter(|&c| is_sum(system.cells[c].measure) && !system.cells[c].coords.is_empty())
        .filter_map(|sum| Some((*system.index.get(&(records, system.cells[sum].coords.clone()))?, sum)))
        .filter(|&(count, _)| !zeros_published || system.value(count) == 0)
        .collect();
    if pairs.is_empty() {
        return;
    }
    let largest = system.cells.iter().filter(|c| is_sum(c.measure)).map(|c| c.value).max().unwrap_or(0);
    let wanted = largest.max(1).saturating_mul(BEYOND);
    let most = (0..=15).map(|n| 10i64.pow(n)).find(|p| *p >= wanted).unwrap_or(10i64.pow(15));
    for (count, sum) in pairs {
        let measure = system.cells[sum].measure;
        let room = most.saturating_mul(system.value(count)).saturating_sub(system.value(sum));
        let slack = auxiliary(system, measure, room);
        system.relations.push(Relation { terms: vec![(count, -most), (sum, 1), (slack, 1)], constant: 0 });
    }
}
