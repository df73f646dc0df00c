//! Confirmed relations beside totals and parts, taken into what is known.

use std::collections::HashMap;

use crate::model::{Cell, CellId, Exposure, Interval, Relation};

use super::super::codes::INCONSISTENT;
use super::super::figures::{Figures, Signs};
use super::super::findings::{Finding, Spot};
use super::super::knowledge::Seen;
use super::super::lexicon::Number;
use super::super::reading::Reading;
use super::super::shares::Share;
use super::changes::{Change, backward, change_at, forward};
use super::possible::Possible;
use super::{averages, cumulative, indexes, numerators, percent, running};

/// What came of the confirmed relations.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    /// In words.
    pub assumptions: Vec<String>,
    /// Places that contradict them.
    pub findings: Vec<Finding>,
    /// How one narrowed a cell.
    pub steps: HashMap<CellId, String>,
    /// What is only possible.
    pub possible: Vec<Possible>,
    /// Percentages of withheld counts from which nothing was worked out: table, and row and column.
    pub unread: Vec<(usize, (usize, usize))>,
}

/// Where a figure of a table stands.
type Spotter<'a> = &'a dyn Fn(usize, (usize, usize)) -> Spot;

/// Takes the relations that words or arithmetic confirm into what is known.
/// `percentages` are those of which no printed total is the base.
pub(crate) fn take(reading: &mut Reading, signs: &Signs, percentages: &[(usize, Vec<Share>)], spot: Spotter) -> Taken {
    let mut taken = Taken::default();
    for (t, shares) in percentages {
        let name = reading.tables.get(*t).map(|f| f.name.clone()).unwrap_or_default();
        if signs.replaces() || !percent::take(reading, *t, shares, spot, &mut taken) {
            taken.assumptions.push(format!(
                "{name}: nothing tells of what its percentages are a part; nothing was worked out from them"
            ));
        }
    }
    for t in 0..reading.tables.len() {
        let Some(figures) = reading.tables.get(t).filter(|f| f.is_main()) else { continue };
        for change in figures.parsed.changes.clone() {
            of_change(reading, t, &change, signs, spot, &mut taken);
        }
        taken.assumptions.extend(running::take(reading, t));
        if !signs.replaces() {
            cumulative::take(reading, t, spot, &mut taken);
            averages::take(reading, t, spot, &mut taken);
            numerators::take(reading, t, spot, &mut taken);
            indexes::take(reading, t, spot, &mut taken);
        }
    }
    taken
}

impl Reading {
    /// A figure that no table prints, under a name; it is judged if the draft gives it away.
    pub(crate) fn unprinted(&mut self, name: String, beside: CellId, domain: Interval) -> CellId {
        let measure = self.bound.system.cells.get(beside).map_or(0, |c| c.measure);
        let id = self.bound.system.cells.len();
        self.bound.system.cells.push(Cell {
            measure,
            coords: Box::default(),
            value: 0,
            persons: None,
            contributions: None,
            exposure: Exposure::Implied,
            places: Vec::new(),
        });
        self.bound.system.names.insert(id, name);
        self.known.public.domain.push(domain);
        self.known.seen.push(Seen::default());
        id
    }

    /// Adds a relation to the system and to what is known.
    pub(crate) fn relate(&mut self, relation: Relation) {
        self.bound.system.relations.push(relation.clone());
        self.known.public.relations.push(relation);
    }
}

/// A change with the cells that it is about, in one place.
struct Place {
    number: Number,
    at: (usize, usize),
    from: Option<CellId>,
    to: CellId,
}

fn places(reading: &Reading, t: usize, figures: &Figures, change: &Change) -> Vec<Place> {
    let across = if change.rows { figures.parsed.cols.len() } else { figures.parsed.rows.len() };
    let cell = |line: usize, a: usize| {
        let (row, col) = if change.rows { (line, a) } else { (a, line) };
        reading.cell_of(t, row, col)
    };
    let place = |a: usize| {
        let (number, at) = change_at(&figures.parsed, change, a)?;
        let from = match change.from {
            Some(line) => Some(cell(line, a)?),
            None => None,
        };
        Some(Place { number, at, from, to: cell(change.to, a)? })
    };
    (0..across).filter_map(place).collect()
}

