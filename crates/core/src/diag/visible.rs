//! Texts from files and names of files as they are shown: what would steer a terminal, or turn round the order of what is
//! read, stands there as text.

/// Whether a character is not to reach a terminal: control characters, and those that change the direction or are not
/// seen. Joiners, which words of some languages need, may.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
        || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether a text has characters that must not reach a terminal; line breaks and tabs may.
pub fn is_plain(text: &str) -> bool {
    !text.chars().any(|c| is_hidden(c) && c != '\n' && c != '\t')
}

/// A text of one or more lines in which such characters are written out: `\u{1b}`.
pub fn visible(text: &str) -> String {
    let kept = |c: char| !is_hidden(c) || c == '\n' || c == '\t';
    text.chars().fold(String::with_capacity(text.len()), |mut all, c| {
        if kept(c) {
            all.push(c)
        } else {
            all.extend(c.escape_unicode())
        }
        all
    })
}

/// A label: the same on a single line, every line break and tab a blank.
pub fn visible_line(text: &str) -> String {
    let blank = |c: char| if matches!(c, '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}') { ' ' } else { c };
    visible(&text.chars().map(blank).collect::<String>())
}

/// A JSON text in which such characters are escaped as JSON has it. They stand in its strings alone, apart from the line
/// breaks between its parts.
pub fn visible_json(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    for c in text.chars() {
        if !is_hidden(c) || c == '\n' {
            all.push(c);
            continue;
        }
        let mut units = [0; 2];
        c.encode_utf16(&mut units).iter().for_each(|unit| all.push_str(&format!("\\u{unit:04x}")));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Escape sequences and characters that turn round what is read are text; words of all languages stay.
    #[test]
    fn nothing_steers_a_terminal() {
        assert_eq!(visible("a\u{1b}[31mb\u{202e}c\r\n\td"), "a\\u{1b}[31mb\\u{202e}c\\u{d}\n\td");
        assert_eq!(visible_line("a\nb\tc\u{7}"), "a b c\\u{7}");
        for text in ["Zürich", "שלום", "می\u{200c}خواهم", "北京", "👩\u{200d}🔬"] {
            assert!(is_plain(text), "{text}");
            assert_eq!(visible(text), text);
        }
        assert_eq!(visible_json("{\"a\": \"x\u{2066}y\u{7f}\"}\n"), "{\"a\": \"x\\u2066y\\u007f\"}\n");
        assert!(!is_plain("\u{2066}") && !is_plain("\u{9b}31m"));
    }
}
