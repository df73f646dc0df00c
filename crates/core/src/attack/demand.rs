//! From findings to demands: what the attack must find possible before a release is safe.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::model::{
    Cell, CellId, Demand, Exposure, Finding, Harm, Interval, Measure, Severity, System, Table, Treatment, Want,
};
use crate::witness::Move;

use super::run::{Met, Proof};
use super::{Attack, Attacker, Contradiction, ProtectionKind, Public};

/// The demands of these findings under a kind of protection.
///
/// For a rounded or otherwise replaced cell the method itself says what it tells: see [`wants_of_replaced`].
pub fn demands(
    system: &System,
    findings: &[Finding],
    kind: ProtectionKind,
    attacker: &Attacker,
    treatments: &[Treatment],
) -> Vec<Demand> {
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    let replaced = treatments.iter().any(|t| t.stands_for().is_some());
    for finding in findings.iter().filter(|f| f.severity == Severity::Unsafe) {
        let value = system.value(finding.cell);
        let domain = attacker.domain(system, finding.cell, treatments[finding.cell]);
        let wants = match treatments[finding.cell].stands_for() {
            Some(told) => wants_of_replaced(&finding.harm, kind, value, told.meet(domain)),
            // what stands in place of figures is told of them, and so of groups that are made of these
            None if replaced && group_of_persons(system, finding.cell) => vec![Want::Spread(1)],
            None => wants(&finding.harm, kind, value, domain),
        };
        let form = match finding.harm {
            Harm::Group { margin, .. } => vec![(margin, 1), (finding.cell, -1)],
            _ => vec![(finding.cell, 1)],
        };
        for want in wants {
            if seen.insert((form.clone(), key(want))) {
                all.push(Demand { form: form.clone(), want, cell: finding.cell, knows: Vec::new() });
            }
        }
    }
    all
}

/// Whether a cell is a group of persons that no table prints.
fn group_of_persons(system: &System, cell: CellId) -> bool {
    let own = &system.cells[cell];
    own.exposure != Exposure::Shown && system.measures.get(own.measure) == Some(&Measure::Persons)
}

/// A want as something that can be compared.
fn key(want: Want) -> (Option<i64>, Option<i64>, bool) {
    match want {
        Want::Within(i) => (i.lo, i.hi, false),
        Want::Spread(w) => (Some(w), None, true),
    }
}

fn wants(harm: &Harm, kind: ProtectionKind, value: i64, domain: Interval) -> Vec<Want> {
    let percent = |p: u32| i64::try_from((i128::from(value) * i128::from(p) + 99) / 100).unwrap_or(i64::MAX).max(1);
    match (*harm, kind) {
        (Harm::Group { k, .. }, _) => vec![Want::Within(Interval::at_least(k + 1))],
        (Harm::Levels { lower, upper, spread }, kind) => {
            // what the policy asks for any cell holds beside what the rule asks for this one
            let (lower, upper, spread) = match kind {
                ProtectionKind::Percent(p) => (lower.max(percent(p)), upper.max(percent(p)), spread),
                ProtectionKind::Width(width) => (lower, upper, spread.max(width)),
                _ => (lower, upper, spread),
            };
            let mut wants = levels(value, lower, upper, domain);
            wants.extend((spread > 0).then_some(Want::Spread(spread)));
            wants
        }
        (_, ProtectionKind::Exact) => vec![Want::Spread(1)],
        (_, ProtectionKind::Width(w)) => vec![Want::Spread(w.max(1))],
        (_, ProtectionKind::Percent(p)) => levels(value, percent(p), percent(p), domain),
        (Harm::Small { lo, hi }, ProtectionKind::Band) => band(lo, hi),
        (Harm::Small { lo, hi }, ProtectionKind::Above) => {
            let mut wants = band(lo, hi);
            wants.push(Want::Within(Interval::at_least(hi + 1)));
            wants
        }
        (Harm::FewPersons { values }, ProtectionKind::Band | ProtectionKind::Above) => {
            vec![Want::Spread((values - 1).max(1))]
        }
    }
}

/// Every value of a band, and at least two values.
fn band(lo: i64, hi: i64) -> Vec<Want> {
    let mut wants: Vec<Want> = (lo..=hi).map(|v| Want::Within(Interval::exactly(v))).collect();
    if lo == hi {
        wants.push(Want::Spread(1));
    }
    wants
}

