//! Systems of equations in fractions, and what a solver's answer is when its roundings are taken out of it.

use std::collections::{BTreeMap, BTreeSet};

use super::super::reduce::Component;
use super::{Guide, NEAR, Point, Ratio};

/// `Σ coefficient · unknown = rest`.
pub(super) struct Equation {
    pub terms: Vec<(usize, Ratio)>,
    pub rest: Ratio,
}

/// An equation that gives an unknown by others.
struct Given {
    unknown: usize,
    terms: Vec<(usize, Ratio)>,
    rest: Ratio,
}

/// Solves equations; unknowns that they leave free take the value that is guessed. `None` if there is no solution, or it
/// would take more work.
pub(super) fn solve(
    mut equations: Vec<Equation>,
    unknowns: usize,
    guess: &dyn Fn(usize) -> Ratio,
    work: &mut u64,
) -> Option<Vec<Ratio>> {
    equations.sort_by_key(|e| e.terms.len());
    let mut count = vec![0usize; unknowns];
    equations.iter().flat_map(|e| &e.terms).for_each(|t| count[t.0] += 1);
    // per unknown, the equation that gives it
    let mut given_by = vec![None; unknowns];
    let mut given: Vec<Given> = Vec::new();
    for equation in equations {
        let (row, rest) = substituted(equation, &given, &given_by, work)?;
        // those in few equations spread least, and units keep fractions simple
        let unit = |k: &Ratio| *k == Ratio::ONE || *k == Ratio::NEG_ONE;
        let Some((&unknown, own)) = row.iter().min_by_key(|(u, k)| (count[**u], !unit(k), **u)) else {
            if rest.is_zero() {
                continue;
            }
            return None;
        };
        let own = own.clone();
        let others = row.into_iter().filter(|t| t.0 != unknown).map(|(u, k)| (u, k / &own)).collect();
        given_by[unknown] = Some(given.len());
        given.push(Given { unknown, terms: others, rest: rest / own });
    }
    let mut values: Vec<Option<Ratio>> = vec![None; unknowns];
    for g in given.iter().rev() {
        let mut value = g.rest.clone();
        for (u, k) in &g.terms {
            value -= values[*u].get_or_insert_with(|| guess(*u)).clone() * k;
        }
        values[g.unknown] = Some(value);
    }
    Some(values.into_iter().enumerate().map(|(u, v)| v.unwrap_or_else(|| guess(u))).collect())
}

/// An equation without the unknowns that others give.
fn substituted(
    equation: Equation,
    given: &[Given],
    given_by: &[Option<usize>],
    work: &mut u64,
) -> Option<(BTreeMap<usize, Ratio>, Ratio)> {
    let mut row: BTreeMap<usize, Ratio> = BTreeMap::new();
    for (u, k) in equation.terms {
        *row.entry(u).or_insert(Ratio::ZERO) += k;
    }
    row.retain(|_, k| !k.is_zero());
    let mut rest = equation.rest;
    let mut due: BTreeSet<usize> = row.keys().filter_map(|&u| given_by[u]).collect();
    while let Some(next) = due.pop_first() {
        let Given { unknown, terms, rest: own } = &given[next];
        let Some(k) = row.remove(unknown) else { continue };
        *work = work.checked_sub(terms.len() as u64 + 1)?;
        rest -= &k * own;
        for (u, t) in terms {
            let entry = row.entry(*u).or_insert(Ratio::ZERO);
            *entry -= &k * t;
            if entry.is_zero() {
                row.remove(u);
            } else {
                due.extend(given_by[*u]);
            }
        }
    }
    Some((row, rest))
}

/// Where each cell stands by a solver's answer: at a bound, or at `None` between them. `far` is as far as a cell was asked to go.
pub(super) fn stands(part: &Component, guide: &Guide, cell: usize, far: Option<&Ratio>) -> Option<Vec<Option<Ratio>>> {
    if guide.moved.len() != part.cells.len() || guide.moved.iter().any(|x| !x.is_finite()) {
        return None;
    }
    let at = |(c, &x): (usize, &f64)| {
        let base = guide.base[c];
        let near = |by: f64| (x - by).abs() <= NEAR * by.abs().max(1.0);
        let from_base = |end: i64| (i128::from(end) - i128::from(base)) as f64;
        let far = far.filter(|_| c == cell).filter(|far| near((*far - Ratio::from(base)).to_f64_fast()));
        let domain = part.domain[c];
        let bound = || [domain.lo, domain.hi].into_iter().flatten().find(|&end| near(from_base(end))).map(Ratio::from);
        far.cloned().or_else(bound)
    };
    Some(guide.moved.iter().enumerate().map(at).collect())
}

/// The table that a solver means: cells at their bounds stay there, the others follow from the relations.
pub(super) fn point(part: &Component, guide: &Guide, stands: &[Option<Ratio>], work: &mut u64) -> Option<Point> {
    let mut equations = Vec::new();
    for (row, &constant) in part.rows.iter().zip(&part.constants) {
        let mut equation = Equation { terms: Vec::new(), rest: Ratio::from(constant) };
        for &(c, k) in row {
            match &stands[c] {
                Some(value) => equation.rest -= Ratio::from(k) * value,
                None => equation.terms.push((c, Ratio::from(k))),
            }
        }
        if !equation.terms.is_empty() {
            equations.push(equation);
        } else if !equation.rest.is_zero() {
            return None;
        }
    }
    let guess = |c: usize| Ratio::from(guide.base[c]) + simple(guide.moved[c]);
    let found = solve(equations, stands.len(), &guess, work)?;
    let values = found.into_iter().zip(stands).map(|(found, stand)| stand.clone().unwrap_or(found));
    Point::checked(part, values.collect())
}

/// The simplest fraction near a solver's number.
pub(super) fn simple(x: f64) -> Ratio {
    let slack = NEAR * x.abs().max(1.0);
    match (Ratio::try_from(x - slack), Ratio::try_from(x + slack)) {
        (Ok(lo), Ok(hi)) => Ratio::simplest_in(lo, hi),
        _ => Ratio::ZERO,
    }
}
