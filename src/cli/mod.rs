//! The binary's own: one file per command, exit codes, terminal output.

mod args;
mod argus;
mod audit;
mod check;
mod compare;
mod exit;
mod explain;
mod fault;
mod fence;
mod guard;
mod hierarchy;
mod init;
mod input;
mod instance;
mod policy;
mod progress;
mod protect;
mod release;
mod reports;
mod session;
mod show;
mod total;
mod warden;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{ArgusCommand, Cli, Command};
use session::Session;
use tabsafe::diag::{is_plain, visible};

/// Parses the command line, runs the command, and turns what came of it into an exit code.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            match error.use_stderr() && session::asked_for_json(std::env::args()) {
                true => session::log_error(exit::USAGE, &error.to_string()),
                false if !is_plain(&error.render().to_string()) => {
                    eprint!("{}", visible(&error.render().to_string()));
                }
                false => drop(error.print()),
            }
            return ExitCode::from(if error.use_stderr() { exit::USAGE } else { exit::SAFE });
        }
    };
    if let Some(code) = warden::over(&cli) {
        return code;
    }
    let session = Session::new(&cli);
    fence::silence(session.ending());
    let done = fence::fenced(|| work(cli.command, &session));
    let done = done.and_then(|code| session.heard().map(|()| code));
    ExitCode::from(done.unwrap_or_else(|fault| {
        session.fault(&fault);
        fault.code
    }))
}

/// Runs the command.
fn work(command: Command, session: &Session) -> Result<u8, fault::Fault> {
    match command {
        Command::Release(args) => release::run(&args, session),
        Command::Protect(args) => protect::run(&args, session),
        Command::Audit(args) => audit::run(&args, session),
        Command::Argus(ArgusCommand::Run(args)) => argus::run(&args, session),
        Command::Check(args) => check::run(&args, session),
        Command::Init(args) => init::run(&args, session),
        Command::Policy(command) => policy::run(&command, session),
        Command::Explain { name } => explain::run(name.as_deref(), session),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "tabsafe", &mut script);
            session.put(&script).map(|()| exit::SAFE)
        }
    }
}
