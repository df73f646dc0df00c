//! The format, field by field and fault by fault.

use super::*;

/// A table of two rows and two columns with its totals.
const SMALL: &str = "0\n9\n\
    0 2 2 u 0 20 1 1.5 0\n1 3 3 s 0 20 0 0 0\n2 5 5 s 0 20 0 0 0\n\
    3 4 4 s 0 20 0 0 0\n4 0 0 z 0 0 0 0 0\n5 4 4 s 0 20 0 0 0\n\
    6 6 6 m 0 20 0 0 0\n7 3 3 x 0 20 0 0 0\n8 9 9 h 0 20 0 0 0\n\
    6\n\
    0 3 : 2 (-1) 0 (1) 1 (1)\n0 3 : 5 (-1) 3 (1) 4 (1)\n0 3 : 8 (-1) 6 (1) 7 (1)\n\
    0 3 : 6 (-1) 0 (1) 3 (1)\n0 3 : 7 (-1) 1 (1) 4 (1)\n0 3 : 8 (-1) 2 (1) 5 (1)\n";

fn parse(text: &str) -> Result<Jj, String> {
    parse_jj("a.jj", text.as_bytes().to_vec()).map_err(|e| match e.help {
        Some(help) => format!("{} ({help})", e.message),
        None => e.message,
    })
}

/// The fault of the small table after one change of its text.
fn fault(old: &str, new: &str) -> String {
    assert!(SMALL.contains(old), "{old:?} is in the table");
    parse(&SMALL.replacen(old, new, 1)).map_or_else(|e| e, |_| format!("{new:?} was read"))
}

/// Every field of a cell and a relation is where the format says, in whole numbers of the last decimal.
#[test]
fn fields() -> Result<(), String> {
    let jj = parse(SMALL)?;
    assert_eq!((jj.decimals, jj.cost_decimals, jj.cells.len(), jj.relations.len()), (1, 0, 9, 6));
    let first = jj.cells[0];
    assert_eq!((first.value, first.cost, first.bounds), (20, 2, Interval::new(0, 200)));
    assert_eq!((first.lower, first.upper, first.spread, first.line), (10, 15, 0, 3));
    let statuses: Vec<JjStatus> = jj.cells.iter().map(|c| c.status).collect();
    use JjStatus::{Fixed, Hidden, Primary, Publishable, Secondary};
    let expect = [Primary, Publishable, Publishable, Publishable, Fixed, Publishable, Secondary, Secondary, Hidden];
    assert_eq!(statuses, expect);
    assert_eq!(jj.relations[0], Relation { terms: vec![(2, -1), (0, 1), (1, 1)], constant: 0 });
    Ok(())
}

/// Costs have decimals of their own; constants are scaled as values are.
#[test]
fn decimals() -> Result<(), String> {
    let jj = parse("0\n2\n0 0.25 1.5 s 0 9 0 0 0\n1 1 2 s 0 9 0 0 0\n1\n-.75 2 : 0 (1) 1 (-1)\n")?;
    assert_eq!((jj.decimals, jj.cost_decimals), (2, 1));
    assert_eq!(jj.cells.iter().map(|c| (c.value, c.cost)).collect::<Vec<_>>(), [(25, 15), (100, 20)]);
    assert_eq!(jj.relations[0].constant, -75);
    Ok(())
}

/// Line ends of other systems, blank lines, tabs and missing blanks are read; what is written back differs in the
/// letters of the pattern alone, and reads as that pattern.
#[test]
fn round_trip() -> Result<(), String> {
    let odd = SMALL.replace('\n', " \r\n\r\n").replace("0 (1)", "\t0(1 )");
    for text in [SMALL, odd.trim_end()] {
        let jj = parse(text)?;
        let same = jj.with_pattern(|c| c == 6 || c == 7);
        assert_eq!(same, text.replacen("6 6 6 m", "6 6 6 x", 1).into_bytes());
        let other = jj.with_pattern(|c| c == 1 || c == 4);
        let read = parse_jj("b.jj", other.clone()).map_err(|e| e.message)?;
        let secondary = |c: usize| read.cells[c].status == JjStatus::Secondary;
        assert_eq!((0..9).filter(|&c| secondary(c)).collect::<Vec<_>>(), [1], "a fixed cell stays as it is");
        assert_eq!((&read.cells[0], &read.relations), (&jj.cells[0], &jj.relations));
        assert_eq!(read.with_pattern(secondary), other);
    }
    Ok(())
}

/// Counts that do not fit what follows are told where they are noticed.
#[test]
fn wrong_counts() {
    assert_eq!(parse("").unwrap_err(), "a.jj: is empty");
    assert!(parse("region;sex\n").unwrap_err().starts_with("a.jj:1: this is no JJ file (a JJ file begins with"));
    assert_eq!(parse("0\n").unwrap_err(), "a.jj: the file ends before the number of cells");
    assert_eq!(parse("0\n1 2\n").unwrap_err(), "a.jj:2: here the number of cells was to stand, alone on its line");
    assert_eq!(
        parse("0\n2\n0 1 1 s 0 9 0 0 0\n").unwrap_err(),
        "a.jj: the file ends after 1 of the 2 cells that line 2 announces"
    );
    let more = fault("0\n9\n", "0\n10\n");
    assert!(more.starts_with("a.jj:12: here cell 9 was to stand, with 9 fields: 1 were found"), "{more}");
    let fewer = fault("0\n9\n", "0\n8\n");
    assert_eq!(
        fewer,
        "a.jj:11: here the number of relations was to stand, alone on its line (the file announces 8 cells, which end above this line)"
    );
    let more = fault("\n6\n0 3", "\n7\n0 3");
    assert_eq!(more, "a.jj: the file ends after 6 of the 7 relations that line 12 announces");
    let fewer = fault("\n6\n0 3", "\n5\n0 3");
    assert_eq!(fewer, "a.jj:18: more follows after the 5 relations that line 12 announces");
}

