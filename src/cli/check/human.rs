//! The answer on a terminal: the verdict, the draft as typed with marks, the reasons, and what was assumed.

use std::collections::BTreeMap;

use anstyle::{AnsiColor, Style};
use tabsafe::check::{Draft, Finding, Outcome, Spot, Verdict};
use tabsafe::policy::Policy;
use tabsafe::write::text::fill;

use super::tables::{self, MARKS, cut, paint};

/// Findings with arithmetic that are told one by one.
const TOLD: usize = 8;
/// Assumptions that are told.
const ASSUMED: usize = 6;

/// What is to be shown.
pub struct View<'a> {
    /// What came of the check.
    pub outcome: &'a Outcome,
    /// The files.
    pub drafts: &'a [Draft],
    /// The policy.
    pub policy: &'a Policy,
    /// Whether everything is told.
    pub verbose: bool,
    /// Whether the terminal shows colours.
    pub color: bool,
}

/// The text. Ends with a line break.
pub fn text(view: &View) -> String {
    let mut lines = vec![verdict(view), String::new()];
    lines.extend(tables::lines(view.outcome, view.color));
    let legend = legend(view);
    lines.extend(if legend.is_empty() { None } else { Some(legend) });
    lines.extend(reasons(view));
    lines.extend(assumptions(view));
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

fn verdict(view: &View) -> String {
    let outcome = view.outcome;
    let name = view.drafts.iter().map(|d| d.name.as_str()).collect::<Vec<_>>().join(", ");
    let unsafe_figures: usize = outcome.findings.iter().filter(|f| !f.code.stops).count();
    let things = if unsafe_figures == 1 { "1 thing was found that" } else { "things were found that" };
    let things = if unsafe_figures == 1 { things.to_owned() } else { format!("{unsafe_figures} {things}") };
    let (color, words) = match outcome.verdict {
        Verdict::Safe => {
            let withheld = match outcome.withheld {
                0 => "nothing in it is withheld or unsafe".to_owned(),
                1 => "the one withheld figure can't be worked out".to_owned(),
                n => format!("none of the {n} withheld figures can be worked out"),
            };
            (AnsiColor::Green, format!("SAFE: {name} may go out under {}: {withheld}.", view.policy.id))
        }
        Verdict::Unsafe => {
            (AnsiColor::Red, format!("UNSAFE: {name} must not go out as it is: {things} {} does not allow.", view.policy.id))
        }
        Verdict::NotUnderstood => {
            (AnsiColor::Magenta, format!("I COULD NOT UNDERSTAND THIS: {name} was not judged. It contradicts itself, or says too little."))
        }
        Verdict::Inconclusive => {
            (AnsiColor::Yellow, format!("INCONCLUSIVE: a limit ended the attack on {name} before the proof. It must not go out."))
        }
    };
    paint(&words, Style::new().bold().fg_color(Some(color.into())), view.color)
}

/// What the signs behind figures say; only those that occur.
fn legend(view: &View) -> String {
    let marks = tables::marks(view.outcome);
    let used = MARKS.iter().filter(|(_, mark, _)| marks.values().any(|m| m == mark));
    used.map(|(_, mark, words)| format!("{} {words}", mark.sign)).collect::<Vec<_>>().join("    ")
}

/// The reasons, those of the same kind and sentence together.
fn reasons(view: &View) -> Vec<String> {
    let mut lines = Vec::new();
    let mut plain: BTreeMap<(&str, &str, String), Vec<&Finding>> = BTreeMap::new();
    for finding in view.outcome.findings.iter().filter(|f| f.steps.is_empty()) {
        let policy = finding.policy.as_deref().unwrap_or_default();
        let reason = if finding.code.name == "small-count" { String::new() } else { finding.reason.clone() };
        plain.entry((finding.code.name, policy, reason)).or_default().push(finding);
    }
    for ((code, policy, reason), findings) in &plain {
        let source = if policy.is_empty() { String::new() } else { format!(" ({policy})") };
        let reason = match *code {
            "small-count" => small(findings),
            _ => reason.clone(),
        };
        lines.push(String::new());
        lines.extend(fill("", &format!("{}: {reason}{source}", paint(code, Style::new().bold(), view.color))));
        lines.extend(places(view, findings));
        let help = findings.iter().find_map(|f| f.help.as_deref());
        lines.extend(help.iter().flat_map(|h| fill("  ", &format!("-> {h}"))));
    }
    let derived: Vec<&Finding> = view.outcome.findings.iter().filter(|f| !f.steps.is_empty()).collect();
    let most = if view.verbose { usize::MAX } else { TOLD };
    for finding in derived.iter().take(most) {
        lines.push(String::new());
        let place = finding.spots.first().map(|s| place(view, s)).filter(|p| !p.is_empty());
        let place = place.map(|p| format!("{p}: ")).unwrap_or_default();
        lines.extend(fill("", &format!("{}: {place}{}", paint(finding.code.name, Style::new().bold(), view.color), finding.reason)));
        lines.extend(finding.steps.iter().flat_map(|s| fill("  ", s)));
    }
    if derived.len() > most {
        lines.push(format!("and {} more that can be worked out; --verbose tells all", derived.len() - most));
    }
    lines
}

/// The reason of small counts in one sentence.
fn small(findings: &[&Finding]) -> String {
    let n = findings.len();
    match n {
        1 => findings.first().map(|f| f.reason.clone()).unwrap_or_default(),
        _ => format!("{n} printed counts are smaller than the policy allows: the persons behind them could be recognised"),
    }
}

/// Where findings are: a line per table, by row.
fn places(view: &View, findings: &[&Finding]) -> Vec<String> {
    let mut tables: BTreeMap<(Option<usize>, usize), Vec<&Spot>> = BTreeMap::new();
    for spot in findings.iter().flat_map(|f| f.spots.iter()) {
        tables.entry((spot.table, spot.file)).or_default().push(spot);
    }
    let mut lines = Vec::new();
    for ((table, file), spots) in tables {
        let name = match table.and_then(|t| view.outcome.tables.get(t)) {
            Some(table) => table.name.clone(),
            None => {
                let numbers: Vec<String> = spots.iter().filter(|s| s.place.line > 0).map(|s| s.place.line.to_string()).collect();
                let file = view.drafts.get(file).map_or("", |d| d.name.as_str());
                lines.push(if numbers.is_empty() { format!("  {file}") } else { format!("  {file}, line {}", numbers.join(", ")) });
                continue;
            }
        };
        let mut rows: Vec<(String, Vec<String>)> = Vec::new();
        for spot in spots {
            let row = cut(&spot.row);
            match rows.iter_mut().find(|r| r.0 == row) {
                Some(known) => known.1.push(spot.column.clone()),
                None => rows.push((row, vec![spot.column.clone()])),
            }
        }
        let words: Vec<String> = rows.into_iter().map(|(row, columns)| format!("{row}: {}", columns.join(", "))).collect();
        lines.extend(fill("  ", &format!("{name}  {}", words.join("; "))));
    }
    lines
}

/// A place in words.
fn place(view: &View, spot: &Spot) -> String {
    let table = spot.table.and_then(|t| view.outcome.tables.get(t)).map(|t| t.name.as_str());
    let labels = [spot.row.as_str(), spot.column.as_str()].into_iter().filter(|t| !t.is_empty());
    table.into_iter().chain(labels).collect::<Vec<_>>().join(", ")
}

fn assumptions(view: &View) -> Vec<String> {
    let all = &view.outcome.assumptions;
    let most = if view.verbose { usize::MAX } else { ASSUMED };
    let mut lines = vec![String::new(), paint("Assumed", Style::new().bold(), view.color)];
    lines.extend(all.iter().take(most).flat_map(|a| fill("  ", a)));
    if all.len() > most {
        lines.push(format!("  and {} more: --verbose tells all, --save-layout FILE writes them to be edited", all.len() - most));
    }
    lines
}
