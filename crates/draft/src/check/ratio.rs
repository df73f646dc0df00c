//! Rates and means as figures: what a label says of them, and what one of the three numbers tells of the others.
//!
//! A rate is `per · of / over`: 3.1 per 1,000 is 1000 · 12 / 3,880. A mean is a rate of 1: 35 days over 3 cases. Halves may
//! be rounded either way, because a draft does not say how it rounds.

use crate::model::Interval;

use super::lexicon::{Content, Number, key};

/// What a label says of figures that are rates or means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// Per how many, where it says so.
    pub per: Option<i64>,
    /// It is a mean: a sum of something over a number of cases.
    pub mean: bool,
    /// The words that say of what it is.
    pub about: Vec<String>,
    /// The words that say per what.
    pub base: Vec<String>,
}

/// What "rate" alone may be per.
const SCALES: [i64; 6] = [1, 100, 1_000, 10_000, 100_000, 1_000_000];
/// What counts per time are: counts.
const TIMES: &[&str] = &["year", "month", "week", "day", "annum", "quarter", "hour", "cent"];
/// Words of numbers that rates are over.
const BASES: &[&str] = &[
    "population",
    "person",
    "people",
    "resident",
    "inhabitant",
    "household",
    "denominator",
    "base",
    "capita",
    "employee",
    "staff",
    "headcount",
    "workforce",
    "risk",
];
/// Words of sums that are no numbers of persons or cases.
const AMOUNTS: &[&str] = &[
    "day", "hour", "minute", "month", "year", "week", "age", "cost", "fine", "amount", "value", "income", "pay",
    "salary", "mile", "km", "length", "duration", "spend", "price", "point", "score", "kg", "weight", "time", "£", "€",
    "$", "gbp", "eur", "usd", "time",
];

/// The words of a label, each without the s of the plural.
fn words(label: &str) -> Vec<String> {
    let apart = |c: char| !(c.is_alphanumeric() || matches!(c, ',' | '.' | '£' | '€' | '$'));
    let single = |w: &str| w.trim_matches(['.', ',']).to_owned();
    let single = |w: &str| {
        let w = single(w);
        w.strip_suffix('s').filter(|s| s.len() > 2).map_or(w.clone(), str::to_owned)
    };
    key(label).split(apart).map(single).filter(|w| !w.is_empty()).collect()
}

/// What a label says, if it is that of rates or means.
pub(crate) fn said(label: &str) -> Option<Said> {
    let words = words(label);
    let mean = words.iter().any(|w| matches!(w.as_str(), "mean" | "average" | "avg"));
    // "M:F"
    let pair = label.trim().split_once(':').is_some_and(|(a, b)| {
        let plain = |t: &str| !t.is_empty() && t.chars().all(char::is_alphabetic);
        plain(a) && plain(b)
    });
    let rate = pair || words.iter().any(|w| matches!(w.as_str(), "rate" | "ratio"));
    let at = words.iter().position(|w| w == "per");
    let behind = at.and_then(|p| words.get(p + 1..)).unwrap_or_default();
    let (per, used) = scale(behind);
    let timed = behind.get(used).is_some_and(|w| TIMES.contains(&w.as_str()));
    let per_word = at.is_some() && !behind.is_empty() && !timed;
    if !(mean || rate || per_word) {
        return None;
    }
    let plain =
        |w: &&String| !["rate", "ratio", "mean", "average", "avg", "per", "of", "the", "a"].contains(&w.as_str());
    let head = words.get(..at.unwrap_or(words.len())).unwrap_or_default();
    Some(Said {
        per: if mean { Some(1) } else { per.or((per_word && used == 0).then_some(1)) },
        mean,
        about: head.iter().filter(plain).cloned().collect(),
        base: behind.get(used..).unwrap_or_default().iter().filter(plain).cloned().collect(),
    })
}

/// The number that follows "per", and how many words it takes.
fn scale(words: &[String]) -> (Option<i64>, usize) {
    let digits = |w: &String| w.replace(',', "").parse::<i64>().ok().filter(|n| *n > 0);
    let named = |w: &String| match w.as_str() {
        "hundred" => Some(100),
        "thousand" => Some(1_000),
        "million" => Some(1_000_000),
        _ => None,
    };
    match (words.first().and_then(digits), words.get(1).and_then(named)) {
        (Some(n), Some(unit)) => (n.checked_mul(unit), 2),
        // "per 100 000"
        (Some(n), None) if words.get(1).is_some_and(|w| w == "000") => (n.checked_mul(1_000), 2),
        (Some(n), None) => (Some(n), 1),
        (None, _) => match words.first().and_then(named) {
            Some(unit) => (Some(unit), 1),
            None => (None, 0),
        },
    }
}

impl Said {
    /// What it may be per.
    pub fn scales(&self) -> Vec<i64> {
        self.per.map_or_else(|| SCALES.to_vec(), |p| vec![p])
    }

