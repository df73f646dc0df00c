//! What a label stands for where that has an order: months, classes and ages, codes of diseases, grades. Two labels of one scale hold
//! each other, or are apart, by their words alone.

use super::super::common::month_number;

/// A stretch of a scale.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    /// The scale: labels of others can't be compared.
    pub scale: String,
    /// Its first and its last step.
    pub lo: i64,
    pub hi: i64,
}

impl Span {
    fn new(scale: &str, lo: i64, hi: i64) -> Option<Span> {
        (lo <= hi).then(|| Span { scale: scale.to_owned(), lo, hi })
    }

    /// Whether it holds all of another, and more.
    pub fn holds(&self, other: &Span) -> bool {
        self.scale == other.scale && self.lo <= other.lo && other.hi <= self.hi && self != other
    }

    /// Whether another follows it directly, or begins where it ends.
    pub fn meets(&self, next: &Span) -> bool {
        let gap = next.lo.saturating_sub(self.hi);
        // chapters of codes do not use all their numbers
        gap == 1 || gap == 0 && next.hi > next.lo || self.scale == CODES && gap > 0 && (next.lo % 100 == 0 || gap < 3)
    }
}

/// The scale of codes of diseases.
const CODES: &str = "codes";
/// Words between the ends of a stretch.
const TO: &[&str] = &["to", "until", "through"];
/// Words that say nothing of a period.
const PLAIN: &[&str] =
    &["to", "year", "fy", "calendar", "financial", "total", "full", "whole", "in", "of", "quarter", "half", "term"];

/// The stretch that a label stands for; `code` is what stands before it in a column of codes.
pub(crate) fn span(label: &str, code: &str) -> Option<Span> {
    let label = label.to_lowercase().replace(['\u{2013}', '\u{2014}', '\u{2212}', '\u{2011}'], "-");
    let first = codes(&code.to_lowercase().replace('\u{2013}', "-")).or_else(|| codes(&label));
    first.or_else(|| period(&label)).or_else(|| numbers(&label))
}

/// A word or number, and the sign right before it.
fn tokens(text: &str) -> Vec<(char, String)> {
    let mut found: Vec<(char, String)> = Vec::new();
    let mut before = ' ';
    let mut word = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_alphanumeric() {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            found.push((before, std::mem::take(&mut word)));
            before = ' ';
        }
        if c != ' ' && c != '.' {
            before = c;
        }
    }
    found
}

/// "C00-D48", "I20-I25 Ischaemic": a letter and two digits.
fn codes(text: &str) -> Option<Span> {
    let step = |t: &str| {
        let mut chars = t.chars();
        let letter = chars.next().filter(char::is_ascii_lowercase)?;
        let digits = chars.as_str();
        let number = digits.parse::<i64>().ok().filter(|_| digits.len() == 2)?;
        Some((i64::from(u32::from(letter)) - i64::from(u32::from('a'))) * 100 + number)
    };
    let all = tokens(text);
    let (_, first) = all.first()?;
    let lo = step(first)?;
    let ends = all.get(1..).unwrap_or_default();
    let hi = match ends {
        [(_, to), (_, last), ..] if TO.contains(&to.as_str()) => step(last),
        [('-', last), ..] => step(last),
        _ => None,
    };
    Span::new(CODES, lo, hi.unwrap_or(lo))
}

/// What a label says of time.
#[derive(Default)]
struct Period {
    /// A year, and whether it runs from April.
    years: Vec<(i64, bool)>,
    months: Vec<i64>,
    quarter: Option<i64>,
    half: Option<i64>,
    /// The first month of a term.
    term: Option<i64>,
    /// Its years run from September.
    academic: bool,
}

