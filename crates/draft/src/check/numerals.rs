//! Number words: "three", "twenty-one", "a hundred"; and how many some other words are ("both", "a dozen").

const UNITS: &[&str] = &[
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: &[&str] = &["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// The number that a word in small letters is; 0 is left out, as "zero" counts nobody.
pub(crate) fn numeral(word: &str) -> Option<i64> {
    let of = |list: &[&str], w: &str| list.iter().position(|u| *u == w).and_then(|at| i64::try_from(at).ok());
    let whole = match word {
        "hundred" => Some(100),
        "dozen" => Some(12),
        _ => of(UNITS, word).or_else(|| of(TENS, word).map(|t| (t + 2) * 10)),
    };
    let joined = || {
        let (tens, unit) = word.split_once('-')?;
        Some((of(TENS, tens)? + 2) * 10 + of(UNITS, unit).filter(|u| (1..10).contains(u))?)
    };
    whole.or_else(joined).filter(|n| *n > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words from one to ninety-nine.
    #[test]
    fn words() {
        for (word, n) in
            [("one", 1), ("twelve", 12), ("twenty", 20), ("twenty-one", 21), ("ninety-nine", 99), ("dozen", 12)]
        {
            assert_eq!(numeral(word), Some(n), "{word}");
        }
        for word in ["zero", "none", "twenty-ten", "ones", "", "-"] {
            assert_eq!(numeral(word), None, "{word}");
        }
    }
}
