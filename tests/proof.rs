//! Public proofs: `tools/verify.py`, which shares no code with the library, accepts them, and whatever is changed in one, it
//! says so.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::cli::scene::Scene;

/// The exit code of `verify.py` and what it says. The test fails where there is no Python.
fn verified(arguments: &[PathBuf]) -> (i32, String) {
    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("tools/verify.py");
    let ran = Command::new("python3").arg(tool).args(arguments).output().expect("python3 is installed");
    let said = String::from_utf8_lossy(&ran.stdout).into_owned() + &String::from_utf8_lossy(&ran.stderr);
    (ran.status.code().unwrap_or(-1), said)
}

/// The release of the worked example with its proof, in a folder.
fn worked_example(folder: &Path) -> Value {
    let status = Command::new(env!("CARGO_BIN_EXE_tabsafe"))
        .args(["release", "examples/police-foi/release.toml", "--format", "csv", "--quiet", "--out"])
        .arg(folder)
        .arg("--proof")
        .arg(folder.join("proof.json"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status();
    assert!(status.expect("the program runs").success());
    let text = std::fs::read_to_string(folder.join("proof.json")).expect("the proof");
    assert!(text.len() < 20_000, "{} bytes", text.len());
    serde_json::from_str(&text).expect("JSON")
}

/// The proof of the worked example holds, and its figures are those of the release; changed in any of these ways it does not.
#[test]
fn what_is_changed_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let proof = worked_example(folder.path());
    let csv = folder.path().join("release.csv");
    let (code, said) = verified(&[folder.path().join("proof.json"), csv.clone()]);
    assert_eq!((code, said.contains("The proof holds")), (0, true), "{said}");

    type Change = fn(&mut Value);
    let all: &[(&str, Change, &str)] = &[
        ("a figure", |p| p["tables"][1]["figures"][19] = json!(26), "stands elsewhere as another"),
        ("a figure that stands once", |p| p["tables"][1]["figures"][4] = json!(8), "does not add up"),
        ("a withheld figure printed", |p| p["tables"][1]["figures"][1] = json!(3), "too many cells"),
        ("a printed figure withheld", |p| p["tables"][1]["figures"][4] = json!("w"), "lacks cells"),
        (
            "a figure left out",
            |p| drop(p["tables"][1]["figures"].as_array_mut().map(Vec::pop)),
            "19 figures for 20 cells",
        ),
        (
            "a total of a grid",
            |p| drop(p["grids"][0]["dimensions"][0]["nodes"].as_array_mut().map(Vec::pop)),
            "lacks a total",
        ),
        (
            "a part of a grid",
            |p| drop(p["grids"][3]["dimensions"][1]["nodes"].as_array_mut().map(|n| n.remove(1))),
            "not made up of its parts",
        ),
        ("a grid", |p| drop(p["grids"].as_array_mut().map(|g| g.remove(2))), "is in no grid"),
        ("a category moved", |p| p["tables"][1]["axes"][0]["entries"][0][1] = json!([[1, 1]]), "stands elsewhere"),
        ("the common table", |p| p["common"][2] = json!(12), "does not add up"),
        ("the common table below a bound", |p| p["common"][0] = json!(0), "breaks a bound"),
        ("another table", |p| p["moves"][0][1] = json!(2), "does not add up"),
        ("a fraction", |p| p["moves"][0][1] = json!(1.0), "no whole number"),
        ("a table left out", |p| drop(p["moves"].as_array_mut().map(Vec::pop)), "is missing"),
        ("a promise", |p| drop(p["promises"].as_array_mut().map(|a| a.remove(3))), "nothing is promised"),
        ("all of a promise", |p| p["promises"][3][1] = json!([]), "too little is shown"),
        (
            "part of a promise",
            |p| drop(p["promises"][13][1].as_array_mut().map(|t| t.remove(1))),
            "neither shown nor listed",
        ),
        ("what is hidden", |p| p["reader"]["hidden"] = json!([1, 9]), "is shown"),
        ("the version", |p| p["version"] = json!(2), "no proof of this version"),
        ("a key", |p| drop(p.as_object_mut().map(|p| p.remove("grids"))), "not built as it should be"),
    ];
    let changed = folder.path().join("changed.json");
    for (what, change, reason) in all {
        let mut other = proof.clone();
        change(&mut other);
        assert_ne!(other, proof, "{what}");
        std::fs::write(&changed, other.to_string()).expect("written");
        let (code, said) = verified(std::slice::from_ref(&changed));
        assert_eq!(code, 1, "{what}: {said}");
        assert!(said.contains("the proof does not hold") && said.contains(reason), "{what}: {said}");
    }

    // figures changed in step with each other are those of another release
    let mut other = proof.clone();
    for (table, at) in [(1, 4), (1, 7)] {
        let figure = &mut other["tables"][table]["figures"][at];
        *figure = json!(figure.as_i64().expect("a figure") + 1);
    }
    std::fs::write(&changed, other.to_string()).expect("written");
    let (code, said) = verified(&[changed, csv]);
    assert_eq!(code, 1, "{said}");
    assert_eq!(verified(&[folder.path().join("none.json")]).0, 2);
}

/// Nothing in a proof depends on which withheld cells are unsafe: records that give the same release give the same proof.
#[test]
fn the_same_release_has_the_same_proof() {
    // the square of withheld cells, turned over: 2 and 9 change places along both diagonals
    let records = |counts: [usize; 4]| {
        let cells = [("a", "f"), ("a", "m"), ("b", "f"), ("b", "m"), ("c", "f"), ("c", "m")];
        let counts = counts.into_iter().chain([20, 20]);
        let lines = cells.iter().zip(counts).flat_map(|(c, n)| (0..n).map(move |_| format!("{},{}\n", c.0, c.1)));
        format!("r,s\n{}", lines.collect::<String>())
    };
    let spec = "title = \"T\"\npolicy = \"./own.toml\"\n[input]\nfile = \"r.csv\"\n[variables.r]\ncolumn = \"r\"\norder = [\"a\", \"b\", \"c\"]\n\
                missing = \"error\"\n[variables.s]\ncolumn = \"s\"\norder = [\"f\", \"m\"]\nmissing = \"error\"\n\
                [[tables]]\nid = \"1\"\ntitle = \"T\"\nrows = [\"r\"]\ncolumns = [\"s\"]\n";
    let policy = "id = \"own\"\ntitle = \"Ours\"\nversion = \"1\"\nevidence = \"generic\"\n[threshold]\nminimum = 5\n[suppress]\n";
    let made = |counts: [usize; 4]| {
        let scene = Scene::empty();
        scene.write("r.csv", records(counts).as_bytes());
        scene.write("release.toml", spec.as_bytes());
        scene.write("own.toml", policy.as_bytes());
        let ran = scene.run("tabsafe release release.toml --out out --format csv --proof proof.json");
        assert_eq!(ran.exit, 0, "{}", ran.text());
        (scene.read("out/release.csv"), scene.read("proof.json"))
    };
    let (one, other) = (made([2, 9, 9, 2]), made([9, 2, 2, 9]));
    assert_eq!(one.0, other.0, "the release");
    assert_eq!(one.1, other.1, "the proof");
}

/// Tables in a circle, groupings that cross and filters on two variables have proofs, which name nothing that is not in the
/// definitions: not the groups that the rules were asked about because of what the records say of them.
#[test]
fn of_tables_that_bind_each_other() {
    let scene = Scene::empty();
    let pick = |i: usize, n: usize| (i * i * 13 + i * 7 + 3) % 1009 % n;
    let line = |i: usize| {
        format!(
            "{},{},{}\n",
            5 + 7 * pick(i, 11),
            ["f", "m", "m"][pick(i + 31, 3)],
            ["n", "n", "s", "w"][pick(i + 77, 4)]
        )
    };
    scene.write("r.csv", ("age,sex,area\n".to_owned() + &(0..48).map(line).collect::<String>()).as_bytes());
    let bands = |name: &str, at: i64| {
        format!(
            "[variables.{name}]\ncolumn = \"age\"\nbands = [{{ label = \"low\", to = {at} }}, {{ label = \"mid\", from = {}, to = 60 }}, \
             {{ label = \"high\", from = 61 }}]\nmissing = \"error\"\n",
            at + 1
        )
    };
    let order = |name: &str, codes: &str| {
        format!("[variables.{name}]\ncolumn = \"{name}\"\norder = [{codes}]\nmissing = \"error\"\n")
    };
    let head = format!(
        "title = \"T\"\npolicy = \"./own.toml\"\n[input]\nfile = \"r.csv\"\ntypes = {{ age = \"integer\" }}\n{}{}{}{}",
        bands("age", 17),
        bands("ages", 30),
        order("sex", "\"f\", \"m\""),
        order("area", "\"n\", \"s\", \"w\"")
    );
    let policy = "id = \"own\"\ntitle = \"Ours\"\nversion = \"1\"\nevidence = \"generic\"\n[threshold]\nminimum = 5\n[suppress]\n";
    scene.write("own.toml", policy.as_bytes());
    let table = |id: usize, rows: &str, columns: &str, only: &str| {
        format!("[[tables]]\nid = \"{id}\"\ntitle = \"T\"\nrows = [\"{rows}\"]\ncolumns = [\"{columns}\"]\n{only}\n")
    };
    let circle = [("age", "sex", ""), ("sex", "area", ""), ("area", "age", "")];
    let cross = [("age", "area", ""), ("ages", "area", ""), ("ages", "sex", "")];
    let filters = [
        ("age", "area", ""),
        ("age", "sex", "only = { area = [\"n\", \"s\"] }"),
        ("sex", "area", "only = { age = [\"high\"] }"),
    ];
    for (what, tables) in [("circle", circle), ("cross", cross), ("filters", filters)] {
        let tables = tables.iter().enumerate().map(|(i, t)| table(i, t.0, t.1, t.2)).collect::<String>();
        scene.write("release.toml", (head.clone() + &tables).as_bytes());
        let ran = scene.run("tabsafe release release.toml --out out --format csv --proof proof.json");
        assert_eq!(ran.exit, 0, "{what}: {}", ran.text());
        let (code, said) = verified(&[scene.path().join("proof.json"), scene.path().join("out/release.csv")]);
        assert_eq!(code, 0, "{what}: {said}");
        let proof: Value = serde_json::from_str(&scene.read("proof.json")).expect("JSON");
        assert_eq!(proof["more"], json!({"cells": 0, "relations": []}), "{what}");
        assert!(proof["promises"].as_array().is_some_and(|p| !p.is_empty()), "{what}");
    }
}

/// Rounded figures have proofs, too: what each stands for is a bound. Figures with noise have none, and nothing is released.
#[test]
fn of_rounded_figures_and_of_others() {
    let scene = Scene::with_data();
    let head = "id = \"own\"\ntitle = \"Ours\"\nversion = \"1\"\nevidence = \"generic\"\n[threshold]\nminimum = 5\n";
    let run = |method: &str| {
        scene.write("own.toml", format!("{head}{method}").as_bytes());
        scene.run("tabsafe release release.toml --policy own.toml --out out --format csv --proof proof.json")
    };
    let ran = run("[round]\nmethod = \"controlled\"\nbase = 5\n");
    assert_eq!(ran.exit, 0, "{}", ran.text());
    let (code, said) = verified(&[scene.path().join("proof.json"), scene.path().join("out/release.csv")]);
    assert_eq!(code, 0, "{said}");

    let ran = run("[suppress]\n[attacker]\nprior = 20\n");
    assert_eq!(ran.exit, 2, "{}", ran.text());
    assert!(ran.text().contains("no public proof of a release whose readers know every amount"), "{}", ran.text());
}
