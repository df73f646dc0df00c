//! CSV files with every quirk, through the real files and the real scan.

use std::fs;

use super::*;
use crate::read::{Records, open as open_all};

fn want(names: &[&str]) -> Vec<Wanted> {
    names.iter().map(|n| Wanted { name: n.to_string(), code: true, ..Wanted::default() }).collect()
}

/// Reads the bytes as a file `cases.csv`; errors come without the folder.
fn read(bytes: &[u8], wanted: &[Wanted]) -> Result<Records, String> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cases.csv");
    fs::write(&path, bytes).unwrap();
    let folder = format!("{}/", dir.path().display());
    let mut records = open_all(&[path], wanted).map_err(|e| e.message.replace(&folder, ""))?;
    // The folder goes away with this function: read now.
    records.frame = records.frame.collect().unwrap().lazy();
    records.notes = records.notes.iter().map(|n| n.replace(&folder, "")).collect();
    Ok(records)
}

/// The rows as text, missing values as `·`.
fn rows(records: &Records) -> Vec<String> {
    let frame = records.frame.clone().select([all().as_expr().cast(DataType::String)]).collect().unwrap();
    (0..frame.height())
        .map(|i| {
            let cells = frame.columns().iter().map(|c| c.str().unwrap().get(i).unwrap_or("·").to_owned());
            cells.collect::<Vec<_>>().join("|")
        })
        .collect()
}

/// The same content in every dress gives the same rows.
#[test]
fn one_content_in_every_dress() {
    let plain = "id,name,age\n1,Größe,12\n2,,7\n3,\"a,b\",\n";
    let utf16: Vec<u8> =
        "\u{feff}".chars().chain(plain.chars()).collect::<String>().encode_utf16().flat_map(u16::to_le_bytes).collect();
    let latin: Vec<u8> = plain.chars().map(|c| c as u32 as u8).collect();
    let dresses: Vec<(&str, Vec<u8>)> = vec![
        ("plain", plain.into()),
        ("mark", format!("\u{feff}{plain}").into()),
        ("CRLF", plain.replace('\n', "\r\n").into()),
        ("no last line end", plain.trim_end().into()),
        ("blank lines", plain.replace("\n", "\n\n").into()),
        ("blank CRLF lines", plain.replace("\n", "\r\n\r\n").into()),
        ("semicolons", "id;name;age\n1;Größe;12\n2;;7\n3;a,b;\n".into()),
        ("tabs", "id\tname\tage\n1\tGröße\t12\n2\t\t7\n3\ta,b\t\n".into()),
        (
            "all quoted",
            "\"id\",\"name\",\"age\"\n\"1\",\"Größe\",\"12\"\n\"2\",\"\",\"7\"\n\"3\",\"a,b\",\"\"\n".into(),
        ),
        ("marked and quoted", "\u{feff}\"id\",\"name\",\"age\"\n\"1\",\"Größe\",\"12\"\n2,,7\n3,\"a,b\",\n".into()),
        ("UTF-16", utf16),
        ("Windows-1252", latin),
    ];
    for (dress, bytes) in dresses {
        let records = read(&bytes, &want(&["name", "age"])).unwrap_or_else(|e| panic!("{dress}: {e}"));
        assert_eq!(rows(&records), ["Größe|12", "·|7", "a,b|·"], "{dress}");
        assert_eq!(records.rows, 3, "{dress}");
        assert_eq!(records.columns[1].kind, ColumnType::Integer, "{dress}");
        assert_eq!(records.available, ["id", "name", "age"]);
    }
}

#[test]
fn quotes_and_line_breaks_within_values() {
    let text = "id,note,age\n1,\"two\nlines, \"\"quoted\"\"\",3\n2,5\" pipe,4\n3,\"x\r\ny\",5\n";
    let records = read(text.as_bytes(), &want(&["note", "age"])).unwrap();
    assert_eq!(rows(&records), ["two\nlines, \"quoted\"|3", "5\" pipe|4", "x\r\ny|5"]);
    assert_eq!(records.notes, ["cases.csv: quotes within unquoted values are taken as they are"]);
    let tame = text.replace("5\" pipe", "pipe");
    let records = read(tame.as_bytes(), &want(&["note", "age"])).unwrap();
    assert_eq!(rows(&records), ["two\nlines, \"quoted\"|3", "pipe|4", "x\r\ny|5"]);
    assert!(records.notes.is_empty());
}

