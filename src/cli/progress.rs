//! Progress of long work: a line on a terminal, lines of JSON for machines, nothing in a pipe.
//!
//! How many cells are attacked and what a choice of cells costs follow from withheld values: without `--verbose` only the
//! stages are shown.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use serde_json::{Value, json};
use tabsafe::model::{Event, Standing};

use super::session::Session;

/// The line while nothing is counted.
const PLAIN: &str = "{spinner} {prefix} {elapsed}{limit}";
/// The line with a bar and the time left.
const COUNTED: &str = "{spinner} {prefix} [{bar:24}] {pos}/{len} {msg} {elapsed}{left}{limit}";
/// Machines are told of steps this often at most.
const PAUSE: Duration = Duration::from_secs(1);
/// So is a person.
const BLINK: Duration = Duration::from_millis(80);

/// What is shown while a pipeline works.
pub struct Progress<'s> {
    session: &'s Session,
    bar: ProgressBar,
    deadline: Option<Instant>,
    /// Whether somebody sees the line.
    visible: bool,
    pace: Mutex<Pace>,
}

/// How often those who wait are told.
#[derive(Default)]
struct Pace {
    /// When steps were told last.
    last: Option<Instant>,
    /// What a search has found since.
    found: Option<Standing>,
}

impl Pace {
    /// What a machine is to be told now: stages at once, steps once in a while and with them what a search has found.
    fn take(&mut self, event: Event) -> Vec<Event> {
        match event {
            Event::Search(standing) if !self.is_due(PAUSE) => {
                self.found = Some(standing);
                Vec::new()
            }
            Event::Search(_) => {
                self.found = None;
                vec![event]
            }
            Event::Steps { .. } if !self.is_due(PAUSE) => Vec::new(),
            Event::Steps { .. } | Event::Stage(_) => {
                self.found.take().map(Event::Search).into_iter().chain([event]).collect()
            }
        }
    }

    fn is_due(&mut self, pause: Duration) -> bool {
        let due = self.last.is_none_or(|l| l.elapsed() >= pause);
        if due {
            self.last = Some(Instant::now());
        }
        due
    }
}

