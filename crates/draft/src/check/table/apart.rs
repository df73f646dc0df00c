//! Columns and tables in which nothing is counted: remarks, codes, references, ticks.

use super::super::ledger::is_reference;
use super::super::lexicon::{Content, is_year, key};
use super::super::typed::Typed;
use super::super::worded::body;
use super::super::words::{is_common_sign, total_word};
use super::{Head, Text};

/// Takes columns of remarks out: those in which nothing stands, or words alone.
pub(super) fn notes(text: &Text, header_rows: usize, cols: &mut Vec<Head>) -> Vec<String> {
    const NOTES: [&str; 12] = [
        "note",
        "notes",
        "comment",
        "comments",
        "remark",
        "remarks",
        "footnote",
        "footnotes",
        "source",
        "sources",
        "flag",
        "flags",
    ];
    let totals = cols.iter().any(|c| c.path.iter().any(|l| total_word(&key(l)).is_some()));
    let label = |c: &Head| c.path.last().map(|l| key(l)).unwrap_or_default();
    let is_note = |c: &Head| NOTES.contains(&label(c).as_str());
    let apart = |c: &Head| {
        let filled: Vec<String> =
            (header_rows..text.rows.len()).map(|r| text.text(r, c.at)).filter(|t| !t.is_empty()).collect();
        if filled.is_empty() {
            // what is blank throughout could be a part that a total gives away
            return is_note(c) || !totals;
        }
        let named = |t: &String| text.names(t) && !matches!(body(t).content, Content::Number(_));
        let words = filled.iter().all(named);
        let figure = |t: &String| matches!(body(t).content, Content::Number(_) | Content::Range(_));
        // a column of notes says something in some of its cells
        let noted = is_note(c) && filled.iter().any(named) && !filled.iter().any(figure);
        // dates, telephone numbers, codes count nothing
        let references = filled.iter().all(|t| is_reference(t) && !is_year(t));
        // "2-2-4", "On call": patterns and codes among words
        let coded = !totals
            && filled.iter().all(|t| named(t) || is_reference(t) && !is_year(t))
            && filled.iter().any(|t| is_reference(t))
            && filled.iter().any(|t| !is_common_sign(t) && !is_reference(t));
        let different: std::collections::BTreeSet<&String> = filled.iter().collect();
        let sayings = words
            && !totals
            && different.len() > 1
            && filled.iter().all(|t| t.chars().filter(|c| c.is_alphabetic()).count() > 2);
        noted
            || references
            || coded
            || sayings
            || words && (is_note(c) || filled.iter().any(|t| t.split(' ').count() > 2))
    };
    let (out, kept): (Vec<Head>, Vec<Head>) = cols.drain(..).partition(|c| apart(c));
    *cols = if kept.is_empty() { out.clone() } else { kept };
    if cols.len() == out.len() && !out.is_empty() && cols.iter().zip(&out).all(|(a, b)| a.at == b.at) {
        return Vec::new();
    }
    let words = |c: Head| format!("\"{}\" holds no figures: passed over", c.path.join(" / "));
    out.into_iter().map(words).collect()
}

/// Whether cells are ticked, or say yes or no: nothing is counted in them.
pub(super) fn ticked(cells: &[Vec<Typed>], marker: &dyn Fn(&str) -> bool) -> bool {
    const TICKS: [&str; 12] = [
        "\u{2713}", "\u{2714}", "\u{2611}", "\u{2705}", "\u{2717}", "\u{2718}", "\u{2612}", "\u{274c}", "yes", "no",
        "y", "n",
    ];
    let texts = || cells.iter().flatten().map(|c| c.text.to_lowercase()).filter(|t| !t.is_empty());
    texts().next().is_some() && texts().all(|t| TICKS.contains(&t.as_str()) && !marker(&t))
}
