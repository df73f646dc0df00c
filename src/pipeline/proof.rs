//! The public proof of a release, made from what goes out and nothing else: `layout` numbers the cells as a reader would,
//! here the common table and the others are found by the blind audit.
//!
//! Promised is, of every cell that is not printed as it is and could hold a count that the policy hides: a table in which it
//! does not, or every such count and at least two; and each of these counts that some table was found to show. Which cells
//! the rules call unsafe plays no part in it.

mod layout;

use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::attack::{self, Attack, Met, Observation, Promise, ProtectionKind, Public};
use crate::model::{CellId, Demand, Exposure, Interval, Measure, Structure, System, Want};
use crate::policy::{Plan, Policy};
use crate::release::{Proof, ProofCell, ProofMeasure, Release};
use crate::round::{Tie, ties};
use crate::witness::{Move, moved};

use super::{Failure, Options, reread};
use layout::Layout;

/// Demands times cells up to which what local search does not show is put to programs: far above it they would take hours.
const PROGRAMS: usize = 40_000_000;

/// Why there is no proof.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// Releases of this kind have none.
    #[error("there is no public proof of {0}")]
    Unsupported(String),
    /// It was not found.
    #[error("no public proof was found: {0}")]
    NotFound(String),
}

/// Whether releases under a policy can have a proof, asked before the work.
///
/// # Errors
/// What stands against it.
pub(super) fn possible(policy: &Policy) -> Result<(), ProofError> {
    let no = |what: &str| Err(ProofError::Unsupported(what.to_owned()));
    match &policy.plan {
        Plan::Perturb(_) => no("figures with noise: which values remain possible says nothing of how likely they are"),
        _ if policy.attacker.prior.is_some() => no(
            "a release whose readers know every amount beforehand (`prior` of [attacker]): it would have to say what they know",
        ),
        Plan::Round(_) | Plan::Suppress(_) => Ok(()),
    }
}

/// Makes the proof of a release.
///
/// # Errors
/// Why there is none.
pub(super) fn make(
    system: &System,
    release: &Release,
    policy: &Policy,
    options: &Options,
    limit: Option<f64>,
) -> Result<Proof, Failure> {
    possible(policy)?;
    let structure = system.structure();
    printable(structure, policy)?;
    let (seen, ties) = seen(system, release, policy)?;
    let layout = Layout::of(structure)?;
    let tables = layout.tables(structure, release, (&seen, &ties), policy)?;
    let name = |c: CellId| structure.words(c);
    let time_left = || limit.map(|at| at - (options.now)());
    let attack = Attack {
        time_left: &time_left,
        progress: options.progress,
        whole: true,
        blocks: structure.blocks(),
        ..Attack::new(options.solver, &name)
    };
    let promise = reread::promise(policy);
    let public = Public {
        domain: seen.iter().map(|s| s.domain()).collect(),
        relations: layout::relations(structure).cloned().collect(),
    };
    let not_found = |what: String| Failure::from(ProofError::NotFound(what));
    let base = attack.some_table(&public).ok().flatten();
    let base =
        base.ok_or_else(|| not_found("a limit ended the search for a table that fits what is printed".to_owned()))?;
    let least = least(structure, &seen, promise);
    let prover = Prover { structure, seen: &seen, public: &public, promise, base: &base, least, attack: &attack };
    let shown = prover.shown()?;
    let mut numbers: HashMap<Arc<Move>, usize> = HashMap::new();
    let mut moves = Vec::new();
    let mut promises = Vec::new();
    for (cell, shown) in shown {
        prover.keeps(cell, &shown).map_err(&not_found)?;
        let mut number = |table: &Option<Arc<Move>>| {
            table.as_ref().map(|table| {
                *numbers.entry(Arc::clone(table)).or_insert_with(|| {
                    moves.push(layout.renumbered(table));
                    moves.len() - 1
                })
            })
        };
        let shown_by = shown.values.values().map(&mut number).collect();
        let unshown = shown.hidden().filter(|v| !shown.values.contains_key(v)).collect();
        promises.push(ProofCell { cell: layout.number[cell], shown_by, unshown });
    }
    promises.sort_by_key(|p| p.cell);
    let header = release.header();
    let measures = structure.measures().iter().map(|m| measure(m, promise, policy)).collect();
    let open = layout.order.iter().filter(|&&c| !matches!(seen[c], Observation::Printed(_)));
    Ok(Proof {
        title: header.title.clone(),
        reference: header.reference.clone(),
        policy: [header.policy_id.clone(), header.policy_version.clone(), header.public_fingerprint.clone()],
        tool: format!("tabsafe {}", header.tool_version),
        hidden: promise.band,
        protection: promise.kind.to_string(),
        measures,
        common: open.map(|&c| base[c]).collect(),
        moves,
        promises,
        tables,
        dimensions: layout.dimensions,
        grids: layout.grids,
        more: layout.more,
    })
}

