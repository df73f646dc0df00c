//! Rates beside what they are over, whose counts no table prints: "Cases per 100,000" beside "Population".

use crate::model::Interval;

use super::super::findings::Spot;
use super::super::measures::{Lines, number};
use super::super::ratio::{Span, divided, is_base, said};
use super::super::reading::Reading;
use super::super::table::Kind;
use super::apply::Taken;

/// A coincidence of more than this is none that confirms.
const CHANCE: f64 = 0.01;

/// Takes the rates of a table whose counts follow from the only line that they can be over into what is known.
pub(crate) fn take(reading: &mut Reading, t: usize, spot: &dyn Fn(usize, (usize, usize)) -> Spot, taken: &mut Taken) {
    for rows in [false, true] {
        let Some(figures) = reading.tables.get(t) else { return };
        let (name, parsed) = (figures.name.clone(), figures.parsed.clone());
        let lines = Lines::new(&parsed, rows);
        let heads = if rows { &parsed.rows } else { &parsed.cols };
        for line in (0..heads.len()).filter(|&l| heads.get(l).is_some_and(|h| h.kind == Kind::Other)) {
            let label = lines.label(line);
            let settled = parsed.ratios.iter().any(|r| r.rows == rows && r.line == line);
            let Some(said) = said(&label).filter(|s| !s.mean && !settled) else { continue };
            let Some(per) = said.per.filter(|p| *p > 1) else { continue };
            let counts: Vec<usize> =
                (0..heads.len()).filter(|&l| heads.get(l).is_some_and(|h| h.kind == Kind::Count)).collect();
            // what a rate is of is no number that it is over
            let over = |l: &&usize| said.names("", &lines.label(**l)) || is_base(&lines.label(**l));
            let named: Vec<usize> = counts.iter().filter(over).copied().collect();
            let (of, sure) = match (&named[..], &counts[..]) {
                ([only], _) => (*only, true),
                ([], [only]) if said.base.is_empty() && !said.about.is_empty() => {
                    let own = lines.label(*only).to_lowercase();
                    if said.about.iter().any(|w| own.contains(w.as_str())) {
                        continue;
                    }
                    (*only, false)
                }
                _ => continue,
            };
            let mut found: Vec<((usize, usize), usize, Interval)> = Vec::new();
            let (mut chance, mut fits) = (1.0, true);
            for across in 0..lines.across() {
                let at = lines.at(line, across);
                let Some(rate) = lines.cell(line, across).and_then(number) else { continue };
                let (row, col) = lines.at(of, across);
                let Some(cell) = reading.cell_of(t, row, col) else { continue };
                let Some(whole) = reading.known.domain(cell).value().filter(|v| *v > 0) else { continue };
                let possible = divided(rate, per, Span::exactly(whole)).whole().meet(Interval::new(0, whole));
                fits &= !possible.is_empty();
                let steps = per as f64 * 10f64.powi(rate.decimals as i32) + 1.0;
                chance *= ((whole + 1) as f64 / steps).min(1.0);
                found.push((at, cell, possible));
            }
            if found.is_empty() || !fits || !sure && chance > CHANCE {
                continue;
            }
            taken.assumptions.push(format!(
                "{name}: \"{label}\" is over \"{}\": the counts that it gives away are judged",
                lines.label(of)
            ));
            for (at, cell, possible) in found {
                let here = spot(t, at);
                let place = if rows { here.column } else { here.row };
                let part = reading.unprinted(format!("{place}, \"{label}\" as a count ({name})"), cell, possible);
                taken.steps.insert(part, format!("{name}, {place}: \"{label}\" leaves {possible}"));
            }
        }
    }
}
