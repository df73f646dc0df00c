//! A value of a classifier, as the records hold it.

use std::cmp::Ordering;

/// A value of a column or expression. Sorts numbers by size, before texts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Value {
    /// A whole number; also the index of a band or of a filter's answer.
    Whole(i64),
    /// A decimal number, by its bits.
    Decimal(u64),
    /// A text.
    Text(String),
}

impl Value {
    /// A decimal number; the two zeros are one, and what is not a number is missing.
    pub fn decimal(x: f64) -> Option<Value> {
        (!x.is_nan()).then(|| Value::Decimal((x + 0.0).to_bits()))
    }

    /// A text; blanks alone are missing.
    pub fn text(text: &str) -> Option<Value> {
        (!text.trim().is_empty()).then(|| Value::Text(text.to_owned()))
    }

    /// As a category's code.
    pub fn code(&self) -> String {
        match self {
            Value::Whole(n) => n.to_string(),
            Value::Decimal(bits) => f64::from_bits(*bits).to_string(),
            Value::Text(text) => text.clone(),
        }
    }
}

impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Value::Whole(a), Value::Whole(b)) => a.cmp(b),
            (Value::Decimal(a), Value::Decimal(b)) => f64::from_bits(*a).total_cmp(&f64::from_bits(*b)),
            (Value::Text(a), Value::Text(b)) => a.cmp(b),
            (Value::Whole(_), _) | (Value::Decimal(_), Value::Text(_)) => Ordering::Less,
            (_, Value::Whole(_)) | (Value::Text(_), Value::Decimal(_)) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
