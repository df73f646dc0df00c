//! The answer on a terminal: the verdict, the draft as typed with marks, the reasons, and what was assumed.

use std::collections::BTreeMap;

use anstyle::{AnsiColor, Style};
use tabsafe::check::{Draft, Finding, Outcome, ROLES, Role, Spot, Step, Verdict};
use tabsafe::policy::Policy;
use tabsafe::write::text::fill_to;

use super::letter;
use super::questions;
use super::tables::{self, MARKS, cut, cut_at, paint};

/// Findings with arithmetic that are told one by one.
const TOLD: usize = 8;
/// Tables of a remedy that are told.
const WORDS: usize = 3;
/// Assumptions that are listed.
const ASSUMED: usize = 4;
/// Figures of a remedy whose changes are always listed.
const CHANGED: usize = 24;
/// Characters of a remedy that are printed.
const REMEDY: usize = 110;

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
    /// Columns of the terminal.
    pub width: usize,
}

impl View<'_> {
    /// `text` wrapped at the width of the terminal, the first line behind `lead`, the others indented as far.
    pub fn fill(&self, lead: &str, text: &str) -> Vec<String> {
        fill_to(self.width, lead, text)
    }
}

/// The text. Ends with a line break.
pub fn text(view: &View) -> String {
    let mut lines = verdict(view);
    let judged = view.outcome.judged_as.iter().filter(|_| view.outcome.verdict != Verdict::NotUnderstood);
    lines.extend(judged.flat_map(|words| view.fill("", &format!("Note: {words}."))));
    lines.push(String::new());
    lines.extend(tables::lines(view.outcome, view.color, view.width));
    let legend = legend(view);
    lines.extend(if legend.is_empty() { None } else { Some(legend) });
    lines.extend(reasons(view));
    lines.extend(questions::lines(view));
    lines.extend(remedies(view));
    lines.extend(accepted(view));
    lines.extend(assumptions(view));
    lines.extend(ledger(view));
    lines.extend(letter::lines(view));
    lines.push(String::new());
    lines.extend(last(view));
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

fn verdict(view: &View) -> Vec<String> {
    let outcome = view.outcome;
    let name = view.drafts.iter().map(|d| d.name.as_str()).collect::<Vec<_>>().join(", ");
    let unsafe_figures: usize = outcome.findings.iter().filter(|f| !f.code.stops).count();
    let things = if unsafe_figures == 1 { "1 thing was found that" } else { "things were found that" };
    let things = if unsafe_figures == 1 { things.to_owned() } else { format!("{unsafe_figures} {things}") };
    let (color, words) = match outcome.verdict {
        Verdict::Safe => {
            let withheld = match outcome.withheld {
                _ if outcome.judged_as.is_some() => "noise hides what it is to hide".to_owned(),
                0 => "nothing in it is withheld or unsafe".to_owned(),
                1 => "the one withheld figure can't be worked out".to_owned(),
                n => format!("none of the {n} withheld figures can be worked out"),
            };
            (AnsiColor::Green, format!("SAFE: {name} may go out under {}: {withheld}.", view.policy.id))
        }
        Verdict::SafeWithExceptions => {
            let n = outcome.accepted.len();
            let things = if n == 1 { "1 finding was".to_owned() } else { format!("{n} findings were") };
            (
                AnsiColor::Yellow,
                format!("SAFE WITH EXCEPTIONS: {name} may go out under {}: {things} accepted.", view.policy.id),
            )
        }
        Verdict::Unsafe => (
            AnsiColor::Red,
            format!("UNSAFE: {name} must not go out as it is: {things} {} does not allow.", view.policy.id),
        ),
        Verdict::NotUnderstood => (
            AnsiColor::Magenta,
            format!("I COULD NOT UNDERSTAND THIS: {name} was not judged. It contradicts itself, or says too little."),
        ),
        Verdict::Question => (AnsiColor::Yellow, questions::verdict(outcome, &name)),
        Verdict::Inconclusive => (
            AnsiColor::Yellow,
            format!("INCONCLUSIVE: a limit ended the attack on {name} before the proof. It must not go out."),
        ),
    };
    let style = Style::new().bold().fg_color(Some(color.into()));
    view.fill("", &words).iter().map(|line| paint(line, style, view.color)).collect()
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
    let mut helped: Vec<&str> = Vec::new();
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
        lines.extend(headed(view, code, &format!("{reason}{source}")));
        lines.extend(if *code == "small-count" && !view.verbose {
            marked(view, findings)
        } else {
            places(view, findings)
        });
        let help = findings.iter().find_map(|f| f.help.as_deref()).filter(|h| !helped.contains(h));
        helped.extend(help);
        lines.extend(help.iter().flat_map(|h| view.fill("  ", &format!("-> {h}"))));
    }
    lines.extend(derivations(view));
    lines
}

