//! Noise from end to end: the figures of the ONS package, the same noise whatever the order, files, threads and tables, what
//! the attack finds, privacy budgets, and the policies that show each method.

mod attack;
mod budget;
mod same;

use std::collections::BTreeMap;
use std::path::Path;

use crate::cli::scene::{Scene, root};

/// A secret, which may stand in no output.
pub const KEY: &str = "hunter2-hunter2-hunter2-hunter2-hunter2";

/// The text of a policy that shows a method.
pub fn policy(name: &str) -> String {
    let path = root().join("tests/data/perturb/policies").join(name);
    std::fs::read_to_string(path).expect("a policy")
}

/// Every policy that shows a method, by its file.
pub fn policies() -> Vec<String> {
    let folder = std::fs::read_dir(root().join("tests/data/perturb/policies")).expect("a folder");
    let mut names: Vec<String> =
        folder.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Records of persons with region, sex and age group, and a turnover.
pub fn records() -> String {
    let pick = |i: usize, n: usize| (i * i * 13 + i * 7 + 3) % 1009 % n;
    let line = |i: usize| {
        let region = ["A", "A", "A", "B", "B", "C", "D"][pick(i, 7)];
        let sex = ["f", "m"][pick(i + 31, 2)];
        let age = ["young", "mid", "old"][pick(i + 77, 3)];
        format!("i{i},p{},{region},{sex},{age},{}.{:02}\n", pick(i + 5, 90), 10 + pick(i + 3, 900), pick(i, 100))
    };
    "id,who,region,sex,age,turnover\n".to_owned() + &(0..300).map(line).collect::<String>()
}

/// A specification over [`records`] with these tables, each the variables of its rows.
pub fn spec(policy: &str, tables: &[&[&str]], measure: &str) -> String {
    let order = |name: &str, codes: &str| {
        format!("[variables.{name}]\ncolumn = \"{name}\"\norder = [{codes}]\nmissing = \"error\"\n")
    };
    let table = |(i, rows): (usize, &&[&str])| {
        let rows: Vec<String> = rows.iter().map(|r| format!("\"{r}\"")).collect();
        format!("[[tables]]\nid = \"{i}\"\ntitle = \"T{i}\"\nrows = [{}]\n{measure}\n", rows.join(", "))
    };
    format!(
        "title = \"T\"\npolicy = \"./{policy}\"\n[input]\nfile = \"*-records.csv\"\nid = \"id\"\nperson = \"who\"\n\
         contributor = \"who\"\n{}{}{}{}",
        order("region", "\"A\", \"B\", \"C\", \"D\""),
        order("sex", "\"f\", \"m\""),
        order("age", "\"young\", \"mid\", \"old\""),
        tables.iter().enumerate().map(table).collect::<String>()
    )
}

/// A folder with records, a key, and the policies.
pub fn scene() -> Scene {
    let scene = Scene::empty();
    scene.write("1-records.csv", records().as_bytes());
    scene.write("key", KEY.as_bytes());
    policies().iter().for_each(|name| scene.write(name, policy(name).as_bytes()));
    scene
}

/// A cell of a release: the table, and the codes that are not totals ("sex=f").
pub type Place = (String, Vec<String>);

/// A released tidy CSV: per cell the figure and the status.
pub fn released(text: &str) -> BTreeMap<Place, (String, String)> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers().expect("a head").iter().map(str::to_owned).collect();
    let cell = |r: csv::StringRecord| {
        let fields: Vec<&str> = r.iter().collect();
        let last = fields.len() - 1;
        let codes = (1..last - 1).filter(|&i| fields[i] != "Total").map(|i| format!("{}={}", names[i], fields[i]));
        let mut codes: Vec<String> = codes.collect();
        codes.sort();
        ((fields[0].to_owned(), codes), (fields[last - 1].to_owned(), fields[last].to_owned()))
    };
    reader.records().map(|r| cell(r.expect("a line"))).collect()
}

/// The figure of a cell.
pub fn figure(all: &BTreeMap<Place, (String, String)>, table: &str, codes: &[String]) -> String {
    let mut codes = codes.to_vec();
    codes.sort();
    all.get(&(table.to_owned(), codes)).map(|v| v.0.clone()).unwrap_or_default()
}

/// Whether some file holds a text.
pub fn holds(path: &Path, text: &str) -> bool {
    std::fs::read_to_string(path).is_ok_and(|t| t.contains(text))
}

/// Every policy that shows a method holds, and there is one for each method.
#[test]
fn policies_that_show_the_methods() {
    let scene = scene();
    scene.write("table.csv", b"i,v,p_int_ub\n0,0,1\n1,-1,.5\n1,1,1\n");
    let texts: Vec<String> = policies().iter().map(|name| policy(name)).collect();
    for method in tabsafe::perturb::PERTURBATIONS {
        let line = format!("method = \"{}\"", method.name);
        assert!(texts.iter().any(|t| t.contains(&line)), "{} has no policy", method.name);
        let page = scene.run(&format!("tabsafe explain {}", method.name));
        assert!(page.exit == 0 && page.stdout.contains(method.manual.trim()), "{}", page.stderr);
    }
    for name in policies() {
        let ran = scene.run(&format!("tabsafe policy check ./{name}"));
        assert_eq!(ran.exit, 0, "{name}: {}{}", ran.stdout, ran.stderr);
    }
}
