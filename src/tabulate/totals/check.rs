//! Every total that the data hold against the sum of its parts.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::scaled;
use crate::read::{self, Error, Records};
use crate::tabulate::classes::{Classed, Group};
use crate::tabulate::classify::Classifier;
use crate::tabulate::group::Grouped;

use super::{Stated, columns};

/// Cells that are told one by one.
const TOLD: usize = 10;

/// How far a variable is summed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Grain {
    /// Not at all: a category.
    Class,
    /// To the codes of this depth in its hierarchy.
    Depth(u32),
    /// To its total.
    Total,
}

/// A cell: how far each variable is summed up, and its category or subtotal.
type Cell = Vec<(Grain, u32)>;

/// What the data hold of a cell.
struct Held {
    amounts: Vec<i64>,
    records: i64,
    first: i64,
}

/// What is wrong with a cell.
struct Fault {
    first: i64,
    cell: String,
    what: String,
}

/// Checks every total against its parts; what was done, in words.
///
/// # Errors
/// Totals that are not the sum of their parts, the first ten with their lines and by how much; cells that stand twice.
pub(in crate::tabulate) fn check(
    stated: &Stated,
    records: &Records,
    classifiers: &[Classifier],
    classed: &[Classed],
    inner: &Grouped,
) -> Result<String, Error> {
    let parts = Parts { stated, classifiers, classed, inner };
    let totals = parts.totals()?;
    let mut by_grain: BTreeMap<Vec<Grain>, Vec<&Cell>> = BTreeMap::new();
    for cell in totals.keys() {
        by_grain.entry(cell.iter().map(|c| c.0).collect()).or_default().push(cell);
    }
    let mut faults = parts.repeated(&totals);
    for (grain, cells) in by_grain {
        let sums = parts.sums(&grain);
        for cell in cells {
            let key: Vec<u32> = cell.iter().map(|c| c.1).collect();
            let held = &totals[cell];
            let what = match sums.get(&key) {
                None if held.amounts.iter().all(|a| *a == 0) => continue,
                None => "stands in the data, but none of its parts".to_owned(),
                Some(sum) => match parts.difference(&held.amounts, sum) {
                    Some(words) => words,
                    None => continue,
                },
            };
            faults.push(Fault { first: held.first, cell: parts.words(cell), what });
        }
    }
    match faults.len() {
        0 => Ok(match totals.len() {
            1 => "1 row of a total was checked against its parts and not counted again".to_owned(),
            n => format!("{n} rows of totals were checked against their parts and not counted again"),
        }),
        _ => Err(told(records, classifiers, faults, totals.len())),
    }
}

/// The rows of totals beside those they are made of.
struct Parts<'a> {
    stated: &'a Stated,
    classifiers: &'a [Classifier<'a>],
    classed: &'a [Classed],
    inner: &'a Grouped,
}

