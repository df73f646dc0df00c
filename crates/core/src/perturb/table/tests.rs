//! What a perturbation table must hold, and what is read of those of others.

use super::{CountTable, Design, KeyRange, Row};

fn design(most: i64, variance: f64, not_up_to: i64) -> Design {
    Design { most, variance, not_up_to, stay: 0.0, monotone: true, exact: false }
}

/// Every row of a built table: shares add up to 1, the mean is 0, the variance is at most V, nothing below 0, none of 1 to js, no
/// noise beyond D; and the last row is symmetric.
#[test]
fn built_tables_hold_what_they_must() {
    for (most, variance, js) in
        [(1, 0.4, 0), (2, 1.0, 0), (3, 2.0, 1), (5, 3.0, 2), (8, 3.5, 2), (12, 5.0, 2), (10, 20.0, 0)]
    {
        let table = design(most, variance, js).build().unwrap_or_else(|e| panic!("{most} {variance} {js}: {e}"));
        assert_eq!(table.rows.len() as i64, if js == 0 { most } else { most + js + 1 });
        for (at, row) in table.rows.iter().enumerate() {
            let count = at as i64 + 1;
            assert!(
                (row.moment(0) - 1.0).abs() < 1e-12 && row.moment(1).abs() < 1e-11,
                "{most} {variance} {js} {count}"
            );
            assert!(row.moment(2) <= variance + 1e-11, "{most} {variance} {js} {count}");
            let fits = |v: i64| v.abs() <= most && count + v >= 0 && !(1..=js).contains(&(count + v));
            assert!(row.noises.iter().all(|n| fits(n.0) && n.1 >= 0.0), "{row:?}");
        }
        let last = table.rows.last().expect("a row");
        assert!(last.noises.iter().all(|n| (last.share(-n.0) - n.1).abs() < 1e-12), "{last:?}");
        assert_eq!((table.by_fraction(0, 0.3), table.most()), (0, most));
    }
}

/// A share that stays, the whole variance, and a table without the condition on steps down (D = 5, V = 3, js = 2, 0.5 is
/// the example of ptable's documentation).
#[test]
fn built_with_more_conditions() {
    let table = Design { stay: 0.5, ..design(5, 3.0, 2) }.build().expect("a table");
    assert!(table.rows.iter().skip(2).all(|r| r.share(0) >= 0.5 - 1e-12));
    let exact = Design { exact: true, monotone: false, ..design(3, 1.5, 0) }.build().expect("a table");
    assert!(exact.rows.iter().all(|r| (r.moment(2) - 1.5).abs() < 1e-11));
    let reached = Design { exact: true, ..design(2, 1.0, 0) }.build().expect("a table");
    assert!((reached.variance(1) - 1.0).abs() < 1e-11, "a limit of 1 is not reached from 1, but it can be");
    assert!(Design { exact: true, ..design(2, 1.3, 0) }.build().is_err(), "from 1, and not falling: at most 1.2");
}

/// A key on the end of a share belongs to it; the handbook's example: .8 in 2: .3, 3: .4, 4: .3 makes 4 of 3.
#[test]
fn ends_of_shares() {
    let row = Row::of(vec![(-1, 0.3), (0, 0.4), (1, 0.3)]);
    let table = CountTable { rows: vec![row; 3], keys: KeyRange::Fraction, cycle: 1 };
    let noise = |key: f64| table.by_fraction(3, key);
    assert_eq!([0.0, 0.3, 0.31, 0.7, 0.8, 0.999].map(noise), [-1, -1, 0, 0, 1, 1]);
    assert_eq!(table.by_fraction(1_000_000, 0.8), 1, "larger counts use the last row");
}

/// What a published count allows is what can lead to it, by trying every count and every key.
#[test]
fn allowed_counts() {
    for table in [design(2, 1.0, 0), design(5, 3.0, 2), design(3, 2.0, 1)].map(|d| d.build().expect("a table")) {
        let reach = |count: i64, shown: i64| table.row(count).map_or(shown == 0, |r| r.share(shown - count) > 1e-6);
        for count in 0..30 {
            for shown in (0..40).filter(|&s| reach(count, s)) {
                let allowed = table.allows(count, shown);
                assert!(allowed.contains(count));
                let (lo, hi) = (allowed.lo.expect("an end"), allowed.hi.expect("an end"));
                assert!((lo..=hi).all(|c| reach(c, shown)), "{count} {shown} {allowed}");
                assert!((lo == 0 || !reach(lo - 1, shown)) && !reach(hi + 1, shown), "{count} {shown} {allowed}");
                let all = table.all_that_allow(shown);
                assert!(
                    all.contains(&allowed) && (0..30).all(|c| all.iter().any(|i| i.contains(c)) == reach(c, shown))
                );
            }
        }
        for limit in 1..12 {
            let below = |c: i64| (0..limit).any(|shown| reach(c, shown));
            for count in (0..30).filter(|&c| below(c)) {
                let allowed = table.allows_below(count, limit);
                let (lo, hi) = (allowed.lo.expect("an end"), allowed.hi.expect("an end"));
                assert!(allowed.contains(count) && (lo..=hi).all(below), "{count} {limit} {allowed}");
                assert!((lo == 0 || !below(lo - 1)) && !below(hi + 1), "{count} {limit} {allowed}");
            }
        }
        assert_eq!(table.allows(0, 0).lo, Some(0));
        assert!(table.allows(0, 0).hi > Some(0), "a published 0 may be a small count");
    }
}

