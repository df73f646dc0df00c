//! Decimal numbers, kept exactly.

/// The largest amount, in units of the last decimal: solvers tell whole numbers apart up to here.
const MOST: i64 = 9_000_000_000_000_000;

/// `digits` · 10^-`decimals`; the last digit after the point is not 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    digits: i64,
    /// Digits after the point.
    pub decimals: u32,
}

/// Why a word gives no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bad {
    NotANumber,
    TooLarge,
}

impl Number {
    /// The number that a word spells, kept exactly (`-12`, `0.45`, `1e+06`); `None` if it is none or too large.
    pub fn read(word: &[u8]) -> Option<Number> {
        read(word).ok()
    }

    /// The number as a whole one, in units of 10^-`decimals`; `None` if it is too large for that, or finer.
    pub fn scaled(self, decimals: u32) -> Option<i64> {
        if self.digits == 0 {
            return Some(0);
        }
        let factor = 10_i64.checked_pow(decimals.checked_sub(self.decimals)?)?;
        self.digits.checked_mul(factor).filter(|v| v.unsigned_abs() <= MOST.unsigned_abs())
    }
}

/// A number: a sign, digits with or without a point, an exponent (`-12`, `0.45`, `1e+06`).
pub(super) fn read(word: &[u8]) -> Result<Number, Bad> {
    let (negative, word) = match word.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, word),
    };
    let mut parts = word.splitn(2, |b| matches!(b, b'e' | b'E'));
    let (mantissa, exponent) = (parts.next().unwrap_or_default(), parts.next());
    let exponent: i32 = match exponent.map(std::str::from_utf8) {
        None => 0,
        Some(Ok(text)) => text.parse().map_err(|_| Bad::NotANumber)?,
        Some(Err(_)) => return Err(Bad::NotANumber),
    };
    let (mut digits, mut decimals, mut point, mut any) = (0_i128, 0_i32, false, false);
    for byte in mantissa {
        match byte {
            b'0'..=b'9' => {
                any = true;
                digits = digits.checked_mul(10).ok_or(Bad::TooLarge)? + i128::from(byte - b'0');
                decimals += i32::from(point);
            }
            b'.' if !point => point = true,
            _ => return Err(Bad::NotANumber),
        }
    }
    if !any {
        return Err(Bad::NotANumber);
    }
    canonical(if negative { -digits } else { digits }, decimals.checked_sub(exponent).ok_or(Bad::TooLarge)?)
}

/// Without zeros at the end of the decimals, and none before the point.
fn canonical(mut digits: i128, mut decimals: i32) -> Result<Number, Bad> {
    if digits == 0 {
        return Ok(Number { digits: 0, decimals: 0 });
    }
    while decimals > 0 && digits % 10 == 0 {
        (digits, decimals) = (digits / 10, decimals - 1);
    }
    if decimals < 0 {
        let factor = 10_i128.checked_pow(decimals.unsigned_abs()).ok_or(Bad::TooLarge)?;
        (digits, decimals) = (digits.checked_mul(factor).ok_or(Bad::TooLarge)?, 0);
    }
    let digits = i64::try_from(digits).ok().filter(|v| v.unsigned_abs() <= MOST.unsigned_abs()).ok_or(Bad::TooLarge)?;
    Ok(Number { digits, decimals: decimals.unsigned_abs() })
}

/// A whole number that is not negative, written with digits alone.
pub(super) fn count(word: &[u8]) -> Option<usize> {
    std::str::from_utf8(word).ok().filter(|w| w.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()
}

/// An amount in units of 10^-`decimals`, as a person writes it.
pub(super) fn show(amount: i128, decimals: u32) -> String {
    let places = decimals as usize;
    let digits = format!("{:0>width$}", amount.unsigned_abs(), width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    let point = if places > 0 { "." } else { "" };
    format!("{}{whole}{point}{part}", if amount < 0 { "-" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whole and decimal numbers are exact and in their shortest form, however they are written.
    #[test]
    fn numbers() {
        let is = |text: &str| read(text.as_bytes()).map(|n| (n.digits, n.decimals));
        for (text, digits, decimals) in [
            ("0", 0, 0),
            ("-0.00", 0, 0),
            ("12", 12, 0),
            ("+12", 12, 0),
            ("-12.50", -125, 1),
            (".5", 5, 1),
            ("7.", 7, 0),
            ("1e+06", 1_000_000, 0),
            ("1.25E-2", 125, 4),
            ("0e-99", 0, 0),
            ("9000000000000000", MOST, 0),
        ] {
            assert_eq!(is(text), Ok((digits, decimals)), "{text}");
        }
        for text in ["", "-", ".", "1.2.3", "1,5", "x", "1e", "1e1.5", "--1", "Inf", "NaN"] {
            assert_eq!(is(text), Err(Bad::NotANumber), "{text}");
        }
        for text in ["9000000000000001", "1e16", "1e99", "1e-2147483648", &"9".repeat(60)] {
            assert_eq!(is(text), Err(Bad::TooLarge), "{text}");
        }
    }

    /// Scaling is exact or refused, and what is shown is what was read.
    #[test]
    fn scaling() {
        let number = Number { digits: -125, decimals: 1 };
        assert_eq!([0, 1, 3].map(|d| number.scaled(d)), [None, Some(-125), Some(-12_500)]);
        assert_eq!(Number { digits: MOST, decimals: 0 }.scaled(1), None);
        assert_eq!(Number { digits: 1, decimals: 0 }.scaled(40), None);
        assert_eq!([(-12_500, 3), (5, 2), (5, 0)].map(|(v, d)| show(v, d)), ["-12.500", "0.05", "5"]);
    }
}
