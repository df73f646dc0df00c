//! Days of the calendar that holds everywhere (proleptic Gregorian), counted from 1970-01-01.

use super::tree::Part;

/// Nanoseconds of a day.
pub(super) const DAY: i128 = 86_400_000_000_000;
const HOUR: i128 = DAY / 24;
const MINUTE: i128 = HOUR / 60;

/// Year, month and day.
pub(super) fn civil(day: i32) -> (i64, i64, i64) {
    // years begin in March here, so that a leap day is the last of one; 146 097 days are 400 years
    let shifted = i64::from(day) + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The number of a day whose month and day are in range.
fn number(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let from_march = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * from_march + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year - 719_468
}

/// The days that are written with four digits of the year.
pub(in crate::tabulate) fn in_range(day: i64) -> Option<i32> {
    let day = i32::try_from(day).ok()?;
    (0..=9999).contains(&civil(day).0).then_some(day)
}

/// `2015-07-16`, and nothing else.
pub(in crate::tabulate) fn parse(text: &str) -> Option<i32> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 10
        && bytes.iter().enumerate().all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() });
    if !shaped {
        return None;
    }
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let number = i32::try_from(number(year, month, day)).ok()?;
    // a day that is not in its month comes back as another
    (civil(number) == (year, month, day)).then_some(number)
}

/// `2015-07-16`; none for years that four digits do not hold.
pub(in crate::tabulate) fn text(day: i32) -> Option<String> {
    let (year, month, of_month) = civil(day);
    in_range(i64::from(day)).map(|_| format!("{year:04}-{month:02}-{of_month:02}"))
}

/// The day of a time stamp; none beyond what can be counted.
pub(super) fn of(moment: i128) -> Option<i32> {
    i32::try_from(moment.div_euclid(DAY)).ok()
}

/// A part of a day, or of a time of it in nanoseconds.
pub(super) fn part(part: Part, day: i32, time: i128) -> i64 {
    let (year, month, of_month) = civil(day);
    // 1970-01-01 was a Thursday
    let iso_weekday = (i64::from(day) + 3).rem_euclid(7) + 1;
    match part {
        Part::Year => year,
        Part::Quarter => (month - 1) / 3 + 1,
        Part::Month => month,
        Part::Day => of_month,
        Part::DayOfYear => i64::from(day) - number(year, 1, 1) + 1,
        Part::DayOfWeek => iso_weekday % 7,
        Part::IsoDayOfWeek => iso_weekday,
        Part::Week => week(i64::from(day), iso_weekday).1,
        Part::IsoYear => week(i64::from(day), iso_weekday).0,
        Part::Hour => (time / HOUR) as i64,
        Part::Minute => (time % HOUR / MINUTE) as i64,
    }
}

/// A week belongs to the year of its Thursday.
fn week(day: i64, iso_weekday: i64) -> (i64, i64) {
    let thursday = day + 4 - iso_weekday;
    // a day within reach of one that is an i32
    let year = civil(i32::try_from(thursday).unwrap_or(i32::MAX)).0;
    (year, (thursday - number(year, 1, 1)) / 7 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counting day by day through 800 years, with the rule of leap years, gives the same dates and weeks.
    #[test]
    fn the_calendar_by_counting() {
        let leap = |y: i64| y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
        let (mut year, mut month, mut day, mut of_year) = (1600, 1, 1, 1);
        let first = parse("1600-01-01").unwrap();
        // 1600-01-01 was a Saturday, in the last week of 1599
        let (mut weekday, mut week, mut week_year) = (6, 52, 1599);
        for number in first..first + 292_194 {
            assert_eq!(civil(number), (year, month, day));
            assert_eq!(parse(&text(number).unwrap()), Some(number));
            let got = [Part::DayOfYear, Part::IsoDayOfWeek, Part::Week, Part::IsoYear].map(|p| part(p, number, 0));
            assert_eq!(got, [of_year, weekday, week, week_year], "{year}-{month}-{day}");
            let last =
                [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month as usize - 1];
            (day, of_year) = (day + 1, of_year + 1);
            if day > last {
                (day, month) = (1, month + 1);
            }
            if month > 12 {
                (year, month, of_year) = (year + 1, 1, 1);
            }
            weekday = weekday % 7 + 1;
            if weekday == 1 {
                // a new week is the first of a year if 4 January is in it
                let first = (month == 1 && day <= 4) || (month == 12 && day >= 29);
                week = if first { 1 } else { week + 1 };
                week_year = if first && month == 12 { year + 1 } else { year };
            }
        }
        for wrong in ["2015-02-29", "2015-13-01", "2015-1-01", "+015-01-01", "2015-00-10", "2015-04-31", ""] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
