//! The JJ format: a cell suppression problem as the field exchanges it. Read whole, kept with its text, and written
//! back with another pattern and not a byte else.
//!
//! One item a line: `0`; the number of cells; per cell `index value cost status lb ub LPL UPL SPL`; the number of
//! relations; per relation `constant terms : index (coefficient) …`. Cells are numbered from 0 in order. A status is
//! `u` primary, `s` publishable, `z` published in any case, `m` or `x` withheld to protect others, `h` never printed.
//! Numbers may have decimals: they are kept exactly, as whole numbers of the last decimal that the file needs.
//!
//! The text holds every true value: whatever is made of it is confidential. Errors name places, never values.

mod line;
mod number;
#[cfg(test)]
mod tests;

use std::path::Path;

use line::{Line, Lines};
use number::Bad;
pub use number::Number;

use super::Error;
use super::files::unreadable;
use crate::model::{CellId, Interval, Relation};
use crate::text::sha256;

/// The largest coefficient, so that no sum of a relation can overflow.
const MOST_COEFFICIENT: i64 = 1_000_000;
/// Relations that are named when they do not hold.
const NAMED: usize = 10;

/// A cell suppression problem, and a pattern where its statuses hold one.
#[derive(Clone, Debug)]
pub struct Jj {
    /// Digits after the decimal point that values, bounds, levels and constants are kept with.
    pub decimals: u32,
    /// Digits after the decimal point that costs are kept with.
    pub cost_decimals: u32,
    /// The cells; their index is their number in the file.
    pub cells: Vec<JjCell>,
    /// `Σ coefficient · cell = constant`, in the order of the file.
    pub relations: Vec<Relation>,
    text: Vec<u8>,
}

/// A cell of a [`Jj`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JjCell {
    /// Its true value.
    pub value: i64,
    /// What withholding it costs.
    pub cost: i64,
    /// What is to be done with it, or was.
    pub status: JjStatus,
    /// What every intruder takes for possible beforehand.
    pub bounds: Interval,
    /// Lower protection level (LPL).
    pub lower: i64,
    /// Upper protection level (UPL).
    pub upper: i64,
    /// Sliding protection level (SPL).
    pub spread: i64,
    /// Its line in the file.
    pub line: u64,
    /// Where its status stands in the text.
    status_at: usize,
}

/// The status of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JjStatus {
    /// `u`: unsafe, to be withheld and protected.
    Primary,
    /// `s`: published, or withheld to protect others.
    Publishable,
    /// `z`: published in any case.
    Fixed,
    /// `m` or `x`: withheld to protect others.
    Secondary,
    /// `h`: not printed, and needs no protection.
    Hidden,
}

impl Jj {
    /// The same text with this pattern: `x` for each secondary cell, `s` for every other that may be published.
    pub fn with_pattern(&self, secondary: impl Fn(CellId) -> bool) -> Vec<u8> {
        let mut text = self.text.clone();
        let free = |status| matches!(status, JjStatus::Publishable | JjStatus::Secondary);
        for (index, cell) in self.cells.iter().enumerate().filter(|(_, c)| free(c.status)) {
            if let Some(letter) = text.get_mut(cell.status_at) {
                *letter = if secondary(index) { b'x' } else { b's' };
            }
        }
        text
    }

    /// SHA-256 of the text, in hexadecimal.
    pub fn fingerprint(&self) -> String {
        sha256(&self.text)
    }
}

/// Reads a JJ file.
///
/// # Errors
/// A file that can't be read, or is not what the format asks for: the line and the cell are named.
pub fn read_jj(path: &Path) -> Result<Jj, Error> {
    let text = std::fs::read(path).map_err(|e| unreadable(path, &e))?;
    parse_jj(&path.display().to_string(), text)
}

