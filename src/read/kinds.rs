//! What the values of a text column are: whole numbers, decimals, ISO dates, or plain text.
//!
//! A column's [`Finds`] grow value by value in one pass and remember the first line that spoke against each type, so
//! that a type which is stated or needed later fails with a place, and without showing the value.

use crate::spec::ColumnType;

use super::Error;
use super::records::{Column, Place, Survey, Wanted};

/// What one pass over one file found out about a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Finds {
    /// How many values are not missing.
    pub values: u64,
    /// How many are missing.
    pub missing: u64,
    /// Line of the first missing value.
    pub first_missing: Option<u64>,
    /// Line of the first value that is not a whole number.
    pub not_integer: Option<u64>,
    /// Line of the first value that is not a decimal number.
    pub not_decimal: Option<u64>,
    /// Line of the first value that is not a date.
    pub not_date: Option<u64>,
    /// Whether a number has leading zeros, as codes have.
    pub padded: bool,
    /// Whether a value is marked as text where numbers have no such mark (JSON).
    pub quoted: bool,
    /// The largest number of decimals and the line where it first stands.
    pub decimals: Option<(u32, u64)>,
    /// Line of the first number below zero.
    pub negative: Option<u64>,
}

impl Finds {
    /// Takes a missing value into account.
    pub fn miss(&mut self, line: u64) {
        self.missing += 1;
        self.first_missing.get_or_insert(line);
    }

    /// Takes the text of a value into account; an empty one is missing.
    pub fn see(&mut self, value: &[u8], line: u64) {
        if value.is_empty() {
            return self.miss(line);
        }
        self.values += 1;
        if self.not_decimal.is_none() {
            self.see_number(value, line);
        }
        if self.not_date.is_none() && !is_date(value) {
            self.not_date = Some(line);
        }
    }

    fn see_number(&mut self, value: &[u8], line: u64) {
        let Some(number) = Number::parse(value) else {
            self.not_decimal = Some(line);
            self.not_integer.get_or_insert(line);
            return;
        };
        self.padded |= number.padded;
        if number.negative {
            self.negative.get_or_insert(line);
        }
        match number.decimals {
            Some(d) => {
                self.not_integer.get_or_insert(line);
                self.count_decimals(d, line);
            }
            None if self.not_integer.is_none() && !fits_i64(value) => self.not_integer = Some(line),
            None => {}
        }
    }

    /// Takes a number of decimals into account.
    pub fn count_decimals(&mut self, decimals: u32, line: u64) {
        if self.decimals.is_none_or(|(most, _)| decimals > most) {
            self.decimals = Some((decimals, line));
        }
    }

    fn broken(&self, kind: ColumnType) -> Option<u64> {
        match kind {
            ColumnType::Text => None,
            ColumnType::Integer => self.not_integer,
            ColumnType::Decimal => self.not_decimal,
            ColumnType::Date => self.not_date,
        }
    }
}

/// A number as it is written.
struct Number {
    padded: bool,
    /// Below zero; `-0` is not.
    negative: bool,
    /// Decimals, trailing zeros aside; `None` without a decimal point.
    decimals: Option<u32>,
}

impl Number {
    /// `-12`, `0.50`, `.5`; no exponents, no thousands separators, no blanks.
    fn parse(text: &[u8]) -> Option<Number> {
        let digits = text.strip_prefix(b"-").unwrap_or(text);
        let (whole, part) = match digits.iter().position(|&b| b == b'.') {
            Some(at) => (&digits[..at], Some(&digits[at + 1..])),
            None => (digits, None),
        };
        let all_digits = |s: &[u8]| s.iter().all(u8::is_ascii_digit);
        let has_value = part.map_or(!whole.is_empty(), |p| !p.is_empty());
        if !has_value || !all_digits(whole) || !part.is_none_or(all_digits) {
            return None;
        }
        let padded = whole.len() > 1 && whole[0] == b'0';
        let decimals = part.map(|p| p.iter().rposition(|&b| b != b'0').map_or(0, |last| last as u32 + 1));
        let negative = text.starts_with(b"-") && digits.iter().any(|b| (b'1'..=b'9').contains(b));
        Some(Number { padded, negative, decimals })
    }
}

