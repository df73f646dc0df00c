//! The summary: the verdict first, then what was done. What was unsafe, what it cost and what remains to be known follow
//! from values that are withheld, so they are for those who asked for what is confidential.

use std::collections::{BTreeSet, HashMap};

use anstyle::{AnsiColor, Style};
use tabsafe::attack::Leak;
use tabsafe::model::{CellId, Choice, Exposure, Interval, Measure, Severity, Treatment, Verdict};
use tabsafe::release::{Excused, Figure, Header};
use tabsafe::suppress::MUST_STAY;
use tabsafe::write::{layout, text};

use super::{View, count, paint, refusal, signal};

/// Leaks and failures that are told in full; the report holds the rest.
const TOLD: usize = 10;
/// Where all is said that the public files do not show.
const MORE: &str =
    "--verbose or --report FILE: which cells are unsafe, what it cost, what remains possible (confidential)";
/// Width of the column of headings.
const GAP: usize = 10;

/// The summary, a line each.
pub fn lines(view: &View) -> Vec<String> {
    let mut lines = verdict(view);
    if view.verbose {
        lines.extend(leaks(view));
    }
    let mut row = |heading: &str, text: Option<String>| {
        for (i, line) in text.iter().flat_map(|t| text::fill(&" ".repeat(GAP), &layout::clean(t))).enumerate() {
            let heading = if i == 0 { heading } else { "" };
            let pad = " ".repeat(GAP.saturating_sub(heading.len()));
            let heading = paint(heading, Style::new().bold(), view.color && i == 0);
            lines.push(format!("{heading}{pad}{}", line.trim_start()));
        }
    };
    match view.verbose {
        true => found(view).into_iter().for_each(|(heading, text)| row(heading, Some(text))),
        false => row("Done", view.release.map(|_| in_short(view))),
    }
    for warning in view.warnings.iter().filter(|w| view.verbose || !view.confidential.contains(w)) {
        row("Note", Some(warning.clone()));
    }
    for (i, file) in view.files.iter().enumerate() {
        row(if i == 0 { "Files" } else { "" }, Some(file.display().to_string()));
    }
    row("Wording", exemption(view));
    for (i, path) in view.reports.iter().enumerate() {
        row(if i == 0 { "Report" } else { "" }, Some(format!("{} (confidential)", path.display())));
    }
    row("Next", refusal::next(view));
    row("More", (!view.verbose).then(|| MORE.to_owned()));
    lines
}

/// What is said on a page: the verdict, what was found, and what to do next.
pub fn said(view: &View) -> Vec<(String, String)> {
    let next = refusal::next(view).map(|next| ("Next", next));
    let verdict = sentence(view).1;
    // the page gives the word itself
    let verdict = layout::capital(verdict.split_once(": ").map_or(verdict.as_str(), |(_, why)| why));
    let all = std::iter::once(("Verdict", verdict)).chain(found(view)).chain(next);
    all.map(|(heading, text)| (heading.to_owned(), text)).collect()
}

/// What was unsafe, what was done, what it cost, and what remains to be known.
fn found(view: &View) -> Vec<(&'static str, String)> {
    let safe = matches!(view.audit.verdict, Verdict::Safe | Verdict::SafeWithExceptions);
    let exceptions = view.header.terms.exceptions.iter().filter(|_| safe).map(|e| ("Exception", exception(e)));
    let first = [
        ("Unsafe", Some(unsafe_cells(view))),
        (if safe { "Done" } else { "Tried" }, done(view)),
        ("Cost", cost(view).filter(|_| safe)),
        ("Proof", proof(view).filter(|_| view.audit.verdict != Verdict::Unsafe)),
        ("Choice", choice(view).filter(|_| safe)),
    ];
    // what an unfinished choice of cells would give away is of no interest
    let intruder = intruder(view).filter(|_| view.audit.verdict != Verdict::Inconclusive);
    let first = first.into_iter().filter_map(|(heading, text)| Some((heading, text?)));
    let all = first.chain(exceptions).chain(intruder.map(|text| ("Intruder", text)));
    all.map(|(heading, text)| (heading, layout::clean(&text))).collect()
}