/// Lower and upper protection levels; nothing is asked below what the intruder rules out beforehand.
fn levels(value: i64, lower: i64, upper: i64, domain: Interval) -> Vec<Want> {
    let floor = domain.lo.unwrap_or(i64::MIN);
    vec![
        Want::Within(Interval::at_most(value.saturating_sub(lower).max(floor))),
        Want::Within(Interval::at_least(value.saturating_add(upper))),
    ]
}

/// What must remain possible for a cell of which the method tells that it lies within `told`.
///
/// Of what the rule hides, what the method itself leaves: each small count within `told`, and two values in any case. Where
/// the method tells more than the rule would (a published 5 that stands for 3 to 7, where 1 to 4 are hidden), nobody may
/// get to know that the count is small at all.
fn wants_of_replaced(harm: &Harm, kind: ProtectionKind, value: i64, told: Interval) -> Vec<Want> {
    match (*harm, kind) {
        (Harm::Small { lo, hi }, ProtectionKind::Band | ProtectionKind::Above) => {
            let small = told.meet(Interval::new(lo, hi));
            let mut wants = match (small.lo, small.hi) {
                (Some(lo), Some(hi)) => band(lo, hi),
                _ => Vec::new(),
            };
            let all_of_it = small == Interval::new(lo, hi);
            let beyond = Interval::at_least(hi.saturating_add(1));
            if (kind == ProtectionKind::Above || !all_of_it) && !told.meet(beyond).is_empty() {
                wants.push(Want::Within(beyond));
            }
            wants
        }
        _ => wants(harm, kind, value, told),
    }
}

/// The demands that withholding, or replacing, can meet at all.
///
/// Where zeros are shown, a total of two withheld parts cannot be 1, whatever else is withheld: the rule itself does not
/// hide that. So a value of a band is only asked for if it is possible when every cell that could be withheld is; at
/// least two values are asked for in any case. Other demands are kept as they are. With each demand comes the table that
/// proves it possible, as a move from the truth, if one was asked for.
///
/// # Errors
/// When no values at all fit.
pub fn hideable(
    attack: &Attack,
    system: &System,
    attacker: &Attacker,
    demands: Vec<Demand>,
) -> Result<Vec<(Demand, Seed)>, Contradiction> {
    // only these are ever given up
    let one_value = |d: &Demand| matches!(d.want, Want::Within(bounds) if bounds.value().is_some());
    let asked: Vec<Demand> = demands.iter().filter(|d| one_value(d)).cloned().collect();
    let mut proofs = with_all_withheld(attack, system, attacker, &asked)?.into_iter();
    let mut kept = Vec::new();
    let mut weakened = HashSet::new();
    for demand in demands {
        let proof = one_value(&demand).then(|| proofs.next()).flatten();
        if proof.as_ref().is_none_or(|p| p.met != Met::No) {
            kept.push((demand, proof.and_then(seed)));
        } else if weakened.insert(demand.form.clone()) {
            kept.push((Demand { want: Want::Spread(1), ..demand }, None));
        }
    }
    Ok(kept)
}

/// The cells for which [`hideable`] gave up a value of those asked for, in rising order: what the rule hides of them cannot all
/// be kept possible, whatever is withheld.
pub fn given_up(asked: &[Demand], kept: &[Demand]) -> Vec<CellId> {
    let kept: HashSet<_> = kept.iter().map(|d| (&d.form, key(d.want))).collect();
    let lost = asked.iter().filter(|d| !kept.contains(&(&d.form, key(d.want))));
    let mut cells: Vec<CellId> = lost.map(|d| d.cell).collect();
    cells.sort_unstable();
    cells.dedup();
    cells
}

/// Adds the tables of demands for any other value, of which [`hideable`] asks for none.
///
/// # Errors
/// When no values at all fit.
pub fn seed_others(
    attack: &Attack,
    system: &System,
    attacker: &Attacker,
    demands: &mut [(Demand, Seed)],
) -> Result<(), Contradiction> {
    let lacks = |d: &(Demand, Seed)| d.1.is_none() && d.0.want == Want::Spread(1);
    let asked: Vec<Demand> = demands.iter().filter(|d| lacks(d)).map(|d| d.0.clone()).collect();
    let proofs = with_all_withheld(attack, system, attacker, &asked)?;
    demands.iter_mut().filter(|d| lacks(d)).zip(proofs).for_each(|(demand, proof)| demand.1 = seed(proof));
    Ok(())
}

/// A table that meets a demand when everything is withheld that could be, as a move from the truth.
pub type Seed = Option<Arc<Move>>;

