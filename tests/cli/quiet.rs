//! The terminal gives nothing away: what a command says and writes for the public is the same for every table that has the
//! same public figures.

use std::collections::BTreeMap;

use crate::cli::scene::{Ran, Scene};
use crate::random::Rng;

/// A table of counts of three areas by three outcomes.
type Counts = [i64; 9];

/// Outcomes and areas.
const CODES: [&str; 3] = ["a", "b", "c"];

fn at(cell: usize) -> (&'static str, &'static str) {
    (CODES[cell / 3], CODES[cell % 3])
}

/// A row is a cell with its count.
fn cells(counts: &Counts) -> String {
    let line = |(cell, n): (usize, &i64)| format!("{},{},{n}\n", at(cell).0, at(cell).1);
    "area,outcome,n\n".to_owned() + &counts.iter().enumerate().map(line).collect::<String>()
}

/// A row is a case of a person.
fn cases(counts: &Counts) -> String {
    let all = counts.iter().enumerate().flat_map(|(cell, n)| (0..*n).map(move |_| at(cell)));
    let line = |(i, (area, outcome)): (usize, (&str, &str))| format!("P{i:03},{area},{outcome}\n");
    "person,area,outcome\n".to_owned() + &all.enumerate().map(line).collect::<String>()
}

const SPEC: &str = "title = \"Outcomes\"\n[input]\nfile = \"cases.csv\"\nperson = \"person\"\n\
                    [variables.area]\nlabel = \"Area\"\ncolumn = \"area\"\norder = [\"a\", \"b\", \"c\"]\nmissing = \"error\"\n\
                    [variables.outcome]\nlabel = \"Outcome\"\ncolumn = \"outcome\"\norder = [\"a\", \"b\", \"c\", \"none\"]\nmissing = \"error\"\n\
                    [[tables]]\ntitle = \"TABLE 1\"\nrows = [\"area\"]\ncolumns = [\"outcome\"]\n";

/// A policy of which every figure is hidden that is below five, and zeros too where `zero` says so.
fn policy(zero: &str) -> String {
    format!(
        "id = \"own\"\ntitle = \"Ours\"\nversion = \"1\"\nevidence = \"generic\"\n\
         [threshold]\nminimum = 5\nzero = \"{zero}\"\n[suppress]\n"
    )
}

/// What the public sees of a run: exit code, both streams, and every file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    exit: i32,
    stdout: String,
    stderr: String,
    files: BTreeMap<String, Vec<u8>>,
}

/// The commands whose output is compared; reports are for the reviewer and stand elsewhere.
const COMMANDS: [&str; 5] = [
    "tabsafe protect counts.csv --by area,outcome --count n --threshold 5 --out out/table.csv",
    "tabsafe protect counts.csv --by area,outcome --count n --threshold 5 --method fast --log-format json",
    "tabsafe release release.toml --policy own.toml --out out --format text,csv,json,markdown,xlsx,zip,html",
    "tabsafe release release.toml --policy own.toml --out - --format csv",
    "tabsafe release release.toml --policy own.toml --dry-run --log-format json",
];

/// Lines of JSON hold the seconds since the beginning: they are no figure of the table.
fn timeless(text: &str) -> String {
    let line = |line: &str| line.split(",\"seconds\":").next().unwrap_or_default().to_owned() + "\n";
    text.lines().map(line).collect()
}

fn seen(scene: &Scene, counts: &Counts, command: &str) -> Seen {
    scene.write("counts.csv", cells(counts).as_bytes());
    scene.write("cases.csv", cases(counts).as_bytes());
    let before = scene.files();
    let Ran { exit, stdout, stderr } = scene.run(command);
    let new = scene.files().into_iter().filter(|(path, _)| path.starts_with("out") && !before.contains_key(path));
    let files: BTreeMap<String, Vec<u8>> = new.collect();
    let _ = std::fs::remove_dir_all(scene.path().join("out"));
    Seen { exit, stdout: timeless(&stdout), stderr: timeless(&stderr), files }
}

/// The table as it is published: the pattern and every figure that is shown.
fn published(scene: &Scene, counts: &Counts) -> Option<String> {
    scene.write("counts.csv", cells(counts).as_bytes());
    let ran = scene.run("tabsafe protect counts.csv --by area,outcome --count n --threshold 5");
    (ran.exit == 0).then_some(ran.stdout)
}

