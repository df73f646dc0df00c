//! Limits that hold: a killed run leaves the old release or the new one, and what the terminal says by default follows from what
//! is published alone.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tabsafe::write::WRITERS;

use crate::cli::scene::{Ran, Scene, program};
use crate::random::Rng;

/// Runs that are killed.
const KILLS: u32 = 24;
/// Pairs of data that are tried.
const PAIRS: u64 = 12;

const POLICY: &str = "id = \"own\"\ntitle = \"Ours\"\nversion = \"1\"\nevidence = \"generic\"\n[threshold]\nminimum = 5\n[suppress]\nmethod = \"fast\"\n";

/// A specification of one table over counted cells in `file`.
fn spec(file: &str) -> String {
    let variable = |name: &str| format!("[variables.{name}]\ncolumn = \"{name}\"\nmissing = \"error\"\n");
    format!(
        "title = \"T\"\npolicy = \"own.toml\"\n[input]\nfile = \"{file}\"\ncount = \"n\"\n{}{}[[tables]]\ntitle = \"TABLE 1\"\nrows = [\"a\"]\ncolumns = [\"b\"]\n",
        variable("a"),
        variable("b")
    )
}

/// A table as a file with a line per cell.
fn lines(cells: &[Vec<i64>]) -> String {
    let line = |(a, row): (usize, &Vec<i64>)| -> String {
        row.iter().enumerate().map(|(b, n)| format!("a{a},b{b},{n}\n")).collect()
    };
    format!("a,b,n\n{}", cells.iter().enumerate().map(line).collect::<String>())
}

/// Cells of which many are small.
fn cells(seed: u64) -> Vec<Vec<i64>> {
    let mut rng = Rng(seed + 77);
    let mut value = || [1, 2, 3, 4, 6, 8, 11, 15, 23][rng.below(9)];
    (0..5).map(|_| (0..4).map(|_| value()).collect()).collect()
}

fn all_formats() -> String {
    WRITERS.iter().map(|w| w.name).collect::<Vec<_>>().join(",")
}

/// The files of a folder.
fn files(scene: &Scene, folder: &str) -> BTreeMap<String, Vec<u8>> {
    let prefix = format!("{folder}/");
    let inside = |(path, bytes): (String, Vec<u8>)| Some((path.strip_prefix(&prefix)?.to_owned(), bytes));
    scene.files().into_iter().filter_map(inside).filter(|(name, _)| !name.is_empty()).collect()
}

