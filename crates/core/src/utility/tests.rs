//! Utility against published figures and figures by hand.

use super::association::cramers_v;
use super::*;
use crate::model::{Cell, Interval, Relation};

fn system(values: &[i64]) -> System {
    let cell = |&value: &i64| Cell {
        measure: 0,
        coords: Box::default(),
        value,
        persons: None,
        contributions: None,
        exposure: Exposure::Shown,
        places: vec![],
    };
    System { measures: vec![Measure::Records], cells: values.iter().map(cell).collect(), ..System::default() }
}

fn replaced(by: &[i64]) -> Vec<Treatment> {
    by.iter().map(|&by| Treatment::Replace { by, preimage: Interval::ALL }).collect()
}

/// (1, 4, 9, 0) published as (0, 5, 10, 0): Hellinger distance 0.73555, utility 0.80342, one false zero.
#[test]
fn published_figures() {
    let utility = Utility::new(&system(&[1, 4, 9, 0]), &replaced(&[0, 5, 10, 0]));
    assert!((utility.hellinger - 0.73555).abs() < 5e-6, "{utility:?}");
    assert!((utility.hellinger_utility - 0.80342).abs() < 5e-6, "{utility:?}");
    assert_eq!((utility.cells, utility.changed, utility.withheld, utility.false_zeros), (4, 3, 0, 1));
    assert_eq!((utility.mean_difference, utility.max_difference), (0.75, 1.0));
}

/// The example "geo + eu + year" of the R package SmallCountRounding (e6, base 5): mean 1.25, maximum 3, utility 0.9380433.
#[test]
fn figures_of_small_count_rounding() {
    let truth = [24, 3, 8, 13, 21, 3, 12, 12];
    let utility = Utility::new(&system(&truth), &replaced(&[26, 5, 8, 13, 21, 5, 15, 11]));
    assert_eq!((utility.mean_difference, utility.max_difference), (1.25, 3.0));
    assert!((utility.hellinger_utility - 0.9380433).abs() < 5e-8, "{utility:?}");
}

/// The truth has every measure at its best; a withheld cell differs by its value and is no false zero.
#[test]
fn the_truth_and_nothing() {
    let mut system = system(&[2, 3, 5]);
    system.relations = vec![Relation::total(2, [0, 1])];
    let utility = Utility::new(&system, &[Treatment::Publish; 3]);
    assert_eq!((utility.mean_difference, utility.hellinger, utility.hellinger_utility), (0.0, 0.0, 1.0));
    assert_eq!((utility.totals, utility.not_additive, utility.share_touched()), (1, 0, 0.0));
    let withheld = Treatment::Withhold { primary: true };
    let utility = Utility::new(&system, &[withheld, Treatment::Publish, Treatment::Publish]);
    assert_eq!((utility.withheld, utility.false_zeros, utility.max_difference), (1, 0, 2.0));
    assert_eq!((utility.totals, utility.not_additive), (0, 0));
    let utility = Utility::new(&system, &replaced(&[0, 5, 10]));
    assert_eq!((utility.totals, utility.not_additive, utility.max_not_additive), (1, 1, 5.0));
}

/// Cramér's V: 0 for independence, 1 for a diagonal, by hand in between, and the same for a table of any scale.
#[test]
fn association_by_hand() {
    let v = |rows: &[&[f64]]| cramers_v(&rows.iter().map(|r| r.to_vec()).collect::<Vec<_>>()).expect("rows");
    assert_eq!(v(&[&[1.0, 2.0], &[2.0, 4.0]]), 0.0);
    assert_eq!(v(&[&[3.0, 0.0], &[0.0, 7.0]]), 1.0);
    // chi² of (10, 20; 30, 40) is 0.79365 for n = 100
    assert!((v(&[&[10.0, 20.0], &[30.0, 40.0]]) - (0.793_650_79f64 / 100.0).sqrt()).abs() < 1e-8);
    assert!((v(&[&[1.0, 2.0], &[3.0, 4.0]]) - v(&[&[10.0, 20.0], &[30.0, 40.0]])).abs() < 1e-12);
    assert_eq!(v(&[&[1.0, 2.0]]), 0.0);
}
