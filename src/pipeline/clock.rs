//! The stages of a run and the seconds that they took.

use crate::model::{Event, Listener};

/// Times the stages.
pub struct Clock<'a> {
    progress: Listener<'a>,
    now: &'a (dyn Fn() -> f64 + Sync),
    began: f64,
    current: Option<&'static str>,
    seconds: Vec<(String, f64)>,
}

impl<'a> Clock<'a> {
    /// A clock that tells `progress` of each stage; `now` is in seconds.
    pub fn new(progress: Listener<'a>, now: &'a (dyn Fn() -> f64 + Sync)) -> Self {
        Clock { progress, now, began: now(), current: None, seconds: Vec::new() }
    }

    /// The next stage begins.
    pub fn stage(&mut self, name: &'static str) {
        self.close();
        self.current = Some(name);
        (self.progress)(Event::Stage(name));
    }

    fn close(&mut self) {
        let now = (self.now)();
        if let Some(name) = self.current.take() {
            self.seconds.push((name.to_owned(), now - self.began));
        }
        self.began = now;
    }

    /// Every stage and the seconds it took.
    pub fn finish(mut self) -> Vec<(String, f64)> {
        self.close();
        self.seconds
    }
}
