//! A fence around libraries that may panic on damaged files: a panic within becomes an error, and says nothing.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use super::Error;
use super::bounds::refuse;

thread_local! {
    /// Whether this thread is within a fence.
    static FENCED: Cell<bool> = const { Cell::new(false) };
}

static QUIET: Once = Once::new();

/// What `work` returns; where it panics, an error that calls the file damaged. The panic's message, which could hold
/// what the file holds, is shown nowhere.
///
/// # Errors
/// Those of `work`, and that of a damaged file.
pub(super) fn fenced<T>(what: &str, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    QUIET.call_once(|| {
        let shown = take_hook();
        set_hook(Box::new(move |panic| {
            if !FENCED.get() {
                shown(panic);
            }
        }));
    });
    let outer = FENCED.replace(true);
    // what the work has touched is dropped with its panic: nobody sees it half done
    let done = catch_unwind(AssertUnwindSafe(work));
    FENCED.set(outer);
    done.unwrap_or_else(|_| {
        let help = "open it in the program that made it, and save it again";
        Err(refuse(format!("is a damaged {what}, or one of a kind that is not read"), help))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error_without_its_message() {
        let nothing: Vec<u8> = Vec::new();
        let done = fenced("file", || Ok(nothing.iter().map(|b| 1 / b).next().unwrap_or(7)));
        assert_eq!(done, Ok(7));
        let zero = nothing.len();
        let error = fenced("file", || Ok(nothing[zero])).unwrap_err();
        assert_eq!(error.message, "is a damaged file, or one of a kind that is not read");
    }
}
