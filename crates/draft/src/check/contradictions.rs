//! Drafts that contradict themselves, or hold signs that nobody declared: what, where, by how much, and what would mend
//! it.

use std::collections::HashMap;

use crate::attack::{Attack, Public};
use crate::model::{CellId, Interval};
use crate::solve::Solver;

use super::codes::{INCONSISTENT, NOT_ADDITIVE, OFF_BASE, UNKNOWN_MARKER};
use super::figures::Signs;
use super::findings::{Finding, Spot};
use super::infer::{Inferred, called, fits};
use super::knowledge::{Broken, sign};
use super::noise;
use super::reading::Reading;
use super::steps::Steps;

/// The most figures that are tried as mistaken.
const MOST_TRIED: usize = 60;
/// The most figures that are looked at in all trials together; each trial looks at all lines.
const MOST_WORK: usize = 2_000_000;
/// The most corrections that are told.
const TOLD: usize = 3;

/// Everything that keeps a draft from being judged.
pub(crate) fn contradictions(
    reading: &Reading,
    signs: &Signs,
    inferred: &[Inferred],
    spot: &dyn Fn(usize) -> Spot,
    solver: &dyn Solver,
) -> Vec<Finding> {
    let mut found = markers(reading, inferred, spot);
    if !found.is_empty() {
        return found;
    }
    found.extend(off_base(reading, signs, spot));
    found.extend(noise::without(reading, signs));
    found.extend(clashes(reading, spot));
    let broken = reading.known.broken();
    let mend = if broken.is_empty() { None } else { mend(reading, &broken, solver) };
    let rounded = if signs.replaces() || broken.is_empty() { None } else { rounded(reading, &broken) };
    let mend = rounded.or(mend);
    found.extend(broken.iter().filter_map(|b| not_additive(reading, b, mend.as_deref(), spot)));
    if found.is_empty() && !fits(reading, solver) {
        found.push(no_numbers(reading, spot, solver));
    }
    found
}

/// A finding for each sign that nobody declared, with all its places.
fn markers(reading: &Reading, inferred: &[Inferred], spot: &dyn Fn(usize) -> Spot) -> Vec<Finding> {
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for &number in &reading.known.undeclared {
        if let Some(placed) = reading.bound.placed.get(number) {
            places.entry(sign(&reading.tables, placed)).or_default().push(number);
        }
    }
    let of = |one: &Inferred| {
        let spots: Vec<Spot> = places.get(&one.sign).into_iter().flatten().map(|&p| spot(p)).collect();
        let times = if one.count == 1 { "stands once".to_owned() } else { format!("stands {} times", one.count) };
        let name = called(&one.sign);
        let option = |meaning: &str| format!("--marker '{}={meaning}'", one.sign);
        let help = match one.meaning {
            Some(crate::text::Meaning::Zero) => {
                format!("say so with {}, or take it with --accept-inferred", option("zero"))
            }
            Some(_) => format!("say so with {}, or take it with --accept-inferred", option("withheld")),
            None => format!(
                "say what it means: {}, {}, or a range such as {}",
                option("zero"),
                option("withheld"),
                option("1-4")
            ),
        };
        Finding {
            code: &UNKNOWN_MARKER,
            spots,
            reason: format!("{name} {times}, and nothing says what it means; {}", one.words),
            steps: Vec::new(),
            help: Some(help),
            policy: None,
        }
    };
    inferred.iter().map(of).filter(|f| !f.spots.is_empty()).collect()
}

fn off_base(reading: &Reading, signs: &Signs, spot: &dyn Fn(usize) -> Spot) -> Vec<Finding> {
    let why = match signs.base {
        Some(base) => format!("the figure is no multiple of {base}, the base to which the draft is rounded"),
        None if !signs.tables.is_empty() => {
            "the figure is no multiple of the base to which the layout says that its table is rounded".to_owned()
        }
        None => "the figure is none that the noise of the policy leaves".to_owned(),
    };
    let finding = |&number: &usize| Finding {
        code: &OFF_BASE,
        spots: vec![spot(number)],
        reason: why.clone(),
        steps: Vec::new(),
        help: None,
        policy: None,
    };
    reading.known.off_base.iter().map(finding).collect()
}

fn clashes(reading: &Reading, spot: &dyn Fn(usize) -> Spot) -> Vec<Finding> {
    let names = reading.names();
    let says = |number: usize| {
        let placed = reading.bound.placed.get(number)?;
        let text = &reading.tables.get(placed.table)?.parsed.cell(placed.row, placed.col)?.text;
        Some(format!("{} has {text} ({})", names.table(placed.table), names.place(placed)))
    };
    let finding = |&(_, first, second): &(CellId, usize, usize)| {
        Some(Finding {
            code: &INCONSISTENT,
            spots: vec![spot(second), spot(first)],
            reason: format!("{}, but {}: it is the same figure", says(second)?, says(first)?),
            steps: Vec::new(),
            help: Some(
                "if the tables count different cases, say so in a layout (--save-layout, then `cases` or `part-of`)"
                    .to_owned(),
            ),
            policy: None,
        })
    };
    reading.known.clashes.iter().filter_map(finding).collect()
}

