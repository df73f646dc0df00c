//! Groups that nobody prints but that a reader can name, and of which he could learn what the policy hides.
//!
//! [`expose`] looks at them before anything is withheld: hidden cells of the grids, differences of printed groups
//! (`link::groups`), unions that are known (`unions`), and groups of persons. Only those count whose true number is unsafe, and of these only those that follow, or are narrowed too
//! far, when everything is printed: what a release that says all does not tell, none tells that says less. These become
//! cells of the system that are judged like printed ones.
//!
//! [`sums`] looks at sums of withheld cells after a pattern was chosen: withheld cells of one relation whose other cells are
//! published add up to a known number, and so do differences of two such sums. Where a rule calls such a sum unsafe it has
//! to be protected as well (sensitive aggregates).
//!
//! Unions of groups that are safe are safe: counts add up, and the measures of sensitivity of the rules for sums are
//! subadditive (Cox, L. H., Linear sensitivity measures in statistical disclosure control, Journal of Statistical Planning
//! and Inference 5, 1981). So only the smallest known sums need to be asked about.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::attack::{self, Attack, Contradiction, ProtectionKind};
use crate::link::Details;
use crate::link::by_zeros::differences_by_zeros;
use crate::link::groups::{Difference, Group, MadeUpBy, Members, add, add_sum, differences, words_of_sum};
use crate::model::{Cell, CellId, Exposure, Finding, Groups, Measure, Relation, Severity, System, Treatment};
use crate::policy::Policy;
use crate::rules;

use super::Options;
use super::joint;
use super::unions::{Leeway, Wanted};

/// The largest grids in which differences of published cells are followed up after cells were withheld.
const MOST_PAIRED: usize = 20_000;
/// Sums of withheld cells that are followed up in one round.
const MOST_SUMS: usize = 100_000;

/// The same for a system with finer classes, where there is one: it takes the place of the first if it gives away more.
///
/// # Errors
/// When the system contradicts itself.
pub(super) fn expose_all(
    policy: &Policy,
    (system, finer): (&mut System, Option<System>),
    groups: &Groups,
    details: Details,
    options: &Options,
) -> Result<(), Contradiction> {
    expose(policy, system, groups, details, options)?;
    let Some(mut finer) = finer else { return Ok(()) };
    expose(policy, &mut finer, groups, details, options)?;
    let new = |c: &CellId| finer.cells[*c].exposure == Exposure::Implied && !has_cell(system, &finer, *c);
    if (0..finer.cells.len()).filter(new).any(|c| !judge(policy, &finer, c).is_empty()) {
        *system = finer;
    }
    Ok(())
}

/// Whether a system has the cell of another one over the same tables; cells without a place in a grid count as known.
fn has_cell(system: &System, other: &System, cell: CellId) -> bool {
    let cell = &other.cells[cell];
    let node = |(d, node): (usize, &u32)| system.space.dims[d].find(&other.space.dims[d].node(*node).leaves);
    let coords: Option<Vec<u32>> = cell.coords.iter().enumerate().map(node).collect();
    cell.coords.is_empty() || coords.is_some_and(|coords| system.index.contains_key(&(cell.measure, coords.into())))
}

/// Marks the groups that would give something away if everything were printed, and adds those that are no cells.
///
/// # Errors
/// When the system contradicts itself.
pub(super) fn expose(
    policy: &Policy,
    system: &mut System,
    groups: &Groups,
    details: Details,
    options: &Options,
) -> Result<(), Contradiction> {
    let cells = system.cells.len();
    let relations = system.relations.len();
    let mut findings = hidden_findings(policy, system);
    let of_persons: Vec<CellId> = (0..cells).filter(|&c| is_group_of_persons(system, c)).collect();
    let added = add_groups(policy, system, groups, details);
    for id in of_persons.iter().chain(added.iter().map(|a| &a.0)) {
        findings.extend(judge(policy, system, *id));
    }
    let exposed = exposed(policy, system, &findings, options)?;
    system.cells.truncate(cells);
    system.relations.truncate(relations);
    system.names.retain(|id, _| *id < cells);
    if let Some(keys) = &mut system.keys {
        keys.cells.truncate(cells);
    }
    system.weights.truncate(cells);
    of_persons.iter().for_each(|&c| system.cells[c].exposure = Exposure::Hidden);
    exposed.iter().filter(|c| **c < cells).for_each(|&c| system.cells[c].exposure = Exposure::Implied);
    let mut members = Members::new(system, groups);
    let kept: Vec<_> = (added.iter().filter(|(id, _)| exposed.contains(id)))
        .filter_map(|(_, group)| Some((members.cell(group, details)?, group.clone())))
        .collect();
    kept.into_iter().for_each(|(cell, group)| _ = add(system, cell, &group));
    Ok(())
}

