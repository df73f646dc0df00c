//! The audit of a finished table: no records, no truth, only what an intruder sees.

use std::collections::{BTreeMap, HashMap};

use crate::attack::{Attack, Attacker, Audit, Contradiction};
use crate::link::{Details, link};
use crate::model::{
    Axis, CellId, Dimension, Entry, Exposure, Groups, Interval, LeafSet, Measure, Role, Space, System, Table,
};
use crate::read::{Error, Meaning, PublishedCell};
use crate::solve::{Effort, Solver};
use crate::spec::Level;

/// A variable of a published table.
#[derive(Clone, Debug)]
pub struct PublishedVariable {
    /// Its name.
    pub name: String,
    /// Its hierarchy, if it has one; else its codes are taken as they come.
    pub levels: Option<Vec<Level>>,
}

/// What an intruder can work out of a published table.
#[derive(Debug)]
pub struct PublishedAudit {
    /// The cells; their values are not known and stand at 0.
    pub system: System,
    /// Cells that are not published, each with its codes.
    pub withheld: Vec<(CellId, Vec<String>)>,
    /// What little would be known if everything but zeros were withheld (a total of two parts is at least 2).
    pub least_known: Audit,
    /// The result.
    pub audit: Audit,
}

/// Audits a table.
///
/// # Errors
/// Codes that the hierarchy does not have, a code of the total that never occurs, or values that contradict each other.
pub fn audit_published(
    variables: &[PublishedVariable],
    total: &str,
    cells: &[PublishedCell],
    attacker: Attacker,
    solver: &dyn Solver,
) -> Result<PublishedAudit, Error> {
    // a total that is not recognised would leave nothing to work out, and everything safe
    if !cells.iter().any(|c| c.codes.iter().any(|code| code == total)) {
        return Err(Error::usage(format!("no line of the table has the code \"{total}\" of a total"))
            .with_help("say what the table calls its totals: --total CODE"));
    }
    let (space, axes) = axes(variables, total, cells)?;
    let table = Table {
        id: "1".to_owned(),
        title: String::new(),
        measure: 0,
        axes,
        scope: Vec::new(),
        scope_name: String::new(),
        notes: Vec::new(),
    };
    let groups = Groups { leaf: vec![Vec::new(); space.dims.len()], ..Groups::default() };
    let mut system = link(space, vec![Measure::Records], vec![table], &groups, Details::default());
    let mut domain = vec![Interval::at_least(0); system.cells.len()];
    let mut withheld = Vec::new();
    let mut given = vec![false; system.cells.len()];
    for cell in cells {
        let Some(id) = locate(&system, cell) else { continue };
        given[id] = true;
        domain[id] = match cell.content {
            Ok(value) => Interval::exactly(value),
            Err(Meaning::Within(bounds)) => bounds,
            Err(Meaning::Withheld) if attacker.zeros_published => Interval::at_least(1),
            Err(_) => Interval::at_least(0),
        };
        if cell.content.is_err() {
            withheld.push((id, cell.codes.clone()));
        }
    }
    // a cell that the file does not hold is not shown
    (0..given.len()).filter(|&c| !given[c]).for_each(|c| system.cells[c].exposure = Exposure::Hidden);
    let public = crate::attack::Public { domain, relations: system.relations.clone() };
    let targets: Vec<CellId> = withheld.iter().map(|w| w.0).collect();
    let name = |c: CellId| system.words(c);
    let attack = Attack { solver, effort: Effort::default(), whole: attacker.integers, name: &name };
    let audit = attack.run(&public, &[], &targets, None).map_err(|c| contradiction(&system, &public, c, cells))?;
    let mut hidden = public.clone();
    let zero = Interval::exactly(0);
    let most = if attacker.zeros_published { Interval::at_least(1) } else { Interval::at_least(0) };
    for (domain, _) in hidden.domain.iter_mut().zip(&given).filter(|(d, given)| **given && **d != zero) {
        *domain = most;
    }
    let least_known =
        attack.run(&hidden, &[], &targets, None).map_err(|c| contradiction(&system, &hidden, c, cells))?;
    Ok(PublishedAudit { audit, withheld, least_known, system })
}

/// The cell of a line of the file.
fn locate(system: &System, cell: &PublishedCell) -> Option<CellId> {
    let axes = &system.tables[0].axes;
    let at: Option<Vec<usize>> =
        axes.iter().zip(&cell.codes).map(|(axis, code)| axis.entries.iter().position(|e| e.code == *code)).collect();
    system.cell_at(0, &at?)
}

fn contradiction(
    system: &System,
    public: &crate::attack::Public,
    found: Contradiction,
    cells: &[PublishedCell],
) -> Error {
    let relation = &public.relations[found.relation];
    let words = relation.terms.first().map(|t| system.words(t.0)).unwrap_or_default();
    let fixed = relation.terms.iter().all(|t| public.domain[t.0].value().is_some());
    let sum: i64 = relation.terms.iter().skip(1).filter_map(|t| public.domain[t.0].lo).sum();
    let total = relation.terms.first().and_then(|t| public.domain[t.0].value());
    let cell = relation.terms.first().and_then(|t| cells.iter().find(|c| locate(system, c) == Some(t.0)));
    let place = cell.map(|c| format!("{}: ", c.place)).unwrap_or_default();
    let (what, help) = match (fixed, total) {
        (true, Some(total)) => (
            format!("the total is {total}, its parts add up to {sum}"),
            "put the table right, or say with --total and --hierarchy what is a total of what",
        ),
        _ => (
            "no whole numbers fit the total and its parts".to_owned(),
            "put the table right, or say with --marker and --attacker what withheld cells can hold",
        ),
    };
    Error::data(format!("{place}{words}: {what}")).with_help(help)
}

/// One dimension and axis per variable.
fn axes(variables: &[PublishedVariable], total: &str, cells: &[PublishedCell]) -> Result<(Space, Vec<Axis>), Error> {
    let mut space = Space::default();
    let mut axes = Vec::new();
    for (v, variable) in variables.iter().enumerate() {
        let mut codes: Vec<&str> = Vec::new();
        let mut seen = HashMap::new();
        for cell in cells {
            let code = cell.codes[v].as_str();
            if code != total && !seen.contains_key(code) {
                seen.insert(code, &cell.place);
                codes.push(code);
            }
        }
        let mut entries = match &variable.levels {
            Some(levels) => hierarchy_entries(levels),
            None => (codes.iter().enumerate()).map(|(i, c)| entry(c, 1, vec![i as u32], false)).collect(),
        };
        if let Some(code) = codes.iter().find(|c| !entries.iter().any(|e| e.code == **c)) {
            return Err(Error::data(format!("{}: \"{code}\" is no code of {}", seen[code], variable.name))
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
            sensitive: false,
        });
        space.dims.push(Dimension::new(variable.name.clone(), leaves));
    }
    Ok((space, axes))
}

fn entry(code: &str, level: u32, leaves: LeafSet, total: bool) -> Entry {
    Entry { code: code.to_owned(), label: code.to_owned(), note: None, leaves, level, total, shown: true }
}

/// Codes of a hierarchy; a code without children is a leaf.
fn hierarchy_entries(levels: &[Level]) -> Vec<Entry> {
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
