//! Subtotals by what else than indentation and words says how deep labels stand, and totals beside other measures.

use super::super::assumed::and;
use super::Tree;

/// Longer lists are not searched for heads of runs.
const MOST_HEADED: usize = 60;

/// Per entry that is less deep than those behind it (or before it), the least deep of them.
fn below(depth: &[usize], above: bool) -> Vec<(usize, Vec<usize>)> {
    let n = depth.len();
    let mut found: Vec<(usize, Vec<usize>)> = Vec::new();
    for (parent, &own) in depth.iter().enumerate() {
        let deeper = |i: &usize| depth.get(*i).is_some_and(|d| *d > own);
        let mut run: Vec<usize> = if above {
            (parent + 1..n).take_while(deeper).collect()
        } else {
            (0..parent).rev().take_while(deeper).collect()
        };
        run.sort_unstable();
        let least = run.iter().filter_map(|&i| depth.get(i)).min().copied();
        let children: Vec<usize> = run.into_iter().filter(|&i| depth.get(i).copied() == least).collect();
        if !children.is_empty() {
            found.push((parent, children));
        }
    }
    found
}

impl Tree<'_> {
    /// Rows are the sum of the deeper ones below them, by a column of levels, capitals or bold type: where the figures bear it out for
    /// all of them, and at least one adds up exactly.
    pub(super) fn by_levels(&mut self) {
        let flat = |depth: &[usize]| depth.iter().min() == depth.iter().max();
        let mut depth: Vec<usize> = self.axis.entries.iter().map(|e| e.level).collect();
        if flat(&depth) {
            depth = self.axis.entries.iter().map(|e| e.indent).collect();
        }
        if self.grouped || self.axis.roots().len() != depth.len() || flat(&depth) {
            return;
        }
        // the row of a group stands above its parts, or below them
        for above in [true, false] {
            let found = below(&depth, above);
            let fits: Vec<super::Fit> = found.iter().map(|(p, c)| self.fit(*p, c)).collect();
            if fits.iter().all(|f| f.wrong == 0) && fits.iter().any(|f| f.exact > 0) {
                return self.by_their_level(found);
            }
        }
    }

    fn by_their_level(&mut self, found: Vec<(usize, Vec<usize>)>) {
        for (parent, children) in found {
            let parts: Vec<String> = children.iter().map(|&c| self.label(c)).collect();
            self.said.push(format!("{} is the sum of {} (by its level)", self.label(parent), and(&parts)));
            self.set_children(parent, children);
        }
    }

    /// Heads of runs that have no mark at all: each is the sum of the run behind it (or before it), and the total that of the heads.
    pub(super) fn by_heads(&mut self, total: usize, parts: &[usize]) -> bool {
        let n = parts.len();
        if !(4..=MOST_HEADED).contains(&n) {
            return false;
        }
        for behind in [true, false] {
            let order: Vec<usize> = if behind { parts.to_vec() } else { parts.iter().rev().copied().collect() };
            let Some(groups) = self.headed_runs(&order) else { continue };
            let heads: Vec<usize> = groups.iter().map(|g| g.0).collect();
            let exact: usize = groups.iter().map(|(h, run)| self.fit(*h, run).exact).sum();
            let all = self.fit(total, &heads);
            if heads.len() < 2 || all.wrong > 0 || exact + all.exact < 2 {
                continue;
            }
            for (head, mut run) in groups {
                run.sort_unstable();
                let names: Vec<String> = run.iter().map(|&p| self.label(p)).collect();
                self.said.push(format!("{} is the sum of {} (by arithmetic)", self.label(head), and(&names)));
                self.set_children(head, run);
            }
            let mut heads = heads;
            heads.sort_unstable();
            self.set_children(total, heads);
            return true;
        }
        false
    }

    /// The division of a list into heads with their runs that has most sums without anything withheld.
    pub(super) fn headed_runs(&self, order: &[usize]) -> Option<Vec<(usize, Vec<usize>)>> {
        let n = order.len();
        let mut best: Vec<Option<(usize, usize)>> = vec![None; n + 1];
        if let Some(slot) = best.last_mut() {
            *slot = Some((0, n));
        }
        for start in (0..n.saturating_sub(2)).rev() {
            for end in start + 3..=n {
                let Some((rest, _)) = best.get(end).copied().flatten() else { continue };
                let (Some(&head), Some(run)) = (order.get(start), order.get(start + 1..end)) else { continue };
                let fit = self.fit(head, run);
                let all = rest + fit.exact;
                if fit.wrong == 0
                    && let Some(slot) = best.get_mut(start).filter(|b| b.is_none_or(|(s, _)| all > s))
                {
                    *slot = Some((all, end));
                }
            }
        }
        let mut groups = Vec::new();
        let mut at = 0;
        while at < n {
            let (_, end) = best.get(at).copied().flatten()?;
            groups.push((*order.get(at)?, order.get(at + 1..end)?.to_vec()));
            at = end;
        }
        Some(groups)
    }

    /// Groups whose own figures are more than their parts together in several lines, and nowhere less: some part is not printed.
    pub(super) fn by_groups(&mut self) {
        if !self.grouped {
            return;
        }
        for entry in 0..self.axis.entries.len() {
            let parts = self.children(entry);
            let shown = self.axis.entries.get(entry).is_some_and(|e| e.shown && e.includes.is_empty());
            if !shown || parts.is_empty() {
                continue;
            }
            let found = self.matched(entry, &self.shown(&parts));
            if found.less >= 2 && found.more == 0 && found.exact + found.near == 0 {
                let names: Vec<String> = parts.iter().map(|&p| self.label(p)).collect();
                self.said.push(format!(
                    "{} is more than {} together: there is a part that is not printed",
                    self.label(entry),
                    and(&names)
                ));
                if let Some(e) = self.axis.entries.get_mut(entry) {
                    e.children.clear();
                    e.includes = parts;
                }
            }
        }
    }

    /// A total of the run right before or behind it, beside other measures: it adds up exactly in two lines at least and nowhere
    /// else than that. The others are no parts, and nothing is the total of all.
    pub(super) fn beside_others(&mut self, total: usize, parts: &[usize]) -> bool {
        let at = parts.iter().filter(|p| **p < total).count();
        let (before, after) = (parts.get(..at).unwrap_or_default(), parts.get(at..).unwrap_or_default());
        let mut runs: Vec<Vec<usize>> = Vec::new();
        for length in (2..parts.len()).rev() {
            runs.extend(before.len().checked_sub(length).and_then(|s| before.get(s..)).map(<[usize]>::to_vec));
            runs.extend(after.get(..length).map(<[usize]>::to_vec));
        }
        let fits = |run: &Vec<usize>| {
            let fit = self.fit(total, run);
            fit.wrong == 0 && fit.exact >= 2
        };
        let Some(run) = runs.into_iter().find(fits) else { return false };
        let names: Vec<String> = run.iter().map(|&p| self.label(p)).collect();
        self.said.push(format!("{} is the sum of {}: the others are no parts of it", self.label(total), and(&names)));
        self.set_children(total, run);
        self.axis.total = None;
        true
    }
}
