//! Expressions of a specification mean what SQL means, or are refused.
//!
//! `data/sql/cases.json` holds expressions over every operator and function with their values for each record of
//! `records.csv`, as DuckDB and SQLite have them; `generate.py` beside it made both, and says of which versions.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tabsafe::link::{Details, link};
use tabsafe::read;
use tabsafe::spec::Spec;
use tabsafe::tabulate::{Needs, tabulate, wanted};

use crate::cli::scene::Scene;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/sql").join(name)
}

/// Types of the records of the reference.
const TYPES: &str = "types = { id = \"text\", i = \"integer\", j = \"integer\", k = \"integer\", d = \"decimal\", e = \"decimal\", \
    t = \"text\", u = \"text\", s = \"text\", day = \"date\", day2 = \"date\", iso = \"text\" }";

/// What the product makes of a variable: its category for each record of the reference, by the record's id.
fn categories(sql: &str) -> Result<BTreeMap<String, String>, read::Error> {
    categories_of(&data("records.csv"), TYPES, sql)
}

/// The same of the records of a file.
fn categories_of(file: &Path, types: &str, sql: &str) -> Result<BTreeMap<String, String>, read::Error> {
    let text = format!(
        "title = \"T\"\n[input]\nfile = {file:?}\n{types}\n[variables.row]\ncolumn = \"id\"\nmissing = \"error\"\n[variables.v]\n\
         sql = {}\nmissing = {{ category = \"NULL\" }}\n[[tables]]\ntitle = \"T\"\nrows = [\"row\"]\ncolumns = [\"v\"]\n",
        toml(sql)
    );
    let spec = Spec::parse(&text, Path::new("release.toml")).unwrap_or_else(|faults| panic!("{sql}: {faults}"));
    let needs = Needs::default();
    let records = read::open(&spec.input.files, &wanted(&spec, &needs)?)?;
    let made = tabulate(&spec, records, needs)?;
    let system = link(made.space, made.measures, made.tables, &made.groups, Details::default());
    let [rows, columns] = system.tables[0].axes.as_slice() else { panic!("two axes") };
    let mut found = BTreeMap::new();
    for (r, row) in rows.entries.iter().enumerate() {
        for (c, column) in columns.entries.iter().enumerate() {
            let one = system.cell_at(0, &[r, c]).is_some_and(|cell| system.value(cell) == 1);
            if one && row.code != "Total" && column.code != "Total" {
                found.insert(row.code.clone(), column.code.clone());
            }
        }
    }
    Ok(found)
}

