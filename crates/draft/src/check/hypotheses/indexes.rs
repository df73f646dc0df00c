//! Rows of index numbers below the counts that they are of: "Index, 2018 = 100" tells each count by that of the first year.

use crate::model::Interval;

use super::super::findings::Spot;
use super::super::lexicon::{Content, Number, is_year};
use super::super::reading::Reading;
use super::super::table::Kind;
use super::apply::Taken;
use super::changes::{earlier, is_index, later};

/// Takes index numbers that run across the counts of one line into what is known.
pub(crate) fn take(reading: &mut Reading, t: usize, spot: &dyn Fn(usize, (usize, usize)) -> Spot, taken: &mut Taken) {
    for rows in [false, true] {
        let Some(figures) = reading.tables.get(t) else { return };
        let (name, parsed) = (figures.name.clone(), figures.parsed.clone());
        let (heads, crossing) = if rows { (&parsed.rows, &parsed.cols) } else { (&parsed.cols, &parsed.rows) };
        let label = |l: usize| heads.get(l).map(|h| h.path.join(" / ")).unwrap_or_default();
        let at = |l: usize, a: usize| if rows { (l, a) } else { (a, l) };
        for line in (0..heads.len()).filter(|&l| is_index(&label(l))) {
            if parsed.changes.iter().any(|c| c.rows == rows && c.line == line && c.from.is_some()) {
                continue;
            }
            let own = label(line);
            let year = own.split(|c: char| !c.is_alphanumeric()).find(|w| is_year(w)).map(str::to_owned);
            let based = |a: &usize| {
                let words = crossing.get(*a).map(|h| h.path.join(" ")).unwrap_or_default();
                year.as_ref().is_some_and(|y| words.split(' ').any(|w| w.trim_matches(',') == y))
            };
            let Some(base) = (0..crossing.len()).find(based) else { continue };
            let counted = |l: &usize| heads.get(*l).is_some_and(|h| h.kind == Kind::Count) && !is_index(&label(*l));
            let Some(of) = (0..line).rev().find(counted).or_else(|| (line + 1..heads.len()).find(counted)) else {
                continue;
            };
            let first = reading.cell_of(t, at(of, base).0, at(of, base).1);
            let places: Vec<_> = (0..crossing.len())
                .filter(|&a| a != base)
                .filter_map(|a| {
                    let (row, col) = at(line, a);
                    let Content::Number(n) = parsed.cell(row, col)?.lexed.content else { return None };
                    let less = 100i64.checked_mul(10i64.checked_pow(n.decimals.min(9))?)?;
                    let change = Number { units: n.units.checked_sub(less)?, percent: true, ..n };
                    let (x, y) = at(of, a);
                    Some((change, (row, col), reading.cell_of(t, x, y)?))
                })
                .collect();
            let Some(first) = first else { continue };
            let start = reading.known.domain(first);
            let fits = |(change, _, cell): &(Number, (usize, usize), usize)| {
                !later(*change, start).meet(reading.known.domain(*cell)).is_empty()
            };
            if places.is_empty() || !places.iter().all(fits) {
                continue;
            }
            taken.assumptions.push(format!("{name}: \"{own}\" is an index of \"{}\"", label(of)));
            for (change, place, cell) in places {
                let here = spot(t, place);
                let word = if rows { here.column } else { here.row };
                let (was, now) = (reading.known.domain(first), reading.known.domain(cell));
                for (of, before, possible) in [(cell, now, later(change, was)), (first, was, earlier(change, now))] {
                    let left: Interval = before.meet(possible);
                    if left != before && !left.is_empty() {
                        reading.known.narrow(of, possible);
                        taken.steps.entry(of).or_insert_with(|| format!("{name}, {word}: \"{own}\" leaves {left}"));
                    }
                }
            }
        }
    }
}
