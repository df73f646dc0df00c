//! The formats for programs, read back.

use std::error::Error;
use std::io::Cursor;

use polars::prelude::{CsvWriter, ParquetReader, SerReader, SerWriter};
use serde_json::Value;

use super::{Outcome, bytes, fixture, release, written};
use crate::model::{Interval, Treatment};
use crate::package;
use crate::release::Release;

/// The columns of a Parquet file as CSV.
pub fn parquet(bytes: Vec<u8>) -> Result<String, Box<dyn Error>> {
    let mut frame = ParquetReader::new(Cursor::new(bytes)).finish()?;
    let mut text = Vec::new();
    CsvWriter::new(&mut text).finish(&mut frame)?;
    Ok(String::from_utf8(text)?)
}

/// Parquet holds the rows of tidy CSV, with numbers as numbers and null where nothing is published.
#[test]
fn parquet_is_tidy_csv_with_types() -> Outcome {
    let release = release()?;
    let frame = ParquetReader::new(Cursor::new(bytes("parquet", &release)?)).finish()?;
    assert_eq!(parquet(bytes("parquet", &release)?)?, written("csv", &release)?);
    assert_eq!(frame.column("count")?.dtype().to_string(), "i64");
    assert_eq!(frame.column("count")?.null_count(), 4 + 3, "withheld, and not applicable");
    Ok(())
}

/// The description names the columns of the file in order, and what stands for no value.
#[test]
fn csvw_describes_the_csv() -> Outcome {
    let release = release()?;
    let description: Value = serde_json::from_str(&written("csvw", &release)?)?;
    assert_eq!(description["@context"][0], "http://www.w3.org/ns/csvw");
    assert_eq!(description["url"], "release.csv");
    let columns = description["tableSchema"]["columns"].as_array().ok_or("no columns")?;
    let csv = written("csv", &release)?;
    let mut csv = ::csv::Reader::from_reader(csv.as_bytes());
    let titles: Vec<&str> = columns.iter().filter_map(|c| c["titles"].as_str()).collect();
    assert_eq!(titles, csv.headers()?.iter().collect::<Vec<_>>());
    assert_eq!((&columns[3]["datatype"], &columns[3]["null"]), (&Value::from("integer"), &Value::from("")));
    // every status that stands in the file is one that the description allows, and every code is labelled
    let allowed = columns[4]["datatype"]["format"].as_str().ok_or("no format")?;
    let categories = |variable: &str| {
        let all = description["notes"].as_array().into_iter().flatten();
        let own = all.filter(|n| n["type"] == "categories" && n["variable"] == variable);
        own.flat_map(|n| n["categories"].as_array().into_iter().flatten()).filter_map(|c| c["code"].as_str()).collect()
    };
    let (years, ages): (Vec<&str>, Vec<&str>) = (categories("year"), categories("age"));
    for row in csv.into_records() {
        let row = row?;
        assert!(allowed.split('|').any(|word| word == &row[4]), "{row:?}");
        assert!(years.contains(&&row[1]) && ages.contains(&&row[2]), "{row:?}");
    }
    let key = description["tableSchema"]["primaryKey"].as_array().ok_or("no key")?;
    assert_eq!(key, &["table", "year", "age"].map(Value::from));
    Ok(())
}

/// Each file of the zip is one table, described under its name.
#[test]
fn zip_holds_a_file_per_table() -> Outcome {
    let release = release()?;
    let entries = package::entries(&bytes("zip", &release)?)?;
    let names: Vec<&str> = entries.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["table-1.csv", "table-2.csv", "csv-metadata.json"]);
    let text = String::from_utf8(entries[0].1.clone())?;
    assert_eq!(
        text,
        "year,count,status\r\n2014,17180014,published\r\n2015,6,published\r\nTotal,17180020,published\r\n"
    );
    let description: Value = serde_json::from_slice(&entries[2].1)?;
    let tables = description["tables"].as_array().ok_or("no tables")?;
    assert_eq!(tables.iter().filter_map(|t| t["url"].as_str()).collect::<Vec<_>>(), names[..2]);
    for (table, (_, content)) in tables.iter().zip(&entries) {
        let columns = table["tableSchema"]["columns"].as_array().ok_or("no columns")?;
        let titles: Vec<&str> = columns.iter().filter_map(|c| c["titles"].as_str()).collect();
        assert_eq!(titles.join(","), std::str::from_utf8(content)?.lines().next().unwrap_or_default());
    }
    Ok(())
}

/// Observations say what they are, and never which sort of confidentiality they have.
#[test]
fn sdmx_tells_status_and_confidentiality() -> Outcome {
    let text = written("sdmx-csv", &release()?)?;
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(lines[0], "STRUCTURE,STRUCTURE_ID,ACTION,YEAR,AGE,OBS_VALUE,OBS_STATUS,CONF_STATUS");
    assert_eq!(lines[1], "dataflow,TABSAFE:TABLE_1(1.0.0),R,2014,,17180014,A,F");
    assert_eq!(lines[4], "dataflow,TABSAFE:TABLE_2(1.0.0),R,2014,u10,NaN,Q,N");
    assert_eq!(lines[5], "dataflow,TABSAFE:TABLE_2(1.0.0),R,2015,u10,0,A,F");
    assert_eq!(lines[7], "dataflow,TABSAFE:TABLE_2(1.0.0),R,2014,10_,NaN,Q,N");
    assert_eq!(lines[10], "dataflow,TABSAFE:TABLE_2(1.0.0),R,2014,none,NaN,M,F");
    let mut system = fixture::system();
    system.cells[3].value = 1;
    let mut protection = fixture::protection();
    protection.treatments[3] = Treatment::Replace { by: 0, preimage: Interval::new(1, 2) };
    let mut header = fixture::header();
    header.rounding_base = Some(5);
    let release = Release::new(&system, &protection, &fixture::audit(), header)?;
    assert!(written("sdmx-csv", &release)?.contains(",R,2014,10_,0,N,F\r\n"));
    Ok(())
}