impl Parts<'_> {
    /// Every total that the data hold.
    fn totals(&self) -> Result<BTreeMap<Cell, Held>, Error> {
        let rows = &self.stated.rows;
        let mut totals: BTreeMap<Cell, Held> = BTreeMap::new();
        for row in 0..rows.each.len() {
            let cell: Cell = (0..self.classifiers.len())
                .map(|c| self.place(c, &rows.keys[c].code(rows.keys[c].of[row] as usize).unwrap_or_default()))
                .collect::<Result<_, _>>()?;
            let amounts = rows.amounts(row);
            let first = rows.first.as_ref().map_or(0, |f| f[row]);
            let held = totals.entry(cell).or_insert(Held { amounts: vec![0; amounts.len()], records: 0, first });
            held.amounts.iter_mut().zip(amounts).for_each(|(sum, a)| *sum += a);
            held.records += rows.each[row];
            held.first = held.first.min(first);
        }
        Ok(totals)
    }

    /// Where a code of a variable stands.
    fn place(&self, c: usize, code: &str) -> Result<(Grain, u32), Error> {
        if self.stated.totals[c] == code {
            return Ok((Grain::Total, 0));
        }
        let entries = &self.classed[c].entries;
        match entries.iter().position(|e| e.code == code).map(|at| (at, &entries[at])) {
            Some((at, entry)) if entry.total => Ok((Grain::Depth(entry.level), at as u32)),
            Some((_, Group { classes, .. })) => Ok((Grain::Class, classes.first().copied().unwrap_or_default())),
            None => {
                Err(Error::data(format!("the row of a total has a code that `{}` does not", self.classifiers[c].name))
                    .with_help("add the code to the hierarchy, or put the data right"))
            }
        }
    }

    /// The records summed up as far as these totals are.
    fn sums(&self, grain: &[Grain]) -> HashMap<Vec<u32>, Vec<i64>> {
        let above: Vec<Vec<Option<u32>>> = grain.iter().zip(self.classed).map(|(g, c)| summed_up(*g, c)).collect();
        let mut sums: HashMap<Vec<u32>, Vec<i64>> = HashMap::new();
        for row in 0..self.inner.each.len() {
            let key: Option<Vec<u32>> =
                above.iter().zip(self.classed).map(|(above, classed)| above[classed.of[row] as usize]).collect();
            let Some(key) = key else { continue };
            let amounts = self.inner.amounts(row);
            let sum = sums.entry(key).or_insert_with(|| vec![0; amounts.len()]);
            sum.iter_mut().zip(amounts).for_each(|(sum, a)| *sum += a);
        }
        sums
    }

    /// By how much a total is not the sum of its parts. The difference alone: the values may be confidential.
    fn difference(&self, total: &[i64], sum: &[i64]) -> Option<String> {
        let decimals = |i: usize| self.stated.decimals.get(i).copied().unwrap_or(0);
        let (i, by) = total.iter().zip(sum).map(|(t, s)| t - s).enumerate().find(|(_, by)| *by != 0)?;
        let more = if by > 0 { "more" } else { "less" };
        Some(format!("is {} {more} than its parts add up to", scaled(by.abs(), decimals(i))))
    }

    /// Cells that stand more than once where each row is a cell: one of them may be a total of something else.
    fn repeated(&self, totals: &BTreeMap<Cell, Held>) -> Vec<Fault> {
        if !self.stated.cells {
            return Vec::new();
        }
        let what = |n: i64| format!("stands in {n} rows; in a table with rows of totals each cell has one");
        let twice = totals.iter().filter(|(_, held)| held.records > 1);
        let mut faults: Vec<Fault> = twice
            .map(|(cell, held)| Fault { first: held.first, cell: self.words(cell), what: what(held.records) })
            .collect();
        for row in (0..self.inner.each.len()).filter(|&row| self.inner.each[row] > 1) {
            let cell: Cell = self.classed.iter().map(|c| (Grain::Class, c.of[row])).collect();
            let first = self.inner.first.as_ref().map_or(0, |f| f[row]);
            faults.push(Fault { first, cell: self.words(&cell), what: what(self.inner.each[row]) });
        }
        faults
    }

    /// A cell as its codes.
    fn words(&self, cell: &Cell) -> String {
        let code = |c: usize, (grain, number): (Grain, u32)| -> String {
            let entries = &self.classed[c].entries;
            let entry = match grain {
                Grain::Total => return self.stated.totals[c].clone(),
                Grain::Depth(_) => entries.get(number as usize),
                Grain::Class => entries.iter().find(|e| !e.total && e.classes.first() == Some(&number)),
            };
            entry.map(|e| e.code.clone()).unwrap_or_default()
        };
        let word = |(c, at): (usize, &(Grain, u32))| format!("{} {}", self.classifiers[c].name, code(c, *at));
        cell.iter().enumerate().map(word).collect::<Vec<_>>().join(", ")
    }
}

/// Per class, what it is part of; none where it is part of nothing.
fn summed_up(grain: Grain, classed: &Classed) -> Vec<Option<u32>> {
    let mut above = vec![None; classed.count as usize];
    match grain {
        Grain::Class => classed.kept().for_each(|c| above[c as usize] = Some(c)),
        Grain::Total => classed.kept().for_each(|c| above[c as usize] = Some(0)),
        Grain::Depth(depth) => {
            let inner = classed.entries.iter().enumerate().filter(|(_, e)| e.total && e.level == depth);
            for (at, entry) in inner {
                entry.classes.iter().for_each(|&c| above[c as usize] = Some(at as u32));
            }
        }
    }
    above
}

/// The error that names the first faults in the order of the file.
fn told(records: &Records, classifiers: &[Classifier], mut faults: Vec<Fault>, totals: usize) -> Error {
    faults.sort_by(|a, b| (a.first, &a.cell).cmp(&(b.first, &b.cell)));
    let numbers: BTreeSet<u64> = faults.iter().take(TOLD).map(|f| f.first.unsigned_abs()).collect();
    let lines = read::lines(records, &columns(classifiers), &numbers);
    let names: Vec<String> = records.sources.iter().map(|s| s.path.display().to_string()).collect();
    let head = match faults.len() {
        1 => format!("{}: a cell does not fit the {totals} rows of totals that the data hold", names.join(", ")),
        n => format!("{}: {n} cells do not fit the {totals} rows of totals that the data hold", names.join(", ")),
    };
    let mut message = head;
    for fault in faults.iter().take(TOLD) {
        let number = fault.first.unsigned_abs();
        let place = lines.get(&number).map_or_else(|| format!("record {}", number + 1), |line| format!("line {line}"));
        message.push_str(&format!("\n  {place}: {} {}", fault.cell, fault.what));
    }
    if faults.len() > TOLD {
        message.push_str(&format!("\n  and {} more", faults.len() - TOLD));
    }
    Error::data(message).with_help(
        "put the data right, or leave out the rows of totals: they follow from their parts. Parts that are there \
         without a row for every cell count as 0",
    )
}
