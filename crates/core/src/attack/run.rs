//! Carries out an attack: every demand is met by a checked table, or is a leak.
//!
//! 1. Where a table is known that fits what is public (the truth, for those who have it), alternative tables are
//!    written as moves from it. Moves that somebody hands in are checked and tried first, then moves are searched for by
//!    local means (`local`).
//! 2. What is left goes through the arithmetic of `reduce` and, component by component, to linear and whole programs
//!    (`part`). Only this step can say that a demand can't be met.
//!
//! The order of work is fixed, so the result does not depend on the number of threads.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::model::{Block, CellId, Demand, Event, Interval, Listener, Relation, Verdict, Want};
use crate::solve::{Effort, Solver};
use crate::witness::{Move, rank};

use super::audit::{Audit, CellAudit, Leak, Witness};
use super::fractions::Fractions;
use super::insiders::Insiders;
use super::local::{Local, NEAR_CELLS};
use super::part::{self, Ends, Task};
use super::reduce::{Contradiction, Reduced, Rounding, reduce};
use super::walk::Walkers;
use super::{Public, derive};

/// Components of up to so many cells have their intervals worked out to the ends, unless somebody asks for more.
const EXACT_CELLS: usize = 400;

/// How an attack is carried out.
#[derive(Clone, Copy)]
pub struct Attack<'a> {
    /// Who solves its programs.
    pub solver: &'a dyn Solver,
    /// Limit of each single search.
    pub effort: Effort,
    /// Whether the intruder knows that cells are whole numbers.
    pub whole: bool,
    /// How a cell is called in derivations.
    pub name: &'a (dyn Fn(CellId) -> String + Sync),
    /// Parts of the system that are dense grids: they only make searches faster.
    pub blocks: &'a [Block],
    /// Moves from the truth that may serve as witnesses, from whoever has some. Each is checked.
    pub hints: &'a [Move],
    /// Intervals are worked out to their ends in components of up to so many cells; in larger ones they are what the
    /// witnesses show at least.
    pub exact_cells: usize,
    /// Told how far it has come.
    pub progress: Listener<'a>,
    /// Contributors who attack as well.
    pub insiders: Option<&'a Insiders>,
    /// Asked between searches: the seconds left, if there is a time limit. What is not settled by then stays open.
    pub time_left: &'a (dyn Fn() -> Option<f64> + Sync),
}

/// What is found about one demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    /// It is met.
    Yes,
    /// It is not: a leak.
    No,
    /// A limit ended the search.
    Open,
}

/// What is found about one demand, and the tables that prove it if it is met.
#[derive(Clone, Debug)]
pub struct Proof {
    /// Whether it is met.
    pub met: Met,
    /// One table, or two that differ enough, as moves from the base of the attack; none where published values
    /// alone meet the demand, or tables in fractions do.
    pub tables: Vec<Arc<Move>>,
    /// The same in fractions, for an intruder who does not take cells for whole numbers: each was checked exactly.
    pub(super) fractions: Vec<Arc<Fractions>>,
}

impl Proof {
    /// Nothing is known yet.
    pub(super) fn open() -> Self {
        Proof { met: Met::Open, tables: Vec::new(), fractions: Vec::new() }
    }

    /// The cells that each table moves, as moves by 1: which cells a table stands on, not where it leads.
    pub(super) fn moving(&self) -> impl Iterator<Item = Arc<Move>> {
        self.fractions.iter().map(|cells| Arc::new(cells.iter().map(|t| (t.0, 1)).collect()))
    }

    /// The demand is met by these tables.
    pub(super) fn by(tables: Vec<Arc<Move>>) -> Self {
        Proof { met: Met::Yes, tables, fractions: Vec::new() }
    }
}

impl<'a> Attack<'a> {
    /// An attack by an intruder who knows that counts are whole, with no hints.
    pub fn new(solver: &'a dyn Solver, name: &'a (dyn Fn(CellId) -> String + Sync)) -> Self {
        Attack {
            solver,
            effort: Effort::default(),
            whole: true,
            name,
            blocks: &[],
            hints: &[],
            exact_cells: EXACT_CELLS,
            progress: &|_| (),
            insiders: None,
            time_left: &|| None,
        }
    }