/// Reads a JJ file from its text; `name` is how faults call the file.
///
/// # Errors
/// As [`read_jj`].
pub fn parse_jj(name: &str, text: Vec<u8>) -> Result<Jj, Error> {
    let mut lines = Lines::new(name, &text);
    let first = lines.next().ok_or_else(|| Error::data(format!("{name}: is empty")))?;
    if first.words().collect::<Vec<_>>() != [b"0"] {
        let help = "a JJ file begins with a line `0`, then the number of cells; one cell or relation a line";
        return Err(first.fault("this is no JJ file").with_help(help));
    }
    let cells = read_cells(&mut lines)?;
    let relations = read_relations(&mut lines, cells.len())?;
    let decimals = cells.iter().flat_map(RawCell::amounts).map(|n| n.1).chain(relations.iter().map(|r| r.constant));
    let decimals = decimals.map(|n| n.decimals).max().unwrap_or(0);
    let cost_decimals = cells.iter().map(|c| c.cost.decimals).max().unwrap_or(0);
    let cells = cells.iter().enumerate().map(|(i, c)| c.settle(i, decimals, cost_decimals, name));
    let cells: Vec<JjCell> = cells.collect::<Result<_, _>>()?;
    let settled: Vec<(u64, Relation)> =
        (relations.into_iter()).map(|r| Ok((r.line, r.settle(decimals, name)?))).collect::<Result<_, Error>>()?;
    additive(name, &settled, &cells, decimals)?;
    let relations = settled.into_iter().map(|(_, r)| r).collect();
    Ok(Jj { decimals, cost_decimals, cells, relations, text })
}

/// A cell as written.
struct RawCell {
    value: Number,
    cost: Number,
    status: JjStatus,
    bounds: [Number; 2],
    levels: [Number; 3],
    line: u64,
    status_at: usize,
}

/// Fields of a cell, as faults call them.
const FIELDS: [&str; 9] = [
    "index",
    "value",
    "cost",
    "status",
    "lower bound",
    "upper bound",
    "lower protection level",
    "upper protection level",
    "sliding protection level",
];

/// The status among the fields.
const STATUS: usize = 3;

