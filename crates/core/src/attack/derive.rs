//! How an intruder gets there: a leak as arithmetic that a person can check line by line.
//!
//! Where propagation found the value, the steps are replayed in order. Where it took several relations at once, they
//! are named. The texts hold withheld values and belong in the confidential report only.

use crate::model::{Bounds, CellId, Interval};

use super::Public;
use super::reduce::Reduced;

/// The most steps that are spelled out.
const MOST_STEPS: usize = 12;

/// The arithmetic by which `cell` is narrowed to what is learned, in whole numbers and in decimals.
pub(crate) fn derivation(
    public: &Public,
    reduced: &Reduced,
    cell: CellId,
    (learned, bounds): (Interval, Bounds),
    proof: &[usize],
    name: &(dyn Fn(CellId) -> String + Sync),
) -> String {
    let by_steps = Interval { lo: reduced.domain[cell].lo, hi: reduced.domain[cell].hi };
    if by_steps == learned || by_steps.value().is_some() || proof.is_empty() {
        let mut writer = Steps { public, reduced, name, lines: Vec::new(), seen: Vec::new() };
        writer.bound(cell, 0);
        writer.bound(cell, 1);
        if !writer.lines.is_empty() {
            return writer.lines.join("; ");
        }
    }
    let mut totals: Vec<String> =
        proof.iter().filter_map(|&r| public.relations.get(r)?.terms.first()).map(|&(t, _)| name(t)).collect();
    totals.sort();
    totals.dedup();
    let shown = totals.iter().take(MOST_STEPS).cloned().collect::<Vec<_>>().join("; ");
    format!("{} is {}: follows from {} totals taken together ({shown})", name(cell), bounds.words(0), totals.len())
}

struct Steps<'a> {
    public: &'a Public,
    reduced: &'a Reduced,
    name: &'a (dyn Fn(CellId) -> String + Sync),
    lines: Vec<String>,
    seen: Vec<(CellId, usize)>,
}

impl Steps<'_> {
    /// Writes the step that gave a bound (side 0: lower, 1: upper), after the steps it needed.
    fn bound(&mut self, cell: CellId, side: usize) {
        if self.seen.contains(&(cell, side)) || self.lines.len() >= MOST_STEPS {
            return;
        }
        self.seen.push((cell, side));
        let Some(r) = self.reduced.why[cell][side] else { return };
        let relation = &self.public.relations[r];
        let Some(&(_, own)) = relation.terms.iter().find(|t| t.0 == cell) else { return };
        let mut text = String::new();
        if relation.constant != 0 {
            text.push_str(&(relation.constant * own.signum()).to_string());
        }
        for &(other, k) in relation.terms.iter().filter(|t| t.0 != cell) {
            // own·x = constant - Σ k·other: a bound of x uses the side of the other that works against it
            let minus = k.signum() == own.signum();
            let used = if minus { 1 - side } else { side };
            self.bound(other, used);
            let domain = self.reduced.domain[other];
            let end = if used == 0 { domain.lo } else { domain.hi };
            if end == Some(0) && domain.value() == Some(0) {
                continue;
            }
            let amount = match (domain.value(), end) {
                (Some(v), _) => v.to_string(),
                (None, Some(v)) => format!("{} {v}", if used == 0 { "at least" } else { "at most" }),
                (None, None) => "something".to_owned(),
            };
            let sign = match (minus, text.is_empty()) {
                (true, true) => "-",
                (true, false) => " - ",
                (false, true) => "",
                (false, false) => " + ",
            };
            let times = if k.abs() == 1 { String::new() } else { format!("{}·", k.abs()) };
            text.push_str(&format!("{sign}{times}{amount} ({})", (self.name)(other)));
        }
        let result = match (side, self.reduced.domain[cell].value()) {
            (_, Some(v)) => format!("= {v}"),
            (0, None) => format!("so at least {}", self.reduced.domain[cell].lo.unwrap_or(0)),
            (_, None) => format!("so at most {}", self.reduced.domain[cell].hi.unwrap_or(0)),
        };
        if own.abs() != 1 && !text.is_empty() {
            text = format!("({text}) / {}", own.abs());
        }
        let line = format!("{}: {} {result}", (self.name)(cell), if text.is_empty() { "0" } else { &text });
        if !self.lines.contains(&line) {
            self.lines.push(line);
        }
    }
}
