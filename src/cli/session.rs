//! What all commands share: output streams, colours, threads, interruption, progress.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};
use tabsafe::diag::{Look, is_plain, reason, visible, visible_json};

use super::args::{Cli, Color, LogFormat};
use super::fault::Fault;
use super::fence;
use super::guard::Guard;

/// Columns of a terminal that does not say how many it has.
const WIDTH: usize = 100;
/// Lines are never broken before so many columns, and not drawn longer than so many.
const NARROW: usize = 48;
const WIDE: usize = 160;

/// Signals that come together are one.
const ONE_PRESS: Duration = Duration::from_millis(60);

/// One run of the program.
pub struct Session {
    /// Whether standard output shows colours.
    color: bool,
    /// Whether confidential details may be shown.
    pub verbose: bool,
    /// How faults in files are shown.
    pub look: Look,
    quiet: bool,
    /// Whether standard error holds lines of JSON.
    json: bool,
    began: Instant,
    stopped: Arc<AtomicBool>,
    /// Why standard output took no more.
    lost: OnceLock<io::Error>,
    /// Ends the program where its work does not.
    guard: Guard,
}

impl Session {
    /// Sets up threads and the answer to Ctrl-C.
    pub fn new(cli: &Cli) -> Self {
        let session = Session {
            color: shows_colors(cli.color, io::stdout().is_terminal()),
            look: look(cli.log_format == LogFormat::Human && shows_colors(cli.color, io::stderr().is_terminal())),
            verbose: cli.verbose,
            quiet: cli.quiet,
            json: cli.log_format == LogFormat::Json,
            ..Session::plain()
        };
        if let Some(threads) = cli.threads {
            // the pools are made on first use, and only once
            if rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().is_err() {
                session.ending()(&fence::exhausted());
            }
            if !tabsafe::read::bound_threads(threads) {
                session.note("reading uses as many threads as POLARS_MAX_THREADS says, or all");
            }
        }
        let (flag, guard) = (Arc::clone(&session.stopped), session.guard.clone());
        if !session.guard.watch(session.ending()) {
            session.ending()(&fence::exhausted());
        }
        let end = session.ending();
        // without a handler Ctrl-C still ends the program; only temporary files would stay, for the next run to clear
        let _ = ctrlc::set_handler(move || {
            // a second one does not wait for files that are put in place: what stands there is whole at any moment. A terminal and
            // the process that waits for this one may both tell of the first
            if flag.swap(true, Ordering::SeqCst) && guard.stopped_since().is_some_and(|since| since > ONE_PRESS) {
                end(&Fault { code: 130, ..Fault::interrupted() });
            }
            guard.stop();
        });
        session
    }

