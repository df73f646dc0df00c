//! Expressions without records: what is refused, how deep they may be, and what printing them would need.

use super::Parsed;

fn refused(text: &str) -> String {
    match Parsed::new(text) {
        Ok(_) => panic!("{text} is taken"),
        Err(refusal) => format!("{}; {}", refusal.what, refusal.help),
    }
}

/// Nothing is too large to be refused in time: conditions by the thousand, parentheses, forms within forms, texts that
/// end in the middle of them.
#[test]
fn what_is_large_is_refused_by_a_bound() {
    let many = |n: usize, joint: &str| vec!["a = 1"; n].join(joint);
    assert!(Parsed::new(&many(800, " OR ")).is_ok());
    assert!(Parsed::new(&many(800, " AND ")).is_ok());
    assert!(refused(&many(2_000, " OR ")).contains("too long"));
    assert!(refused(&many(100_000, " OR ")).contains("too long"));
    assert!(refused(&format!("a = {}", vec!["1"; 500].join(" + "))).contains("nested too deeply"));
    assert!(refused(&vec!["a"; 1_500].join(" AND ")).contains("more than 1000 conditions"));
    let list: Vec<String> = (0..50_000).map(|n| format!("'{n}'")).collect();
    assert!(Parsed::new(&format!("a IN ({})", list.join(", "))).is_ok());
    for n in [20, 31, 33, 40, 100, 3_000] {
        for (open, close) in [("(", ")"), ("FLOOR(", ")"), ("CAST(", " AS INTEGER)"), ("LOWER(", ")"), ("NOT ", "")] {
            let sound = format!("{}a{}", open.repeat(n), close.repeat(n));
            let broken = open.repeat(n);
            assert!(n < 32 || Parsed::new(&sound).is_err() || open == "NOT ", "{n} times {open}");
            assert!(Parsed::new(&broken).is_err() && Parsed::new(&format!("{broken}a b")).is_err());
        }
        for form in
            ["CASE WHEN ", "- ", "EXTRACT(YEAR FROM ", "TRIM(BOTH 'x' FROM ", "POSITION(a IN ", "a IN (", "a = "]
        {
            assert!(Parsed::new(&form.repeat(n)).is_err());
        }
    }
}

/// The columns of an expression are listed once, in the order of their first use, whatever their names.
#[test]
fn columns_are_found() {
    let parsed = Parsed::new("\"a b\" = 'x' OR year > 2 AND \"a b\" IS NULL OR EXTRACT(MONTH FROM date) = 1").unwrap();
    assert_eq!(parsed.columns, ["a b", "year", "date"]);
    assert!(refused("1 = 1").contains("names no column"));
}
