//! Carries out an attack: every demand is met by a checked table, or is a leak.
//!
//! Components are attacked in parallel. Within one, each table that is found is tried on every open demand and on
//! every interval, so that most questions never reach a solver. The order of work is fixed, so the result does not
//! depend on the number of threads.

use std::sync::Arc;

use rayon::prelude::*;

use crate::model::{CellId, Demand, Interval, Relation, Verdict, Want};
use crate::solve::{Effort, Solver};

use super::audit::{Audit, CellAudit, Leak, Witness};
use super::probe::{Found, Probe, fits};
use super::reduce::{Component, Contradiction, Reduced, reduce};
use super::{Public, derive};

/// How an attack is carried out.
pub struct Attack<'a> {
    /// Who solves its programs.
    pub solver: &'a dyn Solver,
    /// Limit of each single search.
    pub effort: Effort,
    /// Whether the intruder knows that cells are whole numbers.
    pub whole: bool,
    /// How a cell is called in derivations.
    pub name: &'a (dyn Fn(CellId) -> String + Sync),
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
    /// One table, or two that differ enough; none where published values alone meet the demand.
    pub tables: Vec<Witness>,
}

impl Attack<'_> {
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
        let (public, forms, truth) = with_forms(public, demands, truth);
        let reduced = reduce(&public)?;
        let (proofs, done) = self.attack_all(&reduced, demands, &forms, targets, truth.as_deref());
        let met: Vec<Met> = proofs.into_iter().map(|p| p.met).collect();
        Ok(self.report(&public, &reduced, demands, targets, &forms, &met, &done))
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
        let (public, forms, truth) = with_forms(public, demands, truth);
        let reduced = reduce(&public)?;
        Ok(self.attack_all(&reduced, demands, &forms, &[], truth.as_deref()).0)
    }

    fn attack_all(
        &self,
        reduced: &Reduced,
        demands: &[Demand],
        forms: &[CellId],
        targets: &[CellId],
        truth: Option<&[i64]>,
    ) -> (Vec<Proof>, Vec<Done>) {
        let mut tasks: Vec<Task> = reduced.components.iter().map(|_| Task::default()).collect();
        let mut proofs = vec![Proof { met: Met::Open, tables: vec![] }; demands.len()];
        for (d, demand) in demands.iter().enumerate() {
            match reduced.home[forms[d]] {
                Some((part, cell)) => tasks[part].demands.push((d, cell, demand.want)),
                None => proofs[d].met = met_by_fixed(reduced.domain[forms[d]], demand.want),
            }
        }
        for &t in targets {
            if let Some((part, cell)) = reduced.home[t] {
                tasks[part].targets.push(cell);
            }
        }
        let parts: Vec<(&Component, Task)> = reduced.components.iter().zip(tasks).collect();
        let done: Vec<Done> =
            parts.into_par_iter().map(|(part, task)| self.attack_component(part, task, truth)).collect();
        for part in &done {
            part.demands.iter().for_each(|(d, proof)| proofs[*d] = proof.clone());
        }
        (proofs, done)
    }

    fn attack_component(&self, part: &Component, task: Task, truth: Option<&[i64]>) -> Done {
        let known: Option<Vec<i64>> = truth.map(|t| part.cells.iter().map(|&c| t[c]).collect());
        let known = known.filter(|t| fits(part, t));
        let mut probe = Probe::new(part, known.clone(), self.solver, self.effort, self.whole);
        let mut pool = Pool::new(part.cells.len(), &task.demands);
        known.into_iter().for_each(|t| pool.add(t));
        for i in 0..pool.demands.len() {
            if pool.demands[i].met == Met::Open {
                self.ask(i, part, &mut probe, &mut pool);
            }
        }
        let mut intervals = Vec::new();
        for &cell in &task.targets {
            let (lo, lo_proof) = end(cell, 1, part, &mut probe, &mut pool);
            let (hi, hi_proof) = end(cell, -1, part, &mut probe, &mut pool);
            let proof = [lo_proof, hi_proof].concat().into_iter().map(|r| part.origin[r]).collect();
            intervals.push((
                part.cells[cell],
                Interval { lo, hi },
                pool.witness(part, cell, 0),
                pool.witness(part, cell, 1),
                proof,
            ));
        }
        let demands = (0..pool.demands.len()).map(|i| pool.proof(part, i)).collect();
        Done { demands, intervals }
    }

    /// Looks for a table that meets the `i`-th demand of a component.
    fn ask(&self, i: usize, part: &Component, probe: &mut Probe, pool: &mut Pool) {
        let (cell, want) = (pool.demands[i].cell, pool.demands[i].want);
        let mut stopped = false;
        match want {
            Want::Within(bounds) => match probe.within(cell, bounds) {
                Found::Table(table) => pool.add(table),
                Found::Impossible => {}
                Found::Unknown => stopped = true,
            },
            Want::Spread(width) => {
                for sign in [1, -1] {
                    let extreme = probe.extreme(cell, sign);
                    stopped |= extreme.stopped;
                    let unbounded = extreme.value.is_none() && !extreme.stopped;
                    extreme.table.into_iter().for_each(|t| pool.add(t));
                    if unbounded && let Some(lo) = pool.low[cell].map(|(v, _)| v).or(part.domain[cell].lo) {
                        let far = Interval::at_least(lo.saturating_add(width));
                        if let Found::Table(table) = probe.within(cell, far) {
                            pool.add(table);
                        }
                    }
                }
            }
        }
        if pool.demands[i].met == Met::Open && !stopped {
            pool.demands[i].met = Met::No;
        }
    }

    #[allow(clippy::too_many_arguments)] // the pieces of one report, each from another step
    fn report(
        &self,
        public: &Public,
        reduced: &Reduced,
        demands: &[Demand],
        targets: &[CellId],
        forms: &[CellId],
        met: &[Met],
        done: &[Done],
    ) -> Audit {
        let mut intervals: Vec<_> = done.iter().flat_map(|d| d.intervals.iter().cloned()).collect();
        for &t in targets.iter().filter(|&&t| reduced.home[t].is_none()) {
            let only = Witness(Arc::new(reduced.domain[t].lo.map(|v| (t, v)).into_iter().collect()));
            intervals.push((t, reduced.domain[t], only.clone(), only, Vec::new()));
        }
        intervals.sort_by_key(|i| i.0);
        intervals.dedup_by_key(|i| i.0);
        let broken = |c: CellId, state: Met| demands.iter().zip(met).any(|(d, &m)| d.cell == c && m == state);
        let cells: Vec<CellAudit> = (intervals.iter())
            .map(|(cell, interval, low, high, _)| CellAudit {
                cell: *cell,
                interval: *interval,
                low: low.clone(),
                high: high.clone(),
                protected: !broken(*cell, Met::No) && !broken(*cell, Met::Open),
            })
            .collect();
        let mut leaking: Vec<(CellId, CellId)> =
            (0..demands.len()).filter(|&d| met[d] == Met::No).map(|d| (demands[d].cell, forms[d])).collect();
        leaking.sort_unstable();
        leaking.dedup_by_key(|l| l.0);
        let leaks: Vec<Leak> = leaking
            .into_iter()
            .map(|(cell, form)| {
                let entry = intervals.iter().find(|i| i.0 == cell);
                let learned = entry.map_or(reduced.domain[cell], |i| i.1);
                let proof = entry.map_or(&[][..], |i| &i.4[..]);
                let target = if reduced.domain[form].value().is_some() { form } else { cell };
                Leak {
                    cell,
                    learned,
                    derivation: derive::derivation(public, reduced, target, learned, proof, self.name),
                }
            })
            .collect();
        let open: Vec<Demand> =
            demands.iter().zip(met).filter(|(_, m)| **m == Met::Open).map(|(d, _)| d.clone()).collect();
        let verdict = match (leaks.is_empty(), open.is_empty()) {
            (false, _) => Verdict::Unsafe,
            (true, false) => Verdict::Inconclusive,
            (true, true) => Verdict::Safe,
        };
        Audit { verdict, cells, leaks, open }
    }
}

