//! Rounded and perturbed figures of a published table: what each stands for.

use std::collections::{BTreeSet, HashMap};

use super::{PublishedVariable, tables};
use crate::model::{Interval, scaled};
use crate::read::{Error, Meaning, PublishedTable};

/// How many of the finest cells a cell is made of, as far as the tables of a file tell: each combination of the finest codes
/// of all variables is one. A release with more tables may tell finer ones apart: the file is taken for all of it.
#[derive(Debug)]
pub struct Finest(Vec<HashMap<String, u64>>);

impl Finest {
    /// From the hierarchies, and where a variable has none from the codes that stand in the file.
    pub fn new(variables: &[PublishedVariable], table: &PublishedTable) -> Finest {
        let of = |(v, variable): (usize, &PublishedVariable)| {
            let total = variable.total.code.as_str();
            let (mut leaves, all): (HashMap<String, u64>, usize) = match &variable.levels {
                Some(levels) => {
                    let entries = tables::hierarchy_entries(levels);
                    let all: BTreeSet<u32> = entries.iter().flat_map(|e| e.leaves.iter().copied()).collect();
                    (entries.into_iter().map(|e| (e.code, e.leaves.len() as u64)).collect(), all.len())
                }
                None => {
                    let codes: BTreeSet<&String> = table.cells.iter().map(|c| &c.codes[v]).collect();
                    let all = codes.iter().filter(|code| **code != total).count();
                    (codes.into_iter().map(|code| (code.clone(), 1)).collect(), all)
                }
            };
            leaves.insert(total.to_owned(), all as u64);
            leaves
        };
        Finest(variables.iter().enumerate().map(of).collect())
    }

    /// How many a cell with these codes is made of; none where a code is not known.
    pub fn of(&self, codes: &[String]) -> Option<u64> {
        let mut each = self.0.iter().zip(codes).map(|(leaves, code)| leaves.get(code).copied());
        each.try_fold(1u64, |product, n| Some(product.saturating_mul(n?)))
    }
}

/// The method by which figures were rounded or perturbed, as far as an audit needs it.
#[derive(Clone, Copy)]
pub struct Replacing<'a> {
    /// How a policy spells it.
    pub spelling: &'a str,
    /// What a figure in a cell with these codes stands for; `unit` is what one whole is in the figures' last decimal.
    pub allows: &'a Allows<'a>,
}

/// From a printed figure, the codes of its cell and the unit to the true values that it stands for.
pub type Allows<'a> = dyn Fn(i64, &[String], i64) -> Vec<Interval> + 'a;

/// Puts in place of each figure that was replaced what it stands for.
///
/// # Errors
/// Figures that the method never publishes, with their lines.
pub fn understand(table: &mut PublishedTable, method: Replacing) -> Result<(), Error> {
    let unit = 10i64.saturating_pow(table.decimals);
    let mut strange = Vec::new();
    for cell in &mut table.cells {
        let Err(Meaning::Replaced(shown)) = cell.content else { continue };
        let allowed = (method.allows)(shown, &cell.codes, unit);
        let (Some(first), Some(last)) = (allowed.first(), allowed.last()) else {
            strange.push(format!("line {}: {}", cell.line, scaled(shown, table.decimals)));
            continue;
        };
        let bounds = Interval { lo: first.lo, hi: last.hi };
        cell.content = bounds.value().ok_or(Meaning::StandsFor(bounds));
    }
    if strange.is_empty() {
        return Ok(());
    }
    let what = format!("{}: {} no figure of {}", table.file, told(&strange), method.spelling);
    Err(Error::data(what)
        .with_help("check the method and its parameters; a column `status` says which figures were replaced"))
}

/// "line 3: 7 is", or several.
fn told(strange: &[String]) -> String {
    let first = strange.iter().take(10).cloned().collect::<Vec<_>>().join("; ");
    match strange.len() {
        1 => format!("{first} is"),
        2..=10 => format!("{first} are"),
        n => format!("{first}; and {} more are", n - 10),
    }
}
