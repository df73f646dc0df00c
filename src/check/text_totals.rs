//! Totals that a caption or sentence tells: whose they are.

use crate::model::{CellId, Interval};
use crate::solve::Solver;

use super::blocks::Pages;
use super::codes::INCONSISTENT;
use super::findings::{Finding, Spot};
use super::infer::fits;
use super::reading::Reading;
use super::text::{Total, total_in};

/// What the totals of the text say.
#[derive(Debug, Default)]
pub(crate) struct TextTotals {
    /// In words.
    pub assumptions: Vec<String>,
    /// Those that contradict the table beside them.
    pub findings: Vec<Finding>,
}

/// Takes the totals of the text into what is known.
pub(crate) fn take(reading: &mut Reading, pages: &Pages, solver: &dyn Solver) -> TextTotals {
    let mut totals = TextTotals::default();
    for (number, line) in pages.lines.iter().enumerate() {
        let Some(value) = total_in(line) else { continue };
        let place = place(pages, number);
        match whose(reading, pages, number, value, solver) {
            Total::Printed(cases) => {
                let tables = reading.cases.get(cases).map(|c| c.name.clone()).unwrap_or_default();
                totals.assumptions.push(format!("the total {value} {place} is that of {tables}"));
            }
            Total::Taken(cell, table) => {
                reading.known.narrow(cell, Interval::exactly(value));
                let name = reading.tables.get(table).map(|t| t.name.clone()).unwrap_or_default();
                totals
                    .assumptions
                    .push(format!("the total {value} {place} is taken for that of {name}, which prints none"));
            }
            Total::Contradicts(table) => {
                let name = reading.tables.get(table).map(|t| t.name.clone()).unwrap_or_default();
                let spot = Spot { file: line.file, place: line.place.clone(), ..Spot::default() };
                totals.findings.push(Finding {
                    spots: vec![spot],
                    help: Some(
                        "correct one of them; if the line is about something else, say so in its words".to_owned(),
                    ),
                    ..Finding::plain(&INCONSISTENT, format!("\"{}\" is not the total of {name}", line.text))
                });
            }
            Total::Other => {
                totals
                    .assumptions
                    .push(format!("the total {value} {place} is taken to be about something else: no table has it"));
            }
        }
    }
    totals
}

/// "of line 3", or the words of the line where the format has no lines.
fn place(pages: &Pages, number: usize) -> String {
    match pages.lines.get(number) {
        Some(line) if line.place.line > 0 => format!("of line {}", line.place.line),
        Some(line) => format!("of \"{}\"", line.text.chars().take(40).collect::<String>()),
        None => String::new(),
    }
}

fn whose(reading: &Reading, pages: &Pages, number: usize, value: i64, solver: &dyn Solver) -> Total {
    let beside: Vec<usize> = (0..reading.tables.len())
        .filter(|&t| {
            let block = reading.tables.get(t).and_then(|t| pages.blocks.get(t.parsed.block));
            block.is_some_and(|b| b.before.contains(&number) || b.after.contains(&number))
        })
        .collect();
    for &t in &beside {
        let Some(cell) = whole(reading, t) else { continue };
        let known = reading.known.domain(cell);
        if known.value().is_none() && known.contains(value) {
            let mut with = reading.known.clone();
            with.narrow(cell, Interval::exactly(value));
            let possible = with.broken().is_empty() && fits_with(&with, solver);
            // parts that are all printed say what the total is
            if possible {
                return Total::Taken(cell, t);
            }
        }
    }
    if let Some(cases) = reading.cases.iter().position(|c| c.total() == Some(value)) {
        return Total::Printed(cases);
    }
    let printed_somewhere = reading.known.seen.iter().any(|s| s.printed == Some(value));
    let caption = pages.lines.get(number).is_some_and(|l| l.text.split(' ').count() <= 8);
    match beside.first() {
        Some(&t) if caption && !printed_somewhere => Total::Contradicts(t),
        _ => Total::Other,
    }
}

fn fits_with(known: &super::knowledge::Knowledge, solver: &dyn Solver) -> bool {
    let reading = Reading { known: known.clone(), ..Reading::default() };
    fits(&reading, solver)
}

/// The cell of all cases of a table.
fn whole(reading: &Reading, table: usize) -> Option<CellId> {
    let axes = &reading.bound.system.tables.get(table)?.axes;
    let at: Vec<usize> = axes.iter().map(|a| a.entries.iter().position(|e| e.level == 0)).collect::<Option<_>>()?;
    reading.bound.system.cell_at(table, &at)
}