impl RawCell {
    /// What is measured as the value is, with the name of its field.
    fn amounts(&self) -> [(&'static str, Number); 6] {
        let ([lo, hi], [lower, upper, spread]) = (self.bounds, self.levels);
        let names = [FIELDS[1], FIELDS[4], FIELDS[5], FIELDS[6], FIELDS[7], FIELDS[8]];
        let numbers = [self.value, lo, hi, lower, upper, spread];
        std::array::from_fn(|i| (names[i], numbers[i]))
    }

    /// The cell in whole numbers, if it makes sense.
    fn settle(&self, index: usize, decimals: u32, cost_decimals: u32, name: &str) -> Result<JjCell, Error> {
        let fault = |what: String| Error::data(format!("{name}:{}: cell {index}: {what}", self.line));
        let scale = |(field, number): (&str, Number), decimals: u32| {
            number.scaled(decimals).ok_or_else(|| fault(too_large(field, decimals)).with_help(LARGE_HELP))
        };
        let mut amounts = [0; 6];
        for (slot, amount) in amounts.iter_mut().zip(self.amounts()) {
            *slot = scale(amount, decimals)?;
        }
        let cost = scale((FIELDS[2], self.cost), cost_decimals)?;
        let [value, lo, hi, lower, upper, spread] = amounts;
        let not_negative = [(cost, FIELDS[2]), (lower, FIELDS[6]), (upper, FIELDS[7]), (spread, FIELDS[8])];
        if let Some((_, field)) = not_negative.iter().find(|(v, _)| *v < 0) {
            return Err(fault(format!("the {field} is negative")));
        }
        let bounds = Interval::new(lo, hi);
        if bounds.is_empty() {
            return Err(fault("the lower bound is above the upper bound".to_owned()));
        }
        if !bounds.contains(value) {
            let side = if value < lo { "below its lower" } else { "above its upper" };
            return Err(fault(format!("the value is {side} bound")));
        }
        let (status, line, status_at) = (self.status, self.line, self.status_at);
        Ok(JjCell { value, cost, status, bounds, lower, upper, spread, line, status_at })
    }
}

fn too_large(field: &str, decimals: u32) -> String {
    format!("the {field} is too large to be kept exactly with {decimals} decimals, which the file needs")
}

/// What to do about a number that is too large.
const LARGE_HELP: &str = "at most 9 000 000 000 000 000 units of the last decimal: use a larger unit or fewer decimals";

/// A relation as written.
struct RawRelation {
    terms: Vec<(CellId, i64)>,
    constant: Number,
    line: u64,
}

impl RawRelation {
    fn settle(self, decimals: u32, name: &str) -> Result<Relation, Error> {
        let constant = self.constant.scaled(decimals).ok_or_else(|| {
            Error::data(format!("{name}:{}: {}", self.line, too_large("constant", decimals))).with_help(LARGE_HELP)
        })?;
        Ok(Relation { terms: self.terms, constant })
    }
}

/// The number of items that a line announces.
fn announced(lines: &mut Lines, of: &str) -> Result<(usize, u64), Error> {
    let line = lines.next().ok_or_else(|| lines.ended(&format!("before the number of {of}")))?;
    let mut words = line.words();
    match (words.next().map(number::count), words.next()) {
        (Some(Some(n)), None) => Ok((n, line.number)),
        _ => Err(line.fault(&format!("here the number of {of} was to stand, alone on its line"))),
    }
}

fn read_cells(lines: &mut Lines) -> Result<Vec<RawCell>, Error> {
    let (count, said) = announced(lines, "cells")?;
    let mut cells = Vec::new();
    while cells.len() < count {
        let Some(line) = lines.next() else {
            return Err(lines.ended(&format!("after {} of the {count} cells that line {said} announces", cells.len())));
        };
        cells.push(read_cell(&line, cells.len())?);
    }
    Ok(cells)
}

fn read_cell(line: &Line, index: usize) -> Result<RawCell, Error> {
    let mut words: [&[u8]; FIELDS.len()] = [b""; FIELDS.len()];
    let (mut found, mut status_at, mut rest) = (0, 0, line.words());
    while let Some(word) = rest.next() {
        if let Some(slot) = words.get_mut(found) {
            *slot = word;
        }
        if found == STATUS {
            status_at = rest.position() - word.len();
        }
        found += 1;
    }
    if found != FIELDS.len() {
        let what = format!("here cell {index} was to stand, with {} fields: {found} were found", FIELDS.len());
        return Err(line.fault(&what).with_help(format!("the fields of a cell: {}", FIELDS.join(", "))));
    }
    let fault = |what: String| line.fault(&format!("cell {index}: {what}"));
    match number::count(words[0]) {
        Some(i) if i == index => {}
        Some(i) if i < index => return Err(line.fault(&format!("cell {i} stands here again"))),
        Some(i) => {
            let help = "cells are numbered from 0, one after the other";
            return Err(line.fault(&format!("cell {i} stands where cell {index} was to stand")).with_help(help));
        }
        None => return Err(fault("the index is no whole number".to_owned())),
    }
    let read = |field: usize| {
        number::read(words[field]).map_err(|bad| match bad {
            Bad::NotANumber => fault(format!("the {} is no number", FIELDS[field])),
            Bad::TooLarge => fault(format!("the {} is too large or has too many digits", FIELDS[field])),
        })
    };
    let status = match words[STATUS] {
        b"u" => JjStatus::Primary,
        b"s" => JjStatus::Publishable,
        b"z" => JjStatus::Fixed,
        b"m" | b"x" => JjStatus::Secondary,
        b"h" => JjStatus::Hidden,
        _ => {
            let help = "u primary, s publishable, z published in any case, m or x secondary, h never printed";
            return Err(fault("this status is not known".to_owned()).with_help(help));
        }
    };
    Ok(RawCell {
        value: read(1)?,
        cost: read(2)?,
        status,
        bounds: [read(4)?, read(5)?],
        levels: [read(6)?, read(7)?, read(8)?],
        line: line.number,
        status_at,
    })
}

fn read_relations(lines: &mut Lines, cells: usize) -> Result<Vec<RawRelation>, Error> {
    let (count, said) = announced(lines, "relations").map_err(|e| match cells {
        0 => e,
        _ => e.with_help(format!("the file announces {cells} cells, which end above this line")),
    })?;
    // per cell, the last relation that it was seen in
    let mut seen = vec![usize::MAX; cells];
    let mut relations = Vec::new();
    while relations.len() < count {
        let Some(line) = lines.next() else {
            let read = relations.len();
            return Err(lines.ended(&format!("after {read} of the {count} relations that line {said} announces")));
        };
        relations.push(read_relation(&line, relations.len(), &mut seen)?);
    }
    match lines.next() {
        Some(line) => Err(line.fault(&format!("more follows after the {count} relations that line {said} announces"))),
        None => Ok(relations),
    }
}

fn read_relation(line: &Line, id: usize, seen: &mut [usize]) -> Result<RawRelation, Error> {
    let shape = || {
        let help = "a relation is `constant terms : index (coefficient) index (coefficient) …`, as in `0 3 : 4 (-1) 1 (1) 2 (1)`";
        line.fault("here a relation was to stand").with_help(help)
    };
    let mut words = line.words();
    let constant = number::read(words.next().unwrap_or_default()).map_err(|_| shape())?;
    let terms = words.next().and_then(number::count).ok_or_else(shape)?;
    if words.next() != Some(b":") {
        return Err(shape());
    }
    let mut found = Vec::new();
    while let Some(word) = words.next() {
        let cell = number::count(word).ok_or_else(shape)?;
        let coefficient = match (words.next(), words.next(), words.next()) {
            (Some(b"("), Some(number), Some(b")")) => number::read(number).map_err(|_| shape())?,
            _ => return Err(shape()),
        };
        let Some(last) = seen.get_mut(cell) else {
            let last = seen.len().saturating_sub(1);
            return Err(line.fault(&format!("there is no cell {cell}: cells are numbered from 0 to {last}")));
        };
        if std::mem::replace(last, id) == id {
            return Err(line.fault(&format!("cell {cell} stands twice in the relation")));
        }
        match coefficient.scaled(0).filter(|k| *k != 0 && k.abs() <= MOST_COEFFICIENT && coefficient.decimals == 0) {
            Some(k) => found.push((cell, k)),
            None => {
                let what = format!("the coefficient of cell {cell} can't be used");
                return Err(line
                    .fault(&what)
                    .with_help("a coefficient is a whole number other than 0, up to a million"));
            }
        }
    }
    if found.len() != terms {
        return Err(line.fault(&format!("the relation announces {terms} terms and has {}", found.len())));
    }
    Ok(RawRelation { terms: found, constant, line: line.number })
}

/// Every relation holds for the values; otherwise the first ones that do not are named, and by how much they fail.
fn additive(name: &str, relations: &[(u64, Relation)], cells: &[JjCell], decimals: u32) -> Result<(), Error> {
    let off = |relation: &Relation| {
        let terms = relation.terms.iter().filter_map(|&(c, k)| Some(i128::from(k) * i128::from(cells.get(c)?.value)));
        terms.sum::<i128>() - i128::from(relation.constant)
    };
    let wrong: Vec<(u64, i128)> = relations.iter().map(|(line, r)| (*line, off(r))).filter(|w| w.1 != 0).collect();
    if wrong.is_empty() {
        return Ok(());
    }
    let mut message = format!("{name}: the values do not satisfy {} of {} relations", wrong.len(), relations.len());
    for (line, off) in wrong.iter().take(NAMED) {
        message.push_str(&format!("\n  {name}:{line}: off by {}", number::show(*off, decimals)));
    }
    if wrong.len() > NAMED {
        message.push_str(&format!("\n  and {} more", wrong.len() - NAMED));
    }
    Err(Error::data(message).with_help("the terms of a relation, times their coefficients, add up to its constant"))
}
