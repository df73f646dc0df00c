//! What a clause says that a sign means: "fewer than 5", "suppressed to protect confidentiality", "not available".

use crate::model::Interval;
use crate::text::Meaning;

use crate::check::lexicon::{Number, number};
use crate::check::numerals::numeral;

/// Words of what is withheld.
const WITHHELD: &[&str] = &[
    "suppress",
    "withheld",
    "confidential",
    "not shown",
    "not published",
    "not disclosed",
    "disclos",
    "redact",
    "removed",
    "hidden",
    "masked",
    "to protect",
    "too small",
    "small number",
    "low number",
    "small count",
    "low count",
    "small cell",
    "exempt",
    "identif",
    "not released",
    "not be shown",
    "not given",
    "not displayed",
    "privacy",
];
/// Words of figures that are not there.
const UNAVAILABLE: &[&str] = &[
    "not available",
    "unavailable",
    "not collected",
    "not recorded",
    "no data",
    "data not",
    "missing",
    "unknown",
    "not known",
    "not provided",
    "not supplied",
    "not held",
    "not yet available",
    "no information",
    "not reported",
    "non-response",
    "no response",
];
/// Words of cells in which no case can be.
const INAPPLICABLE: &[&str] = &[
    "not applicable",
    "n/a",
    "not relevant",
    "does not apply",
    "do not apply",
    "not possible",
    "category not",
    "no such",
];
/// Words of zero.
const ZERO: &[&str] = &[
    "nil",
    "zero",
    "none",
    "no cases",
    "no events",
    "null",
    "no observations",
    "no incidents",
    "no records",
    "no offences",
    "no deaths",
    "no people",
    "no persons",
];
/// Words of what is too small to be shown in the unit of the table.
const NEGLIGIBLE: &[&str] =
    &["negligible", "half the", "rounds to zero", "rounded to zero", "rounds to 0", "rounded to 0", "half of the"];
/// Words that say that more is hidden by the sign than its bounds.
const MORE: &[&str] = &[
    "secondary",
    "or to prevent",
    "or where",
    "or to avoid",
    "or could",
    "or would",
    "and other",
    "or other",
    "complementary",
    "or to protect",
    "consequential",
    "or if",
    "differencing",
    "or may",
    "and to prevent",
    "and to protect",
    "or is",
    "deduc",
    "from being",
    "or used to",
    "or can be",
    "from which",
    "and associated",
    "associated totals",
    "some other figures",
    "associated total",
    "derive",
    "worked out",
    "calculate",
    "or suppressed",
    "or withheld",
];

/// The meaning that a clause gives; `least` is the least that a withheld count can be.
pub(super) fn meaning(clause: &str, least: i64) -> Option<Meaning> {
    let text = clause.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| contains(&text, w));
    if has(INAPPLICABLE) {
        return Some(Meaning::NotApplicable);
    }
    let bounds = bounds(&text);
    let hidden = has(WITHHELD);
    if has(UNAVAILABLE) && bounds.is_none() {
        // "not available or suppressed": nothing is known of it, either way
        return Some(Meaning::NotAvailable);
    }
    if let Some((lo, hi)) = bounds {
        let zero = contains(&text, "zero")
            || contains(&text, "zeros")
            || contains(&text, "zeroes")
            || contains(&text, "nil")
            || text.contains(" 0");
        let excluded = [
            "excluding",
            "not including",
            "non-zero",
            "nonzero",
            "greater than zero",
            "greater than 0",
            "above zero",
            "more than zero",
            "but not zero",
            "other than zero",
            "except zero",
        ]
        .iter()
        .any(|w| text.contains(w));
        if has(MORE) {
            return Some(Meaning::Withheld);
        }
        let lo = lo.unwrap_or(if excluded {
            1
        } else if zero {
            0
        } else {
            least
        });
        return (lo <= hi).then(|| Meaning::Within(Interval::new(lo, hi)));
    }
    match (hidden, has(NEGLIGIBLE), has(ZERO)) {
        (true, _, false) => Some(Meaning::Withheld),
        (false, true, false) => Some(Meaning::RoundsToZero),
        (true, ..) | (false, true, true) => Some(Meaning::NotAvailable),
        (false, false, true) => Some(Meaning::Zero),
        (false, false, false) => None,
    }
}

