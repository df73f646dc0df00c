//! Legends: what the draft itself says that its signs mean, and to what its figures are rounded, wherever it stands.
//!
//! Only signs are looked for that stand in cells of the draft. What a user, a layout or a policy says goes before.

mod meaning;
mod rounding;
mod taken;

use std::collections::{BTreeMap, BTreeSet};

use crate::text::Meaning;

use super::blocks::{Line, Pages};
use super::findings::Spot;
use super::lexicon::{Content, lex, tidy};
use super::words::is_common_sign;

pub(crate) use rounding::{Rounded, rounded};
pub(crate) use taken::Taken;

/// What a draft says of one sign.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Legend {
    /// The sign; empty for a blank cell.
    pub sign: String,
    /// What it means.
    pub meaning: Meaning,
    /// The words that say so.
    pub quote: String,
    /// Where they stand.
    pub spot: Spot,
}

/// What a draft says of its signs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Legends {
    /// One for each sign.
    pub found: Vec<Legend>,
    /// Two that contradict each other.
    pub clashes: Vec<(Legend, Legend)>,
}

/// Reads the legends of a draft; `least` is the least that a withheld count can be.
pub(crate) fn legends(pages: &Pages, least: i64) -> Legends {
    let signs = signs(pages);
    let mut legends = Legends::default();
    for line in pages.lines.iter().chain(&pages.spoken).cloned().chain(rows(pages, &signs)) {
        for (sign, meaning, quote) in of_line(&line.text, &signs, least) {
            let spot = Spot { file: line.file, place: line.place.clone(), ..Spot::default() };
            legends.take(Legend { sign, meaning, quote, spot });
        }
    }
    own_words(&signs, &mut legends);
    legends
}

/// What the lines of a draft say of one sign, whether a cell holds it or not.
pub(crate) fn meaning_in(pages: &Pages, sign: &str, least: i64) -> Option<Meaning> {
    let signs = BTreeSet::from([sign.to_owned()]);
    let mut said = pages.lines.iter().chain(&pages.spoken).flat_map(|l| of_line(&l.text, &signs, least));
    said.find(|s| s.0 == sign).map(|s| s.1)
}

impl Legends {
    fn take(&mut self, legend: Legend) {
        match self.found.iter_mut().find(|l| l.sign == legend.sign) {
            None => self.found.push(legend),
            Some(known) if known.meaning == legend.meaning => {}
            // bounds say more than that something is withheld
            Some(known) if known.meaning == Meaning::Withheld && matches!(legend.meaning, Meaning::Within(_)) => {
                *known = legend
            }
            Some(known) if legend.meaning == Meaning::Withheld && matches!(known.meaning, Meaning::Within(_)) => {}
            Some(known) => self.clashes.push((known.clone(), legend)),
        }
    }

    /// What they say, by sign.
    pub fn meanings(&self) -> BTreeMap<String, Meaning> {
        self.found.iter().map(|l| (l.sign.clone(), l.meaning)).collect()
    }
}

/// The signs that stand in cells behind the first of a row; ranges too, since a legend can say that "<5" may be 0.
fn signs(pages: &Pages) -> BTreeSet<String> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for entry in pages.blocks.iter().flat_map(|b| &b.rows).flat_map(|r| r.iter().skip(1)) {
        if entry.text.chars().count() <= MOST_SIGN && !entry.text.bytes().all(|b| b.is_ascii_digit())
            || entry.text.is_empty()
        {
            seen.insert(&entry.text);
        }
    }
    let sign = |text: &&str| match lex(text).content {
        Content::Sign(sign) => {
            is_common_sign(&sign) || sign.chars().count() <= 3 || withheld_word(&sign) || not_held(&sign.to_lowercase())
        }
        Content::Range(_) | Content::Blank => true,
        // -99 and the like
        Content::Number(n) => n.units < 0 || text.len() > 2 && text.bytes().all(|b| b == b'9'),
    };
    let bare = |text: &str| match lex(text).content {
        Content::Sign(sign) => sign,
        _ => tidy(text),
    };
    seen.into_iter().filter(|t| sign(t)).map(bare).collect()
}

