//! A panic ends the program with a message of its own and a documented exit code, and says nothing of what the data hold.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::exit;
use super::fault::Fault;

/// Where the last panic was: a place in the source, never a value.
static PLACE: Mutex<Option<String>> = Mutex::new(None);

/// What libraries say where the system gives them no thread, memory or file handle.
const EXHAUSTED: &[&str] = &[
    "Resource temporarily unavailable",
    "Cannot allocate memory",
    "Too many open files",
    "os error 11)",
    "os error 12)",
    "os error 24)",
    "code: 11,",
    "code: 12,",
    "code: 24,",
    "OutOfMemory",
    "ThreadPoolBuildError",
];

/// No panic is shown any more. One for want of what the system gives ends the program at once by `end`: libraries would wait for
/// threads that are not there.
pub fn silence(end: impl Fn(&Fault) + Send + 'static) {
    let end = Mutex::new(end);
    let over = OnceLock::new();
    set_hook(Box::new(move |panic| {
        if is_exhausted(panic.payload()) && over.set(()).is_ok() {
            end.lock().unwrap_or_else(PoisonError::into_inner)(&exhausted());
        }
        let place =
            panic.location().map(|l| format!("{}:{}", l.file().rsplit('/').next().unwrap_or_default(), l.line()));
        *PLACE.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }));
}

/// What work comes to; a panic is a fault of tabsafe itself.
///
/// # Errors
/// Those of the work, and a panic.
pub fn fenced<T>(work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    // what the work has touched is dropped with its panic: nobody sees it half done
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(fault(panic.as_ref())))
}

fn fault(panic: &(dyn Any + Send)) -> Fault {
    if is_exhausted(panic) {
        return exhausted();
    }
    let place = PLACE.lock().unwrap_or_else(PoisonError::into_inner).take();
    let at = place.map_or(String::new(), |place| format!(" at {place}"));
    Fault::internal(format!("the work ended unexpectedly{at}; nothing was released"))
}

/// The system gives no more.
pub fn exhausted() -> Fault {
    Fault::new(exit::INCONCLUSIVE, "the system gives no more threads, memory or open files; nothing was released")
        .help("use fewer threads (--threads 1), or raise the limits (ulimit -v, -n, -u)")
}

fn is_exhausted(panic: &(dyn Any + Send)) -> bool {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    text.is_some_and(|text| EXHAUSTED.iter().any(|sign| text.contains(sign)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A panic is a fault that says where and not what; want of memory is told as that.
    #[test]
    fn a_panic_is_a_fault() {
        let ended = |text: &'static str| -> Fault { fault(&text.to_owned() as &(dyn Any + Send)) };
        let of_ours = ended("index out of bounds: 48271");
        assert_eq!(of_ours.code, exit::INTERNAL);
        assert!(!of_ours.message.contains("48271"));
        assert_eq!(ended("can't spawn: Resource temporarily unavailable (os error 11)").code, exit::INCONCLUSIVE);
        assert_eq!(fenced(|| Ok(7)).ok(), Some(7));
    }
}
