//! Help for drafts that contradict themselves in a way that is seldom a slip: rounding that nobody mentions, and ranges that may
//! be 0.

use std::sync::Arc;

use crate::model::Interval;
use crate::round;
use crate::text::Meaning;

use super::codes::{INCONSISTENT, NOT_ADDITIVE};
use super::driver::Check;
use super::figures::{Figures, Signs};
use super::findings::Finding;
use super::infer::fits;
use super::lexicon::Content;
use super::reading::Reading;

/// Bases of rounding in use, the largest first.
const BASES: [i64; 9] = [1000, 500, 100, 50, 25, 20, 10, 5, 3];
/// So many counts say that they are rounded.
const FEWEST: usize = 5;

/// Puts the help that mends all contradictions at once in place of corrections figure by figure.
pub(crate) fn mend(check: &Check, findings: &mut Vec<Finding>) {
    let broken = |f: &Finding| {
        [NOT_ADDITIVE.name, INCONSISTENT.name].contains(&f.code.name) && f.spots.iter().any(|s| s.table.is_some())
    };
    if !findings.iter().any(broken) {
        return;
    }
    let Some(help) = ranges(check).or_else(|| rounding(check)).or_else(|| rounded_line(check, findings)) else {
        return;
    };
    let mut first = true;
    findings.retain_mut(|f| {
        if !broken(f) {
            return true;
        }
        f.help = Some(help.clone());
        std::mem::replace(&mut first, false)
    });
}

/// Whether everything adds up under other signs.
fn adds_up(check: &Check, signs: &Signs) -> bool {
    let reading = Reading::new(&check.pages, signs, check.options.layout);
    reading.adds_up() && fits(&reading, check.options.solver)
}

/// "<5" that may be 0.
fn ranges(check: &Check) -> Option<String> {
    let mut texts: Vec<(String, i64)> = Vec::new();
    for table in &check.reading.tables {
        for (row, col, _) in table.cells() {
            let Some(typed) = table.parsed.cell(row, col) else { continue };
            if let Content::Range(Interval { lo: None, hi: Some(hi) }) = typed.lexed.content
                && !texts.iter().any(|t| t.0 == typed.text)
            {
                texts.push((typed.text.clone(), hi));
            }
        }
    }
    if texts.is_empty() || texts.len() > 8 {
        return None;
    }
    let mut signs = check.signs.clone();
    for (text, hi) in &texts {
        signs.meanings.insert(text.clone(), Meaning::Within(Interval::new(0, *hi)));
    }
    let options: Vec<String> = texts.iter().map(|(text, hi)| format!("--marker '{text}=0-{hi}'")).collect();
    let named: Vec<String> = texts.iter().map(|t| format!("`{}`", t.0)).collect();
    adds_up(check, &signs).then(|| format!("if {} may be 0, say {}", super::assumed::and(&named), options.join(" ")))
}

/// Every count that a table prints in some columns or rows.
fn printed(table: &Figures, only: Option<(bool, usize)>) -> Vec<i64> {
    let number = |(row, col, _): (usize, usize, Vec<usize>)| {
        let wanted = only.is_none_or(|(rows, line)| if rows { row == line } else { col == line });
        match table.parsed.cell(row, col)?.lexed.content {
            Content::Number(n) if wanted => n.count(),
            _ => None,
        }
    };
    table.cells().into_iter().filter_map(number).collect()
}

/// The largest base that all of some counts are multiples of.
fn base_of(counts: &[i64]) -> Option<i64> {
    let some = counts.iter().filter(|n| **n != 0).count() >= FEWEST;
    BASES.into_iter().find(|b| some && counts.iter().all(|n| n % b == 0))
}

/// Counts of the whole draft that are all multiples of a base.
fn rounding(check: &Check) -> Option<String> {
    if check.signs.base.is_some() {
        return None;
    }
    let all: Vec<i64> = check.reading.tables.iter().flat_map(|t| printed(t, None)).collect();
    let largest = base_of(&all)?;
    // rounded to 10 they are multiples of 5 as well: the largest base under which all adds up
    let base = BASES.into_iter().filter(|b| *b <= largest && largest % b == 0).find(|base| {
        let rounding = round::parse_rounding(&format!("conventional(base={base})")).ok().map(Arc::from);
        adds_up(check, &Signs { base: Some(*base), rounding, ..check.signs.clone() })
    })?;
    Some(format!(
        "every count is a multiple of {base}: if they are rounded, say so in the draft (\"Figures are rounded to the nearest {base}.\") or in a layout (rounded-to = {base})"
    ))
}

/// Counts of the columns or rows in which the contradictions stand.
fn rounded_line(check: &Check, findings: &[Finding]) -> Option<String> {
    if check.signs.base.is_some() {
        return None;
    }
    let spots = || findings.iter().flat_map(|f| &f.spots).filter_map(|s| Some((s.table?, s.at?)));
    let table = spots().next().map(|s| s.0)?;
    let figures = check.reading.tables.get(table)?;
    for rows in [false, true] {
        let heads = if rows { &figures.parsed.rows } else { &figures.parsed.cols };
        let at = |s: (usize, (usize, usize))| if rows { s.1.0 } else { s.1.1 };
        let line = heads.iter().position(|h| spots().all(|s| s.0 == table && at(s) == h.at));
        let Some((line, head)) = line.and_then(|l| Some((l, heads.get(l)?))) else { continue };
        if let Some(base) = base_of(&printed(figures, Some((rows, line)))) {
            let kind = if rows { "row" } else { "column" };
            let label = head.path.join(" / ");
            return Some(format!(
                "every count of the {kind} \"{label}\" is a multiple of {base}: if they are rounded, say rounded-to = {base} in a layout, for the draft or under [[tables]] for this table alone; figures beside them that are not rounded go into a table of their own"
            ));
        }
    }
    None
}
