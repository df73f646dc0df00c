//! Tables with rows of totals, typed in by hand.

use crate::link::{Details, link};
use crate::read;
use crate::spec::{Spec, TotalRows};
use crate::tabulate::{Needs, Tabulation, tabulate, wanted};

/// A table of region by sex with its counts, and for `north.hrc` a hierarchy of regions.
fn run(records: &str, more: &str, rows: TotalRows) -> Result<Tabulation, read::Error> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("cells.csv"), records).unwrap();
    std::fs::write(folder.path().join("north.hrc"), "North\n@n1\n@n2\nSouth\n").unwrap();
    let count = if rows == TotalRows::Refused { "" } else { "count = \"n\"" };
    let text = format!(
        "title = \"T\"\n[input]\nfile = \"cells.csv\"\n{count}\n[variables.region]\ncolumn = \"region\"\n\
         missing = \"error\"\n{more}\n[variables.sex]\ncolumn = \"sex\"\nmissing = \"error\"\n\
         [[tables]]\nid = \"1\"\ntitle = \"One\"\nrows = [\"region\", \"sex\"]\n"
    );
    let mut spec = Spec::parse(&text, &folder.path().join("release.toml")).unwrap();
    (spec.input.total_rows, spec.input.total_guessed) = (rows, true);
    let records = read::open(&spec.input.files, &wanted(&spec, &Needs::default())?)?;
    tabulate(&spec, records, Needs::default())
}

/// The values of the table, row by row with totals last.
fn values(made: Tabulation) -> Vec<i64> {
    let system = link(made.space, made.measures, made.tables, &made.groups, Details::default());
    system.grids[0].iter().map(|c| c.map_or(-1, |c| system.value(c))).collect()
}

/// The message without the folder.
fn told(error: read::Error) -> String {
    let at = error.message.find("cells.csv").unwrap_or(0);
    error.message[at..].to_owned()
}

const INNER: &str = "region,sex,n\nn,f,3\nn,m,4\ns,f,5\n";

/// With rows of totals the table is the same as without them: nothing is counted twice.
#[test]
fn totals_that_add_up_are_left_out() {
    let plain = values(run(INNER, "", TotalRows::Checked).unwrap());
    assert_eq!(plain, [3, 4, 7, 5, 0, 5, 8, 4, 12]);
    let with = format!("{INNER}Total,f,8\nn,Total,7\nTotal,Total,12\ns,Total,5\nTotal,x,0\n");
    let made = run(&with, "", TotalRows::Checked).unwrap();
    let note = made.summary.notes.last().unwrap().clone();
    assert_eq!(note, "5 rows of totals were checked against their parts and not counted again");
    // the category that only its total names is one of the table
    assert_eq!(values(made), [3, 4, 0, 7, 5, 0, 0, 5, 8, 4, 0, 12]);
}

/// What does not add up is told with its line, the cell and by how much, and without the values.
#[test]
fn totals_that_do_not_add_up_are_told() {
    let wrong = "region,sex,n\nTotal,Total,13\nn,f,3\nn,m,4\ns,f,5\nn,Total,5\ns,Total,5\nTotal,x,2\n";
    let message = told(run(wrong, "", TotalRows::Checked).unwrap_err());
    assert_eq!(
        message,
        "cells.csv: 3 cells do not fit the 4 rows of totals that the data hold\n  \
         line 2: region Total, sex Total is 1 more than its parts add up to\n  \
         line 6: region n, sex Total is 2 less than its parts add up to\n  \
         line 8: region Total, sex x stands in the data, but none of its parts"
    );
}

/// Codes above others in a hierarchy are totals of what is below them.
#[test]
fn inner_codes_of_a_hierarchy_are_totals() {
    let hierarchy = "hierarchy = \"north.hrc\"";
    let cells = "region,sex,n\nn1,f,3\nn2,f,4\nSouth,f,5\nNorth,f,7\nNorth,Total,7\nTotal,f,12\n";
    let made = run(cells, hierarchy, TotalRows::Checked).unwrap();
    assert_eq!(values(made), [7, 7, 3, 3, 4, 4, 5, 5, 12, 12]);
    let wrong = cells.replace("North,f,7", "North,f,9");
    let message = told(run(&wrong, hierarchy, TotalRows::Checked).unwrap_err());
    assert!(message.ends_with("\n  line 5: region North, sex f is 2 more than its parts add up to"), "{message}");
}

/// In a table each cell has one row; a second one would be the total of something that nobody named.
#[test]
fn a_cell_stands_once() {
    let twice = format!("{INNER}Total,Total,12\nn,f,3\n");
    let message = told(run(&twice, "", TotalRows::Checked).unwrap_err());
    assert!(message.ends_with("a cell stands in more than one row\n  line 2 and line 6: region n, sex f"), "{message}");
    // without totals it is a slip as well
    let message = told(run(&format!("{INNER}n,f,1\n"), "", TotalRows::Checked).unwrap_err());
    assert!(message.ends_with("\n  line 2 and line 5: region n, sex f"), "{message}");
}