    /// Whether the labels of what is divided, and by what, say themselves that this is theirs.
    pub fn names(&self, of: &str, over: &str) -> bool {
        let (of, over) = (words(of), words(over));
        let shares = |own: &[String], other: &[String]| own.iter().any(|w| w.len() > 2 && other.contains(w));
        if self.mean {
            return of.iter().any(|w| w == "total" || w == "sum") || shares(&self.about, &of);
        }
        over.iter().any(|w| BASES.contains(&w.as_str()))
            || shares(&self.base, &over)
            || names_both(&self.about, &of, &over)
    }
}

/// Whether the label of percentages names what they are of, or what is a part: "% charged" of "Charged", "as % of offences" of
/// "Offences".
pub(crate) fn names_share(label: &str, of: &str, over: &str) -> bool {
    let own: Vec<String> = words(label).into_iter().filter(|w| w.len() > 2 && w != "per" && w != "cent").collect();
    let (of, over) = (words(of), words(over));
    own.iter().any(|w| of.contains(w)) || own.iter().any(|w| over.contains(w))
}

/// Whether a label is that of what rates are over, by its own word.
pub(crate) fn is_base(label: &str) -> bool {
    words(label).iter().any(|w| matches!(w.as_str(), "denominator" | "base" | "cohort"))
}

/// Whether a ratio names what is divided and by what, in this order or the other: "M:F" of "Male" and "Female", "pupils to teachers".
fn names_both(about: &[String], of: &[String], over: &[String]) -> bool {
    let plain: Vec<&String> = about.iter().filter(|w| w.as_str() != "to").collect();
    let [a, b] = plain[..] else { return false };
    let is = |word: &str, label: &[String]| match word.chars().count() {
        1 => label.first().is_some_and(|l| {
            let sexes = [("f", ["women", "woman", "girl"]), ("m", ["men", "man", "boy"])];
            l.starts_with(word) || sexes.iter().any(|(s, names)| *s == word && names.contains(&l.as_str()))
        }),
        _ => label.iter().any(|l| l == word),
    };
    is(a, of) && is(b, over) || is(b, of) && is(a, over)
}

/// Whether a label is that of a sum of something that is no person and no case: days, years, money.
pub(crate) fn is_amount(label: &str) -> bool {
    words(label).iter().any(|w| AMOUNTS.contains(&w.as_str()) || w.starts_with(['£', '€', '$']))
}

/// What is known of a number: it lies between `lo` and `hi`, each over `unit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    lo: i128,
    hi: i128,
    unit: i128,
}

impl Span {
    /// A whole number.
    pub fn exactly(value: i64) -> Span {
        Span { lo: i128::from(value), hi: i128::from(value), unit: 1 }
    }

    /// Whole numbers, if both ends are known.
    pub fn of(interval: Interval) -> Option<Span> {
        Some(Span { lo: i128::from(interval.lo?), hi: i128::from(interval.hi?), unit: 1 })
    }

    /// All that is written as this number.
    pub fn written(number: Number) -> Span {
        let twice = 2 * i128::from(number.units);
        Span { lo: (twice - 1).max(0), hi: twice + 1, unit: 2 * 10i128.pow(number.decimals.min(9)) }
    }

    /// What is typed: a count as it stands, an amount as all that is written so.
    pub fn typed(content: &Content) -> Option<Span> {
        match content {
            Content::Number(n) if n.percent || n.units < 0 => None,
            Content::Number(n) => Some(n.count().map_or_else(|| Span::written(*n), Span::exactly)),
            _ => None,
        }
    }

    fn meets(self, other: Span) -> bool {
        self.lo.saturating_mul(other.unit) <= other.hi.saturating_mul(self.unit)
            && other.lo.saturating_mul(self.unit) <= self.hi.saturating_mul(other.unit)
    }

    /// The whole numbers in it.
    pub fn whole(self) -> Interval {
        let end = |n: i128| i64::try_from(n).unwrap_or(i64::MAX);
        Interval::new(end(-(-self.lo).div_euclid(self.unit)).max(0), end(self.hi.div_euclid(self.unit)))
    }
}

/// What is divided, where `per · of / over` is written as `rate`.
pub(crate) fn divided(rate: Number, per: i64, over: Span) -> Span {
    let rate = Span::written(rate);
    let unit = rate.unit.saturating_mul(over.unit).saturating_mul(i128::from(per.max(1)));
    Span { lo: rate.lo.saturating_mul(over.lo), hi: rate.hi.saturating_mul(over.hi), unit }
}

