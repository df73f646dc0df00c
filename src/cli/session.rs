//! What all commands share: output streams, colours, threads, interruption, progress.

use std::io::{ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use tabsafe::diag::Look;

use super::args::{Cli, Color};
use super::fault::Fault;

/// Columns of a terminal that does not say how many it has.
const WIDTH: usize = 100;

/// One run of the program.
pub struct Session {
    /// Whether standard output shows colours.
    pub color: bool,
    /// Whether confidential details may be shown.
    pub verbose: bool,
    /// How faults in files are shown.
    pub look: Look,
    quiet: bool,
    stopped: Arc<AtomicBool>,
    /// Copies of inputs, removed also when a second Ctrl-C ends the program at once.
    copies: Arc<Mutex<Vec<PathBuf>>>,
}

impl Session {
    /// Sets up threads and the answer to Ctrl-C.
    pub fn new(cli: &Cli) -> Self {
        let session = Session {
            color: shows_colors(cli.color, std::io::stdout().is_terminal()),
            look: look(shows_colors(cli.color, std::io::stderr().is_terminal())),
            verbose: cli.verbose,
            quiet: cli.quiet,
            ..Session::plain()
        };
        if let Some(threads) = cli.threads {
            // the pools are made on first use, and only once
            let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
            if !tabsafe::read::bound_threads(threads) {
                session.note("reading uses as many threads as POLARS_MAX_THREADS says, or all");
            }
        }
        let (flag, copies) = (Arc::clone(&session.stopped), Arc::clone(&session.copies));
        // without a handler Ctrl-C still ends the program; only temporary files would stay
        let _ = ctrlc::set_handler(move || {
            if flag.swap(true, Ordering::SeqCst) {
                for copy in copies.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                    let _ = std::fs::remove_file(copy);
                }
                std::process::exit(130);
            }
        });
        session
    }

    /// Without colours, terminal or threads of its own.
    pub fn plain() -> Self {
        Session {
            color: false,
            verbose: false,
            look: Look::Plain,
            quiet: false,
            stopped: Arc::default(),
            copies: Arc::default(),
        }
    }

    /// Whether somebody pressed Ctrl-C.
    pub fn stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    /// Has a copy of an input removed even if the program ends without further ado.
    pub fn remove_on_exit(&self, copy: &Path) {
        self.copies.lock().unwrap_or_else(PoisonError::into_inner).push(copy.to_owned());
    }

    /// Writes to standard output, unless asked to be quiet. A closed pipe is no fault.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            let _ = std::io::stdout().write_all(text.as_bytes());
        }
    }

    /// Writes what was asked for to standard output, quiet or not. A closed pipe is no fault, a full disk is one.
    ///
    /// # Errors
    /// What kept it from being written whole.
    pub fn put(&self, bytes: &[u8]) -> Result<(), Fault> {
        let mut out = std::io::stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            Err(e) if e.kind() != ErrorKind::BrokenPipe => {
                Err(Fault::usage(format!("can't write to standard output: {e}")))
            }
            _ => Ok(()),
        }
    }

    /// Writes to standard error.
    pub fn error(&self, text: &str) {
        let _ = std::io::stderr().write_all(text.as_bytes());
    }

    /// Says on standard error what a person should know, unless asked to be quiet.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.error(&format!("note: {text}\n"));
        }
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

/// Whether a stream shows colours.
fn shows_colors(color: Color, terminal: bool) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
    }
}

/// Faults are drawn where colours are shown, and told line by line elsewhere, as other programs read them.
fn look(color: bool) -> Look {
    let columns = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
    if color { Look::Graphical { color, width: columns.unwrap_or(WIDTH) } } else { Look::Plain }
}
