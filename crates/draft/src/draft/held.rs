//! Texts that a file holds in places that its page does not show: attributes, properties, names, lists, scripts.
//!
//! Such a text is told where it holds a figure. Years, dates, times, versions, references and ages are none: a property
//! "Incidents 2015 to 2023, table 4" gives nothing away.

use std::collections::HashSet;

use super::words::tidy;
use super::{Document, Paragraph, Piece, Place};

/// Texts of one file that are told at most one by one.
const MOST_TOLD: usize = 1_000;
/// Bytes of a held text that are read for sentences.
const MOST_SENTENCE: usize = 10_000;
/// Figures that a finding names.
const MOST_NAMED: usize = 4;

/// Whether a comment may tell something of a record: it holds a figure or a number word. Words alone ("withheld under section
/// 40") give nothing away.
pub(super) fn tells(text: &str) -> bool {
    const SPEAKS: &[&str] = &[
        "both", "neither", "single", "sole", "twin", "twins", "triplets", "couple", "pair", "half", "only", "alone",
        "brother", "brothers", "sister", "sisters", "siblings", "mother", "father", "son", "daughter", "wife",
        "husband", "he", "she", "him", "her", "his", "child", "boy", "girl", "man", "woman", "person",
    ];
    let words = || text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    !figures(text).is_empty() || super::words::holds_number_word(text) || words().any(|w| SPEAKS.contains(&w.as_str()))
}

/// Words before a number that is no figure.
const BEFORE: &[&str] = &[
    "table",
    "tables",
    "figure",
    "fig",
    "section",
    "sections",
    "page",
    "pages",
    "chart",
    "sheet",
    "note",
    "notes",
    "annex",
    "appendix",
    "part",
    "chapter",
    "paragraph",
    "article",
    "question",
    "q",
    "no",
    "nr",
    "version",
    "v",
    "ver",
    "release",
    "edition",
    "issue",
    "ref",
    "reference",
    "foi",
    "request",
    "id",
    "code",
    "age",
    "aged",
    "ages",
    "under",
    "over",
    "quarter",
    "week",
    "day",
    "month",
    "class",
    "level",
    "grade",
    "band",
    "phase",
    "stage",
    "tier",
    "type",
    "step",
    "row",
    "column",
    "item",
    "option",
    "than",
    "least",
    "most",
    "nearest",
    "every",
    "window",
    "windows",
    "excel",
    "office",
    "position",
    "annexe",
    "schedule",
    "slide",
    "book",
    "tabelle",
    "seite",
    "sheet1",
    "layer",
    "object",
    "picture",
    "image",
    "diagram",
    "textbox",
    "box",
    "rectangle",
    "group",
    "line",
    "shape",
    "threshold",
];
/// Of these words, those that name a thing and not a number of it: behind a colon stands what is said ("Note: 3").
const TITLES: &[&str] = &["note", "notes", "figure", "fig", "group", "item", "box", "option", "line"];
/// Words behind a number that is no figure.
const BEHIND: &[&str] = &[
    "year",
    "years",
    "year-olds",
    "month",
    "months",
    "week",
    "weeks",
    "day",
    "days",
    "hour",
    "hours",
    "minute",
    "minutes",
    "second",
    "seconds",
    "columns",
    "rows",
    "pages",
    "decimal",
    "decimals",
    "px",
    "pt",
    "pixel",
    "pixels",
    "working",
    "dp",
    "am",
    "pm",
    "column",
    "row",
    "sheets",
];
/// Months, by their first three letters.
const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A text found in a place that is not shown.
#[derive(Debug)]
pub(super) struct Held {
    /// Where.
    pub place: Place,
    /// What it is, as a finding says it ("a tooltip").
    pub what: String,
    /// What it says.
    pub text: String,
}

