//! The registry holds, and every format gives the same records.

use std::fs;
use std::path::PathBuf;

use polars::prelude::*;

use super::*;
use crate::spec::ColumnType;

#[test]
fn the_registry_holds() {
    let mut extensions: Vec<&str> = READERS.iter().flat_map(|r| r.extensions).copied().collect();
    let count = extensions.len();
    extensions.sort_unstable();
    extensions.dedup();
    assert_eq!(extensions.len(), count, "an extension stands for two formats");
    for reader in READERS {
        assert!(!reader.extensions.is_empty() && !reader.about.is_empty(), "{}", reader.name);
        assert!(reader.extensions.iter().all(|e| *e == e.to_lowercase() && !e.starts_with('.')), "{}", reader.name);
    }
}

const CSV: &str = "id,name,age,day,x\n1,b,12,2015-07-16,1.5\n2,,,2016-01-01,2\n3,a,7,,-0.25\n";

/// The same records in every format.
fn everywhere(dir: &std::path::Path) -> Vec<PathBuf> {
    let path = |name: &str| dir.join(name);
    fs::write(path("t.csv"), CSV).unwrap();
    let json = r#"{"id":1,"name":"b","age":12,"day":"2015-07-16","x":1.5,"more":{"deep":[1]}}

{"id":2,"day":"2016-01-01","x":2,"name":null}
{"x":-0.25,"age":7,"name":"a","id":3,"day":""}
"#;
    fs::write(path("t.ndjson"), json).unwrap();
    let wanted: Vec<Wanted> =
        ["id", "name", "age", "day", "x"].map(|n| Wanted { name: n.into(), ..Wanted::default() }).into();
    let mut frame = open(&[path("t.csv")], &wanted).unwrap().frame.collect().unwrap();
    ParquetWriter::new(fs::File::create(path("t.parquet")).unwrap()).finish(&mut frame).unwrap();
    IpcWriter::new(fs::File::create(path("t.arrow")).unwrap()).finish(&mut frame).unwrap();
    ["t.csv", "t.ndjson", "t.parquet", "t.arrow"].map(path).into()
}

#[test]
fn every_format_gives_the_same_records() {
    let dir = tempfile::tempdir().unwrap();
    let files = everywhere(dir.path());
    let wanted: Vec<Wanted> =
        ["age", "name", "day", "x"].map(|n| Wanted { name: n.into(), ..Wanted::default() }).into();
    let first = open(&files[..1], &wanted).unwrap();
    let want = first.frame.clone().collect().unwrap();
    for file in &files[1..] {
        let records = open(std::slice::from_ref(file), &wanted).unwrap();
        assert!(records.frame.clone().collect().unwrap().equals_missing(&want), "{}", file.display());
        let kinds = |r: &Records| r.columns.iter().map(|c| (c.name.clone(), c.kind)).collect::<Vec<_>>();
        assert_eq!(kinds(&records), kinds(&first), "{}", file.display());
        assert_eq!(records.rows, 3);
        let e = open(std::slice::from_ref(file), &[Wanted { name: "agee".into(), ..Wanted::default() }]).unwrap_err();
        assert!(e.message.ends_with("there is no column \"agee\""), "{e}");
        assert!(e.help.unwrap_or_default().starts_with("did you mean \"age\"? "));
    }
}

#[test]
fn a_format_is_known_by_its_first_bytes_too() {
    let dir = tempfile::tempdir().unwrap();
    let files = everywhere(dir.path());
    let renamed = dir.path().join("cases.data");
    fs::copy(&files[2], &renamed).unwrap();
    assert_eq!(describe(std::slice::from_ref(&renamed)).unwrap().sources[0].format, "Parquet");
    fs::write(&renamed, "a,b\n").unwrap();
    let e = describe(&[renamed]).unwrap_err();
    assert!(e.message.ends_with("the format can't be told from the name"), "{e}");
    assert!(e.help.unwrap_or_default().contains("NDJSON (.ndjson, .jsonl)"));
}

#[test]
fn faults_of_ndjson_name_the_line_and_no_value() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.ndjson");
    let number = Wanted { name: "age".into(), number: true, ..Wanted::default() };
    for (text, want) in [
        ("{\"age\":1}\n{\"age\":secret}\n", "t.ndjson:2: the line is not valid JSON (at character 8)"),
        ("{\"age\":1}\n\n[1]\n", "t.ndjson:3: the line is not a JSON object"),
        ("{\"age\":1}\n{\"age\":\"secret\"}\n", "t.ndjson:2: column \"age\": this value is not a number"),
        (
            "{\"age\":1}\n{\"age\":[1]}\n",
            "t.ndjson:2: column \"age\": this value is a list or an object; only plain values can be used",
        ),
        ("", "t.ndjson: is empty"),
    ] {
        fs::write(&path, text).unwrap();
        let e = open(std::slice::from_ref(&path), std::slice::from_ref(&number)).unwrap_err();
        assert_eq!(e.message.replace(&format!("{}/", dir.path().display()), ""), want);
    }
    fs::write(&path, "{\"age\":\"12\"}\n{\"age\":7}\n").unwrap();
    let records = open(std::slice::from_ref(&path), &[number]).unwrap();
    let ages = records.frame.collect().unwrap().column("age").unwrap().i64().unwrap().to_vec();
    assert_eq!(ages, [Some(12), Some(7)]);
}

#[test]
fn a_stated_type_that_stored_values_break_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let files = everywhere(dir.path());
    let state = |name: &str, kind| [Wanted { name: name.into(), stated: Some(kind), ..Wanted::default() }];
    let e = open(&files[2..3], &state("x", ColumnType::Integer)).unwrap_err();
    assert!(e.message.ends_with("column \"x\": 2 values are not a whole number"), "{e}");
    let e = open(&files[2..3], &state("name", ColumnType::Decimal)).unwrap_err();
    assert!(e.message.ends_with("column \"name\": 2 values are not a number"), "{e}");
    assert!(open(&files[2..3], &state("age", ColumnType::Text)).is_ok());
}

#[test]
fn a_damaged_file_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["t.parquet", "t.arrow"] {
        let path = dir.path().join(name);
        fs::write(&path, "PAR1 but not really").unwrap();
        let e = describe(&[path]).unwrap_err();
        assert!(e.message.contains("or is damaged"), "{e}");
    }
}