/// Whether a cell is a group of persons that linking has named and no table prints.
fn is_group_of_persons(system: &System, cell: CellId) -> bool {
    let own = &system.cells[cell];
    own.exposure == Exposure::Implied && system.measures.get(own.measure) == Some(&Measure::Persons)
}

/// What the rules find of one cell.
fn judge(policy: &Policy, system: &System, cell: CellId) -> Vec<Finding> {
    rules::judge_cells(policy.rules.iter().map(|r| (&*r.rule, r.line.as_str())), system, &[cell])
}

/// What the rules find of hidden cells of the grids, except those of which everybody knows that they are empty.
fn hidden_findings(policy: &Policy, system: &System) -> Vec<Finding> {
    let known: HashSet<CellId> = system.relations.iter().filter(|r| r.terms.len() == 1).map(|r| r.terms[0].0).collect();
    let hidden: Vec<CellId> = (0..system.cells.len())
        .filter(|c| system.cells[*c].exposure == Exposure::Hidden && !known.contains(c))
        .filter(|&c| !system.cells[c].coords.is_empty())
        .collect();
    rules::judge_cells(policy.rules.iter().map(|r| (&*r.rule, r.line.as_str())), system, &hidden)
}

/// Adds every difference of printed groups, and every known union of hidden ones, that a rule calls unsafe, for now.
fn add_groups(policy: &Policy, system: &mut System, groups: &Groups, details: Details) -> Vec<(CellId, Group)> {
    let bands = policy.rules.iter().filter_map(|r| r.rule.band());
    let most = bands.map(|b| b.1).max().unwrap_or(0);
    // who is behind a large number may still be few, and any sum may be one firm's
    let by_persons = details.persons;
    let wanted = |measure: &Measure, rest: i64| match measure {
        Measure::Sum { .. } => true,
        Measure::Records | Measure::Persons => by_persons || rest <= most,
    };
    let printed = |c: CellId| system.cells[c].exposure == Exposure::Shown;
    let mut found: Vec<Difference> = differences(system, printed, usize::MAX, MadeUpBy::OneTable, wanted);
    if details.zeros_published {
        let counted = |c: CellId, rest: i64| {
            let measure = &system.measures[system.cells[c].measure];
            !matches!(measure, Measure::Sum { .. }) && wanted(measure, rest)
        };
        found.extend(differences_by_zeros(system, printed, counted));
    }
    let records = system.measures.iter().map(|m| *m == Measure::Records).collect();
    let wanted = Wanted { measures: records, band: band(policy), by_persons: false };
    let unions = match wanted.band {
        Some(_) => Leeway::new(system, (0..system.cells.len()).map(printed).collect()).unions(system, &wanted),
        None => Vec::new(),
    };
    let named = found.into_iter().map(Group::from).chain(unions);
    let mut members = Members::new(system, groups);
    let cells: Vec<_> = named.filter_map(|group| Some((members.cell(&group, details)?, group))).collect();
    let mut added = Vec::new();
    for (cell, group) in cells {
        if !judge_new(policy, system, &cell).is_empty() {
            added.push((add(system, cell, &group), group));
        }
    }
    added
}

