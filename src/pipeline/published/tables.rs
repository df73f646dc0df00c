//! Which tables a file holds, and the system they make.
//!
//! A variable that a table does not use stands at its total. So the variables that a line does not sum up are those of
//! a table, or some of them; the tables are the largest such sets.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::link::{Details, link};
use crate::model::{Axis, CellId, Dimension, Entry, Exposure, Groups, LeafSet, Measure, Role, Space, System, Table};
use crate::read::{Error, PublishedTable};
use crate::spec::{Level, mistaken_for_total};

use super::PublishedVariable;

/// The system of all tables of a file.
///
/// # Errors
/// A code that the hierarchy does not have.
pub(super) fn system(variables: &[PublishedVariable], table: &PublishedTable) -> Result<System, Error> {
    let (space, axes) = axes(variables, table)?;
    let tables = patterns(variables, table).into_iter().enumerate();
    let tables = tables.map(|(i, used)| Table {
        id: (i + 1).to_string(),
        title: String::new(),
        measure: 0,
        axes: used.iter().map(|&v| axes[v].clone()).collect(),
        scope: Vec::new(),
        scope_name: String::new(),
        notes: Vec::new(),
    });
    let groups = Groups { leaf: vec![Vec::new(); space.dims.len()], ..Groups::default() };
    Ok(link(space, vec![Measure::Records], tables.collect(), &groups, Details::default()))
}

/// Refuses tables of which no line is a total: with nothing to add up, nothing could be worked out, and all would seem
/// safe. Where nobody named the code of totals and nothing is withheld, or every code is placed by a hierarchy, nothing
/// depends on it.
///
/// # Errors
/// A code of the total that stands in no line.
pub(super) fn expect_total(variables: &[PublishedVariable], table: &PublishedTable) -> Result<(), Error> {
    let stands = table.cells.iter().any(|cell| (0..variables.len()).any(|v| is_total(variables, &cell.codes, v)));
    let placed = variables.iter().all(|v| v.levels.is_some());
    let guessed = variables.iter().all(|v| v.total.guessed);
    if stands || (guessed && (placed || table.cells.iter().all(|cell| cell.content.is_ok()))) {
        return Ok(());
    }
    let mut codes: Vec<String> = variables.iter().map(|v| format!("\"{}\"", v.total.code)).collect();
    codes.dedup();
    Err(Error::usage(format!("{}: no line has the code {} of a total", table.file, codes.join(" or "))).with_help(
        "say what the table calls its totals: --total CODE; without totals nothing follows from the figures",
    ))
}

/// Whether a line sums up a variable.
fn is_total(variables: &[PublishedVariable], codes: &[String], v: usize) -> bool {
    codes[v] == variables[v].total.code
}

/// The cell of each line.
///
/// # Errors
/// None that input can cause: every line is part of a table by the way the tables are found.
pub(super) fn locate(
    system: &System,
    variables: &[PublishedVariable],
    table: &PublishedTable,
) -> Result<Vec<CellId>, Error> {
    // the dimension of an axis is the number of its variable
    let mut numbers: Vec<HashMap<&str, usize>> = vec![HashMap::new(); variables.len()];
    for axis in system.tables.iter().flat_map(|t| &t.axes) {
        numbers[axis.dim] = axis.entries.iter().enumerate().map(|(i, e)| (e.code.as_str(), i)).collect();
    }
    let find = |codes: &[String]| {
        let used: Vec<usize> = (0..variables.len()).filter(|&v| !is_total(variables, codes, v)).collect();
        let holds = |t: &Table| used.iter().all(|v| t.axes.iter().any(|a| a.dim == *v));
        let t = system.tables.iter().position(holds)?;
        let at = system.tables[t].axes.iter().map(|a| numbers[a.dim].get(codes[a.dim].as_str()).copied());
        system.cell_at(t, &at.collect::<Option<Vec<usize>>>()?)
    };
    (table.cells.iter())
        .map(|cell| {
            find(&cell.codes)
                .ok_or_else(|| Error::internal(format!("{}:{}: a cell of no table", table.file, cell.line)))
        })
        .collect()
}

/// Whether a cell of the tables should be in the file: not a total of a variable that is never summed up.
pub(super) fn expected(system: &System, cell: CellId, without_total: &[usize]) -> bool {
    let cell = &system.cells[cell];
    cell.exposure == Exposure::Shown
        && cell.places.iter().all(|p| {
            let table = &system.tables[p.table];
            let at = table.entries_at(p.position);
            table.axes.iter().zip(at).all(|(axis, e)| axis.entries[e].level > 0 || !without_total.contains(&axis.dim))
        })
}