    /// Whether the time limit has passed, or somebody ended the work.
    pub(super) fn out_of_time(&self) -> bool {
        self.solver.stopped() || (self.time_left)().is_some_and(|s| s <= 0.0)
    }

    /// The limit of a single search that begins now.
    pub(super) fn effort(&self) -> Effort {
        Effort { seconds: (self.time_left)().or(self.effort.seconds), ..self.effort }
    }

    /// Tells that so many of so many steps are done.
    pub(super) fn tell(&self, what: &'static str, done: usize, total: usize) {
        (self.progress)(Event::Steps { what, done, total });
    }

    /// Attacks what is public. `targets` are the cells whose intervals are asked for, `truth` the true values where
    /// they are known (they save searches, and prove nothing by themselves).
    ///
    /// # Errors
    /// When no values at all fit what is public.
    pub fn run(
        &self,
        public: &Public,
        demands: &[Demand],
        targets: &[CellId],
        truth: Option<&[i64]>,
    ) -> Result<Audit, Contradiction> {
        let problem = Posed::new(public, demands, truth);
        let (proofs, searched) = self.search(&problem, targets)?;
        let Some((reduced, ends)) = searched else {
            return Ok(Audit { verdict: Verdict::Safe, cells: vec![], leaks: vec![], open: vec![] });
        };
        let mut audit = self.report(&problem, &reduced, targets, &proofs, ends);
        if let (Some(insiders), Some(truth)) = (self.insiders, truth) {
            let asked = insiders.attack(&Attack { insiders: None, ..*self }, public, demands, &proofs, truth)?;
            self.report_inside(public, truth, asked, &mut audit)?;
        }
        Ok(audit)
    }

    /// Adds what insiders find to an audit.
    fn report_inside(
        &self,
        public: &Public,
        truth: &[i64],
        asked: Vec<(Demand, Proof)>,
        audit: &mut Audit,
    ) -> Result<(), Contradiction> {
        for (demand, proof) in asked {
            if proof.met == Met::Yes {
                continue;
            }
            if let Ok(at) = audit.cells.binary_search_by_key(&demand.cell, |c| c.cell) {
                audit.cells[at].protected = false;
            }
            match self.inside_leak(public, &demand, truth)?.filter(|_| proof.met == Met::No) {
                Some(leak) => audit.leaks.push(leak),
                None => audit.open.push(demand),
            }
        }
        audit.leaks.sort_by_key(|l| l.cell);
        audit.settle();
        Ok(())
    }

    /// Only asks whether each demand is met.
    ///
    /// # Errors
    /// When no values at all fit what is public.
    pub fn prove(
        &self,
        public: &Public,
        demands: &[Demand],
        truth: Option<&[i64]>,
    ) -> Result<Vec<Proof>, Contradiction> {
        let problem = Posed::new(public, demands, truth);
        Ok(self.search(&problem, &[])?.0)
    }

    /// The same by local search from a known table alone: quick, and what it does not find is open.
    ///
    /// # Errors
    /// When no values at all fit what is public.
    pub fn prove_by_moves(
        &self,
        public: &Public,
        demands: &[Demand],
        base: &[i64],
    ) -> Result<Vec<Proof>, Contradiction> {
        let problem = Posed::new(public, demands, Some(base));
        let mut proofs = vec![Proof::open(); demands.len()];
        let Some(base) = problem.base() else { return Ok(proofs) };
        let local = Local::new(self, &problem, base);
        local.check(&mut proofs);
        let reduced = reduce(&problem.public, Rounding::of(self.whole))?;
        for ((proof, demand), &form) in proofs.iter_mut().zip(demands).zip(&problem.forms) {
            if proof.met == Met::Open && ruled_out(reduced.domain[form], demand.want) {
                proof.met = Met::No;
            }
        }
        local.search(&mut proofs, &|_| false);
        Ok(proofs)
    }

