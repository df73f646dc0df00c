//! Runs the examples of a policy: small tables that go the whole way, from counts to what is printed.

use super::{Clock, Facts, Failure, Options, Outcome, details, findings, finish, header, terms};
use crate::link::link;
use crate::model::{
    Axis, Cell, Dimension, Entry, Exposure, Groups, Measure, Place, Role, Severity, Space, System, Table,
};
use crate::policy::{Example, Expected, Inner, Plan, Policy};
use crate::release::{Published, Release, ReleaseTable};
use crate::secret::Key;
use crate::spec::{Input, Spec};

/// More persons than this need not be told apart in one cell.
const MOST_PERSONS: i64 = 20_000;
/// The key of methods that draw, for examples only: what is drawn with it is the same for everybody, and protects nothing.
const KEY: &[u8] = b"a key that everybody knows, for the examples of policies";
/// The column of an example's sums.
const VALUE: &str = "value";

/// What came of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// What it shows.
    pub name: String,
    /// Where it stands.
    pub line: String,
    /// What is not as it says; empty where all is.
    pub differences: Vec<String>,
}

/// Runs every example of a policy.
///
/// # Errors
/// What stopped a run; a difference is no error.
pub fn try_examples(policy: &Policy, options: &Options) -> Result<Vec<Tried>, Failure> {
    let tried = policy.examples.iter().map(|example| {
        let differences = differences(example, policy, options)?;
        Ok(Tried { name: example.name.clone(), line: example.line.clone(), differences })
    });
    tried.collect()
}

/// What is not as the example says.
fn differences(example: &Example, policy: &Policy, options: &Options) -> Result<Vec<String>, Failure> {
    let (mut system, groups) = system(example, policy);
    terms::mark_sensitive(policy, &mut system);
    let found = findings(policy, &system);
    let of_rules = |e: &Expected| matches!(e, Expected::Unsafe | Expected::Safe | Expected::Anything);
    if !example.refused && example.expect.iter().flatten().all(of_rules) {
        let is_unsafe = |cell: usize| found.iter().any(|f| f.cell == cell && f.severity == Severity::Unsafe);
        return Ok(compare(example, &system, |cell, expected| judged(expected, is_unsafe(cell))));
    }
    let spec = spec(example);
    // what an example says of withheld cells is true of the cheapest pattern
    let draws = !matches!(policy.plan, Plan::Suppress(_));
    let (header, warnings, key) = (header(&spec, policy), Vec::new(), Key::from_bytes(KEY).filter(|_| draws));
    let facts = Facts {
        system,
        groups,
        findings: found,
        header,
        warnings,
        confidential: Vec::new(),
        shown_by_zeros: Vec::new(),
        key,
        drawn: None,
    };
    let outcome = finish(&spec, policy, facts, options, Clock::new(options.progress, options.now))?;
    let is_unsafe = |cell: usize| outcome.findings.iter().any(|f| f.cell == cell && f.severity == Severity::Unsafe);
    let verdict = outcome.audit.verdict.word();
    match (&outcome.release, example.refused) {
        (Ok(_), true) => Ok(vec![format!("the release was to be refused, but it is {verdict}")]),
        (Err(_), true) => Ok(Vec::new()),
        (Err(refusal), false) => Ok(vec![format!("the release was refused: {refusal}")]),
        (Ok(release), false) => Ok(compare(example, &outcome.system, |cell, expected| {
            judged(expected, is_unsafe(cell)).or_else(|| printed(expected, cell, &outcome, release))
        })),
    }
}

/// Holds each cell against what is expected of it; `wrong` says what it is instead.
fn compare(example: &Example, system: &System, wrong: impl Fn(usize, &Expected) -> Option<String>) -> Vec<String> {
    let mut all = Vec::new();
    for (r, row) in example.expect.iter().enumerate() {
        for (c, expected) in row.iter().enumerate() {
            let at = entries(example, r, c);
            let cell = system.cell_at(0, &at);
            let what = match cell {
                Some(cell) => wrong(cell, expected),
                None => Some("there is no such cell".to_owned()),
            };
            all.extend(what.map(|what| format!("{}: {what}", system.tables[0].words(&at))));
        }
    }
    all
}