fn not_additive(
    reading: &Reading,
    broken: &Broken,
    mend: Option<&str>,
    spot: &dyn Fn(usize) -> Spot,
) -> Option<Finding> {
    let relation = reading.known.public.relations.get(broken.relation)?;
    let names = reading.names();
    let line = names.line(relation);
    let (table, place) = (line.table, line.place.clone());
    let total = reading.known.domain(broken.total);
    let cell = names.on(broken.total, &line);
    let (lo, hi) = (broken.parts.lo, broken.parts.hi);
    let sum = match (lo, hi) {
        (Some(l), Some(h)) if l == h => format!("the parts add up to {l}"),
        (Some(l), _) if total.hi.is_some_and(|t| t < l) => format!("the parts add up to at least {l}"),
        (_, Some(h)) => format!("the parts add up to at most {h}"),
        (Some(l), None) => format!("the parts add up to at least {l}"),
        (None, None) => return None,
    };
    let off = match (lo, hi, total.lo, total.hi) {
        (Some(l), _, _, Some(t)) if l > t => format!("{} more than the {t} of", l - t),
        (_, Some(h), Some(t), _) if h < t => format!("{} less than the {t} of", t - h),
        _ => "which is not".to_owned(),
    };
    let first = |c: CellId| reading.bound.places_of(c).first().copied();
    let places = reading.bound.places_of(broken.total);
    let own = names.placed(broken.total, table).map(|p| p.table);
    let at = places.iter().copied().find(|&n| reading.bound.placed.get(n).map(|p| p.table) == own);
    let parts = super::knowledge::parts_of(relation).filter_map(first);
    let spots: Vec<Spot> = at.into_iter().chain(parts.take(1)).take(1).map(spot).collect();
    let place = if place.is_empty() { String::new() } else { format!("{place}: ") };
    Some(Finding {
        code: &NOT_ADDITIVE,
        spots,
        reason: format!("{place}{sum}, {off} {cell}"),
        steps: Vec::new(),
        help: help(mend, hi.zip(total.lo).is_some_and(|(h, t)| h < t), &cell),
        policy: None,
    })
}

/// What to do: a correction, and what to say where the parts are not all there is.
fn help(mend: Option<&str>, less: bool, total: &str) -> Option<String> {
    let apart = format!(
        "if some cases are in none of the parts, say that {total} is not their sum: --save-layout, then `total = \"\"`"
    );
    match (mend, less) {
        (Some(mend), true) => Some(format!("{mend}; {apart}")),
        (None, true) => Some(apart),
        (mend, false) => mend.map(str::to_owned),
    }
}

/// Bases to which counts are rounded, the largest first.
const BASES: [i64; 7] = [1000, 100, 50, 20, 10, 5, 3];

/// Figures that are all multiples of a base, so that parts and totals that miss each other by a little are rounded rather than
/// mistaken: of all tables, or of the lines that do not add up.
fn rounded(reading: &Reading, broken: &[Broken]) -> Option<String> {
    let known = &reading.known;
    let all: Vec<i64> = known.seen.iter().filter_map(|s| s.printed).collect();
    let relation = |b: &Broken| known.public.relations.get(b.relation);
    let place = |c: CellId| reading.bound.places_of(c).first().and_then(|&n| reading.bound.placed.get(n));
    let (base, of) = match base_of(&all) {
        Some(base) => (base, String::new()),
        None => {
            let total = place(broken.first()?.total)?;
            let one =
                broken.iter().all(|b| place(b.total).is_some_and(|p| (p.table, p.col) == (total.table, total.col)));
            let column = reading.bound.placed.iter().filter(|p| (p.table, p.col) == (total.table, total.col));
            let values: Vec<i64> = column.filter_map(|p| known.seen.get(p.cell)?.printed).collect();
            let base = base_of(&values).filter(|_| one)?;
            (base, format!(" of the column \"{}\"", reading.names().column(total)))
        }
    };
    // each figure is off by half of the base at most
    let near = |b: &Broken| {
        let terms = relation(b).map_or(0, |r| r.terms.len());
        let slack = base.saturating_mul(i64::try_from(terms).unwrap_or(i64::MAX)) / 2;
        let total = known.domain(b.total);
        let over = b.parts.lo.zip(total.hi).map_or(0, |(l, t)| l.saturating_sub(t));
        let under = total.lo.zip(b.parts.hi).map_or(0, |(t, h)| t.saturating_sub(h));
        over.max(under) <= slack
    };
    broken.iter().all(near).then(|| {
        format!(
            "every count{of} is a multiple of {base}: if they are rounded, say `rounded-to = {base}` in a layout, or write below the \
             table that the figures are rounded to the nearest {base}"
        )
    })
}

