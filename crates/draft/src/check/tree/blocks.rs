//! Totals of blocks that stand beside or below each other, each with its own; and totals in any place that no word names, by
//! arithmetic.

use super::{Known, Tree};

/// Lists of more entries are not searched for subtotals that no label names.
const MOST_ENTRIES: usize = 60;
/// So many lines are searched; all of them must agree with what is found.
const LINES: usize = 8;
/// How much less likely than one in a hundred a coincidence must be.
const SURPRISE: f64 = 100.0;

impl Tree<'_> {
    /// "Dogs 2019, Dogs 2020, Dogs total, Cats 2019, Cats 2020, Cats total": each total has its own block, and none is
    /// that of all.
    pub(super) fn by_blocks(&mut self) -> bool {
        let roots = self.axis.roots();
        let word = |i: &usize| self.axis.entries.get(*i).and_then(|e| super::total_word(&e.key));
        let named: Vec<usize> = roots.iter().copied().filter(|i| word(i).is_some()).collect();
        let bare = |i: &usize| self.axis.entries.get(*i).is_some_and(|e| !e.key.contains(' '));
        if named.len() < 2 || named.iter().any(|i| word(i).is_some_and(|w| w.grand) || bare(i)) {
            return false;
        }
        for before in [true, false] {
            let runs = self.blocks(&roots, &named, before);
            let fits: Vec<super::Fit> = runs.iter().map(|(t, run)| self.fit(*t, run)).collect();
            let good = fits.iter().all(|f| f.wrong == 0) && fits.iter().any(|f| f.exact > 0);
            if runs.len() == named.len() && good && runs.iter().all(|r| !r.1.is_empty()) {
                for (total, run) in runs {
                    let names: Vec<String> = run.iter().map(|&p| self.label(p)).collect();
                    self.said.push(format!("{} is the sum of {}", self.label(total), super::and(&names)));
                    self.set_children(total, run);
                }
                return true;
            }
        }
        false
    }

    /// Per total, the entries between it and the total before (or behind) it.
    fn blocks(&self, roots: &[usize], named: &[usize], before: bool) -> Vec<(usize, Vec<usize>)> {
        let mut found = Vec::new();
        let mut run: Vec<usize> = Vec::new();
        let order: Vec<usize> = if before { roots.to_vec() } else { roots.iter().rev().copied().collect() };
        for at in order {
            if named.contains(&at) {
                let mut own = std::mem::take(&mut run);
                if !before {
                    own.reverse();
                }
                found.push((at, own));
            } else {
                run.push(at);
            }
        }
        // what belongs to no total
        if run.is_empty() { found } else { Vec::new() }
    }

    /// A total of all others in any place, which no label names: it is half of what all lines add up to.
    pub(super) fn half(&self, roots: &[usize]) -> Option<usize> {
        let full = |line: &&Vec<Known>| roots.iter().all(|&r| matches!(self.known(line, r), Known::Exact(_)));
        let line = self.lines.iter().find(full)?;
        let value = |r: usize| if let Known::Exact(v) = self.known(line, r) { v } else { 0 };
        let sum = roots.iter().fold(0i64, |s, &r| s.saturating_add(value(r)));
        roots.iter().copied().find(|&r| value(r) > 0 && value(r).saturating_mul(2) == sum)
    }

    /// Subtotals of neighbours that no label names, by arithmetic in lines enough that it is no coincidence.
    pub(super) fn by_runs(&mut self) {
        let roots = self.axis.roots();
        let n = roots.len();
        if !(3..=MOST_ENTRIES).contains(&n) {
            return;
        }
        let prefixes: Vec<Prefix> = self.lines.iter().take(LINES).map(|l| Prefix::new(self, l, &roots)).collect();
        let tried = (n * n) as f64;
        let mut taken = vec![false; n];
        for at in 0..n {
            let runs = (2..n)
                .flat_map(|k| [at.checked_sub(k).map(|s| (s, at)), (at + 1 + k <= n).then(|| (at + 1, at + 1 + k))]);
            for (start, end) in runs.flatten() {
                let free = |i: usize| taken.get(i).is_some_and(|t| !t);
                if !(start..end).all(free) || !prefixes.iter().any(|p| p.exact(at, start, end).is_some()) {
                    continue;
                }
                let evidence: Vec<f64> = prefixes.iter().filter_map(|p| p.exact(at, start, end)).collect();
                let surprise: f64 = evidence.iter().product();
                let (Some(&total), Some(run)) = (roots.get(at), roots.get(start..end).map(<[usize]>::to_vec)) else {
                    continue;
                };
                if evidence.len() < 2 || surprise < SURPRISE * tried || self.fit(total, &run).wrong > 0 {
                    continue;
                }
                let names: Vec<String> = run.iter().map(|&p| self.label(p)).collect();
                self.said.push(format!("{} is the sum of {} (by arithmetic)", self.label(total), super::and(&names)));
                (start..end).for_each(|i| taken[i] = true);
                self.set_children(total, run);
                break;
            }
        }
    }
}

/// The sums of the first entries of a line.
struct Prefix {
    sums: Vec<i128>,
    /// How many of the first are not printed, and how many are not zero.
    open: Vec<usize>,
    nonzero: Vec<usize>,
    values: Vec<Option<i64>>,
}

impl Prefix {
    fn new(tree: &Tree, line: &[Known], roots: &[usize]) -> Prefix {
        let value = |r: &usize| if let Known::Exact(v) = tree.known(line, *r) { Some(v) } else { None };
        let values: Vec<Option<i64>> = roots.iter().map(value).collect();
        let (mut sums, mut open, mut nonzero) = (vec![0i128], vec![0usize], vec![0usize]);
        for v in &values {
            let last = |l: &Vec<usize>| l.last().copied().unwrap_or(0);
            sums.push(sums.last().copied().unwrap_or(0) + i128::from(v.unwrap_or(0)));
            open.push(last(&open) + usize::from(v.is_none()));
            nonzero.push(last(&nonzero) + usize::from(v.is_some_and(|v| v != 0)));
        }
        Prefix { sums, open, nonzero, values }
    }

    /// How surprising it is that a run adds up to an entry; nothing where it does not, or not all is printed.
    fn exact(&self, at: usize, start: usize, end: usize) -> Option<f64> {
        let total = self.values.get(at).copied().flatten()?;
        let between = |l: &Vec<usize>| Some(l.get(end)? - l.get(start)?);
        let sum = self.sums.get(end)? - self.sums.get(start)?;
        let whole = between(&self.open)? == 0 && between(&self.nonzero)? > 1 && sum == i128::from(total);
        whole.then_some(total as f64 + 1.0)
    }
}