/// What can be worked out, and how: every line of arithmetic once, in the order in which a person would check it.
fn derivations(view: &View) -> Vec<String> {
    let derived: Vec<&Finding> = view.outcome.findings.iter().filter(|f| !f.steps.is_empty()).collect();
    let Some(first) = derived.first() else { return Vec::new() };
    let exact = derived.iter().filter(|f| f.steps.last().is_some_and(|s| s.left.value().is_some())).count();
    let figures = |n: usize| if n == 1 { "1 figure".to_owned() } else { format!("{n} figures") };
    let what = match (exact, derived.len() - exact) {
        (n, 0) => format!("{} can be worked out", figures(n)),
        (0, m) => format!("{} can be narrowed down below what the policy hides", figures(m)),
        (n, m) => format!("{} can be worked out, and {m} narrowed down below what the policy hides", figures(n)),
    };
    let policy = first.policy.as_deref().map(|p| format!(" ({p})")).unwrap_or_default();
    let mut lines = vec![String::new()];
    lines.extend(headed(view, first.code.name, &format!("{what}{policy}")));
    let mut equations: Vec<(&str, Vec<&Step>)> = Vec::new();
    for step in derived.iter().flat_map(|f| &f.steps) {
        match equations.iter_mut().find(|e| e.0 == step.equation) {
            Some((_, known)) if known.contains(&step) => {}
            Some((_, known)) => known.push(step),
            None => equations.push((&step.equation, vec![step])),
        }
    }
    let most = if view.verbose { usize::MAX } else { TOLD };
    for (equation, steps) in equations.iter().take(most) {
        lines.extend(view.fill("  ", &format!("{equation}{}", follows(steps))));
    }
    if equations.len() > most {
        lines.push(format!("  and {} more lines of arithmetic: --verbose tells all", equations.len() - most));
    }
    lines
}

/// What follows from one equation for the figures that it leaves open.
fn follows(steps: &[&Step]) -> String {
    let Some(first) = steps.first() else { return String::new() };
    let same = steps.iter().all(|s| s.left == first.left);
    if first.follows.is_empty() {
        String::new()
    } else if steps.len() > 1 && same && steps.len() == first.open {
        format!(", so each is {}", first.left.value().map_or_else(|| first.left.to_string(), |v| v.to_string()))
    } else {
        let mut grouped: Vec<(&str, Vec<&str>)> = Vec::new();
        for step in steps {
            let (name, is) = step.follows.rsplit_once(" is ").unwrap_or((&step.follows, ""));
            match grouped.iter_mut().find(|g| g.0 == is) {
                Some(known) => known.1.push(name),
                None => grouped.push((is, vec![name])),
            }
        }
        let words = grouped.iter().map(|(is, names)| match names[..] {
            [only] => format!("{only} is {is}"),
            _ => format!("{} are each {is}", names.join(", ")),
        });
        format!(", so {}", words.collect::<Vec<_>>().join(" and "))
    }
}

