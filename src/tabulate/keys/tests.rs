//! Keys name groups of records: checked against the records themselves, whatever their order, files and tables.

use std::collections::HashMap;
use std::path::Path;

use crate::link::{Details, link};
use crate::model::{Measure, Modulus, System};
use crate::read;
use crate::secret::Key;
use crate::spec::Spec;
use crate::tabulate::{Needs, RecordKey, Tabulation, tabulate, wanted};

const SECRET: &[u8] = b"a key for tests, of no use to anybody";
/// `r` and `big` are made from one column, `s` and `a` from others; every table is a margin of the records.
const SPEC: &str = r#"
title = "T"
[input]
file = "*.csv"
person = "who"
ID
[variables.r]
column = "region"
missing = "error"
[variables.big]
column = "region"
categories = [{ code = "AB", values = ["A", "B"] }, { code = "CD", values = ["C", "D"] }]
missing = "error"
[variables.s]
column = "sex"
missing = "error"
[variables.a]
column = "age"
bands = [{ label = "young", to = 29 }, { label = "old", from = 30, to = 89 }, { label = "oldest", from = 90 }]
missing = "error"
[[tables]]
id = "1"
title = "One"
rows = ["r"]
columns = ["s"]
[[tables]]
id = "2"
title = "Two"
rows = ["big"]
columns = ["a"]
[[tables]]
id = "3"
title = "Three"
rows = ["s"]
columns = ["a"]
where = "region <> 'D'"
scope = "without D"
[[tables]]
id = "4"
title = "Four"
rows = ["r"]
columns = ["a"]
measure = "persons"
"#;

/// A record: id, person, region, sex, age.
type Record = (usize, usize, &'static str, &'static str, usize);

/// Everybody in C is "f", so that C and those in C who are "f" are one group by different definitions.
fn records() -> Vec<Record> {
    let pick = |i: usize, n: usize| (i * i * 7 + i * 3 + 1) % 97 % n;
    let region = |i| ["A", "A", "B", "C", "D"][pick(i, 5)];
    let sex = |i| if region(i) == "C" { "f" } else { ["f", "m"][pick(i + 9, 2)] };
    (0..40).map(|i| (i, pick(i + 5, 13), region(i), sex(i), 10 + pick(i + 2, 50))).collect()
}

fn csv(records: &[Record]) -> String {
    let line =
        |r: &Record| format!("i{},p{},{},{},{},0.{:08}\n", r.0, r.1, r.2, r.3, r.4, (r.0 * 12_345_679) % 100_000_000);
    "id,who,region,sex,age,rkey\n".to_owned() + &records.iter().map(line).collect::<String>()
}

fn made(folder: &Path, spec: &str, from: Option<RecordKey>) -> Result<Tabulation, read::Error> {
    let spec = Spec::parse(spec, &folder.join("release.toml")).expect("a specification");
    let needs = Needs { keys: from, ..Needs::default() };
    tabulate(&spec, read::open(&spec.input.files, &wanted(&spec, &needs)?)?, needs)
}

fn system(files: &[String], spec: &str, from: Option<RecordKey>) -> System {
    let folder = tempfile::tempdir().expect("a folder");
    for (i, text) in files.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{i}.csv")), text).expect("written");
    }
    let made = made(folder.path(), spec, from).expect("tables");
    link(made.space, made.measures, made.tables, &made.groups, Details::default())
}

fn with_id() -> String {
    SPEC.replace("ID", "id = \"id\"")
}

/// What is in each place of each table, counted from the records by their codes: records, or persons.
fn groups(system: &System, records: &[Record]) -> Vec<(u128, Vec<usize>)> {
    let keys = system.keys.as_ref().expect("keys");
    let mut all = Vec::new();
    for (t, table) in system.tables.iter().enumerate() {
        for position in 0..table.len() {
            let Some(cell) = system.grids[t][position] else { continue };
            let within = |r: &&Record| {
                let fits = table.entries_at(position).into_iter().zip(&table.axes).all(|(e, axis)| {
                    let code = axis.entries[e].code.as_str();
                    let is = match axis.variable.as_str() {
                        "r" => code == r.2,
                        "s" => code == r.3,
                        "big" => code.contains(r.2),
                        _ => code == if r.4 < 30 { "young" } else { "old" },
                    };
                    is || code == "Total"
                });
                fits && (table.id != "3" || r.2 != "D")
            };
            let persons = system.measures[table.measure] == Measure::Persons;
            // persons have keys apart from those of records
            let mut names: Vec<usize> =
                records.iter().filter(within).map(|r| if persons { 1000 + r.1 } else { r.0 }).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(system.value(cell), names.len() as i64);
            all.push((keys.cells[cell], names));
        }
    }
    all
}

/// Two cells have the same key exactly if the same records, or persons, are in them, wherever and as whatever they stand;
/// so where the definitions say that two places are one cell, its key is one, and others are found as well.
#[test]
fn the_same_key_is_the_same_group() {
    let key = Key::from_bytes(SECRET).expect("a key");
    let records = records();
    let system = system(&[csv(&records)], &with_id(), Some(RecordKey::Hashed(&key)));
    let all = groups(&system, &records);
    let mut group_of: HashMap<u128, &Vec<usize>> = HashMap::new();
    let mut key_of: HashMap<&Vec<usize>, u128> = HashMap::new();
    for (key, group) in &all {
        assert_eq!(*group_of.entry(*key).or_insert(group), group, "one key, one group");
        assert_eq!(*key_of.entry(group).or_insert(*key), *key, "one group, one key");
    }
    let cells = system.cells.iter().filter(|c| c.value > 0 && !c.places.is_empty()).count();
    assert!(key_of.len() - 1 < cells, "some groups stand in cells of different definitions");
    assert_eq!(key_of.get(&Vec::new()), Some(&0), "an empty group has the key 0");
}