    /// Says what happened, removes what is private, and ends the program.
    pub fn ending(&self) -> impl Fn(&Fault) + Send + 'static {
        let (json, look, began) = (self.json, self.look, self.began);
        let line = self.shows_progress();
        move |fault| {
            if line {
                let _ = io::stderr().write_all(b"\r\x1b[2K");
            }
            say_fault(fault, look, json.then_some(began));
            tabsafe::write::abandon();
            std::process::exit(i32::from(fault.code));
        }
    }

    /// Only speaks: without threads, answers to signals and an end of its own.
    pub fn speaking(cli: &Cli) -> Self {
        Session {
            look: look(cli.log_format == LogFormat::Human && shows_colors(cli.color, io::stderr().is_terminal())),
            json: cli.log_format == LogFormat::Json,
            ..Session::plain()
        }
    }

    /// Without colours, terminal or threads of its own.
    pub fn plain() -> Self {
        Session {
            color: false,
            verbose: false,
            look: Look::Plain,
            quiet: false,
            json: false,
            began: Instant::now(),
            stopped: Arc::default(),
            lost: OnceLock::new(),
            guard: Guard::default(),
        }
    }

    /// Puts files in place, which nothing interrupts.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn writing<T, E>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.guard.writing(work)
    }

    /// Whether somebody pressed Ctrl-C.
    pub fn stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    /// Set when somebody presses Ctrl-C.
    pub fn stop(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stopped)
    }

    /// Writes to standard output, unless asked to be quiet; see [`Session::heard`].
    pub fn say(&self, text: &str) {
        if !self.quiet {
            self.write(visible(text).as_bytes());
        }
    }

    /// Writes words that were asked for to standard output, quiet or not.
    ///
    /// # Errors
    /// What kept them from being written whole.
    pub fn put_text(&self, text: &str) -> Result<(), Fault> {
        self.write(visible(text).as_bytes());
        self.heard()
    }

    /// What was drawn, in colours where those are shown and nothing else in it would steer a terminal: text from data that
    /// has colours of its own is shown without any.
    fn drawn(&self, draw: &dyn Fn(bool) -> String) -> String {
        let plain = draw(false);
        if self.color && is_plain(&plain) { draw(true) } else { visible(&plain) }
    }

    /// Writes what `draw` makes, with colours or without, to standard output, unless asked to be quiet.
    pub fn say_drawn(&self, draw: &dyn Fn(bool) -> String) {
        if !self.quiet {
            self.write(self.drawn(draw).as_bytes());
        }
    }

    /// The same, quiet or not.
    ///
    /// # Errors
    /// What kept it from being written whole.
    pub fn put_drawn(&self, draw: &dyn Fn(bool) -> String) -> Result<(), Fault> {
        self.write(self.drawn(draw).as_bytes());
        self.heard()
    }

    /// Writes what was asked for to standard output, quiet or not: the bytes of a file as they are, but for what would steer a
    /// terminal, where there is one.
    ///
    /// # Errors
    /// What kept it from being written whole.
    pub fn put(&self, bytes: &[u8]) -> Result<(), Fault> {
        match std::str::from_utf8(bytes) {
            Ok(text) if io::stdout().is_terminal() => self.write(visible(text).as_bytes()),
            _ => self.write(bytes),
        }
        self.heard()
    }

    /// The only way to standard output. A closed pipe is no fault, a full disk is one.
    fn write(&self, bytes: &[u8]) {
        // how fast a reader takes it is no matter of a time limit
        self.guard.answered();
        let mut out = io::stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
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
        match self.json {
            true => self.write_log(json!({"event": "error", "message": text.trim_end()})),
            false => drop(io::stderr().write_all(visible(text).as_bytes())),
        }
    }

    /// Says what ended the program.
    pub fn fault(&self, fault: &Fault) {
        say_fault(fault, self.look, self.json.then_some(self.began));
    }

    /// Says on standard error what a person should know, unless asked to be quiet.
    pub fn note(&self, text: &str) {
        match self.json {
            true => self.log(json!({"event": "note", "message": text})),
            false if self.quiet => {}
            false => self.error(&format!("note: {text}\n")),
        }
    }

    /// Says on standard error what is allowed but unwise, unless asked to be quiet.
    pub fn warn(&self, text: &str) {
        if !self.quiet {
            self.error(text);
        }
    }

    /// The same for what was drawn in colours.
    pub fn warn_drawn(&self, text: &str) {
        if !self.quiet {
            let _ = io::stderr().write_all(text.as_bytes());
        }
    }

    /// Whether standard error is to hold lines of JSON.
    pub fn logs_json(&self) -> bool {
        self.json
    }

    /// A line of JSON on standard error, unless asked to be quiet.
    pub fn log(&self, record: Value) {
        if !self.quiet {
            self.write_log(record);
        }
    }

    fn write_log(&self, record: Value) {
        write_record(record, Some(self.began.elapsed().as_secs_f64()));
    }

    /// The moment at which a time limit ends; limits that make no sense are none. Work that goes on after it is ended.
    pub fn deadline(&self, seconds: Option<f64>) -> Option<Instant> {
        let limit = Duration::try_from_secs_f64(seconds?).ok()?;
        self.guard.limit(limit);
        Instant::now().checked_add(limit)
    }

    /// Columns of the terminal; where there is none, what COLUMNS says or [`WIDTH`].
    pub fn width(&self) -> usize {
        let said = || std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
        let columns = terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
        columns.or_else(said).unwrap_or(WIDTH).clamp(NARROW, WIDE)
    }

    /// Whether a line shows the work: on a terminal only.
    pub fn shows_progress(&self) -> bool {
        !self.quiet && !self.json && io::stderr().is_terminal()
    }
}

/// The day of today in Greenwich, `2026-01-31`.
pub fn today() -> String {
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |d| d.as_secs());
    date(seconds / 86_400)
}

/// The date so many days after 1 January 1970.
fn date(days: u64) -> String {
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let (mut year, mut left) = (1970, days);
    while left >= 365 + u64::from(leap(year)) {
        left -= 365 + u64::from(leap(year));
        year += 1;
    }
    let mut month = 1;
    for days in [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if left < days {
            break;
        }
        left -= days;
        month += 1;
    }
    format!("{year:04}-{month:02}-{:02}", left + 1)
}

/// Whether machines are to read standard error, for arguments that can't be parsed.
pub fn asked_for_json(args: impl Iterator<Item = String>) -> bool {
    let args: Vec<String> = args.collect();
    let apart = args.windows(2).any(|w| w[0] == "--log-format" && w[1] == "json");
    apart || args.iter().any(|a| a == "--log-format=json")
}

/// An error for machines before there is a session.
pub fn log_error(code: u8, message: &str) {
    write_record(json!({"event": "error", "exit": code, "message": message.trim_end()}), None);
}

/// Says what ended the program, for machines with the seconds since it began.
fn say_fault(fault: &Fault, look: Look, json: Option<Instant>) {
    let text = fault.text(look);
    let record = || json!({"event": "error", "exit": fault.code, "message": text.trim_end()});
    match json {
        Some(began) => write_record(record(), Some(began.elapsed().as_secs_f64())),
        // drawn in colours, and with nothing else that steers a terminal
        None => drop(io::stderr().write_all(text.as_bytes())),
    }
}

/// A record and the seconds since the beginning as a line of standard error.
fn write_record(mut record: Value, seconds: Option<f64>) {
    if let (Value::Object(fields), Some(seconds)) = (&mut record, seconds) {
        fields.insert("seconds".to_owned(), json!((seconds * 1e3).round() / 1e3));
    }
    let _ = io::stderr().write_all(visible_json(&format!("{record}\n")).as_bytes());
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

#[cfg(test)]
mod tests {
    use super::date;

    /// Leap years, the ends of months and of years.
    #[test]
    fn dates() {
        for (days, expect) in [
            (0, "1970-01-01"),
            (364, "1970-12-31"),
            (789, "1972-02-29"),
            (11_016, "2000-02-29"),
            (20_483, "2026-01-30"),
            (47_540, "2100-02-28"),
            (47_541, "2100-03-01"),
        ] {
            assert_eq!(date(days), expect);
        }
    }
}