fn of_change(reading: &mut Reading, t: usize, change: &Change, signs: &Signs, spot: Spotter, taken: &mut Taken) {
    let Some(figures) = reading.tables.get(t) else { return };
    let heads = if change.rows { &figures.parsed.rows } else { &figures.parsed.cols };
    let label = |line: usize| heads.get(line).map(|h| h.path.join(" / ")).unwrap_or_default();
    let (own, to) = (label(change.line), label(change.to));
    let before = change.from.map(label);
    let name = figures.name.clone();
    let unit = if change.index {
        ", as an index of which the first is 100"
    } else if change.percent {
        " in per cent of the first"
    } else {
        ""
    };
    taken.assumptions.push(match (&before, change.fits) {
        (Some(from), 0) => {
            format!("{name}: \"{own}\" is the change from \"{from}\" to \"{to}\"{unit}, by its heading: it counts no persons")
        }
        (Some(from), n) => format!(
            "{name}: \"{own}\" is the change from \"{from}\" to \"{to}\"{unit} (it fits in {n} of {} places): it counts no persons",
            n + change.wrong
        ),
        (None, _) => format!(
            "{name}: \"{own}\" is the change from a figure that is not printed to \"{to}\"{unit}: it counts no persons"
        ),
    });
    for place in places(reading, t, figures, change) {
        let here = spot(t, place.at);
        let line = if change.rows { here.column.clone() } else { here.row.clone() };
        let from = match place.from {
            Some(from) => from,
            None => {
                let words = format!("{line}, what \"{own}\" is a change from ({name}, not printed)");
                reading.unprinted(words, place.to, Interval::at_least(0))
            }
        };
        let words = |possible: Interval, of: &str| {
            format!("{name}, {line}: {of} follows from \"{own}\" {}: {possible}", shown(place.number))
        };
        let narrowed = one(reading, &place, from, signs);
        match narrowed {
            Ok(steps) => {
                for (cell, possible, later) in steps {
                    let of = if later {
                        format!("\"{to}\"")
                    } else {
                        before.clone().map_or(own.clone(), |f| format!("\"{f}\""))
                    };
                    taken.steps.entry(cell).or_insert_with(|| words(possible, &of));
                }
            }
            Err(()) => taken.findings.push(Finding {
                spots: vec![here],
                help: Some("correct one of them; if the figures are no change, say so in the heading".to_owned()),
                ..Finding::plain(
                    &INCONSISTENT,
                    format!("\"{own}\" {} does not belong to the figures beside it: {line}", shown(place.number)),
                )
            }),
        }
    }
}

fn shown(number: Number) -> String {
    let sign = if number.units > 0 { "+" } else { "" };
    let percent = if number.percent { "%" } else { "" };
    format!("{sign}{}{percent}", crate::model::scaled(number.units, number.decimals))
}

/// Takes one change: a relation where it is in figures, bounds where it is in per cent. What was narrowed, and whether it
/// is the later figure; `Err` where it contradicts what is printed.
fn one(reading: &mut Reading, place: &Place, from: CellId, signs: &Signs) -> Result<Vec<(CellId, Interval, bool)>, ()> {
    let (was, now) = (reading.known.domain(from), reading.known.domain(place.to));
    if forward(place.number, was).meet(now).is_empty() || backward(place.number, now).meet(was).is_empty() {
        // rounded figures may differ by other than the rounded difference
        return if signs.replaces() { Ok(Vec::new()) } else { Err(()) };
    }
    if signs.replaces() && signs.base.is_none_or(|b| place.number.units % b.max(1) == 0) {
        return Ok(Vec::new());
    }
    if !place.number.percent {
        // to = from + change
        reading.relate(Relation { terms: vec![(place.to, -1), (from, 1)], constant: -place.number.units });
        return Ok(Vec::new());
    }
    let mut narrowed = Vec::new();
    for (cell, before, possible, later) in
        [(place.to, now, forward(place.number, was), true), (from, was, backward(place.number, now), false)]
    {
        let left = before.meet(possible);
        if left != before {
            reading.known.narrow(cell, possible);
            narrowed.push((cell, left, later));
        }
    }
    Ok(narrowed)
}
