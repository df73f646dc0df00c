//! Lines that begin with the number of a note or of a section.

use std::collections::HashSet;

use super::super::blocks::Pages;
use super::super::lexicon::tidy;
use super::super::sentences::is_counted;

/// The lines that do: those below "Notes", those of a mark that stands in a table, and headings among others that have two
/// numbers ("2.3 Results").
pub(crate) fn numbers(pages: &Pages) -> HashSet<usize> {
    let marks = marks(pages);
    let sections = sections(pages);
    let mut found = HashSet::new();
    // the last note that was met, while notes go on
    let mut note: Option<i64> = None;
    for (number, line) in pages.lines.iter().enumerate() {
        let low = line.text.trim_end_matches(':').to_lowercase();
        if ["notes", "note", "footnotes", "footnote", "notes and caveats", "notes to table", "data notes"]
            .contains(&low.as_str())
        {
            note = Some(0);
            continue;
        }
        let Some((value, rest)) = opening(&line.text) else {
            // "* Suppressed" among notes
            if line.text.starts_with(char::is_alphanumeric) {
                note = None;
            }
            continue;
        };
        let counted = !opens(value, rest) && is_counted(&line.text, 0);
        let next = note.is_some_and(|last| value == last + 1) && !counted;
        let short = rest.split(' ').count() <= 6 && !rest.ends_with(['.', ';', ':', ',']);
        if next || spoken(rest) || marks.contains(&value) && !counted {
            note = Some(value);
            found.insert(number);
        } else if short && !counted && sections.iter().any(|&s| value <= s) {
            found.insert(number);
        }
    }
    found
}

/// Words that something is said with, and nothing counted.
const SPEAKS: [&str; 16] = [
    "a", "an", "the", "this", "these", "those", "some", "it", "they", "we", "our", "there", "where", "if", "when",
    "because",
];
/// What else notes begin with.
const OPENS: [&str; 34] = [
    "in",
    "includes",
    "excludes",
    "including",
    "excluding",
    "all",
    "not",
    "due",
    "from",
    "based",
    "provisional",
    "revised",
    "totals",
    "percentages",
    "see",
    "for",
    "as",
    "data",
    "figures",
    "rates",
    "numbers",
    "counts",
    "values",
    "population",
    "source",
    "sources",
    "each",
    "any",
    "only",
    "before",
    "after",
    "no",
    "shares",
    "averages",
];

/// Whether a number is followed by words that it does not count: "2 A pupil may have more than one suspension."
pub(crate) fn spoken(rest: &str) -> bool {
    let first = rest.split(' ').next().unwrap_or_default().to_lowercase();
    SPEAKS.contains(&first.as_str())
}

/// Whether a note begins so: there are no "1 incidents".
pub(crate) fn opens(value: i64, rest: &str) -> bool {
    let first = rest.split(' ').next().unwrap_or_default().to_lowercase();
    let plural = value == 1 && first.ends_with('s') && !first.ends_with("ss");
    spoken(rest) || OPENS.contains(&first.as_str()) || plural
}

/// A number at the beginning of a line, and the words behind it, which begin with a capital letter.
fn opening(text: &str) -> Option<(i64, &str)> {
    let (first, rest) = text.split_once(' ')?;
    let value = first.parse::<i64>().ok().filter(|n| (1..100).contains(n))?;
    rest.starts_with(char::is_uppercase).then_some((value, rest))
}

/// The numbers of notes that cells refer to: "31 [note 1]".
fn marks(pages: &Pages) -> HashSet<i64> {
    let cells = pages.blocks.iter().flat_map(|b| b.rows.iter().flatten());
    let texts = cells.map(|e| tidy(&e.text)).filter(|t| t.contains("[note "));
    let mark = |t: String| t.rsplit_once("[note ")?.1.split_once(']')?.0.parse::<i64>().ok();
    texts.filter_map(mark).collect()
}

/// The first numbers of headings with two: "2.3 Results".
fn sections(pages: &Pages) -> HashSet<i64> {
    let section = |text: &str| {
        let (first, rest) = text.split_once(' ')?;
        let (head, tail) = first.trim_end_matches('.').split_once('.')?;
        let whole = tail.split('.').all(|t| t.parse::<u8>().is_ok());
        let short = rest.split(' ').count() <= 8 && !rest.ends_with(['.', ';', ',']);
        head.parse::<i64>().ok().filter(|n| whole && short && *n < 30 && rest.starts_with(char::is_uppercase))
    };
    pages.lines.iter().filter_map(|l| section(&l.text)).collect()
}
