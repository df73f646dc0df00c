//! Which entries of an axis add up to which: by words, indentation and numbering, and by arithmetic.
//!
//! What the labels say is taken first; arithmetic decides between readings and finds totals that no label names. Where
//! no reading adds up, the plainest one stays, so that the contradiction is told.

mod blocks;
mod breakdowns;
pub(crate) mod joins;
mod levels;
mod periods;
pub(crate) mod spans;
pub(crate) mod which;

use crate::model::Interval;

use super::assumed::and;
use super::hypotheses::words::{every_word, whole_word};
use super::lexicon::is_year;
use super::sides::{Axis, Layer, Maybe};
use super::variables::band;
use super::words::total_word;

/// Totals of more parts than this are not searched for subtotals that no label names.
const MOST_TRIED: usize = 60;

/// What is known of the figure in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// There is no such cell.
    Absent,
    /// It is printed.
    Exact(i64),
    /// It is withheld, rounded or a range.
    Within(Interval),
}

impl Known {
    fn interval(self) -> Interval {
        match self {
            Known::Absent => Interval::ALL,
            Known::Exact(v) => Interval::exactly(v),
            Known::Within(i) => i,
        }
    }
}

/// What lines say about a total and its parts.
#[derive(Clone, Copy, Debug, Default)]
struct Fit {
    /// Lines of printed figures that add up, with several that are not zero.
    exact: usize,
    /// Lines that cannot add up.
    wrong: usize,
}

impl Fit {
    fn good(self) -> bool {
        self.wrong == 0 && self.exact > 0
    }
}

/// Finds the tree of an axis. `lines` holds what is known of each entry, line by line. Says what it assumed.
pub(crate) fn infer(axis: &mut Axis, lines: &[Vec<Known>]) -> Vec<String> {
    let grouped = axis.entries.iter().any(|e| !e.children.is_empty());
    let mut tree = Tree { axis, lines, said: Vec::new(), grouped, calm: false };
    tree.by_words();
    tree.by_indentation();
    tree.by_numbering();
    tree.by_periods();
    tree.by_levels();
    tree.by_labels();
    tree.by_groups();
    if !tree.by_blocks() {
        match tree.grand() {
            Some(total) => tree.labelled(total),
            None => tree.unlabelled(),
        }
    }
    tree.skipping();
    tree.said
}

struct Tree<'a> {
    axis: &'a mut Axis,
    lines: &'a [Vec<Known>],
    said: Vec<String>,
    /// Groups that the labels themselves make.
    grouped: bool,
    /// A total by its words that may be that of all others as they stand: what words only suggest is left out.
    calm: bool,
}