    /// What is found about the demands; and what is left of the problem with the intervals of the targets, if it came to
    /// that.
    #[allow(clippy::type_complexity)] // two answers of one search, used at once by its only callers
    fn search(
        &self,
        problem: &Posed,
        targets: &[CellId],
    ) -> Result<(Vec<Proof>, Option<(Reduced, Vec<Ends>)>), Contradiction> {
        let mut proofs = vec![Proof::open(); problem.demands.len()];
        let base = problem.base();
        let local = base.map(|b| Local::new(self, problem, b));
        if let Some(local) = &local {
            local.check(&mut proofs);
        }
        if targets.is_empty() && proofs.iter().all(|p| p.met == Met::Yes) {
            return Ok((proofs, None));
        }
        let reduced = reduce(&problem.public, Rounding::of(self.whole))?;
        for ((proof, demand), &form) in proofs.iter_mut().zip(problem.demands).zip(&problem.forms) {
            if proof.met == Met::Open && ruled_out(reduced.domain[form], demand.want) {
                proof.met = Met::No;
            }
        }
        if let Some(local) = &local {
            self.rule_out(problem, &reduced, &mut proofs);
            let few =
                |c: CellId| reduced.home[c].is_some_and(|(part, _)| reduced.components[part].cells.len() <= NEAR_CELLS);
            local.search(&mut proofs, &few);
        }
        self.search_inside(problem, &mut proofs)?;
        let ends = self.attack_parts(problem, &reduced, targets, base, local.as_ref(), &mut proofs);
        Ok((proofs, Some((reduced, ends))))
    }

    /// Settles what is asked of cells that the relations of small components alone determine, where a table is known that does not
    /// meet it: no search finds another value.
    fn rule_out(&self, problem: &Posed, reduced: &Reduced, proofs: &mut [Proof]) {
        let mut open: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
        for (d, _) in proofs.iter().enumerate().filter(|p| p.1.met == Met::Open) {
            let home = reduced.home[problem.forms[d]].filter(|h| reduced.components[h.0].cells.len() <= NEAR_CELLS);
            home.into_iter().for_each(|(part, cell)| open.entry(part).or_default().push((d, cell)));
        }
        for (part, asked) in open {
            let part = &reduced.components[part];
            let Some(determined) = rank::determined(&part.rows, part.cells.len()) else { continue };
            asked.into_iter().filter(|a| determined[a.1]).for_each(|(d, _)| proofs[d].met = Met::No);
        }
    }

    /// Demands of insiders that no local search met: each set of what they know makes a problem of its own.
    fn search_inside(&self, problem: &Posed, proofs: &mut [Proof]) -> Result<(), Contradiction> {
        let Some(truth) = problem.truth.as_deref() else { return Ok(()) };
        let mut by_knowledge: BTreeMap<&[CellId], Vec<usize>> = BTreeMap::new();
        for (d, demand) in problem.demands.iter().enumerate() {
            if proofs[d].met == Met::Open && !demand.knows.is_empty() {
                by_knowledge.entry(&demand.knows).or_default().push(d);
            }
        }
        for (knows, which) in by_knowledge {
            if self.out_of_time() {
                break;
            }
            let seen = Attack::from_within(&problem.public, knows, truth);
            let outside = |&d: &usize| Demand {
                form: vec![(problem.forms[d], 1)],
                knows: Vec::new(),
                ..problem.demands[d].clone()
            };
            let demands: Vec<Demand> = which.iter().map(outside).collect();
            let attack = Attack { insiders: None, hints: &[], ..*self };
            let found = attack.prove(&seen, &demands, Some(truth))?;
            which.into_iter().zip(found).for_each(|(d, proof)| proofs[d] = proof);
        }
        Ok(())
    }

    /// Some table that fits what is public, for those who do not know the truth: a base for moves. `None` if none was
    /// found within the effort.
    ///
    /// # Errors
    /// When no values at all fit what is public.
    pub fn some_table(&self, public: &Public) -> Result<Option<Vec<i64>>, Contradiction> {
        let reduced = reduce(public, Rounding::of(self.whole))?;
        let found: Option<Vec<Vec<i64>>> =
            reduced.components.par_iter().map(|part| part::some_table(self, part)).collect();
        Ok(found.map(|tables| {
            let mut base: Vec<i64> = reduced.domain.iter().map(|d| d.lo.or(d.hi).unwrap_or(0)).collect();
            for (part, table) in reduced.components.iter().zip(tables) {
                part.cells.iter().zip(table).for_each(|(&c, v)| base[c] = v);
            }
            base
        }))
    }

