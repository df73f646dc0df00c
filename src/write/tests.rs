//! The formats, on a small release made by hand.

mod machines;
mod spreadsheets;

use std::collections::HashMap;
use std::error::Error;

use serde_json::Value;

use super::*;
use crate::model::{Interval, Treatment};
use crate::package;
use crate::release::{Facts, Published, fixture};

type Outcome = Result<(), Box<dyn Error>>;

fn release() -> Result<Release, crate::release::Refusal> {
    Release::new(&fixture::system(), &fixture::protection(), &fixture::audit(), fixture::header())
}

fn bytes(name: &str, release: &Release) -> Result<Vec<u8>, Box<dyn Error>> {
    let writer = find(name).ok_or("no such writer")?;
    let mut out = Vec::new();
    (writer.write)(release, &mut out)?;
    Ok(out)
}

fn written(name: &str, release: &Release) -> Result<String, Box<dyn Error>> {
    Ok(String::from_utf8(bytes(name, release)?)?)
}

/// Everything that stands in an output, as text: the entries of a zip, the columns of a Parquet file.
fn texts(name: &str, release: &Release) -> Result<String, Box<dyn Error>> {
    let bytes = bytes(name, release)?;
    if bytes.starts_with(b"PK") {
        let entries = package::entries(&bytes)?;
        return Ok(entries.into_iter().map(|(name, content)| name + &String::from_utf8_lossy(&content)).collect());
    }
    if bytes.starts_with(b"PAR1") {
        return machines::parquet(bytes);
    }
    Ok(String::from_utf8(bytes)?)
}

fn digits(value: i64) -> String {
    value.to_string()
}

#[test]
fn names_and_extensions_are_unique_and_found() -> Outcome {
    for (i, writer) in WRITERS.iter().enumerate() {
        assert!(!writer.summary.is_empty() && !writer.summary.ends_with('.'), "{}", writer.name);
        assert!(WRITERS[..i].iter().all(|w| w.name != writer.name && w.extension != writer.extension));
        assert_eq!(find(writer.extension).map(|w| w.name), Some(writer.name));
    }
    assert_eq!(formats("md, text,markdown")?.iter().map(|w| w.name).collect::<Vec<_>>(), ["markdown", "text"]);
    let error = formats("text,pdf").err().map(|e| e.to_string()).unwrap_or_default();
    assert!(error.starts_with("there is no format \"pdf\"; there are: text, csv, json, markdown"), "{error}");
    assert_eq!(formats("csvw,csv")?.iter().map(|w| w.name).collect::<Vec<_>>(), ["csv", "csvw"], "one needs the other");
    let of = |file: &str| by_extension(Path::new(file)).map(|w| w.name);
    assert_eq!(
        ["a.sdmx.csv", "b.CSV", "c/d.xlsx", "xlsx", "e.doc"].map(of),
        [Some("sdmx-csv"), Some("csv"), Some("xlsx"), None, None]
    );
    assert!(MANUALS.iter().all(|(name, page)| find(name).is_some() && page.starts_with(&format!("# {name}\n"))));
    Ok(())
}

#[test]
fn no_format_holds_a_withheld_value() -> Outcome {
    let release = release()?;
    let debug = format!("{release:?}");
    let figures = WRITERS.iter().filter(|w| w.name != "csvw");
    let outputs = figures.map(|w| texts(w.name, &release)).collect::<Result<Vec<_>, _>>()?;
    for output in outputs.iter().chain([&debug]) {
        // digits may stand in groups
        let output = output.replace(',', "");
        for secret in [fixture::SECRET, fixture::SECONDARY, fixture::SECONDARY + 6] {
            assert!(!output.contains(&digits(secret)), "{secret} in {output}");
        }
        assert!(output.contains(&digits(fixture::SECRET + fixture::SECONDARY)), "the total is published: {output}");
        // CSVW calls the columns that tell rows apart the primary key
        let lower = output.replace("primaryKey", "").to_lowercase();
        assert!(!lower.contains("primary") && !lower.contains("secondary"), "{output}");
    }
    Ok(())
}

