//! The registry of rounding methods.

use std::collections::{BTreeMap, BTreeSet};

use super::fixture::{apart, keyed};
use super::{ROUNDINGS, Tie, parse_rounding, spelling};
use crate::model::{Interval, Treatment};
use crate::secret::Key;

/// Names rise, each once, and each method reads its own full spelling back.
#[test]
fn spellings_read_back() {
    assert!(ROUNDINGS.windows(2).all(|w| w[0].name < w[1].name));
    for text in [
        "conventional(5)",
        "conventional(base=10,ties=even,totals=summed)",
        "down(5)",
        "fixed-random(3)",
        "graduated(stats-nz)",
        "graduated(3<20 5<100 10,random)",
        "label-bands(hi=7,shown=5,base=5)",
        "label-bands(4)",
        "midpoint",
        "random(base=3)",
    ] {
        let method = parse_rounding(text).unwrap_or_else(|f| panic!("{text}: {}", f.message));
        let full = spelling(method.as_ref());
        assert_eq!(parse_rounding(&full).map(|m| spelling(m.as_ref())).ok().as_deref(), Some(full.as_str()));
        assert!(method.entry().name == text.split('(').next().unwrap_or_default(), "{text}");
    }
}

/// What is no method is refused, with those there are; a parameter of another method with those of its own.
#[test]
fn refusals() {
    let told = |text: &str| parse_rounding(text).map_or_else(|f| f.help.unwrap_or_default(), |_| String::new());
    assert!(
        told("randm(3)").starts_with("did you mean `random`? Allowed: `controlled`, `conventional`,"),
        "{}",
        told("randm(3)")
    );
    assert_eq!(told("random(3,ties=up)"), "allowed: `base`");
    assert_eq!(told("random(1)"), "allowed: a whole number from 2 to 1000000000");
}

/// What each method is said to allow for a figure that stands alone is exactly what comes to it, value by value up to 200,
/// whole or with decimals: of methods that draw, what comes to it under some key.
#[test]
fn what_a_figure_stands_for() {
    const METHODS: [&str; 17] = [
        "controlled(5)",
        "controlled(4,2)",
        "conventional(5)",
        "conventional(10,even)",
        "conventional(4,down)",
        "conventional(5,up,summed)",
        "down(7)",
        "graduated(census-drb)",
        "graduated(3<20 5<100 10)",
        "label-bands(hi=7,shown=5,base=5)",
        "label-bands(hi=4,lo=2,shown=3,base=10,ties=even)",
        "label-bands(4)",
        "midpoint(6)",
        "midpoint(5)",
        "random(3)",
        "fixed-random(5)",
        "graduated(stats-nz)",
    ];
    for text in METHODS {
        let method = parse_rounding(text).expect("a method");
        // a draw to a large base would need too many keys to show all that may come of it
        for decimals in 0..if method.keyed() { 1 } else { 2 } {
            let system = apart(&(0..=200).collect::<Vec<_>>(), decimals);
            let keys = if method.keyed() { 300u32 } else { 1 };
            let mut behind: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
            let mut treated: Vec<Treatment> = Vec::new();
            for n in 0..keys {
                let key = Key::from_bytes(format!("a key for tests, number {n:08}").as_bytes()).expect("a key");
                treated = method.round(&keyed(&system, &key, "a release")).expect("rounds").treatments;
                for (value, treatment) in treated.iter().enumerate() {
                    if let Treatment::Replace { by, .. } = treatment {
                        behind.entry(*by).or_default().insert(value as i64);
                    }
                }
            }
            let sign: BTreeSet<i64> =
                (0..=200).filter(|&v| matches!(treated[v as usize], Treatment::Band { .. })).collect();
            for (value, treatment) in treated.iter().enumerate() {
                let value = value as i64;
                let among = |allowed: &[Interval]| -> BTreeSet<i64> {
                    (0..=200).filter(|&v| allowed.iter().any(|i| i.contains(v))).collect()
                };
                match treatment {
                    Treatment::Band { within } => assert_eq!(among(&[*within]), sign, "{text}, {decimals}"),
                    Treatment::Replace { by, preimage } => {
                        let allowed = method.allows_in(*by, Tie::Alone, None, 10i64.pow(decimals));
                        assert!(allowed.contains(preimage) && preimage.contains(value), "{text}: {value}");
                        assert_eq!(among(&allowed), behind[by], "{text}, {decimals} decimals, shown {by}");
                    }
                    other => assert_eq!(*other, Treatment::Publish, "{text}"),
                }
            }
        }
    }
}
