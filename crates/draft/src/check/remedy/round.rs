//! Rounding every figure to a base.

use crate::round::nearest;

use super::super::driver::Check;
use super::super::lexicon::Content;
use super::super::unsafe_cells::band;
use super::Proposal;
use super::edit::{apply, change_of};

/// Bases that readers know.
const BASES: [i64; 7] = [3, 5, 10, 20, 25, 50, 100];

/// Rounds every figure to the smallest common base that prints all small counts as 0.
pub(crate) fn proposal(check: &Check) -> Option<Proposal> {
    let (_, most) = band(check.options.policy)?;
    if check.signs.base.is_some() || check.reading.known.seen.iter().any(|s| s.withheld) {
        return None;
    }
    let base = BASES.into_iter().find(|&b| nearest(most, b, "up") == 0)?;
    let mut changes = Vec::new();
    for figures in &check.reading.tables {
        if figures.measure.as_ref().is_some_and(|m| m.amount) {
            continue;
        }
        let change = change_of(&mut changes, figures.parsed.block);
        // an exact rate, mean or change would give true counts away, and be untrue beside rounded ones
        for (r, c) in super::derived::every(figures) {
            if let (Some(row), Some(col)) = (figures.parsed.rows.get(r), figures.parsed.cols.get(c)) {
                change.texts.insert((row.at, col.at), check.withheld_sign());
            }
        }
        let beside = super::super::shares::beside(&figures.parsed);
        for (r, c, _) in figures.cells() {
            let (row, col) = (figures.parsed.rows.get(r)?, figures.parsed.cols.get(c)?);
            let Some(cell) = figures.parsed.cell(r, c) else { continue };
            if let Content::Number(n) = cell.lexed.content
                && let Some(value) = n.count()
            {
                change.texts.insert((row.at, col.at), nearest(value, base, "up").to_string());
            } else if check.signs.known(&cell.lexed.content) == Some(super::super::tree::Known::Exact(0)) {
                change.texts.insert((row.at, col.at), "0".to_owned());
            }
            // a percentage of a true count would give it away
            for &(r, c) in beside.get(&(r, c)).into_iter().flatten() {
                if let (Some(row), Some(col)) = (figures.parsed.rows.get(r), figures.parsed.cols.get(c)) {
                    change.texts.insert((row.at, col.at), check.withheld_sign());
                }
            }
        }
    }
    for used in &check.rates {
        change_of(&mut changes, used.block).texts.insert(used.at, check.withheld_sign());
    }
    let note = format!("Counts are rounded to the nearest {base}.");
    let words = format!("round every figure to the nearest {base}, totals too: counts up to {most} become 0");
    let list = super::changed::list(check, &changes);
    let edited = apply(check, &changes, Some(note));
    Some(Proposal { kind: "round", words: vec![words], edited, changes: list, proven: false })
}
