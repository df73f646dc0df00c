//! Relations that nothing confirms and nothing excludes: whether the verdict depends on them.
//!
//! The attack is run with each of them and with all together, on the cells that they reach: those that hang together through
//! figures that are not printed. What gives a figure away is a question, with the consequence; all else is only told.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::model::{CellId, Exposure, Interval, Relation, System};

use super::super::bind::Bound;
use super::super::findings::Spot;
use super::super::knowledge::Knowledge;
use super::super::leaks::Intruder;
use super::super::names::Names;
use super::super::question::Questions;
use super::super::reading::Reading;
use super::super::steps::Steps;

/// So many are tried one by one; the rest only together.
const MOST_TRIED: usize = 40;
/// What reaches more cells than this is asked without its consequence being known.
const MOST_CELLS: usize = 20_000;
/// So many consequences are told of one.
const TOLD: usize = 3;

/// A figure that no table prints and that a relation brings in.
#[derive(Clone, Debug)]
pub(crate) struct Extra {
    /// What it is called.
    pub name: String,
    /// A cell that counts the same kind of cases.
    pub beside: CellId,
    /// What it can be.
    pub domain: Interval,
}

/// A relation that may hold.
#[derive(Clone, Debug, Default)]
pub(crate) struct Possible {
    /// The question.
    pub asks: String,
    /// What it adds to the system. Cells from [`extra`] on are its own.
    pub relations: Vec<Relation>,
    /// Its own cells.
    pub extras: Vec<Extra>,
    /// What it says that cells can be.
    pub narrow: Vec<(CellId, Interval)>,
    /// Where it stands.
    pub spots: Vec<Spot>,
    /// What is told where nothing depends on it.
    pub said: String,
}

/// The number under which relations speak of an own cell.
pub(crate) fn extra(number: usize) -> CellId {
    usize::MAX - number
}

impl Possible {
    /// Takes it for true.
    fn hold(&self, reading: &mut Reading) {
        let ids: Vec<CellId> =
            self.extras.iter().map(|e| reading.unprinted(e.name.clone(), e.beside, e.domain)).collect();
        for &(cell, to) in &self.narrow {
            reading.known.narrow(cell, to);
        }
        for relation in &self.relations {
            let own = |c: CellId| ids.get(usize::MAX - c).copied().unwrap_or(c);
            let terms = relation.terms.iter().map(|&(c, k)| (own(c), k)).collect();
            reading.relate(Relation { terms, constant: relation.constant });
        }
    }
}

/// Takes those that a user confirmed; the others, in their order.
pub(crate) fn confirmed(all: Vec<Possible>, reading: &mut Reading, questions: &Questions) -> Vec<Possible> {
    let mut open = Vec::new();
    for one in all {
        match questions.answer(&one.asks) {
            Some(true) => one.hold(reading),
            Some(false) => {}
            None => {
                open.push(one);
                continue;
            }
        }
        questions.ask(&one.asks, Vec::new(), Vec::new(), one.spots.clone());
    }
    open
}

/// Asks those on which the verdict depends, and says what the others are.
pub(crate) fn ask(
    open: &[Possible],
    reading: &Reading,
    intruder: Intruder,
    leaks: &BTreeSet<CellId>,
    questions: &Questions,
) -> Vec<String> {
    if open.is_empty() {
        return Vec::new();
    }
    let reach = Reach::new(reading);
    let mut said = Vec::new();
    let mut silent: Vec<&Possible> = Vec::new();
    for (number, one) in open.iter().enumerate() {
        if number >= MOST_TRIED {
            silent.push(one);
            continue;
        }
        match reach.consequences(&[one], intruder, leaks) {
            Consequences::Impossible => {}
            Consequences::None => silent.push(one),
            Consequences::Some(words) => {
                questions.ask(&one.asks, words, Vec::new(), one.spots.clone());
            }
        }
    }
    if silent.len() > 1
        && let Consequences::Some(words) = reach.consequences(&silent, intruder, leaks)
    {
        let all: Vec<&str> = silent.iter().take(5).map(|p| p.asks.trim_end_matches('?')).collect();
        let more = silent.len().saturating_sub(5);
        let more = if more > 0 { format!("; and {more} more like these") } else { String::new() };
        let spots = silent.iter().flat_map(|p| p.spots.clone()).collect();
        questions.ask(&format!("Do these hold together: {}{more}?", all.join("; ")), words, Vec::new(), spots);
    } else {
        said.extend(silent.iter().map(|p| p.said.clone()).filter(|s| !s.is_empty()));
    }
    said
}