fn verdict(view: &View) -> Vec<String> {
    let (color, text) = sentence(view);
    vec![paint(&text, signal(color), view.color)]
}

/// The verdict in a sentence, and its colour. How many cells it is about follows from values that are withheld.
fn sentence(view: &View) -> (AnsiColor, String) {
    let audit = view.audit;
    match audit.verdict {
        Verdict::SafeWithExceptions if !view.verbose => (
            AnsiColor::Yellow,
            "SAFE WITH EXCEPTIONS: an attack found nothing that the policy hides, but for what was approved."
                .to_owned(),
        ),
        Verdict::Unsafe if !view.verbose => {
            (AnsiColor::Red, "UNSAFE: not every cell could be protected. Nothing was released.".to_owned())
        }
        Verdict::Inconclusive if !view.verbose => {
            (AnsiColor::Yellow, "INCONCLUSIVE: a limit ended the proof. Nothing was released.".to_owned())
        }
        Verdict::Safe if view.release.is_some() => (
            AnsiColor::Green,
            "SAFE: an attack on everything published found nothing that the policy hides.".to_owned(),
        ),
        Verdict::Safe => (AnsiColor::Green, "SAFE: an attack found nothing that the policy hides.".to_owned()),
        Verdict::SafeWithExceptions => {
            let figures = count(view.header.terms.exceptions.len(), "finding");
            let text = format!(
                "SAFE WITH EXCEPTIONS: an attack found nothing that the policy hides, but for {figures}, which a person approved."
            );
            (AnsiColor::Yellow, text)
        }
        Verdict::Unsafe if audit.leaks.is_empty() => {
            (AnsiColor::Red, "UNSAFE: not every cell could be protected. Nothing was released.".to_owned())
        }
        Verdict::Unsafe => {
            let found = count(audit.leaks.len(), "figure");
            let text = format!("UNSAFE: an intruder can work out {found} that the policy hides. Nothing was released.");
            (AnsiColor::Red, text)
        }
        Verdict::Inconclusive => {
            let open = audit.open.iter().map(|d| d.cell).collect::<BTreeSet<_>>().len();
            let left = if open == 0 { String::new() } else { format!(" with {} open", count(open, "cell")) };
            if let Some(narrow) = view.system.narrow.as_ref().filter(|_| !view.protection.limit_reached) {
                let why = narrow.why.join("; ");
                let text = format!("INCONCLUSIVE: the proof can't be given{left}: {why}. Nothing was released.");
                return (AnsiColor::Yellow, text);
            }
            (AnsiColor::Yellow, format!("INCONCLUSIVE: a limit ended the proof{left}. Nothing was released."))
        }
    }
}

/// What was approved, by whom, and why; names no value.
fn exception(excused: &Excused) -> String {
    let Excused { cell, rule, approved_by, second, reason, until, policy, .. } = excused;
    let second = second.iter().map(|second| format!(" and {second}")).collect::<String>();
    format!(
        "{cell} is published although {rule} calls it unsafe: {reason} (approved by {approved_by}{second} until {until}, {policy})"
    )
}

/// The draft of the refusal, where the policy has one and something is withheld.
fn exemption(view: &View) -> Option<String> {
    let exemption = view.header.terms.exemption.as_ref()?;
    let gone = withheld(view, None).count();
    let released = view.release.is_some() && gone > 0;
    let Header { markers, withheld_band, never_zero, .. } = view.header;
    released.then(|| exemption.draft(gone, &markers.withheld, *withheld_band, *never_zero))
}

/// The verdict on a refused release and what to do, and why where that may be shown: all that is said where the tables are
/// not shown.
pub fn refused(view: &View) -> Vec<String> {
    let mut lines = verdict(view);
    if view.verbose {
        lines.extend(leaks(view));
    }
    lines.extend(refusal::next(view).iter().flat_map(|next| text::fill("Next: ", &layout::clean(next))));
    if !view.verbose {
        lines.extend(text::fill("More: ", MORE));
    }
    lines
}

