//! `tabsafe release --compare`: several policies on the same records, side by side: what each loses and what it gives away.

use tabsafe::model::{System, Verdict};
use tabsafe::pipeline::Outcome;
use tabsafe::policy::Policy;
use tabsafe::spec::Spec;
use tabsafe::utility::Utility;

use super::args::ReleaseArgs;
use super::exit;
use super::fault::Fault;
use super::release::work;
use super::session::Session;

/// What is said of each policy, a row each, and what that means.
const ROWS: [(&str, &str); 14] = [
    ("", ""),
    ("would be released", "whether all its figures together give away nothing that it hides"),
    ("figures that leak", "figures that can be worked out, or narrowed down too far"),
    ("method", "what it does with the figures"),
    ("figures", "all that the tables print, each counted once"),
    ("as they are", "published with their true value"),
    ("changed", "published with another value: rounded, or with noise"),
    ("withheld", "not published: a sign stands in their place"),
    ("shown as 0", "published as 0, though they are not"),
    ("off on average", "by how much a figure differs from the truth"),
    ("off at most", "the same of the figure that differs most"),
    (
        "closeness",
        "of all figures together, in proportion to their size: 1 is the truth (1 - Hellinger distance / √sum)",
    ),
    (
        "totals that are off",
        "totals that are not the sum of their parts, of those all of whose parts are published; by how much at most",
    ),
    (
        "link of variables",
        "the strength of the link between the first two variables of a table (Cramér's V), where it changes most",
    ),
];

/// What stands above: it was asked for, and is nothing for the public.
const MARK: &str = "CONFIDENTIAL: the differences follow from true values. Nothing was released.";

/// Runs every policy and shows them side by side; nothing is written.
pub fn run(args: &ReleaseArgs, spec: &Spec, session: &Session) -> Result<u8, Fault> {
    let own = args.policy.as_deref().or(spec.policy.as_deref());
    let names: Vec<&str> = own.into_iter().chain(args.compare.iter().map(String::as_str)).collect();
    // every policy is read before the first is run
    let policies: Vec<Policy> = names.iter().map(|name| Policy::load(name)).collect::<Result<_, _>>()?;
    let mut columns: Vec<Vec<String>> = vec![ROWS.map(|row| row.0.to_owned()).to_vec()];
    let mut failed = String::new();
    for policy in &policies {
        match work(spec, policy, args.time_limit, false, None, session) {
            Ok(outcome) => columns.push(column(policy, &outcome)),
            Err(fault) if session.stopped() || fault.code == exit::INTERNAL => return Err(fault),
            // what does not work under one policy is no reason to say nothing of the others
            Err(fault) => {
                columns.push(vec![policy.id.clone(), "not done".to_owned()]);
                let help = fault.help.map(|help| format!(" ({help})")).unwrap_or_default();
                failed.push_str(&format!("not done: {}: {}{help}\n", policy.id, fault.message));
            }
        }
    }
    let titles = policies.iter().map(|policy| format!("{}: {}\n", policy.id, policy.title)).collect::<String>();
    session.say(&format!("{MARK}\n\n{}\n{titles}{failed}\n{}", aligned(&columns), meanings()));
    Ok(exit::SAFE)
}

/// What came of one policy.
fn column(policy: &Policy, outcome: &Outcome) -> Vec<String> {
    let u = Utility::new(&outcome.system, &outcome.protection.treatments);
    let number = |x: f64| format!("{x:.2}").trim_end_matches('0').trim_end_matches('.').to_owned();
    let table = |system: &System, table: usize| system.tables.get(table).map(|t| t.id.clone()).unwrap_or_default();
    let association = u.cramers_v.map_or("-".to_owned(), |c| {
        format!("{:.2}, true {:.2} (table {})", c.after, c.before, table(&outcome.system, c.table))
    });
    let totals = match u.not_additive {
        0 => format!("0 of {}", u.totals),
        n => format!("{n} of {}, by {}", u.totals, number(u.max_not_additive)),
    };
    let released = match outcome.audit.verdict {
        Verdict::Safe => "yes",
        Verdict::SafeWithExceptions => "yes, with exceptions",
        Verdict::Unsafe => "no",
        Verdict::Inconclusive => "no, not settled",
    };
    vec![
        policy.id.clone(),
        released.to_owned(),
        outcome.audit.leaks.len().to_string(),
        outcome.protection.method.to_owned(),
        u.cells.to_string(),
        u.cells.saturating_sub(u.changed + u.withheld).to_string(),
        u.changed.to_string(),
        u.withheld.to_string(),
        u.false_zeros.to_string(),
        number(u.mean_difference),
        number(u.max_difference),
        format!("{:.3}", u.hellinger_utility),
        totals,
        association,
    ]
}

/// Columns side by side.
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
    rows.collect()
}

/// What the rows mean.
fn meanings() -> String {
    let width = ROWS.iter().map(|row| row.0.chars().count()).max().unwrap_or(0);
    let rows = ROWS.iter().skip(1).map(|(name, meaning)| format!("{name:<width$}  {meaning}\n"));
    format!(
        "What the rows mean:\n{}In how far figures are off, in closeness and in the link a withheld figure counts as 0: readers know more, so withholding \
         looks worse there than it is.\n",
        rows.collect::<String>()
    )
}
