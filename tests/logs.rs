//! Planted values: what is withheld is found in no public output, whatever the format, and in no log.

use tabsafe::write::WRITERS;

use crate::cli::scene::Scene;

/// Turnovers of firms; in food/North one firm has nearly all, so that cell is withheld. Its sum and its largest
/// contribution are planted: rare digits that nothing else has.
const FIRMS: &str = "firm,industry,region,turnover\n\
    F1,food,North,48271\nF2,food,North,21\nF3,food,North,17\nF4,food,South,12037\nF5,food,South,11059\nF6,food,South,13063\n\
    F7,steel,North,30071\nF8,steel,North,28097\nF9,steel,North,31013\nG1,steel,South,90011\nG2,steel,South,95027\n\
    G3,steel,South,85549\nG4,wood,North,45053\nG5,wood,North,44029\nG6,wood,North,50077\nG7,wood,South,70003\n\
    G8,wood,South,66029\nG9,wood,South,61031\n";

const SPEC: &str = r#"title = "Turnover by industry and region"
policy = "own.toml"

[input]
file = "firms.csv"
unit = "firm"
contributor = "firm"

[variables.industry]
column = "industry"
missing = "error"

[variables.region]
column = "region"
missing = "error"

[[tables]]
title = "TABLE 1"
rows = ["industry"]
columns = ["region"]
measure = { sum = "turnover" }
"#;

const POLICY: &str =
    "id = \"own\"\ntitle = \"Ours\"\nversion = \"1\"\nevidence = \"generic\"\n[p-percent]\np = 10\n[suppress]\n";

/// The planted values: the withheld sum, its largest contribution, and the sums that protect it.
fn planted(report: &str) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_str(report).expect("JSON");
    let cells = report["cells"].as_array().expect("cells").iter();
    let withheld = cells.filter(|c| c["status"] == "withheld").map(|c| c["true"].to_string());
    withheld.chain(["48271".to_owned()]).collect()
}

/// No file of a release, no log and no line on the terminal holds a withheld value, plain or in groups of digits.
#[test]
fn planted_values_are_in_no_public_output() {
    let scene = Scene::empty();
    scene.write("firms.csv", FIRMS.as_bytes());
    scene.write("release.toml", SPEC.as_bytes());
    scene.write("own.toml", POLICY.as_bytes());
    let formats = WRITERS.iter().map(|w| w.name).collect::<Vec<_>>().join(",");
    let line = |more: &str| {
        format!("tabsafe release release.toml --out out --format {formats} --report secret/report.json {more}")
    };
    let mut public = Vec::new();
    for more in ["", "--log-format json", "--log-format json --quiet"] {
        let ran = scene.run(&line(more));
        assert_eq!(ran.exit, 0, "{}", ran.text());
        public.push((format!("standard output {more}"), ran.stdout));
        public.push((format!("standard error {more}"), ran.stderr));
    }
    let secrets = planted(&scene.read("secret/report.json"));
    assert!(secrets.len() >= 5, "one primary, three secondary cells and a contribution: {secrets:?}");
    for (name, content) in scene.files() {
        if name.starts_with("out/") && !name.ends_with('/') {
            public.push((name.clone(), readable(&content)));
        }
    }
    assert!(public.len() >= WRITERS.len() + 6, "every format wrote a file");
    for (name, text) in &public {
        for secret in &secrets {
            assert!(!holds(&text.replace(',', ""), secret), "{name} holds {secret}");
        }
    }
}

/// Whether a number stands in a text by itself, and not as a part of a longer one.
fn holds(text: &str, number: &str) -> bool {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let apart = |(at, _): (usize, &str)| {
        !digit(text[..at].chars().next_back()) && !digit(text[at + number.len()..].chars().next())
    };
    text.match_indices(number).any(apart)
}