/// Signs longer than this are words.
const MOST_SIGN: usize = 24;

/// Rows of notes: a sign, and in the cell behind it what it means.
fn rows(pages: &Pages, signs: &BTreeSet<String>) -> Vec<Line> {
    let mut found = Vec::new();
    for block in &pages.blocks {
        for row in &block.rows {
            let mut filled = row.iter().filter(|e| !e.merged && !e.text.is_empty());
            let (Some(first), Some(second), None) = (filled.next(), filled.next(), filled.next()) else { continue };
            let words = second.text.chars().filter(|c| c.is_alphabetic()).count() > 2 && !is_common_sign(&second.text);
            if signs.contains(&tidy(&first.text)) && words {
                let text = format!("{} = {}", tidy(&first.text), tidy(&second.text));
                found.push(Line {
                    file: block.file,
                    text,
                    place: first.place.clone(),
                    hidden: first.hidden,
                    drawn: None,
                });
            }
        }
    }
    found
}

/// Words in a cell that say themselves what they mean: "suppressed", "nil".
fn own_words(signs: &BTreeSet<String>, legends: &mut Legends) {
    for sign in signs {
        let meaning = match sign.to_lowercase().trim_matches(['[', ']', '(', ')']) {
            "suppressed" | "withheld" | "redacted" | "confidential" => Meaning::Withheld,
            "nil" | "none" => Meaning::Zero,
            "not available" | "data not available" => Meaning::NotAvailable,
            "not applicable" => Meaning::NotApplicable,
            low if not_held(low) => Meaning::NotAvailable,
            _ if withheld_word(sign) => Meaning::Withheld,
            _ => continue,
        };
        if !legends.found.iter().any(|l| l.sign == *sign) {
            legends.found.push(Legend { sign: sign.clone(), meaning, quote: String::new(), spot: Spot::default() });
        }
    }
}

/// Words for a figure that nobody has: "No information held", "not recorded".
fn not_held(low: &str) -> bool {
    const WHAT: [&str; 6] = ["information", "data", "figures", "records", "info", "figure"];
    const GONE: [&str; 5] = ["held", "recorded", "collected", "available", "kept"];
    let words: Vec<&str> = low.split(' ').collect();
    match words[..] {
        ["no", what, gone] => WHAT.contains(&what) && GONE.contains(&gone),
        [what, "not", gone] => WHAT.contains(&what) && GONE.contains(&gone),
        ["not", gone] => GONE.contains(&gone),
        _ => false,
    }
}

/// Words for a withheld figure, with the section of the law that is applied: "Withheld (s40)", "exempt - section 40(2)".
fn withheld_word(sign: &str) -> bool {
    let low = sign.to_lowercase();
    let rest = ["withheld", "exempt", "redacted", "suppressed", "refused"].iter().find_map(|w| low.strip_prefix(w));
    rest.is_some_and(|rest| {
        let bare = rest.trim_start_matches([' ', '-', '(', ':', ',']);
        let law =
            ["s.", "s4", "s3", "s2", "section", "under s", "reg", "foi", "art"].iter().any(|w| bare.starts_with(w));
        // "Refused" and "Exempt" alone are the names of outcomes as well
        let outcome = low.starts_with("refused") || low.starts_with("exempt");
        law && rest.starts_with([' ', '(', '-', ':', ',']) || rest.is_empty() && !outcome
    })
}