/// "Apr-20", "Apr-Jun 2020", "2020 Q1", "2019/20": in months.
fn period(text: &str) -> Option<Span> {
    let all = tokens(text);
    let mut found = Period::default();
    let mut at = 0;
    while let Some((sign, word)) = all.get(at) {
        at += 1;
        let next = all.get(at);
        let number = word.parse::<i64>().ok();
        let numbered = |letter: char, most: i64| {
            let n = word.strip_prefix(letter).and_then(|n| n.parse::<i64>().ok());
            n.filter(|n| (1..=most).contains(n))
        };
        if let Some(month) = month_number(word) {
            found.months.push(i64::try_from(month).ok()? - 1);
        } else if let Some(year) = number.filter(|y| (1900..2100).contains(y) && word.len() == 4) {
            let follows = |(sign, word): &&(char, String)| {
                matches!(sign, '/' | '-')
                    && word.parse::<i64>().is_ok_and(|n| n == (year + 1) % 100 && word.len() == 2 || n == year + 1)
            };
            let fiscal = next.filter(follows).is_some();
            at += usize::from(fiscal);
            found.years.push((year, fiscal));
        } else if let Some(q) = numbered('q', 4) {
            found.quarter = Some(q - 1);
        } else if let Some(h) = numbered('h', 2) {
            found.half = Some(h - 1);
        } else if let Some(n) = number.filter(|n| (1..=4).contains(n) && word.len() == 1) {
            let before = at.checked_sub(2).and_then(|b| all.get(b)).map(|t| t.1.as_str());
            match before {
                Some("quarter") => found.quarter = Some(n - 1),
                Some("half") if n < 3 => found.half = Some(n - 1),
                _ => return None,
            }
        } else if let Some(n) = number.filter(|_| word.len() == 2 && !found.months.is_empty()) {
            // "Apr-20", "Apr 20", "Apr '20"
            matches!(sign, '-' | ' ' | '\'' | '\u{2019}' | '/').then_some(())?;
            found.years.push((2000 + n, false));
        } else if let Some(term) = ["spring", "summer", "autumn"].iter().position(|t| t == word) {
            found.term = Some(i64::try_from(term).ok()? * 4);
        } else if word == "academic" {
            found.academic = true;
        } else if !PLAIN.contains(&word.as_str()) {
            return None;
        }
    }
    found.span()
}

impl Period {
    fn span(&self) -> Option<Span> {
        let year = self.years.first().copied();
        let first = if self.academic { 8 } else { 3 };
        let base = year.map_or(0, |(y, fiscal)| y * 12 + if fiscal { first } else { 0 });
        if let Some(term) = self.term {
            let plain = self.months.is_empty() && self.quarter.is_none() && self.half.is_none();
            // the autumn term of 2020/21 is in 2020, the others are in 2021
            let year =
                year.map(|(y, two)| y + i64::from(two && term < 8)).filter(|_| plain && self.years.len() == 1)?;
            return Span::new("months", year * 12 + term, year * 12 + term + 3);
        }
        let scale = if year.is_some() { "months" } else { "months of no year" };
        match (self.months.as_slice(), self.quarter, self.half, self.years.as_slice()) {
            ([m], None, None, [] | [(_, false)]) => Span::new(scale, base + m, base + m),
            ([a, b], None, None, [] | [(_, false)]) if a < b => Span::new(scale, base + a, base + b),
            ([a, b], None, None, []) => Span::new(scale, *a, b + 12),
            ([a, b], None, None, [(y, false), (z, false)]) => Span::new(scale, y * 12 + a, z * 12 + b),
            ([], Some(q), None, [_]) => Span::new(scale, base + q * 3, base + q * 3 + 2),
            ([], None, Some(h), [_]) => Span::new(scale, base + h * 6, base + h * 6 + 5),
            ([], None, None, [_]) => Span::new(scale, base, base + 11),
            _ => None,
        }
    }
}

/// Words before a number that leave all below it, or all above it; the second is added to the number.
const BEFORE: &[(&str, bool, i64)] = &[
    ("under", true, -1),
    ("below", true, -1),
    ("less than", true, -1),
    ("fewer than", true, -1),
    ("younger than", true, -1),
    ("<", true, -1),
    ("up to", true, 0),
    ("at most", true, 0),
    ("within", true, 0),
    ("over", false, 1),
    ("above", false, 1),
    ("more than", false, 1),
    ("longer than", false, 1),
    ("older than", false, 1),
    (">", false, 1),
    ("at least", false, 0),
];
/// The same behind a number.
const BEHIND: &[(&str, bool)] = &[
    ("and under", true),
    ("or under", true),
    ("and below", true),
    ("or below", true),
    ("or less", true),
    ("or fewer", true),
    ("or younger", true),
    ("and younger", true),
    ("and over", false),
    ("or over", false),
    ("and above", false),
    ("or above", false),
    ("or more", false),
    ("and more", false),
    ("or older", false),
    ("and older", false),
    ("plus", false),
    ("+", false),
];

