//! The binary's own: one file per command, exit codes, terminal output.

mod args;
mod audit;
mod check;
mod exit;
mod explain;
mod fault;
mod hierarchy;
mod init;
mod input;
mod instance;
mod policy;
mod protect;
mod release;
mod session;
mod show;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Cli, Command};
use session::Session;

/// Parses the command line, runs the command, and turns what came of it into an exit code.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { exit::USAGE } else { exit::SAFE });
        }
    };
    let session = Session::new(&cli);
    let done = match cli.command {
        Command::Release(args) => release::run(&args, &session),
        Command::Protect(args) => protect::run(&args, &session),
        Command::Audit(args) => audit::run(&args, &session),
        Command::Check(args) => check::run(&args, &session),
        Command::Init(args) => init::run(&args, &session),
        Command::Policy(command) => policy::run(&command, &session),
        Command::Explain { name } => explain::run(name.as_deref(), &session),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "tabsafe", &mut script);
            session.put(&script).map(|()| exit::SAFE)
        }
    };
    let done = done.and_then(|code| session.heard().map(|()| code));
    ExitCode::from(done.unwrap_or_else(|fault| {
        session.error(&fault.text(session.look));
        fault.code
    }))
}
