//! Percentages as bounds: ">95%", "under 5 %", "10-20%".
//!
//! An end that is excluded is taken as it is typed; one that is included may have been rounded to what is typed.

use crate::check::lexicon::{Number, number, tidy};
use crate::model::Interval;

/// What is known of a percentage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    low: Option<End>,
    high: Option<End>,
}

/// One end; the percentage is beyond it, or may be it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct End {
    number: Number,
    beyond: bool,
}

/// The bounds that a text gives; `percent` says that its column is one of percentages, so that the sign may lack.
pub(crate) fn bounds(text: &str, percent: bool) -> Option<Bounds> {
    let low = tidy(text).to_lowercase();
    let signed = low.contains('%') || low.contains("per cent") || low.contains("percent");
    if !(signed || percent) {
        return None;
    }
    let bare = low.replace("percent", " ").replace("per cent", " ").replace('%', " ");
    let bare = bare.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = |t: &str| number(t.trim()).filter(|n| n.units >= 0 && !n.money);
    let end = |t: &str, beyond: bool| plain(t).map(|number| End { number, beyond });
    let strip = |words: &[&str]| words.iter().find_map(|w| bare.strip_prefix(w));
    let ends = |words: &[&str]| words.iter().find_map(|w| bare.strip_suffix(w));
    let above = |e: End| Bounds { low: Some(e), high: None };
    let below = |e: End| Bounds { low: None, high: Some(e) };
    if let Some(t) = strip(&[">=", "\u{2265}", "at least ", "no less than ", "not less than "]) {
        return end(t, false).map(above);
    }
    if let Some(t) = strip(&["<=", "\u{2264}", "up to ", "at most ", "no more than ", "not more than "]) {
        return end(t, false).map(below);
    }
    if let Some(t) = strip(&[">", "more than ", "over ", "above ", "greater than "]) {
        return end(t, true).map(above);
    }
    if let Some(t) = strip(&["<", "less than ", "fewer than ", "under ", "below "]) {
        return end(t, true).map(below);
    }
    if let Some(t) = ends(&[" or more", " or over", " or above", " or higher", "+"]) {
        return end(t, false).map(above);
    }
    if let Some(t) = ends(&[" or less", " or fewer", " or under", " or below", " or lower"]) {
        return end(t, false).map(below);
    }
    let between = bare.strip_prefix("between ").and_then(|t| t.split_once(" and "));
    let (a, b) = between.or_else(|| bare.split_once(" to ")).or_else(|| bare.split_once('-'))?;
    let (low, high) = (end(a, false)?, end(b, false)?);
    Some(Bounds { low: Some(low), high: Some(high) })
}

impl Bounds {
    /// The counts out of `base` that lie within.
    pub fn counts(self, base: i64) -> Interval {
        let scale = |n: Number| 200 * 10i128.pow(n.decimals.min(9));
        let twice = |n: Number| 2 * i128::from(n.units);
        let base = i128::from(base.max(0));
        let lo = self.low.map_or(0, |e| match e.beyond {
            true => (base * twice(e.number)).div_euclid(scale(e.number)) + 1,
            false => -(-base * (twice(e.number) - 1)).div_euclid(scale(e.number)),
        });
        let hi = self.high.map_or(base, |e| match e.beyond {
            true => -(-base * twice(e.number)).div_euclid(scale(e.number)) - 1,
            false => (base * (twice(e.number) + 1)).div_euclid(scale(e.number)),
        });
        let whole = |n: i128| i64::try_from(n).unwrap_or(i64::MAX);
        Interval::new(whole(lo.max(0)), whole(hi.min(base)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bounds in signs and words; the counts are exactly those within, an included end with what is rounded to it.
    #[test]
    fn counts() {
        for (text, base, lo, hi) in [
            (">95%", 40, 39, 40),
            ("<5%", 20, 0, 0),
            ("> 95 %", 20, 20, 20),
            ("under 5 per cent", 100, 0, 4),
            ("\u{2265}95%", 40, 38, 40),
            ("95% or more", 40, 38, 40),
            ("10-20%", 50, 5, 10),
            ("10% to 20%", 50, 5, 10),
            ("between 10% and 20%", 50, 5, 10),
            ("at most 5%", 40, 0, 2),
        ] {
            let found = bounds(text, false).map(|b| b.counts(base));
            assert_eq!(found, Some(Interval::new(lo, hi)), "{text} of {base}");
        }
        assert!(bounds(">95", true).is_some() && bounds("<5", false).is_none());
        for text in ["55%", "[c]", "about 5%", "%", "5% rise"] {
            assert_eq!(bounds(text, true), None, "{text}");
        }
    }
}
