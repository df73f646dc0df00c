//! The same records, the same noise; and the figures that the ONS package publishes.

use std::collections::BTreeMap;

use super::{KEY, Place, holds, records, released, scene, spec};
use crate::cli::scene::{Scene, root};

const TABLES: [&[&str]; 4] = [&["region", "sex"], &["age", "sex"], &["region", "age"], &["region"]];

/// The released figures of these tables under the policy with keys that are hashed.
fn figures(scene: &Scene, tables: &[&[&str]], options: &str) -> BTreeMap<Place, (String, String)> {
    scene.write("release.toml", spec("cell-key.toml", tables, "").as_bytes());
    let ran = scene.run(&format!("tabsafe release release.toml --out - --format csv {options}"));
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    let all = released(&ran.stdout);
    assert!(all.values().all(|v| v.1 == "perturbed"), "{}", ran.stdout);
    all
}

/// The order of rows and columns, files and threads change no figure.
#[test]
fn order_files_and_threads() {
    let first = figures(&scene(), &TABLES, "");
    let records = records();
    let (head, lines) = records.split_once('\n').expect("lines");
    let mut lines: Vec<&str> = lines.lines().collect();
    assert_eq!(figures(&scene(), &TABLES, "--threads 1"), first);
    assert_eq!(figures(&scene(), &TABLES, "--threads 5"), first);
    lines.reverse();
    lines.rotate_left(41);
    let turned = scene();
    for (i, some) in lines.chunks(77).enumerate() {
        turned.write(&format!("{}-records.csv", i + 1), format!("{head}\n{}\n", some.join("\n")).as_bytes());
    }
    assert_eq!(figures(&turned, &TABLES, ""), first);
    let swapped = scene();
    let swap = |line: &str| line.split(',').rev().collect::<Vec<_>>().join(",") + "\n";
    swapped.write("1-records.csv", records.lines().map(swap).collect::<String>().as_bytes());
    assert_eq!(figures(&swapped, &TABLES, ""), first);
}

/// A cell has the same figure in every table of a release, and in a release of another selection of tables; another key gives
/// others. Parts need not add up.
#[test]
fn tables_and_releases() {
    let by_codes = |all: &BTreeMap<Place, (String, String)>| {
        let mut found: BTreeMap<Vec<String>, String> = BTreeMap::new();
        for ((_, codes), (figure, _)) in all {
            assert_eq!(found.entry(codes.clone()).or_insert_with(|| figure.clone()), figure, "{codes:?}");
        }
        found
    };
    let scene = scene();
    let together = by_codes(&figures(&scene, &TABLES, ""));
    for table in TABLES {
        for ((_, codes), (figure, _)) in figures(&scene, &[table], "") {
            assert_eq!(together.get(&codes), Some(&figure), "{codes:?}");
        }
    }
    let parts = |of: &str| -> i64 {
        let of = together.iter().filter(|(codes, _)| codes.len() == 1 && codes[0].starts_with(of));
        of.map(|(_, figure)| figure.parse::<i64>().expect("a count")).sum()
    };
    assert_ne!(parts("region="), parts("age="), "parts need not add up");
    scene.write("key", b"another key that nobody knows, for these tests");
    assert_ne!(by_codes(&figures(&scene, &TABLES, "")), together);
}

/// No output holds anything of the key; without it nothing is made (exit 2), and no default takes its place.
#[test]
fn the_key_stays_where_it_is() {
    let scene = scene();
    scene.write("release.toml", spec("cell-key.toml", &TABLES, "").as_bytes());
    let line = "tabsafe release release.toml --out out --report report.json --verbose";
    let ran = scene.run(line);
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    let hex: String = KEY.bytes().map(|b| format!("{b:02x}")).collect();
    for secret in [KEY, &KEY[..16], &hex[..32]] {
        assert!(!ran.stdout.contains(secret) && !ran.stderr.contains(secret));
        let written = scene.files().into_iter().filter(|(name, _)| name.starts_with("out/") || name == "report.json");
        for (name, _) in written {
            assert!(!holds(&scene.path().join(&name), secret), "{name}");
        }
    }
    assert!(holds(&scene.path().join("report.json"), "\"perturbed\""));
    for (content, told) in [(None, "can't be read"), (Some("short"), "holds fewer than 32 bytes")] {
        std::fs::remove_file(scene.path().join("key")).expect("removed");
        if let Some(text) = content {
            scene.write("key", text.as_bytes());
        }
        let ran = scene.run("tabsafe release release.toml --out none");
        assert_eq!(ran.exit, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains(told) && !ran.stderr.contains("short\n"), "{}", ran.stderr);
        assert!(!scene.path().join("none/release.csv").exists());
        scene.write("key", b"");
    }
}

