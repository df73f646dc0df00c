//! The audit for people: what can be worked out and how, what can't and why not, and what to do next.
//!
//! Everything here follows from what is published, so values that were withheld may stand in it: the auditor asks for
//! them.

use std::collections::{BTreeMap, BTreeSet};

use tabsafe::model::{CellId, Verdict, scaled};
use tabsafe::pipeline::{Judged, PublishedAudit};
use tabsafe::write::layout::clean;
use tabsafe::write::text;

/// Leaks that are spelled out.
pub const LEAKS: usize = 40;
/// Protected cells that are shown with two tables.
const EXAMPLES: usize = 3;
/// Lines of two tables.
const LINES: usize = 10;

/// What is shown.
pub struct View<'a> {
    /// What was found.
    pub audit: &'a PublishedAudit,
    /// How each leak is worked out.
    pub derivations: &'a BTreeMap<CellId, String>,
    /// Every withheld cell.
    pub judged: &'a [Judged<'a>],
    /// The variables.
    pub by: &'a [String],
    /// Decimals of the values.
    pub decimals: u32,
    /// Counts below this were to be hidden; none for magnitudes.
    pub threshold: Option<i64>,
    /// The verdict.
    pub verdict: Verdict,
    /// How figures were replaced ("rounded"), if they were.
    pub replaced: Option<&'static str>,
    /// Whether every protected cell is shown with its tables.
    pub all: bool,
}

/// The whole text.
pub fn text(view: &View) -> String {
    let mut lines = vec![verdict(view)];
    lines.extend(leaks(view));
    lines.extend(examples(view));
    lines.push(String::new());
    lines.extend(text::fill("", &format!("Next: {}", next(view))));
    lines.push(String::new());
    lines.join("\n")
}

fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// What the cells are that are judged.
fn judged(view: &View, n: usize) -> String {
    match view.replaced {
        Some(how) => count(n, &format!("withheld or {how} cell")),
        None => count(n, "withheld cell"),
    }
}

fn verdict(view: &View) -> String {
    let number = |of: fn(&Judged) -> bool| view.judged.iter().filter(|j| of(j)).count();
    let (exact, open) = (number(|j| j.worked_out()), number(|j| j.open()));
    let narrow = number(|j| !j.protected && !j.open() && !j.worked_out());
    let all = view.judged.len();
    let of = |n: usize, what: &str| (n > 0).then(|| format!("{n} {what}"));
    let parts =
        [of(exact, "can be worked out"), of(narrow, "can be narrowed too far"), of(open, "could not be settled")];
    let parts = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    match view.verdict {
        Verdict::Safe | Verdict::SafeWithExceptions => match all {
            0 => "SAFE: nothing is withheld, so there is nothing to work out.".to_owned(),
            1 if view.replaced.is_none() => "SAFE: the withheld cell can't be worked out.".to_owned(),
            n => format!("SAFE: none of the {} can be worked out.", judged(view, n)),
        },
        Verdict::Unsafe => format!("UNSAFE: of {}, {parts}.", judged(view, all)),
        Verdict::Inconclusive => format!("INCONCLUSIVE: of {}, {parts}.", judged(view, all)),
    }
}

/// What could be, with a word where more may be possible than was found.
fn known(view: &View, j: &Judged) -> String {
    let more = if j.cell.exact { "" } else { ", perhaps more" };
    format!("{}{more}", j.cell.bounds.words(view.decimals))
}

/// The codes of a cell in words.
fn name(view: &View, codes: &[String]) -> String {
    let words = view.by.iter().zip(codes).map(|(v, c)| format!("{v} {c}"));
    clean(&words.collect::<Vec<_>>().join(", "))
}

/// Each leak: the cell, what is known, and the arithmetic.
fn leaks(view: &View) -> Vec<String> {
    let mut lines = Vec::new();
    let leaking: Vec<&Judged> = view.judged.iter().filter(|j| !j.protected && !j.open()).collect();
    for j in leaking.iter().take(LEAKS) {
        lines.push(String::new());
        lines.extend(text::fill("  ", &format!("{} is {}:", name(view, j.codes), known(view, j))));
        let steps = view.derivations.get(&j.cell.cell).map_or("", String::as_str);
        let units = match (view.decimals, steps.is_empty()) {
            (0, _) | (_, true) => String::new(),
            (decimals, false) => format!("(in units of {}) ", scaled(1, decimals)),
        };
        let mut told = BTreeSet::new();
        for step in steps.split("; ").filter(|step| !step.is_empty()) {
            // what one sum tells another may tell again
            if !told.insert((step.split(": ").next(), step.rsplit(" = ").next())) {
                continue;
            }
            lines.extend(text::fill("    ", &clean(&format!("{units}{step}"))));
        }
    }
    let open: Vec<&Judged> = view.judged.iter().filter(|j| j.open()).collect();
    for j in open.iter().take(LEAKS) {
        let say = format!("{} can be {}: a limit ended the search", name(view, j.codes), known(view, j));
        lines.push(String::new());
        lines.extend(text::fill("  ", &say));
    }
    let left = leaking.len().saturating_sub(LEAKS) + open.len().saturating_sub(LEAKS);
    if left > 0 {
        lines.push(format!("  and {left} more: --format json lists all"));
    }
    lines
}