fn fits_i64(digits: &[u8]) -> bool {
    digits.len() <= 18 || std::str::from_utf8(digits).is_ok_and(|s| s.parse::<i64>().is_ok())
}

/// Whether the text is a day of the calendar, `2015-07-16`.
fn is_date(text: &[u8]) -> bool {
    let [y @ .., b'-', m1, m2, b'-', d1, d2] = text else { return false };
    if y.len() != 4 || ![y, &[*m1, *m2, *d1, *d2]].concat().iter().all(u8::is_ascii_digit) {
        return false;
    }
    let number = |digits: &[u8]| digits.iter().fold(0u32, |n, b| n * 10 + u32::from(b - b'0'));
    let (year, month, day) = (number(y), number(&[*m1, *m2]), number(&[*d1, *d2]));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=last).contains(&day)
}

/// A file's finds about one column, with what a message needs.
pub(super) struct Found<'a> {
    /// Path of the file as it was given.
    pub file: &'a str,
    /// Number of the field in its records, 0 where fields have no number.
    pub field: usize,
    /// The finds.
    pub finds: &'a Finds,
}

impl Found<'_> {
    fn place(&self, line: u64) -> Place {
        Place { file: self.file.to_owned(), line, field: self.field }
    }
}

/// The column's type over all files: the one stated, else the one needed, else the one found.
///
/// # Errors
/// A value that speaks against a stated or needed type, with its place.
pub(super) fn decide(wanted: &Wanted, found: &[Found]) -> Result<Column, Error> {
    let broken = |kind| found.iter().find_map(|f| f.finds.broken(kind).map(|line| f.place(line)));
    let kind = match wanted.stated {
        Some(kind @ (ColumnType::Text | ColumnType::Date)) if wanted.number => {
            let what = if kind == ColumnType::Text { "text" } else { "a date" };
            return Err(Error::usage(format!("column \"{}\" is stated to be {what}", wanted.name))
                .with_help(format!("{} needs numbers: state \"integer\" or \"decimal\"", wanted.by)));
        }
        Some(kind) => match broken(kind) {
            Some(place) => return Err(breach(wanted, kind, &place)),
            None => kind,
        },
        None if wanted.number => match (broken(ColumnType::Integer), broken(ColumnType::Decimal)) {
            (None, _) => ColumnType::Integer,
            (_, None) => ColumnType::Decimal,
            (_, Some(place)) => return Err(breach(wanted, ColumnType::Decimal, &place)),
        },
        None => guess(wanted, found, |kind| broken(kind).is_none()),
    };
    Ok(Column { name: wanted.name.clone(), kind, survey: Some(survey(found)) })
}

/// The type found. Numbers that look like codes (leading zeros; decimals used as names, as in `1.10`) stay text.
fn guess(wanted: &Wanted, found: &[Found], holds: impl Fn(ColumnType) -> bool) -> ColumnType {
    let empty = found.iter().all(|f| f.finds.values == 0);
    let coded = found.iter().any(|f| f.finds.padded || f.finds.quoted);
    if !empty && !coded && holds(ColumnType::Integer) {
        ColumnType::Integer
    } else if !empty && !coded && holds(ColumnType::Decimal) && (wanted.sql || !wanted.code) {
        ColumnType::Decimal
    } else if !empty && holds(ColumnType::Date) {
        ColumnType::Date
    } else {
        ColumnType::Text
    }
}