/// The whole numbers by which is divided, where `per · of / over` is written as `rate`; open above where the rate may be 0.
pub(crate) fn divisors(rate: Number, per: i64, of: Span) -> Interval {
    let rate = Span::written(rate);
    let scale = i128::from(per).saturating_mul(rate.unit);
    let end = |n: i128| i64::try_from(n).unwrap_or(i64::MAX);
    let lo = -(-of.lo.saturating_mul(scale)).div_euclid(of.unit.saturating_mul(rate.hi));
    let hi = (rate.lo > 0).then(|| end(of.hi.saturating_mul(scale).div_euclid(of.unit.saturating_mul(rate.lo))));
    Interval { lo: Some(end(lo).max(1)), hi }
}

/// What lines of figures say of a ratio.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Evidence {
    /// Lines that fit, and hardly could by chance.
    pub fits: usize,
    /// Lines that fit, as many numbers would.
    pub weak: usize,
    /// Lines that do not.
    pub wrong: usize,
    /// Lines of which one number is open, and some whole number fits.
    pub open: usize,
    /// Lines of which one number is open, and none fits.
    pub none: usize,
}

impl Evidence {
    /// Adds a line: its rate, and what is known of what is divided and by what.
    pub fn add(&mut self, rate: Number, per: i64, of: Option<Span>, over: Option<Span>) {
        match (of, over) {
            (Some(of), Some(over)) if over.hi > 0 => match (divided(rate, per, over).meets(of), rate.units >= SURE) {
                (true, true) => self.fits += 1,
                (true, false) => self.weak += 1,
                (false, _) => self.wrong += 1,
            },
            (None, Some(over)) if over.hi > 0 => self.one(divided(rate, per, over).whole()),
            (Some(of), None) => self.one(divisors(rate, per, of)),
            _ => {}
        }
    }

    fn one(&mut self, possible: Interval) {
        if possible.is_empty() { self.none += 1 } else { self.open += 1 }
    }

    /// Whether labels and arithmetic agree; `named` says that the labels of all three name each other.
    pub fn holds(self, named: bool) -> bool {
        if named {
            let right = self.fits + self.weak;
            return self.wrong * 2 <= right && self.none <= right;
        }
        self.fits >= 2 && self.wrong * 3 <= self.fits && self.none <= self.fits
    }
}

/// A rate of fewer units fits too many numbers to be evidence.
const SURE: i64 = 5;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::lexicon::number;

    fn rate(text: &str) -> Number {
        number(text).expect("a number")
    }

    /// What labels say of rates and means; counts per year are counts.
    #[test]
    fn labels() {
        let per = |label: &str| said(label).map(|s| (s.per, s.mean));
        for (label, expect) in [
            ("Rate per 1,000 population", Some((Some(1000), false))),
            ("Offences per 100 000 people", Some((Some(100_000), false))),
            ("Rate per 10 thousand", Some((Some(10_000), false))),
            ("Crime rate", Some((None, false))),
            ("Offences per officer", Some((Some(1), false))),
            ("Mean days", Some((Some(1), true))),
            ("Average fine (£)", Some((Some(1), true))),
            ("Offences per year", None),
            ("Number of offences", None),
            ("per cent", None),
        ] {
            assert_eq!(per(label), expect, "{label}");
        }
        assert!(said("Rate per 1,000").is_some_and(|s| s.names("Offences", "Population")));
        assert!(said("Rate per 1,000 pupils").is_some_and(|s| s.names("Exclusions", "Pupils")));
        assert!(said("Mean days").is_some_and(|s| s.names("Total days", "Cases")));
        assert!(said("Rate per 1,000").is_some_and(|s| !s.names("Offences", "Suspects")));
        assert!(is_amount("Total days") && is_amount("Fines (£)") && !is_amount("Offences"));
    }

    /// The counts of a rate, and the bases of it, are exactly those under which it is written so, halves either way.
    #[test]
    fn ranges() {
        for per in [1i64, 100, 1000] {
            for over in [3i64, 7, 52, 400] {
                for decimals in 0..3u32 {
                    for of in 0..=60i64 {
                        let exact = per as f64 * of as f64 / over as f64 * 10f64.powi(decimals as i32);
                        for units in [exact.floor() as i64, exact.ceil() as i64, exact.floor() as i64 + 2] {
                            let number = Number { units, decimals, percent: false, money: false };
                            let near = (exact - units as f64).abs() <= 0.5 + 1e-9;
                            let divided = divided(number, per, Span::exactly(over)).whole();
                            assert_eq!(divided.contains(of), near, "{of} over {over} per {per}: {units}, {decimals}");
                            if of > 0 {
                                let over_of = divisors(number, per, Span::exactly(of));
                                assert_eq!(over_of.contains(over), near, "{over} under {of} per {per}: {units}");
                            }
                        }
                    }
                }
            }
        }
        let days = Span::typed(&Content::Number(rate("1,240.50"))).expect("an amount");
        assert_eq!(divisors(rate("413.50"), 1, days), Interval::exactly(3));
    }
}
