//! What withholding a cell costs, and which cells are to stay: from what a policy wishes for to a number for each cell.
//!
//! 1. [`Cost`] gives each cell its amount: 1, its value, the logarithm of that, who is behind it, or a column of weights.
//! 2. Totals cost a factor more.
//! 3. Cells that were withheld last time, and those of preferred partners ([`Partner`]), cost a tenth.
//! 4. [`Keep`] takes cells out of the choice, or leaves them to the last: see [`super::suppress`].

mod keep;
mod partner;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

pub use keep::{Keep, same};
pub use partner::Partner;

use super::{CostModel, Problem};
use crate::model::{CellId, System};

/// The page of the manual.
pub const MANUAL: &str = include_str!("manual.md");
/// What a cell costs less, where it is wished for: a tenth.
const CHEAPER: i64 = 10;
/// Cells can be wished for twice, so costs are then counted in hundredths.
const DISCOUNT_DECIMALS: u32 = 2;
/// Decimals that weights are read with.
pub const WEIGHT_DECIMALS: u32 = 2;
/// The word before the name of a column of weights.
const COLUMN: &str = "column=";

/// What a withheld cell costs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cost {
    /// Every cell the same.
    Cells,
    /// Its value.
    #[default]
    Counts,
    /// The logarithm of its value.
    Log,
    /// How many persons are behind it; contributors of a sum; records, where nobody is named.
    Contributors,
    /// The sum of a column over the records behind it.
    Column(String),
}

impl Cost {
    /// The costs that are a word.
    const WORDS: [(&'static str, Cost); 4] =
        [("cells", Cost::Cells), ("counts", Cost::Counts), ("log", Cost::Log), ("contributors", Cost::Contributors)];

    /// How each is written.
    pub fn spellings() -> Vec<&'static str> {
        Cost::WORDS.iter().map(|w| w.0).chain(["column=NAME"]).collect()
    }

    /// The column of weights.
    pub fn column(&self) -> Option<&str> {
        match self {
            Cost::Column(name) => Some(name),
            Cost::Cells | Cost::Counts | Cost::Log | Cost::Contributors => None,
        }
    }

    /// Digits after the decimal point of such costs.
    fn decimals(&self) -> u32 {
        if self.column().is_some() { WEIGHT_DECIMALS } else { 0 }
    }

    /// The cost as far as it follows from a value.
    fn of_value(&self) -> fn(i64) -> i64 {
        match self {
            Cost::Cells | Cost::Contributors | Cost::Column(_) => |_| 1,
            Cost::Counts => |v| v.max(1),
            // hundredths of the natural logarithm, so that whole numbers tell values apart
            Cost::Log => |v| 1 + ((v.max(0) as f64 + 1.0).ln() * 100.0) as i64,
        }
    }

    /// What else it is multiplied by for a cell.
    fn amount(&self, system: &System, cell: CellId) -> i64 {
        match self {
            Cost::Cells | Cost::Counts | Cost::Log => 1,
            Cost::Contributors => behind(system, cell),
            Cost::Column(_) => system.weights.get(cell).copied().unwrap_or(1),
        }
    }
}

/// How many are behind a cell: persons, contributors of a sum, else records.
fn behind(system: &System, cell: CellId) -> i64 {
    let cell = &system.cells[cell];
    let contributors = cell.contributions.as_ref().map(|c| c.count);
    contributors.or(cell.persons).unwrap_or(cell.value)
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cost::Column(name) => write!(f, "{COLUMN}{name}"),
            word => f.write_str(Cost::WORDS.iter().find(|w| w.1 == *word).map_or("", |w| w.0)),
        }
    }
}

impl FromStr for Cost {
    type Err = String;

    /// The cost of this spelling.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    fn from_str(text: &str) -> Result<Cost, String> {
        let known = Cost::WORDS.into_iter().find(|w| w.0 == text).map(|w| w.1);
        match (known, text.split_once('=')) {
            (Some(cost), _) => Ok(cost),
            (None, Some((word, name))) if word.trim() == "column" && !name.trim().is_empty() => {
                Ok(Cost::Column(name.trim().to_owned()))
            }
            (None, Some((word, _))) if word.trim() == "column" => {
                Err("the cost `column=` names no column of weights".to_owned())
            }
            (None, _) => Err(format!("there is no cost `{text}`")),
        }
    }
}

/// All that a policy and a run wish for in the choice of cells.
#[derive(Clone, Copy, Debug)]
pub struct Wishes<'a> {
    /// What a withheld cell costs.
    pub cost: &'a Cost,
    /// Totals cost this many times as much.
    pub total_factor: i64,
    /// Totals are never withheld for the sake of others.
    pub keep_totals: bool,
    /// Cells that are to stay published.
    pub keep: &'a [Keep],
    /// Whose secondary cells are taken from where.
    pub partners: &'a [Partner],
    /// Per cell, whether it was withheld in the last release; `None` where there is none.
    pub last: Option<&'a [bool]>,
}

impl Wishes<'_> {
    /// The costs that follow from values, for [`Problem::new`]; [`Wishes::apply`] does the rest.
    pub fn model(&self) -> CostModel {
        CostModel { of_value: self.cost.of_value(), total_factor: self.total_factor, keep_totals: self.keep_totals }
    }

    /// Whether some cells may cost less.
    fn discounts(&self) -> bool {
        self.last.is_some() || !self.partners.is_empty()
    }

    /// Digits after the decimal point of the costs.
    pub fn decimals(&self) -> u32 {
        self.cost.decimals() + if self.discounts() { DISCOUNT_DECIMALS } else { 0 }
    }

    /// Prices the cells of a problem that was made with [`Wishes::model`], and takes out those that are to stay.
    pub fn apply(&self, problem: &mut Problem) {
        let system = problem.system;
        for (cell, cost) in problem.cost.iter_mut().enumerate() {
            *cost = cost.saturating_mul(self.cost.amount(system, cell)).max(1);
        }
        if self.discounts() {
            let units = 10_i64.pow(DISCOUNT_DECIMALS);
            problem.cost.iter_mut().for_each(|cost| *cost = cost.saturating_mul(units));
            cheapen(&mut problem.cost, self.last.unwrap_or_default());
            cheapen(&mut problem.cost, &partner::preferred(self.partners, system, &problem.primary));
        }
        for keep in self.keep {
            for cell in keep.cells(system) {
                match keep.never {
                    true => problem.candidate[cell] = false,
                    false => problem.kept[cell] = true,
                }
            }
        }
    }

    /// What names nothing that a table shows, each in a sentence with the nearest word.
    pub fn idle(&self, system: &System) -> Vec<String> {
        let keep = self.keep.iter().filter_map(|k| k.idle(system));
        keep.chain(self.partners.iter().filter_map(|p| p.idle(system))).collect()
    }
}

/// Lowers the costs of some cells; no cell is free.
fn cheapen(costs: &mut [i64], some: &[bool]) {
    costs.iter_mut().zip(some).filter(|(_, is)| **is).for_each(|(cost, _)| *cost = (*cost / CHEAPER).max(1));
}
