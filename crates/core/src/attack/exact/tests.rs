//! Exact work on small components, with answers that can be followed by hand.

use super::*;
use crate::model::Interval;

/// A component of cells with these bounds and relations.
fn part(domain: &[(i64, i64)], rows: &[(&[(usize, i64)], i128)]) -> Component {
    Component {
        cells: (0..domain.len()).collect(),
        rows: rows.iter().map(|r| r.0.to_vec()).collect(),
        constants: rows.iter().map(|r| r.1).collect(),
        origin: (0..rows.len()).collect(),
        domain: domain.iter().map(|&(lo, hi)| Interval::new(lo, hi)).collect(),
    }
}

fn ratio(n: i64, d: i64) -> Ratio {
    Ratio::from(n) / Ratio::from(d)
}

/// The end of a cell, proved from both sides, without a guide.
fn end(part: &Component, table: Option<&[i64]>, cell: usize, sign: i64) -> Option<Ratio> {
    let reach = Exact::new(part, table).reach((cell, sign), None, None, &|| false);
    let inner = reach.inner.map(|p| p.at(cell).clone());
    assert_eq!(inner, reach.outer);
    inner
}

/// From a table, and from none, both ends are found and proved: `2x + 3y = 12` with x and y from 0 to 5.
#[test]
fn ends() {
    let part = part(&[(0, 5), (0, 5)], &[(&[(0, 2), (1, 3)], 12)]);
    for table in [Some(&[3, 2][..]), None] {
        assert_eq!(end(&part, table, 0, 1), Some(ratio(0, 1)));
        assert_eq!(end(&part, table, 0, -1), Some(ratio(5, 1)));
        assert_eq!(end(&part, table, 1, 1), Some(ratio(2, 3)));
        assert_eq!(end(&part, table, 1, -1), Some(ratio(4, 1)));
    }
}

/// Relations that follow from others do no harm, and where nothing fits nothing is found.
#[test]
fn relations_that_say_nothing_new() {
    let rows: [(&[(usize, i64)], i128); 3] =
        [(&[(0, 1), (1, 1)], 7), (&[(0, 2), (1, 2)], 14), (&[(0, -3), (1, -3)], -21)];
    let many = part(&[(0, 9), (1, 5)], &rows);
    assert_eq!(end(&many, None, 0, 1), Some(ratio(2, 1)));
    assert_eq!(end(&many, Some(&[3, 4]), 0, -1), Some(ratio(6, 1)));
    let none = part(&[(0, 9), (1, 5)], &[rows[0], (&[(0, 1), (1, 1)], 8)]);
    assert_eq!(Exact::new(&none, None).table(&|| false), None);
    assert_eq!(end(&none, None, 0, 1), None);
}

/// A cell without bound goes on for ever, which is checked; asked only how far it is, it ends there.
#[test]
fn without_bound() {
    let mut part = part(&[(0, 0), (0, 0)], &[(&[(0, 1), (1, -3)], 1)]);
    part.domain = vec![Interval::at_least(0); 2];
    let mut exact = Exact::new(&part, Some(&[4, 1]));
    let never = || false;
    let reach = exact.reach((0, -1), Some(&ratio(100, 1)), None, &never);
    assert!(reach.as_far(0, &ratio(100, 1), -1).is_some() && !reach.endless);
    assert!(exact.reach((0, -1), None, None, &never).endless);
    assert_eq!(exact.reach((0, 1), None, None, &never).outer, Some(ratio(1, 1)));
}

/// What a solver says is made exact where it is right, and no proof where it is wrong: a third is found from its decimals, a
/// point that misses a relation and multipliers of another program prove nothing false.
#[test]
fn guides() {
    let part = part(&[(0, 9), (0, 9)], &[(&[(0, 3), (1, 1)], 10)]);
    let base = [3, 1];
    let mut exact = Exact::new(&part, Some(&base));
    let right = Guide { base: &base, moved: &[1.0 / 3.0, -1.0], multipliers: &[-1.0 / 3.0] };
    let mut reach = Reach::default();
    exact.follow(&right, (0, -1), None, &mut reach);
    assert_eq!(reach.inner.as_ref().map(|p| p.at(0).clone()), Some(ratio(10, 3)));
    assert_eq!((reach.outer, reach.proof), (Some(ratio(10, 3)), vec![0]));
    let wrong = Guide { base: &base, moved: &[6.0, 8.0], multipliers: &[5.0] };
    let mut reach = Reach::default();
    exact.follow(&wrong, (0, -1), None, &mut reach);
    assert!(reach.inner.is_none() && reach.outer.is_none_or(|bound| bound >= ratio(10, 3)));
}

/// The checks themselves: a point off by the least bit is none, multipliers of any kind bound what is possible, and a way that
/// breaks a relation or meets a bound is none.
#[test]
fn checks() {
    let part = part(&[(0, 9), (0, 9)], &[(&[(0, 3), (1, 1)], 10)]);
    assert!(Point::checked(&part, vec![ratio(10, 3), ratio(0, 1)]).is_some());
    let off = ratio(1, 1_000_000_000_000_000_000);
    assert!(Point::checked(&part, vec![ratio(10, 3) + &off, ratio(0, 1)]).is_none());
    assert!(Point::checked(&part, vec![ratio(10, 3) + &off, -off * ratio(3, 1)]).is_none());
    for n in -20..20 {
        let bound = certificate::bound(&part, 0, -1, &[ratio(n, 7)]).expect("bounds on all sides");
        assert!(bound >= ratio(10, 3), "{n}");
    }
    let way = |x, y| BTreeMap::from([(0, ratio(x, 1)), (1, ratio(y, 1))]);
    assert!(!certificate::endless(&part, 0, -1, &way(1, -3)));
    let mut open = part.clone();
    open.domain = vec![Interval::ALL; 2];
    assert!(certificate::endless(&open, 0, -1, &way(1, -3)) && !certificate::endless(&open, 0, 1, &way(1, -3)));
    assert!(!certificate::endless(&open, 0, -1, &way(1, -2)));
    assert_eq!(certificate::bound(&open, 0, -1, &[ratio(1, 3)]), None);
}

/// A table between two others, exactly where it is asked for.
#[test]
fn between() {
    let part = part(&[(0, 9), (0, 9)], &[(&[(0, 3), (1, 1)], 10)]);
    let point = |x: Ratio, y: Ratio| Point::checked(&part, vec![x, y]).expect("a table");
    let (one, other) = (point(ratio(1, 1), ratio(7, 1)), point(ratio(3, 1), ratio(1, 1)));
    let found = Point::between(&part, &one, &other, 0, &ratio(2, 1)).expect("a table");
    assert_eq!(found.values(), [ratio(2, 1), ratio(4, 1)]);
    assert_eq!(Point::between(&part, &one, &one, 0, &ratio(2, 1)), Some(one.clone()));
}