/// Whenever a run is killed, every file in the folder is of one release, and what is the user's own is there. The next run
/// clears what killed ones left.
#[cfg(target_os = "linux")]
#[test]
fn a_killed_run_leaves_the_old_release_or_the_new_one() {
    let scene = Scene::empty();
    scene.write("own.toml", POLICY.as_bytes());
    let formats = all_formats();
    let line = |name: &str, out: &str| {
        format!("release {name}.toml --out {out} --format {formats} --report secret/report.json --quiet")
    };
    let mut whole = Vec::new();
    let mut longest = Duration::ZERO;
    for (name, seed) in [("first", 0), ("second", 1)] {
        scene.write(&format!("{name}.csv"), lines(&cells(seed)).as_bytes());
        scene.write(&format!("{name}.toml"), spec(&format!("{name}.csv")).as_bytes());
        let began = Instant::now();
        let ran = scene.run(&format!("tabsafe {}", line(name, name)));
        longest = longest.max(began.elapsed());
        assert_eq!(ran.exit, 0, "{}", ran.text());
        whole.push(files(&scene, name));
    }
    assert!(whole[0].len() == WRITERS.len() + 1 && whole[0] != whole[1]);
    scene.run(&format!("tabsafe {}", line("first", "out")));
    scene.write("out/own.txt", b"of the user");
    scene.write("out/more/own.txt", b"of the user");
    let mut stands = 0;
    for kill in 0..KILLS {
        let name = ["second", "first"][stands];
        let mut child = Command::new(program())
            .args(line(name, "out").split(' '))
            .current_dir(scene.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        sleep(longest.mul_f64(0.4 + 0.7 * f64::from(kill) / f64::from(KILLS)));
        child.kill().expect("it is killed");
        child.wait().expect("a status");
        // the worker ends with the process that waits for it
        sleep(Duration::from_millis(50));
        let mut found = files(&scene, "out");
        assert_eq!(found.remove("own.txt").as_deref(), Some(&b"of the user"[..]), "kill {kill}");
        found.retain(|name, _| !name.starts_with("more/"));
        assert!(found.keys().all(|name| !name.starts_with(".tabsafe-")), "kill {kill}: {:?}", found.keys());
        let is = whole.iter().position(|release| *release == found);
        stands = is.unwrap_or_else(|| panic!("kill {kill}: files of two releases, or not all: {:?}", found.keys()));
    }
    let ran = scene.run(&format!("tabsafe {}", line("first", "out")));
    assert_eq!(ran.exit, 0, "{}", ran.text());
    assert_eq!(scene.read("out/more/own.txt"), "of the user");
    let left: Vec<String> = scene.files().into_keys().filter(|path| path.contains(".tabsafe-")).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// A run that is killed in the middle of copying standard input leaves records in the temporary folder: the next run clears
/// them.
#[cfg(target_os = "linux")]
#[test]
fn a_copy_of_standard_input_is_cleared_by_the_next_run() {
    let scene = Scene::empty();
    let folder = scene.path().join("tmp");
    fs::create_dir(&folder).expect("a folder");
    let copies = || fs::read_dir(&folder).expect("a folder").count();
    let mut child = Command::new(program())
        .args(["protect", "-", "--by", "a", "--threshold", "5"])
        .env("TMPDIR", &folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut into = child.stdin.take().expect("standard input");
    std::io::Write::write_all(&mut into, b"a\nfirst\nsecond\n").expect("it is taken");
    let began = Instant::now();
    while copies() == 0 && began.elapsed() < Duration::from_secs(60) {
        sleep(Duration::from_millis(5));
    }
    sleep(Duration::from_millis(50));
    child.kill().expect("it is killed");
    child.wait().expect("a status");
    assert_eq!(copies(), 1, "what a killed run leaves");
    scene.write("cells.csv", lines(&cells(0)).as_bytes());
    let ran = scene.run("TMPDIR=tmp tabsafe protect - --by a,b --count n --threshold 5 < cells.csv > table.csv");
    assert_eq!((ran.exit, copies()), (0, 0), "{}", ran.text());
}

/// Where memory, threads or file handles run out, a message says so, and the exit code is a documented one.
#[cfg(target_os = "linux")]
#[test]
fn what_runs_out_is_told() {
    let scene = Scene::empty();
    let mut rng = Rng(3);
    let mut table = String::from("a,b,c,n\n");
    for cell in 0..6_000 {
        table.push_str(&format!(
            "a{},b{},c{},{}\n",
            cell % 20,
            cell / 20 % 20,
            cell / 400,
            [1, 2, 3, 6, 9, 20][rng.below(6)]
        ));
    }
    scene.write("cells.csv", table.as_bytes());
    let line = "tabsafe protect cells.csv --by a,b,c --count n --threshold 5 --time-limit 20 --out table.csv";
    let mut refused = 0;
    for kilobytes in [900_000, 600_000, 450_000, 350_000, 250_000, 200_000] {
        let ran = scene.run(&format!("ulimit -v {kilobytes}; {line}"));
        assert!(matches!(ran.exit, 0 | 4), "{kilobytes} KB: {}", ran.text());
        let told = ["memory", "time limit", "INCONCLUSIVE"].iter().any(|word| ran.text().contains(word));
        assert!(ran.exit == 0 || told, "{kilobytes} KB: {}", ran.text());
        refused += u32::from(ran.text().contains("memory"));
    }
    assert!(refused > 0, "memory never ran out");
    let ran = scene.run(&format!("ulimit -n 20; {line}"));
    assert!(ran.exit == 4 && ran.stderr.contains("open files"), "{}", ran.text());
    let ran = scene.run("tabsafe protect cells.csv --by a,b,c --count n --threshold 5 --threads 100000");
    assert!(ran.exit == 2 && ran.stderr.contains("at most 1024 threads"), "{}", ran.text());
    let left: Vec<String> = scene.files().into_keys().filter(|path| path.contains(".tabsafe-")).collect();
    let next = scene.run("tabsafe protect cells.csv --by a --count n --threshold 5 --out table.csv");
    assert!(!scene.files().keys().any(|path| path.contains(".tabsafe-")), "{left:?}: {}", next.text());
}

/// A damaged file of records is an error of the data that names the file, wherever it is damaged.
#[test]
fn damaged_records_are_told() {
    let scene = Scene::empty();
    let text = lines(&cells(0));
    let cases = [("cells.parquet", crate::cli::data::parquet(&text)), ("cells.arrow", crate::cli::data::ipc(&text))];
    for (name, whole) in cases {
        let length = whole.len();
        let damaged: [Vec<u8>; 4] = [
            whole[..length / 2].to_vec(),
            whole[..length - 3].to_vec(),
            [&whole[..length - 8], &[0xff; 4], &whole[length - 4..]].concat(),
            [&whole[..8], &whole[length - 8..]].concat(),
        ];
        for (case, bytes) in damaged.iter().enumerate() {
            scene.write(name, bytes);
            for command in ["protect", "init"] {
                let more = if command == "protect" { "--by a,b --count n --threshold 5" } else { "" };
                let ran = scene.run(&format!("tabsafe {command} {name} {more}"));
                assert!(ran.exit == 3 && ran.stderr.contains(name), "{name}, {case}, {command}: {}", ran.text());
            }
        }
    }
}

/// What a run says: exit code and both streams, without the seconds of a log.
fn said(ran: &Ran) -> String {
    let mut text = ran.text();
    while let Some((before, after)) = text.split_once("\"seconds\":") {
        let rest = after.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        text = format!("{before}{rest}");
    }
    text
}

/// Everything that is said and written by default about a table.
fn public(table: &[Vec<i64>]) -> BTreeMap<String, String> {
    let scene = Scene::empty();
    scene.write("own.toml", POLICY.as_bytes());
    scene.write("cells.csv", lines(table).as_bytes());
    scene.write("release.toml", spec("cells.csv").as_bytes());
    let by = "--by a,b --count n --policy own.toml";
    let formats = all_formats();
    let mut all = BTreeMap::new();
    for line in [
        format!("tabsafe protect cells.csv {by} --out table.csv"),
        format!("tabsafe protect cells.csv {by}"),
        format!("tabsafe protect cells.csv {by} --method optimal --log-format json"),
        format!("tabsafe release release.toml --out out --format {formats}"),
        format!("tabsafe release release.toml --out out --format {formats} --log-format json"),
        "tabsafe release release.toml --dry-run --quiet".to_owned(),
        "tabsafe release release.toml --dry-run --proof proof.json".to_owned(),
        "tabsafe release release.toml --out - --format csv --time-limit 600".to_owned(),
        "tabsafe audit table.csv --by a,b --count n".to_owned(),
        "tabsafe audit table.csv --by a,b --count n --format json".to_owned(),
        "tabsafe check out/release.txt --policy own.toml".to_owned(),
        "tabsafe check out/release.md --policy own.toml --format json".to_owned(),
    ] {
        all.insert(line.clone(), said(&scene.run(&line)));
    }
    let written = scene.files().into_iter().filter(|(path, _)| path.starts_with("out/") || path == "table.csv");
    all.extend(written.map(|(path, bytes)| (path, format!("{bytes:?}"))));
    all
}

/// Data that differ only in what is withheld: everything that is said and written by default is the same, to the byte.
#[test]
fn what_is_withheld_changes_nothing_that_is_said() {
    let mut same = 0;
    for seed in 0..PAIRS {
        let table = cells(seed);
        let scene = Scene::empty();
        scene.write("own.toml", POLICY.as_bytes());
        let published = |table: &[Vec<i64>]| {
            scene.write("cells.csv", lines(table).as_bytes());
            scene.run("tabsafe protect cells.csv --by a,b --count n --policy own.toml").stdout
        };
        let first = published(&table);
        let is_withheld = |a: usize, b: usize| first.contains(&format!("a{a},b{b},,withheld"));
        let Some((rows, columns)) = circle(&is_withheld) else { continue };
        let mut twin = table.clone();
        for (a, b, change) in
            [(rows.0, columns.0, 1), (rows.0, columns.1, -1), (rows.1, columns.0, -1), (rows.1, columns.1, 1)]
        {
            twin[a][b] += change;
        }
        if twin.iter().flatten().any(|&n| n < 1) || published(&twin) != first {
            continue;
        }
        let (one, other) = (public(&table), public(&twin));
        assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
        let differ: Vec<&String> =
            one.iter().filter(|(what, said)| other[*what] != **said).map(|(what, _)| what).collect();
        // another method may choose another pattern for the twin: then what is published differs, and so may what is said
        let published = |what: &&&String| !what.contains("optimal");
        let told = |what: &&String| format!("{what}\n{}\n{}", one[*what], other[*what]);
        let wrong: Vec<String> = differ.iter().filter(published).map(told).collect();
        assert!(wrong.is_empty(), "seed {seed}: {}", wrong.join("\n"));
        same += 1;
    }
    assert!(same >= 3, "only {same} pairs are published alike");
}

/// Two rows and two columns whose four cells are all withheld.
fn circle(is_withheld: &dyn Fn(usize, usize) -> bool) -> Option<((usize, usize), (usize, usize))> {
    let pairs = |n: usize| (0..n).flat_map(move |i| (i + 1..n).map(move |j| (i, j)));
    let all = |(a, c): (usize, usize), (b, d): (usize, usize)| {
        is_withheld(a, b) && is_withheld(a, d) && is_withheld(c, b) && is_withheld(c, d)
    };
    pairs(5).flat_map(|rows| pairs(4).map(move |columns| (rows, columns))).find(|&(r, c)| all(r, c))
}

/// A band of many values is asked for by its ends where there are no gaps: what is possible for each unsafe cell is still all of its
/// band that withholding everything could hide.
#[test]
fn wide_bands_stay_possible() {
    let threshold = 120;
    let mut unsafe_cells = 0;
    for seed in 0..6 {
        let mut rng = Rng(seed + 901);
        let table: Vec<Vec<i64>> =
            (0..6).map(|_| (0..5).map(|_| [0, 2, 10, 60, 90, 150, 300, 800][rng.below(8)]).collect()).collect();
        let scene = Scene::empty();
        scene.write("cells.csv", lines(&table).as_bytes());
        let line = format!("tabsafe protect cells.csv --by a,b --count n --threshold {threshold} --out table.csv");
        let ran = scene.run(&line);
        assert_eq!(ran.exit, 0, "seed {seed}: {}", ran.text());
        let published = scene.read("table.csv");
        // the same rows with nothing but zeros in them
        let bare = |line: &str| match line.rsplitn(3, ',').collect::<Vec<_>>()[..] {
            [_, count, cell] if !matches!(count, "0" | "n") => format!("{cell},,withheld\n"),
            _ => format!("{line}\n"),
        };
        scene.write("bare.csv", published.lines().map(bare).collect::<String>().as_bytes());
        let (own, most) = (possible(&scene, "table.csv"), possible(&scene, "bare.csv"));
        for (cell, value) in true_values(&table).into_iter().filter(|(_, v)| (1..threshold).contains(v)) {
            let (lo, hi) = own.get(&cell).copied().unwrap_or_else(|| panic!("seed {seed}: {cell} is printed"));
            let (least, greatest) = most[&cell];
            let hides = lo <= least.max(1) && hi >= greatest.min(threshold - 1);
            assert!(hides, "seed {seed}: {cell}, {value}: {lo} to {hi} of {least} to {greatest}");
            unsafe_cells += 1;
        }
    }
    assert!(unsafe_cells > 40, "{unsafe_cells}");
}

/// Every cell of a table with its totals, as `a0,b0`.
fn true_values(table: &[Vec<i64>]) -> BTreeMap<String, i64> {
    let mut all: BTreeMap<String, i64> = BTreeMap::new();
    for (a, row) in table.iter().enumerate() {
        for (b, n) in row.iter().enumerate() {
            for cell in [format!("a{a},b{b}"), format!("a{a},Total"), format!("Total,b{b}"), "Total,Total".to_owned()] {
                *all.entry(cell).or_default() += n;
            }
        }
    }
    all
}

/// What an audit of a table finds possible for each withheld cell.
fn possible(scene: &Scene, file: &str) -> BTreeMap<String, (i64, i64)> {
    let ran = scene.run(&format!("tabsafe audit {file} --by a,b --count n --format json"));
    let audit: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}: {}", ran.text()));
    let of = |cell: &serde_json::Value| {
        let code = |name: &str| cell["by"][name].as_str().unwrap_or_default().to_owned();
        let ends = (cell["lo"].as_i64().unwrap_or(0), cell["hi"].as_i64().unwrap_or(i64::MAX));
        (format!("{},{}", code("a"), code("b")), ends)
    };
    audit["cells"].as_array().expect("cells").iter().map(of).collect()
}