/// A text as TOML has it.
fn toml(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn refused(sql: &str) -> (read::Kind, String) {
    match categories(sql) {
        Ok(_) => panic!("{sql} is counted"),
        Err(e) => (e.kind, format!("{}; {}", e.message, e.help.unwrap_or_default())),
    }
}

/// Every expression of the reference has its values, record by record.
#[test]
fn expressions_mean_what_sql_means() {
    let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(data("cases.json")).unwrap()).unwrap();
    assert!(cases.len() > 600);
    let mut wrong = Vec::new();
    for case in &cases {
        let (sql, kind) = (case["sql"].as_str().unwrap(), case["kind"].as_str().unwrap());
        // a text that is empty or blank would be a missing category
        let asked = if kind == "text" { format!("'[' || ({sql}) || ']'") } else { sql.to_owned() };
        let found = match categories(&asked) {
            Ok(found) => found,
            Err(e) => {
                wrong.push(format!("{sql}: {} {}", e.message, e.help.unwrap_or_default()));
                continue;
            }
        };
        for (row, expected) in case["expected"].as_array().unwrap().iter().enumerate() {
            let got = found.get(&format!("r{row:02}")).map_or("?", String::as_str);
            let same = match (expected, kind) {
                (Value::Null, _) => got == "NULL",
                (Value::String(text), "text") => got == format!("[{text}]"),
                (Value::String(number), "decimal") => {
                    got.parse::<f64>().ok() == number.parse::<f64>().ok() && got != "NULL"
                }
                (Value::String(text), _) => got == text,
                (other, _) => {
                    let shown = other.to_string();
                    got == shown
                }
            };
            if !same {
                wrong.push(format!("{sql}: record {row} is {got}, not {expected}"));
                break;
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} are wrong\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// Every function and every part of a date of the reference page stands in some case.
#[test]
fn every_function_has_a_case() {
    let cases = std::fs::read_to_string(data("cases.json")).unwrap();
    let page = tabsafe::tabulate::sql_reference();
    let table = |heading: &str| {
        let rows = page.split_once(heading).unwrap().1.split("\n\n").next().unwrap();
        rows.lines().skip(2).map(str::to_owned).collect::<Vec<_>>()
    };
    for row in table("| function |") {
        let forms = row.split('`').skip(1).step_by(2);
        let name = |form: &str| form.split(['(', ' ']).next().unwrap_or_default().to_owned();
        for name in forms.filter(|f| f.starts_with(char::is_uppercase)).map(name).filter(|n| !n.is_empty()) {
            let called = cases.contains(&format!("{name}(")) || cases.contains(&format!("{name} '"));
            assert!(called, "{name}");
        }
    }
    for row in table("| part of a date |") {
        let part = row.split('`').nth(1).unwrap();
        assert!(cases.contains(&format!("EXTRACT({part} FROM")) || ["HOUR", "MINUTE"].contains(&part), "{part}");
    }
}

/// The reference page holds the tables of the registry.
#[test]
fn the_reference_page_follows_from_the_registry() {
    let page = include_str!("../docs/reference/release-toml.md");
    let tables = tabsafe::tabulate::sql_reference();
    assert!(page.contains(&tables), "docs/reference/release-toml.md: \"SQL expressions\" should hold\n\n{tables}\n");
}

/// Numbers never wrap: what a number of 64 bits or a double does not hold stops the release, as does what has no value.
#[test]
fn what_has_no_value_stops_the_release() {
    for (sql, why) in [
        ("k + 1", "too large for 64 bits"),
        ("k - 1", "too large for 64 bits"),
        ("k * 2", "too large for 64 bits"),
        ("-k", "too large for 64 bits"),
        ("ABS(k)", "too large for 64 bits"),
        ("DIV(k, -1)", "too large for 64 bits"),
        ("i * 4611686018427387904", "too large for 64 bits"),
        ("CASE WHEN i > 0 THEN k * k END", "too large for 64 bits"),
        ("d * 1e308", "a decimal number gets too large"),
        ("e / d", "divided by zero"),
        ("j % i", "divided by zero"),
        ("DIV(j, i)", "divided by zero"),
        ("MOD(j, 0)", "divided by zero"),
        ("1 / d", "divided by zero"),
        ("CAST(s AS INTEGER)", "CAST does not hold"),
        ("CAST(s AS DOUBLE)", "CAST does not hold"),
        ("s::DATE", "CAST does not hold"),
        ("CAST(ROUND(d) AS INTEGER)", "CAST does not hold"),
        ("SUBSTR(t, i)", "begins before the first sign"),
        ("SUBSTR(t, 1, j)", "length is negative"),
        ("LEFT(t, j)", "length is negative"),
        ("RIGHT(t, j)", "length is negative"),
        ("day + i", "outside of the years 0 to 9999"),
        ("day + k", "outside of the years 0 to 9999"),
        ("day - k", "outside of the years 0 to 9999"),
    ] {
        let (kind, said) = refused(sql);
        assert!(kind == read::Kind::Data && said.contains(why), "{sql}: {said}");
        assert!(said.starts_with("release.toml:9: variable `v`: for some record "), "{sql}: {said}");
    }
    // places beyond any text are none
    let beyond = "SUBSTR(t, 9223372036854775807, 9223372036854775807) = '' AND LEFT(t, 9223372036854775807) = t";
    assert!(categories(beyond).unwrap_or_default().values().all(|v| v == "true" || v == "NULL"));
    // what does not apply is not looked at
    for sql in [
        "CASE WHEN i <> 0 THEN DIV(100, i) ELSE 0 END",
        "CASE WHEN s = '1' THEN CAST(s AS INTEGER) END",
        "COALESCE(0 * j, DIV(1, 0))",
        "i = 0 OR DIV(100, i) > 1",
    ] {
        if sql.starts_with("COALESCE") {
            assert!(refused(sql).1.contains("divided by zero"), "j is missing for some record");
        } else {
            assert!(categories(sql).is_ok(), "{sql}");
        }
    }
}

/// What databases read differently, or is not on the list, is refused with what to write instead, and without a record
/// being looked at.
#[test]
fn what_is_not_allowed_is_refused() {
    let mut wrong = Vec::new();
    for (sql, why, help) in [
        ("i / j", "`/` between whole numbers", "DIV(a, b)"),
        ("d % 2", "`%` of a decimal number", "CAST(ROUND(a) AS INTEGER) % 10"),
        ("CAST(d AS INTEGER)", "rounds in some databases", "CAST(ROUND(x) AS INTEGER)"),
        ("TRY_CAST(d + 1 AS BIGINT)", "rounds in some databases", "CAST(TRUNC(x) AS INTEGER)"),
        (
            "CAST(d AS TEXT)",
            "a decimal number can't be converted to a text",
            "databases write decimal numbers differently",
        ),
        ("CAST(i > 1 AS TEXT)", "a condition can't be converted to a text", "CASE WHEN condition"),
        ("CAST(i AS BOOLEAN)", "a whole number can't be converted to a condition", "number <> 0"),
        ("CAST(i AS DATE)", "can't be converted to a date", "the reference page"),
        ("CAST(s AS SMALLINT)", "the type SMALLINT can't be used", "INTEGER or BIGINT (64 bits)"),
        ("CAST(s AS REAL)", "the type REAL can't be used", "DOUBLE"),
        ("CAST(s AS DECIMAL(10, 2))", "the type DECIMAL(10,2) can't be used", "DOUBLE"),
        ("CAST(s AS VARCHAR(3))", "the type VARCHAR(3) can't be used", "TEXT"),
        ("SAFE_CAST(s AS INTEGER)", "SAFE_CAST can't be used", "TRY_CAST"),
        ("i = '1'", "a whole number can't be compared with a text", "numbers without quotes"),
        ("t > 5", "a text can't be compared with a whole number", "CAST(text AS INTEGER)"),
        ("t IN ('a', 5)", "a text can't be compared with a whole number", "CAST(text AS INTEGER)"),
        ("i BETWEEN '0' AND 3", "a whole number can't be compared with a text", "without quotes"),
        ("day = t", "a date can't be compared with a text", "CAST(text AS DATE)"),
        ("day = '2024-02-30'", "a text that is none", "DATE '2015-07-16'"),
        ("day = DATE '30.6.2024'", "a text that is no day", "DATE '2015-07-16'"),
        ("(i > 1) = 1", "a condition can't be compared with a whole number", "TRUE and FALSE"),
        ("i AND j > 1", "AND takes conditions", "age >= 10"),
        ("NOT i", "NOT takes conditions", "age >= 10"),
        ("i IS TRUE", "takes conditions", "age >= 10"),
        ("CASE WHEN i THEN 1 END", "WHEN takes conditions", "age >= 10"),
        ("CASE WHEN i > 1 THEN 1 ELSE 'a' END", "a whole number for some records and a text for others", "of one kind"),
        ("COALESCE(i, t)", "a whole number for some records and a text for others", "of one kind"),
        ("i > 1 IS NOT TRUE", "without parentheses", "(a = b) IS NOT TRUE"),
        ("i = j = TRUE", "without parentheses", "(a IS NULL) = (b IS NULL)"),
        ("i IS DISTINCT FROM j AND i > 1", "without parentheses", "databases read that differently"),
        ("i IN (1) = TRUE", "without parentheses", "databases read that differently"),
        ("t || i", "|| takes texts", "CAST(number AS TEXT)"),
        ("t + 1", "`+` takes numbers", "|| joins texts"),
        ("day * 2", "`*` takes numbers", "date + 30"),
        ("day + d", "`+` takes numbers", "date + 30"),
        ("i LIKE 'a'", "LIKE takes texts", "CAST(number AS TEXT)"),
        ("t LIKE u", "the pattern of LIKE is not written out", "'%word%'"),
        ("t LIKE 'a!b' ESCAPE '!'", "the pattern of LIKE does not hold", "`!` escapes nothing"),
        ("t LIKE 'a' ESCAPE '!!'", "ESCAPE takes a single sign", "ESCAPE '!'"),
        ("t SIMILAR TO 'a'", "regular expressions can't be used", "LIKE '%word%'"),
        ("REGEXP_LIKE(t, 'a')", "the function REGEXP_LIKE can't be used", "LIKE '%word%'"),
        ("CONCAT(t, u)", "the function CONCAT can't be used", "a || b"),
        ("GREATEST(i, j)", "the function GREATEST can't be used", "CASE WHEN a > b"),
        ("IF(i > 1, 2, 3)", "the function IF can't be used", "CASE WHEN condition"),
        ("REPEAT(t, 1000000000)", "the function REPEAT can't be used", "a || b"),
        ("LPAD(t, 1000000000, 'x')", "the function LPAD can't be used", "RIGHT('000' || a, 3)"),
        ("ROUND(d, 2)", "ROUND does not take 2 arguments", "ROUND(number)"),
        ("FLOOR(d, 2)", "CEIL and FLOOR take one number", "FLOOR(number * 100)"),
        ("SUBSTR(t, 0)", "SUBSTR takes a whole number from 1", "SUBSTR(text, from[, length])"),
        ("SUBSTR(t, -2)", "SUBSTR takes a whole number from 1", "SUBSTR(text, from[, length])"),
        ("LEFT(t, -1)", "LEFT takes a whole number from 0", "LEFT(text, length)"),
        ("LENGTH(i)", "LENGTH takes a text", "LENGTH(text)"),
        ("LENGTH(t, u)", "LENGTH does not take 2 arguments", "LENGTH(text)"),
        ("TRIM(BOTH 'ab' FROM t)", "TRIM takes a single sign", "TRIM(text)"),
        ("LTRIM(t, u)", "LTRIM takes a single sign", "LTRIM(text"),
        ("ABS(t)", "ABS takes a number", "ABS(number)"),
        ("COUNT(i)", "the function COUNT can't be used", "about one record"),
        ("SUM(i) OVER ()", "the function SUM can't be used", "about one record"),
        ("LENGTH(t) OVER ()", "LENGTH is called in a way", "LENGTH(text)"),
        ("LENGTH(DISTINCT t)", "LENGTH is called in a way", "LENGTH(text)"),
        ("LENGHT(t)", "the function LENGHT can't be used", "did you mean LENGTH"),
        ("NOW() > day", "the function NOW can't be used", "DATE '2015-07-16'"),
        ("CURRENT_DATE > day", "the function CURRENT_DATE can't be used", "DATE '2015-07-16'"),
        ("EXTRACT(CENTURY FROM day)", "the part CENTURY", "YEAR, QUARTER"),
        ("EXTRACT(SECOND FROM day)", "the part SECOND", "YEAR, QUARTER"),
        ("EXTRACT(HOUR FROM day)", "a date has no hour", "time stamps have"),
        ("EXTRACT(YEAR FROM t)", "EXTRACT takes a date", "types = { day = \"date\" }"),
        ("EXTRACT(YEAR FROM '2024-01-01') = i", "EXTRACT takes a date", "CAST(text AS DATE)"),
        ("STRFTIME(day, '%Y')", "the function STRFTIME can't be used", "EXTRACT(YEAR FROM date)"),
        ("DATE(t) = day", "not written out", "CAST(text AS DATE)"),
        ("day + INTERVAL '1' MONTH", "INTERVAL can't be used", "date + 30"),
        ("TIMESTAMP '2024-01-01 00:00:00' = day", "TIMESTAMP before a text can't be used", "DATE '2015-07-16'"),
        ("i & 1", "the operator `&` can't be used", "operators that can be used"),
        ("i ^ 2", "the operator `^` can't be used", "operators that can be used"),
        ("~ i", "the operator `~` can't be used", "NOT and -"),
        ("(i > 1) XOR (j > 1)", "the operator `XOR` can't be used", "operators that can be used"),
        ("i = ANY (j)", "ANY and ALL can't be used", "IN ('a', 'b')"),
        ("(i, j) = (1, 2)", "a list in parentheses", "a = 1 AND b = 2"),
        ("i IN (SELECT 1)", "a query can't stand in an expression", "write the values themselves"),
        ("EXISTS (SELECT 1)", "a query can't stand in an expression", "write the values themselves"),
        ("r.i = 1", "a name has a point in it", "the name of the column alone"),
        ("t COLLATE \"C\" = 'a'", "COLLATE can't be used", "LOWER(text)"),
        ("i = 9223372036854775808", "too large for 64 bits", "9223372036854775807"),
        ("d = 1e999", "a number can't be read", "1e6"),
        ("i = 0x1F", "can't be", ""),
        ("t = N'a'", "written in a way that can't be used", "in single quotes"),
        ("*", "can't be understood", "double quotes"),
        ("i = = 1", "can't be understood", "single quotes"),
        ("i > 1 j", "can't be understood", "`j` does not belong"),
        ("i > 1; j > 1", "can't be understood", "no `;`"),
        ("i > 1 AS x", "can't be understood", "`AS` does not belong"),
        ("1 = 1", "names no column", "area = 'North'"),
        ("CASE WHEN i > 1 THEN NULL END", "is NULL for every record", "where something is known"),
    ] {
        let (kind, said) = refused(sql);
        let placed = said.starts_with("release.toml:9: variable `v`: ");
        if !(kind == read::Kind::Usage && said.contains(why) && said.contains(help) && placed) {
            wrong.push(format!("{sql}: {said}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Time stamps, in whichever unit a file holds them, and yes-or-no columns: days and hours before 1970 as well.
#[test]
fn time_stamps_and_conditions_are_read() {
    use polars::df;
    use polars::prelude::{DataType, IntoLazy, ParquetWriter, TimeUnit, col};
    let scene = Scene::empty();
    // 2024-02-29 23:59:59.999, 1970-01-01 00:00, 1969-12-31 23:59:59.999, 1900-03-01 12:30, missing
    let times = [Some(1_709_251_199_999i64), Some(0), Some(-1), Some(-2_203_846_200_000), None];
    for (unit, factor) in
        [(TimeUnit::Milliseconds, 1), (TimeUnit::Microseconds, 1_000), (TimeUnit::Nanoseconds, 1_000_000)]
    {
        let times: Vec<Option<i64>> = times.iter().map(|t| t.map(|t| t * factor)).collect();
        let flags = [Some(true), Some(false), None, Some(true), Some(false)];
        let frame =
            df!("id" => ["a", "b", "c", "d", "e"], "flag" => flags.as_slice(), "at" => times.as_slice()).unwrap();
        let mut frame = frame.lazy().with_columns([col("at").cast(DataType::Datetime(unit, None))]).collect().unwrap();
        let file = std::fs::File::create(scene.path().join("r.parquet")).unwrap();
        ParquetWriter::new(file).finish(&mut frame).unwrap();
        for (sql, want) in [
            ("EXTRACT(YEAR FROM at)", ["2024", "1970", "1969", "1900", "NULL"]),
            ("EXTRACT(DOY FROM at)", ["60", "1", "365", "60", "NULL"]),
            ("EXTRACT(HOUR FROM at)", ["23", "0", "23", "12", "NULL"]),
            ("EXTRACT(MINUTE FROM at)", ["59", "0", "59", "30", "NULL"]),
            ("CAST(at AS DATE)", ["2024-02-29", "1970-01-01", "1969-12-31", "1900-03-01", "NULL"]),
            ("CAST(at AS DATE) >= DATE '1970-01-01'", ["true", "true", "false", "false", "NULL"]),
            ("at IS NULL", ["false", "false", "false", "false", "true"]),
            ("at = at", ["true", "true", "true", "true", "NULL"]),
            ("flag", ["true", "false", "NULL", "true", "false"]),
            ("flag IS NOT TRUE", ["false", "true", "true", "false", "true"]),
            ("flag IS NOT FALSE", ["true", "false", "true", "true", "false"]),
            ("NOT flag", ["false", "true", "NULL", "false", "true"]),
            ("flag = FALSE OR at IS NULL", ["false", "true", "NULL", "false", "true"]),
        ] {
            let found = categories_of(&scene.path().join("r.parquet"), "", sql)
                .unwrap_or_else(|e| panic!("{sql}: {}", e.message));
            assert_eq!(found.values().map(String::as_str).collect::<Vec<_>>(), want, "{sql} {unit:?}");
        }
        let error = categories_of(&scene.path().join("r.parquet"), "", "at >= DATE '2024-01-01'").unwrap_err();
        assert!(error.message.ends_with("a time stamp can't be compared with a date"), "{}", error.message);
    }
}

/// Records with `x IS NOT TRUE` where `x` is not known: 30 of 100 have n = 1, 40 have none, 30 have n = 9. `LENGTH` and
/// parts of dates are numbers like any other. Through the command: figures, exit status, place and advice.
#[test]
fn releases_count_what_sql_counts() {
    let scene = Scene::empty();
    let rows = |n: usize, row: &str| format!("{row}\n").repeat(n);
    let known = format!("a,n\n{}{}{}", rows(30, "x,1"), rows(40, "x,"), rows(30, "x,9"));
    scene.write("d.csv", known.as_bytes());
    let dated = format!("a,code,d\n{}{}", rows(20, "x,A,2024-06-30"), rows(30, "x,ABC,2024-01-05"));
    scene.write("e.csv", dated.as_bytes());
    let ran = |file: &str, types: &str, sql: &str| {
        let spec = format!(
            "title = \"t\"\npolicy = \"generic-lt5\"\n[input]\nfile = \"{file}\"\n{types}where = {}\n[variables.a]\ncolumn = \"a\"\n\
             missing = \"error\"\n[[tables]]\ntitle = \"T\"\nrows = [\"a\"]\n",
            toml(sql)
        );
        scene.write("r.toml", spec.as_bytes());
        scene.run("tabsafe release r.toml --dry-run")
    };
    for (file, sql, count) in [
        ("d.csv", "(n > 3) IS NOT TRUE", 70),
        ("d.csv", "(n > 3) IS NOT FALSE", 70),
        ("d.csv", "NOT ((n > 3) IS TRUE)", 70),
        ("d.csv", "((n > 3) IS TRUE) = FALSE", 70),
        ("d.csv", "(n > 3) IS UNKNOWN", 40),
        ("d.csv", "n NOT IN (9, 10)", 30),
        ("e.csv", "LENGTH(code) - 2 > 0", 30),
        ("e.csv", "EXTRACT(MONTH FROM d) * 100 + EXTRACT(DAY FROM d) = 630", 20),
        ("e.csv", "STRPOS(code, 'B') - 1 < 0", 20),
    ] {
        let types = if file == "e.csv" { "types = { d = \"date\" }\n" } else { "" };
        let ran = ran(file, types, sql);
        assert!(ran.exit == 0 && ran.stdout.contains(&format!("Total     {count}\n")), "{sql}: {}", ran.text());
    }
    // several expressions over one column are several, and each sees the records of `where`
    let numbers: String = (1..=60).map(|n| format!("{n}\n")).collect();
    scene.write("n.csv", format!("n\n{numbers}").as_bytes());
    let spec = "title = \"t\"\npolicy = \"generic-lt5\"\n[input]\nfile = \"n.csv\"\nwhere = \"n % 5 <> 0\"\n\
                [variables.a]\nsql = \"n % 2\"\nmissing = \"error\"\n[variables.b]\nsql = \"n % 3\"\nmissing = \"error\"\n\
                [[tables]]\ntitle = \"T\"\nrows = [\"a\"]\ncolumns = [\"b\"]\nwhere = \"n % 7 <> 0\"\nscope = \"s\"\n";
    scene.write("two.toml", spec.as_bytes());
    let two = scene.run("tabsafe release two.toml --dry-run");
    for a in 0..2 {
        let count = |b: usize| (1..=60).filter(|n| n % 5 != 0 && n % 7 != 0 && n % 2 == a && n % 3 == b).count();
        let counts = [a, count(0), count(1), count(2), count(0) + count(1) + count(2)].map(|n| n.to_string());
        assert!(two.stdout.lines().any(|l| l.split_whitespace().eq(counts.iter())), "{counts:?}: {}", two.text());
    }
    let refused = ran("d.csv", "", "n / 2 = 1");
    assert!(
        refused.exit == 2 && refused.stderr.contains("r.toml:5: `where` of [input]: `/` between"),
        "{}",
        refused.text()
    );
    let wraps = ran("d.csv", "", "n * 9223372036854775807 > 0");
    assert!(
        wraps.exit != 0 && wraps.stderr.contains("r.toml:5: `where` of [input]: for some record"),
        "{}",
        wraps.text()
    );
}
