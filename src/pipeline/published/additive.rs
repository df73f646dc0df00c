//! Figures that contradict each other: which, where, and by how much. All of it is published already.

use std::collections::HashMap;

use crate::attack::{Contradiction, Observation};
use crate::model::{CellId, Interval, Relation, System, scaled};
use crate::read::{Error, PublishedCell, PublishedTable};

/// Totals that are told one by one.
const TOLD: usize = 10;

/// Refuses totals that their parts can't add up to.
///
/// # Errors
/// The first ten of them: line, cell, and by how much.
pub(super) fn check(
    system: &System,
    seen: &[Observation],
    lines: &HashMap<CellId, u64>,
    table: &PublishedTable,
) -> Result<(), Error> {
    let mut faults: Vec<(u64, String)> =
        system.relations.iter().filter_map(|r| fault(system, seen, r, lines, table.decimals)).collect();
    faults.sort();
    faults.dedup();
    let mut message = match faults.len() {
        0 => return Ok(()),
        1 => format!("{}: a total is not the sum of its parts", table.file),
        n => format!("{}: {n} totals are not the sum of their parts", table.file),
    };
    for (line, words) in faults.iter().take(TOLD) {
        message.push_str(&format!("\n  line {line}: {words}"));
    }
    if faults.len() > TOLD {
        message.push_str(&format!("\n  and {} more", faults.len() - TOLD));
    }
    Err(Error::data(message).with_help(
        "is the table rounded, or are codes of totals among its categories? --total says which code a total has, \
         --hierarchy which codes are subtotals",
    ))
}

/// What is wrong with one relation, and the line of its total.
fn fault(
    system: &System,
    seen: &[Observation],
    relation: &Relation,
    lines: &HashMap<CellId, u64>,
    decimals: u32,
) -> Option<(u64, String)> {
    let ((total, _), parts) = relation.terms.split_first()?;
    let whole = seen[*total].domain();
    let sum = |end: fn(Interval) -> Option<i64>| -> Option<i64> {
        parts.iter().try_fold(0i64, |sum, p| Some(sum.saturating_add(end(seen[p.0].domain())?)))
    };
    let (least, most) = (sum(|i| i.lo), sum(|i| i.hi));
    let show = |value: i64| scaled(value, decimals);
    let by = along(system, *total, parts.first()?.0).map(|v| format!(" by {v}")).unwrap_or_default();
    let cell = system.words(*total);
    let what = match (whole.lo, whole.hi, least, most) {
        (Some(t), Some(hi), Some(l), Some(m)) if t == hi && l == m && l != t => {
            let off = if l > t { "more" } else { "less" };
            format!(
                "{cell}: its parts{by} add up to {}, {} {off} than the {} that stand there",
                show(l),
                show(l.saturating_sub(t).saturating_abs()),
                show(t)
            )
        }
        (_, Some(hi), Some(l), _) if l > hi => {
            format!(
                "{cell}: its parts{by} add up to at least {}, {} more than the {} that stand there",
                show(l),
                show(l.saturating_sub(hi)),
                show(hi)
            )
        }
        (Some(lo), _, _, Some(m)) if m < lo => {
            format!(
                "{cell}: its parts{by} add up to at most {}, {} less than the {} that stand there",
                show(m),
                show(lo.saturating_sub(m)),
                show(lo)
            )
        }
        _ => return None,
    };
    let own = lines.get(total).or_else(|| parts.iter().find_map(|p| lines.get(&p.0)));
    Some((own.copied().unwrap_or(0), what))
}

/// The variable along which a total is split into its parts.
fn along(system: &System, total: CellId, part: CellId) -> Option<&str> {
    let (whole, part) = (&system.cells[total], &system.cells[part]);
    whole.places.iter().find_map(|w| {
        let p = part.places.iter().find(|p| p.table == w.table)?;
        let table = &system.tables[w.table];
        let (a, b) = (table.entries_at(w.position), table.entries_at(p.position));
        let differ: Vec<usize> = (0..a.len()).filter(|&i| a[i] != b[i]).collect();
        match differ.as_slice() {
            [only] => Some(table.axes[*only].label.as_str()),
            _ => None,
        }
    })
}

/// Two lines that are one cell and differ: a category that is all of its total.
pub(super) fn same_cell(table: &PublishedTable, before: u64, cell: &PublishedCell) -> Error {
    let codes = cell.codes.join(", ");
    Error::data(format!("{}:{}: {codes} differs from line {before}, which is the same cell", table.file, cell.line))
        .with_help("a category that is the only one of its total has the total's value")
}

/// A contradiction that only shows when several totals are taken together.
pub(super) fn contradiction(
    system: &System,
    found: Contradiction,
    lines: &HashMap<CellId, u64>,
    table: &PublishedTable,
) -> Error {
    let relation = system.relations.get(found.relation);
    let total = relation.and_then(|r| r.terms.first()).map(|t| t.0);
    let words = total.map(|t| system.words(t)).unwrap_or_default();
    let place = total.and_then(|t| lines.get(&t)).map(|line| format!(":{line}")).unwrap_or_default();
    Error::data(format!(
        "{}{place}: {words}: no values fit this total and its parts, together with the other totals",
        table.file
    ))
    .with_help("a total, a part or a sign is wrong: --marker says what signs stand for, --attacker zeros-published=false that 0 can be withheld")
}
