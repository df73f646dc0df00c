//! The problem that every method solves: cells, costs, and what the attack will demand.

use crate::attack::{
    Attack, Attacker, Contradiction, Insiders, Met, Proof, ProtectionKind, Seed, demands, hideable, seed_others,
};
use crate::model::{
    CellId, Demand, Event, Exposure, Finding, Harm, Listener, Relation, Severity, Standing, System, Treatment,
};
use crate::solve::{Effort, Solver};

use super::Pattern;

/// What a withheld cell costs.
#[derive(Clone, Copy, Debug)]
pub struct CostModel {
    /// The cost of a cell by its value.
    pub of_value: fn(i64) -> i64,
    /// Totals cost this many times as much.
    pub total_factor: i64,
    /// Totals are never withheld for the sake of others.
    pub keep_totals: bool,
}

/// Everything a method needs to know.
#[derive(Clone)]
pub struct Problem<'a> {
    /// The system.
    pub system: &'a System,
    /// Against whom.
    pub attacker: Attacker,
    /// When a cell counts as protected.
    pub kind: ProtectionKind,
    /// Unsafe cells with the smallest and the largest of the small counts that a rule hides.
    pub bands: Vec<(CellId, i64, i64)>,
    /// What must remain possible once the primary cells are withheld.
    pub demands: Vec<Demand>,
    /// Per demand, a move from the truth that meets it when everything is withheld that could be, where one is known.
    pub seeds: Vec<Seed>,
    /// Per cell, whether a rule calls it unsafe and it is printed.
    pub primary: Vec<bool>,
    /// Per cell, whether it may be withheld to protect another.
    pub candidate: Vec<bool>,
    /// Per cell, the cost of withholding it.
    pub cost: Vec<i64>,
    /// Per cell, whether it is only withheld to protect another where nothing else is enough.
    pub kept: Vec<bool>,
    /// The true values.
    pub truth: Vec<i64>,
    /// Who solves programs.
    pub solver: &'a dyn Solver,
    /// Limit of each single search.
    pub effort: Effort,
    /// Asked between steps: the seconds left, if there is a time limit.
    pub time_left: &'a (dyn Fn() -> Option<f64> + Sync),
    /// Told how far the search has come.
    pub progress: Listener<'a>,
}

/// Who helps a search, and who watches it.
#[derive(Clone, Copy)]
pub struct Aids<'a> {
    /// Who solves programs.
    pub solver: &'a dyn Solver,
    /// The seconds left, if there is a time limit.
    pub time_left: &'a (dyn Fn() -> Option<f64> + Sync),
    /// Told how far the search has come.
    pub progress: Listener<'a>,
}

impl<'a> Problem<'a> {
    /// The problem of protecting what these findings name, with nobody to be told how far it has come.
    ///
    /// # Errors
    /// When the system contradicts itself.
    pub fn new(
        system: &'a System,
        findings: &[Finding],
        kind: ProtectionKind,
        attacker: Attacker,
        costs: CostModel,
        solver: &'a dyn Solver,
        time_left: &'a (dyn Fn() -> Option<f64> + Sync),
    ) -> Result<Self, Contradiction> {
        Problem::watched(system, findings, kind, attacker, costs, Aids { solver, time_left, progress: &|_| () })
    }