/// Whether a proof has words for what is counted.
fn printable(structure: Structure, policy: &Policy) -> Result<(), ProofError> {
    let no = |what: &str| Err(ProofError::Unsupported(what.to_owned()));
    let sums = structure.measures().iter().any(|m| matches!(m, Measure::Sum { .. }));
    match structure.measures() {
        measures if measures.contains(&Measure::Persons) => no("numbers of different persons"),
        // which groups have no records binds their sums, and is not always printed
        measures if sums && measures.contains(&Measure::Records) => no("sums beside numbers of records"),
        // groups that everybody may know to be empty, because no record says to what they belong
        _ if !policy.attacker.zeros_published && structure.relations().iter().any(|r| r.terms.len() == 1) => {
            no("categories without records where zeros may be withheld")
        }
        _ => Ok(()),
    }
}

/// What a reader sees, by the structure alone: which groups follow, not which of them the rules ask about.
fn seen(system: &System, release: &Release, policy: &Policy) -> Result<(Vec<Observation>, Vec<Tie>), Failure> {
    let structure = system.structure();
    let own = ties(system, &system.relations);
    let shown = |c: CellId| structure.exposure(c) == Exposure::Shown;
    let follows = structure.follows(shown);
    if matches!(policy.plan, Plan::Round(_)) {
        let mut plain = system.clone();
        for (cell, &follows) in plain.cells.iter_mut().zip(&follows).filter(|c| c.0.exposure != Exposure::Shown) {
            cell.exposure = if follows { Exposure::Implied } else { Exposure::Hidden };
        }
        let plain = ties(&plain, &system.relations);
        if (0..plain.len()).any(|c| shown(c) && plain[c] != own[c]) {
            let what = "rounded figures that are tied by groups which follow from the records".to_owned();
            return Err(ProofError::Unsupported(what).into());
        }
    }
    let mut seen = reread::observations(structure, &own, release, policy)?;
    for (cell, (seen, follows)) in seen.iter_mut().zip(follows).enumerate() {
        if let Observation::NotShown { judged, .. } = seen {
            *judged = follows && !structure.is_named(cell);
        }
    }
    Ok((seen, own))
}

/// A measure with what its sign stands for.
fn measure(measure: &Measure, promise: Promise, policy: &Policy) -> ProofMeasure {
    let counts = !matches!(measure, Measure::Sum { .. });
    let unit = 10i64.saturating_pow(measure.decimals());
    let sign = reread::sign(counts, unit, policy).domain();
    ProofMeasure { measure: measure.clone(), sign, least: if counts { promise.least } else { 0 } }
}

/// What tables show of a cell.
struct Shown {
    /// What it can be, of what the policy hides; nothing for a sum.
    hides: Option<(i64, i64)>,
    /// Each value with a table that shows it; `None` is the common one.
    values: BTreeMap<i64, Option<Arc<Move>>>,
}

impl Shown {
    fn hidden(&self) -> RangeInclusive<i64> {
        let (lo, hi) = self.hides.unwrap_or((1, 0));
        lo..=hi
    }
}

/// Finds the tables.
struct Prover<'a> {
    structure: Structure<'a>,
    seen: &'a [Observation],
    public: &'a Public,
    promise: Promise,
    base: &'a [i64],
    least: Vec<i64>,
    attack: &'a Attack<'a>,
}

