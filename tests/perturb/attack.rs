//! What the attack finds in perturbed tables: values that all tables together determine, and noise that averages out.

use super::{figure, scene, spec};
use crate::cli::scene::Scene;

/// A folder with records in which region R holds two, and binary variables that split it.
fn split(partitions: usize) -> Scene {
    let scene = Scene::empty();
    scene.write("key", super::KEY.as_bytes());
    scene.write("policy.toml", super::policy("cell-key.toml").as_bytes());
    let names: Vec<String> = (0..partitions).map(|i| format!("g{i}")).collect();
    let line = |i: usize| {
        let region = if i < 2 { "R" } else { "S" };
        let codes: Vec<String> = (0..partitions).map(|g| ((i + i / 2 * g) % 2).to_string()).collect();
        format!("i{i},{region},{}\n", codes.join(","))
    };
    let text = format!("id,region,{}\n{}", names.join(","), (0..400).map(line).collect::<String>());
    scene.write("records.csv", text.as_bytes());
    // the columns look alike, and readers are not to know how
    let pairs = (0..partitions).flat_map(|a| (0..a).map(move |b| format!("[\"g{b}\", \"g{a}\"]")));
    let free: Vec<String> = pairs.collect();
    let variable = |v: &str| format!("[variables.{v}]\ncolumn = \"{v}\"\nmissing = \"error\"\n");
    let table =
        |g: &String| format!("[[tables]]\nid = \"{g}\"\ntitle = \"{g}\"\nrows = [\"region\"]\ncolumns = [\"{g}\"]\n");
    let text = format!(
        "title = \"T\"\npolicy = \"./policy.toml\"\n[input]\nfile = \"records.csv\"\nid = \"id\"\n[facts]\nfree = [{}]\n{}{}{}",
        free.join(", "),
        variable("region"),
        names.iter().map(|n| variable(n)).collect::<String>(),
        names.iter().map(table).collect::<String>()
    );
    scene.write("release.toml", text.as_bytes());
    scene
}

/// The same small count over two partitions keeps enough of its noise; over twelve it is averaged out, and the release is
/// refused with the cell and how near one comes. With a policy that does not ask for it nothing is said.
#[test]
fn averaging() {
    let safe = split(2).run("tabsafe release release.toml --out out");
    assert_eq!(safe.exit, 0, "{}{}", safe.stdout, safe.stderr);
    let scene = split(12);
    let ran = scene.run("tabsafe release release.toml --out out --verbose");
    assert_eq!(ran.exit, 1, "{}{}", ran.stdout, ran.stderr);
    let told = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        told.contains("the noise averages out: the best estimate from all published figures together is off by 0."),
        "{told}"
    );
    assert!(told.contains("less than the 0.500 that is asked for"), "{told}");
    assert!(!scene.path().join("out/release.csv").exists());
    scene.write("policy.toml", format!("{}least-variance = 0\n", super::policy("cell-key.toml")).as_bytes());
    assert_eq!(scene.run("tabsafe release release.toml --out out").exit, 0);
}

/// Parts published as 2 and 2 and their total as 1, where noise is at most 1: each part is exactly 1, and the release is
/// refused. Keys of a column make it so: .75 adds 1 to a count of 1, and their sum .5 takes 1 from a count of 2.
#[test]
fn all_tables_together() {
    let scene = scene();
    let table = "i,v,p_int_ub\n0,0,1\n1,-1,.3\n1,0,.7\n1,1,1\n2,1,.4\n2,-1,.6\n2,0,1\n3,1,.3\n3,0,.7\n3,-1,1\n";
    scene.write("table.csv", table.as_bytes());
    scene.write("records.csv", b"g,key\na,.75\nb,.75\n");
    scene.write(
        "release.toml",
        b"title = \"T\"\npolicy = \"./cell-key-column.toml\"\n[input]\nfile = \"records.csv\"\nrecord-key = \"key\"\n\
          [variables.g]\ncolumn = \"g\"\nmissing = \"error\"\n[[tables]]\nid = \"1\"\ntitle = \"One\"\nrows = [\"g\"]\n",
    );
    let ran = scene.run("tabsafe release release.toml --out out --report report.json");
    assert_eq!(ran.exit, 1, "{}", ran.stderr);
    let report: serde_json::Value = serde_json::from_str(&scene.read("report.json")).expect("a report");
    let cells = report["cells"].as_array().expect("cells");
    let of = |code: &str| {
        let cell = cells.iter().find(|c| c["by"]["g"] == code).expect("a cell");
        (cell["published"].as_i64(), cell["lo"].as_i64(), cell["hi"].as_i64(), cell["protected"].as_bool())
    };
    for part in ["a", "b"] {
        assert_eq!(of(part), (Some(2), Some(1), Some(1), Some(false)));
    }
    assert_eq!(of("Total").0, Some(1));
    // a key that leaves the total at 2 leaves more open
    scene.write("records.csv", b"g,key\na,.85\nb,.85\n");
    assert_eq!(scene.run("tabsafe release release.toml --out out --report report.json").exit, 0);
}

/// Sums with noise keep the protection levels of p% and are released with their decimals; the same group has the same sum
/// in both tables.
#[test]
fn sums() {
    let scene = scene();
    let tables: [&[&str]; 2] = [&["region", "sex"], &["region"]];
    scene.write(
        "release.toml",
        spec("cell-key-magnitude.toml", &tables, "measure = { sum = \"turnover\", decimals = 2 }").as_bytes(),
    );
    let line = "tabsafe release release.toml --out - --format csv";
    let without = scene.run(line);
    assert_eq!(without.exit, 2, "{}", without.stderr);
    assert!(without.stderr.contains("TABSAFE_TEST_KEY is not set"), "{}", without.stderr);
    let ran = scene.run(&format!("TABSAFE_TEST_KEY={} {line}", super::KEY));
    assert_eq!(ran.exit, 0, "{}{}", ran.stdout, ran.stderr);
    let all = super::released(&ran.stdout);
    assert!(all.values().all(|v| v.1 == "perturbed"));
    for region in
        ["region=A", "region=B", "region=C", "region=D"].map(|r| vec![r.to_owned()]).into_iter().chain([vec![]])
    {
        let first = figure(&all, "0", &region);
        assert!(first.contains('.') && first == figure(&all, "1", &region), "{region:?}");
    }
    let counts = scene.run("TABSAFE_TEST_KEY=x tabsafe release release.toml --policy ./cell-key.toml");
    assert!(counts.exit == 2 && counts.stderr.contains("does not perturb sums"), "{}", counts.stderr);
}
