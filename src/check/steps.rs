//! How an intruder gets there, in the order in which a person would check it.
//!
//! 1. Single lines of the draft, one after the other, as few as it takes (breadth first).
//! 2. Where no line alone is enough: the smallest combination of lines found, added and subtracted, in which all that is
//!    not printed cancels out.

use std::collections::{BTreeMap, HashSet};

use crate::attack::{Public, tighten};
use crate::model::{CellId, Interval};

use super::names::Names;

/// The most lines that are combined.
const MOST_LINES: usize = 6;
/// The most combinations that are tried.
const MOST_TRIED: usize = 60_000;
/// The most steps that are told.
const MOST_STEPS: usize = 12;
/// Printed figures that are told one by one; more are added up.
const ONE_BY_ONE: usize = 6;

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
    users: Vec<Vec<usize>>,
    /// Whether some line leaves nothing of a cell.
    pub contradiction: bool,
}

/// A sum of lines: cells that are not printed with their coefficients, and the printed ones.
#[derive(Clone, Debug, Default)]
struct Form {
    open: BTreeMap<CellId, i64>,
    printed: BTreeMap<CellId, i64>,
    constant: i64,
    lines: Vec<usize>,
}

impl<'a> Steps<'a> {
    /// Goes through all lines, in rounds, until nothing more follows.
    pub fn new(public: &'a Public, names: &'a Names<'a>) -> Self {
        let mut users: Vec<Vec<usize>> = vec![Vec::new(); public.domain.len()];
        for (r, relation) in public.relations.iter().enumerate() {
            relation.terms.iter().for_each(|t| users[t.0].push(r));
        }
        let mut steps = Steps {
            domain: public.domain.clone(),
            why: vec![[Vec::new(), Vec::new()]; public.domain.len()],
            rounds: vec![public.domain.clone()],
            contradiction: false,
            public,
            names,
            users,
        };
        steps.spread();
        steps
    }