    /// The same, watched.
    ///
    /// # Errors
    /// When the system contradicts itself.
    pub fn watched(
        system: &'a System,
        findings: &[Finding],
        kind: ProtectionKind,
        attacker: Attacker,
        costs: CostModel,
        aids: Aids<'a>,
    ) -> Result<Self, Contradiction> {
        let Aids { solver, time_left, progress } = aids;
        let shown = |c: CellId| system.cells[c].exposure == Exposure::Shown;
        let mut primary = vec![false; system.cells.len()];
        for f in findings.iter().filter(|f| f.severity == Severity::Unsafe) {
            primary[f.cell] = shown(f.cell) && attacker.can_be_withheld(system, f.cell);
        }
        let total = totals(system);
        let candidate = (0..system.cells.len())
            .map(|c| shown(c) && attacker.can_be_withheld(system, c) && !primary[c] && !(costs.keep_totals && total[c]))
            .collect();
        let cost = (0..system.cells.len())
            .map(|c| {
                let base = (costs.of_value)(system.value(c)).max(1);
                if total[c] { base.saturating_mul(costs.total_factor.max(1)) } else { base }
            })
            .collect();
        let mut problem = Problem {
            system,
            attacker,
            kind,
            bands: findings.iter().filter(|f| primary[f.cell]).filter_map(band).collect(),
            demands: Vec::new(),
            seeds: Vec::new(),
            primary,
            candidate,
            cost,
            kept: vec![false; system.cells.len()],
            truth: system.cells.iter().map(|c| c.value).collect(),
            solver,
            effort: Effort::default(),
            time_left,
            progress,
        };
        (problem.demands, problem.seeds) = problem.asked_of(findings, kind)?.into_iter().unzip();
        Ok(problem)
    }

    /// What must remain possible for the sake of findings, each with the move that shows that it can be met, if one is known.
    ///
    /// # Errors
    /// When the system contradicts itself.
    pub(super) fn asked_of(
        &self,
        findings: &[Finding],
        kind: ProtectionKind,
    ) -> Result<Vec<(Demand, Seed)>, Contradiction> {
        let treatments = self.treatments(&self.primary);
        let attack = Attack { progress: self.progress, ..self.attack() };
        let all = demands(self.system, findings, kind, &self.attacker, &treatments);
        let mut asked = hideable(&attack, self.system, &self.attacker, all)?;
        seed_others(&attack, self.system, &self.attacker, &mut asked)?;
        Ok(asked)
    }

