//! Running totals: "Cumulative", "to date", "running total". Each figure is the one before it and what was added since, so
//! that differences of consecutive figures are counts of persons, which are judged.

use crate::model::{CellId, Interval, Relation};

use super::super::figures::Figures;
use super::super::lexicon::{Content, key};
use super::super::reading::Reading;
use super::super::table::{Kind, Parsed};
use super::super::words::total_word;

/// Lines of running totals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Running {
    /// The lines are rows, and run across the columns.
    pub rows: bool,
    /// The line.
    pub line: usize,
    /// The line of what was added each time, where it is printed.
    pub of: Option<usize>,
}

/// Words of running totals.
const WORDS: &[&str] = &[
    "cumulative",
    "cumulatively",
    "running total",
    "running count",
    "running sum",
    "running figures",
    "running figure",
    "cum",
    "cum.",
    "cumul.",
    "rolling total",
    "year to date",
    "year-to-date",
    "ytd",
    "to date",
    "accumulated",
    "so far",
    "since 1 april",
    "since april",
    "since january",
    "since 1 january",
    "since the start",
];

/// Whether a text says that figures are running totals.
pub(crate) fn says(text: &str) -> bool {
    let key = key(text);
    WORDS.iter().any(|w| {
        key.match_indices(w).any(|(at, _)| {
            let before = key.get(..at).and_then(|t| t.chars().next_back());
            let after = key.get(at + w.len()..).and_then(|t| t.chars().next());
            !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
        })
    })
}

fn count(parsed: &Parsed, row: usize, col: usize) -> Option<i64> {
    match parsed.cell(row, col)?.lexed.content {
        Content::Number(n) => n.count(),
        _ => None,
    }
}

/// Finds the running totals of a table by the headings of its lines, or of all of it by its name.
pub(crate) fn mark(parsed: &mut Parsed, names: &[&str]) {
    let mut found: Vec<Running> = Vec::new();
    for rows in [false, true] {
        let heads = if rows { &parsed.rows } else { &parsed.cols };
        let lines: Vec<usize> = (0..heads.len())
            .filter(|&l| heads.get(l).is_some_and(|h| h.kind == Kind::Count && h.path.iter().any(|t| says(t))))
            .collect();
        for line in lines {
            found.push(Running { rows, line, of: added(parsed, rows, line) });
        }
    }
    let stub = parsed.corner.iter().any(|c| says(c));
    if found.is_empty() && (names.iter().any(|n| says(n)) || stub || parsed.spanner.as_deref().is_some_and(says)) {
        let rows = along_columns(parsed);
        let heads = if rows { &parsed.rows } else { &parsed.cols };
        let lines = (0..heads.len()).filter(|&l| heads.get(l).is_some_and(|h| h.kind == Kind::Count));
        found.extend(lines.map(|line| Running { rows, line, of: None }));
    }
    let all = |rows: bool| {
        let heads = if rows { &parsed.rows } else { &parsed.cols };
        (0..heads.len()).filter(|&l| heads.get(l).is_some_and(|h| h.kind == Kind::Count)).count()
    };
    // beside counts they are a measure of their own: no total of a column adds them up
    let apart: Vec<Running> =
        found.iter().filter(|r| found.iter().filter(|o| o.rows == r.rows).count() < all(r.rows)).cloned().collect();
    for running in &apart {
        let heads = if running.rows { &mut parsed.rows } else { &mut parsed.cols };
        if let Some(head) = heads.get_mut(running.line) {
            head.kind = Kind::Base;
        }
    }
    parsed.running = found;
}

/// Whether the figures of a table run across its columns: they fall nowhere there, and do so down its rows.
fn along_columns(parsed: &Parsed) -> bool {
    let falls = |rows: bool| {
        let (lines, across) =
            if rows { (parsed.rows.len(), parsed.cols.len()) } else { (parsed.cols.len(), parsed.rows.len()) };
        let value = |l: usize, a: usize| if rows { count(parsed, l, a) } else { count(parsed, a, l) };
        (0..lines)
            .flat_map(|l| (1..across).map(move |a| (l, a)))
            .filter(|&(l, a)| value(l, a - 1).zip(value(l, a)).is_some_and(|(x, y)| x > y))
            .count()
    };
    falls(true) < falls(false)
}

/// The line of what was added: each running total is the one before and it.
fn added(parsed: &Parsed, rows: bool, line: usize) -> Option<usize> {
    let (lines, across) =
        if rows { (parsed.rows.len(), parsed.cols.len()) } else { (parsed.cols.len(), parsed.rows.len()) };
    let value = |l: usize, a: usize| if rows { count(parsed, l, a) } else { count(parsed, a, l) };
    let near = line.saturating_sub(8)..(line + 9).min(lines);
    let heads = if rows { &parsed.rows } else { &parsed.cols };
    let label = |l: usize| heads.get(l).map(|h| key(&h.path.join(" "))).unwrap_or_default();
    // "Cumulative number" beside "Number": the words say it, and nothing may speak against it
    let named = |l: usize| {
        let own = label(l);
        let rest = WORDS.iter().fold(label(line), |t, w| t.replace(w, " "));
        let rest = rest.split_whitespace().collect::<Vec<_>>().join(" ");
        let plain = ["number", "count", "cases", "n", "new", "no."].contains(&own.as_str());
        heads.get(l).is_some_and(|h| h.kind == Kind::Count) && !says(&own) && (rest == own || plain)
    };
    near.filter(|&l| l != line).find(|&l| {
        let steps: Vec<bool> =
            (1..across).filter_map(|a| Some(value(line, a)? - value(line, a - 1)? == value(l, a)?)).collect();
        let back: Vec<bool> =
            (1..across).filter_map(|a| Some(value(line, a - 1)? - value(line, a)? == value(l, a - 1)?)).collect();
        let least = if named(l) { 1 } else { 2 };
        [steps, back].iter().any(|s| s.iter().filter(|f| **f).count() >= least && s.iter().all(|f| *f))
    })
}

