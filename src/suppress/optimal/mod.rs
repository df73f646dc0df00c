#![doc = include_str!("manual.md")]

mod whole;

use std::sync::atomic::{AtomicBool, Ordering};

use crate::attack::Contradiction;

use super::cuts::{Cut, Separator, company};
use super::fast::{Care, Search};
use super::ground::Ground;
use super::master::{Choice, Master};
use super::{Pattern, Problem};

/// Rounds of the linear relaxation.
const LINEAR_ROUNDS: usize = 200;
/// Rounds without a higher bound after which the relaxation is left.
const IDLE_ROUNDS: usize = 12;
/// Rounds of the whole program.
const WHOLE_ROUNDS: usize = 2_000;
/// While cuts are still being found, the whole program may end this close to its best choice.
const LOOSE: f64 = 0.01;
/// Systems with fewer candidates are left to the exact search alone.
const SMALL: usize = 300;
/// Rounds of improvement per secondary cell.
const IMPROVE_ROUNDS: usize = 200;
/// Starts that the relaxation guides.
const GUIDED_STARTS: u64 = 6;

/// Finds the pattern of least loss.
///
/// Bounds and patterns are worked on side by side: first the relaxation beside the first pattern, then the whole program
/// beside better ones. Without a time limit neither depends on the speed of the other: what is returned is the same on every
/// machine.
///
/// # Errors
/// When the system contradicts itself.
pub fn run(problem: &Problem) -> Result<Pattern, Contradiction> {
    let ground = Ground::new(problem);
    let (mut search, relaxed) = rayon::join(|| Search::start(&ground, Care::Quick, None, 1), || relax(&ground));
    if !search.is_complete() || search.loss() == 0 {
        // nothing that could be enough, or nothing to be saved: there is no optimum to look for
        return Ok(search.pattern(0));
    }
    let first = search.pattern(0);
    let limit = search.loss();
    let proven = AtomicBool::new(false);
    let bounds = || {
        // made here, because a solver's session stays on its thread
        let mut bounds = Bounds::new(&ground, limit, &relaxed);
        let found = bounds.solve_whole(limit);
        proven.store(bounds.is_settled(), Ordering::Relaxed);
        found.map(|found| (bounds.lower, found))
    };
    let patterns = || {
        let small = problem.candidates().count() < SMALL;
        (!small).then(|| better_patterns(&ground, &mut search, relaxed.x.as_deref(), &proven))
    };
    let (exact, better) = rayon::join(bounds, patterns);
    let (lower, found) = exact?;
    // what is proven comes first, so that a search that was cut short decides nothing
    let mut all = found.into_iter().chain([first]).chain(better).collect::<Vec<Pattern>>();
    all.sort_by_key(|p| (problem.loss(&p.withheld), problem.value(&p.withheld)));
    let best = all.swap_remove(0);
    let loss = problem.loss(&best.withheld);
    Ok(Pattern { bound: lower.min(loss), limit_reached: lower < loss && problem.out_of_time(), ..best })
}

/// What the linear relaxation leaves.
struct Relaxed {
    /// The last fractional choice, if it came to one.
    x: Option<Vec<f64>>,
    /// No safe pattern loses less.
    lower: i64,
    /// The cuts that were found.
    cuts: Vec<Cut>,
}

/// Cuts from the linear relaxation, while they come and help; for at most a third of the time that is left.
fn relax(ground: &Ground) -> Relaxed {
    let problem = ground.problem;
    let until = problem.seconds_left().map_or(0.0, |s| s * 2.0 / 3.0);
    let stop = || problem.seconds_left().is_some_and(|s| s <= until);
    let (mut master, mut separator) = (Master::new(ground, ground.problem.seconds_left()), Separator::new(ground));
    let mut relaxed = Relaxed { x: None, lower: 0, cuts: Vec::new() };
    let mut idle = 0;
    for _ in 0..LINEAR_ROUNDS {
        let Some((x, bound)) = master.solve_linear() else { break };
        idle = if bound > relaxed.lower { 0 } else { idle + 1 };
        relaxed.lower = relaxed.lower.max(bound);
        let mut cuts = company(ground, &x);
        if cuts.is_empty() {
            cuts = separator.cuts(&x, false, &stop);
        }
        if cuts.is_empty() && !stop() {
            cuts = separator.cuts(&x, true, &stop);
        }
        let done = cuts.is_empty() || idle >= IDLE_ROUNDS || stop();
        relaxed.x = Some(x);
        cuts.iter().for_each(|cut| master.add(cut.clone()));
        relaxed.cuts.extend(cuts);
        if done {
            break;
        }
    }
    if !stop() {
        // the last cuts count as well
        relaxed.lower = master.solve_linear().map_or(relaxed.lower, |(_, bound)| relaxed.lower.max(bound));
    }
    relaxed
}

