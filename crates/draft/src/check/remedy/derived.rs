//! Figures beside the counts that are worked out from them, and that nothing else explains: a rate, a mean or a share of a
//! count that is withheld or rounded would give it away.

use super::super::driver::Check;
use super::super::figures::Figures;
use super::super::lexicon::{Content, key};
use super::super::shares::beside;
use super::super::table::{Kind, Parsed};

/// Words of lines that are worked out from counts.
const WORDS: &[&str] = &[
    "rate",
    "rates",
    "mean",
    "average",
    "avg",
    "median",
    "ratio",
    "per",
    "pct",
    "percent",
    "percentage",
    "share",
    "shares",
    "proportion",
    "index",
    "cent",
];

/// Words of lines that are parts of a whole: each of them tells something of all others.
const SHARES: &[&str] = &["pct", "percent", "percentage", "share", "shares", "proportion", "cent"];

/// Words of means.
const MEANS: &[&str] = &["mean", "average", "avg", "median"];

/// A line of such figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// It is a row, not a column.
    rows: bool,
    /// Which one.
    line: usize,
    /// Its figures are parts of a whole.
    share: bool,
    /// Its figures are means of something that need be no count.
    pub mean: bool,
}

/// The lines of a table that are worked out from its counts.
pub(crate) fn lines(parsed: &Parsed) -> Vec<Line> {
    let mut found = Vec::new();
    for rows in [false, true] {
        let heads = if rows { &parsed.rows } else { &parsed.cols };
        let across = if rows { parsed.cols.len() } else { parsed.rows.len() };
        for (line, head) in heads.iter().enumerate().filter(|(_, h)| h.kind == Kind::Other) {
            let label = key(&head.path.join(" ")).replace('%', " pct ");
            let words: Vec<&str> = label.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
            let says = |list: &[&str]| words.iter().any(|w| list.contains(w));
            let numbers = (0..across).filter_map(|a| {
                let (row, col) = if rows { (line, a) } else { (a, line) };
                match parsed.cell(row, col)?.lexed.content {
                    Content::Number(n) => Some(n),
                    _ => None,
                }
            });
            let (mut fraction, mut percent) = (false, false);
            for n in numbers.filter(|n| !n.money) {
                fraction |= n.decimals > 0;
                percent |= n.percent;
            }
            if says(WORDS) || fraction || percent {
                found.push(Line {
                    rows,
                    line,
                    share: percent || says(SHARES),
                    mean: says(MEANS) || !says(WORDS) && !percent,
                });
            }
        }
    }
    found
}

/// Rows and columns of a table whose figures tell something of a count at a place, and are not looked at otherwise.
pub(crate) fn telling(
    check: &Check,
    figures: &Figures,
    lines: &[Line],
    (row, col): (usize, usize),
) -> Vec<(usize, usize)> {
    let parsed = &figures.parsed;
    let mut found = Vec::new();
    for line in lines {
        let across = if line.rows { parsed.cols.len() } else { parsed.rows.len() };
        let own = if line.rows { col } else { row };
        let all = if line.share { 0..across } else { own..own + 1 };
        found.extend(all.map(|a| if line.rows { (line.line, a) } else { (a, line.line) }));
    }
    found.retain(|&at| is_number(parsed, at) && !explained(check, figures, at));
    found
}

/// Every figure of a table that is worked out from its counts: rates, means, shares and changes.
pub(super) fn every(figures: &Figures) -> Vec<(usize, usize)> {
    let parsed = &figures.parsed;
    let mut all: Vec<(bool, usize)> = lines(parsed).iter().map(|l| (l.rows, l.line)).collect();
    all.extend(parsed.changes.iter().map(|c| (c.rows, c.line)));
    let places = |(rows, line): (bool, usize)| {
        let across = if rows { parsed.cols.len() } else { parsed.rows.len() };
        (0..across).map(move |a| if rows { (line, a) } else { (a, line) })
    };
    let text =
        |at: &(usize, usize)| parsed.cell(at.0, at.1).is_some_and(|c| c.text.bytes().any(|b| b.is_ascii_digit()));
    all.into_iter().flat_map(places).filter(text).collect()
}

fn is_number(parsed: &Parsed, (row, col): (usize, usize)) -> bool {
    parsed.cell(row, col).is_some_and(|c| matches!(c.lexed.content, Content::Number(_)))
}

/// Whether what a figure tells is known: a rate that was found out, a change, a percentage beside its count.
fn explained(check: &Check, figures: &Figures, at: (usize, usize)) -> bool {
    let parsed = &figures.parsed;
    let place = parsed.rows.get(at.0).zip(parsed.cols.get(at.1)).map(|(r, c)| (r.at, c.at));
    let used = check.rates.iter().any(|u| u.block == parsed.block && Some(u.at) == place);
    let change = parsed.changes.iter().any(|c| c.line == if c.rows { at.0 } else { at.1 });
    used || change || parsed.kind(at.0, at.1) == Kind::Percent && beside(parsed).values().flatten().any(|p| *p == at)
}
