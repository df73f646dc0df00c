//! To what a draft says that its figures are rounded.

use super::meaning::value;

/// What a draft says of rounding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rounded {
    /// The base.
    pub base: i64,
    /// Rounded up or down at random.
    pub random: bool,
    /// The words that say so.
    pub quote: String,
}

/// "Figures are rounded to the nearest 5", "randomly rounded to base 3", "rounded to multiples of ten".
pub(crate) fn rounded(line: &str) -> Option<Rounded> {
    let text = line.to_lowercase();
    let clause = text.split(". ").flat_map(|s| s.split(';')).find(|s| s.contains("round") && is_of_counts(s))?;
    let at = clause.find("round")?;
    let words: Vec<&str> = clause.get(at..)?.split_whitespace().collect();
    let base = (0..words.len()).find_map(|i| {
        let n = words.get(i).and_then(|w| value(w).or_else(|| named(w)))?;
        let lead = words
            .get(..i)?
            .iter()
            .rev()
            .take(3)
            .any(|w| ["nearest", "base", "multiple", "multiples", "to"].contains(w));
        lead.then_some(n)
    })?;
    let random = clause.contains("random") || clause.contains("base");
    let base = if clause.contains("thousand") && base < 1000 { base.checked_mul(1000)? } else { base };
    (base > 1).then(|| Rounded { base, random, quote: line.to_owned() })
}

fn named(word: &str) -> Option<i64> {
    match word.trim_matches(|c: char| !c.is_alphanumeric()) {
        "fives" => Some(5),
        "tens" => Some(10),
        "thousand" => Some(1000),
        _ => None,
    }
}

/// Whether a clause speaks of counts: not of percentages, rates or money alone.
fn is_of_counts(clause: &str) -> bool {
    const OTHER: [&str; 14] = [
        "percent",
        "per cent",
        "%",
        "rate",
        "mean",
        "average",
        "£",
        "€",
        "$",
        "decimal",
        "median",
        "unrounded",
        "not been rounded",
        "not rounded",
    ];
    const COUNTS: [&str; 12] = [
        "count",
        "figure",
        "number",
        "total",
        "all data",
        "values",
        "statistics",
        "cells",
        "people",
        "cases",
        "offences",
        "pupils",
    ];
    let other = OTHER.iter().any(|w| clause.contains(w));
    !other
        || COUNTS.iter().any(|w| clause.contains(w))
            && !clause.contains("not ")
            && !clause.contains("unrounded")
            && !clause.contains("decimal")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bases in digits and words; what is not about counts is none.
    #[test]
    fn bases() {
        for (line, base, random) in [
            ("Figures are rounded to the nearest 10.", 10, false),
            ("All numbers have been rounded to the nearest five", 5, false),
            ("Counts are randomly rounded to base 3", 3, true),
            ("Data have been rounded to multiples of 5.", 5, false),
            ("Totals may not add up. Figures rounded to 5.", 5, false),
            ("Rounded up or down to a multiple of five", 5, false),
        ] {
            let found = rounded(line).map(|r| (r.base, r.random));
            assert_eq!(found, Some((base, random)), "{line}");
        }
        for line in [
            "Percentages are rounded to the nearest 5",
            "Figures may not sum due to rounding",
            "Rounded to the nearest whole number",
            "All 12 figures",
        ] {
            assert_eq!(rounded(line), None, "{line}");
        }
    }
}