/// The figures in a text: numbers that are no year, date, time, version, reference or age.
pub(super) fn figures(text: &str) -> Vec<String> {
    let text = &without_addresses(text);
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    let mut found = Vec::new();
    // the word before, in small letters, and whether a number before it was no figure
    let (mut before, mut passed) = (String::new(), false);
    // a colon stands behind that word
    let mut said = false;
    for (i, word) in words.iter().enumerate() {
        let next = words.get(i + 1).map(|w| bare(w)).unwrap_or_default();
        if whole_is_none(word) {
            (before, passed, said) = (bare(word), true, false);
            continue;
        }
        for part in word.split_inclusive(PARTING) {
            let colon = part.ends_with([':', '=']);
            let part = part.trim_end_matches(PARTING);
            let grouped = part.split(',').skip(1).all(|p| p.trim_end_matches(['.', '%']).len() == 3 || p.is_empty());
            let pieces: Vec<&str> = if grouped { vec![part] } else { part.split(',').collect() };
            for piece in pieces {
                let own = bare(piece);
                if own.is_empty() {
                    continue;
                }
                let month = |w: &str| MONTHS.iter().any(|m| w.starts_with(m)) && w.chars().all(char::is_alphabetic);
                let counted_out = before == "of" && passed;
                if is_number(piece) {
                    let named = before.rsplit(['-', '_', '.']).next().unwrap_or_default();
                    let none = is_year(&own)
                        || BEFORE.contains(&named) && !(said && TITLES.contains(&named))
                        || BEHIND.contains(&next.as_str())
                        || month(&before)
                        || month(&next)
                        || counted_out;
                    if !none {
                        found.push(own.clone());
                    }
                    passed = none;
                } else if own != "of" && own != "to" && own != "and" {
                    passed = false;
                }
                // "tables 3 and 4", "aged 12 to 17": what was said of the first number holds for the second
                if !(matches!(own.as_str(), "to" | "and" | "-" | "–") || is_number(piece) && passed) {
                    before = own;
                }
                said = false;
            }
            said |= colon;
        }
    }
    found
}

/// Signs that part a word.
const PARTING: [char; 14] = [':', ';', '=', '(', ')', '[', ']', '{', '}', '|', '"', '\'', '\u{201c}', '\u{201d}'];

/// The numbers in a text, in digits or in words.
pub(super) fn numbers(text: &str) -> Vec<String> {
    let found = figures(text);
    if !found.is_empty() {
        return found;
    }
    super::words::number_words(text)
}

/// A text without the addresses of pages in it.
fn without_addresses(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(at) = ["http://", "https://", "www.", "mailto:"].iter().filter_map(|s| rest.find(s)).min() {
        let (before, from) = rest.split_at(at);
        kept.push_str(before);
        let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | ')' | '}');
        rest = from.find(ends).and_then(|end| from.get(end..)).unwrap_or_default();
    }
    kept + rest
}

/// A word without what stands around it, in small letters.
fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric() && c != '%').to_lowercase()
}

/// Words that hold digits and no figure: times, dates, versions, addresses, bounds, colours.
fn whole_is_none(word: &str) -> bool {
    let word = word.trim_matches(|c: char| matches!(c, ',' | ';' | '.' | '(' | ')' | '"' | '\'' | '[' | ']'));
    let count = |sign: char| word.matches(sign).count();
    let digits_and = |signs: &[char]| word.chars().all(|c| c.is_ascii_digit() || signs.contains(&c));
    let date = digits_and(&['-', '/', '.']) && (count('-') == 2 || count('/') == 2 || count('.') >= 2);
    let stamp =
        word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('T') && count('-') == 2 && count(':') > 0;
    let time = digits_and(&[':', '.']) && count(':') > 0 && word.split(':').skip(1).all(|p| p.len() >= 2);
    let span = digits_and(&['-', '/', '–', '\u{2011}']) && {
        let mut parts = word.split(['-', '/', '–', '\u{2011}']);
        let first = parts.next().unwrap_or_default();
        let second = parts.next().unwrap_or_default();
        // school and financial years; labels such as 10-12
        (is_year(first) && (second.len() == 2 || is_year(second)))
            || (first.len() <= 3 && second.len() <= 3 && word.contains(['-', '–']) && !second.is_empty())
    };
    let mail = word.split_once('@').is_some_and(|(name, host)| {
        let plain = |t: &str| !t.is_empty() && t.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
        plain(name) && plain(host)
    });
    let bound = word.starts_with(['<', '>', '≤', '≥', '#', '~', '±']);
    date || stamp || time || span || mail || bound
}

/// Whether a word is a number as figures are written: digits with thousands apart, decimals, a sign of percent or money.
fn is_number(word: &str) -> bool {
    let word = word.trim_matches(|c: char| {
        matches!(c, '.' | ',' | '!' | '?' | '£' | '$' | '€' | '%' | '-' | '+' | '–' | '*' | '\u{2212}' | '_' | '/')
    });
    word.starts_with(|c: char| c.is_ascii_digit())
        && (word.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '/')))
        && word.matches('.').count() <= 1
}

fn is_year(word: &str) -> bool {
    if let Some((first, second)) = word.split_once('/') {
        return is_year(first) && (is_year(second) || second.len() == 2);
    }
    word.len() == 4 && word.parse::<u32>().is_ok_and(|y| (1900..2100).contains(&y))
}

