#![doc = include_str!("manual.md")]

mod closed;
mod draws;

use std::collections::BTreeSet;

use crate::attack::{Contradiction, Met, ProtectionKind};
use crate::model::{
    CellId, Choice, Demand, DrawnKey, Finding, Harm, Interval, MeasureId, Protection, Severity, Treatment, Want,
};
use crate::secret::Key;

use super::{Problem, cheapest};
use draws::Draws;

/// The page of the manual.
pub const MANUAL: &str = include_str!("manual.md");

/// How often a pattern that is not closed is made again with the cells that stand in the way treated as unsafe.
const ROUNDS: usize = 8;
/// How near to a band is near, in widths of it.
const NEAR: i64 = 4;
/// The last share of the time, which is for the cheapest pattern without the key: what the loss is held against.
const FOR_CHEAPEST: f64 = 1.0 / 3.0;

/// What the choice depends on.
#[derive(Clone, Copy, Debug)]
pub struct Secret<'a> {
    /// The key.
    pub key: &'a Key,
    /// The same as text, if it was drawn for this run.
    pub drawn: Option<&'a DrawnKey>,
}

/// Protects a system by a method of the registry, or `auto`, with a pattern that depends on a key.
///
/// The loss is that of the policy's costs, and so is the bound: what the cheapest pattern loses at least.
///
/// # Errors
/// When the system contradicts itself.
pub(super) fn protect(problem: &Problem, method: &str, secret: Secret) -> Result<Protection, Contradiction> {
    let reserve = problem.seconds_left().map_or(0.0, |left| left * FOR_CHEAPEST);
    let time_left = || (problem.time_left)().map(|left| left - reserve);
    let hurried = Problem { time_left: &time_left, ..problem.clone() };
    let (found, closed) = pattern(&hurried, method, secret.key)?;
    let plain = if problem.out_of_time() { None } else { Some(cheapest(problem, method)?) };
    let least = plain.as_ref().filter(|p| p.failed.is_empty());
    let choice = Choice::Keyed { drawn: secret.drawn.cloned(), closed, cheapest: least.map(|p| p.loss) };
    let bound = plain.as_ref().map_or(0, |p| p.bound).min(found.loss);
    Ok(Protection { bound, choice, ..found })
}

/// The same without the cheapest pattern to hold it against, so that nothing is known of the bound; and whether it is closed.
///
/// # Errors
/// When the system contradicts itself.
pub fn pattern(problem: &Problem, method: &str, key: &Key) -> Result<(Protection, bool), Contradiction> {
    let bands = Bands::of_problem(problem);
    let draws = Draws::of(problem, &bands, key);
    let far = far(problem, &draws)?;
    let (mut found, mut closed) = choose(problem, &bands, &draws, &far, method, false)?;
    if !closed && found.failed.is_empty() && !problem.out_of_time() {
        let other = choose(problem, &bands, &draws, &far, method, true)?;
        if other.1 {
            (found, closed) = other;
        }
    }
    let withheld = withheld(&found);
    let primary = |cell: CellId| problem.primary.get(cell).is_some_and(|&p| p);
    let failed = found.failed.into_iter().filter(|f| primary(f.0)).collect();
    let (treatments, loss) = (problem.treatments(&withheld), problem.loss(&withheld));
    let promises = matches!(problem.kind, ProtectionKind::Band | ProtectionKind::Above);
    Ok((Protection { treatments, loss, bound: 0, failed, ..found }, closed && promises))
}

/// That some unsafe cells reach farther than the policy asks, as far as withholding everything makes that possible.
fn far(problem: &Problem, draws: &Draws) -> Result<Vec<Demand>, Contradiction> {
    let reach = |&(cell, value): &(CellId, i64)| Demand::on(cell, Want::Within(Interval::at_least(value)));
    let asked: Vec<Demand> = draws.far.iter().map(reach).collect();
    let cells = 0..problem.primary.len();
    let most: Vec<bool> = cells.map(|c| problem.primary[c] || (problem.candidate[c] && !problem.kept[c])).collect();
    let proofs = problem.prove(&most, &asked)?;
    Ok(asked.into_iter().zip(proofs).filter(|(_, proof)| proof.met == Met::Yes).map(|(demand, _)| demand).collect())
}

/// Per cell, whether it is withheld.
fn withheld(found: &Protection) -> Vec<bool> {
    found.treatments.iter().map(|t| matches!(t, Treatment::Withhold { .. })).collect()
}

