//! Tests of specifications: a good one, every kind of fault at its line, and the reference page.

use std::path::{Path, PathBuf};

use super::*;

/// A specification without faults, to which a case adds some.
const HEAD: &str = "title = \"T\"\n[input]\nfile = \"a.csv\"\n";
const YEAR: &str = "[variables.year]\ncolumn = \"year\"\norder = [\"2014\", \"2015\"]\nmissing = \"error\"\n";
const TABLE: &str = "[[tables]]\ntitle = \"TABLE 1\"\nrows = [\"year\"]\n";

fn parse(text: &str) -> Result<Spec, Diagnostics> {
    Spec::parse(text, Path::new("dir/r.toml"))
}

/// The text has exactly these faults, in plain form without the file's name.
fn check(text: &str, expect: &[&str]) {
    let shown = match parse(text) {
        Ok(_) => String::new(),
        Err(faults) => faults.to_string(),
    };
    let lines: Vec<&str> =
        shown.lines().map(|l| l.trim_start_matches("dir/r.toml").trim_start_matches(':').trim()).collect();
    assert_eq!(lines, expect, "for\n{text}");
}

/// A fault in a variable `v` (its key is in line 8) of an otherwise sound file.
fn check_variable(body: &str, expect: &[&str]) {
    check(&format!("{HEAD}{YEAR}[variables.v]\n{body}\n[[tables]]\ntitle = \"t\"\nrows = [\"v\", \"year\"]\n"), expect);
}

/// A fault in the only table, whose first key is in line 9.
fn check_table(body: &str, expect: &[&str]) {
    check(&format!("{HEAD}{YEAR}[[tables]]\n{body}\n"), expect);
}