/// A reason behind the name of its kind.
fn headed(view: &View, code: &str, text: &str) -> Vec<String> {
    let mut lines = view.fill("", &format!("{code}: {text}"));
    if let Some(rest) = lines.first().and_then(|l| l.strip_prefix(code)).map(str::to_owned)
        && let Some(first) = lines.first_mut()
    {
        *first = format!("{}{rest}", paint(code, Style::new().bold(), view.color));
    }
    lines
}

/// The reason of small counts in one sentence.
fn small(findings: &[&Finding]) -> String {
    let n = findings.len();
    match n {
        1 => findings.first().map(|f| f.reason.clone()).unwrap_or_default(),
        _ => format!(
            "{n} printed counts are smaller than the policy allows: the persons behind them could be recognised"
        ),
    }
}

/// How many findings each table has; where they are is marked in the tables themselves.
fn marked(view: &View, findings: &[&Finding]) -> Vec<String> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for table in findings.iter().flat_map(|f| f.spots.iter()).filter_map(|s| s.table) {
        *counts.entry(table).or_default() += 1;
    }
    let name = |t: usize| view.outcome.tables.get(t).map_or("", |t| t.name.as_str());
    let words: Vec<String> = counts.iter().map(|(t, n)| format!("{} of {}", n, name(*t))).collect();
    view.fill("  ", &format!("marked ! above: {}", words.join(", ")))
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
                let numbers: Vec<String> =
                    spots.iter().filter(|s| s.place.line > 0).map(|s| s.place.line.to_string()).collect();
                let file = view.drafts.get(file).map_or("", |d| d.name.as_str());
                lines.push(if numbers.is_empty() {
                    format!("  {file}")
                } else {
                    format!("  {file}, line {}", numbers.join(", "))
                });
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
        let words: Vec<String> =
            rows.into_iter().map(|(row, columns)| format!("{row}: {}", columns.join(", "))).collect();
        lines.extend(view.fill("  ", &format!("{name}  {}", words.join("; "))));
    }
    lines
}

/// How many things are listed that only a person can mend.
fn most_by_hand(view: &View) -> usize {
    if view.verbose { usize::MAX } else { ASSUMED }
}

/// What could be done, each remedy with its price.
fn remedies(view: &View) -> Vec<String> {
    let outcome = view.outcome;
    if outcome.verdict != Verdict::Unsafe {
        return Vec::new();
    }
    let mut lines = vec![String::new()];
    if outcome.remedies.is_empty() {
        lines.push(paint("No remedy was found", Style::new().bold(), view.color));
        let by_hand = outcome.findings.iter().all(|f| ["number-in-text", "hidden-content"].contains(&f.code.name));
        let advice = match by_hand {
            true => "the tables are safe: change the sentences, remove what the file hides, and check again",
            false => "withhold whole tables, or make the answer from the case records: tabsafe release",
        };
        lines.extend(view.fill("  ", advice));
        if by_hand {
            let words = super::fix::by_hand_words(outcome);
            lines.extend(words.iter().take(most_by_hand(view)).flat_map(|w| view.fill("  ", w)));
        }
        return lines;
    }
    lines.push(paint(
        "Remedies, each checked and found safe; --fix N --out FILE writes one",
        Style::new().bold(),
        view.color,
    ));
    for (i, remedy) in outcome.remedies.iter().enumerate() {
        let price = format!(
            "{} of {} figures go; all are then known to within {:.1} on average{}",
            remedy.cells,
            remedy.of,
            remedy.distance,
            if remedy.proven { "; proven to lose least" } else { "" }
        );
        let most = if view.verbose { usize::MAX } else { WORDS };
        let more = if remedy.words.len() > most {
            format!("; and {} more tables", remedy.words.len() - most)
        } else {
            String::new()
        };
        let words: Vec<&str> = remedy.words.iter().take(most).map(String::as_str).collect();
        let done = format!("{}{more}", words.join("; "));
        let done = if view.verbose { done } else { cut_at(&done, REMEDY) };
        lines.extend(view.fill(&format!("  {}  ", i + 1), &format!("{done} ({price})")));
        // what a large remedy changes is too much for a screen: the first shows how it looks
        if view.verbose || i == 0 || remedy.cells <= CHANGED {
            lines.extend(super::changes::lines(view, remedy));
        }
    }
    lines
}

