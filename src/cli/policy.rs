//! `tabsafe policy`: the policies that ship, and whether one holds.

use tabsafe::policy::{PRESETS, Policy};

use super::args::PolicyCommand;
use super::exit;
use super::fault::Fault;
use super::session::Session;

/// Runs the command.
pub fn run(command: &PolicyCommand, session: &Session) -> Result<u8, Fault> {
    match command {
        PolicyCommand::List => {
            for preset in PRESETS {
                session.say(&format!("{:<22} {}\n", preset.name, preset.load()?.title));
            }
        }
        PolicyCommand::Show { name } => match PRESETS.iter().find(|p| p.name == name) {
            Some(preset) => session.say(preset.text),
            None => {
                return Err(Policy::load(name)
                    .map_or_else(Fault::from, |_| Fault::usage(format!("{name} is a file: read it there"))));
            }
        },
        PolicyCommand::Check { files } => {
            let mut wrong = Vec::new();
            for file in files {
                match Policy::load(file) {
                    Ok(policy) => session.say(&format!("{file}: holds ({}, version {})\n", policy.id, policy.version)),
                    Err(error) => wrong.push(Fault::from(error)),
                }
            }
            if !wrong.is_empty() {
                return Err(Fault::all(wrong));
            }
        }
    }
    Ok(exit::SAFE)
}
