//! The words of a step.

use crate::model::{CellId, Interval};

use super::super::names::{Along, Line};
use super::{Form, Step, Steps};

/// Printed figures that are told one by one; more are added up.
const ONE_BY_ONE: usize = 6;

impl Steps<'_> {
    /// What a sum of lines says of a cell of which `left` is left.
    pub(super) fn step(&self, cell: CellId, form: &Form, known: &[Interval], left: Interval) -> Step {
        let line = match form.lines[..] {
            [only] => self.public.relations.get(only).map(|r| self.names.line(r)).unwrap_or_default(),
            _ => Line { table: self.names.placed(cell, None).map(|p| p.table), ..Line::default() },
        };
        let name = |c: CellId| self.names.on(c, &line);
        let place = if line.place.is_empty() { String::new() } else { format!("{}: ", line.place) };
        let others: Vec<(CellId, i64)> = form.open.iter().map(|(c, k)| (*c, *k)).filter(|(c, _)| *c != cell).collect();
        let sum = self.right(form, known);
        if let ([(other, -1)], "0") = (&others[..], sum.as_str()) {
            let rest = match line.along {
                Along::Row => "row",
                _ => "column",
            };
            let equation = format!("{place}{} = {}, because all else in the {rest} is 0", name(cell), name(*other));
            return Step { equation, follows: words(&name(cell), left), open: 1, left };
        }
        let side = |plus: bool| {
            let terms = form.open.iter().filter(|(_, k)| (**k > 0) == plus);
            let term = |(c, k): (&CellId, &i64)| match k.abs() {
                1 => name(*c),
                k => format!("{k} x {}", name(*c)),
            };
            terms.map(term).collect::<Vec<_>>().join(" + ")
        };
        let (left_side, right_side) = (side(true), side(false));
        let sum = match (right_side.is_empty(), sum.as_str()) {
            (true, _) => sum,
            (false, "0") => right_side,
            (false, _) => format!("{right_side} + {sum}"),
        };
        if others.is_empty() {
            return Step { equation: format!("{place}{left_side} = {sum}"), follows: String::new(), open: 1, left };
        }
        let bounds = bounds(cell, &others, known, &name);
        let follows = words(&name(cell), left);
        Step { equation: format!("{place}{left_side} = {sum}{bounds}"), follows, open: form.open.len(), left }
    }

    /// The printed side: "52 - 46 = 6".
    fn right(&self, form: &Form, known: &[Interval]) -> String {
        let (mut plus, mut minus): (Vec<i64>, Vec<i64>) = (Vec::new(), Vec::new());
        let mut put = |value: i64| match value {
            0 => {}
            1.. => plus.push(value),
            _ => minus.push(value.saturating_neg()),
        };
        put(form.constant);
        // a total stands before what is taken from it
        form.printed.iter().for_each(|(&c, &k)| put(known[c].lo.unwrap_or(0).saturating_mul(k)));
        let (up, down) = (plus.iter().sum::<i64>(), minus.iter().sum::<i64>());
        if plus.len() + minus.len() > ONE_BY_ONE && !minus.is_empty() {
            return format!("{up} - {down} = {}", up - down);
        }
        let text = |values: &[i64], by: &str| values.iter().map(i64::to_string).collect::<Vec<_>>().join(by);
        match (plus.len(), minus.len()) {
            (0, 0) => "0".to_owned(),
            (1, 0) => up.to_string(),
            (0, _) => format!("-{} = -{down}", text(&minus, " - ")),
            (_, 0) => format!("{} = {up}", text(&plus, " + ")),
            _ => format!("{} - {} = {}", text(&plus, " + "), text(&minus, " - "), up - down),
        }
    }
}

/// "Under 10 is 1".
fn words(name: &str, left: Interval) -> String {
    match (left.lo, left.hi) {
        (Some(l), Some(h)) if l == h => format!("{name} is {l}"),
        (Some(l), Some(h)) => format!("{name} is {l} to {h}"),
        (Some(l), None) => format!("{name} is at least {l}"),
        (None, Some(h)) => format!("{name} is at most {h}"),
        (None, None) => String::new(),
    }
}

/// What is known of the figures that a line leaves open: ", each at least 1".
fn bounds(cell: CellId, others: &[(CellId, i64)], known: &[Interval], name: &dyn Fn(CellId) -> String) -> String {
    let least = known[cell].lo;
    let all_plus = others.iter().all(|o| o.1 > 0);
    match least {
        Some(l) if all_plus && others.iter().all(|o| known[o.0].lo == least) => format!(", each at least {l}"),
        _ => {
            let words = others.iter().map(|&(c, _)| match (known[c].lo, known[c].hi) {
                (Some(l), Some(h)) => format!("{} is {l} to {h}", name(c)),
                (Some(l), None) => format!("{} is at least {l}", name(c)),
                (None, Some(h)) => format!("{} is at most {h}", name(c)),
                (None, None) => format!("{} is not known", name(c)),
            });
            format!(", where {}", words.collect::<Vec<_>>().join(" and "))
        }
    }
}
