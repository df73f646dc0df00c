//! Differential privacy from end to end: budgets, ledgers, definitions that depend on the data, consistent figures.

use super::{figure, released, scene, spec};

const TABLES: [&[&str]; 2] = [&["region", "sex"], &["region", "age"]];

/// Each release writes down what it spends; the one that would spend more than all may is refused with exit 1, and nothing is
/// written. Figures are whole, not negative and additive, the same in both tables, and drawn anew each time.
#[test]
fn a_ledger_of_releases() {
    let scene = scene();
    scene.write("release.toml", spec("discrete-laplace.toml", &TABLES, "").as_bytes());
    let mut before = None;
    for line in 1..=2 {
        let ran = scene.run("tabsafe release release.toml --out - --format csv");
        assert_eq!(ran.exit, 0, "{}", ran.stderr);
        let all = released(&ran.stdout);
        assert!(all.values().all(|v| v.1 == "perturbed"));
        let count = |table: &str, codes: &[&str]| -> i64 {
            let codes: Vec<String> = codes.iter().filter(|c| !c.is_empty()).map(|c| (*c).to_owned()).collect();
            figure(&all, table, &codes).parse().expect("a count")
        };
        for region in ["region=A", "region=B", "region=C", "region=D", ""] {
            let total = count("0", &[region]);
            assert_eq!(["sex=f", "sex=m"].map(|s| count("0", &[region, s])).iter().sum::<i64>(), total);
            assert_eq!(
                ["age=young", "age=mid", "age=old"].map(|a| count("1", &[region, a])).iter().sum::<i64>(),
                total
            );
            assert!(total >= 0);
        }
        assert_ne!(Some(&ran.stdout), before.as_ref());
        before = Some(ran.stdout);
        assert_eq!(scene.read("ledger.csv").lines().count(), 1 + line);
    }
    let ran = scene.run("tabsafe release release.toml --out out");
    assert_eq!(ran.exit, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("would spend epsilon = 1, 2 of 2 is spent"), "{}", ran.stderr);
    assert!(!scene.path().join("out/release.csv").exists());
    assert_eq!(scene.read("ledger.csv").lines().count(), 3);
}

/// What the tables are must not depend on the data: categories found in them, records left out, variables made from one
/// column. Persons and sums are refused. Each is told with what to do.
#[test]
fn definitions_that_depend_on_the_data() {
    let scene = scene();
    let usual = spec("discrete-gaussian.toml", &TABLES, "");
    let order = "order = [\"f\", \"m\"]\n";
    for (text, told) in [
        (usual.replace(order, ""), "variable `sex`: its categories are those found in the data"),
        (
            usual.replace(order, &format!("{order}other = \"leave-out\"\n")),
            "variable `sex`: whether records are left out depends on the data",
        ),
        (usual.replace("column = \"sex\"", "column = \"age\""), "age: it is made from a column of sex"),
        (spec("discrete-gaussian.toml", &TABLES, "measure = \"persons\""), "does not perturb numbers of persons"),
    ] {
        scene.write("release.toml", text.as_bytes());
        let ran = scene.run("tabsafe release release.toml");
        assert_eq!(ran.exit, 2, "{told}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(told), "{told}: {}", ran.stderr);
    }
}

/// The Gaussian mechanism releases without a ledger if the policy says so, and tells its ε.
#[test]
fn in_rho() {
    let scene = scene();
    scene.write("release.toml", spec("discrete-gaussian.toml", &TABLES, "").as_bytes());
    let ran = scene.run("tabsafe release release.toml --out out");
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    let told = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("rho = 0.25 is differential privacy with epsilon = 3.967 and delta = 1e-6"), "{told}");
    let text = scene.read("out/release.txt").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("differential privacy, rho = 0.25 for this release; at most 1 record of each person counts"),
        "{text}"
    );
    let without = spec("discrete-gaussian.toml", &TABLES, "").replace("person = \"who\"\n", "");
    scene.write("release.toml", without.as_bytes());
    let ran = scene.run("tabsafe release release.toml --out out");
    let told = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(ran.exit == 0 && told.contains("so differential privacy is for single records"), "{told}");
    assert!(told.contains("rho = 0.25 for this release; single records are protected"), "{told}");
}
