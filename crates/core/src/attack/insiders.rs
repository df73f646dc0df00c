//! Intruders from within: contributors, each for himself or several together, who know the cells that nobody else is
//! behind.
//!
//! A coalition is only asked about where it could make a difference: it must know a cell in every alternative table that
//! is at hand for a demand. Such coalitions are the small hitting sets of the tables, found by branching over the cells of
//! one table that escapes so far; the depth is the size of a coalition. Each one found asks for a table that moves nothing
//! it knows; when no coalition is left, none of any kind can work the cell out.
//!
//! What an insider must not do: work out a count exactly (the bands of an outsider would hide from him what he may well
//! know), or come closer to an amount than its protection levels. Group disclosure speaks of insiders by its own
//! parameter and is not asked again.
//!
//! Source: the singleton problem, Hundepool and others, Handbook on Statistical Disclosure Control, section 4.3.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{CellId, Demand, Exposure, Interval, System, Want};
use crate::witness::{Move, moved};

use super::audit::Leak;
use super::{Attack, Attacker, Contradiction, Met, Proof, Public};

/// Who is behind printed cells that few are behind.
#[derive(Clone, Debug)]
pub struct Insiders {
    /// How many of them join.
    size: usize,
    /// Per cell behind which there are no more than that, who they are.
    behind: BTreeMap<CellId, Vec<u32>>,
    /// Per contributor, the cells in which he is known to be.
    cells_of: BTreeMap<u32, Vec<CellId>>,
}

impl Attacker {
    /// How many insiders join; 0 if all intruders are outsiders.
    pub fn joined(&self) -> usize {
        match self.coalition {
            1 => usize::from(self.own_contribution),
            more => more as usize,
        }
    }

    /// The insiders of a system, if this intruder is one.
    pub fn insiders(&self, system: &System) -> Option<Insiders> {
        (self.joined() > 0).then(|| Insiders::of(system, self.joined()))
    }
}

impl Insiders {
    /// The insiders of a system that was linked with them in mind, `size` of whom join.
    pub fn of(system: &System, size: usize) -> Insiders {
        // who stands alone in a group that no table shows need not know it
        let shown = |c: CellId| system.cells[c].exposure == Exposure::Shown;
        let few = system.behind.iter().filter(|&(&c, who)| who.len() <= size && shown(c));
        let behind: BTreeMap<CellId, Vec<u32>> = few.map(|(&c, who)| (c, who.clone())).collect();
        let mut cells_of: BTreeMap<u32, Vec<CellId>> = BTreeMap::new();
        behind.iter().for_each(|(&c, who)| who.iter().for_each(|&w| cells_of.entry(w).or_default().push(c)));
        Insiders { size, behind, cells_of }
    }

    /// What a coalition knows, in rising order.
    fn knows(&self, coalition: &[u32]) -> Vec<CellId> {
        let mut cells: Vec<CellId> = coalition.iter().flat_map(|w| self.cells_of[w].iter().copied()).collect();
        cells.retain(|c| self.is_known(*c, coalition));
        cells.sort_unstable();
        cells.dedup();
        cells
    }

    fn is_known(&self, cell: CellId, coalition: &[u32]) -> bool {
        self.behind.get(&cell).is_some_and(|who| who.iter().all(|w| coalition.contains(w)))
    }

    /// A coalition that knows a cell in each of these alternatives, and not the target.
    fn hits(&self, alternatives: &[Alternative], target: CellId, coalition: &mut Vec<u32>) -> bool {
        let touched = |a: &Alternative| a.iter().any(|m| m.iter().any(|t| self.is_known(t.0, coalition)));
        let Some(escapes) = alternatives.iter().find(|a| !touched(a)) else { return !coalition.is_empty() };
        let mut tried: Vec<&Vec<u32>> =
            escapes.iter().flat_map(|m| m.iter()).filter_map(|t| self.behind.get(&t.0)).collect();
        tried.sort_unstable();
        tried.dedup();
        for who in tried {
            let before = coalition.len();
            coalition.extend(who.iter().filter(|w| !coalition.contains(w)).copied().collect::<Vec<u32>>());
            let allowed = coalition.len() <= self.size && !self.is_known(target, coalition);
            if allowed && self.hits(alternatives, target, coalition) {
                return true;
            }
            coalition.truncate(before);
        }
        false
    }

