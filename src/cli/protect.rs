//! `tabsafe protect`: one table, or several linked ones, without a specification.

use std::path::{Path, PathBuf};

use tabsafe::model::Role;
use tabsafe::pipeline::Outcome;
use tabsafe::policy::{Cost, Keep, Plan, Policy};
use tabsafe::release::{Release, Report};
use tabsafe::secret::KeySource;
use tabsafe::spec::{Classes, Input, MeasureSpec, Missing, Source, Spec, TableSpec, TotalRows, Variable};
use tabsafe::write::csv::{self, Tidy};
use tabsafe::write::{self, Item, Reporting, Stage, Writer, report_item, write_report};

use super::args::ProtectArgs;
use super::fault::{Fault, each_once};
use super::hierarchy;
use super::input::{Data, is_dash};
use super::instance;
use super::release::{conclude, facts, inputs, work};
use super::reports::{self, Reports};
use super::session::Session;
use super::show::{View, refusal, summary};
use super::total::Totals;

/// Decimals kept of a magnitude.
const DECIMALS: u32 = 2;

/// Runs the command.
pub fn run(args: &ProtectArgs, session: &Session) -> Result<u8, Fault> {
    if instance::is_jj(&args.data) {
        return instance::protect(args, session);
    }
    needed(args)?;
    let policy = policy(args)?;
    let last = reports::last(args.last.as_deref(), &policy)?;
    let outputs = Outputs::of(args)?;
    let writer = writer(args)?;
    let stage = Stage::open(outputs.files())?;
    let input = Data::open(&args.data, session)?;
    let totals = Totals::of(&args.total, &args.by)?;
    let spec = spec(args, &totals, &input)?;
    let earlier = args.since.iter().chain(&args.last).cloned();
    stage.keep(&inputs(&spec, &policy).into_iter().chain(earlier).collect::<Vec<_>>())?;
    let intervals = !args.report.is_empty();
    let mut outcome =
        work(&spec, &policy, args.time_limit, intervals, last.as_ref(), session).map_err(|fault| input.named(fault))?;
    let notes = outcome.warnings.iter_mut().chain(&mut outcome.confidential);
    notes.for_each(|note| *note = input.words(note));
    let by: Vec<(String, String)> = args.by.iter().map(|name| (name.clone(), totals.code(name).to_owned())).collect();
    outputs.write(stage, &outcome, Shape { writer, by: &by, column: column(args) }, session)?;
    tell(&outcome, &outputs, session);
    conclude(&outcome, session.verbose)
}

/// What only a file that brings its own relations can do without.
fn needed(args: &ProtectArgs) -> Result<(), Fault> {
    match args.by.is_empty() {
        true => Err(Fault::usage("--by is missing").help("name the variables of the table: --by region,sex,age")),
        false => Ok(()),
    }
}

/// Name of the column of values.
fn column(args: &ProtectArgs) -> &str {
    args.count.as_deref().or(args.value.as_deref()).unwrap_or("count")
}

/// The format of the table: as asked for, else by the extension of its file; `None` is tidy CSV.
fn writer(args: &ProtectArgs) -> Result<Option<&'static Writer>, Fault> {
    let asked = args.format.as_deref().map(write::formats).transpose()?;
    let writer = match (asked.as_deref(), &args.out) {
        (Some([writer]), _) => Some(*writer),
        (Some(_), _) => return Err(Fault::usage("the table takes one format").help("give one: --format xlsx")),
        (None, Some(out)) => write::by_extension(out),
        (None, None) => None,
    };
    match writer {
        Some(writer) if writer.name == "csvw" => Err(Fault::usage("csvw describes the CSV file of a release")
            .help("give another format, or use `tabsafe release --format csvw`")),
        writer => Ok(writer.filter(|w| w.name != "csv")),
    }
}

/// How the table is written.
#[derive(Clone, Copy)]
struct Shape<'a> {
    /// `None` is tidy CSV.
    writer: Option<&'static Writer>,
    /// The variables, each with the code of its total.
    by: &'a [(String, String)],
    /// Name of the column of values.
    column: &'a str,
}

impl Shape<'_> {
    fn write(&self, release: &Release, to: &mut dyn std::io::Write) -> std::io::Result<()> {
        let (by, column) = (self.by, self.column);
        match self.writer {
            Some(writer) => (writer.write)(release, to),
            None => {
                csv::tidy(release, to, Tidy { table_column: false, value_column: Some(column), variables: Some(by) })
            }
        }
    }
}

