//! Words that labels and cells of tables are made of: those of totals, and signs in common use.

use super::lexicon::{Content, lex};

/// What a label of a total says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TotalWord {
    /// It can only be the total of everything ("grand total").
    pub grand: bool,
    /// It says that it is a subtotal.
    pub sub: bool,
}

/// Labels that are totals as they stand.
const TOTALS: &[&str] = &[
    "total",
    "totals",
    "sum",
    "overall",
    "all",
    "total number",
    "total count",
    "tot",
    "total cases",
    "column total",
    "row total",
    "in total",
    "\u{3c3}",
    "\u{3a3}",
    "insgesamt",
    "gesamt",
    "zusammen",
    "summe",
    "ensemble",
    "suma",
    "totale",
    "totale complessivo",
    "totaal",
    "totalt",
    "i alt",
    "sammanlagt",
    "ogółem",
    "razem",
    "celkem",
    "yhteensä",
    "всего",
    "итого",
    "总计",
    "合计",
    "合計",
    "総数",
];
/// What follows "all" in a label of a total.
const ALL_OF: &[&str] = &[
    "ages",
    "age",
    "persons",
    "people",
    "sexes",
    "genders",
    "areas",
    "offences",
    "cases",
    "years",
    "categories",
    "groups",
    "types",
    "victims",
    "suspects",
    "records",
    "incidents",
    "pupils",
    "patients",
    "deaths",
    "regions",
];

/// Whether a label (as a key) is the word for a total.
pub(crate) fn total_word(key: &str) -> Option<TotalWord> {
    let plain = |grand, sub| Some(TotalWord { grand, sub });
    if key.contains("grand total") || key.contains("overall total") {
        return plain(true, false);
    }
    if key.contains("subtotal") || key.contains("sub total") || key.contains("sub-total") {
        return plain(false, true);
    }
    if TOTALS.contains(&key) || key == "both sexes" || key == "both" {
        return plain(false, false);
    }
    if let Some(rest) = key.strip_prefix("all ") {
        return ALL_OF.contains(&rest).then_some(TotalWord { grand: false, sub: false });
    }
    let total =
        key.starts_with("total ") || key.ends_with(" total") || key.ends_with(" totals") || key.ends_with("(total)");
    if total { plain(false, false) } else { None }
}

/// Whether a label (as a key) says that its figures are changes, which may be negative.
pub(crate) fn is_change(key: &str) -> bool {
    const WORDS: [&str; 17] = [
        "change",
        "changes",
        "difference",
        "diff",
        "increase",
        "decrease",
        "growth",
        "variance",
        "net",
        "gap",
        "balance",
        "movement",
        "delta",
        "variation",
        "migration",
        "gain",
        "loss",
    ];
    let words = || key.split(|c: char| !(c.is_alphanumeric() || c == '+' || c == '-')).filter(|w| !w.is_empty());
    words().any(|w| WORDS.contains(&w) || w == "+" || w == "+-" || w == "\u{b1}")
        || key.contains("+/-")
        || key.contains("compared with")
}

/// Labels of categories that gather what is not known.
pub(crate) fn is_unknown_label(key: &str) -> bool {
    ["unknown", "not recorded", "not known", "not stated", "unspecified", "missing", "other", "not available"]
        .iter()
        .any(|w| key == *w || key.starts_with(&format!("{w} ")) || key.ends_with(&format!(" {w}")))
}

/// Signs in common use in place of a figure. Knowing them only helps to tell cells from headers; what they mean is
/// declared.
pub(crate) fn is_common_sign(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "n/a",
        "na",
        "nil",
        "none",
        "suppressed",
        "withheld",
        "redacted",
        "s",
        "c",
        "x",
        "z",
        "k",
        "u",
        "w",
        "~",
        "n.a.",
        "not available",
        "not applicable",
        "confidential",
        "low",
    ];
    let Content::Sign(sign) = lex(text).content else { return false };
    let lower = sign.to_lowercase();
    let bracketed = sign.starts_with('[') && sign.ends_with(']') && sign.chars().count() <= 14;
    let symbols = !sign.chars().any(|c| c.is_alphanumeric() || matches!(c, '%' | '£' | '€' | '$'));
    bracketed || symbols || (WORDS.contains(&lower.as_str()) && (sign == lower || sign.chars().count() > 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Totals by their words; "all other" is a category.
    #[test]
    fn totals() {
        for key in ["total", "grand total", "all ages", "total victims", "north total", "both sexes", "sub-total"] {
            assert!(total_word(key).is_some(), "{key}");
        }
        for key in ["all other", "other", "totally unknown", "overall health", "2013", ""] {
            assert!(total_word(key).is_none(), "{key}");
        }
    }

    /// Letters that name a sex are no signs; those of common conventions are.
    #[test]
    fn signs() {
        for text in ["-", "*", "..", "[c]", "x", "c", "n/a", "N/A", "Suppressed"] {
            assert!(is_common_sign(text), "{text}");
        }
        for text in ["M", "F", "Male", "12", "<5", "X"] {
            assert!(!is_common_sign(text), "{text}");
        }
    }
}
