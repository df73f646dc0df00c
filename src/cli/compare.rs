//! `tabsafe release --compare`: several policies on the same records, side by side: what each loses and what it gives away.

use tabsafe::model::System;
use tabsafe::pipeline::Outcome;
use tabsafe::policy::Policy;
use tabsafe::spec::Spec;
use tabsafe::utility::Utility;

use super::args::ReleaseArgs;
use super::exit;
use super::fault::Fault;
use super::release::work;
use super::session::Session;

/// What is said of each policy: a row each.
const ROWS: [&str; 14] = [
    "",
    "method",
    "verdict",
    "leaks",
    "cells",
    "withheld",
    "changed",
    "mean difference",
    "largest difference",
    "Hellinger utility",
    "false zeros",
    "Cramér's V",
    "totals off",
    "largest error of a total",
];

/// Runs every policy and shows them side by side; nothing is written.
pub fn run(args: &ReleaseArgs, spec: &Spec, session: &Session) -> Result<u8, Fault> {
    let own = args.policy.as_deref().or(spec.policy.as_deref());
    let names: Vec<&str> = own.into_iter().chain(args.compare.iter().map(String::as_str)).collect();
    // every policy is read before the first is run
    let policies: Vec<Policy> = names.iter().map(|name| Policy::load(name)).collect::<Result<_, _>>()?;
    let mut columns: Vec<Vec<String>> = vec![ROWS.map(str::to_owned).to_vec()];
    let mut failed = String::new();
    for policy in &policies {
        match work(spec, policy, args.time_limit, false, None, session) {
            Ok(outcome) => columns.push(column(policy, &outcome)),
            Err(fault) if session.stopped() || fault.code == exit::INTERNAL => return Err(fault),
            // what does not work under one policy is no reason to say nothing of the others
            Err(fault) => {
                columns.push(vec![policy.id.clone(), "not done".to_owned()]);
                failed.push_str(&format!("{}: {}\n", policy.id, fault.message));
            }
        }
    }
    session.say(&(aligned(&columns) + &failed));
    Ok(exit::SAFE)
}

/// What came of one policy.
fn column(policy: &Policy, outcome: &Outcome) -> Vec<String> {
    let u = Utility::new(&outcome.system, &outcome.protection.treatments);
    let number = |x: f64| format!("{x:.4}").trim_end_matches('0').trim_end_matches('.').to_owned();
    let table = |system: &System, table: usize| system.tables.get(table).map(|t| t.id.clone()).unwrap_or_default();
    let association = u.cramers_v.map_or("-".to_owned(), |c| {
        format!("{:.3} for {:.3} (table {})", c.after, c.before, table(&outcome.system, c.table))
    });
    vec![
        policy.id.clone(),
        outcome.protection.method.to_owned(),
        outcome.audit.verdict.word().to_owned(),
        outcome.audit.leaks.len().to_string(),
        u.cells.to_string(),
        u.withheld.to_string(),
        u.changed.to_string(),
        number(u.mean_difference),
        number(u.max_difference),
        format!("{:.4}", u.hellinger_utility),
        u.false_zeros.to_string(),
        association,
        format!("{} of {}", u.not_additive, u.totals),
        number(u.max_not_additive),
    ]
}

/// Columns side by side, and what they mean.
fn aligned(columns: &[Vec<String>]) -> String {
    let wide = |column: &[String]| column.iter().map(|text| text.chars().count()).max().unwrap_or(0);
    let rows = (0..ROWS.len()).map(|row| {
        let field = |(i, column): (usize, &Vec<String>)| {
            let text = column.get(row).map(String::as_str).unwrap_or_default();
            let width = wide(column);
            if i == 0 { format!("{text:<width$}") } else { format!("{text:>width$}") }
        };
        columns.iter().enumerate().map(field).collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    });
    let note = "\nCONFIDENTIAL: the differences follow from true values. A withheld cell differs by its whole value; totals \
                count where all parts are\npublished. Nothing was released.\n";
    rows.collect::<String>() + note
}
