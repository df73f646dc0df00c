//! Progress of long work: a line on a terminal, lines of JSON for machines, nothing in a pipe.

use std::sync::Mutex;
use std::sync::PoisonError;
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
    /// When steps or a search were told last.
    last: Mutex<Option<Instant>>,
}

impl<'s> Progress<'s> {
    /// Begins. `deadline`: the moment at which a time limit ends.
    pub fn new(session: &'s Session, deadline: Option<Instant>) -> Self {
        let visible = session.shows_progress();
        let bar = if visible { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        let progress = Progress { session, bar, deadline, visible, last: Mutex::new(None) };
        if visible {
            progress.bar.set_style(progress.style(PLAIN));
            progress.bar.enable_steady_tick(Duration::from_millis(200));
        }
        progress
    }

    /// Shows an event. May be called from several threads.
    pub fn tell(&self, event: Event) {
        let json = self.session.logs_json();
        let pause = if json { PAUSE } else { BLINK };
        let awaited = matches!(event, Event::Stage(_)) || self.is_due(pause);
        if !awaited || !(json || self.visible) {
            return;
        }
        match json {
            true => self.session.log(record(event)),
            false => self.show(event),
        }
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
                // a new count begins: its time left is its own
                if self.bar.length() != Some(total as u64) || (done as u64) < self.bar.position() {
                    self.bar.set_style(self.style(COUNTED));
                    self.bar.set_length(total as u64);
                }
                self.bar.set_position(done as u64);
                self.bar.set_message(what);
            }
            Event::Search(standing) => self.bar.set_prefix(format!("{}: {}", words("protect"), found(standing))),
        }
    }

    /// The work is over: the line goes.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn is_due(&self, pause: Duration) -> bool {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let due = last.is_none_or(|l| l.elapsed() >= pause);
        if due {
            *last = Some(Instant::now());
        }
        due
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
    let saved = standing.saved.filter(|s| *s > 0.0).map(|s| format!("{} less lost than at first", percent(s)));
    let gap = standing.gap.map(|g| format!("at most {} could still be saved", percent(g)));
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
        assert_eq!(
            found(standing),
            "95 secondary cells, 17.1 % less lost than at first, at most 2.5 % could still be saved"
        );
        let told = record(Event::Search(standing)).to_string();
        assert_eq!(told, r#"{"event":"search","secondary_cells":95,"saved":0.1713,"gap":0.025}"#);
        assert!(!told.contains("48271") && !told.contains("40000"), "{told}");
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
