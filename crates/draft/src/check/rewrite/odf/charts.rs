//! Charts of OpenDocument files: the table that each keeps of the figures it is drawn from forgets those that change.

use std::collections::HashSet;
use std::ops::Range;

use super::super::Edits;
use super::super::html::merged;
use super::super::markup::{Is, Token, closes, tokens, unescaped, value, with, without};
use super::super::sheets::{AllMoves, address, area};

/// The chart without figures that cells no longer show: the program that opens the file takes them from the cells anew.
/// `None` where the cells that it is drawn from go.
pub(super) fn mended(source: &str, edits: &Edits, moves: &AllMoves) -> Option<String> {
    if !source.contains("office:chart") || edits.texts.is_empty() && moves.is_empty() {
        return Some(source.to_owned());
    }
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let from: HashSet<String> = edits.texts.iter().filter(|e| e.cell).map(|e| digits(&e.from)).collect();
    let all = tokens(source, false)?;
    let closes = closes(&all);
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    let moved = follow(source, &all, &closes, moves, &mut changes)?;
    for (i, token) in all.iter().enumerate().filter(|(_, t)| t.name == "table-cell" && t.is == Is::Open) {
        let end = (*closes.get(i)?)?;
        // where its figures come from is no text of the chart
        let texts = all.get(i..end)?.iter().take_while(|t| t.name != "g").filter(|t| t.is == Is::Text);
        let text: String = texts.filter_map(|t| source.get(t.at.clone())).map(unescaped).collect();
        if digits(&text).is_empty() || !moved && !from.contains(&digits(&text)) {
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
        let from = if moved { "" } else { from };
        let new = format!(
            "{head} office:value-type=\"float\" office:value=\"NaN\"><text:p>NaN</text:p>{from}</table:table-cell>"
        );
        changes.push((token.at.start..all.get(end)?.at.end, new));
    }
    merged(source, changes)
}

/// The addresses of a chart follow cells that move; whether some did.
fn follow(
    source: &str,
    all: &[Token],
    closes: &[Option<usize>],
    moves: &AllMoves,
    changes: &mut Vec<(Range<usize>, String)>,
) -> Option<bool> {
    const NAMES: &[&str] = &["cell-range-address", "values-cell-range-address", "label-cell-address"];
    let mut moved = false;
    for token in all.iter().filter(|t| matches!(t.is, Is::Open | Is::Empty)) {
        let tag = source.get(token.at.clone())?;
        let mut new = tag.to_owned();
        for name in NAMES {
            let Some(old) = value(&new, name) else { continue };
            let follows = followed(&old, moves)?;
            moved |= follows != old;
            new = with(&new, name, &follows);
        }
        if new != tag && moved {
            changes.push((token.at.clone(), new));
        }
    }
    // what repeats the addresses
    for (i, token) in all.iter().enumerate().filter(|(_, t)| moved && t.name == "g" && t.is == Is::Open) {
        changes.push((token.at.start..all.get((*closes.get(i)?)?)?.at.end, String::new()));
    }
    Some(moved)
}

/// An address (`Outcomes.B3:Outcomes.B5`) after the moves. `None` where its cells go.
fn followed(old: &str, moves: &AllMoves) -> Option<String> {
    let (first, last) = old.split_once(':').unwrap_or((old, old));
    let (Some((sheet, a)), Some((_, b))) = (first.rsplit_once('.'), last.rsplit_once('.')) else {
        return Some(old.to_owned());
    };
    let plain = sheet.trim_start_matches('$').trim_matches('\'').replace("''", "'").to_lowercase();
    let Some(own) = moves.get(&plain) else { return Some(old.to_owned()) };
    let new = own.area(area(&format!("{a}:{b}"))?)?;
    Some(format!("{sheet}.{}:{sheet}.{}", address(new.0), address(new.1)))
}
