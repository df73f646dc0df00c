//! `tabsafe argus run`: a batch of tau-ARGUS by the methods of tabsafe.
//!
//! Files for publication are written only where the attack says "safe". Files that hold true values (SBS, intermediate,
//! JJ, patterns, the report) are for their owner alone.

use std::path::{Path, PathBuf};

use tabsafe::argus::batch::{self, CostBy, Data, Job, Output};
use tabsafe::argus::build::{self, Loaded};
use tabsafe::argus::decide::{self, Decided};
use tabsafe::argus::output::{self, Beside, Written};
use tabsafe::argus::rda::Hierarchy;
use tabsafe::model::{Interval, Measure, Treatment, Verdict};
use tabsafe::pipeline::{Given, Outcome, bare_header, protect_given};
use tabsafe::policy::{Cost, Plan, SuppressPlan};
use tabsafe::release::Report;
use tabsafe::write::{Item, Stage, write_report};

use super::args::ArgusArgs;
use super::exit;
use super::fault::Fault;
use super::release::{conclude, facts, watched};
use super::session::Session;
use super::show::{CONFIDENTIAL, View, refusal, summary};

/// Runs the command.
pub fn run(args: &ArgusArgs, session: &Session) -> Result<u8, Fault> {
    let batch = batch::read(&args.batch)?;
    let mut ready: Vec<(Job, Loaded)> = Vec::new();
    let mut planned = Vec::new();
    for job in batch.jobs.into_iter().filter(|job| !job.tables.is_empty()) {
        let loaded = build::load(&job)?;
        planned.extend(places(args, &job, &loaded, ready.len()));
        ready.push((job, loaded));
    }
    let stage = Stage::open(planned.iter().map(PathBuf::as_path).chain(args.report.as_deref()))?;
    let inputs: Vec<PathBuf> = ready.iter().flat_map(|(job, loaded)| inputs(args, job, loaded)).collect();
    stage.keep(&inputs)?;
    batch.notes.iter().for_each(|note| session.note(note));

    let mut worst = exit::SAFE;
    let mut files: Vec<Planned> = Vec::new();
    let mut report = None;
    for (index, (job, loaded)) in ready.iter().enumerate() {
        let decided = decide::decide(job, loaded)?;
        decided.notes.iter().for_each(|note| session.note(note));
        decided.confidential.iter().filter(|_| session.verbose).for_each(|note| session.note(note));
        let outcome = protect(args, job, loaded, &decided, session)?;
        tell(job, &outcome, session);
        worst = worst.max(conclude(&outcome, session.verbose)?);
        files.extend(written(args, job, loaded, &decided, &outcome, index)?);
        if index == 0 && args.report.is_some() {
            report = Some(Report::new(&facts(&outcome, true)));
        }
    }
    commit(args, stage, &files, report.as_ref(), session)?;
    Ok(worst)
}

/// A file that is about to be written.
struct Planned {
    path: PathBuf,
    confidential: bool,
    text: String,
}

/// Every file that a job will write if all goes well.
fn places(args: &ArgusArgs, job: &Job, loaded: &Loaded, before: usize) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for (index, table) in job.tables.iter().enumerate() {
        for output in &table.outputs {
            all.push(output.path.clone());
            if output.format == batch::Format::Intermediate {
                all.push(output.path.with_extension("rda"));
                let variables = loaded.variables.get(index).into_iter().flatten();
                let files = variables.filter(|v| matches!(v.hierarchy, Hierarchy::File { .. }));
                all.extend(files.map(|v| output.path.with_file_name(output::hrc_name(&output.path, &v.name))));
            }
        }
        all.extend(args.hst.as_deref().map(|dir| dir.join(pattern_name(before, index))));
    }
    all
}

/// Name of the a-priori file of a table.
fn pattern_name(job: usize, table: usize) -> String {
    match job {
        0 => format!("table-{}.hst", table + 1),
        _ => format!("table-{}-{}.hst", job + 1, table + 1),
    }
}

/// Every file that a job is made from.
fn inputs(args: &ArgusArgs, job: &Job, loaded: &Loaded) -> Vec<PathBuf> {
    let data = match &job.data {
        Data::Records(path) | Data::Cells(path) => path.clone(),
    };
    let apriori = job.tables.iter().flat_map(|t| &t.apriori).map(|a| a.path.clone());
    let lists = loaded.variables.iter().flatten().flat_map(|v| {
        let hierarchy = match &v.hierarchy {
            Hierarchy::File { path, .. } => Some(path.clone()),
            _ => None,
        };
        v.code_list.clone().into_iter().chain(hierarchy)
    });
    [args.batch.clone(), data, job.metadata.clone()].into_iter().chain(apriori).chain(lists).collect()
}