impl Tree<'_> {
    fn known(&self, line: &[Known], entry: usize) -> Known {
        line.get(entry).copied().unwrap_or(Known::Absent)
    }

    fn label(&self, entry: usize) -> String {
        self.axis.entries.get(entry).map(|e| format!("\"{}\"", e.label)).unwrap_or_default()
    }

    fn children(&self, entry: usize) -> Vec<usize> {
        self.axis.entries.get(entry).map(|e| e.children.clone()).unwrap_or_default()
    }

    /// Sets what adds up to an entry. A part that words named before becomes a layer of its own.
    fn set_children(&mut self, entry: usize, children: Vec<usize>) {
        let Some(e) = self.axis.entries.get_mut(entry) else { return };
        let beside: Vec<usize> = if children.is_empty() { Vec::new() } else { std::mem::take(&mut e.includes) };
        e.children = children;
        let layer = |part| Layer { parent: entry, parts: vec![part], open: true, name: String::new() };
        self.axis.layers.extend(beside.into_iter().map(layer));
    }

    fn fit(&self, total: usize, parts: &[usize]) -> Fit {
        let mut fit = Fit::default();
        let parts = &self.shown(parts);
        for line in self.lines {
            let whole = self.known(line, total);
            let parts: Vec<Known> = parts.iter().map(|&p| self.known(line, p)).collect();
            if whole == Known::Absent || parts.contains(&Known::Absent) {
                continue;
            }
            let end = |f: fn(Interval) -> Option<i64>| {
                parts.iter().try_fold(0i64, |sum, p| Some(sum.saturating_add(f(p.interval())?)))
            };
            let sum = Interval { lo: end(|i| i.lo), hi: end(|i| i.hi) };
            let all_printed = parts.iter().all(|p| matches!(p, Known::Exact(_)));
            // where all parts but one are 0, that it adds up is no evidence
            let several = parts.iter().filter(|p| matches!(p, Known::Exact(v) if *v != 0)).count() > 1;
            match whole {
                _ if sum.meet(whole.interval()).is_empty() => fit.wrong += 1,
                Known::Exact(_) if all_printed && several => fit.exact += 1,
                _ => {}
            }
        }
        fit
    }

    /// Deeper rows are parts of the last one that is less deep, where that adds up.
    fn by_indentation(&mut self) {
        let depth: Vec<usize> = self.axis.entries.iter().map(|e| e.indent).collect();
        if self.grouped {
            return;
        }
        self.by_depth(&depth, "indentation");
    }

    /// `1`, `1.1`, `1.2`, `2`: numbers before labels as depths.
    fn by_numbering(&mut self) {
        if self.grouped || !self.said.is_empty() {
            return;
        }
        let number = |label: &str| {
            let head = label.split(' ').next().unwrap_or_default().trim_end_matches('.');
            let dotted =
                !head.is_empty() && head.split('.').all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()));
            (dotted && label.contains(' ')).then(|| head.split('.').count() - 1)
        };
        let entries = &self.axis.entries;
        let depth: Option<Vec<usize>> =
            entries.iter().map(|e| if e.is_total_word() { Some(0) } else { number(&e.label) }).collect();
        if let Some(depth) = depth {
            self.by_depth(&depth, "numbering");
        }
    }

    fn by_depth(&mut self, depth: &[usize], how: &str) {
        if depth.iter().min() == depth.iter().max() {
            return;
        }
        let mut found: Vec<(usize, Vec<usize>)> = Vec::new();
        // what words have settled
        let mut part = vec![true; depth.len()];
        self.axis.roots().into_iter().for_each(|i| part[i] = false);
        for (parent, &own) in depth.iter().enumerate() {
            let below = (parent + 1..depth.len()).take_while(|&i| depth[i] > own);
            let below: Vec<usize> = below.filter(|&i| !part[i]).collect();
            let least = below.iter().map(|&i| depth[i]).min();
            let children: Vec<usize> = below.into_iter().filter(|&i| Some(depth[i]) == least).collect();
            if !children.is_empty() {
                found.push((parent, children));
            }
        }
        let holds = found.iter().filter(|(p, c)| self.fit(*p, c).wrong == 0).count();
        if found.is_empty() || holds * 2 < found.len() {
            return;
        }
        for (parent, children) in found {
            // a parent above parts of which not all are told
            if self.fit(parent, &children).wrong > 0 && self.within(parent, &children) {
                if let Some(e) = self.axis.entries.get_mut(parent).filter(|e| e.includes.is_empty()) {
                    e.includes = children;
                }
                continue;
            }
            let parts: Vec<String> = children.iter().map(|&c| self.label(c)).collect();
            self.said.push(format!("{} is the sum of {} (by {how})", self.label(parent), parts.join(", ")));
            self.set_children(parent, children);
        }
    }

    /// Whether parts never exceed the whole.
    fn within(&self, whole: usize, parts: &[usize]) -> bool {
        self.lines.iter().all(|line| {
            let sum: Option<i64> =
                parts.iter().try_fold(0i64, |s, &p| Some(s.saturating_add(self.known(line, p).interval().lo?)));
            match (self.known(line, whole).interval().hi, sum) {
                (Some(hi), Some(sum)) => sum <= hi,
                _ => true,
            }
        })
    }

    /// The entry that its label calls the total of all.
    fn grand(&self) -> Option<usize> {
        let word = |i: usize| self.axis.entries.get(i).and_then(|e| total_word(&e.key));
        let roots = self.axis.roots();
        let named: Vec<usize> = roots.iter().copied().filter(|&i| word(i).is_some_and(|w| !w.sub)).collect();
        let grand = named.iter().copied().find(|&i| word(i).is_some_and(|w| w.grand));
        let bare = || {
            let short = |i: &usize| self.axis.entries.get(*i).is_some_and(|e| !e.key.contains(' '));
            let bare: Vec<usize> = named.iter().copied().filter(short).collect();
            if bare.len() == 1 { bare.first().copied() } else { None }
        };
        let end = || {
            let (first, last) = (roots.first().copied()?, roots.last().copied()?);
            if named.contains(&last) { Some(last) } else { named.contains(&first).then_some(first) }
        };
        // "M", "F" and "P" or "T"
        let letters = |l: &str| self.axis.entries.iter().position(|e| e.shown && e.key == l);
        if roots.len() == 3 && letters("m").is_some() && letters("f").is_some() {
            let short = ["p", "t", "a"].iter().find_map(|l| letters(l)).filter(|e| roots.contains(e));
            if short.is_some() {
                return short;
            }
        }
        // "Total number of complaints", "Total number of enquiries": titles
        let titled = |i: &usize| {
            self.axis.entries.get(*i).is_some_and(|e| e.key.starts_with("total n") && e.key.contains(" of "))
        };
        if named.len() > 1 && named.len() == roots.len() && named.iter().all(titled) {
            return None;
        }
        let single = || if named.len() == 1 { named.first().copied() } else { None };
        grand.or_else(single).or_else(bare).or_else(end).or_else(|| named.last().copied())
    }

    /// A total that its label names: what adds up to it.
    fn labelled(&mut self, total: usize) {
        self.axis.total = Some(total);
        if !self.children(total).is_empty() {
            return;
        }
        let roots: Vec<usize> = self.axis.roots().into_iter().filter(|&i| i != total).collect();
        let subs: Vec<usize> = roots
            .iter()
            .copied()
            .filter(|&i| self.axis.entries.get(i).is_some_and(|e| e.is_total_word() && e.children.is_empty()))
            .collect();
        for &sub in &subs {
            self.subtotal(sub, total);
        }
        let parts: Vec<usize> = self.axis.roots().into_iter().filter(|&i| i != total).collect();
        if parts.is_empty() {
            return;
        }
        if self.fit(total, &parts).wrong > 0
            && !self.only_skips(total, &parts)
            && (self.by_heads(total, &parts)
                || self.subtotalled(total, &parts)
                || self.beside_others(total, &parts)
                || self.breakdowns(total, true)
                || self.doubled(total, &parts)
                || self.incomplete(total, &parts))
        {
            return;
        }
        self.set_children(total, parts);
    }

    /// A total that is more than its parts in several lines and nowhere less: some part is not printed. In one line alone it
    /// is a slip. Where most lines are neither, and its label could be that of a category, it is no total at all.
    fn incomplete(&mut self, total: usize, parts: &[usize]) -> bool {
        let found = self.matched(total, &self.shown(parts));
        let names: Vec<String> = parts.iter().map(|&p| self.label(p)).collect();
        // "Total complaints" beside "Upheld" alone: one figure is the total of nothing
        if let [only] = parts
            && found.more == 0
            && found.less > 0
        {
            self.said.push(format!("{} is more than {} alone", self.label(total), and(&names)));
            self.axis.maybe.push(Maybe { whole: total, parts: vec![*only], open: true });
            self.axis.total = None;
            return true;
        }
        let plain = parts.iter().all(|&p| self.axis.entries.get(p).is_some_and(|e| e.shown));
        let qualified = self.axis.entries.get(total).is_some_and(|e| e.key.contains(' ') && !e.key.starts_with("all "));
        // "Total complaints | Upheld": one figure beside a total is no sum
        let lone = parts.len() == 1 && qualified;
        if found.less >= (if lone { 1 } else { 2 }) && found.more == 0 && plain {
            self.said.push(format!(
                "{} is more than {} together: there is a part that is not printed",
                self.label(total),
                and(&names)
            ));
            if let Some(e) = self.axis.entries.get_mut(total).filter(|e| e.includes.is_empty()) {
                e.includes = parts.to_vec();
            }
            return true;
        }
        let wrong = found.less + found.more;
        if qualified && (wrong >= 2 || lone && wrong > 0) && wrong > found.exact + found.near {
            self.said.push(format!(
                "{} is not the sum of the others: it is taken for a figure of its own",
                self.label(total)
            ));
            self.axis.total = None;
            return true;
        }
        false
    }

    /// A subtotal that its label names: the run before it, or the one behind it.
    fn subtotal(&mut self, sub: usize, total: usize) {
        let roots = self.axis.roots();
        let Some(at) = roots.iter().position(|&i| i == sub) else { return };
        let plain = |i: &usize| {
            *i != total && !self.axis.entries.get(*i).is_some_and(|e| e.is_total_word() || !e.children.is_empty())
        };
        let mut before: Vec<usize> = roots[..at].iter().rev().copied().take_while(plain).collect();
        before.reverse();
        let after: Vec<usize> = roots[at + 1..].iter().copied().take_while(plain).collect();
        let fits = |run: &Vec<usize>| !run.is_empty() && self.fit(sub, run).wrong == 0;
        let parts = match (fits(&before), fits(&after)) {
            (true, false) => before,
            (false, true) => after,
            (true, true) if self.fit(sub, &after).exact > self.fit(sub, &before).exact => after,
            (true, true) => before,
            (false, false) => return,
        };
        let names: Vec<String> = parts.iter().map(|&p| self.label(p)).collect();
        self.said.push(format!("{} is the sum of {}", self.label(sub), names.join(", ")));
        self.set_children(sub, parts);
    }

    /// Where the parts do not add up: subtotals that no label names.
    fn subtotalled(&mut self, total: usize, parts: &[usize]) -> bool {
        if parts.len() > MOST_TRIED {
            return false;
        }
        for &sub in parts {
            let rest: Vec<usize> = parts.iter().copied().filter(|&i| i != sub).collect();
            for run in runs(parts, sub) {
                let others: Vec<usize> = rest.iter().copied().filter(|i| !run.contains(i)).collect();
                let all: Vec<usize> = others.iter().copied().chain([sub]).collect();
                if self.fit(sub, &run).good() && self.fit(total, &all).wrong == 0 {
                    let names: Vec<String> = run.iter().map(|&p| self.label(p)).collect();
                    self.said.push(format!("{} is the sum of {} (by arithmetic)", self.label(sub), names.join(", ")));
                    self.set_children(sub, run);
                    self.set_children(total, all);
                    return true;
                }
            }
        }
        false
    }

    /// Where the parts do not add up: a part of a part.
    fn doubled(&mut self, total: usize, parts: &[usize]) -> bool {
        if parts.len() > MOST_TRIED {
            return false;
        }
        for (at, &part) in parts.iter().enumerate().skip(1) {
            let rest: Vec<usize> = parts.iter().copied().filter(|&i| i != part).collect();
            let Some(&whole) = parts.get(at - 1) else { continue };
            if self.fit(total, &rest).good() && self.within(whole, &[part]) {
                self.said.push(format!(
                    "{} is a part of {}: {} adds up without it",
                    self.label(part),
                    self.label(whole),
                    self.label(total)
                ));
                if let Some(e) = self.axis.entries.get_mut(whole) {
                    e.includes.push(part);
                }
                self.set_children(total, rest);
                return true;
            }
        }
        false
    }

    /// A total that no label names: the last or first line, where it is the sum of all others.
    fn unlabelled(&mut self) {
        let roots = self.axis.roots();
        let candidates = [roots.last().copied(), roots.first().copied(), self.half(&roots)];
        // a year or a band of numbers is one category among its like
        let category =
            |&i: &usize| self.axis.entries.get(i).is_some_and(|e| is_year(&e.label) || band(&e.key).is_some());
        let mut candidates: Vec<usize> = candidates.into_iter().flatten().filter(|i| !category(i)).collect();
        candidates.dedup();
        for &total in &candidates {
            let parts: Vec<usize> = roots.iter().copied().filter(|&i| i != total).collect();
            let fit = self.fit(total, &parts);
            let lines = self.lines.len();
            // "All wards": words that could as well be a category, so one line that adds up is asked for
            let all = self.axis.entries.get(total).is_some_and(|e| e.key.starts_with("all ") || whole_word(&e.key));
            let every = self.axis.entries.get(total).is_some_and(|e| every_word(&e.key));
            let near = every && self.matched(total, &self.shown(&parts)).near > 0;
            let enough = fit.exact >= 2 || near || (fit.exact == 1 && (all || (lines == 1 && parts.len() >= 3)));
            if parts.len() >= 2 && fit.wrong == 0 && enough {
                self.said.push(format!("{} is the total: it is the sum of all others", self.label(total)));
                self.axis.total = Some(total);
                self.set_children(total, parts);
                return;
            }
        }
        let shown = |i: &usize| self.axis.entries.get(*i).is_some_and(|e| e.shown);
        if candidates
            .into_iter()
            .filter(shown)
            .collect::<Vec<_>>()
            .into_iter()
            .any(|total| self.breakdowns(total, false))
        {
            return;
        }
        self.by_runs();
        self.maybe_heads();
    }

    /// Totals that leave out what is withheld are no totals of all cases.
    fn skipping(&mut self) {
        for total in 0..self.axis.entries.len() {
            let parts = self.children(total);
            if !parts.is_empty() && self.fit(total, &parts).wrong > 0 && self.only_skips(total, &parts) {
                if let Some(e) = self.axis.entries.get_mut(total) {
                    e.skips = true;
                }
                self.said.push(format!(
                    "{} adds up only what is printed and leaves out what is withheld: it is not taken for the number of all cases",
                    self.label(total)
                ));
            }
        }
    }

    /// Whether each line that does not add up does so without what is withheld, and so does each other line of which
    /// a part is withheld.
    fn only_skips(&self, total: usize, parts: &[usize]) -> bool {
        self.lines.iter().all(|line| {
            let known: Vec<Known> = parts.iter().map(|&p| self.known(line, p)).collect();
            let hidden = known.iter().any(|k| matches!(k, Known::Within(_)));
            let printed: i64 = known
                .iter()
                .filter_map(|k| if let Known::Exact(v) = k { Some(*v) } else { None })
                .fold(0, i64::saturating_add);
            match self.known(line, total) {
                Known::Exact(v) => v == printed,
                Known::Within(_) => hidden,
                Known::Absent => true,
            }
        })
    }
}

