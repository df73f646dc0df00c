//! Planted values: numbers that stand nowhere else are withheld, and then looked for in everything that is written.
//!
//! Digits are looked for as text, with and without marks between thousands, as the bytes of whole and of floating point
//! numbers, in zips after unpacking, and in what the terminal shows.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use polars::prelude::{CsvWriter, ParquetReader, SerReader, SerWriter};
use serde_json::Value;
use tabsafe::write::WRITERS;

use crate::cli::scene::Scene;

/// A table of two variables, each row a cell. Values below 50 000 are unsafe.
const DATA: &str = "area,kind,n\nN,a,48271\nN,b,91733\nN,c,83177\nS,a,70891\nS,b,39419\nS,c,86743\nE,a,90659\nE,b,77269\nE,c,65599\n\
                    W,a,88007\nW,b,94343\nW,c,57901\n";

/// The same as a magnitude: the largest contributor of a cell dominates it.
const FIRMS: &str = "area,kind,firm,sum\nN,a,f1,48260\nN,a,f2,11\nN,b,f1,917\nN,b,f2,905\nN,b,f3,899\nS,a,f4,7089\nS,a,f5,7013\nS,a,f6,6899\n\
                     S,b,f4,3941\nS,b,f5,3607\nS,b,f6,3511\nE,a,f7,9067\nE,a,f8,9041\nE,a,f9,8893\nE,b,f7,7727\nE,b,f8,7703\nE,b,f9,7591\n";

/// A specification of the same counts, with a title, notes and two tables.
const SPEC: &str = "title = \"Planted\"\npolicy = \"policy.toml\"\n[input]\nfile = \"data.csv\"\nunit = \"case\"\ncount = \"n\"\n\
                    [variables.area]\ncolumn = \"area\"\nmissing = \"error\"\n[variables.kind]\ncolumn = \"kind\"\nmissing = \"error\"\n\
                    [[tables]]\nid = \"1\"\ntitle = \"TABLE 1\"\nrows = [\"area\"]\ncolumns = [\"kind\"]\n\
                    [[tables]]\nid = \"2\"\ntitle = \"TABLE 2\"\nrows = [\"area\"]\n";
const POLICY: &str = "id = \"planted\"\ntitle = \"Planted\"\nversion = \"1\"\nevidence = \"generic\"\n\
                      [threshold]\nminimum = 50000\n[suppress]\nprotection = \"exact\"\n";

/// What is withheld, by the confidential report.
fn withheld(report: &str) -> Vec<i64> {
    let report: Value = serde_json::from_str(report).expect("JSON");
    let cells = report["cells"].as_array().expect("cells").iter();
    let hidden = cells.filter(|c| c["status"] == "withheld");
    hidden.map(|c| c["true"].as_f64().expect("a value") as i64).collect()
}

/// Everything that stands in a file as text, and its bytes.
fn contents(name: &str, bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut all = vec![(name.to_owned(), bytes.to_vec())];
    if bytes.starts_with(b"PK") {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).expect("an entry");
            let mut content = Vec::new();
            entry.read_to_end(&mut content).expect("content");
            all.push((format!("{name}/{}", entry.name()), content));
        }
    }
    if bytes.starts_with(b"PAR1") {
        let mut frame = ParquetReader::new(Cursor::new(bytes)).finish().expect("Parquet");
        let mut text = Vec::new();
        CsvWriter::new(&mut text).finish(&mut frame).expect("CSV");
        all.push((format!("{name} as text"), text));
    }
    all
}

/// The forms in which a value may stand somewhere.
fn forms(value: i64) -> Vec<Vec<u8>> {
    let digits = value.to_string();
    let marked = |mark: &str| {
        let (thousands, rest) = digits.split_at(digits.len().saturating_sub(3));
        format!("{thousands}{mark}{rest}")
    };
    let texts = [digits.clone(), marked(","), marked("."), marked(" "), marked("\u{a0}"), marked("'")];
    let mut forms: Vec<Vec<u8>> = texts.into_iter().map(String::into_bytes).collect();
    forms.push(value.to_le_bytes().to_vec());
    forms.push((value as f64).to_le_bytes().to_vec());
    forms
}

fn holds(bytes: &[u8], form: &[u8]) -> bool {
    bytes.windows(form.len()).any(|window| window == form)
}

/// Fails where one of the values stands in something that was written or said.
fn none_of(values: &[i64], name: &str, bytes: &[u8]) {
    for (place, content) in contents(name, bytes) {
        for value in values {
            let found = forms(*value).into_iter().any(|form| holds(&content, &form));
            assert!(!found, "{value} stands in {place}");
        }
    }
}

