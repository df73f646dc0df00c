//! How an intruder gets there, in the order in which a person would check it.
//!
//! 1. Figures that single lines give exactly, one after the other, in rounds: the fewest steps come first.
//! 2. Bounds that single lines give, in rounds as well.
//! 3. Where no line alone is enough: the smallest combination of lines that is found (`combine`).
//!
//! What the steps say is worded in `sentences`.

mod combine;
mod sentences;

use std::cell::Cell;
use std::collections::{BTreeMap, HashSet};

use crate::attack::{Public, tighten};
use crate::model::{CellId, Interval};

use super::names::Names;

/// The most steps that are told.
const MOST_STEPS: usize = 12;
/// The most rounds of bounds.
const MOST_ROUNDS: usize = 64;

/// A step: what adds up to what, and what follows for the figure in question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// "TABLE 2, column 2014: Under 10 + 13 and Over = 6 - 4 = 2, each at least 1".
    pub equation: String,
    /// "Under 10 is 1"; empty where the equation says it.
    pub follows: String,
    /// How many figures the equation leaves open.
    pub open: usize,
    /// What is left of the figure in question.
    pub left: Interval,
}

impl Step {
    /// The whole sentence.
    pub fn sentence(&self) -> String {
        if self.follows.is_empty() { self.equation.clone() } else { format!("{}, so {}", self.equation, self.follows) }
    }
}

/// Works out what single lines give.
pub(crate) struct Steps<'a> {
    public: &'a Public,
    names: &'a Names<'a>,
    /// What is left of each cell after all single lines.
    domain: Vec<Interval>,
    /// Per cell and side, the relations that gave its bounds one after the other, and the rounds in which they did.
    why: Vec<[Vec<(usize, usize)>; 2]>,
    /// What was known of each cell at the end of each round.
    rounds: Vec<Vec<Interval>>,
    /// Per cell, the line that gives it exactly, and the round in which it does.
    exactly: Vec<Option<(usize, usize)>>,
    /// What was known exactly at the end of each of those rounds.
    exact_rounds: Vec<Vec<Interval>>,
    /// Per cell, the relations that it is in.
    users: Vec<Vec<usize>>,
    /// Whether some line leaves nothing of a cell.
    pub contradiction: bool,
    /// Figures looked at in combinations of lines so far.
    work: Cell<usize>,
}

/// A sum of lines: `Σ open = constant + Σ printed`, by cells and coefficients.
#[derive(Clone, Debug, Default)]
struct Form {
    open: BTreeMap<CellId, i64>,
    printed: BTreeMap<CellId, i64>,
    constant: i64,
    lines: Vec<usize>,
}

/// Steps that were told already.
type Told = HashSet<(CellId, usize, usize)>;

impl<'a> Steps<'a> {
    /// Goes through all lines, in rounds, until nothing more follows.
    pub fn new(public: &'a Public, names: &'a Names<'a>) -> Self {
        let cells = public.domain.len();
        let mut users: Vec<Vec<usize>> = vec![Vec::new(); cells];
        for (r, relation) in public.relations.iter().enumerate() {
            relation.terms.iter().filter(|t| t.0 < cells).for_each(|t| users[t.0].push(r));
        }
        let mut steps = Steps {
            domain: public.domain.clone(),
            why: vec![[Vec::new(), Vec::new()]; cells],
            rounds: vec![public.domain.clone()],
            exactly: vec![None; cells],
            exact_rounds: vec![public.domain.clone()],
            contradiction: false,
            work: Cell::new(0),
            public,
            names,
            users,
        };
        steps.spread();
        if !steps.contradiction {
            steps.peel();
        }
        steps
    }

    /// Bounds, round by round.
    fn spread(&mut self) {
        let mut todo: Vec<usize> = (0..self.public.relations.len()).collect();
        for round in 1..MOST_ROUNDS {
            let before = self.domain.clone();
            let mut touched: Vec<usize> = Vec::new();
            for relation in todo.iter().map(|&r| (r, &self.public.relations[r])) {
                for (cell, narrowed) in tighten(&relation.1.terms, relation.1.constant, &before) {
                    let was = self.domain[cell];
                    let now = was.meet(narrowed);
                    if now.is_empty() {
                        self.contradiction = true;
                        return;
                    }
                    for (side, changed) in [now.lo != was.lo, now.hi != was.hi].into_iter().enumerate() {
                        if changed {
                            self.why[cell][side].push((relation.0, round));
                        }
                    }
                    self.domain[cell] = now;
                    touched.extend(&self.users[cell]);
                }
            }
            self.rounds.push(self.domain.clone());
            if touched.is_empty() {
                break;
            }
            touched.sort_unstable();
            touched.dedup();
            todo = touched;
        }
    }

    /// Exact figures, round by round: from what is known from the start, and exact figures, alone.
    fn peel(&mut self) {
        for round in 1..MOST_ROUNDS {
            let before = self.exact_rounds.last().cloned().unwrap_or_default();
            let mut after = before.clone();
            for (r, relation) in self.public.relations.iter().enumerate() {
                if relation.terms.iter().all(|t| before[t.0].value().is_some()) {
                    continue;
                }
                for (cell, narrowed) in tighten(&relation.terms, relation.constant, &before) {
                    if narrowed.value().is_some() && after[cell].value().is_none() {
                        after[cell] = narrowed;
                        self.exactly[cell] = Some((r, round));
                    }
                }
            }
            if after == before {
                break;
            }
            self.exact_rounds.push(after);
        }
    }

