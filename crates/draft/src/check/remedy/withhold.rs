//! Withholding as many more figures as it takes.

use std::collections::HashSet;

use crate::attack::{Attacker, Met};
use crate::model::{CellId, Exposure, Finding, Harm, Severity, System};
use crate::policy::{Plan, SuppressPlan};
use crate::suppress::{Problem, suppress};

use super::super::bind::Placed;
use super::super::driver::Check;
use super::super::lexicon::Content;
use super::super::unsafe_cells::{band, unsafe_cells, valued};
use super::edit::{Change, apply, change_of};
use super::signs::Signs;
use super::{Options, Proposal};

/// Systems of up to so many cells get the policy's own method; larger ones the fast one.
const OWN_METHOD: usize = 400;

/// How often more figures are withheld for the sake of signs that stand for some counts alone.
const ROUNDS: usize = 8;

/// Withholds the unsafe figures and what it takes to protect them.
pub(crate) fn proposal(check: &Check) -> Option<Proposal> {
    let signs = Signs::of(check);
    let mut forced: Vec<CellId> = Vec::new();
    let mut found = once(check, &signs, &forced)?;
    if !signs.is_narrow() {
        return Some(found.0);
    }
    // a sign that stands for 1 to 4 says more than one that stands for anything: what then follows is withheld as well
    for _ in 0..ROUNDS {
        let options = Options {
            markers: signs.meanings(check),
            remedies: false,
            answers: check.options.answers.clone(),
            ..*check.options
        };
        let after = Check::new(&found.0.edited.drafts, &options).judged();
        let more = telling(check, &after, &found.1, &forced);
        if more.is_empty() {
            let safe = after.attacked.leaks.is_empty();
            return safe.then_some(found.0);
        }
        forced.extend(more);
        found = once(check, &signs, &forced)?;
    }
    None
}

/// For each figure that follows in a changed draft, a printed one that tells it: that alone with withheld ones on a line.
fn telling(check: &Check, after: &Check, withheld: &[CellId], forced: &[CellId]) -> Vec<CellId> {
    let known = &check.reading.known;
    let printed = |c: CellId| {
        let seen = known.seen.get(c).is_some_and(|s| s.printed.is_some() && !s.places.is_empty());
        seen && !withheld.contains(&c) && !forced.contains(&c)
    };
    let mut found: Vec<CellId> = Vec::new();
    for leak in &after.attacked.leaks {
        let place = after.reading.bound.places_of(leak.cell).first().and_then(|&n| after.reading.bound.placed.get(n));
        let Some(place) = place else { continue };
        let same = |p: &&Placed| (p.table, p.row, p.col) == (place.table, place.row, place.col);
        let Some(cell) = check.reading.bound.placed.iter().find(same).map(|p| p.cell) else { continue };
        let lines = known.public.relations.iter().filter(|r| r.terms.iter().any(|t| t.0 == cell));
        let open = |r: &&crate::model::Relation| r.terms.iter().filter(|t| printed(t.0)).count();
        let best = lines.filter(|r| open(r) > 0).min_by_key(open);
        let value = |c: &CellId| known.seen.get(*c).and_then(|s| s.printed).unwrap_or(i64::MAX);
        let one = best.and_then(|r| r.terms.iter().map(|t| t.0).filter(|&c| printed(c)).min_by_key(value));
        found.extend(one.filter(|c| !found.contains(c)));
    }
    found
}

