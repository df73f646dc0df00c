//! What can go wrong with the value of an expression, and where that is collected.

use std::sync::atomic::{AtomicU32, Ordering};

/// Why an expression has no value for a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tabulate) enum Fault {
    /// A whole number that 64 bits do not hold.
    TooLarge,
    /// A decimal number that a double does not hold.
    NotFinite,
    /// A division by zero.
    ByZero,
    /// A value that can't be converted.
    Conversion,
    /// A place in a text before its first sign, or a length below 0.
    Position,
    /// A day before the year 0 or after the year 9999.
    Calendar,
    /// A text longer than [`MOST_TEXT`].
    TooLong,
}

/// A text that an expression makes has at most so many bytes, so that none grows without a bound.
pub(super) const MOST_TEXT: usize = 1 << 24;

impl Fault {
    const ALL: [Fault; 7] = [
        Fault::TooLarge,
        Fault::NotFinite,
        Fault::ByZero,
        Fault::Conversion,
        Fault::Position,
        Fault::Calendar,
        Fault::TooLong,
    ];

    /// What is wrong, and what to do about it.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Fault::TooLarge => (
                "a whole number gets too large for 64 bits",
                "whole numbers go to 9223372036854775807; count in a larger unit, or with CAST(… AS DOUBLE)",
            ),
            Fault::NotFinite => {
                ("a decimal number gets too large", "decimal numbers are of double precision; count in a larger unit")
            }
            Fault::ByZero => {
                ("a number is divided by zero", "NULLIF(b, 0) instead of b gives NULL where the divisor is zero")
            }
            Fault::Conversion => (
                "CAST does not hold for every value",
                "TRY_CAST gives NULL where a text is no number or no date (a date is written 2015-07-16)",
            ),
            Fault::Position => (
                "SUBSTR begins before the first sign, or a length is negative",
                "signs are counted from 1; RIGHT(text, 2) gives the last two; CASE WHEN … THEN … keeps other records out",
            ),
            Fault::Calendar => {
                ("a date is outside of the years 0 to 9999", "put the dates right, or leave these records out")
            }
            Fault::TooLong => ("a text gets longer than 16 million signs", "use REPLACE and || on shorter texts"),
        }
    }
}

/// The faults that some record has shown, filled in from several threads.
#[derive(Debug, Default)]
pub(in crate::tabulate) struct Faults(AtomicU32);

impl Faults {
    /// Notes a fault.
    pub fn note(&self, fault: Fault) {
        self.0.fetch_or(1 << fault as u32, Ordering::Relaxed);
    }

    /// The first fault in their order, so that the answer does not depend on the order of records.
    pub fn first(&self) -> Option<Fault> {
        let bits = self.0.load(Ordering::Relaxed);
        Fault::ALL.into_iter().find(|&fault| bits & (1 << fault as u32) != 0)
    }
}
