//! Work that ends at once when it is asked to, wherever it is.
//!
//! The work runs beside the thread that listens. A stop raises a flag, which the work asks between its steps; work that does not
//! hear it soon, in the middle of one long step, is left behind: the process ends soon after, and nothing of it was written.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread::Builder;
use std::time::{Duration, Instant};

use super::super::fault::Fault;
use super::super::session::Session;

/// How often the listener looks up.
const LOOK: Duration = Duration::from_millis(20);
/// How long a stop waits for the work to hear it.
const GRACE: Duration = Duration::from_millis(100);
/// Room for the calls of the work: as much as the first thread of a process has.
const STACK: usize = 8 << 20;

/// How watched work ended.
pub enum Ended<T> {
    /// With its result.
    Done(T),
    /// Its time was over before.
    TimeUp,
}

/// Runs work until it is done, Ctrl-C is pressed, or `limit` is over. The work is given the flag that tells it to stop.
///
/// # Errors
/// When Ctrl-C was pressed.
pub fn over<T: Send + 'static>(
    session: &Session,
    limit: Option<Duration>,
    work: impl FnOnce(Arc<AtomicBool>) -> T + Send + 'static,
) -> Result<Ended<T>, Fault> {
    let stop = Arc::new(AtomicBool::new(false));
    let (send, receive) = channel();
    let flag = Arc::clone(&stop);
    let run = move || drop(send.send(work(flag)));
    let Ok(worker) = Builder::new().stack_size(STACK).spawn(run) else {
        return Err(Fault::data("no thread could be started".to_owned()));
    };
    let began = Instant::now();
    let mut asked: Option<Instant> = None;
    loop {
        match receive.recv_timeout(LOOK) {
            Ok(done) if session.stopped() => {
                drop(done);
                return Err(Fault::interrupted());
            }
            Ok(done) => return Ok(Ended::Done(done)),
            Err(RecvTimeoutError::Disconnected) => {
                return match worker.join() {
                    Err(panic) => std::panic::resume_unwind(panic),
                    Ok(()) => Err(Fault::interrupted()),
                };
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        let late = limit.is_some_and(|l| began.elapsed() >= l);
        if session.stopped() || late {
            stop.store(true, Ordering::SeqCst);
            let since = *asked.get_or_insert_with(Instant::now);
            if since.elapsed() >= GRACE {
                return if session.stopped() { Err(Fault::interrupted()) } else { Ok(Ended::TimeUp) };
            }
        }
    }
}