/// What the rules say of a cell, where that is not as expected.
fn judged(expected: &Expected, is_unsafe: bool) -> Option<String> {
    match (expected, is_unsafe) {
        (Expected::Unsafe, false) => Some("expected to be unsafe, but no rule says so".to_owned()),
        (Expected::Safe, true) => Some("expected to be safe, but a rule calls it unsafe".to_owned()),
        _ => None,
    }
}

/// What is printed for a cell, where that is not as expected.
fn printed(expected: &Expected, cell: usize, outcome: &Outcome, release: &Release) -> Option<String> {
    let table: &ReleaseTable = release.tables().first()?;
    let place = outcome.system.cells[cell].places.iter().find(|p| p.table == 0)?;
    let at = outcome.system.tables[0].entries_at(place.position);
    let published = *table.grid.get(table.position(&at))?;
    let truth = outcome.system.value(cell);
    let as_it_is = matches!(published, Published::Number(_) | Published::Zero);
    let fits = match expected {
        Expected::Number(n) => published.value() == Some(*n),
        Expected::OneOf(all) => published.value().is_some_and(|n| all.contains(&n)),
        Expected::Withheld => published == Published::Withheld,
        Expected::Shown => as_it_is && published.value() == Some(truth),
        Expected::Unsafe | Expected::Safe | Expected::Anything => true,
    };
    let words = |e: &Expected| match e {
        Expected::Number(n) => n.to_string(),
        Expected::OneOf(all) => format!("one of {}", all.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")),
        other => Expected::WORDS.iter().find(|w| w.1 == *other).map_or(String::new(), |w| w.0.to_owned()),
    };
    (!fits).then(|| {
        let is = published.value().map_or_else(|| published.status().to_owned(), |n| n.to_string());
        format!("expected {}, but it is {is}", words(expected))
    })
}

/// The entry of each axis for a row and a column of an example; a variable with one category has no axis.
fn entries(example: &Example, row: usize, column: usize) -> Vec<usize> {
    let (rows, columns) = example.size();
    let mut at = Vec::new();
    if rows > 1 || columns <= 1 {
        at.push(row);
    }
    if columns > 1 {
        at.push(column);
    }
    at
}

/// A specification that stands around the tables of an example.
fn spec(example: &Example) -> Spec {
    Spec {
        path: std::path::PathBuf::new(),
        title: example.name.clone(),
        reference: None,
        source: None,
        policy: None,
        key: None,
        input: Input::default(),
        variables: Vec::new(),
        tables: Vec::new(),
        facts: Default::default(),
        answer: None,
        closing: Vec::new(),
        fingerprint: String::new(),
        warnings: Default::default(),
    }
}

/// The cells of an example.
fn system(example: &Example, policy: &Policy) -> (System, Groups) {
    let (rows, columns) = example.size();
    let sums = matches!(example.cells.first().and_then(|r| r.first()), Some(Inner::Contributions(_)));
    let measure = match sums {
        true => Measure::Sum { column: VALUE.to_owned(), index: 0, decimals: 0 },
        false => Measure::Records,
    };
    let mut axes = Vec::new();
    let mut dims = Vec::new();
    for (i, size, role) in [(0, rows, Role::Row), (1, columns, Role::Column)] {
        if size > 1 || (i == 0 && columns <= 1) {
            axes.push(axis(example, i, size, role, dims.len()));
            dims.push(Dimension::new(&example.variables[i], size as u32));
        }
    }
    let table = Table {
        id: "1".to_owned(),
        title: example.name.clone(),
        measure: 0,
        axes,
        scope: Vec::new(),
        scope_name: String::new(),
        notes: Vec::new(),
    };
    let details = details(policy, true);
    let groups = groups(example, dims.len(), details.persons || details.contributions > 0);
    let mut system = link(Space { dims }, vec![measure], vec![table], &groups, details);
    let column = policy.rules.iter().find_map(|r| r.rule.known_sums());
    if let (Some(people), Some(column)) = (&example.population, column) {
        add_population(&mut system, people, column);
    }
    (system, groups)
}

fn axis(example: &Example, variable: usize, size: usize, role: Role, dim: usize) -> Axis {
    let name = &example.variables[variable];
    let entry = |code: String, leaves: Vec<u32>, level| Entry {
        label: code.clone(),
        code,
        note: None,
        leaves,
        level,
        total: level == 0,
        shown: true,
    };
    let all = size as u32;
    let categories = (0..all).map(|leaf| entry((leaf + 1).to_string(), vec![leaf], 1));
    Axis {
        variable: name.clone(),
        label: name.clone(),
        role,
        dim,
        entries: categories.chain([entry("Total".to_owned(), (0..all).collect(), 0)]).collect(),
        sensitive: example.sensitive.contains(name).into(),
    }
}

/// The records of an example, a row for each person or contributor.
fn groups(example: &Example, dims: usize, persons: bool) -> Groups {
    let mut groups = Groups { leaf: vec![Vec::new(); dims], ..Groups::default() };
    let (mut ids, mut sums) = (Vec::new(), Vec::new());
    for (r, row) in example.cells.iter().enumerate() {
        for (c, cell) in row.iter().enumerate() {
            let parts: Vec<(i64, i64)> = match cell {
                Inner::Count { records: 0, .. } => Vec::new(),
                Inner::Count { records, .. } if !persons => vec![(*records, 0)],
                Inner::Count { records, persons } => {
                    let n = (*persons).clamp(1, MOST_PERSONS);
                    let first = std::iter::once((records - (n - 1), 0));
                    first.chain((1..n).map(|_| (1, 0))).collect()
                }
                Inner::Contributions(all) => all.iter().map(|&x| (1, x)).collect(),
            };
            for (records, sum) in parts {
                for (leaf, at) in groups.leaf.iter_mut().zip(entries(example, r, c)) {
                    leaf.push(at as u32);
                }
                ids.push(ids.len() as u32);
                sums.push(sum);
                groups.records.push(records);
            }
        }
    }
    groups.sums = vec![sums];
    groups.person = persons.then_some(ids);
    groups
}

/// A table that adds up the population of each row.
fn add_population(system: &mut System, people: &[i64], column: &str) {
    let (measure, number) = (system.measures.len(), system.tables.len());
    let rows = &system.tables[0].axes[0];
    let mut table = Table { id: "population".to_owned(), measure, ..system.tables[0].clone() };
    table.axes = vec![rows.clone()];
    let mut grid = Vec::new();
    for (position, entry) in table.axes[0].entries.iter().enumerate() {
        let mut coords = vec![Dimension::ROOT; system.space.dims.len()];
        let all = entry.leaves.len() == system.space.dims[0].leaves as usize;
        coords[0] =
            if all { Dimension::ROOT } else { system.space.dims[0].find(&entry.leaves).unwrap_or(Dimension::ROOT) };
        let value = entry.leaves.iter().filter_map(|&leaf| people.get(leaf as usize)).sum();
        grid.push(Some(system.cells.len()));
        system.index.insert((measure, coords.clone().into()), system.cells.len());
        system.cells.push(Cell {
            measure,
            coords: coords.into(),
            value,
            persons: None,
            contributions: None,
            exposure: Exposure::Shown,
            places: vec![Place { table: number, position, shown: true }],
        });
    }
    system.measures.push(Measure::Sum { column: column.to_owned(), index: 1, decimals: 0 });
    system.tables.push(table);
    system.grids.push(grid);
}
