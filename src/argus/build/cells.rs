//! A file of cells as a system of one table. Totals are checked against their parts, or added up anew; how many contribute
//! to a cell, and by how much, is taken from the file.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::argus::batch::{CostBy, Data, Job, TableJob};
use crate::argus::rda::{Rda, Role, Variable};
use crate::argus::tab::{Tab, TabCell};
use crate::argus::tree::Tree;
use crate::link::{Details, link};
use crate::model::{Contributions, Groups, Measure, System};
use crate::read::Error;

use super::{Loaded, MOST, axis, space, table, variable};

/// Totals that a message names.
const NAMED: usize = 10;

/// The system of a file of cells.
pub(super) fn cells(job: &Job, specified: &TableJob, rda: &Rda, tab: &Tab) -> Result<Loaded, Error> {
    let explanatory: Vec<usize> = (0..rda.variables.len())
        .filter(|&at| rda.variables.get(at).is_some_and(|v| v.role == Role::Explanatory))
        .collect();
    let wanted: Result<Vec<usize>, Error> = (specified.variables.iter())
        .map(|name| variable(rda, specified, name, |role| role == Role::Explanatory))
        .collect();
    // the place of each variable of the table among the codes of a cell
    let wanted: Vec<usize> = wanted?.iter().filter_map(|at| explanatory.iter().position(|e| e == at)).collect();
    if wanted.iter().collect::<BTreeSet<_>>().len() != explanatory.len() || wanted.len() != explanatory.len() {
        return Err(Error::usage(format!("{}: the table has all variables of its file, each once", specified.place)));
    }
    if let Some((variable, _)) = specified.recodes.first() {
        return Err(Error::usage(format!("{}: {variable} is recoded, which takes records", specified.place)));
    }
    let variables: Vec<Variable> =
        wanted.iter().filter_map(|&w| rda.variables.get(*explanatory.get(w)?).cloned()).collect();
    let trees: Result<Vec<Tree>, Error> = variables
        .iter()
        .zip(&wanted)
        .map(|(v, &w)| {
            let codes = tab.cells.iter().filter_map(|c| c.codes.get(w));
            Tree::of(v, &codes.filter(|c| !c.eq_ignore_ascii_case(&v.total)).cloned().collect())
        })
        .collect();
    let trees = trees?;
    let counts = counts(rda, specified)?;
    let (measure, groups) = tab_groups(tab, &trees, &wanted, specified, counts)?;
    let axes = trees.iter().enumerate().map(|(dim, tree)| axis(tree, dim, &[])).collect::<Result<Vec<_>, _>>()?;
    let table = table(0, specified, 0, axes);
    let mut system = link(space(&trees), vec![measure], vec![table], &groups, Details::default());
    let given = place(&system, tab, &wanted)?;
    if !job.recompute {
        additive(job, &system, &given, counts, tab.decimals)?;
    }
    contribute(&mut system, &given);
    let costs = tab_costs(specified, &system, &given);
    let shadows = vec![tab_shadow(rda, specified, &system, &given)?];
    Ok(Loaded { system, variables: vec![variables], shadows, given, costs, records: None })
}

/// Whether the table counts contributors, and does not sum an amount.
fn counts(rda: &Rda, table: &TableJob) -> Result<bool, Error> {
    match &table.response {
        None => Ok(true),
        Some(name) => {
            let at = variable(rda, table, name, |role| matches!(role, Role::Numeric | Role::Frequency))?;
            Ok(rda.variables.get(at).is_some_and(|v| v.role == Role::Frequency))
        }
    }
}

/// The value of a cell by what the table holds.
fn value(cell: &TabCell, counts: bool) -> i64 {
    if counts { cell.frequency.unwrap_or(cell.value) } else { cell.value }
}

/// One group per cell that is no total.
fn tab_groups(
    tab: &Tab,
    trees: &[Tree],
    wanted: &[usize],
    job: &TableJob,
    counts: bool,
) -> Result<(Measure, Groups), Error> {
    let leaves: Vec<BTreeMap<&str, u32>> = trees.iter().map(Tree::leaves).collect();
    let mut groups = Groups { leaf: vec![Vec::new(); trees.len()], ..Groups::default() };
    let mut sums = Vec::new();
    for cell in &tab.cells {
        let at: Option<Vec<u32>> =
            wanted.iter().zip(&leaves).map(|(&w, leaves)| leaves.get(cell.codes.get(w)?.as_str()).copied()).collect();
        let Some(at) = at else { continue };
        groups.leaf.iter_mut().zip(at).for_each(|(column, leaf)| column.push(leaf));
        groups.records.push(if counts { value(cell, true) } else { 1 });
        sums.push(cell.value);
    }
    let all: i128 = sums.iter().chain(&groups.records).map(|&v| i128::from(v)).sum();
    if all > MOST {
        return Err(Error::data(format!("{}: the values are too large to be kept exactly", job.place)));
    }
    if groups.records.is_empty() {
        return Err(Error::data(format!("{}: the file holds totals alone", job.place)));
    }
    let column = job.response.clone().unwrap_or_default();
    let measure = if counts { Measure::Records } else { Measure::Sum { column, index: 0, decimals: tab.decimals } };
    groups.sums = vec![sums];
    Ok((measure, groups))
}