/// Withholds the unsafe figures, those that are forced, and what it takes to protect them; with all that is then withheld.
fn once(check: &Check, signs: &Signs, forced: &[CellId]) -> Option<(Proposal, Vec<CellId>)> {
    let base = check.attacked.base.as_ref()?;
    let system = assumed(check, base);
    let mut findings = findings(check, &system);
    findings.extend(forced.iter().map(|&cell| hidden(cell, Harm::FewPersons { values: 2 })));
    let plan = match &check.options.policy.plan {
        Plan::Suppress(plan) => plan.clone(),
        Plan::Round(_) | Plan::Perturb(_) => SuppressPlan::default(),
    };
    let policy = check.options.policy;
    let attacker: Attacker = policy.attacker;
    let no_limit = || None;
    let wishes = plan.wishes(None);
    let (costs, solver) = (wishes.model(), check.options.solver);
    let mut problem = Problem::new(&system, &findings, policy.protection, attacker, costs, solver, &no_limit).ok()?;
    wishes.apply(&mut problem);
    for (c, seen) in check.reading.known.seen.iter().enumerate() {
        if seen.withheld {
            *problem.primary.get_mut(c)? = attacker.can_be_withheld(&system, c);
            *problem.candidate.get_mut(c)? = false;
        }
        if seen.places.is_empty() {
            *problem.candidate.get_mut(c)? = false;
        }
    }
    let method = if system.cells.len() <= OWN_METHOD { plan.method.as_str() } else { "fast" };
    let protection = suppress(&problem, method).ok()?;
    let withheld: Vec<CellId> = (0..system.cells.len()).filter(|&c| protection.is_withheld(c)).collect();
    let open = problem.prove(&withheld_flags(&withheld, system.cells.len()), &problem.demands).ok()?;
    if open.iter().any(|p| p.met != Met::Yes) {
        return None;
    }
    let new: Vec<CellId> = withheld.iter().copied().filter(|&c| !check.reading.known.is_withheld(c)).collect();
    let changes = changes(check, &withheld, signs);
    let placed = withheld.iter().flat_map(|&c| check.reading.bound.places_of(c));
    let places = placed.filter_map(|&n| check.reading.bound.placed.get(n)).filter(|p| is_printed(check, p)).count();
    if changes.is_empty() {
        return None;
    }
    let unsafe_cells: HashSet<CellId> = findings.iter().map(|f| f.cell).collect();
    let unsafe_now = new.iter().filter(|c| unsafe_cells.contains(c)).count();
    let write = signs.words();
    let words = match (unsafe_now, new.len() - unsafe_now) {
        (0, 0) if check.signs.replaces() => return None,
        (0, 0) if places > 0 => format!("withhold everywhere what is withheld somewhere ({write})"),
        (0, 0) => format!("withhold the percentages, rates and means of what is withheld ({write})"),
        (n, 0) => format!("withhold {} ({write})", figures(n)),
        (0, 1) => format!("withhold 1 more figure ({write})"),
        (0, m) => format!("withhold {m} more figures ({write})"),
        (n, m) => format!("withhold the {} and {m} more to protect them ({write})", unsafe_figures(n)),
    };
    let anew = changes
        .iter()
        .flat_map(|c| c.texts.values())
        .filter(|t| t.bytes().all(|b| b.is_ascii_digit()) && !t.is_empty());
    let words = match anew.count() {
        0 => words,
        1 => format!("{words}, and add 1 total up anew that leaves out what is withheld"),
        n => format!("{words}, and add {n} totals up anew that leave out what is withheld"),
    };
    let words = if places > new.len() { format!("{words}, in {places} places") } else { words };
    let proven = protection.proven_optimal() && method != "fast";
    let list = super::changed::list(check, &changes);
    let written = |t: &String| *t == signs.wide;
    let note = signs.note(check).filter(|_| changes.iter().any(|c| c.texts.values().any(written)));
    let edited = apply(check, &changes, note);
    Some((Proposal { kind: "withhold", words: vec![words], edited, changes: list, proven }, withheld))
}

fn figures(n: usize) -> String {
    if n == 1 { "1 figure".to_owned() } else { format!("{n} figures") }
}

fn unsafe_figures(n: usize) -> String {
    if n == 1 { "unsafe figure".to_owned() } else { format!("{n} unsafe figures") }
}

fn withheld_flags(withheld: &[CellId], cells: usize) -> Vec<bool> {
    let mut flags = vec![false; cells];
    withheld.iter().for_each(|&c| flags[c] = true);
    flags
}

/// The system with one set of numbers that fits the draft in place of what is not known.
fn assumed(check: &Check, base: &[i64]) -> System {
    let mut system = check.reading.bound.system.clone();
    for (c, cell) in system.cells.iter_mut().enumerate() {
        cell.value = base.get(c).copied().unwrap_or(0);
        let printed = check.reading.known.seen.get(c).is_some_and(|s| !s.places.is_empty());
        // a total that a sentence tells is as public as a printed one
        if printed || told(check, c) {
            cell.exposure = Exposure::Shown;
        }
    }
    system
}

