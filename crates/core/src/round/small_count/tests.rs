//! Small count rounding beside the published examples of the R package SmallCountRounding (its introduction, tables 1 to 3;
//! its example "e6"): what is published there, and that tabsafe is at least as close to the truth.

use super::super::fixture::{Grid, one_way, work};
use super::super::{Work, parse_rounding};
use crate::model::{Groups, Interval, Protection, System, Treatment};

/// Mean and largest difference, and the Hellinger distance.
fn differences(pairs: &[(i64, i64)]) -> (f64, i64, f64) {
    let mean = pairs.iter().map(|(a, b)| (a - b).abs()).sum::<i64>() as f64 / pairs.len() as f64;
    let most = pairs.iter().map(|(a, b)| (a - b).abs()).max().unwrap_or(0);
    let squares: f64 = pairs.iter().map(|&(a, b)| ((a as f64).sqrt() - (b as f64).sqrt()).powi(2)).sum();
    (mean, most, (squares / 2.0).sqrt())
}

/// The truth and what is published of each printed cell.
fn pairs(system: &System, rounded: &Protection) -> Vec<(i64, i64)> {
    let shown = system.cells.iter().zip(&rounded.treatments).filter_map(|(c, t)| match t {
        Treatment::Replace { by, .. } => Some((c.value, *by)),
        _ => None,
    });
    shown.collect()
}

/// Rounds with the records at hand; every figure adds up and none is small.
fn rounded(system: &System, groups: &Groups, method: &str, base: i64) -> Vec<(i64, i64)> {
    let work = Work { groups: Some(groups), ..work(system) };
    let rounded = parse_rounding(method).expect("a method").round(&work).expect("rounds");
    assert!(super::super::fixture::additive(system, &rounded));
    let pairs = pairs(system, &rounded);
    assert!(pairs.iter().all(|&(_, by)| by == 0 || by >= base), "{pairs:?}");
    for (cell, treatment) in system.cells.iter().zip(&rounded.treatments) {
        assert!(treatment.stands_for().is_none_or(|s| s.contains(cell.value)));
    }
    pairs
}

/// At least as close as a published result for the same figures, by mean, maximum and Hellinger distance.
fn no_worse(ours: &[(i64, i64)], theirs: &[(i64, i64)]) {
    let (a, b) = (differences(ours), differences(theirs));
    assert!(a.0 <= b.0 && a.1 <= b.1 && a.2 <= b.2 + 1e-9, "{a:?} {b:?}");
}

const ROWS: [[i64; 5]; 3] = [[6, 0, 1, 3, 4], [1, 2, 3, 1, 2], [0, 1, 1, 0, 2]];

/// Table 2: all small inner cells of a table of 3 rows and 5 columns, with all margins, to base 5.
#[test]
fn with_inner_cells_published() {
    let grid = Grid::new(&[3, 5], ROWS.as_flattened());
    let ours = rounded(&grid.system, &grid.groups(), "small-count(5)", 5);
    let table_2 = [6, 0, 0, 5, 5, 16, 0, 0, 5, 0, 0, 5, 0, 0, 0, 0, 5, 5, 6, 0, 5, 5, 10, 26];
    let truth = [6, 0, 1, 3, 4, 14, 1, 2, 3, 1, 2, 9, 0, 1, 1, 0, 2, 4, 7, 3, 5, 4, 8, 27];
    assert_eq!(ours.iter().map(|p| p.0).collect::<Vec<_>>(), truth);
    no_worse(&ours, &truth.into_iter().zip(table_2).collect::<Vec<_>>());
}

/// Table 3: only the margins are published, and only what they need is rounded.
#[test]
fn with_margins_published() {
    let grid = Grid::new(&[3, 5], ROWS.as_flattened());
    let system = one_way(&grid);
    let ours = rounded(&system, &grid.groups(), "small-count(5)", 5);
    let theirs = [(14, 15), (9, 8), (4, 5), (7, 7), (3, 5), (5, 5), (4, 5), (8, 6), (27, 28)];
    let mut truth: Vec<i64> = theirs.iter().map(|p| p.0).collect();
    let mut own: Vec<i64> = ours.iter().map(|p| p.0).collect();
    truth.sort_unstable();
    own.sort_unstable();
    assert_eq!(own, truth);
    no_worse(&ours, &theirs);
}

