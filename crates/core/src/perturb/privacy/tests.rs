//! Noise under a budget: its distribution, what it costs, bounded contributions, consistent tables.

use std::collections::HashMap;

use super::super::fixture::method;
use super::super::{Perturbation, Work, apply};
use super::{Mechanism, consistent, draw};
use crate::link::{Details, link};
use crate::model::{Axis, Dimension, Entry, Groups, Measure, Role, Space, System, Table, Treatment};

/// Draws come as often as the distribution says. The generator can't be fixed: the bound is exceeded about once in 10^8
/// runs (chi-squared with 8 degrees of freedom above 52).
#[test]
fn distributions() {
    let n = 4_000;
    for (mechanism, scale) in [(Mechanism::Laplace, 1.5), (Mechanism::Gaussian, 1.7)] {
        let drawn = draw(mechanism, scale, vec![1_000; n]).expect("noise");
        let weight = |v: i64| match mechanism {
            Mechanism::Laplace => (-(v as f64).abs() / scale).exp(),
            Mechanism::Gaussian => (-(v as f64).powi(2) / (2.0 * scale * scale)).exp(),
        };
        let all: f64 = (-200..=200).map(weight).sum();
        let mut seen: HashMap<i64, f64> = HashMap::new();
        drawn.iter().for_each(|by| *seen.entry((by - 1_000).clamp(-4, 4)).or_default() += 1.0);
        let share = |v: i64| match v {
            -4 => (-200..=-4).map(weight).sum::<f64>() / all,
            4 => (4..=200).map(weight).sum::<f64>() / all,
            _ => weight(v) / all,
        };
        let chi: f64 = (-4..=4)
            .map(|v| {
                let expect = share(v) * n as f64;
                (seen.get(&v).copied().unwrap_or(0.0) - expect).powi(2) / expect
            })
            .sum();
        assert!(chi < 52.0, "{mechanism:?}: {chi}");
        let again = draw(mechanism, scale, vec![1_000; n]).expect("noise");
        assert_ne!(drawn, again, "no two draws are the same");
    }
}

/// Draws have mean 0 and the variance of their distribution, and those of neighbouring cells are independent: mean, mean
/// square and the correlations of values and of squares are within 6 standard errors, which once in 10^8 runs they are not.
#[test]
fn moments_and_independence() {
    let n = 10_000;
    for (mechanism, scale) in [(Mechanism::Laplace, 1.5f64), (Mechanism::Gaussian, 1.7)] {
        let drawn = draw(mechanism, scale, vec![0; n]).expect("noise");
        let noise: Vec<f64> = drawn.iter().map(|&by| by as f64).collect();
        let weight = |v: i64| match mechanism {
            Mechanism::Laplace => (-(v as f64).abs() / scale).exp(),
            Mechanism::Gaussian => (-(v as f64).powi(2) / (2.0 * scale * scale)).exp(),
        };
        let all: f64 = (-200..=200).map(weight).sum();
        let moment = |power: i32| (-200..=200).map(|v| weight(v) / all * (v as f64).powi(power)).sum::<f64>();
        let (variance, fourth) = (moment(2), moment(4));
        let of = |sum: f64, spread: f64| sum / n as f64 * (n as f64).sqrt() / spread;
        let mean = of(noise.iter().sum(), variance.sqrt());
        let spread = (fourth - variance * variance).sqrt();
        let square = of(noise.iter().map(|v| v * v - variance).sum(), spread);
        let beside = of(noise.windows(2).map(|w| w[0] * w[1]).sum(), variance);
        let squares =
            of(noise.windows(2).map(|w| (w[0] * w[0] - variance) * (w[1] * w[1] - variance)).sum(), spread * spread);
        for (what, errors) in [("mean", mean), ("square", square), ("beside", beside), ("squares", squares)] {
            // squares of products have heavy tails
            let most = if what == "squares" { 9.0 } else { 6.0 };
            assert!(errors.abs() < most, "{mechanism:?} {what}: {errors} standard errors");
        }
    }
}

/// The scale is Δ / ε, or Δ / √(2ρ), or by a rounding more; never less.
#[test]
fn scales() {
    let scale = |m: Mechanism, k, g, budget| m.scale(k, g, budget).expect("a scale");
    for (k, g, budget) in [(1, 1, 1.0), (3, 2, 0.1), (7, 5, 0.3), (1, 3, 1e-3)] {
        let delta = (k * g as i64) as f64;
        let laplace = scale(Mechanism::Laplace, k, g, budget);
        assert!(laplace >= delta / budget && laplace < delta / budget * (1.0 + 1e-12));
        let gaussian = scale(Mechanism::Gaussian, k, g, budget);
        let expect = k as f64 * (g as f64 / (2.0 * budget)).sqrt();
        assert!(gaussian >= expect * (1.0 - 1e-15) && gaussian < expect * (1.0 + 1e-12));
    }
}

/// Of a person with many records only some are left, of another all; and which ones are left is drawn: each as likely.
#[test]
fn contributions_are_bounded() {
    let groups = || Groups {
        leaf: vec![vec![0, 1, 2, 0]],
        records: vec![2, 1, 1, 1],
        person: Some(vec![0, 0, 0, 1]),
        ..Groups::default()
    };
    let mut times = [0.0; 3];
    for _ in 0..2_000 {
        let mut groups = groups();
        super::bound::bound(&mut groups, 2).expect("random numbers");
        assert_eq!(groups.records[..3].iter().sum::<i64>(), 2);
        assert!(groups.records[0] <= 2 && groups.records[1] <= 1 && groups.records[3] == 1);
        (0..3).for_each(|g| times[g] += groups.records[g] as f64);
    }
    // 2 of 4 records: a group of 2 keeps 1 on average, one of 1 keeps 1/2 (standard error 0.011)
    let mean = times.map(|t| t / 2_000.0);
    assert!((mean[0] - 1.0).abs() < 0.09 && (mean[1] - 0.5).abs() < 0.07 && (mean[2] - 0.5).abs() < 0.07, "{mean:?}");
}