/// "412 numbers: 380 in 6 tables, 21 in labels, 9 references, 2 in sentences".
fn ledger(view: &View) -> Vec<String> {
    let ledger = &view.outcome.ledger;
    let figures = ledger.count(Role::Figure) + ledger.count(Role::Total);
    let tables = match view.outcome.tables.len() {
        1 => "in 1 table".to_owned(),
        n => format!("in {n} tables"),
    };
    let others = ROLES.iter().filter(|(role, ..)| !matches!(role, Role::Figure | Role::Total));
    let words = |n: usize, words: &[&'static str; 2]| if n == 1 { words[0] } else { words[1] };
    let mut parts: Vec<(usize, &str)> =
        others.map(|(role, _, w)| (ledger.count(*role), words(ledger.count(*role), w))).collect();
    parts.insert(0, (figures, &tables));
    parts.push((ledger.not_judged.len(), "not judged"));
    let parts: Vec<String> = parts.iter().filter(|p| p.0 > 0).map(|(n, words)| format!("{n} {words}")).collect();
    let numbers = ledger.numbers();
    let word = if numbers == 1 { "number" } else { "numbers" };
    if numbers == 0 { Vec::new() } else { view.fill("  ", &format!("{numbers} {word}: {}", parts.join(", "))) }
}

/// The verdict in a line, for those who see the end of the answer.
fn last(view: &View) -> Vec<String> {
    let name = view.drafts.iter().map(|d| d.name.as_str()).collect::<Vec<_>>().join(", ");
    let (color, words) = match view.outcome.verdict {
        Verdict::Safe => (AnsiColor::Green, format!("SAFE: {name} may go out.")),
        Verdict::SafeWithExceptions => (AnsiColor::Yellow, format!("SAFE WITH EXCEPTIONS: {name} may go out.")),
        Verdict::Unsafe => (AnsiColor::Red, format!("UNSAFE: {name} must not go out as it is.")),
        Verdict::NotUnderstood => (AnsiColor::Magenta, format!("NOT JUDGED: {name} must not go out as it is.")),
        Verdict::Question => (AnsiColor::Yellow, format!("QUESTION: {name} must not go out before it is answered.")),
        Verdict::Inconclusive => (AnsiColor::Yellow, format!("INCONCLUSIVE: {name} must not go out.")),
    };
    let style = Style::new().bold().fg_color(Some(color.into()));
    view.fill("", &words).iter().map(|line| paint(line, style, view.color)).collect()
}

/// What was found and is accepted, each with the reason.
fn accepted(view: &View) -> Vec<String> {
    let mut reasons: Vec<(&str, &str, Vec<&Finding>)> = Vec::new();
    for (finding, why) in &view.outcome.accepted {
        match reasons.iter_mut().find(|r| (r.0, r.1) == (finding.code.name, why.as_str())) {
            Some(known) => known.2.push(finding),
            None => reasons.push((finding.code.name, why, vec![finding])),
        }
    }
    let mut lines = Vec::new();
    if !reasons.is_empty() {
        lines.extend([String::new(), paint("Accepted", Style::new().bold(), view.color)]);
    }
    for (code, why, findings) in reasons {
        lines.extend(view.fill("  ", &format!("{code}, because: {why}")));
        lines.extend(places(view, &findings).into_iter().map(|line| format!("  {line}")));
    }
    lines
}

fn assumptions(view: &View) -> Vec<String> {
    let all = &view.outcome.assumptions;
    let most = if view.verbose { usize::MAX } else { ASSUMED };
    let mut lines = vec![String::new(), paint("Assumed", Style::new().bold(), view.color)];
    lines.extend(all.iter().take(most).flat_map(|a| view.fill("  ", a)));
    if all.len() > most {
        lines.push(format!(
            "  and {} more: --verbose tells all, --save-layout FILE writes them to be edited",
            all.len() - most
        ));
    }
    lines
}