/// Example "e6" to base 3, by country and year: maximum 1 and mean 1/3 are published, for these cells and some of groups of
/// countries.
#[test]
fn countries_and_years() {
    let grid = Grid::new(&[3, 2], &[2, 1, 3, 5, 7, 6]);
    let ours = rounded(&grid.system, &grid.groups(), "small-count(3)", 3);
    let (mean, most, _) = differences(&ours);
    assert!(most <= 1 && mean <= 1.0 / 3.0 + 1e-9, "{ours:?}");
}

/// Example "e6" to base 5, only by country and only by year: what is published there for these cells is found as well.
#[test]
fn countries_or_years() {
    let grid = Grid::new(&[3, 2], &[2, 1, 3, 5, 7, 6]);
    let mut ours = rounded(&one_way(&grid), &grid.groups(), "small-count(5)", 5);
    let mut theirs = [(24, 26), (3, 5), (8, 8), (13, 13), (12, 15), (12, 11)];
    ours.sort_unstable();
    theirs.sort_unstable();
    assert_eq!(ours, theirs);
}

/// The sets of the manual: one inner cell, several, and a number of cells that is not known.
#[test]
fn what_a_published_figure_allows() {
    let method = parse_rounding("small-count(3)").expect("a method");
    let allows = |shown, finest| method.allows(shown, finest, 1);
    assert_eq!(allows(0, Some(1)), [Interval::new(0, 2)]);
    assert_eq!(allows(3, Some(1)), [Interval::new(1, 3)]);
    assert_eq!(allows(7, Some(1)), [Interval::exactly(7)]);
    assert_eq!(allows(2, Some(1)), []);
    // four cells: up to two of them went up from 1, the others down from 2
    assert_eq!(allows(7, Some(4)), [Interval::new(3, 13)]);
    assert_eq!(allows(0, Some(4)), [Interval::new(0, 8)]);
    assert_eq!(allows(6, None), [Interval::at_least(2)]);
}

/// What a figure of one to three finest cells allows is exactly what they can be: by writing down every count of each, and all
/// that may have become of it.
#[test]
fn what_is_allowed_is_what_can_be() {
    for (base, cells, text) in [(3, 3, "small-count(3)"), (3, 3, "small-count(3,all)"), (5, 2, "small-count(5,all)")] {
        let method = parse_rounding(text).expect("a method");
        let becomes = |count: i64, alone: bool| match count {
            0 => vec![0],
            n if n >= base => vec![n],
            _ if alone || text.ends_with("all)") => vec![0, base],
            n => vec![0, base, n],
        };
        for finest in 1..=cells {
            let mut sums = vec![(0, 0)];
            for _ in 0..finest {
                let next = |&(truth, shown): &(i64, i64)| {
                    let counts = (0..=4 * base).flat_map(|n| becomes(n, finest == 1).into_iter().map(move |b| (n, b)));
                    counts.map(move |(n, b)| (truth + n, shown + b)).collect::<Vec<_>>()
                };
                sums = sums.iter().flat_map(next).collect();
                sums.sort_unstable();
                sums.dedup();
            }
            for shown in 0..=3 * base {
                let behind: Vec<i64> = sums.iter().filter(|s| s.1 == shown).map(|s| s.0).collect();
                let ends = behind.first().zip(behind.last()).map(|(&lo, &hi)| Interval::new(lo, hi));
                // a small sum of counts that stay is not published
                let ends = ends.filter(|_| shown == 0 || shown >= base);
                assert_eq!(method.allows(shown, Some(finest), 1), Vec::from_iter(ends), "{text} {finest} {shown}");
            }
        }
    }
}

/// Larger tables: additive, consistent, close (the mean difference stays below the base), and the same again.
#[test]
fn larger_tables() {
    let inner: Vec<i64> = (0..400).map(|i: i64| [0, 0, 1, 2, 1, 4, 0, 9, 2, 1][(i * i % 97 % 10) as usize]).collect();
    let grid = Grid::new(&[20, 20], &inner);
    let ours = rounded(&grid.system, &grid.groups(), "small-count(3,all)", 3);
    let (mean, most, _) = differences(&ours);
    assert!(mean < 1.0 && most <= 4, "{mean} {most}");
    assert_eq!(ours, rounded(&grid.system, &grid.groups(), "small-count(3,all)", 3));
}

/// Without the records, or for other measures, it says so.
#[test]
fn refusals() {
    let grid = Grid::new(&[2], &[1, 2]);
    let error = grid.rounded("small-count(3)").map_or_else(|e| e.message, |_| String::new());
    assert_eq!(error, "the method small-count needs the records");
}
