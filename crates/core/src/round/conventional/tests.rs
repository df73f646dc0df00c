//! Conventional rounding: worked examples, preimages by trying every value, totals that are summed.

use super::super::fixture::{Grid, treated, work};
use super::super::parse_rounding;
use crate::model::Measure;

/// The preimage of a rounded value is exactly the set of values that round to it, for each way with ties.
#[test]
fn preimage_is_what_rounds_there() {
    for ties in ["up", "even", "down"] {
        for base in 2..12 {
            let method = parse_rounding(&format!("conventional({base},{ties})")).expect("a method");
            for value in 0..200 {
                let by = super::common::nearest(value, base, ties);
                assert!(by % base == 0 && (by - value).abs() * 2 <= base, "{ties} {base} {value}");
                let hidden = method.allows(by, None, 1);
                for other in 0..220 {
                    let same = super::common::nearest(other, base, ties) == by;
                    assert_eq!(hidden.iter().any(|i| i.contains(other)), same, "{ties} {base} {value} {other}");
                }
            }
            assert!(method.allows(base + 1, None, 1).is_empty(), "no multiple");
        }
    }
}

/// Halves go where the policy says: 25 to the nearest 10 is 30, 20 (an even multiple) or 20; 35 is 40, 40 or 30.
#[test]
fn worked_example() {
    let rounded = |text: &str, values: &[i64]| treated(text, values).into_iter().map(|t| t.0).collect::<Vec<_>>();
    assert_eq!(rounded("conventional(5)", &[0, 1, 2, 3, 7, 8, 25]), [0, 0, 0, 5, 5, 10, 25]);
    assert_eq!(rounded("conventional(10)", &[5, 15, 25, 35]), [10, 20, 30, 40]);
    assert_eq!(rounded("conventional(10,even)", &[5, 15, 25, 35]), [0, 20, 20, 40]);
    assert_eq!(rounded("conventional(10,down)", &[5, 15, 25, 35]), [0, 10, 20, 30]);
}

/// Sums with decimals are rounded to whole multiples, halves up: HESA's 2.5 is 5, and its 22.4 and 22.5 are 20 and 25.
#[test]
fn decimals() {
    let mut grid = Grid::new(&[4], &[24, 25, 224, 225]);
    grid.system.measures = vec![Measure::Sum { column: "fpe".to_owned(), index: 0, decimals: 1 }];
    assert_eq!(grid.shown(&grid.rounded("conventional(5)").expect("rounds"))[..4], [0, 50, 200, 250]);
}

/// 3 + 3 + 3 = 9 is 5 + 5 + 5: from the truth the total is 10, summed it is 15, and then tells no more than its parts.
#[test]
fn totals() {
    let grid = Grid::new(&[3], &[3, 3, 3]);
    let by = |text: &str| grid.rounded(text).expect("rounds");
    assert_eq!(grid.total(&by("conventional(5)")), (10, 8, 12));
    assert_eq!(grid.total(&by("conventional(5,totals=summed)")), (15, 9, 21));
    let grid = Grid::new(&[2, 2], &[3, 3, 1, 8]);
    assert_eq!(grid.total(&by_all(&grid)), (20, 3 + 3 + 8, 7 + 7 + 2 + 12));
    assert!(grid.additive(&by_all(&grid)));
}

fn by_all(grid: &Grid) -> crate::model::Protection {
    grid.rounded("conventional(5,totals=summed)").expect("rounds")
}

/// A total with two breakdowns of which each adds up to another sum is refused: nobody said which of them it should be.
#[test]
fn breakdowns_that_disagree() {
    let system = super::super::fixture::two_breakdowns(&[3, 3, 3], &[4, 5]);
    let method = parse_rounding("conventional(5,totals=summed)").expect("a method");
    let error = method.round(&work(&system)).map_or_else(|e| e.to_string(), |_| String::new());
    assert!(error.starts_with("the total of the rest of a total has several breakdowns"), "{error}");
    let system = super::super::fixture::two_breakdowns(&[3, 3, 3], &[3, 3, 3]);
    assert!(method.round(&work(&system)).is_ok());
}