enum Consequences {
    /// No numbers fit.
    Impossible,
    /// Nothing more is given away.
    None,
    /// What is given away.
    Some(Vec<String>),
}

/// Which relations each cell is in.
struct Reach<'a> {
    reading: &'a Reading,
    users: Vec<Vec<usize>>,
}

impl<'a> Reach<'a> {
    fn new(reading: &'a Reading) -> Self {
        let mut users: Vec<Vec<usize>> = vec![Vec::new(); reading.bound.system.cells.len()];
        for (r, relation) in reading.known.public.relations.iter().enumerate() {
            for &(c, _) in &relation.terms {
                if let Some(list) = users.get_mut(c) {
                    list.push(r);
                }
            }
        }
        Reach { reading, users }
    }

    /// The cells that hang together with those of some relations, and the relations among them.
    fn reached(&self, all: &[&Possible]) -> Option<(Vec<CellId>, Vec<usize>)> {
        let known = &self.reading.known;
        let count = self.users.len();
        let own = all.iter().flat_map(|p| &p.relations).flat_map(|r| &r.terms).map(|t| t.0);
        let narrowed = all.iter().flat_map(|p| &p.narrow).map(|n| n.0);
        let mut todo: Vec<CellId> = own.chain(narrowed).filter(|c| *c < count).collect();
        let mut cells: BTreeSet<CellId> = todo.iter().copied().collect();
        let mut relations: BTreeSet<usize> = BTreeSet::new();
        while let Some(cell) = todo.pop() {
            if known.domain(cell).value().is_some() {
                continue;
            }
            for &r in self.users.get(cell).into_iter().flatten() {
                if !relations.insert(r) {
                    continue;
                }
                let terms = known.public.relations.get(r).map(|r| r.terms.as_slice()).unwrap_or_default();
                todo.extend(terms.iter().map(|t| t.0).filter(|c| cells.insert(*c)));
            }
            if cells.len() > MOST_CELLS {
                return None;
            }
        }
        Some((cells.into_iter().collect(), relations.into_iter().collect()))
    }

    /// What follows if some relations hold that does not follow without them.
    fn consequences(&self, all: &[&Possible], intruder: Intruder, leaks: &BTreeSet<CellId>) -> Consequences {
        let Some((cells, relations)) = self.reached(all) else {
            return Consequences::Some(vec!["it touches too much of the draft to say what follows".to_owned()]);
        };
        let part = Part::new(self.reading, &cells, &relations, all);
        let none = part.known.public.domain.iter().any(|d| d.is_empty());
        if none || !part.known.broken().is_empty() {
            return Consequences::Impossible;
        }
        let Ok(found) = intruder.attack(&part.bound, &part.known) else { return Consequences::Impossible };
        let names = Names { tables: &self.reading.tables, bound: &part.bound };
        let steps = Steps::new(&part.known.public, &names);
        let new = found.leaks.iter().filter(|l| cells.get(l.cell).is_none_or(|c| !leaks.contains(c)));
        let mut words: Vec<String> = Vec::new();
        let mut more = 0;
        for leak in new {
            if words.len() == TOLD {
                more += 1;
                continue;
            }
            let name = names.cell(leak.cell);
            let how = steps.derivation(leak.cell, leak.learned).unwrap_or_default();
            words.push(match (how.last(), leak.learned.value()) {
                (Some(step), _) => format!("then {}", step.sentence()),
                (None, Some(v)) => format!("then {name} is {v}"),
                (None, None) => format!("then {name} can be narrowed down to {}", leak.learned),
            });
        }
        // what is told of a figure of its own by itself: "0 or 1"
        let first = cells.len();
        let band = intruder.band.map_or(0, |b| b.1);
        for (cell, domain) in part.known.public.domain.iter().enumerate().skip(first) {
            let told = matches!((domain.lo, domain.hi), (Some(lo), Some(hi)) if hi > 0 && hi <= band && (lo, hi) != (0, band) && lo < hi);
            if told && words.len() < TOLD && !found.leaks.iter().any(|l| l.cell == cell) {
                words.push(format!("then {} can be narrowed down to {domain}", names.cell(cell)));
            }
        }
        if more > 0 {
            words.push(format!("and {more} more figures can be worked out"));
        }
        match (words.is_empty(), found.open.is_empty()) {
            (false, _) => Consequences::Some(words),
            (true, false) => Consequences::Some(vec!["what then follows could not be worked out in time".to_owned()]),
            (true, true) => Consequences::None,
        }
    }
}

