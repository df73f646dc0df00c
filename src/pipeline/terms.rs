//! What a policy says beside its rules, held against a release: bans, sensitive variables, scope, entries without use.

use std::collections::BTreeSet;

use crate::diag::nearest;
use crate::model::{Axis, Entry, Exposure, Measure, Protection, Sensitive, System};
use crate::policy::{Banned, Plan, Policy};
use crate::release::{Terms, is_formula};
use crate::spec::{Classes, Source, Spec, Sql, TableSpec, Variable};
use crate::suppress::price::same;
use crate::tabulate::Summary;

/// What a release and its report need of it.
pub(super) fn of(policy: &Policy) -> Terms {
    let source = policy.publisher.as_ref().zip(policy.source.as_ref());
    Terms {
        title: policy.title.clone(),
        source: source.map(|(publisher, source)| format!("{publisher}: {source}")),
        evidence: policy.evidence.clone(),
        extends: policy.base.as_ref().map(|b| format!("{}, version {}", b.id, b.version)),
        changes: policy.base.iter().flat_map(|b| &b.changes).map(|c| c.to_string()).collect(),
        legend: policy.legend.clone(),
        exemption: policy.exemption.clone(),
        exceptions: Vec::new(),
    }
}

/// Whether an SQL text names this column.
fn names(sql: &Sql, column: &str) -> bool {
    let words = sql.text.split(|c: char| !c.is_alphanumeric() && c != '_');
    let text = sql.text.to_lowercase();
    // a name with blanks or signs in it stands in quotes
    let quoted = !column.chars().all(|c| c.is_alphanumeric() || c == '_') && text.contains(&column.to_lowercase());
    quoted || words.into_iter().any(|word| same(word, column))
}

/// Whether a variable is, or is made from, what this name says.
fn is_made_from(variable: &Variable, name: &str) -> bool {
    let source = match &variable.source {
        Source::Column(column) => same(column, name),
        Source::Nested(columns) => columns.iter().any(|column| same(column, name)),
        Source::Sql(sql) => names(sql, name),
    };
    source || same(&variable.name, name) || same(&variable.label, name)
}

/// `release.toml:12: `, or nothing for a specification without a file.
fn place(spec: &Spec, line: usize) -> String {
    match (spec.path.as_os_str().is_empty(), line) {
        (true, _) => String::new(),
        (false, 0) => format!("{}: ", spec.path.display()),
        (false, line) => format!("{}:{line}: ", spec.path.display()),
    }
}

/// Why, and what to do.
fn verdict(banned: &Banned, what: &str, leave: &str) -> String {
    format!("{what}, which the policy bans ({}): {} ({leave})", banned.line, banned.reason)
}

/// Every variable that a table uses although the policy bans it, whether its categories are shown or records are chosen
/// by it.
pub(super) fn banned_variables(spec: &Spec, policy: &Policy) -> Vec<String> {
    let mut found = Vec::new();
    for banned in &policy.banned {
        for name in &banned.variables {
            if let Some(sql) = spec.input.filter.as_ref().filter(|sql| names(sql, name)) {
                let what = format!("{}`where` of [input] chooses records by `{name}`", place(spec, sql.line));
                found.push(verdict(banned, &what, "choose them by something else"));
            }
            for table in &spec.tables {
                if let Some(what) = uses(spec, table, name) {
                    found.push(verdict(banned, &what, "leave it out of the table"));
                }
            }
        }
    }
    found
}

/// How a table uses a variable of this name, in words.
fn uses(spec: &Spec, table: &TableSpec, name: &str) -> Option<String> {
    let at = place(spec, table.line);
    let by_filter = table.filter.as_ref().is_some_and(|sql| names(sql, name));
    let variables = table.axes.iter().map(|a| a.0).chain(table.only.iter().map(|o| o.0));
    let variable = variables.filter_map(|v| spec.variables.get(v)).find(|v| is_made_from(v, name));
    match variable {
        Some(variable) => Some(format!("{at}table {} uses the variable `{}`", table.id, variable.name)),
        None => by_filter.then(|| format!("{at}`where` of table {} chooses records by `{name}`", table.id)),
    }
}