/// Work on one component.
#[derive(Default)]
struct Task {
    /// Index of the demand, position of the cell, what is wanted.
    demands: Vec<(usize, usize, Want)>,
    targets: Vec<usize>,
}

/// Interval of a cell, the tables of its ends, and the relations that prove them.
type Ends = (CellId, Interval, Witness, Witness, Vec<usize>);

struct Done {
    demands: Vec<(usize, Proof)>,
    intervals: Vec<Ends>,
}

/// A demand on one component: its index, the cell's position, and the tables that meet it.
struct Asked {
    demand: usize,
    cell: usize,
    want: Want,
    met: Met,
    by: Vec<usize>,
}

/// The tables found so far in a component, and what they prove.
struct Pool {
    demands: Vec<Asked>,
    tables: Vec<Arc<Vec<i64>>>,
    /// Per cell, the smallest value seen and the table it stands in.
    low: Vec<Option<(i64, usize)>>,
    high: Vec<Option<(i64, usize)>>,
    shared: Vec<Option<Witness>>,
}

impl Pool {
    fn new(cells: usize, demands: &[(usize, usize, Want)]) -> Self {
        let asked = |&(demand, cell, want)| Asked { demand, cell, want, met: Met::Open, by: vec![] };
        let demands = demands.iter().map(asked).collect();
        Pool { demands, tables: vec![], low: vec![None; cells], high: vec![None; cells], shared: vec![] }
    }

