//! Whole specifications with their records, against figures counted by hand or published.

use std::path::Path;

use crate::link::{Details, link};
use crate::model::{Interval, Measure, System};
use crate::read;
use crate::spec::Spec;

use super::{Needs, Tabulation, tabulate, wanted};

fn run(spec: &Spec, needs: Needs) -> Result<Tabulation, read::Error> {
    let records = read::open(&spec.input.files, &wanted(spec, &needs)?)?;
    tabulate(spec, records, needs)
}

/// A specification beside a file of records.
fn made(records: &str, spec: &str, needs: Needs) -> Result<Tabulation, read::Error> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("records.csv"), records).unwrap();
    let head = "title = \"T\"\n";
    let spec = Spec::parse(&format!("{head}{spec}"), &folder.path().join("release.toml")).unwrap();
    run(&spec, needs)
}

fn linked(made: Tabulation) -> System {
    link(made.space, made.measures, made.tables, &made.groups, Details::default())
}

/// A table's values row by row, `x` where categories exclude each other.
fn grid(system: &System, table: usize) -> Vec<String> {
    let t = &system.tables[table];
    let width = t.axes.last().map_or(1, |a| a.entries.len());
    let value = |p: usize| system.grids[table][p].map_or("x".to_owned(), |c| system.value(c).to_string());
    let rows: Vec<usize> = (0..t.len()).collect();
    rows.chunks(width).map(|row| row.iter().map(|&p| value(p)).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn the_police_tables_come_out_as_published() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/police-foi");
    let spec = Spec::load(&folder.join("release.toml")).unwrap();
    let made = run(&spec, Needs::default()).unwrap();
    assert_eq!((made.summary.rows_read, made.summary.rows_kept), (325, 25));
    assert_eq!(made.measures, [Measure::Records]);
    let system = linked(made);
    let published = std::fs::read_to_string(folder.join("published.tsv")).unwrap();
    let blocks: Vec<&str> = published.split("\n\n").collect();
    assert_eq!(blocks.len(), 6);
    for (t, (table, block)) in system.tables.iter().zip(blocks).enumerate() {
        let mut lines = block.lines();
        assert_eq!(lines.next(), Some(table.title.as_str()));
        let head = if table.axes.len() == 1 { 1 } else { 2 };
        let rows: Vec<Vec<&str>> = lines.skip(head).map(|l| l.split('\t').collect()).collect();
        assert_eq!(rows.len(), table.axes[0].entries.len(), "{}", table.title);
        for (r, row) in rows.iter().enumerate() {
            assert_eq!(row[0], table.axes[0].entries[r].label);
            for (c, &text) in row[1..].iter().enumerate() {
                let at: Vec<usize> = [r, c][..table.axes.len()].to_vec();
                let cell = system.cell_at(t, &at).unwrap();
                let want: i64 = if text == "-" { 0 } else { text.parse().unwrap() };
                assert_eq!(Interval::exactly(system.value(cell)), Interval::exactly(want), "{}", table.words(&at));
            }
        }
    }
    assert!(system.relations.iter().all(|r| r.holds(|c| system.value(c))));
}

const TWO: &str = "[input]\nfile = \"records.csv\"\nperson = \"id\"\n";

#[test]
fn bands_of_one_column_share_a_dimension_whose_leaves_are_their_crossings() {
    let spec = r#"
        [variables.wide]
        column = "age"
        bands = [{ label = "0-9", from = 0, to = 9 }, { label = "10+", from = 10 }]
        missing = "leave-out"
        [variables.narrow]
        column = "age"
        bands = [{ label = "0-4", from = 0, to = 4 }, { label = "5-9", from = 5, to = 9 }, { label = "10+", from = 10 }]
        missing = "leave-out"
        [[tables]]
        id = "1"
        title = "One"
        rows = ["wide"]
        [[tables]]
        id = "2"
        title = "Two"
        rows = ["narrow"]
    "#;
    let made = made("id,age\na,3\nb,12\nc,\nd,12\n", &format!("{TWO}{spec}"), Needs::default()).unwrap();
    assert_eq!(made.space.dims.len(), 1);
    // three crossings and the missing ages
    assert_eq!(made.space.dims[0].leaves, 4);
    assert_eq!(made.tables[1].axes[0].entries[1].leaves, [1]);
    assert_eq!(made.tables[0].axes[0].entries[0].leaves, [0, 1]);
    assert!(made.summary.warnings.iter().any(|w| w == "variable `narrow`: no record falls in `5-9`"));
    let system = linked(made);
    assert_eq!(grid(&system, 0), ["1 2 3"]);
    assert_eq!(grid(&system, 1), ["1 0 2 3"]);
}

#[test]
fn nested_columns_make_subtotals_and_persons_are_counted_once() {
    let spec = r#"
        [variables.area]
        columns = ["region", "district"]
        missing = { category = "Unknown" }
        [[tables]]
        id = "1"
        title = "One"
        rows = ["area"]
        measure = "persons"
    "#;
    let records = "id,region,district\na,N,n1\na,N,n2\nb,N,n2\n,S,s1\n,S,s1\nb,S,\n";
    let made = made(records, &format!("{TWO}{spec}"), Needs::default()).unwrap();
    let codes: Vec<&str> = made.tables[0].axes[0].entries.iter().map(|e| e.code.as_str()).collect();
    assert_eq!(codes, ["N", "n1", "n2", "S", "s1", "Unknown", "Total"]);
    assert_eq!(made.summary.notes.last().unwrap(), "2 records name no person; each counts as a person of its own");
    assert_eq!(grid(&linked(made), 0), ["2 1 2 2 2 1 4"]);
}

#[test]
fn sums_keep_their_decimals_and_filters_are_scopes() {
    let spec = r#"
        [variables.kind]
        column = "kind"
        missing = "error"
        [[tables]]
        id = "1"
        title = "One"
        rows = ["kind"]
        measure = { sum = "paid", decimals = 2 }
        where = "paid < 5"
        scope = "small"
    "#;
    let records = "id,kind,paid\na,x,1.10\nb,10,2.25\nc,x,7\nd,x,0.7\n";
    let made = made(records, &format!("{TWO}{spec}"), Needs { contributions: 2, ..Needs::default() }).unwrap();
    assert_eq!(made.groups.person.as_ref().map(Vec::len), Some(4));
    assert_eq!(grid(&linked(made), 0), ["225 180 405"]);
}

#[test]
fn faults_name_columns_and_numbers_of_records_but_no_values() {
    let table = "[[tables]]\nid = \"1\"\ntitle = \"One\"\nrows = [\"kind\"]\n";
    let records = "id,kind,paid\na,secret,1.105\nb,,2\n";
    for (variable, more, want) in [
        ("missing = \"error\"", "", "variable `kind` (column \"kind\"): 1 record has no value"),
        (
            "order = [\"x\"]\nmissing = \"leave-out\"",
            "",
            "variable `kind` (column \"kind\"): 1 record has a value that no category names",
        ),
        (
            "missing = \"leave-out\"",
            "measure = { sum = \"paid\", decimals = 2 }",
            "column \"paid\": some numbers have more than 2 decimals",
        ),
    ] {
        let spec = format!("{TWO}[variables.kind]\ncolumn = \"kind\"\n{variable}\n{table}{more}\n");
        let error = made(records, &spec, Needs::default()).unwrap_err();
        assert_eq!(error.message.split("; the first stands in ").next(), Some(want));
    }
    let none =
        format!("{TWO}where = \"paid > 100\"\n[variables.kind]\ncolumn = \"kind\"\nmissing = \"error\"\n{table}");
    let error = made(records, &none, Needs::default()).unwrap_err();
    assert_eq!(error.message, "the filter of [input] leaves none of 2 records");
}

#[test]
fn the_order_of_the_records_does_not_matter() {
    let spec = format!(
        "{TWO}[variables.kind]\ncolumn = \"kind\"\nmissing = \"error\"\n[[tables]]\nid = \"1\"\ntitle = \"One\"\nrows = [\"kind\"]\n"
    );
    let needs = Needs { persons: true, ..Needs::default() };
    let a = made("id,kind\na,2\nb,10\na,10\nc,2\n", &spec, needs).unwrap();
    let b = made("id,kind\nc,2\na,10\nb,10\na,2\n", &spec, needs).unwrap();
    assert_eq!((&a.groups.leaf, &a.groups.person), (&b.groups.leaf, &b.groups.person));
    let codes: Vec<&str> = a.tables[0].axes[0].entries.iter().map(|e| e.code.as_str()).collect();
    assert_eq!(codes, ["2", "10", "Total"]);
}

/// Weights are added up over the records of each cell of each table, whoever they belong to and however many cases a row
/// stands for; rows of totals bring none, and no table or measure shows them.
#[test]
fn weights_are_added_up_by_cell() {
    let spec = "[input]\nfile = \"records.csv\"\ncount = \"n\"\nperson = \"who\"\n\
                [variables.kind]\ncolumn = \"kind\"\nmissing = \"error\"\n[variables.area]\ncolumn = \"area\"\nmissing = \"error\"\n\
                [[tables]]\nid = \"1\"\ntitle = \"One\"\nrows = [\"kind\"]\ncolumns = [\"area\"]\n\
                [[tables]]\nid = \"2\"\ntitle = \"Two\"\nrows = [\"area\"]\nmeasure = \"persons\"\n";
    let records = "kind,area,n,who,w\nx,N,2,a,1.5\nx,N,1,a,0.25\nx,S,4,,3\ny,N,1,b,0\ny,S,9,,7\n";
    let needs = Needs { persons: true, weight: Some(("w", 2)), ..Needs::default() };
    let made = made(records, spec, needs).unwrap();
    assert!(made.measures.iter().all(|m| !matches!(m, Measure::Sum { .. })));
    let groups = made.groups.clone();
    let system = link(made.space, made.measures, made.tables, &groups, Details { persons: true, ..Details::default() });
    let weights =
        |table: usize| -> Vec<i64> { system.grids[table].iter().flatten().map(|&cell| system.weights[cell]).collect() };
    assert_eq!(weights(0), [175, 300, 475, 0, 700, 700, 175, 1000, 1175]);
    assert_eq!(weights(1), [175, 1000, 1175]);
    assert_eq!((groups.weights.iter().sum::<i64>(), system.weights.len()), (1175, system.cells.len()));
    let negative = run_weights("kind,area,n,who,w\nx,N,2,a,-1\n", spec);
    assert!(negative.starts_with("column \"w\" holds negative numbers"), "{negative}");
    let text = run_weights("kind,area,n,who,w\nx,N,2,a,heavy\n", spec);
    assert!(text.contains("column \"w\""), "{text}");
}

/// What is said of records whose weights do not hold.
fn run_weights(records: &str, spec: &str) -> String {
    let needs = Needs { weight: Some(("w", 2)), ..Needs::default() };
    made(records, spec, needs).map_or_else(|e| e.message, |_| String::new())
}
