//! Lines, fields and numbers of the files of tau-ARGUS.

use crate::read::{Amount, Error};

/// A text between quotes loses them; blanks around it go.
pub(super) fn unquoted(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text)
}

/// The fields of a line, which `separator` parts except between quotes.
pub(super) fn fields(line: &str, separator: char) -> Vec<&str> {
    let mut fields = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (at, c) in line.char_indices() {
        if c == '"' {
            quoted = !quoted;
        } else if c == separator && !quoted {
            fields.push(unquoted(&line[start..at]));
            start = at + c.len_utf8();
        }
    }
    fields.push(unquoted(&line[start..]));
    fields
}

/// The words of a line: texts between quotes, or what stands between blanks.
pub(super) fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = line.trim();
    while !rest.is_empty() {
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        words.push(word.to_owned());
        rest = after.trim_start();
    }
    words
}

/// A number, with a decimal point or a decimal comma.
pub(super) fn amount(text: &str) -> Option<Amount> {
    Amount::read(text.trim().replace(',', ".").as_bytes())
}

/// A fault in a line of a file.
pub(super) fn fault(name: &str, line: usize, what: impl std::fmt::Display) -> Error {
    Error::data(format!("{name}:{line}: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Separators between quotes part nothing; blanks and quotes around a field go.
    #[test]
    fn parts_of_lines() {
        assert_eq!(fields("\"a;b\"; c ;;\"d\"", ';'), ["a;b", "c", "", "d"]);
        assert_eq!(words("Size 6 2  \"99\" \"\" x"), ["Size", "6", "2", "99", "", "x"]);
        assert_eq!(unquoted(" \" 1\" "), " 1", "blanks within quotes belong to the code");
    }

    /// Both decimal signs are read, exactly.
    #[test]
    fn numbers() {
        let scaled = |text: &str| amount(text).and_then(|n| n.scaled(2));
        assert_eq!(
            [scaled("4373664,00"), scaled(" 1.5"), scaled("x"), scaled("1.234")],
            [Some(437_366_400), Some(150), None, None]
        );
    }
}
