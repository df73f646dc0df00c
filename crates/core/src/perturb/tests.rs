//! What holds for every method.

use super::fixture::{cells, counts, keys, method, run, try_method};
use super::{Folder, PERTURBATIONS, spelling};
use crate::model::{Measure, Modulus};

/// A method's spelling holds every parameter, and builds the same method again.
#[test]
fn spellings() {
    for text in [
        "cell-key(d=2,variance=1)",
        "cell-key(d=5,variance=3,js=2,stay=0.5,monotone=no,variance-is=exact,keys=column,show-from=3,least-variance=0)",
        "cell-key-magnitude(d=3,variance=1.5,parts=2,by=mean,percent=12.5,extra=1)",
        "discrete-laplace(epsilon=0.5,ledger=none)",
        "discrete-gaussian(rho=0.1,contributions=3,ledger=none,consistent=no)",
    ] {
        let made = method(text);
        let full = spelling(&*made);
        assert_eq!(made.parameters().iter().map(|p| p.0).collect::<Vec<_>>(), names(made.entry().name), "{text}");
        assert_eq!(spelling(&*method(&full)), full, "{text}");
    }
}

fn names(method: &str) -> Vec<&'static str> {
    let entry = PERTURBATIONS.iter().find(|p| p.name == method).expect("a method");
    entry.parameters.iter().map(|p| p.name).collect()
}

/// A method refuses what it does not perturb, and says which one does.
#[test]
fn other_measures() {
    let sum = Measure::Sum { column: "turnover".to_owned(), index: 0, decimals: 2 };
    let sums = cells(sum, &[(5, None)], Modulus::FULL, keys(0, 1));
    let told = run(&*method("cell-key(d=2,variance=1)"), &sums).expect_err("refused").to_string();
    assert!(told.starts_with("`cell-key` does not perturb sums, and a table counts them"), "{told}");
    assert!(told.contains("cell-key-magnitude"), "{told}");
    let counts = counts(&[5], Modulus::FULL, keys(0, 1));
    assert!(run(&*method("cell-key-magnitude(d=2,variance=1)"), &counts).is_err());
    assert!(run(&*method("discrete-laplace(epsilon=1,ledger=none)"), &sums).is_err());
}

/// What can't be meant is refused with what would be right.
#[test]
fn bad_parameters() {
    for (text, told) in [
        ("cell-key()", "the noise is not said (write d = 2 and variance = 1, or table = \"FILE\")"),
        ("cell-key(d=2)", "`variance` is missing"),
        ("cell-key(d=2,variance=0.5,js=1)", "no noise of variance 0.5 fits the count 1: it is at least 1"),
        ("cell-key(d=2,variance=1,table=x.csv)", "the noise is said by `table`"),
        ("cell-key(table=no-such-file.csv)", "no-such-file.csv can't be read"),
        ("cell-key(d=2,variance=1,stay=1)", "`stay` of `cell-key` can't be `1` (allowed: a number from 0 to 0.99)"),
        ("cell-key-magnitude(d=2,variance=1,large-percent=20)", "`large-percent` can't be `20`"),
        ("discrete-laplace(epsilon=1)", "`discrete-laplace` needs `ledger`"),
        ("discrete-laplace(epsilon=1,ledger=l.csv)", "`ledger-limit` is missing"),
        ("discrete-laplace(epsilon=0,ledger=none)", "`epsilon` of `discrete-laplace` can't be `0`"),
        ("discrete-gaussian(rho=1,ledger=none,ledger-limit=2)", "`ledger-limit` needs a ledger"),
    ] {
        let found = try_method(text, &Folder::default()).map(|_| ()).expect_err("refused");
        assert!(found.contains(told), "{text}: {found}");
    }
}

/// The figures in the manuals' worked examples are those of the distributions.
#[test]
fn worked_examples_of_the_manuals() {
    let manual = |name: &str| PERTURBATIONS.iter().find(|p| p.name == name).expect("a method").manual;
    let held = |name: &str, figures: &[f64], digits: usize| {
        for figure in figures {
            let text = format!("{figure:.digits$}");
            assert!(manual(name).contains(&text), "{name}: {text}");
        }
    };
    let table = |count: i64, noise: &[i64]| -> Vec<f64> {
        let design =
            super::table::Design { most: 2, variance: 1.0, not_up_to: 0, stay: 0.0, monotone: true, exact: false };
        let built = design.build().expect("a table");
        let n = 200_000;
        let share = |v: i64| (0..n).filter(|&k| built.by_fraction(count, (k as f64 + 0.5) / n as f64) == v).count();
        let variance = built.variance(count);
        noise.iter().map(|&v| share(v) as f64 / n as f64).chain((count == 1).then_some(variance)).collect()
    };
    held("cell-key", &table(1, &[-1, 1, 2]), 3);
    held("cell-key", &table(2, &[2, 1]), 3);
    let q = (-1f64).exp();
    let laplace = |x: i32| (1.0 - q) / (1.0 + q) * q.powi(x);
    let variance = 2.0 * q / (1.0 - q).powi(2);
    held("discrete-laplace", &[laplace(0), laplace(1), variance], 2);
    held("discrete-laplace", &[10.0 * variance], 1);
    assert!(2.0 * laplace(5) / (1.0 - q) < 0.01);
    let weight = |x: i32| (-f64::from(x * x) / 2.0).exp();
    let all: f64 = (-40..=40).map(weight).sum();
    held("discrete-gaussian", &[0, 1, 2].map(|x| weight(x) / all), 2);
    held("discrete-gaussian", &[0.5 + 2.0 * (0.5 * 1e6f64.ln()).sqrt()], 2);
}