/// Every category that a table prints, or is restricted to, although the policy bans it.
pub(super) fn banned_categories(spec: &Spec, policy: &Policy, system: &System) -> Vec<String> {
    let mut found = Vec::new();
    for banned in &policy.banned {
        for (name, code) in banned.categories.iter().flat_map(|(v, codes)| codes.iter().map(move |c| (v, c))) {
            for (table, written) in system.tables.iter().zip(&spec.tables) {
                let is = |v: &Variable| is_made_from(v, name);
                let axes = table.axes.iter().filter(|a| spec.variables.iter().any(|v| is(v) && v.name == a.variable));
                let prints =
                    |a: &Axis| a.entries.iter().any(|e| e.shown && (same(&e.code, code) || same(&e.label, code)));
                let only = written
                    .only
                    .iter()
                    .any(|(v, codes)| spec.variables.get(*v).is_some_and(is) && codes.iter().any(|c| same(c, code)));
                if only || axes.into_iter().any(prints) {
                    let what = format!("{}table {} shows `{code}` of `{name}`", place(spec, written.line), table.id);
                    found.push(verdict(banned, &what, "merge the category with others, or leave it out"));
                }
            }
        }
    }
    found
}

/// Marks the variables and categories that the policy calls sensitive.
pub(super) fn mark_sensitive(policy: &Policy, system: &mut System) {
    for axis in system.tables.iter_mut().flat_map(|t| &mut t.axes) {
        let is = |name: &String| same(name, &axis.variable) || same(name, &axis.label);
        let codes: Vec<&String> =
            policy.sensitive_categories.iter().filter(|(v, _)| is(v)).flat_map(|(_, codes)| codes).collect();
        if policy.sensitive.iter().any(is) {
            axis.sensitive = Sensitive::All;
        } else if !codes.is_empty() && axis.sensitive != Sensitive::All {
            axis.sensitive = Sensitive::Of(sensitive_entries(axis, &codes));
        }
    }
}

/// Per entry of an axis, whether everybody in it is in one of these categories: a subtotal tells what all of its parts do.
fn sensitive_entries(axis: &Axis, codes: &[&String]) -> Vec<bool> {
    let named = |e: &&Entry| codes.iter().any(|c| same(c, &e.code) || same(c, &e.label));
    let leaves: BTreeSet<u32> = axis.entries.iter().filter(named).flat_map(|e| e.leaves.iter().copied()).collect();
    axis.entries.iter().map(|e| !e.leaves.is_empty() && e.leaves.iter().all(|leaf| leaves.contains(leaf))).collect()
}

/// What is told where the policy calls a category sensitive that its variable does not have.
fn unknown_sensitive(policy: &Policy, system: &System) -> Vec<String> {
    let mut told = Vec::new();
    for (variable, codes) in &policy.sensitive_categories {
        let axes = system.tables.iter().flat_map(|t| &t.axes);
        let of = axes.filter(|a| same(variable, &a.variable) || same(variable, &a.label));
        let known: Vec<&str> = of.flat_map(|a| &a.entries).flat_map(|e| [&*e.code, &*e.label]).collect();
        let unknown = codes.iter().filter(|code| !known.is_empty() && !known.iter().any(|k| same(k, code)));
        told.extend(unknown.map(|code| {
            let meant = nearest(code, &known).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            format!("[sensitive] of policy {} names `{code}`, which `{variable}` does not have{meant}", policy.id)
        }));
    }
    told
}

/// The notes on the data that follow from counts which a release may withhold.
pub(super) fn follow_from_counts(of_files: &[String], summary: &Summary) -> Vec<String> {
    let notes = summary.notes.iter().filter(|note| !of_files.contains(note));
    notes.chain(&summary.warnings).cloned().collect()
}

/// Those of them that a release itself shows: where every zero is printed, that a category has no record.
pub(super) fn shown_by_zeros(policy: &Policy, summary: &Summary) -> Vec<String> {
    let hides_zero = policy.rules.iter().any(|r| r.rule.band().is_some_and(|(lo, _)| lo == 0));
    let zeros_show = matches!(policy.plan, Plan::Suppress(_)) && policy.attacker.zeros_published && !hides_zero;
    if zeros_show { summary.warnings.clone() } else { Vec::new() }
}

/// What is told where the policy was made for something else.
pub(super) fn out_of_scope(spec: &Spec, policy: &Policy) -> Option<String> {
    let unit = spec.input.unit.trim();
    let other = !unit.is_empty() && !policy.units.is_empty() && !policy.units.iter().any(|u| same(u, unit));
    other.then(|| {
        let units = policy.units.join(", ");
        format!("policy {} is meant for releases that count {units}; this one counts {unit}", policy.id)
    })
}