/// What a line says of signs: the sign, its meaning and the clause.
fn of_line(line: &str, signs: &BTreeSet<String>, least: i64) -> Vec<(String, Meaning, String)> {
    let mut found = Vec::new();
    for clause in clauses(line, signs) {
        let words: Vec<&str> = clause.split(' ').collect();
        for (at, word) in words.iter().enumerate() {
            let Some((sign, width)) = sign_at(&words, at, word, signs) else { continue };
            let (before, after) = (words.get(..at).unwrap_or_default(), words.get(at + width..).unwrap_or_default());
            // "- [c] withheld", "* Figures under 5 are shown as #": the mark of an item of a list
            let other = |w: &&str| sign_at(&[*w], 0, w, signs).is_some_and(|s| s.0 != sign);
            let bullet = before.is_empty() && ["-", "*", "\u{2022}"].contains(word);
            let long = bullet && after.len() > MOST_DIRECT && !linked(after);
            if bullet && after.iter().any(other) {
                continue;
            }
            let said = behind(&sign, before, after, least).or_else(|| ahead(word, before, after, least));
            // "* Small numbers (fewer than 5) and figures from which they follow are not shown" says what the sign is for
            let hides = |m: &Meaning| matches!(m, Meaning::Withheld | Meaning::Within(_));
            if let Some(meaning) = said.filter(|m| !long || hides(m)) {
                found.push((sign, meaning, clause.clone()));
                break;
            }
        }
    }
    found
}

/// The sign that a word of a line is, and how many words it takes.
fn sign_at(words: &[&str], at: usize, word: &str, signs: &BTreeSet<String>) -> Option<(String, usize)> {
    const CALLED: [(&str, &str); 16] = [
        ("asterisk", "*"),
        ("asterisks", "*"),
        ("star", "*"),
        ("hash", "#"),
        ("dash", "-"),
        ("hyphen", "-"),
        ("dashes", "-"),
        ("dagger", "\u{2020}"),
        ("tilde", "~"),
        ("colon", ":"),
        ("blank", ""),
        ("blanks", ""),
        ("empty", ""),
        ("dots", ".."),
        ("ellipsis", "..."),
        ("stop", "."),
    ];
    const AROUND: &[char] =
        &['"', '\'', '\u{201c}', '\u{201d}', '`', '(', ')', '[', ']', ',', ';', ':', '=', '.', '\u{ab}', '\u{bb}'];
    let quotes: &[char] = &['"', '\'', '\u{201c}', '\u{201d}', '`', '\u{ab}', '\u{bb}'];
    let stripped = [
        word,
        word.trim_end_matches([':', '=', ',', ';']),
        word.trim_matches(quotes),
        word.trim_end_matches([',', ';', '.']).trim_matches(quotes),
    ];
    let bracketed = word
        .strip_prefix('(')
        .and_then(|w| w.trim_end_matches(['.', ',', ';', ':']).strip_suffix(')'))
        .unwrap_or_default();
    let bracketed = [bracketed, bracketed.trim_matches(quotes)];
    let exact = stripped.iter().chain(&bracketed).find(|w| !w.is_empty() && signs.contains(**w));
    if let Some(sign) = exact {
        return Some(((*sign).to_owned(), 1));
    }
    let lower = word.trim_matches(AROUND).to_lowercase();
    let called = CALLED.iter().find(|(name, _)| *name == lower)?;
    let double = at > 0 && words.get(at - 1).is_some_and(|w| w.eq_ignore_ascii_case("double")) && lower == "dagger";
    let sign = if double { "\u{2021}" } else { called.1 };
    signs.contains(sign).then(|| (sign.to_owned(), 1))
}

/// Words that link a sign to its meaning.
const LINKS: &[&str] = &[
    "=",
    ":",
    "-",
    "means",
    "mean",
    "denotes",
    "denote",
    "indicates",
    "indicate",
    "represents",
    "represent",
    "refers",
    "signifies",
    "stands",
    "is",
    "are",
    "was",
    "used",
    "shows",
    "replaces",
    "indicating",
    "denoting",
    "where",
    "for",
    "values",
    "value",
    "cells",
    "cell",
    "has",
    "have",
];

