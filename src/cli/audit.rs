//! `tabsafe audit`: what can an intruder work out of a published table?

mod human;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use tabsafe::attack::Attacker;
use tabsafe::diag::visible_json;
use tabsafe::model::{CellId, Decimal, Verdict};
use tabsafe::perturb::{Perturbation, parse_perturbation};
use tabsafe::pipeline::{
    Finest, Judged, PublishedAudit, PublishedTotal, PublishedVariable, Replacing, Spread, audit_published, understand,
    verdict_of,
};
use tabsafe::read::{PublishedLayout, parse_marker, read_hierarchy, read_published};
use tabsafe::release::Figure;
use tabsafe::round::{Rounding, parse_rounding};
use tabsafe::solve::{Highs, Solver, Stoppable};
use tabsafe::{diag, perturb, round};

use super::args::AuditArgs;
use super::exit;
use super::fault::{Fault, each_once};
use super::hierarchy;
use super::input::Data;
use super::instance;
use super::session::Session;
use super::total::Totals;

/// Counts below this were to be hidden, unless the command line says otherwise.
const THRESHOLD: i64 = 5;

/// Runs the command.
pub fn run(args: &AuditArgs, session: &Session) -> Result<u8, Fault> {
    if instance::is_jj(&args.table) {
        return instance::audit(args, session);
    }
    needed(args)?;
    let input = Data::open(&args.table, session)?;
    let solver = Stoppable { solver: &Highs, stop: session.stop() };
    let found = audit(args, &input, &solver).map_err(|fault| input.named(fault));
    if session.stopped() {
        return Err(Fault::interrupted());
    }
    let found = found?;
    notes(&found.audit, &found.totals).iter().for_each(|note| session.note(note));
    let judged = found.judged();
    let verdict = verdict_of(&judged);
    let json = args.format == "json";
    let told = if json {
        visible_json(&to_json(&judged, &found, verdict))
    } else {
        let shown: Vec<CellId> =
            judged.iter().filter(|j| !j.protected && !j.open()).take(human::LEAKS).map(|j| j.cell.cell).collect();
        human::text(&human::View {
            audit: &found.audit,
            derivations: &found.audit.derivations(&shown, &solver)?,
            judged: &judged,
            by: &args.by,
            decimals: found.decimals,
            threshold: found.threshold,
            replaced: replaced(args),
            verdict,
            all: session.verbose,
        })
    };
    if session.stopped() {
        return Err(Fault::interrupted());
    }
    if json {
        session.put(told.as_bytes())?
    } else {
        session.put_text(&told)?
    }
    Ok(exit::of(verdict))
}

/// What a person should know about the file.
fn notes(audit: &PublishedAudit, totals: &Totals) -> Vec<String> {
    let without = audit.without_total.iter().map(|name| {
        let total = totals.code(name);
        format!("no line is a total of {name} (\"{total}\"); if there are any, say which code they have: --total {name}=CODE")
    });
    let absent = (audit.absent > 0).then(|| {
        let n = audit.absent;
        let (cells, are, them) = if n == 1 { ("cell", "is", "it") } else { ("cells", "are", "them") };
        format!(
            "{n} {cells} of the tables {are} not in the file: taken as not published, from 0 up; write {them} out if 0 \
             is meant"
        )
    });
    without.chain(absent).collect()
}

/// What came of an audit, with what its figures need to be read.
struct Found {
    audit: PublishedAudit,
    by: Vec<String>,
    totals: Totals,
    decimals: u32,
    threshold: Option<i64>,
}

impl Found {
    fn judged(&self) -> Vec<Judged<'_>> {
        self.audit.judged()
    }
}

/// What only a file that brings its own relations can do without.
fn needed(args: &AuditArgs) -> Result<(), Fault> {
    match (args.by.is_empty(), args.count.is_none() && args.value.is_none()) {
        (true, _) => Err(Fault::usage("--by is missing").help("name the variables of the table: --by region,sex,age")),
        (_, true) => Err(Fault::usage("--count or --value is missing").help("name the column of counts or magnitudes")),
        _ => Ok(()),
    }
}

