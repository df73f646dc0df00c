//! Decimal digits as spreadsheets round them: half away from zero, from the fifteen digits that a number is good for.

/// Digits that a number is good for.
const DIGITS: usize = 15;
/// Signs that a cell without a format shows at most.
const WIDTH: i32 = 11;

/// The digits of a number (not negative) and the power of ten of the first one.
fn digits(value: f64) -> (Vec<u8>, i32) {
    let text = format!("{:.*e}", DIGITS - 1, value);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect();
    (digits, exponent.parse().unwrap_or(0))
}

/// A number (not negative) with so many decimals.
pub(super) fn rounded(value: f64, decimals: usize) -> String {
    if !value.is_finite() || value >= 1e30 {
        return value.to_string();
    }
    let decimals = decimals.min(30);
    let (digits, exponent) = digits(value);
    // digits from the highest place that is shown to the lowest
    let places = usize::try_from(exponent.max(0)).unwrap_or(0) + 1 + decimals;
    let skipped = usize::try_from((-exponent).max(0)).unwrap_or(usize::MAX);
    let digit = |i: usize| i.checked_sub(skipped).and_then(|i| digits.get(i)).copied().unwrap_or(0);
    let mut shown: Vec<u8> = (0..places).map(digit).collect();
    if digit(places) >= 5 {
        let mut carried = true;
        for d in shown.iter_mut().rev() {
            if carried {
                *d = (*d + 1) % 10;
                carried = *d == 0;
            }
        }
        if carried {
            shown.insert(0, 1);
        }
    }
    let mut text: String = shown.iter().map(|d| char::from(b'0' + d)).collect();
    if decimals > 0 {
        text.insert(text.len() - decimals, '.');
    }
    text
}

/// A number as a cell without a format shows it.
pub(super) fn general(value: f64) -> String {
    if !value.is_finite() {
        return value.to_string();
    }
    let (sign, size) = (if value < 0.0 { "-" } else { "" }, value.abs());
    if size != 0.0 && !(1e-9..1e11).contains(&size) {
        let (digits, exponent) = digits(size);
        let first = digits.first().copied().unwrap_or(0);
        let rest: String = digits.iter().skip(1).take(5).map(|d| char::from(b'0' + d)).collect();
        let rest = rest.trim_end_matches('0');
        let point = if rest.is_empty() { "" } else { "." };
        return format!("{sign}{first}{point}{rest}E{exponent:+03}");
    }
    let whole = digits(size).1.max(0) + 1;
    let text = rounded(size, usize::try_from(WIDTH - 1 - whole).unwrap_or(0));
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "0" { text.to_owned() } else { format!("{sign}{text}") }
}

/// A number (not negative) as digits and a power of ten.
pub(super) fn scientific(value: f64, decimals: usize, least: usize) -> String {
    let exponent = if value == 0.0 { 0 } else { digits(value).1 };
    let mantissa = rounded(value / 10f64.powi(exponent), decimals);
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}E{sign}{:0width$}", exponent.abs(), width = least.min(10))
}

/// Digits in groups of three.
pub(super) fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (i, sign) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(sign);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_up_as_written_in_decimals() {
        for (value, decimals, text) in [
            (0.5, 0, "1"),
            (1.5, 0, "2"),
            (0.05, 1, "0.1"),
            (1.005, 2, "1.01"),
            (9.99, 1, "10.0"),
            (0.0004, 2, "0.00"),
            (123.0, 0, "123"),
            (0.0, 2, "0.00"),
            (1e20, 0, "100000000000000000000"),
        ] {
            assert_eq!(rounded(value, decimals), text, "{value}");
        }
    }

    #[test]
    fn numbers_without_a_format_are_short() {
        for (value, text) in [
            (1.0 / 3.0, "0.333333333"),
            (25.0, "25"),
            (-0.5, "-0.5"),
            (12_345_678_901.0, "12345678901"),
            (1e15, "1E+15"),
            (1.5e-12, "1.5E-12"),
            (0.0, "0"),
        ] {
            assert_eq!(general(value), text);
        }
        assert_eq!(grouped("1234567"), "1,234,567");
        assert_eq!(grouped("123"), "123");
    }
}
