//! The last word on what is possible: whole programs. A solver is a tool; a truth that it gives is checked in whole numbers.

use tabsafe::solve::{Column, Effort, Highs, Program, Row as SolverRow, Solver, Status};

use super::printed::MOST;
use super::reader::Reader;

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Possible {
    Yes,
    No,
    NotKnown,
}

/// The program of what is known, with one more column: the number of a group.
fn program(reader: &Reader, group: &[(usize, i64)], lo: f64, hi: f64, cost: f64) -> Program {
    let mut columns: Vec<Column> =
        reader.whole.iter().map(|&whole| Column { cost: 0.0, lo: 0.0, hi: f64::INFINITY, whole }).collect();
    let number = columns.len();
    columns.push(Column { cost, lo, hi, whole: false });
    let bound = |v: i64| if v.abs() >= MOST { f64::INFINITY * v.signum() as f64 } else { v as f64 };
    let mut rows: Vec<SolverRow> = Vec::with_capacity(reader.rows.len() + 1);
    for row in &reader.rows {
        match row.terms.as_slice() {
            // a bound of one variable
            [(v, 1)] => {
                columns[*v].lo = columns[*v].lo.max(bound(row.lo));
                columns[*v].hi = columns[*v].hi.min(bound(row.hi));
            }
            terms => {
                let terms = terms.iter().map(|(v, k)| (*v, *k as f64)).collect();
                rows.push(SolverRow { lo: bound(row.lo), hi: bound(row.hi), terms });
            }
        }
    }
    let terms = group.iter().map(|(v, k)| (*v, *k as f64)).chain([(number, -1.0)]).collect();
    rows.push(SolverRow { lo: 0.0, hi: 0.0, terms });
    Program { columns, rows }
}

/// Whether a solution holds: counts in whole numbers, amounts to within a thousandth of their unit.
fn holds(reader: &Reader, found: &[f64]) -> bool {
    let near = |v: f64| (v - v.round()).abs() < 1e-4;
    let value = |v: usize| if reader.whole[v] { found[v].round() } else { found[v] };
    (0..reader.whole.len()).all(|v| value(v) > -1e-3 && (!reader.whole[v] || near(found[v])))
        && reader.rows.iter().all(|r| {
            let sum: f64 = r.terms.iter().map(|(v, k)| *k as f64 * value(*v)).sum();
            (r.lo <= -MOST || sum >= r.lo as f64 - 1e-3) && (r.hi >= MOST || sum <= r.hi as f64 + 1e-3)
        })
}

/// Whether the number of a group can lie within bounds.
pub fn possible(reader: &Reader, group: &[(usize, i64)], lo: i64, hi: i64) -> Possible {
    let bound = |v: i64| if v.abs() >= MOST { f64::INFINITY * v.signum() as f64 } else { v as f64 };
    let answer = Highs.solve(&program(reader, group, bound(lo), bound(hi), 0.0), Effort::default());
    match answer.status {
        Status::Infeasible => Possible::No,
        _ if answer.columns.len() > reader.whole.len() && holds(reader, &answer.columns) => Possible::Yes,
        _ => Possible::NotKnown,
    }
}

/// The smallest (sign 1) or largest (sign -1) number of a group, to within the tolerance of the solver; none where there is no
/// bound or no answer.
pub fn end(reader: &Reader, group: &[(usize, i64)], sign: i64) -> Option<f64> {
    let program = program(reader, group, f64::NEG_INFINITY, f64::INFINITY, sign as f64);
    let answer = Highs.solve(&program, Effort::default());
    (answer.status == Status::Optimal).then_some(answer.objective * sign as f64)
}

/// The solver beside enumeration: random small systems of counts, every value of every group, and both ends.
#[test]
fn the_solver_says_what_enumeration_says() {
    use super::reader::Row;
    use crate::random::Rng;
    let mut asked = 0;
    for seed in 0..400 {
        let mut rng = Rng(seed);
        let n = 3 + rng.below(4);
        let truth: Vec<i64> = (0..n).map(|_| [0, 0, 1, 1, 2, 3][rng.below(6)]).collect();
        let set = |rng: &mut Rng| (0..n).filter(|_| rng.chance(50)).map(|v| (v, 1)).collect::<Vec<_>>();
        let mut rows = vec![((0..n).map(|v| (v, 1)).collect::<Vec<_>>(), 0)];
        rows.extend((0..1 + rng.below(4)).map(|_| (set(&mut rng), rng.below(2) as i64)));
        let row = |(terms, loose): (Vec<(usize, i64)>, i64)| {
            let sum: i64 = terms.iter().map(|(v, _)| truth[*v]).sum();
            Row {
                terms,
                lo: if loose == 1 { sum.min(1) } else { sum },
                hi: if loose == 1 { MOST } else { sum },
                cell: None,
            }
        };
        let reader = Reader { whole: vec![true; n], rows: rows.into_iter().map(row).collect(), truth: truth.clone() };
        let group = set(&mut rng);
        let found = enumerate(&reader, &group);
        for v in 0..=truth.iter().sum() {
            let expect = if found.contains(&v) { Possible::Yes } else { Possible::No };
            assert_eq!(possible(&reader, &group, v, v), expect, "seed {seed}: {v} among {found:?}");
            asked += 1;
        }
        let ends = [1, -1].map(|sign| end(&reader, &group, sign).map(|e| e.round() as i64));
        assert_eq!(ends, [found.first().copied(), found.last().copied()], "seed {seed}");
    }
    assert!(asked > 1_000);
}

/// Every number that a group can have, where the first row bounds all.
#[cfg(test)]
fn enumerate(reader: &Reader, group: &[(usize, i64)]) -> std::collections::BTreeSet<i64> {
    let all = reader.rows[0].hi;
    let mut found = std::collections::BTreeSet::new();
    let mut at = vec![0; reader.truth.len()];
    loop {
        let sum = |terms: &[(usize, i64)]| terms.iter().map(|(v, k)| k * at[*v]).sum::<i64>();
        if reader.rows.iter().all(|r| r.lo <= sum(&r.terms) && sum(&r.terms) <= r.hi) {
            found.insert(sum(group));
        }
        let Some(next) = at.iter().position(|v| *v < all) else { return found };
        at[..next].fill(0);
        at[next] += 1;
    }
}
