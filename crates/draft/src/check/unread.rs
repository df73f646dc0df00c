//! Cells among counts that are no counts as they stand: negative numbers, numbers that stand for something missing, and words
//! with numbers that were not read. None of them is passed over.

use std::collections::BTreeMap;

use super::codes::{INCONSISTENT, NOT_UNDERSTOOD, UNKNOWN_MARKER};
use super::figures::{Figures, Signs};
use super::findings::{Finding, Spot};
use super::ledger::is_reference;
use super::lexicon::{Content, key};
use super::reading::Reading;
use super::table::Kind;
use super::worded::holds_number;
use super::words::{is_change, is_common_sign};

/// Numbers that data sets write for what is missing.
const MISSING: &[i64] = &[-99, -999, -9999, -99_999, -98, -97, -88, -888, -8888, -77, -777];

/// The findings about such cells; `spot` says where one stands by its table, row and column.
pub(crate) fn found(reading: &Reading, signs: &Signs, spot: &dyn Fn(usize, (usize, usize)) -> Spot) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (t, table) in reading.tables.iter().enumerate() {
        let at = |p: &(usize, usize)| spot(t, *p);
        negative(table, &at, &mut findings);
        sentinels(table, &at, &mut findings);
        worded(table, signs, &at, &mut findings);
    }
    findings
}

/// Every count of a table: where, and how much.
fn numbers(table: &Figures) -> Vec<((usize, usize), i64)> {
    let number = |(row, col, _): &(usize, usize, Vec<usize>)| {
        let typed = table.parsed.cell(*row, *col)?;
        let Content::Number(n) = typed.lexed.content else { return None };
        (n.decimals == 0 && !n.percent && !n.money).then_some(((*row, *col), n.units))
    };
    table.cells().iter().filter_map(number).collect()
}

/// Whether the labels of a cell say that it is a change, which may be negative.
fn changes(table: &Figures, (row, col): (usize, usize)) -> bool {
    let heads = [table.parsed.rows.get(row), table.parsed.cols.get(col)];
    heads.into_iter().flatten().flat_map(|h| &h.path).any(|l| is_change(&key(l)))
}

fn negative(table: &Figures, spot: &dyn Fn(&(usize, usize)) -> Spot, findings: &mut Vec<Finding>) {
    let mut by_value: BTreeMap<i64, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, value) in numbers(table).into_iter().filter(|(at, v)| *v < 0 && !changes(table, *at)) {
        by_value.entry(value).or_default().push(at);
    }
    for (value, places) in by_value {
        let spots: Vec<Spot> = places.iter().map(spot).collect();
        if MISSING.contains(&value) || (-9..0).contains(&value) && places.len() > 1 {
            findings.push(asked(value, spots));
            continue;
        }
        let slip = value.unsigned_abs();
        findings.push(Finding {
            spots,
            help: Some(format!(
                "correct it; if it stands for something that is missing or withheld, say so with --marker '{value}=withheld'; if it is a change, its label should say so"
            )),
            ..Finding::plain(
                &INCONSISTENT,
                format!("a count can't be negative: {value}; if the sign is a slip, {slip} is printed and judged as a count"),
            )
        });
    }
}

/// A number that stands for something else than a count.
fn asked(value: i64, spots: Vec<Spot>) -> Finding {
    let times = if spots.len() == 1 { "stands once".to_owned() } else { format!("stands {} times", spots.len()) };
    let why = if value < 0 { "a count can't be negative" } else { "no other figure is nearly as large" };
    Finding {
        spots,
        help: Some(format!(
            "say what it means: --marker '{value}=withheld', --marker '{value}=not-available', or a range such as --marker '{value}=1-4'"
        )),
        ..Finding::plain(
            &UNKNOWN_MARKER,
            format!("`{value}` {times}, and nothing says what it means; {why}, so it is taken for a sign"),
        )
    }
}

/// 9999 among small counts.
fn sentinels(table: &Figures, spot: &dyn Fn(&(usize, usize)) -> Spot, findings: &mut Vec<Finding>) {
    let numbers = numbers(table);
    let nines = |v: i64| v > 99 && v.to_string().bytes().all(|b| b == b'9');
    let other = numbers.iter().map(|n| n.1).filter(|v| !nines(*v)).max();
    let mut by_value: BTreeMap<i64, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, value) in numbers.iter().filter(|n| nines(n.1)) {
        by_value.entry(*value).or_default().push(*at);
    }
    for (value, places) in by_value {
        if other.is_some_and(|o| value / 10 > o) || places.len() > 1 && other.is_some_and(|o| value > o) {
            findings.push(asked(value, places.iter().map(spot).collect()));
        }
    }
}

/// Cells with words and numbers that say no single count.
fn worded(table: &Figures, signs: &Signs, spot: &dyn Fn(&(usize, usize)) -> Spot, findings: &mut Vec<Finding>) {
    let mut texts: Vec<String> = Vec::new();
    let mut spots = Vec::new();
    for (row, col, _) in table.cells() {
        let Some(typed) = table.parsed.cell(row, col) else { continue };
        if table.parsed.kind(row, col) == Kind::Count && is_unread(&typed.lexed.content, signs) {
            spots.push(spot(&(row, col)));
            if !texts.contains(&typed.text) && texts.len() < 3 {
                texts.push(typed.text.clone());
            }
        }
    }
    if spots.is_empty() {
        return;
    }
    let quoted: Vec<String> = texts.iter().map(|t| format!("\"{}\"", t.chars().take(40).collect::<String>())).collect();
    let many = if spots.len() == 1 { "a cell holds".to_owned() } else { format!("{} cells hold", spots.len()) };
    findings.push(Finding {
        spots,
        help: Some("write one figure in each cell, and what it counts in the labels".to_owned()),
        ..Finding::plain(&NOT_UNDERSTOOD, format!("{many} numbers that were not read: {}", quoted.join(", ")))
    });
}

/// Whether a cell holds a number that is no figure, and no sign that somebody declared.
pub(crate) fn is_unread(content: &Content, signs: &Signs) -> bool {
    let Content::Sign(text) = content else { return false };
    // "Head of Service, tel. 01632 960001"
    let contact = || text.split(' ').count() > 2 && is_reference(text);
    !signs.declares(text) && !is_common_sign(text) && holds_number(text) && !contact()
}