/// Reads the table and attacks it.
fn audit(args: &AuditArgs, input: &Data, solver: &dyn Solver) -> Result<Found, Fault> {
    each_once("--by", &args.by)?;
    let magnitude = args.value.is_some();
    let attacker = attacker(&args.attacker, magnitude)?;
    let mut markers = BTreeMap::new();
    for marker in &args.marker {
        let (sign, meaning) = parse_marker(marker)?;
        if markers.insert(sign.clone(), meaning).is_some_and(|before| before != meaning) {
            return Err(Fault::usage(format!("--marker gives \"{sign}\" two meanings")));
        }
    }
    let totals = Totals::of(&args.total, &args.by)?;
    let variables: Vec<PublishedVariable> =
        args.by.iter().map(|name| variable(name, args, &totals)).collect::<Result<_, _>>()?;
    let column = args.count.as_deref().or(args.value.as_deref()).unwrap_or("count");
    let (rounding, noise) =
        (args.rounded.as_deref().map(rounding).transpose()?, args.perturbed.as_deref().map(perturbation).transpose()?);
    let layout = PublishedLayout {
        by: &args.by,
        value: column,
        magnitude,
        markers: &markers,
        rounded: rounding.is_some(),
        perturbed: noise.is_some(),
    };
    let mut table = read_published(input.path(), &layout)?;
    if let Some(method) = rounding {
        let finest = Finest::new(&variables, &table);
        let allows = |shown, codes: &[String], unit| method.allows(shown, finest.of(codes), unit);
        understand(&mut table, Replacing { spelling: &round::spelling(&*method), allows: &allows })?;
    }
    let threshold = (!magnitude).then(|| args.threshold.unwrap_or(THRESHOLD));
    let spread = noise.as_ref().map(|method| Spread::new(&**method, &table, threshold));
    if let Some(method) = noise {
        let allows = |shown, _: &[String], unit| method.allows(shown, unit);
        understand(&mut table, Replacing { spelling: &perturb::spelling(&*method), allows: &allows })?;
    }
    let mut audit = audit_published(&variables, &table, magnitude, threshold, attacker, solver)?;
    if let Some(spread) = spread {
        audit.average(&spread);
    }
    Ok(Found { audit, by: args.by.clone(), totals, decimals: table.decimals, threshold })
}

/// How figures were replaced, if they were.
fn replaced(args: &AuditArgs) -> Option<&'static str> {
    let noise = args.perturbed.is_some().then_some("perturbed");
    args.rounded.is_some().then_some("rounded").or(noise)
}

/// The method that `--rounded` names.
fn rounding(text: &str) -> Result<Box<dyn Rounding>, Fault> {
    parse_rounding(text).map_err(|fault| of_option("--rounded", fault))
}

/// The method that `--perturbed` names.
fn perturbation(text: &str) -> Result<Box<dyn Perturbation>, Fault> {
    parse_perturbation(text).map_err(|fault| of_option("--perturbed", fault))
}

/// A fault of what an option names.
fn of_option(option: &str, fault: diag::Fault) -> Fault {
    let told = Fault::usage(format!("{option}: {}", fault.message));
    match fault.help {
        Some(help) => told.help(help),
        None => told,
    }
}

/// The intruder that the arguments describe. What can have no effect on a published table is refused.
fn attacker(texts: &[String], magnitude: bool) -> Result<Attacker, Fault> {
    let mut attacker = Attacker::default();
    for text in texts {
        attacker.set(text).map_err(|e| Fault::usage(e.to_string()))?;
        let key = text.split('=').next().unwrap_or_default().trim();
        let why = match key {
            "prior" => "it is a percentage of the true values, which the published table does not hold",
            "own-contribution" | "coalition" => "who contributes how much to a cell is not in the published table",
            "zeros-published" if magnitude => "a withheld magnitude may be 0 in any case",
            _ => continue,
        };
        return Err(Fault::usage(format!("--attacker {key} has no effect on an audit: {why}")).help(
            "`tabsafe protect` and `tabsafe release` have the records, and a policy's [attacker] says what he knows",
        ));
    }
    Ok(attacker)
}

/// A variable with its hierarchy, if the arguments give it one.
fn variable(name: &str, args: &AuditArgs, totals: &Totals) -> Result<PublishedVariable, Fault> {
    let levels = match hierarchy::file(&args.hierarchy, &args.by, name)? {
        Some(file) => Some(read_hierarchy(file)?),
        None => None,
    };
    let total = PublishedTotal { code: totals.code(name).to_owned(), guessed: totals.is_guessed(name) };
    Ok(PublishedVariable { name: name.to_owned(), levels, total })
}

fn to_json(judged: &[Judged], found: &Found, verdict: Verdict) -> String {
    let figure =
        |end: Option<Decimal>| json!(end.map(|d| Figure { value: d.digits, decimals: found.decimals + d.places }));
    let cells: Vec<Value> = (judged.iter())
        .map(|j| {
            let by: Map<String, Value> = found.by.iter().cloned().zip(j.codes.iter().map(|c| json!(c))).collect();
            let i = j.cell.bounds;
            json!({"by": by, "lo": figure(i.lo), "hi": figure(i.hi), "exact": j.worked_out(), "protected": j.protected})
        })
        .collect();
    let exact = judged.iter().filter(|j| j.worked_out()).count();
    let narrow = judged.iter().filter(|j| !j.protected && !j.worked_out()).count();
    let summary = json!({"withheld": judged.len(), "exact": exact, "too_narrow": narrow, "verdict": verdict.word()});
    format!("{}\n", json!({"cells": cells, "summary": summary}))
}
