//! Rows of a table that hold remarks and no figures: dates, addresses, "See attached".

use super::ledger::is_reference;
use super::lexicon::{Content, is_year, key, lex};
use super::table::Head;
use super::worded::holds_number;
use super::words::{is_common_sign, total_word};

/// Takes rows out in which references stand alone, or, in a list of labels with one figure each and no totals, words alone. `text` is
/// what stands in a row and column, `marker` knows declared signs. Says what was passed over.
pub(super) fn take(
    text: &dyn Fn(usize, usize) -> String,
    marker: &dyn Fn(&str) -> bool,
    rows: &mut Vec<Head>,
    cols: &[Head],
) -> Vec<String> {
    let total = |h: &Head| h.path.iter().any(|l| total_word(&key(l)).is_some());
    let totals = rows.iter().chain(cols).any(total);
    let remark = |t: &String| {
        let sign = matches!(lex(t).content, Content::Sign(_)) && !marker(t);
        let reference = is_reference(t) && !is_year(t);
        sign && (reference || is_address(t) || !totals && cols.len() == 1 && is_remark(t))
    };
    let out = |h: &Head| {
        let filled: Vec<String> = cols.iter().map(|c| text(h.at, c.at)).filter(|t| !t.is_empty()).collect();
        !filled.is_empty() && filled.iter().all(remark)
    };
    if rows.iter().all(out) {
        return Vec::new();
    }
    let (gone, kept): (Vec<Head>, Vec<Head>) = rows.drain(..).partition(out);
    *rows = kept;
    gone.into_iter().map(|h| format!("\"{}\" holds no figure: passed over", h.path.join(" / "))).collect()
}

/// An address of the web or of electronic mail.
fn is_address(text: &str) -> bool {
    !text.contains(' ')
        && (text.contains('@') || ["http://", "https://", "www."].iter().any(|w| text.to_lowercase().starts_with(w)))
}

/// Whether several words say something else than that a figure is missing, small or withheld.
fn is_remark(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "no",
        "none",
        "nil",
        "not",
        "few",
        "fewer",
        "less",
        "under",
        "below",
        "small",
        "low",
        "some",
        "several",
        "many",
        "unknown",
        "missing",
        "section",
        "zero",
        "single",
        "couple",
        "unable",
        "cannot",
        "can't",
        "don't",
        "more",
        "over",
        "than",
        "majority",
        "most",
        "all",
        "handful",
        "nobody",
        "everyone",
        "everybody",
        "least",
    ];
    const STEMS: &[&str] = &[
        "withh", "suppress", "redact", "exempt", "refus", "declin", "confid", "unavail", "protect", "disclos",
        "hidden", "held", "record", "identif", "private", "privacy", "personal", "remov", "mask", "too",
    ];
    let lower = text.to_lowercase();
    let bare = |w: &str| w.trim_matches(|c: char| !c.is_alphanumeric() && c != '\'').to_owned();
    let words: Vec<String> = lower.split(' ').map(bare).collect();
    let plain = |w: &String| !WORDS.contains(&w.as_str()) && !STEMS.iter().any(|s| w.starts_with(s));
    let letters = lower.chars().any(char::is_alphabetic);
    words.len() > 1 && letters && words.iter().all(plain) && !holds_number(text) && !is_common_sign(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Remarks; what says that a figure is missing or small is none.
    #[test]
    fn remarks() {
        for text in ["See attached", "Please see the letter", "Via the website"] {
            assert!(is_remark(text), "{text}");
        }
        for text in
            ["Not held", "a handful", "too small", "Withheld under the Act", "attached", "only three", "[c] [c]"]
        {
            assert!(!is_remark(text), "{text}");
        }
        assert!(is_address("foi@example.org") && is_address("www.example.org") && !is_address("at home"));
    }
}