/// Takes the running totals of a table into the system; what was assumed, in words.
pub(crate) fn take(reading: &mut Reading, t: usize) -> Vec<String> {
    let Some(figures) = reading.tables.get(t) else { return Vec::new() };
    let (name, all) = (figures.name.clone(), figures.parsed.running.clone());
    let mut said: Vec<String> = Vec::new();
    for running in &all {
        let Some(figures) = reading.tables.get(t) else { break };
        let steps = steps(reading, t, figures, running);
        let heads = if running.rows { &figures.parsed.rows } else { &figures.parsed.cols };
        let label = heads.get(running.line).map(|h| h.path.join(" / ")).unwrap_or_default();
        if steps.is_empty() {
            continue;
        }
        said.push(format!("{name}: \"{label}\" is a running total: what it rises by is a count, and judged"));
        // the first is the first that was added, unless it began before
        if let (Some(first), Some(added)) = (steps.first().map(|s| s.earlier), first_added(reading, t, running, &steps))
        {
            let (a, b) = (reading.known.domain(first), reading.known.domain(added));
            if first != added && !a.meet(b).is_empty() && a.value().zip(b.value()).is_none() {
                reading.relate(Relation::total(first, [added]));
            }
        }
        for step in steps {
            let Some(last) = reading.known.public.domain.get(step.later).copied() else { continue };
            let rise = match step.added {
                Some(added) => added,
                None => {
                    let words = format!("{} alone (the rise of \"{label}\", {name})", step.words);
                    reading.unprinted(words, step.later, Interval { lo: Some(0), hi: last.hi })
                }
            };
            reading.relate(Relation::total(step.later, [step.earlier, rise]));
        }
    }
    said
}

/// What was added in the line of the first running total.
fn first_added(reading: &Reading, t: usize, running: &Running, steps: &[Step]) -> Option<CellId> {
    let (of, at) = (running.of?, steps.first()?.first);
    let (row, col) = if running.rows { (of, at) } else { (at, of) };
    reading.cell_of(t, row, col)
}

/// Two consecutive figures.
struct Step {
    earlier: CellId,
    later: CellId,
    added: Option<CellId>,
    words: String,
    /// The line across of the earlier one.
    first: usize,
}

fn steps(reading: &Reading, t: usize, figures: &Figures, running: &Running) -> Vec<Step> {
    let parsed = &figures.parsed;
    let crossing = if running.rows { &parsed.cols } else { &parsed.rows };
    let at = |line: usize, a: usize| if running.rows { (line, a) } else { (a, line) };
    let cell = |line: usize, a: usize| reading.cell_of(t, at(line, a).0, at(line, a).1);
    let plain = |a: &usize| {
        let head = crossing.get(*a);
        head.is_some_and(|h| h.kind == Kind::Count && h.path.iter().all(|l| total_word(&key(l)).is_none()))
    };
    let order: Vec<usize> = (0..crossing.len()).filter(plain).collect();
    // the newest may stand first
    let value = |a: usize| cell(running.line, a).and_then(|c| reading.known.domain(c).value());
    let (mut up, mut down) = (0, 0);
    for pair in order.windows(2) {
        if let [a, b] = pair
            && let (Some(x), Some(y)) = (value(*a), value(*b))
        {
            up += usize::from(y > x);
            down += usize::from(y < x);
        }
    }
    let newest_first = down > up;
    let mut found = Vec::new();
    for pair in order.windows(2) {
        let [a, b] = pair else { continue };
        let (earlier, later) = if newest_first { (*b, *a) } else { (*a, *b) };
        let group = |x: usize| crossing.get(x).map(|h| h.path.split_last().map(|p| p.1.to_vec()).unwrap_or_default());
        let fell = value(earlier).zip(value(later)).is_some_and(|(x, y)| y < x);
        // a new year begins anew
        if fell || group(earlier) != group(later) {
            continue;
        }
        let (Some(first), Some(second)) = (cell(running.line, earlier), cell(running.line, later)) else { continue };
        if first == second {
            continue;
        }
        let words = crossing.get(later).map(|h| h.path.join(" / ")).unwrap_or_default();
        let added = running.of.and_then(|of| cell(of, later)).filter(|c| *c != first && *c != second);
        found.push(Step { earlier: first, later: second, added, words, first: earlier });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Headings of running totals.
    #[test]
    fn headings() {
        for text in ["Cumulative cases", "Cases to date", "YTD", "Running total", "Year-to-date deaths"] {
            assert!(says(text), "{text}");
        }
        for text in ["Date", "Up to date of birth", "Total", "Accumulator theft"] {
            assert_eq!(says(text), text.contains("to date"), "{text}");
        }
    }
}