    /// Attacks from within. `demands` and their `proofs` are those of outsiders, and of insiders that were asked about
    /// before; what comes back are further demands of insiders, each with what was found.
    ///
    /// # Errors
    /// When no values at all fit what is public.
    pub fn attack(
        &self,
        attack: &Attack,
        public: &Public,
        demands: &[Demand],
        proofs: &[Proof],
        truth: &[i64],
    ) -> Result<Vec<(Demand, Proof)>, Contradiction> {
        let mut families = Families::default();
        demands.iter().zip(proofs).for_each(|(d, p)| families.take(d, p));
        let mut asked = Vec::new();
        loop {
            let questions = families.questions(self);
            if questions.is_empty() {
                return Ok(asked);
            }
            let found = attack.prove(public, &questions, Some(truth))?;
            for (question, proof) in questions.into_iter().zip(found) {
                families.take(&question, &proof);
                asked.push((question, proof));
            }
        }
    }
}

impl Attack<'_> {
    /// What this intruder sees who knows some cells beside what is public.
    pub(super) fn from_within(public: &Public, knows: &[CellId], truth: &[i64]) -> Public {
        let mut public = public.clone();
        knows.iter().for_each(|&c| public.domain[c] = Interval::exactly(truth[c]));
        public
    }

    /// A demand of insiders that is not met, as a leak in their words.
    ///
    /// # Errors
    /// When no values at all fit what is public.
    pub(super) fn inside_leak(
        &self,
        public: &Public,
        demand: &Demand,
        truth: &[i64],
    ) -> Result<Option<Leak>, Contradiction> {
        let seen = Attack::from_within(public, &demand.knows, truth);
        let outside = Demand { knows: Vec::new(), ..demand.clone() };
        let attack = Attack { insiders: None, hints: &[], ..*self };
        let audit = attack.run(&seen, &[outside], &[demand.cell], Some(truth))?;
        let own: Vec<String> = demand.knows.iter().map(|&c| (self.name)(c)).collect();
        let words = |l: Leak| format!("for those who alone are behind {}: {}", own.join(" and "), l.derivation);
        Ok(audit.leaks.into_iter().next().map(|l| Leak { derivation: words(l.clone()), ..l }))
    }
}

/// Tables that together meet a demand.
type Alternative = Vec<Arc<Move>>;

/// A cell and what is wanted of it, as something that can be ordered.
type Key = (CellId, Option<i64>, Option<i64>, i64);

/// Per cell and want, the alternatives at hand; `None` once a coalition was found that can't be kept from it.
#[derive(Default)]
struct Families(BTreeMap<Key, Option<Vec<Alternative>>>);

impl Families {
    fn take(&mut self, demand: &Demand, proof: &Proof) {
        let ([(cell, 1)], true) = (&demand.form[..], proof.met == Met::Yes || !demand.knows.is_empty()) else { return };
        let want = of_insiders(demand.want);
        let family = self.0.entry(key(*cell, want)).or_insert_with(|| Some(Vec::new()));
        let Some(alternatives) = family else { return };
        if proof.met != Met::Yes {
            *family = None;
        } else if want == Want::Spread(1) {
            let moves = proof.tables.iter().cloned().chain(proof.moving()).filter(|m| moved(m, *cell) != 0);
            alternatives.extend(moves.map(|m| vec![m]));
        } else if !proof.tables.is_empty() || !proof.fractions.is_empty() {
            alternatives.push(proof.tables.iter().cloned().chain(proof.moving()).collect());
        }
    }

    /// For each family, a demand of a coalition that none of its tables escapes.
    fn questions(&self, insiders: &Insiders) -> Vec<Demand> {
        let mut questions = Vec::new();
        for (&(cell, lo, hi, spread), family) in &self.0 {
            let Some(alternatives) = family.as_ref().filter(|a| !a.is_empty()) else { continue };
            let mut coalition = Vec::new();
            if insiders.hits(alternatives, cell, &mut coalition) {
                let want = if spread > 0 { Want::Spread(spread) } else { Want::Within(Interval { lo, hi }) };
                questions.push(Demand { knows: insiders.knows(&coalition), ..Demand::on(cell, want) });
            }
        }
        questions
    }
}

fn key(cell: CellId, want: Want) -> Key {
    match want {
        Want::Within(i) => (cell, i.lo, i.hi, 0),
        Want::Spread(width) => (cell, None, None, width),
    }
}

/// What is asked for against insiders where this is asked for against outsiders.
fn of_insiders(want: Want) -> Want {
    match want {
        Want::Within(bounds) if bounds.value().is_some() => Want::Spread(1),
        other => other,
    }
}