/// Which cell protects and which is protected must not be told: swapped, the bytes stay the same.
#[test]
fn primary_and_secondary_are_not_told_apart() -> Outcome {
    let release = release()?;
    let mut protection = fixture::protection();
    for treatment in &mut protection.treatments {
        if let Treatment::Withhold { primary } = treatment {
            *primary = !*primary;
        }
    }
    let swapped = Release::new(&fixture::system(), &protection, &fixture::audit(), fixture::header())?;
    for writer in WRITERS {
        assert_eq!(bytes(writer.name, &release)?, bytes(writer.name, &swapped)?, "{}", writer.name);
    }
    Ok(())
}

/// Every file names the policy, its version, its public fingerprint and the program: in full among its metadata, in prose by the
/// first letters. CSV has no place for that; its description, written beside it, has. The confidential fingerprint is in none.
#[test]
fn each_format_says_under_which_policy() -> Outcome {
    let release = release()?;
    let header = fixture::header();
    let (full, short) = (header.public_fingerprint.as_str(), &header.public_fingerprint[..12]);
    let held = |name: &str| -> Result<String, Box<dyn Error>> {
        let raw = bytes(name, &release)?;
        let entries = if raw.starts_with(b"PK") { package::entries(&raw)? } else { vec![(String::new(), raw)] };
        Ok(entries.iter().map(|(_, content)| String::from_utf8_lossy(content).into_owned()).collect())
    };
    for writer in WRITERS {
        let text = held(writer.name)?;
        let wanted = match writer.name {
            "csv" | "sdmx-csv" => None,
            "text" | "markdown" | "answer-text" | "answer-markdown" => Some(short),
            _ => Some(full),
        };
        let Some(wanted) = wanted else {
            assert!(!text.contains(short), "{}", writer.name);
            continue;
        };
        for part in [wanted, "police-foi", &header.tool_version] {
            assert!(text.contains(part), "{} does not hold {part}: {text}", writer.name);
        }
        assert!(!text.contains(&header.policy_fingerprint), "{} holds what is confidential", writer.name);
    }
    Ok(())
}

