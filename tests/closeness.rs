//! Small count rounding is at least as close to the truth as the R package SmallCountRounding on five of its own tables.

use crate::cli::scene::{Scene, root};

/// The tables with their variables.
const TABLES: [(&str, &str); 5] = [
    ("ssb_d1", "region,main_income"),
    ("ssb_d2", "region,main_income"),
    ("ssb_d3", "region,main_income,months"),
    ("ssb_example1", "geo,age,year"),
    ("ssb_mun_accidents", "mun,inj"),
];

/// Mean difference, largest difference and Hellinger distance of a table under a base, as the report of a run says them.
fn distances(table: &str, base: &str) -> [f64; 3] {
    let scene = Scene::empty();
    let (_, by) = TABLES.iter().find(|(name, _)| *name == table).expect("a table of the list");
    let folder = root().join("tests/data/small-count").join(table);
    let mut line =
        format!("tabsafe protect micro.csv --by {by} --count freq --policy ./policy.toml --report r.json --out t.csv");
    let files = by.split(',').map(|variable| format!("{variable}.hrc"));
    for file in files.chain(["micro.csv".to_owned()]) {
        scene.write(&file, &std::fs::read(folder.join(&file)).expect("data"));
        if let Some(variable) = file.strip_suffix(".hrc") {
            line += &format!(" --hierarchy {variable}={file}");
        }
    }
    let policy = format!(
        "id = \"own\"\ntitle = \"Ours\"\nversion = \"1\"\nevidence = \"generic\"\n[threshold]\nminimum = {base}\n\
         zero = \"withhold-if-needed\"\n[round]\nmethod = \"small-count\"\nbase = {base}\nprotection = \"exact\"\n"
    );
    scene.write("policy.toml", policy.as_bytes());
    let ran = scene.run(&line);
    // whether the attack is content is another question
    assert!(ran.exit < 2, "{}", ran.stderr);
    let report: serde_json::Value = serde_json::from_str(&scene.read("r.json")).expect("a report");
    ["mean_difference", "max_difference", "hellinger"]
        .map(|key| report["summary"]["utility"][key].as_f64().expect("a number"))
}

/// By mean and largest difference and by Hellinger distance, over all cells of five tables with hierarchies, to base 3 and 5.
#[test]
fn as_close_as_the_r_package() {
    let expected = std::fs::read_to_string(root().join("tests/data/small-count/expected.csv")).expect("data");
    let mut compared = 0;
    for line in expected.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let ours = distances(fields[0], fields[1]);
        for (own, theirs) in ours.iter().zip(&fields[2..]) {
            // reports hold four decimals
            let theirs = (theirs.parse::<f64>().expect("a number") * 1e4).round() / 1e4;
            assert!(*own <= theirs + 1e-9, "{line}: {ours:?}");
            compared += 1;
        }
    }
    assert_eq!(compared, 30);
}
