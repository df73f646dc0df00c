//! Which rows and columns hold counts, and which percentages, rates, means or money.

use super::super::lexicon::Content;
use super::super::ratio;
use super::super::shares::bounds;
use super::super::typed::Typed;
use super::{Head, Kind, Parsed};

/// Words that say that figures are no counts, beside those of rates and means.
const OTHER: &[&str] = &["median", "quartile", "percentile", "rank", "ranking", "ranked", "position"];
/// Words that say that figures are percentages.
const PERCENT: &[&str] = &["%", "percent", "per cent", "percentage", "proportion", "pct", "pct.", "perc"];

/// Whether a label says that its figures are money: "Cost (£)", "Spend in €". "Fines over £100" are counted.
fn is_money(label: &str) -> bool {
    let unit = label.rsplit_once('(').and_then(|(_, u)| u.strip_suffix(')'));
    let unit = unit.or_else(|| label.rsplit_once(" in ").map(|(_, u)| u)).unwrap_or(if label.chars().count() == 1 {
        label
    } else {
        ""
    });
    let bare = unit.trim().trim_end_matches(|c: char| c.is_alphanumeric() || matches!(c, '\'' | ' ' | ','));
    ["£", "$", "€"].contains(&bare) || ["gbp", "usd", "eur", "pounds", "euros", "dollars"].contains(&unit.trim())
}

/// Sets percentages, rates and means apart.
pub(crate) fn kinds(parsed: &mut Parsed) {
    let of = |heads: &Head, cells: Vec<&Typed>| {
        let label = heads.path.join(" ").to_lowercase();
        let numbers: Vec<_> = cells
            .iter()
            .filter_map(|c| match c.lexed.content {
                Content::Number(n) => Some(n),
                _ => None,
            })
            .collect();
        let says = |words: &[&str]| {
            // "95% CI" says how sure an estimate is
            let plain = |at: usize| !label.get(..at).unwrap_or_default().ends_with(|c: char| c.is_ascii_digit());
            let within = |w: &str| label.match_indices(w).any(|(at, _)| w != "%" || plain(at));
            words.iter().any(|w| label.split([' ', '(', ')']).any(|t| t == *w) || (w.contains([' ', '%']) && within(w)))
        };
        // ">95%" and "<5%" are percentages as well
        let bounded =
            cells.iter().any(|c| matches!(c.lexed.content, Content::Sign(_)) && bounds(&c.text, false).is_some());
        if says(PERCENT) || ((bounded || !numbers.is_empty()) && numbers.iter().all(|n| n.percent)) {
            Kind::Percent
        } else if says(OTHER)
            || is_money(&label)
            || ratio::said(&label).is_some()
            || numbers.iter().any(|n| n.has_fraction() || n.money)
        {
            Kind::Other
        } else {
            Kind::Count
        }
    };
    let columns: Vec<Kind> = (0..parsed.cols.len())
        .map(|c| of(&parsed.cols[c], parsed.cells.iter().filter_map(|r| r.get(c)).collect()))
        .collect();
    let whole = !columns.is_empty() && columns.iter().all(|k| *k != Kind::Count);
    let rows: Vec<Kind> = (0..parsed.rows.len())
        .map(|r| {
            let own = parsed.cells.get(r).into_iter().flatten().enumerate();
            let cells: Vec<&Typed> =
                own.filter(|(c, _)| columns.get(*c) == Some(&Kind::Count) || whole).map(|(_, t)| t).collect();
            of(&parsed.rows[r], cells)
        })
        .collect();
    // one row of percentages below counts leaves the columns what they are
    let mixed = rows.contains(&Kind::Count);
    for (head, kind) in parsed.cols.iter_mut().zip(columns) {
        head.kind = kind;
    }
    if mixed {
        for (c, head) in parsed.cols.iter_mut().enumerate().filter(|(_, h)| h.kind != Kind::Count) {
            let counted = |r: usize| rows[r] == Kind::Count;
            let cells = (0..rows.len()).filter(|&r| counted(r)).filter_map(|r| parsed.cells.get(r)?.get(c));
            head.kind = of(head, cells.collect());
        }
    }
    for (head, kind) in parsed.rows.iter_mut().zip(rows) {
        head.kind = kind;
    }
}
