//! How many threads reading and grouping may use.

/// Bounds the threads that Polars uses, if it has not been used yet; whether that worked.
///
/// Polars takes its number from the environment, which a safe program can't change, and otherwise from the processors
/// that the thread which asks first may run on. So this thread is confined to a few of them while it asks.
#[cfg(target_os = "linux")]
pub fn bound_threads(threads: usize) -> bool {
    use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
    use nix::unistd::Pid;

    let this_thread = Pid::from_raw(0);
    let Ok(allowed) = sched_getaffinity(this_thread) else { return false };
    let mut few = CpuSet::new();
    let cpus = (0..CpuSet::count()).filter(|&cpu| allowed.is_set(cpu) == Ok(true)).take(threads.max(1));
    for cpu in cpus {
        if few.set(cpu).is_err() {
            return false;
        }
    }
    if sched_setaffinity(this_thread, &few).is_err() {
        return false;
    }
    let used = polars_config::config().max_threads();
    sched_setaffinity(this_thread, &allowed).is_ok() && used <= threads.max(1)
}

/// Elsewhere only the environment tells Polars.
#[cfg(not(target_os = "linux"))]
pub fn bound_threads(threads: usize) -> bool {
    polars_config::config().max_threads() <= threads.max(1)
}