    fn spread(&mut self) {
        let mut todo: Vec<usize> = (0..self.public.relations.len()).collect();
        for round in 1..64 {
            let before = self.domain.clone();
            let mut touched: Vec<usize> = Vec::new();
            for &r in &todo {
                let Some(relation) = self.public.relations.get(r) else { continue };
                for (cell, narrowed) in tighten(&relation.terms, relation.constant, &before) {
                    let now = self.domain[cell].meet(narrowed);
                    if now.is_empty() {
                        self.contradiction = true;
                        return;
                    }
                    for (side, changed) in [now.lo != self.domain[cell].lo, now.hi != self.domain[cell].hi].into_iter().enumerate() {
                        if changed {
                            self.why[cell][side].push((r, round));
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

    /// What single lines leave of a cell.
    pub fn left(&self, cell: CellId) -> Interval {
        self.domain.get(cell).copied().unwrap_or(Interval::ALL)
    }

    /// The arithmetic by which a cell is narrowed to `learned`, a sentence a step.
    pub fn derivation(&self, cell: CellId, learned: Interval) -> Vec<String> {
        let mut lines = Vec::new();
        let mut told = HashSet::new();
        let known = self.domain[cell];
        if known.lo == learned.lo && known.hi == learned.hi {
            self.replay(cell, self.rounds.len(), [true, true], &mut told, &mut lines);
        } else {
            self.combine(cell, learned, &mut told, &mut lines);
        }
        if lines.len() > MOST_STEPS {
            let more = lines.len() - MOST_STEPS;
            lines.drain(MOST_STEPS / 2..MOST_STEPS / 2 + more);
            lines.insert(MOST_STEPS / 2, format!("({more} more steps of this kind)"));
        }
        lines
    }

    /// Tells the steps that led to the bounds of a cell as they were before a round.
    fn replay(&self, cell: CellId, before: usize, sides: [bool; 2], told: &mut HashSet<(CellId, usize, usize)>, lines: &mut Vec<String>) {
        let mut relations: Vec<(usize, usize)> =
            (0..2).filter(|&s| sides[s]).filter_map(|s| self.step(cell, s, before)).collect();
        relations.sort_by_key(|r| r.1);
        relations.dedup();
        for (r, round) in relations {
            if !told.insert((cell, r, round)) || lines.len() > 4 * MOST_STEPS {
                continue;
            }
            let (Some(relation), Some(at)) = (self.public.relations.get(r), self.rounds.get(round - 1)) else { continue };
            let own = relation.terms.iter().find(|t| t.0 == cell).map_or(1, |t| t.1);
            for &(other, k) in relation.terms.iter().filter(|t| t.0 != cell) {
                let minus = k.signum() == own.signum();
                let mut used = [at[other].value().is_some(); 2];
                for side in (0..2).filter(|&s| sides[s] && self.step(cell, s, before) == Some((r, round))) {
                    used[if minus { 1 - side } else { side }] = true;
                }
                self.replay(other, round, used, told, lines);
            }
            let left = self.rounds.get(round).and_then(|d| d.get(cell)).copied().unwrap_or(Interval::ALL);
            lines.extend(self.sentence(cell, &self.form_of(r, cell, at), at, left));
        }
    }

    /// The step that gave the bound that held before a round.
    fn step(&self, cell: CellId, side: usize, before: usize) -> Option<(usize, usize)> {
        self.why[cell][side].iter().rev().find(|(_, round)| *round < before).copied()
    }

    /// A line solved for a cell: `cell + Σ k·open = constant + Σ k·printed`.
    fn form_of(&self, r: usize, cell: CellId, known: &[Interval]) -> Form {
        let mut form = Form::default();
        let own = self.public.relations.get(r).and_then(|rel| rel.terms.iter().find(|t| t.0 == cell)).map_or(1, |t| t.1);
        self.add(&mut form, r, own.signum(), known);
        form
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

    /// What a form leaves of a cell.
    fn bounds(&self, form: &Form, cell: CellId, known: &[Interval]) -> Option<Interval> {
        let own = *form.open.get(&cell)?;
        if own != 1 {
            return None;
        }
        let value: i64 = form.constant + form.printed.iter().map(|(c, k)| k * known[*c].lo.unwrap_or(0)).sum::<i64>();
        let (mut lo, mut hi) = (Some(value), Some(value));
        for (c, &k) in form.open.iter().filter(|(c, _)| **c != cell) {
            let d = known[*c];
            let (least, most) = if k > 0 { (d.lo, d.hi) } else { (d.hi, d.lo) };
            hi = hi.and_then(|h| least.map(|l| h - k * l));
            lo = lo.and_then(|h| most.map(|m| h - k * m));
        }
        Some(Interval { lo, hi })
    }

    /// Looks for the fewest lines whose sum gives what was learned, each side by itself.
    fn combine(&self, cell: CellId, learned: Interval, told: &mut HashSet<(CellId, usize, usize)>, lines: &mut Vec<String>) {
        let known = self.domain.clone();
        let mut forms: Vec<Form> = Vec::new();
        for side in 0..2 {
            let wanted = if side == 0 { learned.lo } else { learned.hi };
            let have = if side == 0 { known[cell].lo } else { known[cell].hi };
            if wanted == have {
                continue;
            }
            match self.search(cell, side, wanted, &known) {
                Some(form) if !forms.iter().any(|f| f.lines == form.lines) => forms.push(form),
                Some(_) => {}
                None => {
                    let many = format!("{} is {learned}: this follows only from many lines taken together", self.names.cell(cell));
                    lines.push(many);
                    return;
                }
            }
        }
        for form in forms {
            // what single lines gave first
            let used: Vec<CellId> = form.printed.keys().chain(form.open.keys()).copied().filter(|c| *c != cell).collect();
            for other in used {
                if self.public.domain[other] != known[other] {
                    self.replay(other, self.rounds.len(), [true, true], told, lines);
                }
            }
            lines.extend(self.sentence(cell, &form, &known, learned));
        }
    }

    fn search(&self, cell: CellId, side: usize, wanted: Option<i64>, known: &[Interval]) -> Option<Form> {
        let mut tried = 0;
        for depth in 1..=MOST_LINES {
            for &r in self.users.get(cell)? {
                let form = self.form_of(r, cell, known);
                if let Some(found) = self.deepen(form, cell, side, wanted, known, depth, &mut tried) {
                    return Some(found);
                }
            }
            if tried > MOST_TRIED {
                return None;
            }
        }
        None
    }

    #[allow(clippy::too_many_arguments)] // one search, passed down
    fn deepen(&self, form: Form, cell: CellId, side: usize, wanted: Option<i64>, known: &[Interval], depth: usize, tried: &mut usize) -> Option<Form> {
        *tried += 1;
        if *tried > MOST_TRIED {
            return None;
        }
        if let Some(bounds) = self.bounds(&form, cell, known) {
            let reached = match side {
                0 => bounds.lo.is_some() && bounds.lo >= wanted,
                _ => bounds.hi.is_some() && wanted.is_some_and(|w| bounds.hi.is_some_and(|h| h <= w)),
            };
            if reached {
                return Some(form);
            }
        }
        if form.lines.len() >= depth {
            return None;
        }
        for (&open, &k) in form.open.iter().filter(|(c, _)| **c != cell) {
            for &r in &self.users[open] {
                let own = self.public.relations.get(r).and_then(|rel| rel.terms.iter().find(|t| t.0 == open)).map_or(0, |t| t.1);
                if own == 0 || k % own != 0 || form.lines.contains(&r) {
                    continue;
                }
                let mut next = form.clone();
                self.add(&mut next, r, -k / own, known);
                if let Some(found) = self.deepen(next, cell, side, wanted, known, depth, tried) {
                    return Some(found);
                }
            }
        }
        None
    }

    /// "TABLE 2, column 2014: Under 10 + 13 and Over = 6 - 4 = 2, each at least 1".
    fn sentence(&self, cell: CellId, form: &Form, known: &[Interval], left: Interval) -> Option<String> {
        let (table, place) = match form.lines[..] {
            [only] => self.names.relation(self.public.relations.get(only)?),
            _ => (self.names.placed(cell, None).map(|p| p.table), String::new()),
        };
        let name = |c: CellId| self.names.cell_in(c, table);
        let others: Vec<(CellId, i64)> = form.open.iter().map(|(c, k)| (*c, *k)).filter(|(c, _)| *c != cell).collect();
        let mut unknown = name(cell);
        for &(c, k) in &others {
            let times = if k.abs() == 1 { String::new() } else { format!("{} x ", k.abs()) };
            unknown.push_str(&format!(" {} {times}{}", if k > 0 { "+" } else { "-" }, name(c)));
        }
        let sum = self.right(form, known);
        let end = self.conclusion(cell, &others, known, left, &name);
        let place = if place.is_empty() { String::new() } else { format!("{place}: ") };
        Some(format!("{place}{unknown} = {sum}{end}"))
    }

    /// The printed side: "52 - 46 = 6".
    fn right(&self, form: &Form, known: &[Interval]) -> String {
        let mut plus: Vec<i64> = Vec::new();
        let mut minus: Vec<i64> = Vec::new();
        if form.constant > 0 {
            plus.push(form.constant);
        }
        if form.constant < 0 {
            minus.push(-form.constant);
        }
        for (&c, &k) in &form.printed {
            let value = known[c].lo.unwrap_or(0) * k.abs();
            if value != 0 {
                if k > 0 { plus.push(value) } else { minus.push(value) }
            }
        }
        let (up, down) = (plus.iter().sum::<i64>(), minus.iter().sum::<i64>());
        if plus.len() + minus.len() > ONE_BY_ONE && !minus.is_empty() {
            return format!("{up} - {down} = {}", up - down);
        }
        let text = |values: &[i64], by: &str| values.iter().map(i64::to_string).collect::<Vec<_>>().join(by);
        match (plus.len(), minus.len()) {
            (0, 0) => "0".to_owned(),
            (1, 0) => up.to_string(),
            (0, _) => format!("-{} = {}", text(&minus, " - "), up - down),
            (_, 0) => format!("{} = {up}", text(&plus, " + ")),
            _ => format!("{} - {} = {}", text(&plus, " + "), text(&minus, " - "), up - down),
        }
    }

    /// What follows for the cell: ", each at least 1, so it is at most 4".
    fn conclusion(&self, cell: CellId, others: &[(CellId, i64)], known: &[Interval], left: Interval, name: &dyn Fn(CellId) -> String) -> String {
        if others.is_empty() {
            return String::new();
        }
        let bounds = self.bound_words(cell, others, known, name);
        let so = match (left.lo, left.hi) {
            (Some(l), Some(h)) if l == h => format!("so {} is {l}", name(cell)),
            (Some(l), Some(h)) => format!("so {} is between {l} and {h}", name(cell)),
            (Some(l), None) => format!("so {} is at least {l}", name(cell)),
            (None, Some(h)) => format!("so {} is at most {h}", name(cell)),
            (None, None) => return bounds,
        };
        format!("{bounds}, {so}")
    }

    fn bound_words(&self, cell: CellId, others: &[(CellId, i64)], known: &[Interval], name: &dyn Fn(CellId) -> String) -> String {
        let least: Vec<Option<i64>> = others.iter().map(|o| known[o.0].lo).collect();
        let all_plus = others.iter().all(|o| o.1 > 0);
        let with_own = least.iter().all(|l| *l == known[cell].lo);
        match least.first().copied().flatten() {
            Some(l) if all_plus && with_own => format!(", each at least {l}"),
            Some(l) if all_plus && least.iter().all(|x| *x == Some(l)) && others.len() > 1 => format!(", the others at least {l}"),
            _ => {
                let words = others.iter().map(|&(c, _)| match (known[c].lo, known[c].hi) {
                    (Some(l), Some(h)) => format!("{} is {l} to {h}", name(c)),
                    (Some(l), None) => format!("{} is at least {l}", name(c)),
                    (None, Some(h)) => format!("{} is at most {h}", name(c)),
                    (None, None) => format!("{} is not known", name(c)),
                });
                format!(", where {}", words.collect::<Vec<_>>().join(" and "))
            }
        }
    }
}