/// A table with some small counts and no zero.
fn random(rng: &mut Rng) -> Counts {
    std::array::from_fn(|_| if rng.chance(35) { 1 + rng.below(4) as i64 } else { 5 + rng.below(9) as i64 })
}

/// Tables with the same margins as one: a count moves along the corners of a rectangle.
fn neighbours(counts: &Counts) -> Vec<Counts> {
    let mut all = Vec::new();
    let pairs = [(0, 1), (0, 2), (1, 2)];
    for (r, s) in pairs {
        for (c, d) in pairs {
            for by in [-2, -1, 1, 2] {
                let mut other = *counts;
                for (cell, by) in [(3 * r + c, by), (3 * s + d, by), (3 * r + d, -by), (3 * s + c, -by)] {
                    other[cell] += by;
                }
                all.extend(other.iter().all(|n| *n > 0).then_some(other));
            }
        }
    }
    all
}

/// Tables that differ in withheld counts alone, under the same pattern: streams, exit codes, and the names, sizes and bytes of
/// the public files are the same.
#[test]
fn tables_that_look_alike_sound_alike() {
    let mut rng = Rng(30);
    let scene = Scene::empty();
    scene.write("release.toml", SPEC.as_bytes());
    scene.write("own.toml", policy("show").as_bytes());
    let mut pairs = 0;
    for _ in 0..60 {
        let one = random(&mut rng);
        let Some(table) = published(&scene, &one).filter(|t| t.contains(",,withheld")) else { continue };
        let release = |counts: &Counts| seen(&scene, counts, COMMANDS[3]);
        let own = release(&one);
        // two commands may withhold different cells: both must show the same of the two tables
        let alike =
            |other: &&Counts| published(&scene, other).as_deref() == Some(table.as_str()) && release(other) == own;
        let Some(other) = neighbours(&one).into_iter().find(|other| alike(&other)) else { continue };
        pairs += 1;
        for command in COMMANDS {
            let (first, second) = (seen(&scene, &one, command), seen(&scene, &other, command));
            assert_eq!(first, second, "{command}\n{one:?}\n{other:?}");
            assert!(first.exit == 0 && first.stdout.contains("withheld"), "{command}: {first:?}");
        }
        if pairs == 8 {
            break;
        }
    }
    assert!(pairs >= 4, "{pairs} pairs were found");
}

/// Where zeros are withheld too, that a category has no case is said to nobody but those who ask for what is confidential.
#[test]
fn an_empty_category_is_not_told_where_zeros_are_hidden() {
    let scene = Scene::empty();
    scene.write("release.toml", SPEC.as_bytes());
    scene.write("cases.csv", cases(&[9, 8, 7, 12, 11, 9, 8, 6, 12]).as_bytes());
    let note = "no record falls in `none`";
    for (zero, told) in [("show", true), ("unsafe", false)] {
        scene.write("own.toml", policy(zero).as_bytes());
        let quiet = scene.run("tabsafe release release.toml --policy own.toml --dry-run");
        assert_eq!((quiet.exit, quiet.stdout.contains(note)), (0, told), "{}", quiet.text());
        let verbose = scene.run("tabsafe release release.toml --policy own.toml --dry-run --verbose");
        assert!(verbose.stdout.contains(note) && verbose.stdout.starts_with("CONFIDENTIAL"), "{}", verbose.text());
    }
}

/// What is said by default names no primary cell, no cost and no interval; with `--verbose` it does, and is marked.
#[test]
fn what_is_confidential_is_marked() {
    let scene = Scene::with_data();
    let words =
        ["primary", "between 1 and 4 (", "to protect", "Cost", "Intruder", "Proof", "can still be", "of all counts"];
    for line in [
        "tabsafe release release.toml --out out",
        "tabsafe protect cases.csv --by area,sex --threshold 5 --out t.csv",
        "tabsafe protect targus.jj --out t.jj",
        "tabsafe argus run examples/argus/turnover.arb",
    ] {
        scene.write("targus.jj", include_bytes!("../data/csplib/TARGUS.jj"));
        let quiet = scene.run(line);
        let text = quiet.stdout.replace("or withheld to protect another figure", "");
        let found = words.iter().find(|word| text.contains(**word) || quiet.stderr.contains(**word));
        assert!(quiet.exit == 0 && found.is_none(), "{found:?} in {}", quiet.text());
        let verbose = scene.run(&format!("{line} --verbose"));
        assert!(verbose.stdout.contains("CONFIDENTIAL: --verbose"), "{}", verbose.text());
    }
}
