//! Codes of totals that nobody named, found by arithmetic: every count of such a code is the sum of those of the others.
//!
//! Counted as a category, its rows would be counted twice, and what is withheld beside it would follow from it.

use std::collections::HashMap;

use crate::read::Error;
use crate::spec::{Classes, Spec, TotalRows};
use crate::tabulate::classify::{Classifier, Kind};
use crate::tabulate::group::Grouped;

use super::variable;

/// Asks about every code whose counts are the sums of those of the other codes, over all combinations of the other variables.
///
/// # Errors
/// The codes, and how to answer.
pub(super) fn ask(spec: &Spec, classifiers: &[Classifier], grouped: &Grouped) -> Result<(), Error> {
    let typed = spec.input.total_rows != TotalRows::Records;
    let (mut told, mut answers) = (Vec::new(), Vec::new());
    for (at, classifier) in classifiers.iter().enumerate() {
        let Ok(variable) = variable(classifier) else { continue };
        let given = spec.input.totals_given.contains(&variable.name) || !classifier.levels.is_empty();
        // categories that a specification lists are categories
        if given || !(typed || matches!(variable.classes, Classes::Found)) {
            continue;
        }
        for code in sums_of_others(at, grouped, &variable.total_code) {
            let (name, total) = (&variable.name, &variable.total_code);
            told.push(format!(
                "each figure of \"{code}\" of `{name}` is the sum of those of the other codes: is it the code of a total?"
            ));
            answers.push(match typed {
                true => format!("--total {name}={code} if it is, --total {name}={total} if it is a category"),
                false => format!(
                    "leave out its rows if it is (`where` of [input]), list the categories of `{name}` in the specification \
                     if it is one of them"
                ),
            });
        }
    }
    match told.is_empty() {
        true => Ok(()),
        false => Err(Error::usage(told.join("\n  ")).with_help(format!("say which it is: {}", answers.join("; ")))),
    }
}

/// The codes of a variable that may be those of its total. `total` is the code that is known, whose rows are no parts.
fn sums_of_others(at: usize, grouped: &Grouped, total: &str) -> Vec<String> {
    let Some(keys) = grouped.keys.get(at) else { return Vec::new() };
    let is_known: Vec<bool> = (0..keys.values.len()).map(|v| keys.code(v).as_deref() == Some(total)).collect();
    let rows: Vec<usize> = (0..grouped.each.len()).filter(|&row| !is_known[keys.of[row] as usize]).collect();
    let Some(width) = rows.first().map(|&row| grouped.amounts(row).len()) else { return Vec::new() };
    let mut of_code = vec![vec![0_i128; width]; keys.values.len()];
    let mut all = vec![0_i128; width];
    for &row in &rows {
        let amounts = grouped.amounts(row);
        let sums = of_code[keys.of[row] as usize].iter_mut().zip(&mut all);
        sums.zip(amounts).for_each(|((own, all), amount)| {
            *own += i128::from(amount);
            *all += i128::from(amount);
        });
    }
    // half of everything in all; few codes are, and only these are looked at in each combination
    let half =
        |v: &usize| all.iter().any(|&a| a != 0) && of_code[*v].iter().zip(&all).all(|(own, all)| 2 * own == *all);
    let codes = is_known.iter().filter(|known| !**known).count();
    (0..keys.values.len())
        .filter(|v| !is_known[*v])
        .filter(half)
        .filter(|&v| balances(at, v as u32, grouped, &rows, codes))
        .filter_map(|v| keys.code(v))
        .collect()
}

/// Whether a code has as much as all others together in each combination of the other variables. Of two codes a single
/// combination that agrees is no sign of anything.
fn balances(at: usize, code: u32, grouped: &Grouped, rows: &[usize], codes: usize) -> bool {
    let mut balance: HashMap<Vec<u32>, (Vec<i128>, bool)> = HashMap::new();
    for &row in rows {
        let others = grouped.keys.iter().enumerate().filter(|(i, _)| *i != at);
        let key: Vec<u32> = others.map(|(_, keys)| keys.of[row]).collect();
        let sign = if grouped.keys[at].of[row] == code { 1 } else { -1 };
        let amounts = grouped.amounts(row);
        let (sums, any) = balance.entry(key).or_insert_with(|| (vec![0; amounts.len()], false));
        sums.iter_mut().zip(amounts).for_each(|(sum, amount)| {
            *sum += sign * i128::from(amount);
            *any |= amount != 0;
        });
    }
    let combinations = balance.values().filter(|(_, any)| *any).count();
    balance.values().all(|(sums, _)| sums.iter().all(|sum| *sum == 0)) && (codes > 2 || combinations > 1)
}

/// Whether a classifier is a variable whose categories are those found.
pub(super) fn is_found(classifier: &Classifier) -> bool {
    matches!(classifier.kind, Kind::Variable(_, variable) if matches!(variable.classes, Classes::Found))
        && classifier.levels.is_empty()
}