/// The variables of each table: the largest sets of variables that some line does not sum up.
fn patterns(variables: &[PublishedVariable], table: &PublishedTable) -> Vec<Vec<usize>> {
    let used = |codes: &[String]| {
        (0..variables.len()).filter(|&v| !is_total(variables, codes, v)).collect::<BTreeSet<usize>>()
    };
    let mut found: Vec<BTreeSet<usize>> =
        table.cells.iter().map(|c| used(&c.codes)).collect::<BTreeSet<_>>().into_iter().collect();
    found.sort_by_key(|p| std::cmp::Reverse(p.len()));
    let mut largest: Vec<BTreeSet<usize>> = Vec::new();
    for pattern in found.into_iter().filter(|p| !p.is_empty()) {
        if !largest.iter().any(|l| pattern.is_subset(l)) {
            largest.push(pattern);
        }
    }
    if largest.is_empty() {
        largest.push((0..variables.len()).collect());
    }
    largest.into_iter().map(|p| p.into_iter().collect()).collect()
}

/// One dimension and axis per variable.
fn axes(variables: &[PublishedVariable], table: &PublishedTable) -> Result<(Space, Vec<Axis>), Error> {
    let mut space = Space::default();
    let mut axes = Vec::new();
    for (v, variable) in variables.iter().enumerate() {
        let total = variable.total.code.as_str();
        let mut codes: Vec<&str> = Vec::new();
        let mut seen = HashMap::new();
        for cell in &table.cells {
            let code = cell.codes[v].as_str();
            if code != total && !seen.contains_key(code) {
                seen.insert(code, cell.line);
                codes.push(code);
            }
        }
        // taken for a category, a total would hide nothing and give nothing away
        let guessed = variable.total.guessed && !table.cells.iter().any(|c| c.codes[v] == total);
        if let Some(code) = codes.iter().find(|code| mistaken_for_total(code, total, guessed)) {
            let line = seen.get(code).copied().unwrap_or(0);
            return Err(Error::usage(format!(
                "{}:{line}: \"{code}\" of {} looks like the code of a total, which is \"{total}\"",
                table.file, variable.name
            ))
            .with_help(format!(
                "say which it is: --total {name}={code}, or --total {name}={total} if \"{code}\" is a category",
                name = variable.name
            )));
        }
        let mut entries = match &variable.levels {
            Some(levels) => hierarchy_entries(levels),
            None => (codes.iter().enumerate()).map(|(i, c)| entry(c, 1, vec![i as u32], false)).collect(),
        };
        let known: BTreeSet<&str> = entries.iter().map(|e| e.code.as_str()).collect();
        if known.contains(total) {
            return Err(Error::usage(format!(
                "the hierarchy of {} holds the code of the total, \"{total}\"",
                variable.name
            ))
            .with_help("leave it out there, or give the totals another code: --total VAR=CODE"));
        }
        if let Some(code) = codes.iter().find(|c| !known.contains(**c)) {
            let line = seen.get(code).copied().unwrap_or(0);
            return Err(Error::data(format!("{}:{line}: \"{code}\" is no code of {}", table.file, variable.name))
                .with_help("add it to the hierarchy, or say which code is the total with --total"));
        }
        let leaves = entries.iter().flat_map(|e| e.leaves.iter()).max().map_or(1, |m| m + 1);
        entries.push(entry(total, 0, (0..leaves).collect(), true));
        axes.push(Axis {
            variable: variable.name.clone(),
            label: variable.name.clone(),
            role: Role::Row,
            dim: v,
            entries,
            sensitive: false.into(),
        });
        space.dims.push(Dimension::new(variable.name.clone(), leaves));
    }
    Ok((space, axes))
}

fn entry(code: &str, level: u32, leaves: LeafSet, total: bool) -> Entry {
    Entry { code: code.to_owned(), label: code.to_owned(), note: None, leaves, level, total, shown: true }
}

/// Codes of a hierarchy; a code without children is a leaf.
pub(super) fn hierarchy_entries(levels: &[Level]) -> Vec<Entry> {
    let is_leaf = |i: usize| levels.get(i + 1).is_none_or(|next| next.depth <= levels[i].depth);
    let mut number = BTreeMap::new();
    (0..levels.len()).filter(|&i| is_leaf(i)).enumerate().for_each(|(n, i)| {
        number.insert(i, n as u32);
    });
    (0..levels.len())
        .map(|i| {
            let below = (i + 1..levels.len()).take_while(|&j| levels[j].depth > levels[i].depth);
            let leaves = std::iter::once(i).chain(below).filter_map(|j| number.get(&j).copied()).collect();
            entry(&levels[i].code, levels[i].depth, leaves, !is_leaf(i))
        })
        .collect()
}
