//! Noise by keys: unbiased, of the variance of its table, independent, and the same for the same group.

use super::super::fixture::{counts, keys, method, published, run, with_key};
use super::super::{Work, apply};
use crate::model::{Exposure, Modulus, Treatment};

const METHOD: &str = "cell-key(d=3,variance=2)";
/// How many groups are looked at: a standard error of 1 percent of the noise.
const MANY: u64 = 10_000;

/// The noise of so many groups with this count each.
fn noise(count: i64, from: u64) -> Vec<f64> {
    let system = counts(&vec![count; MANY as usize], Modulus::FULL, keys(from, MANY));
    let made = run(&*method(METHOD), &system).expect("noise");
    published(&made).into_iter().map(|by| (by - count) as f64).collect()
}

/// Over 10,000 groups of each count, with a fixed secret: the mean is 0 and the square the variance of the row, each within 4
/// standard errors, and each noise comes as often as its share says (chi-squared, 16.8 is exceeded once in 100 for 6 degrees of
/// freedom, 32.9 once in 100,000).
#[test]
fn unbiased_with_the_variance_of_the_table() {
    // shares of D = 3, V = 2 by maximum entropy; those of 3 and more are symmetric
    for (count, from) in [(1, 0), (2, 20_000), (3, 40_000), (500, 60_000)] {
        let noise = noise(count, from);
        let n = noise.len() as f64;
        let made = method(METHOD);
        let system = counts(&[count], Modulus::FULL, keys(from, 1));
        let variance = run(&*made, &system).expect("noise").noise.variance[0];
        let mean = noise.iter().sum::<f64>() / n;
        assert!(mean.abs() < 4.0 * (variance / n).sqrt(), "{count}: mean {mean}");
        let square = noise.iter().map(|v| v * v).sum::<f64>() / n;
        let fourth = noise.iter().map(|v| v.powi(4)).sum::<f64>() / n;
        assert!(
            (square - variance).abs() < 4.0 * ((fourth - variance * variance) / n).sqrt(),
            "{count}: {square} {variance}"
        );
    }
    let noise = noise(500, 60_000);
    let times = |v: i64| noise.iter().filter(|&&x| x == v as f64).count() as f64;
    let shares =
        super::super::table::Design { most: 3, variance: 2.0, not_up_to: 0, stay: 0.0, monotone: true, exact: false };
    let table = shares.build().expect("a table");
    let chi: f64 = (-3i64..=3)
        .map(|v| {
            let expect = n_of(&table, v) * MANY as f64;
            (times(v) - expect).powi(2) / expect
        })
        .sum();
    assert!(chi < 32.9, "{chi}");
}

/// The share of a noise in the last row, by trying keys evenly.
fn n_of(table: &super::super::table::CountTable, noise: i64) -> f64 {
    let tries = 100_000;
    let hits = (0..tries).filter(|&k| table.by_fraction(500, (k as f64 + 0.5) / f64::from(tries)) == noise).count();
    hits as f64 / f64::from(tries)
}

/// The noise of a total is independent of that of its parts, although its key is the sum of theirs: correlations over 10,000
/// pairs are within 4 standard errors of 0, also of products (a total against both of its parts).
#[test]
fn independent_of_the_parts() {
    let (a, b) = (keys(0, MANY), keys(MANY, MANY));
    let sum: Vec<u128> = a.iter().zip(&b).map(|(&x, &y)| Modulus::FULL.add(x, y)).collect();
    let noise = |keys: Vec<u128>| -> Vec<f64> {
        let system = counts(&vec![50; MANY as usize], Modulus::FULL, keys);
        published(&run(&*method(METHOD), &system).expect("noise")).into_iter().map(|by| (by - 50) as f64).collect()
    };
    let (a, b, sum) = (noise(a), noise(b), noise(sum));
    let n = MANY as f64;
    let near = |product: f64, power: i32, what: &str| {
        let of_error = product / n / 2f64.powi(power).sqrt() * n.sqrt();
        assert!(of_error.abs() < 4.0, "{what}: {of_error}");
    };
    near(a.iter().zip(&sum).map(|(x, z)| x * z).sum(), 2, "part and total");
    near(a.iter().zip(&b).map(|(x, y)| x * y).sum(), 2, "part and part");
    near(a.iter().zip(&b).zip(&sum).map(|((x, y), z)| x * y * z).sum(), 3, "both parts and total");
}

/// The same group has the same noise whatever stands beside it and in whatever order; another secret gives other noise;
/// empty cells stay 0; unprinted cells get none.
#[test]
fn the_same_group_the_same_noise() {
    let values: Vec<i64> = (0..200).map(|i| i % 9).collect();
    let names = keys(7, 200);
    let method = method(METHOD);
    let shown = published(&run(&*method, &counts(&values, Modulus::FULL, names.clone())).expect("noise"));
    let turned: Vec<usize> = (0..200).rev().chain(50..90).collect();
    let again = counts(
        &turned.iter().map(|&i| values[i]).collect::<Vec<_>>(),
        Modulus::FULL,
        turned.iter().map(|&i| names[i]).collect(),
    );
    let again = published(&run(&*method, &again).expect("noise"));
    assert!(turned.iter().zip(&again).all(|(&i, &by)| by == shown[i]));
    let other = with_key(
        &*method,
        &counts(&values, Modulus::FULL, names.clone()),
        b"another key for tests, of no use to anybody",
    )
    .expect("noise");
    assert!(published(&other) != shown);
    assert!(values.iter().zip(&shown).all(|(&v, &by)| by >= 0 && (v > 0 || by == 0)));
    let mut hidden = counts(&values, Modulus::FULL, names);
    hidden.cells[3].exposure = Exposure::Implied;
    let made = run(&*method, &hidden).expect("noise");
    assert_eq!((made.protection.treatments[3], made.noise.variance[3]), (Treatment::Hide, f64::INFINITY));
}

/// Without a secret key, or without keys of cells, there is no noise.
#[test]
fn no_key_no_noise() {
    let method = method(METHOD);
    let mut system = counts(&[5], Modulus::FULL, keys(0, 1));
    let work = |system| Work { system, key: None, unsafe_cells: &[false], release: "" };
    let told = apply(&*method, &work(&system)).expect_err("no key").to_string();
    assert!(told.contains("needs a secret key"), "{told}");
    system.keys = None;
    assert!(run(&*method, &system).is_err());
}

/// Keys of a column are used as they are: .8 for 3 records in a table of .3, .4, .3.
#[test]
fn keys_of_a_column() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows: String = (1..=3).map(|i| format!("{i},-1,0.3\n{i},0,0.7\n{i},1,1\n")).collect();
    std::fs::write(folder.path().join("t.csv"), format!("i,v,p_int_ub\n0,0,1\n{rows}")).expect("written");
    let folder = super::super::Folder::of(&folder.path().join("policy.toml").display().to_string());
    let method = super::super::fixture::try_method("cell-key(table=t.csv,keys=column)", &folder).expect("a method");
    let tenths = |values: &[i64], keys: Vec<u128>| counts(values, Modulus::of(10), keys);
    let made = run(&*method, &tenths(&[3, 3, 3, 3, 0], vec![8, 3, 7, 4, 0])).expect("noise");
    assert_eq!(published(&made), [4, 2, 3, 3, 0]);
}
