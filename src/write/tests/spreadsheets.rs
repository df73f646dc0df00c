//! XLSX and ODS, read back by a library that did not write them, and as the zips of XML that they are.

use std::collections::BTreeSet;
use std::io::Cursor;

use calamine::{Data, DataType, Reader, open_workbook_auto_from_rs};
use quick_xml::events::Event;

use super::{Outcome, bytes, fixture, release};
use crate::model::{Interval, Treatment};
use crate::package;
use crate::release::{Published, Release};

/// Every sheet by its name: rows of fields.
type Sheets = Vec<(String, Vec<Vec<Data>>)>;

fn sheets(format: &str, release: &Release) -> Result<Sheets, Box<dyn std::error::Error>> {
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes(format, release)?))?;
    let names = book.sheet_names().clone();
    let sheet = |name: String| {
        let range = book.worksheet_range(&name)?;
        Ok((name, range.rows().map(<[Data]>::to_vec).collect()))
    };
    names.into_iter().map(sheet).collect()
}

fn show(row: &[Data]) -> String {
    row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ").trim_end_matches([' ', '|']).to_owned()
}

/// Whoever opens the file sees these sheets, whichever of the two formats it has.
#[test]
fn both_formats_hold_the_same_sheets() -> Outcome {
    let release = release()?;
    let xlsx = sheets("xlsx", &release)?;
    assert_eq!(xlsx, sheets("ods", &release)?);
    let text: Vec<String> = xlsx
        .iter()
        .map(|(name, rows)| format!("== {name}\n{}", rows.iter().map(|r| show(r)).collect::<Vec<_>>().join("\n")))
        .collect();
    insta::assert_snapshot!(text.join("\n"), @r#"
    == Cover
    Grooming offences
    Reference: 2572/15
    Source: Crime records
    Counted: offence
    Nothing else is confirmed or denied.
    Shorthand in square brackets stands where there is no figure; a key above each table explains it.
    Protected under policy police-foi, version 1 (fingerprint ab1cd2efab1c), with tabsafe 0.1.0.
    == Contents
    Table of contents
    This worksheet contains one table. It names each of the other worksheets.
    Worksheet | Title
    Table_1 | TABLE 1
    Table_2 | TABLE 2
    Notes | Notes on the tables
    == Table_1
    TABLE 1
    This worksheet contains one table. Figures are counts.
    Marks such as [note 1] are explained on the worksheet Notes.
    Source: Crime records
    Year | Total
    2014 | 17180014
    2015 [note 1] | 6
    Grand Total | 17180020
    == Table_2
    TABLE 2 [note 2]
    This worksheet contains one table, with Year across. Figures are counts. Notes on single figures are in the last column.
    [c] = withheld: between 1 and 4, or withheld to protect another figure; never zero
    [z] = not applicable: these categories exclude each other
    Marks such as [note 1] are explained on the worksheet Notes.
    Source: Crime records
    Victim Age | 2014 | 2015 [note 1] | Total | Notes
    Under 10 | [c] | 0 | [c] | none
    10 and over | [c] | 6 | [c] | 2015: [note 3]
    Without age | [z] | [z] | [z] | none
    Grand Total | 17180014 | 6 | 17180020 | none
    == Notes
    Notes
    This worksheet contains one table.
    Note number | Note text
    [note 1] | to 16 July 2015
    [note 2] | Recorded age.
    [note 3] | one recorded late
    "#);
    Ok(())
}

/// The numbers of all sheets are the published figures of the release, each where it belongs, and no others.
#[test]
fn numbers_are_the_published_figures_alone() -> Outcome {
    let release = release()?;
    for format in ["xlsx", "ods"] {
        let mut found = Vec::new();
        let mut withheld = 0;
        for (_, rows) in sheets(format, &release)? {
            for field in rows.iter().flatten() {
                match field {
                    Data::Float(number) => found.push(*number as i64),
                    Data::Int(number) => found.push(*number),
                    Data::String(text) => withheld += usize::from(text == "[c]"),
                    Data::Empty => {}
                    other => return Err(format!("{format}: {other:?}").into()),
                }
            }
        }
        let states = || release.tables().iter().flat_map(|t| &t.grid);
        let expected: Vec<i64> = states().filter_map(|p| p.value()).collect();
        found.sort_unstable();
        let mut sorted = expected;
        sorted.sort_unstable();
        assert_eq!(found, sorted, "{format}");
        assert_eq!(withheld, states().filter(|p| **p == Published::Withheld).count(), "{format}");
        assert!(!found.contains(&fixture::SECRET) && found.contains(&0), "{format}");
    }
    Ok(())
}

/// Column A holds what stands above the table; the table has one header row, unique headings and no blank field, and
/// nothing follows it.
#[test]
fn sheets_keep_the_rules_for_accessible_tables() -> Outcome {
    for (name, rows) in sheets("ods", &release()?)? {
        let above = rows.iter().take_while(|row| row.iter().skip(1).all(|f| *f == Data::Empty)).count();
        assert!(above > 0 && rows.iter().take(above).all(|row| row[0] != Data::Empty), "{name}: lines above");
        if name == "Cover" {
            assert_eq!(above, rows.len());
            continue;
        }
        let table = &rows[above..];
        assert!(table.len() > 1, "{name}: a header and rows");
        assert!(table.iter().flatten().all(|field| *field != Data::Empty), "{name}: no blank field");
        let heads: BTreeSet<String> = table[0].iter().map(|h| h.to_string().to_lowercase()).collect();
        assert_eq!(heads.len(), table[0].len(), "{name}: unique headings");
        assert!(table[0].iter().all(Data::is_string), "{name}: headings are texts");
    }
    Ok(())
}

/// Well-formed XML; no formula, comment, hidden part, merged cell, author, machine, path or time.
#[test]
fn files_hold_no_residue() -> Outcome {
    let release = release()?;
    for (format, count) in [("xlsx", 0), ("ods", 5)] {
        let entries = package::entries(&bytes(format, &release)?)?;
        assert!(count == 0 || entries.len() == count, "{format}: {}", entries.len());
        for (name, content) in &entries {
            let text = std::str::from_utf8(content)?;
            if name != "mimetype" {
                well_formed(text).map_err(|e| format!("{format}/{name}: {e}"))?;
            }
            let residue = [
                "<f>",
                "<f ",
                "table:formula",
                "mergeCell",
                "spanned",
                "\"hidden\"",
                "hidden=",
                "visibility",
                "collapse",
                "annotation",
                "<comment",
                "creator",
                "Application",
                "Microsoft Excel",
                "Author",
                "lastModifiedBy",
                "generator",
                "dcterms",
                "creation-date",
                "<dc:date",
                "/tmp",
                "/root",
                "/home",
                "Users\\",
                "macro",
                "externalLink",
            ];
            for sign in residue {
                assert!(!text.contains(sign), "{format}/{name}: {sign}");
            }
            assert!(!name.contains("omment") && !name.contains("vml") && !name.contains("Thumbnail"), "{name}");
        }
        let all: String = entries.iter().map(|(_, content)| String::from_utf8_lossy(content).into_owned()).collect();
        let year = |y: i32| all.contains(&format!("{y}-"));
        assert!(!(2020..2040).any(year), "{format}: a date");
        assert!(!all.contains(env!("CARGO_MANIFEST_DIR")));
    }
    Ok(())
}

/// Every element is closed, and every attribute stands once.
fn well_formed(text: &str) -> Result<(), Box<dyn std::error::Error>> {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut depth = 0;
    loop {
        match reader.read_event()? {
            Event::Start(start) => {
                depth += 1;
                start.attributes().collect::<Result<Vec<_>, _>>()?;
            }
            Event::Empty(empty) => drop(empty.attributes().collect::<Result<Vec<_>, _>>()?),
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    if depth == 0 { Ok(()) } else { Err("an element is open".into()) }
}

/// Each table is marked up as one, over its whole range.
#[test]
fn tables_are_marked_up_as_tables() -> Outcome {
    let release = release()?;
    let of = |format: &str, wanted: &str| -> Result<String, Box<dyn std::error::Error>> {
        let entries = package::entries(&bytes(format, &release)?)?;
        let text = entries.into_iter().filter(|(name, _)| name.starts_with(wanted)).map(|(_, c)| String::from_utf8(c));
        Ok(text.collect::<Result<String, _>>()?)
    };
    let (xlsx, ods) = (of("xlsx", "xl/tables/")?, of("ods", "content.xml")?);
    for (name, rows) in sheets("xlsx", &release)? {
        let Some(first) = rows.iter().position(|row| row.iter().all(|f| *f != Data::Empty)).filter(|_| name != "Cover")
        else {
            continue;
        };
        let column = char::from(b'A' + u8::try_from(rows[0].len() - 1)?);
        let (first, last) = (first + 1, rows.len());
        assert!(xlsx.contains(&format!("ref=\"A{first}:{column}{last}\"")), "{name}: {xlsx}");
        assert!(ods.contains(&format!("\"{name}.A{first}:{name}.{column}{last}\"")), "{name}: {ods}");
    }
    Ok(())
}

/// The same release gives the same bytes.
#[test]
fn bytes_follow_from_the_release() -> Outcome {
    for format in ["xlsx", "ods", "zip", "parquet", "sdmx-csv", "csvw"] {
        assert!(bytes(format, &release()?)? == bytes(format, &release()?)?, "{format}");
    }
    Ok(())
}

/// Layers and rows are columns on the left, filled in every row; several variables across share one header row.
#[test]
fn one_table_stays_one_table() -> Outcome {
    let mut system = fixture::system();
    let mut sex = system.tables[1].axes[0].clone();
    (sex.variable, sex.label, sex.role) = ("sex".to_owned(), "Sex".to_owned(), crate::model::Role::Layer);
    sex.entries.truncate(2);
    let mut table = system.tables[1].clone();
    table.axes.push(sex);
    system.grids[1] = (0..table.len()).map(|_| Some(7)).collect();
    system.tables[1] = table;
    let mut header = fixture::header();
    header.cell_notes.clear();
    let release = |system: &_| Release::new(system, &fixture::protection(), &fixture::audit(), header.clone());
    let rows = |sheets: Sheets| -> Vec<String> {
        let (_, rows) = sheets.into_iter().find(|(name, _)| name == "Table_2").unwrap_or_default();
        rows.iter().map(|r| show(r)).skip_while(|line| !line.contains("Victim Age |")).collect()
    };
    let layered = rows(sheets("xlsx", &release(&system)?)?);
    assert_eq!(layered[0], "Sex | Victim Age | 2014 | 2015 [note 1] | Total");
    assert_eq!((layered.len(), layered[5].as_str()), (1 + 2 * 4, "10 and over | Under 10 | 6 | 6 | 6"));
    system.tables[1].axes[2].role = crate::model::Role::Column;
    let across = rows(sheets("ods", &release(&system)?)?);
    assert!(
        across[0].starts_with("Victim Age | 2014, Under 10 | 2014, 10 and over | 2015 [note 1], Under 10"),
        "{}",
        across[0]
    );
    Ok(())
}

/// A zero that may be none is explained; one that is known to be none is shorthand.
#[test]
fn zeros_say_what_they_are() -> Outcome {
    let (mut system, mut protection, mut header) = (fixture::system(), fixture::protection(), fixture::header());
    (system.cells[1].value, system.cells[3].value, header.rounding_base) = (2, 1, Some(5));
    protection.treatments[1] = Treatment::Replace { by: 0, preimage: Interval::new(0, 2) };
    protection.treatments[3] = Treatment::Replace { by: 0, preimage: Interval::new(1, 2) };
    let release = Release::new(&system, &protection, &fixture::audit(), header)?;
    let table = sheets("ods", &release)?.into_iter().find(|(name, _)| name == "Table_2").ok_or("no table")?.1;
    let lines: Vec<String> = table.iter().map(|r| show(r)).collect();
    for line in
        ["[low] = not zero, but rounds to zero", "0 = zero, or a number that is not zero but is rounded to zero"]
    {
        assert!(lines.iter().any(|l| l == line), "{lines:#?}");
    }
    assert!(lines.iter().any(|l| l.starts_with("10 and over | [low] | 6 | [c]")), "{lines:#?}");
    Ok(())
}

/// What no spreadsheet can hold exactly is refused, without the figure.
#[test]
fn figures_of_too_many_digits_are_refused() -> Outcome {
    let mut system = fixture::system();
    system.cells[7].value = 1_234_567_890_123_456;
    let release = Release::new(&system, &fixture::protection(), &fixture::audit(), fixture::header())?;
    for format in ["xlsx", "ods"] {
        let error = bytes(format, &release).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(error.starts_with("table 1 holds a figure of more digits") && !error.contains("123"), "{error}");
    }
    Ok(())
}

/// Labels that mean something to XML, to spreadsheets or to nobody go through as text, and headings stay apart.
#[test]
fn labels_cannot_break_a_spreadsheet() -> Outcome {
    let mut system = fixture::system();
    let entries = &mut system.tables[1].axes[0].entries;
    entries[0].label = "=1+1 <b>&\"x\"\u{1}".to_owned();
    entries[1].label = " ".to_owned();
    let columns = &mut system.tables[1].axes[1].entries;
    (columns[0].label, columns[2].label) = ("total".to_owned(), "TOTAL".to_owned());
    system.tables[0].id = "a:b/[c]*?\\d very long name of a table that goes on".to_owned();
    let mut header = fixture::header();
    header.cell_notes.clear();
    let release = Release::new(&system, &fixture::protection(), &fixture::audit(), header)?;
    let xlsx = sheets("xlsx", &release)?;
    assert_eq!(xlsx, sheets("ods", &release)?);
    let table = &xlsx.iter().find(|(name, _)| name == "Table_2").ok_or("no table")?.1;
    let row = |label: &str| table.iter().find(|r| r[0] == *label).map(|r| show(r));
    assert_eq!(row("=1+1 <b>&\"x\"\\u{1}").as_deref(), Some("=1+1 <b>&\"x\"\\u{1} | [c] | 0 | [c]"));
    assert_eq!(row("10+").as_deref(), Some("10+ | [c] | 6 | [c]"), "a blank label shows its code");
    assert_eq!(row("Victim Age").as_deref(), Some("Victim Age | total | 2015 [note 1] | TOTAL_2"));
    assert!(xlsx.iter().all(|(name, _)| name.chars().count() <= 31 && !name.contains([':', '/', '[', '*', '?', '\\'])));
    Ok(())
}