impl<'s> Progress<'s> {
    /// Begins. `deadline`: the moment at which a time limit ends.
    pub fn new(session: &'s Session, deadline: Option<Instant>) -> Self {
        let visible = session.shows_progress();
        let bar = if visible { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        let progress = Progress { session, bar, deadline, visible, pace: Mutex::default() };
        if visible {
            progress.bar.set_style(progress.style(PLAIN));
            progress.bar.enable_steady_tick(Duration::from_millis(200));
        }
        progress
    }

    /// Shows an event. May be called from several threads.
    pub fn tell(&self, event: Event) {
        if !self.session.verbose && !matches!(event, Event::Stage(_)) {
            return;
        }
        if self.session.logs_json() {
            let mut pace = self.pace();
            pace.take(event).into_iter().for_each(|event| self.session.log(record(event)));
        } else if self.visible && (!matches!(event, Event::Steps { .. }) || self.pace().is_due(BLINK)) {
            self.show(event);
        }
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn show(&self, event: Event) {
        match event {
            Event::Stage(name) => {
                self.bar.set_style(self.style(PLAIN));
                self.bar.set_prefix(words(name));
                self.bar.unset_length();
                self.bar.set_position(0);
            }
            Event::Steps { what, done, total } => {
                let fresh = self.bar.length() != Some(total as u64) || (done as u64) < self.bar.position();
                self.bar.set_message(what);
                self.bar.set_position(done as u64);
                if fresh {
                    // a new count begins: its time left is its own
                    self.bar.set_length(total as u64);
                    self.bar.set_style(self.style(COUNTED));
                }
            }
            Event::Search(standing) => {
                self.bar.set_prefix(format!("{} (confidential): {}", words("protect"), found(standing)))
            }
        }
    }

    /// The work is over: the line goes.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// A style that knows how much of the time limit is left. The templates are ours; one that does not hold falls back to
    /// the default.
    fn style(&self, template: &str) -> ProgressStyle {
        let deadline = self.deadline;
        let limit = move |_: &ProgressState, out: &mut dyn std::fmt::Write| {
            let left = deadline.map(|d| d.saturating_duration_since(Instant::now()).as_secs());
            // a line that can't be shown is no reason to stop
            let _ = left.map_or(Ok(()), |s| write!(out, " (limit in {s} s)"));
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner());
        let began = Instant::now();
        let left = move |state: &ProgressState, out: &mut dyn std::fmt::Write| {
            let _ =
                time_left(began.elapsed(), state.pos(), state.len()).map_or(Ok(()), |s| write!(out, ", {s} s left"));
        };
        style.with_key("limit", limit).with_key("left", left)
    }
}

/// About how many seconds the rest takes, where all steps take as long as those so far; unknown before the first.
fn time_left(spent: Duration, done: u64, total: Option<u64>) -> Option<u64> {
    let rest = total?.checked_sub(done)?;
    (done > 0).then(|| (spent.as_secs_f64() * rest as f64 / done as f64).round() as u64)
}

/// What a stage does, in words.
fn words(stage: &'static str) -> String {
    match stage {
        "read" => "Reading the records",
        "tabulate" => "Counting",
        "link" => "Linking the tables",
        "rules" => "Applying the rules",
        "protect" => "Choosing what to withhold",
        "attack" => "Attacking the result",
        "release" => "Making the release",
        other => other,
    }
    .to_owned()
}

/// What a search has found so far.
fn found(standing: Standing) -> String {
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let cells = standing.cells.map(|n| format!("{n} secondary cells"));
    let saved = standing.saved.filter(|s| *s > 0.0).map(|s| format!("loss down by {}", percent(s)));
    let gap = standing.gap.map(|g| format!("at most {} to gain", percent(g)));
    [cells, saved, gap].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// An event for machines.
fn record(event: Event) -> Value {
    let share = |share: Option<f64>| share.map(|s| (s * 1e4).round() / 1e4);
    match event {
        Event::Stage(stage) => json!({"event": "stage", "stage": stage}),
        Event::Steps { what, done, total } => json!({"event": "steps", "what": what, "done": done, "total": total}),
        Event::Search(s) => {
            json!({"event": "search", "secondary_cells": s.cells, "saved": share(s.saved), "gap": share(s.gap)})
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_told_in_shares() {
        let standing = Standing::new(Some(95), 48_271, 40_000, 39_000);
        assert_eq!(found(standing), "95 secondary cells, loss down by 17.1 %, at most 2.5 % to gain");
        let told = record(Event::Search(standing)).to_string();
        assert_eq!(told, r#"{"event":"search","secondary_cells":95,"saved":0.1713,"gap":0.025}"#);
        assert!(!told.contains("48271") && !told.contains("40000"), "{told}");
    }

    #[test]
    fn what_a_search_found_waits_for_the_next_line() {
        let mut pace = Pace::default();
        let steps = |done| Event::Steps { what: "rounds", done, total: 9 };
        let better = |cells| Event::Search(Standing { cells: Some(cells), ..Standing::default() });
        assert_eq!(pace.take(steps(1)), [steps(1)]);
        assert_eq!(pace.take(steps(2)), [], "too soon");
        assert_eq!(pace.take(better(7)), []);
        assert_eq!(pace.take(better(5)), []);
        assert_eq!(pace.take(Event::Stage("attack")), [better(5), Event::Stage("attack")], "the last is told");
        assert_eq!(pace.take(Event::Stage("release")), [Event::Stage("release")]);
        assert_eq!(Pace::default().take(better(5)), [better(5)], "it waits no longer than steps do");
    }

    #[test]
    fn the_time_left_is_what_the_rest_takes_at_this_pace() {
        let spent = Duration::from_secs(30);
        assert_eq!(time_left(spent, 3, Some(10)), Some(70));
        assert_eq!(time_left(spent, 10, Some(10)), Some(0));
        assert_eq!(time_left(spent, 0, Some(10)), None, "nothing is done");
        assert_eq!(time_left(spent, 3, None), None, "nobody knows how many there are");
    }

    #[test]
    fn templates_hold() {
        for template in [PLAIN, COUNTED] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }
}