/// What an intruder can work out, or what could not be protected, cell by cell, and what gives it away. Confidential.
fn leaks(view: &View) -> Vec<String> {
    let leaks: HashMap<CellId, &Leak> = view.audit.leaks.iter().map(|l| (l.cell, l)).collect();
    let failed: HashMap<CellId, &String> = view.protection.failed.iter().map(|(cell, why)| (*cell, why)).collect();
    let told = |cell: CellId| {
        let name = name(view, cell);
        let leak = leaks.get(&cell);
        let what = match leak {
            Some(leak) => format!("is {}", interval(view, cell, leak.learned)),
            None => "could not be protected".to_owned(),
        };
        let why = match leak {
            Some(leak) if !leak.derivation.is_empty() => Some(leak.derivation.clone()),
            _ => refusal::block(view, cell).map(|b| b.why),
        };
        // which cells would have to be withheld is of more use than that one sum gives it away
        let chosen =
            failed.get(&cell).filter(|chosen| why.is_none() || chosen.contains(MUST_STAY)).map(|c| (*c).clone());
        let why: Vec<String> = why.into_iter().chain(chosen).collect();
        let why = (!why.is_empty()).then(|| why.join("; "));
        let colon = why.map_or(String::new(), |why| format!(": {why}"));
        format!("{name} {what}{colon}")
    };
    let cells = refusal::cells(view);
    let mut lines: Vec<String> =
        cells.iter().take(TOLD).flat_map(|&c| text::fill("  ", &layout::clean(&told(c)))).collect();
    if cells.len() > TOLD {
        lines.push(format!("  and {} more, see the report", cells.len() - TOLD));
    }
    lines
}

/// How many printed cells are unsafe, by which rule.
fn unsafe_cells(view: &View) -> String {
    let of_interest = || view.findings.iter().filter(|f| f.severity == Severity::Unsafe);
    let all = printed(view).count();
    let seen = |cell: &CellId| view.system.cells.get(*cell).is_some_and(|c| c.exposure == Exposure::Shown);
    let cells: BTreeSet<CellId> = of_interest().map(|f| f.cell).collect();
    let shown = cells.iter().filter(|c| seen(c)).count();
    let implied = cells.len() - shown;
    if cells.is_empty() {
        let approved = if view.header.terms.exceptions.is_empty() { "" } else { ", in addition to what was approved" };
        return format!("none of {}{approved}", count(all, "cell"));
    }
    let mut rules: Vec<(String, BTreeSet<CellId>)> = Vec::new();
    for finding in of_interest() {
        let rule = format!("{} ({})", finding.rule, finding.policy_line);
        match rules.iter_mut().find(|(r, _)| *r == rule) {
            Some((_, cells)) => cells.extend([finding.cell]),
            None => rules.push((rule, BTreeSet::from([finding.cell]))),
        }
    }
    let by = match rules.as_slice() {
        [(rule, _)] => format!(", by {rule}"),
        _ => format!(": {}", rules.iter().map(|(r, c)| format!("{} by {r}", c.len())).collect::<Vec<_>>().join(", ")),
    };
    let hidden = match implied {
        0 => String::new(),
        1 => ", and 1 figure that is not printed but follows from those that are".to_owned(),
        n => format!(", and {n} figures that are not printed but follow from those that are"),
    };
    format!("{shown} of {}{hidden}{by}", count(all, "cell"))
}

/// What was done, as the public files show it: "70 of 112 cells withheld".
pub fn in_short(view: &View) -> String {
    let many = |is: fn(&Treatment) -> bool| printed(view).filter(|&c| is(&treatment(view, c))).count();
    let all = count(printed(view).count(), "cell");
    let withheld = many(|t| matches!(t, Treatment::Withhold { .. } | Treatment::Band { .. }));
    match (many(|t| matches!(t, Treatment::Replace { .. })), view.header.noise) {
        (0, _) => format!("{withheld} of {all} withheld"),
        (n, true) => format!("{n} of {all} perturbed, {withheld} withheld"),
        (n, false) => format!("{n} of {all} rounded, {withheld} withheld"),
    }
}

