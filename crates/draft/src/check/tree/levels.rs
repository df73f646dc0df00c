//! Subtotals by what else than indentation and words says how deep labels stand, and totals beside other measures.

use super::super::assumed::and;
use super::Tree;

impl Tree<'_> {
    /// Rows are the sum of the deeper ones below them, by a column of levels, capitals or bold type: where the figures bear it out for
    /// all of them, and at least one adds up exactly.
    pub(super) fn by_levels(&mut self) {
        let depth: Vec<usize> = self.axis.entries.iter().map(|e| e.level).collect();
        if self.grouped || self.axis.roots().len() != depth.len() || depth.iter().min() == depth.iter().max() {
            return;
        }
        let mut found: Vec<(usize, Vec<usize>)> = Vec::new();
        for (parent, &own) in depth.iter().enumerate() {
            let below: Vec<usize> =
                (parent + 1..depth.len()).take_while(|&i| depth.get(i).is_some_and(|d| *d > own)).collect();
            let least = below.iter().filter_map(|&i| depth.get(i)).min().copied();
            let children: Vec<usize> = below.into_iter().filter(|&i| depth.get(i).copied() == least).collect();
            if !children.is_empty() {
                found.push((parent, children));
            }
        }
        let fits: Vec<super::Fit> = found.iter().map(|(p, c)| self.fit(*p, c)).collect();
        if fits.iter().any(|f| f.wrong > 0) || !fits.iter().any(|f| f.exact > 0) {
            return;
        }
        for (parent, children) in found {
            let parts: Vec<String> = children.iter().map(|&c| self.label(c)).collect();
            self.said.push(format!("{} is the sum of {} (by its level)", self.label(parent), and(&parts)));
            self.set_children(parent, children);
        }
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