/// With the perturbation tables and record keys of the ONS package the counts are those that it publishes: two tables, four
/// cross-tabulations, counts of up to 1810 (beyond 750 its rows are used in turn). The expected values are the output of
/// create_perturbed_table of cell-key-perturbation 3.1.0, made by `make.py` beside them.
#[test]
fn as_the_ons_package() {
    let data = |name: &str| std::fs::read_to_string(root().join("tests/data/perturb").join(name)).expect("data");
    let noise = |n: i64, k: i64| ((7 * n + 13 * k) % 5 - 2).max(-n);
    let round = |n: i64, _: i64| if n < 10 { -n } else { [0, -1, -2, 2, 1][(n % 5) as usize] };
    let table = |v: &dyn Fn(i64, i64) -> i64| {
        let lines = (1..=750).flat_map(|n| (0..256).map(move |k| (n, k)));
        "\"pcv\",\"ckey\",\"pvalue\"\n".to_owned()
            + &lines.map(|(n, k)| format!("{n},{k},{}\n", v(n, k))).collect::<String>()
    };
    let scene = scene();
    scene.write("ons.csv", data("ons.csv").as_bytes());
    let variable = |v: &str| format!("[variables.{v}]\ncolumn = \"{v}\"\nmissing = \"error\"\n");
    let tables = ["\"a\"", "\"c\"", "\"a\", \"b\"", "\"a\", \"b\", \"c\""];
    let tables = tables
        .iter()
        .enumerate()
        .map(|(i, rows)| format!("[[tables]]\nid = \"{i}\"\ntitle = \"T{i}\"\nrows = [{rows}]\n"));
    let text = format!(
        "title = \"T\"\npolicy = \"./policy.toml\"\n[input]\nfile = \"ons.csv\"\nrecord-key = \"key\"\n{}{}{}{}",
        variable("a"),
        variable("b"),
        variable("c"),
        tables.collect::<String>()
    );
    scene.write("release.toml", text.as_bytes());
    let policy = super::policy("cell-key-column.toml");
    let mut compared = 0;
    for (name, v) in [("noise", &noise as &dyn Fn(i64, i64) -> i64), ("round", &round)] {
        scene.write("table.csv", table(v).as_bytes());
        let all = [0, 10].map(|from| {
            scene.write("policy.toml", format!("{policy}show-from = {from}\n").as_bytes());
            reported(&scene)
        });
        for line in data("ons-expected.csv").lines().filter(|l| l.starts_with(name)) {
            let fields: Vec<&str> = line.split(',').collect();
            let codes = [fields[1], fields[2], fields[3]].map(str::to_owned);
            let truth: i64 = fields[4].parse().expect("a count");
            for (found, expect) in all.iter().zip(&fields[5..]) {
                assert_eq!(found.get(&codes), Some(&(truth, expect.parse().ok())), "{line}");
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 212);
}

/// With a perturbation table of ptable's kind and record keys below 1 the counts are those of the R package cellKey: 299 cells of
/// 1,500 records by region, age and sex, one at a time and crossed. The expected values are those of its function lookup_freq,
/// run in R by `cellkey.R` beside them.
#[test]
fn as_the_r_package() {
    let data = |name: &str| std::fs::read_to_string(root().join("tests/data/perturb").join(name)).expect("data");
    let scene = scene();
    scene.write("cellkey.csv", data("cellkey.csv").as_bytes());
    scene.write("table.csv", data("cellkey-table.csv").as_bytes());
    scene.write("policy.toml", super::policy("cell-key-column.toml").as_bytes());
    let tables = "--table region --table age --table region,sex --table age,sex --table region,age";
    let ran = scene.run(&format!(
        "tabsafe protect cellkey.csv --by region,age,sex {tables} --record-key key --policy ./policy.toml \
         --out table-out.csv --report report.json --quiet"
    ));
    assert!(ran.exit < 2, "{}", ran.stderr);
    let found = told(&scene, ["region", "age", "sex"]);
    let expected = data("cellkey-expected.csv");
    let mut compared = 0;
    for line in expected.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let codes = [fields[0], fields[1], fields[2]].map(str::to_owned);
        let figure = |at: usize| fields[at].parse::<i64>().expect("a count");
        assert_eq!(found.get(&codes), Some(&(figure(3), Some(figure(4)))), "{line}");
        compared += 1;
    }
    assert_eq!(compared, 299);
}

/// What the report of a run says of each cell: the true count, and the published one if there is one.
fn reported(scene: &Scene) -> BTreeMap<[String; 3], (i64, Option<i64>)> {
    let ran = scene.run("tabsafe release release.toml --report report.json --quiet");
    assert!(ran.exit < 2, "{}", ran.stderr);
    told(scene, ["a", "b", "c"])
}

/// The true and the published count of each cell of a report, by its codes.
fn told(scene: &Scene, variables: [&str; 3]) -> BTreeMap<[String; 3], (i64, Option<i64>)> {
    let report: serde_json::Value = serde_json::from_str(&scene.read("report.json")).expect("a report");
    let mut found = BTreeMap::new();
    // groups that stand in no table have no codes
    let placed = |cell: &&serde_json::Value| cell.get("group").is_none();
    for cell in report["cells"].as_array().expect("cells").iter().filter(placed) {
        let code = |v: &str| cell["by"][v].as_str().unwrap_or("Total").to_owned();
        let truth = cell["true"].as_i64().expect("a count");
        found.insert(variables.map(code), (truth, cell["published"].as_i64()));
    }
    found
}
