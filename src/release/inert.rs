//! Texts that a spreadsheet would run as formulas: how a CSV file has them, and how they are read back.

/// Whether a spreadsheet would run a text as a formula: it begins with `=`, `+`, `-`, `@` or a control character, and is
/// neither a number nor a single sign.
pub fn is_formula(text: &str) -> bool {
    let mut letters = text.chars();
    let first = letters.next();
    let begins = first.is_some_and(|c| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n'));
    let number = || {
        let digits = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | ',' | '%' | 'e' | 'E'));
        digits && text.trim_end_matches('%').replace(',', "").parse::<f64>().is_ok()
    };
    begins && letters.next().is_some() && !number()
}

/// A text of a CSV file that no spreadsheet runs: with an apostrophe before it where one would.
pub fn inert(text: &str) -> String {
    if is_formula(text) { format!("'{text}") } else { text.to_owned() }
}

/// A text as it was before [`inert`].
pub fn without_apostrophe(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers, single signs and plain words stay; what a spreadsheet would run gets an apostrophe, which goes again.
    #[test]
    fn apostrophes_come_and_go() {
        for text in ["=1+1", "+SUM(A1)", "-cmd|' /C calc'!A0", "@x", "\tx", "- not known", "-inf", "--1"] {
            assert!(is_formula(text), "{text:?}");
            assert_eq!(inert(text), format!("'{text}"));
            assert_eq!(without_apostrophe(&inert(text)), text);
        }
        for text in ["", "-", "=", "-5", "+5", "-3.25", "-5%", "-1e3", "-1,000", "North", "'tis", "5-9", "65+"] {
            assert!(!is_formula(text), "{text:?}");
            assert_eq!(without_apostrophe(&inert(text)), text);
        }
    }
}