/// Everything that can be written comes out as meant.
#[test]
fn good() {
    let text = r#"
title = "Cases"
reference = "2572/15"
source = "Crime recording"
policy = "police-foi"
closing = ["The end."]
[input]
files = ["a.csv", "/data/b/*.csv"]
unit = "offence"
person = "victim_id"
contributor = "firm"
count = "n"
where = """
offence = '88/1'"""
types = { code = "text", born = "date", n = "integer", turnover = "decimal" }
[variables.year]
label = "Year"
sql = "EXTRACT(YEAR FROM d)"
categories = [{ code = "2014" }, { code = "2015", label = "2015*", note = "to 16 July", values = ["15"] }]
missing = "error"
total = "Grand Total"
total-across = "Total"
total-code = "All"
[variables.age]
column = "age"
bands = [
  { label = "Under 10", to = 9 },
  { label = "10 to 12", from = 10, to = 12 },
  { label = "13 and Over^", from = 13, note = "as recorded" },
]
missing = { category = "Not Recorded" }
sensitive = true
[variables.area]
columns = ["region", "district"]
missing = "leave-out"
[variables.nace]
column = "nace"
hierarchy = "nace.hrc"
missing = "error"
other = { category = "Other" }
[variables.spare]
column = "spare"
order = ["x", "y"]
ignore-case = true
missing = "error"
[[tables]]
title = "TABLE 1"
rows = ["year"]
[[tables]]
id = "two"
title = "TABLE 2"
rows = ["age"]
columns = ["year"]
layers = ["area"]
measure = "persons"
only = { year = ["2014", "2015"], nace = ["A"] }
margins = false
notes = ["A note."]
[[tables.cell-notes]]
cell = { age = "13 and Over", year = "2015", area = "Total" }
mark = "†"
text = "One case."
[[tables.keep]]
categories = { year = ["2015", "All"] }
never = true
[[tables]]
title = "TABLE 3"
rows = ["nace"]
where = "turnover > 0"
scope = "firms with turnover"
measure = { sum = "turnover", decimals = 2 }
"#;
    let spec = parse(text).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!((spec.title.as_str(), spec.reference.as_deref()), ("Cases", Some("2572/15")));
    assert_eq!((spec.policy.as_deref(), spec.closing.len()), (Some("police-foi"), 1));
    let input = &spec.input;
    assert_eq!(input.files, [PathBuf::from("dir/a.csv"), PathBuf::from("/data/b/*.csv")]);
    assert_eq!(
        (input.unit.as_str(), input.person.as_deref(), input.count.as_deref()),
        ("offence", Some("victim_id"), Some("n"))
    );
    assert_eq!(input.filter, Some(Sql { text: "offence = '88/1'".into(), line: 13 }));
    assert_eq!(input.types["born"], ColumnType::Date);
    let names: Vec<&str> = spec.variables.iter().map(|v| v.name.as_str()).collect();
    assert_eq!(names, ["year", "age", "area", "nace", "spare"], "the order of the file");
    let year = &spec.variables[0];
    assert_eq!((year.total_label(Role::Row), year.total_label(Role::Column)), ("Grand Total", "Total"));
    assert_eq!((year.total_code.as_str(), year.line, &year.other), ("All", 16, &Missing::Error));
    let Classes::Listed { categories, ignore_case: false } = &year.classes else { panic!("{:?}", year.classes) };
    let expect = Category {
        code: "2015".into(),
        label: "2015*".into(),
        note: Some("to 16 July".into()),
        values: vec!["2015".into(), "15".into()],
    };
    assert_eq!((&categories[1], categories[1].mark()), (&expect, Some("*")));
    let Classes::Bands(bands) = &spec.variables[1].classes else { panic!("bands") };
    assert_eq!((bands[0].from, bands[0].to, bands[2].from, bands[2].to), (None, Some(9.0), Some(13.0), None));
    assert_eq!((bands[2].category.code.as_str(), bands[2].category.mark()), ("13 and Over", Some("^")));
    assert_eq!(spec.variables[1].missing, Missing::Category("Not Recorded".into()));
    assert!(spec.variables[1].sensitive && !year.sensitive);
    assert!(matches!(&spec.variables[2].source, Source::Nested(c) if c == &["region", "district"]));
    assert!(matches!(&spec.variables[3].classes, Classes::HierarchyFile(p) if p == Path::new("dir/nace.hrc")));
    let [one, two, three] = &spec.tables[..] else { panic!("three tables") };
    assert_eq!((one.id.as_str(), one.margins, &one.measure), ("1", true, &MeasureSpec::Records));
    assert_eq!(two.axes, [(1, Role::Row), (0, Role::Column), (2, Role::Layer)]);
    assert_eq!((two.id.as_str(), two.margins, &two.measure), ("two", false, &MeasureSpec::Persons));
    assert_eq!(two.scope_name, "Year 2014 or 2015*, nace A");
    let at = vec![(1, "13 and Over".to_owned()), (0, "2015".to_owned())];
    assert_eq!(two.cell_notes, [CellNote { at, mark: "†".into(), text: "One case.".into() }]);
    let keep = KeepCells { categories: vec![(0, vec!["2015".into(), "All".into()])], never: true, line: 63 };
    assert_eq!((&one.keep[..], &two.keep[..]), (&[][..], &[keep][..]));
    assert_eq!(three.measure, MeasureSpec::Sum { column: "turnover".into(), decimals: 2 });
    assert_eq!((three.scope_name.as_str(), three.id.as_str()), ("firms with turnover", "3"));
    let warning =
        "dir/r.toml:41:12: no table uses the variable `spare` (it is not read; leave it out, or use it in a table)";
    assert_eq!(spec.warnings.to_string(), warning);
    assert_eq!(spec.fingerprint.len(), 64);
}

