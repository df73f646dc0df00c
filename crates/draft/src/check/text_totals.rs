//! Totals that a caption or sentence tells: whose they are.

use std::collections::{HashMap, HashSet};

use crate::attack::{Attack, Public};
use crate::model::{CellId, Interval, Relation};
use crate::solve::Solver;

use super::blocks::Pages;
use super::codes::INCONSISTENT;
use super::findings::{Finding, Spot};
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
    let mut draft: Option<Places> = None;
    for (number, line) in pages.lines.iter().enumerate() {
        let Some(value) = total_in(line).filter(|_| !solver.stopped()) else { continue };
        let place = place(pages, number);
        let draft = draft.get_or_insert_with(|| Places::new(reading, pages));
        match whose(reading, pages, draft, (number, value), solver) {
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

/// Where things stand in a draft.
struct Places {
    /// Per line, the tables beside it.
    beside: HashMap<usize, Vec<usize>>,
    /// Printed figures.
    printed: HashSet<i64>,
    /// The cases of each total.
    totals: HashMap<i64, usize>,
    /// Per cell, the relations that it is in.
    users: Vec<Vec<usize>>,
}

impl Places {
    fn new(reading: &Reading, pages: &Pages) -> Places {
        let mut beside: HashMap<usize, Vec<usize>> = HashMap::new();
        for (t, figures) in reading.tables.iter().enumerate() {
            let Some(block) = pages.blocks.get(figures.parsed.block) else { continue };
            for &line in block.before.iter().chain(&block.after) {
                let tables = beside.entry(line).or_default();
                if tables.last() != Some(&t) {
                    tables.push(t);
                }
            }
        }
        let mut totals = HashMap::new();
        for (cases, total) in reading.cases.iter().enumerate().filter_map(|(n, c)| Some((n, c.total()?))) {
            totals.entry(total).or_insert(cases);
        }
        let public = &reading.known.public;
        let mut users = vec![Vec::new(); public.domain.len()];
        for (r, relation) in public.relations.iter().enumerate() {
            for &(c, _) in &relation.terms {
                users.get_mut(c).into_iter().for_each(|u: &mut Vec<usize>| u.push(r));
            }
        }
        Places { beside, printed: reading.known.seen.iter().filter_map(|s| s.printed).collect(), totals, users }
    }

    /// Whether whole numbers fit where a cell has this value. Only what hangs together with it through figures that are not
    /// known is looked at: the rest is as it was.
    fn fits(&self, public: &Public, cell: CellId, value: i64, solver: &dyn Solver) -> bool {
        let mut numbers: HashMap<CellId, usize> = HashMap::from([(cell, 0)]);
        let mut own = Public { domain: vec![Interval::exactly(value)], relations: Vec::new() };
        let (mut todo, mut taken) = (vec![cell], HashSet::new());
        while let Some(at) = todo.pop() {
            for &r in self.users.get(at).into_iter().flatten() {
                let Some(relation) = public.relations.get(r).filter(|_| taken.insert(r)) else { continue };
                let mut terms = Vec::with_capacity(relation.terms.len());
                for &(c, k) in &relation.terms {
                    let domain = public.domain.get(c).copied().unwrap_or(Interval::ALL);
                    let next = own.domain.len();
                    let number = *numbers.entry(c).or_insert(next);
                    if number == next {
                        own.domain.push(domain);
                        todo.extend(domain.value().is_none().then_some(c));
                    }
                    terms.push((number, k));
                }
                own.relations.push(Relation { terms, constant: relation.constant });
            }
        }
        let name = |_: CellId| String::new();
        Attack::new(solver, &name).some_table(&own).is_ok_and(|t| t.is_some())
    }
}

fn whose(
    reading: &Reading,
    pages: &Pages,
    draft: &Places,
    (number, value): (usize, i64),
    solver: &dyn Solver,
) -> Total {
    let beside: &[usize] = draft.beside.get(&number).map_or(&[], Vec::as_slice);
    for &t in beside {
        let Some(cell) = whole(reading, t) else { continue };
        let known = reading.known.domain(cell);
        if known.value().is_none() && known.contains(value) {
            // parts that are all printed say what the total is
            if draft.fits(&reading.known.public, cell, value, solver) {
                return Total::Taken(cell, t);
            }
        }
    }
    if let Some(&cases) = draft.totals.get(&value) {
        return Total::Printed(cases);
    }
    let printed_somewhere = draft.printed.contains(&value);
    let caption = pages.lines.get(number).is_some_and(|l| l.text.split(' ').count() <= 8);
    match beside.first() {
        Some(&t) if caption && !printed_somewhere => Total::Contradicts(t),
        _ => Total::Other,
    }
}

/// The cell of all cases of a table.
fn whole(reading: &Reading, table: usize) -> Option<CellId> {
    let axes = &reading.bound.system.tables.get(table)?.axes;
    let at: Vec<usize> = axes.iter().map(|a| a.entries.iter().position(|e| e.level == 0)).collect::<Option<_>>()?;
    reading.bound.system.cell_at(table, &at)
}
