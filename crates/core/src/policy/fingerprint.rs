//! The fingerprints of a policy: the same for the same effect, however the file is laid out.
//!
//! The whole one covers every parameter. It is confidential: whoever knows the rest of a policy could find a secret
//! parameter by trying out hashes. The public one, which stands in what is published, is taken without the parameters that
//! must not be known.

use super::{Plan, Policy, RuleUse};
use crate::attack::ProtectionKind;
use crate::rules::spelling;
use crate::text::sha256;
use crate::{perturb, round};

/// SHA-256 of the canonical form, in hexadecimal.
pub(super) fn of(policy: &Policy) -> String {
    sha256(canonical(policy, Secrets::Told))
}

/// The same without the parameters that must not be known: those of rules for sums, those of noise, what the intruder is
/// taken to know or whom to join, and a share of the value that must remain uncertain.
pub(super) fn public(policy: &Policy) -> String {
    sha256(canonical(policy, Secrets::LeftOut))
}

/// Whether the parameters that must not be known are part of a canonical form.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Secrets {
    Told,
    LeftOut,
}

/// All that the policy does, a line each: defaults filled in, rules in full and sorted, texts quoted. Who stands behind
/// the policy, its comments and its layout are no part of it.
fn canonical(policy: &Policy, secrets: Secrets) -> String {
    let told = secrets == Secrets::Told;
    let rule = |r: &RuleUse| match r.rule.secret() && !told {
        true => format!("rule {} undisclosed", r.rule.name()),
        false => format!("rule {}", spelling(r.rule.as_ref())),
    };
    let mut rules: Vec<String> = policy.rules.iter().map(rule).collect();
    rules.sort_unstable();
    let mut lines = vec![format!("policy {:?} version {:?}", policy.id, policy.version)];
    lines.append(&mut rules);
    lines.push(match &policy.plan {
        Plan::Suppress(plan) => {
            let (method, cost) = (&plan.method, &plan.cost);
            let (factor, keep) = (plan.total_factor, plan.keep_totals);
            // where the key is has no effect, as for the others
            let choice = if plan.keyed { " choice=keyed" } else { "" };
            format!("suppress method={method:?} cost={cost} total-factor={factor} keep-totals={keep}{choice}")
        }
        // where the key is has no effect; the key itself has, and is nobody's business
        Plan::Round(plan) => format!("round {}", round::spelling(&*plan.method)),
        Plan::Perturb(plan) if told => format!("perturb {}", perturb::spelling(&*plan.method)),
        Plan::Perturb(plan) => format!("perturb {} undisclosed", plan.method.entry().name),
    });
    lines.push(match policy.protection {
        ProtectionKind::Percent(_) if !told => "protection percent undisclosed".to_owned(),
        protection => format!("protection {protection}"),
    });
    let a = policy.attacker;
    let (prior, coalition) = match told {
        true => (a.prior.map_or("none".to_owned(), |p| p.to_string()), a.coalition.to_string()),
        false => ("undisclosed".to_owned(), "undisclosed".to_owned()),
    };
    lines.push(format!(
        "attacker integers={} zeros-published={} prior={prior} own-contribution={} coalition={coalition}",
        a.integers, a.zeros_published, a.own_contribution
    ));
    lines.extend(a.accept_unexamined.then(|| "attacker accept-unexamined=true".to_owned()));
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
        .chain(policy.sensitive_categories.iter().map(|(variable, codes)| format!("sensitive {variable:?} {codes:?}")))
        .collect();
    terms.sort_unstable();
    lines.append(&mut terms);
    lines.extend(
        policy.exemption.iter().flat_map(|e| e.entries()).map(|(key, text)| format!("exemption {key}={text:?}")),
    );
    if let Plan::Suppress(plan) = &policy.plan {
        lines.extend(plan.keep.iter().map(|k| format!("keep {:?} {:?} never={}", k.table, k.categories, k.never)));
        lines.extend(plan.partners.iter().map(|p| {
            format!("partner {:?} of {:?} prefer {:?} neighbours={}", p.variable, p.of, p.prefer, p.neighbours)
        }));
    }
    if policy.second_person {
        lines.push("approval second-person=true".to_owned());
    }
    lines.join("\n")
}