    /// What single lines leave of a cell.
    pub fn left(&self, cell: CellId) -> Interval {
        self.domain.get(cell).copied().unwrap_or(Interval::ALL)
    }

    /// The arithmetic by which a cell is narrowed to `learned`; `None` where no few lines show it.
    pub fn derivation(&self, cell: CellId, learned: Interval) -> Option<Vec<Step>> {
        let (mut steps, mut told) = (Vec::new(), Told::new());
        let known = *self.domain.get(cell)?;
        if self.exactly[cell].is_some() {
            self.replay_exact(cell, &mut told, &mut steps);
        } else if known == learned {
            self.replay(cell, self.rounds.len(), [true, true], &mut told, &mut steps);
        } else if !self.combine(cell, learned, &mut told, &mut steps) {
            return None;
        }
        if steps.len() > MOST_STEPS {
            let more = steps.len() - MOST_STEPS;
            steps.drain(MOST_STEPS / 2..MOST_STEPS / 2 + more);
            let equation = format!("({more} more steps of this kind)");
            steps.insert(MOST_STEPS / 2, Step { equation, follows: String::new(), open: 0, left: Interval::ALL });
        }
        Some(steps)
    }

    /// What is said where it takes too many lines to be told.
    pub fn beyond(&self, cell: CellId, learned: Interval) -> Vec<Step> {
        let name = self.names.cell(cell);
        let equation =
            format!("{name} is {learned} in every set of whole numbers that fits the draft; no few lines show it");
        vec![Step { equation, follows: String::new(), open: 0, left: learned }]
    }

    /// Tells the steps to an exact figure.
    fn replay_exact(&self, cell: CellId, told: &mut Told, steps: &mut Vec<Step>) {
        let Some((r, round)) = self.exactly[cell] else { return };
        if !told.insert((cell, r, round)) {
            return;
        }
        let (Some(relation), Some(at)) = (self.public.relations.get(r), self.exact_rounds.get(round - 1)) else {
            return;
        };
        for &(other, _) in relation.terms.iter().filter(|t| t.0 != cell && at[t.0].value().is_some()) {
            self.replay_exact(other, told, steps);
        }
        let left = self.exact_rounds.get(round).map_or(Interval::ALL, |d| d[cell]);
        steps.push(self.step(cell, &self.solved_for(r, cell, at), at, left));
    }

    /// Tells the steps that led to the bounds of a cell as they were before a round.
    fn replay(&self, cell: CellId, before: usize, sides: [bool; 2], told: &mut Told, steps: &mut Vec<Step>) {
        let mut relations: Vec<(usize, usize)> =
            (0..2).filter(|&s| sides[s]).filter_map(|s| self.reason(cell, s, before)).collect();
        relations.sort_by_key(|r| r.1);
        relations.dedup();
        for (r, round) in relations {
            if !told.insert((cell, r, round)) || steps.len() > 4 * MOST_STEPS {
                continue;
            }
            let (Some(relation), Some(at)) = (self.public.relations.get(r), self.rounds.get(round - 1)) else {
                continue;
            };
            let own = relation.terms.iter().find(|t| t.0 == cell).map_or(1, |t| t.1);
            for &(other, k) in relation.terms.iter().filter(|t| t.0 != cell) {
                if at[other].value().is_some() && self.exactly[other].is_some() {
                    self.replay_exact(other, told, steps);
                    continue;
                }
                let minus = k.signum() == own.signum();
                let mut used = [at[other].value().is_some(); 2];
                for side in (0..2).filter(|&s| sides[s] && self.reason(cell, s, before) == Some((r, round))) {
                    used[if minus { 1 - side } else { side }] = true;
                }
                self.replay(other, round, used, told, steps);
            }
            let left = self.rounds.get(round).map_or(Interval::ALL, |d| d[cell]);
            steps.push(self.step(cell, &self.solved_for(r, cell, at), at, left));
        }
    }

    /// The line that gave the bound that held before a round.
    fn reason(&self, cell: CellId, side: usize, before: usize) -> Option<(usize, usize)> {
        self.why[cell][side].iter().rev().find(|(_, round)| *round < before).copied()
    }

    /// A line solved for a cell: `cell + Σ k·open = constant + Σ k·printed`.
    fn solved_for(&self, r: usize, cell: CellId, known: &[Interval]) -> Form {
        let mut form = Form::default();
        let own = self.coefficient(r, cell);
        self.add(&mut form, r, if own == 0 { 1 } else { own.signum() }, known);
        form
    }

    fn coefficient(&self, r: usize, cell: CellId) -> i64 {
        self.public.relations.get(r).and_then(|rel| rel.terms.iter().find(|t| t.0 == cell)).map_or(0, |t| t.1)
    }

    fn add(&self, form: &mut Form, r: usize, times: i64, known: &[Interval]) {
        let Some(relation) = self.public.relations.get(r) else { return };
        for &(c, k) in &relation.terms {
            let printed = known.get(c).is_some_and(|d| d.value().is_some());
            let into = if printed { &mut form.printed } else { &mut form.open };
            let sum = into.entry(c).or_insert(0);
            *sum += if printed { -k * times } else { k * times };
            if *sum == 0 {
                into.remove(&c);
            }
        }
        form.constant += relation.constant * times;
        form.lines.push(r);
    }
}