/// Better patterns by search: starts at prices that the relaxation lowers for the cells it wants, and improvement of the
/// best. Ends when nothing better is possible.
fn better_patterns<'g>(ground: &'g Ground, search: &mut Search<'g>, x: Option<&[f64]>, proven: &AtomicBool) -> Pattern {
    let stop = || ground.problem.out_of_time() || proven.load(Ordering::Relaxed);
    for seed in 0..GUIDED_STARTS {
        let Some(x) = x.filter(|_| !stop()) else { break };
        let guided = Search::start(ground, Care::Patient, Some((x, seed)), seed + 3);
        if guided.is_complete() && guided.loss() < search.loss() {
            *search = guided;
        }
    }
    search.improve(IMPROVE_ROUNDS, 2, &stop);
    search.pattern(0)
}

/// The master program and what it has proved.
struct Bounds<'g, 'p> {
    ground: &'g Ground<'p>,
    master: Master<'p>,
    separator: Separator<'g>,
    /// No safe pattern loses less.
    lower: i64,
    /// The loss of the best pattern known to it.
    limit: i64,
    /// The loss of the pattern it began with.
    first: i64,
}

impl<'g, 'p> Bounds<'g, 'p> {
    fn new(ground: &'g Ground<'p>, first: i64, relaxed: &Relaxed) -> Self {
        let (mut master, separator) = (Master::new(ground, ground.problem.seconds_left()), Separator::new(ground));
        relaxed.cuts.iter().for_each(|cut| master.add(cut.clone()));
        Bounds { ground, master, separator, lower: relaxed.lower, limit: i64::MAX, first }
    }

    /// Tells what is known by now.
    fn tell(&self) {
        self.ground.problem.tell_standing(None, self.first, self.limit.min(self.first), self.lower);
    }

    /// Whether no pattern can be better than the best one known to it.
    fn is_settled(&self) -> bool {
        self.lower >= self.limit
    }

    /// The cheapest safe pattern below the limit, if there is one; raises the bound, to its loss if it is proven.
    ///
    /// Each choice of the whole program gives cuts if it is not safe, and a guide for a safe pattern nearby.
    fn solve_whole(&mut self, limit: i64) -> Result<Option<Pattern>, Contradiction> {
        self.limit = limit;
        let problem = self.ground.problem;
        let mut best = None;
        let mut gap = LOOSE;
        for round in 0..WHOLE_ROUNDS {
            if problem.out_of_time() {
                break;
            }
            let (x, complete) = match self.master.solve_whole(self.limit, gap, problem.seconds_left()) {
                Choice::None => {
                    self.lower = self.limit;
                    break;
                }
                Choice::Stopped(bound) => {
                    self.lower = self.lower.max(bound);
                    break;
                }
                Choice::Found { x, bound, complete } => {
                    self.lower = self.lower.max(bound.min(self.limit));
                    (x, complete)
                }
            };
            self.tell();
            let mut cuts = company(self.ground, &x);
            cuts.extend(self.separator.cuts(&x, true, &|| problem.out_of_time()));
            if cuts.is_empty() {
                let withheld = whole::pattern(problem, &x);
                for demand in problem.unmet(&withheld)? {
                    let Some(cut) = whole::cut(problem, &withheld, demand)? else { return Ok(best) };
                    cuts.push(cut);
                }
                let loss = problem.loss(&withheld);
                if cuts.is_empty() && loss < self.limit {
                    self.limit = loss;
                    best =
                        Some(Pattern { withheld, bound: 0, failed: vec![], limit_reached: false, witnesses: vec![] });
                }
                if cuts.is_empty() {
                    gap = 0.0;
                }
            } else if problem.candidates().count() >= SMALL {
                let near = Search::start(self.ground, Care::Quick, Some((&x, 0)), round as u64);
                if near.is_complete() && near.loss() < self.limit {
                    self.limit = near.loss();
                    best = Some(near.pattern(0));
                }
            }
            cuts.into_iter().for_each(|cut| self.master.add(cut));
            if !complete || self.is_settled() {
                break;
            }
        }
        Ok(best)
    }
}
