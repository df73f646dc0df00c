//! What stands in the folder of a case: small files, made up, with their faults put in by [`edited`].

use std::io::Cursor;

use polars::prelude::{CsvReader, DataFrame, IpcWriter, ParquetWriter, SerReader, SerWriter};

/// Marks what belongs to a person; it must never be shown.
pub const SECRET: &str = "secret";

/// The files that every case finds.
pub fn files() -> Vec<(&'static str, String)> {
    vec![
        ("release.toml", SPEC.to_owned()),
        ("cases.csv", cases()),
        ("area.hrc", "North\n@N1\n@N2\nSouth\n@S1\n@S2\n".to_owned()),
        ("counts.csv", COUNTS.to_owned()),
        ("firms.csv", FIRMS.to_owned()),
        ("safe.csv", SAFE.to_owned()),
        ("leak.csv", LEAK.to_owned()),
    ]
}

/// A small specification over [`cases`].
pub const SPEC: &str = r#"title = "Cases by age and year"
policy = "police-foi"
key-file = "examples/police-foi/example.key"

[input]
file = "cases.csv"
unit = "case"
person = "victim"

[variables.age]
label = "Age"
column = "age"
bands = [
    { label = "Under 10", to = 9 },
    { label = "10 to 15", from = 10, to = 15 },
    { label = "16 and over", from = 16 },
]
missing = { category = "Not Recorded" }

[variables.year]
label = "Year"
column = "year"
categories = [{ code = "2023" }, { code = "2024" }]
missing = "error"

[variables.area]
label = "Area"
column = "area"
missing = "error"

[[tables]]
title = "TABLE 1"
rows = ["age"]
columns = ["year"]

[[tables]]
title = "TABLE 2"
rows = ["area"]
columns = ["year"]
"#;

/// Cases that are alike, and how many: area, sex, age, year, number.
const ALIKE: &[(&str, &str, &str, u16, usize)] = &[
    ("N1", "f", "8", 2023, 3),
    ("N1", "f", "12", 2023, 9),
    ("N1", "m", "12", 2023, 7),
    ("N1", "m", "17", 2024, 6),
    ("N2", "f", "8", 2024, 2),
    ("N2", "f", "12", 2024, 8),
    ("N2", "m", "12", 2023, 11),
    ("N2", "m", "", 2024, 5),
    ("S1", "f", "12", 2023, 12),
    ("S1", "f", "17", 2024, 7),
    ("S1", "m", "8", 2023, 1),
    ("S1", "m", "12", 2024, 1),
    ("S2", "f", "17", 2023, 9),
    ("S2", "f", "8", 2024, 6),
    ("S2", "m", "17", 2024, 14),
    ("S2", "m", "", 2023, 8),
];

/// Case records: the notes are nobody's business.
pub fn cases() -> String {
    let all = ALIKE.iter().flat_map(|alike| std::iter::repeat_n(alike, alike.4)).enumerate();
    let line = |(i, (area, sex, age, year, _)): (usize, &(&str, &str, &str, u16, usize))| {
        format!("V{:03},{area},{sex},{age},{year},{SECRET} note {i}\n", i + 1)
    };
    format!("victim,area,sex,age,year,notes\n{}", all.map(line).collect::<String>())
}

/// A row is a cell with its count.
pub const COUNTS: &str = "area,sex,count\nN1,f,12\nN1,m,3\nN2,f,8\nN2,m,9\nS1,f,7\nS1,m,15\nS2,f,2\nS2,m,11\n";

/// A row is a contribution. In food/North one firm has nearly all.
pub const FIRMS: &str = "firm,industry,region,turnover
F1,food,North,950.50
F2,food,North,20
F3,food,North,15.25
F4,food,South,120
F5,food,South,110
F6,food,South,130.75
F7,steel,North,300
F8,steel,North,280
F9,steel,North,310
G1,steel,South,90
G2,steel,South,95
G3,steel,South,85.5
G4,wood,North,45
G5,wood,North,44
G6,wood,North,50
G7,wood,South,70
G8,wood,South,66
G9,wood,South,61
";

/// A published table whose withheld cells protect one another.
pub const SAFE: &str = "area,sex,count,status
N,f,,withheld
N,m,,withheld
N,Total,15,published
S,f,,withheld
S,m,,withheld
S,Total,18,published
Total,f,16,published
Total,m,17,published
Total,Total,33,published
";

/// A published table whose only withheld cell is the total minus its neighbour.
pub const LEAK: &str = "area,sex,count
N,f,x
N,m,12
N,Total,15
S,f,9
S,m,9
S,Total,18
Total,f,12
Total,m,21
Total,Total,33
";

/// `text` with one thing changed, which must be there.
pub fn edited(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from} is not in\n{text}");
    text.replacen(from, to, 1)
}

/// The records with something else in line `line`.
pub fn cases_with_line(line: usize, text: &str) -> String {
    let lines: Vec<String> =
        cases().lines().enumerate().map(|(i, l)| if i + 1 == line { text } else { l }.to_owned()).collect();
    assert!(line <= lines.len());
    lines.join("\n") + "\n"
}

fn frame(csv: &str) -> DataFrame {
    CsvReader::new(Cursor::new(csv.as_bytes().to_vec())).finish().expect("CSV")
}

/// The same records as Parquet.
pub fn parquet(csv: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame(csv)).expect("Parquet");
    bytes
}

/// The same records as Arrow IPC.
pub fn ipc(csv: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    IpcWriter::new(&mut bytes).finish(&mut frame(csv)).expect("IPC");
    bytes
}

/// The same records as NDJSON: numbers as numbers, and nothing for an empty value. No value needs quotes.
pub fn ndjson(csv: &str) -> String {
    let mut lines = csv.lines();
    let names: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let member = |(name, value): (&&str, &str)| match value.parse::<i64>() {
        Ok(number) => format!("\"{name}\": {number}"),
        Err(_) => format!("\"{name}\": \"{value}\""),
    };
    let object = |line: &str| {
        let filled = names.iter().zip(line.split(',')).filter(|(_, value)| !value.is_empty());
        format!("{{{}}}\n", filled.map(member).collect::<Vec<_>>().join(", "))
    };
    lines.map(object).collect()
}
