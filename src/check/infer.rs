//! What the arithmetic says about a sign that nobody declared: can it be 0, can it be a withheld figure?

use crate::attack::Attack;
use crate::model::CellId;
use crate::read::Meaning;
use crate::solve::Solver;

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

/// What the arithmetic says about each undeclared sign of a draft.
pub(crate) fn infer(pages: &Pages, signs: &Signs, layout: Option<&Layout>, solver: &dyn Solver) -> Vec<Inferred> {
    let mut known = signs.clone();
    let mut found: Vec<Inferred> = Vec::new();
    // what one sign means may settle another
    for _ in 0..3 {
        let undeclared = Reading::new(pages, &known, layout).undeclared(&known);
        if undeclared.is_empty() {
            break;
        }
        let before = known.meanings.len();
        for (sign, count) in undeclared {
            let one = test(pages, &known, layout, solver, sign, count);
            if let Some(meaning) = one.meaning {
                known.meanings.insert(one.sign.clone(), meaning);
            }
            found.retain(|f| f.sign != one.sign);
            found.push(one);
        }
        if known.meanings.len() == before {
            break;
        }
    }
    found
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
