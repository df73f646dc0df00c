//! Secondary suppression: which other cells must be withheld so that the unsafe ones stay hidden.
//!
//! A folder per method, registered in [`METHODS`]. All work on a [`Problem`]: the whole linked system, never one table
//! after the other. What a method proposes is only a proposal: the attack decides.

mod blocking;
mod complete;
mod cuts;
pub mod fast;
mod ground;
pub mod keyed;
mod master;
pub mod optimal;
mod pattern;
pub mod price;
mod problem;

pub use blocking::MUST_STAY;
pub use keyed::Secret;
pub use pattern::Pattern;
pub use problem::{Aids, CostModel, Problem};

use crate::attack::{Contradiction, Insiders, Met};
use crate::model::{Choice, Protection, Treatment};

/// A method of the registry.
#[derive(Debug)]
pub struct Method {
    /// Its name in a policy and on the command line.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// Its page of the manual, in Markdown.
    pub manual: &'static str,
    /// Finds a pattern.
    pub run: fn(&Problem) -> Result<Pattern, Contradiction>,
}

/// Every method, by name.
pub static METHODS: &[Method] = &[
    Method {
        name: "fast",
        summary: "Builds a safe pattern by cheap moves, thins it out and improves it a little; for tables of any size.",
        manual: include_str!("fast/manual.md"),
        run: fast::run,
    },
    Method {
        name: "optimal",
        summary: "Finds the pattern that loses least, with proof.",
        manual: include_str!("optimal/manual.md"),
        run: optimal::run,
    },
    Method {
        name: "thorough",
        summary: "As fast, with more patience: programs where local search finds nothing, and many rounds.",
        manual: include_str!("fast/thorough.md"),
        run: fast::run_thorough,
    },
];

/// What may stand for a method: `auto`, or its name.
pub fn names() -> Vec<&'static str> {
    std::iter::once("auto").chain(METHODS.iter().map(|m| m.name)).collect()
}

/// A method by its name.
pub fn find(name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|m| m.name == name)
}

/// The largest systems (in cells that could be withheld) that `auto` gives to the exact method.
const EXACT_CANDIDATES: usize = 300;
/// The largest ones that it gives to the thorough method.
const THOROUGH_CANDIDATES: usize = 20_000;

/// The name of the method that `auto` stands for.
pub fn choose(problem: &Problem) -> &'static str {
    match problem.candidates().count() {
        n if n <= EXACT_CANDIDATES => "optimal",
        n if n <= THOROUGH_CANDIDATES => "thorough",
        _ => "fast",
    }
}

/// Protects a system by a method of the registry, or `auto`: with the cheapest pattern that it finds.
///
/// # Errors
/// When the system contradicts itself.
pub fn suppress(problem: &Problem, method: &str) -> Result<Protection, Contradiction> {
    suppress_by(problem, method, None)
}

/// The same, with a pattern that depends on a secret where there is one: see [`keyed`].
///
/// # Errors
/// When the system contradicts itself.
pub fn suppress_by(problem: &Problem, method: &str, secret: Option<Secret>) -> Result<Protection, Contradiction> {
    match secret {
        Some(secret) => keyed::protect(problem, method, secret),
        None => cheapest(problem, method),
    }
}

/// The cheapest pattern that a method finds.
///
/// Cells to be kept come first: if a pattern without them hides everything, it is taken, and its bound holds, since each
/// of them costs more than all others together. Only if there is none are they left to the method at that cost.
///
/// # Errors
/// When the system contradicts itself.
fn cheapest(problem: &Problem, method: &str) -> Result<Protection, Contradiction> {
    if !problem.keeps() {
        return protect(problem, method);
    }
    let kept = protect(&problem.without_kept(), method)?;
    if kept.failed.is_empty() {
        return Ok(kept);
    }
    if problem.out_of_time() {
        // whether withholding some of them would have been enough is not known
        return Ok(Protection { limit_reached: true, ..kept });
    }
    protect(&problem.with_kept_last(), method)
}

/// Protects at the costs as they are.
fn protect(problem: &Problem, method: &str) -> Result<Protection, Contradiction> {
    let name = if method == "auto" { choose(problem) } else { method };
    let method = find(name).unwrap_or(&METHODS[0]);
    let pattern = match problem.attacker.insiders(problem.system) {
        Some(insiders) => against_insiders(problem, method, &insiders)?,
        None => (method.run)(problem)?,
    };
    let failed = blocking::explain(problem, pattern.failed)?;
    let treatments = problem.treatments(&pattern.withheld);
    let loss = problem.loss(&pattern.withheld);
    Ok(Protection {
        treatments,
        method: method.name,
        loss,
        bound: pattern.bound.min(loss),
        failed,
        limit_reached: pattern.limit_reached,
        witnesses: pattern.witnesses,
        choice: Choice::Cheapest,
    })
}

/// Rounds of demands that insiders add.
const INSIDE_ROUNDS: usize = 40;

/// Protects against contributors as well: what they can work out of a pattern becomes a demand of the next one, until there
/// is nothing left. An optimum that satisfies the demands nobody asked for is an optimum of the whole problem, so bounds hold.
fn against_insiders(problem: &Problem, method: &Method, insiders: &Insiders) -> Result<Pattern, Contradiction> {
    let mut harder = problem.clone();
    for _ in 0..INSIDE_ROUNDS {
        let pattern = (method.run)(&harder)?;
        if !pattern.failed.is_empty() || pattern.limit_reached {
            return Ok(pattern);
        }
        let asked = harder.inside(&pattern, insiders)?;
        if asked.iter().all(|(_, proof)| proof.met == Met::Yes) {
            let more = asked.iter().flat_map(|(_, proof)| proof.tables.iter().map(|m| (**m).clone()));
            let witnesses = pattern.witnesses.iter().cloned().chain(more).collect();
            return Ok(Pattern { witnesses, ..pattern });
        }
        harder.demands.extend(asked.into_iter().map(|(demand, _)| demand));
    }
    (method.run)(&harder)
}

/// The treatments under which nothing is protected: everything printed is published.
pub fn unprotected(system: &crate::model::System) -> Vec<Treatment> {
    (system.cells.iter())
        .map(|c| if c.exposure == crate::model::Exposure::Shown { Treatment::Publish } else { Treatment::Hide })
        .collect()
}