/// What the file says at each position of the table.
fn place(system: &System, tab: &Tab, wanted: &[usize]) -> Result<Vec<Option<TabCell>>, Error> {
    let Some(table) = system.tables.first() else { return Ok(Vec::new()) };
    let codes: Vec<HashMap<&str, usize>> = (table.axes.iter())
        .map(|axis| axis.entries.iter().enumerate().map(|(i, e)| (e.code.as_str(), i)).collect())
        .collect();
    let mut given = vec![None; table.len()];
    for cell in &tab.cells {
        let at: Option<Vec<usize>> = wanted
            .iter()
            .zip(&codes)
            .zip(&table.axes)
            .map(|((&w, codes), axis)| {
                let code = cell.codes.get(w)?;
                let total = || axis.entries.iter().position(|e| e.level == 0 && e.code.eq_ignore_ascii_case(code));
                codes.get(code.as_str()).copied().or_else(total)
            })
            .collect();
        let at = at.ok_or_else(|| Error::internal("a cell has no place"))?;
        if let Some(slot) = given.get_mut(table.position(&at)) {
            *slot = Some(cell.clone());
        }
    }
    Ok(given)
}

/// Totals in the file are the sums of their parts.
fn additive(job: &Job, system: &System, given: &[Option<TabCell>], counts: bool, decimals: u32) -> Result<(), Error> {
    let off = |(position, cell): (usize, &Option<TabCell>)| {
        let cell = cell.as_ref()?;
        let id = (*system.grids.first()?.get(position)?)?;
        let off = system.cells.get(id)?.value - value(cell, counts);
        (off != 0).then(|| {
            let by = crate::model::scaled(off, if counts { 0 } else { decimals });
            format!("line {}: {}, off by {by}", cell.line, system.words(id))
        })
    };
    let wrong: Vec<String> = given.iter().enumerate().filter_map(off).collect();
    if wrong.is_empty() {
        return Ok(());
    }
    let named = wrong.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join("\n  ");
    let more = if wrong.len() > NAMED { format!("\n  and {} more", wrong.len() - NAMED) } else { String::new() };
    let file = match &job.data {
        Data::Records(path) | Data::Cells(path) => path.display(),
    };
    let what = match wrong.len() {
        1 => "1 total differs from the sum of its parts".to_owned(),
        n => format!("{n} totals differ from the sum of their parts"),
    };
    Err(Error::data(format!("{file}: {what}\n  {named}{more}"))
        .with_help("a cell that is missing counts as zero; <READTABLE> 1 has totals added up anew"))
}

/// How many contribute to each cell, and the largest of them, as the file says.
fn contribute(system: &mut System, given: &[Option<TabCell>]) {
    let Some(grid) = system.grids.first().cloned() else { return };
    let sums = system.measures.first().is_some_and(|m| matches!(m, Measure::Sum { .. }));
    for (cell, id) in given.iter().zip(grid).filter(|_| sums) {
        let (Some(id), Some(cell)) = (id, cell) else { continue };
        if let (Some(slot), Some(count)) = (system.cells.get_mut(id), cell.frequency) {
            slot.contributions = Some(Contributions { count, largest: cell.largest.clone(), asked: None });
        }
    }
}

/// The same cells with the amounts of the shadow column.
fn tab_shadow(rda: &Rda, job: &TableJob, system: &System, given: &[Option<TabCell>]) -> Result<Option<System>, Error> {
    let Some(name) = &job.shadow else { return Ok(None) };
    variable(rda, job, name, |role| role == Role::Shadow)?;
    let mut shadow = system.clone();
    let Some(grid) = system.grids.first() else { return Ok(None) };
    for (cell, id) in given.iter().zip(grid) {
        let amount = cell.as_ref().and_then(|c| c.shadow);
        if let (Some(amount), Some(slot)) = (amount, id.and_then(|id| shadow.cells.get_mut(id))) {
            slot.value = amount;
        }
    }
    Ok(Some(shadow))
}

/// The costs that the file gives, or that the table asks for.
fn tab_costs(job: &TableJob, system: &System, given: &[Option<TabCell>]) -> Option<Vec<i64>> {
    let own = |cell: &TabCell| match &job.cost {
        CostBy::Frequency => cell.frequency,
        CostBy::Variable(_) => cell.cost,
        _ => None,
    };
    match &job.cost {
        CostBy::Response | CostBy::Log => return None,
        CostBy::Unity => return Some(vec![1; system.cells.len()]),
        CostBy::Frequency | CostBy::Variable(_) => {}
    }
    let mut costs: Vec<i64> = system.cells.iter().map(|c| c.value.max(1)).collect();
    for (cell, id) in given.iter().zip(system.grids.first()?) {
        if let (Some(cost), Some(slot)) = (cell.as_ref().and_then(own), id.and_then(|id| costs.get_mut(id))) {
            *slot = cost.max(1);
        }
    }
    Some(costs)
}
