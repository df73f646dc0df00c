#![doc = include_str!("manual.md")]

mod whole;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::attack::Contradiction;

use super::complete::complete;
use super::cuts::{Cut, Separator, beside, company};
use super::fast::{Care, Search};
use super::ground::Ground;
use super::master::{Choice, Master, missed};
use super::{Pattern, Problem};

/// Rounds of the linear relaxation.
const LINEAR_ROUNDS: usize = 200;
/// Rounds without a higher bound after which the relaxation is left.
const IDLE_ROUNDS: usize = 12;
/// Rounds of the whole program.
const WHOLE_ROUNDS: usize = 2_000;
/// While cuts are still being found, the whole program may end this close to its best choice, or half as close as it is to be.
const LOOSE: f64 = 0.01;
/// The last share of the time, which is for the bound.
const LATE: f64 = 1.0 / 3.0;
/// A safe pattern is made of the choice of every so manieth round.
const NEAR_EVERY: usize = 6;
/// How often cells are added to a choice to make it safe.
const COVERS: usize = 12;
/// A cell that adds less to violated cuts adds nothing.
const LEAST_GAIN: f64 = 1e-6;
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
    let first = complete(problem, search.pattern(0))?;
    let limit = problem.loss(&first.withheld);
    if first.limit_reached || !first.failed.is_empty() || limit == 0 {
        // nothing that could be enough, or nothing to be saved: there is no optimum to look for
        return Ok(first);
    }
    let proven = AtomicBool::new(false);
    let bounds = || {
        // made here, because a solver's session stays on its thread
        let mut bounds = Bounds::new(&ground, limit, &relaxed);
        let found = bounds.solve_whole(limit);
        proven.store(bounds.is_settled(), Ordering::Relaxed);
        found.map(|found| (bounds.lower, found))
    };
    let patterns = || {
        let improvable = problem.candidates().count() >= SMALL && search.is_complete();
        improvable.then(|| better_patterns(&ground, &mut search, relaxed.x.as_deref(), &proven))
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
    let single = beside(ground);
    let single: Vec<&Cut> = single.iter().collect();
    let mut idle = 0;
    for _ in 0..LINEAR_ROUNDS {
        let Some((x, bound)) = master.solve_linear() else { break };
        idle = if bound > relaxed.lower { 0 } else { idle + 1 };
        relaxed.lower = relaxed.lower.max(bound);
        let mut cuts = company(ground, &x);
        if cuts.is_empty() {
            cuts = missed(&single, &x, usize::MAX);
        }
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
    /// Each choice of the whole program gives cuts if it is not safe, and a guide for a safe pattern nearby. How close to its best
    /// choice the program must come is what matters: choices that are good enough come much faster, and cuts with them.
    fn solve_whole(&mut self, limit: i64) -> Result<Option<Pattern>, Contradiction> {
        self.limit = limit;
        let problem = self.ground.problem;
        let all = problem.seconds_left();
        let (mut best, mut exact, mut plain) = (None, false, false);
        for round in 0..WHOLE_ROUNDS {
            if self.is_settled() || problem.out_of_time() {
                break;
            }
            let late = all.zip(problem.seconds_left()).is_some_and(|(all, left)| left < all * LATE);
            let gap = if exact { 0.0 } else { self.gap(late) };
            let below = (!plain).then_some(self.limit);
            let (x, complete) = match self.master.solve_whole(below, gap, problem.seconds_left()) {
                Choice::None => {
                    self.lower = self.limit;
                    break;
                }
                Choice::Stopped(bound) => {
                    self.lower = self.lower.max(bound);
                    if plain || problem.out_of_time() || problem.solver.stopped() {
                        break;
                    }
                    // HiGHS sometimes fails on programs that have no solution: without the limit there is always one
                    (plain, exact) = (true, true);
                    continue;
                }
                Choice::Found { x, bound, complete } => {
                    self.lower = self.lower.max(bound.min(self.limit));
                    (x, complete)
                }
            };
            self.tell();
            let taken_up = self.master.turn_over(&x);
            let mut cuts = company(self.ground, &x);
            cuts.extend(self.separator.cuts(&x, true, &|| problem.out_of_time()));
            if cuts.is_empty() && !taken_up {
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
                exact = cuts.is_empty() && gap <= LOOSE;
            } else if problem.candidates().count() >= SMALL
                && round % NEAR_EVERY == 0
                && let Some(near) = self.near(x, &cuts, round as u64)
            {
                self.limit = near.loss();
                best = Some(near.pattern(0));
            }
            cuts.into_iter().for_each(|cut| self.master.add(cut));
            if !complete || self.is_settled() {
                break;
            }
        }
        Ok(best)
    }

    /// How close to its best choice the whole program must come.
    fn gap(&self, late: bool) -> f64 {
        let open = (self.limit - self.lower) as f64 / self.limit.max(1) as f64;
        if late { LOOSE } else { (open / 2.0).max(LOOSE) }
    }

    /// A safe pattern near a choice that violates these cuts, if it is better than the best one known: cells are added until no
    /// more cuts are violated. The cuts that come up on the way are kept at hand.
    fn near(&mut self, mut x: Vec<f64>, cuts: &[Cut], round: u64) -> Option<Search<'g>> {
        let problem = self.ground.problem;
        let mut latest = cuts.to_vec();
        for _ in 0..COVERS {
            cover(problem, &latest, &mut x);
            latest = self.separator.cuts(&x, false, &|| problem.out_of_time());
            if latest.is_empty() {
                break;
            }
            latest.iter().for_each(|cut| self.master.keep(cut));
        }
        let near = Search::from(self.ground, &x, round);
        (near.is_complete() && near.loss() < self.limit).then_some(near)
    }
}

/// Adds cells to a choice until these cuts are satisfied, those first that do most for what they cost.
fn cover(problem: &Problem, cuts: &[Cut], x: &mut [f64]) {
    let mut short: Vec<f64> = cuts.iter().map(|cut| cut.level - cut.held(|c| x[c])).collect();
    let mut of: BTreeMap<usize, Vec<(usize, f64)>> = BTreeMap::new();
    for (i, cut) in cuts.iter().enumerate() {
        for &(c, k) in cut.terms.iter().filter(|t| t.1 > 0.0 && x[t.0] < 0.5) {
            of.entry(c).or_default().push((i, k));
        }
    }
    loop {
        let gain = |cuts: &[(usize, f64)]| cuts.iter().map(|&(i, k)| k.min(short[i].max(0.0))).sum::<f64>();
        let of_use = of.iter().map(|(&c, cuts)| (c, gain(cuts))).filter(|u| u.1 > LEAST_GAIN);
        let worth = of_use.map(|(c, gain)| (gain / problem.cost[c].max(1) as f64, Reverse(c)));
        let best = worth.max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let Some((_, Reverse(cell))) = best else { return };
        x[cell] = 1.0;
        for (i, k) in of.remove(&cell).unwrap_or_default() {
            short[i] -= k;
        }
    }
}
