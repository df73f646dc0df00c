//! Random rounding: unbiasedness, variance and independence over many cells under a fixed key, and what is fixed.

use super::super::fixture::{Grid, KEY, keyed, preimages_hold};
use super::super::parse_rounding;
use super::at_random;
use crate::model::{CellKeys, Modulus};
use crate::secret::Key;

/// Over 2,000 draws per rest, the mean error is 0 and the mean square error ρ(b - ρ), each within 4 standard errors; and
/// no error reaches the base.
#[test]
fn unbiased_with_the_known_variance() {
    let key = Key::from_bytes(KEY).expect("a key");
    let n = 2_000i64;
    for base in [3i64, 5, 10] {
        for rest in 0..base {
            let value = 20 * base + rest;
            let errors = (0..n).map(|i| at_random(value, base, &mut key.draw("test", &i.to_le_bytes())) - value);
            let errors: Vec<i64> = errors.collect();
            assert!(errors.iter().all(|e| e.abs() < base && (value + e) % base == 0));
            let variance = (rest * (base - rest)) as f64;
            let mean = errors.iter().sum::<i64>() as f64 / n as f64;
            assert!(mean.abs() <= 4.0 * (variance / n as f64).sqrt(), "{base} {rest}: mean {mean}");
            let square = errors.iter().map(|e| e * e).sum::<i64>() as f64 / n as f64;
            // two-valued errors: the variance of the square is known as well
            let (up, down) = ((base - rest) as f64, -rest as f64);
            let p = rest as f64 / base as f64;
            let fourth = p * up.powi(4) + (1.0 - p) * down.powi(4);
            let spread = ((fourth - variance * variance).max(0.0) / n as f64).sqrt();
            assert!((square - variance).abs() <= 4.0 * spread + 1e-9, "{base} {rest}: variance {square}");
        }
    }
}

/// The draws of neighbouring cells are independent: the correlation of errors along a row of 4,000 cells is within 4
/// standard errors of 0.
#[test]
fn independent_of_neighbours() {
    let key = Key::from_bytes(KEY).expect("a key");
    let error = |i: u64| (at_random(2, 5, &mut key.draw("test", &i.to_le_bytes())) - 2) as f64;
    let errors: Vec<f64> = (0..4_000).map(error).collect();
    let product: f64 = errors.windows(2).map(|w| w[0] * w[1]).sum::<f64>() / 3_999.0;
    assert!((product / 6.0).abs() < 4.0 / (3_999f64).sqrt(), "{product}");
}

/// A released value comes from the interval that the method gives, whatever the draw.
#[test]
fn preimages() {
    preimages_hold("random(3)", 60);
    preimages_hold("fixed-random(5)", 60);
}

/// Fixed: another release has the same draws. Not fixed: another release has others. Another key has others in any case.
#[test]
fn what_is_fixed() {
    let values: Vec<i64> = (0..200).map(|i| 3 * i + 1 + i % 2).collect();
    let grid = Grid::new(&[200], &values);
    let shown = |text: &str, release: &str, key: &[u8]| {
        let key = Key::from_bytes(key).expect("a key");
        let method = parse_rounding(text).expect("a method");
        let protection = method.round(&keyed(&grid.system, &key, release)).expect("rounds");
        grid.shown(&protection)
    };
    let other: &[u8] = b"another key for tests, of no use either";
    assert_eq!(shown("fixed-random(3)", "a", KEY), shown("fixed-random(3)", "b", KEY));
    assert_ne!(shown("fixed-random(3)", "a", KEY), shown("fixed-random(3)", "a", other));
    assert_eq!(shown("random(3)", "a", KEY), shown("random(3)", "a", KEY));
    assert_ne!(shown("random(3)", "a", KEY), shown("random(3)", "b", KEY));
    assert_ne!(shown("random(3)", "a", KEY), shown("fixed-random(3)", "a", KEY));
}

/// Without a key nothing is rounded.
#[test]
fn no_key() {
    let grid = Grid::new(&[2], &[1, 2]);
    let error = grid.rounded_without_key("random(3)").map_or_else(|e| e.to_string(), |_| String::new());
    assert!(error.starts_with("the method draws random numbers and has no key (write key-file"), "{error}");
}

/// With keys of records the draw follows the group of records, whatever it is called and wherever it stands; another group of
/// the same name and size is drawn for itself.
#[test]
fn the_group_of_records_decides() {
    let values: Vec<i64> = (0..100).map(|i| 3 * i + 1 + i % 2).collect();
    let keyed_by = |sizes: &[usize], values: &[i64], keys: Vec<u128>| {
        let mut grid = Grid::new(sizes, values);
        grid.system.keys = Some(CellKeys { modulus: Modulus::FULL, cells: keys });
        grid.shown(&grid.rounded("fixed-random(3)").expect("rounds"))
    };
    let keys: Vec<u128> = (0..101).map(|i| 0x9E37_79B9_7F4A_7C15u128.wrapping_mul(i + 1)).collect();
    let one = keyed_by(&[100], &values, keys.clone());
    // the same groups in another order, with other names
    let turned: Vec<i64> = values.iter().rev().copied().collect();
    let turned_keys: Vec<u128> = keys[..100].iter().rev().copied().chain([keys[100]]).collect();
    let other = keyed_by(&[100], &turned, turned_keys);
    assert_eq!(one[..100], other[..100].iter().rev().copied().collect::<Vec<_>>());
    let others = keyed_by(&[100], &values, keys.iter().map(|k| k + 1).collect());
    assert_ne!(one, others);
}
