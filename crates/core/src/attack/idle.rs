//! Tools that are dear to make and left as they were found: made once per worker, not once per piece of work.

use std::sync::Mutex;

/// Tools that nobody uses at the moment.
pub(super) struct Idle<T>(Mutex<Vec<T>>);

impl<T> Idle<T> {
    /// None yet.
    pub fn new() -> Self {
        Idle(Mutex::new(Vec::new()))
    }

    /// Works with a tool, made if none is idle.
    pub fn with<R>(&self, make: impl FnOnce() -> T, work: impl FnOnce(&mut T) -> R) -> R {
        let idle = self.0.lock().ok().and_then(|mut idle| idle.pop());
        let mut tool = idle.unwrap_or_else(make);
        let done = work(&mut tool);
        if let Ok(mut idle) = self.0.lock() {
            idle.push(tool);
        }
        done
    }
}