    /// Puts every open demand, and the intervals of the targets, to the components they are in.
    fn attack_parts(
        &self,
        problem: &Posed,
        reduced: &Reduced,
        targets: &[CellId],
        base: Option<&[i64]>,
        local: Option<&Local>,
        proofs: &mut [Proof],
    ) -> Vec<Ends> {
        let mut tasks: Vec<Task> = reduced.components.iter().map(|_| Task::default()).collect();
        for (d, demand) in problem.demands.iter().enumerate() {
            match reduced.home[problem.forms[d]] {
                Some(_) if !demand.knows.is_empty() && proofs[d].met == Met::Open => {}
                Some((part, cell)) if proofs[d].met == Met::Open => tasks[part].demands.push((d, cell, demand.want)),
                Some((part, _)) => tasks[part].tables.extend(proofs[d].tables.iter().cloned()),
                None if proofs[d].met == Met::Open => {
                    proofs[d].met = met_by_fixed(reduced.domain[problem.forms[d]], demand.want);
                }
                None => {}
            }
        }
        for &t in targets {
            if let Some((part, cell)) = reduced.home[t] {
                tasks[part].targets.push(cell);
            }
        }
        let work: Vec<(usize, Task)> = tasks.into_iter().enumerate().filter(|(_, t)| !t.is_empty()).collect();
        let (total, count) = (work.iter().map(|(_, task)| task.len()).sum(), AtomicUsize::new(0));
        let answered = || self.tell("questions answered", count.fetch_add(1, Ordering::Relaxed) + 1, total);
        let walkers = local.map(Walkers::new);
        let attack = |(p, task): (usize, Task)| {
            part::attack(self, &reduced.components[p], task, base, walkers.as_ref(), &answered)
        };
        let done: Vec<part::Done> = work.into_par_iter().map(attack).collect();
        let mut ends = Vec::new();
        for part in done {
            part.demands.into_iter().for_each(|(d, proof)| proofs[d] = proof);
            ends.extend(part.ends);
        }
        ends
    }

    fn report(
        &self,
        problem: &Posed,
        reduced: &Reduced,
        targets: &[CellId],
        proofs: &[Proof],
        mut ends: Vec<Ends>,
    ) -> Audit {
        ends.extend(targets.iter().filter(|&&t| reduced.home[t].is_none()).map(|&t| Ends::fixed(t, reduced.domain[t])));
        ends.sort_by_key(|e| e.cell);
        ends.dedup_by_key(|e| e.cell);
        let demands = problem.demands;
        let mut broken: Vec<CellId> =
            demands.iter().zip(proofs).filter(|(_, p)| p.met != Met::Yes).map(|(d, _)| d.cell).collect();
        broken.sort_unstable();
        let mut leaking: Vec<(CellId, CellId)> = (0..demands.len())
            .filter(|&d| proofs[d].met == Met::No)
            .map(|d| (demands[d].cell, problem.forms[d]))
            .collect();
        leaking.sort_unstable();
        leaking.dedup_by_key(|l| l.0);
        let leaks: Vec<Leak> =
            leaking.into_iter().map(|(cell, form)| self.leak(problem, reduced, cell, form, &ends)).collect();
        let cells = (ends.into_iter())
            .map(|e| CellAudit {
                cell: e.cell,
                interval: e.interval,
                bounds: e.bounds,
                exact: e.exact,
                outer: e.outer,
                protected: broken.binary_search(&e.cell).is_err(),
                low: e.low,
                high: e.high,
            })
            .collect();
        let open: Vec<Demand> =
            demands.iter().zip(proofs).filter(|(_, p)| p.met == Met::Open).map(|(d, _)| d.clone()).collect();
        let mut audit = Audit { verdict: Verdict::Safe, cells, leaks, open };
        audit.settle();
        audit
    }

