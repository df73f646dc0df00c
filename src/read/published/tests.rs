//! Tables as they are published, with their signs and faults.

use super::*;
use crate::model::Interval;
use crate::text::parse_marker;

/// The contents of a table of one variable.
fn read(text: &str, markers: &[&str], magnitude: bool) -> Result<PublishedTable, Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.csv");
    std::fs::write(&path, text).unwrap();
    let markers = markers.iter().map(|m| parse_marker(m)).collect::<Result<BTreeMap<_, _>, _>>()?;
    let by = ["region".to_owned()];
    let layout =
        PublishedLayout { by: &by, value: "n", magnitude, markers: &markers, rounded: false, perturbed: false };
    read_published(&path, &layout).map_err(|mut e| {
        e.message = e.message.replace(&format!("{}/", folder.path().display()), "");
        e
    })
}

fn contents(table: PublishedTable) -> Vec<Result<i64, Meaning>> {
    table.cells.into_iter().map(|c| c.content).collect()
}

/// Every meaning of a sign is its own, an empty sign is a blank.
#[test]
fn signs_mean_what_is_declared() {
    let markers = [
        "-=zero",
        "[c]=withheld",
        "*=1-4",
        "[low]=rounds-to-zero",
        "..=not-available",
        "[z]=not-applicable",
        "=withheld",
    ];
    let text = "region,n\na,-\nb,[c]\nc,*\nd,[low]\ne,..\nf,[z]\ng,\nh,12\ni,<5=x\n";
    let with_equals = [&markers[..], &["<5=x=1-4"]].concat();
    let within = Err(Meaning::Within(Interval::new(1, 4)));
    let want = [
        Ok(0),
        Err(Meaning::Withheld),
        within,
        Err(Meaning::RoundsToZero),
        Err(Meaning::NotAvailable),
        Ok(0),
        Err(Meaning::Withheld),
        Ok(12),
        within,
    ];
    assert_eq!(contents(read(text, &with_equals, false).unwrap()), want);
    for (marker, what) in [
        ("*", "it does not say what the sign stands for"),
        ("*=hidden", "there is no such meaning"),
        ("*=4-1", "there is no such meaning"),
    ] {
        let error = parse_marker(marker).unwrap_err();
        assert_eq!(error.message, format!("--marker {marker}: {what}"));
        assert!(error.help.unwrap_or_default().contains("rounds-to-zero"), "what is allowed is told");
    }
}

/// The statuses that tabsafe writes need no marker.
#[test]
fn statuses_are_understood() {
    let text = "region,n,status\na,3,published\nb,,withheld\nc,,not-applicable\nd,0,rounds-to-zero\ne,0,published\n";
    let want = [Ok(3), Err(Meaning::Withheld), Ok(0), Err(Meaning::RoundsToZero), Ok(0)];
    assert_eq!(contents(read(text, &[], false).unwrap()), want);
    for (row, what) in [("5,rounded", "a rounded figure"), ("5,withheld", "a figure, but the column \"status\" says")] {
        let error = read(&format!("region,n,status\na,{row}\n"), &[], false).unwrap_err();
        assert!(error.message.starts_with(&format!("table.csv:2: column \"n\" (field 2): {what}")), "{error}");
    }
}

/// A fault names line, column and sign, and what is allowed.
#[test]
fn faults_are_named() {
    for (value, what) in [
        ("-3", "\"-3\" is a negative count"),
        ("2.5", "\"2.5\" is a fraction, and counts are whole"),
        ("x", "\"x\" is neither a number nor a declared sign"),
        ("1e3", "\"1e3\" is neither a number nor a declared sign"),
        (".", "\".\" is neither a number nor a declared sign"),
        ("", "a blank, and nothing says what it stands for"),
        ("99999999999999999999", "\"99999999999999999999\" is too large to be added up exactly"),
    ] {
        let error = read(&format!("region,n\na,1\nb,{value}\n"), &[], false).unwrap_err();
        assert_eq!(error.message, format!("table.csv:3: column \"n\" (field 2): {what}"));
        let help = error.help.unwrap_or_default();
        assert!(help.starts_with("allowed: whole numbers that are not negative, or a sign"), "{help}");
    }
    assert_eq!(contents(read("region,n\na,2.0\nb,-0\n", &[], false).unwrap()), [Ok(2), Ok(0)]);
    let error = |text: &str| read(text, &[], false).unwrap_err().message;
    assert_eq!(error("region,n\na,1\na,1\n"), "table.csv:3: the cell of line 2 stands here again");
    assert_eq!(error("region,n\na,1,2\n"), "table.csv:2: 3 fields, expected 2 as in the first line");
    assert_eq!(error("region,n\n,1\n"), "table.csv:2: there is no code of \"region\"");
    assert_eq!(error("regio,n\na,1\n"), "table.csv: there is no column \"region\"");
    assert_eq!(error("region,n,n\na,1,2\n"), "table.csv:1: columns 2 and 3 are both called \"n\"");
    assert_eq!(error("region,n\n"), "table.csv: holds no cells");
}

/// Magnitudes keep every decimal, as whole numbers of the last one; ranges are in whole units.
#[test]
fn magnitudes_are_exact() {
    let table = read("region,n\na,0.10\nb,12.255\nc,7\nd,.5\ne,*\n", &["*=1-4"], true).unwrap();
    assert_eq!(table.decimals, 3);
    let within = Err(Meaning::Within(Interval::new(1000, 4000)));
    assert_eq!(contents(table), [Ok(100), Ok(12255), Ok(7000), Ok(500), within]);
    let error = read("region,n\na,-0.5\n", &[], true).unwrap_err().message;
    assert!(error.ends_with("\"-0.5\" is a negative value"), "{error}");
    let error = read("region,n\na,0.0000000001\n", &[], true).unwrap_err().message;
    assert!(error.ends_with("has more than 9 decimals"), "{error}");
}
