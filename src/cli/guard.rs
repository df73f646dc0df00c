//! Ends the program in time, wherever its work is.
//!
//! Work hears of a time limit and of Ctrl-C between its steps and ends by itself, with what it found. A step may be long: then a
//! thread that does nothing but wait says what happened, removes what is private, and ends the program. Only while files are put
//! in place it waits for that, so that they are written whole or not at all.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::Builder;
use std::time::{Duration, Instant};

use super::exit;
use super::fault::Fault;

/// How long work may go on after Ctrl-C.
const GRACE: Duration = Duration::from_millis(120);
/// How long it may go on after a time limit: so much, and this share of the limit.
const LATE: Duration = Duration::from_millis(700);
const SHARE: f64 = 0.05;
/// Room for a thread that only waits and says a sentence.
const STACK: usize = 256 << 10;

/// What the waiting thread knows.
#[derive(Default)]
struct State {
    /// The time limit in seconds, and when work that did not hear of it is ended.
    limit: Option<(f64, Instant)>,
    /// When Ctrl-C was pressed.
    stopped: Option<Instant>,
    /// Whether files are being put in place.
    writing: bool,
    /// Whether they are: the work is done, and is not interrupted any more.
    done: bool,
}

/// The waiting thread, as the others see it.
#[derive(Clone, Default)]
pub struct Guard {
    inner: Arc<(Mutex<State>, Condvar)>,
}

impl Guard {
    /// Begins to wait; `end` says what happened and ends the program.
    /// Whether there is a thread for it.
    pub fn watch(&self, end: impl Fn(&Fault) + Send + 'static) -> bool {
        let guard = self.clone();
        Builder::new().stack_size(STACK).spawn(move || guard.wait(&end)).is_ok()
    }

    /// How long ago Ctrl-C was pressed first.
    pub fn stopped_since(&self) -> Option<Duration> {
        self.state().stopped.map(|at| at.elapsed())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.inner.1.notify_all();
    }

    /// A time limit begins now.
    pub fn limit(&self, limit: Duration) {
        let late = limit.checked_add(LATE + limit.mul_f64(SHARE)).and_then(|late| Instant::now().checked_add(late));
        self.set(|state| state.limit = late.map(|at| (limit.as_secs_f64(), at)));
    }

    /// Ctrl-C was pressed.
    pub fn stop(&self) {
        self.set(|state| state.stopped = state.stopped.or(Some(Instant::now())));
    }

    /// Work that the program is not ended in: files are put in place. Once they are, nothing is interrupted any more.
    pub fn writing<T, E>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.set(|state| state.writing = true);
        let result = work();
        self.set(|state| {
            state.writing = false;
            state.done = result.is_ok();
        });
        result
    }

    /// The answer is known and only has to be said: no time limit ends that.
    pub fn answered(&self) {
        self.set(|state| state.limit = None);
    }

    fn wait(&self, end: &dyn Fn(&Fault)) {
        let mut state = self.state();
        while !state.done {
            let now = Instant::now();
            let stop = state.stopped.and_then(|at| at.checked_add(GRACE));
            let due = stop.into_iter().chain(state.limit.map(|l| l.1)).min();
            match due {
                Some(due) if due <= now && !state.writing => {
                    // no file is put in place from here on: the state stays locked
                    return end(&fault(&state, stop.is_some()));
                }
                Some(due) if due > now => {
                    let waited = self.inner.1.wait_timeout(state, due - now);
                    state = waited.map_or_else(|e| e.into_inner().0, |w| w.0);
                }
                _ => state = self.inner.1.wait(state).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

/// What the program ends with.
fn fault(state: &State, stopped: bool) -> Fault {
    match state.limit {
        Some((seconds, _)) if !stopped => {
            Fault::new(exit::INCONCLUSIVE, format!("the time limit of {seconds} seconds is over; nothing was written"))
                .help("give more time, or publish fewer or larger groups")
        }
        _ => Fault::interrupted(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    /// Work that does not hear of Ctrl-C or of a limit is ended, but not while files are put in place, and not after.
    #[test]
    fn ends_what_does_not_end() {
        let watched = || {
            let (send, receive) = channel();
            let guard = Guard::default();
            guard.watch(move |fault| drop(send.send(fault.message.clone())));
            (guard, receive)
        };
        let (guard, ended) = watched();
        guard.limit(Duration::from_millis(1));
        assert!(ended.recv_timeout(Duration::from_secs(20)).is_ok_and(|m| m.contains("time limit of 0.001 seconds")));
        let (guard, ended) = watched();
        guard.stop();
        assert!(ended.recv_timeout(Duration::from_secs(20)).is_ok_and(|m| m == "interrupted; nothing was written"));
        let (guard, ended) = watched();
        let written: Result<(), ()> = guard.writing(|| {
            guard.stop();
            assert!(ended.recv_timeout(GRACE * 4).is_err(), "not while files are put in place");
            Ok(())
        });
        assert!(written.is_ok() && ended.recv_timeout(GRACE * 4).is_err(), "nor after");
        let (guard, ended) = watched();
        let failed: Result<(), ()> = guard.writing(|| {
            guard.stop();
            Err(())
        });
        assert!(failed.is_err() && ended.recv_timeout(Duration::from_secs(20)).is_ok(), "but after a failure");
    }
}