    fn leak(&self, problem: &Posed, reduced: &Reduced, cell: CellId, form: CellId, ends: &[Ends]) -> Leak {
        let entry = ends.binary_search_by_key(&cell, |e| e.cell).ok().map(|at| &ends[at]);
        let (learned, bounds) =
            entry.map_or((reduced.domain[cell], reduced.domain[cell].into()), |e| (e.interval, e.bounds));
        let proof = entry.map_or(&[][..], |e| &e.proof[..]);
        let target = if reduced.domain[form].value().is_some() { form } else { cell };
        let name = |c: CellId| problem.name(c, self.name);
        let derivation = derive::derivation(&problem.public, reduced, target, (learned, bounds), proof, &name);
        Leak { cell, learned, derivation }
    }
}

/// What is public, with a cell of its own for each linear form of more than one cell, so that every demand is about one
/// cell.
pub(super) struct Posed<'a> {
    pub public: Cow<'a, Public>,
    pub demands: &'a [Demand],
    /// Per demand, its cell or the cell of its form.
    pub forms: Vec<CellId>,
    truth: Option<Cow<'a, [i64]>>,
}

impl<'a> Posed<'a> {
    pub fn new(public: &'a Public, demands: &'a [Demand], truth: Option<&'a [i64]>) -> Self {
        let mut posed =
            Posed { public: Cow::Borrowed(public), demands, forms: Vec::new(), truth: truth.map(Cow::Borrowed) };
        posed.forms = demands.iter().map(|demand| posed.cell_of(demand)).collect();
        posed
    }

    fn cell_of(&mut self, demand: &Demand) -> CellId {
        if let [(cell, 1)] = demand.form[..] {
            return cell;
        }
        let public = self.public.to_mut();
        let form = public.domain.len();
        public.domain.push(Interval::ALL);
        let mut terms = vec![(form, -1)];
        terms.extend_from_slice(&demand.form);
        public.relations.push(Relation { terms, constant: 0 });
        if let Some(truth) = &mut self.truth {
            let value = demand.form.iter().map(|&(c, k)| k.saturating_mul(truth[c])).fold(0, i64::saturating_add);
            truth.to_mut().push(value);
        }
        form
    }

    /// What a cell is called; the cell of a form by its terms.
    fn name(&self, cell: CellId, name: &(dyn Fn(CellId) -> String + Sync)) -> String {
        let single = |d: &Demand| matches!(d.form[..], [(_, 1)]);
        let Some(demand) = self.forms.iter().position(|&f| f == cell).map(|d| &self.demands[d]).filter(|d| !single(d))
        else {
            return name(cell);
        };
        let term = |(i, &(c, k)): (usize, &(CellId, i64))| {
            let sign = match (i, k < 0) {
                (0, false) => "",
                (0, true) => "less ",
                (_, false) => " and ",
                (_, true) => " less ",
            };
            let times = if k.abs() == 1 { String::new() } else { format!("{} times ", k.abs()) };
            format!("{sign}{times}{}", name(c))
        };
        demand.form.iter().enumerate().map(term).collect()
    }

    /// The truth, if it is known and fits everything public.
    fn base(&self) -> Option<&[i64]> {
        let truth = self.truth.as_deref()?;
        let within = self.public.domain.iter().zip(truth).all(|(d, &v)| d.contains(v));
        let holds = || self.public.relations.par_iter().all(|r| r.holds(|c| truth[c]));
        (within && holds()).then_some(truth)
    }
}

/// Whether the values left by arithmetic alone rule a demand out.
fn ruled_out(domain: Interval, want: Want) -> bool {
    match want {
        Want::Within(bounds) => domain.meet(bounds).is_empty(),
        Want::Spread(width) => {
            matches!((domain.lo, domain.hi), (Some(l), Some(h)) if i128::from(h) - i128::from(l) < i128::from(width))
        }
    }
}

/// What is known of a demand about a cell that has one value left.
fn met_by_fixed(domain: Interval, want: Want) -> Met {
    if ruled_out(domain, want) { Met::No } else { Met::Yes }
}

impl Ends {
    /// The ends of a cell that has one value left.
    fn fixed(cell: CellId, domain: Interval) -> Self {
        let only = Witness(Arc::new(domain.lo.map(|v| (cell, v)).into_iter().collect()));
        let (interval, bounds, outer) = (domain, domain.into(), domain);
        Ends { cell, interval, bounds, exact: true, outer, low: only.clone(), high: only, proof: Vec::new() }
    }
}