/// A part of a draft as a system of its own.
struct Part {
    bound: Bound,
    known: Knowledge,
}

impl Part {
    fn new(reading: &Reading, cells: &[CellId], relations: &[usize], all: &[&Possible]) -> Part {
        let numbers: HashMap<CellId, CellId> = cells.iter().enumerate().map(|(n, &c)| (c, n)).collect();
        let (whole, known) = (&reading.bound.system, &reading.known);
        let mut system = System { measures: whole.measures.clone(), ..System::default() };
        let mut part = Knowledge::default();
        for &c in cells {
            let Some(cell) = whole.cells.get(c) else { continue };
            let mut own = cell.clone();
            if !own.places.is_empty() && !known.is_printed(c) {
                own.exposure = Exposure::Hidden;
            }
            (own.places, own.coords) = (Vec::new(), Box::default());
            let name = whole.names.get(&c).cloned();
            let name = name.or_else(|| (!known.is_printed(c)).then(|| reading.names().cell(c)));
            system.names.extend(name.map(|n| (system.cells.len(), n)));
            system.cells.push(own);
            part.public.domain.push(known.domain(c));
            part.seen.push(known.seen.get(c).cloned().unwrap_or_default());
        }
        let mut all_relations: Vec<Relation> = Vec::new();
        let number = |c: CellId| numbers.get(&c).copied();
        for relation in relations.iter().filter_map(|&r| known.public.relations.get(r)) {
            let terms: Option<Vec<(CellId, i64)>> =
                relation.terms.iter().map(|&(c, k)| number(c).map(|n| (n, k))).collect();
            all_relations.extend(terms.map(|terms| Relation { terms, constant: relation.constant }));
        }
        for one in all {
            let first = system.cells.len();
            for e in &one.extras {
                let Some(mut cell) = whole.cells.get(e.beside).cloned() else { continue };
                (cell.places, cell.coords, cell.exposure) = (Vec::new(), Box::default(), Exposure::Implied);
                system.names.insert(system.cells.len(), e.name.clone());
                system.cells.push(cell);
                part.public.domain.push(e.domain);
                part.seen.push(Default::default());
            }
            for &(cell, to) in &one.narrow {
                if let Some(domain) = number(cell).and_then(|n| part.public.domain.get_mut(n)) {
                    *domain = domain.meet(to);
                }
            }
            for relation in &one.relations {
                let own = |c: CellId| {
                    number(c).or_else(|| (usize::MAX - c < one.extras.len()).then(|| first + (usize::MAX - c)))
                };
                let terms: Option<Vec<(CellId, i64)>> =
                    relation.terms.iter().map(|&(c, k)| own(c).map(|n| (n, k))).collect();
                all_relations.extend(terms.map(|terms| Relation { terms, constant: relation.constant }));
            }
        }
        let mut seen = HashSet::new();
        all_relations.retain(|r| {
            let mut key = r.terms.clone();
            key.sort_unstable();
            seen.insert((key, r.constant))
        });
        part.public.relations.clone_from(&all_relations);
        system.relations = all_relations;
        Part { bound: reading.bound.restricted(cells, system), known: part }
    }
}
