#![doc = include_str!("manual.md")]

mod cuts;
mod master;
mod whole;

use std::sync::mpsc;
use std::thread;

use crate::attack::Contradiction;

use super::fast::Search;
use super::ground::Ground;
use super::{Pattern, Problem};
use cuts::{Separator, company};
use master::{Choice, Master};

/// Rounds of the linear relaxation.
const LINEAR_ROUNDS: usize = 200;
/// Rounds without a higher bound after which the relaxation is left.
const IDLE_ROUNDS: usize = 12;
/// Rounds of the whole program.
const WHOLE_ROUNDS: usize = 2_000;
/// Rounds of improvement per secondary cell while the bound is worked on, and of each start that the relaxation guides.
const IMPROVE_ROUNDS: usize = 40;
/// Starts that the relaxation guides.
const GUIDED_STARTS: u64 = 6;

/// Finds the pattern of least loss.
///
/// # Errors
/// When the system contradicts itself.
pub fn run(problem: &Problem) -> Result<Pattern, Contradiction> {
    let ground = Ground::new(problem);
    let mut search = Search::start(&ground, None, 1);
    if !search.is_complete() || search.loss() == 0 {
        // nothing that could be enough, or nothing to be saved: there is no optimum to look for
        return Ok(search.pattern(0));
    }
    // the relaxation may take half of the time
    let half = problem.seconds_left().map(|s| s / 2.0);
    let (relaxed, from_bounds) = mpsc::channel();
    let (to_bounds, limits) = mpsc::channel::<i64>();
    let (lower, whole, guided) = thread::scope(|scope| {
        let ground = &ground;
        // bounds and patterns are worked on side by side; they meet at fixed points, so that time decides nothing
        let bounds = scope.spawn(move || {
            let mut bounds = Bounds::new(ground);
            let x = bounds.relax(half);
            let met = relaxed.send((x, bounds.lower)).is_ok();
            let whole = match limits.recv() {
                Ok(limit) if met => bounds.solve_whole(limit),
                _ => Ok(None),
            };
            (bounds.lower, whole)
        });
        search.improve(IMPROVE_ROUNDS, 2, half);
        let mut guided = None;
        if let Ok((x, lower)) = from_bounds.recv()
            && lower < search.loss()
            && to_bounds.send(search.loss()).is_ok()
        {
            guided = x.and_then(|x| self::guided(ground, &x, search.loss()));
        }
        drop(to_bounds);
        let (lower, whole) = bounds.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (lower, whole, guided)
    });
    let whole = whole?.map(|withheld| Pattern { withheld, witnesses: Vec::new(), ..search.pattern(0) });
    let all = [Some(search.pattern(0)), guided, whole];
    let best = all.into_iter().flatten().min_by_key(|p| problem.loss(&p.withheld));
    let best = best.unwrap_or_else(|| search.pattern(0));
    let loss = problem.loss(&best.withheld);
    Ok(Pattern { bound: lower.min(loss), limit_reached: lower < loss && problem.out_of_time(), ..best })
}

/// Patterns built at prices that the relaxation lowers for the cells it wants; the best one, if below the limit.
fn guided<'p>(ground: &Ground<'p>, x: &[f64], limit: i64) -> Option<Pattern> {
    let mut best: Option<(i64, Pattern)> = None;
    for seed in 0..GUIDED_STARTS {
        if ground.problem.out_of_time() {
            break;
        }
        let mut search = Search::start(ground, Some((x, seed)), seed + 3);
        search.improve(IMPROVE_ROUNDS, seed + 17, None);
        if search.is_complete() && search.loss() < best.as_ref().map_or(limit, |b| b.0) {
            best = Some((search.loss(), search.pattern(0)));
        }
    }
    best.map(|b| b.1)
}

/// The master program and what it has proved.
struct Bounds<'g, 'p> {
    ground: &'g Ground<'p>,
    master: Master<'p>,
    separator: Separator<'g>,
    /// No safe pattern loses less.
    lower: i64,
}

impl<'g, 'p> Bounds<'g, 'p> {
    fn new(ground: &'g Ground<'p>) -> Self {
        Bounds { ground, master: Master::new(ground), separator: Separator::new(ground), lower: 0 }
    }

    /// Cuts from the linear relaxation, while they come and help; at most until so many seconds are left. Returns the last
    /// fractional choice.
    fn relax(&mut self, until: Option<f64>) -> Option<Vec<f64>> {
        let problem = self.ground.problem;
        let stop = || problem.seconds_left().is_some_and(|s| s <= until.unwrap_or(0.0));
        let (mut last, mut idle) = (None, 0);
        for _ in 0..LINEAR_ROUNDS {
            let (x, bound) = self.master.solve_linear()?;
            idle = if bound > self.lower { 0 } else { idle + 1 };
            self.lower = self.lower.max(bound);
            let mut cuts = company(self.ground, &x);
            if cuts.is_empty() {
                cuts = self.separator.cuts(&x, false, &stop);
            }
            if cuts.is_empty() && !stop() {
                cuts = self.separator.cuts(&x, true, &stop);
            }
            let done = cuts.is_empty() || idle >= IDLE_ROUNDS || stop();
            last = Some(x);
            cuts.into_iter().for_each(|cut| self.master.add(cut));
            if done {
                break;
            }
        }
        last
    }

    /// The cheapest choice below the limit that the attack accepts, if there is one; raises the bound.
    fn solve_whole(&mut self, limit: i64) -> Result<Option<Vec<bool>>, Contradiction> {
        let problem = self.ground.problem;
        for _ in 0..WHOLE_ROUNDS {
            if problem.out_of_time() {
                break;
            }
            let (x, complete) = match self.master.solve_whole(limit, problem.seconds_left()) {
                Choice::None => {
                    self.lower = limit;
                    break;
                }
                Choice::Stopped(bound) => {
                    self.lower = self.lower.max(bound);
                    break;
                }
                Choice::Found { x, bound, complete } => {
                    self.lower = self.lower.max(bound.min(limit));
                    (x, complete)
                }
            };
            let mut cuts = company(self.ground, &x);
            cuts.extend(self.separator.cuts(&x, true, &|| problem.out_of_time()));
            if cuts.is_empty() {
                let withheld = whole::pattern(problem, &x);
                let unmet = problem.unmet(&withheld)?;
                if unmet.is_empty() {
                    return Ok(Some(withheld));
                }
                for demand in unmet {
                    cuts.push(whole::cut(problem, &withheld, demand)?);
                }
            }
            cuts.into_iter().for_each(|cut| self.master.add(cut));
            if !complete {
                break;
            }
        }
        Ok(None)
    }
}
