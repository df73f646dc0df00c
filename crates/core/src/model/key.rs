//! Keys that name groups of records: sums of the keys of single records.
//!
//! Sums are modular, so a key does not depend on the order in which records are added up, and the key of a union of
//! disjoint groups is the sum of theirs.

/// What sums of keys are taken modulo.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Modulus(Option<u64>);

impl Modulus {
    /// 2^128: sums of keyed hashes, which name a group of records for all practical purposes.
    pub const FULL: Modulus = Modulus(None);

    /// A whole number of at least 1: keys of a column, by the conventions of other systems.
    pub fn of(modulus: u64) -> Modulus {
        Modulus(Some(modulus.max(1)))
    }

    /// A number reduced by the modulus.
    pub fn reduce(self, key: u128) -> u128 {
        self.0.map_or(key, |m| key % u128::from(m))
    }

    /// The sum of two reduced keys.
    pub fn add(self, a: u128, b: u128) -> u128 {
        match self.0 {
            // reduced keys are below 2^64, so their sum can't overflow
            Some(_) => self.reduce(a.wrapping_add(b)),
            None => a.wrapping_add(b),
        }
    }

    /// Where a reduced key stands between 0 and 1, 1 not included; exact for keys of up to 53 bits.
    pub fn fraction(self, key: u128) -> f64 {
        match self.0 {
            Some(m) => key as f64 / m as f64,
            None => (key >> (128 - 53)) as f64 / (1u64 << 53) as f64,
        }
    }
}

/// Keys of groups of records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordKeys {
    /// What they are summed modulo.
    pub modulus: Modulus,
    /// Per group, the sum of its records' keys.
    pub groups: Vec<u128>,
    /// Per person or contributor, by its number in the groups, a key of its own; empty where persons have none.
    pub persons: Vec<u128>,
}

/// Keys of cells: for records and sums those of the records in the cell added up, for persons those of the persons.
///
/// With a modulus of 2^128 two cells of the same key and value are the same group of records, in whatever tables and
/// releases they stand, as long as the secret key is the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CellKeys {
    /// What they are summed modulo.
    pub modulus: Modulus,
    /// Per cell of the system; 0 for a cell that only carries a difference.
    pub cells: Vec<u128>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sums wrap around, and do not depend on the order.
    #[test]
    fn sums() {
        let all = [u128::MAX, 5, 1 << 127, 77, u128::MAX - 3];
        let sum = |keys: &[u128]| keys.iter().fold(0, |s, &k| Modulus::FULL.add(s, k));
        let mut turned = all;
        turned.reverse();
        assert_eq!(sum(&all), sum(&turned));
        assert_eq!(Modulus::FULL.add(u128::MAX, 2), 1);
        assert_eq!(Modulus::of(256).add(250, 10), 4);
        assert_eq!(Modulus::of(u64::MAX).add(u128::from(u64::MAX) - 1, 2), 1);
    }

    /// Fractions lie in [0, 1).
    #[test]
    fn fractions() {
        for (modulus, key, fraction) in [
            (Modulus::FULL, 0, 0.0),
            (Modulus::FULL, 1 << 127, 0.5),
            (Modulus::FULL, u128::MAX, 1.0 - f64::EPSILON / 2.0),
            (Modulus::of(256), 200, 200.0 / 256.0),
            (Modulus::of(1000), 999, 0.999),
        ] {
            assert_eq!(modulus.fraction(key), fraction);
        }
    }
}