/// Runs of neighbours directly before and directly behind an entry, the longest first; each has at least two.
fn runs(parts: &[usize], of: usize) -> Vec<Vec<usize>> {
    let Some(at) = parts.iter().position(|&p| p == of) else { return Vec::new() };
    let (before, after) = (parts.get(..at).unwrap_or_default(), parts.get(at + 1..).unwrap_or_default());
    let mut all = Vec::new();
    for length in (2..parts.len()).rev() {
        all.extend(before.len().checked_sub(length).and_then(|start| before.get(start..)).map(<[usize]>::to_vec));
        all.extend(after.get(..length).map(<[usize]>::to_vec));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::sides::Entry;

    fn axis(labels: &[&str]) -> Axis {
        let entry = |label: &&str| {
            let bare = label.trim_start();
            Entry {
                label: bare.to_owned(),
                key: crate::check::lexicon::key(bare),
                shown: true,
                indent: label.len() - bare.len(),
                ..Entry::default()
            }
        };
        Axis { entries: labels.iter().map(entry).collect(), ..Axis::default() }
    }

    /// The tree of labels with figures, a column a line; `None` is withheld and not zero.
    fn tree(labels: &[&str], columns: &[&[Option<i64>]]) -> Axis {
        let mut axis = axis(labels);
        let known = |v: &Option<i64>| v.map_or(Known::Within(Interval::at_least(1)), Known::Exact);
        let lines: Vec<Vec<Known>> = columns.iter().map(|c| c.iter().map(known).collect()).collect();
        infer(&mut axis, &lines);
        axis
    }

    fn whole(values: &[i64]) -> Vec<Option<i64>> {
        values.iter().map(|v| Some(*v)).collect()
    }

    /// Totals by label, first or last; subtotals by label take the run that adds up.
    #[test]
    fn by_label() {
        let found = tree(&["a", "b", "Total"], &[&whole(&[1, 2, 3])]);
        assert_eq!((found.total, &found.entries[2].children[..]), (Some(2), &[0, 1][..]));
        let found = tree(&["All ages", "a", "b"], &[&whole(&[3, 1, 2])]);
        assert_eq!((found.total, &found.entries[0].children[..]), (Some(0), &[1, 2][..]));
        let labels = ["a", "b", "North total", "c", "d", "South total", "Grand total"];
        let found = tree(&labels, &[&whole(&[1, 2, 3, 4, 5, 9, 12])]);
        assert_eq!(found.entries[2].children, [0, 1]);
        assert_eq!(found.entries[5].children, [3, 4]);
        assert_eq!(found.entries[6].children, [2, 5]);
        let before =
            tree(&["North total", "a", "b", "South total", "c", "d", "Total"], &[&whole(&[3, 1, 2, 9, 4, 5, 12])]);
        assert_eq!((&before.entries[0].children[..], &before.entries[6].children[..]), (&[1, 2][..], &[0, 3][..]));
    }

    /// Indentation and numbering, where they add up.
    #[test]
    fn by_depth() {
        let found = tree(&["North", "  a", "  b", "South", "  c", "  d", "Total"], &[&whole(&[3, 1, 2, 9, 4, 5, 12])]);
        assert_eq!((&found.entries[0].children[..], &found.entries[6].children[..]), (&[1, 2][..], &[0, 3][..]));
        let found = tree(&["1 Theft", "1.1 Shop", "1.2 Bike", "2 Fraud", "Total"], &[&whole(&[5, 2, 3, 4, 9])]);
        assert_eq!((&found.entries[0].children[..], &found.entries[4].children[..]), (&[1, 2][..], &[0, 3][..]));
    }

    /// Totals and subtotals that no label names, and a part that its total leaves out, by arithmetic alone.
    #[test]
    fn by_arithmetic() {
        let found = tree(&["a", "b", "c"], &[&whole(&[1, 2, 3]), &whole(&[4, 4, 8])]);
        assert_eq!(found.total, Some(2));
        let found = tree(&["a", "b", "ab", "c", "Total"], &[&whole(&[1, 2, 3, 4, 7]), &whole(&[2, 2, 4, 1, 5])]);
        assert_eq!((&found.entries[2].children[..], &found.entries[4].children[..]), (&[0, 1][..], &[3, 2][..]));
        let found = tree(&["2023", "2024", "January to July 2024", "Total"], &[&whole(&[5, 9, 4, 14])]);
        assert_eq!((&found.entries[1].includes[..], &found.entries[3].children[..]), (&[2][..], &[0, 1][..]));
        let found = tree(&["a", "b", "All wards"], &[&whole(&[1, 2, 3]), &[Some(4), None, Some(9)]]);
        assert_eq!(found.total, Some(2), "words and one line");
        let none = tree(&["a", "b", "c"], &[&whole(&[1, 2, 3])]);
        assert_eq!(none.total, None, "one line of three figures is no evidence");
    }

    /// A total that leaves out what is withheld; one that is only wrong stays a total.
    #[test]
    fn skipped() {
        let found =
            tree(&["a", "b", "c", "Total"], &[&[Some(4), None, Some(9), Some(13)], &[None, Some(7), Some(1), Some(8)]]);
        assert!(found.entries[3].skips);
        let wrong = tree(&["a", "b", "Total"], &[&whole(&[1, 2, 4])]);
        assert!(!wrong.entries[2].skips);
        assert_eq!(wrong.entries[2].children, [0, 1]);
        let hidden = tree(&["a", "b", "Total"], &[&[Some(4), None, Some(6)]]);
        assert!(!hidden.entries[2].skips);
    }
}