/// Each fault is told with file and physical line, whatever came before it.
#[test]
fn faults_name_the_line() {
    for (text, message) in [
        ("", "cases.csv: is empty"),
        ("\n\n", "cases.csv: is empty"),
        ("age,b\n", "cases.csv: holds a header but no records"),
        ("age,b,age\n1,2,3\n", "cases.csv:1: columns 1 and 3 are both called \"age\""),
        ("age,,c\n1,2,3\n", "cases.csv:1: column 2 has no name"),
        ("age,b\n1,2\n1\n", "cases.csv:3: 1 field, expected 2 as in the first line"),
        ("age,b\r\n1,2\r\n1,2,3\r\n", "cases.csv:3: 3 fields, expected 2 as in the first line"),
        ("age,b\n1,\"x\n\ny\"\n\n\n1,2,3\n", "cases.csv:7: 3 fields, expected 2 as in the first line"),
        ("age,b\n1,2\n1,2,3", "cases.csv:3: 3 fields, expected 2 as in the first line"),
        ("age,b\n1,\"x\n2,3\n", "cases.csv:2: the quote that opens here is never closed"),
        (
            "age,b\n1,\"x\" y\n",
            "cases.csv:2: text after a closing quote; a quote within a quoted value must be doubled",
        ),
        ("age,b\n1,\0\n", "cases.csv:2: a NUL byte; this is no text, or UTF-16 without a byte order mark"),
        ("b,c\n1,2\n", "cases.csv: there is no column \"age\""),
    ] {
        assert_eq!(read(text.as_bytes(), &want(&["age"])).unwrap_err(), message, "{text:?}");
    }
}

#[test]
fn a_needed_number_fails_at_its_line() {
    let text = "note,victim_age\n\"a\nb\",1\n\nx,1\nx,n/k\n";
    let wanted = [Wanted { name: "victim_age".into(), number: true, ..Wanted::default() }];
    let message = "cases.csv:6: column \"victim_age\": this value is not a number (field 2)";
    assert_eq!(read(text.as_bytes(), &wanted).unwrap_err(), message);
    assert_eq!(read(text.replace('\n', "\r\n").as_bytes(), &wanted).unwrap_err(), message);
}

#[test]
fn dates_decimals_and_codes() {
    let text = "d,x,code,icd\n2015-07-16,1.5,007,1.10\n,\"\",12,1.1\n2016-02-29,-2,3,\n";
    let mut wanted = want(&["d", "x", "code", "icd"]);
    wanted[1].number = true;
    let records = read(text.as_bytes(), &wanted).unwrap();
    assert_eq!(rows(&records), ["2015-07-16|1.5|007|1.10", "·|·|12|1.1", "2016-02-29|-2.0|3|·"]);
    let kinds: Vec<ColumnType> = records.columns.iter().map(|c| c.kind).collect();
    assert_eq!(kinds, [ColumnType::Date, ColumnType::Decimal, ColumnType::Text, ColumnType::Text]);
}

#[test]
fn several_files_may_order_their_columns_differently() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.csv"), "x,y\n1,2\n").unwrap();
    fs::write(dir.path().join("b.csv"), "y;x\nq;3\n").unwrap();
    let records = open_all(&[dir.path().join("*.csv")], &want(&["x", "y"])).unwrap();
    assert_eq!(rows(&records), ["1|2", "3|q"]);
    assert_eq!(records.sources.len(), 2);
    fs::write(dir.path().join("c.csv"), "x,z\n1,2\n").unwrap();
    let e = open_all(&[dir.path().join("*.csv")], &want(&["x"])).unwrap_err();
    assert!(e.message.ends_with("a.csv: it lacks \"y\"; also has \"z\""), "{e}");
}

/// A file far larger than one chunk, with quoted line breaks throughout, has all its records.
#[test]
fn large_files_keep_every_record() {
    let mut text = String::from("id,note,age\n");
    for i in 0..200_000 {
        text.push_str(&format!("{i},\"a \"\"b\"\"\nc,d {i}\",{}\n", i % 90));
    }
    let records = read(text.as_bytes(), &want(&["note", "age"])).unwrap();
    assert_eq!(records.rows, 200_000);
    let sum = records.frame.clone().select([col("age").sum(), len().alias("n")]).collect().unwrap();
    assert_eq!(sum.column("age").unwrap().i64().unwrap().get(0), Some((0..200_000i64).map(|i| i % 90).sum()));
    assert_eq!(sum.column("n").unwrap().u32().unwrap().get(0), Some(200_000));
}