/// Faults of every part come out together, in the order of the file; what a misspelt key leaves missing is not told.
#[test]
fn all_at_once() {
    check(
        "titel = \"T\"\n[input]\nfile = \"a.csv\"\nfiles = [\"b.csv\"]\n[variables.year]\ncolum = \"y\"\nmissing = \"drop\"\n\
         [[tables]]\ntitle = \"\"\nrows = [\"yaer\"]\nmeasure = \"cases\"\n",
        &[
            "1:1: unknown key `titel` (did you mean `title`? Allowed: `title`, `reference`, `source`, `policy`, `key-file`, \
             `key-env`, `closing`, `input`, `variables`, `tables`, `facts`, `answer`)",
            "4:9: both `file` and `files` (write one of the two)",
            "6:1: unknown key `colum` (did you mean `column`? Allowed: `label`, `column`, `sql`, `columns`, `categories`, \
             `order`, `bands`, `hierarchy`, `ignore-case`, `missing`, `other`, `total`, `total-across`, `total-code`, \
             `sensitive`)",
            "7:11: `drop` is none of the choices (write \"error\" (stop and tell how many), \"leave-out\" (leave the record \
             out of tables that use the variable) or { category = \"Not Recorded\" } (a category of its own))",
            "9:9: empty text (write it, or leave the key out)",
            "10:9: no variable is called `yaer` (did you mean `year`? Allowed: `year`)",
            "11:11: `cases` can't be counted (write \"records\", \"persons\" or { sum = \"COLUMN\", decimals = 2 })",
        ],
    );
}

/// An empty file lacks everything, and says what to write.
#[test]
fn nothing_there() {
    check(
        "",
        &[
            "the release has no title (write title = \"…\" at the top)",
            "no [input] (say where the records are: [input] file = \"cases.csv\")",
            "no variable (describe one: [variables.year] column = \"year\")",
            "no table (ask for one: [[tables]] title = \"TABLE 1\" rows = [\"year\"])",
        ],
    );
    check(
        &format!("title = \"T\"\n[input]\n{YEAR}{TABLE}"),
        &["2:1: [input] names no file (write file = \"cases.csv\" or files = [\"2024/*.csv\"], relative to this file)"],
    );
    check(
        &format!("title = \"T\"\n[input]\nfiles = []\n{YEAR}{TABLE}"),
        &["3:9: no file in `files` (name at least one file)"],
    );
    check(
        &format!("{HEAD}types = {{ a = \"txet\" }}\n{YEAR}{TABLE}"),
        &["4:15: unknown word `txet` (did you mean `text`? Allowed: `text`, `integer`, `decimal`, `date`)"],
    );
}

/// What a variable is made from, and what a missing value is.
#[test]
fn faults_of_variables() {
    check_variable(
        "missing = \"error\"",
        &[
            "8:12: variable `v` does not say what it is made from (write column = \"v\", sql = \"…\" or columns = [\"coarse\", \
         \"fine\"] (nested))",
        ],
    );
    check_variable(
        "column = \"v\"",
        &[
            "8:12: variable `v` does not say what a missing value is (missing = …: write \"error\" (stop and tell how many), \
         \"leave-out\" (leave the record out of tables that use the variable) or { category = \"Not Recorded\" } (a \
         category of its own))",
        ],
    );
    check_variable(
        "column = \"v\"\nsql = \"w\"\nmissing = \"error\"",
        &["8:12: variable `v` is made from more than one thing (write one of `column`, `sql` and `columns`)"],
    );
    check_variable(
        "columns = [\"a\"]\norder = [\"x\"]\nmissing = \"error\"",
        &[
            "8:12: nested columns of `v` already give its categories (leave out `categories`, `order`, `bands` and `hierarchy`)",
            "9:11: nested columns are at least two, coarse to fine (columns = [\"region\", \"district\"], or column = \
         \"district\")",
        ],
    );
    check_variable(
        "column = \"v\"\nmissing = { categroy = \"x\" }",
        &["10:13: unknown key `categroy` (did you mean `category`? Allowed: `category`)"],
    );
    check_variable(
        "column = \"v\"\nmissing = 3",
        &["10:11: integer `3` can't stand here (write a word in quotes or a table in braces)"],
    );
    check_variable(
        "column = \"v\"\nmissing = \"error\"\nother = \"leave-out\"\nignore-case = true",
        &[
            "11:9: `other` has no meaning here: every value found is a category (list the `categories`, or leave `other` out)",
            "12:15: `ignore-case` has no meaning here: no categories are listed (list the `categories`, or leave `ignore-case` \
         out)",
        ],
    );
}

