#![doc = include_str!("manual.md")]

use crate::model::{Interval, Protection, System};

/// The page of the manual.
pub const MANUAL: &str = include_str!("manual.md");

/// Rounds every printed cell to the nearest multiple of `base`.
pub fn protect(system: &System, base: i64) -> Protection {
    super::replace_all(system, "conventional-rounding", |v| round(v, base), |r| preimage(r, base))
}

/// The nearest multiple of `base`, halves up.
pub fn round(value: i64, base: i64) -> i64 {
    let base = base.max(1);
    value.saturating_add(base / 2).div_euclid(base) * base
}

/// The non-negative values that round to `rounded`.
pub fn preimage(rounded: i64, base: i64) -> Interval {
    let base = base.max(1);
    Interval::new((rounded - base / 2).max(0), rounded + (base - 1) - base / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The preimage of a rounded value is exactly the set of values that round to it.
    #[test]
    fn preimage_is_what_rounds_there() {
        for base in 2..12 {
            for value in 0..200 {
                let hidden = preimage(round(value, base), base);
                for other in 0..220 {
                    assert_eq!(
                        hidden.contains(other),
                        round(other, base) == round(value, base),
                        "{base} {value} {other}"
                    );
                }
            }
        }
    }

    /// Halves go up, as the manual says.
    #[test]
    fn worked_example() {
        assert_eq!([0, 1, 2, 3, 7, 8, 25].map(|v| round(v, 5)), [0, 0, 0, 5, 5, 10, 25]);
        assert_eq!(round(5, 10), 10);
    }
}
