//! `tabsafe check`: may this drafted answer go out?

mod changes;
mod fix;
mod human;
mod input;
mod json;
mod junit;
mod letter;
mod questions;
mod sarif;
mod tables;
mod watch;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use tabsafe::check::{Accept, AcceptError, Answers, Draft, Layout, Options, Outcome, Verdict, check};
use tabsafe::diag::{Diagnostics, visible, visible_json};
use tabsafe::policy::Policy;
use tabsafe::read::parse_marker;
use tabsafe::solve::{Highs, Stoppable};

use super::args::CheckArgs;
use super::exit;
use super::fault::Fault;
use super::input::is_dash;
use super::session::Session;
use watch::Ended;

/// The rule where no policy is named.
const DEFAULT_RULE: &str = "threshold(5)";

/// Places that a message names.
const PLACES: usize = 6;

/// What was read, what came of it, and the policy by which it was judged.
struct Checked {
    drafts: Vec<Draft>,
    outcome: Outcome,
    policy: Policy,
    /// The changed files that --fix asks for.
    fixed: Option<fix::Prepared>,
}

/// Runs the command.
pub fn run(args: &CheckArgs, session: &Session) -> Result<u8, Fault> {
    let policy = policy_of(args)?;
    let layout = args.layout.as_deref().map(layout).transpose()?;
    let markers: BTreeMap<_, _> = args.marker.iter().map(|m| parse_marker(m)).collect::<Result<_, _>>()?;
    let answers = questions::answers(args)?;
    let accept = args.accept.iter().map(|a| Accept::parse(a).map_err(refused)).collect::<Result<Vec<_>, _>>()?;
    let targets = fix::targets(args)?;
    let (files, accept_inferred) = (args.files.clone(), args.accept_inferred);
    let work = move |stop: Arc<AtomicBool>| -> Result<Checked, Fault> {
        let drafts = input::read(&files)?;
        let solver = Stoppable { solver: &Highs, stop };
        let options = Options {
            policy: &policy,
            layout: layout.as_ref(),
            markers,
            accept_inferred,
            answers,
            accept: &accept,
            remedies: true,
            solver: &solver,
        };
        let mut outcome = check(&drafts, &options);
        let texts: BTreeMap<_, _> =
            outcome.questions.iter().filter_map(|q| Some((q.asks.clone(), q.answer?))).collect();
        let again = |drafts: &[Draft]| {
            let mut answers = Answers::default();
            answers.texts = texts.clone();
            check(drafts, &Options { remedies: false, answers, ..options.clone() })
        };
        let originals = fix::Originals { files: &files, drafts: &drafts, again: &again };
        fix::keep_writable(&mut outcome, &originals);
        let fixed = targets.map(|t| fix::prepared(t, &outcome, &originals)).transpose()?;
        drop(options);
        Ok(Checked { drafts, outcome, policy, fixed })
    };
    let limit = args.time_limit.and_then(|s| Duration::try_from_secs_f64(s).ok());
    let Checked { drafts, outcome, policy, fixed } = match watch::over(session, limit, work)? {
        Ended::Done(checked) => checked?,
        Ended::TimeUp => {
            let named = |f: &PathBuf| Draft { name: input::name(f), ..Draft::default() };
            let drafts = args.files.iter().map(named).collect();
            Checked { drafts, outcome: Outcome::timed_out(), policy: policy_of(args)?, fixed: None }
        }
    };
    input::notes(&drafts, session);
    if outcome.verdict != Verdict::Inconclusive {
        questions::known(&outcome)?;
        fits(&outcome, &drafts)?;
    }
    if let Some(path) = &args.save_layout {
        fix::put(&[(path, outcome.layout.to_text().as_bytes())], session)?;
    }
    if let Some(path) = &args.changes {
        changes::write(path, args, &outcome, &drafts, session)?;
    }
    if let Some(fixed) = &fixed {
        fix::write(fixed, session)?;
        // what was asked for on standard output is the changed draft and nothing else
        if args.out.as_deref().is_some_and(is_dash) {
            return Ok(code(outcome.verdict));
        }
    }
    report(args, &drafts, &policy, &outcome, session)?;
    Ok(code(outcome.verdict))
}

/// Writes what came of it in the format that was asked for.
fn report(
    args: &CheckArgs,
    drafts: &[Draft],
    policy: &Policy,
    outcome: &Outcome,
    session: &Session,
) -> Result<(), Fault> {
    let (verbose, width) = (session.verbose, session.width());
    match args.format.as_str() {
        "json" => session.put(visible_json(&json::text(outcome, drafts)).as_bytes()),
        "sarif" => session.put(visible_json(&sarif::text(outcome, drafts)).as_bytes()),
        "junit" => session.put(visible(&junit::text(outcome, drafts)).as_bytes()),
        _ => session.put_drawn(&|color| human::text(&human::View { outcome, drafts, policy, verbose, color, width })),
    }
}

/// The policy that is asked for; without one a threshold of 5.
fn policy_of(args: &CheckArgs) -> Result<Policy, Fault> {
    let said = |n: i64| format!("--threshold {n}");
    match (&args.policy, args.threshold) {
        (Some(name), _) => Ok(Policy::load(name)?),
        (None, Some(n)) => Ok(Policy::with_rules(&[format!("threshold({n})")])?.amended(|p| {
            p.title = format!("a threshold of {n}");
            p.rules.iter_mut().for_each(|r| r.line = said(n));
        })),
        (None, None) => Ok(Policy::with_rules(&[DEFAULT_RULE])?.amended(|p| {
            p.title = "no policy named: a threshold of 5".to_owned();
            p.rules.iter_mut().for_each(|r| r.line = "no --policy: a threshold of 5".to_owned());
        })),
    }
}

fn layout(path: &Path) -> Result<Layout, Fault> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|e| Fault::from(Diagnostics::unreadable(&name, &e)))?;
    let layout = Layout::from_text(&name, &text)?;
    for accept in &layout.accept {
        Accept::from(accept).check().map_err(|e| Fault::usage(format!("{name}: {}", e.message)).help(e.help))?;
    }
    for (sign, meaning) in &layout.markers {
        parse_marker(&format!("{sign}={meaning}"))
            .map_err(|e| Fault::usage(format!("{name}: {}", e.message)).help(e.help.unwrap_or_default()))?;
    }
    Ok(layout)
}

/// What is wrong with an acceptance.
fn refused(error: AcceptError) -> Fault {
    Fault::usage(error.message).help(error.help)
}

/// Whether everything that is accepted was found.
///
/// # Errors
/// The first that fits nothing, with the places where there is such a finding.
fn fits(outcome: &Outcome, drafts: &[Draft]) -> Result<(), Fault> {
    let Some(first) = outcome.unfit.first() else { return Ok(()) };
    let places = outcome.places_of(&first.code, drafts);
    let help = match places.len() {
        0 => format!("nothing of the kind is found: leave --accept {}@… out", first.code),
        n => format!(
            "there is {} at: {}{}",
            first.code,
            places.iter().take(PLACES).cloned().collect::<Vec<_>>().join("; "),
            if n > PLACES { format!("; and {} more places", n - PLACES) } else { String::new() }
        ),
    };
    Err(Fault::usage(format!("there is no {} at \"{}\"", first.code, first.place)).help(help))
}

/// The exit code of a verdict.
fn code(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Safe | Verdict::SafeWithExceptions => exit::SAFE,
        Verdict::Unsafe => exit::UNSAFE,
        Verdict::NotUnderstood | Verdict::Question => exit::DATA,
        Verdict::Inconclusive => exit::INCONCLUSIVE,
    }
}