/// Categories: named, once each, and a value in one of them only.
#[test]
fn faults_of_categories() {
    let v = "column = \"v\"\nmissing = \"error\"\n";
    check_variable(
        &format!("{v}order = [\"a\"]\nhierarchy = \"h.hrc\""),
        &["12:13: both `order` and `hierarchy` (write one of the two)"],
    );
    check_variable(&format!("{v}order = []"), &["11:9: no category in the list (name at least one)"]);
    check_variable(
        &format!("{v}order = [\"a\", \"b\", \"a\"]"),
        &["11:20: category `a` stands twice (leave one out, or join their `values`)"],
    );
    check_variable(
        &format!("{v}categories = [\"a\", {{ code = \"b\" }}]"),
        &[
            "11:15: text \"a\" can't stand here (write a category such as { code = \"2015\", label = \"2015*\" }; a plain list of \
         codes is `order = [\"a\", \"b\"]`)",
        ],
    );
    check_variable(
        &format!("{v}categories = [{{ values = [\"x\"] }}]"),
        &["11:15: neither `code` nor `label` (name it: label = \"…\")"],
    );
    check_variable(
        &format!("{v}ignore-case = true\ncategories = [{{ code = \"a\", values = [\"X \"] }}, {{ code = \"x\" }}]"),
        &["12:57: the value `x` belongs to `a` and to `x` (a value belongs to one category)"],
    );
    check_variable(
        &format!("{v}categories = [{{ code = \"2015\", note = \"part\" }}]"),
        &[
            "11:39: nothing on the label `2015` points to this note (end the label with a mark, such as label = \"2015*\")",
        ],
    );
    check_variable(
        &format!("{v}order = [\"All\"]\ntotal-code = \"All\""),
        &[
            "12:14: `All` is the code of a category and of the total (give the total another code: total-code = \"All\")",
        ],
    );
}

/// Bands: no gap, no overlap, open only at the outside.
#[test]
fn faults_of_bands() {
    let check_bands = |bands: &str, expect: &[&str]| {
        check_variable(&format!("column = \"v\"\nmissing = \"error\"\nbands = [\n{bands}\n]"), expect);
    };
    check_bands(
        "{ label = \"a\", to = 9 },\n{ label = \"b\", from = 11 }",
        &["13:23: bands `a` and `b` leave a gap: 10 is in no band (write from = 10)"],
    );
    check_bands(
        "{ label = \"a\", to = 9 },\n{ label = \"b\", from = 15 }",
        &["13:23: bands `a` and `b` leave a gap: 10 to 14 are in no band (write from = 10)"],
    );
    check_bands(
        "{ label = \"a\", to = 9 },\n{ label = \"b\", from = 9 }",
        &[
            "13:23: bands `a` and `b` overlap: 9 is not more than 9 (bands stand from low to high, and both ends are in the \
         band)",
        ],
    );
    check_bands(
        "{ label = \"a\" },\n{ label = \"b\" }",
        &[
            "12:1: band `a` has no `to` (only the last band may be open at that end)",
            "13:1: band `b` has no `from` (only the first band may be open at that end)",
        ],
    );
    check_bands(
        "{ label = \"a\", from = 9, to = 3 },\n{ label = \"a\", from = 10, to = nan }",
        &[
            "12:1: band `a` holds nothing: 9 is more than 3 (`from` and `to` are both in the band, the smaller first)",
            "13:1: band `a` stands twice",
            "13:1: `to` of band `a` is not a number",
            "13:23: bands `a` and `a` leave a gap: 4 to 9 are in no band (write from = 4)",
        ],
    );
    check_bands("{ label = \"a\", to = 9.99 },\n{ label = \"b\", from = 10 }", &[]);
}