/// Where the table and the reports go; no path is standard output for the table.
struct Outputs<'a> {
    table: Option<&'a Path>,
    reports: Reports<'a>,
}

impl<'a> Outputs<'a> {
    fn of(args: &'a ProtectArgs) -> Result<Self, Fault> {
        let table = args.out.as_deref().filter(|path| !is_dash(path));
        let reports = Reports::of(&args.report, args.since.as_deref())?;
        if table.is_none() && reports.to_stdout() {
            return Err(Fault::usage("the table and the report can't both go to standard output")
                .help("give a file: --out FILE or --report FILE"));
        }
        Ok(Outputs { table, reports })
    }

    /// Those that are files.
    fn files(&self) -> impl Iterator<Item = &'a Path> {
        self.table.into_iter().chain(self.reports.files().map(PathBuf::as_path))
    }

    /// Writes both: files together or not at all, then what goes to standard output.
    fn write(&self, stage: Stage, outcome: &Outcome, shape: Shape, session: &Session) -> Result<(), Fault> {
        let (facts, said) = (facts(outcome, false), reports::said(outcome));
        let reporting = Reporting { facts: &facts, said: &said, since: self.reports.since.as_ref() };
        let mut items = Vec::new();
        if let (Some(path), Ok(release)) = (self.table, &outcome.release) {
            items.push(Item::public(path.to_owned(), move |to: &mut dyn std::io::Write| shape.write(release, to)));
        }
        items.extend(self.reports.files().map(|path| report_item(path, &reporting)));
        session.writing(|| stage.commit(items, &|| session.stopped()))?;
        let mut out = Vec::new();
        let filled = match (self.table, &outcome.release) {
            (None, Ok(release)) => shape.write(release, &mut out),
            _ if self.reports.to_stdout() => write_report(&Report::new(&facts), &mut out),
            _ => Ok(()),
        };
        filled.map_err(|e| Fault::internal(e.to_string()))?;
        session.put(&out)
    }
}

/// What came of it: to standard output, unless that holds the table or the report. Says no more than the table shows.
fn tell(outcome: &Outcome, outputs: &Outputs, session: &Session) {
    let shown = |warning: &&String| session.verbose || !outcome.confidential.contains(warning);
    outcome.warnings.iter().filter(shown).for_each(|warning| session.note(warning));
    if outcome.release.is_err() {
        session.error(&refusal::text(outcome, session.verbose));
    } else if outputs.table.is_some() && !outputs.reports.to_stdout() {
        let view = View { verbose: session.verbose, ..View::of(outcome) };
        session.say(&format!("{}: {}\n", outcome.audit.verdict.word(), summary::in_short(&view)));
        if session.verbose {
            session.say(&summary::confidential(&view));
        }
    }
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
    let method = instance::method(args.method.as_deref())?;
    let given = [
        ("--method", args.method.is_some()),
        ("--cost", args.cost.is_some()),
        ("--keep", !args.keep.is_empty()),
        ("--never-withhold", !args.never_withhold.is_empty()),
    ];
    if let (Some((option, _)), false) = (given.iter().find(|g| g.1), matches!(policy.plan, Plan::Suppress(_))) {
        return Err(Fault::usage(format!("{option} is about cells to be withheld, and this policy withholds none"))
            .help("what it does instead, and how, stands in the policy"));
    }
    let cost = args.cost.as_deref().map(cost).transpose()?;
    let keep = kept(args)?;
    let mut attacker = policy.attacker;
    for text in &args.attacker {
        attacker.set(text).map_err(|e| Fault::usage(e.to_string()))?;
    }
    if attacker.zeros_published && !policy.attacker.zeros_published {
        return Err(Fault::usage(
            "--attacker zeros-published=true: the rules let zeros be withheld, so nobody can know that",
        )
        .help("leave it out; or write zero=show in each rule"));
    }
    Ok(policy.amended(|p| {
        p.attacker = attacker;
        if let Some(kind) = kind {
            p.protection = kind;
        }
        if let Plan::Suppress(plan) = &mut p.plan {
            if args.method.is_some() {
                plan.method = method.to_owned();
            }
            if let Some(cost) = cost {
                plan.cost = cost;
            }
            plan.keep.extend(keep);
        }
    }))
}