/// Puts held texts behind the pieces of a document and tells those with a figure, but for those that the page shows as
/// they stand.
pub(super) fn keep(held: Vec<Held>, document: &mut Document) {
    if held.is_empty() {
        return;
    }
    let shown = shown(document);
    let mut seen = HashSet::new();
    let mut left_out = 0usize;
    for Held { place, what, text } in held {
        let text = tidy(&text);
        if text.is_empty() || shown.contains(&text.to_lowercase()) || !seen.insert((what.clone(), text.clone())) {
            continue;
        }
        let figures = figures(&text);
        if seen.len() > MOST_TOLD {
            left_out += usize::from(!figures.is_empty());
            continue;
        }
        if !figures.is_empty() {
            document.residue.push((place.clone(), named(&what, &figures)));
        }
        if text.len() <= MOST_SENTENCE && (!figures.is_empty() || super::words::holds_number_word(&text)) {
            document.pieces.push(Piece::Paragraph(Paragraph { text, place, heading: false, hidden: true }));
        }
    }
    if left_out > 0 {
        document.residue.push((Place::default(), format!("{left_out} more such texts with figures")));
    }
}

/// Whether a hidden sheet or table says nothing but what the page shows as well: labels, no number.
pub(super) fn repeats(document: &Document, part: &str) -> bool {
    let shown = shown(document);
    let plain = |text: &str| {
        let text = tidy(text);
        text.is_empty() || numbers(&text).is_empty() && shown.contains(&text.to_lowercase())
    };
    let own = |place: &Place| place.part.as_deref().is_some_and(|p| p == part || p.starts_with(&format!("{part}, ")));
    document.pieces.iter().all(|piece| match piece {
        Piece::Paragraph(p) => !own(&p.place) || plain(&p.text),
        Piece::Grid(grid) => grid
            .rows
            .iter()
            .flatten()
            .all(|e| !own(&e.place) || e.stored.is_none() && e.formula.is_none() && plain(&e.text)),
    })
}

/// What a finding says of a held text with figures.
pub(super) fn named(what: &str, figures: &[String]) -> String {
    let first: Vec<&str> = figures.iter().take(MOST_NAMED).map(String::as_str).collect();
    let more = if figures.len() > MOST_NAMED { ", …" } else { "" };
    format!("{what} holds what the page does not show: {}{more}", first.join(", "))
}

/// The texts that a document shows, in small letters.
pub(super) fn shown(document: &Document) -> HashSet<String> {
    let mut shown = HashSet::new();
    for piece in &document.pieces {
        match piece {
            Piece::Paragraph(p) if !p.hidden => drop(shown.insert(tidy(&p.text).to_lowercase())),
            Piece::Paragraph(_) => {}
            Piece::Grid(grid) => {
                shown.extend(grid.name.iter().map(|n| tidy(n).to_lowercase()));
                let cells = grid.rows.iter().flatten().filter(|e| !e.hidden && !is_number(&e.text));
                shown.extend(cells.map(|e| tidy(&e.text).to_lowercase()));
            }
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_told_from_years_dates_references_and_ages() {
        for (text, found) in [
            ("3", "3"),
            ("3 cases", "3"),
            ("South 3 cases", "3"),
            ("South: 3; North: 12", "3 12"),
            ("n=3", "3"),
            ("{\"South\":3,\"y\":[12,7]}", "3 12 7"),
            ("12,345 (3%)", "12,345 3%"),
            ("x,1,2,3", "1 2 3"),
            ("2015: 3", "3"),
            ("[3]", "3"),
            ("Note: 3", "3"),
            ("{\"note\": \"3\"}", "3"),
        ] {
            assert_eq!(figures(text).join(" "), found, "{text}");
        }
        for text in [
            "Incidents 2015 to 2023, table 4",
            "Tables 3 and 4, 2015-16 and 2016/17",
            "Version 3.3.1 of 2026-11-30T13:01:33",
            "12 March 2021, 10:30",
            "persons aged 12 to 17",
            "policy: police-foi; policy-version: 1; tool: tabsafe 0.1.0",
            "https://example.org/3/4?n=5",
            "fewer than 5",
            "<5",
            "#336699",
            "page 3 of 12",
            "page: 3, note 3",
            "Table 3: by age",
            "utf-8, h2, col3",
            "10-12",
            "",
        ] {
            assert_eq!(figures(text).join(" "), "", "{text}");
        }
    }
}