/// Tables: variables that exist, once each; ids once; what is asked of `where`, `only` and notes.
#[test]
fn faults_of_tables() {
    check_table("title = \"t\"\nrows = []", &["8:1: the table has no rows (rows = [\"NAME\"], one of `year`)"]);
    check_table("rows = [\"year\"]", &["8:1: the table has no title (write title = \"TABLE 1\")"]);
    check_table(
        "title = \"t\"\nrows = [\"year\"]\ncolumns = [\"year\"]",
        &["11:12: `year` stands twice in the table (a variable stands in rows, columns or layers, once)"],
    );
    check_table(
        "title = \"t\"\nrows = [\"year\"]\n[[tables]]\nid = \"1\"\ntitle = \"u\"\nrows = [\"year\"]",
        &["12:6: two tables have the id `1` (the other one stands in line 8)"],
    );
    check_table(
        "title = \"t\"\nrows = [\"year\"]\nwhere = \"x > 1\"",
        &[
            "11:9: a table with `where` needs words for its part of the records (write scope = \"victims under 10\" (findings \
         and reports use it))",
        ],
    );
    check_table(
        "title = \"t\"\nrows = [\"year\"]\nonly = { yaer = [\"2014\"], year = [\"2104\", \"2015\", \"2015\"] }",
        &[
            "11:10: no variable is called `yaer` (did you mean `year`? Allowed: `year`)",
            "11:35: `2104` is no category of `year` (did you mean `2014`? Allowed: `2014`, `2015`)",
            "11:51: category `2015` stands twice in the list",
        ],
    );
    check_table(
        "title = \"t\"\nrows = [\"year\"]\nmeasure = \"persons\"",
        &[
            "11:11: persons can't be counted: [input] names no `person` column (write person = \"COLUMN\" under [input])",
        ],
    );
    check_table(
        "title = \"t\"\nrows = [\"year\"]\nmeasure = { sum = \"x\", decimals = 12 }",
        &["11:35: 12 decimals are too many (at most 9)"],
    );
    check_table(
        "title = \"t\"\nrows = [\"year\"]\n[[tables.cell-notes]]\ncell = { year = \"2013\" }",
        &[
            "11:1: the note has no mark (write mark = \"^\")",
            "11:1: the note has no text (write text = \"…\")",
            "12:17: `2013` is no category of `year` (did you mean `2014`? Allowed: `2014`, `2015`, `Total`)",
        ],
    );
}

/// A mark with two meanings is told, but stops nothing.
#[test]
fn marks_are_warned_about() {
    let text = format!(
        "{HEAD}[variables.v]\ncolumn = \"v\"\nmissing = \"error\"\ncategories = [{{ label = \"a*\", note = \"x\" }}, \
         {{ label = \"b*\", note = \"y\" }}]\n[[tables]]\ntitle = \"t\"\nrows = [\"v\"]\n"
    );
    let warnings = parse(&text).unwrap_or_else(|faults| panic!("{faults}")).warnings.to_string();
    assert_eq!(warnings, "dir/r.toml:4:12: the mark `*` means \"x\" and \"y\" (use another mark for one of them)");
}

/// A file that is not there, not UTF-8 or not TOML is a fault that names it.
#[test]
fn files_that_cant_be_read() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("r.toml");
    let fault = |path: &Path| Spec::load(path).expect_err("must not load").to_string();
    assert!(fault(&path).contains("r.toml: can't be read"));
    std::fs::write(&path, b"title = \"caf\xe9\"\n").expect("written");
    assert!(fault(&path).contains("r.toml:1:13: not UTF-8 (save the file as UTF-8)"), "{}", fault(&path));
    std::fs::write(&path, "title = \n").expect("written");
    assert!(fault(&path).contains("r.toml:1:"), "{}", fault(&path));
    std::fs::write(&path, format!("\u{feff}{HEAD}{YEAR}{TABLE}")).expect("written");
    assert_eq!(Spec::load(&path).expect("a byte order mark does no harm").input.files, [dir.path().join("a.csv")]);
}