#[test]
fn text_is_laid_out_like_a_printed_answer() -> Outcome {
    insta::assert_snapshot!(written("text", &release()?)?, @r#"
    Grooming offences
    Reference: 2572/15
    Source: Crime records
    Counted: offence

    TABLE 1
    Year            Total
    2014         17180014
    2015*               6
    Grand Total  17180020
    *  to 16 July 2015

    TABLE 2
    Victim Age   Year                Total
                     2014  2015*
    Under 10          [c]      -       [c]
    10 and over       [c]     6#       [c]
    Without age       [z]    [z]       [z]
    Grand Total  17180014      6  17180020
    *  to 16 July 2015
    #  one recorded late
    Recorded age.

    [c]  withheld: between 1 and 4, or withheld to protect another figure; never zero (shown as -)
    -    zero
    [z]  not applicable: these categories exclude each other

    Nothing else is confirmed or denied.

    Protected under policy police-foi, version 1 (fingerprint ab1cd2efab1c), with tabsafe 0.1.0.
    "#);
    Ok(())
}

#[test]
fn markdown_has_one_header_row() -> Outcome {
    insta::assert_snapshot!(written("markdown", &release()?)?, @r#"
    # Grooming offences

    - Reference: 2572/15
    - Source: Crime records
    - Counted: offence

    ## TABLE 1

    | Year | Total |
    | --- | ---: |
    | 2014 | 17180014 |
    | 2015\* | 6 |
    | Grand Total | 17180020 |

    - **\*** to 16 July 2015

    ## TABLE 2

    Across: Year

    | Victim Age | 2014 | 2015\* | Total |
    | --- | ---: | ---: | ---: |
    | Under 10 | \[c\] | - | \[c\] |
    | 10 and over | \[c\] | 6\# | \[c\] |
    | Without age | \[z\] | \[z\] | \[z\] |
    | Grand Total | 17180014 | 6 | 17180020 |

    - **\*** to 16 July 2015
    - **\#** one recorded late
    - Recorded age.

    ## Signs

    - **\[c\]** withheld: between 1 and 4, or withheld to protect another figure; never zero (shown as -)
    - **-** zero
    - **\[z\]** not applicable: these categories exclude each other

    Nothing else is confirmed or denied.

    Protected under policy police-foi, version 1 (fingerprint ab1cd2efab1c), with tabsafe 0.1.0.
    "#);
    Ok(())
}

#[test]
fn two_column_variables_stack_and_layers_follow_each_other() -> Outcome {
    let mut system = fixture::system();
    let mut sex = system.tables[1].axes[0].clone();
    sex.variable = "sex".to_owned();
    sex.label = "Sex".to_owned();
    sex.role = crate::model::Role::Column;
    sex.entries.truncate(2);
    let mut table = system.tables[1].clone();
    table.axes.push(sex.clone());
    let cells: Vec<_> = (0..table.len()).map(|_| Some(7)).collect();
    system.tables[1] = table.clone();
    system.grids[1] = cells.clone();
    let release = |system: &_| Release::new(system, &fixture::protection(), &fixture::audit(), bare_header());
    let text = written("text", &release(&system)?)?;
    let block: Vec<&str> = text.lines().skip_while(|l| *l != "TABLE 2").take(7).collect();
    insta::assert_snapshot!(block.join("\n"), @r#"
    TABLE 2
    Victim Age   Year                                          Total
                 2014                   2015*
                 Sex                    Sex                    Sex
                 Under 10  10 and over  Under 10  10 and over  Under 10  10 and over
    Under 10            6            6         6            6         6            6
    10 and over         6            6         6            6         6            6
    "#);
    let markdown = written("markdown", &release(&system)?)?;
    assert!(
        markdown.contains("| Victim Age | 2014 / Under 10 | 2014 / 10 and over | 2015\\* / Under 10 |"),
        "{markdown}"
    );
    assert!(markdown.contains("| Total / Under 10 | Total / 10 and over |"), "{markdown}");

    table.axes[2].role = crate::model::Role::Layer;
    system.tables[1] = table;
    let text = written("text", &release(&system)?)?;
    assert!(text.contains("\nSex Under 10\nVictim Age"), "{text}");
    assert!(text.contains("\nSex 10 and over\nVictim Age"), "{text}");
    Ok(())
}

fn bare_header() -> crate::release::Header {
    crate::release::Header { cell_notes: Vec::new(), ..fixture::header() }
}

#[test]
fn csv_is_read_back() -> Outcome {
    let text = written("csv", &release()?)?;
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers()?.iter().collect::<Vec<_>>(), ["table", "year", "age", "count", "status"]);
    let rows = reader.into_records().collect::<Result<Vec<_>, _>>()?;
    assert_eq!(rows.len(), 3 + 12);
    let row = |n: usize| rows[n].iter().collect::<Vec<_>>().join(",");
    assert_eq!(row(0), "1,2014,Total,17180014,published");
    assert_eq!(row(3), "2,2014,u10,,withheld");
    assert_eq!(row(4), "2,2015,u10,0,published");
    assert_eq!(row(9), "2,2014,none,,not-applicable");
    Ok(())
}

#[test]
fn csv_without_a_table_column_has_each_cell_once() -> Outcome {
    let mut out = Vec::new();
    csv::tidy(&release()?, &mut out, csv::Tidy { table_column: false, value_column: Some("year"), variables: None })?;
    let text = String::from_utf8(out)?;
    assert!(text.starts_with("year,age,year_,status\n"), "{text}");
    assert_eq!(text.lines().count(), 1 + 12, "table 1 is a part of table 2: {text}");
    Ok(())
}

#[test]
fn json_is_read_back() -> Outcome {
    let json: Value = serde_json::from_str(&written("json", &release()?)?)?;
    let cells = json["tables"][1]["cells"].as_array().ok_or("no cells")?;
    let cell = |at: [&str; 2]| cells.iter().find(|c| c["at"] == serde_json::json!(at)).cloned();
    let hidden = cell(["u10", "2014"]).ok_or("no cell")?;
    assert_eq!((&hidden["value"], &hidden["status"]), (&Value::Null, &Value::from("withheld")));
    let noted = cell(["10+", "2015"]).ok_or("no cell")?;
    assert_eq!((&noted["value"], &noted["notes"][0]), (&Value::from(6), &Value::from("one recorded late")));
    assert_eq!(json["tables"][0]["axes"][0]["entries"][1]["note"], "to 16 July 2015");
    assert!(json.to_string().find("f00d").is_none(), "the policy's fingerprint could be tried out");
    Ok(())
}

/// Each state has an output of its own, in every format.
#[test]
fn states_stay_distinct() -> Outcome {
    let mut protection = fixture::protection();
    let replace = |by, preimage| Treatment::Replace { by, preimage };
    let mut system = fixture::system();
    system.cells[1].value = 2;
    system.cells[3].value = 1;
    protection.treatments[1] = replace(0, Interval::new(0, 2));
    protection.treatments[3] = replace(0, Interval::new(1, 2));
    protection.treatments[4] = replace(5, Interval::new(3, 7));
    system.cells[7].value = 0;
    let mut header = fixture::header();
    header.rounding_base = Some(5);
    header.replaced = Some("Figures are rounded to a multiple of 5; parts need not add up to their totals.".to_owned());
    let release = Release::new(&system, &protection, &fixture::audit(), header)?;
    let grid = &release.tables()[1].grid;
    assert_eq!(grid[0], Published::Withheld);
    assert_eq!(grid[1], Published::Rounded(0));
    assert_eq!(grid[3], Published::RoundsToZero);
    assert_eq!(grid[4], Published::Rounded(5));
    assert_eq!(grid[6], Published::NotApplicable);
    assert_eq!(grid[9], Published::Number(fixture::SECRET + fixture::SECONDARY));
    assert_eq!(grid[10], Published::Zero);
    let states = [grid[0], grid[1], grid[3], grid[4], grid[6], grid[9], grid[10]];
    let as_csv = states.map(|s| (s.status(), s.value()));
    let mut seen = HashMap::new();
    for (state, output) in states.iter().zip(as_csv) {
        assert_eq!(seen.insert(output, state), None, "{output:?} stands for two states");
    }
    let text = written("text", &release)?;
    let row = text.lines().find(|l| l.starts_with("10 and over")).ok_or("no row")?;
    assert_eq!(row.split_whitespace().skip(3).collect::<Vec<_>>(), ["[low]", "5#", "[c]"]);
    assert!(text.contains("[low]  not zero, but rounds to zero"), "{text}");
    assert!(text.contains("Figures are rounded to a multiple of 5;"), "{text}");
    Ok(())
}

#[test]
fn labels_cannot_break_a_format() -> Outcome {
    let mut system = fixture::system();
    system.tables[1].axes[0].entries[0].label = "a|b\n\u{1b}[31m*x*".to_owned();
    let release = Release::new(&system, &fixture::protection(), &fixture::audit(), fixture::header())?;
    assert!(written("markdown", &release)?.contains("| a\\|b \\\\u{1b}\\[31m\\*x\\* |"));
    assert!(!written("text", &release)?.contains('\u{1b}'));
    Ok(())
}

#[test]
fn a_release_with_its_report_appears_together() -> Outcome {
    let dir = tempfile::tempdir()?;
    let out = dir.path().join("out");
    let report_path = dir.path().join("report.json");
    let (system, protection, audit) = (fixture::system(), fixture::protection(), fixture::audit());
    let (findings, header) = (fixture::findings(), fixture::header());
    let facts = Facts {
        system: &system,
        findings: &findings,
        protection: &protection,
        audit: &audit,
        header: &header,
        seconds: &[("read".to_owned(), 0.5)],
        warnings: &[],
        by_table: true,
        cost_decimals: 0,
    };
    let reporting = Reporting { facts: &facts, said: &[], since: None };
    let page_path = dir.path().join("review.html");
    let reports = [report_path.clone(), page_path.clone()];
    let output = prepare(&out, &formats("text,csv")?, &reports)?;
    let mut confidential = Vec::new();
    write_report(&Report::new(&facts), &mut confidential)?;
    assert!(confidential.starts_with(b"{\n  \"confidential\": true,"));
    let files = output.commit(Some(&release()?), Some(&reporting), &|| false)?;
    assert_eq!(std::fs::read(&report_path)?, confidential);
    assert!(std::fs::read_to_string(&page_path)?.contains("<title>CONFIDENTIAL"));
    assert_eq!(files, [out.join("release.txt"), out.join("release.csv"), report_path.clone(), page_path]);

    // A refused release leaves its report, and no folder.
    let refused = prepare(&dir.path().join("none"), &formats("text")?, &reports[..1])?;
    assert_eq!(refused.commit(None, Some(&reporting), &|| false)?, [report_path]);
    Ok(())
}