/// The one table of a proof.
fn seed(proof: Proof) -> Seed {
    let [table] = <[Arc<Move>; 1]>::try_from(proof.tables).ok()?;
    Some(table)
}

/// What can be met when everything is withheld that could be.
fn with_all_withheld(
    attack: &Attack,
    system: &System,
    attacker: &Attacker,
    demands: &[Demand],
) -> Result<Vec<Proof>, Contradiction> {
    if demands.is_empty() {
        return Ok(Vec::new());
    }
    let most: Vec<Treatment> = (0..system.cells.len())
        .map(|c| match system.cells[c].exposure {
            Exposure::Shown if attacker.can_be_withheld(system, c) => Treatment::Withhold { primary: false },
            Exposure::Shown => Treatment::Publish,
            Exposure::Implied | Exposure::Hidden => Treatment::Hide,
        })
        .collect();
    let truth: Vec<i64> = system.cells.iter().map(|c| c.value).collect();
    let mut proofs = attack.prove(&attacker.view(system, &most), demands, Some(&truth))?;
    if let Some(widest) = attacker.widest_view(system, &most) {
        confirm_unmet(attack, &widest, demands, &mut proofs, &truth)?;
    }
    Ok(proofs)
}

/// Where only some of the tables that there could be were looked at: only what can't be met by any table stays unmet.
fn confirm_unmet(
    attack: &Attack,
    widest: &Public,
    demands: &[Demand],
    proofs: &mut [Proof],
    truth: &[i64],
) -> Result<(), Contradiction> {
    let unmet: Vec<usize> = (0..proofs.len()).filter(|&d| proofs[d].met == Met::No).collect();
    let asked: Vec<Demand> = unmet.iter().map(|&d| demands[d].clone()).collect();
    let attack = Attack { hints: &[], insiders: None, ..*attack };
    for (d, proof) in unmet.into_iter().zip(attack.prove(widest, &asked, Some(truth))?) {
        if proof.met != Met::No {
            proofs[d] = Proof::open();
        }
    }
    Ok(())
}

/// Of some cells that no table prints and that findings name, those of which something that a rule hides could be learned if every
/// figure were published as it is. Of no other can anything be learned: withholding only leaves more possible.
///
/// # Errors
/// When no values at all fit.
pub fn exposed(
    attack: &Attack,
    system: &System,
    attacker: &Attacker,
    kind: ProtectionKind,
    (findings, groups): (&[Finding], &BTreeSet<CellId>),
) -> Result<BTreeSet<CellId>, Contradiction> {
    let published = |c: &Cell| if c.exposure == Exposure::Shown { Treatment::Publish } else { Treatment::Hide };
    let treatments: Vec<Treatment> = system.cells.iter().map(published).collect();
    let own: Vec<Finding> = findings.iter().filter(|f| groups.contains(&f.cell)).cloned().collect();
    let asked = demands(system, &own, kind, attacker, &treatments);
    let asked: Vec<Demand> = asked.into_iter().map(|d| of_one_table(system, d)).collect();
    if asked.is_empty() {
        return Ok(BTreeSet::new());
    }
    let truth: Vec<i64> = system.cells.iter().map(|c| c.value).collect();
    let proofs = attack.prove(&attacker.view(system, &treatments), &asked, Some(&truth))?;
    Ok(asked.iter().zip(proofs).filter(|(_, proof)| proof.met != Met::Yes).map(|(demand, _)| demand.cell).collect())
}

/// What is asked of a group that takes the variables of several tables to name: only that it must not follow exactly.
fn of_one_table(system: &System, demand: Demand) -> Demand {
    let coords = &system.cells[demand.cell].coords;
    let used = |table: &Table, d: usize| table.axes.iter().any(|a| a.dim == d) || table.scope.iter().any(|s| s.0 == d);
    let dims: Vec<usize> = coords.iter().enumerate().filter(|(_, n)| **n != 0).map(|n| n.0).collect();
    if coords.is_empty() || system.tables.iter().any(|t| dims.iter().all(|&d| used(t, d))) {
        return demand;
    }
    Demand { want: Want::Spread(1), ..demand }
}

/// The cells that are not published as they are and could be asked about.
pub fn targets(system: &System, treatments: &[Treatment], demands: &[Demand]) -> Vec<CellId> {
    let withheld = (0..system.cells.len()).filter(|&c| matches!(treatments[c], Treatment::Withhold { .. }));
    let mut all: Vec<CellId> = withheld.chain(demands.iter().map(|d| d.cell)).collect();
    all.sort_unstable();
    all.dedup();
    all
}