/// An answer names tables that there are, each once, and an exemption says why it applies.
#[test]
fn an_answer_is_checked_against_the_tables() {
    let sound = format!(
        "{HEAD}{YEAR}{TABLE}[answer]\nadvice = [\"ask again\"]\n[[answer.questions]]\ntext = \"How many?\"\ntables = [\"1\"]\n"
    );
    let answer = parse(&sound).unwrap_or_else(|faults| panic!("{faults}")).answer.expect("an answer");
    assert_eq!((answer.questions[0].tables.as_slice(), answer.advice.len()), (&["1".to_owned()][..], 1));
    let faults = |rest: &str| parse(&format!("{sound}{rest}")).expect_err("a fault").to_string();
    let again = faults("[[answer.questions]]\ntables = [\"1\", \"9\"]\n");
    assert!(again.contains("the question has no text"), "{again}");
    assert!(again.contains("the table \"1\" answers two questions"), "{again}");
    assert!(again.contains("there is no table \"9\" (there are: 1)"), "{again}");
    let bare = faults("[[answer.exemptions]]\nsection = \"section 40(2)\"\n");
    assert!(bare.contains("the exemption does not say why it applies"), "{bare}");
    let unasked = sound.replace("tables = [\"1\"]\n", "");
    let warnings = parse(&unasked).unwrap_or_else(|faults| panic!("{faults}")).warnings.to_string();
    assert!(warnings.contains("no question names the table \"1\""), "{warnings}");
}

/// The reference page has a row for every key that serde knows, in the same order, and for no other.
#[test]
fn reference_page() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reference/release-toml.md"))
        .expect("the reference page");
    for (heading, probe) in [
        ("## The head", ""),
        ("## `[input]`", "[input]\n"),
        ("## `[variables.NAME]`", "[variables.v]\n"),
        ("### `categories`", "[[variables.v.categories]]\n"),
        ("### `bands`", "[[variables.v.bands]]\n"),
        ("### `missing`", "[variables.v.missing]\n"),
        ("## `[[tables]]`", "[[tables]]\n"),
        ("### `measure`", "[[tables]]\n[tables.measure]\n"),
        ("### `[[tables.cell-notes]]`", "[[tables]]\n[[tables.cell-notes]]\n"),
        ("### `[[tables.keep]]`", "[[tables]]\n[[tables.keep]]\n"),
        ("## `[facts]`", "[facts]\n"),
        ("## `[answer]`", "[answer]\n"),
        ("### `[[answer.questions]]`", "[[answer.questions]]\n"),
        ("### `[[answer.exemptions]]`", "[[answer.exemptions]]\n"),
    ] {
        let faults = parse(&format!("{probe}no-such-key = 1\n")).expect_err("an unknown key").to_string();
        let allowed = faults
            .lines()
            .find(|l| l.contains("no-such-key"))
            .and_then(|l| l.split_once("llowed: "))
            .expect("a list")
            .1;
        let keys: Vec<&str> = allowed.split('`').skip(1).step_by(2).collect();
        let section = page.split_once(&format!("\n{heading}")).unwrap_or_else(|| panic!("no section {heading}")).1;
        let section = section.split("\n#").next().unwrap_or_default();
        let rows: Vec<&str> =
            section.lines().filter_map(|l| l.strip_prefix("| `")?.split_once('`')).map(|(key, _)| key).collect();
        assert_eq!(rows, keys, "section {heading}");
    }
}

/// The example on the reference page is a sound specification.
#[test]
fn reference_example() {
    let page = include_str!("../../docs/reference/release-toml.md");
    let example = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let spec = parse(example).unwrap_or_else(|faults| panic!("{faults}"));
    assert!(spec.warnings.is_empty(), "{}", spec.warnings);
}

/// The worked example is a sound specification of six tables, with nothing to warn about.
#[test]
fn police_example() {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/police-foi/release.toml"));
    let spec = Spec::load(path).unwrap_or_else(|faults| panic!("{faults}"));
    assert!(spec.warnings.is_empty(), "{}", spec.warnings);
    assert_eq!(spec.tables.len(), 6);
    assert_eq!(spec.tables[4].scope_name, "Outcome Charge");
    assert!(spec.input.files[0].ends_with("examples/police-foi/cases.csv") && spec.input.files[0].is_file());
}