/// Words that a sign without a link explains, at most.
const MOST_DIRECT: usize = 7;

/// Whether words begin with a link.
fn linked(after: &[&str]) -> bool {
    after.first().is_some_and(|w| LINKS.contains(&w.to_lowercase().trim_matches(',')))
}

/// "* = fewer than 5", "[c] suppressed", "The symbol * is used where there are fewer than 5".
fn behind(sign: &str, before: &[&str], after: &[&str], least: i64) -> Option<Meaning> {
    const OPENS: &[&str] = &[
        "the",
        "a",
        "an",
        "symbol",
        "symbols",
        "sign",
        "note",
        "notes",
        "key",
        "where",
        "cells",
        "cell",
        "marked",
        "with",
        "shown",
        "as",
        "figures",
        "values",
        "denoted",
        "by",
        "of",
        "note:",
        "key:",
        "notes:",
        "legend:",
        "symbols:",
        "table",
        "in",
        "this",
        "tables",
        "these",
        "letter",
        "entry",
        "numbers",
        "counts",
        "data",
        "single",
        "double",
        "two",
        "entries",
        "that",
        "are",
        "is",
        "containing",
    ];
    // "[c] and * confidential": signs that mean the same
    let listed = |w: &&str| matches!(*w, "and" | "or" | "&") || is_common_sign(w.trim_end_matches(','));
    let among = !before.is_empty()
        && before.iter().all(listed)
        && before.first().is_some_and(|w| is_common_sign(w.trim_end_matches(',')));
    let opened = among
        || before.iter().all(|w| OPENS.contains(&w.to_lowercase().trim_matches(['"', '\'', '(', ')', ','])))
            && before.len() < 9;
    let symbol =
        !sign.chars().any(char::is_alphanumeric) || sign.starts_with('[') || sign.starts_with(['<', '\u{2264}']);
    let linked = linked(after);
    // a letter is only a sign where a link says so, or where it opens the line
    let direct = (before.is_empty() || among) && (symbol || sign.chars().count() < 3 || sign.contains('.'));
    if !opened || after.is_empty() || !(linked || direct) {
        return None;
    }
    meaning::meaning(&after.join(" "), least)
}

/// "Numbers below five are shown as <5", "counts under 10 have been suppressed (#)".
fn ahead(word: &str, before: &[&str], after: &[&str], least: i64) -> Option<Meaning> {
    const JOINS: &[&str] = &[
        "as", "by", "with", "using", "symbol", "marked", "shown", "an", "a", "the", "sign", "letter", "denoted", "to",
        "=", "value", "double", "entered", "read",
    ];
    let last = before.last().map(|w| w.to_lowercase()).unwrap_or_default();
    let bracketed = word.starts_with('(') && word.trim_end_matches(['.', ',', ';']).ends_with(')');
    let quoted = word.starts_with(['"', '\'', '\u{201c}', '`']);
    if before.len() < 2 || !(JOINS.contains(&last.as_str()) || bracketed || quoted) {
        return None;
    }
    let text = before.join(" ");
    // "shown as * to protect confidentiality": the reason stands behind
    meaning::meaning(&text, least).or_else(|| {
        let shown = ["shown", "replaced", "marked", "denoted", "displayed", "represented"]
            .iter()
            .any(|w| text.to_lowercase().contains(w));
        if shown { meaning::meaning(&after.join(" "), least) } else { None }
    })
}