/// The largest base that all of some counts are multiples of, if they are enough that it is no chance.
fn base_of(values: &[i64]) -> Option<i64> {
    let mut different: Vec<i64> = values.iter().copied().filter(|v| *v > 0).collect();
    let count = different.len();
    different.sort_unstable();
    different.dedup();
    let enough = count >= 5 && different.len() >= 3;
    BASES.into_iter().find(|b| enough && different.iter().all(|v| v % b == 0))
}

/// Figures that no whole numbers fit, although each line by itself could hold.
fn no_numbers(reading: &Reading, spot: &dyn Fn(usize) -> Spot, solver: &dyn Solver) -> Finding {
    let relations: Vec<Broken> = (0..reading.known.public.relations.len())
        .filter_map(|relation| {
            let total = reading.known.public.relations.get(relation)?.terms.first()?.0;
            Some(Broken { relation, total, parts: Interval::ALL })
        })
        .collect();
    let name = |_: CellId| String::new();
    let at = Attack::new(solver, &name).some_table(&reading.known.public).err().and_then(|c| relations.get(c.relation));
    let cell = at.map(|b| b.total);
    let names = reading.names();
    let place = cell.and_then(|c| reading.bound.places_of(c).first().copied());
    Finding {
        code: &INCONSISTENT,
        spots: place.into_iter().map(spot).collect(),
        reason: match cell {
            Some(cell) => format!(
                "no whole numbers fit everything that is printed: {} does not go together with the rest",
                names.cell(cell)
            ),
            None => "no whole numbers fit everything that is printed".to_owned(),
        },
        steps: Vec::new(),
        help: mend(reading, &relations, solver),
        policy: None,
    }
}

/// The smallest set of figures whose correction would make everything add up: one, or two.
fn mend(reading: &Reading, broken: &[Broken], solver: &dyn Solver) -> Option<String> {
    let known = &reading.known;
    let printed =
        |c: &CellId| known.seen.get(*c).is_some_and(|s| !s.places.is_empty()) && known.domain(*c).value().is_some();
    let of = |b: &Broken| -> Vec<CellId> {
        let terms = known.public.relations.get(b.relation).map(|r| r.terms.clone()).unwrap_or_default();
        terms.into_iter().map(|t| t.0).filter(printed).collect()
    };
    let lists: Vec<Vec<CellId>> = broken.iter().map(of).collect();
    let mut all: Vec<CellId> = lists.iter().flatten().copied().collect();
    all.sort_unstable();
    all.dedup();
    all.truncate(MOST_TRIED);
    // a cell in all lines that do not hold comes first
    let mut counts: HashMap<CellId, usize> = HashMap::new();
    lists.iter().flatten().for_each(|&c| *counts.entry(c).or_default() += 1);
    let hits = |c: CellId| counts.get(&c).copied().unwrap_or(0);
    all.sort_by_key(|&c| (std::cmp::Reverse(hits(c)), c));
    let figures: usize = known.public.relations.iter().map(|r| r.terms.len()).sum();
    let mut left = (MOST_WORK / figures.max(1)).max(TOLD);
    let mut corrected = |cells: &[CellId]| {
        left = left.checked_sub(1).filter(|_| !solver.stopped())?;
        corrected(reading, cells, solver)
    };
    let single: Vec<String> = all.iter().filter_map(|&c| corrected(&[c])).take(TOLD).collect();
    if !single.is_empty() {
        return Some(format!("one correction would do: {}", single.join(", or ")));
    }
    let mut pairs = Vec::new();
    for (i, &a) in all.iter().enumerate().take(20) {
        for &b in all.iter().skip(i + 1).take(20) {
            if pairs.len() < TOLD && hits(a) + hits(b) >= lists.len().min(broken.len()) {
                pairs.extend(corrected(&[a, b]));
            }
        }
    }
    (!pairs.is_empty()).then(|| format!("no single correction is enough; two would do: {}", pairs.join(", or ")))
}

/// What these figures would have to be, if correcting them makes everything fit.
fn corrected(reading: &Reading, cells: &[CellId], solver: &dyn Solver) -> Option<String> {
    let mut public: Public = reading.known.public.clone();
    for &c in cells {
        *public.domain.get_mut(c)? = Interval::at_least(0);
    }
    let names = reading.names();
    let steps = Steps::new(&public, &names);
    let name = |_: CellId| String::new();
    let fits = !steps.contradiction && Attack::new(solver, &name).some_table(&public).is_ok_and(|t| t.is_some());
    let words = |&c: &CellId| {
        let was = reading.known.domain(c).value().unwrap_or(0);
        let now = match steps.left(c) {
            i if i.value().is_some() => i.value().unwrap_or(0).to_string(),
            i => format!("a number of {i}"),
        };
        format!("{} {now} instead of {was}", names.cell(c))
    };
    fits.then(|| cells.iter().map(words).collect::<Vec<_>>().join(" and "))
}
