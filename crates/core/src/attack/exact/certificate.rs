//! The checks that everything rests on: short, exact, and independent of how a point or a certificate was found.

use std::collections::BTreeMap;

use super::super::reduce::Component;
use super::{Ratio, sum};

/// Whether values satisfy every bound and every relation of a component.
pub(super) fn fits(part: &Component, values: &[Ratio]) -> bool {
    let within = |(c, v): (usize, &Ratio)| {
        let domain = part.domain[c];
        domain.lo.is_none_or(|lo| Ratio::from(lo) <= *v) && domain.hi.is_none_or(|hi| *v <= Ratio::from(hi))
    };
    let holds = |(row, &constant): (&Vec<(usize, i64)>, &i128)| {
        sum(row.iter().map(|&(c, k)| Ratio::from(k) * &values[c])) == Ratio::from(constant)
    };
    values.len() == part.cells.len()
        && values.iter().enumerate().all(within)
        && part.rows.iter().zip(&part.constants).all(holds)
}

/// What these multipliers, one per relation, prove about a cell: no table has it below (`sign` 1) or above (-1) the result.
/// `None` if they prove nothing.
///
/// `sign·x = Σ y·b + Σ d·x` with `d = sign·e - yA` in every table, and each `d·x` is at least what it is at the bound of its
/// cell that makes it small.
pub(super) fn bound(part: &Component, cell: usize, sign: i64, multipliers: &[Ratio]) -> Option<Ratio> {
    let mut left = BTreeMap::from([(cell, Ratio::from(sign))]);
    let mut least = Ratio::ZERO;
    for ((row, &constant), y) in part.rows.iter().zip(&part.constants).zip(multipliers) {
        if y.is_zero() {
            continue;
        }
        least += y * Ratio::from(constant);
        for &(c, k) in row {
            *left.entry(c).or_insert(Ratio::ZERO) -= y * Ratio::from(k);
        }
    }
    for (c, d) in left.into_iter().filter(|(_, d)| !d.is_zero()) {
        let end = if d > Ratio::ZERO { part.domain[c].lo? } else { part.domain[c].hi? };
        least += d * Ratio::from(end);
    }
    Some(if sign > 0 { least } else { -least })
}

/// Whether a cell can go down (`sign` 1) or up (-1) for ever along a way (cells and their differences per step) from any
/// table: no relation and no bound ends it.
pub(super) fn endless(part: &Component, cell: usize, sign: i64, way: &BTreeMap<usize, Ratio>) -> bool {
    let by = |c: usize| way.get(&c).cloned().unwrap_or(Ratio::ZERO);
    let holds = |row: &Vec<(usize, i64)>| sum(row.iter().map(|&(c, k)| Ratio::from(k) * by(c))).is_zero();
    let open = |(&c, by): (&usize, &Ratio)| {
        let domain = part.domain[c];
        by.is_zero() || if *by > Ratio::ZERO { domain.hi.is_none() } else { domain.lo.is_none() }
    };
    by(cell) * Ratio::from(sign) < Ratio::ZERO && way.iter().all(open) && part.rows.iter().all(holds)
}
