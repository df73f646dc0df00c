//! Exit codes, as documented in the README and by `tabsafe explain exit-codes`.

use tabsafe::model::Verdict;

/// The question was answered with yes, or the release was written.
pub const SAFE: u8 = 0;
/// Findings that the policy does not allow; nothing was released.
pub const UNSAFE: u8 = 1;
/// Bad arguments, or a policy or specification that does not hold.
pub const USAGE: u8 = 2;
/// The input can't be read, contradicts itself, or leaves a question open.
pub const DATA: u8 = 3;
/// A limit ended the work before the proof; nothing was released.
pub const INCONCLUSIVE: u8 = 4;
/// A fault of tabsafe itself.
pub const INTERNAL: u8 = 5;

/// Every code with its name and meaning.
pub const CODES: &[(u8, &str, &str)] = &[
    (SAFE, "safe", "the question was answered with yes, or the release was written"),
    (UNSAFE, "unsafe", "findings that the policy does not allow; nothing was released"),
    (USAGE, "usage", "bad arguments, or a policy or spec file that does not hold"),
    (DATA, "data", "the input can't be read, contradicts itself, or leaves a question open"),
    (
        INCONCLUSIVE,
        "inconclusive",
        "a limit (time, solver, memory, Ctrl-C) ended the work before the proof; nothing was released",
    ),
    (INTERNAL, "internal", "a fault of tabsafe itself, with what to report"),
];

/// The code of a verdict.
pub fn of(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Safe | Verdict::SafeWithExceptions => SAFE,
        Verdict::Unsafe => UNSAFE,
        Verdict::Inconclusive => INCONCLUSIVE,
    }
}
