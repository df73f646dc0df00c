//! What the formulas of a sheet come to, where the file does not say so, or says otherwise.
//!
//! Some libraries write a formula without its result, or with 0 in its place: programs that open the file show the result
//! all the same.

use crate::draft::blocks::Cells;
use crate::draft::formula::{Operand, value};
use crate::draft::number_format::{read_back, shown};
use crate::draft::words::tidy;
use crate::draft::{Entry, Place};

/// Rounds in which formulas that refer to each other are worked out.
const ROUNDS: usize = 32;

/// A formula, and what the file says that it comes to.
pub(super) struct Pending {
    /// Row and column, from 0.
    pub at: (usize, usize),
    /// The formula; blank where it is that of another cell.
    pub formula: String,
    /// Its result in the file.
    pub cached: Option<f64>,
    /// The format of its cell.
    pub format: Option<String>,
    /// Its cell is hidden.
    pub hidden: bool,
    /// Where it stands.
    pub place: Place,
}

/// Works formulas out, puts what they come to into cells that do not say so, and returns what is to be told. `anew`: the
/// file asks programs to work out every formula when they open it.
pub(super) fn settle(cells: &mut Cells, pending: Vec<Pending>, from_1904: bool, anew: bool) -> Vec<(Place, String)> {
    let mut told = Vec::new();
    // a result that is there counts, unless it may stand for none
    let doubtful = |p: &Pending| p.cached.is_none_or(|c| c == 0.0);
    let mut open: Vec<Pending> = pending.into_iter().filter(doubtful).collect();
    let mut waiting: std::collections::HashSet<(usize, usize)> = open.iter().map(|p| p.at).collect();
    for _ in 0..ROUNDS {
        let mut left = Vec::new();
        let before = open.len();
        for one in open {
            let cell = |at: (usize, usize)| {
                if waiting.contains(&at) {
                    return Operand::Open;
                }
                cells.get(&at).map_or(Operand::Blank, number)
            };
            match value(&one.formula, &cell) {
                Some(result) => {
                    waiting.remove(&one.at);
                    put(cells, one, result, from_1904);
                }
                None => left.push(one),
            }
        }
        open = left;
        if open.is_empty() || open.len() == before {
            break;
        }
    }
    for one in open {
        if one.cached.is_none() || anew {
            let what = "a formula whose result the file does not hold: a program that opens it shows one";
            told.push((one.place, what.to_owned()));
        }
    }
    told
}

fn put(cells: &mut Cells, one: Pending, result: f64, from_1904: bool) {
    if one.cached == Some(result) {
        return;
    }
    let (text, stored) = shown(one.format.as_deref(), result, from_1904);
    let text = tidy(&text);
    match cells.get_mut(&one.at) {
        Some(entry) => (entry.text, entry.stored) = (text, stored),
        None => {
            let formula = Some(one.formula);
            let entry = Entry { text, stored, place: one.place, hidden: one.hidden, formula, ..Entry::default() };
            cells.insert(one.at, entry);
        }
    }
}

fn number(entry: &Entry) -> Operand {
    match entry.stored.or_else(|| read_back(&entry.text)) {
        Some(n) => Operand::Number(n),
        None if entry.text.is_empty() => Operand::Blank,
        None => Operand::Text,
    }
}
