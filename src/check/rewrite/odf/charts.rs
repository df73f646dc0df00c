//! Charts of OpenDocument files: the table that each keeps of the figures it is drawn from forgets those that change.

use std::collections::HashSet;
use std::ops::Range;

use super::super::Edits;
use super::super::markup::{Is, closes, replaced, tokens, unescaped, without};
use super::super::sheets::AllMoves;

/// The chart without figures that cells no longer show: the program that opens the file takes them from the cells anew.
/// `None` where the cells that it is drawn from move.
pub(super) fn mended(source: &str, edits: &Edits, moves: &AllMoves) -> Option<String> {
    if !source.contains("office:chart") || edits.texts.is_empty() && moves.is_empty() {
        return Some(source.to_owned());
    }
    if !moves.is_empty() {
        return None;
    }
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let from: HashSet<String> = edits.texts.iter().filter(|e| e.cell).map(|e| digits(&e.from)).collect();
    let all = tokens(source, false)?;
    let closes = closes(&all);
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    for (i, token) in all.iter().enumerate().filter(|(_, t)| t.name == "table-cell" && t.is == Is::Open) {
        let end = (*closes.get(i)?)?;
        let texts = all.get(i..end)?.iter().filter(|t| t.is == Is::Text);
        let text: String = texts.filter_map(|t| source.get(t.at.clone())).map(unescaped).collect();
        if digits(&text).is_empty() || !from.contains(&digits(&text)) {
            continue;
        }
        let tag = source.get(token.at.clone())?;
        let bare = without(tag, |a| matches!(a.local(), "value-type" | "value" | "string-value"));
        let head = bare.trim_end_matches('>').trim_end();
        // where the figures of a column come from stands in its first cell
        let drawn = all.get(i..end)?.iter().position(|t| t.name == "g" && t.is == Is::Open).map(|k| i + k);
        let from = match drawn {
            Some(k) => source.get(all.get(k)?.at.start..all.get((*closes.get(k)?)?)?.at.end)?,
            None => "",
        };
        let new = format!("{head} office:value-type=\"float\" office:value=\"NaN\"><text:p>NaN</text:p>{from}</table:table-cell>");
        changes.push((token.at.start..all.get(end)?.at.end, new));
    }
    replaced(source, changes)
}