/// What a withheld cell costs, by its spelling.
fn cost(text: &str) -> Result<Cost, Fault> {
    let fault = |why: String| Fault::usage(why).help(format!("there are: {}", Cost::spellings().join(", ")));
    text.parse().map_err(fault)
}

/// The cells that are to stay published.
fn kept(args: &ProtectArgs) -> Result<Vec<Keep>, Fault> {
    let all = args.keep.iter().map(|k| ("--keep", false, k));
    let all = all.chain(args.never_withhold.iter().map(|k| ("--never-withhold", true, k)));
    let keep = |(option, never, text): (&str, bool, &String)| {
        Ok(Keep {
            table: None,
            categories: categories(option, text, &args.by)?,
            never,
            line: format!("{option} {text}"),
        })
    };
    all.map(keep).collect()
}

/// `area=North,sex=f` as categories by variable. A comma that no variable follows is part of the code before it.
fn categories(option: &str, text: &str, by: &[String]) -> Result<Vec<(String, Vec<String>)>, Fault> {
    let mut all: Vec<(String, Vec<String>)> = Vec::new();
    for part in text.split(',') {
        let named = part.split_once('=').map(|(v, code)| (v.trim(), code)).filter(|(v, _)| by.iter().any(|b| b == v));
        match (named, all.last_mut().and_then(|last| last.1.last_mut())) {
            (Some((variable, code)), _) => all.push((variable.to_owned(), vec![code.to_owned()])),
            (None, Some(code)) => code.push_str(&format!(",{part}")),
            (None, None) => {
                return Err(Fault::usage(format!("{option} {text} does not name a variable of --by and a code"))
                    .help(format!("write VARIABLE=CODE; --by names: {}", by.join(", "))));
            }
        }
    }
    Ok(all)
}

/// The specification that the arguments amount to.
fn spec(args: &ProtectArgs, totals: &Totals, data: &Data) -> Result<Spec, Fault> {
    each_once("--by", &args.by)?;
    let variables: Result<Vec<Variable>, Fault> =
        args.by.iter().map(|name| variable(name, args, totals.code(name))).collect();
    let tables = if args.table.is_empty() { vec![args.by.join(",")] } else { args.table.clone() };
    let tables: Result<Vec<TableSpec>, Fault> =
        tables.iter().enumerate().map(|(i, vars)| table(i, vars, args)).collect();
    let input = Input {
        files: vec![data.path().to_owned()],
        unit: String::new(),
        person: None,
        contributor: args.contributor.clone(),
        id: args.id.clone(),
        record_key: args.record_key.clone(),
        count: args.count.clone(),
        // only where a row says how much it stands for can it stand for others
        total_rows: match args.count.is_some() || args.value.is_some() {
            true => TotalRows::Checked,
            false => TotalRows::Refused,
        },
        total_guessed: totals.none_for_all(),
        totals_given: totals.given(),
        ..Input::default()
    };
    Ok(Spec {
        path: PathBuf::new(),
        title: title(data),
        reference: None,
        source: None,
        policy: None,
        key: args.key.clone().map(KeySource::File),
        input,
        variables: variables?,
        tables: tables?,
        facts: Default::default(),
        closing: Vec::new(),
        answer: None,
        fingerprint: String::new(),
        warnings: Default::default(),
    })
}

/// The title of the table: the name of the data without folder and extension, which are nobody's business.
fn title(data: &Data) -> String {
    let name = data.name();
    let stem = Path::new(&name).file_stem().map(|s| s.to_string_lossy().into_owned());
    stem.unwrap_or(name)
}

fn variable(name: &str, args: &ProtectArgs, total: &str) -> Result<Variable, Fault> {
    let classes = match hierarchy::file(&args.hierarchy, &args.by, name)? {
        Some(file) => Classes::HierarchyFile(file.to_owned()),
        None => Classes::Found,
    };
    let total = total.to_owned();
    Ok(Variable {
        name: name.to_owned(),
        label: name.to_owned(),
        source: Source::Column(name.to_owned()),
        classes,
        missing: Missing::Error,
        other: Missing::Error,
        total: total.clone(),
        total_across: total.clone(),
        total_code: total,
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
        keep: Vec::new(),
        line: 0,
    })
}