/// Tables of ptable (commas, all columns) and of tau-ARGUS (semicolons, quotes, decimal commas) say the same.
#[test]
fn formats_of_others() {
    let ptable = "i,j,p,v,p_int_lb,p_int_ub,type\n0,0,1,0,0,1,all\n1,0,0.5,-1,0,0.5,all\n1,2,0.5,1,0.5,1,all\n\
                  2,0,0.25,-2,0,0.25,all\n2,2,0.5,0,0.25,0.75,all\n2,4,0.25,2,0.75,1,all\n";
    let tau = "\u{feff}\"i\";\"j\";\"p\";\"v\";\"p_ij_ub\"\r\n0;0;1;0;1\r\n1;0;0,5;-1;0,5\r\n1;2;0,5;1;1\r\n2;0;0,25;-2;0,25\r\n\
               2;2;0,5;0;0,75\r\n2;4;0,25;2;0,99999999\r\n";
    let (a, b) = (CountTable::parse(ptable).expect("a table"), CountTable::parse(tau).expect("a table"));
    for key in [0.0, 0.2, 0.25, 0.26, 0.5, 0.51, 0.75, 0.9, 0.9999999999] {
        for count in 0..5 {
            assert_eq!(a.by_fraction(count, key), b.by_fraction(count, key), "{count} {key}");
        }
    }
    assert_eq!((a.by_fraction(1, 0.5), a.by_fraction(1, 0.51), a.by_fraction(9, 0.8)), (-1, 1, 2));
    assert_eq!((a.variance(1), a.variance(2), a.biased()), (1.0, 2.0, Vec::new()));
}

/// The text of an ONS table.
fn ons(noise: impl Fn(i64, i64) -> i64) -> String {
    let lines = (1..=750).flat_map(|n| (0..4).map(move |k| (n, k)));
    "pcv,ckey,pvalue\n".to_owned() + &lines.map(|(n, k)| format!("{n},{k},{}\n", noise(n, k))).collect::<String>()
}

/// An ONS table: its keys, rows of larger counts, what it allows, and that it is biased.
#[test]
fn ons_tables() {
    let table = CountTable::parse(&ons(|n, k| if n < 10 { -n } else { k - 1 })).expect("a table");
    assert_eq!(table.keys(), KeyRange::Below(4));
    assert_eq!([0, 1, 2, 3].map(|k| table.by_key(10, k)), [-1, 0, 1, 2]);
    let marked = CountTable::parse(&ons(|n, _| n % 250)).expect("a table");
    for (count, row) in [(750, 750), (751, 501), (1000, 750), (1001, 501), (1252, 502)] {
        assert_eq!(marked.by_key(count, 0), row % 250, "{count}");
    }
    let zero = table.allows(3, 0);
    assert_eq!((zero.lo, zero.hi), (Some(0), Some(9)));
    assert_eq!(table.biased().len(), 750);
}

/// What is wrong in a table is told with its line.
#[test]
fn damaged_tables() {
    let head = "i,v,p_int_ub\n";
    for (text, line, told) in [
        (String::new(), 0, "is empty"),
        ("a,b\n1,2\n".to_owned(), 1, "has no column i (there are: a, b)"),
        (format!("{head}0,0,1\n1,-2,1\n"), 0, "the noise -2 would publish the count 1 as less than 0"),
        (format!("{head}0,0,1\n1,-1,0.6\n1,1,0.5\n"), 4, "do not rise"),
        (format!("{head}0,0,1\n1,-1,0.5\n1,1,0.9\n"), 0, "the keys of the count 1 end at 0.9 instead of 1"),
        (format!("{head}0,0,1\n2,0,1\n"), 3, "the count 2 is out of turn"),
        (format!("{head}0,1,1\n"), 2, "gives noise to empty cells"),
        (format!("{head}1,x,1\n"), 2, "v is no number"),
        (format!("{head}1,0.5,1\n"), 2, "v is no whole number"),
        (format!("{head}1,0\n"), 2, "another number of fields"),
        (ons(|_, _| 0).replacen("3,2,0\n", "", 1), 0, "2999 lines, but 750 counts and 4 keys make 3000"),
        (ons(|_, _| 0).replacen("3,2,0\n", "3,1,0\n", 1), 0, "twice"),
        ("pcv,ckey,pvalue\n1,0,0\n".to_owned(), 0, "has the counts 1 to 1"),
    ] {
        let error = CountTable::parse(&text).expect_err("refused");
        assert!(error.what.contains(told), "{error:?}: {told}");
        assert!(line == 0 || error.line == line, "{error:?}");
    }
}
