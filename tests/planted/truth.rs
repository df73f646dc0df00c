//! What a reader can work out, by trying every set of whole numbers that fits. Shares no code with the library.

use std::collections::BTreeSet;

/// Counts from 1 to this are small.
pub const MOST: i64 = 4;
/// The largest value that is tried for a figure that no equation bounds.
const FAR: i64 = 90;

/// What a draft gives: withheld figures, and what its printed figures say of them.
#[derive(Default)]
pub struct Truth {
    /// How many figures are withheld; each is 1 or more, since zeros are printed.
    pub unknown: usize,
    /// Sums of coefficients times withheld figures that equal a number.
    pub equations: Vec<(Vec<(usize, i64)>, i64)>,
    /// Counts that it prints, or that follow from two printed ones, as a reader takes them.
    pub told: Vec<i64>,
}

impl Truth {
    /// Nothing is withheld; these counts are told.
    pub fn told(counts: impl IntoIterator<Item = i64>) -> Truth {
        Truth { told: counts.into_iter().collect(), ..Truth::default() }
    }

    /// Whether a small count is told or follows; `None` where that depends on what no withholding can hide.
    pub fn leaks(&self) -> Option<bool> {
        if self.told.iter().any(|n| (1..=MOST).contains(n)) {
            return Some(true);
        }
        let mut found = vec![BTreeSet::new(); self.unknown];
        self.search(&mut Vec::new(), &mut found);
        let judged: Vec<Option<bool>> = found.iter().map(judge).collect();
        match (judged.contains(&Some(true)), judged.contains(&None)) {
            (true, _) => Some(true),
            (false, true) => None,
            (false, false) => Some(false),
        }
    }

    fn search(&self, values: &mut Vec<i64>, found: &mut [BTreeSet<i64>]) {
        let open = |terms: &[(usize, i64)]| terms.iter().filter(|t| t.0 >= values.len()).count();
        let sum =
            |terms: &[(usize, i64)]| -> i64 { terms.iter().filter_map(|&(i, c)| values.get(i).map(|v| v * c)).sum() };
        if self.equations.iter().any(|(t, right)| open(t) == 0 && sum(t) != *right) {
            return;
        }
        if values.len() == self.unknown {
            values.iter().zip(found).for_each(|(&v, all)| {
                all.insert(v);
            });
            return;
        }
        // the last unknown of an equation follows from it
        let own = values.len();
        let forced = self.equations.iter().find_map(|(terms, right)| {
            let factor = terms.iter().find(|t| t.0 == own)?.1;
            (open(terms) == 1).then(|| (right - sum(terms), factor))
        });
        let tried = match forced {
            Some((left, factor)) if left % factor == 0 => left / factor..=left / factor,
            Some(_) => return,
            None => 1..=FAR,
        };
        for value in tried.filter(|v| *v >= 1) {
            values.push(value);
            self.search(values, found);
            values.pop();
        }
    }
}

fn judge(values: &BTreeSet<i64>) -> Option<bool> {
    let (lo, hi) = (*values.first()?, *values.last()?);
    match () {
        () if lo > MOST => Some(false),
        () if lo == hi || hi < MOST => Some(true),
        () if (1..=MOST).all(|v| values.contains(&v)) && hi > MOST => Some(false),
        () => None,
    }
}