/// Whether a text holds words that begin where a word begins.
fn contains(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| {
        !text.get(..at).unwrap_or_default().ends_with(char::is_alphanumeric)
            && (words.len() > 4 || !text.get(at + words.len()..).unwrap_or_default().starts_with(char::is_alphanumeric))
    })
}

/// The bounds that a clause names: "fewer than 5", "1 to 4", "below five", "between 1 and 4", "4 or fewer".
pub(super) fn bounds(text: &str) -> Option<(Option<i64>, i64)> {
    let spaced = text
        .replace("<=", " up-to ")
        .replace(['\u{2264}'], " up-to ")
        .replace('<', " less than ")
        .replace(['(', ')', ',', ';', '"', '\''], " ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let word = |at: Option<usize>| at.and_then(|a| words.get(a)).copied().unwrap_or_default();
    for (i, token) in words.iter().enumerate() {
        if let Some((lo, hi)) = token.split_once(['-', '\u{2013}']).and_then(|(a, b)| Some((value(a)?, value(b)?)))
            && lo < hi
        {
            return Some((Some(lo), hi));
        }
        let Some(n) = value(token) else { continue };
        let (before, two) = (word(i.checked_sub(1)), word(i.checked_sub(2)));
        let (after, next) = (word(Some(i + 1)), value(word(Some(i + 2))));
        match (after, next) {
            ("to" | "and" | "through" | "-" | "\u{2013}" | "or", Some(hi))
                if n < hi && !matches!(before, "than" | "nearest" | "base") =>
            {
                let listed = after == "or" || after == "and" && !words.contains(&"between");
                // "1, 2, 3 or 4"
                let lo = if listed { first_of_list(&words, i) } else { n };
                return Some((Some(lo), hi));
            }
            ("or" | "and", None) if ["fewer", "less", "under", "below", "lower"].contains(&word(Some(i + 2))) => {
                return Some((None, n));
            }
            _ => {}
        }
        let below = matches!(before, "under" | "below" | "beneath")
            || before == "than" && matches!(two, "fewer" | "less" | "lower" | "smaller");
        let equal = before == "to" && two == "equal"
            || before == "up-to"
            || before == "to" && two == "up"
            || before == "most"
            || before == "than" && matches!(two, "more" | "greater") && word(i.checked_sub(3)) == "no";
        if below {
            return (n > 0).then_some((None, n - 1));
        }
        if equal {
            return Some((None, n));
        }
    }
    None
}

/// The first of numbers listed one after the other up to the one at `at`.
fn first_of_list(words: &[&str], at: usize) -> i64 {
    let run = words.get(..=at).unwrap_or_default().iter().rev().map_while(|w| value(w));
    run.last().unwrap_or(0)
}

/// A whole number in digits or as a word.
pub(super) fn value(word: &str) -> Option<i64> {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    number(bare).and_then(Number::count).or_else(|| numeral(bare)).or((bare == "zero").then_some(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The wordings of statistics offices and of letters.
    #[test]
    fn wordings() {
        let within = |lo, hi| Some(Meaning::Within(Interval::new(lo, hi)));
        for (text, expect) in [
            ("fewer than 5", within(1, 4)),
            ("means fewer than five", within(1, 4)),
            ("a figure of 1 to 4", within(1, 4)),
            ("a number between 1 and 4", within(1, 4)),
            ("counts of 1, 2, 3 or 4", within(1, 4)),
            ("less than 5, including zero", within(0, 4)),
            ("0-4", within(0, 4)),
            ("4 or fewer", within(1, 4)),
            ("numbers under 10 have been suppressed", within(1, 9)),
            ("less than or equal to 10", within(1, 10)),
            ("values <11", within(1, 10)),
            ("suppressed", Some(Meaning::Withheld)),
            ("suppressed for reasons of confidentiality", Some(Meaning::Withheld)),
            ("fewer than 5, or withheld to prevent secondary disclosure", Some(Meaning::Withheld)),
            ("not available", Some(Meaning::NotAvailable)),
            ("nil", Some(Meaning::Zero)),
            ("zero", Some(Meaning::Zero)),
            ("not applicable", Some(Meaning::NotApplicable)),
            ("nil or rounded to zero", Some(Meaning::NotAvailable)),
            ("less than half the final digit shown", Some(Meaning::RoundsToZero)),
            ("provisional", None),
            ("to 16 July 2015", None),
        ] {
            assert_eq!(meaning(text, 1), expect, "{text}");
        }
    }
}