/// Protects and attacks a job.
fn protect(
    args: &ArgusArgs,
    job: &Job,
    loaded: &Loaded,
    decided: &Decided,
    session: &Session,
) -> Result<Outcome, Fault> {
    let limit = args.time_limit.or(job.suppress.as_ref().and_then(|s| s.seconds).map(f64::from));
    let counts = loaded.system.measures.iter().all(|m| !matches!(m, Measure::Sum { .. }));
    let hides_zero = decided.findings.iter().any(|f| loaded.system.value(f.cell) == 0);
    let cost = if job.tables.iter().any(|t| t.cost == CostBy::Log) { Cost::Log } else { Cost::Counts };
    let singletons = job.suppress.as_ref().is_some_and(|s| s.singletons);
    if singletons && matches!(job.data, Data::Cells(_)) {
        session.note(&format!(
            "{}: a table does not tell who is alone behind a cell: singletons attack from records only",
            job.place
        ));
    }
    let policy = decide::policy()?.amended(|p| {
        p.attacker.own_contribution = singletons;
        p.attacker.integers = counts;
        p.attacker.zeros_published = !hides_zero;
        let method = job.suppress.as_ref().map_or("auto", |s| s.method).to_owned();
        p.plan = Plan::Suppress(SuppressPlan { method, cost, ..SuppressPlan::default() });
    });
    let name = args.batch.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let given = Given {
        system: loaded.system.clone(),
        findings: decided.findings.clone(),
        header: bare_header(name, "argus-batch", String::new()),
        policy,
        secondary: job.suppress.is_some(),
        fixed: decided.fixed.clone(),
        forced: decided.forced.clone(),
        costs: decided.costs.clone(),
        warnings: Vec::new(),
    };
    watched(limit, session, |options| protect_given(given, options))
}

/// What came of a job, in a line; which of its cells are primary is confidential.
fn tell(job: &Job, outcome: &Outcome, session: &Session) {
    let of = |primary| outcome.protection.treatments.iter().filter(|t| **t == Treatment::Withhold { primary }).count();
    let (primary, secondary) = (of(true), of(false));
    let verdict = outcome.audit.verdict.word();
    let method = outcome.protection.method;
    let view = View { verbose: session.verbose, ..View::of(outcome) };
    match outcome.release {
        Ok(_) => session.say(&format!("{}: {verdict}: {}\n", job.place, summary::in_short(&view))),
        Err(_) => session.say(&format!("{}: {verdict}\n", job.place)),
    }
    if session.verbose {
        let cells = format!("{primary} primary and {secondary} secondary cells withheld ({method})");
        session.say(&format!("  {CONFIDENTIAL}: {cells}\n"));
    }
    if outcome.release.is_err() {
        session.error(&refusal::text(outcome, session.verbose));
    }
}

/// The files of a job that may be written: those for publication only if it is safe; those with true values also of a
/// job that asked for no protection.
fn written(
    args: &ArgusArgs,
    job: &Job,
    loaded: &Loaded,
    decided: &Decided,
    outcome: &Outcome,
    before: usize,
) -> Result<Vec<Planned>, Fault> {
    let safe = outcome.audit.verdict == Verdict::Safe && outcome.release.is_ok();
    let possible =
        |cell: usize| -> Option<Interval> { outcome.audit.cells.iter().find(|c| c.cell == cell).map(|c| c.outer) };
    let mut files = Vec::new();
    for (index, table) in job.tables.iter().enumerate() {
        let written = Written {
            system: &outcome.system,
            protection: &outcome.protection,
            decided,
            loaded,
            table: index,
            rules: table.rules.as_ref(),
            possible: &possible,
        };
        let allowed = |output: &&Output| safe || (output.format.confidential() && job.suppress.is_none());
        for output in table.outputs.iter().filter(allowed) {
            let made =
                output::write(&written, output).map_err(|what| Fault::usage(format!("{}: {what}", table.place)))?;
            files.extend(made.into_iter().map(|file| Planned {
                path: beside(&output.path, &file.beside),
                confidential: output.format.confidential() && file.beside == Beside::Itself,
                text: file.text,
            }));
        }
        if let Some(dir) = args.hst.as_deref().filter(|_| safe) {
            let text = output::pattern(&written);
            files.push(Planned { path: dir.join(pattern_name(before, index)), confidential: true, text });
        }
    }
    Ok(files)
}

fn beside(path: &Path, where_: &Beside) -> PathBuf {
    match where_ {
        Beside::Itself => path.to_owned(),
        Beside::Extension(extension) => path.with_extension(extension),
        Beside::Name(name) => path.with_file_name(name),
    }
}

/// Writes all files together, or none.
fn commit(
    args: &ArgusArgs,
    stage: Stage,
    files: &[Planned],
    report: Option<&Report>,
    session: &Session,
) -> Result<(), Fault> {
    let mut items: Vec<Item> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for file in files.iter().filter(|file| seen.insert(file.path.clone())) {
        let fill = |to: &mut dyn std::io::Write| to.write_all(file.text.as_bytes());
        items.push(match file.confidential {
            true => Item::confidential(file.path.clone(), fill),
            false => Item::public(file.path.clone(), fill),
        });
    }
    if let (Some(report), Some(path)) = (report, &args.report) {
        items.push(Item::confidential(path.clone(), move |to: &mut dyn std::io::Write| write_report(report, to)));
    }
    for path in session.writing(|| stage.commit(items, &|| session.stopped()))? {
        let true_values = files.iter().any(|f| f.path == path && f.confidential) || args.report.as_ref() == Some(&path);
        let mark = if true_values { ": CONFIDENTIAL, holds true values" } else { "" };
        session.say(&format!("  {}{mark}\n", path.display()));
    }
    Ok(())
}
