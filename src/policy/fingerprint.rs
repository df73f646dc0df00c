//! The fingerprint of a policy: the same for the same effect, however the file is laid out.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::{Plan, Policy};
use crate::rules::spelling;
use crate::{perturb, round};

/// SHA-256 of the canonical form, in hexadecimal.
pub(super) fn of(policy: &Policy) -> String {
    hex(canonical(policy).as_bytes())
}

/// SHA-256 of a text, in hexadecimal.
pub(super) fn hex(text: &[u8]) -> String {
    Sha256::digest(text).iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string can't fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// All that the policy does, a line each: defaults filled in, rules in full and sorted, texts quoted. Who stands behind
/// the policy, its comments and its layout are no part of it.
fn canonical(policy: &Policy) -> String {
    let mut rules: Vec<String> = policy.rules.iter().map(|r| format!("rule {}", spelling(r.rule.as_ref()))).collect();
    rules.sort_unstable();
    let mut lines = vec![format!("policy {:?} version {:?}", policy.id, policy.version)];
    lines.append(&mut rules);
    lines.push(match &policy.plan {
        Plan::Suppress(plan) => {
            let (method, cost) = (&plan.method, &plan.cost);
            let (factor, keep) = (plan.total_factor, plan.keep_totals);
            format!("suppress method={method:?} cost={cost} total-factor={factor} keep-totals={keep}")
        }
        // where the key is has no effect; the key itself has, and is nobody's business
        Plan::Round(plan) => format!("round {}", round::spelling(&*plan.method)),
        Plan::Perturb(plan) => format!("perturb {}", perturb::spelling(&*plan.method)),
    });
    lines.push(format!("protection {}", policy.protection));
    let a = policy.attacker;
    let prior = a.prior.map_or("none".to_owned(), |p| p.to_string());
    lines.push(format!(
        "attacker integers={} zeros-published={} prior={prior} own-contribution={} coalition={}",
        a.integers, a.zeros_published, a.own_contribution, a.coalition
    ));
    let m = &policy.markers;
    lines.push(format!(
        "markers withheld={:?} zero={:?} not-applicable={:?} rounds-to-zero={:?}",
        m.withheld, m.zero, m.not_applicable, m.rounds_to_zero
    ));
    lines.extend(policy.notes.iter().map(|note| format!("note {note:?}")));
    lines.extend(policy.units.iter().map(|unit| format!("unit {unit:?}")));
    lines.extend(policy.legend.entries().map(|(key, text)| format!("legend {key}={text:?}")));
    let mut terms: Vec<String> = policy
        .banned
        .iter()
        .map(|b| format!("banned {:?} {:?} because {:?}", b.variables, b.categories, b.reason))
        .chain(policy.sensitive.iter().map(|variable| format!("sensitive {variable:?}")))
        .collect();
    terms.sort_unstable();
    lines.append(&mut terms);
    lines.extend(
        policy.exemption.iter().flat_map(|e| e.entries()).map(|(key, text)| format!("exemption {key}={text:?}")),
    );
    if policy.second_person {
        lines.push("approval second-person=true".to_owned());
    }
    lines.join("\n")
}
