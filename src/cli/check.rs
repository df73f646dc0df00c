//! `tabsafe check`: may this drafted answer go out?

mod fix;
mod human;
mod input;
mod json;
mod junit;
mod questions;
mod sarif;
mod tables;
mod watch;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tabsafe::check::{Draft, Layout, Options, Outcome, Verdict, check};
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

/// What was read, what came of it, and the policy by which it was judged.
struct Checked {
    drafts: Vec<Draft>,
    outcome: Outcome,
    policy: Policy,
}

/// Runs the command.
pub fn run(args: &CheckArgs, session: &Session) -> Result<u8, Fault> {
    let policy = policy(args.policy.as_deref())?;
    let layout = args.layout.as_deref().map(layout).transpose()?;
    let markers: BTreeMap<_, _> = args.marker.iter().map(|m| parse_marker(m)).collect::<Result<_, _>>()?;
    let answers = questions::answers(args)?;
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
            remedies: true,
            solver: &solver,
        };
        let outcome = check(&drafts, &options);
        drop(options);
        Ok(Checked { drafts, outcome, policy })
    };
    let Ended::Done(checked) = watch::over(session, None, work)? else { return Err(Fault::interrupted()) };
    let Checked { drafts, outcome, policy } = checked?;
    input::notes(&drafts, session);
    questions::known(&outcome)?;
    if let Some(path) = &args.save_layout {
        save(path, &outcome.layout.to_text())?;
    }
    if let Some(targets) = &targets {
        fix::write(targets, &outcome, session)?;
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
    let verbose = session.verbose;
    match args.format.as_str() {
        "json" => session.put(visible_json(&json::text(outcome, drafts)).as_bytes()),
        "sarif" => session.put(visible_json(&sarif::text(outcome, drafts)).as_bytes()),
        "junit" => session.put(visible(&junit::text(outcome, drafts)).as_bytes()),
        _ => session.put_drawn(&|color| human::text(&human::View { outcome, drafts, policy, verbose, color })),
    }
}

/// The policy that is asked for; without one a threshold of 5.
fn policy(name: Option<&str>) -> Result<Policy, Fault> {
    match name {
        Some(name) => Ok(Policy::load(name)?),
        None => Ok(Policy::with_rules(&[DEFAULT_RULE])?.amended(|p| {
            p.title = "no policy named: a threshold of 5".to_owned();
            p.rules.iter_mut().for_each(|r| r.line = "no --policy: a threshold of 5".to_owned());
        })),
    }
}

fn layout(path: &Path) -> Result<Layout, Fault> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|e| Fault::from(Diagnostics::unreadable(&name, &e)))?;
    let layout = Layout::from_text(&name, &text)?;
    for (sign, meaning) in &layout.markers {
        parse_marker(&format!("{sign}={meaning}"))
            .map_err(|e| Fault::usage(format!("{name}: {}", e.message)).help(e.help.unwrap_or_default()))?;
    }
    Ok(layout)
}

fn save(path: &Path, text: &str) -> Result<(), Fault> {
    std::fs::write(path, text).map_err(|e| {
        Fault::usage(format!("cannot write {}: {}", path.display(), tabsafe::diag::reason(&e)))
            .help("name another file")
    })
}

/// The exit code of a verdict.
fn code(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Safe => exit::SAFE,
        Verdict::Unsafe => exit::UNSAFE,
        Verdict::NotUnderstood | Verdict::Question => exit::DATA,
        Verdict::Inconclusive => exit::INCONCLUSIVE,
    }
}