/// Protected cells with two tables that fit, the least protected first.
fn examples(view: &View) -> Vec<String> {
    let width = |j: &&Judged| {
        let i = j.cell.interval;
        i.hi.zip(i.lo).map_or(i64::MAX, |(hi, lo)| hi.saturating_sub(lo))
    };
    let mut protected: Vec<&Judged> = view.judged.iter().filter(|j| j.protected).collect();
    protected.sort_by_key(width);
    let most = if view.all { protected.len() } else { EXAMPLES };
    let mut lines = Vec::new();
    let (mut shown, mut seen) = (0, BTreeSet::new());
    for j in &protected {
        // the tables of one cell show what the cells around it could be as well
        if shown == most || (!view.all && seen.contains(&j.cell.cell)) {
            continue;
        }
        shown += 1;
        lines.push(String::new());
        let differ = differ(j);
        let tables =
            if differ.is_empty() { ", whatever else holds" } else { "; two tables that fit all that is published:" };
        lines.extend(text::fill("  ", &format!("{} can be {}{tables}", name(view, j.codes), known(view, j))));
        if !differ.is_empty() {
            lines.extend(two_tables(view, &differ));
        }
        seen.extend(differ.into_iter().map(|d| d.0));
    }
    if protected.len() > shown {
        let left = protected.len() - shown;
        let are = if left == 1 { "is" } else { "are" };
        lines.push(String::new());
        lines.push(format!("  {left} more {are} protected: --verbose shows them, --format json lists them"));
    }
    lines
}

/// The cells in which the two tables of a cell differ, itself first, with their values in both.
fn differ(j: &Judged) -> Vec<(CellId, i64, i64)> {
    let high: BTreeMap<CellId, i64> = j.cell.high.0.iter().copied().collect();
    let mut differ: Vec<(CellId, i64, i64)> = (j.cell.low.0.iter())
        .filter_map(|&(cell, low)| Some((cell, low, *high.get(&cell)?)))
        .filter(|&(_, low, high)| low != high)
        .collect();
    differ.sort_by_key(|&(cell, ..)| (cell != j.cell.cell, cell));
    differ
}

/// Two tables side by side, where they differ.
fn two_tables(view: &View, differ: &[(CellId, i64, i64)]) -> Vec<String> {
    let system = &view.audit.system;
    let printed = |cell: CellId| system.cells.get(cell).is_some_and(|c| !c.places.is_empty());
    let (shown, unseen): (Vec<_>, Vec<_>) = differ.iter().partition(|d| printed(d.0));
    let rows: Vec<[String; 3]> = (shown.iter().take(LINES))
        .map(|&(cell, low, high)| [clean(&system.words(cell)), scaled(low, view.decimals), scaled(high, view.decimals)])
        .collect();
    let head = [String::new(), "one".to_owned(), "other".to_owned()];
    let wide = |column: usize| rows.iter().chain([&head]).map(|r| r[column].chars().count()).max().unwrap_or(0);
    let (first, second, third) = (wide(0), wide(1), wide(2));
    let line = |r: &[String; 3]| format!("    {:<first$}  {:>second$}  {:>third$}", r[0], r[1], r[2]);
    let mut lines = vec![line(&head)];
    lines.extend(rows.iter().map(line));
    let left = shown.len() - rows.len() + unseen.len();
    if left > 0 {
        lines.push(format!("    and {} that differ", count(left, "more cell")));
    }
    lines
}

/// What to do with the result.
fn next(view: &View) -> String {
    let by = view.by.join(",");
    match view.verdict {
        Verdict::Safe | Verdict::SafeWithExceptions if view.judged.is_empty() => {
            "nothing, if every figure may be published as it is. If some signs stand for withheld figures, say so with \
             --marker."
                .to_owned()
        }
        Verdict::Safe | Verdict::SafeWithExceptions => {
            "these tables may go out as far as withheld figures are concerned. Other tables of the same records can \
             still give them away: put all of them in one file, a variable that a table does not use at its total, and \
             audit it again."
                .to_owned()
        }
        Verdict::Inconclusive => {
            "withhold more around the cells above, or audit smaller tables, one at a time; a table \
                                  whose audit is not settled must not go out"
                .to_owned()
        }
        Verdict::Unsafe => {
            if view.replaced == Some("perturbed") {
                return "add more noise, or leave out a table or a total above, and audit again".to_owned();
            }
            if view.replaced.is_some() {
                return "round to a larger base, leave out a table or a total above, or choose a method that keeps totals \
                        additive (`tabsafe explain controlled-rounding`), and audit again"
                    .to_owned();
            }
            let unsafe_below = view.threshold.map_or("--rule RULE".to_owned(), |t| format!("--threshold {t}"));
            format!(
                "withhold at least one more figure in each sum above and audit again; or let tabsafe choose the fewest: \
                 tabsafe protect DATA --by {by} {unsafe_below}"
            )
        }
    }
}
