//! Noise on sums: the handbook's example, and the figures that the formulas of cellKey give.

use super::super::Folder;
use super::super::fixture::{cells, data, keys, method, published, run, try_method};
use super::scale::{Flex, Scale, Sum};
use super::table::SumTables;
use super::turned;
use crate::model::{Contributions, Measure, Modulus, Treatment};

/// The table that `make.py` beside the data uses, with the one for small values.
const TABLE: &str = "i,v,p_int_ub,type\n0,0,1,all\n1,-1,.15,all\n1,-.5,.4,all\n1,0,.6,all\n1,.5,.75,all\n1,1,.85,all\n1,2,.95,all\n\
1,3,1,all\n3,-3,.1,all\n3,-1.5,.25,all\n3,-.5,.45,all\n3,0,.6,all\n3,.5,.75,all\n3,1.5,.9,all\n3,3,1,all\n5,-3,.05,all\n\
5,-2,.2,all\n5,-1,.4,all\n5,0,.6,all\n5,1,.8,all\n5,2,.95,all\n5,3,1,all\n";
const SMALL: &str = "0,0,1,small_cells\n1,-1,.5,small_cells\n1,1,1,small_cells\n2,-2,.1,small_cells\n2,-1,.35,small_cells\n\
2,0,.65,small_cells\n2,1,.9,small_cells\n2,2,1,small_cells\n";

/// The handbook's example: 300 with a largest contribution of 200 becomes 400 with steps of 100, and 360 with steps of 120, half-way
/// between two rows.
#[test]
fn worked_example() {
    let table = "i,v,p_int_ub\n0,0,1\n2,0,1\n3,1,1\n";
    let tables = SumTables::parse(table).expect("a table");
    let made = |small: f64| {
        let scale = Scale { small, flex: None, weights: vec![1.0], extra: 0.0 };
        let sum = Sum { value: 300.0, contributions: &[200.0], keys: &[0.5], contributors: 3, sensitive: false };
        scale.perturb(&tables, sum).value
    };
    assert_eq!((made(0.5), made(0.6)), (400.0, 360.0));
}

/// 200 sums under five settings agree with the functions of the R package cellKey, run in R (`cellkey.R` beside the data), and with
/// a second writing of its formulas (`make.py`).
#[test]
fn as_cell_key_does_it() {
    let flex = |large: f64, point: f64, power: f64| Some(Flex { large, point, power });
    let three = vec![1.0, 0.5, 0.3];
    // name, weights, share, flex, extra, same key, with a table for small values
    let settings = [
        ("top1", vec![1.0], 0.1, None, 0.0, true, false),
        ("top3", three.clone(), 0.2, None, 0.0, true, false),
        ("flex", three, 0.2, flex(0.03, 1000.0, 2.0), 0.0, false, false),
        ("flex-small", vec![1.0, 0.5], 0.25, flex(0.05, 500.0, 3.0), 0.0, true, true),
        ("extra", vec![1.0], 0.1, None, 1.5, true, true),
    ];
    let text = data("magnitude.csv");
    let mut seen = 0;
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let (_, weights, small, flex, extra, same, with_small) =
            settings.iter().find(|s| s.0 == fields[0]).expect("a setting").clone();
        let tables = SumTables::parse(&if with_small { format!("{TABLE}{SMALL}") } else { TABLE.to_owned() });
        let contributions: Vec<f64> = fields[2].split(' ').map(|x| x.parse().expect("a number")).collect();
        let value = (contributions.iter().sum::<f64>() * 100.0).round() / 100.0;
        let key: f64 = fields[1].parse().expect("a key");
        let largest = &contributions[..weights.len().min(contributions.len())];
        let keys: Vec<f64> = (0..largest.len()).map(|j| turned(key, if same { j } else { j + 1 })).collect();
        let scale = Scale { small, flex, weights, extra };
        let contributors = contributions.len() as i64;
        let sum = Sum { value, contributions: largest, keys: &keys, contributors, sensitive: extra > 0.0 };
        let made = scale.perturb(&tables.expect("tables"), sum).value;
        let expect: f64 = fields[3].parse().expect("a number");
        assert!((made - expect).abs() < 1e-8 * expect.max(1.0), "{line}: {made}");
        seen += 1;
    }
    assert_eq!(seen, 200);
}

