//! From findings to demands: what the attack must find possible before a release is safe.

use std::collections::HashSet;

use crate::model::{CellId, Demand, Exposure, Finding, Harm, Interval, Severity, System, Treatment, Want};

use super::run::Met;
use super::{Attack, Attacker, Contradiction, ProtectionKind};

/// The demands of these findings under a kind of protection.
///
/// For a rounded or otherwise replaced cell the method itself says what it hides: every true value that would have
/// been replaced by the same number must remain possible.
pub fn demands(
    system: &System,
    findings: &[Finding],
    kind: ProtectionKind,
    attacker: &Attacker,
    treatments: &[Treatment],
) -> Vec<Demand> {
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    for finding in findings.iter().filter(|f| f.severity == Severity::Unsafe) {
        let value = system.value(finding.cell);
        let domain = attacker.domain(system, finding.cell, treatments[finding.cell]);
        let wants = match treatments[finding.cell] {
            Treatment::Replace { preimage, .. } => wants_of_replaced(&finding.harm, kind, domain.meet(preimage)),
            _ => wants(&finding.harm, kind, value, domain),
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
        (Harm::Levels { lower, upper, spread }, _) => {
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

fn wants_of_replaced(harm: &Harm, kind: ProtectionKind, hidden: Interval) -> Vec<Want> {
    match (*harm, kind, hidden.lo, hidden.hi) {
        (Harm::Group { k, .. }, ..) => vec![Want::Within(Interval::at_least(k + 1))],
        (Harm::Small { .. }, ProtectionKind::Band | ProtectionKind::Above, Some(lo), Some(hi)) => band(lo, hi),
        _ => vec![Want::Spread(1)],
    }
}

/// The demands that withholding can meet at all.
///
/// Where zeros are shown, a total of two withheld parts cannot be 1, whatever else is withheld: the rule itself does not
/// hide that. So a value of a band is only asked for if it is possible when every cell that could be withheld is; at
/// least two values are asked for in any case. Other demands are kept as they are.
///
/// # Errors
/// When no values at all fit.
pub fn hideable(
    attack: &Attack,
    system: &System,
    attacker: &Attacker,
    demands: Vec<Demand>,
) -> Result<Vec<Demand>, Contradiction> {
    let most: Vec<Treatment> = (0..system.cells.len())
        .map(|c| match system.cells[c].exposure {
            Exposure::Shown if attacker.can_be_withheld(system, c) => Treatment::Withhold { primary: false },
            Exposure::Shown => Treatment::Publish,
            Exposure::Implied | Exposure::Hidden => Treatment::Hide,
        })
        .collect();
    let truth: Vec<i64> = system.cells.iter().map(|c| c.value).collect();
    let proofs = attack.prove(&attacker.view(system, &most), &demands, Some(&truth))?;
    let mut kept = Vec::new();
    let mut weakened = HashSet::new();
    for (demand, proof) in demands.into_iter().zip(proofs) {
        let one_value = matches!(demand.want, Want::Within(bounds) if bounds.value().is_some());
        if !(one_value && proof.met == Met::No) {
            kept.push(demand);
        } else if weakened.insert(demand.form.clone()) {
            kept.push(Demand { want: Want::Spread(1), ..demand });
        }
    }
    Ok(kept)
}

/// The cells that are not published as they are and could be asked about.
pub fn targets(system: &System, treatments: &[Treatment], demands: &[Demand]) -> Vec<CellId> {
    let withheld = (0..system.cells.len()).filter(|&c| matches!(treatments[c], Treatment::Withhold { .. }));
    let mut all: Vec<CellId> = withheld.chain(demands.iter().map(|d| d.cell)).collect();
    all.sort_unstable();
    all.dedup();
    all
}