/// "Under 16", "16-17", "Years 1-2", "2+ convictions": whole numbers, on the scale of the other words.
fn numbers(text: &str) -> Option<Span> {
    let mut digits: Vec<(usize, usize)> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
        match digits.last_mut() {
            Some(last) if last.1 == at => last.1 = at + c.len_utf8(),
            _ => digits.push((at, at + c.len_utf8())),
        }
    }
    let number = |&(a, b): &(usize, usize)| text.get(a..b).filter(|t| t.len() < 5).and_then(|t| t.parse::<i64>().ok());
    let (first, last) = (digits.first()?, digits.last()?);
    let (mut before, mut after) = (text.get(..first.0)?.trim(), text.get(last.1..)?.trim());
    if before.ends_with(['£', '$', '€', '.']) || after.starts_with('%') {
        return None;
    }
    let (lo, hi) = match digits.as_slice() {
        [one] => {
            let n = number(one)?;
            let led = BEFORE.iter().find_map(|(w, less, add)| {
                let rest = before.strip_suffix(w).filter(|r| r.is_empty() || r.ends_with(' ') || !w.is_ascii())?;
                Some((rest, *less, n.saturating_add(*add)))
            });
            // "20 days or more" as well
            let followed = || {
                let cut = |w: &str| after.strip_prefix(w).or_else(|| after.strip_suffix(w));
                BEHIND.iter().find_map(|(w, less)| Some((cut(w)?, *less)))
            };
            match (led, followed()) {
                (Some((rest, less, n)), _) => {
                    before = rest.trim();
                    if less { (0, n) } else { (n, i64::MAX) }
                }
                (None, Some((rest, less))) => {
                    after = rest.trim();
                    if less { (0, n) } else { (n, i64::MAX) }
                }
                (None, None) => (n, n),
            }
        }
        [a, b] => {
            let between = text.get(a.1..b.0)?.trim();
            let both = before.ends_with("between") && between == "and";
            if !(both || between == "-" || TO.contains(&between)) {
                return None;
            }
            before = before.trim_end_matches("between").trim();
            (number(a)?, number(b)?)
        }
        _ => return None,
    };
    let scale = format!("{}#{}", words(before, false), words(after, true));
    Span::new(&scale, lo, hi)
}

/// Words in the singular; those of ages aside.
fn words(text: &str, behind: bool) -> String {
    const AGES: &[&str] = &["aged", "age", "ages", "years", "year", "old", "olds", "yrs", "yr"];
    let plain = text.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(|w| !w.is_empty());
    let plain = plain.filter(|w| !(AGES.contains(w) && (behind || w.starts_with("age"))));
    plain.map(stem).collect::<Vec<_>>().join(" ")
}

/// A word without the letter of the plural.
pub(crate) fn stem(word: &str) -> String {
    word.strip_suffix('s').filter(|s| s.len() > 2 && !s.ends_with('s')).unwrap_or(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(label: &str) -> Option<(String, i64, i64)> {
        span(label, "").map(|s| (s.scale, s.lo, s.hi))
    }

    /// Periods in months, those of financial years from April.
    #[test]
    fn periods() {
        for (label, lo, hi) in [
            ("Apr-20", 24243, 24243),
            ("Apr-Jun 2020", 24243, 24245),
            ("April to June 2020", 24243, 24245),
            ("2020 Q2", 24243, 24245),
            ("Q1 2020/21", 24243, 24245),
            ("2020", 24240, 24251),
            ("2020/21", 24243, 24254),
            ("Oct 2020 - Jan 2021", 24249, 24252),
            ("Spring term 2021", 24252, 24255),
            ("Autumn 2020/21", 24248, 24251),
            ("Academic year 2020/21", 24248, 24259),
        ] {
            assert_eq!(of(label), Some(("months".to_owned(), lo, hi)), "{label}");
        }
        assert!(of("Mary 2020").is_none_or(|s| s.0 != "months"));
    }

    /// Ages, classes and codes; scales of other words are others.
    #[test]
    fn scales() {
        for (label, lo, hi) in [
            ("Under 18", 0, 17),
            ("Aged under 18", 0, 17),
            ("16-17", 16, 17),
            ("18+", 18, i64::MAX),
            ("0 to 4 years", 0, 4),
            ("65 and over", 65, i64::MAX),
        ] {
            assert_eq!(of(label), Some(("#".to_owned(), lo, hi)), "{label}");
        }
        assert_eq!(of("Years 1-2"), Some(("year#".to_owned(), 1, 2)));
        assert_eq!(of("Year 1").map(|s| s.0), Some("year#".to_owned()));
        assert_eq!(of("C00-D48"), Some((CODES.to_owned(), 200, 348)));
        assert_eq!(of("I20\u{2013}I25 Ischaemic"), Some((CODES.to_owned(), 820, 825)));
        for label in ["Theft", "5%", "£10 to £20", "1.5 to 2.5", ""] {
            assert_eq!(of(label), None, "{label}");
        }
    }
}