/// A column that is not named may hold the totals.
#[test]
fn totals_of_what_is_not_named() {
    let cells = "region,sex,age,n\nn,f,young,1\nn,f,old,2\nn,f,Total,3\n";
    let message = run(cells, "", TotalRows::Checked).unwrap_err().message;
    assert!(message.starts_with("the column \"age\", which is not named, holds the code of a total"), "{message}");
    let finer = "region,sex,age,n\nn,f,young,1\nn,f,old,2\n";
    let made = run(finer, "", TotalRows::Checked).unwrap();
    let note = "rows of the same cell that differ in a column which is not named (`age`) are added up";
    assert_eq!(made.summary.of_writing, [note]);
    assert_eq!(values(made), [3, 3, 3, 3]);
}

/// A code whose counts are the sums of those of all others, in every combination, is asked about, whatever it is called;
/// where one combination differs it is a category.
#[test]
fn totals_are_found_by_arithmetic() {
    let cells = "region,sex,n\nn,f,3\nn,m,4\ns,f,5\ns,m,6\nEngland,f,8\nEngland,m,10\n";
    let error = run(cells, "", TotalRows::Checked).unwrap_err();
    let want =
        "each figure of \"England\" of `region` is the sum of those of the other codes: is it the code of a total?";
    assert_eq!((error.kind, error.message.as_str()), (read::Kind::Usage, want));
    let help = error.help.unwrap_or_default();
    assert!(help.contains("--total region=England if it is, --total region=Total if it is a category"), "{help}");
    let other = cells.replace("England,m,10", "England,m,11").replace("England,f,8", "England,f,7");
    assert!(run(&other, "", TotalRows::Checked).is_ok());
    // also where rows of a total are known already, and where no arguments were typed
    let both = format!("{cells}Total,f,8\nTotal,m,10\n");
    assert!(run(&both, "", TotalRows::Checked).unwrap_err().message.contains("\"England\""));
    assert!(run(cells, "", TotalRows::Records).unwrap_err().help.unwrap_or_default().contains("`where` of [input]"));
    let listed = "order = [\"n\", \"s\", \"England\"]";
    assert!(run(cells, listed, TotalRows::Records).is_ok(), "categories that are listed are categories");
    // two categories that are equal once are no sign of anything; equal everywhere they are
    assert!(run("region,sex,n\nn,f,3\ns,f,3\n", "", TotalRows::Checked).is_ok());
    assert!(run("region,sex,n\nn,f,3\ns,f,3\nn,m,4\ns,m,4\n", "", TotalRows::Checked).is_err());
}

/// Labels that differ in blanks or in case alone are named with the lines where they stand first.
#[test]
fn labels_that_look_alike() {
    let cells = "region,sex,n\nn,f,3\ns,f,4\n\u{a0}N ,f,5\n";
    let made = run(cells, "", TotalRows::Checked).unwrap();
    let told = &made.summary.of_writing[0];
    assert!(told.starts_with("variable `region`: \"n\", \"\\u{a0}N \" differ in nothing but blanks or case"), "{told}");
    assert!(told.contains("(line 2, line 4)"), "{told}");
}

/// Where no two rows agree and a column holds whole numbers, rows are cells: nothing but counts of 1 could come of it.
#[test]
fn cells_are_no_cases() {
    let error = run("region,sex,n\nn,f,12\nn,m,4\n", "", TotalRows::Refused).unwrap_err();
    assert!(told(error.clone()).starts_with("cells.csv: no two rows agree in region, sex"), "{}", error.message);
    assert!(error.help.unwrap_or_default().contains("(whole numbers stand in `n`)"));
    assert!(run("region,sex,n\nn,f,12\nn,f,4\n", "", TotalRows::Refused).is_ok());
    assert!(run("region,sex,n\nn,f,a\nn,m,b\n", "", TotalRows::Refused).is_ok());
}

/// Where a row is a case there are no totals, and the message says what to do.
#[test]
fn a_case_is_no_total() {
    let error = run("region,sex\nn,f\n\"n\",Total\n", "", TotalRows::Refused).unwrap_err();
    let help = error.help.clone().unwrap_or_default();
    assert_eq!(told(error), "cells.csv:3: \"Total\" of `sex` is the code of a total, but each row is one case");
    assert!(help.contains("--count COLUMN"), "{help}");
}

/// Lines are physical lines: quoted line breaks and blank lines are counted.
#[test]
fn lines_are_physical() {
    let cells = "region,sex,n\n\"n\nn\",f,3\n\nTotal,f,4\n";
    let message = told(run(cells, "", TotalRows::Checked).unwrap_err());
    assert!(message.contains("\n  line 5: region Total, sex f is 1 more"), "{message}");
}

/// A total under another name, or in other letters, is not taken for a category.
#[test]
fn totals_by_another_name() {
    for code in ["TOTAL", "All", "_T"] {
        let cells = format!("{INNER}n,{code},7\n");
        let error = run(&cells, "", TotalRows::Checked).unwrap_err();
        let want = format!("\"{code}\" of `sex` looks like the code of a total, which is \"Total\"");
        assert_eq!((error.kind, error.message), (read::Kind::Usage, want));
    }
    // where the totals have their code, another word is a category
    let cells = format!("{INNER}n,All,1\nn,Total,8\n");
    assert!(run(&cells, "", TotalRows::Checked).is_ok());
}
