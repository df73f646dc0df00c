//! The worked example by enumeration: what an intruder can know of the released six tables, counted out by hand.
//!
//! Shares nothing with the library: it reads the released file, goes through all year totals that fit it, and for each
//! through the rows of every table.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// Counts of three years.
type Years = [i64; 3];
/// Of each cell (table, row, year or 3 for the total), the values that are possible.
type Possible = BTreeMap<(String, String, usize), BTreeSet<i64>>;

/// A row as released: per year and in total the count, or none where it is withheld.
type Row = [Option<i64>; 4];

/// The released tables: per table its rows by category; the category `Total` holds the column totals.
fn released() -> BTreeMap<String, BTreeMap<String, Row>> {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let status = Command::new(env!("CARGO_BIN_EXE_tabsafe"))
        .args(["release", "examples/police-foi/release.toml", "--format", "csv", "--quiet", "--out"])
        .arg(folder.path())
        .current_dir(root)
        .status()
        .expect("the program runs");
    assert!(status.success());
    let mut reader = csv::Reader::from_path(folder.path().join("release.csv")).expect("the release");
    let mut tables: BTreeMap<String, BTreeMap<String, Row>> = BTreeMap::new();
    for record in reader.records() {
        let record = record.expect("a line");
        let year = ["2013", "2014", "2015", "Total"].iter().position(|y| *y == &record[1]).expect("a year");
        let category = record.iter().skip(2).take(4).find(|c| *c != "Total").unwrap_or("Total");
        let rows = tables.entry(record[0].to_owned()).or_default();
        rows.entry(category.to_owned()).or_insert([None; 4])[year] = record[6].parse().ok();
    }
    tables
}

/// Whether a count may stand where the release shows this: zeros are shown, so a withheld count is at least 1.
fn fits(shown: Option<i64>, count: i64) -> bool {
    shown.map_or(count >= 1, |s| s == count)
}

/// The counts of a row that fit it, none above `most`.
fn options(row: &Row, most: Years) -> Vec<Years> {
    let range = |y: usize| (0..=most[y]).filter(move |&c| fits(row[y], c));
    let all = range(0).flat_map(|a| range(1).flat_map(move |b| range(2).map(move |c| [a, b, c])));
    all.filter(|o| fits(row[3], o.iter().sum())).collect()
}

fn add(a: Years, b: Years) -> Years {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

/// Sums of the rows up to each one, in this order, that stay within the year totals.
fn sums<'a>(rows: impl Iterator<Item = &'a Vec<Years>>, years: Years) -> Vec<BTreeSet<Years>> {
    let mut all = vec![BTreeSet::from([[0; 3]])];
    for options in rows {
        let before = &all[all.len() - 1];
        let after = before.iter().flat_map(|&s| options.iter().map(move |&o| add(s, o)));
        let within = after.filter(|s| (0..3).all(|y| s[y] <= years[y])).collect();
        all.push(within);
    }
    all
}

/// What the cells of one table can be if these are the year totals.
fn possible(table: &str, rows: &BTreeMap<String, Row>, years: Years) -> Possible {
    let mut found = Possible::new();
    let names: Vec<&String> = rows.keys().filter(|name| *name != "Total").collect();
    let choices: Vec<Vec<Years>> = names.iter().map(|name| options(&rows[*name], years)).collect();
    let above = sums(choices.iter(), years);
    let below = sums(choices.iter().rev(), years);
    for (r, name) in names.iter().enumerate() {
        let rest = &below[names.len() - 1 - r];
        let ends = |o: Years| {
            above[r].iter().any(|&s| {
                let upto = add(s, o);
                rest.contains(&[years[0] - upto[0], years[1] - upto[1], years[2] - upto[2]])
            })
        };
        for o in choices[r].iter().copied().filter(|&o| ends(o)) {
            for (y, count) in [o[0], o[1], o[2], o.iter().sum()].into_iter().enumerate() {
                found.entry((table.to_owned(), (*name).clone(), y)).or_default().insert(count);
            }
        }
    }
    found
}

/// No withheld figure of the released example is pinned down: whoever knows all six tables and that withheld counts are at
/// least 1 finds several values for each, and for a small one every value from 1 to 4 unless it is a total of parts.
#[test]
fn nobody_is_pinned_down() {
    let tables = released();
    assert_eq!(tables.len(), 6);
    let years_shown = tables["1"]["Total"];
    let mut all = Possible::new();
    for a in 1..=25i64 {
        for b in 1..=25 - a {
            let years = [a, b, 25 - a - b];
            if !(0..4).all(|y| fits(years_shown[y], if y < 3 { years[y] } else { 25 })) {
                continue;
            }
            let mut found = Possible::new();
            for table in ["2", "3", "4", "6"] {
                found.extend(possible(table, &tables[table], years));
            }
            // charges are a part of each year's offences; the others are not printed
            for o in options(&tables["5"]["Total"], years) {
                for (y, count) in [o[0], o[1], o[2], o.iter().sum()].into_iter().enumerate() {
                    found.entry(("5".to_owned(), "Total".to_owned(), y)).or_default().insert(count);
                }
            }
            let rows = |t: &str| if t == "5" { 1 } else { tables[t].len() - 1 };
            if ["2", "3", "4", "5", "6"].iter().any(|t| found.keys().filter(|k| k.0 == *t).count() < rows(t) * 4) {
                continue; // a table that nothing fits: these are not the year totals
            }
            for (y, &count) in years.iter().enumerate() {
                found.entry(("1".to_owned(), "Total".to_owned(), y)).or_default().insert(count);
            }
            found.into_iter().for_each(|(cell, values)| all.entry(cell).or_default().extend(values));
        }
    }
    let mut withheld = 0;
    for ((table, row, year), values) in &all {
        if tables[table][row][*year].is_some() {
            continue;
        }
        withheld += 1;
        assert!(values.len() > 1, "table {table}, {row}, year {year}: {values:?}");
        let inner = *year < 3 && table != "1";
        let large = values.iter().any(|&v| v >= 5);
        assert!(
            !inner || large || (1..=4).all(|v| values.contains(&v)),
            "table {table}, {row}, year {year}: {values:?}"
        );
    }
    assert!(withheld >= 64, "{withheld} withheld figures were looked at");
}
