//! The work runs in a process of its own, so that nothing it dies of goes without a word: memory that runs out, a fault in a
//! library that no language can catch.
//!
//! This process starts the program once more with the same arguments, hands on signals, and waits. The worker ends with this
//! process, whatever ends it. Where no second process can be had, and on other systems than Linux, the work is done here.

use std::process::ExitCode;

use super::args::{Cli, Command};

/// Tells a worker whose it is. Not for users.
const WORKER: &str = "TABSAFE_WORKER";

/// Whether a command reads data, and so may need more than there is.
fn is_work(command: &Command) -> bool {
    !matches!(command, Command::Policy(_) | Command::Explain { .. } | Command::Completions { .. })
}

/// Has the command done by a worker; `None`: it is to be done here.
pub fn over(cli: &Cli) -> Option<ExitCode> {
    is_work(&cli.command).then(|| system::over(cli)).flatten()
}

#[cfg(target_os = "linux")]
mod system {
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Child, ExitCode, ExitStatus};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use nix::sys::prctl::set_pdeathsig;
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::{Pid, getppid};

    use super::super::exit;
    use super::super::fault::Fault;
    use super::super::session::Session;
    use super::{Cli, WORKER};

    /// A worker that was asked to end and has not after so long is ended.
    const PATIENCE: Duration = Duration::from_secs(5);
    /// Handles that reading and writing may need at once.
    const HANDLES: usize = 24;
    /// Kilobytes of address space without which nothing works, and those of each thread in addition.
    const LEAST: u64 = 256 << 10;
    const THREAD: u64 = 4 << 10;

    pub fn over(cli: &Cli) -> Option<ExitCode> {
        if let Some(parent) = std::env::var_os(WORKER) {
            // whoever waits for the work has gone: nobody hears of it any more
            let _ = set_pdeathsig(Signal::SIGKILL);
            let orphan = parent.to_str().and_then(|p| p.parse().ok()).is_some_and(|p| getppid() != Pid::from_raw(p));
            return orphan.then(|| ExitCode::from(exit::INCONCLUSIVE));
        }
        let session = Session::speaking(cli);
        if let Err(fault) = short(cli.threads) {
            session.fault(&fault);
            return Some(ExitCode::from(fault.code));
        }
        let mut command = std::process::Command::new("/proc/self/exe");
        command.args(std::env::args_os().skip(1)).env(WORKER, std::process::id().to_string());
        // what a library says of its own end is of no use to anybody
        command.env("RUST_BACKTRACE", "0");
        let stopped = Arc::new(AtomicBool::new(false));
        let worker = command.spawn().ok()?;
        hand_on(&worker, &stopped);
        let ended = wait(worker)?;
        Some(match (ended.code(), stopped.load(Ordering::SeqCst)) {
            (Some(code), _) => ExitCode::from(u8::try_from(code).unwrap_or(exit::INTERNAL)),
            (None, true) => told(&session, &Fault::interrupted()),
            (None, false) => told(&session, &died(ended)),
        })
    }

    fn wait(mut worker: Child) -> Option<ExitStatus> {
        worker.wait().ok()
    }

    fn told(session: &Session, fault: &Fault) -> ExitCode {
        session.fault(fault);
        ExitCode::from(fault.code)
    }

    /// Hands on Ctrl-C and the like.
    fn hand_on(worker: &Child, stopped: &Arc<AtomicBool>) {
        let Ok(pid) = i32::try_from(worker.id()).map(Pid::from_raw) else { return };
        let stopped = Arc::clone(stopped);
        let _ = ctrlc::set_handler(move || {
            let first = !stopped.swap(true, Ordering::SeqCst);
            let _ = kill(pid, Signal::SIGTERM);
            if first {
                // this process ends with the worker, and that thread with this process
                let late = move || {
                    std::thread::sleep(PATIENCE);
                    let _ = kill(pid, Signal::SIGKILL);
                };
                let _ = std::thread::Builder::new().spawn(late);
            }
        });
    }

    /// What a worker died of.
    fn died(ended: ExitStatus) -> Fault {
        let signal = ended.signal().unwrap_or_default();
        let limited = limit("Max address space").or_else(|| limit("Max data size"));
        match (signal, limited) {
            (9, _) => Fault::new(
                exit::INCONCLUSIVE,
                "the system ended the work, as it does where memory runs out; nothing was written",
            )
            .help("make the tables smaller (fewer or larger groups), or give it more memory"),
            (_, Some(bytes)) => Fault::new(
                exit::INCONCLUSIVE,
                format!("the memory of {} MB that the system allows is not enough; nothing was written", bytes >> 20),
            )
            .help("raise the limit (ulimit -v), use fewer threads (--threads 1), or make the tables smaller"),
            _ => Fault::internal(format!("a library ended the work (signal {signal}); nothing was written")),
        }
    }

    /// A limit of this process in bytes; `None`: there is none.
    fn limit(name: &str) -> Option<u64> {
        let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
        let line = limits.lines().find_map(|l| l.strip_prefix(name))?;
        line.split_whitespace().next()?.parse().ok()
    }

    /// Refuses to begin where memory or handles will not be enough for any work.
    ///
    /// # Errors
    /// What there is too little of, and what to do.
    fn short(threads: Option<usize>) -> Result<(), Fault> {
        let threads = threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
        let needed = LEAST + THREAD * threads as u64;
        if let Some(bytes) = limit("Max address space").filter(|bytes| bytes >> 10 < needed) {
            let message = format!(
                "the system allows {} MB of memory, and {} MB are the least for {threads} threads; nothing was done",
                bytes >> 20,
                needed >> 10
            );
            let help = "raise the limit (ulimit -v), or use fewer threads: --threads 1";
            return Err(Fault::new(exit::INCONCLUSIVE, message).help(help));
        }
        let handles: Vec<_> = (0..HANDLES).map_while(|_| std::fs::File::open("/dev/null").ok()).collect();
        if handles.len() < HANDLES {
            let message = format!(
                "the system allows {} more open files, and {HANDLES} are the least; nothing was done",
                handles.len()
            );
            return Err(Fault::new(exit::INCONCLUSIVE, message).help("raise the limit: ulimit -n 64"));
        }
        Ok(())
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::process::ExitCode;

    use super::Cli;

    pub fn over(_: &Cli) -> Option<ExitCode> {
        None
    }
}
