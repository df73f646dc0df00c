//! JJ: the table as a cell suppression instance. It holds every true value.

use std::fmt::Write as _;

use crate::model::{Measure, Table, Treatment, scaled};

use super::Written;

/// Writes a table as an instance, its relations from its own totals.
pub(super) fn write(written: &Written, table: &Table) -> String {
    let decimals = written.system.measures.get(table.measure).map_or(0, Measure::decimals);
    let number = |value: i64| scaled(value, decimals);
    let cell = |position: usize| {
        let id = written.system.grids.get(written.table).and_then(|g| g.get(position).copied().flatten());
        id.and_then(|id| Some((id, written.system.cells.get(id)?)))
    };
    let most = (0..table.len()).filter_map(cell).map(|(_, c)| c.value).max().unwrap_or(0);
    // what tau-ARGUS takes every intruder to know: no cell is larger than one and a half times the largest
    let bound = most.saturating_add(most / 2).max(1);
    let levels = written.decided.levels();
    let mut text = format!("0\n{}\n", table.len());
    for position in 0..table.len() {
        let Some((id, c)) = cell(position) else {
            let _ = writeln!(text, "{position} 0 1 z 0 0 0 0 0");
            continue;
        };
        let treatment = written.protection.treatments.get(id).copied().unwrap_or(Treatment::Publish);
        let unsafe_ = written.decided.findings.binary_search_by_key(&id, |f| f.cell).is_ok();
        let status = match treatment {
            _ if unsafe_ => "u",
            Treatment::Withhold { .. } => "m",
            _ if written.decided.fixed.contains(&id) || c.value == 0 => "z",
            _ => "s",
        };
        let own = written.decided.costs.as_ref().and_then(|costs| costs.get(id).copied());
        let (lower, upper) = levels.get(&id).copied().unwrap_or((0, 0));
        // an unsafe cell without a range must move by the least amount there is
        let (lower, upper) = if unsafe_ { (lower.min(c.value), upper.max(1)) } else { (0, 0) };
        let _ = writeln!(
            text,
            "{position} {} {} {status} 0 {} {} {} 0",
            number(c.value),
            number(own.unwrap_or(c.value).max(1)),
            number(bound.max(c.value.saturating_add(upper))),
            number(lower),
            number(upper),
        );
    }
    let relations = relations(table);
    let _ = writeln!(text, "{}", relations.len());
    for (total, parts) in relations {
        let _ = write!(text, "0 {} : {total} (-1)", parts.len() + 1);
        parts.iter().for_each(|part| text.push_str(&format!(" {part} (1)")));
        text.push('\n');
    }
    text
}

/// Every total and subtotal with what stands directly below it, along each variable.
fn relations(table: &Table) -> Vec<(usize, Vec<usize>)> {
    let mut all = Vec::new();
    for (a, axis) in table.axes.iter().enumerate() {
        let stride: usize = table.axes.iter().skip(a + 1).map(|b| b.entries.len()).product();
        for (e, entry) in axis.entries.iter().enumerate().filter(|(_, e)| e.total) {
            let below = |at: &usize| axis.entries.get(*at).map_or(0, |o| o.level);
            let children: Vec<usize> = match entry.level {
                0 => (0..axis.entries.len()).filter(|at| below(at) == 1).collect(),
                level => ((e + 1)..axis.entries.len())
                    .take_while(|at| below(at) > level)
                    .filter(|at| below(at) == level + 1)
                    .collect(),
            };
            for position in (0..table.len()).filter(|p| p / stride % axis.entries.len() == e) {
                let origin = position - e * stride;
                all.push((position, children.iter().map(|child| origin + child * stride).collect()));
            }
        }
    }
    all
}