    /// The attack that judges patterns while they are made.
    fn attack(&self) -> Attack<'a> {
        let (effort, time_left, whole) = (self.effort, self.time_left, self.attacker.integers);
        let blocks = &self.system.blocks;
        Attack { effort, time_left, whole, blocks, ..Attack::new(self.solver, &|_| String::new()) }
    }

    /// Cells that may be withheld to protect others.
    pub fn candidates(&self) -> impl Iterator<Item = CellId> + '_ {
        (0..self.candidate.len()).filter(|&c| self.candidate[c])
    }

    /// Whether there are cells to be kept among those that could be withheld.
    pub(super) fn keeps(&self) -> bool {
        self.candidates().any(|c| self.kept[c])
    }

    /// The same problem, where cells to be kept can't be withheld.
    pub(super) fn without_kept(&self) -> Self {
        let mut strict = self.clone();
        strict.candidate.iter_mut().zip(&self.kept).for_each(|(candidate, kept)| *candidate &= !kept);
        strict
    }

    /// The same problem, where each cell to be kept costs more than all others together.
    pub(super) fn with_kept_last(&self) -> Self {
        let mut priced = self.clone();
        let others = self.candidates().filter(|&c| !self.kept[c]).map(|c| self.cost[c]).fold(0, i64::saturating_add);
        let kept = priced.cost.iter_mut().zip(&self.kept).filter(|(_, kept)| **kept);
        kept.for_each(|(cost, _)| *cost = cost.saturating_add(others));
        priced
    }

    /// What is done with each cell when these are withheld.
    pub fn treatments(&self, withheld: &[bool]) -> Vec<Treatment> {
        (self.system.cells.iter().enumerate())
            .map(|(c, cell)| match (cell.exposure, withheld[c]) {
                (Exposure::Shown, true) => Treatment::Withhold { primary: self.primary[c] },
                (Exposure::Shown, false) => Treatment::Publish,
                _ => Treatment::Hide,
            })
            .collect()
    }

    /// The cost of the secondary cells among these.
    pub fn loss(&self, withheld: &[bool]) -> i64 {
        let secondary = self.candidates().filter(|&c| withheld[c]);
        secondary.map(|c| self.cost[c]).fold(0, i64::saturating_add)
    }

    /// The sum of the values of the secondary cells among these: what decides between patterns of the same loss.
    pub(super) fn value(&self, withheld: &[bool]) -> i128 {
        self.candidates().filter(|&c| withheld[c]).map(|c| i128::from(self.truth[c])).sum()
    }

    /// What the attack says about these demands when these cells are withheld.
    ///
    /// # Errors
    /// When the system contradicts itself.
    pub fn prove(&self, withheld: &[bool], demands: &[Demand]) -> Result<Vec<Proof>, Contradiction> {
        self.prove_under(&self.treatments(withheld), demands)
    }

    /// What the attack says about these demands under these treatments.
    ///
    /// # Errors
    /// When the system contradicts itself.
    pub(super) fn prove_under(
        &self,
        treatments: &[Treatment],
        demands: &[Demand],
    ) -> Result<Vec<Proof>, Contradiction> {
        let public = self.attacker.view(self.system, treatments);
        self.attack().prove(&public, demands, Some(&self.truth))
    }

    /// The demands that are not met when these cells are withheld.
    ///
    /// # Errors
    /// When the system contradicts itself.
    pub fn unmet(&self, withheld: &[bool]) -> Result<Vec<usize>, Contradiction> {
        let proofs = self.prove(withheld, &self.demands)?;
        Ok((0..proofs.len()).filter(|&d| proofs[d].met != Met::Yes).collect())
    }

    /// Tells that so many of so many steps are done.
    pub(super) fn tell_steps(&self, what: &'static str, done: usize, total: usize) {
        (self.progress)(Event::Steps { what, done, total });
    }

    /// Tells how good the best pattern so far is, beside the first one and what is proven.
    pub(super) fn tell_standing(&self, cells: Option<usize>, first: i64, loss: i64, bound: i64) {
        (self.progress)(Event::Search(Standing::new(cells, first, loss, bound)));
    }

    /// What insiders ask of a pattern beside the demands there are, and whether it is met.
    ///
    /// # Errors
    /// When the system contradicts itself.
    pub(super) fn inside(&self, pattern: &Pattern, insiders: &Insiders) -> Result<Vec<(Demand, Proof)>, Contradiction> {
        let public = self.attacker.view(self.system, &self.treatments(&pattern.withheld));
        let attack = Attack { hints: &pattern.witnesses, ..self.attack() };
        let proofs = attack.prove(&public, &self.demands, Some(&self.truth))?;
        insiders.attack(&attack, &public, &self.demands, &proofs, &self.truth)
    }

    /// The seconds left, if there is a time limit.
    pub fn seconds_left(&self) -> Option<f64> {
        (self.time_left)()
    }

    /// Whether the time limit has passed.
    pub fn out_of_time(&self) -> bool {
        self.seconds_left().is_some_and(|s| s <= 0.0)
    }

    /// The relations that hold, with one more cell for each linear form that is demanded of.
    /// Returns the relations, the number of cells, and the cell that stands for each demand.
    pub(super) fn with_forms(&self) -> (Vec<Relation>, usize, Vec<CellId>) {
        let mut relations = self.system.relations.clone();
        let mut cells = self.system.cells.len();
        let targets = (self.demands.iter())
            .map(|d| match d.form[..] {
                [(cell, 1)] => cell,
                _ => {
                    let mut terms = vec![(cells, -1)];
                    terms.extend_from_slice(&d.form);
                    relations.push(Relation { terms, constant: 0 });
                    cells += 1;
                    cells - 1
                }
            })
            .collect();
        (relations, cells, targets)
    }
}

/// The small counts that a rule hides, where a finding is about these.
fn band(finding: &Finding) -> Option<(CellId, i64, i64)> {
    match finding.harm {
        Harm::Small { lo, hi } if finding.severity == Severity::Unsafe => Some((finding.cell, lo, hi)),
        _ => None,
    }
}

/// Per cell, whether it is a total or subtotal in a table that prints it.
fn totals(system: &System) -> Vec<bool> {
    let mut total = vec![false; system.cells.len()];
    for (c, cell) in system.cells.iter().enumerate() {
        total[c] = cell.places.iter().filter(|p| p.shown).any(|p| {
            let table = &system.tables[p.table];
            table.entries_at(p.position).iter().zip(&table.axes).any(|(&e, axis)| axis.entries[e].total)
        });
    }
    total
}
