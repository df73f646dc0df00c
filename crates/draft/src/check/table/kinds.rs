//! Which rows and columns hold counts, and which percentages, rates, means or money.

use super::super::lexicon::{Content, Number, number};
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

/// "4:1", "1:2.5", "4 to 1": one number to another.
fn ratio_of(text: &str) -> Option<(Number, Number)> {
    let (a, b) = text.split_once(':').or_else(|| text.split_once(" to "))?;
    let plain = |t: &str| number(t.trim()).filter(|n| !n.percent && !n.money && n.units > 0);
    plain(a).zip(plain(b))
}

/// Ratios as numbers: "4:1" is 4 where all are so many to one, or one to so many; else "3:2" is 1.5.
fn ratios(parsed: &mut Parsed) -> Vec<(bool, usize)> {
    let mut all = Vec::new();
    for rows in [false, true] {
        let heads = if rows { &parsed.rows } else { &parsed.cols };
        let across = if rows { parsed.cols.len() } else { parsed.rows.len() };
        let said = |h: &Head| h.path.iter().any(|l| l.to_lowercase().contains("ratio") || l.contains(':'));
        let lines: Vec<usize> = (0..heads.len()).filter(|&l| heads.get(l).is_some_and(said)).collect();
        for line in lines {
            let at = |a: usize| if rows { (line, a) } else { (a, line) };
            let found: Vec<((usize, usize), (Number, Number))> =
                (0..across).filter_map(|a| Some((at(a), ratio_of(&parsed.cell(at(a).0, at(a).1)?.text)?))).collect();
            let one = |n: &Number| n.plain().units == 1 && n.plain().decimals == 0;
            let behind = found.iter().all(|f| one(&f.1.1));
            let before = !behind && found.iter().all(|f| one(&f.1.0));
            if !found.is_empty() {
                all.push((rows, line));
            }
            for ((row, col), (a, b)) in found {
                let Some(typed) = parsed.cells.get_mut(row).and_then(|r| r.get_mut(col)) else { continue };
                let whole = |n: Number| i128::from(n.units) * 10i128.pow(9 - n.decimals.min(9));
                let value = if behind {
                    Some(a)
                } else if before {
                    Some(b)
                } else {
                    let units = (2 * 10_000 * whole(a) + whole(b)) / (2 * whole(b).max(1));
                    i64::try_from(units).ok().map(|units| Number { units, decimals: 4, percent: false, money: false })
                };
                if let Some(value) = value {
                    typed.lexed.content = Content::Number(value);
                }
            }
        }
    }
    all
}

/// Sets percentages, rates and means apart.
pub(crate) fn kinds(parsed: &mut Parsed) {
    let ratios = ratios(parsed);
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
    for (rows, line) in ratios {
        let heads = if rows { &mut parsed.rows } else { &mut parsed.cols };
        if let Some(head) = heads.get_mut(line) {
            head.kind = Kind::Other;
        }
    }
}