/// Whether the text tells a figure that no table prints.
fn told(check: &Check, cell: CellId) -> bool {
    let places = check.reading.known.seen.get(cell).is_some_and(|s| s.places.is_empty());
    places
        && check.reading.bound.system.cells.get(cell).is_some_and(|c| !c.coords.is_empty())
        && check.reading.known.domain(cell).value().is_some()
}

/// What must be hidden: what the rules call unsafe, what leaks, and what is withheld already.
fn findings(check: &Check, system: &System) -> Vec<Finding> {
    let mut found: Vec<Finding> =
        unsafe_cells(&valued(&check.reading), check.options.policy).into_iter().map(|u| u.finding).collect();
    let band = band(check.options.policy);
    let known = &check.reading.known;
    let leaking: HashSet<CellId> = check.attacked.leaks.iter().map(|l| l.cell).collect();
    for c in 0..system.cells.len() {
        let withheld = known.is_withheld(c);
        if !(withheld || leaking.contains(&c)) {
            continue;
        }
        let small = band.filter(|b| (b.0.max(1)..=b.1).contains(&system.value(c)));
        let harm = small.map_or(Harm::FewPersons { values: 2 }, |(lo, hi)| Harm::Small { lo, hi });
        found.push(hidden(c, harm));
    }
    found
}

/// The finding of a figure that must be withheld.
fn hidden(cell: CellId, harm: Harm) -> Finding {
    Finding {
        cell,
        rule: "withheld",
        reason: String::new(),
        harm,
        policy_line: String::new(),
        severity: Severity::Unsafe,
    }
}

/// Whether a place shows a figure.
fn is_printed(check: &Check, placed: &Placed) -> bool {
    let content = super::super::knowledge::content(&check.reading.tables, placed);
    matches!(content, Some(Content::Number(_)))
}

/// Every place of these cells gets the sign, and so do the percentages and rates that tell something of them.
fn changes(check: &Check, cells: &[CellId], signs: &Signs) -> Vec<Change> {
    let sign = signs.wide.clone();
    let cells: HashSet<CellId> = cells.iter().copied().collect();
    let mut changes: Vec<Change> = Vec::new();
    let beside: Vec<_> = check.reading.tables.iter().map(|f| super::super::shares::beside(&f.parsed)).collect();
    let lines: Vec<_> = check.reading.tables.iter().map(|f| super::derived::lines(&f.parsed)).collect();
    for placed in check.reading.bound.placed.iter().filter(|p| cells.contains(&p.cell)) {
        let Some(figures) = check.reading.tables.get(placed.table) else { continue };
        let (Some(row), Some(col)) = (figures.parsed.rows.get(placed.row), figures.parsed.cols.get(placed.col)) else {
            continue;
        };
        let change = change_of(&mut changes, figures.parsed.block);
        if is_printed(check, placed) {
            let value = check.reading.known.seen.get(placed.cell).and_then(|s| s.printed);
            change.texts.insert((row.at, col.at), signs.for_value(value).to_owned());
        }
        let shares = beside.get(placed.table).and_then(|b| b.get(&(placed.row, placed.col)));
        let derived =
            lines.get(placed.table).map(|l| super::derived::telling(check, figures, l, (placed.row, placed.col)));
        for &(r, c) in shares.into_iter().flatten().chain(derived.iter().flatten()) {
            if let (Some(row), Some(col)) = (figures.parsed.rows.get(r), figures.parsed.cols.get(c)) {
                change.texts.insert((row.at, col.at), sign.clone());
            }
        }
    }
    for used in check.rates.iter().filter(|u| u.withholds() || u.cells().any(|c| cells.contains(&c))) {
        change_of(&mut changes, used.block).texts.insert(used.at, sign.clone());
    }
    super::sums::anew(check, &mut changes, &sign);
    changes.retain(|c| !c.texts.is_empty());
    changes
}