/// What was unsafe, what it cost and what remains possible, marked as confidential. Ends with a line break.
pub fn confidential(view: &View) -> String {
    let found = found(view).into_iter().flat_map(|(heading, text)| text::fill(&format!("{heading:GAP$}"), &text));
    let mut lines = vec![super::CONFIDENTIAL.to_owned()];
    lines.extend(found);
    lines.push(String::new());
    lines.join("\n")
}

fn done(view: &View) -> Option<String> {
    let primary = withheld(view, Some(true)).count();
    let secondary = withheld(view, Some(false)).count();
    let rounded = printed(view).filter(|&c| matches!(treatment(view, c), Treatment::Replace { .. })).count();
    let banded = printed(view).filter(|&c| matches!(treatment(view, c), Treatment::Band { .. })).count();
    let mut parts = Vec::new();
    match (primary, secondary) {
        (0, 0) => {}
        (p, 0) => parts.push(format!("withheld {}", count(p, "unsafe cell"))),
        (0, s) => parts.push(format!("withheld {} to protect others", count(s, "cell"))),
        (p, s) => parts.push(format!("withheld {} and {s} more to protect them", count(p, "unsafe cell"))),
    }
    if banded > 0 {
        parts.push(format!("showed {} by a sign for a band", count(banded, "cell")));
    }
    if rounded > 0 {
        let base = view.header.rounding_base.map_or(String::new(), |b| format!(" to multiples of {b}"));
        let done = if view.header.noise { "perturbed" } else { "rounded" };
        parts.push(format!("{done} {}{base}", count(rounded, "cell")));
    }
    let method = view.protection.method;
    (!parts.is_empty()).then(|| format!("{}, by the method \"{method}\"", parts.join("; ")))
}

/// Cells and share of each measure that are no longer to be read.
fn cost(view: &View) -> Option<String> {
    let gone = withheld(view, None).count();
    if gone == 0 {
        return None;
    }
    let mut parts = vec![format!("{gone} of {}", count(printed(view).count(), "cell"))];
    for (index, measure) in view.system.measures.iter().enumerate() {
        let size = |cells: &mut dyn Iterator<Item = CellId>| -> i128 {
            let values = cells.map(|c| &view.system.cells[c]).filter(|c| c.measure == index);
            values.map(|c| i128::from(c.value).abs()).sum()
        };
        let (lost, all) = (size(&mut withheld(view, None)), size(&mut printed(view)));
        if all == 0 {
            continue;
        }
        let what = match measure {
            Measure::Records => "counts",
            Measure::Persons => "persons",
            Measure::Sum { column, .. } => column,
        };
        let share = format!("{:.1} % of all {what} printed", 100.0 * lost as f64 / all as f64);
        parts.push(format!("{share} ({lost} of {all})"));
    }
    Some(parts.join(", "))
}

/// How the pattern was chosen, and what that means against an intruder who has the program.
fn choice(view: &View) -> Option<String> {
    let choice = &view.protection.choice;
    let program = choice.against_program().filter(|_| withheld(view, None).count() > 0)?;
    let drawn = matches!(choice, Choice::Keyed { drawn: Some(_), .. });
    let kept =
        if drawn { "; the key was drawn for this run, and only a confidential report (--report) keeps it" } else { "" };
    Some(format!("{program}{kept}"))
}

