//! Which withheld cells can be worked out by adding and subtracting alone: Gauss elimination over a prime field.
//!
//! With no bounds on what is withheld, a cell is known exactly if the relations between withheld cells leave it one value:
//! if its unit vector is a combination of their rows. Works on residues modulo 2^61 - 1, and shares nothing with the library.

use std::collections::BTreeMap;

use tabsafe::model::{CellId, Relation};

const P: u64 = (1 << 61) - 1;

fn mul(a: u64, b: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(P)) as u64
}

fn residue(k: i64) -> u64 {
    (i128::from(k)).rem_euclid(i128::from(P)) as u64
}

/// The inverse, by Fermat.
fn inverse(a: u64) -> u64 {
    let (mut power, mut base, mut e) = (1, a, P - 2);
    while e > 0 {
        if e & 1 == 1 {
            power = mul(power, base);
        }
        base = mul(base, base);
        e >>= 1;
    }
    power
}

/// A row: its residues other than 0, by cell.
type Row = BTreeMap<CellId, u64>;

/// Subtracts `factor` times a row.
fn subtract(row: &mut Row, factor: u64, other: &Row) {
    for (&c, &k) in other {
        let entry = row.entry(c).or_insert(0);
        *entry = (*entry + P - mul(factor, k)) % P;
        if *entry == 0 {
            row.remove(&c);
        }
    }
}

/// The withheld cells that the relations determine, in rising order.
pub fn determined(relations: &[Relation], is_withheld: impl Fn(CellId) -> bool) -> Vec<CellId> {
    // reduced row echelon form: each pivot stands in its own row only
    let mut rows: BTreeMap<CellId, Row> = BTreeMap::new();
    for relation in relations {
        let mut row = Row::new();
        for &(c, k) in relation.terms.iter().filter(|t| is_withheld(t.0)) {
            *row.entry(c).or_insert(0) += residue(k);
        }
        row.values_mut().for_each(|k| *k %= P);
        row.retain(|_, k| *k != 0);
        for (pivot, other) in &rows {
            if let Some(&k) = row.get(pivot) {
                subtract(&mut row, k, other);
            }
        }
        let Some((&pivot, &k)) = row.first_key_value() else { continue };
        let scale = inverse(k);
        row.values_mut().for_each(|k| *k = mul(*k, scale));
        for other in rows.values_mut() {
            if let Some(&k) = other.get(&pivot) {
                subtract(other, k, &row);
            }
        }
        rows.insert(pivot, row);
    }
    rows.into_iter().filter(|(_, row)| row.len() == 1).map(|(pivot, _)| pivot).collect()
}

/// Elimination on relations whose answer is seen at a glance.
#[test]
fn elimination() {
    let sum = |cells: &[CellId]| Relation { terms: cells.iter().map(|&c| (c, 1)).collect(), constant: 0 };
    assert_eq!(determined(&[sum(&[0, 1]), sum(&[1, 2])], |_| true), [0; 0]);
    assert_eq!(determined(&[sum(&[0, 1]), sum(&[1, 2]), sum(&[0, 2])], |_| true), [0, 1, 2]);
    assert_eq!(determined(&[sum(&[0, 1]), sum(&[1, 2])], |c| c != 0), [1, 2]);
    let doubled = Relation { terms: vec![(0, 2), (1, 2)], constant: 0 };
    assert_eq!(determined(&[sum(&[0, 1]), doubled, sum(&[0, 1, 2])], |_| true), [2]);
    let negative = Relation { terms: vec![(0, -1), (1, 1)], constant: 0 };
    assert_eq!(determined(&[sum(&[0, 1]), negative], |_| true), [0, 1]);
    assert_eq!(mul(inverse(12_345), 12_345), 1);
}
