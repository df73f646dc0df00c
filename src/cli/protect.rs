//! `tabsafe protect`: one table, or several linked ones, without a specification.

use std::path::{Path, PathBuf};

use tabsafe::model::Role;
use tabsafe::policy::{Plan, Policy};
use tabsafe::release::{Release, Report};
use tabsafe::spec::{Classes, Input, MeasureSpec, Missing, Source, Spec, TableSpec, Variable};
use tabsafe::write::csv::{self, Tidy};
use tabsafe::write::{Item, Stage, write_report};

use super::args::ProtectArgs;
use super::fault::{Fault, each_once};
use super::hierarchy;
use super::release::{conclude, facts, inputs, work};
use super::session::Session;

/// Decimals kept of a magnitude.
const DECIMALS: u32 = 2;

/// Runs the command.
pub fn run(args: &ProtectArgs, session: &Session) -> Result<u8, Fault> {
    let policy = policy(args)?;
    let spec = spec(args)?;
    let report_path = args.report.as_deref();
    let out = args.out.as_deref().filter(|p| *p != Path::new("-"));
    let stage = Stage::open(out.into_iter().chain(report_path))?;
    stage.keep(&inputs(&spec, &policy))?;
    let outcome = work(&spec, &policy, args.time_limit, session)?;
    let report = Report::new(&facts(&outcome, false));
    let column = args.count.as_deref().or(args.value.as_deref()).unwrap_or("count");
    let tidy = |release: &Release, to: &mut dyn std::io::Write| {
        csv::tidy(release, to, Tidy { table_column: false, value_column: Some(column) })
    };
    let mut items = Vec::new();
    if let (Some(path), Ok(release)) = (out, &outcome.release) {
        items.push(Item::public(path.to_owned(), move |to: &mut dyn std::io::Write| tidy(release, to)));
    }
    if let Some(path) = report_path {
        items.push(Item::confidential(path.to_owned(), |to: &mut dyn std::io::Write| write_report(&report, to)));
    }
    stage.commit(items, &|| session.stopped())?;
    let verdict = outcome.audit.verdict;
    if let (None, Ok(release)) = (out, &outcome.release) {
        let mut table = Vec::new();
        tidy(release, &mut table).map_err(|e| Fault::internal(e.to_string()))?;
        session.say(&String::from_utf8_lossy(&table));
    } else {
        let withheld = outcome
            .protection
            .treatments
            .iter()
            .filter(|t| matches!(t, tabsafe::model::Treatment::Withhold { .. }))
            .count();
        session.say(&format!("{}: {withheld} of {} cells withheld\n", verdict.word(), outcome.system.cells.len()));
    }
    if outcome.release.is_err() {
        session.error(&format!(
            "{}: {} cells can be worked out or narrowed too far; nothing was released\n",
            verdict.word(),
            outcome.audit.leaks.len()
        ));
        for (cell, reason) in outcome.protection.failed.iter().take(10) {
            session.error(&format!("  {}: {reason}\n", outcome.system.words(*cell)));
        }
    }
    conclude(&outcome)
}

/// The policy that the arguments ask for.
fn policy(args: &ProtectArgs) -> Result<Policy, Fault> {
    let policy = match (&args.policy, args.threshold, args.rule.is_empty()) {
        (Some(name), _, _) => Policy::load(name)?,
        (None, Some(n), _) => Policy::from_threshold(n)?,
        (None, None, false) => Policy::with_rules(&args.rule)?,
        (None, None, true) => {
            return Err(Fault::usage("nothing says which cells are unsafe")
                .help("give --threshold N, --rule RULE or --policy NAME|FILE"));
        }
    };
    let kind = match &args.protection {
        Some(text) => Some(text.parse().map_err(|e: tabsafe::attack::AttackerError| Fault::usage(e.to_string()))?),
        None => None,
    };
    let methods = tabsafe::suppress::names();
    if let Some(method) = args.method.as_deref().filter(|m| !methods.contains(m)) {
        return Err(
            Fault::usage(format!("there is no method \"{method}\"")).help(format!("there are: {}", methods.join(", ")))
        );
    }
    Ok(policy.amended(|p| {
        if let Some(kind) = kind {
            p.protection = kind;
        }
        if let (Plan::Suppress(plan), Some(method)) = (&mut p.plan, &args.method) {
            plan.method = method.clone();
        }
    }))
}

/// The specification that the arguments amount to.
fn spec(args: &ProtectArgs) -> Result<Spec, Fault> {
    each_once("--by", &args.by)?;
    let variables: Result<Vec<Variable>, Fault> = args.by.iter().map(|name| variable(name, args)).collect();
    let tables = if args.table.is_empty() { vec![args.by.join(",")] } else { args.table.clone() };
    let tables: Result<Vec<TableSpec>, Fault> =
        tables.iter().enumerate().map(|(i, vars)| table(i, vars, args)).collect();
    let input = Input {
        files: vec![args.data.clone()],
        unit: String::new(),
        person: None,
        contributor: args.contributor.clone(),
        count: args.count.clone(),
        ..Input::default()
    };
    Ok(Spec {
        path: PathBuf::new(),
        title: args.data.display().to_string(),
        reference: None,
        source: None,
        policy: None,
        input,
        variables: variables?,
        tables: tables?,
        closing: Vec::new(),
        fingerprint: String::new(),
        warnings: Default::default(),
    })
}

fn variable(name: &str, args: &ProtectArgs) -> Result<Variable, Fault> {
    let classes = match hierarchy::file(&args.hierarchy, &args.by, name)? {
        Some(file) => Classes::HierarchyFile(file.to_owned()),
        None => Classes::Found,
    };
    Ok(Variable {
        name: name.to_owned(),
        label: name.to_owned(),
        source: Source::Column(name.to_owned()),
        classes,
        missing: Missing::Error,
        other: Missing::Error,
        total: args.total.clone(),
        total_across: args.total.clone(),
        total_code: args.total.clone(),
        sensitive: false,
        line: 0,
    })
}

fn table(index: usize, vars: &str, args: &ProtectArgs) -> Result<TableSpec, Fault> {
    each_once("--table", &vars.split(',').map(str::trim).collect::<Vec<_>>())?;
    let axes: Result<Vec<(usize, Role)>, Fault> = (vars.split(','))
        .map(|v| match args.by.iter().position(|b| b == v.trim()) {
            Some(at) => Ok((at, Role::Row)),
            None => Err(Fault::usage(format!("--table names \"{}\", which --by does not", v.trim()))
                .help(format!("--by names: {}", args.by.join(", ")))),
        })
        .collect();
    let measure = match &args.value {
        Some(column) => MeasureSpec::Sum { column: column.clone(), decimals: DECIMALS },
        None => MeasureSpec::Records,
    };
    Ok(TableSpec {
        id: (index + 1).to_string(),
        title: vars.to_owned(),
        axes: axes?,
        filter: None,
        only: Vec::new(),
        scope_name: String::new(),
        measure,
        margins: true,
        notes: Vec::new(),
        cell_notes: Vec::new(),
        line: 0,
    })
}