/// Tables over dimensions of these sizes, linked, with records spread over them.
fn system(sizes: &[usize], tables: &[&[usize]], seed: u64) -> System {
    let space =
        Space { dims: sizes.iter().enumerate().map(|(d, &n)| Dimension::new(format!("d{d}"), n as u32)).collect() };
    let entry = |code: String, leaves: Vec<u32>, level| Entry {
        label: code.clone(),
        code,
        note: None,
        leaves,
        level,
        total: level == 0,
        shown: true,
    };
    let axis = |d: usize| Axis {
        variable: format!("d{d}"),
        label: format!("d{d}"),
        role: Role::Row,
        dim: d,
        entries: (0..sizes[d] as u32)
            .map(|l| entry(l.to_string(), vec![l], 1))
            .chain([entry("Total".to_owned(), (0..sizes[d] as u32).collect(), 0)])
            .collect(),
        sensitive: false.into(),
    };
    let table = |(i, dims): (usize, &&[usize])| Table {
        id: i.to_string(),
        title: i.to_string(),
        measure: 0,
        axes: dims.iter().map(|&d| axis(d)).collect(),
        scope: Vec::new(),
        scope_name: String::new(),
        notes: Vec::new(),
    };
    let mut state = seed;
    let mut next = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    let many = 60;
    let leaf = sizes.iter().map(|&n| (0..many).map(|_| next(n) as u32).collect()).collect();
    let groups = Groups { leaf, records: vec![1; many], ..Groups::default() };
    let tables = tables.iter().enumerate().map(table).collect();
    link(space, vec![Measure::Records], tables, &groups, Details::default())
}

fn shown(system: &System, method: &dyn Perturbation) -> Vec<Option<i64>> {
    let work = Work { system, key: None, unsafe_cells: &[], release: "r" };
    let made = apply(method, &work).expect("noise");
    let by = |t: &Treatment| match t {
        Treatment::Replace { by, .. } => Some(*by),
        _ => None,
    };
    made.protection.treatments.iter().map(by).collect()
}

/// One table, a tree of tables, and tables in a circle: figures are whole, not negative, and every relation between printed cells
/// holds, whatever is drawn; a published figure allows every count.
#[test]
fn consistent_tables() {
    let method = method("discrete-laplace(epsilon=0.5,ledger=none)");
    for (sizes, tables) in [
        (vec![3, 4], vec![&[0, 1][..]]),
        (vec![3, 4, 2, 3], vec![&[0, 1][..], &[1, 2], &[1, 3], &[0]]),
        (vec![2, 3, 2], vec![&[0, 1][..], &[1, 2], &[0, 2]]),
        (vec![2, 3, 4, 2], vec![&[0, 1][..], &[2, 3]]),
    ] {
        for seed in 0..4 {
            let system = system(&sizes, &tables, seed);
            let values = shown(&system, &*method);
            assert!(values.iter().flatten().all(|v| *v >= 0), "{sizes:?}");
            let known = |r: &&crate::model::Relation| r.terms.iter().all(|t| values[t.0].is_some());
            let relations: Vec<_> = system.relations.iter().filter(known).collect();
            assert!(!relations.is_empty());
            assert!(relations.iter().all(|r| r.holds(|c| values[c].unwrap_or(0))), "{sizes:?} {seed}");
        }
    }
}

/// Consistency is the nearest: noise that is consistent already is kept as it is.
#[test]
fn what_is_consistent_stays() {
    let system = system(&[3, 4, 2], &[&[0, 1], &[1, 2]], 5);
    let grids = consistent::grids(&system).expect("grids");
    let exact: Vec<Vec<i64>> = grids.iter().map(|g| g.finest().iter().map(|&c| system.value(c)).collect()).collect();
    let made = consistent(&system, &exact).expect("consistent");
    assert!(made.iter().enumerate().all(|(c, v)| v.is_none_or(|v| v == system.value(c))));
}

/// As drawn: some figures of empty tables are negative, and the noise of a table is that of one record: the mean square of
/// finest figures is near 2 q / (1 - q)² (within half of it: the generator can't be fixed).
#[test]
fn as_drawn() {
    let mut system = system(&[20, 20], &[&[0, 1]], 1);
    system.cells.iter_mut().for_each(|c| c.value = 0);
    let values = shown(&system, &*method("discrete-laplace(epsilon=1,ledger=none,consistent=no)"));
    let grids = consistent::grids(&system).expect("grids");
    let finest: Vec<f64> = grids[0].finest().iter().filter_map(|&c| values[c]).map(|v| v as f64).collect();
    assert_eq!(finest.len(), 400);
    assert!(finest.iter().any(|v| *v < 0.0));
    let square = finest.iter().map(|v| v * v).sum::<f64>() / 400.0;
    let q = (-1f64).exp();
    let expect = 2.0 * q / (1.0 - q).powi(2);
    assert!((square / expect - 1.0).abs() < 0.9, "{square} {expect}");
}

/// Without persons a bound above 1 can't be kept, and is refused.
#[test]
fn whose_records() {
    let mut groups = Groups { records: vec![1], leaf: vec![vec![0]], ..Groups::default() };
    assert!(method("discrete-laplace(epsilon=1,ledger=none)").bound(&mut groups).is_ok());
    let told =
        method("discrete-laplace(epsilon=1,ledger=none,contributions=2)").bound(&mut groups).expect_err("refused");
    assert!(told.message.contains("nothing says whose the records are"), "{told}");
}