/// Each fault of a cell names its line and the cell, and never its value.
#[test]
fn faults_of_cells() {
    let first = "0 2 2 u 0 20 1 1.5 0";
    for (cell, expect) in [
        ("0 2 2 u 0 20 1 1.5", "a.jj:3: here cell 0 was to stand, with 9 fields: 8 were found"),
        ("a 2 2 u 0 20 1 1.5 0", "a.jj:3: cell 0: the index is no whole number"),
        ("1 2 2 u 0 20 1 1.5 0", "a.jj:3: cell 1 stands where cell 0 was to stand"),
        ("0 2; 2 u 0 20 1 1.5 0", "a.jj:3: cell 0: the value is no number"),
        ("0 2 2 U 0 20 1 1.5 0", "a.jj:3: cell 0: this status is not known (u primary, s publishable"),
        ("0 2 2 w 0 20 1 1.5 0", "a.jj:3: cell 0: this status is not known"),
        ("0 2 -2 u 0 20 1 1.5 0", "a.jj:3: cell 0: the cost is negative"),
        ("0 2 2 u 3 20 1 1.5 0", "a.jj:3: cell 0: the value is below its lower bound"),
        ("0 2 2 u 0 1 1 1.5 0", "a.jj:3: cell 0: the value is above its upper bound"),
        ("0 2 2 u 3 1 1 1.5 0", "a.jj:3: cell 0: the lower bound is above the upper bound"),
        ("0 2 2 u 0 20 -1 1.5 0", "a.jj:3: cell 0: the lower protection level is negative"),
        ("0 2 2 u 0 20 1 -1.5 0", "a.jj:3: cell 0: the upper protection level is negative"),
        ("0 2 2 u 0 20 1 1.5 -1", "a.jj:3: cell 0: the sliding protection level is negative"),
        ("0 2 2 u 0 1e300 1 1.5 0", "a.jj:3: cell 0: the upper bound is too large or has too many digits"),
        ("0 2 2 u 0 9e15 1 1.5 0", "a.jj:3: cell 0: the upper bound is too large to be kept exactly with 1 decimals"),
    ] {
        let found = fault(first, cell);
        assert!(found.starts_with(expect), "{cell}: {found}");
    }
    assert_eq!(fault("\n1 3 3 s", "\n0 3 3 s"), "a.jj:4: cell 0 stands here again");
}

/// Each fault of a relation names its line.
#[test]
fn faults_of_relations() {
    let first = "0 3 : 2 (-1) 0 (1) 1 (1)";
    let shape = "a.jj:13: here a relation was to stand (a relation is `constant terms : index (coefficient)";
    let coefficient = "a.jj:13: the coefficient of cell 0 can't be used (a coefficient is a whole number other than 0";
    for (relation, expect) in [
        ("0 3", shape),
        ("x 3 : 2 (-1) 0 (1) 1 (1)", shape),
        ("0 3 2 (-1) 0 (1) 1 (1)", shape),
        ("0 3 : 2 -1 0 1 1 1", shape),
        ("0 3 : 2 (-1) 0 (1) 1 (1", shape),
        ("0 3 : 2 (-1) 0 (1) b (1)", shape),
        ("0 4 : 2 (-1) 0 (1) 1 (1)", "a.jj:13: the relation announces 4 terms and has 3"),
        ("0 3 : 2 (-1) 0 (1) 9 (1)", "a.jj:13: there is no cell 9: cells are numbered from 0 to 8"),
        ("0 3 : 2 (-1) 0 (1) 0 (1)", "a.jj:13: cell 0 stands twice in the relation"),
        ("0 3 : 2 (-1) 0 (0) 1 (1)", coefficient),
        ("0 3 : 2 (-1) 0 (0.5) 1 (1)", coefficient),
        ("0 3 : 2 (-1) 0 (1000001) 1 (1)", coefficient),
    ] {
        let found = fault(first, relation);
        assert!(found.starts_with(expect), "{relation}: {found}");
    }
    assert!(parse(&SMALL.replacen(first, "0 3 : 2 (-1.0) 0 (1) 1 (+1)", 1)).is_ok(), "a whole number with a point");
}

/// Relations that do not hold are counted, the first ten named, each with the amount it is off by.
#[test]
fn relations_that_do_not_hold() {
    let help = "(the terms of a relation, times their coefficients, add up to its constant)";
    assert_eq!(
        fault("0 2 2 u", "0 2.5 2 u"),
        format!(
            "a.jj: the values do not satisfy 2 of 6 relations\n  a.jj:13: off by 0.5\n  a.jj:16: off by 0.5 {help}"
        )
    );
    let again = "5 1 : 0 (1)\n".repeat(12);
    let many = fault("\n6\n", &format!("\n18\n{again}"));
    assert_eq!(many.matches("off by -3.0").count(), 10, "{many}");
    assert!(many.ends_with(&format!("  and 2 more {help}")), "{many}");
}

/// A cell in no relation is fine, and so is a file without relations.
#[test]
fn loose_cells() -> Result<(), String> {
    let jj = parse("0\n1\n0 -3 1 s -5 9 0 0 0\n0\n")?;
    assert_eq!((jj.cells[0].value, jj.cells[0].bounds, jj.relations.len()), (-3, Interval::new(-5, 9), 0));
    Ok(())
}
