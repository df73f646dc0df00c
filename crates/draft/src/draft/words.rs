//! What texts look like, as far as readers need it to tell titles, notes and cells apart.

/// A text in one line: white space runs to one space, none at the ends; signs without width left out.
pub(super) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}' => {}
            s if s.is_whitespace() || s.is_control() => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            '\u{2010}' | '\u{2011}' => out.push('-'),
            s => out.push(s),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Number words that can be small counts.
const NUMBERS: [&str; 11] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "zero"];

/// Whether a text holds a number in words.
pub(super) fn holds_number_word(text: &str) -> bool {
    !number_words(text).is_empty()
}

/// The numbers in words that a text holds.
pub(super) fn number_words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    lower.split(|c: char| !c.is_alphabetic()).filter(|w| NUMBERS.contains(w)).map(str::to_owned).collect()
}

/// The bytes of a text in base64, in either alphabet; other signs are passed over.
pub(super) fn from_base64(text: &str) -> Vec<u8> {
    let (mut bits, mut have) = (0u32, 0u32);
    let mut bytes = Vec::new();
    for sign in text.bytes() {
        let value = match sign {
            b'A'..=b'Z' => sign - b'A',
            b'a'..=b'z' => sign - b'a' + 26,
            b'0'..=b'9' => sign - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => continue,
        };
        (bits, have) = (bits << 6 | u32::from(value), have + 6);
        if have >= 8 {
            have -= 8;
            bytes.push((bits >> have & 0xFF) as u8);
        }
    }
    bytes
}

/// The lines of a cell that holds several; none where it holds one.
pub(super) fn lines(text: &str) -> Vec<String> {
    let lines: Vec<String> =
        text.split(['\n', '\r', '\u{b}', '\u{2028}', '\u{2029}']).map(tidy).filter(|l| !l.is_empty()).collect();
    if lines.len() > 1 { lines } else { Vec::new() }
}

/// A raised text after other text: a number or letter is a footnote's mark and must not run into a figure ("12" with a
/// raised "1" is not 121); anything else stands as it is.
pub(super) fn raised(before: &str, text: &str) -> String {
    let mark = text.trim();
    let digits = !mark.is_empty() && mark.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | ' '));
    let letter = mark.len() == 1 && mark.chars().all(|c| c.is_ascii_alphabetic());
    let unit = digits && before.ends_with(['m', 'M']); // m²
    if (digits || letter) && !unit { format!(" [note {mark}]") } else { text.to_owned() }
}

/// Whether it is the title of a table or figure ("TABLE 2", "Table 3: by age").
pub(super) fn is_caption(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    let rest = ["table", "tab.", "figure", "annex", "appendix", "tabelle"].iter().find_map(|w| lower.strip_prefix(w));
    rest.is_some_and(|r| {
        let number = r.trim_start().split([' ', ':', '.', ')', '-']).next().unwrap_or_default();
        let roman = !number.is_empty() && number.chars().all(|c| "ivxlc".contains(c));
        r.starts_with([' ', '.']) && (number.starts_with(|c: char| c.is_ascii_digit()) || number.len() == 1 || roman)
    })
}

/// Whether a cell's text is a figure, a range or a marker, not a label.
pub(super) fn is_value(text: &str) -> bool {
    let text = text.trim();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let bracketed = text.starts_with('[') && text.ends_with(']') && text.len() <= 8;
    let digits = text.chars().any(|c| c.is_ascii_digit());
    !text.is_empty()
        && (bracketed
            || digits && letters <= 1 && text.len() <= 24
            || letters <= 1 && text.chars().count() <= 3
            || ["n.p.", "n/a", "n.a.", "nil", "low", "conf"].contains(&text.to_lowercase().as_str())
            || is_words_of_range(text))
}

/// "fewer than 5", "less than 10", "under 5".
fn is_words_of_range(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["fewer than ", "less than ", "up to "]
        .iter()
        .any(|w| lower.strip_prefix(w).is_some_and(|r| !r.is_empty() && r.chars().all(|c| c.is_ascii_digit())))
}

/// Whether a line is an item of a list of figures: "North: 3", "- Boys - 12 pupils".
pub(super) fn is_item(text: &str) -> bool {
    let text = tidy(text);
    let apart = [": ", " - ", " \u{2013} ", " \u{2014} ", " = "].iter().find_map(|by| text.rsplit_once(by));
    apart.is_some_and(|(label, figure)| {
        let mut words = figure.trim_end_matches(['.', ';', ',']).split(' ');
        label.contains(char::is_alphanumeric) && words.next().is_some_and(is_value) && words.count() < 3
    })
}

/// Whether it is a year, with or without a mark ("2015", "2015*").
pub(super) fn is_year(text: &str) -> bool {
    let digits = text.trim().trim_end_matches(|c: char| !c.is_ascii_digit());
    digits.len() == 4 && digits.parse::<u32>().is_ok_and(|y| (1900..2100).contains(&y))
}

/// Whether a lone text below a table is a note, not the label of an empty row.
pub(super) fn is_note(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    let words = lower.split_whitespace().count();
    let opened = ["note", "source", "figures", "n.b.", "key", "data"].iter().any(|w| lower.starts_with(w));
    words > 1 && (opened || words > 6 || lower.ends_with('.') || !lower.starts_with(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_tidied_to_one_line() {
        for (text, tidied) in [("  a \n\t b\u{a0}", "a b"), ("1\u{200b}2", "12"), ("", ""), ("0\u{2011}4", "0-4")] {
            assert_eq!(tidy(text), tidied);
        }
    }

    #[test]
    fn a_raised_number_never_runs_into_a_figure() {
        for (before, text, after) in
            [("12", "1", " [note 1]"), ("12", "1,2", " [note 1,2]"), ("Total", "a", " [note a]")]
        {
            assert_eq!(raised(before, text), after);
        }
        for (before, text) in [("20", "th"), ("2015", "*"), ("km", "2"), ("12", "†")] {
            assert_eq!(raised(before, text), text);
        }
    }

    #[test]
    fn captions_values_years_and_notes_are_told_apart() {
        for text in ["TABLE 2", "Table 3: by age", "Table IV", "table a", "Tab. 1", "Figure 2.1"] {
            assert!(is_caption(text), "{text}");
        }
        for text in ["Tables", "Table of all", "Tablets 3", "Total 5", "Under 10"] {
            assert!(!is_caption(text), "{text}");
        }
        for text in
            ["12", "1,234", "<5", "1-4", "12.3%", "*", "..", "-", "c", "[c]", "n.p.", "fewer than 5", "£12", "–"]
        {
            assert!(is_value(text), "{text}");
        }
        for text in ["Under 10", "Total", "", "Grand Total", "88/1 - MEETING", "10 to 12"] {
            assert!(!is_value(text), "{text}");
        }
        assert!(is_year("2015*") && is_year("1999") && !is_year("1812") && !is_year("20155"));
        assert!(is_note("* to 16 July 2015") && is_note("Note: part year") && is_note("One stands here."));
        assert!(!is_note("Unknown") && !is_note("Not Recorded") && !is_note("Grand Total"));
    }
}