/// The counts that the rules hide, from the smallest to the largest.
fn band(policy: &Policy) -> Option<(i64, i64)> {
    let bands = policy.rules.iter().filter_map(|r| r.rule.band());
    bands.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// The cells of these findings of which something could be learned if everything were printed.
fn exposed(
    policy: &Policy,
    system: &System,
    findings: &[Finding],
    options: &Options,
) -> Result<BTreeSet<CellId>, Contradiction> {
    let no_name = |_: CellId| String::new();
    let attack = Attack {
        whole: policy.attacker.integers,
        blocks: &system.blocks,
        time_left: options.time_left,
        ..Attack::new(options.solver, &no_name)
    };
    let cells: BTreeSet<CellId> = findings.iter().map(|f| f.cell).collect();
    attack::exposed(&attack, system, &policy.attacker, policy.protection, (findings, &cells))
}

/// Adds the sums of withheld cells that are known and that a rule calls unsafe; what was found of them, if anything was.
pub(super) fn sums(
    policy: &Policy,
    system: &mut System,
    groups: &Groups,
    details: Details,
    treatments: &[Treatment],
) -> Vec<Finding> {
    let asked: Vec<bool> = system.measures.iter().map(|m| judged(policy, system, details, m)).collect();
    let several = band(policy).is_some() && joint::possible(system);
    if !several && !asked.contains(&true) {
        return Vec::new();
    }
    let is_asked = |measure: &Measure| system.measures.iter().zip(&asked).any(|(m, a)| m == measure && *a);
    let published = |c: CellId| matches!(treatments.get(c), Some(Treatment::Publish));
    let mut leeway = Leeway::new(system, (0..system.cells.len()).map(published).collect());
    let mut wanted = Wanted { measures: asked.clone(), band: band(policy), by_persons: details.persons };
    let unions = leeway.unions(system, &wanted);
    let seen = leeway.known;
    let mut named: BTreeSet<Vec<CellId>> = known_sums(system, &asked, &seen);
    named.extend(unions.into_iter().map(|union| union.cells));
    let added: HashSet<Vec<(CellId, i64)>> = system
        .relations
        .iter()
        .filter(|r| system.names.contains_key(&r.terms.first().map_or(usize::MAX, |t| t.0)))
        .map(bound)
        .collect();
    let rests = differences(system, |c| seen[c], MOST_PAIRED, MadeUpBy::Any, |measure, _| is_asked(measure));
    let new = |group: &Group| !added.contains(&terms(group));
    let mut members = Members::new(system, groups);
    let cells: Vec<_> = (named.into_iter().map(Group::from).chain(rests.into_iter().map(Group::from)).filter(new))
        .filter_map(|group| Some((members.cell(&group, details)?, group)))
        .collect();
    let mut findings = Vec::new();
    for (cell, group) in cells {
        let found = judge_new(policy, system, &cell);
        if found.iter().any(is_unsafe) {
            let id = add(system, cell, &group);
            findings.extend(found.into_iter().map(|f| Finding { cell: id, ..f }));
        }
    }
    if several && findings.is_empty() {
        // kinds of records that no table prints may be empty
        wanted.measures.iter_mut().zip(&system.measures).for_each(|(w, m)| *w |= *m == Measure::Records);
        findings = of_several_tables(policy, system, groups, details, (&seen, &wanted), &added);
    }
    findings
}

/// Adds the groups that take several tables to name and that known cells give; what was found of them.
fn of_several_tables(
    policy: &Policy,
    system: &mut System,
    groups: &Groups,
    details: Details,
    known: (&[bool], &Wanted),
    added: &HashSet<Vec<(CellId, i64)>>,
) -> Vec<Finding> {
    let mut judged = system.clone();
    let mut is_unsafe = |cell: &Cell| judge_new(policy, &mut judged, cell).iter().any(self::is_unsafe);
    let sums = joint::combinations(system, groups, details, known, &mut is_unsafe);
    let mut findings = Vec::new();
    for mut sum in sums {
        sum.terms.sort_unstable();
        if added.contains(&sum.terms) {
            continue;
        }
        let found = judge_new(policy, system, &sum.cell);
        let name = words_of_sum(system, &sum.terms);
        let id = add_sum(system, sum.cell, name, sum.times, sum.terms);
        findings.extend(found.into_iter().map(|f| Finding { cell: id, ..f }));
    }
    findings
}

fn is_unsafe(finding: &Finding) -> bool {
    finding.severity == Severity::Unsafe
}

/// What the rules find of a cell that is not there yet.
fn judge_new(policy: &Policy, system: &mut System, cell: &Cell) -> Vec<Finding> {
    system.cells.push(cell.clone());
    let found = judge(policy, system, system.cells.len() - 1);
    system.cells.pop();
    found
}

/// The cells that a group is bound to, but for itself.
fn bound(relation: &Relation) -> Vec<(CellId, i64)> {
    let mut own: Vec<(CellId, i64)> = relation.terms[1..].to_vec();
    own.sort_unstable();
    own
}

/// The same of a group that is not added yet.
fn terms(group: &Group) -> Vec<(CellId, i64)> {
    let mut own: Vec<(CellId, i64)> = group.cells.iter().map(|&c| (c, 1)).collect();
    own.extend(group.without.map(|c| (c, -1)));
    own.sort_unstable();
    own
}

/// Whether unions of withheld cells of a measure are judged.
///
/// Where zeros of counts are published and every value of a band must remain possible, a known sum of withheld counts is
/// never small: the smallest of them can be as large as the band, and each other one is at least 1. It is another matter where
/// two values are enough, where few persons may be behind large counts, and of groups that no table prints: they may be 0.
fn judged(policy: &Policy, system: &System, details: Details, measure: &Measure) -> bool {
    let band = matches!(policy.protection, ProtectionKind::Band | ProtectionKind::Above);
    let unprinted = |c: &Cell| {
        c.exposure != Exposure::Shown && !c.coords.is_empty() && system.measures.get(c.measure) == Some(measure)
    };
    match measure {
        Measure::Sum { .. } => true,
        // kinds of persons may be empty
        Measure::Persons => true,
        Measure::Records => !details.zeros_published || !band || details.persons || system.cells.iter().any(unprinted),
    }
}

/// Sets of disjoint withheld cells whose sum is known: along each dimension, what is left of a published cell when the
/// published cells in it are taken away.
fn known_sums(system: &System, asked: &[bool], known: &[bool]) -> BTreeSet<Vec<CellId>> {
    let published = |c: CellId| known[c];
    let mut found = BTreeSet::new();
    for block in &system.blocks {
        let Some(&first) = block.cells.first() else { continue };
        if !asked[system.cells[first].measure] {
            continue;
        }
        for (d, stride) in block.strides().into_iter().enumerate() {
            let below: Vec<Vec<usize>> = (0..block.dims[d].nodes).map(|n| block.atoms_below(d, n)).collect();
            for (position, &cell) in block.cells.iter().enumerate().filter(|c| published(*c.1)) {
                let node = position / stride % block.dims[d].nodes;
                let at = |n: usize| block.cells[position - node * stride + n * stride];
                let left = uncovered(&below, node, |n| published(at(n)));
                let mut cells: Vec<CellId> = left.into_iter().map(at).filter(|&c| c != cell).collect();
                cells.sort_unstable();
                if cells.len() > 1 {
                    found.insert(cells);
                }
            }
        }
    }
    smaller(&mut found);
    found
}

/// The finest nodes below a node that no published node below it covers; the largest published ones are taken first.
fn uncovered(below: &[Vec<usize>], node: usize, published: impl Fn(usize) -> bool) -> BTreeSet<usize> {
    let mut left: BTreeSet<usize> = below[node].iter().copied().collect();
    if left.len() < 2 {
        return BTreeSet::new();
    }
    let mut inside: Vec<usize> =
        (0..below.len()).filter(|&n| n != node && below[n].len() < left.len() && published(n)).collect();
    inside.sort_by_key(|&n| std::cmp::Reverse(below[n].len()));
    for n in inside {
        if below[n].iter().all(|atom| left.contains(atom)) {
            below[n].iter().for_each(|atom| _ = left.remove(atom));
        }
    }
    left
}

/// Adds what is left of a known sum when another one that lies in it is taken away, as long as there is something new.
fn smaller(known: &mut BTreeSet<Vec<CellId>>) {
    let mut sets: Vec<Vec<CellId>> = known.iter().cloned().collect();
    let mut with: HashMap<CellId, Vec<usize>> = HashMap::new();
    let mut next = 0;
    while next < sets.len() && sets.len() <= MOST_SUMS {
        let set = sets[next].clone();
        let inside = |a: &[CellId], b: &[CellId]| a.len() < b.len() && a.iter().all(|c| b.binary_search(c).is_ok());
        let mut others: Vec<usize> = set.iter().filter_map(|c| with.get(c)).flatten().copied().collect();
        others.sort_unstable();
        others.dedup();
        for other in others {
            let (small, large) =
                if sets[other].len() < set.len() { (&sets[other], &set) } else { (&set, &sets[other]) };
            let rest: Vec<CellId> = large.iter().copied().filter(|c| small.binary_search(c).is_err()).collect();
            if inside(small, large) && rest.len() > 1 && known.insert(rest.clone()) {
                sets.push(rest);
            }
        }
        set.iter().for_each(|&c| with.entry(c).or_default().push(next));
        next += 1;
    }
}
