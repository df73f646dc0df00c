//! What labels of rows and columns are: bullets, levels, codes of places, numbers and bands in order.

use super::super::lexicon::{Content, key, lex};
use super::super::worded::body;

/// How many bullets or dashes a label begins with, which nest it below the row above as indentation does, and the rest of it.
pub(super) fn bullets(label: &str) -> (usize, &str) {
    let mut rest = label;
    let mut depth = 0;
    loop {
        let next = rest.trim_start();
        let mut signs = next.chars();
        match signs.next() {
            Some(
                '-' | '\u{2022}' | '\u{b7}' | '>' | '\u{25aa}' | '\u{25cf}' | '\u{25e6}' | '\u{2192}' | '\u{203a}'
                | '\u{2514}' | '\u{bb}',
            ) => {
                (rest, depth) = (signs.as_str(), depth + 1);
            }
            Some('o') if depth == 0 && next.starts_with("o ") => (rest, depth) = (signs.as_str(), 1),
            _ => break,
        }
    }
    let named = rest.starts_with(' ') && rest.trim_start().starts_with(char::is_alphabetic);
    if depth > 0 && named { (depth, rest.trim_start()) } else { (0, label) }
}

/// What columns of levels hold.
pub(super) const LEVELS: &[&str] = &[
    "region",
    "district",
    "national",
    "country",
    "county",
    "local authority",
    "la",
    "regional",
    "ward",
    "force",
    "division",
    "trust",
    "hospital",
    "site",
    "department",
    "team",
    "group",
    "subgroup",
    "category",
    "level 1",
    "1",
    "directorate",
    "area",
    "school",
    "college",
    "authority",
    "ccg",
    "icb",
    "state",
    "province",
    "municipality",
];

/// Codes of places: "E12000001".
pub(super) fn is_place_code(text: &str) -> bool {
    let letters = text.chars().take_while(char::is_ascii_uppercase).count();
    let rest = text.get(letters..).unwrap_or_default();
    (1..=3).contains(&letters) && rest.len() >= 5 && rest.bytes().all(|b| b.is_ascii_digit())
}

/// Whether numbers rise; a total may stand first or last.
pub(super) fn in_order(texts: &[String]) -> bool {
    let number = |t: &String| match body(t).content {
        Content::Number(n) => Some(n.units),
        Content::Range(i) => i.lo.or(i.hi),
        _ => None,
    };
    let numbers: Vec<i64> = texts.iter().filter_map(number).collect();
    numbers.len() > 1 && numbers.windows(2).all(|w| matches!(w, [a, b] if a < b))
}

/// Grades, scores, deciles as labels of columns: five numbers at least that rise or fall by one, and words beside them.
pub(super) fn numbers_in_order(texts: &[String]) -> bool {
    let numbers: Vec<i64> = texts.iter().filter_map(|t| t.parse::<i64>().ok()).collect();
    let rest = texts.iter().filter(|t| t.parse::<i64>().is_err());
    let named = rest.clone().all(|t| t.chars().all(|c| c.is_alphabetic() || c == ' '));
    let step = |by: i64| numbers.windows(2).all(|w| matches!(w, [a, b] if b - a == by));
    numbers.len() > 4
        && numbers.iter().all(|n| (0..=20).contains(n))
        && (step(1) || step(-1))
        && named
        && rest.count() < 4
}

/// Texts that are different bands ("10-12", "13-15"), which name rows and are no figures.
pub(super) fn bands(texts: &[String]) -> bool {
    let ranges = texts.iter().all(|t| matches!(lex(t).content, Content::Range(_)));
    let mut different: Vec<String> = texts.iter().map(|t| key(t)).collect();
    different.sort();
    different.dedup();
    ranges && different.len() > 2
}
