//! A number as it is printed: whole, or with the decimals of its measure.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::model::scaled;

/// A value in units of 10^-`decimals`: `Figure { value: 1250, decimals: 2 }` prints `12.50`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The value in units of its last decimal.
    pub value: i64,
    /// Digits after the decimal point.
    pub decimals: u32,
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&scaled(self.value, self.decimals))
    }
}

impl Serialize for Figure {
    /// A JSON number. With decimals it is the nearest floating point number, which is what a JSON reader makes of it
    /// in any case; from 17 digits on it is inexact.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.decimals {
            0 => serializer.serialize_i64(self.value),
            _ => serializer.serialize_f64(self.to_string().parse().map_err(serde::ser::Error::custom)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_padded_and_signed() {
        let show = |value, decimals| Figure { value, decimals }.to_string();
        assert_eq!(show(12, 0), "12");
        assert_eq!(show(1250, 2), "12.50");
        assert_eq!(show(5, 2), "0.05");
        assert_eq!(show(-5, 2), "-0.05");
        assert_eq!(show(i64::MIN, 1), "-922337203685477580.8");
        assert_eq!(serde_json::to_string(&Figure { value: 1250, decimals: 2 }).ok().as_deref(), Some("12.5"));
    }
}
