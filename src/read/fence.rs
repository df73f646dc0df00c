//! A fence around Polars: what panics on a damaged file becomes an error.
//!
//! The panic's message could hold what the file holds. It is not passed on; that it is not shown either is up to the program.

use std::panic::{AssertUnwindSafe, catch_unwind};

use polars::prelude::*;

/// Does a query in a stream.
///
/// # Errors
/// What Polars says, or that it panicked.
pub fn collected(query: LazyFrame) -> PolarsResult<DataFrame> {
    guarded(|| query.collect_with_engine(Engine::Streaming).map(|found| found.unwrap_single()))
}

/// What `work` returns; where it panics, an error.
pub(super) fn guarded<T>(work: impl FnOnce() -> PolarsResult<T>) -> PolarsResult<T> {
    // what the work has touched is dropped with its panic: nobody sees it half done
    let done = catch_unwind(AssertUnwindSafe(work));
    done.unwrap_or_else(|_| Err(PolarsError::ComputeError("the file is damaged".into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_without_its_message() {
        let none: Vec<u8> = Vec::new();
        assert!(guarded(|| Ok(none[none.len()])).is_err_and(|e| !e.to_string().contains("index")));
        assert!(guarded(|| Ok(7)).is_ok_and(|n| n == 7));
    }
}