/// Whether less could have been lost.
fn proof(view: &View) -> Option<String> {
    let protection = view.protection;
    let (loss, bound) = (protection.loss, protection.bound);
    if view.header.replaced.is_some() {
        return closeness(loss, bound);
    }
    if withheld(view, Some(false)).count() == 0 && protection.loss == 0 {
        return None;
    }
    let cost = |value| Figure { value, decimals: view.cost_decimals };
    let limit = if protection.limit_reached { " (a limit ended the search)" } else { "" };
    let amount = |text: String| format!(" ({text})");
    Some(if protection.proven_optimal() {
        format!("no other choice of cells loses less, which is proven{}", amount(format!("a loss of {}", cost(loss))))
    } else if bound > 0 && loss > 0 {
        let gap = 100.0 * (loss - bound) as f64 / loss as f64;
        let amounts = amount(format!("the loss is {}, at least {} is unavoidable", cost(loss), cost(bound)));
        match protection.choice {
            Choice::Keyed { .. } => {
                let above = 100.0 * (loss - bound) as f64 / bound as f64;
                format!("the loss is at most {above:.1} % above that of the cheapest choice of cells{amounts}{limit}")
            }
            Choice::None | Choice::Cheapest => {
                format!("at most {gap:.1} % of the loss could be saved by another choice of cells{amounts}{limit}")
            }
        }
    } else {
        format!("whether less could be lost was not proven{}{limit}", amount(format!("the loss is {}", cost(loss))))
    })
}

/// How far a rounding is from the closest one; most methods have nothing to choose.
fn closeness(loss: i64, bound: i64) -> Option<String> {
    let told = || format!("the differences to the true figures are {loss} in all; at least {bound} is unavoidable");
    (loss != bound).then(told)
}

/// The least that is uncertain about any figure that is not published as it is.
fn intruder(view: &View) -> Option<String> {
    let audits: HashMap<CellId, Interval> = view.audit.cells.iter().map(|a| (a.cell, a.interval)).collect();
    let known = |cell: CellId| {
        let audited = audits.get(&cell).copied();
        match treatment(view, cell) {
            Treatment::Withhold { .. } => audited,
            replaced @ (Treatment::Replace { .. } | Treatment::Band { .. }) => audited.or(replaced.stands_for()),
            Treatment::Publish | Treatment::Hide => None,
        }
    };
    let width = |i: Interval| Some(i128::from(i.hi?) - i128::from(i.lo?));
    let cells = printed(view).filter_map(|c| Some((c, known(c)?)));
    let (cell, least) = cells.min_by_key(|&(c, i)| (width(i).unwrap_or(i128::MAX), c))?;
    let of = match (view.header.replaced.is_some(), view.header.noise) {
        (false, _) => "withheld",
        (true, false) => "rounded",
        (true, true) => "perturbed",
    };
    let what = match width(least) {
        None => format!("of no {of} figure are both a lower and an upper limit known"),
        Some(0) => format!("the narrowest {of} figure is known exactly ({})", name(view, cell)),
        Some(_) => {
            let left = interval(view, cell, least);
            format!("the narrowest {of} figure can still be anything from {left} ({})", name(view, cell))
        }
    };
    Some(what)
}

/// Every cell that stands in a table.
fn printed<'a>(view: &View<'a>) -> impl Iterator<Item = CellId> + use<'a> {
    let system = view.system;
    (0..system.cells.len()).filter(move |&c| system.cells[c].exposure == Exposure::Shown)
}

/// Printed cells that are withheld: primary, secondary, or both.
fn withheld<'a>(view: &View<'a>, wanted: Option<bool>) -> impl Iterator<Item = CellId> + use<'a> {
    let view = *view;
    printed(&view).filter(move |&c| match treatment(&view, c) {
        Treatment::Withhold { primary } => wanted.is_none_or(|w| w == primary),
        _ => false,
    })
}

fn treatment(view: &View, cell: CellId) -> Treatment {
    view.protection.treatments.get(cell).copied().unwrap_or(Treatment::Hide)
}

fn name(view: &View, cell: CellId) -> String {
    if cell < view.system.cells.len() { view.system.words(cell) } else { format!("cell {cell}") }
}

/// An interval with the decimals of the cell's measure.
fn interval(view: &View, cell: CellId, interval: Interval) -> String {
    let measure = view.system.cells.get(cell).and_then(|c| view.system.measures.get(c.measure));
    interval.words(measure.map_or(0, Measure::decimals))
}