/// A pattern at the costs that the key makes, and whether it is closed.
///
/// # Errors
/// When the system contradicts itself.
fn choose(
    problem: &Problem,
    bands: &Bands,
    draws: &Draws,
    far: &[Demand],
    method: &str,
    shy: bool,
) -> Result<(Protection, bool), Contradiction> {
    let costs = draws.costs(problem, shy);
    let harder = |as_if: &BTreeSet<CellId>, far: &[Demand]| harder(problem, &costs, bands, draws, as_if, far);
    let mut far = far;
    let mut as_if: BTreeSet<CellId> = draws.as_if.iter().copied().collect();
    let mut hopeless: BTreeSet<CellId> = BTreeSet::new();
    let mut best = None;
    for _ in 0..ROUNDS {
        let found = cheapest(&harder(&as_if, far)?, method)?;
        if found.limit_reached {
            return Ok((found, false));
        }
        let in_vain: Vec<CellId> = found.failed.iter().map(|f| f.0).filter(|c| as_if.contains(c)).collect();
        if !in_vain.is_empty() {
            as_if.retain(|c| !in_vain.contains(c));
            hopeless.extend(in_vain);
            continue;
        }
        if !found.failed.is_empty() && !far.is_empty() {
            far = &[];
            continue;
        }
        if !found.failed.is_empty() {
            return Ok((found, false));
        }
        let blockers = closed::blockers(problem, bands, &withheld(&found))?;
        let more: Vec<CellId> =
            blockers.iter().copied().filter(|c| !as_if.contains(c) && !hopeless.contains(c)).collect();
        if blockers.is_empty() || more.is_empty() || problem.out_of_time() {
            return Ok((found, blockers.is_empty()));
        }
        as_if.extend(more);
        best = Some(found);
    }
    match best {
        Some(found) => Ok((found, false)),
        None => Ok((cheapest(&harder(&BTreeSet::new(), &[])?, method)?, false)),
    }
}

/// The problem as the key has it: other costs, some cells withheld in any case, some treated as unsafe.
fn harder<'a>(
    problem: &Problem<'a>,
    costs: &[i64],
    bands: &Bands,
    draws: &Draws,
    as_if: &BTreeSet<CellId>,
    far: &[Demand],
) -> Result<Problem<'a>, Contradiction> {
    let mut harder = problem.clone();
    harder.cost = costs.to_vec();
    for &cell in draws.spare.iter().chain(as_if) {
        harder.primary[cell] = true;
        harder.candidate[cell] = false;
    }
    let asked = problem.asked_of(&bands.findings(problem, as_if), problem.kind)?;
    for (demand, seed) in asked {
        harder.demands.push(demand);
        harder.seeds.push(seed);
    }
    harder.demands.extend_from_slice(far);
    Ok(harder)
}

/// The values that the rules hide, by measure, as far as the findings show them.
pub(super) struct Bands(Vec<Option<(i64, i64)>>);

impl Bands {
    /// The bands of a problem's findings: of several for one measure, the one that reaches highest.
    fn of_problem(problem: &Problem) -> Bands {
        let mut bands = vec![None; problem.system.measures.len()];
        for &(cell, lo, hi) in &problem.bands {
            let measure: MeasureId = problem.system.cells[cell].measure;
            if let Some(band) = bands.get_mut(measure) {
                *band = match *band {
                    Some((_, top)) if top >= hi => *band,
                    _ => Some((lo, hi)),
                };
            }
        }
        Bands(bands)
    }

    /// The band of a cell's measure.
    pub fn of(&self, problem: &Problem, cell: CellId) -> Option<(i64, i64)> {
        self.0.get(problem.system.cells.get(cell)?.measure).copied().flatten()
    }

    /// Whether the value of a cell is near its band, so that another table may have an unsafe one there.
    fn is_near(&self, problem: &Problem, cell: CellId) -> bool {
        let Some((lo, hi)) = self.of(problem, cell) else { return false };
        let width = hi.saturating_sub(lo).saturating_add(1);
        problem.truth.get(cell).is_some_and(|value| value.saturating_sub(hi) <= width.saturating_mul(NEAR))
    }

    /// What a rule would find about these cells, had they values of the band.
    fn findings(&self, problem: &Problem, cells: &BTreeSet<CellId>) -> Vec<Finding> {
        let finding = |&cell: &CellId| {
            let (lo, hi) = self.of(problem, cell)?;
            Some(Finding {
                cell,
                rule: "keyed",
                reason: String::new(),
                harm: Harm::Small { lo, hi },
                policy_line: String::new(),
                severity: Severity::Unsafe,
            })
        };
        cells.iter().filter_map(finding).collect()
    }

    /// What would be demanded of these cells, had they values of the band.
    pub fn demands(&self, problem: &Problem, cells: &BTreeSet<CellId>) -> Result<Vec<Demand>, Contradiction> {
        let asked = problem.asked_of(&self.findings(problem, cells), ProtectionKind::Band)?;
        Ok(asked.into_iter().map(|a| a.0).collect())
    }
}