/// A line in clauses: at semicolons, ends of sentences, and commas or bars before a sign that is explained next.
fn clauses(line: &str, signs: &BTreeSet<String>) -> Vec<String> {
    let mut clauses = vec![String::new()];
    let words: Vec<&str> = line.split(' ').collect();
    for (at, word) in words.iter().enumerate() {
        if let Some(clause) = clauses.last_mut() {
            if !clause.is_empty() {
                clause.push(' ');
            }
            clause.push_str(word);
        }
        let next = words.get(at + 1).copied().unwrap_or_default();
        let explained = || {
            let sign = next.trim_end_matches([':', '=']);
            let linked = words.get(at + 2).is_some_and(|w| LINKS.contains(&w.to_lowercase().as_str()))
                || next.ends_with([':', '=']);
            !sign.is_empty() && (signs.contains(sign) || is_common_sign(sign)) && linked
        };
        let sentence = word.ends_with('.') && word.len() > 2 && next.starts_with(|c: char| !c.is_lowercase());
        // "* denotes suppressed: either ...": what a link leads to is explained by nothing else
        // "[x] and [c]: suppressed": one meaning for both
        let joined = matches!(*word, "and" | "or" | "&")
            && at.checked_sub(1).and_then(|b| words.get(b)).is_some_and(|w| is_common_sign(w.trim_end_matches(',')));
        let link = joined || LINKS.contains(&word.to_lowercase().as_str());
        if word.ends_with(';')
            || sentence
            || *word == "|"
            || (word.ends_with([',', ')', '.']) || word.chars().all(char::is_alphanumeric) && !link) && explained()
        {
            clauses.push(String::new());
        }
    }
    clauses.retain(|c| !c.is_empty());
    clauses
        .iter()
        .map(|c| c.trim_start_matches("Key: ").trim_start_matches("Note: ").trim_start_matches("Notes: ").to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Interval;

    fn read(line: &str, signs: &[&str]) -> Vec<(String, Meaning)> {
        let signs = signs.iter().map(|s| (*s).to_owned()).collect();
        of_line(&tidy(line), &signs, 1).into_iter().map(|f| (f.0, f.1)).collect()
    }

    /// Legends in the wordings in use, before and behind the sign.
    #[test]
    fn lines() {
        let within = |lo, hi| Meaning::Within(Interval::new(lo, hi));
        for (line, sign, meaning) in [
            ("* = fewer than 5", "*", within(1, 4)),
            ("* means fewer than 5", "*", within(1, 4)),
            ("[c] = suppressed", "[c]", Meaning::Withheld),
            ("\u{2021} denotes a figure of 1 to 4", "\u{2021}", within(1, 4)),
            ("An asterisk (*) indicates a count of fewer than five.", "*", within(1, 4)),
            ("Note: * denotes values between 1 and 4", "*", within(1, 4)),
            ("Where a number is less than 5 it is shown as *.", "*", within(1, 4)),
            ("Numbers under 10 have been suppressed (#)", "#", within(1, 9)),
            (".. not available", "..", Meaning::NotAvailable),
            ("- nil", "-", Meaning::Zero),
            ("z not applicable", "z", Meaning::NotApplicable),
            ("The symbol ~ is used where the figure is less than 3", "~", within(1, 2)),
            ("Counts of fewer than 5 are replaced with \"*\"", "*", within(1, 4)),
            ("\"c\" means confidential", "c", Meaning::Withheld),
            ("<5 means 0 to 4", "<5", within(0, 4)),
            ("Figures marked * have been suppressed to protect confidentiality", "*", Meaning::Withheld),
            ("n.p. not published", "n.p.", Meaning::Withheld),
            ("Cells with fewer than 11 cases are shown as an asterisk.", "*", within(1, 10)),
            ("Blank cells mean that there were no cases", "", Meaning::Zero),
        ] {
            assert_eq!(read(line, &[sign, "9z"]), [(sign.to_owned(), meaning)], "{line}");
        }
        let both = read(".. = not available; - = nil, * = fewer than 5", &["..", "-", "*"]);
        assert_eq!(both.len(), 3, "{both:?}");
        for line in
            ["* to 16 July 2015", "Offences - nil return from North", "Source: * police records", "* provisional"]
        {
            assert_eq!(read(line, &["*", "-"]), [], "{line}");
        }
    }
}
