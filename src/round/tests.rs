//! The registry of rounding methods.

use super::{ROUNDINGS, parse_rounding, spelling};

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