/// Each table by itself, in another release, has the same keys as in the release of all.
#[test]
fn keys_are_the_same_in_every_release() {
    let key = Key::from_bytes(SECRET).expect("a key");
    let records = records();
    let parts: Vec<&str> = SPEC.split("[[tables]]").collect();
    let together = groups(&system(&[csv(&records)], &with_id(), Some(RecordKey::Hashed(&key))), &records);
    let apart: Vec<(u128, Vec<usize>)> = (parts[1..].iter())
        .flat_map(|table| {
            let spec = format!("{}[[tables]]{table}", parts[0]).replace("ID", "id = \"id\"");
            groups(&system(&[csv(&records)], &spec, Some(RecordKey::Hashed(&key))), &records)
        })
        .collect();
    assert_eq!(apart, together);
}

/// The order of rows and columns, and how they are spread over files, change no key, with an id and without; another
/// secret changes every one.
#[test]
fn order_and_files_change_nothing() {
    let (key, other) = (Key::from_bytes(SECRET).expect("a key"), Key::from_bytes(&[7; 32]).expect("a key"));
    let records = records();
    let mut turned = records.clone();
    turned.reverse();
    turned.rotate_left(7);
    for spec in [with_id(), SPEC.replace("ID", "")] {
        let keys = |files: &[String], key| system(files, &spec, Some(RecordKey::Hashed(key))).keys.expect("keys").cells;
        let one = keys(&[csv(&records)], &key);
        assert_eq!(keys(&[csv(&turned)], &key), one);
        assert_eq!(keys(&[csv(&turned[..11]), csv(&turned[11..12]), csv(&turned[12..])], &key), one);
        let swapped = |line: &str| line.split(',').rev().collect::<Vec<_>>().join(",") + "\n";
        assert_eq!(keys(&[csv(&records).lines().map(swapped).collect()], &key), one);
        let others = keys(&[csv(&records)], &other);
        assert!(one.iter().zip(&others).all(|(a, b)| (a == b) == (*a == 0)));
    }
}

/// Nobody asks, nothing is hashed. Without an id that is told.
#[test]
fn only_where_asked_for() {
    assert_eq!(system(&[csv(&records())], &with_id(), None).keys, None);
    let key = Key::from_bytes(SECRET).expect("a key");
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("1.csv"), csv(&records())).expect("written");
    let notes = |spec: &str, from| made(folder.path(), spec, from).expect("tables").summary.of_writing;
    assert_eq!(notes(&with_id(), Some(RecordKey::Hashed(&key))), [""; 0]);
    let told = notes(&SPEC.replace("ID", ""), Some(RecordKey::Hashed(&key)));
    assert!(told.len() == 1 && told[0].contains("by all of its 6 columns"), "{told:?}");
}

/// Keys of a column are added up exactly: .9 + .3 + .6 is .8 (the handbook's example), and 200 + 100 is 44 of 256.
#[test]
fn keys_of_a_column() {
    let spec = |column: &str| {
        format!(
            "title = \"T\"\n[input]\nfile = \"1.csv\"\nrecord-key = \"{column}\"\n[variables.g]\ncolumn = \"g\"\n\
             missing = \"error\"\n[[tables]]\ntitle = \"T\"\nrows = [\"g\"]\n"
        )
    };
    let folder = tempfile::tempdir().expect("a folder");
    let text = "g,f,n,out,gap\na,.9,200,1,\na,.3,100,0.1,1\na,.6,0,0,0\nb,0.00000001,255,0,0\n";
    std::fs::write(folder.path().join("1.csv"), text).expect("written");
    let keys = |column: &str, from| {
        made(folder.path(), &spec(column), Some(from)).map(|m| {
            let keys = m.groups.keys.expect("keys");
            (keys.modulus, keys.groups)
        })
    };
    let (modulus, fractions) = keys("f", RecordKey::Fraction).expect("keys");
    assert_eq!(fractions.iter().map(|&k| modulus.fraction(k)).collect::<Vec<_>>(), [0.8, 0.00000001]);
    assert_eq!(keys("n", RecordKey::Below(256)), Ok((Modulus::of(256), vec![44, 255])));
    let told = |column: &str, from| keys(column, from).expect_err("refused").message;
    assert!(told("out", RecordKey::Fraction).contains("that are not numbers from 0 to less than 1"));
    assert!(told("n", RecordKey::Below(255)).contains("that are not whole numbers from 0 to 254"));
    assert_eq!(told("gap", RecordKey::Below(2)), "column \"gap\": 1 record has no record key");
    let secret = Key::from_bytes(SECRET).expect("a key");
    let no_id = spec("f").replace("record-key = \"f\"", "id = \"gap\"");
    let refused = made(folder.path(), &no_id, Some(RecordKey::Hashed(&secret))).expect_err("refused");
    assert_eq!(refused.message, "column \"gap\": 1 record has no id");
}