/// Runs a command with a temporary folder of its own, and looks at what it said and left.
fn search(scene: &Scene, line: &str, report: &str, published: &str) -> BTreeSet<String> {
    let before = scene.files();
    let ran = scene.run(&format!("mkdir -p tmp && TMPDIR=tmp {line}"));
    assert_eq!(ran.exit, 0, "{line}\n{}", ran.text());
    let hidden = withheld(&scene.read(report));
    assert!(hidden.len() >= 4 && hidden.contains(&48_271), "{line}: {hidden:?}");
    none_of(&hidden, "standard output", ran.stdout.as_bytes());
    none_of(&hidden, "standard error", ran.stderr.as_bytes());
    let written = scene.files().into_iter().filter(|(path, _)| !before.contains_key(path));
    let mut names = BTreeSet::new();
    for (path, content) in written {
        assert!(!path.starts_with("tmp/") || path == "tmp/", "{line}: {path} is left");
        // digests of the other files are of no number
        if path == report || path.ends_with(".sha256") {
            continue;
        }
        none_of(&hidden, &path, &content);
        let shown = forms(published.parse().expect("a published number"));
        let found = contents(&path, &content).iter().any(|(_, c)| shown.iter().any(|form| holds(c, form)));
        if !path.ends_with('/') && !path.ends_with("metadata.json") {
            assert!(found, "{path} holds a published value, so the search would find one");
        }
        names.insert(path);
    }
    names
}

/// No format of `protect` holds a withheld count or sum, whether it is unsafe or protects another.
#[test]
fn planted_values_stand_in_no_protected_table() {
    let formats = WRITERS.iter().filter(|w| w.name != "csvw");
    for writer in formats {
        let scene = Scene::empty();
        scene.write("data.csv", DATA.as_bytes());
        scene.write("firms.csv", FIRMS.as_bytes());
        let (name, out) = (writer.name, format!("out.{}", writer.extension));
        let line = format!(
            "tabsafe protect data.csv --by area,kind --count n --threshold 50000 --protection exact --format {name} --out {out} --report r.json"
        );
        assert!(search(&scene, &line, "r.json", "90659").contains(&out), "{name}");
        let line = format!(
            "tabsafe protect firms.csv --by area,kind --value sum --contributor firm --rule 'dominance(1,80)' --format {name} --out sum.{out} --report s.json"
        );
        assert!(search(&scene, &line, "s.json", "27001").contains(&format!("sum.{out}")), "{name}");
    }
}

/// No format of `release` does, nor what is said beside it.
#[test]
fn planted_values_stand_in_no_release() {
    let scene = Scene::empty();
    scene.write("data.csv", DATA.as_bytes());
    scene.write("policy.toml", POLICY.as_bytes());
    scene.write("release.toml", SPEC.as_bytes());
    let names: Vec<&str> = WRITERS.iter().map(|w| w.name).collect();
    let line = format!("tabsafe release release.toml --out out --format {} --report r.json", names.join(","));
    let written = search(&scene, &line, "r.json", "90659");
    assert_eq!(written.iter().filter(|path| path.starts_with("out/release.")).count(), WRITERS.len(), "{written:?}");
}

/// No file of a batch of tau-ARGUS that is for publication does, nor what is said beside it.
#[test]
fn planted_values_stand_in_no_public_file_of_a_batch() {
    let scene = Scene::empty();
    let records: String = FIRMS.lines().skip(1).map(|line| format!("{line}\n")).collect();
    scene.write("m.csv", records.as_bytes());
    scene.write("m.rda", b"<SEPARATOR> \",\"\nA 1\n<RECODEABLE>\nK 1\n<RECODEABLE>\nF 2\n<HOLDING>\nS 5\n<NUMERIC>\n");
    scene.write(
        "m.arb",
        b"<OPENMICRODATA> \"m.csv\"\n<OPENMETADATA> \"m.rda\"\n<SPECIFYTABLE> \"A\"\"K\"|\"S\"||\n<SAFETYRULE> NK(1,80)\n\
          <READMICRODATA>\n<SUPPRESS> OPT(1)\n<WRITETABLE> (1,1,,\"1.csv\")\n<WRITETABLE> (1,2,AS+,\"2.csv\")\n\
          <WRITETABLE> (1,3,AS+,\"3.csv\")\n",
    );
    let written = search(&scene, "tabsafe argus run m.arb --report r.json", "r.json", "27001");
    assert_eq!(
        written.iter().map(String::as_str).filter(|f| f.ends_with("csv")).collect::<Vec<_>>(),
        ["1.csv", "2.csv", "3.csv"]
    );
}

/// A search that finds nothing must be able to find something.
#[test]
fn the_search_finds_planted_values() {
    let found = |bytes: &[u8]| std::panic::catch_unwind(|| none_of(&[48_271], "x", bytes)).is_err();
    assert!(found(b"a 48271 b") && found(b"48,271") && found("48\u{a0}271".as_bytes()));
    assert!(found(&48_271_i64.to_le_bytes()) && found(&48_271_f64.to_le_bytes()));
    assert!(!found(b"48272 4827 1"));
}
