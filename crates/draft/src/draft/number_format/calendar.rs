//! Dates and times of spreadsheets: days since the end of 1899, with the 29 February 1900 that never was, or since 1904.

use super::Token;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
/// The day after the last that spreadsheets know, 31 December 9999.
const LAST: f64 = 2_958_466.0;

/// Whether a section shows a date or a time.
pub(super) fn is_date(tokens: &[Token]) -> bool {
    tokens.iter().any(|t| matches!(t, Token::Sign('y' | 'm' | 'd' | 'h' | 's', _) | Token::Elapsed(_)))
}

/// A date or time; none where there is no such day.
pub(super) fn show(tokens: &[Token], value: f64, from_1904: bool) -> Option<String> {
    let value = if from_1904 { value + 1462.0 } else { value };
    if !(0.0..LAST).contains(&value) {
        return None;
    }
    let seconds = (value * 86_400.0).round() as i64;
    let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, date) = civil(day);
    let half = tokens.contains(&Token::HalfDay);
    let hour = second / 3600;
    let clock = if half { (hour + 11) % 12 + 1 } else { hour };
    let mut text = String::new();
    let mut after_hours = false;
    for (i, token) in tokens.iter().enumerate() {
        let before_seconds = || {
            let next = tokens.iter().skip(i + 1).find(|t| !matches!(t, Token::Literal(_)));
            matches!(next, Some(Token::Sign('s', _) | Token::Elapsed('s')))
        };
        let padded = |n: i64, count: usize| if count > 1 { format!("{n:02}") } else { n.to_string() };
        match token {
            Token::Literal(t) => text.push_str(t),
            Token::Sign('y', count) if *count > 2 => text.push_str(&year.to_string()),
            Token::Sign('y', _) => text.push_str(&padded(year.rem_euclid(100), 2)),
            Token::Sign('m', count) if after_hours || before_seconds() => {
                text.push_str(&padded(second / 60 % 60, *count))
            }
            Token::Sign('m', count) => {
                text.push_str(&name(&MONTHS, month - 1, *count).unwrap_or_else(|| padded(month, *count)))
            }
            Token::Sign('d', count) => {
                text.push_str(&name(&DAYS, (day + 6).rem_euclid(7), *count).unwrap_or_else(|| padded(date, *count)))
            }
            Token::Sign('h', count) => text.push_str(&padded(clock, *count)),
            Token::Sign('s', count) => text.push_str(&padded(second % 60, *count)),
            Token::Elapsed('h') => text.push_str(&(seconds / 3600).to_string()),
            Token::Elapsed('m') => text.push_str(&(seconds / 60).to_string()),
            Token::Elapsed(_) => text.push_str(&seconds.to_string()),
            Token::HalfDay => text.push_str(if hour < 12 { "AM" } else { "PM" }),
            Token::Sign(sign @ ('/' | '.' | ','), _) => text.push(*sign),
            Token::Sign(..) | Token::General => {}
        }
        match token {
            Token::Sign('h', _) | Token::Elapsed('h') => after_hours = true,
            Token::Literal(_) => {}
            _ => after_hours = false,
        }
    }
    Some(text)
}

/// Days of the first years that a spreadsheet counts: a number up to here is no date of a draft.
const FIRST: f64 = 3_000.0;

/// Whether a text says the date or time that a number stands for: at least two parts of it, and nothing else.
pub(super) fn says(text: &str, value: f64) -> bool {
    if !(0.0..LAST).contains(&value) || (1.0..FIRST).contains(&value) || value < 1.0 && !text.contains(':') {
        return false;
    }
    let seconds = (value * 86_400.0).round() as i64;
    let (year, month, date) = civil(seconds.div_euclid(86_400));
    let second = seconds.rem_euclid(86_400);
    let parts = [
        year,
        year.rem_euclid(100),
        month,
        date,
        second / 3600,
        (second / 3600 + 11) % 12 + 1,
        second / 60 % 60,
        second % 60,
    ];
    let numbers: Vec<i64> =
        text.split(|c: char| !c.is_ascii_digit()).filter(|d| !d.is_empty()).filter_map(|d| d.parse().ok()).collect();
    let named = MONTHS.iter().any(|m| m.get(..3).is_some_and(|m| text.to_lowercase().contains(&m.to_lowercase())));
    numbers.len() + usize::from(named) >= 2 && numbers.iter().all(|n| parts.contains(n))
}

/// Whether a number is too small to be the date of a draft: a count under the format of a date.
pub(super) fn is_count(value: f64) -> bool {
    value.fract() == 0.0 && (1.0..=366.0).contains(&value)
}

/// A month's or day's name, for three letters or more.
fn name(names: &[&str], index: i64, count: usize) -> Option<String> {
    let name = names.get(usize::try_from(index).ok()?)?;
    match count {
        0..=2 => None,
        3 => Some(name.chars().take(3).collect()),
        _ => Some((*name).to_owned()),
    }
}

/// Year, month and day of a day's number.
fn civil(day: i64) -> (i64, i64, i64) {
    match day {
        0 => return (1900, 1, 0),
        60 => return (1900, 2, 29),
        _ => {}
    }
    // days since 1 March 0000, in eras of 400 years
    let days = if day < 60 { day + 1 } else { day } - 25_569 + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let date = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates_around_the_day_that_never_was() {
        for (day, date) in [
            (1, (1900, 1, 1)),
            (59, (1900, 2, 28)),
            (60, (1900, 2, 29)),
            (61, (1900, 3, 1)),
            (42_201, (2015, 7, 16)),
            (36_585, (2000, 2, 29)),
            (2_958_465, (9999, 12, 31)),
        ] {
            assert_eq!(civil(day), date, "{day}");
        }
    }
}