fn sums(values: &[(i64, &[i64])]) -> crate::model::System {
    let cell = |(value, largest): &(i64, &[i64])| {
        (*value, Some(Contributions { count: largest.len() as i64, largest: largest.to_vec(), asked: None }))
    };
    let measure = Measure::Sum { column: "turnover".to_owned(), index: 0, decimals: 2 };
    cells(measure, &values.iter().map(cell).collect::<Vec<_>>(), Modulus::FULL, keys(3, values.len() as u64))
}

/// The interval that a published sum allows holds the true one, whatever the noise; sums stay at 0 or above, and 0 stays 0.
#[test]
fn what_is_allowed() {
    let values: Vec<(i64, &[i64])> = (0..500)
        .map(|i| (1_000 + i * 7, if i % 2 == 0 { &[900, 100][..] } else { &[400, 300, 300][..] }))
        .chain([(0, &[][..])])
        .collect();
    let system = sums(&values);
    for text in [
        "cell-key-magnitude(d=5,variance=2,percent=10)",
        "cell-key-magnitude(d=3,variance=2,percent=100)",
        "cell-key-magnitude(d=3,variance=1.5,parts=2,percent=20,large-percent=3,from=5,by=sum)",
    ] {
        let made = run(&*method(text), &system).expect("noise");
        let changed = published(&made).iter().zip(&values).filter(|(by, v)| **by != v.0).count();
        assert!(changed > 300, "{text}: {changed}");
        for (treatment, (value, _)) in made.protection.treatments.iter().zip(&values) {
            let Treatment::Replace { by, preimage } = treatment else { panic!("{treatment:?}") };
            assert!(preimage.contains(*value) && *by >= 0, "{text}: {value} {by} {preimage}");
        }
        assert_eq!(published(&made).last(), Some(&0));
    }
}

/// Noise has mean 0 and the variance that is told, over 2,000 groups with the same contributions, within 4 standard errors.
#[test]
fn unbiased_with_the_variance_that_is_told() {
    let system = sums(&vec![(100_000, &[40_000, 30_000][..]); 2_000]);
    let made = run(&*method("cell-key-magnitude(d=5,variance=2,percent=10)"), &system).expect("noise");
    let noise: Vec<f64> = published(&made).into_iter().map(|by| (by - 100_000) as f64).collect();
    let n = noise.len() as f64;
    let variance = made.noise.variance[0];
    assert!((variance - 2.0 * 4_000f64.powi(2)).abs() < 1.0, "{variance}");
    let (mean, square) = (noise.iter().sum::<f64>() / n, noise.iter().map(|v| v * v).sum::<f64>() / n);
    assert!(mean.abs() < 4.0 * (variance / n).sqrt(), "{mean}");
    let fourth = noise.iter().map(|v| v.powi(4)).sum::<f64>() / n;
    assert!((square - variance).abs() < 4.0 * ((fourth - variance * variance) / n).sqrt(), "{square}");
}

/// Decimals are turned one by one, trailing zeros aside, as cellKey does it.
#[test]
fn turning_keys() {
    assert_eq!([0, 1, 2, 4].map(|n| turned(0.1234, n)), [0.1234, 0.2341, 0.3412, 0.1234]);
    assert_eq!((turned(0.5, 3), turned(0.0, 1), turned(0.05, 1)), (0.5, 0.0, 0.5));
}

/// What is wrong in a table, or in the weights, is told.
#[test]
fn damaged() {
    for (text, told) in [
        ("i,v,p_int_ub,type\n0,0,1,all\n1,0,1,all\n1,0,1,even\n", "it holds \"all\", or \"even\" and \"odd\""),
        ("i,v,p_int_ub,type\n0,0,1,some\n", "type is \"some\""),
        ("i,v,p_int_ub\n0,0,1\n1,-2,1\n", "below 0"),
        ("i,v,p_int_ub\n0,0,1\n2,0,1\n1,0,1\n", "do not rise"),
        ("i,v,p_int_ub\n0,0,1\n", "no row for 0 and another"),
        ("i,v,p_int_ub\n0,0,1\n1,0,.5\n", "end at 0.5"),
    ] {
        let error = SumTables::parse(text).expect_err("refused");
        assert!(error.what.contains(told), "{error:?}");
    }
    let told = |text: &str| try_method(text, &Folder::default()).map(|_| ()).expect_err("refused");
    assert!(told("cell-key-magnitude(d=2,variance=1,weights=0.5)").contains("`weights` can't be `0.5`"));
}