impl Prover<'_> {
    /// What a cell can be of what the policy hides.
    fn hides(&self, cell: CellId) -> Option<(i64, i64)> {
        let (lo, hi) = self.promise.band.filter(|_| self.structure.counts(cell))?;
        let left = self.seen[cell].domain().meet(Interval::new(lo, hi));
        left.lo.zip(left.hi).filter(|(lo, hi)| lo <= hi)
    }

    /// Per cell of which something is promised, what tables show of it.
    fn shown(&self) -> Result<BTreeMap<CellId, Shown>, Failure> {
        let mut shown: BTreeMap<CellId, Shown> = BTreeMap::new();
        for (cell, &seen) in self.seen.iter().enumerate() {
            let hides = self.hides(cell);
            let asked = match seen {
                Observation::Printed(_) => false,
                Observation::NotShown { judged, .. } => judged && hides.is_some() && !self.is_outside(self.base[cell]),
                Observation::Withheld(_) => hides.is_some() || !self.structure.counts(cell),
                Observation::Replaced { .. } => hides.is_some(),
            };
            if asked {
                let values = BTreeMap::from([(self.base[cell], None)]);
                shown.insert(cell, Shown { hides, values });
            }
        }
        let mut demands: Vec<Demand> = Vec::new();
        for (&cell, shown) in &shown {
            let within = |v| Demand::on(cell, Want::Within(Interval::exactly(v)));
            match self.promise.band.filter(|_| shown.hides.is_some()) {
                Some((lo, hi)) => {
                    let outside = self.is_outside(self.base[cell]);
                    let above = (!outside).then_some(Interval::at_least(hi + 1));
                    let below = (!outside && lo > 0).then_some(Interval::at_most(lo - 1));
                    let beyond = above.into_iter().chain(below);
                    demands.extend(beyond.map(|i| Demand::on(cell, Want::Within(i))));
                    demands.extend(shown.hidden().map(within));
                    if let ProtectionKind::Width(width) = self.promise.kind {
                        demands.push(Demand::on(cell, Want::Spread(width.max(1))));
                    }
                }
                None => demands.push(Demand::on(cell, Want::Spread(1))),
            }
        }
        self.prove(&demands, &mut shown)?;
        Ok(shown)
    }

    /// Looks for tables that meet these demands: by local search; by programs where too little is shown of a cell by then; and
    /// for the rest by programs as well, if these come to an end.
    fn prove(&self, demands: &[Demand], shown: &mut BTreeMap<CellId, Shown>) -> Result<(), Failure> {
        let gone = |_| Failure::Disagreement("no values fit all that would be printed".to_owned());
        let proofs = self.attack.prove_by_moves(self.public, demands, self.base).map_err(gone)?;
        let mut open: Vec<&Demand> =
            demands.iter().zip(&proofs).filter(|d| d.1.met == Met::Open).map(|d| d.0).collect();
        self.take(demands.iter().zip(proofs), shown);
        let lacks = |shown: &BTreeMap<CellId, Shown>, cell: CellId| {
            shown.get(&cell).is_some_and(|shown| self.keeps(cell, shown).is_err())
        };
        let (owed, rest): (Vec<&Demand>, Vec<&Demand>) = open.drain(..).partition(|d| lacks(shown, d.cell));
        self.by_programs(&owed, shown)?;
        if rest.len().saturating_mul(self.public.domain.len()) <= PROGRAMS {
            self.by_programs(&rest, shown)?;
        }
        Ok(())
    }

    /// Puts demands to programs.
    fn by_programs(&self, demands: &[&Demand], shown: &mut BTreeMap<CellId, Shown>) -> Result<(), Failure> {
        let gone = |_| Failure::Disagreement("no values fit all that would be printed".to_owned());
        let tables = shown.values().flat_map(|s| s.values.values().flatten());
        let mut hints: Vec<Move> = tables.map(|t| Move::clone(t)).collect();
        hints.sort_unstable();
        hints.dedup();
        let asked: Vec<Demand> = demands.iter().map(|&d| d.clone()).collect();
        let attack = Attack { hints: &hints, ..*self.attack };
        let proofs = attack.prove(self.public, &asked, Some(self.base)).map_err(gone)?;
        self.take(asked.iter().zip(proofs), shown);
        Ok(())
    }

    /// Takes in the tables that were found.
    fn take<'d>(&self, found: impl Iterator<Item = (&'d Demand, attack::Proof)>, shown: &mut BTreeMap<CellId, Shown>) {
        for (demand, proof) in found {
            let Some(shown) = shown.get_mut(&demand.cell) else { continue };
            for table in proof.tables {
                let value = self.base[demand.cell].saturating_add(moved(&table, demand.cell));
                shown.values.entry(value).or_insert(Some(table));
            }
        }
    }

    /// Whether a count is none that the policy hides.
    fn is_outside(&self, value: i64) -> bool {
        self.promise.band.is_none_or(|(lo, hi)| !(lo..=hi).contains(&value))
    }

    /// Whether enough is shown of a cell: what whoever checks the proof demands.
    ///
    /// # Errors
    /// What is missing, without a value.
    fn keeps(&self, cell: CellId, shown: &Shown) -> Result<(), String> {
        let values = || shown.values.keys();
        let two = shown.values.len() > 1;
        let Some((_, hi)) = shown.hides else {
            let name = self.structure.words(cell);
            return two.then_some(()).ok_or_else(|| format!("only one value of {name} fits what is printed"));
        };
        let spread = values().last().zip(values().next()).map_or(0, |(h, l)| h.saturating_sub(*l));
        let kept = values().any(|&v| self.is_outside(v))
            || match self.promise.kind {
                ProtectionKind::Exact | ProtectionKind::Percent(_) => two,
                ProtectionKind::Width(width) => spread >= width,
                ProtectionKind::Above => false,
                ProtectionKind::Band => {
                    let least = self.least[cell];
                    two && least <= hi && shown.hidden().all(|v| v < least || shown.values.contains_key(&v))
                }
            };
        kept.then_some(())
            .ok_or_else(|| format!("no table shows all that must remain possible of {}", self.structure.words(cell)))
    }
}

/// The least that each cell can be if all that is not zero were withheld, as far as sums of parts tell.
fn least(structure: Structure, seen: &[Observation], promise: Promise) -> Vec<i64> {
    let own = |(cell, &seen): (CellId, &Observation)| match seen {
        Observation::Printed(0) | Observation::NotShown { .. } => 0,
        Observation::Replaced { stands_for, .. } if stands_for.contains(0) => 0,
        _ if structure.counts(cell) => promise.least,
        _ => 0,
    };
    let mut least: Vec<i64> = seen.iter().enumerate().map(own).collect();
    loop {
        let mut changed = false;
        for relation in layout::relations(structure) {
            let [(total, -1), parts @ ..] = &relation.terms[..] else { continue };
            if relation.constant == 0 && parts.iter().all(|p| p.1 == 1) {
                let sum = parts.iter().map(|p| least[p.0]).fold(0, i64::saturating_add);
                changed |= sum > least[*total];
                least[*total] = least[*total].max(sum);
            }
        }
        if !changed {
            return least;
        }
    }
}
