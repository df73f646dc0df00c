//! Attacks with answers known from elsewhere: the field's textbook cases, typed in by hand.

use tabsafe::attack::{Attack, Public};
use tabsafe::model::{CellId, Interval, Relation};
use tabsafe::solve::Highs;

/// The interval of each asked cell, given what each cell could be and which relations hold.
fn check(domain: Vec<Interval>, relations: Vec<Relation>, expect: &[(CellId, Interval)]) {
    let name = |c: usize| format!("x{c}");
    let attack = Attack::new(&Highs, &name);
    let asked: Vec<CellId> = expect.iter().map(|e| e.0).collect();
    let audit = attack.run(&Public { domain, relations }, &[], &asked, None).expect("some table fits");
    let found: Vec<(CellId, Interval)> = audit.cells.iter().map(|c| (c.cell, c.interval)).collect();
    assert_eq!(found, expect);
}

/// `Σ cells = constant`.
fn sum(cells: &[CellId], constant: i64) -> Relation {
    Relation { terms: cells.iter().map(|&c| (c, 1)).collect(), constant }
}

const HIDDEN: Interval = Interval { lo: Some(0), hi: None };

/// Three rows of two, the third published (Geurts 1992): the first column's head has the narrowest room.
#[test]
fn two_rows_withheld() {
    // x11 x12 | 7, x21 x22 | 3, 3 3 | 6; columns 9 and 7
    let relations = vec![sum(&[0, 1], 7), sum(&[2, 3], 3), sum(&[0, 2], 9 - 3), sum(&[1, 3], 7 - 3)];
    let expect = [(0, (3, 6)), (1, (1, 4)), (2, (0, 3)), (3, (0, 3))].map(|(c, (lo, hi))| (c, Interval::new(lo, hi)));
    check(vec![HIDDEN; 4], relations, &expect);
}

/// The classical square of the cell suppression problem: activities II and III, regions A and C.
#[test]
fn square_of_the_literature() {
    // II: 8 19 22 | 49, III: 17 32 12 | 61; columns A 45, C 44, of which 20 and 10 stand in I
    let relations = vec![sum(&[0, 1], 49 - 19), sum(&[2, 3], 61 - 32), sum(&[0, 2], 45 - 20), sum(&[1, 3], 44 - 10)];
    let expect = [(0, 0, 25), (1, 5, 30), (2, 0, 25), (3, 4, 29)].map(|(c, lo, hi)| (c, Interval::new(lo, hi)));
    check(vec![HIDDEN; 4], relations, &expect);
}

/// Two tables of the same eight units, each safe by itself, give a cell away together.
#[test]
fn safe_apart_and_unsafe_together() {
    // A B K L M are withheld; county-1 is A B I J = 20, county-2 is K L M N = 16; BIG is L M = 6, small the rest = 30
    let [a, b, k, l, m] = [0, 1, 2, 3, 4];
    let counties = [sum(&[a, b], 20 - 8 - 8), sum(&[k, l, m], 16 - 7)];
    let sizes = [sum(&[l, m], 6), sum(&[a, b, k], 30 - 8 - 8 - 7)];
    let expect = |all: [(i64, i64); 5]| -> Vec<(CellId, Interval)> {
        all.iter().enumerate().map(|(c, &(lo, hi))| (c, Interval::new(lo, hi))).collect()
    };
    check(vec![HIDDEN; 5], counties.to_vec(), &expect([(0, 4), (0, 4), (0, 9), (0, 9), (0, 9)]));
    check(vec![HIDDEN; 5], sizes.to_vec(), &expect([(0, 7), (0, 7), (0, 7), (0, 6), (0, 6)]));
    check(vec![HIDDEN; 5], [counties, sizes].concat(), &expect([(0, 4), (0, 4), (3, 3), (0, 6), (0, 6)]));
}

/// Two withheld cells known to be from 1 to 4: their sum leaves little, and at its ends nothing.
#[test]
fn threshold_is_known() {
    for (total, lo, hi) in [(2, 1, 1), (3, 1, 2), (5, 1, 4), (7, 3, 4), (8, 4, 4)] {
        let expect = [(0, Interval::new(lo, hi)), (1, Interval::new(lo, hi))];
        check(vec![Interval::new(1, 4); 2], vec![sum(&[0, 1], total)], &expect);
    }
}

/// Three relations that leave halves for fractions and one table for whole numbers.
#[test]
fn whole_numbers_leave_one_table() {
    let [a, b, c, d] = [0, 1, 2, 3];
    let relations = vec![sum(&[a, b], 1), sum(&[b, c], 1), sum(&[a, c, d], 1)];
    let expect = [(a, 0), (b, 1), (c, 0), (d, 1)].map(|(cell, v)| (cell, Interval::exactly(v)));
    check(vec![HIDDEN; 4], relations, &expect);
}
