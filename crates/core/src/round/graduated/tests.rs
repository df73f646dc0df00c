//! Graduated rounding: the two published ladders, and steps of one's own.

use super::super::fixture::{Grid, KEY, keyed, preimages_hold, treated};
use super::super::parse_rounding;
use super::at_random;
use crate::model::{Interval, Treatment};
use crate::secret::Key;

/// The ladder of the Disclosure Review Board as its published rules state it: 15 to 99 to 10, 100 to 999 to 50, 1,000 to
/// 9,999 to 100, 10,000 to 99,999 to 500, 100,000 to 999,999 to 1,000, then four digits; half to even.
#[test]
fn census_drb() {
    let values = [15, 25, 94, 95, 125, 175, 999, 1049, 1050, 9_999, 10_250, 99_999, 100_500, 1_234_500, 1_235_500];
    let shown: Vec<i64> = treated("graduated(census-drb)", &values).into_iter().map(|t| t.0).collect();
    let expect = [20, 20, 90, 100, 100, 200, 1000, 1000, 1000, 10_000, 10_000, 100_000, 100_000, 1_234_000, 1_236_000];
    assert_eq!(shown, expect);
    let grid = Grid::new(&[2], &[14, 0]);
    let rounded = grid.rounded("graduated(census-drb)").expect("rounds");
    let band = Treatment::Band { within: Interval::new(0, 14) };
    assert_eq!(rounded.treatments[..2], [band, band]);
    preimages_hold("graduated(census-drb)", 1200);
    // 95 goes to an even multiple of 10, and so does 125 to one of 50
    let method = parse_rounding("graduated(census-drb)").expect("a method");
    assert_eq!(method.allows(100, None, 1), [Interval::new(95, 125)]);
    assert_eq!(method.allows(110, None, 1), []);
    assert_eq!(method.allows(1_234_000, None, 1), [Interval::new(1_233_500, 1_234_500)]);
}

/// The ladder of Stats NZ: below 19 to base 3, 19 to base 2, then 5, 10 and 100; unbiased within each step.
#[test]
fn stats_nz() {
    let method = parse_rounding("graduated(stats-nz)").expect("a method");
    assert!(method.keyed());
    let key = Key::from_bytes(KEY).expect("a key");
    for (value, expect) in [(17, [15, 18]), (19, [18, 20]), (22, [20, 25]), (104, [100, 110]), (1234, [1200, 1300])] {
        let grid = Grid::new(&[1], &[value]);
        let shown: std::collections::BTreeSet<i64> = (0..60)
            .map(|i| {
                let key = Key::from_bytes(format!("a key of no use to anybody, number {i}").as_bytes()).expect("a key");
                grid.shown(&method.round(&keyed(&grid.system, &key, "r")).expect("rounds"))[0]
            })
            .collect();
        assert_eq!(shown.into_iter().collect::<Vec<_>>(), expect, "{value}");
    }
    assert_eq!(at_random(18, 3, &mut key.draw("t", b"")), 18);
    assert_eq!(method.allows(18, None, 1), [Interval::new(16, 19)]);
    assert_eq!(method.allows(20, None, 1), [Interval::new(19, 24)]);
    assert_eq!(method.allows(100, None, 1), [Interval::new(96, 109)]);
    preimages_hold("graduated(stats-nz)", 1300);
}

/// Steps of one's own; what is none is refused with what to write.
#[test]
fn own_steps() {
    assert_eq!(
        treated("graduated(3<20 5<100 10)", &[4, 20, 22, 23, 104]),
        [(3, 2, 4), (20, 20, 22), (20, 20, 22), (25, 23, 27), (100, 98, 104)]
    );
    let told = |text: &str| parse_rounding(text).map_or_else(|f| f.message, |_| String::new());
    assert_eq!(
        told("graduated(3<20 5<20 10)"),
        "`steps` can't be `3<20 5<20 10`: the end 20 is not above the one before"
    );
    assert_eq!(told("graduated(3 5)"), "`steps` can't be `3 5`: `3` has no end");
    assert_eq!(told("graduated(0)"), "`steps` can't be `0`: `0` is no base from 1 to 1000000000");
    assert_eq!(told("graduated"), "`graduated` needs `steps`");
}
