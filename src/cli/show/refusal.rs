//! Why a release was refused, in plain words: which figures give a cell away, and the cheapest thing to do about it.

use std::collections::{BTreeMap, BTreeSet};

use tabsafe::model::{CellId, Exposure, Relation, Treatment, Verdict};
use tabsafe::pipeline::Outcome;

use super::{CONFIDENTIAL, View, count, summary};

/// What keeps a cell from being hidden.
pub struct Block {
    /// The figures that give it away, in words.
    pub why: String,
    /// The category that binds it to them; none for a total.
    category: Option<Category>,
    /// The tables that it stands in.
    tables: BTreeSet<usize>,
}

/// A category of a variable.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Category {
    variable: String,
    label: String,
    /// Whether there are others than one to merge it with.
    several: bool,
}

/// What came of a refused run, for standard error.
pub fn text(outcome: &Outcome, verbose: bool) -> String {
    let view = View { verbose, ..View::of(outcome) };
    let mut lines = if verbose { vec![CONFIDENTIAL.to_owned()] } else { Vec::new() };
    lines.extend(summary::refused(&view));
    lines.push(String::new());
    lines.join("\n")
}

/// The sum in which a cell is the only figure that is not published, if there is one.
pub fn block(view: &View, cell: CellId) -> Option<Block> {
    let own = view.system.cells.get(cell)?;
    let sums = view.system.relations.iter().filter(|r| r.terms.iter().any(|t| t.0 == cell));
    let relation = sums.into_iter().find(|r| others(r, cell).all(|c| given(view, c)))?;
    let total = relation.terms.first()?.0;
    let zero = |c: CellId| view.system.cells.get(c).is_some_and(|c| c.value == 0);
    let name = |c: CellId| view.system.words(c);
    let tables = own.places.iter().filter(|p| p.shown).map(|p| p.table).collect();
    if total == cell {
        let why = "all its parts stay published, so their sum gives it away".to_owned();
        return Some(Block { why, category: None, tables });
    }
    let why = if others(relation, cell).filter(|&c| c != total).all(zero) {
        format!("the other parts of {} are 0, which is shown, so that total gives it away", name(total))
    } else {
        format!("{} and its other parts stay published", name(total))
    };
    Some(Block { why, category: category(view, cell, total), tables })
}

fn others(relation: &Relation, cell: CellId) -> impl Iterator<Item = CellId> + '_ {
    relation.terms.iter().map(|t| t.0).filter(move |&c| c != cell)
}

/// Whether everybody sees the figure.
fn given(view: &View, cell: CellId) -> bool {
    let shown = view.system.cells.get(cell).is_some_and(|c| c.exposure == Exposure::Shown);
    shown && view.protection.treatments.get(cell) == Some(&Treatment::Publish)
}

/// Along which variable a cell is part of a total, and its category there.
fn category(view: &View, cell: CellId, total: CellId) -> Option<Category> {
    let (part, whole) = (&view.system.cells[cell], &view.system.cells[total]);
    part.places.iter().find_map(|p| {
        let w = whole.places.iter().find(|w| w.table == p.table)?;
        let table = view.system.tables.get(p.table)?;
        let (a, b) = (table.entries_at(p.position), table.entries_at(w.position));
        let axis = (0..a.len()).find(|&i| a[i] != b[i])?;
        let axis_of = &table.axes[axis];
        let several = axis_of.entries.iter().filter(|e| !e.total).count() > 2;
        Some(Category { variable: axis_of.label.clone(), label: axis_of.entries[a[axis]].label.clone(), several })
    })
}

/// The cheapest thing that can be done, as far as it is known. What is best for these very cells is confidential.
pub fn next(view: &View) -> Option<String> {
    let redesign = "merge categories (wider bands, pooled years) or leave out a total or a table";
    match view.audit.verdict {
        Verdict::Safe | Verdict::SafeWithExceptions if view.protection.failed.is_empty() => None,
        Verdict::Inconclusive if view.system.narrow.is_some() && !view.protection.limit_reached => Some(format!(
            "count records in place of persons, or make the tables of persons smaller: {redesign}; then run again"
        )),
        Verdict::Inconclusive => Some(format!(
            "allow more time (--time-limit), choose the method \"fast\", or make the tables smaller: {redesign}{}; then \
             run again",
            largest(view).map(|t| format!(" (the largest is {t})")).unwrap_or_default()
        )),
        Verdict::Safe | Verdict::SafeWithExceptions | Verdict::Unsafe => {
            let known = if view.verbose { cells(view) } else { Vec::new() };
            let blocks: Vec<Block> = known.into_iter().filter_map(|c| block(view, c)).collect();
            let steps = [merge(&blocks), leave_out(view, &blocks)].into_iter().flatten().collect::<Vec<_>>();
            let first = if steps.is_empty() { redesign.to_owned() } else { steps.join("; or ") };
            if view.header.noise {
                return Some(format!("more noise ([perturb] of the policy); or {first}; then run again"));
            }
            if view.header.replaced.is_some() {
                return Some(format!(
                    "a larger base, or another method of [round] in the policy (`tabsafe explain controlled-rounding`); \
                     or {first}; then run again"
                ));
            }
            Some(format!(
                "{first}; then run again. A policy that keeps totals or other cells, or shows all zeros, may leave no \
                 way to protect a cell"
            ))
        }
    }
}

/// Every cell that can be worked out or that could not be protected.
pub fn cells(view: &View) -> Vec<CellId> {
    let leaks = view.audit.leaks.iter().map(|l| l.cell);
    let mut cells: Vec<CellId> = leaks.chain(view.protection.failed.iter().map(|f| f.0)).collect();
    let mut seen = BTreeSet::new();
    cells.retain(|c| seen.insert(*c));
    cells
}

/// The category that most of the cells share, to be merged with another.
fn merge(blocks: &[Block]) -> Option<String> {
    let mut found: BTreeMap<&Category, usize> = BTreeMap::new();
    blocks.iter().filter_map(|b| b.category.as_ref()).for_each(|c| *found.entry(c).or_default() += 1);
    let (category, n) = found.into_iter().max_by(|a, b| (a.1, b.0).cmp(&(b.1, a.0)))?;
    let Category { variable, label, several } = category;
    let helps = if blocks.len() > 1 { format!(" (it has {n} of the {} cells)", blocks.len()) } else { String::new() };
    Some(match several {
        true => format!("merge \"{label}\" with another category of {variable}{helps}"),
        // merged, two categories are their total
        false => format!("leave {variable}, which has two categories, out of the table"),
    })
}

/// The table that all of the cells stand in and no other.
fn leave_out(view: &View, blocks: &[Block]) -> Option<String> {
    if view.system.tables.len() < 2 {
        return None;
    }
    let first = blocks.first()?;
    let only = *first.tables.first()?;
    let alone = blocks.iter().all(|b| b.tables.len() == 1 && b.tables.contains(&only));
    let table = view.system.tables.get(only)?;
    alone.then(|| format!("leave out {}: none of these cells stands in another table", table.title))
}

/// The table with the most cells.
fn largest(view: &View) -> Option<String> {
    let table = view.system.tables.iter().max_by_key(|t| t.len())?;
    Some(format!("{}, {}", table.title, count(table.len(), "cell")))
}
