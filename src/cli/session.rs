//! What all commands share: output streams, colours, threads, interruption, progress.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use tabsafe::diag::reason;

use super::args::{Cli, Color};
use super::fault::Fault;

/// One run of the program.
pub struct Session {
    /// Whether standard output shows colours.
    pub color: bool,
    /// Whether confidential details may be shown.
    pub verbose: bool,
    quiet: bool,
    stopped: Arc<AtomicBool>,
    /// Why standard output took no more.
    lost: OnceLock<io::Error>,
}

impl Session {
    /// Sets up threads and the answer to Ctrl-C.
    pub fn new(cli: &Cli) -> Self {
        if let Some(threads) = cli.threads {
            // the pools of both libraries are made on first use, and only once
            let _ = rayon::ThreadPoolBuilder::new().num_threads(threads.max(1)).build_global();
        }
        let stopped = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stopped);
        // without a handler Ctrl-C still ends the program; only temporary files would stay
        let _ = ctrlc::set_handler(move || {
            if flag.swap(true, Ordering::SeqCst) {
                std::process::exit(130);
            }
        });
        let color = match cli.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
        };
        Session { color, verbose: cli.verbose, quiet: cli.quiet, stopped, lost: OnceLock::new() }
    }

    /// Whether somebody pressed Ctrl-C.
    pub fn stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    /// Set when somebody presses Ctrl-C.
    pub fn stop(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stopped)
    }

    /// Writes to standard output, unless asked to be quiet. A closed pipe is no fault; see [`Session::heard`].
    pub fn say(&self, text: &str) {
        if self.quiet {
            return;
        }
        let mut out = io::stdout();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => self.lost.get_or_init(|| error),
            _ => return,
        };
    }

    /// Whether standard output took all that was said.
    ///
    /// # Errors
    /// Why it did not: a table that nobody received must not count as a success.
    pub fn heard(&self) -> Result<(), Fault> {
        match self.lost.get() {
            None => Ok(()),
            Some(error) => Err(Fault::usage(format!("{} for standard output", reason(error)))
                .help("what was printed is not complete: run again with room for it, or into another file")),
        }
    }

    /// Writes to standard error.
    pub fn error(&self, text: &str) {
        let _ = std::io::stderr().write_all(text.as_bytes());
    }

    /// The moment at which a time limit ends; limits that make no sense are none.
    pub fn deadline(&self, seconds: Option<f64>) -> Option<Instant> {
        let limit = Duration::try_from_secs_f64(seconds?).ok()?;
        Instant::now().checked_add(limit)
    }

    /// A line that shows the stage at work, on a terminal only.
    pub fn progress(&self) -> ProgressBar {
        let visible = !self.quiet && std::io::stderr().is_terminal();
        let bar = if visible { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }
}