/// What is told where persons or contributors are behind the figures and no rule asks how many.
pub(super) fn uncounted(spec: &Spec, policy: &Policy, system: &System) -> Vec<String> {
    let mut told = Vec::new();
    let counts_persons = policy.rules.iter().any(|r| r.rule.needs().persons)
        || system.measures.contains(&Measure::Persons)
        || matches!(&policy.plan, Plan::Perturb(plan) if plan.method.private());
    let by_records = policy.rules.iter().find(|r| r.rule.band().is_some() && !r.rule.needs().persons);
    let records = system.measures.contains(&Measure::Records);
    if let (Some(person), Some(rule), false) = (&spec.input.person, by_records.filter(|_| records), counts_persons) {
        told.push(format!(
            "the column `{person}` names the persons, but no rule counts them: {} ({}) counts records, so twelve records of \
             one person count as 12; on = \"persons\" counts persons",
            rule.rule.name(),
            rule.line
        ));
    }
    let unknown = |measure: &usize| {
        let mut cells = system.cells.iter().filter(|c| c.measure == *measure);
        cells.all(|c| c.contributions.is_none() && c.persons.is_none())
    };
    let known: Vec<&str> = policy.rules.iter().filter_map(|r| r.rule.known_sums()).collect();
    let sums = (0..system.measures.len()).filter(unknown).filter_map(|m| match &system.measures[m] {
        Measure::Sum { column, .. } if !known.contains(&column.as_str()) => Some(column),
        _ => None,
    });
    let minimum = policy.rules.iter().find(|r| r.rule.band().is_some());
    for (column, rule) in sums.filter_map(|column| Some((column, minimum?))) {
        told.push(format!(
            "nothing says how many contribute to the sums of `{column}`, so each of them counts as that of too few and is \
             withheld: name the contributors ({}), and count them by on = \"contributors\" of {} ({})",
            spec.input_key("contributor"),
            rule.rule.name(),
            rule.line
        ));
    }
    told
}

/// What is told where nothing at all is published.
pub(super) fn nothing_left(spec: &Spec, system: &System, protection: &Protection) -> Option<String> {
    if system.measures.iter().any(|m| matches!(m, Measure::Sum { .. })) {
        return None;
    }
    let mut shown = (0..system.cells.len()).filter(|&c| system.cells[c].exposure == Exposure::Shown).peekable();
    shown.peek()?;
    shown.all(|c| protection.is_withheld(c)).then(|| {
        format!(
            "every cell is withheld. If each row of the data is a cell of a table, say which column holds its count: {}",
            spec.input_key("count")
        )
    })
}

/// What is told where a label would be run as a formula by a spreadsheet.
pub(super) fn formulas(system: &System) -> Vec<String> {
    let axes = system.tables.iter().flat_map(|t| &t.axes);
    let mut found: Vec<(&str, &str)> = axes
        .flat_map(|a| a.entries.iter().filter(|e| e.shown).map(move |e| (&*a.variable, e)))
        .flat_map(|(variable, e)| [(variable, &*e.code), (variable, &*e.label)])
        .filter(|(_, text)| is_formula(text))
        .collect();
    found.sort_unstable();
    found.dedup();
    let told = |(variable, text): (&str, &str)| {
        format!(
            "`{text}` of `{variable}` would be run as a formula by a spreadsheet: CSV files have an apostrophe before it"
        )
    };
    found.into_iter().map(told).collect()
}

/// What is told where zeros are hidden but a variable shows only the categories that occur.
pub(super) fn zeros_that_show(spec: &Spec, policy: &Policy, system: &System) -> Vec<String> {
    if !policy.rules.iter().any(|r| r.rule.band().is_some_and(|(lo, _)| lo == 0)) {
        return Vec::new();
    }
    let counts = |t: &crate::model::Table| !matches!(system.measures.get(t.measure), Some(Measure::Sum { .. }));
    let used = system.tables.iter().filter(|t| counts(t)).flat_map(|t| &t.axes);
    let mut found: Vec<&str> = used
        .filter(|a| spec.variables.iter().any(|v| v.name == a.variable && matches!(v.classes, Classes::Found)))
        .map(|a| a.variable.as_str())
        .collect();
    found.sort_unstable();
    found.dedup();
    let told = |variable: &&str| {
        format!(
            "zeros are withheld, but `{variable}` shows only the categories that occur, so each of its totals is known to be \
             1 or more: list the categories in the specification"
        )
    };
    found.iter().map(told).collect()
}

/// Rules that had nothing to do, or could not look at what they should.
pub(super) fn idle(policy: &Policy, system: &System) -> Vec<String> {
    let why = |r: &crate::policy::RuleUse| {
        let why = r.rule.idle(system)?;
        Some(format!("the rule {} ({}) does not apply as written: {why}", r.rule.name(), r.line))
    };
    policy.rules.iter().filter_map(why).chain(unknown_sensitive(policy, system)).collect()
}