    fn add(&mut self, table: Vec<i64>) {
        let id = self.tables.len();
        for (cell, &v) in table.iter().enumerate() {
            if self.low[cell].is_none_or(|(l, _)| v < l) {
                self.low[cell] = Some((v, id));
            }
            if self.high[cell].is_none_or(|(h, _)| v > h) {
                self.high[cell] = Some((v, id));
            }
        }
        for asked in self.demands.iter_mut().filter(|d| d.met != Met::Yes) {
            let by = match (asked.want, self.low[asked.cell], self.high[asked.cell]) {
                (Want::Within(bounds), ..) if bounds.contains(table[asked.cell]) => vec![id],
                (Want::Spread(width), Some((l, low)), Some((h, high)))
                    if i128::from(h) - i128::from(l) >= i128::from(width) =>
                {
                    vec![low, high]
                }
                _ => continue,
            };
            (asked.met, asked.by) = (Met::Yes, by);
        }
        self.tables.push(Arc::new(table));
        self.shared.push(None);
    }

    /// The table of a cell's lower (side 0) or upper end.
    fn witness(&mut self, part: &Component, cell: usize, side: usize) -> Witness {
        let end = if side == 0 { self.low[cell] } else { self.high[cell] };
        end.map_or_else(Witness::default, |(_, id)| self.share(part, id))
    }

    /// A table with the names of its cells.
    fn share(&mut self, part: &Component, id: usize) -> Witness {
        let tables = &self.tables;
        let make = || Witness(Arc::new(part.cells.iter().copied().zip(tables[id].iter().copied()).collect()));
        self.shared[id].get_or_insert_with(make).clone()
    }

    /// What was found about the `i`-th demand.
    fn proof(&mut self, part: &Component, i: usize) -> (usize, Proof) {
        let (demand, met, by) = (self.demands[i].demand, self.demands[i].met, self.demands[i].by.clone());
        (demand, Proof { met, tables: by.into_iter().map(|id| self.share(part, id)).collect() })
    }
}

/// One end of a cell's interval; a table in the pool reaches it.
fn end(cell: usize, sign: i64, part: &Component, probe: &mut Probe, pool: &mut Pool) -> (Option<i64>, Vec<usize>) {
    let outer = if sign > 0 { part.domain[cell].lo } else { part.domain[cell].hi };
    let seen = |pool: &Pool| if sign > 0 { pool.low[cell] } else { pool.high[cell] }.map(|(v, _)| v);
    if outer.is_some() && seen(pool) == outer {
        return (outer, Vec::new());
    }
    let extreme = probe.extreme(cell, sign);
    extreme.table.into_iter().for_each(|t| pool.add(t));
    let value = if extreme.stopped { seen(pool) } else { extreme.value };
    (value, extreme.proof)
}

fn met_by_fixed(domain: Interval, want: Want) -> Met {
    let met = match (want, domain.value()) {
        (Want::Within(bounds), Some(v)) => bounds.contains(v),
        (Want::Spread(width), _) => width <= 0,
        (Want::Within(_), None) => false,
    };
    if met { Met::Yes } else { Met::No }
}

/// Gives each linear form of more than one cell a cell of its own, so that every demand is about one cell.
fn with_forms(public: &Public, demands: &[Demand], truth: Option<&[i64]>) -> (Public, Vec<CellId>, Option<Vec<i64>>) {
    let mut public = public.clone();
    let mut truth = truth.map(<[i64]>::to_vec);
    let forms = demands
        .iter()
        .map(|demand| match demand.form[..] {
            [(cell, 1)] => cell,
            _ => {
                let form = public.domain.len();
                public.domain.push(Interval::ALL);
                let mut terms = vec![(form, -1)];
                terms.extend_from_slice(&demand.form);
                public.relations.push(Relation { terms, constant: 0 });
                if let Some(t) = &mut truth {
                    t.push(demand.form.iter().map(|&(c, k)| k.saturating_mul(t[c])).fold(0, i64::saturating_add));
                }
                form
            }
        })
        .collect();
    (public, forms, truth)
}
