//! `tabsafe policy`: the policies that ship, whether one holds, and whether it does what its examples say.

use tabsafe::diag::Look;
use tabsafe::pipeline::{Tried, try_examples};
use tabsafe::policy::{PRESETS, Policy, lint, schema};

use super::args::PolicyCommand;
use super::exit;
use super::fault::{Fault, drawn};
use super::release::watched;
use super::session::{Session, today};

/// Runs the command.
pub fn run(command: &PolicyCommand, session: &Session) -> Result<u8, Fault> {
    match command {
        PolicyCommand::List => list(session),
        PolicyCommand::Show { name, effective: true } => {
            session.put(Policy::load(name)?.effective().as_bytes())?;
            Ok(exit::SAFE)
        }
        PolicyCommand::Show { name, effective: false } => show(name, session),
        PolicyCommand::Check { files, strict } => check(files, *strict, session),
        PolicyCommand::Test { files } => test(files, session),
        PolicyCommand::Schema => {
            session.put(schema::text().as_bytes())?;
            Ok(exit::SAFE)
        }
    }
}

fn list(session: &Session) -> Result<u8, Fault> {
    let width = PRESETS.iter().map(|p| p.name.len()).max().unwrap_or(0).max(22);
    for preset in PRESETS {
        session.say(&format!("{:<width$} {}\n", preset.name, preset.load()?.title));
    }
    Ok(exit::SAFE)
}

/// The text of a policy that ships.
fn show(name: &str, session: &Session) -> Result<u8, Fault> {
    match PRESETS.iter().find(|p| p.name == name) {
        Some(preset) => session.put(preset.text.as_bytes())?,
        None => {
            let help = "--effective shows everything that holds";
            return Err(Policy::load(name)
                .map_or_else(Fault::from, |_| Fault::usage(format!("{name} is a file: read it there")).help(help)));
        }
    }
    Ok(exit::SAFE)
}

/// Whether policies hold; warnings go to standard error, and are faults where that is asked for.
fn check(files: &[String], strict: bool, session: &Session) -> Result<u8, Fault> {
    let mut wrong = Vec::new();
    for file in files {
        let policy = match Policy::load(file) {
            Ok(policy) => policy,
            Err(error) => {
                wrong.push(Fault::from(error));
                continue;
            }
        };
        let warnings = lint::lint(&policy, Some(&today()));
        if strict && !warnings.is_empty() {
            wrong.push(Fault::from(warnings));
            continue;
        }
        if !warnings.is_empty() {
            match session.look {
                Look::Plain => {
                    warnings.to_string().lines().for_each(|line| session.warn(&format!("warning: {line}\n")))
                }
                look => session.warn_drawn(&drawn(&warnings, look)),
            }
        }
        session.say(&format!("{file}: holds ({}, version {}){}\n", policy.id, policy.version, changes(&policy)));
    }
    if wrong.is_empty() { Ok(exit::SAFE) } else { Err(Fault::all(wrong)) }
}

/// What a policy changes of the one that it extends.
fn changes(policy: &Policy) -> String {
    let Some(base) = &policy.base else { return String::new() };
    let list: String = base.changes.iter().map(|change| format!("\n  {change}")).collect();
    let what = if base.changes.is_empty() { "changes nothing" } else { "changes:" };
    format!("\n  extends {}, version {}; {what}{list}", base.id, base.version)
}

/// Whether examples come out as they say: exit code 1 where one does not.
fn test(files: &[String], session: &Session) -> Result<u8, Fault> {
    let mut failed = false;
    for file in files {
        let policy = Policy::load(file)?;
        let tried = watched(None, session, |options| try_examples(&policy, options))?;
        let wrong: Vec<&Tried> = tried.iter().filter(|t| !t.differences.is_empty()).collect();
        match (tried.len(), wrong.len()) {
            (0, _) => session.say(&format!("{file}: no examples\n")),
            (1, 0) => session.say(&format!("{file}: 1 example holds\n")),
            (all, 0) => session.say(&format!("{file}: {all} examples hold\n")),
            (all, 1) => session.put(format!("{file}: 1 of {all} examples fails\n").as_bytes())?,
            (all, some) => session.put(format!("{file}: {some} of {all} examples fail\n").as_bytes())?,
        }
        for tried in wrong {
            failed = true;
            let lines: String = tried.differences.iter().map(|d| format!("    {d}\n")).collect();
            session.put(format!("  {}: {}\n{lines}", tried.line, tried.name).as_bytes())?;
        }
    }
    Ok(if failed { exit::UNSAFE } else { exit::SAFE })
}