/// Where one cell protects another, the loss is its value: it is told to those who ask for true values, and to no others.
#[test]
fn a_loss_of_one_cell_is_not_told() {
    let scene = Scene::empty();
    let rows = [("a", 3), ("b", 48_271), ("c", 60_013)];
    let cells: String = rows.iter().map(|(code, n)| format!("{code},{n}\n")).collect();
    scene.write("cells.csv", format!("area,n\n{cells}").as_bytes());
    scene.write("own.toml", POLICY.replace("[p-percent]\np = 10", "[threshold]\nminimum = 5").as_bytes());
    scene.write("release.toml", ONE.as_bytes());
    for (more, told) in [("", false), ("--log-format json", false), ("--verbose", true)] {
        let ran = scene.run(&format!("tabsafe release release.toml --dry-run {more}"));
        assert_eq!(ran.exit, 0, "{}", ran.text());
        assert_eq!(holds(&ran.stdout, "48271") || holds(&ran.stderr, "48271"), told, "{more}: {}", ran.text());
    }
}

/// A table of one variable, from counted cells.
const ONE: &str = "title = \"T\"\npolicy = \"own.toml\"\n[input]\nfile = \"cells.csv\"\ncount = \"n\"\n\
    [variables.area]\ncolumn = \"area\"\nmissing = \"error\"\n[[tables]]\ntitle = \"TABLE 1\"\nrows = [\"area\"]\n";

/// Text as it is; of an office container the text of every part.
fn readable(content: &[u8]) -> String {
    let Ok(mut archive) = zip::ZipArchive::new(std::io::Cursor::new(content)) else {
        return String::from_utf8_lossy(content).into_owned();
    };
    let mut text = String::new();
    for i in 0..archive.len() {
        let mut part = Vec::new();
        std::io::Read::read_to_end(&mut archive.by_index(i).expect("a part"), &mut part).expect("it can be read");
        text.push_str(&String::from_utf8_lossy(&part));
    }
    text
}

/// For machines every line of standard error is JSON, whether all is well or not; the stages come in their order.
#[test]
fn the_log_for_machines_is_json() {
    let scene = Scene::empty();
    scene.write("firms.csv", FIRMS.as_bytes());
    scene.write("release.toml", SPEC.as_bytes());
    scene.write("own.toml", POLICY.as_bytes());
    let lines = |ran: &crate::cli::scene::Ran| -> Vec<serde_json::Value> {
        let parse = |l: &str| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}"));
        ran.stderr.lines().map(parse).collect()
    };
    let ran = scene.run("tabsafe release release.toml --dry-run --log-format json");
    let stages: Vec<String> =
        lines(&ran).iter().filter(|l| l["event"] == "stage").map(|l| l["stage"].to_string().replace('"', "")).collect();
    assert_eq!(stages, ["read", "tabulate", "link", "rules", "protect", "attack", "release"]);
    for (line, exit) in [
        ("tabsafe release none.toml --log-format json", 2),
        ("tabsafe release --log-format json --no-such-option", 2),
        ("tabsafe protect firms.csv --by industry,nothing --threshold 5 --log-format json", 3),
        ("tabsafe release release.toml --dry-run --time-limit 0 --log-format json", 4),
    ] {
        let ran = scene.run(line);
        let told = lines(&ran);
        assert_eq!(ran.exit, exit, "{line}: {}", ran.text());
        assert!(!told.is_empty(), "{line}");
        let ended = told.last().expect("a line");
        assert!(exit == 4 || (ended["event"] == "error" && ended["exit"] == exit), "{line}: {}", ran.text());
        assert!(!ran.stderr.contains("48271") && !ran.stdout.contains("48271"), "{line}: {}", ran.text());
    }
}

/// In a pipe there is no progress, for people.
#[test]
fn nothing_moves_in_a_pipe() {
    let scene = Scene::shipped();
    let ran = scene.run("tabsafe release examples/police-foi/release.toml --dry-run");
    assert_eq!((ran.exit, ran.stderr.as_str()), (0, ""));
}
