//! Several breakdowns below each other without a total: "By sex" and "By age" may be of the same cases.

use crate::model::{CellId, Relation};

use super::super::figures::Figures;
use super::super::findings::Spot;
use super::super::lexicon::key;
use super::super::reading::Reading;
use super::super::sides::Axis;
use super::possible::Possible;

/// Every two such breakdowns.
pub(crate) fn find(reading: &Reading, spot: &dyn Fn(usize, (usize, usize)) -> Spot) -> Vec<Possible> {
    let mut found = Vec::new();
    for (t, figures) in reading.tables.iter().enumerate().filter(|(_, f)| f.is_main()) {
        for (a, axis) in figures.axes.iter().enumerate().filter(|(_, x)| x.total.is_none()) {
            let groups = groups(figures, axis);
            let Some(((first, own), others)) = groups.split_first() else { continue };
            for (name, other) in others {
                found.extend(pair(reading, (t, a), figures, (first, own), (name, other), spot));
            }
        }
    }
    found
}

/// The breakdowns of an axis, each with its heading.
fn groups(figures: &Figures, axis: &Axis) -> Vec<(String, Vec<usize>)> {
    let by = |text: &str| key(text).starts_with("by ");
    let heading = |e: usize| axis.entries.get(e).is_some_and(|e| !e.shown && !e.children.is_empty() && by(&e.label));
    let mut found: Vec<(String, Vec<usize>)> = Vec::new();
    if by(&figures.name) {
        let plain = |e: &usize| axis.entries.get(*e).is_some_and(|x| x.shown && !x.is_total_word());
        found.push((figures.name.clone(), axis.roots().into_iter().filter(plain).collect()));
    }
    for e in (0..axis.entries.len()).filter(|&e| heading(e)) {
        found.extend(axis.entries.get(e).map(|x| (x.label.clone(), x.children.clone())));
    }
    found.retain(|g| g.1.len() > 1);
    found
}

fn pair(
    reading: &Reading,
    (t, a): (usize, usize),
    figures: &Figures,
    (first, own): (&str, &[usize]),
    (name, other): (&str, &[usize]),
    spot: &dyn Fn(usize, (usize, usize)) -> Spot,
) -> Option<Possible> {
    let mut one = Possible {
        asks: format!("Are \"{first}\" and \"{name}\" breakdowns of the same cases ({})?", figures.name),
        said: format!(
            "{}: \"{first}\" and \"{name}\" may be of the same cases; nothing more follows if they are",
            figures.name
        ),
        ..Possible::default()
    };
    let lead = *own.first()?;
    for (row, col, at) in figures.cells().into_iter().filter(|c| c.2.get(a) == Some(&lead)) {
        let cell = |&e: &usize| -> Option<CellId> {
            let mut at = at.clone();
            *at.get_mut(a)? = e;
            reading.bound.cell(t, &at)
        };
        let (left, right): (Option<Vec<CellId>>, Option<Vec<CellId>>) =
            (own.iter().map(cell).collect(), other.iter().map(cell).collect());
        let (Some(left), Some(right)) = (left, right) else { continue };
        let sum =
            |cells: &[CellId]| cells.iter().try_fold(0i64, |s, &c| s.checked_add(reading.known.domain(c).value()?));
        // breakdowns of other cases add up to something else
        if sum(&left).zip(sum(&right)).is_some_and(|(x, y)| x != y) {
            return None;
        }
        let terms = left.into_iter().map(|c| (c, -1)).chain(right.into_iter().map(|c| (c, 1))).collect();
        one.relations.push(Relation { terms, constant: 0 });
        one.spots.push(spot(t, (row, col)));
    }
    one.spots.truncate(1);
    (!one.relations.is_empty()).then_some(one)
}
