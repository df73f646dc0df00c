//! Plain text, Markdown and separated fields, changed where they stand.

mod columns;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::{Edit, Edits};

/// How the new text of a cell is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// So that Markdown shows it as it is.
    Escaped,
    /// As it is.
    Plain,
}

/// The ways in the order in which they are tried.
pub(super) const WAYS: &[Way] = &[Way::Escaped, Way::Plain];

/// How far behind its place a text may begin: behind quotes, blanks and signs of Markdown.
const MOST_AHEAD: usize = 12;

/// The file with these changes.
pub(super) fn changed(format: &str, bytes: &[u8], edits: &Edits, way: Way) -> Option<Vec<u8>> {
    if way == Way::Plain && format != "markdown" {
        return None;
    }
    let escapes = format == "markdown" && way == Way::Escaped;
    let (mark, body) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (&b"\xEF\xBB\xBF"[..], rest),
        None => (&b""[..], bytes),
    };
    let source = std::str::from_utf8(body).ok()?;
    let mut lines: Vec<String> = source.split_inclusive('\n').map(str::to_owned).collect();
    let mut gone: BTreeSet<usize> = BTreeSet::new();
    let mut cut: BTreeMap<usize, Vec<Range<usize>>> = BTreeMap::new();
    for trim in &edits.trims {
        gone.extend(trim.lines().filter(|l| l.1).map(|l| l.0));
        columns::cut(&lines, trim, format, &mut cut)?;
    }
    // later ones first, so that the places of earlier ones stay what they are
    let mut ordered: Vec<&Edit> = edits.texts.iter().collect();
    ordered.sort_by_key(|e| std::cmp::Reverse((e.place.line, e.place.column)));
    for edit in ordered {
        let line = lines.get_mut(edit.place.line.checked_sub(1)?)?;
        let ranges = cut.entry(edit.place.line).or_default();
        columns::behind(line, ranges, edit.place.column)?;
        *line = with(line, edit, format, escapes)?;
    }
    for (number, mut ranges) in cut {
        columns::behind(lines.get_mut(number.checked_sub(1)?)?, &mut ranges, 0)?;
    }
    for number in gone {
        lines.get_mut(number.checked_sub(1)?)?.clear();
    }
    let ending = if source.contains("\r\n") { "\r\n" } else { "\n" };
    let mut text: String = lines.concat();
    for note in &edits.notes {
        if !text.ends_with('\n') {
            text.push_str(ending);
        }
        if !text.ends_with(&format!("{ending}{ending}")) {
            text.push_str(ending);
        }
        let note = match format {
            "markdown" => escaped(note),
            "csv" => field(note),
            _ => note.clone(),
        };
        text.push_str(&format!("{note}{ending}"));
    }
    Some([mark, text.as_bytes()].concat())
}

/// A line with the text of one cell changed.
fn with(line: &str, edit: &Edit, format: &str, escapes: bool) -> Option<String> {
    let signs: Vec<char> = line.chars().collect();
    let start = edit.place.column.checked_sub(1)?;
    let (from, to) = found(&signs, start, &edit.from)?;
    let before = from.checked_sub(1).and_then(|i| signs.get(i)).copied();
    let after = signs.get(to).copied();
    let quoted = before == Some('"') && after == Some('"');
    let new = match format {
        "csv" if quoted => edit.to.replace('"', "\"\""),
        "csv" => field(&edit.to),
        _ if escapes => escaped(&edit.to),
        _ => edit.to.clone(),
    };
    let mut head: String = signs.get(..from)?.iter().collect();
    let mut tail: String = signs.get(to..)?.iter().collect();
    let mut new = new;
    // figures end alike: the blanks before them give or take
    let blank = |sign: Option<char>| sign.is_none_or(|s| s == ' ');
    let end = after.is_none_or(|s| matches!(s, ' ' | '|' | '\n' | '\r'));
    if format != "csv" && edit.cell && blank(before) && end && from > 0 && !line.contains('\t') {
        let (old, now) = (to - from, new.chars().count());
        if now < old {
            new = format!("{}{new}", " ".repeat(old - now));
        }
        for _ in old..now {
            let least = if format == "markdown" || line.contains('|') { "  " } else { "   " };
            if head.ends_with(least) {
                head.pop();
            } else if tail.starts_with("   ") {
                tail.remove(0);
            }
        }
    }
    Some(format!("{head}{new}{tail}"))
}

/// Where a text stands in a line, from a place on: first and last character.
fn found(signs: &[char], start: usize, text: &str) -> Option<(usize, usize)> {
    if text.is_empty() {
        return (start <= signs.len()).then_some((start, start));
    }
    let words: Vec<char> = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().collect();
    (start..start.saturating_add(MOST_AHEAD).min(signs.len()))
        .find_map(|from| Some((from, matched(signs, from, &words)?)))
}

/// Where these words end that begin at a place: any blanks between them, dashes and quotes of any kind, signs escaped.
fn matched(signs: &[char], from: usize, words: &[char]) -> Option<usize> {
    let mut at = from;
    let blank = |s: char| matches!(s, ' ' | '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{200a}' | '\u{202f}' | '\u{200b}');
    let same = |a: char, b: char| match b {
        '-' => matches!(a, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}'),
        '\'' => matches!(a, '\'' | '\u{2018}' | '\u{2019}'),
        _ => a == b,
    };
    for &word in words {
        if word == ' ' {
            let before = at;
            while signs.get(at).copied().is_some_and(blank) {
                at += 1;
            }
            (at > before).then_some(())?;
            continue;
        }
        if signs.get(at) == Some(&'\\') && word != '\\' {
            at += 1;
        }
        signs.get(at).copied().filter(|&s| same(s, word))?;
        at += 1;
    }
    let ends = signs.get(at).is_none_or(|s| !s.is_alphanumeric());
    let begins = from == 0 || signs.get(from - 1).is_none_or(|s| !s.is_alphanumeric());
    (ends && begins).then_some(at)
}

/// A text that Markdown shows as it is.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for sign in text.chars() {
        if matches!(sign, '\\' | '*' | '_' | '[' | ']' | '|' | '<' | '>' | '`' | '^' | '~' | '#') {
            out.push('\\');
        }
        out.push(sign);
    }
    out
}

/// A field in quotes where it needs them.
fn field(text: &str) -> String {
    if text.contains([',', ';', '\t', '|', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