fn breach(wanted: &Wanted, kind: ColumnType, place: &Place) -> Error {
    let what = match kind {
        ColumnType::Integer => "a whole number",
        ColumnType::Decimal if wanted.stated.is_none() => "a number",
        ColumnType::Decimal => "a decimal number",
        ColumnType::Date => "a date (year-month-day, 2015-07-16)",
        ColumnType::Text => "text",
    };
    let field = if place.field > 0 { format!(" (field {})", place.field) } else { String::new() };
    let why = match (wanted.stated, wanted.by.as_str()) {
        (Some(_), _) => "the type is stated in the specification".to_owned(),
        (None, "") => {
            "numbers are needed here: digits, with a point before decimals and no other separators".to_owned()
        }
        (None, by) => format!("{by} needs numbers: digits, with a point before decimals and no other separators"),
    };
    Error::data(format!("{place}: column \"{}\": this value is not {what}{field}", wanted.name)).with_help(why)
}

fn survey(found: &[Found]) -> Survey {
    let mut decimals: Option<(u32, Place)> = None;
    for f in found {
        if let Some((most, line)) = f.finds.decimals
            && decimals.as_ref().is_none_or(|(d, _)| most > *d)
        {
            decimals = Some((most, f.place(line)));
        }
    }
    Survey {
        missing: found.iter().map(|f| f.finds.missing).sum(),
        first_missing: found.iter().find_map(|f| f.finds.first_missing.map(|line| f.place(line))),
        first_negative: found.iter().find_map(|f| f.finds.negative.map(|line| f.place(line))),
        decimals,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(values: &[&str]) -> Finds {
        let mut finds = Finds::default();
        for (i, v) in values.iter().enumerate() {
            finds.see(v.as_bytes(), i as u64 + 2);
        }
        finds
    }

    fn kind(values: &[&str], wanted: &Wanted) -> Result<ColumnType, String> {
        let finds = finds(values);
        decide(wanted, &[Found { file: "a.csv", field: 4, finds: &finds }]).map(|c| c.kind).map_err(|e| e.message)
    }

    /// Each list of values has the type that a careful reader would give it.
    #[test]
    fn types_are_found() {
        let code = Wanted { code: true, ..Wanted::default() };
        let any = Wanted::default();
        for (values, wanted, want) in [
            (&["1", "-20", ""][..], &any, ColumnType::Integer),
            (&["1", "2.50"], &any, ColumnType::Decimal),
            (&["1.1", "1.10"], &code, ColumnType::Text),
            (&["007", "12"], &any, ColumnType::Text),
            (&["0", "-0.5", ".5"], &any, ColumnType::Decimal),
            (&["1e5"], &any, ColumnType::Text),
            (&["1."], &any, ColumnType::Text),
            (&["-"], &any, ColumnType::Text),
            (&["9223372036854775808"], &any, ColumnType::Decimal),
            (&["2015-07-16", "2016-02-29"], &any, ColumnType::Date),
            (&["2015-02-29"], &any, ColumnType::Text),
            (&["2015-13-01"], &any, ColumnType::Text),
            (&["", ""], &any, ColumnType::Text),
            (&[], &any, ColumnType::Text),
        ] {
            assert_eq!(kind(values, wanted), Ok(want), "{values:?}");
        }
    }

    #[test]
    fn a_stated_or_needed_type_fails_with_the_place_and_without_the_value() {
        let name = "victim_age".to_owned();
        let stated = Wanted { name: name.clone(), stated: Some(ColumnType::Integer), ..Wanted::default() };
        let needed = Wanted { name, number: true, ..Wanted::default() };
        let message = kind(&["1", "2.5", "secret"], &stated).unwrap_err();
        assert_eq!(message, "a.csv:3: column \"victim_age\": this value is not a whole number (field 4)");
        let message = kind(&["1", "2.5", "secret"], &needed).unwrap_err();
        assert_eq!(message, "a.csv:4: column \"victim_age\": this value is not a number (field 4)");
        assert_eq!(kind(&["007"], &needed), Ok(ColumnType::Integer));
    }

    #[test]
    fn decimals_leave_trailing_zeros_aside() {
        assert_eq!(finds(&["1.50", "2.25", "3.123000"]).decimals, Some((3, 4)));
        assert_eq!(finds(&["1", "2"]).decimals, None);
    }
}
