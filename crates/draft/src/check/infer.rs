//! What the arithmetic says about a sign that nobody declared: can it be 0, can it be a withheld figure?

use std::collections::{HashMap, HashSet};

use crate::attack::Attack;
use crate::model::CellId;
use crate::solve::Solver;
use crate::text::Meaning;

use super::blocks::Pages;
use super::figures::Signs;
use super::layout::Layout;
use super::reading::Reading;

/// A sign, and what the arithmetic supports.
#[derive(Clone, Debug)]
pub(crate) struct Inferred {
    /// The sign; empty for a blank cell.
    pub sign: String,
    /// How often it stands.
    pub count: usize,
    /// The only meaning under which everything adds up, if there is one.
    pub meaning: Option<Meaning>,
    /// What was found, in words.
    pub words: String,
}

/// The sign as it is called in a sentence.
pub(crate) fn called(sign: &str) -> String {
    if sign.is_empty() { "a blank cell".to_owned() } else { format!("`{sign}`") }
}

/// The most signs that are tried: each takes readings of the whole draft, and more of them are words rather than signs.
const MOST_SIGNS: usize = 12;

/// What the arithmetic says about each undeclared sign of a draft; of very many only about the commonest.
pub(crate) fn infer(pages: &Pages, signs: &Signs, layout: Option<&Layout>, solver: &dyn Solver) -> Vec<Inferred> {
    let mut known = signs.clone();
    let mut found: Vec<Inferred> = Vec::new();
    let mut seen: HashMap<String, usize> = HashMap::new();
    // what one sign means may settle another
    for _ in 0..3 {
        let undeclared = Reading::new(pages, &known, layout).undeclared(&known);
        if undeclared.is_empty() || solver.stopped() {
            break;
        }
        let before = known.meanings.len();
        let tried = commonest(&undeclared);
        for (n, (sign, count)) in undeclared.into_iter().enumerate() {
            if !tried.contains(&n) {
                if !seen.contains_key(&sign) {
                    seen.insert(sign.clone(), found.len());
                    found.push(untried(sign, count));
                }
                continue;
            }
            let one = test(pages, &known, layout, solver, sign, count);
            if let Some(meaning) = one.meaning {
                known.meanings.insert(one.sign.clone(), meaning);
            }
            match seen.get(&one.sign).and_then(|&n| found.get_mut(n)) {
                Some(known) => *known = one,
                None => {
                    seen.insert(one.sign.clone(), found.len());
                    found.push(one);
                }
            }
        }
        if known.meanings.len() == before {
            break;
        }
    }
    found
}

/// The numbers of the signs that are tried: all, or those that stand most often.
fn commonest(signs: &[(String, usize)]) -> HashSet<usize> {
    let mut numbers: Vec<usize> = (0..signs.len()).collect();
    if signs.len() > MOST_SIGNS {
        numbers.sort_by_key(|&n| (std::cmp::Reverse(signs.get(n).map_or(0, |s| s.1)), n));
        numbers.truncate(MOST_SIGNS);
    }
    numbers.into_iter().collect()
}

/// A sign among so many that it was not tried.
fn untried(sign: String, count: usize) -> Inferred {
    let words =
        "among so many signs the arithmetic was not asked about it: it may be a word that is no figure".to_owned();
    Inferred { sign, count, meaning: None, words }
}

fn test(
    pages: &Pages,
    signs: &Signs,
    layout: Option<&Layout>,
    solver: &dyn Solver,
    sign: String,
    count: usize,
) -> Inferred {
    let with = |meaning: Meaning| {
        let mut signs = signs.clone();
        signs.meanings.insert(sign.clone(), meaning);
        let reading = Reading::new(pages, &signs, layout);
        let fits = reading.adds_up() && fits(&reading, solver);
        (fits && !reading.skips(), fits)
    };
    let ((zero, zero_skipping), (withheld, skipping)) = (with(Meaning::Zero), with(Meaning::Withheld));
    let name = called(&sign);
    let least = signs.least.max(1);
    let (meaning, words) = match (zero || zero_skipping, withheld) {
        (true, false) => (
            Some(Meaning::Zero),
            format!(
                "the arithmetic supports 0: everything adds up with {name} as 0, and not with {name} as a number of {least} or more"
            ),
        ),
        (false, true) => (
            Some(Meaning::Withheld),
            format!(
                "the arithmetic supports a withheld figure: with {name} as 0 the totals are not the sums of their parts"
            ),
        ),
        (false, false) if skipping => (
            Some(Meaning::Withheld),
            format!("the arithmetic supports a withheld figure that the totals beside it leave out: {name} can't be 0"),
        ),
        (true, true) => (
            None,
            format!(
                "the arithmetic does not tell: everything adds up with {name} as 0, and with {name} as a withheld figure"
            ),
        ),
        (false, false) => (None, format!("neither 0 nor a withheld figure in place of {name} makes everything add up")),
    };
    Inferred { sign, count, meaning, words }
}

/// Whether some whole numbers fit everything.
pub(crate) fn fits(reading: &Reading, solver: &dyn Solver) -> bool {
    let name = |_: CellId| String::new();
    Attack::new(solver, &name).some_table(&reading.known.public).is_ok_and(|t| t.is_some())
}
