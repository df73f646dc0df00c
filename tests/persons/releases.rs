//! Releases of distinct persons by the program: a part of a total, a difference of two tables, rounding.

use crate::cli::scene::{Ran, Scene};

/// The policy of counts under 5, with what it does about them.
fn policy(treatment: &str) -> String {
    format!(
        "id = \"p\"\ntitle = \"p\"\nversion = \"1\"\nevidence = \"generic\"\n[threshold]\nminimum = 5\n\
         zero = \"show\"\n{treatment}"
    )
}

const WITHHOLD: &str = "[suppress]\nprotection = \"band\"\n";
const ROUND: &str = "[round]\nmethod = \"conventional\"\nbase = 5\n";

/// Records of two columns, a person each: so many persons with exactly these records.
fn records(header: &str, kinds: &[(usize, &[&str])]) -> String {
    let mut text = format!("{header},pid\n");
    let mut person = 0;
    for (count, rows) in kinds {
        for _ in 0..*count {
            person += 1;
            rows.iter().for_each(|row| text.push_str(&format!("{row},p{person}\n")));
        }
    }
    text
}

fn release(variables: [&str; 2], tables: &str) -> String {
    let variable = |v: &str| format!("[variables.{v}]\ncolumn = \"{v}\"\nmissing = \"error\"\n");
    format!(
        "title = \"t\"\n[input]\nfile = \"data.csv\"\nunit = \"record\"\nperson = \"pid\"\n{}{}{tables}",
        variable(variables[0]),
        variable(variables[1])
    )
}

/// Rows by columns: 4 persons in R1,C1, of 11 in C1 and 10 who are in both cells of R2.
fn crossed(treatment: &str) -> Ran {
    let scene = Scene::empty();
    let kinds: &[(usize, &[&str])] =
        &[(1, &["R1,C1", "R2,C1", "R2,C2"]), (3, &["R1,C1"]), (9, &["R2,C1", "R2,C2"]), (8, &["R1,C2"])];
    scene.write("data.csv", records("row,col", kinds).as_bytes());
    let table = "[[tables]]\nid = \"1\"\ntitle = \"T\"\nrows = [\"row\"]\ncolumns = [\"col\"]\nmeasure = \"persons\"\n";
    scene.write("release.toml", release(["row", "col"], table).as_bytes());
    scene.write("p.toml", policy(treatment).as_bytes());
    scene.run("tabsafe release release.toml --policy p.toml --dry-run")
}

/// The published figures of a table printed as text, row by row; none where a figure is withheld.
fn figures(text: &str, label: &str) -> Vec<Option<i64>> {
    let line = text.lines().find(|l| l.starts_with(label)).unwrap_or_else(|| panic!("{label}\n{text}"));
    line[label.len()..].split_whitespace().map(|f| f.replace(',', "").parse().ok()).collect()
}

/// A part has at most as many persons as its total: of 13 in C1 at most the 10 of R2 are in R2,C1, so 13, 10 and 10 can't be
/// published together with a withheld 4 of which 1 to 4 must remain possible.
#[test]
fn a_part_is_no_larger_than_its_total() {
    let ran = crossed(WITHHOLD);
    assert_eq!(ran.exit, 0, "{}", ran.text());
    let table = ran.stdout.as_str();
    let (first, second, total) = (figures(table, "R1"), figures(table, "R2"), figures(table, "Total"));
    assert_eq!(first[0], None, "{table}");
    // each of the other figures of the column or of the row of R2 would leave at least 3
    assert!(total[0].is_none() || second[0].is_none() && second[2].is_none(), "{table}");
}

/// Of 15 persons in N 14 have an outcome A: the one who has none may not be worked out.
#[test]
fn a_difference_of_two_tables_is_judged() {
    let scene = Scene::empty();
    let kinds: &[(usize, &[&str])] =
        &[(8, &["N,A"]), (6, &["N,A", "N,B"]), (1, &["N,B"]), (9, &["S,A"]), (7, &["S,B"]), (6, &["S,A", "S,B"])];
    scene.write("data.csv", records("area,outcome", kinds).as_bytes());
    let tables = "[[tables]]\nid = \"1\"\ntitle = \"All\"\nrows = [\"area\"]\nmeasure = \"persons\"\n\
                  [[tables]]\nid = \"2\"\ntitle = \"A\"\nrows = [\"area\"]\nonly = { outcome = [\"A\"] }\nmeasure = \"persons\"\n";
    scene.write("release.toml", release(["area", "outcome"], tables).as_bytes());
    let ran = scene.run("tabsafe release release.toml --policy police-foi --out out --report r.json");
    assert_eq!(ran.exit, 0, "{}", ran.text());
    let text = scene.read("out/release.txt");
    let (all, some) = text.split_once("outcome A").unwrap_or_else(|| panic!("{text}"));
    assert!(figures(all, "N")[0].is_none() || figures(some, "N")[0].is_none(), "{}", ran.text());
    let report = scene.read("r.json");
    assert!(report.contains("persons of (area N) who are not in (area N, outcome A)"), "{report}");
}

/// Rounded, the same figures hide both: each is rounded for itself, and the attack finds nothing.
#[test]
fn rounded_persons() {
    let ran = crossed(ROUND);
    assert_eq!(ran.exit, 0, "{}", ran.text());
    let table = ran.stdout.as_str();
    assert_eq!(figures(table, "R2"), [Some(10), Some(10), Some(10)]);
}
