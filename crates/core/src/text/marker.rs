//! Signs in place of figures, and what they stand for.

use super::Error;
use crate::model::Interval;

/// The range that stands for any other.
const RANGE: &str = "1-4";

/// What a sign can be declared to stand for: the word, and what it says.
pub const MEANINGS: &[(&str, &str)] = &[
    ("zero", "a true zero"),
    ("withheld", "a figure that is not published"),
    (RANGE, "a figure that is not published and known to lie from 1 to 4; any two whole numbers will do"),
    ("rounds-to-zero", "a small figure that is not zero but printed as 0"),
    ("not-available", "nothing is known of the figure"),
    ("not-applicable", "no case can be in the cell: 0"),
];

/// The words, for messages.
pub fn words() -> String {
    let word = |word: &str| if word == RANGE { format!("a range such as {word}") } else { word.to_owned() };
    MEANINGS.iter().map(|m| word(m.0)).collect::<Vec<_>>().join(", ")
}

/// What a sign in a cell stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A true zero.
    Zero,
    /// Withheld: any value that could be withheld.
    Withheld,
    /// Withheld, and known to lie within these bounds.
    Within(Interval),
    /// A small value that is not zero but printed as 0.
    RoundsToZero,
    /// A rounded or perturbed figure: this is printed; the method says what it stands for.
    Replaced(i64),
    /// Such a figure, and the values it stands for.
    StandsFor(Interval),
    /// Not available; nothing is known.
    NotAvailable,
    /// Cannot exist: zero.
    NotApplicable,
}

impl Meaning {
    /// What stands in the cell: a value, or the meaning where it is not known. Bounds are in whole units.
    pub fn content(self, decimals: usize) -> Result<i64, Meaning> {
        let unit = 10i64.saturating_pow(decimals as u32);
        let scale = |bound: Option<i64>| bound.map(|b| b.saturating_mul(unit));
        match self {
            Meaning::Zero | Meaning::NotApplicable => Ok(0),
            Meaning::Within(i) => Err(Meaning::Within(Interval { lo: scale(i.lo), hi: scale(i.hi) })),
            other => Err(other),
        }
    }
}

/// `TEXT=MEANING` of the command line.
///
/// # Errors
/// A meaning that is none, with those there are.
pub fn parse_marker(text: &str) -> Result<(String, Meaning), Error> {
    let fault = |what: &str| {
        Error::usage(format!("--marker {text}: {what}"))
            .with_help(format!("write TEXT=MEANING, such as --marker '*=withheld'; meanings: {}", words()))
    };
    let (sign, meaning) = text.rsplit_once('=').ok_or_else(|| fault("it does not say what the sign stands for"))?;
    let sign = sign.trim();
    let meaning = match meaning.trim() {
        "zero" => Meaning::Zero,
        "withheld" => Meaning::Withheld,
        "rounds-to-zero" => Meaning::RoundsToZero,
        "not-available" => Meaning::NotAvailable,
        "not-applicable" => Meaning::NotApplicable,
        other => range(other).ok_or_else(|| fault("there is no such meaning"))?,
    };
    Ok((sign.to_owned(), meaning))
}

/// `1-4`.
fn range(text: &str) -> Option<Meaning> {
    let (lo, hi) = text.split_once('-')?;
    let (lo, hi): (i64, i64) = (lo.trim().parse().ok()?, hi.trim().parse().ok()?);
    (0 <= lo && lo <= hi).then(|| Meaning::Within(Interval::new(lo, hi)))
}
